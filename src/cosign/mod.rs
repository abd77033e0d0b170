//! ASKING WITNESSES: the client that shows them this log's checkpoints, and the thread that does so
//! as the log grows (C2SP tlog-witness). Not here: being one ([`crate::witness`]), what a quorum
//! means to a verdict ([`crate::verify`]).

mod client;
mod cosigner;
mod time;
pub use client::{Asked, WitnessClient};
pub use cosigner::{Cosigner, outside_view};
pub use time::TimeKeeper;
