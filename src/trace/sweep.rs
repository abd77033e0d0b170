//! All that a lot came from or that became of it, however much that is: walked along its lines
//! while those are few, else swept over all lines once, in the order of the log. A lot takes no
//! fill once it is drawn, so each lot is met after all that it came from; backwards likewise. Not
//! here: how far a recall has come (`reach`).

use std::collections::BTreeSet;

use super::genealogy::{Bits, Direction};
use super::handles::{EventHandle, LotHandle, NONE, index, place_of};
use super::rows::{Line, Role};
use super::state::Trace;

/// Of all lines one in so many is walked along before all are swept: a line that is walked to costs
/// as much as some that are swept, and the work of an answer has this bound.
const WALKED_PART: usize = 16;

/// Lines that are walked along in any case.
const WALKED_LEAST: usize = 1_024;

/// Not reached.
const FAR: u32 = NONE;

/// All lots that one reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Nearest first, those as near by their numbers; each once, itself left out.
    pub lots: Vec<LotHandle>,
    /// They are so many that all lines were swept.
    pub(super) swept: bool,
}

/// From where, which way, and what is neither reached nor passed.
pub(super) struct Quest<'a> {
    pub from: &'a [LotHandle],
    pub direction: Direction,
    pub barred: &'a BTreeSet<LotHandle>,
}

impl Direction {
    /// What a line of a lot is where the way goes on, and what one is to which it goes.
    const fn roles(self) -> [Role; 2] {
        match self {
            Self::Up => [Role::Fill, Role::Draw],
            Self::Down => [Role::Draw, Role::Fill],
        }
    }
}

impl Trace {
    /// All that a lot came from or that became of it, whatever the way. The work is that of its
    /// lines or of all lines, whichever is less, and no more.
    #[must_use]
    pub fn reached(&self, lot: LotHandle, direction: Direction) -> Reached {
        self.reached_from(&[lot], direction)
    }

    /// The same of any of several lots.
    #[must_use]
    pub fn reached_from(&self, from: &[LotHandle], direction: Direction) -> Reached {
        let barred = BTreeSet::new();
        self.sought(&Quest { from, direction, barred: &barred })
    }

    pub(super) fn sought(&self, quest: &Quest<'_>) -> Reached {
        let most = (self.lines.len() / WALKED_PART).max(WALKED_LEAST);
        match self.walked(quest, most) {
            Some(lots) => Reached { lots, swept: false },
            None => Reached { lots: self.swept(quest), swept: true },
        }
    }

    /// The same by walking along at most so many lines; None: there are more.
    pub(super) fn walked(&self, quest: &Quest<'_>, most: usize) -> Option<Vec<LotHandle>> {
        let [here, there] = quest.direction.roles();
        let (mut lots, mut events) = (Bits::of(self.lots.len()), Bits::of(self.events.len()));
        let (mut reached, mut left) = (Vec::new(), most);
        let mut edge = quest.from.to_vec();
        while !edge.is_empty() {
            let mut next = Vec::new();
            for lot in edge {
                for line in self.chain_of(lot) {
                    left = left.checked_sub(1)?;
                    let event = EventHandle(line.event);
                    if line.role != here || !events.set(event.0) || self.standing(event).is_none() {
                        continue;
                    }
                    for (_, line) in self.lines_of(event) {
                        left = left.checked_sub(1)?;
                        let lot = LotHandle(line.lot);
                        if line.role == there && !quest.barred.contains(&lot) && lots.set(lot.0) {
                            next.push(lot);
                        }
                    }
                }
            }
            next.sort_unstable();
            reached.extend_from_slice(&next);
            edge = next;
        }
        Some(reached)
    }

    /// The same by looking at each line once.
    pub(super) fn swept(&self, quest: &Quest<'_>) -> Vec<LotHandle> {
        let mut sweep = Sweep::new(self, quest);
        match quest.direction {
            Direction::Down => sweep.down(),
            Direction::Up => sweep.up(),
        }
        sweep.nearest_first()
    }
}

