//! log: to be filled.
