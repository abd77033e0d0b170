//! A trace as bytes: rows of fixed width in the order of their numbers, maps rising by their keys,
//! all little-endian. They are a function of the acts applied alone. What follows from them (what
//! is inherited, what a book implies) is made anew.
//!
//! ```text
//! book       u32 version, recipes, chains, materials, schemes
//! rows       lots, holdings, events, lines, carried, brought, disputes, units, contents, nested,
//!            toll, own status, lifted: each u64 count and rows
//! ```

use std::sync::Arc;

use super::act::Status;
use super::book::{Book, Rules};
use super::bytes::{Damaged, Fixed, Reader};
use super::handles::{Holder, LotHandle, NONE, Unit, index};
use super::holdings::Holdings;
use super::rows::{Brought, Carried, EventRow, HoldingRow, Line, LotRow, UnitRow};
use super::state::{Inherited, Trace};

/// Bytes gathered before they are handed on.
const PART_BYTES: usize = 65_536;

/// Bytes on their way out, in parts.
struct Sink<'a, E> {
    waiting: Vec<u8>,
    out: &'a mut dyn FnMut(&[u8]) -> Result<(), E>,
}

impl<E> Sink<'_, E> {
    /// Rows behind their number.
    fn rows<T>(
        &mut self,
        count: usize,
        rows: impl IntoIterator<Item = T>,
        put: impl Fn(T, &mut Vec<u8>),
    ) -> Result<(), E> {
        (count as u64).put(&mut self.waiting);
        for row in rows {
            put(row, &mut self.waiting);
            if self.waiting.len() >= PART_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), E> {
        (self.out)(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

fn put_pair<K: Fixed, V: Fixed>((key, value): (&K, &V), into: &mut Vec<u8>) {
    key.put(into);
    value.put(into);
}

impl Trace {
    /// Appends the bytes.
    pub fn encode(&self, into: &mut Vec<u8>) {
        let mut append = |part: &[u8]| {
            into.extend_from_slice(part);
            Ok::<(), std::convert::Infallible>(())
        };
        match self.encode_in(&mut append) {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }

    /// How many bytes they are.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut book = Vec::new();
        self.rules.book.put(&mut book);
        let of = |count: usize, each: usize| count.saturating_mul(each).saturating_add(8);
        let lists = [
            of(self.lots.len(), LotRow::BYTES),
            of(self.holdings.count(), <(LotHandle, Holder)>::BYTES + HoldingRow::BYTES),
            of(self.events.len(), EventRow::BYTES),
            of(self.lines.len(), Line::BYTES),
            of(self.carried.len(), Carried::BYTES),
            of(self.brought.len(), Brought::BYTES),
            of(self.disputes.len(), u32::BYTES + u64::BYTES),
            of(self.units.len(), Unit::BYTES + UnitRow::BYTES),
            of(self.contents.len(), <(Unit, LotHandle)>::BYTES + u64::BYTES),
            of(self.nested.len(), <(Unit, Unit)>::BYTES),
            of(self.toll.len(), <(LotHandle, Holder, Holder)>::BYTES + u64::BYTES),
            of(self.own.len(), LotHandle::BYTES + Status::BYTES),
            of(self.lifted.len(), <(LotHandle, LotHandle)>::BYTES),
        ];
        lists.iter().fold(book.len(), |sum, bytes| sum.saturating_add(*bytes))
    }

    /// Hands the bytes on, part by part, so that they never stand in memory as a whole.
    ///
    /// # Errors
    /// What `out` says.
    pub fn encode_in<E>(&self, out: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut sink = Sink { waiting: Vec::new(), out };
        self.rules.book.put(&mut sink.waiting);
        sink.rows(self.lots.len(), &self.lots, Fixed::put)?;
        let holdings = self.holdings.from(LotHandle(0), Holder(0));
        sink.rows(self.holdings.count(), holdings, |(key, row), into| {
            put_pair((&key, &row), into)
        })?;
        sink.rows(self.events.len(), &self.events, Fixed::put)?;
        sink.rows(self.lines.len(), &self.lines, Fixed::put)?;
        sink.rows(self.carried.len(), &self.carried, Fixed::put)?;
        sink.rows(self.brought.len(), &self.brought, Fixed::put)?;
        sink.rows(self.disputes.len(), &self.disputes, put_pair)?;
        sink.rows(self.units.len(), &self.units, put_pair)?;
        sink.rows(self.contents.len(), &self.contents, put_pair)?;
        sink.rows(self.nested.len(), &self.nested, Fixed::put)?;
        sink.rows(self.toll.len(), &self.toll, put_pair)?;
        sink.rows(self.own.len(), &self.own, put_pair)?;
        sink.rows(self.lifted.len(), &self.lifted, Fixed::put)?;
        sink.flush()
    }

    /// Reads them back.
    ///
    /// # Errors
    /// They are cut, or no acts lead to them as far as that is seen: numbers that name nothing,
    /// chains that do not end, quantities that do not add up.
    pub fn decode(from: &mut Reader) -> Result<Self, Damaged> {
        let damaged = |what| move || Damaged { what };
        let book = Book::take(from).ok_or_else(damaged("the rule book"))?;
        if book.check().is_err() {
            return Err(Damaged { what: "the rule book" });
        }
        let lots: Vec<LotRow> = from.rows().ok_or_else(damaged("lots"))?;
        let holdings = from.rows().ok_or_else(damaged("holdings"))?;
        let holdings = Holdings::of(lots.iter().map(|lot| lot.producer), holdings);
        let mut trace = Self {
            rules: Arc::new(Rules::of(book)),
            lots: lots.into(),
            holdings: holdings.ok_or_else(damaged("a holding"))?,
            events: from.rows().ok_or_else(damaged("events"))?.into(),
            lines: from.rows().ok_or_else(damaged("lines"))?.into(),
            carried: from.rows().ok_or_else(damaged("what is carried"))?.into(),
            brought: from.rows().ok_or_else(damaged("what was brought"))?.into(),
            disputes: from.map().ok_or_else(damaged("disputes"))?,
            units: from.map().ok_or_else(damaged("units"))?,
            contents: from.map().ok_or_else(damaged("contents"))?,
            nested: from.set().ok_or_else(damaged("nested units"))?,
            toll: from.map().ok_or_else(damaged("processing"))?,
            own: from.map().ok_or_else(damaged("status"))?,
            lifted: from.set().ok_or_else(damaged("what is lifted"))?,
            inherited: Arc::new(Inherited::default()),
            #[cfg(test)]
            off: super::tests::Off::Nothing,
        };
        trace.names_what_is_there()?;
        if trace.conserved().is_some() {
            return Err(Damaged { what: "the balance of a lot" });
        }
        trace.inherit_anew();
        Ok(trace)
    }

    /// Every number names something, and every chain ends.
    fn names_what_is_there(&self) -> Result<(), Damaged> {
        let (lots, lines, events) = (self.lots.len(), self.lines.len(), self.events.len());
        let is = |number: u32, count: usize| index(number) < count;
        let may = |number: u32, count: usize| number == NONE || is(number, count);
        let check = |holds: bool, what| if holds { Ok(()) } else { Err(Damaged { what }) };
        let carried = self.carried.len();
        let lot = self.lots.iter().all(|row| may(row.line, lines) && may(row.carried, carried));
        check(lot, "a lot")?;
        check(self.own.keys().all(|lot| is(lot.0, lots)), "what is said of a lot")?;
        let (mut at, mut brought) = (0, 0);
        for row in &self.events {
            // They rise, and none begins behind the end.
            let rises = at <= row.lines && brought <= row.brought;
            let ends = index(row.lines) <= lines && index(row.brought) <= self.brought.len();
            check(rises && ends, "an event")?;
            (at, brought) = (row.lines, row.brought);
        }
        for (place, line) in self.lines.iter().enumerate() {
            let chained = !line.role.is_of_lot()
                || is(line.lot, lots) && (line.before == NONE || index(line.before) < place);
            check(chained && is(line.event, events), "a line")?;
        }
        for (place, row) in self.carried.iter().enumerate() {
            check(row.next == NONE || index(row.next) < place, "what is carried")?;
        }
        check(self.disputes.keys().all(|line| is(*line, lines)), "a dispute")?;
        let unit = |number: u32| self.units.contains_key(&super::handles::Unit(number));
        let inside = self.nested.iter().all(|(outer, inner)| unit(outer.0) && unit(inner.0));
        check(inside && self.contents.keys().all(|(outer, _)| unit(outer.0)), "a unit")
    }
}
