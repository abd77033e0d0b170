//! What readers of a lot ask for: the events by which it came to be and came to its holders, and
//! the share that each of the lots it began as has in it. Bounded: a path that goes on is told as
//! not whole. Not here: reach without bounds (`genealogy`), many lots at once (`upstream`), who may
//! know what (`register`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::act::Opening;
use super::handles::{EventHandle, Holder, LotHandle, NONE, index, place_of};
use super::rows::{EventRow, EventState, Kind, Role};
use super::state::Trace;

/// Parts that a whole is told in: a share of one is a billionth.
pub const SHARE_WHOLE: u64 = 1_000_000_000;

/// The way back from a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The lot and all that it came from, nearest first.
    pub lots: Vec<LotHandle>,
    /// Transformations that filled them, and the shipments, receipts and settlements that brought
    /// them to who drew them; of the lot itself all of these. Newest first.
    pub events: Vec<EventHandle>,
    /// Whether there is no more of it.
    pub whole: bool,
    ways: Ways,
}

/// How the lots of a path came of one another, by their places on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ways {
    /// The fills of all lots, in the order of the lots, each lot's newest first: the place in
    /// `made` of what filled it, and how much.
    fills: Vec<(u32, u64)>,
    /// Where the fills of each lot end.
    fill_ends: Vec<u32>,
    made: Vec<Making>,
    /// Draws of lots that are on the path.
    draws: Vec<(u32, u64)>,
}

/// A transformation on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Making {
    event: EventHandle,
    /// All that it drew, on the path or not.
    drawn: u128,
    /// Where its draws end.
    draws_end: u32,
}

impl Ways {
    /// What filled a lot, newest first.
    fn fills_of(&self, lot: usize) -> &[(u32, u64)] {
        let first = lot.checked_sub(1).and_then(|before| self.fill_ends.get(before));
        let ends = (first.copied().unwrap_or_default(), self.fill_ends.get(lot).copied());
        self.fills.get(index(ends.0)..index(ends.1.unwrap_or_default())).unwrap_or_default()
    }

    /// A transformation, and what it drew of what is on the path.
    fn making(&self, place: u32) -> Option<(&Making, &[(u32, u64)])> {
        let making = self.made.get(index(place))?;
        let before = place.checked_sub(1).and_then(|before| self.made.get(index(before)));
        let first = before.map_or(0, |before| before.draws_end);
        Some((making, self.draws.get(index(first)..index(making.draws_end))?))
    }
}

/// Where a way back finds what it asks for, and remembers where it was.
pub(super) trait Steps {
    /// What filled a lot and how much, of what stands, newest first.
    fn fills(&mut self, lot: LotHandle, into: &mut Vec<(EventHandle, u64)>);
    /// What an event drew, in its order.
    fn draws(&mut self, event: EventHandle, into: &mut Vec<(LotHandle, u64)>);
    /// The place that a lot was given; gives it this one if it has none.
    fn place_of_lot(&mut self, lot: LotHandle, new: Option<u32>) -> Option<u32>;
    /// The same of an event.
    fn place_of_event(&mut self, event: EventHandle, new: u32) -> u32;
}

/// The lots of a way back, nearest first, whether there are no more, and how each came of others.
/// Calls with each transformation and what it drew, once.
pub(super) fn way_back(
    steps: &mut impl Steps,
    lot: LotHandle,
    most: usize,
    mut met: impl FnMut(EventHandle, &[(LotHandle, u64)]),
) -> Path {
    let mut path = Path { lots: vec![lot], whole: true, ..Path::default() };
    steps.place_of_lot(lot, Some(0));
    let (mut fills, mut draws, mut next) = (Vec::new(), Vec::new(), 0);
    while let Some(one) = path.lots.get(next).copied() {
        next += 1;
        fills.clear();
        steps.fills(one, &mut fills);
        for (event, filled) in &fills {
            let new = place_of(path.ways.made.len());
            let place = steps.place_of_event(*event, new);
            path.ways.fills.push((place, *filled));
            if place != new {
                continue;
            }
            draws.clear();
            steps.draws(*event, &mut draws);
            met(*event, &draws);
            let mut all = 0_u128;
            for (of, drawn) in &draws {
                all = all.saturating_add(u128::from(*drawn));
                let room = (path.lots.len() < most).then(|| place_of(path.lots.len()));
                let Some(place) = steps.place_of_lot(*of, room) else {
                    path.whole = false;
                    continue;
                };
                if Some(place) == room {
                    path.lots.push(*of);
                }
                path.ways.draws.push((place, *drawn));
            }
            let draws_end = place_of(path.ways.draws.len());
            path.ways.made.push(Making { event: *event, drawn: all, draws_end });
        }
        path.ways.fill_ends.push(place_of(path.ways.fills.len()));
    }
    path
}

