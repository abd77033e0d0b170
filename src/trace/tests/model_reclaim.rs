//! The model of a shipment that is taken back though it was answered: grams move from pot to pot.

use std::collections::BTreeSet;

use super::model::{Codes, Effect, MUnit, Model, Pot};
use crate::trace::{
    Act, Destination, Event, EventHandle, HeldFor, Holder, LotHandle, Purpose, Settled, Unit,
};

impl Model {
    pub fn reclaim(&mut self, event: &Event, of: EventHandle) -> Result<Effect, Codes> {
        let barred = || Err(Codes::from(["cannot_void"]));
        let Some(one) = self.events.get(of.0 as usize).filter(|one| one.stands).cloned() else {
            return barred();
        };
        let Act::Ship { to, units, purpose, .. } = &one.event.act else { return barred() };
        let mut after = self.clone();
        if !one.answered {
            after.events[of.0 as usize].pinned = false;
            let effect = after.void(event, of)?;
            *self = after;
            return Ok(effect);
        }
        let (Some(receipt), Destination::Holder(receiver)) = (self.receipt(of), *to) else {
            return barred();
        };
        let (shipper, mut effect) = (one.event.issuer, Effect::default());
        for unit in units {
            if self.at_hand(*unit, receiver) && !self.named_since(*unit, receipt) {
                after.opened(*unit, receiver, event.logged_at, &mut effect);
            }
        }
        let Act::Receive { answers, .. } = &self.events[receipt as usize].event.act else {
            return barred();
        };
        let mut held = BTreeSet::new();
        for answer in answers {
            let lot = answer.lot;
            let passed = i128::from(answer.accepted) + self.settled_accepted(of, receipt, lot);
            let back = passed.min(after.pot(lot, Pot::Free(receiver)));
            let mut moves = vec![(Pot::Free(receiver), Pot::Free(shipper), back)];
            for pot in [Pot::Dispute(receipt), Pot::Back(receipt)] {
                moves.push((pot, Pot::Free(shipper), after.pot(lot, pot)));
            }
            if *purpose == Purpose::Processing {
                let toll = Pot::Toll(receiver, shipper);
                moves.push((toll, Pot::World, after.pot(lot, toll).min(back)));
            }
            for (from, to, grams) in moves {
                let moved = Effect { moves: vec![(lot, from, to, grams)], ..Effect::default() };
                after.write(&moved);
                effect.moves.extend(moved.moves);
            }
            if back < passed {
                held.extend(self.made_since(lot, receipt, receiver, shipper));
            }
        }
        for undone in [of.0, receipt] {
            let one = &mut after.events[undone as usize];
            (one.stands, one.reclaimed) = (false, true);
        }
        effect.held = held.into_iter().map(|lot| (lot, HeldFor::Reclaimed)).collect();
        after.push(event, effect.clone(), Vec::new(), Default::default());
        *self = after;
        Ok(effect)
    }

    fn receipt(&self, of: EventHandle) -> Option<u32> {
        let answers = |one: &super::model::MEvent| {
            one.stands && matches!(&one.event.act, Act::Receive { of: ship, .. } if *ship == of)
        };
        self.events.iter().position(answers).map(|place| place as u32)
    }

    /// Whether a unit was packed, unpacked or sent itself since.
    fn named_since(&self, unit: Unit, receipt: u32) -> bool {
        let later = self.events.iter().skip(receipt as usize + 1);
        let mut later = later.filter(|one| one.stands || one.reclaimed);
        later.any(|one| match &one.event.act {
            Act::Pack { unit: own, .. } | Act::Unpack { unit: own, .. } => *own == unit,
            Act::Ship { units, .. } => units.contains(&unit),
            _ => false,
        })
    }

    fn opened(&mut self, unit: Unit, receiver: Holder, now: i64, effect: &mut Effect) {
        for one in self.whole(unit) {
            for (lot, grams) in self.goods_in(one) {
                let moves = vec![(lot, Pot::In(one), Pot::Free(receiver), grams)];
                self.write(&Effect { moves: moves.clone(), ..Effect::default() });
                effect.moves.extend(moves);
            }
            effect.touched.insert(one);
            let own = self.units[&one].clone();
            let open = MUnit { parent: None, rests_since: Some(now), ..own };
            effect.units.push((one, Some(open)));
        }
        self.set_units(&effect.units);
    }

    fn settled_accepted(&self, ship: EventHandle, receipt: u32, lot: LotHandle) -> i128 {
        let settles = self.events.iter().filter(|one| one.stands);
        let lines = settles.filter_map(|one| match &one.event.act {
            Act::Settle { of, lines, .. } if *of == ship || of.0 == receipt => Some(lines),
            _ => None,
        });
        let lines = lines.flatten().filter(|line| line.lot == lot && line.how == Settled::Accepted);
        lines.map(|line| i128::from(line.quantity.get())).sum()
    }

    fn made_since(
        &self,
        lot: LotHandle,
        receipt: u32,
        receiver: Holder,
        shipper: Holder,
    ) -> BTreeSet<LotHandle> {
        let (mut hands, mut made) = (BTreeSet::from([receiver]), BTreeSet::new());
        for one in self.events.iter().skip(receipt as usize + 1).filter(|one| one.stands) {
            let by = one.event.issuer;
            match &one.event.act {
                Act::Receive { of, answers } if answers.iter().any(|it| it.lot == lot) => {
                    let from = self.events[self.shipment(of.0) as usize].event.issuer;
                    if hands.contains(&from) && by != shipper {
                        hands.insert(by);
                    }
                }
                _ if one.effect.draws.contains(&lot) && hands.contains(&by) => {
                    made.extend(one.effect.fills.iter().map(|(lot, _)| *lot));
                }
                _ => {}
            }
        }
        made
    }
}
