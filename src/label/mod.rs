//! WHAT THE SHOPPER HOLDS: the signed address in the QR code, other ways to name a lot, and the
//! symbol itself. Not here: whether the label's key, certificate and lot are in force
//! ([`crate::register`], [`crate::verify`]), and reading photos (the shell's `photo`).

mod address;
mod base41;
mod code;
mod dress;
mod elements;
mod error;
mod payload;
mod reading;
mod render;
mod symbol;
#[cfg(test)]
mod vectors;

pub use code::ScanCode;
pub use dress::LeftOut;
pub use error::LabelError;
pub use payload::{Header, Label, SchemeBits, TOKEN_CHARACTERS, VERSION, expiry_day_of, key_hint};
pub use reading::{Reading, Scan, one_character_away, read_code};
#[cfg(feature = "server")]
pub(crate) use render::write_png;
pub use render::{X_DIMENSION_UM, dots_per_module, escape_markup};
pub use symbol::{DarkRun, Level, Symbol};