/// Along the lines of each lot: for one way back.
struct Along<'a> {
    trace: &'a Trace,
    lots: HashMap<LotHandle, u32>,
    events: HashMap<EventHandle, u32>,
}

impl Steps for Along<'_> {
    fn fills(&mut self, lot: LotHandle, into: &mut Vec<(EventHandle, u64)>) {
        let lines = self.trace.lines_of_lot(lot).filter(|line| line.role == Role::Fill);
        into.extend(lines.map(|line| (EventHandle(line.event), line.quantity)));
    }

    fn draws(&mut self, event: EventHandle, into: &mut Vec<(LotHandle, u64)>) {
        let lines = self.trace.lines_of(event).filter(|(_, line)| line.role == Role::Draw);
        into.extend(lines.map(|(_, line)| (LotHandle(line.lot), line.quantity)));
    }

    fn place_of_lot(&mut self, lot: LotHandle, new: Option<u32>) -> Option<u32> {
        match new {
            Some(new) => Some(*self.lots.entry(lot).or_insert(new)),
            None => self.lots.get(&lot).copied(),
        }
    }

    fn place_of_event(&mut self, event: EventHandle, new: u32) -> u32 {
        *self.events.entry(event).or_insert(new)
    }
}

/// What a transformation drew and filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Lots drawn and how much of each.
    pub draws: Vec<(LotHandle, u64)>,
    /// Lots filled and how much of each.
    pub fills: Vec<(LotHandle, u64)>,
}

impl Trace {
    /// The way back from a lot, over so many lots at most.
    #[must_use]
    pub fn path(&self, lot: LotHandle, most: usize) -> Path {
        let mut along = Along { trace: self, lots: HashMap::new(), events: HashMap::new() };
        let mut events = BTreeSet::new();
        let mut drawn_by: BTreeMap<LotHandle, BTreeSet<Holder>> = BTreeMap::new();
        let mut path = way_back(&mut along, lot, most, |event, draws| {
            events.insert(event);
            let Some(row) = self.event(event) else { return };
            for (of, _) in draws {
                drawn_by.entry(*of).or_default().insert(row.issuer);
            }
        });
        for one in &path.lots {
            let wanted = drawn_by.remove(one).unwrap_or_default();
            self.handed_on(*one, (*one != lot).then_some(wanted), &mut events);
        }
        path.events = events.into_iter().rev().collect();
        path
    }

    /// The handovers of a lot by which it came to those who are wanted; None: to anybody.
    fn handed_on(
        &self,
        lot: LotHandle,
        wanted: Option<BTreeSet<Holder>>,
        events: &mut BTreeSet<EventHandle>,
    ) {
        let mut wanted = wanted;
        // Newest first: who sent it to somebody wanted had it from an older handover. What was
        // drawn of goods that were reclaimed since came by a handover all the same.
        for line in self.chain_of(lot) {
            let event = EventHandle(line.event);
            let row = self
                .event(event)
                .filter(|row| row.state != EventState::Undone || self.is_reclaimed(event, row));
            let Some(row) = row else { continue };
            let is_handover = match line.role {
                Role::Ship => wanted.is_none(),
                Role::Accepted | Role::SettledAccepted => true,
                _ => false,
            };
            let to = self.receiver(event, row.issuer);
            if !is_handover || wanted.as_ref().is_some_and(|wanted| !wanted.contains(&to)) {
                continue;
            }
            for one in self.answered_chain(event) {
                events.insert(one);
                let sender = self.event(one).filter(|row| row.kind == Kind::Ship);
                if let (Some(wanted), Some(sender)) = (&mut wanted, sender) {
                    wanted.insert(sender.issuer);
                }
            }
        }
    }

