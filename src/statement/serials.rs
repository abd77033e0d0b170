//! Serials of certificates as ranges, in one spelling: `"7"` or `"10-25"`, ascending, never
//! touching. So that one statement can be about very many certificates.

use crate::limits::{INTEGER_MAX, SERIAL_RANGES_MAX, SERIALS_MAX};

/// A set of serials, at least one, at most [`SERIALS_MAX`] in at most [`SERIAL_RANGES_MAX`] ranges.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SerialRanges(Vec<(u64, u64)>);

impl SerialRanges {
    /// The sets that hold `serials`: one, or as many as keep each within the limits.
    #[must_use]
    pub fn of(serials: impl IntoIterator<Item = u64>) -> Vec<Self> {
        let mut serials: Vec<u64> = serials.into_iter().collect();
        serials.sort_unstable();
        serials.dedup();
        let most = usize::try_from(SERIALS_MAX).unwrap_or(usize::MAX);
        serials.chunks(most).flat_map(Self::joined).collect()
    }

    fn joined(serials: &[u64]) -> Vec<Self> {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for serial in serials {
            match ranges.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(*serial) => *last = *serial,
                _ => ranges.push((*serial, *serial)),
            }
        }
        ranges.chunks(SERIAL_RANGES_MAX).map(|part| Self(part.to_vec())).collect()
    }

    /// Reads the members of a statement; the fault says what is off.
    pub(super) fn read(texts: &[String]) -> Result<Self, &'static str> {
        if texts.is_empty() || texts.len() > SERIAL_RANGES_MAX {
            return Err("1 to 1,500 ranges");
        }
        let mut ranges: Vec<(u64, u64)> = Vec::with_capacity(texts.len());
        let mut count = 0_u64;
        for text in texts {
            let (first, last) = range(text).ok_or("a range is written \"7\" or \"10-25\"")?;
            if ranges.last().is_some_and(|(_, before)| first <= before.saturating_add(1)) {
                return Err("ranges stand in ascending order and never touch");
            }
            count = count.saturating_add(last.saturating_sub(first).saturating_add(1));
            ranges.push((first, last));
        }
        if count > SERIALS_MAX {
            return Err("at most 100,000 certificates in one statement");
        }
        Ok(Self(ranges))
    }

    /// Reads what people type: ranges parted by commas, in any order.
    ///
    /// # Errors
    /// What is off.
    pub fn parse_list(text: &str) -> Result<Vec<u64>, String> {
        let mut serials = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last) = range(part)
                .ok_or_else(|| format!("{part:?}: write 7 or 10-25, parted by commas"))?;
            if last.saturating_sub(first) >= SERIALS_MAX * 10 {
                return Err(format!("{part:?}: more than a million serials"));
            }
            serials.extend(first..=last);
        }
        Ok(serials)
    }

    /// The ranges as they stand in statements.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let text = |(first, last): &(u64, u64)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        self.0.iter().map(text).collect()
    }

    /// Every serial, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// How many serials.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum, (first, last)| {
            sum.saturating_add(last.saturating_sub(*first).saturating_add(1))
        })
    }
}

/// One range in its one spelling; a range of one is written as the number alone.
fn range(text: &str) -> Option<(u64, u64)> {
    let number = |digits: &str| {
        let value: u64 = digits.parse().ok()?;
        (value.to_string() == digits && value <= INTEGER_MAX.unsigned_abs()).then_some(value)
    };
    match text.split_once('-') {
        None => number(text).map(|one| (one, one)),
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            (first < last).then_some((first, last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<SerialRanges, &'static str> {
        SerialRanges::read(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn one_spelling() {
        let set = SerialRanges::of([5, 3, 4, 9, 4]);
        assert_eq!(set.len(), 1);
        assert_eq!(set[0].texts(), ["3-5", "9"]);
        assert_eq!(read(&["3-5", "9"]).unwrap(), set[0]);
        assert_eq!((set[0].count(), set[0].iter().last()), (4, Some(9)));
        for bad in [
            &["9", "3-5"][..],
            &["3-5", "6"],
            &["3", "3"],
            &["5-5"],
            &["5-4"],
            &["03"],
            &["+3"],
            &["3-"],
            &[""],
            &[],
            &["9007199254740992"],
            &["0-100000"],
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
        assert_eq!(read(&["0-99999"]).unwrap().count(), 100_000);
    }

    #[test]
    fn too_many_become_several() {
        assert_eq!(SerialRanges::of(0..250_000).len(), 3);
        let scattered = SerialRanges::of((0..4_000).map(|n| n * 2));
        let counts: Vec<u64> = scattered.iter().map(SerialRanges::count).collect();
        assert_eq!(counts, [1_500, 1_500, 1_000]);
        assert_eq!(SerialRanges::parse_list("7, 10-12").unwrap(), [7, 10, 11, 12]);
        assert!(SerialRanges::parse_list("a").is_err());
    }
}
