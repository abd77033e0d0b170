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

use super::book::{Book, Rules};
use super::bytes::{Damaged, Reader, put_all, put_map, put_set};
use super::handles::{NONE, index};
use super::state::{Inherited, Trace};

impl Trace {
    /// Appends the bytes.
    pub fn encode(&self, into: &mut Vec<u8>) {
        self.rules.book.put(into);
        put_all(&self.lots, into);
        put_map(&self.holdings, into);
        put_all(&self.events, into);
        put_all(&self.lines, into);
        put_all(&self.carried, into);
        put_all(&self.brought, into);
        put_map(&self.disputes, into);
        put_map(&self.units, into);
        put_map(&self.contents, into);
        put_set(&self.nested, into);
        put_map(&self.toll, into);
        put_map(&self.own, into);
        put_set(&self.lifted, into);
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
        let mut trace = Self {
            rules: Arc::new(Rules::of(book)),
            lots: from.rows().ok_or_else(damaged("lots"))?.into(),
            holdings: from.map().ok_or_else(damaged("holdings"))?,
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
        let held = self.holdings.keys().all(|(lot, _)| is(lot.0, lots));
        check(held && self.own.keys().all(|lot| is(lot.0, lots)), "a holding")?;
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
