//! THE LOG AS STATIC FILES: tiles, checkpoint and documents that any web server can host, and that
//! `audit`, `verify` and other readers of C2SP tlog-tiles read. Reads any
//! [`crate::source::LogSource`]; writes only what is new.

mod documents;
mod error;
mod folder;
mod tiles;
mod write;

pub use documents::Pinned;
pub use error::ExportError;
pub use write::{ExportOptions, Exported, export};
