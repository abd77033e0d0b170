//! WHAT is claimed: the statements a party signs, their identifiers and their one byte form.
//! Not here: who may say it ([`crate::seal`]) and whether it is accepted ([`crate::register`]).

mod time;

pub use time::{Day, TimeError, Timestamp};
