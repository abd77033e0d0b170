//! The integration tests: one binary, one file per behaviour.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod powerloss;
mod store;
