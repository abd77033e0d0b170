//! Counts of sessions by unit, month and country, and the text they rest in. A unit is told by a
//! digest. Not here: who is counted (`sessions`), files (`book`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::limits::{SCAN_ROWS_MAX, SEEN_DAYS};
use crate::statement::{Day, Timestamp};
use crate::trust::Seen;

/// First line of the text.
const HEAD: &str = "tasdiq-scans 1";

/// A country as ISO 3166-1 writes it in two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// None is known.
    pub const UNKNOWN: Self = Self(*b"ZZ");

    /// What a header says; what is no two letters is not known.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
            }
            _ => Self::UNKNOWN,
        }
    }

    fn is_known(self) -> bool {
        // `XX` and `T1` are what networks say of themselves; user-assigned codes name no country.
        !matches!(self.0, [b'X' | b'Q', _] | [b'Z', b'Z'] | [b'A', b'A'])
    }
}

/// Unit, month, country.
type Row = (u64, u16, Country);

/// All counts.
#[derive(Default)]
pub(super) struct Counts {
    rows: BTreeMap<Row, u16>,
}

/// A month by number: years times twelve.
fn month_of(day: Day) -> u16 {
    let (year, month, _) = day.ymd();
    let month = i64::from(year) * 12 + i64::from(month) - 1;
    u16::try_from(month).unwrap_or_default()
}

impl Counts {
    /// One more session; false where there is no room for it.
    pub fn add(&mut self, unit: u64, country: Country, now: Timestamp) -> bool {
        let month = month_of(now.day());
        if let Some(count) = self.rows.get_mut(&(unit, month, country)) {
            *count = count.saturating_add(1);
            return true;
        }
        if self.rows.len() >= SCAN_ROWS_MAX {
            self.rows.retain(|(_, kept, _), _| *kept >= month);
        }
        if self.rows.len() >= SCAN_ROWS_MAX {
            return false;
        }
        self.rows.insert((unit, month, country), 1);
        true
    }

    /// Drops what counts for nothing any more: all before last month.
    pub fn forget(&mut self, now: Timestamp) {
        let last = month_of(now.day()).saturating_sub(1);
        self.rows.retain(|(_, month, _), _| *month >= last);
    }

    /// What was seen of a unit in the last days: all of this month, and of last month the part of
    /// its days that lies in them, rounded down.
    pub fn seen(&self, unit: u64, now: Timestamp) -> Seen {
        let (_, _, today) = now.day().ymd();
        let month = month_of(now.day());
        let first = now.plus_seconds(-86_400 * i64::from(today));
        // The last day of last month says how many it had.
        let (_, _, length) = first.day().ymd();
        let rest = SEEN_DAYS.saturating_sub(u64::from(today)).min(u64::from(length));
        let (mut sessions, mut before) = (0_u64, 0_u64);
        let mut countries = BTreeSet::new();
        let all = (unit, 0, Country([0, 0]))..=(unit, u16::MAX, Country([255, 255]));
        for ((_, of, country), count) in self.rows.range(all) {
            let count = u64::from(*count);
            let part = match month.checked_sub(*of) {
                Some(0) => {
                    sessions = sessions.saturating_add(count);
                    count
                }
                Some(1) => {
                    before = before.saturating_add(count);
                    count.saturating_mul(rest) / u64::from(length.max(1))
                }
                _ => 0,
            };
            if part > 0 && country.is_known() {
                countries.insert(*country);
            }
        }
        let before = before.saturating_mul(rest) / u64::from(length.max(1));
        Seen {
            sessions: sessions.saturating_add(before),
            countries: u64::try_from(countries.len()).unwrap_or(u64::MAX),
        }
    }

