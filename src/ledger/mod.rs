//! THE ONE WRITER: takes statements in, sequences them in batches, makes them durable, publishes
//! the checkpoint, answers; opens and checks the log at start; keeps status lists; labels; the
//! door, for what is no rule of the log. Not
//! here: what is true (`register`), bytes on disk (`store`), HTTP (`web`).

mod admission;
mod batch;
mod carried;
mod clock;
mod config;
mod cosigned;
mod documents;
mod error;
mod figures;
mod foresee;
mod founding;
mod group;
mod guard;
mod halt;
mod held;
mod home;
mod import;
mod intake;
mod journal;
mod labels;
mod layout;
mod logged;
mod may_sign;
mod mend;
mod open;
mod prepare;
mod prepare_events;
mod prepare_operators;
mod proofs;
mod published;
mod receipts;
mod replaced;
mod requests;
mod reservations;
mod serials;
mod shared;
mod signed_files;
mod signing;
mod snapshots;
mod start;
mod status_lists;
mod tiles;
mod vault;
mod witnessed;
mod writer;
mod writer_state;

pub use clock::{Clock, ClockFault, ClockReading, SystemClock};
pub use config::Config;
pub use cosigned::CosignedFile;
pub use documents::{documents_of, erase_document, holds_document};
pub use error::{LedgerError, SubmitError, Unmet};
pub use figures::BatchFigures;
pub use foresee::{Foreseen, foresee, foresee_events};
pub use founding::{Founding, RootPlace, found, found_with_root};
pub use group::{fits_group, group_fault, intake_group, kept_group};
pub use halt::{Halt, HaltKind};
pub use held::Held;
pub use home::{Home, KeyName, write_file};
pub use import::{TakenFrom, stored_size, take_over};
pub use intake::{Submission, intake};
pub use labels::{Issued, certificate_label, issue_labels, issued_label, label_of, open_label};
pub use layout::{entry_key, stored_entries, stored_entry, stored_sidecars, stored_tile, tile_key};
pub use may_sign::{Published, Restored};
pub use open::{Ledger, OpenOptions};
pub use prepare::{CertificateRequest, LotRequest, Prepared, prepare_certificates, prepare_lot};
pub use prepare_events::{EventRequest, prepare_event};
pub use prepare_operators::{OperatorRequest, prepare_operators};
pub use proofs::{consignment_file, dossier_file, proof_file, trace_dossier_file};
pub use published::{Receipt, View};
pub use requests::Requester;
pub use serials::SerialStanding;
pub use signed_files::{
    SignedFile, newest_trust_file, pack_delta, pack_file, trust_file, unsigned_trust,
};
pub use signing::{ServiceKeys, Signing};
pub use snapshots::Snapshots;
pub use status_lists::{keep_status_lists, status_index_due};
pub use vault::is_document_file;
pub use witnessed::WitnessStanding;
