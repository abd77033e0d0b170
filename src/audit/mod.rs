//! REPLAYING A LOG: fetches checkpoint, tiles and entries from a folder, an address or a data
//! folder,
//! and checks all of it. Not here: what makes an entry good (`verify::Replayer`).

mod replay;
mod source;

pub use replay::{AuditReport, Pins, audit};
pub use source::{FolderSource, LogSource, SourceError, StoreSource, UrlSource};
