//! The fold: one entry at a time, the only way the register changes. Pure: the same entries give
//! the same register, so anybody can replay the log and compare.

use std::sync::Arc;

use super::records::{Certificate, Confirmation, Lot, Party};
use super::refusal::Refusal;
use super::rules::judge;
use super::state::{ListState, Register, short_id};
use super::status::{CertificateStatus, StatusEvent};
use crate::limits::STATUS_LIST_SERIALS;
use crate::seal::{AccreditationRecord, Compromise, KeyRecord, Mark, ScopeEvent};
use crate::statement::{
    Accreditation, CertificateClaim, Claim, Custody, KeyChange, KeyEvent, KeyPurpose,
    LotDeclaration, PartySlug, Reason, Reconfirmation, Registration, RootSuccession, ScopeChange,
    Statement, StatusAction, StatusChange, StatusPurpose, StatusTarget, Timestamp, Word,
};

impl Register {
    /// Judges a statement logged at `mark` and, if no rule is broken, folds it in.
    ///
    /// # Errors
    /// The rule broken; the register is then unchanged.
    pub fn fold(&mut self, statement: &Statement, mark: Mark) -> Result<(), Refusal> {
        judge(self, statement, mark.logged_at)?;
        match &statement.claim {
            Claim::Registration(claim) => {
                self.registered_rights(claim, statement, mark);
                self.registered(claim, mark);
            }
            Claim::Accreditation(claim) => self.accredited(claim, statement, mark),
            Claim::Lot(claim) => self.declared(claim, statement, mark),
            Claim::Certificate(claim) => self.certified(claim, statement, mark),
            Claim::KeyChange(claim) => self.key_changed(claim, statement, mark),
            Claim::StatusChange(claim) => self.status_changed(claim, statement, mark),
            Claim::StatusList(claim) => {
                let list = self.lists.entry((claim.purpose, claim.list)).or_default();
                list.versions.push(mark);
                list.stale_since = None;
            }
            Claim::StatusIndex(claim) => {
                self.status_index = Some(mark);
                self.status_indexes.insert(claim.covers, mark.index);
            }
            Claim::LabelIssue(claim) => self.labels_put(claim, statement, mark),
            Claim::LabelVoid(claim) => self.labels_voided(claim),
            Claim::Rulebook(claim) => self.rulebook_set(claim, mark),
            Claim::Agreement(claim) => self.agreed(claim, mark),
            Claim::PrefixGrant(claim) => self.granted(claim),
            Claim::Capacity(claim) => self.capacity_stated(claim, statement, mark),
            Claim::Reconfirmation(claim) => self.confirmed(claim, statement, mark),
            Claim::ScopeChange(claim) => self.scope_changed(claim, statement, mark),
            Claim::RootSuccession(claim) => self.succeeded(claim, mark),
        }
        self.signer_kept(statement, mark);
        self.digests.insert(statement.digest, mark.index);
        self.ids.insert(short_id(&statement.id), mark.index);
        self.size = mark.index.saturating_add(1);
        self.last_at = Some(mark.logged_at);
        let today = self.per_day.entry(mark.logged_at.seconds().div_euclid(86_400)).or_default();
        *today = today.saturating_add(1);
        Ok(())
    }

    fn registered(&mut self, claim: &Registration, mark: Mark) {
        if let Some(party) = self.parties.get_mut(&claim.party) {
            Arc::make_mut(party).registration = claim.clone();
            return;
        }
        let mut party = Party {
            registration: claim.clone(),
            mark,
            keys: Vec::new(),
            accreditations: Vec::new(),
            events: Vec::new(),
            confirmations: Vec::new(),
        };
        if party.is_authority() {
            let committed = claim.successor.as_deref();
            self.root_successor = committed.and_then(crate::statement::parse_commitment);
            party.keys.push(KeyRecord { added: mark, ..self.root_record() });
            self.public_keys.insert(self.root);
        }
        self.parties.insert(claim.party.clone(), Arc::new(party));
    }

    fn accredited(&mut self, claim: &Accreditation, statement: &Statement, mark: Mark) {
        if let Some(party) = self.parties.get_mut(&claim.party) {
            Arc::make_mut(party).accreditations.push(AccreditationRecord {
                id: statement.id.clone(),
                mark,
                scope: claim.scope.clone(),
                valid_from: claim.valid_from,
                valid_until: claim.valid_until,
                events: Vec::new(),
            });
        }
    }

