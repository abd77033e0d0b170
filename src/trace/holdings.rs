//! Who has how much of each lot. What its producer has stands in a row beside the lot, so that a lot
//! which nobody else has takes no place in a tree: trees of rows that come in their order are half
//! empty. All others stand in one tree. Not here: what the figures of a row mean (`rows`).

use imbl::{OrdMap, Vector};

use super::handles::{Holder, LotHandle, index, place_of};
use super::rows::HoldingRow;

/// What a holder has of a lot, with whose and which it is.
pub(super) type Holding<'a> = ((LotHandle, Holder), &'a HoldingRow);

/// All that anybody has or had. A row of zeros is as none.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Holdings {
    /// What its producer has, by lot.
    own: Vector<(Holder, HoldingRow)>,
    others: OrdMap<(LotHandle, Holder), HoldingRow>,
}

impl Holdings {
    /// Those of lots with these producers, from rows that rise by their keys. None: they do not, a
    /// lot is not there, or a row is one of zeros.
    pub fn of(
        producers: impl Iterator<Item = Holder>,
        rows: Vec<((LotHandle, Holder), HoldingRow)>,
    ) -> Option<Self> {
        let rising = rows.windows(2).all(|two| matches!(two, [(one, _), (next, _)] if one < next));
        rising.then_some(())?;
        let mut own: Vec<_> = producers.map(|one| (one, HoldingRow::default())).collect();
        let mut others = Vec::new();
        for ((lot, holder), row) in rows {
            let of_producer = own.get_mut(index(lot.0))?;
            (row != HoldingRow::default()).then_some(())?;
            match of_producer.0 == holder {
                true => of_producer.1 = row,
                false => others.push(((lot, holder), row)),
            }
        }
        Some(Self { own: own.into(), others: OrdMap::from(others) })
    }

    /// The next lot, of which nobody has anything yet.
    pub fn born(&mut self, producer: Holder) {
        self.own.push_back((producer, HoldingRow::default()));
    }

    pub fn get(&self, lot: LotHandle, holder: Holder) -> Option<&HoldingRow> {
        match self.own.get(index(lot.0)) {
            Some((producer, row)) if *producer == holder => {
                (*row != HoldingRow::default()).then_some(row)
            }
            _ => self.others.get(&(lot, holder)),
        }
    }

    pub fn set(&mut self, lot: LotHandle, holder: Holder, row: HoldingRow) {
        let is_own = self.own.get(index(lot.0)).is_some_and(|(producer, _)| *producer == holder);
        if is_own && let Some((_, own)) = self.own.get_mut(index(lot.0)) {
            *own = row;
        } else if row == HoldingRow::default() {
            self.others.remove(&(lot, holder));
        } else {
            self.others.insert((lot, holder), row);
        }
    }

    /// All of them, by lot and holder, from this lot and holder on.
    pub fn from(&self, lot: LotHandle, holder: Holder) -> impl Iterator<Item = Holding<'_>> {
        self.between((lot, holder), place_of(self.own.len()))
    }

    /// Those of one lot, from this holder on.
    pub fn of_lot(&self, lot: LotHandle, holder: Holder) -> impl Iterator<Item = Holding<'_>> {
        let all = self.between((lot, holder), lot.0.saturating_add(1));
        all.take_while(move |((of, _), _)| *of == lot)
    }

    /// Both merged; those of producers up to a lot.
    fn between(&self, first: (LotHandle, Holder), end: u32) -> impl Iterator<Item = Holding<'_>> {
        let mut others = self.others.range(first..).peekable();
        let mut place = first.0.0;
        std::iter::from_fn(move || {
            let own = loop {
                let Some((producer, row)) = self.own.get(index(place)).filter(|_| place < end)
                else {
                    break None;
                };
                let key = (LotHandle(place), *producer);
                if key >= first && *row != HoldingRow::default() {
                    break Some((key, row));
                }
                place = place.saturating_add(1);
            };
            let other = others.peek().map(|(key, row)| (**key, *row));
            if other.is_some_and(|(other, _)| own.is_none_or(|(own, _)| other < own)) {
                others.next();
                return other;
            }
            place = place.saturating_add(1);
            own
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.from(LotHandle(0), Holder(0)).count()
    }

    /// How many of them are in the tree.
    pub fn others(&self) -> usize {
        self.others.len()
    }
}
