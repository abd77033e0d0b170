//! Certificates of operators as a register holds them: what was claimed, what changed since, and
//! which lots one covers. Values and questions only. Not here: what of their volumes is used
//! (`volumes`), the rules that let one in or a certificate rest on it (`rules_operators`).

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::Register;
use super::certificates::CertificateChanges;
use super::pairs;
use super::records::{CertificateRecord, Lot};
use super::status::{CertificateStatus, StatusEvent, certificate_status, in_effect};
use super::uses::Uses;
use crate::log::Hash;
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{
    Day, OperatorCertificate, OperatorFacts, Reason, Statement, StatusAction, Timestamp,
};
use crate::trace::{LotHandle, Opening};

/// A certificate of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorRecord {
    /// Where the log has it.
    pub mark: LogPosition,
    /// Serial, of the one sequence of certificates.
    pub serial: u64,
    /// The operator.
    pub party: PartySlug,
    /// The certifier.
    pub issuer: PartySlug,
    /// The key it was signed with.
    pub verification_method: Word,
    /// The accreditation it was issued under.
    pub accreditation: Word,
    /// Scheme id.
    pub scheme: Word,
    /// First instant as signed; it counts from the day of its decision on.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_until: Timestamp,
    /// SHA-256 of the canonical statement without proof.
    pub digest: Hash,
    /// Materials, regions, volumes, the decision.
    pub facts: OperatorFacts,
    pub(super) changes: CertificateChanges,
}

/// All of them, and what of their volumes is used.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operators {
    #[serde(with = "pairs")]
    pub records: OrdMap<u64, Arc<OperatorRecord>>,
    /// Serials by operator, in the order of the log.
    #[serde(with = "pairs")]
    pub of_party: OrdMap<PartySlug, Vec<u64>>,
    pub uses: Uses,
    /// Serials of certificates of lots, and what each rests on.
    #[serde(with = "pairs")]
    pub resting: OrdMap<u64, u64>,
}

/// A certificate of a lot or of an operator, as far as changes of its status ask.
pub(super) struct Issued {
    pub serial: u64,
    pub issuer: PartySlug,
    pub verification_method: Word,
    pub accreditation: Word,
    pub mark: LogPosition,
    pub confirmed: Option<LogPosition>,
    pub events: Vec<StatusEvent>,
}

impl OperatorRecord {
    /// The record of one just logged.
    pub(super) fn logged(
        claim: &OperatorCertificate,
        statement: &Statement,
        mark: LogPosition,
    ) -> Self {
        Self {
            mark,
            serial: claim.serial,
            party: claim.party.clone(),
            issuer: statement.issuer.clone(),
            verification_method: Word::new(&statement.proof.verification_method),
            accreditation: claim.accreditation.clone(),
            scheme: claim.scheme.clone(),
            valid_from: claim.valid_from,
            valid_until: claim.valid_until,
            digest: Hash::new(statement.digest),
            facts: claim.facts.clone(),
            changes: CertificateChanges::default(),
        }
    }

    /// Suspensions, reinstatements, the withdrawal.
    #[must_use]
    pub fn events(&self) -> &[StatusEvent] {
        &self.changes.events
    }

    /// Where its certifier confirmed it again, if its key was suspect.
    pub(super) fn confirmed(&self) -> Option<LogPosition> {
        self.changes.confirmed
    }

    /// The first instant at which it counts: of its validity, and not before its decision.
    #[must_use]
    pub fn counts_from(&self) -> Timestamp {
        self.valid_from.max(self.facts.decision_date.start())
    }

    /// Status by its own events and dates, whatever became of its certifier.
    #[must_use]
    pub fn status(&self, at: Timestamp) -> CertificateStatus {
        certificate_status(self.events(), self.counts_from(), self.valid_until, at)
    }

    /// Whether a day lies within its validity, whatever was said of it since.
    #[must_use]
    pub fn in_force_on(&self, day: Day) -> bool {
        (self.counts_from().day()..=self.valid_until.day()).contains(&day)
    }

    /// Whether it names a material and a region.
    #[must_use]
    pub fn names(&self, material: &str, region: &str) -> bool {
        let has = |list: &[String], one: &str| list.iter().any(|known| known == one);
        has(&self.facts.materials, material) && has(&self.facts.regions, region)
    }

    /// Its suspension or withdrawal as the log knew it when something else was logged.
    fn stopped_when(&self, mark: LogPosition) -> Option<StatusAction> {
        let known = self.events().iter().filter(|event| event.mark.index < mark.index);
        let known: Vec<StatusEvent> = known.cloned().collect();
        let action = in_effect(&known, mark.logged_at).map(|event| event.action);
        action.filter(|action| matches!(action, StatusAction::Suspend | StatusAction::Withdraw))
    }

