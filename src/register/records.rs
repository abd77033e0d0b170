//! What the register holds of each party, lot and certificate: what was claimed, where the log has
//! it, and every change since. Values only; the fold alone changes them.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::status::{
    CertificateStatus, LotStatus, StatusEvent, certificate_status, in_effect, lot_status,
};
use crate::log::Hash;
use crate::names::{LotKey, PartySlug, Serial, Word};
use crate::seal::{AccreditationRecord, KeyRecord, KeyStanding, LogPosition, ScopeEvent};
use crate::statement::{
    CertificateClaim, Contact, CustodyModel, Day, LocalNames, LotDeclaration, LotFacts,
    Registration, Role, Statement, StatusAction, Timestamp,
};

/// What is known of a party wherever it is known: in the register and in trust snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartyRecord {
    /// Short name.
    pub party: PartySlug,
    /// Public name.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Keys with their history, in the order they were added.
    pub keys: Vec<KeyRecord>,
    /// Accreditations, in the order they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accreditations: Vec<AccreditationRecord>,
    /// Suspensions of the party as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<StatusEvent>,
    /// Its name in other languages.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
    /// How the public reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

/// A registered party: its record, and what the register alone knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// What trust snapshots know too: shared with them, not copied.
    pub record: Arc<PartyRecord>,
    /// The newest registration.
    pub registration: Registration,
    /// Where the log has the first one.
    pub mark: LogPosition,
    /// What it confirmed again after a key was in foreign hands.
    pub confirmations: Vec<Confirmation>,
}

impl Deref for Party {
    type Target = PartyRecord;

    fn deref(&self) -> &PartyRecord {
        &self.record
    }
}

/// Certificates that a party confirmed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The key that signed this.
    pub verification_method: Word,
    /// Where the log has it.
    pub mark: LogPosition,
    /// Which certificates.
    pub serials: Vec<u64>,
}

/// What is known of a lot wherever it is known: in the register, in a pack, in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LotRecord {
    /// GTIN or party, and lot number.
    pub lot: LotKey,
    /// Product id.
    pub product: Word,
    /// The product's name as declared.
    pub name: Word,
    /// The cooperative.
    pub producer: PartySlug,
    /// Region of origin.
    pub region: Word,
    /// Declared quantity, smallest unit.
    pub quantity: u64,
    /// Unit code.
    pub unit: Word,
    /// Day of packing.
    pub packed_on: Day,
    /// Holds, releases, the recall.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<StatusEvent>,
    /// The product's name in other languages, as declared.
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
}

/// A lot with what the register alone knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// What packs and dossiers know too.
    pub record: LotRecord,
    /// Where the log has it.
    pub mark: LogPosition,
    /// HS code, six digits.
    pub hs_code: Word,
    /// Campaign, e.g. `2026`.
    pub campaign: Word,
    /// Quantity in one sales unit, in the smallest unit.
    pub pack_size: u64,
    /// Best before, if any.
    pub expires_on: Option<Day>,
    /// Serials of its certificates, oldest first.
    pub certificates: Vec<u64>,
    /// Serials on labels: those issued, less those given back as spoilt.
    pub labels_issued: u64,
    /// Whether it counts into its campaign: a lot held for capacity counts once released.
    pub counted: bool,
    /// Serials issued for it, run by run.
    pub label_runs: Vec<LabelRun>,
    /// Serials of spoilt labels.
    pub labels_void: Vec<Serial>,
}

/// Serials issued for a lot by one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRun {
    /// Who issued them.
    pub by: PartySlug,
    /// How many.
    pub count: u32,
    /// Where the log has it.
    pub mark: LogPosition,
}

/// What is known of a certificate wherever it is known: in the register, in a pack, in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateRecord {
    /// Where the log has it.
    pub mark: LogPosition,
    /// Serial.
    pub serial: u64,
    /// The lot.
    pub lot: LotKey,
    /// The certifier.
    pub issuer: PartySlug,
    /// The key it was signed with.
    pub verification_method: Word,
    /// The accreditation it was issued under.
    pub accreditation: Word,
    /// Scheme id.
    pub scheme: Word,
    /// Certified quantity, smallest unit.
    pub quantity: u64,
    /// First instant.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_until: Timestamp,
    /// SHA-256 of the canonical statement without proof.
    pub digest: Hash,
    /// Suspensions, reinstatements, the withdrawal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<StatusEvent>,
    /// Where its certifier confirmed it again, if its key was suspect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<LogPosition>,
    /// The serial of the certificate that it renews or corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<u64>,
    /// What renews or corrects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
}

/// The certificate that stands in another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Superseded {
    /// Its serial.
    pub by: u64,
    /// Since when it stands there: its first instant, and not before it was logged.
    pub from: Timestamp,
}

/// A certificate with what the register alone knows of it. What no verdict and no list needs (the
/// client's name, laboratories) is in the logged statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What packs and dossiers know too.
    pub record: CertificateRecord,
    /// Edition of the standard or specification.
    pub scheme_edition: Word,
    /// What it does not cover, in the certifier's words: a JSON list, empty without any.
    pub(super) not_covered: Word,
    /// Day of the certification decision.
    pub decided_on: Day,
    /// Day of assessment.
    pub assessed_on: Day,
    /// Chain of custody (ISO 22095).
    pub custody_model: CustodyModel,
}

