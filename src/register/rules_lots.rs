//! Rules on lots, certificates, changes of their status, and labels (rules 4, 6, 9, 10).

use super::records::Lot;
use super::refusal::Refusal;
use super::rules::{Case, not_after, same};
use super::rules_keys::told;
use super::status::{CertificateStatus, LotStatus, StatusEvent, in_effect};
use crate::limits::SERIAL_WINDOW;
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{
    CertificateClaim, KeyPurpose, LabelIssue, LotDeclaration, Role, StatusAction, StatusChange,
    StatusList, StatusTarget, Timestamp,
};

impl Case<'_> {
    pub(super) fn lot(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        self.by_role(Role::Cooperative, "declare lots")?;
        if self.register.edition() >= 2 {
            return self.born(claim);
        }
        let facts = &claim.facts;
        self.region(&facts.region)?;
        let unit = self.product(&facts.product)?;
        same("unit", &facts.unit, unit)?;
        not_after("productionDate", claim.packed_on.start(), self.now)?;
        if self.register.edition() > 0 {
            self.lot_facts(claim)?;
        }
        if let crate::names::LotKey::Party(party, _) = &claim.lot {
            same("party in the lot's address", party.as_str(), self.statement.issuer.as_str())?;
        }
        if let Some(lot) = self.register.lot(&claim.lot) {
            let index = lot.mark.index;
            return Err(Refusal::LotExists { lot: claim.lot.to_string(), index });
        }
        if self.register.edition() > 0 { self.lot_number(claim) } else { Ok(()) }
    }

    pub(super) fn certificate(&self, claim: &CertificateClaim) -> Result<(), Refusal> {
        self.by_role(Role::Certifier, "certify lots")?;
        let lot = self.known_lot(&claim.lot)?;
        let declared = &lot.record;
        same("issuedToParty", claim.client.as_str(), declared.producer.as_str())?;
        same("product", &claim.facts.product, &declared.product)?;
        same("unit", &claim.facts.unit, &declared.unit)?;
        same("hsCode", &claim.facts.hs_code, &lot.hs_code)?;
        self.scheme(&claim.scheme)?;
        not_after("decisionDate", claim.facts.decision_date.start(), self.now)?;
        if self.register.edition() > 0 {
            self.certificate_rights(claim, &lot)?;
        }
        if lot.status(self.now) == LotStatus::Recalled {
            return Err(Refusal::Final { target: format!("lot {}", claim.lot), state: "recalled" });
        }
        let accreditation = self.accreditation_for(claim, &declared.region)?;
        if claim.valid_until > accreditation.valid_until {
            return Err(Refusal::OutlivesScope {
                certificate: claim.valid_until,
                scope: accreditation.valid_until,
            });
        }
        if let Some(old) = claim.supersedes() {
            self.renewal(claim, &lot, old)?;
        }
        if self.register.edition() >= 2 {
            return self.within_filled(claim, &lot);
        }
        self.within_declared(&lot, &claim.scheme, claim.facts.quantity)
    }

    /// What edition 1 asks of a certificate: facts, an agreement, a serial within reach, a GTIN of
    /// one meaning, nothing suspended beside it.
    fn certificate_rights(&self, claim: &CertificateClaim, lot: &Lot) -> Result<(), Refusal> {
        self.serial_in_reach(claim.serial)?;
        self.certificate_facts(claim)?;
        self.asked(&claim.client, &claim.scheme)?;
        if let Some(gtin) = Self::gtin_of(&claim.lot) {
            self.gtin_use(gtin, &lot.record.product, lot.pack_size)?;
        }
        self.beside_suspended(&claim.scheme, lot)
    }

    pub(super) fn serial_in_reach(&self, serial: u64) -> Result<(), Refusal> {
        let next = self.register.next_serial();
        let last = next.saturating_add(SERIAL_WINDOW).saturating_sub(1);
        if serial > last {
            return Err(Refusal::SerialWindow { serial, next, last });
        }
        Ok(())
    }

    /// The accreditation named in the certificate, if it stands now and covers it (rule 1).
    fn accreditation_for(
        &self,
        claim: &CertificateClaim,
        region: &str,
    ) -> Result<&AccreditationRecord, Refusal> {
        self.accredited_for(&claim.accreditation, &claim.scheme, &claim.facts.product, region)
    }

    /// One of the issuer's accreditations, if it stands now and covers scheme, product and region.
    pub(super) fn accredited_for(
        &self,
        accreditation: &str,
        scheme: &str,
        product: &str,
        region: &str,
    ) -> Result<&AccreditationRecord, Refusal> {
        let record = self.issuer.accreditation(accreditation);
        let standing = record.map(|record| record.at_log(self.place()));
        match (record, standing) {
            (Some(record), Some(ScopeStanding::InForce(scope)))
                if scope.covers(scheme, product, region) =>
            {
                Ok(record)
            }
            (_, standing) => Err(Refusal::OutOfScope {
                party: self.statement.issuer.to_string(),
                scheme: scheme.to_owned(),
                product: product.to_owned(),
                region: region.to_owned(),
                held: told(standing),
            }),
        }
    }

    /// Certified under one scheme <= declared (rule 4).
    pub(super) fn within_declared(
        &self,
        lot: &Lot,
        scheme: &str,
        asked: u64,
    ) -> Result<(), Refusal> {
        let certified = self.register.certified_once(&lot.record.lot, scheme, self.now, None);
        let declared = lot.record.quantity;
        if certified.saturating_add(asked) > declared {
            return Err(Refusal::QuantityExceeded {
                lot: lot.record.lot.to_string(),
                declared,
                certified,
                asked,
                unit: lot.record.unit.to_string(),
            });
        }
        Ok(())
    }

    pub(super) fn status_change(&self, claim: &StatusChange) -> Result<(), Refusal> {
        let latest = self.latest();
        not_after("effectiveFrom", claim.effective_from, latest)?;
        match &claim.target {
            StatusTarget::Certificate(serial) => self.change_of(*serial, claim.action, latest),
            StatusTarget::Certificates(serials) => {
                serials.iter().try_for_each(|one| self.change_of(one, claim.action, latest))
            }
            StatusTarget::Lot(key) => {
                let lot = self.known_lot(key)?;
                self.recall_told(claim)?;
                self.may_change_lot(claim.action, &lot)?;
                if self.lifts_inherited_alone(claim, key) {
                    return Ok(());
                }
                let state = lot.status(latest);
                if claim.action == StatusAction::Hold && self.takes_over(&lot.record.events) {
                    return order_lot(StatusAction::Recall, state, || format!("lot {key}"));
                }
                order_lot(claim.action, state, || format!("lot {key}"))
            }
            StatusTarget::Party(slug) => {
                self.by_authority("suspend or withdraw a party")?;
                let party = self.register.party(slug);
                let party =
                    party.ok_or_else(|| Refusal::UnknownParty { party: slug.to_string() })?;
                let status = match (party.is_withdrawn(latest), party.is_barred(latest)) {
                    (true, _) => CertificateStatus::Withdrawn,
                    (_, true) => CertificateStatus::Suspended,
                    _ => CertificateStatus::Valid,
                };
                order(claim.action, status, || format!("party {slug}"))
            }
        }
    }

    /// The certifier of a certificate, or the authority, may change its status.
    fn change_of(
        &self,
        serial: u64,
        action: StatusAction,
        latest: Timestamp,
    ) -> Result<(), Refusal> {
        let certificate = self.register.issued(serial);
        let certificate = certificate.ok_or(Refusal::CertificateUnknown { serial })?;
        if certificate.issuer != self.statement.issuer {
            self.by_authority("change another certifier's certificate")?;
        }
        let status = self.register.issued_status(serial, latest);
        let status = status.ok_or(Refusal::CertificateUnknown { serial })?;
        let target = || format!("certificate {serial}");
        if action == StatusAction::Suspend && self.takes_over(&certificate.events) {
            return order(StatusAction::Withdraw, status, target);
        }
        order(action, status, target)
    }

    /// Whether the authority lays anew what another laid, so that only it can lift it.
    fn takes_over(&self, events: &[StatusEvent]) -> bool {
        let laid = in_effect(events, self.latest());
        self.register.edition() > 0
            && self.issuer.is_authority()
            && laid.is_some_and(|event| !event.by.is_authority() || event.reason.is_of_rule())
    }

    /// The producer may hold and recall its lot; a certifier of it may also release it.
    fn may_change_lot(&self, action: StatusAction, lot: &Lot) -> Result<(), Refusal> {
        if self.register.edition() > 0 {
            return Ok(());
        }
        let by = &self.statement.issuer;
        let producer = lot.record.producer == *by && action != StatusAction::Release;
        let certified_it = || {
            let mut known = self.register.certificates_of(&lot.record.lot);
            known.any(|found| found.record.issuer == *by)
        };
        if producer || certified_it() {
            return Ok(());
        }
        self.by_authority("change the status of this lot")
    }

    /// A list must say exactly what the register says.
    pub(super) fn status_list(&self, claim: &StatusList) -> Result<(), Refusal> {
        self.by_authority("publish status lists")?;
        let flagged = self.register.flagged(claim.purpose);
        if StatusList::of(claim.purpose, claim.list, flagged.iter().copied()) == *claim {
            Ok(())
        } else {
            Err(Refusal::StatusListWrong)
        }
    }

    /// Serials on labels <= sales units (rule 6).
    pub(super) fn label_issue(&self, claim: &LabelIssue) -> Result<(), Refusal> {
        let lot = self.known_lot(&claim.lot)?;
        if self.register.edition() > 0 {
            return self.labels(claim, &lot);
        }
        self.may_change_lot(StatusAction::Release, &lot)?;
        let asked = u64::from(claim.count);
        if lot.labels_issued.saturating_add(asked) > lot.units() {
            return Err(Refusal::LabelsExceeded {
                lot: claim.lot.to_string(),
                units: lot.units(),
                issued: lot.labels_issued,
                asked,
            });
        }
        match self.register.key(&claim.verification_method) {
            Some(key) if key.purpose == KeyPurpose::Label => Ok(()),
            _ => Err(Refusal::UnknownKey { key: claim.verification_method.clone() }),
        }
    }
}