    /// Whether it is withdrawn from this day on or from one before.
    pub(super) fn withdrawn_on(&self, day: Day) -> bool {
        self.events().iter().any(|event| {
            event.action == StatusAction::Withdraw
                && event.voided.is_none()
                && event.effective_from.day() <= day
        })
    }

    /// Its withdrawal for fraud from a day on or before this one.
    pub(super) fn fraudulent_on(&self, day: Day) -> Option<&StatusEvent> {
        self.frauds().find(|event| event.effective_from.day() <= day)
    }

    /// Whether it is withdrawn for fraud from any day on.
    pub(super) fn is_fraudulent(&self) -> bool {
        self.frauds().next().is_some()
    }

    fn frauds(&self) -> impl Iterator<Item = &StatusEvent> {
        self.events().iter().filter(|event| {
            event.action == StatusAction::Withdraw
                && event.reason == Reason::FraudSuspected
                && event.voided.is_none()
        })
    }
}

impl Register {
    /// The certificate of an operator with a serial.
    #[must_use]
    pub fn operator(&self, serial: u64) -> Option<&OperatorRecord> {
        self.facts.operators.records.get(&serial).map(AsRef::as_ref)
    }

    /// The certificate of an operator that one of a lot names; None: it names none.
    #[must_use]
    pub fn operator_under(&self, serial: u64) -> Option<&OperatorRecord> {
        self.operator(*self.facts.operators.resting.get(&serial)?)
    }

    /// All certificates of operators, by serial.
    pub fn operators(&self) -> impl Iterator<Item = &OperatorRecord> {
        self.facts.operators.records.values().map(AsRef::as_ref)
    }

    /// The certificates of an operator, in the order of the log.
    pub fn operators_of(
        &self,
        party: &PartySlug,
    ) -> impl DoubleEndedIterator<Item = &OperatorRecord> {
        let serials = self.facts.operators.of_party.get(party).map_or(&[][..], Vec::as_slice);
        serials.iter().filter_map(|serial| self.operator(*serial))
    }

    /// The operators of whose certificates something was logged at an index or later.
    #[must_use]
    pub fn operators_changed_since(&self, since: u64) -> BTreeSet<PartySlug> {
        let changed = self.operators().filter(|operator| {
            operator.mark.index >= since
                || operator.confirmed().is_some_and(|mark| mark.index >= since)
                || operator.events().iter().any(|event| event.mark.index >= since)
                || self.certificate_rewritten_at(operator.serial).is_some_and(|at| at >= since)
        });
        changed.map(|operator| operator.party.clone()).collect()
    }

    /// Status at an instant: its own events and dates, and whether its certifier's accreditation
    /// still reaches anything it names.
    #[must_use]
    pub fn operator_status(&self, operator: &OperatorRecord, at: Timestamp) -> CertificateStatus {
        let status = operator.status(at);
        let mut materials = operator.facts.materials.iter();
        let reaches = materials.any(|material| self.operator_reaches(operator, material, at));
        match status {
            CertificateStatus::Valid if !reaches => CertificateStatus::ScopeReduced,
            _ => status,
        }
    }

    /// Whether its certifier's accreditation still reaches a material it names, in any region.
    pub(super) fn operator_reaches(
        &self,
        operator: &OperatorRecord,
        material: &str,
        at: Timestamp,
    ) -> bool {
        let mut regions = operator.facts.regions.iter();
        regions.any(|region| !self.left_scope(operator, material, region, at))
    }

    fn left_scope(
        &self,
        operator: &OperatorRecord,
        material: &str,
        region: &str,
        at: Timestamp,
    ) -> bool {
        let OperatorRecord { accreditation, scheme, .. } = operator;
        let by = self.party(&operator.issuer);
        by.is_some_and(|by| by.left_out_of(accreditation, scheme, material, region, at).is_some())
    }

