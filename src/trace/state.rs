//! All that is known of goods, as a value. Cloning it costs nothing (shared trees): acts are tried
//! on a clone, which takes its place only when all of the act was taken in.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};

use super::act::{Event, Status};
use super::book::{Book, Rules};
use super::bytes::Seconds;
use super::handles::{EventHandle, Holder, LotHandle, NONE, Unit, index, place_of};
use super::holdings::Holdings;
use super::rows::{
    Brought, Carried, EventRow, EventState, HoldingRow, Key, Kind, Line, LotRow, Marks, PackedKey,
    Role, UnitRow,
};
use super::short::Short;

/// How much there is of every lot, from where and with whom.
///
/// ```
/// use tasdiq::trace::{Act, Declaration, Event, Holder, Material, Opening, Quantity, Trace};
///
/// let mut trace = Trace::default();
/// let quantity = Quantity::new(100_000).ok_or("a quantity")?;
/// let (material, producer, opening) = (Material(1), Holder(1), Opening::Primary);
/// let born = Declaration { material, producer, quantity, opening, harvested: None };
/// let event = Event { at: 0, logged_at: 10, issuer: producer, act: Act::Declare(born) };
/// let lot = trace.apply(&event).map_err(|short| short.code())?.lot.ok_or("a lot")?;
/// assert_eq!(trace.holding(lot, producer).free, 100_000);
/// # Ok::<(), &'static str>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Trace {
    pub(super) rules: Arc<Rules>,
    pub(super) lots: Vector<LotRow>,
    pub(super) holdings: Holdings,
    pub(super) events: Vector<EventRow>,
    pub(super) lines: Vector<Line>,
    pub(super) carried: Vector<Carried>,
    pub(super) brought: Vector<Brought>,
    /// Of lines that were missing, what is not settled yet.
    pub(super) disputes: OrdMap<u32, u64>,
    pub(super) units: OrdMap<Unit, UnitRow>,
    /// What lies in a unit itself, by lot.
    pub(super) contents: OrdMap<(Unit, LotHandle), u64>,
    /// Which units lie in a unit itself.
    pub(super) nested: OrdSet<(Unit, Unit)>,
    /// What of a lot a processor accepted for its shipper and has not made into anything.
    pub(super) toll: OrdMap<(LotHandle, Holder, Holder), u64>,
    /// What is said of lots themselves.
    pub(super) own: OrdMap<LotHandle, Status>,
    /// Of which lot (first) which lot inherits nothing.
    pub(super) lifted: OrdSet<(LotHandle, LotHandle)>,
    /// Follows from `own`, `lifted` and the lines.
    pub(super) inherited: Arc<Inherited>,
    #[cfg(test)]
    pub(super) off: super::tests::Off,
}

/// A bit for each lot: whether one above it is held, or recalled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inherited {
    pub held: Vec<u64>,
    pub recalled: Vec<u64>,
}

/// What flows with goods, by key, rising.
pub(super) type Flow = Vec<(Key, u64)>;

impl Trace {
    /// Refuses, unless a test has switched the rule off to see that something notices.
    #[cfg_attr(test, track_caller)]
    pub(super) fn refuse(&self, short: Short) -> Result<(), Short> {
        #[cfg(test)]
        if self.off.lets_pass(short.code()) {
            return Ok(());
        }
        Err(short)
    }

