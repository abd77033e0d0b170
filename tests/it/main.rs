//! The integration tests: one binary, one file per behaviour.
#![cfg(feature = "server")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cli;
#[cfg(target_os = "linux")]
mod powerloss;
mod rules;
mod store;
mod verdicts;
mod world;
