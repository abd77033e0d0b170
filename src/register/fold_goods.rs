//! The fold of what edition 2 brought: events, the figures of certificates, labels and rulebooks,
//! and what is held by a rule or by descent. Only what was judged comes here.
//! Not here: the rules that let it in (`rules_event`, `rules_born`, `rules_papers`).

use std::sync::Arc;

use super::Register;
use super::goods_acts::{Translator, model, quantity, said};
use super::goods_book::book;
use super::lots::{LotChanges, place_of};
use super::names::NameId;
use super::rows::LotRow;
use super::status::{Inherited, LotStatus, StatusEvent, in_effect};
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{
    CertificateClaim, Event, EventKind, LabelIssue, LabelVoid, LotDeclaration, Reason, Rulebook,
    Statement, StatusAction, StatusChange, StatusTarget, Timestamp, Undone,
};
use crate::trace::{Act, Declaration, HeldFor, Holder, LotHandle, Material, Opening, Outcome};

impl Register {
    /// Whether the figures are kept.
    pub(super) fn keeps_goods(&self) -> bool {
        self.facts.goods.since.is_some()
    }

    /// Brings the figures to an instant: what has ended by then holds nothing any more.
    pub(super) fn goods_until(&mut self, now: Timestamp) {
        if !self.keeps_goods() {
            return;
        }
        let is_due = |(at, _): &&(Timestamp, u32)| *at <= now;
        if self.facts.goods.due.iter().next().filter(is_due).is_none() {
            return;
        }
        self.goods.trace = self.trace_at(now).into_owned();
        let due: Vec<_> = self.facts.goods.due.iter().take_while(is_due).copied().collect();
        for one in due {
            self.facts.goods.due.remove(&one);
        }
    }

    /// Takes an act in that was judged, with the names it brought.
    fn take_act(&mut self, act: Act, names: super::names::Names, now: Timestamp) -> Outcome {
        self.names = names;
        // It was judged against these very figures.
        self.goods.trace.apply(&said(act, now)).unwrap_or_default()
    }

    pub(super) fn event_taken(&mut self, claim: &Event, statement: &Statement, mark: LogPosition) {
        let mut translator = Translator::new(self, mark.logged_at);
        let whose = self.in_whose_name(statement);
        let Ok(act) = translator.event(claim, whose) else { return };
        let issuer = translator.holder(whose);
        let Translator { names, uses, .. } = translator;
        self.names = names;
        let (at, logged_at) = (claim.at.seconds(), mark.logged_at.seconds());
        if let Act::Void { of } | Act::Reclaim { of } = act {
            self.prices_end_with(of, mark);
        }
        let event = crate::trace::Event { at, logged_at, issuer, act };
        let Ok(outcome) = self.goods.trace.apply(&event) else { return };
        self.facts.operators.uses = uses;
        if outcome.event.is_some() {
            self.goods.events.push_back(mark.index);
        }
        if let Some(event) = outcome.event {
            self.shipment_kept(claim, event);
        }
        if let (Some(region), EventKind::Transform(_), Some(event)) =
            (&claim.region, &claim.kind, outcome.event)
        {
            self.facts.goods.regions.insert(event.0, Word::new(region));
        }
        let authority = self.authority().map(|party| party.registration.party.clone());
        let by = authority.unwrap_or_else(PartySlug::authority);
        for (lot, why) in outcome.held {
            let reason = match why {
                HeldFor::Reclaimed if statement.issuer.is_authority() => Reason::KeyCompromise,
                why => reason(why),
            };
            let hold = rule_hold(reason, &by, mark);
            self.lots.change(lot.0, |changes| changes.events.push(hold));
            self.status_told(lot.0, mark.logged_at);
        }
        if let EventKind::Void(what) = &claim.kind {
            self.undone(&what.of, mark);
        }
    }

