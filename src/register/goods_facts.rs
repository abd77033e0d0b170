//! How what readers are told of a lot's goods follows from the register: where they come from, by
//! which steps, how much is covered, where they are. Bounded, whatever is asked of. Not here: the
//! values (`goods_record`), lists for whoever browses (`goods_views`), verdicts (`verify`).

use std::collections::{BTreeMap, BTreeSet};

use super::Register;
use super::goods_record::{
    CoverTold, CustodyTold, GoodsRecord, Grade, HolderTold, InputCertificate, LotTrace,
    MaterialTotal, ModelTold, OriginTold, OriginWord, PriceWord, StepTold,
};
use super::money::Price;
use super::status::{Inherited, StatusEvent};
use crate::limits::{HOLDERS_LISTED_MAX, PRODUCERS_MAX, TRACE_LISTED_MAX, TRACE_LOTS_MAX};
use crate::names::{LotKey, PartySlug, Word};
use crate::statement::{CustodyModel, Reason, Role, StatusAction, Timestamp};
use crate::trace::{
    Balance, EventHandle, LotHandle, Model, Opening, Origin, Path, SHARE_WHOLE, SchemeId, per_mille,
};

/// What lies above a lot, as far as records tell it.
pub(super) struct Above {
    pub producers: Vec<PartySlug>,
    pub inherited: Option<Inherited>,
    pub input_certificate: Option<InputCertificate>,
}

impl Register {
    /// What packs and dossiers know of a lot's goods at an instant; nothing of one that is on its
    /// producer's word and that no event was logged of.
    #[must_use]
    pub fn goods_record(&self, key: &LotKey, at: Timestamp) -> GoodsRecord {
        self.goods_record_by(key, at, |lot| {
            let path = self.trace().path(lot, TRACE_LOTS_MAX);
            Above {
                producers: self.producers(&path),
                inherited: self.inherited(key, at),
                input_certificate: self.input_certificate(key, &path, at),
            }
        })
    }

    /// The same, where what lies above a lot is looked up as the caller knows to.
    pub(super) fn goods_record_by(
        &self,
        key: &LotKey,
        at: Timestamp,
        above: impl FnOnce(LotHandle) -> Above,
    ) -> GoodsRecord {
        let trace = self.trace();
        let Some(lot) = self.lot_handle(key) else { return GoodsRecord::default() };
        let Some(balance) = trace.balance(lot) else { return GoodsRecord::default() };
        let origin = origin(trace.origin(lot));
        let silent = origin == OriginWord::Declared && trace.events_of(lot).next().is_none();
        if silent || trace.is_undeclared(lot) {
            return GoodsRecord::default();
        }
        let Above { producers, inherited, input_certificate } = above(lot);
        GoodsRecord {
            filled: Some(balance.filled),
            consumed: Some(balance.consumed),
            out: Some(balance.out()),
            origin: Some(origin),
            model: Some(self.model_told(key, lot, &self.cover_told(key, lot, at)).word),
            producers,
            inherited,
            input_certificate,
        }
    }

    /// The lots of which an event logged at an index or later tells something, and those whose
    /// declaration was undone.
    #[must_use]
    pub fn lots_moved_since(&self, since: u64) -> BTreeSet<LotKey> {
        let trace = self.trace();
        let count = u32::try_from(trace.event_count()).unwrap_or(u32::MAX);
        let newest = (0..count).rev().map(EventHandle);
        let newest = newest
            .take_while(|event| self.index_of_event(*event).is_some_and(|index| index >= since));
        let mut lots = BTreeSet::new();
        for event in newest {
            lots.extend(trace.lots_of(event));
            // What it undoes did something, too.
            let of = trace.event_view(event).and_then(|view| view.of);
            lots.extend(of.map(|of| trace.lots_of(of)).unwrap_or_default());
        }
        let count = u32::try_from(trace.lot_count()).unwrap_or(u32::MAX);
        lots.extend((0..count).map(LotHandle).filter(|lot| trace.is_undeclared(*lot)));
        lots.into_iter().filter_map(|lot| self.lot_named(lot)).collect()
    }

