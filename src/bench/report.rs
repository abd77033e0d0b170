//! One measured figure beside its budget, and the table people read.

use serde::Serialize;

/// A figure.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// What was measured.
    pub what: &'static str,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The budget, if there is one.
    pub budget: Option<f64>,
    /// Whether less is better.
    pub less_is_better: bool,
    /// What bounds it.
    pub bound_by: &'static str,
}

impl Figure {
    /// Whether the budget is met; true without one.
    #[must_use]
    pub fn met(&self) -> bool {
        self.budget.is_none_or(|budget| {
            if self.less_is_better { self.value <= budget } else { self.value >= budget }
        })
    }
}

/// The figures as lines of text.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let row = |figure: &Figure| {
        let budget = figure.budget.map_or("-".to_owned(), |budget| {
            format!("{} {}", if figure.less_is_better { "<" } else { ">=" }, round(budget))
        });
        let met = match (figure.budget, figure.met()) {
            (None, _) => "",
            (_, true) => "met",
            (_, false) => "NOT MET",
        };
        let value = format!("{} {}", round(figure.value), figure.unit);
        format!("{:<46} {value:>18} {budget:>12} {met:>8}  {}", figure.what, figure.bound_by)
    };
    let head = format!("{:<46} {:>18} {:>12} {:>8}  bound by", "what", "figure", "budget", "");
    std::iter::once(head).chain(figures.iter().map(row)).collect::<Vec<_>>().join("\n")
}

fn round(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
