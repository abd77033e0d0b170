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
    /// A size.
    Bytes,
    /// A ratio in hundredths.
    Percent,
}

impl Unit {
    fn show(self, value: u64) -> String {
        match self {
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Microseconds if value < 10_000 => format!("{} us", grouped(value)),
            Self::Microseconds => format!("{} ms", grouped(value / 1_000)),
            Self::Bytes if value < 10_000 => format!("{} B", grouped(value)),
            Self::Bytes => format!("{} MB", grouped(value / 1_000_000)),
            Self::Percent => format!("x {}.{:02}", value / 100, value % 100),
        }
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
    /// What bounds it.
    pub bound_by: Bound,
}

impl Figure {
    /// A figure without budget.
    #[must_use]
    pub fn new(what: impl Into<String>, value: u64, unit: Unit, bound_by: Bound) -> Self {
        Self { what: what.into(), value, unit, budget: None, met: None, bound_by }
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

    /// Its row: what, figure, budget, met, bound.
    #[must_use]
    pub fn row(&self) -> Vec<String> {
        let budget = self.budget.map_or(String::new(), |budget| match budget {
            Budget::AtLeast(value) => format!(">= {}", self.unit.show(value)),
            Budget::Below(value) => format!("< {}", self.unit.show(value)),
        });
        let met = self.met.map_or("-", |met| if met { "met" } else { "NOT MET" });
        let figure = self.unit.show(self.value);
        vec![self.what.clone(), figure, budget, met.to_owned(), self.bound_by.to_owned()]
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
        assert_eq!(row, ["rate", "11,999/s", ">= 12,000/s", "NOT MET", "a core"]);
        assert_eq!(rate.row()[3], "-");
        let ratio = Figure::new("disk", 155, Unit::Percent, "tiles").against(Budget::Below(200));
        assert_eq!(ratio.row()[1..4], ["x 1.55", "< x 2.00", "met"]);
    }

    #[test]
    fn digits_stand_in_groups() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(value), text);
        }
    }
}
