//! NAMES OF THINGS: GTIN, lot number, serial, party, address of a lot; parsed once at the edge,
//! always well formed. Not here: who owns a name ([`crate::register`]).

mod error;
mod gtin;
mod lot;
mod party;
mod serial;
mod text;
mod word;

pub use error::IdError;
pub use gtin::Gtin;
pub use lot::{LotKey, LotNumber};
pub use party::{AUTHORITY, PartySlug};
pub use serial::Serial;
pub(crate) use text::decode_segment;
pub use word::Word;
