//! What a recall or a hold reaches. What is said of a lot itself is kept; what others inherit of it
//! is a bit for each lot, made anew when something that is said changes. What is lifted for a lot
//! is not handed on by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::act::{Act, Event, Status};
use super::genealogy::{Bits, Direction, Walk};
use super::handles::{EventHandle, Holder, LotHandle, NONE, index, place_of};
use super::rows::{EventRow, HoldingRow, Kind, LotRow, Role};
use super::short::Short;
use super::state::{Inherited, Trace};
use super::sweep::{Quest, Reached};

/// How far a recall has come, over the lot and all that became of it, in smallest units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lots, the recalled one among them.
    pub lots: u64,
    /// What there was of them.
    pub filled: u128,
    /// Of it, what became another of these lots.
    pub consumed: u128,
    /// Destroyed, taken as samples, or back and still at hand, as holders say.
    pub stated: u128,
    /// Destroyed before the eyes of a third party.
    pub seen: u128,
}

impl Trace {
    /// What is said of a lot, by itself.
    #[must_use]
    pub fn own_status(&self, lot: LotHandle) -> Status {
        self.own.get(&lot).copied().unwrap_or(Status::Released)
    }

    /// What a lot inherits of those it came from.
    #[must_use]
    pub fn inherited_status(&self, lot: LotHandle) -> Status {
        let has = |words: &[u64]| {
            words.get(index(lot.0 / 64)).is_some_and(|word| word & (1 << (lot.0 % 64)) != 0)
        };
        if has(&self.inherited.recalled) {
            return Status::Recalled;
        }
        if has(&self.inherited.held) { Status::Held } else { Status::Released }
    }

    /// Of which lots one inherits what it does, nearest first, those as near by their numbers; as
    /// many lots above are looked at as [`Self::nearest`] gives.
    #[must_use]
    pub fn inherited_from(&self, lot: LotHandle) -> Vec<LotHandle> {
        let above = self.nearest(lot, Direction::Up).into_iter();
        let sources = above.filter(|source| self.own.contains_key(source));
        sources.filter(|source| self.hands_on(*source, lot)).collect()
    }

    /// Whether a status of one lot reaches another above which it stands.
    fn hands_on(&self, source: LotHandle, lot: LotHandle) -> bool {
        let barred = self.barred_to(source);
        if barred.is_empty() {
            return true;
        }
        !barred.contains(&lot)
            && Walk::new(self, Direction::Up, [lot]).barred(barred).any(|above| above == source)
    }

    pub(super) fn barred_to(&self, source: LotHandle) -> BTreeSet<LotHandle> {
        let range = self.lifted.range((source, LotHandle(0))..=(source, LotHandle(NONE)));
        range.map(|(_, lot)| *lot).collect()
    }

    /// Whether goods of a lot may go on their way.
    #[cfg_attr(test, track_caller)]
    pub(super) fn moves(&self, lot: LotHandle) -> Result<(), Short> {
        let (own, inherited) = (self.own_status(lot), self.inherited_status(lot));
        let worst = own.max(inherited);
        if worst == Status::Released {
            return Ok(());
        }
        let by = match own == worst {
            true => lot,
            false => {
                let mut from = self.inherited_from(lot).into_iter();
                from.find(|source| self.own_status(*source) == worst).unwrap_or(lot)
            }
        };
        self.refuse(match worst {
            Status::Recalled => Short::LotRecalled { lot, by },
            _ => Short::LotHeld { lot, by },
        })
    }

    /// Something is said of a lot, or what it inherits is lifted.
    pub(super) fn say(&mut self, event: &Event) -> Result<(), Short> {
        match event.act {
            Act::Status { lot, status } => {
                self.known(lot)?;
                let before = match status {
                    Status::Released => self.own.remove(&lot),
                    status => self.own.insert(lot, status),
                };
                let before = before.unwrap_or(Status::Released);
                if before == Status::Released && !self.lifted_of(lot) {
                    self.inherit_more(lot, status);
                } else if before != status {
                    self.inherit_anew();
                }
            }
            Act::Lift { source, lot, lifted } => {
                self.known(source)?;
                self.known(lot)?;
                match lifted {
                    true => self.lifted.insert((source, lot)),
                    false => self.lifted.remove(&(source, lot)),
                };
                self.inherit_anew();
            }
            _ => {}
        }
        Ok(())
    }

    /// The same said of many lots, of each what counts for it then.
    pub fn tell_all(&mut self, said: impl Iterator<Item = (LotHandle, Status)>) {
        let mut changed = false;
        for (lot, status) in said.filter(|(lot, _)| self.known(*lot).is_ok()).collect::<Vec<_>>() {
            let before = match status {
                Status::Released => self.own.remove(&lot),
                status => self.own.insert(lot, status),
            };
            changed |= before.unwrap_or(Status::Released) != status;
        }
        if changed {
            self.inherit_anew();
        }
    }

    fn lifted_of(&self, source: LotHandle) -> bool {
        !self.barred_to(source).is_empty()
    }

    /// What one more lot hands on.
    fn inherit_more(&mut self, lot: LotHandle, status: Status) {
        let mut inherited = Inherited::clone(&self.inherited);
        let words = match status {
            Status::Released => return,
            Status::Held => &mut inherited.held,
            Status::Recalled => &mut inherited.recalled,
        };
        mark(words, &self.below(&[lot], &BTreeSet::new()));
        self.inherited = Arc::new(inherited);
    }

