//! The rules a statement must keep to enter the log (docs/FORMAT.md, rules 1, 4, 6, 9, 10), judged
//! against the register and the log time. Reads only; the same code judges at intake and in audits.

use super::Register;
use super::records::{Certificate, Lot, Party};
use super::refusal::Refusal;
use super::status::{CertificateStatus, LotStatus};
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::seal::{AccreditationRecord, KeyRecord, KeyStanding, public_key};
use crate::statement::{
    Accreditation, CertificateClaim, Claim, KeyChange, KeyEvent, KeyPurpose, LabelIssue,
    LotDeclaration, NewKey, Registration, Role, Statement, StatusAction, StatusChange, StatusList,
    StatusTarget, Timestamp,
};

/// Judges a statement that would be logged at `now`.
///
/// # Errors
/// The first rule broken.
pub fn judge(register: &Register, statement: &Statement, now: Timestamp) -> Result<(), Refusal> {
    let skewed = now.plus_seconds(CLOCK_SKEW_SECONDS);
    not_after("proof.created", statement.proof.created, skewed)?;
    if let Some(index) = register.index_of_id(&statement.id) {
        return Err(Refusal::IdTaken { id: statement.id.clone(), index });
    }
    let key = signing_key(register, statement, now)?;
    if register.size() == 0 {
        return first_entry(statement);
    }
    let issuer = register.party(&statement.issuer).ok_or_else(|| unknown_party(statement))?;
    let case = Case { register, statement, issuer, key: &key, now };
    match &statement.claim {
        Claim::Registration(claim) => case.registration(claim),
        Claim::Accreditation(claim) => case.accreditation(claim),
        Claim::Lot(claim) => case.lot(claim),
        Claim::Certificate(claim) => case.certificate(claim),
        Claim::KeyChange(claim) => case.key_change(claim),
        Claim::StatusChange(claim) => case.status_change(claim),
        Claim::StatusList(claim) => case.status_list(claim),
        Claim::StatusIndex(_) => case.by_authority("index status lists"),
        Claim::LabelIssue(claim) => case.label_issue(claim),
    }
}

/// The issuer's key, if it may sign statements at `now` (rule 1).
///
/// # Errors
/// Unknown, of another purpose, retired, expired or compromised.
pub fn signing_key(
    register: &Register,
    statement: &Statement,
    now: Timestamp,
) -> Result<KeyRecord, Refusal> {
    let name = &statement.proof.verification_method;
    if register.size() > 0 && register.party(&statement.issuer).is_none() {
        return Err(unknown_party(statement));
    }
    let (_, key) = register.key(name).ok_or_else(|| Refusal::UnknownKey { key: name.clone() })?;
    let named = || name.clone();
    let own_list = matches!(
        statement.claim,
        Claim::StatusList(_) | Claim::StatusIndex(_) | Claim::LabelIssue(_)
    );
    match key.purpose {
        KeyPurpose::Assertion | KeyPurpose::Root => {}
        KeyPurpose::Service if own_list => {}
        other => {
            let purpose = format!("{other:?}").to_lowercase();
            return Err(Refusal::KeyPurpose { key: named(), purpose });
        }
    }
    if key.compromised.is_some() {
        return Err(Refusal::KeyCompromised { key: named() });
    }
    match key.standing(now) {
        KeyStanding::InForce => Ok(key),
        _ if key.retired.is_some() => Err(Refusal::KeyRetired { key: named() }),
        KeyStanding::Expired => {
            Err(Refusal::KeyExpired { key: named(), until: key.not_after.unwrap_or(now) })
        }
        _ => Err(Refusal::UnknownKey { key: named() }),
    }
}

/// The first entry registers the authority, signed by the pinned root.
fn first_entry(statement: &Statement) -> Result<(), Refusal> {
    match &statement.claim {
        Claim::Registration(claim)
            if claim.party == statement.issuer && claim.role == Role::Authority =>
        {
            Ok(())
        }
        _ => Err(unknown_party(statement)),
    }
}