    /// Whether an event is the answer to a shipment that was reclaimed with it.
    fn is_reclaimed(&self, event: EventHandle, row: &EventRow) -> bool {
        let ship = self.event(EventHandle(row.of)).filter(|_| row.kind == Kind::Receive);
        ship.is_some_and(|ship| ship.state == EventState::Undone && ship.answered == event.0)
    }

    /// To whom goods came by an event: of a settlement, the receiver of its shipment.
    fn receiver(&self, event: EventHandle, issuer: Holder) -> Holder {
        let settles = self.event(event).filter(|row| row.kind == Kind::Settle);
        let receipt = settles.and_then(|row| self.event(EventHandle(row.of)));
        receipt.map_or(issuer, |row| row.issuer)
    }

    /// An event and those it answers: settlement, receipt, shipment.
    fn answered_chain(&self, event: EventHandle) -> impl Iterator<Item = EventHandle> {
        std::iter::successors(Some(event), |event| {
            let row = self.event(*event).filter(|row| row.kind != Kind::Transform)?;
            (row.of != NONE && row.of < event.0).then_some(EventHandle(row.of))
        })
    }

    /// What a transformation drew and filled; nothing of any other event.
    #[must_use]
    pub fn made(&self, event: EventHandle) -> Made {
        let mut made = Made::default();
        for (_, line) in self.lines_of(event) {
            let part = (LotHandle(line.lot), line.quantity);
            match line.role {
                Role::Draw => made.draws.push(part),
                Role::Fill => made.fills.push(part),
                _ => {}
            }
        }
        made
    }

    /// The lots that one began as, with the share of each in parts of [`SHARE_WHOLE`], largest
    /// first: a fill's share is divided by what was drawn for it. Rounded down, so never above the
    /// whole. `path` is its path; what lies beyond it is left out.
    #[must_use]
    pub fn origins_of(&self, path: &Path) -> Vec<(LotHandle, u64)> {
        let ways = &path.ways;
        let mut shares = vec![0_u128; path.lots.len()];
        if let Some(first) = shares.first_mut() {
            *first = u128::from(SHARE_WHOLE);
        }
        // A lot is filled before it is drawn: by its last fill each comes after those it went into.
        let last_fill = |place: usize, lot: LotHandle| {
            let fill = ways.fills_of(place).first();
            let made = fill.and_then(|(place, _)| ways.made.get(index(*place)));
            (made.map(|made| made.event), lot)
        };
        let places = path.lots.iter().enumerate();
        let mut order: Vec<_> =
            places.map(|(place, lot)| (last_fill(place, *lot), place)).collect();
        order.sort_unstable_by(|one, other| other.cmp(one));
        let mut origins = Vec::new();
        for ((_, lot), place) in order {
            let Some(row) = self.row(lot) else { continue };
            let share = shares.get(place).copied().unwrap_or_default();
            if row.opening != Opening::Derived {
                origins.push((lot, u64::try_from(share).unwrap_or(SHARE_WHOLE)));
                continue;
            }
            for (made, quantity) in ways.fills_of(place) {
                let part = share * u128::from(*quantity);
                let part = part.checked_div(u128::from(row.filled)).unwrap_or_default();
                let Some((making, draws)) = ways.making(*made) else { continue };
                for (of, drawn) in draws {
                    let drawn = part * u128::from(*drawn);
                    let drawn = drawn.checked_div(making.drawn).unwrap_or_default();
                    if let Some(share) = shares.get_mut(index(*of)) {
                        *share += drawn;
                    }
                }
            }
        }
        origins.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        origins
    }

    /// What schemes cover of a lot that was filled here, rising by scheme.
    #[must_use]
    pub fn covers_of(&self, lot: LotHandle) -> Vec<(super::handles::SchemeId, u64)> {
        let Some(row) = self.row(lot).filter(|row| row.opening == Opening::Derived) else {
            return Vec::new();
        };
        let covers = self.carried_by(lot).into_iter().filter_map(|(key, cover)| match key {
            super::rows::Key::Cover(scheme) => Some((scheme, cover.min(row.filled))),
            super::rows::Key::Origin(_) => None,
        });
        covers.collect()
    }
}
