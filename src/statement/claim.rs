//! What a statement claims, by type: one variant each, and the rule which `type` and `@context`
//! select it. Each variant's members stand in the file of its noun.

use strum::{IntoStaticStr, VariantNames};

use super::domain::{CONTEXT_UNTP, CONTEXT_VC};
use super::envelope::Envelope;
use super::{
    Accreditation, Agreement, CapacityStatement, CertificateClaim, CertificateExtract, Event,
    EventKind, KeyChange, KeyEvent, LabelIssue, LabelVoid, LotDeclaration, Mandate,
    OperatorCertificate, PrefixGrant, PricePaid, Reason, Reconfirmation, Registration, Role,
    RootSuccession, Rulebook, ScopeChange, StatementError, StatusChange, StatusIndex, StatusList,
    UndoReason,
};
use crate::limits::{SMALL_STATEMENT_BYTES_MAX, STATEMENT_BYTES_MAX};

/// The claims of all statement types.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "kebab-case")]
pub enum Claim {
    /// A party is registered (UNTP Digital Identity Anchor).
    Registration(Registration),
    /// A certifier may certify within a scope (UNTP Digital Identity Anchor).
    Accreditation(Accreditation),
    /// A lot is declared (UNTP Digital Product Passport, granularity batch).
    Lot(LotDeclaration),
    /// A lot is certified (UNTP Digital Conformity Credential).
    Certificate(CertificateClaim),
    /// A key is added, retired or compromised.
    KeyChange(KeyChange),
    /// A certificate, lot or party changes status.
    StatusChange(StatusChange),
    /// One version of a status list (W3C Bitstring Status List).
    StatusList(StatusList),
    /// Which list versions are current, and the log size they cover.
    StatusIndex(StatusIndex),
    /// Serials are put on labels of a lot.
    LabelIssue(LabelIssue),
    /// Suspect certificates are confirmed again.
    Reconfirmation(Reconfirmation),
    /// An accreditation is narrowed, suspended, reinstated or withdrawn.
    ScopeChange(ScopeChange),
    /// The next root key takes over.
    RootSuccession(RootSuccession),
    /// Which rules count from here on.
    Rulebook(Rulebook),
    /// A client lets a certifier act for it.
    Agreement(Agreement),
    /// A party lets another use its GTINs.
    PrefixGrant(PrefixGrant),
    /// What a party can produce in a campaign.
    Capacity(CapacityStatement),
    /// Serials of spoilt labels are given back.
    LabelVoid(LabelVoid),
    /// Something happened to goods.
    #[strum(serialize = "traceability-event")]
    Event(Event),
    /// A party is certified (UNTP Digital Conformity Credential).
    OperatorCertificate(OperatorCertificate),
    /// A price was paid.
    PricePaid(PricePaid),
    /// A part of a certificate goes with a consignment.
    CertificateExtract(CertificateExtract),
    /// A party lets another act in its name.
    Mandate(Mandate),
}

