//! What a statement claims, by type: one variant each, and the rule which `type` and `@context`
//! select it. Each variant's members stand in the file of its noun.

use strum::{IntoStaticStr, VariantNames};

use super::domain::{CONTEXT_UNTP, CONTEXT_VC};
use super::envelope::Envelope;
use super::{
    Accreditation, Agreement, CapacityStatement, CertificateClaim, KeyChange, LabelIssue,
    LabelVoid, LotDeclaration, PrefixGrant, Reconfirmation, Registration, RootSuccession, Rulebook,
    ScopeChange, StatementError, StatusChange, StatusIndex, StatusList,
};
use crate::limits::SMALL_STATEMENT_BYTES_MAX;

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
                CertificateClaim::read(envelope).map(Self::Certificate)
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
                | "Agreement" | "PrefixGrant" | "Capacity" | "LabelVoid"),
            ] => {
                envelope.require_context(&[CONTEXT_VC, &envelope.domain.context()])?;
                envelope.require_only_envelope()?;
                Self::read_own(own, envelope)
            }
            other => Err(StatementError::UnknownType { found: format!("{other:?}") }),
        }
    }

    fn read_own(kind: &str, envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let small = matches!(kind, "Rulebook" | "Agreement" | "PrefixGrant" | "Capacity");
        let bytes = envelope.document.bytes().len();
        if small && bytes > SMALL_STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLarge { bytes, max: SMALL_STATEMENT_BYTES_MAX });
        }
        match kind {
            "Rulebook" => Rulebook::read(envelope).map(Self::Rulebook),
            "Agreement" => Agreement::read(envelope).map(Self::Agreement),
            "PrefixGrant" => PrefixGrant::read(envelope).map(Self::PrefixGrant),
            "Capacity" => CapacityStatement::read(envelope).map(Self::Capacity),
            "LabelVoid" => LabelVoid::read(envelope).map(Self::LabelVoid),
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
    /// lots and status lists, whose ids say what they are of.
    #[must_use]
    pub fn has_content_id(&self) -> bool {
        !matches!(self, Self::Certificate(_) | Self::Lot(_) | Self::StatusList(_))
    }

    /// The edition of the rules that this claim, with the members it has, came with.
    #[must_use]
    pub fn edition(&self) -> u32 {
        use super::{KeyEvent, Reason};
        let later = match self {
            Self::Agreement(_) | Self::PrefixGrant(_) | Self::Capacity(_) | Self::LabelVoid(_) => {
                true
            }
            Self::Registration(claim) => {
                !claim.regions.is_empty() || !claim.gtin_prefixes.is_empty() || claim.same_name
            }
            Self::KeyChange(claim) => matches!(&claim.event, KeyEvent::Added(key)
                if !key.parties.is_empty() || key.cosigner.is_some()),
            Self::Reconfirmation(claim) => !claim.voids.is_empty(),
            Self::ScopeChange(claim) => claim.successor.is_some() || claim.reason == Reason::Ceased,
            Self::StatusChange(claim) => claim.reason == Reason::Ceased,
            _ => false,
        };
        u32::from(later)
    }
}

fn register_type<'a>(envelope: &'a Envelope<'_>) -> Option<&'a str> {
    envelope.document.get("credentialSubject")?.get("registerType")?.text()
}