    /// What a rule held for an event that was undone, and what an undone lot counted.
    fn undone(&mut self, of: &Undone, mark: LogPosition) {
        match of {
            Undone::Event(id) => {
                let Some(index) = self.ids.index_of(&self.domain.event_iri(id)) else { return };
                let event = self.goods.event_at(index);
                let lots = event.map(|event| self.goods.trace.lots_of(event)).unwrap_or_default();
                let held = |changed: &LotChanges| {
                    changed.events.iter().any(|event| event.mark.index == index)
                };
                for lot in lots {
                    if self.lots.changed(lot.0).is_some_and(held) {
                        self.lots.change(lot.0, |changes| {
                            changes.events.retain(|event| event.mark.index != index);
                        });
                        self.status_told(lot.0, mark.logged_at);
                    }
                }
            }
            Undone::Declaration(key) => {
                self.uncount(key);
                if let Some(place) = self.lots.place(key) {
                    self.facts.goods.undeclared.insert(place, mark.index);
                }
            }
            Undone::Change(_) | Undone::Price(_) => {}
        }
    }

    /// A lot that is no more counts nothing.
    fn uncount(&mut self, key: &LotKey) {
        let Some(lot) = self.lot(key) else { return };
        self.give_back(&lot);
        if !lot.counted {
            return;
        }
        if let Some((material, counted)) = self.counted_as(&lot) {
            let season = (lot.record.producer.clone(), material, lot.campaign.clone());
            let total = self.facts.seasons.entry(season).or_default();
            *total = total.saturating_sub(counted);
        }
        self.change_lot(key, |changes| changes.uncounted = true);
    }

    /// What a lot counts of which material; None: nothing.
    pub(super) fn counted_as(&self, lot: &super::Lot) -> Option<(Word, u64)> {
        let record = &lot.record;
        let plain = (record.product.clone(), record.quantity);
        let Some(place) = self.lots.place(&record.lot).filter(|_| self.keeps_goods()) else {
            return Some(plain);
        };
        if let Some(counts) = self.facts.goods.counts.get(&place) {
            return Some(counts.clone());
        }
        let view = self.goods.trace.lot_view(LotHandle(place));
        let derived = view.is_some_and(|view| view.opening == Opening::Derived);
        (!derived).then_some(plain)
    }

    /// A lot joins the figures; the answer is what a rule holds it for.
    pub(super) fn born(
        &mut self,
        claim: &LotDeclaration,
        producer: &PartySlug,
        mark: LogPosition,
    ) -> Vec<HeldFor> {
        if !self.keeps_goods() {
            return Vec::new();
        }
        let opening = self.opening(claim, producer, mark.logged_at).unwrap_or(Opening::Declared);
        let harvested = (opening == Opening::Primary).then(|| claim.packed_on.days());
        let declaration = Declaration {
            material: Material(self.names.of(&claim.facts.product).0),
            producer: Holder(self.names.of(producer.as_str()).0),
            quantity: quantity(claim.facts.quantity),
            opening,
            harvested: harvested.and_then(|day| i32::try_from(day).ok()),
        };
        // What opens full was there from its harvest or packing on.
        let at = claim.packed_on.start().min(mark.logged_at);
        let (at, logged_at) = (at.seconds(), mark.logged_at.seconds());
        let issuer = declaration.producer;
        let event = crate::trace::Event { at, logged_at, issuer, act: Act::Declare(declaration) };
        let outcome = self.goods.trace.apply(&event).unwrap_or_default();
        outcome.held.into_iter().map(|(_, why)| why).collect()
    }

    pub(super) fn certificate_counted(&mut self, claim: &CertificateClaim, mark: LogPosition) {
        if !self.keeps_goods() {
            return;
        }
        let mut translator = Translator::new(self, mark.logged_at);
        let Ok(act) = self.certifying(claim, &mut translator) else { return };
        let names = translator.names;
        self.volume_used(claim, mark.logged_at);
        self.take_act(act, names, mark.logged_at);
    }

    pub(super) fn labels_counted(&mut self, claim: &LabelIssue, mark: LogPosition) {
        if !self.keeps_goods() {
            return;
        }
        let schemes = self.on_labels(claim, mark.logged_at);
        let Ok(act) = self.labelling(claim, mark.logged_at) else { return };
        self.take_act(act, self.names.clone(), mark.logged_at);
        if let Some(place) = self.lots.place(&claim.lot) {
            self.facts.goods.on_labels.insert(place, schemes);
        }
    }

