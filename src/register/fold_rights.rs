//! The fold of what edition 1 brought: rulebook, agreements, numbers, capacities, waiting keys,
//! spoilt labels, and changes of status that are confirmed or voided.
//! Not here: the rules that let them in (`rules_*`).

use super::Register;
use super::names::NameId;
use super::records::{LabelRun, Lot};
use super::rights::{
    AgreementRecord, CapacityRecord, ChangeRecord, GtinRecord, KeyEnd, PrefixRecord, RulebookState,
    SignedEntry,
};
use super::rules_changes::suspect_at;
use super::status::{LotStatus, StatusEvent};
use crate::limits::{
    CERTIFIER_ACT_SECONDS, INSPECTOR_HOLD_DAYS, LATER_FORMS_EDITION, SERIAL_WINDOW, WAIT_SECONDS,
};
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::{KeyRecord, KeyStanding, LogPosition};
use crate::statement::{
    Agreement, Capacity, CapacityStatement, KeyChange, KeyEvent, KeyPurpose, LabelIssue, LabelVoid,
    NewKey, PrefixGrant, Reconfirmation, Registration, Role, Rulebook, Statement, StatusAction,
    StatusTarget, Timestamp, folded_name,
};

use crate::trace::EventHandle;

impl Register {
    pub(super) fn rulebook_set(&mut self, claim: &Rulebook, mark: LogPosition) {
        let Rulebook { version, edition, .. } = *claim;
        if edition >= LATER_FORMS_EDITION && self.edition() < LATER_FORMS_EDITION {
            self.facts.rights.later_forms = Some(mark.index);
        }
        self.facts.rights.rulebook = Some(RulebookState { version, edition, mark });
    }

    pub(super) fn agreed(&mut self, claim: &Agreement, mark: LogPosition) {
        let record = AgreementRecord { agreement: claim.clone(), mark };
        self.facts.rights.agreements.entry(claim.client.clone()).or_default().push(record);
    }

    pub(super) fn granted(&mut self, claim: &PrefixGrant) {
        let grant = (claim.from.clone(), claim.numbers.clone());
        self.facts.rights.grants.entry(claim.to.clone()).or_default().push(grant);
    }

    pub(super) fn capacity_stated(
        &mut self,
        claim: &CapacityStatement,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let at_once = self.signed_by_root(statement);
        self.figure(&claim.party, &claim.capacity, &statement.issuer, at_once, mark);
    }

    /// Keeps whose an entry is, so that it can be confirmed if its key turns out to be stolen.
    pub(super) fn signer_kept(&mut self, statement: &Statement, mark: LogPosition) {
        use crate::statement::Claim;
        let elsewhere = matches!(
            statement.claim,
            Claim::Certificate(_)
                | Claim::Lot(_)
                | Claim::StatusChange(_)
                | Claim::StatusList(_)
                | Claim::StatusIndex(_)
        );
        if elsewhere || statement.issuer.is_authority() || self.edition() == 0 {
            return;
        }
        let entry = SignedEntry {
            party: statement.issuer.clone(),
            verification_method: Word::new(&statement.proof.verification_method),
            logged_at: mark.logged_at,
        };
        self.facts.rights.signed.insert(mark.index, entry);
    }

    /// Names, prefixes and capacities of a registration. What the first one states counts at once,
    /// and so does what the root signs; what a later one raises or adds waits.
    pub(super) fn registered_rights(
        &mut self,
        claim: &Registration,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let before =
            self.facts.parties.get(&claim.party).map(|party| party.registration.name.clone());
        let at_once = before.is_none() || self.edition() == 0 || self.signed_by_root(statement);
        if let Some(known) = before.as_ref().map(|name| folded_name(name))
            && let Some(parties) = self.facts.rights.names.get_mut(&known)
        {
            parties.retain(|party| *party != claim.party);
        }
        let parties = self.facts.rights.names.entry(folded_name(&claim.name)).or_default();
        parties.push(claim.party.clone());
        for capacity in &claim.capacities {
            self.figure(&claim.party, capacity, &statement.issuer, at_once, mark);
        }
        let own = |(prefix, record): (&String, &PrefixRecord)| {
            (record.party == claim.party && !claim.gtin_prefixes.contains(prefix))
                .then(|| prefix.clone())
        };
        let gone: Vec<String> = self.facts.rights.prefixes.iter().filter_map(own).collect();
        let by_root = self.signed_by_root(statement);
        for prefix in gone {
            self.facts.rights.prefixes.remove(&prefix);
            if !by_root {
                self.facts.rights.freed.insert(prefix, mark.logged_at);
            }
        }
        for prefix in &claim.gtin_prefixes {
            // Numbers taken from one party are not given to a newcomer at once.
            let at_once =
                at_once && (by_root || !self.facts.rights.freed_lately(prefix, mark.logged_at));
            let counts_from = counts_from(at_once, mark);
            let record = PrefixRecord { party: claim.party.clone(), counts_from };
            self.facts.rights.prefixes.entry(prefix.clone()).or_insert(record);
        }
    }

