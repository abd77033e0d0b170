//! Who sends goods to whom, and what the receiver says of each lot. What he says nothing of stays
//! on its way; what is missing stays in dispute under its shipper's name until somebody settles it.

use std::collections::BTreeMap;

use super::act::{Act, Answer, Destination, Event, Outcome, Purpose};
use super::handles::{EventHandle, Holder, LotHandle, NONE, Unit};
use super::quantity::floor_share;
use super::rows::{EventRow, Kind, Line, Role, UnitRow, UnitState};
use super::short::Short;
use super::state::Trace;
use super::transform::distinct;
use crate::limits::UNIT_CONTENTS_MAX;

/// Of one lot of a shipment: the lot, how much, the place of its line in the event.
type Sent = (LotHandle, u64, u16);

impl Trace {
    /// Goods are handed to a carrier, or leave the ledger.
    pub(super) fn ship(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Ship { to, parts, units, purpose } = &event.act else { return Err(Short::Empty) };
        let issuer = event.issuer;
        if *to == Destination::Holder(issuer) {
            self.refuse(Short::ToSelf)?;
        }
        distinct(self, parts.iter().map(|part| part.lot))?;
        for unit in units {
            self.at_hand(*unit, issuer)?;
        }
        self.few_enough(parts.len(), units)?;
        let goods = self.goods(parts, units);
        if goods.is_empty() {
            self.refuse(Short::Empty)?;
        }
        let leaves = *to == Destination::Commitment;
        let handle = self.push_event(event, Kind::Ship, |row| {
            (row.other, row.word) = (Self::destination(*to), *purpose as u8);
        });
        let packed = self.goods_in(units);
        for (place, (lot, quantity)) in (0_u16..).zip(goods) {
            let row = self.known(lot)?;
            if *purpose != Purpose::RecallReturn {
                self.moves(lot)?;
            }
            if row.opened_at > event.at && row.filled > 0 {
                self.refuse(Short::EventTime { at: event.at, earliest: row.opened_at })?;
            }
            let boxed = packed.get(&lot).copied().unwrap_or_default();
            if quantity > boxed {
                self.take_free(lot, issuer, quantity.saturating_sub(boxed))?;
            }
            self.change_holding(lot, issuer, |row| {
                row.packed = row.packed.saturating_sub(boxed);
                if !leaves {
                    row.transit = row.transit.saturating_add(quantity);
                }
            });
            if leaves {
                self.book_left(Kind::Ship, lot, issuer, quantity, u64::saturating_add);
            }
            self.change(lot, |row| {
                row.closers = row.closers.saturating_add(1);
                if leaves {
                    row.labels_go(quantity);
                }
            });
            self.push_line(Role::Ship, lot.0, quantity, place);
        }
        self.ship_units(units, handle, event.logged_at, leaves)?;
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    fn few_enough(&self, parts: usize, units: &[Unit]) -> Result<(), Short> {
        let rows = units.iter().filter_map(|unit| self.units.get(unit));
        let inside = rows.fold(0_u32, |sum, row| sum.saturating_add(row.inside).saturating_add(1));
        let parts = u32::try_from(parts).unwrap_or(NONE);
        if inside.saturating_add(parts) > UNIT_CONTENTS_MAX {
            self.refuse(Short::UnitContents { unit: None, most: UNIT_CONTENTS_MAX })?;
        }
        Ok(())
    }

    fn ship_units(
        &mut self,
        units: &[Unit],
        handle: EventHandle,
        now: i64,
        leaves: bool,
    ) -> Result<(), Short> {
        for unit in units {
            let Some(row) = self.units.get(unit).copied() else { continue };
            if row.changed == handle.0 {
                // It stands twice.
                return Err(Short::UnitState { unit: *unit });
            }
            if leaves {
                self.open(*unit, handle, now, UnitState::Gone);
                continue;
            }
            self.push_line(Role::UnitMoved, unit.0, u64::from(row.changed), 0);
            let (state, changed) = (UnitState::Shipped, handle.0);
            self.units.insert(*unit, UnitRow { state, changed, ..row });
        }
        Ok(())
    }

    /// A shipment is answered by its receiver, or what he refused by its shipper.
    pub(super) fn receive(
        &mut self,
        event: &Event,
        of: EventHandle,
        answers: &[Answer],
    ) -> Result<Outcome, Short> {
        let (sent, ship) = self.answerable(event, of)?;
        let back = self.event(of).is_some_and(|row| row.kind == Kind::Receive);
        let answered = self.adding_up(of, &sent, answers, back)?;
        let handle = self.push_event(event, Kind::Receive, |row| {
            (row.of, row.other, row.word) = (of.0, ship.issuer.0, ship.word);
        });
        let clean = |answer: &Answer| answer.missing == 0 && answer.refused == 0;
        let whole = !back && answered.iter().all(|(_, answer)| clean(answer));
        let packed =
            if back { BTreeMap::new() } else { self.units_arrive(of, handle, event, whole) };
        for ((lot, _, place), answer) in answered {
            let boxed = packed.get(&lot).copied().unwrap_or_default();
            self.answer(event.issuer, &ship, (lot, place), &answer, boxed);
        }
        self.change_event(of, |row| row.answered = handle.0);
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// What waits for an answer of this issuer now, and the shipment it was sent with.
    fn answerable(&self, event: &Event, of: EventHandle) -> Result<(Vec<Sent>, EventRow), Short> {
        let state = |answered| Short::ShipmentState { of, answered };
        let row = self.standing(of).ok_or(state(None))?;
        let (role, ship, receiver) = match row.kind {
            Kind::Ship => (Role::Ship, row, Some(row.other).filter(|to| *to != NONE)),
            Kind::Receive => {
                let ship = self.event(EventHandle(row.of)).filter(|row| row.kind == Kind::Ship);
                (Role::Refused, ship.ok_or(state(None))?, Some(row.other))
            }
            _ => return Err(state(None)),
        };
        let receiver = receiver.map(Holder);
        if receiver != Some(event.issuer) {
            self.refuse(Short::NotReceiver { of, receiver })?;
        }
        if row.answered != NONE {
            self.refuse(state(Some(EventHandle(row.answered))))?;
        }
        let sent_at = row.at.get();
        if event.at < sent_at {
            self.refuse(Short::EventTime { at: event.at, earliest: sent_at })?;
        }
        let lines = self.lines_of(of).filter(|(_, line)| line.role == role);
        let sent: Vec<Sent> =
            lines.map(|(_, line)| (LotHandle(line.lot), line.quantity, line.place)).collect();
        if sent.is_empty() {
            self.refuse(state(None))?;
        }
        Ok((sent, ship))
    }

    /// One answer for each lot, that says all of it.
    fn adding_up(
        &self,
        of: EventHandle,
        sent: &[Sent],
        answers: &[Answer],
        back: bool,
    ) -> Result<Vec<(Sent, Answer)>, Short> {
        distinct(self, answers.iter().map(|answer| answer.lot))?;
        let mut of_lot: BTreeMap<LotHandle, &Answer> =
            answers.iter().map(|answer| (answer.lot, answer)).collect();
        let mut all = Vec::new();
        for line in sent {
            let (lot, quantity, _) = *line;
            let Some(answer) = of_lot.remove(&lot) else {
                self.refuse(Short::ReceiptSum { of, lot, sent: Some(quantity), sum: 0 })?;
                continue;
            };
            let sum = answer.accepted.checked_add(answer.refused);
            let sum = sum.and_then(|sum| sum.checked_add(answer.missing)).unwrap_or(u64::MAX);
            if sum != quantity {
                self.refuse(Short::ReceiptSum { of, lot, sent: Some(quantity), sum })?;
            }
            // What comes back cannot be sent back once more: it would travel for ever.
            if back && answer.refused > 0 {
                self.refuse(Short::ShipmentState { of, answered: None })?;
            }
            all.push((*line, *answer));
        }
        if let Some((lot, answer)) = of_lot.into_iter().next() {
            self.refuse(Short::ReceiptSum { of, lot, sent: None, sum: answer.accepted })?;
        }
        Ok(all)
    }

    /// Units of a shipment change hands where all of it was accepted; else they are opened by the
    /// receipt. The answer: what came in units that stay closed.
    fn units_arrive(
        &mut self,
        ship: EventHandle,
        handle: EventHandle,
        event: &Event,
        whole: bool,
    ) -> BTreeMap<LotHandle, u64> {
        let moved = self.lines_of(ship).filter(|(_, line)| line.role == Role::UnitMoved);
        let units: Vec<Unit> = moved.map(|(_, line)| Unit(line.lot)).collect();
        let packed = if whole { self.goods_in(&units) } else { BTreeMap::new() };
        for unit in units {
            let Some(row) = self.units.get(&unit).copied() else { continue };
            if !whole {
                self.open(unit, handle, event.logged_at, UnitState::Emptied);
                continue;
            }
            self.push_line(Role::UnitMoved, unit.0, u64::from(row.changed), 0);
            self.hand_over(unit, event.issuer);
            let (state, changed, holder) = (UnitState::Filled, handle.0, event.issuer);
            self.units.insert(unit, UnitRow { state, changed, holder, ..row });
        }
        packed
    }

    /// One lot is answered. What is missing within the allowance is a loss by the receipt itself.
    fn answer(
        &mut self,
        issuer: Holder,
        ship: &EventRow,
        (lot, place): (LotHandle, u16),
        answer: &Answer,
        boxed: u64,
    ) {
        let Answer { accepted, refused, missing, .. } = *answer;
        let sum = accepted.saturating_add(refused).saturating_add(missing);
        let material = self.row(lot).map(|row| row.material);
        let tolerance = material.map_or(0, |it| self.rules.book.material(it).tolerance);
        let dried = missing > 0 && missing <= floor_share(sum, u64::from(tolerance), 1000);
        self.change_holding(lot, ship.issuer, |row| {
            row.transit = row.transit.saturating_sub(accepted.saturating_add(missing));
            row.disputed = row.disputed.saturating_add(if dried { 0 } else { missing });
        });
        self.pass_over(issuer, ship, (lot, accepted, boxed), u64::saturating_add);
        self.push_line(Role::Accepted, lot.0, accepted, place);
        if refused > 0 {
            self.push_line(Role::Refused, lot.0, refused, place);
        }
        if dried {
            self.change(lot, |row| {
                row.lost = row.lost.saturating_add(missing);
                row.labels_go(missing);
            });
            self.push_line(Role::Dried, lot.0, missing, place);
        } else if missing > 0 {
            self.disputes.insert(super::handles::place_of(self.lines.len()), missing);
            self.push_line(Role::Missing, lot.0, missing, place);
        }
    }

    /// Goods become a receiver's, with what their shipment was for; `with` adds, or takes back.
    pub(super) fn pass_over(
        &mut self,
        receiver: Holder,
        ship: &EventRow,
        (lot, quantity, boxed): (LotHandle, u64, u64),
        with: fn(u64, u64) -> u64,
    ) {
        let comes = receiver != ship.issuer;
        let recalled = comes && ship.word == Purpose::RecallReturn as u8;
        self.change_holding(lot, receiver, |row| {
            row.packed = with(row.packed, boxed);
            row.free = with(row.free, quantity.saturating_sub(boxed));
            row.returned = with(row.returned, if recalled { quantity } else { 0 });
        });
        if comes && ship.word == Purpose::Processing as u8 {
            self.change_toll(lot, receiver, ship.issuer, |left| with(left, quantity));
        }
    }

    /// Takes a receipt back; whether anything rests on it was asked.
    pub(super) fn unreceive(&mut self, event: EventHandle, row: &EventRow, lines: &[(u32, Line)]) {
        let Some(ship) = self.shipment_of(event) else { return };
        let moved = lines.iter().filter(|(_, line)| line.role == Role::UnitMoved);
        let units: Vec<(Unit, u64)> =
            moved.map(|(_, line)| (Unit(line.lot), line.quantity)).collect();
        let names: Vec<Unit> = units.iter().map(|(unit, _)| *unit).collect();
        let packed = self.goods_in(&names);
        for (place, line) in lines {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            match line.role {
                Role::Accepted => {
                    let boxed = packed.get(&lot).copied().unwrap_or_default();
                    let back = (lot, quantity, boxed);
                    self.pass_over(row.issuer, &ship, back, u64::saturating_sub);
                }
                Role::Dried => self.change(lot, |it| {
                    it.lost = it.lost.saturating_sub(quantity);
                    it.labels_come(quantity);
                }),
                Role::Missing => {
                    self.disputes.remove(place);
                    self.change_holding(lot, ship.issuer, |it| {
                        it.disputed = it.disputed.saturating_sub(quantity);
                    });
                }
                _ => continue,
            }
            self.change_holding(lot, ship.issuer, |it| {
                it.transit = it.transit.saturating_add(quantity);
            });
        }
        for (unit, changed) in units {
            self.hand_over(unit, ship.issuer);
            self.unmoved(unit, changed, UnitState::Shipped);
        }
        let lines: Vec<Line> = lines.iter().map(|(_, line)| *line).collect();
        self.close_again(&lines, UnitState::Shipped);
        self.change_event(EventHandle(row.of), |of| of.answered = NONE);
    }

    /// A unit that moved is where it was.
    pub(super) fn unmoved(&mut self, unit: Unit, changed: u64, state: UnitState) {
        if let Some(row) = self.units.get(&unit).copied() {
            let changed = u32::try_from(changed).unwrap_or(NONE);
            self.units.insert(unit, UnitRow { state, changed, ..row });
        }
    }

    /// The shipment that an answer belongs to, over a refusal too; a shipment is its own.
    pub(super) fn shipment_of(&self, event: EventHandle) -> Option<EventRow> {
        self.event(self.ship_of(event)?)
    }

    /// Takes a shipment back; whether anything rests on it was asked.
    pub(super) fn unship(&mut self, row: &EventRow, lines: &[(u32, Line)]) {
        let leaves = row.other == NONE;
        let plain: Vec<Line> = lines.iter().map(|(_, line)| *line).collect();
        if leaves {
            self.close_again(&plain, UnitState::Filled);
        }
        let units: Vec<Unit> = plain
            .iter()
            .filter(|line| line.role == Role::UnitMoved || line.role == Role::UnitOpened)
            .filter(|line| line.role == Role::UnitMoved || line.quantity >> 32 == u64::from(NONE))
            .map(|line| Unit(line.lot))
            .collect();
        let packed = self.goods_in(&units);
        for line in plain.iter().filter(|line| line.role == Role::Ship) {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            let boxed = packed.get(&lot).copied().unwrap_or_default();
            self.change_holding(lot, row.issuer, |it| {
                it.packed = it.packed.saturating_add(boxed);
                it.free = it.free.saturating_add(quantity.saturating_sub(boxed));
                if !leaves {
                    it.transit = it.transit.saturating_sub(quantity);
                }
            });
            if leaves {
                self.book_left(Kind::Ship, lot, row.issuer, quantity, u64::saturating_sub);
            }
            self.change(lot, |it| {
                it.closers = it.closers.saturating_sub(1);
                if leaves {
                    it.labels_come(quantity);
                }
            });
        }
        for line in plain.iter().filter(|line| line.role == Role::UnitMoved) {
            self.unmoved(Unit(line.lot), line.quantity, UnitState::Filled);
        }
    }
}
