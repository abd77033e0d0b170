//! Whether what a lot's certificates rest on still stands: those of the lots it was made of, and of
//! the operators that harvested or made any of them. Its own do not change by that. Not here: what
//! a report says of it (`verify`), whether a new one may rest on them (`rules_operators`).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Register;
use super::goods_record::InputCertificate;
use super::records::{CertificateRecord, Lot};
use super::status::CertificateStatus;
use crate::names::{LotKey, Word};
use crate::statement::{CustodyModel, Timestamp};
use crate::trace::Path;

impl Register {
    /// The worst that became of a certificate that those of a lot rest on, under the schemes that
    /// the lot is certified under, over the lots of its way back; None: nothing, or nobody
    /// certified the lot.
    pub(super) fn input_certificate(
        &self,
        key: &LotKey,
        path: &Path,
        at: Timestamp,
    ) -> Option<InputCertificate> {
        if path.lots.len() <= 1 && self.facts.operators.records.is_empty() {
            return None;
        }
        let own = self.certificates_of(key);
        let schemes: BTreeSet<Word> = own.map(|found| found.record.scheme).collect();
        if schemes.is_empty() {
            return None;
        }
        let lots = path.lots.iter().filter_map(|lot| self.lot_by_handle(*lot));
        let fallen = lots.flat_map(|lot| {
            let mut fallen = self.operators_fallen(&lot, &schemes, at);
            if lot.record.lot != *key {
                fallen.extend(self.certificates_fallen(&lot.record.lot, &schemes, at));
            }
            fallen
        });
        let rank = |one: &InputCertificate| {
            (one.status == CertificateStatus::Withdrawn, Reverse(one.serial))
        };
        fallen.max_by_key(rank)
    }

    /// Certificates of an input that are suspended or withdrawn, unless another of the same scheme
    /// is in force for as much: of several the largest is what is certified.
    fn certificates_fallen(
        &self,
        input: &LotKey,
        schemes: &BTreeSet<Word>,
        at: Timestamp,
    ) -> Vec<InputCertificate> {
        let all = self.certificates_of(input).map(|found| found.record);
        let all: Vec<(CertificateRecord, CertificateStatus)> = all
            .filter(|record| schemes.contains(&record.scheme))
            .map(|record| {
                let status = self.status_of(&record, at);
                (record, status)
            })
            .collect();
        let stands = |fallen: &CertificateRecord| {
            all.iter().any(|(other, status)| {
                *status == CertificateStatus::Valid
                    && other.scheme == fallen.scheme
                    && other.quantity >= fallen.quantity
            })
        };
        let fallen = all.iter().filter(|(record, status)| is_fallen(*status) && !stands(record));
        let told = |(record, status): &(CertificateRecord, CertificateStatus)| InputCertificate {
            status: *status,
            serial: record.serial,
        };
        fallen.map(told).collect()
    }

    /// Certificates of a traced lot's producer that are about it: suspended now; withdrawn for
    /// fraud from its day on or before, or for anything else while no other covers it.
    fn operators_fallen(
        &self,
        lot: &Lot,
        schemes: &BTreeSet<Word>,
        at: Timestamp,
    ) -> Vec<InputCertificate> {
        let facts = &lot.record;
        let mut fallen = Vec::new();
        for scheme in schemes.iter().filter(|scheme| self.needs_operator(&facts.lot, scheme)) {
            for operator in self.operators_about(lot, scheme) {
                let status = operator.status(at);
                let counts = match status {
                    CertificateStatus::Withdrawn => {
                        operator.fraudulent_on(facts.packed_on).is_some()
                            || operator.withdrawn_on(facts.packed_on)
                                && self.operator_for(lot, scheme, at).is_none()
                    }
                    status => is_fallen(status),
                };
                if counts {
                    fallen.push(InputCertificate { status, serial: operator.serial });
                }
            }
        }
        fallen
    }

    /// The chain of custody that a certificate claims, and the one that its lot's events and cover
    /// give now; None: no such certificate, or no goods are followed.
    #[must_use]
    pub fn custody_claim(&self, serial: u64) -> Option<(CustodyModel, CustodyModel)> {
        let found = self.certificate(serial)?;
        let lot = self.lot_handle(&found.record.lot)?;
        Some((found.custody_model, self.custody_under(lot, &found.record.scheme)?))
    }
}

pub(super) fn is_fallen(status: CertificateStatus) -> bool {
    matches!(status, CertificateStatus::Suspended | CertificateStatus::Withdrawn)
}
