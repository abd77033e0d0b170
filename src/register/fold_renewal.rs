//! Renewals and corrections: which certificate stands in the place of which, what a chain of them
//! counts for, and recalls that the authority declared to be of a wrong lot.
//! Not here: the rules that let them in (`rules_renewal`).

use std::collections::BTreeMap;

use super::Register;
use super::records::{CertificateRecord, Superseded};
use super::status::{CertificateStatus, StatusEvent};
use crate::names::{LotKey, Word};
use crate::seal::LogPosition;
use crate::statement::{CertificateClaim, Event, Timestamp};

/// A certificate that is about to take another's place.
#[derive(Clone, Copy)]
pub(super) struct Renewal {
    /// The serial of the other.
    pub of: u64,
    /// Its quantity, smallest unit.
    pub quantity: u64,
    /// Its first instant.
    pub from: Timestamp,
}

/// The certificates of a lot, oldest first, each with the serial of the first of its chain.
pub(super) fn in_chains(
    certificates: impl Iterator<Item = CertificateRecord>,
) -> Vec<(u64, CertificateRecord)> {
    let mut firsts: BTreeMap<u64, u64> = BTreeMap::new();
    let mut chained = Vec::new();
    for record in certificates {
        let before = record.supersedes.and_then(|old| firsts.get(&old)).copied();
        let first = before.unwrap_or(record.serial);
        firsts.insert(record.serial, first);
        chained.push((first, record));
    }
    chained
}

impl Register {
    /// Puts a certificate in the place of the one that it supersedes.
    pub(super) fn renewed(&mut self, claim: &CertificateClaim, mark: LogPosition) {
        let Some(old) = claim.supersedes() else { return };
        let next = Superseded { by: claim.serial, from: claim.valid_from.max(mark.logged_at) };
        self.change_certificate(claim.serial, |changes| changes.supersedes = Some(old));
        self.change_certificate(old, |changes| changes.superseded = Some(next));
    }

    /// A recall of a wrong lot: it never held, and what it was stays on record.
    pub(super) fn recall_voided(&mut self, claim: &Event, mark: LogPosition) {
        let index = claim.voids_recall().and_then(|id| self.index_of_id(id));
        let Some(index) = index else { return };
        let Some(change) = self.facts.rights.changes.get_mut(&index) else { return };
        change.voided = Some(mark);
        let event = StatusEvent { voided: Some(mark), ..change.event.clone() };
        let target = change.target.clone();
        self.put_change(&target, &event, mark);
    }

    /// What is certified of a lot under a scheme, each chain of renewals once: with the largest of
    /// those that have not given way, and of one that comes as `and` says.
    pub(super) fn certified_once(
        &self,
        lot: &LotKey,
        scheme: &str,
        at: Timestamp,
        and: Option<Renewal>,
    ) -> u64 {
        let own = self.certificates_of(lot).map(|found| found.record);
        let chained = in_chains(own.filter(|record| *record.scheme == *scheme));
        let chain_of = |renewal: &Renewal| {
            let mut known = chained.iter();
            known.find(|(_, record)| record.serial == renewal.of).map(|(first, _)| *first)
        };
        let renewed = and.as_ref().and_then(chain_of);
        let replaced = and.is_some_and(|renewal| renewal.from <= at);
        let mut largest: BTreeMap<u64, u64> = BTreeMap::new();
        for (first, record) in &chained {
            let stands = record.status(at) != CertificateStatus::Withdrawn && !record.gave_way(at);
            if stands && !(replaced && renewed == Some(*first)) {
                let known = largest.entry(*first).or_default();
                *known = record.quantity.max(*known);
            }
        }
        if let (Some(first), Some(renewal)) = (renewed, and) {
            let known = largest.entry(first).or_default();
            *known = renewal.quantity.max(*known);
        }
        largest.values().fold(0, |sum, quantity| sum.saturating_add(*quantity))
    }

    /// What is certified and in force of a lot, by scheme, in its smallest unit: each chain of
    /// renewals once, and with no more than what is about to take its place.
    #[must_use]
    pub fn certified_in_force(&self, lot: &LotKey, at: Timestamp) -> BTreeMap<Word, u64> {
        let mut largest: BTreeMap<u64, (Word, u64)> = BTreeMap::new();
        for (first, record) in in_chains(self.certificates_of(lot).map(|found| found.record)) {
            if self.status_of(&record, at) == CertificateStatus::Valid {
                let quantity = self.least_to_come(&record, at);
                let known = largest.entry(first).or_insert((record.scheme, 0));
                known.1 = quantity.max(known.1);
            }
        }
        let mut sums: BTreeMap<Word, u64> = BTreeMap::new();
        for (scheme, quantity) in largest.into_values() {
            let sum = sums.entry(scheme).or_default();
            *sum = sum.saturating_add(quantity);
        }
        sums
    }

    /// The instant whose certificates labels printed now stand under: now, or where none is in
    /// force yet the beginning of the first that only waits for it. A press and its labels are
    /// ready before the day from which the goods are certified.
    #[must_use]
    pub fn labels_stand_under(&self, lot: &LotKey, now: Timestamp) -> Timestamp {
        if !self.certified_in_force(lot, now).is_empty() {
            return now;
        }
        let records = self.certificates_of(lot).map(|found| found.record);
        let waits = |record: &CertificateRecord| {
            self.status_of(record, now) == CertificateStatus::NotYetValid
        };
        let begins = records.filter(waits).map(|record| record.valid_from).min();
        begins.unwrap_or(now)
    }

    /// The least that a certificate and those that come in its place certify.
    fn least_to_come(&self, record: &CertificateRecord, at: Timestamp) -> u64 {
        let mut least = record.quantity;
        let mut next = record.superseded;
        while let Some(found) = next.and_then(|next| self.certificate(next.by)) {
            let record = found.record;
            if record.status(at) != CertificateStatus::Withdrawn {
                least = least.min(record.quantity);
            }
            next = record.superseded;
        }
        least
    }
}