/// One statement before the register.
struct Case<'a> {
    register: &'a Register,
    statement: &'a Statement,
    issuer: &'a Party,
    key: &'a KeyRecord,
    now: Timestamp,
}

impl Case<'_> {
    fn by_authority(&self, act: &'static str) -> Result<(), Refusal> {
        if self.issuer.is_authority() { Ok(()) } else { Err(self.not_authorised(act)) }
    }

    fn by_role(&self, role: Role, act: &'static str) -> Result<(), Refusal> {
        if self.issuer.registration.role != role {
            return Err(self.not_authorised(act));
        }
        if self.issuer.is_barred(self.now) {
            return Err(Refusal::PartyBarred { party: self.statement.issuer.to_string() });
        }
        Ok(())
    }

    fn not_authorised(&self, act: &'static str) -> Refusal {
        Refusal::NotAuthorised { party: self.statement.issuer.to_string(), act }
    }

    fn registration(&self, claim: &Registration) -> Result<(), Refusal> {
        self.by_authority("register parties")?;
        let old = self.register.party(&claim.party).map(|party| party.registration.role);
        if (claim.role == Role::Authority) != (claim.party == self.statement.issuer)
            || old.is_some_and(|role| role != claim.role)
        {
            return Err(self.not_authorised("give a party another role"));
        }
        for capacity in &claim.capacities {
            self.product(&capacity.product)?;
        }
        claim.region.as_deref().map_or(Ok(()), |region| self.region(region))
    }

    fn accreditation(&self, claim: &Accreditation) -> Result<(), Refusal> {
        self.by_authority("accredit certifiers")?;
        let party = self.register.party(&claim.party);
        let party =
            party.ok_or_else(|| Refusal::UnknownParty { party: claim.party.to_string() })?;
        if party.registration.role != Role::Certifier {
            return Err(Refusal::Mismatch {
                member: "role of the accredited party",
                found: format!("{:?}", party.registration.role).to_lowercase(),
                expected: "certifier".to_owned(),
            });
        }
        let all = crate::statement::Scope::ALL;
        for scheme in claim.scope.schemes.iter().filter(|term| *term != all) {
            self.scheme(scheme)?;
        }
        for product in claim.scope.products.iter().filter(|term| *term != all) {
            self.product(product)?;
        }
        claim.scope.regions.iter().filter(|term| *term != all).try_for_each(|r| self.region(r))
    }

    fn lot(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        self.by_role(Role::Cooperative, "declare lots")?;
        let facts = &claim.facts;
        self.region(&facts.region)?;
        let unit = self.product(&facts.product)?;
        same("unit", &facts.unit, unit)?;
        not_after("productionDate", claim.packed_on.start(), self.now)?;
        if let crate::statement::LotKey::Party(party, _) = &claim.lot {
            same("party in the lot's address", party.as_str(), self.statement.issuer.as_str())?;
        }
        match self.register.lot(&claim.lot) {
            Some(lot) => {
                Err(Refusal::LotExists { lot: claim.lot.to_string(), index: lot.mark.index })
            }
            None => Ok(()),
        }
    }

    fn certificate(&self, claim: &CertificateClaim) -> Result<(), Refusal> {
        self.by_role(Role::Certifier, "certify lots")?;
        let lot = self.known_lot(&claim.lot)?;
        let declared = &lot.declaration.facts;
        same("issuedToParty", claim.client.as_str(), lot.producer.as_str())?;
        same("product", &claim.facts.product, &declared.product)?;
        same("unit", &claim.facts.unit, &declared.unit)?;
        same("hsCode", &claim.facts.hs_code, &lot.declaration.hs_code)?;
        self.scheme(&claim.scheme)?;
        not_after("decisionDate", claim.facts.decision_date.start(), self.now)?;
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
        self.quantity(claim, lot)
    }

    /// The accreditation named in the certificate, if it stands now and covers it (rule 1).
    fn accreditation_for(
        &self,
        claim: &CertificateClaim,
        region: &str,
    ) -> Result<&AccreditationRecord, Refusal> {
        let covers = |record: &&AccreditationRecord| {
            record.id == claim.accreditation
                && record.stands(self.now)
                && record.scope.covers(&claim.scheme, &claim.facts.product, region)
        };
        self.issuer.accreditations.iter().find(covers).ok_or_else(|| Refusal::OutOfScope {
            party: self.statement.issuer.to_string(),
            scheme: claim.scheme.to_string(),
            product: claim.facts.product.to_string(),
            region: region.to_owned(),
        })
    }

    /// Certified under one scheme <= declared (rule 4).
    fn quantity(&self, claim: &CertificateClaim, lot: &Lot) -> Result<(), Refusal> {
        let counted = |certificate: &&std::sync::Arc<Certificate>| {
            certificate.claim.scheme == claim.scheme
                && certificate.status(None, self.now) != CertificateStatus::Withdrawn
        };
        let serials = lot.certificates.iter();
        let certified = serials
            .filter_map(|serial| self.register.certificate(*serial))
            .filter(counted)
            .fold(0_u64, |sum, certificate| sum.saturating_add(certificate.claim.facts.quantity));
        let declared = lot.declaration.facts.quantity;
        if certified.saturating_add(claim.facts.quantity) > declared {
            return Err(Refusal::QuantityExceeded {
                lot: claim.lot.to_string(),
                declared,
                certified,
                asked: claim.facts.quantity,
                unit: claim.facts.unit.to_string(),
            });
        }
        Ok(())
    }

    fn key_change(&self, claim: &KeyChange) -> Result<(), Refusal> {
        let party = self.register.party(&claim.party);
        let party =
            party.ok_or_else(|| Refusal::UnknownParty { party: claim.party.to_string() })?;
        let old = party.key(&claim.verification_method);
        let purpose = match (&claim.event, old) {
            (KeyEvent::Added(key), _) => key.purpose,
            (_, Some(record)) => record.purpose,
            (_, None) => {
                return Err(Refusal::UnknownKey { key: claim.verification_method.clone() });
            }
        };
        self.may_change_key(claim, purpose)?;
        let named = || claim.verification_method.clone();
        match (&claim.event, old) {
            (KeyEvent::Added(_), Some(_)) => Err(Refusal::KeyExists { key: named() }),
            (KeyEvent::Added(key), None) => self.new_key(key),
            (_, Some(record)) if record.compromised.is_some() => {
                Err(Refusal::KeyState { key: named(), state: "compromised" })
            }
            (KeyEvent::Retired, Some(record)) if record.retired.is_some() => {
                Err(Refusal::KeyState { key: named(), state: "retired" })
            }
            (KeyEvent::Compromised { known_at, .. }, _) => {
                not_after("knownAt", *known_at, self.now.plus_seconds(CLOCK_SKEW_SECONDS))
            }
            _ => Ok(()),
        }
    }

    /// Root keys and the authority's own keys are the root's business; label keys may be a
    /// certifier's own; all others are the authority's.
    fn may_change_key(&self, claim: &KeyChange, purpose: KeyPurpose) -> Result<(), Refusal> {
        let own = claim.party == self.statement.issuer;
        if own && purpose == KeyPurpose::Label {
            return Ok(());
        }
        self.by_authority("change keys of other parties")?;
        let needs_root = purpose == KeyPurpose::Root || own;
        if needs_root && self.key.purpose != KeyPurpose::Root {
            return Err(self.not_authorised("change keys of the authority without the root key"));
        }
        Ok(())
    }

    fn new_key(&self, key: &NewKey) -> Result<(), Refusal> {
        public_key(&key.public).map_err(|_| Refusal::KeyUnusable)?;
        if self.register.public_keys.contains(&key.public) {
            return Err(Refusal::KeyReused);
        }
        key.schemes.iter().try_for_each(|scheme| self.scheme(scheme))
    }

    fn status_change(&self, claim: &StatusChange) -> Result<(), Refusal> {
        let latest = self.now.plus_seconds(CLOCK_SKEW_SECONDS);
        not_after("effectiveFrom", claim.effective_from, latest)?;
        match &claim.target {
            StatusTarget::Certificate(serial) => {
                let certificate = self
                    .register
                    .certificate(*serial)
                    .ok_or(Refusal::CertificateUnknown { serial: *serial })?;
                if certificate.issuer != self.statement.issuer {
                    self.by_authority("change another certifier's certificate")?;
                }
                let target = || format!("certificate {serial}");
                order(claim.action, certificate.status(None, latest), target)
            }
            StatusTarget::Lot(key) => {
                let lot = self.known_lot(key)?;
                self.may_change_lot(claim.action, lot)?;
                order_lot(claim.action, lot.status(latest), || format!("lot {key}"))
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

    /// The producer may hold and recall its lot; a certifier of it may also release it.
    fn may_change_lot(&self, action: StatusAction, lot: &Lot) -> Result<(), Refusal> {
        let by = &self.statement.issuer;
        let producer = lot.producer == *by && action != StatusAction::Release;
        let certified_it = || {
            let mut serials = lot.certificates.iter();
            serials.any(|s| self.register.certificate(*s).is_some_and(|c| c.issuer == *by))
        };
        if producer || certified_it() {
            return Ok(());
        }
        self.by_authority("change the status of this lot")
    }

    /// A list must say exactly what the register says.
    fn status_list(&self, claim: &StatusList) -> Result<(), Refusal> {
        self.by_authority("publish status lists")?;
        let flagged = self.register.flagged(claim.purpose);
        if StatusList::of(claim.purpose, claim.list, flagged.iter().copied()) == *claim {
            Ok(())
        } else {
            Err(Refusal::StatusListWrong)
        }
    }

    /// Serials on labels <= sales units (rule 6).
    fn label_issue(&self, claim: &LabelIssue) -> Result<(), Refusal> {
        let lot = self.known_lot(&claim.lot)?;
        self.may_change_lot(StatusAction::Release, lot)?;
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
            Some((_, key)) if key.purpose == KeyPurpose::Label => Ok(()),
            _ => Err(Refusal::UnknownKey { key: claim.verification_method.clone() }),
        }
    }

    fn known_lot(&self, key: &crate::statement::LotKey) -> Result<&Lot, Refusal> {
        let lot = self.register.lot(key).map(AsRef::as_ref);
        lot.ok_or_else(|| Refusal::LotUnknown { lot: key.to_string() })
    }

    /// The unit code of a product of the catalogue.
    fn product(&self, id: &str) -> Result<&'static str, Refusal> {
        let product = self.register.catalog().product(id);
        product.map(|product| product.unit.code()).ok_or_else(|| unknown("product", id))
    }

    fn scheme(&self, id: &str) -> Result<(), Refusal> {
        let scheme = self.register.catalog().scheme(id).filter(|scheme| scheme.is_certification());
        scheme.map(|_| ()).ok_or_else(|| unknown("scheme", id))
    }

    fn region(&self, iso: &str) -> Result<(), Refusal> {
        self.register.catalog().region(iso).map(|_| ()).ok_or_else(|| unknown("region", iso))
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

fn same(member: &'static str, found: &str, expected: &str) -> Result<(), Refusal> {
    if found == expected {
        return Ok(());
    }
    Err(Refusal::Mismatch { member, found: found.to_owned(), expected: expected.to_owned() })
}

fn not_after(member: &'static str, at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if at <= now { Ok(()) } else { Err(Refusal::Future { member, at, now }) }
}

fn unknown(list: &'static str, term: &str) -> Refusal {
    Refusal::UnknownTerm { list, term: term.to_owned() }
}

fn unknown_party(statement: &Statement) -> Refusal {
    Refusal::UnknownParty { party: statement.issuer.to_string() }
}