impl Claim {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let types = envelope.types()?;
        match types.as_slice() {
            ["DigitalConformityCredential"] => {
                envelope.require_context(&[
                    CONTEXT_VC,
                    CONTEXT_UNTP,
                    &envelope.domain.context(),
                ])?;
                // Of a lot, whatever else it has: so it was read before the other came.
                let of_lot = envelope.subject_has("batchCertificate");
                if envelope.subject_has("operatorCertificate") && !of_lot {
                    OperatorCertificate::read(envelope).map(Self::OperatorCertificate)
                } else {
                    CertificateClaim::read(envelope).map(Self::Certificate)
                }
            }
            ["DigitalProductPassport"] => {
                envelope.require_context(&[
                    CONTEXT_VC,
                    CONTEXT_UNTP,
                    &envelope.domain.context(),
                ])?;
                LotDeclaration::read(envelope).map(Self::Lot)
            }
            ["DigitalIdentityAnchor"] => {
                envelope.require_context(&[
                    CONTEXT_VC,
                    CONTEXT_UNTP,
                    &envelope.domain.context(),
                ])?;
                if register_type(envelope) == Some("accreditation") {
                    Accreditation::read(envelope).map(Self::Accreditation)
                } else {
                    Registration::read(envelope).map(Self::Registration)
                }
            }
            ["BitstringStatusListCredential"] => {
                envelope.require_context(&[CONTEXT_VC])?;
                StatusList::read(envelope).map(Self::StatusList)
            }
            [
                own @ ("KeyChange" | "StatusChange" | "StatusIndex" | "LabelIssue"
                | "Reconfirmation" | "ScopeChange" | "RootSuccession" | "Rulebook"
                | "Agreement" | "PrefixGrant" | "Capacity" | "LabelVoid"
                | "TraceabilityEvent" | "PricePaid" | "CertificateExtract" | "Mandate"),
            ] => {
                envelope.require_context(&[CONTEXT_VC, &envelope.domain.context()])?;
                envelope.require_only_envelope()?;
                let claim = Self::read_own(own, envelope)?;
                let (bytes, max) = (envelope.document.bytes().len(), claim.bytes_max());
                if bytes > max {
                    return Err(StatementError::TooLarge { bytes, max });
                }
                Ok(claim)
            }
            other => Err(StatementError::UnknownType { found: format!("{other:?}") }),
        }
    }

    fn read_own(kind: &str, envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        match kind {
            "Rulebook" => Rulebook::read(envelope).map(Self::Rulebook),
            "Agreement" => Agreement::read(envelope).map(Self::Agreement),
            "PrefixGrant" => PrefixGrant::read(envelope).map(Self::PrefixGrant),
            "Capacity" => CapacityStatement::read(envelope).map(Self::Capacity),
            "LabelVoid" => LabelVoid::read(envelope).map(Self::LabelVoid),
            "TraceabilityEvent" => Event::read(envelope).map(Self::Event),
            "PricePaid" => PricePaid::read(envelope).map(Self::PricePaid),
            "CertificateExtract" => {
                CertificateExtract::read(envelope).map(Self::CertificateExtract)
            }
            "Mandate" => Mandate::read(envelope).map(Self::Mandate),
            "KeyChange" => KeyChange::read(envelope).map(Self::KeyChange),
            "StatusChange" => StatusChange::read(envelope).map(Self::StatusChange),
            "StatusIndex" => StatusIndex::read(envelope).map(Self::StatusIndex),
            "Reconfirmation" => Reconfirmation::read(envelope).map(Self::Reconfirmation),
            "ScopeChange" => ScopeChange::read(envelope).map(Self::ScopeChange),
            "RootSuccession" => RootSuccession::read(envelope).map(Self::RootSuccession),
            _ => LabelIssue::read(envelope).map(Self::LabelIssue),
        }
    }

    /// The type's word, as it stands in `type` (and, for the two uses of an identity anchor,
    /// apart).
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Whether the statement's id is made from its content: all but certificates, declarations of
    /// lots, status lists and events, whose ids say what they are of.
    #[must_use]
    pub fn has_content_id(&self) -> bool {
        !matches!(
            self,
            Self::Certificate(_)
                | Self::OperatorCertificate(_)
                | Self::Lot(_)
                | Self::StatusList(_)
                | Self::Event(_)
        )
    }

    /// The serial of a certificate, of a lot or of an operator.
    #[must_use]
    pub fn serial(&self) -> Option<u64> {
        match self {
            Self::Certificate(claim) => Some(claim.serial),
            Self::OperatorCertificate(claim) => Some(claim.serial),
            _ => None,
        }
    }

    /// The most bytes that a statement of it may have.
    fn bytes_max(&self) -> usize {
        let small = match self {
            Self::Agreement(_)
            | Self::PrefixGrant(_)
            | Self::Capacity(_)
            | Self::PricePaid(_)
            | Self::CertificateExtract(_)
            | Self::Mandate(_) => true,
            Self::Rulebook(claim) => claim.goods.is_empty(),
            Self::Event(claim) => !claim.kind.is_large(),
            _ => false,
        };
        if small { SMALL_STATEMENT_BYTES_MAX } else { STATEMENT_BYTES_MAX }
    }

    /// The edition of the rules that this claim, with the members it has, came with. A rulebook
    /// that puts an edition in force brings what is of it.
    #[must_use]
    pub fn edition(&self) -> u32 {
        match self {
            Self::Event(claim) => match &claim.kind {
                EventKind::Void(undoing) if undoing.reason == UndoReason::WrongLot => 3,
                _ => 2,
            },
            Self::OperatorCertificate(_)
            | Self::PricePaid(_)
            | Self::CertificateExtract(_)
            | Self::Mandate(_) => 2,
            Self::Rulebook(claim) if !claim.goods.is_empty() && claim.edition < 2 => 2,
            Self::Agreement(_) | Self::PrefixGrant(_) | Self::Capacity(_) | Self::LabelVoid(_) => 1,
            Self::Registration(claim) => registration_edition(claim),
            Self::Lot(claim) if !claim.facts.names.is_empty() => 3,
            Self::Lot(claim) => {
                let later = claim.facts.mandate.is_some() || claim.facts.origin.is_some();
                if later { 2 } else { 0 }
            }
            Self::Certificate(claim) if claim.facts.supersedes.is_some() => 3,
            Self::Certificate(claim) if claim.facts.operator_certificate.is_some() => 2,
            Self::StatusChange(claim) if claim.return_to.is_some() => 3,
            Self::StatusChange(claim) if !claim.lifts.is_empty() => 2,
            Self::StatusChange(claim) if claim.reason.is_of_goods() => 2,
            Self::ScopeChange(claim) if claim.reason.is_of_goods() => 2,
            Self::StatusChange(claim) => u32::from(claim.reason == Reason::Ceased),
            Self::KeyChange(claim) => {
                let scoped = |event: &KeyEvent| {
                    matches!(event, KeyEvent::Added(key)
                        if !key.parties.is_empty() || key.cosigner.is_some())
                };
                u32::from(scoped(&claim.event))
            }
            Self::Reconfirmation(claim) => u32::from(!claim.voids.is_empty()),
            Self::ScopeChange(claim) => {
                u32::from(claim.successor.is_some() || claim.reason == Reason::Ceased)
            }
            _ => 0,
        }
    }
}

fn registration_edition(claim: &Registration) -> u32 {
    let rights = !claim.regions.is_empty() || !claim.gtin_prefixes.is_empty() || claim.same_name;
    if claim.contact.is_some() || !claim.names.is_empty() {
        3
    } else if matches!(claim.role, Role::Processor | Role::Exporter) {
        2
    } else {
        u32::from(rights)
    }
}

fn register_type<'a>(envelope: &'a Envelope<'_>) -> Option<&'a str> {
    envelope.document.get("credentialSubject")?.get("registerType")?.text()
}