    fn key_changed(&mut self, claim: &KeyChange, statement: &Statement, mark: Mark) {
        let counts_from = match &claim.event {
            KeyEvent::Added(key) => self.key_counts_from(claim, key, statement, mark),
            _ => {
                self.key_ended(claim, statement, mark);
                None
            }
        };
        let Some(party) = self.parties.get_mut(&claim.party) else { return };
        let party = Arc::make_mut(party);
        let known =
            party.keys.iter_mut().find(|key| key.verification_method == claim.verification_method);
        match (&claim.event, known) {
            (KeyEvent::Added(key), _) => {
                self.public_keys.insert(key.public);
                party.keys.push(KeyRecord {
                    verification_method: claim.verification_method.clone(),
                    public: key.public,
                    purpose: key.purpose,
                    custody: key.custody,
                    schemes: key.schemes.clone(),
                    not_after: key.not_after,
                    parties: key.parties.clone(),
                    added: mark,
                    counts_from,
                    retired: None,
                    compromised: None,
                });
            }
            (KeyEvent::Retired, Some(key)) => key.retired = Some(mark),
            (KeyEvent::Compromised { since, known_at }, Some(key)) => {
                let (since, known_at) = (*since, *known_at);
                // A second report only moves `since` back; what was known before stays known.
                key.compromised = Some(match key.compromised {
                    Some(before) => Compromise { since, ..before },
                    None => Compromise { since, known_at, recorded: mark },
                });
                self.unconfirm(claim, since, mark);
            }
            (_, None) => {}
        }
    }

    /// What a thief may have confirmed with a stolen key, of whichever party, is not confirmed.
    fn unconfirm(&mut self, claim: &KeyChange, since: Timestamp, mark: Mark) {
        let stolen = |made: &Confirmation| {
            *made.verification_method == claim.verification_method && made.mark.logged_at >= since
        };
        let touched = self.parties.iter().filter(|(_, it)| it.confirmations.iter().any(stolen));
        let touched: Vec<PartySlug> = touched.map(|(slug, _)| slug.clone()).collect();
        for slug in touched {
            let Some(party) = self.parties.get_mut(&slug) else { continue };
            let all = std::mem::take(&mut Arc::make_mut(party).confirmations);
            let (void, good): (Vec<_>, Vec<_>) = all.into_iter().partition(stolen);
            Arc::make_mut(party).confirmations = good;
            for serial in void.iter().flat_map(|made| made.serials.iter()) {
                self.change_certificate(*serial, |certificate| certificate.confirmed = None);
                self.rights.rewritten_certificates.insert(*serial, mark.index);
            }
            void.iter().for_each(|made| self.reopened(made.mark, mark));
        }
    }

    fn confirmed(&mut self, claim: &Reconfirmation, statement: &Statement, mark: Mark) {
        self.changes_settled(claim, statement, mark);
        let by_entry = claim.entries.iter().filter_map(|(index, _)| self.serial_at.get(index));
        let by_serial = claim.serials.iter().flat_map(crate::statement::SerialRanges::iter);
        let serials: Arc<[u64]> = by_serial.chain(by_entry.copied()).collect();
        for serial in serials.iter() {
            self.change_certificate(*serial, |certificate| certificate.confirmed = Some(mark));
        }
        let verification_method = Word::new(&statement.proof.verification_method);
        if let Some(party) = self.parties.get_mut(&claim.party) {
            let made = Confirmation { verification_method, mark, serials };
            Arc::make_mut(party).confirmations.push(made);
        }
    }

    fn scope_changed(&mut self, claim: &ScopeChange, statement: &Statement, mark: Mark) {
        let Some(party) = self.parties.get_mut(&claim.party) else { return };
        let mut accreditations = Arc::make_mut(party).accreditations.iter_mut();
        if let Some(record) = accreditations.find(|record| record.id == claim.accreditation) {
            record.events.push(ScopeEvent::of(claim, &statement.issuer, mark));
        }
    }

    /// The new root stands, the old one and what it does not keep is retired.
    fn succeeded(&mut self, claim: &RootSuccession, mark: Mark) {
        self.root_successor = Some(claim.successor);
        self.public_keys.insert(claim.public);
        let authority = crate::statement::PartySlug::authority();
        let Some(party) = self.parties.get_mut(&authority) else { return };
        let party = Arc::make_mut(party);
        for key in &mut party.keys {
            let mut kept = claim.keeps.iter();
            if !kept.any(|kept| kept.verification_method == key.verification_method) {
                key.retired = key.retired.or(Some(mark));
            }
        }
        party.keys.push(KeyRecord {
            verification_method: claim.verification_method.clone(),
            public: claim.public,
            purpose: KeyPurpose::Root,
            custody: Custody::Own,
            schemes: Vec::new(),
            not_after: None,
            parties: Vec::new(),
            counts_from: None,
            added: mark,
            retired: None,
            compromised: None,
        });
    }

    fn declared(&mut self, claim: &LotDeclaration, statement: &Statement, mark: Mark) {
        let facts = &claim.facts;
        let season = (statement.issuer.clone(), facts.product.clone(), facts.campaign.clone());
        let before = self.seasons.get(&season).copied().unwrap_or_default();
        let total = before.saturating_add(facts.quantity);
        let issuer = &statement.issuer;
        let capacity = self.capacity(issuer, &facts.product, &facts.campaign, mark.logged_at);
        let held = capacity.is_some_and(|capacity| total > capacity);
        // Held lots do not count from edition 1 on, until they are released.
        let counted = !held || self.edition() == 0;
        if counted {
            self.seasons.insert(season, total);
        }
        let mut lot = Lot {
            declaration: claim.clone(),
            producer: statement.issuer.clone(),
            mark,
            certificates: Vec::new(),
            labels_issued: 0,
            events: Vec::new(),
            counted,
            label_runs: Vec::new(),
            labels_void: Vec::new(),
        };
        if held {
            lot.events.push(self.capacity_hold(mark));
        }
        self.lots.insert(claim.lot.clone(), Arc::new(lot));
    }

