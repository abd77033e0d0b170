//! What a lot came from and what became of it, over all levels. Lots and transformations are walked
//! in turn along their lines, each once: the work is that of the lines, whatever the ways between.

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

/// A bit for each of many.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub fn of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Sets a bit; whether it was not set before.
    pub fn set(&mut self, at: u32) -> bool {
        let Some(word) = self.0.get_mut(index(at / 64)) else { return false };
        let bit = 1 << (at % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// The same, with as many words as it takes.
    pub fn set_growing(&mut self, at: u32) {
        let words = index(at / 64).saturating_add(1);
        self.0.resize(self.0.len().max(words), 0);
        self.set(at);
    }

    pub fn into_words(self) -> Vec<u64> {
        self.0
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

/// The lots that one reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Nearest first, each once; at most [`REACH_LISTED_MAX`].
    pub lots: Vec<LotHandle>,
    /// How many there are.
    pub count: usize,
}

impl Trace {
    /// All that a lot came from or that became of it, whatever the way.
    #[must_use]
    pub fn reach(&self, lot: LotHandle, direction: Direction) -> Reach {
        let mut reach = Reach::default();
        for found in Walk::new(self, direction, [lot]) {
            reach.count += 1;
            if reach.lots.len() < REACH_LISTED_MAX {
                reach.lots.push(found);
            }
        }
        reach
    }

    /// A page of the same: the first `skip` left out, at most `take` named, all counted.
    #[must_use]
    pub fn reach_page(
        &self,
        lot: LotHandle,
        direction: Direction,
        skip: usize,
        take: usize,
    ) -> Reach {
        let mut reach = Reach::default();
        for found in Walk::new(self, direction, [lot]) {
            if reach.count >= skip && reach.lots.len() < take {
                reach.lots.push(found);
            }
            reach.count += 1;
        }
        reach
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
