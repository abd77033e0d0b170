//! The fold: one entry at a time, the only way the register changes. Pure: the same entries give
//! the same register, so anybody can replay the log and compare.

use std::sync::Arc;

use super::certificates::CertificateChanges;
use super::fold_goods::held_at_birth;
use super::lots::{LotChanges, place_of};
use super::names::NameId;
use super::records::{Confirmation, Party, PartyRecord};
use super::refusal::Refusal;
use super::rows::{CertificateRow, LotRow, NO_DAY, packed_day};
use super::rules::judge;
use super::state::{Flagged, ListState, Register, Today};
use super::status::{CertificateStatus, StatusEvent};
use crate::limits::STATUS_LIST_SERIALS;
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::{AccreditationRecord, Compromise, KeyRecord, LogPosition, Point, ScopeEvent};
use crate::statement::{
    Accreditation, CertificateClaim, Claim, KeyChange, KeyEvent, LotDeclaration, Reconfirmation,
    Registration, RootSuccession, ScopeChange, Statement, StatusAction, StatusChange,
    StatusPurpose, StatusTarget, Timestamp,
};

impl Register {
    /// Judges a statement logged at `mark` and, if no rule is broken, folds it in.
    ///
    /// # Errors
    /// The rule broken; the register is then unchanged.
    pub fn fold(&mut self, statement: &Statement, mark: LogPosition) -> Result<(), Refusal> {
        judge(self, statement, mark.logged_at)?;
        self.take(statement, mark);
        Ok(())
    }

