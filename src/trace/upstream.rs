//! What lies above many lots, asked of one after the other: what filled each lot is looked up in a
//! list that is made of all lines once, since a lot that many draw on has a long way to its fills.
//! Not here: what a way back is (`path`), what one lot inherits (`reach`).

use imbl::shared_ptr::DefaultSharedPtr;
use imbl::vector::Focus;

use super::act::Status;
use super::genealogy::{Bits, Direction};
use super::handles::{EventHandle, LotHandle, NONE, index, place_of};
use super::path::{Path, Steps, way_back};
use super::rows::{Line, Role};
use super::state::Trace;
use super::sweep::Quest;

/// All ways back of a state of the figures. Takes 12 bytes a lot and 4 a fill, 8 an event.
pub struct Upstream<'a> {
    trace: &'a Trace,
    lines: Focus<'a, Line, DefaultSharedPtr>,
    /// Places of fills that stand, by lot, each lot's newest last.
    fills: Vec<u32>,
    /// Where the fills of each lot end.
    ends: Vec<u32>,
    /// In which way back a lot or an event was met last, and its place there.
    lots: Vec<(u32, u32)>,
    events: Vec<(u32, u32)>,
    round: u32,
}

impl<'a> Upstream<'a> {
    /// Looks at all lines.
    #[must_use]
    pub fn new(trace: &'a Trace) -> Self {
        let mut ends = vec![0_u32; trace.lots.len()];
        let stands = |line: &Line| trace.standing(EventHandle(line.event)).is_some();
        let fills = || {
            let lines = trace.lines.leaves().flatten().enumerate();
            lines.filter(|(_, line)| line.role == Role::Fill && stands(line))
        };
        for (_, line) in fills() {
            if let Some(count) = ends.get_mut(index(line.lot)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for end in &mut ends {
            // Where the lot's next fill goes; in the end, where its fills end.
            let first = sum;
            sum = sum.saturating_add(*end);
            *end = first;
        }
        let mut places = vec![NONE; index(sum)];
        for (place, line) in fills() {
            let Some(next) = ends.get_mut(index(line.lot)) else { continue };
            if let Some(at) = places.get_mut(index(*next)) {
                *at = place_of(place);
            }
            *next = next.saturating_add(1);
        }
        let (lots, events) = (vec![(0, 0); trace.lots.len()], vec![(0, 0); trace.events.len()]);
        Self { trace, lines: trace.lines.focus(), fills: places, ends, lots, events, round: 0 }
    }

    /// Whether a lot was filled from others.
    #[must_use]
    pub fn is_filled(&self, lot: LotHandle) -> bool {
        let (first, end) = self.range(lot);
        first < end
    }

    /// The transformation that filled a lot at once; None: none, or more than one fill did.
    #[must_use]
    pub fn only_filling(&self, lot: LotHandle) -> Option<EventHandle> {
        let (first, end) = self.range(lot);
        let [only] = self.fills.get(first..end)? else { return None };
        self.trace.lines.get(index(*only)).map(|line| EventHandle(line.event))
    }

    /// The way back from a lot, over so many lots at most, without its events: what
    /// [`Trace::path`] gives.
    pub fn path(&mut self, lot: LotHandle, most: usize) -> Path {
        self.round = self.round.saturating_add(1);
        way_back(self, lot, most, |_, _| {})
    }

    fn range(&self, lot: LotHandle) -> (usize, usize) {
        let before = lot.0.checked_sub(1).and_then(|before| self.ends.get(index(before)));
        let end = self.ends.get(index(lot.0)).copied().unwrap_or_default();
        (index(before.copied().unwrap_or_default()), index(end))
    }
}

impl Steps for Upstream<'_> {
    fn fills(&mut self, lot: LotHandle, into: &mut Vec<(EventHandle, u64)>) {
        let (first, end) = self.range(lot);
        for place in self.fills.get(first..end).unwrap_or_default().iter().rev() {
            let line = self.lines.get(index(*place));
            into.extend(line.map(|line| (EventHandle(line.event), line.quantity)));
        }
    }

    fn draws(&mut self, event: EventHandle, into: &mut Vec<(LotHandle, u64)>) {
        for place in self.trace.places_of(event) {
            let line = self.lines.get(place).filter(|line| line.role == Role::Draw);
            into.extend(line.map(|line| (LotHandle(line.lot), line.quantity)));
        }
    }

    fn place_of_lot(&mut self, lot: LotHandle, new: Option<u32>) -> Option<u32> {
        given(&mut self.lots, lot.0, self.round, new)
    }

    fn place_of_event(&mut self, event: EventHandle, new: u32) -> u32 {
        given(&mut self.events, event.0, self.round, Some(new)).unwrap_or(new)
    }
}

/// The place that was given in this round, or is now.
fn given(marks: &mut [(u32, u32)], at: u32, round: u32, new: Option<u32>) -> Option<u32> {
    let mark = marks.get_mut(index(at))?;
    if mark.0 != round {
        *mark = (round, new?);
    }
    Some(mark.1)
}

/// Of which lot each inherits what it does: what [`Trace::inherited_from`] tells of one, however
/// far above.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    held: Vec<Above>,
    recalled: Vec<Above>,
}