    /// The text, one row a line.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for ((unit, month, Country([a, b])), count) in &self.rows {
            let (year, month) = (month / 12, month % 12 + 1);
            let country = [char::from(*a), char::from(*b)];
            let [a, b] = country;
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{unit:016x} {year:04}-{month:02} {a}{b} {count}");
        }
        text
    }

    /// Reads the text; which line is none, if one is not.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(HEAD) {
            return Err(1);
        }
        let mut rows = BTreeMap::new();
        for (at, line) in lines {
            let (row, count) = row(line).ok_or(at.saturating_add(1))?;
            if rows.len() < SCAN_ROWS_MAX {
                rows.insert(row, count);
            }
        }
        Ok(Self { rows })
    }
}

fn row(line: &str) -> Option<(Row, u16)> {
    let mut parts = line.split(' ');
    let unit = u64::from_str_radix(parts.next().filter(|unit| unit.len() == 16)?, 16).ok()?;
    let (year, month) = parts.next()?.split_once('-')?;
    let (year, month): (u16, u16) = (year.parse().ok()?, month.parse().ok()?);
    let country = parts.next()?;
    let count = parts.next()?.parse().ok()?;
    let known = Country::of(country);
    let whole = parts.next().is_none() && (1..=12).contains(&month) && country.len() == 2;
    let month = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
    whole.then_some(((unit, month, known), count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn counted(rows: &[(&str, &str, u16)]) -> Counts {
        let mut counts = Counts::default();
        for (day, country, count) in rows {
            for _ in 0..*count {
                assert!(counts.add(7, Country::of(country), at(&format!("{day}T12:00:00Z"))));
            }
        }
        counts
    }

    #[test]
    fn last_month_counts_in_part_and_what_is_older_not() {
        let counts = counted(&[
            ("2026-09-30", "FR", 90),
            ("2026-10-05", "MA", 31),
            ("2026-10-06", "FR", 3),
            ("2026-11-02", "ma", 4),
            ("2026-11-03", "ES", 2),
            ("2026-11-03", "x", 1),
        ]);
        let seen = |day: &str| counts.seen(7, at(&format!("{day}T00:00:00Z")));
        // On the 3rd, 27 of October's 31 days are among the last 30: 34 x 27 / 31 = 29.
        assert_eq!(seen("2026-11-03"), Seen { sessions: 7 + 29, countries: 3 });
        // On the 28th, two are: 34 x 2 / 31 = 2, and of France none.
        assert_eq!(seen("2026-11-28"), Seen { sessions: 7 + 2, countries: 2 });
        assert_eq!(seen("2026-12-31"), Seen { sessions: 0, countries: 0 });
        assert_eq!(counts.seen(8, at("2026-11-03T00:00:00Z")), Seen::default());
        assert_eq!(seen("2026-10-31").countries, 2, "a month that is to come is none");
    }

    #[test]
    fn the_text_is_read_back_and_nothing_else_is() {
        let mut counts = counted(&[("2026-01-31", "MA", 2), ("2026-02-01", "", 1)]);
        let text = counts.text();
        assert_eq!(
            text,
            "tasdiq-scans 1\n0000000000000007 2026-01 MA 2\n0000000000000007 2026-02 ZZ 1\n"
        );
        assert_eq!(Counts::parse(&text).unwrap().rows, counts.rows);
        for (bad, line) in [
            ("", 1),
            ("tasdiq-scans 2\n", 1),
            ("tasdiq-scans 1\nx\n", 2),
            ("tasdiq-scans 1\n0000000000000007 2026-13 MA 2\n", 2),
            ("tasdiq-scans 1\n0000000000000007 2026-01 MA 70000\n", 2),
            ("tasdiq-scans 1\n0000000000000007 2026-01 MA 2 9\n", 2),
        ] {
            assert_eq!(Counts::parse(bad).err(), Some(line), "{bad:?}");
        }
        counts.forget(at("2026-03-01T00:00:00Z"));
        assert_eq!(counts.rows.len(), 1, "January is forgotten");
    }

    #[test]
    fn a_country_is_two_letters_that_name_one() {
        for (text, known) in
            [("ma", true), (" FR ", true), ("", false), ("MAR", false), ("é", false), ("XX", false)]
        {
            assert_eq!(Country::of(text).is_known(), known, "{text}");
        }
    }
}
