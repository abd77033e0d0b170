//! WHAT IS TRUE: the state folded from the log, one entry at a time, and the rules a statement must
//! keep to enter it. Pure: the same log gives the same register.
//! Not here: signatures (`seal`), order and proofs (`log`), verdicts (`verify`).

mod fold;
mod fold_rights;
mod powers;
mod records;
mod refusal;
mod rights;
mod rules;
mod rules_changes;
mod rules_forms;
mod rules_keys;
mod rules_lots;
mod rules_powers;
mod rules_rights;
mod search;
mod state;
mod status;

pub use powers::{ACTORS, Act, Actor, Denied, POWERS, Power, Target, allowed};
pub use records::{Certificate, Confirmation, LabelRun, Lot, Party};
pub use refusal::{NEWER_EDITION, Refusal};
pub use rights::{
    AgreementRecord, CapacityRecord, ChangeRecord, GtinRecord, PrefixRecord, RulebookState,
};
pub use rules::{judge, known_region, known_terms, signing_key};
pub use search::{FoundLots, LotQuery, STATUS_WORDS};
pub use state::{ListState, Register};
pub use status::{
    CertificateStatus, LotStatus, StatusEvent, certificate_status, in_effect, lot_status,
};