    /// What there is of each material over all lots; sums beyond 2^64 stay there.
    #[must_use]
    pub fn material_totals(&self) -> BTreeMap<Word, MaterialTotal> {
        let mut totals: BTreeMap<Word, MaterialTotal> = BTreeMap::new();
        let count = u32::try_from(self.trace().lot_count()).unwrap_or(u32::MAX);
        for lot in (0..count).map(LotHandle) {
            let told = self.trace().balance(lot).zip(self.lots.row(lot.0));
            let Some((balance, row)) = told else { continue };
            let total = totals.entry(self.names.text(row.product)).or_default();
            total.lots += 1;
            let parts = [
                (&mut total.filled, balance.filled),
                (&mut total.free, balance.free),
                (&mut total.packed, balance.packed),
                (&mut total.in_transit, balance.in_transit),
                (&mut total.disputed, balance.disputed),
                (&mut total.consumed, balance.consumed),
                (&mut total.out, balance.out()),
            ];
            parts.into_iter().for_each(|(sum, part)| *sum = sum.saturating_add(part));
        }
        totals
    }

    /// Who declared the lots that one began as, by their share, each once; nobody of one that began
    /// as itself.
    pub(super) fn producers(&self, path: &Path) -> Vec<PartySlug> {
        if path.lots.len() <= 1 {
            return Vec::new();
        }
        let mut named: Vec<(PartySlug, u64)> = Vec::new();
        for (lot, share) in self.trace().origins_of(path) {
            let Some(view) = self.trace().lot_view(lot) else { continue };
            let producer = self.holder_named(view.producer);
            match named.iter_mut().find(|(known, _)| *known == producer) {
                Some((_, sum)) => *sum = sum.saturating_add(share),
                None => named.push((producer, share)),
            }
        }
        named.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        named.truncate(PRODUCERS_MAX);
        named.into_iter().map(|(producer, _)| producer).collect()
    }

    /// All that a report tells of a lot's goods at an instant; None: no goods are followed yet, or
    /// there is no such lot.
    #[must_use]
    pub fn lot_trace(&self, key: &LotKey, at: Timestamp) -> Option<LotTrace> {
        let lot = self.lot_handle(key)?;
        let trace = self.trace();
        let balance = trace.balance(lot)?;
        let path = trace.path(lot, TRACE_LOTS_MAX);
        let cover = self.cover_told(key, lot, at);
        let origins = trace.origins_of(&path);
        // A lot that was filled from none is no origin of itself.
        let origins: Vec<_> = origins.into_iter().filter(|(one, _)| *one != lot).collect();
        let count = |count: usize| path.whole.then_some(count as u64);
        let listed = origins.iter().take(TRACE_LISTED_MAX);
        let mut steps = self.steps(&path, at);
        let step_count = count(steps.len());
        steps.truncate(TRACE_LISTED_MAX);
        Some(LotTrace {
            origin: origin(trace.origin(lot)),
            model: Some(self.model_told(key, lot, &cover)),
            cover,
            origin_count: count(origins.len()),
            origins: listed.filter_map(|(lot, share)| self.origin_told(*lot, *share)).collect(),
            steps,
            step_count,
            custody: Some(self.custody_told(lot, &balance)),
            inherited: self.inherited(key, at),
            input_certificate: self.input_certificate(key, &path, at),
            price: self.price_word(key),
        })
    }

    /// What is known of the price of a lot's first sale by its producer.
    #[must_use]
    pub fn price_word(&self, key: &LotKey) -> PriceWord {
        match self.price_of(key) {
            Price::None => PriceWord::None,
            Price::Undisclosed(_) => PriceWord::Undisclosed,
            Price::OneSided(_) => PriceWord::OneSided,
            Price::Confirmed(_) | Price::Audited(_) => PriceWord::Confirmed,
        }
    }

