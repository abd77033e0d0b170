//! Units: cartons, pallets, containers. Goods in one are its holder's, packed; a unit is filled
//! once, goes its way as a whole, and rests for a year before it is filled again.

use std::collections::BTreeMap;

use super::act::{Act, Event, Outcome, Part};
use super::handles::{EventHandle, Holder, LotHandle, NONE, Unit};
use super::rows::{Kind, Line, Role, UnitRow, UnitState};
use super::short::Short;
use super::state::Trace;
use super::transform::distinct;
use crate::limits::{UNIT_CONTENTS_MAX, UNIT_DEPTH_MAX, UNIT_REST_SECONDS};

impl Trace {
    /// The holder of a unit in use, and the unit it is in; None: it is empty, gone or never used.
    #[must_use]
    pub fn unit(&self, unit: Unit) -> Option<(Holder, Option<Unit>)> {
        let row = self.units.get(&unit)?;
        let used = matches!(row.state, UnitState::Filled | UnitState::Shipped);
        used.then(|| (row.holder, (row.parent != NONE).then_some(Unit(row.parent))))
    }

    /// Since when a unit is empty or gone, by log time.
    #[must_use]
    pub fn unit_emptied_at(&self, unit: Unit) -> Option<i64> {
        let row = self.units.get(&unit)?;
        matches!(row.state, UnitState::Emptied | UnitState::Gone).then_some(row.since)
    }

    /// What lies in a unit itself, by lot.
    pub fn contents_of(&self, unit: Unit) -> impl Iterator<Item = (LotHandle, u64)> {
        let range = self.contents.range((unit, LotHandle(0))..=(unit, LotHandle(NONE)));
        range.map(|((_, lot), quantity)| (*lot, *quantity))
    }

    /// The units that lie in a unit itself.
    pub fn units_in(&self, unit: Unit) -> impl Iterator<Item = Unit> {
        self.nested.range((unit, Unit(0))..=(unit, Unit(NONE))).map(|(_, inner)| *inner)
    }

    /// A unit at hand: in use, in no other, not on its way, the holder's own.
    pub(super) fn at_hand(&self, unit: Unit, holder: Holder) -> Result<UnitRow, Short> {
        let row = self.units.get(&unit).copied();
        let own = |row: &UnitRow| {
            row.state == UnitState::Filled && row.parent == NONE && row.holder == holder
        };
        row.filter(own).ok_or(Short::UnitState { unit })
    }

