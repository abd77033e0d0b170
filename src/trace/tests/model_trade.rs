//! The model of shipments, receipts, settlements and units.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Codes, Effect, MUnit, Model, Pot};
use crate::trace::{Act, Destination, Event, Holder, LotHandle, Purpose, Settled, Unit};

/// What lay in which unit.
type Boxed = BTreeMap<(Unit, LotHandle), i128>;

const MONTH: i64 = 30 * 86_400;
const YEAR: i64 = 365 * 86_400;

impl Model {
    pub fn at_hand(&self, unit: Unit, holder: Holder) -> bool {
        self.units.get(&unit).is_some_and(|it| {
            it.holder == holder && it.parent.is_none() && it.rests_since.is_none() && !it.on_its_way
        })
    }

    fn children(&self, unit: Unit) -> Vec<Unit> {
        let own = self.units.iter().filter(|(_, it)| it.parent == Some(unit));
        own.map(|(unit, _)| *unit).collect()
    }

    pub fn whole(&self, unit: Unit) -> Vec<Unit> {
        let inner = self.children(unit).into_iter().flat_map(|one| self.whole(one));
        std::iter::once(unit).chain(inner.collect::<Vec<_>>()).collect()
    }

    pub fn goods_in(&self, unit: Unit) -> Vec<(LotHandle, i128)> {
        let own = self.pots.iter().filter(|((_, pot), grams)| *pot == Pot::In(unit) && **grams > 0);
        own.map(|((lot, _), grams)| (*lot, *grams)).collect()
    }

    pub fn ship(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) -> Boxed {
        let Act::Ship { to, parts, units, purpose } = &event.act else { return Boxed::new() };
        let here = self.events.len() as u32;
        if *to == Destination::Holder(event.issuer) {
            codes.insert("to_self");
        }
        let mut boxed = Boxed::new();
        let distinct: BTreeSet<_> = units.iter().collect();
        if distinct.len() < units.len() || !units.iter().all(|it| self.at_hand(*it, event.issuer)) {
            codes.insert("unit_state");
            return boxed;
        }
        for unit in units {
            effect.touched.insert(*unit);
            let own = self.units[unit].clone();
            let leaves = *to == Destination::Commitment;
            for one in self.whole(*unit) {
                for (lot, grams) in self.goods_in(one) {
                    boxed.insert((one, lot), grams);
                    let into = if leaves { Pot::Gone(event.issuer) } else { Pot::Transit(here) };
                    effect.moves.push((lot, Pot::In(one), into, grams));
                }
                if leaves {
                    let rests_since = Some(event.logged_at);
                    let it = MUnit { parent: None, rests_since, ..self.units[&one].clone() };
                    effect.units.push((one, Some(it)));
                    effect.touched.insert(one);
                }
            }
            if !leaves {
                effect.units.push((*unit, Some(MUnit { on_its_way: true, ..own })));
            }
        }
        let lots: BTreeSet<LotHandle> =
            parts.iter().map(|part| part.lot).chain(boxed.keys().map(|(_, lot)| *lot)).collect();
        self.all_known(lots.iter().copied(), codes);
        if !parts.is_empty() && !self.all_known(parts.iter().map(|part| part.lot), codes) {
            return boxed;
        }
        for part in parts {
            let grams = i128::from(part.quantity.get());
            self.take_free(part.lot, event.issuer, grams, codes);
            let into = match to {
                Destination::Holder(_) => Pot::Transit(here),
                Destination::Commitment => Pot::Gone(event.issuer),
            };
            effect.moves.push((part.lot, Pot::Free(event.issuer), into, grams));
        }
        for lot in lots {
            if *purpose != Purpose::RecallReturn {
                self.moves(lot, codes);
            }
            if self.opened_at(lot).is_some_and(|at| event.at < at) {
                codes.insert("event_time");
            }
            effect.closes.push(lot);
        }
        boxed
    }

    /// What waits to be answered: the pot it lies in, and how much of each lot.
    fn waiting(&self, of: u32) -> Option<(Pot, BTreeMap<LotHandle, i128>)> {
        let one = self.events.get(of as usize)?;
        let pot = match one.event.act {
            Act::Ship { .. } => Pot::Transit(of),
            Act::Receive { .. } => Pot::Back(of),
            _ => return None,
        };
        let own = self.pots.iter().filter(|((_, it), grams)| *it == pot && **grams > 0);
        Some((pot, own.map(|((lot, _), grams)| (*lot, *grams)).collect()))
    }

    pub fn shipment(&self, mut of: u32) -> u32 {
        while let Act::Receive { of: before, .. } = self.events[of as usize].event.act {
            of = before.0;
        }
        of
    }

