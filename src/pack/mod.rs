//! The offline pack: status of every certificate and lot at one checkpoint, in one signed file that
//! is read by position. An inspector's book without network.
//! Not here: where files rest and how they travel (shell), verdicts (`verify`).

mod codec;
mod container;
mod delta;
mod form;
mod manifest;
mod optional;
mod reader;
mod tables;
mod writer;

pub use container::PackBytes;
pub use delta::{seal_contents, seal_pack};
pub use manifest::Sealing;
pub use reader::{Pack, PackFile};
pub use tables::PackedLot;
pub use writer::{Contents, PackWriter, pack_root_of};