/// How many transformations lie between a lot and where it starts; of an event, as few as of the
/// nearest lot on the side that it is reached from, whose lines all come first. Most lines are of
/// what is drawn: the loops over them have nothing to decide that hangs on what was found so far.
struct Sweep<'a> {
    trace: &'a Trace,
    quest: &'a Quest<'a>,
    steps: Vec<u32>,
    /// Where it starts, as far as that is reached from where else it starts.
    starts: BTreeSet<LotHandle>,
}

impl<'a> Sweep<'a> {
    fn new(trace: &'a Trace, quest: &'a Quest<'a>) -> Self {
        let mut steps = vec![FAR; trace.lots.len()];
        for lot in quest.from {
            if let Some(step) = steps.get_mut(index(lot.0)) {
                *step = 0;
            }
        }
        Self { trace, quest, steps, starts: BTreeSet::new() }
    }

    /// In the order of the log; of each event what was drawn stands before what was filled.
    fn down(&mut self) {
        let (mut event, mut step) = (NONE, FAR);
        for leaf in self.trace.lines.leaves() {
            for line in leaf {
                step = if line.event == event { step } else { FAR };
                event = line.event;
                if line.role == Role::Draw {
                    step = step.min(self.step_of(line));
                } else if line.role == Role::Fill && step != FAR && self.stands(event) {
                    self.reach(line, step);
                }
            }
        }
    }

    /// Backwards.
    fn up(&mut self) {
        let (mut event, mut step, mut stands) = (NONE, FAR, false);
        for leaf in self.trace.lines.leaves().rev() {
            for line in leaf.iter().rev() {
                if line.event != event {
                    (event, step, stands) = (line.event, FAR, false);
                }
                if line.role == Role::Fill {
                    step = step.min(self.step_of(line));
                    stands = step != FAR && (stands || self.stands(event));
                } else if stands && line.role == Role::Draw {
                    self.reach(line, step);
                }
            }
        }
    }

    fn step_of(&self, line: &Line) -> u32 {
        self.steps.get(index(line.lot)).copied().unwrap_or(FAR)
    }

    /// The lot of a line is one step behind those that lead to it.
    fn reach(&mut self, line: &Line, from: u32) {
        let (lot, barred) = (LotHandle(line.lot), self.quest.barred);
        let Some(step) = self.steps.get_mut(index(line.lot)) else { return };
        if !barred.is_empty() && barred.contains(&lot) {
            return;
        }
        if *step == 0 {
            self.starts.insert(lot);
        }
        *step = (*step).min(from.saturating_add(1));
    }

    fn stands(&self, event: u32) -> bool {
        self.trace.standing(EventHandle(event)).is_some()
    }

    /// The lots in the order of their steps, those of one step by their numbers.
    fn nearest_first(self) -> Vec<LotHandle> {
        let found = || self.steps.iter().enumerate().filter(|(_, step)| !matches!(**step, 0 | FAR));
        let last = found().map(|(_, step)| *step).max().unwrap_or_default();
        // Where the next lot of each step goes.
        let mut places = vec![0_usize; index(last).saturating_add(2)];
        for (_, step) in found() {
            if let Some(place) = places.get_mut(index(*step).saturating_add(1)) {
                *place = place.saturating_add(1);
            }
        }
        let mut sum = 0_usize;
        for place in &mut places {
            sum = sum.saturating_add(*place);
            *place = sum;
        }
        let mut lots = vec![LotHandle(NONE); sum];
        for (lot, step) in found() {
            let Some(place) = places.get_mut(index(*step)) else { continue };
            if let Some(at) = lots.get_mut(*place) {
                *at = LotHandle(place_of(lot));
            }
            *place = place.saturating_add(1);
        }
        lots.extend(self.starts);
        lots
    }
}