    fn cover_told(&self, key: &LotKey, lot: LotHandle, at: Timestamp) -> Vec<CoverTold> {
        let filled = self.trace().balance(lot).map_or(0, |balance| balance.filled);
        let told = self.schemes_of(key, lot, at).into_iter().map(|one| CoverTold {
            scheme: one.scheme,
            covered: one.cover,
            per_mille: one.cover.map(|cover| per_mille(cover, filled)),
            certified: one.certified,
        });
        told.collect()
    }

    /// The weakest model: that of what went in, and a blend where a scheme that it is certified
    /// under covers less than all.
    fn model_told(&self, key: &LotKey, lot: LotHandle, cover: &[CoverTold]) -> ModelTold {
        let trace = self.trace();
        let mut weakest = trace.custody(lot, None).0;
        if trace.lot_view(lot).is_none_or(|view| view.opening != Opening::Derived) {
            return ModelTold { word: model(weakest), per_mille: None };
        }
        let certified: BTreeSet<Word> =
            self.certificates_of(key).map(|found| found.record.scheme).collect();
        let kept = cover.iter().filter(|one| certified.contains(&one.scheme));
        let filled = trace.balance(lot).map_or(0, |balance| balance.filled);
        let mut share: Option<u16> = None;
        for one in kept {
            if one.covered.is_some_and(|covered| covered < filled) {
                weakest = weakest.max(Model::ControlledBlending);
            }
            share = share.into_iter().chain(one.per_mille).min();
        }
        ModelTold { word: model(weakest), per_mille: share }
    }

    /// The model of a lot under a scheme, as the figures have it.
    pub(super) fn custody_under(&self, lot: LotHandle, scheme: &str) -> Option<CustodyModel> {
        let number = self.names.known(scheme).map(|id| SchemeId(id.0));
        self.trace().lot_view(lot)?;
        Some(model(self.trace().custody(lot, number).0))
    }

    fn origin_told(&self, lot: LotHandle, share: u64) -> Option<OriginTold> {
        let record = self.lot_by_handle(lot)?.record;
        Some(OriginTold {
            // Who judges knows the names of parties, and says them.
            producer_name: String::new(),
            producer: record.producer,
            lot: Some(record.lot),
            product: Some(record.product),
            region: Some(record.region),
            on: Some(record.packed_on),
            per_mille: Some(per_mille(share, SHARE_WHOLE)),
        })
    }

    fn custody_told(&self, lot: LotHandle, balance: &Balance) -> CustodyTold {
        let at_hand = self.trace().holdings_of(lot).map(|(holder, holding)| HolderTold {
            party: self.holder_named(holder),
            quantity: holding.free.saturating_add(holding.packed),
        });
        let mut holders: Vec<HolderTold> = at_hand.filter(|one| one.quantity > 0).collect();
        let holder_count = Some(holders.len() as u64);
        holders.sort_by(|one, other| {
            other.quantity.cmp(&one.quantity).then_with(|| one.party.cmp(&other.party))
        });
        holders.truncate(HOLDERS_LISTED_MAX);
        CustodyTold {
            filled: balance.filled,
            free: Some(balance.free),
            packed: Some(balance.packed),
            in_transit: Some(balance.in_transit),
            disputed: Some(balance.disputed),
            consumed: balance.consumed,
            out: balance.out(),
            exhausted: balance.is_exhausted(),
            ended: balance.is_ended(),
            holders,
            holder_count,
        }
    }

