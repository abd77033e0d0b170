//! The integration tests: one binary, one file per behaviour.
#![cfg(feature = "server")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod acts;
mod api;
mod app;
mod attended;
mod audit;
mod bench;
mod cli;
mod clock;
mod codes;
mod consignment;
mod corpus;
mod crash;
mod description;
mod disk;
mod doors;
mod dossier;
mod drawn;
#[cfg(target_os = "linux")]
mod driven;
mod durable;
mod edition1;
mod edition2;
mod edition3;
mod evidence;
mod first_hour;
mod goods;
mod groups;
mod health;
mod hostile;
mod kept;
mod keys;
mod keys_cli;
mod label_keys;
mod ledger;
mod life;
mod made;
#[cfg(target_os = "linux")]
mod memory;
mod monitor;
mod openings;
mod operated;
mod pack;
mod pages;
mod phones;
#[cfg(target_os = "linux")]
mod powerloss;
mod powers;
mod program;
mod proxy;
mod refusals;
mod releases;
mod requests;
mod reservations;
mod roles;
mod rules;
mod schemas;
mod scopes;
mod settings;
mod sheets;
mod shops;
mod sidecar;
mod small;
mod snapshot;
mod stage;
mod start;
mod store;
mod support;
mod vectors;
mod verdicts;
mod witness;
mod words;
mod world;

/// The figures, under the name by which their own plain model asks for them.
mod trace {
    pub use tasdiq::trace::*;
}