    /// The rule book in force.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.rules.book
    }

    pub(super) fn row(&self, lot: LotHandle) -> Option<&LotRow> {
        self.lots.get(index(lot.0))
    }

    /// A lot that was declared and not undeclared.
    pub(super) fn known(&self, lot: LotHandle) -> Result<LotRow, Short> {
        let row = self.row(lot).filter(|row| !row.marks.has(Marks::UNDECLARED));
        row.copied().ok_or(Short::LotUnknown { lot })
    }

    pub(super) fn change(&mut self, lot: LotHandle, change: impl FnOnce(&mut LotRow)) {
        if let Some(row) = self.lots.get_mut(index(lot.0)) {
            change(row);
        }
    }

    pub(super) fn has(&self, lot: LotHandle, holder: Holder) -> HoldingRow {
        self.holdings.get(lot, holder).unwrap_or_default()
    }

    pub(super) fn change_holding(
        &mut self,
        lot: LotHandle,
        holder: Holder,
        change: impl FnOnce(&mut HoldingRow),
    ) {
        let mut row = self.has(lot, holder);
        change(&mut row);
        self.holdings.set(lot, holder, row);
    }

    /// Takes goods out of the free stock.
    #[cfg_attr(test, track_caller)]
    pub(super) fn take_free(
        &mut self,
        lot: LotHandle,
        holder: Holder,
        asked: u64,
    ) -> Result<(), Short> {
        let row = self.holdings.get(lot, holder);
        let available = row.map_or(0, |row| row.free);
        if row.is_none() {
            self.refuse(Short::NotHolder { lot, holder })?;
        } else if available < asked {
            self.refuse(Short::Insufficient { lot, holder, available, asked })?;
        }
        self.change_holding(lot, holder, |row| row.free = row.free.saturating_sub(asked));
        Ok(())
    }

    pub(super) fn event(&self, event: EventHandle) -> Option<EventRow> {
        self.events.get(index(event.0)).copied()
    }

    /// An event that stands.
    pub(super) fn standing(&self, event: EventHandle) -> Option<EventRow> {
        self.event(event).filter(|row| row.state != EventState::Undone)
    }

    pub(super) fn change_event(&mut self, event: EventHandle, change: impl FnOnce(&mut EventRow)) {
        if let Some(row) = self.events.get_mut(index(event.0)) {
            change(row);
        }
    }

    /// The handle that the next event gets.
    pub(super) fn next_event(&self) -> EventHandle {
        EventHandle(place_of(self.events.len()))
    }

    /// A new event, before its lines. Its kind's own members follow.
    pub(super) fn push_event(
        &mut self,
        event: &Event,
        kind: Kind,
        own: impl FnOnce(&mut EventRow),
    ) -> EventHandle {
        let handle = self.next_event();
        let mut row = EventRow {
            at: Seconds::of(event.at),
            logged_at: Seconds::of(event.logged_at),
            issuer: event.issuer,
            other: NONE,
            of: NONE,
            answered: NONE,
            lines: place_of(self.lines.len()),
            brought: place_of(self.brought.len()),
            kind,
            way: super::recipe::WayWord::Group,
            word: 0,
            state: EventState::Stands,
        };
        own(&mut row);
        self.events.push_back(row);
        handle
    }

    /// The next line of the newest event.
    pub(super) fn push_line(&mut self, role: Role, lot: u32, quantity: u64, place: u16) {
        let event = place_of(self.events.len().saturating_sub(1));
        let here = place_of(self.lines.len());
        let mut before = NONE;
        if role.is_of_lot() {
            self.change(LotHandle(lot), |row| before = std::mem::replace(&mut row.line, here));
        }
        self.lines.push_back(Line { quantity, lot, event, before, place, role });
    }

    /// An event's lines and their places.
    pub(super) fn lines_of(&self, event: EventHandle) -> impl Iterator<Item = (u32, &Line)> {
        let places = self.places_of(event);
        places.filter_map(|place| Some((place_of(place), self.lines.get(place)?)))
    }

    /// Where the lines of an event are.
    pub(super) fn places_of(&self, event: EventHandle) -> std::ops::Range<usize> {
        let first = self.event(event).map_or(NONE, |row| row.lines);
        let after = event.0.checked_add(1).and_then(|next| self.event(EventHandle(next)));
        let end = after.map_or(self.lines.len(), |row| index(row.lines));
        index(first).min(end)..end
    }

    /// What an event's fills brought.
    pub(super) fn brought_by(&self, event: EventHandle) -> impl Iterator<Item = &Brought> {
        let first = self.event(event).map_or(NONE, |row| row.brought);
        let after = event.0.checked_add(1).and_then(|next| self.event(EventHandle(next)));
        let end = after.map_or(self.brought.len(), |row| index(row.brought));
        (index(first).min(end)..end).filter_map(|place| self.brought.get(place))
    }

    /// All lines of a lot, newest first, those of events that were undone among them.
    pub(super) fn chain_of(&self, lot: LotHandle) -> impl Iterator<Item = &Line> {
        let mut place = self.row(lot).map_or(NONE, |row| row.line);
        std::iter::from_fn(move || {
            let line = self.lines.get(index(place))?;
            // Chains point backwards, so they end.
            place = if line.before < place { line.before } else { NONE };
            Some(line)
        })
    }

    /// A lot's lines of events that stand, newest first.
    pub(super) fn lines_of_lot(&self, lot: LotHandle) -> impl Iterator<Item = &Line> {
        self.chain_of(lot).filter(|line| self.standing(EventHandle(line.event)).is_some())
    }

    /// What a lot carries, in the order in which it came.
    pub(super) fn carried_by(&self, lot: LotHandle) -> Flow {
        let mut flow = Flow::new();
        let mut place = self.row(lot).map_or(NONE, |row| row.carried);
        while let Some(row) = self.carried.get(index(place)) {
            flow.push((row.key.key(), row.quantity));
            place = row.next;
        }
        flow.sort_unstable();
        flow
    }

    /// What a lot carries of a key becomes another figure.
    pub(super) fn carry(&mut self, lot: LotHandle, key: Key, change: impl FnOnce(u64) -> u64) {
        let first = self.row(lot).map_or(NONE, |row| row.carried);
        let mut place = first;
        while let Some(row) = self.carried.get(index(place)) {
            if row.key.key() == key {
                break;
            }
            place = row.next;
        }
        if let Some(row) = self.carried.get_mut(index(place)) {
            row.quantity = change(row.quantity);
            return;
        }
        let here = place_of(self.carried.len());
        let row = Carried { quantity: change(0), key: PackedKey::of(key), next: first };
        self.carried.push_back(row);
        self.change(lot, |lot| lot.carried = here);
    }
}