/// How many steps above the nearest of some lots is, and which; of several the one declared first.
type Above = (u32, u32);

const NOTHING: Above = (NONE, NONE);

impl Sources {
    /// Looks at all lines once for each status that any lot has, and once more for each lot of
    /// which something is lifted for another.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let of = |status| nearest_with(trace, status);
        Self { held: of(Status::Held), recalled: of(Status::Recalled) }
    }

    /// The lot whose status one inherits: the nearest. None: it inherits none.
    #[must_use]
    pub fn of(&self, trace: &Trace, lot: LotHandle) -> Option<LotHandle> {
        let above = match trace.inherited_status(lot) {
            Status::Released => return None,
            Status::Held => &self.held,
            Status::Recalled => &self.recalled,
        };
        let found = above.get(index(lot.0)).filter(|found| **found != NOTHING);
        found.map(|(_, source)| LotHandle(*source))
    }
}

/// Of each lot the nearest that hands a status on to it.
fn nearest_with(trace: &Trace, status: Status) -> Vec<Above> {
    let own = || trace.own.iter().filter(|(_, own)| **own == status).map(|(lot, _)| *lot);
    if own().next().is_none() {
        return Vec::new();
    }
    let bars = |lot: &LotHandle| !trace.barred_to(*lot).is_empty();
    let (barring, plain): (Vec<_>, Vec<_>) = own().partition(bars);
    let mut found = nearest(trace, &plain);
    for lot in barring {
        // As far as it is by any way, where one of them is not barred.
        let (far, barred) = (nearest(trace, &[lot]), trace.barred_to(lot));
        let quest = Quest { from: &[lot], direction: Direction::Down, barred: &barred };
        for reached in trace.sought(&quest).lots {
            let at = index(reached.0);
            if let (Some(found), Some(far)) = (found.get_mut(at), far.get(at)) {
                *found = (*found).min(*far);
            }
        }
    }
    found
}

/// Of each lot the nearest of some above it. In the order of the log: a lot takes no fill once it
/// is drawn.
fn nearest(trace: &Trace, sources: &[LotHandle]) -> Vec<Above> {
    let mut is_source = Bits::of(trace.lots.len());
    for lot in sources {
        is_source.set(lot.0);
    }
    let mut found = vec![NOTHING; trace.lots.len()];
    let (mut event, mut best) = (NONE, NOTHING);
    for line in trace.lines.leaves().flatten() {
        if line.event != event {
            (event, best) = (line.event, NOTHING);
        }
        if line.role == Role::Draw {
            let own = is_source.has(line.lot).then_some((0, line.lot));
            let above = found.get(index(line.lot)).copied().unwrap_or(NOTHING);
            best = best.min(own.unwrap_or(above));
        } else if line.role == Role::Fill
            && best != NOTHING
            && trace.standing(EventHandle(event)).is_some()
            && let Some(found) = found.get_mut(index(line.lot))
        {
            *found = (*found).min((best.0.saturating_add(1), best.1));
        }
    }
    found
}
