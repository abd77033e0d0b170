//! WHAT is claimed: the statements a party signs, their identifiers and their one byte form.
//! Not here: who may say it ([`crate::seal`]) and whether it is accepted ([`crate::register`]).

mod agreement;
mod campaign;
mod canonical;
mod capacity;
mod certificate;
mod claim;
mod commitment;
mod commitments;
mod content_id;
mod cost;
mod crockford;
mod domain;
mod draft;
mod envelope;
mod error;
mod event;
mod extract;
mod first_rules;
mod goods_rules;
mod key;
mod labels;
mod local_names;
mod lot;
mod mandate;
mod operator_certificate;
mod party;
mod price;
mod quantity;
mod receiver;
mod recipe;
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
pub use commitment::Commitment;
pub use content_id::with_content_id;
pub use cost::json_cost;
pub use domain::{Domain, StatusPurpose};
pub use draft::Draft;
pub use envelope::{Credential, Proof, Signed, Statement, own_context};
pub use error::StatementError;
pub use event::{
    Arrival, Channel, Destruction, DestructionCause, Discrepancy, Event, EventId, EventKind,
    EventName, Finding, Loss, LossCause, LotLine, Observation, ObservedStep, Offset, Outgoing,
    Packing, Received, Sample, SampleCause, Settled, SettledLot, Settlement, ShipPurpose, Shipment,
    Transformation, UndoReason, Undoing, Undone,
};
pub use extract::CertificateExtract;
pub use first_rules::first_goods_rules;
pub use goods_rules::{
    AddedMaterial, Chain, CoveredScheme, GoodsRules, Keeping, Season, Tolerance, TracedFrom,
    Uncovered,
};
pub use key::{
    Cosigner, Custody, JWK_SUFFIX, KeyChange, KeyEvent, KeyPurpose, NewKey, multikey,
    parse_multikey,
};
pub use labels::{LabelIssue, LabelVoid};
pub use local_names::{Contact, LocalNames};
pub use lot::{LotDeclaration, LotFacts, LotOrigin};
pub use mandate::{Mandate, MandatedAct};
pub use operator_certificate::{OperatorCertificate, OperatorFacts, Volume};
pub use party::{Accreditation, Capacity, Registration, Role, Scope};
pub use price::{PriceBasis, PricePaid, PriceTerms};
pub use quantity::{Quantity, QuantityError, whole_quantity};
pub use receiver::Receiver;
pub use recipe::{BUILT_IN_RECIPES, Fraction, Ratio, Recipe};
pub use reconfirmation::Reconfirmation;
pub use rulebook::Rulebook;
pub use scope_change::{ScopeAction, ScopeChange, ScopeEventKind};
pub use serials::SerialRanges;
pub use status::{Reason, ReturnTo, StatusAction, StatusChange, StatusTarget};
pub use status_list::{CurrentList, ListName, StatusIndex, StatusList};
pub use succession::{KeptKey, RootSuccession, commitment_text, parse_commitment, root_commitment};
pub use text::{TextFault, folded_name, is_hidden, is_name, is_term_id, text_fault};
pub use time::{Day, TimeError, Timestamp};
