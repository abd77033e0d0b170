//! What was measured: figures in integers, each with its budget and what bounds it, as a table or
//! JSON.

use std::time::Duration;

use serde::Serialize;

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A rate.
    PerSecond,
    /// A time.
    Microseconds,
    /// What one of many takes.
    Nanoseconds,
    /// How many there are.
    Count,
    /// A size.
    Bytes,
    /// What is moved in a second.
    BytesPerSecond,
    /// A ratio in hundredths.
    Percent,
    /// A part of a whole, in hundredths.
    Share,
}

impl Unit {
    fn show(self, value: u64) -> String {
        match self {
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Microseconds if value < 10_000 => format!("{} us", grouped(value)),
            Self::Microseconds => format!("{} ms", grouped(value / 1_000)),
            Self::Nanoseconds => format!("{} ns", grouped(value)),
            Self::Count => grouped(value),
            Self::Bytes if value < 10_000 => format!("{} B", grouped(value)),
            Self::Bytes if value < 10_000_000 => format!("{} kB", grouped(value / 1_000)),
            Self::Bytes => format!("{} MB", grouped(value / 1_000_000)),
            Self::BytesPerSecond => format!("{} MB/s", grouped(value / 1_000_000)),
            Self::Percent => format!("x {}.{:02}", value / 100, value % 100),
            Self::Share => format!("{value} %"),
        }
    }

    /// Whether less of it is better.
    fn is_time(self) -> bool {
        matches!(self, Self::Microseconds | Self::Nanoseconds)
    }
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Budget {
    /// No less.
    AtLeast(u64),
    /// Less.
    Below(u64),
}

impl Budget {
    fn is_met(self, value: u64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::Below(most) => value < most,
        }
    }
}

/// What bounds a figure.
pub type Bound = &'static str;

/// One figure.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// The figure.
    pub value: u64,
    /// Its unit.
    pub unit: Unit,
    /// The budget, where there is one for this very thing.
    pub budget: Option<Budget>,
    /// Whether it is met.
    pub met: Option<bool>,
    /// What this machine could do at most, measured in the same run, in the figure's unit.
    pub limit: Option<u64>,
    /// How much of that is reached, in percent.
    pub share: Option<u64>,
    /// What bounds it.
    pub bound_by: Bound,
}

impl Figure {
    /// A figure without budget.
    #[must_use]
    pub fn new(what: impl Into<String>, value: u64, unit: Unit, bound_by: Bound) -> Self {
        let (what, budget, met, limit, share) = (what.into(), None, None, None, None);
        Self { what, value, unit, budget, met, limit, share, bound_by }
    }

    /// A time without budget.
    #[must_use]
    pub fn time(what: impl Into<String>, took: Duration, bound_by: Bound) -> Self {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        Self::new(what, micros, Unit::Microseconds, bound_by)
    }

    /// The same, judged.
    #[must_use]
    pub fn against(self, budget: Budget) -> Self {
        Self { met: Some(budget.is_met(self.value)), budget: Some(budget), ..self }
    }

    /// The same, beside what this machine could do at most.
    #[must_use]
    pub fn beside(self, limit: u64) -> Self {
        let (part, whole) =
            if self.unit.is_time() { (limit, self.value) } else { (self.value, limit) };
        let share = part.saturating_mul(100) / whole.max(1);
        Self { limit: Some(limit), share: Some(share), ..self }
    }

    /// Its row: what, figure, budget, met, limit, share, bound.
    #[must_use]
    pub fn row(&self) -> Vec<String> {
        let budget = self.budget.map_or(String::new(), |budget| match budget {
            Budget::AtLeast(value) => format!(">= {}", self.unit.show(value)),
            Budget::Below(value) => format!("< {}", self.unit.show(value)),
        });
        let met = self.met.map_or("-", |met| if met { "met" } else { "NOT MET" });
        let figure = self.unit.show(self.value);
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let limit = or_none(self.limit.map(|limit| self.unit.show(limit)));
        let share = or_none(self.share.map(|share| Unit::Share.show(share)));
        let (met, bound) = (met.to_owned(), self.bound_by.to_owned());
        vec![self.what.clone(), figure, budget, met, limit, share, bound]
    }
}

/// A whole measurement.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Cores of this machine that the process may use.
    pub cores: usize,
    /// Whether the build is optimised; figures of any other are of no use.
    pub optimised: bool,
    /// The file system of the data.
    pub file_system: String,
    /// Load averages before.
    pub load_before: String,
    /// Load averages after.
    pub load_after: String,
    /// Entries in the log at the end.
    pub entries: u64,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// A number in groups of three digits.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b","[..])).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_budget_is_met() {
        let rate = Figure::new("rate", 11_999, Unit::PerSecond, "a core");
        let row = rate.clone().against(Budget::AtLeast(12_000)).row();
        assert_eq!(row, ["rate", "11,999/s", ">= 12,000/s", "NOT MET", "-", "-", "a core"]);
        assert_eq!(rate.row()[3], "-");
        let ratio = Figure::new("disk", 155, Unit::Percent, "tiles").against(Budget::Below(200));
        assert_eq!(ratio.row()[1..4], ["x 1.55", "< x 2.00", "met"]);
    }

    #[test]
    fn a_share_is_of_what_the_machine_can_do() {
        let rate = Figure::new("rate", 50, Unit::PerSecond, "a core").beside(200);
        assert_eq!(rate.row()[4..6], ["200/s", "25 %"]);
        let time = Figure::new("time", 50, Unit::Microseconds, "the disk").beside(40);
        assert_eq!(time.share, Some(80));
    }

    #[test]
    fn digits_stand_in_groups() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(value), text);
        }
    }
}
