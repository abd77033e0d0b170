//! What happened to a lot, newest first, as lines of its page: what one party did alike on one day
//! stands in one line, so that ten cartons are one.

use super::goods::{Goods, Linked};
use crate::names::PartySlug;
use crate::register::Lot;
use crate::statement::{Day, Timestamp};
use crate::trace::{EventHandle, LotHandle};

/// Lines that are shown.
const LINES_MAX: usize = 50;

/// One line.
pub(super) struct Happened {
    pub what: String,
    /// How often, if more than once; else empty.
    pub times: String,
    pub at: String,
    pub by: Linked,
    pub text: String,
    /// Its log entry, or the first and the last.
    pub entry: String,
}

/// What is alike, gathered.
struct Line {
    what: String,
    day: Day,
    by: PartySlug,
    sum: u64,
    count: u64,
    entries: [u64; 2],
}

/// The newest lines, and how many events are left out.
pub(super) fn happened(goods: &Goods<'_>, lot: LotHandle, own: &Lot) -> (Vec<Happened>, usize) {
    let mut lines: Vec<Line> = Vec::new();
    let mut left = 0;
    for event in goods.register.trace().events_of(lot) {
        let Some(next) = line(goods, lot, event) else { continue };
        let full = lines.len() == LINES_MAX;
        match lines.last_mut() {
            Some(last) if last.is_like(&next) => last.take(&next),
            _ if full => left += 1,
            _ => lines.push(next),
        }
    }
    (lines.into_iter().map(|line| line.told(goods, own)).collect(), left)
}

fn line(goods: &Goods<'_>, lot: LotHandle, event: EventHandle) -> Option<Line> {
    let trace = goods.register.trace();
    let view = trace.event_view(event)?;
    let moved = trace.moved(event).into_iter().filter(|one| one.lot == lot);
    let entry = goods.register.index_of_event(event)?;
    let what = match trace.way_of(event) {
        Some(way) => goods.w.recipe(&goods.register.recipe_named(way)),
        None => goods.w.word("event", trace.kind_word(event)?).into_owned(),
    };
    Some(Line {
        what,
        day: Timestamp::from_seconds(view.at).day(),
        by: goods.register.holder_named(view.issuer),
        sum: moved.fold(0, |sum, one| sum.saturating_add(one.quantity)),
        count: 1,
        entries: [entry, entry],
    })
}

impl Line {
    fn is_like(&self, other: &Self) -> bool {
        self.what == other.what && self.day == other.day && self.by == other.by
    }

    fn take(&mut self, older: &Self) {
        self.sum = self.sum.saturating_add(older.sum);
        self.count = self.count.saturating_add(older.count);
        self.entries = [older.entries[0], self.entries[1]];
    }

    fn told(self, goods: &Goods<'_>, own: &Lot) -> Happened {
        let [first, last] = self.entries;
        Happened {
            what: self.what,
            times: if self.count > 1 { goods.w.number(self.count) } else { String::new() },
            at: goods.w.day(self.day),
            by: goods.linked(&self.by),
            text: if self.sum > 0 { goods.of(own, self.sum) } else { String::new() },
            entry: if first == last { first.to_string() } else { format!("{first}–{last}") },
        }
    }
}
