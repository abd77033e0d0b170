//! The integration tests: one binary, one file per behaviour.
#![expect(clippy::unwrap_used, reason = "tests")]

mod store;
