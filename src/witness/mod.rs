//! BEING A WITNESS for other logs: remembers what it has seen of each and signs only what extends
//! that (C2SP tlog-witness). Not here: the rules of an answer (`log::AddCheckpoint`), asking others
//! ([`crate::cosign`]).

mod error;
mod folder;
mod server;

pub use error::WitnessError;
pub use folder::WitnessFolder;

pub use server::witness_router;
