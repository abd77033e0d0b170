//! What a lot came from and what became of it, nearest first. Lots and transformations are walked
//! in turn along their lines, each once: the work is that of the lines, whatever the ways between.
//! Not here: all of it, however much that is (`sweep`).

use std::collections::{BTreeSet, VecDeque};

use super::handles::{EventHandle, LotHandle, index};
use super::rows::Role;
use super::state::Trace;
use crate::limits::REACH_LISTED_MAX;

/// Which way to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what it came from.
    Up,
    /// To what became of it.
    Down,
}

/// A bit for each of many. Words are made where bits are set: few bits of many cost little.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<Option<Box<[u64; PAGE_WORDS]>>>);

/// Words that are made at once: 4,096 bits, 512 bytes.
const PAGE_WORDS: usize = 64;

impl Bits {
    /// Room for so many bits, none of them set.
    pub fn of(count: usize) -> Self {
        Self(vec![None; count.div_ceil(PAGE_WORDS * 64)])
    }

    /// Sets a bit; whether it was not set before.
    pub fn set(&mut self, at: u32) -> bool {
        let place = index(at / 64);
        let Some(page) = self.0.get_mut(place / PAGE_WORDS) else { return false };
        let page = page.get_or_insert_with(|| Box::new([0; PAGE_WORDS]));
        let Some(word) = page.get_mut(place % PAGE_WORDS) else { return false };
        let bit = 1 << (at % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether a bit is set.
    pub fn has(&self, at: u32) -> bool {
        let place = index(at / 64);
        let page = self.0.get(place / PAGE_WORDS).and_then(Option::as_ref);
        page.and_then(|page| page.get(place % PAGE_WORDS))
            .is_some_and(|word| word & (1 << (at % 64)) != 0)
    }
}

/// Lots in the order in which they are reached, nearest first. Where it starts is not among them.
pub(super) struct Walk<'a> {
    trace: &'a Trace,
    direction: Direction,
    lots: Bits,
    events: Bits,
    next: VecDeque<LotHandle>,
    /// Lots of the transformation that was reached last.
    found: VecDeque<LotHandle>,
    /// Neither reached nor passed.
    barred: BTreeSet<LotHandle>,
}

impl<'a> Walk<'a> {
    pub fn new(
        trace: &'a Trace,
        direction: Direction,
        from: impl IntoIterator<Item = LotHandle>,
    ) -> Self {
        let (lots, events) = (Bits::of(trace.lots.len()), Bits::of(trace.events.len()));
        let (next, found) = (from.into_iter().collect(), VecDeque::new());
        Self { trace, direction, lots, events, next, found, barred: BTreeSet::new() }
    }

    pub fn barred(self, barred: BTreeSet<LotHandle>) -> Self {
        Self { barred, ..self }
    }

    fn look(&mut self, lot: LotHandle) {
        let (here, there) = match self.direction {
            Direction::Up => (Role::Fill, Role::Draw),
            Direction::Down => (Role::Draw, Role::Fill),
        };
        for line in self.trace.lines_of_lot(lot).filter(|line| line.role == here) {
            if !self.events.set(line.event) {
                continue;
            }
            let lines = self.trace.lines_of(EventHandle(line.event));
            for (_, line) in lines.filter(|(_, line)| line.role == there) {
                let lot = LotHandle(line.lot);
                if !self.barred.contains(&lot) && self.lots.set(line.lot) {
                    self.found.push_back(lot);
                }
            }
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = LotHandle;

    fn next(&mut self) -> Option<LotHandle> {
        loop {
            if let Some(lot) = self.found.pop_front() {
                self.next.push_back(lot);
                return Some(lot);
            }
            let lot = self.next.pop_front()?;
            self.look(lot);
        }
    }
}

impl Trace {
    /// The nearest lots that one came from or that came from it, whatever the way, those as near by
    /// their numbers: at most [`REACH_LISTED_MAX`], and none beyond is looked at.
    #[must_use]
    pub fn nearest(&self, lot: LotHandle, direction: Direction) -> Vec<LotHandle> {
        let mut walk = Walk::new(self, direction, []);
        let (mut all, mut edge) = (Vec::new(), vec![lot]);
        while !edge.is_empty() && all.len() < REACH_LISTED_MAX {
            for lot in edge {
                if all.len().saturating_add(walk.found.len()) < REACH_LISTED_MAX {
                    walk.look(lot);
                }
            }
            edge = walk.found.drain(..).collect();
            edge.sort_unstable();
            all.extend_from_slice(&edge);
        }
        all.truncate(REACH_LISTED_MAX);
        all
    }

    /// The lots it was filled from, or that were filled from it, in one step; rising, at most
    /// [`REACH_LISTED_MAX`].
    #[must_use]
    pub fn neighbours(&self, lot: LotHandle, direction: Direction) -> Vec<LotHandle> {
        let mut walk = Walk::new(self, direction, []);
        walk.look(lot);
        let mut found: Vec<LotHandle> = walk.found.into();
        found.sort_unstable();
        found.truncate(REACH_LISTED_MAX);
        found
    }

    /// Lots that were filled from what this one was filled from; rising, at most
    /// [`REACH_LISTED_MAX`].
    #[must_use]
    pub fn siblings(&self, lot: LotHandle) -> Vec<LotHandle> {
        let mut walk = Walk::new(self, Direction::Down, []);
        for parent in self.neighbours(lot, Direction::Up) {
            walk.look(parent);
        }
        let mut found: Vec<LotHandle> = walk.found.into_iter().filter(|it| *it != lot).collect();
        found.sort_unstable();
        found.truncate(REACH_LISTED_MAX);
        found
    }

    /// The events of a lot that stand, newest first.
    pub fn events_of(&self, lot: LotHandle) -> impl Iterator<Item = EventHandle> {
        let mut last = None;
        let events = self.lines_of_lot(lot).map(|line| EventHandle(line.event));
        events.filter(move |event| last.replace(*event) != Some(*event))
    }
}
