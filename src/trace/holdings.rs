//! Who has how much of each lot. Most of what a producer has of a lot is at hand: that stands in a
//! column beside the lots, so that a lot which nobody else has takes no place in a tree, whose rows
//! come in their order and leave it half empty. All else stands in one tree. Not here: what the
//! figures of a row mean (`rows`).

use imbl::{OrdMap, Vector};

use super::handles::{Holder, LotHandle, index, place_of};
use super::rows::HoldingRow;

/// What a holder has of a lot, with which lot and whose it is.
pub(super) type Held = ((LotHandle, Holder), HoldingRow);

/// All that anybody has or had. A row of zeros is as none.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Holdings {
    /// Who declared a lot.
    producers: Vector<Holder>,
    /// What that holder has of it, if it is at hand and there is nothing else to say of it; else 0.
    at_hand: Vector<u64>,
    /// All else.
    others: OrdMap<(LotHandle, Holder), HoldingRow>,
}

/// So much at hand, and nothing else.
fn plain(free: u64) -> HoldingRow {
    HoldingRow { free, ..HoldingRow::default() }
}

impl Holdings {
    /// Bytes of the columns for each lot.
    pub const BYTES_A_LOT: usize = size_of::<Holder>() + size_of::<u64>();

    /// Those of lots with these producers, from rows that rise by their keys. None: they do not, a
    /// lot is not there, or a row is one of zeros.
    pub fn of(producers: impl Iterator<Item = Holder>, rows: Vec<Held>) -> Option<Self> {
        let rising = rows.windows(2).all(|two| matches!(two, [(one, _), (next, _)] if one < next));
        rising.then_some(())?;
        let producers: Vec<Holder> = producers.collect();
        let mut at_hand = vec![0; producers.len()];
        let mut others = Vec::new();
        for ((lot, holder), row) in rows {
            let producer = producers.get(index(lot.0))?;
            (row != HoldingRow::default()).then_some(())?;
            match at_hand.get_mut(index(lot.0)) {
                Some(free) if *producer == holder && row == plain(row.free) => *free = row.free,
                _ => others.push(((lot, holder), row)),
            }
        }
        let (producers, at_hand) = (producers.into(), at_hand.into());
        Some(Self { producers, at_hand, others: OrdMap::from(others) })
    }

    /// The next lot, of which nobody has anything yet.
    pub fn born(&mut self, producer: Holder) {
        self.producers.push_back(producer);
        self.at_hand.push_back(0);
    }

    /// What the producer has at hand, if this is the producer and there is nothing else to say.
    fn own(&self, lot: LotHandle, holder: Holder) -> Option<u64> {
        let is_own = self.producers.get(index(lot.0)) == Some(&holder);
        self.at_hand.get(index(lot.0)).copied().filter(|free| is_own && *free > 0)
    }

    pub fn get(&self, lot: LotHandle, holder: Holder) -> Option<HoldingRow> {
        match self.own(lot, holder) {
            Some(free) => Some(plain(free)),
            None => self.others.get(&(lot, holder)).copied(),
        }
    }

    pub fn set(&mut self, lot: LotHandle, holder: Holder, row: HoldingRow) {
        let is_plain = row == plain(row.free);
        let mut beside = false;
        if self.producers.get(index(lot.0)) == Some(&holder)
            && let Some(free) = self.at_hand.get_mut(index(lot.0))
        {
            *free = if is_plain { row.free } else { 0 };
            beside = is_plain;
        }
        if beside || row == HoldingRow::default() {
            self.others.remove(&(lot, holder));
        } else {
            self.others.insert((lot, holder), row);
        }
    }

    /// All of them, by lot and holder, from this lot and holder on.
    pub fn from(&self, lot: LotHandle, holder: Holder) -> impl Iterator<Item = Held> {
        self.between((lot, holder), place_of(self.producers.len()))
    }

    /// Those of one lot, from this holder on.
    pub fn of_lot(&self, lot: LotHandle, holder: Holder) -> impl Iterator<Item = Held> {
        let all = self.between((lot, holder), lot.0.saturating_add(1));
        all.take_while(move |((of, _), _)| *of == lot)
    }

    /// Both merged; those of producers up to a lot.
    fn between(&self, first: (LotHandle, Holder), end: u32) -> impl Iterator<Item = Held> {
        let mut others = self.others.range(first..).map(|(key, row)| (*key, *row)).peekable();
        let mut place = first.0.0;
        std::iter::from_fn(move || {
            let own = loop {
                let producer = self.producers.get(index(place)).filter(|_| place < end);
                let Some(producer) = producer else { break None };
                let key = (LotHandle(place), *producer);
                match self.own(key.0, key.1).filter(|_| key >= first) {
                    Some(free) => break Some((key, plain(free))),
                    None => place = place.saturating_add(1),
                }
            };
            let is_before = |(other, _): &Held| own.is_none_or(|(own, _)| *other < own);
            if let Some(other) = others.next_if(is_before) {
                return Some(other);
            }
            place = place.saturating_add(1);
            own
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        let at_hand = self.at_hand.iter().filter(|free| **free > 0).count();
        self.others.len().saturating_add(at_hand)
    }

    /// How many of them are in the tree.
    pub fn others(&self) -> usize {
        self.others.len()
    }
}
