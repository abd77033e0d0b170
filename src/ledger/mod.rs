//! ledger: to be filled.
