//! THE ONE WRITER: takes statements in, sequences them in batches, makes them durable, publishes
//! the checkpoint, answers; opens and checks the log at start; keeps status lists; labels. Not
//! here: what is true (`register`), bytes on disk (`store`), HTTP (`web`).

mod config;
mod cosigned;
mod dossier;
mod error;
mod found;
mod guard;
mod held;
mod home;
mod import;
mod intake;
mod keeper;
mod labels;
mod open;
mod outside;
mod prepare;
mod published;
mod receipts;
mod rows;
mod signing;
mod snapshot;
mod witnessed;
mod writer;

pub use config::Config;
pub use cosigned::CosignedFile;
pub use dossier::{dossier_file, proof_file};
pub use error::{LedgerError, SubmitError};
pub use found::{Founding, found};
pub use held::Held;
pub use home::{Home, KeyName, now, random, write_file};
pub use import::{TakenFrom, stored_size, take_over};
pub use intake::{Submission, intake};
pub use keeper::{keep_status_lists, status_index_due};
pub use labels::{issue_labels, label_of};
pub use open::{Ledger, OpenOptions};
pub use outside::{Published, Restored};
pub use prepare::{CertificateRequest, LotRequest, Prepared, prepare_certificate, prepare_lot};
pub use published::{Receipt, View};
pub use rows::{
    entry_key, stored_entries, stored_entry, stored_sidecar, stored_sidecars, stored_tile, tile_key,
};
pub use signing::{ServiceKeys, Signing};
pub use snapshot::{
    SignedFile, newest_trust_file, pack_delta, pack_file, trust_file, unsigned_trust,
};
pub use witnessed::WitnessStanding;
