//! A LEDGER FROM PLACE TO PLACE: exports of static files, imports that replay first, backups and
//! what is restored from them.

pub mod backup;
pub mod export;
mod import;

pub use import::{ImportRequest, Imported, catch_up, import};
