//! Why a well-formed, well-signed statement is refused: the rules of the ledger, each with a stable
//! code and the figures. Not here: malformed bytes ([`crate::statement::StatementError`]).

use thiserror::Error;

use crate::statement::Timestamp;

/// A rule that a statement breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The issuer is not registered.
    #[error("{party} is not registered; the authority must register it first")]
    UnknownParty {
        /// The party.
        party: String,
    },
    /// The key is not one of the issuer's.
    #[error("{key} is not a key of the issuer; the authority must add it first")]
    UnknownKey {
        /// The key's name.
        key: String,
    },
    /// The key is for something else.
    #[error("{key} is a {purpose} key and may not sign this")]
    KeyPurpose {
        /// The key's name.
        key: String,
        /// What it is for.
        purpose: String,
    },
    /// The key was retired.
    #[error("{key} was retired; sign with the party's current key")]
    KeyRetired {
        /// The key's name.
        key: String,
    },
    /// The key's time is over.
    #[error("{key} was valid until {until}; sign with the party's current key")]
    KeyExpired {
        /// The key's name.
        key: String,
        /// Its last instant.
        until: Timestamp,
    },
    /// The key is known to be in foreign hands.
    #[error("{key} is recorded as compromised; nothing signed with it is accepted any more")]
    KeyCompromised {
        /// The key's name.
        key: String,
    },
    /// The key's public half is in use under another name or for another purpose.
    #[error("this public key is on record already; one key serves one party and one purpose")]
    KeyReused,
    /// The key's name is taken.
    #[error("{key} names a key already; choose another fragment")]
    KeyExists {
        /// The key's name.
        key: String,
    },
    /// The public key is malformed or weak.
    #[error("the public key is not a usable Ed25519 key")]
    KeyUnusable,
    /// The key is retired or compromised already.
    #[error("{key} is {state} already")]
    KeyState {
        /// The key's name.
        key: String,
        /// Its state.
        state: &'static str,
    },
    /// The issuer's role does not allow this statement.
    #[error("{party} may not {act}")]
    NotAuthorised {
        /// The issuer.
        party: String,
        /// What it tried.
        act: &'static str,
    },
    /// The issuer is suspended or withdrawn.
    #[error("{party} is {state} since {since}, by {by}: {reason}")]
    PartyBarred {
        /// The party.
        party: String,
        /// `suspended` or `withdrawn`.
        state: &'static str,
        /// Since when.
        since: Timestamp,
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
    /// No accreditation in force covers it.
    #[error(
        "no accreditation of {party} in force covers scheme {scheme}, product {product}, region \
        {region}: {held}"
    )]
    OutOfScope {
        /// The certifier.
        party: String,
        /// Scheme id.
        scheme: String,
        /// Product id.
        product: String,
        /// Region.
        region: String,
        /// What the accreditation named is worth.
        held: String,
    },
    /// No such accreditation.
    #[error("{party} has no accreditation {id}; `tasdiq trust` lists them")]
    AccreditationUnknown {
        /// The certifier.
        party: String,
        /// The id.
        id: String,
    },
    /// A narrowed scope with something new in it.
    #[error(
        "{list} {term} is not in the accreditation's scope; a scope can be narrowed, never \
        widened: accredit anew"
    )]
    ScopeWider {
        /// `scheme`, `product` or `region`.
        list: &'static str,
        /// The term.
        term: String,
    },
    /// A certificate that needs no confirmation, or can have none.
    #[error("certificate {serial} cannot be confirmed again: {reason}")]
    NotSuspect {
        /// The serial.
        serial: u64,
        /// Why not.
        reason: String,
    },
    /// An entry that is not what the statement says.
    #[error("entry {index} is no certificate with the digest given")]
    EntryMismatch {
        /// Log index.
        index: u64,
    },
    /// A root that nobody committed to.
    #[error("the root before this one committed to the hash {expected}, and this key has {found}")]
    SuccessorMismatch {
        /// The commitment on record; `none` if there is none.
        expected: String,
        /// SHA-256 of the public key offered.
        found: String,
    },
    /// The certificate would outlive its accreditation.
    #[error(
        "the certificate ends {certificate}, after the accreditation it is issued under ({scope})"
    )]
    OutlivesScope {
        /// The certificate's last instant.
        certificate: Timestamp,
        /// The accreditation's last instant.
        scope: Timestamp,
    },
    /// Not in the catalogue of products, schemes and regions.
    #[error("{list} {term:?} is not in the catalogue")]
    UnknownTerm {
        /// `product`, `scheme` or `region`.
        list: &'static str,
        /// The term.
        term: String,
    },
    /// A member contradicts the catalogue or the lot.
    #[error("{member} is {found}, but must be {expected}")]
    Mismatch {
        /// The member.
        member: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// The id was used before.
    #[error("the id {id} is taken by entry {index}; the same id never means two statements")]
    IdTaken {
        /// The id.
        id: String,
        /// Who has it.
        index: u64,
    },
    /// The lot is declared already.
    #[error("lot {lot} is declared already, by entry {index}")]
    LotExists {
        /// The lot.
        lot: String,
        /// Where.
        index: u64,
    },
    /// No such lot.
    #[error("lot {lot} is not declared; the cooperative must declare it first")]
    LotUnknown {
        /// The lot.
        lot: String,
    },
    /// No such certificate.
    #[error("there is no certificate with serial {serial}")]
    CertificateUnknown {
        /// The serial.
        serial: u64,
    },
    /// Certified quantity above the declared one (rule 4).
    #[error(
        "lot {lot} declares {declared} {unit}, {certified} of it are certified under this \
        scheme, {asked} more are asked for"
    )]
    QuantityExceeded {
        /// The lot.
        lot: String,
        /// Declared quantity.
        declared: u64,
        /// Certified so far.
        certified: u64,
        /// Asked for.
        asked: u64,
        /// Unit code.
        unit: String,
    },
    /// More labels than sales units (rule 6).
    #[error(
        "lot {lot} fills {units} sales units, {issued} serials are issued, {asked} more are \
        asked for"
    )]
    LabelsExceeded {
        /// The lot.
        lot: String,
        /// Units it can fill.
        units: u64,
        /// Serials issued so far.
        issued: u64,
        /// Asked for.
        asked: u64,
    },
    /// Withdrawn and recalled are final (rule 10).
    #[error("{target} is {state}; that is final")]
    Final {
        /// What was to change.
        target: String,
        /// Its state.
        state: &'static str,
    },
    /// The change does not fit the present status.
    #[error("{target} cannot be changed so: it is {state}")]
    StatusOrder {
        /// What was to change.
        target: String,
        /// Its state.
        state: &'static str,
    },
    /// A date that cannot be.
    #[error("{member} {at} is in the future; the ledger's clock reads {now}")]
    Future {
        /// The member.
        member: &'static str,
        /// Its value.
        at: Timestamp,
        /// The ledger's time.
        now: Timestamp,
    },
    /// A status list that does not say what the register says.
    #[error("the status list differs from the register")]
    StatusListWrong,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownParty { .. } => "unknown_party",
            Self::UnknownKey { .. } => "unknown_key",
            Self::KeyPurpose { .. } => "key_purpose",
            Self::KeyRetired { .. } => "key_retired",
            Self::KeyExpired { .. } => "key_expired",
            Self::KeyCompromised { .. } => "key_compromised",
            Self::KeyReused => "key_reused",
            Self::KeyExists { .. } => "key_exists",
            Self::KeyUnusable => "key_unusable",
            Self::KeyState { .. } => "key_state",
            Self::NotAuthorised { .. } => "not_authorised",
            Self::PartyBarred { .. } => "party_barred",
            Self::OutOfScope { .. } => "out_of_scope",
            Self::OutlivesScope { .. } => "outlives_scope",
            Self::AccreditationUnknown { .. } => "accreditation_unknown",
            Self::ScopeWider { .. } => "scope_wider",
            Self::NotSuspect { .. } => "not_suspect",
            Self::EntryMismatch { .. } => "entry_mismatch",
            Self::SuccessorMismatch { .. } => "successor_mismatch",
            Self::UnknownTerm { .. } => "unknown_term",
            Self::Mismatch { .. } => "mismatch",
            Self::IdTaken { .. } => "id_taken",
            Self::LotExists { .. } => "lot_exists",
            Self::LotUnknown { .. } => "lot_unknown",
            Self::CertificateUnknown { .. } => "certificate_unknown",
            Self::QuantityExceeded { .. } => "quantity_exceeded",
            Self::LabelsExceeded { .. } => "labels_exceeded",
            Self::Final { .. } => "final",
            Self::StatusOrder { .. } => "status_order",
            Self::Future { .. } => "future",
            Self::StatusListWrong => "status_list_wrong",
        }
    }

    /// Whether it conflicts with what the ledger holds (HTTP 409) rather than with a rule on the
    /// statement itself (HTTP 422).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::IdTaken { .. }
                | Self::LotExists { .. }
                | Self::QuantityExceeded { .. }
                | Self::LabelsExceeded { .. }
                | Self::Final { .. }
                | Self::StatusOrder { .. }
                | Self::KeyExists { .. }
                | Self::KeyReused
                | Self::KeyState { .. }
                | Self::NotSuspect { .. }
        )
    }
}
