//! What the fuzz targets run. Not part of the program; see README.md beside it.
#![expect(clippy::expect_used, clippy::panic, reason = "a broken property ends the run")]

pub mod door;
pub mod parsers;
