//! The offset of the clock on the wall where an event happened, beside its instant in UTC.

use std::fmt;

/// Minutes east of UTC, -720 to 840. Written `+HH:MM` or `-HH:MM`; `+00:00` for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i16);

/// Least and most offset, in minutes: -12:00 and +14:00.
const BOUNDS: std::ops::RangeInclusive<i16> = -720..=840;

impl Offset {
    /// So many minutes east of UTC; None outside -12:00 to +14:00.
    #[must_use]
    pub fn of_minutes(minutes: i16) -> Option<Self> {
        BOUNDS.contains(&minutes).then_some(Self(minutes))
    }

    /// Minutes east of UTC.
    #[must_use]
    pub fn minutes(self) -> i16 {
        self.0
    }

    /// Reads the one spelling; None for any other, and outside the bounds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.get(1..)?.split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hours) || !digits(minutes) {
            return None;
        }
        let minutes: i16 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
        let size = hours.parse::<i16>().ok()?.checked_mul(60)?.checked_add(minutes)?;
        let offset = Self::of_minutes(if text.starts_with('-') { -size } else { size })?;
        (offset.to_string() == text).then_some(offset)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { '-' } else { '+' }, self.0.unsigned_abs());
        write!(f, "{sign}{:02}:{:02}", size / 60, size % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_within_bounds() {
        for (text, minutes) in
            [("+01:00", 60), ("+00:00", 0), ("-12:00", -720), ("+14:00", 840), ("-03:30", -210)]
        {
            assert_eq!(Offset::parse(text).unwrap().minutes(), minutes, "{text}");
        }
        for bad in [
            "-00:00",
            "+14:01",
            "-12:01",
            "+1:00",
            "01:00",
            "+0100",
            "+01:60",
            "Z",
            "",
            "+01:00 ",
            "\u{2212}01:00",
            "é1:00",
            "+99:99",
        ] {
            assert_eq!(Offset::parse(bad), None, "{bad}");
        }
    }
}
