//! WHAT is claimed: the statements a party signs, their identifiers and their one byte form.
//! Not here: who may say it ([`crate::seal`]) and whether it is accepted ([`crate::register`]).

mod agreement;
mod campaign;
mod canonical;
mod capacity;
mod certificate;
mod claim;
mod content_id;
mod cost;
mod domain;
mod draft;
mod envelope;
mod error;
mod key;
mod labels;
mod lot;
mod party;
mod reconfirmation;
mod rulebook;
mod scope_change;
mod serials;
mod status;
mod status_list;
mod succession;
mod tape;
mod tape_reader;
mod text;
mod time;

pub use agreement::{Agreement, GrantedNumbers, PrefixGrant};
pub use campaign::Campaign;
pub use canonical::{canonical_bytes, canonicalised, parse_document, parse_strict};
pub use capacity::CapacityStatement;

pub use certificate::{
    CertificateClaim, CertificateFacts, CustodyModel, LaboratoryReport, Sampler,
};
pub use claim::Claim;
pub use content_id::with_content_id;
pub use cost::json_cost;
pub use domain::{Domain, StatusPurpose};
pub use draft::Draft;
pub use envelope::{Credential, Proof, Signed, Statement, own_context};
pub use error::StatementError;

pub use key::{
    Cosigner, Custody, JWK_SUFFIX, KeyChange, KeyEvent, KeyPurpose, NewKey, multikey,
    parse_multikey,
};
pub use labels::{LabelIssue, LabelVoid};
pub use lot::{LotDeclaration, LotFacts};
pub use party::{Accreditation, Capacity, Registration, Role, Scope};
pub use reconfirmation::Reconfirmation;
pub use rulebook::Rulebook;
pub use scope_change::{ScopeAction, ScopeChange, ScopeEventKind};
pub use serials::SerialRanges;
pub use status::{Reason, StatusAction, StatusChange, StatusTarget};
pub use status_list::{CurrentList, ListName, StatusIndex, StatusList};
pub use succession::{KeptKey, RootSuccession, commitment_text, parse_commitment, root_commitment};
pub use text::{TextFault, folded_name, is_hidden, is_name, text_fault};
pub use time::{Day, TimeError, Timestamp};