    fn figure(
        &mut self,
        party: &PartySlug,
        capacity: &Capacity,
        by: &PartySlug,
        at_once: bool,
        mark: LogPosition,
    ) {
        let Capacity { product, campaign, quantity } = capacity;
        let limit = self.facts.rights.capacity(party, product, campaign, mark.logged_at);
        let raises = limit.is_some_and(|limit| *quantity > limit);
        let key = (party.clone(), Word::new(product), Word::new(campaign));
        self.facts.rights.capacities.entry(key).or_default().push(CapacityRecord {
            quantity: *quantity,
            counts_from: counts_from(at_once || !raises, mark),
            by: by.clone(),
            index: mark.index,
        });
    }

    fn signed_by_root(&self, statement: &Statement) -> bool {
        let key = self.key(&statement.proof.verification_method);
        key.is_some_and(|key| key.purpose == KeyPurpose::Root)
    }

    /// From when on an added key counts, if not at once: 72 hours on, where the party has a key in
    /// force that did not cosign it. One that an ordinary key of the authority ended less than 72
    /// hours ago still counts for that: whoever holds it could end a party's key and add its own.
    pub(super) fn key_counts_from(
        &self,
        claim: &KeyChange,
        key: &NewKey,
        statement: &Statement,
        mark: LogPosition,
    ) -> Option<Timestamp> {
        let at_once = self.edition() == 0
            || claim.party == statement.issuer
            || key.cosigner.is_some()
            || self.signed_by_root(statement);
        let party = self.facts.parties.get(&claim.party)?;
        let asserts = |known: &&KeyRecord| known.purpose == KeyPurpose::Assertion;
        let in_force = |known: &KeyRecord| {
            known.standing(mark.logged_at) == KeyStanding::InForce && known.retired.is_none()
        };
        let waits = party
            .keys
            .iter()
            .filter(asserts)
            .any(|known| in_force(known) || self.ended_by_registrar(&claim.party, known, mark));
        (waits && !at_once).then(|| mark.logged_at.plus_seconds(WAIT_SECONDS))
    }

    fn ended_by_registrar(&self, party: &PartySlug, key: &KeyRecord, mark: LogPosition) -> bool {
        let ends = self.facts.rights.key_ends.get(party).into_iter().flatten();
        let mut ends = ends.filter(|end| *end.key == key.verification_method);
        ends.any(|end| {
            let whose = self.owner_of_key(&end.signed_with);
            let ordinary = self.key(&end.signed_with).is_some_and(|key| {
                whose.is_some_and(|whose| whose.is_authority()) && key.purpose != KeyPurpose::Root
            });
            ordinary && mark.logged_at < end.mark.logged_at.plus_seconds(WAIT_SECONDS)
        })
    }

    /// What the end of a key leaves behind: who signed it, and what a thief may have loosened with
    /// the key in its window, which has no effect until it is confirmed.
    pub(super) fn key_ended(
        &mut self,
        claim: &KeyChange,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let ends = self.facts.rights.key_ends.entry(claim.party.clone()).or_default();
        ends.push(KeyEnd {
            key: Word::new(&claim.verification_method),
            signed_with: Word::new(&statement.proof.verification_method),
            mark,
        });
        let KeyEvent::Compromised { since, .. } = &claim.event else { return };
        if self.edition() == 0 {
            return;
        }
        let suspect = |(index, change): (&u64, &ChangeRecord)| {
            let signed = *change.verification_method == claim.verification_method
                && change.event.mark.logged_at >= *since;
            let open = change.confirmed.is_none() && change.voided.is_none();
            (signed && open && change.event.action.loosens()).then_some(*index)
        };
        let indexes: Vec<u64> = self.facts.rights.changes.iter().filter_map(suspect).collect();
        for index in indexes {
            self.take_change_out(index, mark);
        }
    }