    fn below(&self, from: &[LotHandle], barred: &BTreeSet<LotHandle>) -> Vec<LotHandle> {
        self.sought(&Quest { from, direction: Direction::Down, barred }).lots
    }

    /// What all hand on, from nothing. Of a lot for which nothing is lifted the ways are walked
    /// together with those of its like, else on its own.
    pub(super) fn inherit_anew(&mut self) {
        let mut inherited = Inherited::default();
        let mut alike: BTreeMap<Status, Vec<LotHandle>> = BTreeMap::new();
        for (lot, status) in &self.own {
            let barred = self.barred_to(*lot);
            if barred.is_empty() {
                alike.entry(*status).or_default().push(*lot);
                continue;
            }
            mark(inherited.of(*status), &self.below(&[*lot], &barred));
        }
        for (status, lots) in alike {
            mark(inherited.of(status), &self.below(&lots, &BTreeSet::new()));
        }
        self.inherited = Arc::new(inherited);
    }

    /// What is left of what one lot inherits, that handed nothing on.
    pub(super) fn inherit_less(&mut self, lot: LotHandle) {
        if self.inherited_status(lot) == Status::Released {
            return;
        }
        let above = Walk::new(self, Direction::Up, [lot]);
        let sources: Vec<LotHandle> = above.filter(|one| self.own.contains_key(one)).collect();
        let from = sources.into_iter().filter(|source| self.hands_on(*source, lot));
        let left: BTreeSet<Status> = from.map(|source| self.own_status(source)).collect();
        let mut inherited = Inherited::clone(&self.inherited);
        for status in [Status::Held, Status::Recalled] {
            let words = inherited.of(status);
            if let Some(word) = words.get_mut(index(lot.0 / 64)).filter(|_| !left.contains(&status))
            {
                *word &= !(1 << (lot.0 % 64));
            }
            while words.last() == Some(&0) {
                words.pop();
            }
        }
        self.inherited = Arc::new(inherited);
    }

    /// How far a recall of a lot has come.
    #[must_use]
    pub fn progress(&self, lot: LotHandle) -> Progress {
        self.progress_of(lot, &self.reached(lot, Direction::Down))
    }

    /// The same, where it is known what became of the lot.
    #[must_use]
    pub fn progress_of(&self, lot: LotHandle, reached: &Reached) -> Progress {
        let lots = || std::iter::once(lot).chain(reached.lots.iter().copied());
        let mut progress = Progress::default();
        for row in lots().filter_map(|lot| self.row(lot)) {
            progress.add_lot(row);
        }
        if reached.swept {
            self.add_from_all(&mut progress, lots());
            return progress;
        }
        for lot in lots() {
            let holdings = self.holdings.of_lot(lot, Holder(0));
            holdings.for_each(|(_, row)| progress.add_holding(&row));
            for line in self.lines_of_lot(lot).filter(|line| line.role == Role::Left) {
                let seen = self.event(EventHandle(line.event)).is_some_and(|it| it.is_seen());
                progress.seen += if seen { u128::from(line.quantity) } else { 0 };
            }
        }
        progress
    }

    /// What holders have and others saw of many lots: all holdings and events are gone through.
    fn add_from_all(&self, progress: &mut Progress, lots: impl Iterator<Item = LotHandle>) {
        let mut bits = Bits::of(self.lots.len());
        for lot in lots {
            bits.set(lot.0);
        }
        let all = self.holdings.from(LotHandle(0), Holder(0));
        for (_, row) in all.filter(|((lot, _), _)| bits.has(lot.0)) {
            progress.add_holding(&row);
        }
        let events = self.events.iter().enumerate();
        for (place, _) in events.filter(|(_, row)| row.is_seen()) {
            let event = EventHandle(place_of(place));
            let lines = self.lines_of(event).filter(|_| self.standing(event).is_some());
            for (_, line) in lines.filter(|(_, line)| line.role == Role::Left) {
                let counts = bits.has(line.lot);
                progress.seen += if counts { u128::from(line.quantity) } else { 0 };
            }
        }
    }
}

impl Progress {
    fn add_lot(&mut self, row: &LotRow) {
        self.lots += 1;
        self.filled += u128::from(row.filled);
        self.consumed += u128::from(row.consumed);
        let ended = [row.destroyed, row.sampled, row.recovered];
        self.stated += ended.iter().map(|part| u128::from(*part)).sum::<u128>();
    }

    /// What came back and was destroyed since is counted with its lot.
    fn add_holding(&mut self, row: &HoldingRow) {
        self.stated += u128::from(row.returned.min(row.free.saturating_add(row.packed)));
    }
}

impl Inherited {
    fn of(&mut self, status: Status) -> &mut Vec<u64> {
        if status == Status::Recalled { &mut self.recalled } else { &mut self.held }
    }
}

fn mark(words: &mut Vec<u64>, lots: &[LotHandle]) {
    let last = lots.iter().max().map_or(0, |lot| index(lot.0 / 64).saturating_add(1));
    words.resize(words.len().max(last), 0);
    for lot in lots {
        if let Some(word) = words.get_mut(index(lot.0 / 64)) {
            *word |= 1 << (lot.0 % 64);
        }
    }
}

impl EventRow {
    /// Whether it is a destruction that a third party saw.
    fn is_seen(&self) -> bool {
        matches!(self.kind, Kind::Destroy | Kind::Recover) && self.answered != NONE
    }
}