    /// Folds in what was judged.
    pub(super) fn take(&mut self, statement: &Statement, mark: LogPosition) {
        self.goods_until(mark.logged_at);
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
                let list = self.facts.lists.entry((claim.purpose, claim.list)).or_default();
                list.versions.push(mark);
                list.stale_since = None;
            }
            Claim::StatusIndex(claim) => {
                self.facts.status_index = Some(mark);
                self.facts.status_indexes.insert(claim.covers, mark.index);
            }
            Claim::LabelIssue(claim) => {
                self.labels_counted(claim, mark);
                self.labels_put(claim, statement, mark);
            }
            Claim::LabelVoid(claim) => {
                self.labels_uncounted(claim, mark);
                self.labels_voided(claim);
            }
            Claim::Rulebook(claim) => {
                self.rulebook_set(claim, mark);
                self.goods_rules_set(claim, mark);
            }
            Claim::Event(claim) if claim.voids_recall().is_some() => {
                self.recall_voided(claim, mark);
            }
            Claim::Event(claim) if claim.undoes_price().is_some() => {
                self.price_undone(claim, mark);
            }
            Claim::Event(claim) => self.event_taken(claim, statement, mark),
            Claim::Agreement(claim) => self.agreed(claim, mark),
            Claim::PrefixGrant(claim) => self.granted(claim),
            Claim::Capacity(claim) => self.capacity_stated(claim, statement, mark),
            Claim::Reconfirmation(claim) => self.confirmed(claim, statement, mark),
            Claim::ScopeChange(claim) => self.scope_changed(claim, statement, mark),
            Claim::RootSuccession(claim) => self.succeeded(claim, mark),
            Claim::OperatorCertificate(claim) => self.operator_certified(claim, statement, mark),
            Claim::PricePaid(claim) => self.price_taken(claim, statement, mark),
            Claim::CertificateExtract(claim) => self.extract_taken(claim, statement, mark),
            Claim::Mandate(claim) => self.mandate_taken(claim, statement, mark),
        }
        self.mandate_kept(statement, mark);
        self.keep(statement, mark);
        debug_assert_eq!(self.broken_with(statement), None, "entry {}", mark.index);
    }

    /// Keeps that an entry is there, whatever it did.
    pub(super) fn keep(&mut self, statement: &Statement, mark: LogPosition) {
        self.signer_kept(statement, mark);
        self.digests.push(statement.digest);
        if !matches!(statement.claim, Claim::Lot(_) | Claim::Certificate(_)) {
            self.ids.insert(&statement.id, mark.index);
        }
        self.counted(&statement.issuer, mark.logged_at);
        self.facts.size = mark.index.saturating_add(1);
        self.facts.last_at = Some(mark.logged_at);
    }

    /// Counts an entry into its day.
    fn counted(&mut self, issuer: &PartySlug, at: Timestamp) {
        let day = at.day().days();
        let entries = self.facts.per_day.entry(day).or_default();
        *entries = entries.saturating_add(1);
        let today = &mut self.facts.today;
        if today.day != day {
            *today = Today { day, entries: imbl::OrdMap::new() };
        }
        let entries = today.entries.entry(issuer.clone()).or_default();
        *entries = entries.saturating_add(1);
    }

    fn registered(&mut self, claim: &Registration, mark: LogPosition) {
        if let Some(party) = self.facts.parties.get_mut(&claim.party) {
            let party = Arc::make_mut(party);
            party.registration = claim.clone();
            let record = Arc::make_mut(&mut party.record);
            record.name.clone_from(&claim.name);
            record.names.clone_from(&claim.names);
            record.contact.clone_from(&claim.contact);
            return;
        }
        let mut party = PartyRecord {
            party: claim.party.clone(),
            name: claim.name.clone(),
            role: claim.role,
            keys: Vec::new(),
            accreditations: Vec::new(),
            events: Vec::new(),
            names: claim.names.clone(),
            contact: claim.contact.clone(),
        };
        if party.is_authority() {
            let committed = claim.successor.as_deref();
            self.facts.root_successor = committed.and_then(crate::statement::parse_commitment);
            party.keys.push(KeyRecord { added: mark, ..self.root_record().clone() });
            self.public_keys.insert(self.root.public);
        }
        let (record, registration) = (Arc::new(party), claim.clone());
        let party = Party { record, registration, mark, confirmations: Vec::new() };
        self.facts.parties.insert(claim.party.clone(), Arc::new(party));
    }

    fn accredited(&mut self, claim: &Accreditation, statement: &Statement, mark: LogPosition) {
        if let Some(party) = self.party_mut(&claim.party) {
            party.accreditations.push(AccreditationRecord {
                id: statement.id.clone(),
                mark,
                scope: claim.scope.clone(),
                valid_from: claim.valid_from,
                valid_until: claim.valid_until,
                events: Vec::new(),
            });
        }
    }

    fn key_changed(&mut self, claim: &KeyChange, statement: &Statement, mark: LogPosition) {
        let counts_from = match &claim.event {
            KeyEvent::Added(key) => self.key_counts_from(claim, key, statement, mark),
            _ => {
                self.key_ended(claim, statement, mark);
                None
            }
        };
        if let KeyEvent::Added(key) = &claim.event {
            self.public_keys.insert(key.public);
        }
        let mut reported = None;
        let Some(party) = self.party_mut(&claim.party) else { return };
        let known =
            party.keys.iter_mut().find(|key| key.verification_method == claim.verification_method);
        match (&claim.event, known) {
            (KeyEvent::Added(key), _) => {
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
                    point: Point::default(),
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
                reported = Some(since);
            }
            (_, None) => {}
        }
        if let Some(since) = reported {
            self.unconfirm(claim, since, mark);
        }
    }

    /// What a thief may have confirmed with a stolen key, of whichever party, is not confirmed.
    fn unconfirm(&mut self, claim: &KeyChange, since: Timestamp, mark: LogPosition) {
        let stolen = |made: &Confirmation| {
            *made.verification_method == claim.verification_method && made.mark.logged_at >= since
        };
        let touched =
            self.facts.parties.iter().filter(|(_, it)| it.confirmations.iter().any(stolen));
        let touched: Vec<PartySlug> = touched.map(|(slug, _)| slug.clone()).collect();
        for slug in touched {
            let Some(party) = self.facts.parties.get_mut(&slug) else { continue };
            let all = std::mem::take(&mut Arc::make_mut(party).confirmations);
            let (void, good): (Vec<_>, Vec<_>) = all.into_iter().partition(stolen);
            Arc::make_mut(party).confirmations = good;
            for serial in void.iter().flat_map(|made| made.serials.iter()) {
                self.change_certificate(*serial, |changes| changes.confirmed = None);
                self.facts.rights.rewritten_certificates.insert(*serial, mark.index);
            }
            void.iter().for_each(|made| self.reopened(made.mark, mark));
        }
    }

    pub(super) fn confirmed(
        &mut self,
        claim: &Reconfirmation,
        statement: &Statement,
        mark: LogPosition,
    ) {
        self.changes_settled(claim, statement, mark);
        let by_entry = claim.entries.iter().filter_map(|(index, _)| {
            let row = self.certificates.row(self.certificates.place_at(*index)?)?;
            Some(row.serial)
        });
        let by_serial = claim.serials.iter().flat_map(crate::statement::SerialRanges::iter);
        let serials: Vec<u64> = by_serial.chain(by_entry).collect();
        for serial in &serials {
            self.change_certificate(*serial, |changes| changes.confirmed = Some(mark));
        }
        let verification_method = Word::new(&statement.proof.verification_method);
        if let Some(party) = self.facts.parties.get_mut(&claim.party) {
            let made = Confirmation { verification_method, mark, serials };
            Arc::make_mut(party).confirmations.push(made);
        }
    }

    fn scope_changed(&mut self, claim: &ScopeChange, statement: &Statement, mark: LogPosition) {
        let Some(party) = self.party_mut(&claim.party) else { return };
        let mut accreditations = party.accreditations.iter_mut();
        if let Some(record) = accreditations.find(|record| record.id == claim.accreditation) {
            record.events.push(ScopeEvent::of(claim, &statement.issuer, mark));
        }
    }

    /// The new root stands, the old one and what it does not keep is retired.
    fn succeeded(&mut self, claim: &RootSuccession, mark: LogPosition) {
        self.facts.root_successor = Some(claim.successor);
        self.public_keys.insert(claim.public);
        let Some(party) = self.party_mut(&PartySlug::authority()) else { return };
        for key in &mut party.keys {
            let mut kept = claim.keeps.iter();
            if !kept.any(|kept| kept.verification_method == key.verification_method) {
                key.retired = key.retired.or(Some(mark));
            }
        }
        party.keys.push(KeyRecord::root(claim.verification_method.clone(), claim.public, mark));
    }

    fn declared(&mut self, claim: &LotDeclaration, statement: &Statement, mark: LogPosition) {
        let issuer = &self.in_whose_name(statement).clone();
        let facts = &claim.facts;
        let (mut held, mut counted) = (false, true);
        let counts = self.counts(claim, issuer, mark.logged_at);
        if let Some((material, quantity, capacity)) = &counts {
            let season = (issuer.clone(), material.clone(), facts.campaign.clone());
            let before = self.facts.seasons.get(&season).copied().unwrap_or_default();
            let total = before.saturating_add(*quantity);
            held = capacity.is_some_and(|capacity| total > capacity);
            // Held lots do not count from edition 1 on, until they are released.
            counted = !held || self.edition() == 0;
            if counted {
                self.facts.seasons.insert(season, total);
            }
        }
        let row = self.lot_row(claim, statement, mark);
        let rules = self.born(claim, issuer, mark);
        let authority = self.authority().map(|party| party.registration.party.clone());
        let by = authority.unwrap_or_else(PartySlug::authority);
        let events = held_at_birth(held, rules, &by, mark);
        let is_held = !events.is_empty();
        let names = facts.names.clone();
        let changes = LotChanges { events, uncounted: !counted, names, ..LotChanges::default() };
        self.lots.push(row, &claim.lot, changes);
        let place = place_of(self.lots.len().saturating_sub(1));
        let elsewhere = counts.filter(|(material, ..)| *material != facts.product);
        if let Some((material, quantity, _)) = elsewhere {
            self.facts.goods.counts.insert(place, (material, quantity));
        }
        if is_held {
            self.status_told(place, mark.logged_at);
        }
    }

    fn lot_row(
        &mut self,
        claim: &LotDeclaration,
        statement: &Statement,
        mark: LogPosition,
    ) -> LotRow {
        let facts = &claim.facts;
        let (has_gtin, owner) = match &claim.lot {
            LotKey::Gtin(gtin, _) => (true, gtin.as_str()),
            LotKey::Party(party, _) => (false, party.as_str()),
        };
        let producer = self.in_whose_name(statement).clone();
        // From edition 1 on a lot can be confirmed if its key turns out to be stolen.
        let key = match self.edition() {
            0 => NameId::NONE,
            _ => self.names.of(&statement.proof.verification_method),
        };
        let mut name = |text: &str| self.names.of(text);
        LotRow {
            index: mark.index,
            logged_at: mark.logged_at.seconds(),
            quantity: facts.quantity,
            pack_size: facts.pack_size,
            packed_on: packed_day(claim.packed_on),
            expires_on: claim.expires_on.map_or(NO_DAY, packed_day),
            owner: name(owner),
            producer: name(producer.as_str()),
            key,
            product: name(&facts.product),
            name: name(&claim.name),
            hs_code: name(&claim.hs_code),
            region: name(&facts.region),
            unit: name(&facts.unit),
            campaign: name(&facts.campaign),
            has_gtin,
            number: *claim.lot.number(),
        }
    }

    fn certified(&mut self, claim: &CertificateClaim, statement: &Statement, mark: LogPosition) {
        self.gtin_used(&claim.lot);
        self.listed(claim.serial, mark);
        let Some(lot) = self.lots.place(&claim.lot) else { return };
        self.certificate_counted(claim, mark);
        let row = self.certificate_row(lot, claim, statement, mark);
        self.take_certificate(row);
        self.renewed(claim, mark);
        self.serial_used(claim.serial);
    }

    /// The status lists that a new serial stands in must exist.
    pub(super) fn listed(&mut self, serial: u64, mark: LogPosition) {
        let list = serial / STATUS_LIST_SERIALS;
        for purpose in StatusPurpose::ALL {
            let missing = ListState { versions: Vec::new(), stale_since: Some(mark.logged_at) };
            self.facts.lists.entry((purpose, list)).or_insert(missing);
        }
    }

    /// Puts a certificate behind those of its lot.
    pub(super) fn take_certificate(&mut self, row: CertificateRow) {
        let place = self.certificates.push(row);
        if let Some(before) = self.lots.certified(row.lot, place) {
            self.certificates.link(before, place);
        }
    }

    fn certificate_row(
        &mut self,
        lot: u32,
        claim: &CertificateClaim,
        statement: &Statement,
        mark: LogPosition,
    ) -> CertificateRow {
        let facts = &claim.facts;
        let mut name = |text: &str| self.names.of(text);
        let not_covered = match facts.not_covered.as_slice() {
            [] => NameId::NONE,
            // Texts have no way to fail.
            told => name(&serde_json::to_string(told).unwrap_or_default()),
        };
        CertificateRow {
            serial: claim.serial,
            index: mark.index,
            logged_at: mark.logged_at.seconds(),
            valid_from: claim.valid_from.seconds(),
            valid_until: claim.valid_until.seconds(),
            quantity: facts.quantity,
            lot,
            issuer: name(statement.issuer.as_str()),
            key: name(&statement.proof.verification_method),
            accreditation: name(&claim.accreditation),
            scheme: name(&claim.scheme),
            scheme_edition: name(&facts.scheme_edition),
            not_covered,
            decided_on: packed_day(facts.decision_date),
            assessed_on: packed_day(claim.assessed_on),
            custody: facts.custody_model,
        }
    }

    fn status_changed(&mut self, claim: &StatusChange, statement: &Statement, mark: LogPosition) {
        let event = StatusEvent::of(claim, &statement.issuer, mark);
        let event = self.event_in_force(event, &claim.target);
        self.change_kept(&claim.target, &event, statement);
        match &claim.target {
            StatusTarget::Lot(key) => {
                let own = self.released(claim, key, mark);
                if own {
                    self.change_lot(key, |lot| lot.events.push(event));
                }
                if own && claim.action == StatusAction::Release && self.edition() > 0 {
                    self.count_released(key);
                }
                self.lot_status_told(key, mark.logged_at);
            }
            StatusTarget::Party(slug) => {
                if let Some(party) = self.party_mut(slug) {
                    party.events.push(event);
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

    fn certificate_changed(&mut self, serial: u64, event: StatusEvent, mark: LogPosition) {
        self.change_certificate(serial, |changes| changes.events.push(event));
        self.reflag(serial, mark);
    }

    /// Brings the status lists' flags of a certificate up to its events.
    pub(super) fn reflag(&mut self, serial: u64, mark: LogPosition) {
        // The change takes effect within the clock skew at the latest.
        let soon = mark.logged_at.plus_seconds(crate::limits::CLOCK_SKEW_SECONDS);
        let Some(status) = self.issued_status(serial, soon) else { return };
        let set = [
            (StatusPurpose::Revocation, status == CertificateStatus::Withdrawn),
            (StatusPurpose::Suspension, status == CertificateStatus::Suspended),
        ];
        for (place, (purpose, flag)) in set.into_iter().enumerate() {
            let Some(Flagged(flagged)) = self.facts.flagged.get_mut(place) else { continue };
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
        let state = self.facts.lists.entry(name).or_default();
        state.stale_since = state.stale_since.or(Some(at));
    }

    pub(super) fn party_mut(&mut self, slug: &PartySlug) -> Option<&mut PartyRecord> {
        let party = Arc::make_mut(self.facts.parties.get_mut(slug)?);
        Some(Arc::make_mut(&mut party.record))
    }

    pub(super) fn change_certificate(
        &mut self,
        serial: u64,
        change: impl FnOnce(&mut CertificateChanges),
    ) {
        if let Some(place) = self.certificates.place(serial) {
            self.certificates.change(place, change);
        } else {
            self.change_operator(serial, change);
        }
    }

    pub(super) fn change_lot(&mut self, key: &LotKey, change: impl FnOnce(&mut LotChanges)) {
        if let Some(place) = self.lots.place(key) {
            self.lots.change(place, change);
        }
    }
}
