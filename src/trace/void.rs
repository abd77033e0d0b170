//! An event did not happen so: it is taken back exactly, if nothing rests on it. What it did stands
//! in its lines; they stay, and say that it was undone. Not here: who may say so, and for how long.

use super::act::{Act, Event, Outcome};
use super::handles::{EventHandle, Holder, LotHandle, NONE, Unit};
use super::rows::{EventRow, EventState, Kind, Line, Marks, Role, UnitState};
use super::short::{Resting, Short};
use super::state::Trace;
use crate::limits::RESTING_LISTED_MAX;

/// An event's lines and their places.
type Lines = [(u32, Line)];

impl Trace {
    /// Takes an event back.
    pub(super) fn void(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Void { of } = event.act else { return Err(Short::Empty) };
        let itself = || Short::CannotVoid { resting: vec![Resting::Itself(of)] };
        let row = self.standing(of).filter(|row| row.kind != Kind::Void).ok_or_else(itself)?;
        self.take_back(event, of, row)
    }

    /// Takes back what a row says, if nothing rests on it.
    pub(super) fn take_back(
        &mut self,
        event: &Event,
        of: EventHandle,
        row: EventRow,
    ) -> Result<Outcome, Short> {
        let lines: Vec<(u32, Line)> =
            self.lines_of(of).map(|(place, line)| (place, *line)).collect();
        let resting = self.resting(of, &row, &lines);
        if !resting.is_empty() {
            self.refuse(Short::CannotVoid { resting })?;
        }
        self.undo(of, &row, &lines);
        self.change_event(of, |row| row.state = EventState::Undone);
        if row.kind == Kind::Transform {
            self.after_undoing(of);
        }
        let handle = self.push_event(event, Kind::Void, |row| row.of = of.0);
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// What fills of a lot left of its mixture is told by the events that stand.
    fn after_undoing(&mut self, of: EventHandle) {
        let fills = self.lines_of(of).filter(|(_, line)| line.role == Role::Fill);
        let lots: Vec<LotHandle> = fills.map(|(_, line)| LotHandle(line.lot)).collect();
        for lot in lots {
            self.mix_again(lot);
            // It handed nothing on: what it inherits itself is all that can change.
            self.inherit_less(lot);
        }
    }

    fn undo(&mut self, of: EventHandle, row: &EventRow, lines: &Lines) {
        match row.kind {
            Kind::Transform => self.untransform(of),
            Kind::Ship => self.unship(row, lines),
            Kind::Receive => self.unreceive(of, row, lines),
            Kind::Settle => self.unsettle(of, row, lines),
            Kind::Pack => self.undo_pack(row, lines),
            Kind::Unpack => self.undo_unpack(row, lines),
            Kind::Out | Kind::Loss | Kind::Sample | Kind::Destroy | Kind::Recover => {
                self.unleave(row, lines);
            }
            Kind::Observe => self.change_event(EventHandle(row.of), |seen| {
                if seen.answered == of.0 {
                    seen.answered = NONE;
                }
            }),
            Kind::Void => {}
        }
    }

    fn unleave(&mut self, row: &EventRow, lines: &Lines) {
        let holder = Holder(row.other);
        for (_, line) in lines {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            self.book_left(row.kind, lot, holder, quantity, u64::saturating_sub);
            if row.kind != Kind::Recover {
                self.change(lot, |it| {
                    it.closers = it.closers.saturating_sub(1);
                    it.labels_come(quantity);
                });
                self.change_holding(lot, holder, |it| it.free = it.free.saturating_add(quantity));
            }
        }
    }

    fn undo_pack(&mut self, row: &EventRow, lines: &Lines) {
        let unit = Unit(row.other);
        for (_, line) in lines {
            match line.role {
                Role::Packed => {
                    self.contents.remove(&(unit, LotHandle(line.lot)));
                    self.unpacked(LotHandle(line.lot), row.issuer, line.quantity);
                }
                Role::UnitIn => {
                    self.nested.remove(&(unit, Unit(line.lot)));
                    self.put_in(Unit(line.lot), NONE, line);
                }
                _ => {}
            }
        }
        let plain: Vec<Line> = lines.iter().map(|(_, line)| *line).collect();
        self.unfill(unit, &plain);
    }

    fn undo_unpack(&mut self, row: &EventRow, lines: &Lines) {
        let unit = Unit(row.other);
        for (_, line) in lines {
            match line.role {
                Role::Unpacked => {
                    let (lot, quantity) = (LotHandle(line.lot), line.quantity);
                    let left = self.contents.get(&(unit, lot)).copied().unwrap_or_default();
                    self.contents.insert((unit, lot), left.saturating_add(quantity));
                    self.change_holding(lot, row.issuer, |it| {
                        it.free = it.free.saturating_sub(quantity);
                        it.packed = it.packed.saturating_add(quantity);
                    });
                }
                Role::UnitOut => {
                    self.nested.insert((unit, Unit(line.lot)));
                    self.put_in(Unit(line.lot), unit.0, line);
                }
                _ => {}
            }
        }
        let before = lines.iter().find(|(_, line)| line.role == Role::UnitBefore);
        if let (Some((_, before)), Some(mut it)) = (before, self.units.get(&unit).copied()) {
            (it.state, it.since, it.changed) = (UnitState::Filled, 0, before.lot);
            it.inside = u32::try_from(before.quantity).unwrap_or(NONE);
            self.units.insert(unit, it);
        }
    }

    /// A unit is where it was before a line, and what changed it then changed it last.
    fn put_in(&mut self, unit: Unit, parent: u32, line: &Line) {
        if let Some(mut row) = self.units.get(&unit).copied() {
            (row.parent, row.changed) = (parent, u32::try_from(line.quantity).unwrap_or(NONE));
            self.units.insert(unit, row);
        }
    }

    /// What rests on an event, at most ten, in order; empty: it can be undone.
    fn resting(&self, of: EventHandle, row: &EventRow, lines: &Lines) -> Vec<Resting> {
        let mut all = Vec::new();
        if row.state == EventState::Pinned {
            all.push(Resting::Price(of));
        }
        if row.answered != NONE && matches!(row.kind, Kind::Ship | Kind::Receive) {
            all.push(Resting::Event(EventHandle(row.answered)));
        }
        if self.units_changed(of, row, lines) || self.answers_what_is_undone(of, row) {
            all.push(Resting::Itself(of));
        }
        for (place, line) in lines.iter().filter(|(_, line)| line.role.is_of_lot()) {
            let lot = LotHandle(line.lot);
            if self.rests_on_line(row, (*place, line)) {
                let later = self.resting_on_lot(lot, of.0.saturating_add(1), Role::takes);
                all.extend(later);
                // The figures bar it whatever can be named.
                all.push(Resting::Itself(of));
            }
        }
        all.sort_unstable();
        all.dedup();
        if all.len() > 1 {
            all.retain(|one| *one != Resting::Itself(of));
        }
        all.truncate(RESTING_LISTED_MAX);
        all
    }

    /// Whether it answers a shipment that was reclaimed: nothing of that waits for another answer.
    fn answers_what_is_undone(&self, of: EventHandle, row: &EventRow) -> bool {
        let answers = matches!(row.kind, Kind::Receive | Kind::Settle);
        answers && self.shipment_of(of).is_some_and(|ship| ship.state == EventState::Undone)
    }

    /// Whether what a line brought is still where it was brought.
    fn rests_on_line(&self, row: &EventRow, (place, line): (u32, &Line)) -> bool {
        let lot = LotHandle(line.lot);
        let had = |holder: Holder| self.has(lot, holder);
        let shipment = || self.shipment_of(EventHandle(line.event));
        match (row.kind, line.role) {
            (Kind::Transform, Role::Fill) => {
                let closed = self.row(lot).is_none_or(|it| it.closers > 0);
                closed || had(row.issuer).free < line.quantity
            }
            (Kind::Receive, Role::Accepted) => {
                let packed = self.moved_whole(EventHandle(line.event), lot);
                let left = shipment().map(|ship| self.toll_of(lot, row.issuer, ship.issuer));
                let toll = row.word == super::act::Purpose::Processing as u8
                    && shipment().is_some_and(|ship| ship.issuer != row.issuer)
                    && left.is_some_and(|left| left < line.quantity);
                toll || had(row.issuer).free < line.quantity.saturating_sub(packed)
            }
            (Kind::Receive, Role::Missing) => self.disputes.get(&place) != Some(&line.quantity),
            (Kind::Settle, Role::SettledReturned) => {
                shipment().is_some_and(|ship| had(ship.issuer).free < line.quantity)
            }
            (Kind::Settle, Role::SettledAccepted) => shipment().is_some_and(|ship| {
                let receiver = Holder(ship.other);
                let toll = ship.word == super::act::Purpose::Processing as u8
                    && self.toll_of(lot, receiver, ship.issuer) < line.quantity;
                toll || had(receiver).free < line.quantity
            }),
            (Kind::Unpack, Role::Unpacked) => had(row.issuer).free < line.quantity,
            (Kind::Out, Role::Left) => gone_back(had(Holder(row.other)), line),
            (Kind::Ship, Role::Ship) if row.other == NONE => gone_back(had(row.issuer), line),
            _ => false,
        }
    }

    /// What of a lot came in units that a receipt handed over closed.
    fn moved_whole(&self, receipt: EventHandle, lot: LotHandle) -> u64 {
        let moved = self.lines_of(receipt).filter(|(_, line)| line.role == Role::UnitMoved);
        let units: Vec<Unit> = moved.map(|(_, line)| Unit(line.lot)).collect();
        self.goods_in(&units).get(&lot).copied().unwrap_or_default()
    }

    /// Whether a unit that an event touched was touched again: packed, unpacked, put into another
    /// or taken out of one, sent or received. In another it goes wherever that goes.
    fn units_changed(&self, of: EventHandle, row: &EventRow, lines: &Lines) -> bool {
        let as_left = |unit: u32, parent: u32| {
            let row = self.units.get(&Unit(unit));
            row.is_some_and(|row| row.changed == of.0 && row.parent == parent)
        };
        let own = matches!(row.kind, Kind::Pack | Kind::Unpack);
        let line_changed = |line: &Line| match line.role {
            Role::UnitMoved | Role::UnitOpened => !as_left(line.lot, NONE),
            // What was taken out must still lie beside it, as it was then.
            Role::UnitOut => {
                !self.at_hand(Unit(line.lot), row.issuer).is_ok_and(|it| it.changed == of.0)
            }
            _ => false,
        };
        own && !as_left(row.other, NONE) || lines.iter().any(|(_, line)| line_changed(line))
    }

    /// What happened to a lot from an event on, at most ten of each kind.
    pub(super) fn resting_on_lot(
        &self,
        lot: LotHandle,
        from: u32,
        counts: impl Fn(Role) -> bool,
    ) -> Vec<Resting> {
        let lines = self.lines_of_lot(lot).take_while(|line| line.event >= from);
        let mut all: Vec<Resting> = Vec::new();
        for line in lines.filter(|line| counts(line.role)) {
            all.push(Resting::Event(EventHandle(line.event)));
            // The first ones are told, and those are the last to be seen.
            if all.len() > 4 * RESTING_LISTED_MAX {
                all.drain(..all.len() - RESTING_LISTED_MAX);
            }
        }
        let marks = self.row(lot).map(|row| row.marks).unwrap_or_default();
        if marks.has(Marks::CERTIFIED) {
            all.push(Resting::Certificates(lot));
        }
        if marks.has(Marks::LABELLED) {
            all.push(Resting::Labels(lot));
        }
        all
    }
}

/// Whether what left was brought back and destroyed since.
fn gone_back(had: super::rows::HoldingRow, line: &Line) -> bool {
    had.gone.saturating_sub(line.quantity) < had.recovered
}