    /// Keeps a change of status, so that it can be confirmed or voided later.
    pub(super) fn change_kept(
        &mut self,
        target: &StatusTarget,
        event: &StatusEvent,
        statement: &Statement,
    ) {
        let record = ChangeRecord {
            target: target.clone(),
            event: event.clone(),
            verification_method: Word::new(&statement.proof.verification_method),
            confirmed: None,
            settled: None,
            voided: None,
        };
        self.facts.rights.changes.insert(event.mark.index, record);
    }

    /// What a change of status does: from edition 1 on what it loosens counts from its log time,
    /// and a certifier's hold ends after 30 days.
    pub(super) fn event_in_force(&self, event: StatusEvent, target: &StatusTarget) -> StatusEvent {
        if self.edition() == 0 {
            return event;
        }
        let event = event.loosening_from_log_time();
        let producer = match target {
            StatusTarget::Lot(key) => self.lot(key).map(|lot| lot.record.producer),
            _ => None,
        };
        let certifiers = producer.is_some_and(|producer| producer != event.by)
            && !event.by.is_authority()
            && event.action == StatusAction::Hold;
        let days = match self.party(&event.by).map(|party| party.registration.role) {
            Some(Role::Inspector) => INSPECTOR_HOLD_DAYS.saturating_mul(86_400),
            _ => CERTIFIER_ACT_SECONDS,
        };
        let ends = certifiers.then(|| event.mark.logged_at.plus_seconds(days));
        StatusEvent { ends, ..event }
    }

    /// Entries that were confirmed or voided beside certificates.
    pub(super) fn changes_settled(
        &mut self,
        claim: &Reconfirmation,
        statement: &Statement,
        mark: LogPosition,
    ) {
        for (index, _) in &claim.entries {
            self.confirm_change(*index, statement.issuer.is_authority(), mark);
        }
        for (index, _) in &claim.voids {
            if let Some(change) = self.facts.rights.changes.get_mut(index) {
                change.voided = Some(mark);
            }
            self.take_change_out(*index, mark);
        }
    }

    fn confirm_change(&mut self, index: u64, by_authority: bool, mark: LogPosition) {
        let Some(change) = self.facts.rights.changes.get_mut(&index) else {
            if self.certificates.place_at(index).is_none() {
                self.facts.rights.confirmed.insert(index, mark);
            }
            return;
        };
        change.confirmed = change.confirmed.or(Some(mark));
        if by_authority {
            change.settled = Some(mark);
            // It stands for good: a hold no longer ends by itself.
            change.event.ends = None;
        }
        let (target, event) = (change.target.clone(), change.event.clone());
        self.put_change(&target, &event, mark);
    }

    /// What was confirmed at `made`, with a key that turned out to be stolen, is open again.
    pub(super) fn reopened(&mut self, made: LogPosition, mark: LogPosition) {
        let by_it = |at: &Option<LogPosition>| *at == Some(made);
        let changes = self.facts.rights.changes.iter().filter(|(_, change)| {
            change.voided.is_none() && (by_it(&change.confirmed) || by_it(&change.settled))
        });
        let changes: Vec<(u64, ChangeRecord)> =
            changes.map(|(index, change)| (*index, change.clone())).collect();
        for (index, change) in changes {
            let confirmed = change.confirmed.filter(|at| *at != made);
            let settled = change.settled.filter(|at| *at != made);
            let event = match settled {
                None => self.event_in_force(change.event, &change.target),
                Some(_) => change.event,
            };
            let loose = event.action.loosens() && confirmed.is_none();
            let target = change.target.clone();
            let record = ChangeRecord { confirmed, settled, event: event.clone(), ..change };
            self.facts.rights.changes.insert(index, record);
            if loose {
                self.take_change_out(index, mark);
            } else {
                self.put_change(&target, &event, mark);
            }
        }
        let entries = self.facts.rights.confirmed.iter().filter(|(_, at)| **at == made);
        let entries: Vec<u64> = entries.map(|(index, _)| *index).collect();
        for index in entries {
            self.facts.rights.confirmed.remove(&index);
        }
    }

    /// The change is as if never logged.
    fn take_change_out(&mut self, index: u64, mark: LogPosition) {
        let Some(change) = self.facts.rights.changes.get(&index) else { return };
        let target = change.target.clone();
        self.lift(index, false, mark.logged_at);
        self.each_event_list(&target, mark, |events| {
            events.retain(|event| event.mark.index != index);
        });
    }