    /// Whether a certificate of an operator covers a lot: its producer, its material and region,
    /// its day of harvest or packing, and nothing stopped it when the lot was declared and first
    /// filled.
    ///
    /// # Errors
    /// In words, what it does not cover.
    pub(super) fn operator_covers(
        &self,
        operator: &OperatorRecord,
        lot: &Lot,
        at: Timestamp,
    ) -> Result<(), String> {
        let facts = &lot.record;
        if operator.party != facts.producer {
            return Err(format!("it is of {}", operator.party));
        }
        if !operator.names(&facts.product, &facts.region) {
            return Err(format!("it does not name {} of {}", facts.product, facts.region));
        }
        if self.left_scope(operator, &facts.product, &facts.region, at) {
            let (product, region) = (&facts.product, &facts.region);
            return Err(format!("its accreditation no longer reaches {product} of {region}"));
        }
        if !operator.in_force_on(facts.packed_on) {
            let (from, until) = (operator.counts_from().day(), operator.valid_until.day());
            return Err(format!(
                "it counts from {from} to {until}, the lot is of {}",
                facts.packed_on
            ));
        }
        let marks = std::iter::once(lot.mark).chain(self.first_filled(lot));
        for mark in marks {
            if let Some(action) = operator.stopped_when(mark) {
                let word = if action == StatusAction::Suspend { "suspended" } else { "withdrawn" };
                return Err(format!("it was {word} when entry {} was logged", mark.index));
            }
        }
        Ok(())
    }

    /// The entry that first filled a lot that opened empty.
    fn first_filled(&self, lot: &Lot) -> Option<LogPosition> {
        let handle = self.lots.place(&lot.record.lot).map(LotHandle)?;
        let trace = &self.goods.trace;
        trace.lot_view(handle).filter(|view| view.opening == Opening::Derived)?;
        let fills = trace.events_of(handle).filter(|event| trace.fills(*event, handle));
        let first = fills.min()?;
        let logged_at = Timestamp::from_seconds(trace.event_view(first)?.logged_at);
        Some(LogPosition { index: self.goods.index_of(first)?, logged_at })
    }

    /// Whether a certificate of a lot under a scheme rests on one of its producer: where the scheme
    /// certifies operators and the lot was declared when its material was traced.
    #[must_use]
    pub fn needs_operator(&self, lot: &LotKey, scheme: &str) -> bool {
        let view = self.lot_handle(lot).and_then(|lot| self.goods.trace.lot_view(lot));
        let traced = view.is_some_and(|view| view.opening != Opening::Declared);
        traced && self.catalog.scheme(scheme).is_some_and(|scheme| scheme.is_of_operators())
    }

    /// The certificates of a lot's producer that are about the lot, by what they say.
    pub(super) fn operators_about(
        &self,
        lot: &Lot,
        scheme: &str,
    ) -> impl Iterator<Item = &OperatorRecord> {
        let facts = &lot.record;
        let own = self.operators_of(&facts.producer).rev();
        own.filter(move |operator| {
            *operator.scheme == *scheme
                && operator.names(&facts.product, &facts.region)
                && operator.in_force_on(facts.packed_on)
        })
    }

    /// The serial of the certificate of its producer that lets a lot count under a scheme at an
    /// instant: the newest that covers it and is not withdrawn; while any is suspended, none.
    #[must_use]
    pub fn operator_for(&self, lot: &Lot, scheme: &str, at: Timestamp) -> Option<u64> {
        use CertificateStatus::{Suspended, Withdrawn};
        if self.operators_about(lot, scheme).any(|operator| operator.status(at) == Suspended) {
            return None;
        }
        let covers = |operator: &&OperatorRecord| {
            operator.status(at) != Withdrawn && self.operator_covers(operator, lot, at).is_ok()
        };
        self.operators_about(lot, scheme).find(covers).map(|operator| operator.serial)
    }

    /// A certificate of either kind.
    pub(super) fn issued(&self, serial: u64) -> Option<Issued> {
        if let Some(found) = self.certificate(serial) {
            return Some(Issued::from(found.record));
        }
        let found = self.operator(serial)?;
        Some(Issued {
            serial,
            issuer: found.issuer.clone(),
            verification_method: found.verification_method.clone(),
            accreditation: found.accreditation.clone(),
            mark: found.mark,
            confirmed: found.changes.confirmed,
            events: found.changes.events.clone(),
        })
    }

    /// Its status by its own events and dates; None: there is no such serial.
    pub(super) fn issued_status(&self, serial: u64, at: Timestamp) -> Option<CertificateStatus> {
        if let Some(found) = self.certificate(serial) {
            return Some(found.record.status(at));
        }
        self.operator(serial).map(|operator| operator.status(at))
    }
}

impl From<CertificateRecord> for Issued {
    fn from(record: CertificateRecord) -> Self {
        Self {
            serial: record.serial,
            issuer: record.issuer,
            verification_method: record.verification_method,
            accreditation: record.accreditation,
            mark: record.mark,
            confirmed: record.confirmed,
            events: record.events,
        }
    }
}
