//! What the loss of power leaves of a folder: record a process, build crash images, check each.
//! Not kill -9, which keeps the page cache and proves nothing about power. DESIGN, "Stores".
//!
//! [`Recorder`] runs a process under `tests/powerloss/recorder.c` and answers a [`Trace`];
//! [`images`] replays it to many moments, writes what a disk would hold at each, and calls a check.

mod disk;
mod images;
mod own;
mod record;
mod sled;
mod trace;

pub use images::{Model, Random, images};
pub use record::Recorder;
pub use trace::{Event, Trace};