    pub fn receive(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Receive { of, answers } = &event.act else { return };
        let here = self.events.len() as u32;
        let Some((pot, sent)) = self.waiting(of.0) else {
            codes.insert("shipment_state");
            return;
        };
        let one = &self.events[of.0 as usize];
        let ship = &self.events[self.shipment(of.0) as usize];
        let Act::Ship { to, units, purpose, .. } = &ship.event.act else { return };
        let back = pot == Pot::Back(of.0);
        let receiver = match to {
            _ if back => Some(ship.event.issuer),
            Destination::Holder(holder) => Some(*holder),
            Destination::Commitment => None,
        };
        if receiver != Some(event.issuer) {
            codes.insert("not_receiver");
        }
        if !one.stands || one.answered || sent.is_empty() {
            codes.insert("shipment_state");
        }
        if event.at < one.event.at {
            codes.insert("event_time");
        }
        let lots: BTreeSet<LotHandle> = answers.iter().map(|it| it.lot).collect();
        if lots.len() < answers.len() {
            codes.insert("lot_twice");
        }
        if lots != sent.keys().copied().collect() {
            codes.insert("receipt_sum");
        }
        let whole = !back && answers.iter().all(|it| it.missing == 0 && it.refused == 0);
        for answer in answers {
            let parts = [answer.accepted, answer.refused, answer.missing].map(i128::from);
            let sum: i128 = parts.iter().sum();
            if Some(&sum) != sent.get(&answer.lot) {
                codes.insert("receipt_sum");
                continue;
            }
            if back && answer.refused > 0 {
                codes.insert("shipment_state");
            }
            let lot = answer.lot;
            let mut loose = parts[0];
            for ((unit, _), grams) in ship.boxed.iter().filter(|((_, it), _)| *it == lot && whole) {
                effect.moves.push((lot, pot, Pot::In(*unit), *grams));
                loose -= grams;
            }
            effect.moves.push((lot, pot, Pot::Free(event.issuer), loose));
            effect.moves.push((lot, pot, Pot::Back(here), parts[1]));
            let rule = self.book.material(self.lots[lot.0 as usize].born.material);
            let dried = parts[2] * 1000 <= sum * i128::from(rule.tolerance);
            let into = if dried { Pot::Lost } else { Pot::Dispute(here) };
            effect.moves.push((lot, pot, into, parts[2]));
            if *purpose == Purpose::Processing && !back {
                let toll = Pot::Toll(event.issuer, ship.event.issuer);
                effect.moves.push((lot, Pot::World, toll, parts[0]));
            }
        }
        if !back {
            self.arrive(units, event, whole, effect);
        }
    }

    fn arrive(&self, units: &[Unit], event: &Event, whole: bool, effect: &mut Effect) {
        for unit in units {
            effect.touched.insert(*unit);
            for one in self.whole(*unit) {
                // Of a shipment that was undone a unit may be no more.
                let Some(own) = self.units.get(&one).cloned() else { continue };
                let new = if whole {
                    MUnit { holder: event.issuer, on_its_way: false, ..own }
                } else {
                    effect.touched.insert(one);
                    let rests_since = Some(event.logged_at);
                    MUnit { parent: None, on_its_way: false, rests_since, ..own }
                };
                effect.units.push((one, Some(new)));
            }
        }
    }

    pub fn settle(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Settle { of, lines, .. } = &event.act else { return };
        let lots: BTreeSet<LotHandle> = lines.iter().map(|line| line.lot).collect();
        if lines.is_empty() {
            codes.insert("event_empty");
        }
        if lots.len() < lines.len() {
            codes.insert("lot_twice");
        }
        let Some(one) = self.events.get(of.0 as usize).filter(|one| one.stands) else {
            codes.insert("shipment_state");
            return;
        };
        let (is_ship, is_receipt) = (
            matches!(one.event.act, Act::Ship { .. }),
            matches!(one.event.act, Act::Receive { .. }),
        );
        if !is_ship && !is_receipt {
            codes.insert("shipment_state");
            return;
        }
        let ship = &self.events[self.shipment(of.0) as usize];
        let Act::Ship { to: Destination::Holder(receiver), units, purpose, .. } = &ship.event.act
        else {
            codes.insert("shipment_state");
            return;
        };
        let shipper = ship.event.issuer;
        let whole = is_ship && !one.answered;
        let answer = |it: &&(usize, &super::model::MEvent)| match &it.1.event.act {
            Act::Receive { of: one, .. } => it.1.stands && one == of,
            _ => false,
        };
        let receipt = match is_ship {
            false => of.0,
            true => {
                let found = self.events.iter().enumerate().collect::<Vec<_>>();
                found.iter().find(answer).map_or(u32::MAX, |(at, _)| *at as u32)
            }
        };
        let pot = if whole { Pot::Transit(of.0) } else { Pot::Dispute(receipt) };
        if whole {
            let early = event.logged_at - one.event.logged_at < MONTH;
            if early || lines.iter().any(|line| line.how == Settled::Accepted) {
                codes.insert("shipment_state");
            }
            if event.issuer != shipper {
                codes.insert("not_receiver");
            }
            let all = self.waiting(of.0).map(|(_, all)| all).unwrap_or_default();
            let named = lines.iter().map(|line| (line.lot, i128::from(line.quantity.get())));
            if named.collect::<BTreeMap<_, _>>() != all {
                codes.insert("receipt_sum");
            }
            self.arrive(units, &Event { issuer: shipper, ..event.clone() }, false, effect);
        }
        let who = (event.issuer, shipper, *receiver);
        let toll = *purpose == Purpose::Processing;
        self.settle_lines(event, who, (pot, whole, toll), codes, effect);
    }

