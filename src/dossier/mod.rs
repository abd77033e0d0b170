//! The dossier: one signed JSON file that proves a certificate, its lot and its status with no
//! server: entries with proofs under one checkpoint, status lists, key history. And the trace
//! dossier: the entries by which a lot came to be.
//! Not here: packs (status of everything) and where the entries are read from.

mod book;
mod error;
mod form;
mod make;
mod records;
mod sealed;
mod trace_form;
mod trace_make;
mod withdrawal;
mod within;

pub use error::DossierError;
pub use form::is_dossier;

pub(crate) use book::DossierStatus;
pub(crate) use form::{
    Dossier, DossierDocument, DossierEntry, DossierManifest, Places, newer_trust,
};
pub use make::{DossierSource, seal_dossier};
pub(crate) use make::{Gathering, places, wanted};
pub(crate) use records::{Entries, Read, compare, compare_inherited, compare_lot, proven};
pub(crate) use sealed::{Head, SealedDocument, SealedFile, SealedManifest, foreign_member};
pub(crate) use trace_form::{TraceDossier, is_trace};
pub use trace_make::seal_trace;
pub(crate) use withdrawal::{index, listed};
pub use within::dossier_trust;
