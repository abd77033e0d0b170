//! The fold of certificates of operators, and of what certificates of lots use of their volumes.
//! Only what was judged comes here. Not here: draws, which use them too (`volumes`, `goods_acts`).

use std::sync::Arc;

use super::Register;
use super::certificates::CertificateChanges;
use super::operators::OperatorRecord;
use crate::seal::LogPosition;
use crate::statement::{CertificateClaim, OperatorCertificate, Statement, Timestamp};

impl Register {
    pub(super) fn operator_certified(
        &mut self,
        claim: &OperatorCertificate,
        statement: &Statement,
        mark: LogPosition,
    ) {
        self.listed(claim.serial, mark);
        let record = OperatorRecord::logged(claim, statement, mark);
        let operators = &mut self.facts.operators;
        operators.of_party.entry(claim.party.clone()).or_default().push(claim.serial);
        operators.records.insert(claim.serial, Arc::new(record));
        self.serial_used(claim.serial);
    }

    pub(super) fn change_operator(
        &mut self,
        serial: u64,
        change: impl FnOnce(&mut CertificateChanges),
    ) {
        if let Some(record) = self.facts.operators.records.get_mut(&serial) {
            change(&mut Arc::make_mut(record).changes);
        }
    }

    /// What a certificate of a lot uses of its producer's certified volume.
    pub(super) fn volume_used(&mut self, claim: &CertificateClaim, now: Timestamp) {
        let Some(lot) = self.lot(&claim.lot) else { return };
        let operator = claim.rests_on().and_then(|serial| self.operator(serial));
        let Some(operator) = operator else { return };
        let uses = &self.facts.operators.uses;
        let room = self.room(&lot, &claim.scheme, Some(operator), uses, now);
        let Some(room) = room else { return };
        let certified = self.certified_beside(claim, now).saturating_add(claim.facts.quantity);
        let needed = room.needs(certified, lot.record.quantity);
        self.facts.operators.uses.raise(room.place, &room.season, needed);
    }
}