    fn settle_lines(
        &self,
        event: &Event,
        (issuer, shipper, receiver): (Holder, Holder, Holder),
        (pot, whole, toll): (Pot, bool, bool),
        codes: &mut Codes,
        effect: &mut Effect,
    ) {
        let Act::Settle { lines, third, .. } = &event.act else { return };
        for line in lines {
            let grams = i128::from(line.quantity.get());
            let who = if line.how == Settled::Accepted { receiver } else { shipper };
            if !third && !whole && issuer != who {
                codes.insert("not_receiver");
            }
            if !whole && self.pot(line.lot, pot) < grams {
                codes.insert("insufficient");
            }
            let into = match line.how {
                Settled::Lost => Pot::Lost,
                _ => Pot::Free(who),
            };
            effect.moves.push((line.lot, pot, into, grams));
            if toll && line.how == Settled::Accepted {
                let toll = Pot::Toll(receiver, shipper);
                effect.moves.push((line.lot, Pot::World, toll, grams));
            }
        }
    }

    pub fn pack(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Pack { unit, parts, units } = &event.act else { return };
        if parts.is_empty() && units.is_empty() {
            codes.insert("event_empty");
        }
        if !parts.is_empty() && !self.all_known(parts.iter().map(|part| part.lot), codes) {
            return;
        }
        if let Some(own) = self.units.get(unit)
            && own.rests_since.is_none_or(|since| event.logged_at - since < YEAR)
        {
            codes.insert("sscc_in_use");
        }
        let distinct: BTreeSet<_> = units.iter().collect();
        let fit = units.iter().all(|one| one != unit && self.at_hand(*one, event.issuer));
        if distinct.len() < units.len() || !fit {
            codes.insert("unit_state");
            return;
        }
        for part in parts {
            let grams = i128::from(part.quantity.get());
            self.moves(part.lot, codes);
            self.take_free(part.lot, event.issuer, grams, codes);
            effect.moves.push((part.lot, Pot::Free(event.issuer), Pot::In(*unit), grams));
        }
        let depth = units.iter().map(|one| self.depth(*one) + 1).max().unwrap_or(1);
        if depth > 4 {
            codes.insert("unit_contents");
        }
        effect.touched.insert(*unit);
        for one in units {
            effect.touched.insert(*one);
            let own = self.units[one].clone();
            effect.units.push((*one, Some(MUnit { parent: Some(*unit), ..own })));
        }
        let holder = event.issuer;
        let own = MUnit { holder, parent: None, rests_since: None, on_its_way: false };
        effect.units.push((*unit, Some(own)));
    }

    pub fn depth(&self, unit: Unit) -> usize {
        1 + self.children(unit).into_iter().map(|one| self.depth(one)).max().unwrap_or(0)
    }

    pub fn unpack(&self, event: &Event, codes: &mut Codes, effect: &mut Effect) {
        let Act::Unpack { unit, parts, units } = &event.act else { return };
        if !self.at_hand(*unit, event.issuer) {
            codes.insert("unit_state");
            return;
        }
        let all = parts.is_empty() && units.is_empty();
        let named: BTreeSet<LotHandle> = parts.iter().map(|part| part.lot).collect();
        if named.len() < parts.len() {
            codes.insert("lot_twice");
        }
        let stated = parts.iter().map(|part| (part.lot, i128::from(part.quantity.get())));
        let goods = if all { self.goods_in(*unit) } else { stated.collect() };
        let inner = if all { self.children(*unit) } else { units.clone() };
        let distinct: BTreeSet<_> = inner.iter().collect();
        if distinct.len() < inner.len() || !inner.iter().all(|it| self.children(*unit).contains(it))
        {
            codes.insert("unit_state");
        }
        let mut left: i128 = self.goods_in(*unit).iter().map(|(_, grams)| grams).sum();
        for (lot, grams) in goods {
            if self.pot(lot, Pot::In(*unit)) < grams {
                codes.insert("insufficient");
            }
            left -= grams;
            effect.moves.push((lot, Pot::In(*unit), Pot::Free(event.issuer), grams));
        }
        effect.touched.insert(*unit);
        for one in &inner {
            effect.touched.insert(*one);
            if let Some(own) = self.units.get(one) {
                effect.units.push((*one, Some(MUnit { parent: None, ..own.clone() })));
            }
        }
        let own = self.units[unit].clone();
        let empty = left == 0 && inner.len() == self.children(*unit).len();
        let rests_since = empty.then_some(event.logged_at);
        effect.units.push((*unit, Some(MUnit { rests_since, ..own })));
    }
}