    pub(super) fn labels_uncounted(&mut self, claim: &LabelVoid, mark: LogPosition) {
        if let Ok(act) = self.unlabelling(claim)
            && self.keeps_goods()
        {
            self.take_act(act, self.names.clone(), mark.logged_at);
        }
    }

    /// A rulebook's lists come into force; the first that puts edition 2 in force brings all lots
    /// so far into the figures, as declared on their producers' word.
    pub(super) fn goods_rules_set(&mut self, claim: &Rulebook, mark: LogPosition) {
        if claim.edition < 2 {
            return;
        }
        let goods = &mut self.facts.goods;
        let first = goods.since.is_none();
        goods.rulebooks.push(mark.index);
        goods.since = goods.since.or(Some(mark.logged_at));
        goods.rules = Arc::new(claim.goods.clone());
        for added in &claim.goods.materials {
            goods.materials.insert(Word::new(&added.id), added.clone());
        }
        for one in &claim.goods.traced_from {
            goods.traced.insert(Word::new(&one.material), one.at);
        }
        let mut names = self.names.clone();
        let book = book(claim, self.catalog, &mut names);
        self.take_act(Act::Book(book), names, mark.logged_at);
        if first {
            self.all_lots_so_far(mark);
        }
    }

    fn all_lots_so_far(&mut self, mark: LogPosition) {
        let now = mark.logged_at;
        let rows: Vec<LotRow> = self.lots.rows().copied().collect();
        for row in &rows {
            let declaration = Declaration {
                material: Material(row.product.0),
                producer: Holder(row.producer.0),
                quantity: quantity(row.quantity),
                opening: Opening::Declared,
                harvested: None,
            };
            let at = super::rows::day(row.packed_on).start().seconds().min(row.logged_at);
            let logged_at = row.logged_at;
            let (issuer, act) = (declaration.producer, Act::Declare(declaration));
            let event = crate::trace::Event { at, logged_at, issuer, act };
            let _declared = self.goods.trace.apply(&event);
        }
        let certificates: Vec<_> = self.certificates.rows().copied().collect();
        for row in certificates {
            let (lot, certified) = (LotHandle(row.lot), quantity(row.quantity));
            let (scheme, model) = (crate::trace::SchemeId(row.scheme.0), Some(model(row.custody)));
            let act = Act::Certify { lot, scheme, quantity: certified, model };
            let _certified = self.goods.trace.apply(&said(act, now));
        }
        let changed: Vec<(u32, u64)> =
            self.lots.changes().map(|(place, changes)| (place, changes.labels_issued)).collect();
        for (place, labels) in changed {
            if labels > 0 {
                self.old_labels(place, labels, now);
            }
            self.status_told(place, now);
        }
    }

    /// Labels from before: which schemes they name was not kept, so all that are in force count.
    fn old_labels(&mut self, place: u32, count: u64, now: Timestamp) {
        let Some(row) = self.lots.row(place).copied() else { return };
        let (lot, pack_size, certified) = (LotHandle(place), row.pack_size, u64::MAX);
        let act = Act::Label { lot, count, pack_size, certified };
        let _labelled = self.goods.trace.apply(&said(act, now));
        let certified = self.certified_in_force(&self.key_of_lot(&row), now);
        self.facts.goods.on_labels.insert(place, certified.into_keys().collect());
    }

    /// Tells the figures what is said of a lot now, and keeps when that changes by itself.
    pub(super) fn status_told(&mut self, place: u32, now: Timestamp) {
        if !self.keeps_goods() || place_of(self.goods.trace.lot_count()) <= place {
            return;
        }
        let mut trace = self.goods.trace.clone();
        self.tell_status(&mut trace, place, now);
        self.goods.trace = trace;
        let changed = self.lots.changed(place);
        let events = changed.map_or(&[][..], |changed| changed.events.as_slice());
        let times = events.iter().flat_map(|event| [Some(event.effective_from), event.ends]);
        let due: Vec<Timestamp> = times.flatten().filter(|at| *at > now).collect();
        for at in due {
            self.facts.goods.due.insert((at, place));
        }
    }

