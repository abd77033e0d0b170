//! WHERE A LOG IS READ FROM: a folder of tiles, an address, a store. What comes is bounded, and not
//! believed: it is for the readers to check ([`crate::audit`], [`crate::transfer`]).

mod log_source;
mod pack_data;
mod part;
mod sidecars;
pub use log_source::{EntryError, FolderSource, LogSource, SourceError, StoreSource, UrlSource};
pub use pack_data::PackData;
pub use part::Part;
pub use sidecars::cut_sidecars;
