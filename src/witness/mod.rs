//! WHO ELSE SAW IT: the client that asks witnesses to cosign this log's checkpoints, and a witness
//! for other logs (C2SP tlog-witness). Not here: the rules of an answer (`log::AddCheckpoint`),
//! what a quorum means to a verdict (`verify`).

mod client;
mod error;
mod folder;
mod keeper;
mod server;
mod time;

pub use client::{Asked, WitnessClient};
pub use error::WitnessError;
pub use folder::{Evidence, WitnessFolder};
pub use keeper::{Keeper, outside_view};
pub use server::witness_router;
pub use time::TimeKeeper;
