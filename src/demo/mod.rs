//! The demonstration ledger: fictional parties, real products, every status once.