/// How much of a lot each holder has, and where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// At hand.
    pub free: u64,
    /// In units at hand.
    pub packed: u64,
    /// Sent and not answered, or refused and not back.
    pub in_transit: u64,
    /// Sent and missing.
    pub disputed: u64,
    /// Gone through this holder: out by a channel, or to a commitment.
    pub out: u64,
    /// Of it, brought back and destroyed.
    pub recovered: u64,
}

impl Trace {
    /// What a holder has of a lot, in its smallest unit.
    #[must_use]
    pub fn holding(&self, lot: LotHandle, holder: Holder) -> Holding {
        self.has(lot, holder).told()
    }

    /// All that anybody has or had, by lot and holder, from the lot behind `after` on.
    pub fn holdings_after(
        &self,
        after: Option<LotHandle>,
    ) -> impl Iterator<Item = (LotHandle, Holder, Holding)> {
        let first = after.map_or(0, |lot| lot.0.saturating_add(1));
        let all = self.holdings.from(LotHandle(first), Holder(0));
        all.map(|((lot, holder), row)| (lot, holder, row.told()))
    }

    /// Who has how much of a lot, by holder.
    pub fn holdings_of(&self, lot: LotHandle) -> impl Iterator<Item = (Holder, Holding)> {
        self.holdings_behind(lot, None)
    }

    /// The same, from the holder behind one on.
    pub fn holdings_behind(
        &self,
        lot: LotHandle,
        after: Option<Holder>,
    ) -> impl Iterator<Item = (Holder, Holding)> {
        let first = after.map_or(0, |holder| holder.0.saturating_add(1));
        let all = self.holdings.of_lot(lot, Holder(first));
        all.map(|((_, holder), row)| (holder, row.told()))
    }
}

impl HoldingRow {
    fn told(&self) -> Holding {
        Holding {
            free: self.free,
            packed: self.packed,
            in_transit: self.transit,
            disputed: self.disputed,
            out: self.gone,
            recovered: self.recovered,
        }
    }
}
