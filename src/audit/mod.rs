//! REPLAYING A LOG: fetches checkpoint, tiles and entries from a folder, an address or a data
//! folder, and checks all of it. Not here: what makes an entry good (`register::Replayer`).

mod ahead;
mod bundle;
mod outside;
mod pack_data;
mod report;
mod run;
mod sidecars;
mod source;

pub use pack_data::PackData;
pub use report::{AuditReport, Pins, WitnessReport};
pub use run::{Hear, Held, audit, audit_at, replay};
pub use sidecars::{cut_sidecars, sidecar_page};
pub use source::{
    COSIGNED, FolderSource, LogSource, PACK, STATUS_INDEX, SourceError, StoreSource, UrlSource,
};
