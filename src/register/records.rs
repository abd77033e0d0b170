//! What the register holds of each party, lot and certificate: what was claimed, where the log has
//! it, and every change since. Values only; the fold alone changes them.

use std::sync::Arc;

use crate::seal::{AccreditationRecord, KeyRecord, KeyStanding, Mark};
use crate::statement::{
    CertificateClaim, LotDeclaration, PartySlug, Registration, Serial, StatusAction, Timestamp,
    Word,
};

use super::status::{
    CertificateStatus, LotStatus, StatusEvent, certificate_status, in_effect, lot_status,
};

/// A registered party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The newest registration.
    pub registration: Registration,
    /// Where the log has the first one.
    pub mark: Mark,
    /// Its keys, in the order they were added.
    pub keys: Vec<KeyRecord>,
    /// Its accreditations, in the order they were given.
    pub accreditations: Vec<AccreditationRecord>,
    /// Suspensions of the party as a whole.
    pub events: Vec<StatusEvent>,
    /// What it confirmed again after a key was in foreign hands.
    pub confirmations: Vec<Confirmation>,
}

/// Certificates that a party confirmed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The key that signed this.
    pub verification_method: Word,
    /// Where the log has it.
    pub mark: Mark,
    /// Which certificates.
    pub serials: Arc<[u64]>,
}

/// A declared lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// What was declared.
    pub declaration: LotDeclaration,
    /// By whom.
    pub producer: PartySlug,
    /// Where the log has it.
    pub mark: Mark,
    /// Serials of its certificates.
    pub certificates: Vec<u64>,
    /// Serials on labels: those issued, less those given back as spoilt.
    pub labels_issued: u64,
    /// Holds, releases, recalls.
    pub events: Vec<StatusEvent>,
    /// Whether it counts into its campaign: a lot held for capacity counts once released.
    pub counted: bool,
    /// Serials issued for it, run by run.
    pub label_runs: Vec<LabelRun>,
    /// Serials of spoilt labels.
    pub labels_void: Vec<Serial>,
}

/// Serials issued for a lot by one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRun {
    /// Who issued them.
    pub by: PartySlug,
    /// How many.
    pub count: u32,
    /// Where the log has it.
    pub mark: Mark,
}

/// A logged certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What was certified.
    pub claim: CertificateClaim,
    /// By whom.
    pub issuer: PartySlug,
    /// With which key.
    pub verification_method: Word,
    /// SHA-256 of the canonical statement without proof.
    pub digest: [u8; 32],
    /// Where the log has it.
    pub mark: Mark,
    /// Suspensions, reinstatements, the withdrawal.
    pub events: Vec<StatusEvent>,
    /// Where its certifier confirmed it again, if its key was suspect.
    pub confirmed: Option<Mark>,
}

impl Party {
    /// Whether this is the authority of the ledger.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.registration.party.is_authority()
    }

    /// The key with this name.
    #[must_use]
    pub fn key(&self, verification_method: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.verification_method == verification_method)
    }

    /// The accreditation with this id.
    #[must_use]
    pub fn accreditation(&self, id: &str) -> Option<&AccreditationRecord> {
        self.accreditations.iter().find(|record| record.id == id)
    }

    /// What bars the party as a whole at `at`: its suspension or withdrawal.
    #[must_use]
    pub fn barred(&self, at: Timestamp) -> Option<&StatusEvent> {
        use crate::statement::StatusAction::{Suspend, Withdraw};
        in_effect(&self.events, at).filter(|event| matches!(event.action, Suspend | Withdraw))
    }

    /// Whether the party is suspended or withdrawn as a whole at `at`.
    #[must_use]
    pub fn is_barred(&self, at: Timestamp) -> bool {
        self.barred(at).is_some()
    }

    /// Whether the party is withdrawn for good at `at`.
    #[must_use]
    pub fn is_withdrawn(&self, at: Timestamp) -> bool {
        use crate::statement::StatusAction::Withdraw;
        in_effect(&self.events, at).is_some_and(|event| event.action == Withdraw)
    }
}

impl Lot {
    /// Status at an instant.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> LotStatus {
        lot_status(&self.events, at)
    }

    /// The hold that a rule laid on it with its declaration, if it is what holds it now.
    #[must_use]
    pub fn rule_hold(&self, at: Timestamp) -> Option<&StatusEvent> {
        let held = in_effect(&self.events, at).filter(|it| it.action == StatusAction::Hold);
        held.filter(|event| event.mark.index == self.mark.index)
    }

    /// Sales units the lot can fill: the most serials its labels may carry.
    #[must_use]
    pub fn units(&self) -> u64 {
        let facts = &self.declaration.facts;
        facts.quantity.checked_div(facts.pack_size).unwrap_or_default()
    }
}

impl Certificate {
    /// Status at an instant. `issuer` is its certifier as registered. The lot's region is not known
    /// here; [`super::Register::status_of`] looks at it too.
    #[must_use]
    pub fn status(&self, issuer: Option<&Party>, at: Timestamp) -> CertificateStatus {
        self.status_in(issuer, None, at)
    }

    /// Status at an instant of a certificate for a lot of a region.
    pub(super) fn status_in(
        &self,
        issuer: Option<&Party>,
        region: Option<&str>,
        at: Timestamp,
    ) -> CertificateStatus {
        let claim = &self.claim;
        let reduced = |party: &Party| {
            let given = party.accreditation(&claim.accreditation);
            let (scheme, product) = (&claim.scheme, &claim.facts.product);
            let reduced = given.and_then(|given| given.reduced(at, scheme, product, region));
            party.is_withdrawn(at) || reduced.is_some()
        };
        match certificate_status(&self.events, claim.valid_from, claim.valid_until, at) {
            CertificateStatus::Valid if issuer.is_some_and(reduced) => {
                CertificateStatus::ScopeReduced
            }
            status => status,
        }
    }

    /// What its key was worth when it was logged; one confirmed again is as good as any.
    #[must_use]
    pub fn key_standing(&self, issuer: Option<&Party>) -> KeyStanding {
        issuer.and_then(|party| party.key(&self.verification_method)).map_or(
            KeyStanding::NotYet,
            |key| match key.standing(self.mark.logged_at) {
                KeyStanding::Suspect if self.confirmed.is_some() => KeyStanding::InForce,
                standing => standing,
            },
        )
    }
}
