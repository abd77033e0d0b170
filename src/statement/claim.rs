//! What a statement claims, by type: one variant each, and the rule which `type` and `@context`
//! select it. Each variant's members stand in the file of its noun.

use super::domain::{CONTEXT_UNTP, CONTEXT_VC};
use super::envelope::Envelope;
use super::{
    Accreditation, CertificateClaim, KeyChange, LabelIssue, LotDeclaration, Reconfirmation,
    Registration, RootSuccession, ScopeChange, StatementError, StatusChange, StatusIndex,
    StatusList,
};

/// The claims of all statement types.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
                | "Reconfirmation" | "ScopeChange" | "RootSuccession"),
            ] => {
                envelope.require_context(&[CONTEXT_VC, &envelope.domain.context()])?;
                envelope.require_only_envelope()?;
                Self::read_own(own, envelope)
            }
            other => Err(StatementError::UnknownType { found: format!("{other:?}") }),
        }
    }

    fn read_own(kind: &str, envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        match kind {
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
        match self {
            Self::Registration(_) => "registration",
            Self::Accreditation(_) => "accreditation",
            Self::Lot(_) => "lot",
            Self::Certificate(_) => "certificate",
            Self::KeyChange(_) => "key-change",
            Self::StatusChange(_) => "status-change",
            Self::StatusList(_) => "status-list",
            Self::StatusIndex(_) => "status-index",
            Self::LabelIssue(_) => "label-issue",
            Self::Reconfirmation(_) => "reconfirmation",
            Self::ScopeChange(_) => "scope-change",
            Self::RootSuccession(_) => "root-succession",
        }
    }
}

fn register_type<'a>(envelope: &'a Envelope<'_>) -> Option<&'a str> {
    envelope.document.get("credentialSubject")?.get("registerType")?.text()
}
