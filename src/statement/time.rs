//! Instants and days as they stand in statements: one spelling each, whole seconds, UTC.
//! Not a clock: nothing here knows what time it is (RFC 3339; W3C VCDM 2.0 section 4.9).

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant, in whole seconds since 1970-01-01T00:00:00Z. Written `2026-11-23T14:04:15Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A day without a time zone. Written `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A text that is not an instant or a day in the one accepted spelling.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not written as {form}")]
pub struct TimeError {
    /// What was found.
    pub text: String,
    /// The form it must have.
    pub form: &'static str,
}

impl Timestamp {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, held within years 0 to 9999.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(-62_167_219_200, 253_402_300_799))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Parses `YYYY-MM-DDTHH:MM:SSZ` and nothing else.
    ///
    /// # Errors
    /// Any other spelling, or a date that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let refuse = || TimeError { text: clip(text), form: "YYYY-MM-DDTHH:MM:SSZ" };
        if text.len() != 20 || !text.ends_with('Z') {
            return Err(refuse());
        }
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| refuse())?;
        let parsed = Self(time.timestamp());
        if parsed.to_string() == text { Ok(parsed) } else { Err(refuse()) }
    }

    /// Parses an XML Schema dateTimeStamp: any offset, any fraction of a second, which is cut off.
    ///
    /// # Errors
    /// Any other spelling, or a date that does not exist.
    pub fn parse_date_time_stamp(text: &str) -> Result<Self, TimeError> {
        let form = "YYYY-MM-DDTHH:MM:SSZ or YYYY-MM-DDTHH:MM:SS+HH:MM";
        let refuse = || TimeError { text: clip(text), form };
        // RFC 3339 also knows small letters and a space, XML Schema does not.
        if text.len() > 40 || text.contains([' ', 't', 'z']) {
            return Err(refuse());
        }
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| refuse())?;
        Ok(Self::from_seconds(time.timestamp()))
    }

    /// The day this instant falls on, in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.utc().date_naive())
    }

    /// This instant moved by `seconds` (negative: earlier).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default()
    }
}

impl Day {
    /// Parses `YYYY-MM-DD` and nothing else.
    ///
    /// # Errors
    /// Any other spelling, or a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let refuse = || TimeError { text: clip(text), form: "YYYY-MM-DD" };
        if text.len() != 10 {
            return Err(refuse());
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| refuse())?;
        if day.to_string() == text { Ok(Self(day)) } else { Err(refuse()) }
    }

    /// The day `days` after 1970-01-01.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        Timestamp::from_seconds(days.saturating_mul(86_400)).day()
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i64 {
        self.start().seconds().div_euclid(86_400)
    }

    /// The first second of the day, UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(self.0.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp())
    }

    /// The last second of the day, UTC.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.start().plus_seconds(86_399)
    }

    /// The day `months` later, the last of that month where it has no such day.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        self.0.checked_add_months(chrono::Months::new(months)).map(Self)
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        use chrono::Datelike;
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// At most 40 characters of a foreign text, for a message.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_an_instant() {
        let text = "2026-11-23T14:04:15Z";
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        for bad in
            ["2026-11-23T14:04:15+00:00", "2026-11-23t14:04:15Z", "2026-02-30T00:00:00Z", "", "Z"]
        {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn date_time_stamps() {
        let parse = |text| Timestamp::parse_date_time_stamp(text).map(|at| at.to_string());
        for good in
            ["2026-11-23T14:04:15Z", "2026-11-23T15:04:15+01:00", "2026-11-23T04:34:15.9-09:30"]
        {
            assert_eq!(parse(good).unwrap(), "2026-11-23T14:04:15Z", "{good}");
        }
        for bad in ["2026-11-23T14:04:15", "2026-11-23 14:04:15Z", "2026-11-23T14:04:15 01:00", ""]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(Day::parse("1970-01-02").unwrap().days(), 1);
        assert_eq!(Day::from_days(20_000).to_string(), "2024-10-04");
        assert!(Day::parse("2026-13-01").is_err());
    }
}
