//! What counts as a fork, a rollback, a stall, a late status list: decisions on values alone.
//! Not here: where the values come from (`round`).

use crate::limits::CLOCK_SKEW_SECONDS;
use crate::log::{Checkpoint, Compared, Hash, compare};
use crate::register::Register;
use crate::statement::Timestamp;

/// How soon after a withdrawal or suspension the list that shows it must be logged, in seconds
/// (docs/FORMAT.md, status lists).
pub(super) const LIST_SECONDS: i64 = 60;

/// How often an entry must name the current lists, in seconds: daily.
pub(super) const INDEX_SECONDS: i64 = 86_400;

/// How a signed checkpoint stands to the one held, if any: `Behind` is a rollback, `Ahead` a larger
/// tree that is still to be followed. `root_at` gives the held tree's root at a size it has, None
/// where it is not known: then nothing shows a fork.
#[must_use]
pub fn step(
    held: Option<&Checkpoint>,
    found: &Checkpoint,
    root_at: impl Fn(u64) -> Option<Hash>,
) -> Compared {
    let Some(held) = held else { return Compared::Ahead };
    let known = |size| if size == held.size { Some(held.root) } else { root_at(size) };
    let root_at = |size| known(size).map(Some).ok_or(Compared::Behind);
    compare(found.size, &found.root, held.size, root_at).unwrap_or_else(|unknown| unknown)
}

/// What tells that a log is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Log time of its newest entry, by its own word.
    pub last_entry: Option<Timestamp>,
    /// When the newest size was first seen here.
    pub first_seen: Timestamp,
    /// When a known witness last signed its checkpoint.
    pub cosigned: Option<Timestamp>,
}

/// Since when nothing tells that the log is alive, if that is more than `limit` seconds. A log that
/// dates its entries ahead gains nothing: they count as of when they were first seen.
#[must_use]
pub fn stalled_since(life: &Life, now: Timestamp, limit: i64) -> Option<Timestamp> {
    let entry = life.last_entry.map_or(life.first_seen, |at| at.min(life.first_seen));
    let latest = life.cosigned.map_or(entry, |at| at.max(entry));
    (now.seconds().saturating_sub(latest.seconds()) > limit).then_some(latest)
}

/// What the newest entry is dated later than, if that cannot be: witnesses that have signed it, or
/// the clock here.
#[must_use]
pub fn dated_ahead(life: &Life, now: Timestamp, slack: i64) -> Option<&'static str> {
    let last = life.last_entry?;
    let beyond = |at: Timestamp| last > at.plus_seconds(CLOCK_SKEW_SECONDS.saturating_add(slack));
    if life.cosigned.is_some_and(beyond) {
        return Some("the time at which witnesses signed it");
    }
    beyond(now).then_some("the clock here: one of the two is wrong")
}

/// By how many seconds a list that went out of date at `stale_since` was logged too late.
#[must_use]
pub fn late_by(stale_since: Option<Timestamp>, logged_at: Timestamp, slack: i64) -> Option<i64> {
    let took = logged_at.seconds().saturating_sub(stale_since?.seconds());
    let late = took.saturating_sub(LIST_SECONDS);
    (late > slack).then_some(late)
}

/// The lists that are out of date at `now`, and since when.
#[must_use]
pub fn late_lists(register: &Register, now: Timestamp, slack: i64) -> Vec<(String, Timestamp)> {
    let stale = register.lists().filter_map(|((purpose, list), state)| {
        let since = state.stale_since?;
        late_by(Some(since), now, slack).map(|_| (format!("{}-{list}", purpose.word()), since))
    });
    stale.collect()
}

/// Since when the entry is missing that names the current lists each day.
pub(super) fn index_late(register: &Register, now: Timestamp, slack: i64) -> Option<Timestamp> {
    register.lists().next()?;
    let last = register.status_index()?.logged_at;
    let age = now.seconds().saturating_sub(last.seconds());
    (age > INDEX_SECONDS.saturating_add(LIST_SECONDS).saturating_add(slack)).then_some(last)
}

/// Whether something that must always be there is gone for longer than `slack` seconds: what was
/// never seen is missing at once.
#[must_use]
pub fn is_missing(last_seen: Option<Timestamp>, now: Timestamp, slack: i64) -> bool {
    last_seen.is_none_or(|at| now.seconds().saturating_sub(at.seconds()) > slack)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(size: u64, root: u8) -> Checkpoint {
        Checkpoint { origin: "tasdiq.example/log".into(), size, root: Hash::new([root; 32]) }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn each_step() {
        let held = checkpoint(5, 5);
        let root_at = |size| (size < 6).then(|| Hash::new([u8::try_from(size).unwrap(); 32]));
        let cases = [
            (5, 5, Compared::Same),
            (5, 9, Compared::Forked),
            (6, 6, Compared::Ahead),
            (3, 3, Compared::Behind),
            (3, 9, Compared::Forked),
        ];
        for (size, root, expected) in cases {
            assert_eq!(step(Some(&held), &checkpoint(size, root), root_at), expected);
        }
        assert_eq!(step(None, &held, root_at), Compared::Ahead);
        assert_eq!(step(Some(&held), &checkpoint(3, 9), |_| None), Compared::Behind, "unknown");
    }

    #[test]
    fn a_log_lives_by_entries_or_witnesses() {
        let life = Life { last_entry: Some(at(100)), first_seen: at(110), cosigned: None };
        assert_eq!(stalled_since(&life, at(160), 60), None);
        assert_eq!(stalled_since(&life, at(161), 60), Some(at(100)));
        let cosigned = Life { cosigned: Some(at(150)), ..life };
        assert_eq!(stalled_since(&cosigned, at(210), 60), None);
        assert_eq!(stalled_since(&cosigned, at(211), 60), Some(at(150)));
        let ahead = Life { last_entry: Some(at(9_999)), ..life };
        assert_eq!(stalled_since(&ahead, at(171), 60), Some(at(110)), "its own word does not help");
    }

    #[test]
    fn an_entry_dated_ahead_of_the_clock_or_of_witnesses() {
        let life = |last, cosigned: Option<i64>| Life {
            last_entry: Some(at(last)),
            first_seen: at(0),
            cosigned: cosigned.map(at),
        };
        for (last, cosigned, found) in [
            (1_000, None, false),
            (1_330, None, false),
            (1_331, None, true),
            (1_331, Some(1_001), true),
            (1_330, Some(999), true),
            (900, Some(100), true),
        ] {
            let told = dated_ahead(&life(last, cosigned), at(1_000), 30);
            let by_witnesses = cosigned.is_some_and(|at| last > at + 330);
            assert_eq!(told.is_some(), found, "{last} {cosigned:?}");
            assert_eq!(told.is_some_and(|by| by.contains("witnesses")), by_witnesses);
        }
        assert_eq!(dated_ahead(&Life { last_entry: None, ..life(0, None) }, at(0), 0), None);
    }

    #[test]
    fn what_was_never_there_is_missing_at_once() {
        assert!(is_missing(None, at(0), 60));
        assert!(!is_missing(Some(at(0)), at(60), 60));
        assert!(is_missing(Some(at(0)), at(61), 60));
    }

    #[test]
    fn a_minute_and_the_slack() {
        assert_eq!(late_by(Some(at(0)), at(60), 0), None);
        assert_eq!(late_by(Some(at(0)), at(61), 0), Some(1));
        assert_eq!(late_by(Some(at(0)), at(90), 30), None);
        assert_eq!(late_by(Some(at(0)), at(91), 30), Some(31));
        assert_eq!(late_by(None, at(999), 0), None);
    }
}
