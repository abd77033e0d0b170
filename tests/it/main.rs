//! The integration tests: one binary, one file per behaviour.
#![cfg(feature = "server")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod api;
mod attended;
mod audit;
mod cli;
mod crash;
mod dossier;
mod edition1;
mod health;
mod keys;
mod keys_cli;
mod ledger;
mod life;
mod monitor;
mod pack;
mod pages;
#[cfg(target_os = "linux")]
mod powerloss;
mod refusals;
mod rules;
mod schemas;
mod scopes;
mod sidecar;
mod small;
mod stage;
mod store;
mod support;
mod vectors;
mod verdicts;
mod witness;
mod world;