impl PartyRecord {
    /// Whether this is the authority of the ledger.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.party.is_authority()
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

impl LotRecord {
    /// The record of a lot just declared.
    #[must_use]
    pub fn declared(claim: &LotDeclaration, producer: &PartySlug) -> Self {
        let facts = &claim.facts;
        Self {
            lot: claim.lot.clone(),
            product: facts.product.clone(),
            name: claim.name.clone(),
            producer: producer.clone(),
            region: facts.region.clone(),
            quantity: facts.quantity,
            unit: facts.unit.clone(),
            packed_on: claim.packed_on,
            events: Vec::new(),
            names: facts.names.clone(),
        }
    }

    /// Status at an instant.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> LotStatus {
        lot_status(&self.events, at)
    }
}

impl Lot {
    /// Status at an instant.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> LotStatus {
        self.record.status(at)
    }

    /// What was declared.
    #[must_use]
    pub fn declaration(&self) -> LotDeclaration {
        let record = &self.record;
        LotDeclaration {
            lot: record.lot.clone(),
            name: record.name.clone(),
            hs_code: self.hs_code.clone(),
            packed_on: record.packed_on,
            expires_on: self.expires_on,
            facts: LotFacts {
                product: record.product.clone(),
                region: record.region.clone(),
                quantity: record.quantity,
                unit: record.unit.clone(),
                campaign: self.campaign.clone(),
                pack_size: self.pack_size,
                origin: None,
                names: record.names.clone(),
                mandate: None,
            },
        }
    }

    /// The hold that a rule laid on it with its declaration, if it is what holds it now.
    #[must_use]
    pub fn rule_hold(&self, at: Timestamp) -> Option<&StatusEvent> {
        let held = in_effect(&self.record.events, at).filter(|it| it.action == StatusAction::Hold);
        held.filter(|event| event.mark.index == self.mark.index)
    }

    /// Sales units the lot can fill: the most serials its labels may carry.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.record.quantity.checked_div(self.pack_size).unwrap_or_default()
    }
}

impl CertificateRecord {
    /// The record of a certificate just logged.
    #[must_use]
    pub fn logged(claim: &CertificateClaim, statement: &Statement, mark: LogPosition) -> Self {
        Self {
            mark,
            serial: claim.serial,
            lot: claim.lot.clone(),
            issuer: statement.issuer.clone(),
            verification_method: Word::new(&statement.proof.verification_method),
            accreditation: claim.accreditation.clone(),
            scheme: claim.scheme.clone(),
            quantity: claim.facts.quantity,
            valid_from: claim.valid_from,
            valid_until: claim.valid_until,
            digest: Hash::new(statement.digest),
            events: Vec::new(),
            confirmed: None,
            supersedes: claim.supersedes(),
            superseded: None,
        }
    }

    /// Status by its own events and dates, whatever became of its certifier.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> CertificateStatus {
        let own = certificate_status(&self.events, self.valid_from, self.valid_until, at);
        match own {
            CertificateStatus::Withdrawn | CertificateStatus::Suspended => own,
            _ if self.gave_way(at) => CertificateStatus::Superseded,
            _ => own,
        }
    }

    /// Whether another stands in its place at an instant.
    #[must_use]
    pub fn gave_way(&self, at: Timestamp) -> bool {
        self.superseded.is_some_and(|next| next.from <= at)
    }

    /// Status at an instant, what became of its certifier's scope included.
    #[must_use]
    pub fn status_in(
        &self,
        issuer: Option<&PartyRecord>,
        product: &str,
        region: &str,
        at: Timestamp,
    ) -> CertificateStatus {
        match self.status(at) {
            CertificateStatus::Valid | CertificateStatus::Superseded
                if issuer.is_some_and(|by| by.left_out(self, product, region, at).is_some()) =>
            {
                CertificateStatus::ScopeReduced
            }
            status => status,
        }
    }

    /// What its key was worth when it was logged; one confirmed again is as good as any.
    #[must_use]
    pub fn key_standing(&self, keys: &[KeyRecord]) -> KeyStanding {
        let key = keys.iter().find(|key| *key.verification_method == *self.verification_method);
        match key.map(|key| key.standing(self.mark.logged_at)) {
            Some(KeyStanding::Suspect) if self.confirmed.is_some() => KeyStanding::InForce,
            standing => standing.unwrap_or(KeyStanding::NotYet),
        }
    }
}

impl Certificate {
    /// What it does not cover, in the certifier's words.
    #[must_use]
    pub fn not_covered(&self) -> Vec<String> {
        serde_json::from_str(&self.not_covered).unwrap_or_default()
    }
}

/// What took a certificate out of its certifier's scope.
#[derive(Clone, Copy)]
pub enum OutsideScope<'a> {
    /// Its certifier was withdrawn as a whole.
    Withdrawn(&'a StatusEvent),
    /// The accreditation it was issued under no longer covers it.
    Reduced(&'a ScopeEvent),
}

impl PartyRecord {
    /// What left a certificate of this certifier's, for this product of this region, without scope
    /// at an instant, if anything did.
    #[must_use]
    pub fn left_out(
        &self,
        certificate: &CertificateRecord,
        product: &str,
        region: &str,
        at: Timestamp,
    ) -> Option<OutsideScope<'_>> {
        let CertificateRecord { accreditation, scheme, .. } = certificate;
        self.left_out_of(accreditation, scheme, product, region, at)
    }

    /// The same of whatever it issued under an accreditation and a scheme.
    pub(super) fn left_out_of(
        &self,
        accreditation: &str,
        scheme: &str,
        product: &str,
        region: &str,
        at: Timestamp,
    ) -> Option<OutsideScope<'_>> {
        let whole = in_effect(&self.events, at).filter(|e| e.action == StatusAction::Withdraw);
        whole.map(OutsideScope::Withdrawn).or_else(|| {
            let given = self.accreditation(accreditation)?;
            given.reduced(at, scheme, product, region).map(OutsideScope::Reduced)
        })
    }
}
