//! A shipment that its issuer never meant, taken back though it was answered: what its receiver has
//! left of it is with the shipper again, what was made of the rest is held. Not here: which ones,
//! and on whose word (`register`).

use std::collections::BTreeSet;

use super::act::{Act, Event, HeldFor, Outcome};
use super::handles::{EventHandle, Holder, LotHandle, NONE, Unit};
use super::rows::{EventRow, EventState, Kind, Line, Role, UnitState};
use super::short::{Resting, Short};
use super::state::Trace;

impl Trace {
    /// Takes a shipment back, whatever rests on it; one that nobody answered like any other.
    pub(super) fn reclaim(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Reclaim { of } = event.act else { return Err(Short::Empty) };
        let barred = |on| Short::CannotVoid { resting: vec![on] };
        let ship = self.standing(of).filter(|row| row.kind == Kind::Ship);
        let ship = ship.ok_or_else(|| barred(Resting::Itself(of)))?;
        if ship.answered == NONE {
            // A price or an extract by the one who shipped does not keep it.
            return self.take_back(event, of, EventRow { state: EventState::Stands, ..ship });
        }
        let receipt = EventHandle(ship.answered);
        let answers = self.standing(receipt).filter(|row| row.kind == Kind::Receive);
        let answer = answers.ok_or_else(|| barred(Resting::Event(receipt)))?;
        let sent = self.shipment(of).unwrap_or_default();
        let handle = self.push_event(event, Kind::Void, |row| row.of = of.0);
        self.open_what_came(receipt, Holder(ship.other), handle, event.logged_at);
        let mut held = BTreeSet::new();
        for line in sent {
            let passed = line.accepted;
            let back = passed.min(self.has(line.lot, Holder(ship.other)).free);
            let receiver = Holder(ship.other);
            self.pass_over(receiver, &ship, (line.lot, back, 0), u64::saturating_sub);
            let open = self.end_what_is_open(receipt, &ship, line.lot, answer.answered == NONE);
            let restored = back.saturating_add(open);
            self.change_holding(line.lot, ship.issuer, |row| {
                row.free = row.free.saturating_add(restored);
            });
            self.push_line(Role::Restored, line.lot.0, restored, 0);
            if back < passed {
                held.extend(self.made_since(line.lot, receipt, receiver, ship.issuer));
            }
        }
        for lot in &held {
            // So that a release can name the entry that holds it.
            self.push_line(Role::Seen, lot.0, 0, 0);
        }
        for undone in [of, receipt] {
            self.change_event(undone, |row| row.state = EventState::Undone);
        }
        let held = held.into_iter().map(|lot| (lot, HeldFor::Reclaimed)).collect();
        Ok(Outcome { event: Some(handle), held, ..Outcome::default() })
    }

    /// Units that came closed and were not touched since are opened: their goods are free.
    fn open_what_came(
        &mut self,
        receipt: EventHandle,
        receiver: Holder,
        handle: EventHandle,
        now: i64,
    ) {
        let moved = self.lines_of(receipt).filter(|(_, line)| line.role == Role::UnitMoved);
        let units: Vec<Unit> = moved.map(|(_, line)| Unit(line.lot)).collect();
        for unit in units {
            let own = self.at_hand(unit, receiver).is_ok();
            if !own || self.changed_itself(unit) != Some(receipt) {
                continue;
            }
            for (lot, quantity) in self.goods_in(&[unit]) {
                self.unpacked(lot, receiver, quantity);
            }
            self.open(unit, handle, now, UnitState::Emptied);
        }
    }

    /// What of a lot is in dispute, or refused and not back, is on its way no more.
    fn end_what_is_open(
        &mut self,
        receipt: EventHandle,
        ship: &EventRow,
        lot: LotHandle,
        waits: bool,
    ) -> u64 {
        let lines = self.lines_of(receipt).filter(|(_, line)| line.lot == lot.0);
        let lines: Vec<(u32, Line)> = lines.map(|(place, line)| (place, *line)).collect();
        let (mut disputed, mut refused) = (0_u64, 0_u64);
        for (place, line) in lines {
            match line.role {
                Role::Missing => {
                    let left = self.disputes.remove(&place).unwrap_or_default();
                    disputed = disputed.saturating_add(left);
                }
                Role::Refused if waits => refused = refused.saturating_add(line.quantity),
                _ => {}
            }
        }
        self.change_holding(lot, ship.issuer, |row| {
            row.disputed = row.disputed.saturating_sub(disputed);
            row.transit = row.transit.saturating_sub(refused);
        });
        disputed.saturating_add(refused)
    }

    /// The lots that a receiver, and those it handed the lot on to, made of a lot since a receipt.
    fn made_since(
        &self,
        lot: LotHandle,
        receipt: EventHandle,
        receiver: Holder,
        shipper: Holder,
    ) -> Vec<LotHandle> {
        let lines = self.lines_of_lot(lot).take_while(|line| line.event > receipt.0);
        let mut lines: Vec<Line> = lines.copied().collect();
        lines.reverse();
        let (mut hands, mut made) = (BTreeSet::from([receiver]), Vec::new());
        for line in lines {
            let at = EventHandle(line.event);
            let Some(event) = self.event(at) else { continue };
            match line.role {
                Role::Accepted => {
                    let from = self.shipment_of(at).map(|ship| ship.issuer);
                    if from.is_some_and(|from| hands.contains(&from)) && event.issuer != shipper {
                        hands.insert(event.issuer);
                    }
                }
                Role::Draw if hands.contains(&event.issuer) => {
                    let fills = self.lines_of(at).filter(|(_, one)| one.role == Role::Fill);
                    made.extend(fills.map(|(_, one)| LotHandle(one.lot)));
                }
                _ => {}
            }
        }
        made
    }
}