    /// The change stands in its place in the order of the log, once.
    pub(super) fn put_change(
        &mut self,
        target: &StatusTarget,
        event: &StatusEvent,
        mark: LogPosition,
    ) {
        if self.facts.goods.lifts.contains_key(&event.mark.index) {
            self.lift(event.mark.index, true, mark.logged_at);
            if !self.lifts_own(event.mark.index, target) {
                return;
            }
        }
        self.each_event_list(target, mark, |events| {
            let before = |known: &StatusEvent| known.mark.index < event.mark.index;
            let place = events.partition_point(before);
            match events.get_mut(place).filter(|known| known.mark.index == event.mark.index) {
                Some(known) => *known = event.clone(),
                None => events.insert(place, event.clone()),
            }
        });
    }

    fn each_event_list(
        &mut self,
        target: &StatusTarget,
        mark: LogPosition,
        change: impl Fn(&mut Vec<StatusEvent>),
    ) {
        match target {
            StatusTarget::Lot(key) => {
                self.change_lot(key, |lot| change(&mut lot.events));
                self.facts.rights.rewritten_lots.insert(key.clone(), mark.index);
                self.counted_anew(key, mark.logged_at);
                self.lot_status_told(key, mark.logged_at);
            }
            StatusTarget::Party(slug) => {
                if let Some(party) = self.party_mut(slug) {
                    change(&mut party.events);
                }
            }
            StatusTarget::Certificate(serial) => {
                self.change_certificate(*serial, |found| change(&mut found.events));
                self.rewritten(*serial, mark);
            }
            StatusTarget::Certificates(serials) => {
                for serial in serials.iter() {
                    self.change_certificate(serial, |found| change(&mut found.events));
                    self.rewritten(serial, mark);
                }
            }
        }
    }

    fn rewritten(&mut self, serial: u64, mark: LogPosition) {
        self.reflag(serial, mark);
        self.facts.rights.rewritten_certificates.insert(serial, mark.index);
    }

    pub(super) fn labels_put(
        &mut self,
        claim: &LabelIssue,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let by = statement.issuer.clone();
        self.change_lot(&claim.lot, |lot| {
            lot.labels_issued = lot.labels_issued.saturating_add(u64::from(claim.count));
            lot.label_runs.push(LabelRun { by, count: claim.count, mark });
        });
    }

    pub(super) fn labels_voided(&mut self, claim: &LabelVoid) {
        self.change_lot(&claim.lot, |lot| {
            lot.labels_issued = lot.labels_issued.saturating_sub(claim.serials.len() as u64);
            lot.labels_void.extend(claim.serials.iter().cloned());
        });
    }

    /// The first certified lot under a GTIN says what the GTIN stands for.
    pub(super) fn gtin_used(&mut self, key: &LotKey) {
        let LotKey::Gtin(gtin, _) = key else { return };
        if self.facts.rights.gtins.contains_key(gtin) {
            return;
        }
        let Some(Lot { record, pack_size, .. }) = self.lot(key) else { return };
        let (party, product, unit) = (record.producer, record.product, record.unit);
        let record = GtinRecord { party, product, unit, pack_size };
        self.facts.rights.gtins.insert(gtin.clone(), record);
    }

    /// Moves the next serial over all that are reached in steps of at most the window.
    pub(super) fn serial_used(&mut self, serial: u64) {
        if serial > self.facts.next_serial.saturating_add(SERIAL_WINDOW).saturating_sub(1) {
            return;
        }
        let mut reached = serial.saturating_add(1).max(self.facts.next_serial);
        // Outliers of older rules come into reach one after the other.
        loop {
            let last = reached.saturating_add(SERIAL_WINDOW).saturating_sub(1);
            let Some(serial) = self.certificates.last_serial(reached..=last) else { break };
            reached = serial.saturating_add(1);
        }
        self.facts.next_serial = reached;
    }

    /// A lot that capacity held counts into its campaign once it is released.
    pub(super) fn count_released(&mut self, key: &LotKey) {
        let Some(lot) = self.lot(key).filter(|lot| !lot.counted) else { return };
        let (total, counted) = self.season_of(&lot);
        *total = total.saturating_add(counted);
        self.change_lot(key, |lot| lot.uncounted = false);
        self.facts.rights.counted_late.insert(key.clone());
    }

