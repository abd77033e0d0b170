//! How a ledger stands up again, in a process of its own: time to its first answer, and memory
//! then, with what each entry adds. Budgets are for the sizes they were set for and no other.

use std::time::Duration;

use super::process::Running;
use super::report::{Budget, Figure, Unit};
use crate::ledger::Home;

const MILLION: u64 = 1_000_000;

/// A service just started.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Entries of its ledger.
    pub entries: u64,
    /// From its start to its first answer.
    pub took: Duration,
    /// Its resident memory then.
    pub bytes: u64,
}

impl Start {
    /// What a running service started with.
    #[must_use]
    pub fn of(running: &Running, entries: u64) -> Self {
        Self { entries, took: running.took, bytes: running.memory() }
    }

    /// Starts a service over a data folder and kills it at once.
    ///
    /// # Errors
    /// It does not come up, or misses entries.
    pub fn measure(home: &Home, entries: u64) -> anyhow::Result<Self> {
        Ok(Self::of(&Running::start(home, entries)?, entries))
    }

    /// What an entry adds to a value beyond what it was with fewer.
    fn each(&self, fewer: &Self, grown: u128) -> u64 {
        let entries = u128::from(self.entries.saturating_sub(fewer.entries).max(1));
        u64::try_from(grown / entries).unwrap_or(u64::MAX)
    }
}

/// Times: without entries, after a clean stop, after a kill.
#[must_use]
pub fn times(none: &Start, clean: &Start, killed: &Start) -> Vec<Figure> {
    let (keys, all) = ("a process, decrypting the keys (scrypt)", "what is read of each entry");
    let mut figures = vec![Figure::time("start without entries", none.took, keys)];
    let limits = match clean.entries {
        MILLION => Some([1, 2]),
        10_000_000 => Some([5, 10]),
        _ => None,
    };
    for (place, (how, start)) in [("a clean stop", clean), ("a kill", killed)].iter().enumerate() {
        let what = format!("start after {how}, {} entries", start.entries);
        let figure = Figure::time(what, start.took, all);
        let limit = limits.and_then(|limits| limits.get(place).copied());
        figures.push(judged(figure, limit.map(|seconds: u64| seconds.saturating_mul(MILLION))));
        let grown = start.took.saturating_sub(none.took).as_nanos();
        let each = start.each(none, grown);
        figures.push(Figure::new("  for each entry", each, Unit::Nanoseconds, all));
    }
    figures
}

/// Memory just after the start, of ledgers from small to large.
#[must_use]
pub fn memory(starts: &[&Start]) -> Vec<Figure> {
    let bound = "what is held of each entry; buffers of the start that are not given back";
    let mut figures = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let what = format!("memory just started, {} entries", start.entries);
        figures.push(within(Figure::new(what, start.bytes, Unit::Bytes, bound), start.entries));
        let Some(fewer) = place.checked_sub(1).and_then(|place| starts.get(place)) else {
            continue;
        };
        let each = start.each(fewer, u128::from(start.bytes.saturating_sub(fewer.bytes)));
        let what = format!("  for each entry beyond {}", fewer.entries);
        figures.push(Figure::new(what, each, Unit::Bytes, bound));
    }
    figures
}

/// A service's memory against the budget of its size, if it has one.
#[must_use]
pub fn within(figure: Figure, entries: u64) -> Figure {
    judged(
        figure,
        match entries {
            MILLION => Some(400_000_000),
            10_000_000 => Some(1_200_000_000),
            _ => None,
        },
    )
}

fn judged(figure: Figure, limit: Option<u64>) -> Figure {
    match limit {
        Some(limit) => figure.against(Budget::Below(limit)),
        None => figure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(entries: u64, seconds: u64, bytes: u64) -> Start {
        Start { entries, took: Duration::from_secs(seconds), bytes }
    }

    #[test]
    fn budgets_are_for_the_sizes_they_were_set_for() {
        let none = start(0, 1, 0);
        let met = |entries| {
            let all = start(entries, 3, 500_000_000);
            let figures = [times(&none, &all, &all), memory(&[&all])].concat();
            figures.iter().filter_map(|figure| figure.met).collect::<Vec<_>>()
        };
        assert!(met(999_999).is_empty());
        assert_eq!(met(1_000_000), [false, false, false]);
        assert_eq!(met(10_000_000), [true, true, true]);
    }

    #[test]
    fn slopes_are_what_an_entry_adds() {
        let (none, some, all) = (start(0, 1, 50), start(10, 2, 250), start(100, 3, 700));
        let of = |figures: Vec<Figure>, what: &str| -> Vec<u64> {
            let named = figures.into_iter().filter(|figure| figure.what.starts_with(what));
            named.map(|figure| figure.value).collect()
        };
        assert_eq!(of(memory(&[&none, &some, &all]), "  for each"), [20, 5]);
        assert_eq!(of(times(&none, &all, &all), "  for each"), [20_000_000, 20_000_000]);
    }
}