    /// The same of a lot by its key.
    pub(super) fn lot_status_told(&mut self, key: &LotKey, now: Timestamp) {
        if let Some(place) = self.lots.place(key) {
            self.status_told(place, now);
        }
    }

    /// Lifts what a release lifts of what a lot inherits; the answer is whether it is about the
    /// lot itself too, as every other change is.
    pub(super) fn released(
        &mut self,
        claim: &StatusChange,
        key: &LotKey,
        mark: LogPosition,
    ) -> bool {
        let Some(place) = self.lots.place(key).filter(|_| self.keeps_goods()) else { return true };
        if claim.action != StatusAction::Release {
            self.reach_anew(place, mark.logged_at);
        }
        if claim.lifts.is_empty() {
            return true;
        }
        let Ok(lifted) = self.lifted(claim, key) else { return true };
        // What holds the lot itself is lifted of itself.
        let own = lifted.own.then_some((place, place));
        let sources = lifted.sources.iter().map(|source| (source.0, place));
        let pairs = sources.chain(own).collect();
        self.facts.goods.lifts.insert(mark.index, pairs);
        self.lift(mark.index, true, mark.logged_at);
        lifted.own
    }

    /// A new hold or recall of a lot reaches what an older one was lifted for, too.
    fn reach_anew(&mut self, source: u32, now: Timestamp) {
        let of_it = |pair: &(u32, u32)| pair.0 == source && pair.1 != source;
        let lifts = self.facts.goods.lifts.iter();
        let touched = lifts.filter(|(_, pairs)| pairs.iter().any(of_it));
        let touched: Vec<u64> = touched.map(|(index, _)| *index).collect();
        for index in touched {
            let Some(pairs) = self.facts.goods.lifts.get_mut(&index) else { continue };
            let (again, left): (Vec<_>, Vec<_>) = pairs.iter().partition(|pair| of_it(pair));
            *pairs = left;
            for (source, lot) in again {
                let (source, lot, lifted) = (LotHandle(source), LotHandle(lot), false);
                let _reached =
                    self.goods.trace.apply(&said(Act::Lift { source, lot, lifted }, now));
            }
        }
    }

    /// What a release lifts of what a lot inherits, or no longer.
    pub(super) fn lift(&mut self, index: u64, lifted: bool, now: Timestamp) {
        let Some(pairs) = self.facts.goods.lifts.get(&index).cloned() else { return };
        for (source, lot) in pairs.into_iter().filter(|(source, lot)| source != lot) {
            let (source, lot) = (LotHandle(source), LotHandle(lot));
            let act = Act::Lift { source, lot, lifted };
            let _lifted = self.goods.trace.apply(&said(act, now));
        }
    }

    /// Whether a release with `lifts` lifted what held its lot itself.
    pub(super) fn lifts_own(&self, index: u64, target: &StatusTarget) -> bool {
        let StatusTarget::Lot(key) = target else { return true };
        let place = self.lots.place(key);
        let pairs = self.facts.goods.lifts.get(&index).into_iter().flatten();
        place.is_none_or(|place| pairs.into_iter().any(|pair| *pair == (place, place)))
    }

    /// The figures of goods: empty before edition 2.
    #[must_use]
    pub fn trace(&self) -> &crate::trace::Trace {
        &self.goods.trace
    }

    /// The number that a lot has in the figures; None: it is not there.
    #[must_use]
    pub fn lot_handle(&self, key: &LotKey) -> Option<LotHandle> {
        let place = self.lots.place(key)?;
        (place < place_of(self.goods.trace.lot_count())).then_some(LotHandle(place))
    }

    /// The number that a party has in the figures; None: it is named nowhere.
    #[must_use]
    pub fn holder(&self, party: &PartySlug) -> Option<Holder> {
        self.names.known(party.as_str()).map(|NameId(number)| Holder(number))
    }

