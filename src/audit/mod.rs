//! REPLAYING A LOG: fetches checkpoint, tiles and entries from a folder, an address or a data
//! folder, and checks all of it. Not here: what makes an entry good (`register::Replayer`).

mod ahead;
mod bundle;
mod outside;
mod report;
mod run;

pub use report::{AuditReport, Pins};
pub use run::{HeldLog, audit, audit_at, replay};