    /// Events, declarations, certificates and holds by rule along a path, newest first.
    fn steps(&self, path: &Path, at: Timestamp) -> Vec<StepTold> {
        let on_path: BTreeSet<LotHandle> = path.lots.iter().copied().collect();
        // Handovers that were reclaimed since are none.
        let undone =
            |event: &&EventHandle| self.trace().event_view(**event).is_some_and(|view| view.undone);
        let events = path.events.iter().filter(|event| !undone(event));
        let mut steps: Vec<StepTold> =
            events.filter_map(|event| self.event_step(*event, &on_path)).collect();
        for lot in path.lots.iter().filter_map(|lot| self.lot_by_handle(*lot)) {
            steps.push(StepTold {
                what: Word::new("declare"),
                grade: self.grade(&lot.record.producer),
                index: lot.mark.index,
                at: lot.record.packed_on.start(),
                by: lot.record.producer.clone(),
                to: None,
                lot: lot.record.lot.clone(),
                quantity: Some(lot.record.quantity),
                how: Some(lot.record.product.clone()),
                region: Some(lot.record.region.clone()),
            });
            let holds = lot.record.events.iter().filter(|event| is_rule_hold(event, at));
            steps.extend(holds.map(|event| StepTold {
                what: Word::new("hold"),
                grade: Grade::Computed,
                index: event.mark.index,
                at: event.effective_from,
                by: event.by.clone(),
                to: None,
                lot: lot.record.lot.clone(),
                quantity: None,
                how: Some(Word::new(event.reason.word())),
                region: None,
            }));
            steps.extend(self.certificates_of(&lot.record.lot).map(|found| StepTold {
                what: Word::new("certify"),
                grade: Grade::Signed,
                index: found.record.mark.index,
                at: found.record.valid_from,
                by: found.record.issuer.clone(),
                to: None,
                lot: lot.record.lot.clone(),
                quantity: Some(found.record.quantity),
                how: Some(found.record.scheme.clone()),
                region: None,
            }));
        }
        steps.sort_by(|one, other| {
            other.index.cmp(&one.index).then_with(|| one.lot.cmp(&other.lot))
        });
        steps
    }

    fn event_step(&self, event: EventHandle, on_path: &BTreeSet<LotHandle>) -> Option<StepTold> {
        let trace = self.trace();
        let (view, what) = (trace.event_view(event)?, trace.kind_word(event)?);
        let by = self.holder_named(view.issuer);
        let made = trace.made(event);
        let moved = trace.moved(event).into_iter().map(|one| (one.lot, one.quantity));
        // Of a transformation what came out of it is told, else what moved.
        let lines: Vec<(LotHandle, u64)> =
            if made.fills.is_empty() { moved.collect() } else { made.fills };
        let first = lines.iter().find(|(lot, _)| on_path.contains(lot))?;
        let quantity = lines.iter().filter(|(lot, _)| *lot == first.0);
        let quantity = quantity.fold(0_u64, |sum, (_, part)| sum.saturating_add(*part));
        let to = trace.shipment_at(event).and_then(|shipment| shipment.to);
        Some(StepTold {
            what: Word::new(what),
            grade: self.grade(&by),
            index: self.index_of_event(event)?,
            at: Timestamp::from_seconds(view.at),
            by,
            to: to.map(|to| self.holder_named(to)),
            lot: self.lot_named(first.0)?,
            quantity: (quantity > 0).then_some(quantity),
            how: trace.way_of(event).map(|way| self.recipe_named(way)),
            region: self.facts.goods.regions.get(&event.0).cloned(),
        })
    }

    /// Whose word something is.
    fn grade(&self, party: &PartySlug) -> Grade {
        use Role::{Authority, Certifier, Inspector, Laboratory};
        let role = self.party(party).map(|party| party.registration.role);
        match role {
            Some(Authority | Certifier | Inspector | Laboratory) => Grade::Signed,
            _ => Grade::Stated,
        }
    }
}

/// A hold that a rule laid with an entry, and that still holds.
fn is_rule_hold(event: &StatusEvent, at: Timestamp) -> bool {
    let by_rule =
        matches!(event.reason, Reason::Yield | Reason::Late | Reason::Age | Reason::Capacity);
    event.action == StatusAction::Hold && by_rule && event.holds_at(at)
}

fn origin(origin: Origin) -> OriginWord {
    match origin {
        Origin::Traced => OriginWord::Traced,
        Origin::Partly => OriginWord::Partly,
        Origin::Declared => OriginWord::Declared,
    }
}

fn model(model: Model) -> CustodyModel {
    match model {
        Model::IdentityPreserved => CustodyModel::IdentityPreserved,
        Model::Segregated => CustodyModel::Segregated,
        Model::ControlledBlending => CustodyModel::ControlledBlending,
        Model::MassBalance => CustodyModel::MassBalance,
    }
}