    /// What a lot inherits of those it came from.
    #[must_use]
    pub fn inherited_status(&self, key: &LotKey) -> LotStatus {
        use crate::trace::Status;
        let handle = self.lot_handle(key);
        match handle.map(|handle| self.goods.trace.inherited_status(handle)) {
            Some(Status::Recalled) => LotStatus::Recalled,
            Some(Status::Held) => LotStatus::Held,
            _ => LotStatus::Released,
        }
    }

    /// The hold or recall that reaches a lot at an instant from one it was made of: the worst, of
    /// the nearest. Of a source so far above that it is not looked for, only that there is one is
    /// told, as the lot's own.
    #[must_use]
    pub fn inherited(&self, key: &LotKey, at: Timestamp) -> Option<Inherited> {
        let lot = self.lot_handle(key)?;
        let trace = self.trace_at(at);
        let worst = trace.inherited_status(lot);
        let from = || trace.inherited_from(lot).into_iter();
        let source = || from().find(|source| trace.own_status(*source) == worst);
        self.inherited_of(key, worst, source, at)
    }

    /// The same, where what it inherits and from which lot is known; the source is asked for only
    /// if it inherits anything.
    pub(super) fn inherited_of(
        &self,
        key: &LotKey,
        worst: crate::trace::Status,
        source: impl FnOnce() -> Option<LotHandle>,
        at: Timestamp,
    ) -> Option<Inherited> {
        use crate::trace::Status;
        let action = match worst {
            Status::Recalled => StatusAction::Recall,
            Status::Held => StatusAction::Hold,
            Status::Released => return None,
        };
        let source = source().and_then(|source| Some(self.key_of_lot(self.lots.row(source.0)?)));
        let told = source.as_ref().and_then(|source| self.lot(source));
        let told = told.and_then(|lot| in_effect(&lot.record.events, at).cloned());
        let authority = PartySlug::authority;
        Some(Inherited {
            action,
            reason: told.as_ref().map_or(Reason::Other, |event| event.reason),
            since: told.as_ref().map_or(at, |event| event.effective_from),
            by: told.as_ref().map_or_else(authority, |event| event.by.clone()),
            index: told.map_or(0, |event| event.mark.index),
            via: source.unwrap_or_else(|| key.clone()),
        })
    }

    /// Whether a lot was made of others, so that what is said of them reaches it.
    #[must_use]
    pub fn is_made_of_others(&self, key: &LotKey) -> bool {
        let lot = self.lot_handle(key);
        lot.is_some_and(|lot| self.goods.trace.fillings_of(lot).next().is_some())
    }

    /// The lots whose hold or recall one inherits, nearest first.
    #[must_use]
    pub fn inherited_from(&self, key: &LotKey) -> Vec<LotKey> {
        let handle = self.lot_handle(key);
        let from = handle.map(|handle| self.goods.trace.inherited_from(handle)).unwrap_or_default();
        from.into_iter().filter_map(|lot| Some(self.key_of_lot(self.lots.row(lot.0)?))).collect()
    }
}

fn reason(why: HeldFor) -> Reason {
    match why {
        HeldFor::Yield => Reason::Yield,
        HeldFor::Late => Reason::Late,
        HeldFor::Age => Reason::Age,
        HeldFor::Reclaimed => Reason::Other,
    }
}

/// A hold that a rule lays with an entry, nobody's until it is lifted.
pub(super) fn rule_hold(reason: Reason, by: &PartySlug, mark: LogPosition) -> StatusEvent {
    StatusEvent {
        action: StatusAction::Hold,
        reason,
        effective_from: mark.logged_at,
        by: by.clone(),
        notice: std::collections::BTreeMap::new(),
        mark,
        ends: None,
        return_to: None,
        voided: None,
    }
}

/// What rules hold a lot for that is declared.
pub(super) fn held_at_birth(
    for_capacity: bool,
    others: Vec<HeldFor>,
    by: &PartySlug,
    mark: LogPosition,
) -> Vec<StatusEvent> {
    let capacity = for_capacity.then_some(Reason::Capacity);
    let reasons = others.into_iter().map(reason).chain(capacity);
    reasons.map(|reason| rule_hold(reason, by, mark)).collect()
}