/// Withdrawn is final; only what is suspended can be reinstated (rule 10).
fn order(
    action: StatusAction,
    status: CertificateStatus,
    target: impl Fn() -> String,
) -> Result<(), Refusal> {
    match (action, status) {
        (_, CertificateStatus::Withdrawn) => {
            Err(Refusal::Final { target: target(), state: "withdrawn" })
        }
        (StatusAction::Suspend, CertificateStatus::Suspended) => {
            Err(Refusal::StatusOrder { target: target(), state: "suspended already" })
        }
        (StatusAction::Reinstate, status) if status != CertificateStatus::Suspended => {
            Err(Refusal::StatusOrder { target: target(), state: "not suspended" })
        }
        _ => Ok(()),
    }
}

fn order_lot(
    action: StatusAction,
    status: LotStatus,
    target: impl Fn() -> String,
) -> Result<(), Refusal> {
    match (action, status) {
        (_, LotStatus::Recalled) => Err(Refusal::Final { target: target(), state: "recalled" }),
        (StatusAction::Hold, LotStatus::Held) => {
            Err(Refusal::StatusOrder { target: target(), state: "held already" })
        }
        (StatusAction::Release, status) if status != LotStatus::Held => {
            Err(Refusal::StatusOrder { target: target(), state: "not held" })
        }
        _ => Ok(()),
    }
}