    /// A season above declared capacity is held until a signed release (rule 9).
    fn capacity_hold(&self, mark: Mark) -> StatusEvent {
        let authority = self.authority().map(|party| party.registration.party.clone());
        StatusEvent {
            action: StatusAction::Hold,
            reason: Reason::Capacity,
            effective_from: mark.logged_at,
            by: authority.unwrap_or_else(crate::statement::PartySlug::authority),
            notice: std::collections::BTreeMap::new(),
            mark,
            ends: None,
        }
    }

    fn certified(&mut self, claim: &CertificateClaim, statement: &Statement, mark: Mark) {
        self.change_lot(&claim.lot, |lot| lot.certificates.push(claim.serial));
        self.gtin_used(&claim.lot);
        self.serial_at.insert(mark.index, claim.serial);
        let list = claim.serial / STATUS_LIST_SERIALS;
        for purpose in StatusPurpose::ALL {
            let missing = ListState { versions: Vec::new(), stale_since: Some(mark.logged_at) };
            self.lists.entry((purpose, list)).or_insert(missing);
        }
        let certificate = Certificate {
            claim: claim.clone(),
            issuer: statement.issuer.clone(),
            verification_method: Word::new(&statement.proof.verification_method),
            digest: statement.digest,
            mark,
            events: Vec::new(),
            confirmed: None,
        };
        self.certificates.insert(claim.serial, Arc::new(certificate));
        self.serial_used(claim);
    }

    fn status_changed(&mut self, claim: &StatusChange, statement: &Statement, mark: Mark) {
        let event = StatusEvent::of(claim, &statement.issuer, mark);
        let event = self.event_in_force(event, &claim.target);
        self.change_kept(&claim.target, &event, statement);
        match &claim.target {
            StatusTarget::Lot(key) => {
                self.change_lot(key, |lot| lot.events.push(event));
                if claim.action == StatusAction::Release && self.edition() > 0 {
                    self.count_released(key);
                }
            }
            StatusTarget::Party(slug) => {
                if let Some(party) = self.parties.get_mut(slug) {
                    Arc::make_mut(party).events.push(event);
                }
            }
            StatusTarget::Certificate(serial) => self.certificate_changed(*serial, event, mark),
            StatusTarget::Certificates(serials) => {
                for serial in serials.iter() {
                    self.certificate_changed(serial, event.clone(), mark);
                }
            }
        }
    }

    fn certificate_changed(&mut self, serial: u64, event: StatusEvent, mark: Mark) {
        let Some(certificate) = self.certificates.get_mut(&serial) else { return };
        Arc::make_mut(certificate).events.push(event);
        self.reflag(serial, mark);
    }

    /// Brings the status lists' flags of a certificate up to its events.
    pub(super) fn reflag(&mut self, serial: u64, mark: Mark) {
        let Some(certificate) = self.certificates.get(&serial) else { return };
        // The change takes effect within the clock skew at the latest.
        let soon = mark.logged_at.plus_seconds(crate::limits::CLOCK_SKEW_SECONDS);
        let status = certificate.status(None, soon);
        let set = [
            (StatusPurpose::Revocation, status == CertificateStatus::Withdrawn),
            (StatusPurpose::Suspension, status == CertificateStatus::Suspended),
        ];
        for (place, (purpose, flag)) in set.into_iter().enumerate() {
            let Some(flagged) = self.flagged.get_mut(place) else { continue };
            let changed = if flag {
                flagged.insert(serial).is_none()
            } else {
                flagged.remove(&serial).is_some()
            };
            if changed {
                self.mark_stale(purpose, serial, mark.logged_at);
            }
        }
    }

    fn mark_stale(&mut self, purpose: StatusPurpose, serial: u64, at: Timestamp) {
        let name = (purpose, serial / STATUS_LIST_SERIALS);
        let state = self.lists.entry(name).or_default();
        state.stale_since = state.stale_since.or(Some(at));
    }

    pub(super) fn change_certificate(
        &mut self,
        serial: u64,
        change: impl FnOnce(&mut Certificate),
    ) {
        if let Some(certificate) = self.certificates.get_mut(&serial) {
            change(Arc::make_mut(certificate));
        }
    }

    pub(super) fn change_lot(
        &mut self,
        key: &crate::statement::LotKey,
        change: impl FnOnce(&mut Lot),
    ) {
        if let Some(lot) = self.lots.get_mut(key) {
            change(Arc::make_mut(lot));
        }
    }
}
