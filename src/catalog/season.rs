//! Days of a season: of any year.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day of any year. Written `MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    month: u8,
    day: u8,
}

impl DayOfYear {
    /// Month 1 to 12 and day of the month; None for a day that no year has.
    #[must_use]
    pub fn of(month: u8, day: u8) -> Option<Self> {
        let days = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { month, day })
    }

    /// Month (1 to 12) and day of the month (1 to 31).
    #[must_use]
    pub fn month_and_day(self) -> (u8, u8) {
        (self.month, self.day)
    }

    /// Reads `MM-DD`; None for any other spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        let day = Self::of(month.parse().ok()?, day.parse().ok()?)?;
        (day.to_string() == text).then_some(day)
    }
}

impl std::fmt::Display for DayOfYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for DayOfYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayOfYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a day of a season is written MM-DD"))
    }
}