    /// Goods and units go into a unit.
    pub(super) fn pack(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Pack { unit, parts, units } = &event.act else { return Err(Short::Empty) };
        if parts.is_empty() && units.is_empty() {
            self.refuse(Short::Empty)?;
        }
        let (unit, issuer) = (*unit, event.issuer);
        distinct(self, parts.iter().map(|part| part.lot))?;
        let before = self.fillable_unit(unit, event.logged_at)?;
        let handle = self.push_event(event, Kind::Pack, |row| row.other = unit.0);
        self.push_line(Role::UnitBefore, before.map_or(NONE, |row| row.changed), 0, 0);
        if let Some(before) = before {
            let quantity = u64::from_le_bytes(before.since.to_le_bytes());
            self.push_line(Role::UnitBefore, before.holder.0, quantity, before.state as u16);
        }
        let (mut depth, mut inside) = (1_u8, 0_u32);
        for part in parts {
            self.known(part.lot)?;
            self.moves(part.lot)?;
            self.take_free(part.lot, issuer, part.quantity.get())?;
            self.change_holding(part.lot, issuer, |row| {
                row.packed = row.packed.saturating_add(part.quantity.get());
            });
            self.contents.insert((unit, part.lot), part.quantity.get());
            self.push_line(Role::Packed, part.lot.0, part.quantity.get(), 0);
            inside = inside.saturating_add(1);
        }
        for inner in units {
            let row = self.at_hand(*inner, issuer)?;
            depth = depth.max(row.depth.saturating_add(1));
            inside = inside.saturating_add(row.inside).saturating_add(1);
            self.units.insert(*inner, UnitRow { parent: unit.0, changed: handle.0, ..row });
            self.nested.insert((unit, *inner));
            self.push_line(Role::UnitIn, inner.0, u64::from(row.changed), 0);
        }
        if depth > UNIT_DEPTH_MAX || inside > UNIT_CONTENTS_MAX {
            self.refuse(Short::UnitContents { unit: Some(unit), most: UNIT_CONTENTS_MAX })?;
        }
        let (state, changed) = (UnitState::Filled, handle.0);
        let row = UnitRow { since: 0, holder: issuer, parent: NONE, changed, inside, depth, state };
        self.units.insert(unit, row);
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// A unit that can be filled, as it was before; None: it never was.
    fn fillable_unit(&self, unit: Unit, now: i64) -> Result<Option<UnitRow>, Short> {
        let Some(row) = self.units.get(&unit).copied() else { return Ok(None) };
        let used = matches!(row.state, UnitState::Filled | UnitState::Shipped);
        let until = row.since.saturating_add(UNIT_REST_SECONDS);
        if used {
            self.refuse(Short::SsccInUse { unit, until: None })?;
        } else if now < until {
            self.refuse(Short::SsccInUse { unit, until: Some(until) })?;
        }
        Ok(Some(row))
    }

    /// Goods and units come out of a unit; all where none are named.
    pub(super) fn unpack(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Unpack { unit, parts, units } = &event.act else { return Err(Short::Empty) };
        let (unit, issuer) = (*unit, event.issuer);
        distinct(self, parts.iter().map(|part| part.lot))?;
        let before = self.at_hand(unit, issuer)?;
        let all = parts.is_empty() && units.is_empty();
        let goods: Vec<(LotHandle, u64)> = match all {
            true => self.contents_of(unit).collect(),
            false => parts.iter().map(|part| (part.lot, part.quantity.get())).collect(),
        };
        let inner = if all { self.units_in(unit).collect() } else { units.clone() };
        let handle = self.push_event(event, Kind::Unpack, |row| row.other = unit.0);
        let packed = u64::from(before.inside);
        self.push_line(Role::UnitBefore, before.changed, packed, u16::from(before.depth));
        let mut inside = before.inside;
        for (lot, asked) in goods {
            let available = self.contents.get(&(unit, lot)).copied().unwrap_or_default();
            if available < asked {
                self.refuse(Short::Insufficient { lot, holder: issuer, available, asked })?;
            }
            if available <= asked {
                self.contents.remove(&(unit, lot));
                inside = inside.saturating_sub(1);
            } else {
                self.contents.insert((unit, lot), available - asked);
            }
            self.unpacked(lot, issuer, asked);
            self.push_line(Role::Unpacked, lot.0, asked, 0);
        }
        for one in inner {
            let row = self.units.get(&one).copied().filter(|row| row.parent == unit.0);
            let row = row.ok_or(Short::UnitState { unit: one })?;
            self.nested.remove(&(unit, one));
            self.units.insert(one, UnitRow { parent: NONE, changed: handle.0, ..row });
            self.push_line(Role::UnitOut, one.0, u64::from(row.changed), 0);
            inside = inside.saturating_sub(row.inside).saturating_sub(1);
        }
        let mut row = UnitRow { changed: handle.0, inside, ..before };
        if inside == 0 {
            (row.state, row.since) = (UnitState::Emptied, event.logged_at);
        }
        self.units.insert(unit, row);
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    pub(super) fn unpacked(&mut self, lot: LotHandle, holder: Holder, quantity: u64) {
        self.change_holding(lot, holder, |row| {
            row.packed = row.packed.saturating_sub(quantity);
            row.free = row.free.saturating_add(quantity);
        });
    }

    /// A unit and all in it, outer ones first.
    pub(super) fn whole(&self, unit: Unit) -> Vec<Unit> {
        let (mut all, mut next) = (Vec::new(), vec![unit]);
        // No unit is in itself; the bound is for foreign bytes.
        while let Some(one) = next.pop().filter(|_| all.len() < self.units.len()) {
            all.push(one);
            next.extend(self.units_in(one));
        }
        all
    }

    /// What lies in units on all levels, by lot.
    pub(super) fn goods_in(&self, units: &[Unit]) -> BTreeMap<LotHandle, u64> {
        let mut goods = BTreeMap::new();
        for one in units.iter().flat_map(|unit| self.whole(*unit)) {
            for (lot, quantity) in self.contents_of(one) {
                let sum: &mut u64 = goods.entry(lot).or_default();
                *sum = sum.saturating_add(quantity);
            }
        }
        goods
    }

    /// A unit and all in it get another holder.
    pub(super) fn hand_over(&mut self, unit: Unit, holder: Holder) {
        for one in self.whole(unit) {
            if let Some(row) = self.units.get(&one).copied() {
                self.units.insert(one, UnitRow { holder, ..row });
            }
        }
    }

    /// A unit and all in it are empty from now on. The lines of the newest event say what was.
    pub(super) fn open(&mut self, unit: Unit, event: EventHandle, now: i64, state: UnitState) {
        for one in self.whole(unit) {
            let Some(row) = self.units.get(&one).copied() else { continue };
            let before = u64::from(row.changed) | u64::from(row.parent) << 32;
            self.push_line(Role::UnitOpened, one.0, before, u16::from(row.depth));
            let goods: Vec<_> = self.contents_of(one).collect();
            for (lot, quantity) in goods {
                self.contents.remove(&(one, lot));
                self.push_line(Role::Inside, lot.0, quantity, 0);
            }
            self.nested.remove(&(Unit(row.parent), one));
            let changed = event.0;
            let open = UnitRow { since: now, parent: NONE, changed, inside: 0, state, ..row };
            self.units.insert(one, open);
        }
    }

    /// Takes that back; the outer units are in `state` then. Whether it can be was asked.
    pub(super) fn close_again(&mut self, lines: &[Line], state: UnitState) {
        let mut opened = Vec::new();
        for line in lines {
            match (line.role, opened.last()) {
                (Role::UnitOpened, _) => opened.push((Unit(line.lot), *line)),
                (Role::Inside, Some((unit, _))) => {
                    self.contents.insert((*unit, LotHandle(line.lot)), line.quantity);
                }
                _ => {}
            }
        }
        let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(NONE);
        // Inner ones first, so that each level knows what is in it.
        for (unit, line) in opened.into_iter().rev() {
            let Some(row) = self.units.get(&unit).copied() else { continue };
            let (changed, parent) = (half(line.quantity), half(line.quantity >> 32));
            let state = if parent == NONE { state } else { UnitState::Filled };
            let inner = self.units_in(unit).filter_map(|one| self.units.get(&one));
            let inside =
                inner.fold(0_u32, |sum, one| sum.saturating_add(one.inside).saturating_add(1));
            let lots = u32::try_from(self.contents_of(unit).count()).unwrap_or(NONE);
            let inside = inside.saturating_add(lots);
            let closed = UnitRow { since: 0, parent, changed, inside, state, ..row };
            self.units.insert(unit, closed);
            if parent != NONE {
                self.nested.insert((Unit(parent), unit));
            }
        }
    }

    /// A filled unit becomes what it was before; None: it was nothing.
    pub(super) fn unfill(&mut self, unit: Unit, lines: &[Line]) {
        let mut before = lines.iter().filter(|line| line.role == Role::UnitBefore);
        let changed = before.next().map_or(NONE, |line| line.lot);
        match before.next() {
            Some(line) => {
                let since = i64::from_le_bytes(line.quantity.to_le_bytes());
                let gone = line.place == UnitState::Gone as u16;
                let state = if gone { UnitState::Gone } else { UnitState::Emptied };
                let (holder, parent) = (Holder(line.lot), NONE);
                let row = UnitRow { since, holder, parent, changed, inside: 0, depth: 1, state };
                self.units.insert(unit, row);
            }
            None => {
                self.units.remove(&unit);
            }
        }
    }

    /// What each part and unit of a list is together, by lot.
    pub(super) fn goods(&self, parts: &[Part], units: &[Unit]) -> BTreeMap<LotHandle, u64> {
        let mut goods = self.goods_in(units);
        for part in parts {
            let sum = goods.entry(part.lot).or_default();
            *sum = sum.saturating_add(part.quantity.get());
        }
        goods
    }
}
