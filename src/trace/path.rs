//! What readers of a lot ask for: the events by which it came to be and came to its holders, and
//! the share that each of the lots it began as has in it. Bounded: a path that goes on is told as
//! not whole. Not here: reach without bounds (`genealogy`), who may know what (`register`).

use std::collections::{BTreeMap, BTreeSet};

use super::act::Opening;
use super::handles::{EventHandle, Holder, LotHandle, NONE};
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
        let (mut lots, mut seen) = (vec![lot], BTreeSet::from([lot]));
        let (mut whole, mut next) = (true, 0);
        let mut events = BTreeSet::new();
        let mut drawn_by: BTreeMap<LotHandle, BTreeSet<Holder>> = BTreeMap::new();
        while let Some(one) = lots.get(next).copied() {
            next += 1;
            for event in self.fillings_of(one) {
                if !events.insert(event) {
                    continue;
                }
                let Some(row) = self.event(event) else { continue };
                for (of, _) in self.made(event).draws {
                    drawn_by.entry(of).or_default().insert(row.issuer);
                    if seen.contains(&of) {
                        continue;
                    }
                    if lots.len() >= most {
                        whole = false;
                        continue;
                    }
                    seen.insert(of);
                    lots.push(of);
                }
            }
        }
        for one in &lots {
            let wanted = drawn_by.remove(one).unwrap_or_default();
            self.handed_on(*one, (*one != lot).then_some(wanted), &mut events);
        }
        Path { lots, events: events.into_iter().rev().collect(), whole }
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
    /// whole. `lots` is its path; what lies beyond it is left out.
    #[must_use]
    pub fn origins_of(&self, path: &Path) -> Vec<(LotHandle, u64)> {
        let Some(first) = path.lots.first() else { return Vec::new() };
        let mut shares = BTreeMap::from([(*first, u128::from(SHARE_WHOLE))]);
        // A lot is filled before it is drawn: by its last fill each comes after those it went into.
        let mut order: Vec<(u32, LotHandle)> =
            path.lots.iter().map(|lot| (self.last_fill(*lot), *lot)).collect();
        order.sort_unstable_by(|one, other| other.cmp(one));
        let mut origins = Vec::new();
        for (_, lot) in order {
            let Some(row) = self.row(lot) else { continue };
            let share = shares.remove(&lot).unwrap_or_default();
            if row.opening != Opening::Derived {
                origins.push((lot, u64::try_from(share).unwrap_or(SHARE_WHOLE)));
                continue;
            }
            let fills = self.lines_of_lot(lot).filter(|line| line.role == Role::Fill);
            for line in fills {
                let part = share * u128::from(line.quantity);
                let part = part.checked_div(u128::from(row.filled)).unwrap_or_default();
                let draws = self.made(EventHandle(line.event)).draws;
                let all: u128 = draws.iter().map(|(_, drawn)| u128::from(*drawn)).sum();
                for (of, drawn) in draws {
                    let drawn = part * u128::from(drawn);
                    *shares.entry(of).or_default() += drawn.checked_div(all).unwrap_or_default();
                }
            }
        }
        origins.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        origins
    }

    /// The event that filled a lot last; 0 of one that opened full.
    fn last_fill(&self, lot: LotHandle) -> u32 {
        let mut fills = self.lines_of_lot(lot).filter(|line| line.role == Role::Fill);
        // From 1 on, so that what opened full comes last.
        fills.next().map_or(0, |line| line.event.saturating_add(1))
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