    /// Whether a lot counts, after a change of its status was undone or stands again.
    fn counted_anew(&mut self, key: &LotKey, at: Timestamp) {
        let Some(lot) = self.lot(key) else { return };
        if lot.status(at) == LotStatus::Released {
            return self.count_released(key);
        }
        if lot.rule_hold(at).is_none() || self.facts.rights.counted_late.remove(key).is_none() {
            return;
        }
        let (total, counted) = self.season_of(&lot);
        *total = total.saturating_sub(counted);
        self.change_lot(key, |lot| lot.uncounted = true);
    }

    /// What is declared in the campaign that a lot is of, and what the lot counts of it.
    fn season_of(&mut self, lot: &Lot) -> (&mut u64, u64) {
        let record = &lot.record;
        let (material, counted) =
            self.counted_as(lot).unwrap_or_else(|| (record.product.clone(), 0));
        let season = (record.producer.clone(), material, lot.campaign.clone());
        (self.facts.seasons.entry(season).or_default(), counted)
    }

    /// Whose an entry is that is no certificate and no change of status, and which key signed it;
    /// None where edition 0 did not keep it.
    pub(super) fn signed_entry(&self, index: u64) -> Option<SignedEntry> {
        let lot = self.lots.place_at(index).and_then(|place| self.lots.row(place));
        let Some(row) = lot else { return self.facts.rights.signed.get(&index).cloned() };
        let key = (row.key != NameId::NONE).then(|| self.names.text(row.key))?;
        Some(SignedEntry {
            // Under a mandate another's than the producer's.
            party: self.owner_of_key(&key)?,
            verification_method: key,
            logged_at: Timestamp::from_seconds(row.logged_at),
        })
    }

    /// Whether a declaration, an event or a price was signed with a key in its suspect window and
    /// not confirmed since. It keeps its effect.
    #[must_use]
    pub fn is_entry_suspect(&self, index: u64) -> bool {
        let signed = self.signed_entry(index).filter(|_| self.confirmed_at(index).is_none());
        signed.is_some_and(|signed| {
            let key = self.key(&signed.verification_method);
            key.is_some_and(|key| suspect_at(key, signed.logged_at))
        })
    }

    /// Whether a certificate was signed with a key in its suspect window and not confirmed since:
    /// whatever its status, nobody should be told that it holds.
    #[must_use]
    pub fn is_certificate_suspect(&self, record: &super::CertificateRecord) -> bool {
        self.is_signed_suspect(&record.verification_method, record.mark, record.confirmed)
    }

    /// The same of a certificate of an operator.
    #[must_use]
    pub fn is_operator_suspect(&self, record: &super::OperatorRecord) -> bool {
        self.is_signed_suspect(&record.verification_method, record.mark, record.confirmed())
    }

    fn is_signed_suspect(
        &self,
        method: &str,
        mark: LogPosition,
        confirmed: Option<LogPosition>,
    ) -> bool {
        confirmed.is_none() && self.key(method).is_some_and(|key| suspect_at(key, mark.logged_at))
    }

    /// Whether a party takes a shipment back whatever answers it: the authority one that was signed
    /// with a stolen key, who gave a mandate one that was sent under it to who acted.
    pub(super) fn may_reclaim(&self, event: EventHandle, by: &PartySlug) -> bool {
        if self.goods.trace.ship_view(event).is_none() {
            return false;
        }
        if by.is_authority() {
            return self.goods.index_of(event).is_some_and(|index| self.is_entry_suspect(index));
        }
        self.sent_to_itself(event, by)
    }

    /// Whether a change was signed with a key in its suspect window and not confirmed since.
    #[must_use]
    pub fn is_suspect(&self, change: &ChangeRecord) -> bool {
        let key = self.key(&change.verification_method);
        let at = change.event.mark.logged_at;
        change.confirmed.is_none() && key.is_some_and(|key| suspect_at(key, at))
    }

    /// Whether a party is a certifier.
    #[must_use]
    pub fn is_certifier(&self, party: &PartySlug) -> bool {
        self.party(party).is_some_and(|party| party.registration.role == Role::Certifier)
    }
}

fn counts_from(at_once: bool, mark: LogPosition) -> Timestamp {
    if at_once { mark.logged_at } else { mark.logged_at.plus_seconds(WAIT_SECONDS) }
}
