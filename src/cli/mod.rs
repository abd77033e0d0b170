//! The command line: one file per verb, options shared by all in `options`. Verdicts go to stdout,
//! diagnostics to stderr. Not here: anything a verb does that the library could.

mod audit;
mod backup;
mod balance;
mod bench;
mod catalogue;
mod common;
mod consignment;
mod demo;
mod documents;
mod dossier;
mod events;
mod export;
mod import;
mod init;
mod issue;
mod keygen;
mod label;
mod monitor;
mod pack;
mod pay;
mod prices;
mod register;
mod restore;
mod rulebook;
mod serve;
mod sign;
mod status;
mod submit;
mod trace;
mod trust;
mod verbs;
mod verify;
mod webhook;
mod witness;

pub use common::ask::Consent;
pub use common::options::{Global, Outcome};
pub use issue::{RowParties, What, read_rows};
pub use verbs::main;
