//! THE MACHINE BENEATH: files replaced whole, the clock and chance, values in addresses, text for a
//! terminal, lines of a log. Nothing here knows what a ledger is.

#[macro_use]
pub mod terminal;

mod chance;
pub mod files;
pub mod log_levels;
pub mod log_lines;
pub mod percent;

pub use chance::{now, random};
