//! The dossier: one signed JSON file that proves a certificate, its lot and its status with no
//! server: entries with proofs under one checkpoint, status lists, key history.
//! Not here: packs (status of everything) and where the entries are read from.

mod book;
mod error;
mod form;
mod make;
mod records;
mod withdrawal;

pub use error::DossierError;
pub use form::{dossier_trust, is_dossier};

pub(crate) use book::DossierStatus;
pub(crate) use form::{
    Dossier, DossierDocument, DossierEntry, DossierManifest, Places, foreign_member, is_crowded,
    newer_trust,
};
pub use make::{DossierSource, seal_dossier};
pub(crate) use make::{Gathering, places, wanted};
pub(crate) use records::{Entries, Read, compare, compare_lot, proven};
pub(crate) use withdrawal::{index, listed};
