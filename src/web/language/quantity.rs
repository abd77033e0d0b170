//! Quantities as people write them, with their unit. Not here: exact quantities of statements
//! (`statement`), numbers alone (`figures`).

use super::choice::Language;
use super::figures::{decimal, number};
use super::texts::{t, t_with};
use crate::catalog::BaseUnit;

/// A quantity in the smallest unit, for people: 12,500 g is `12,5 kg` in French.
#[must_use]
pub fn quantity(language: Language, amount: u64, unit: BaseUnit) -> String {
    let (small, large) = match unit {
        BaseUnit::Gram => ("unit-gram", "unit-kilogram"),
        BaseUnit::Millilitre => ("unit-millilitre", "unit-litre"),
        BaseUnit::Piece => return t_with(language, "unit-piece", &[("count", amount)]),
    };
    if amount < 1_000 {
        return format!("{}\u{A0}{}", number(language, amount), t(language, small));
    }
    let mut figure = number(language, amount / 1_000);
    let thousandths = format!("{:03}", amount % 1_000);
    let decimals = thousandths.trim_end_matches('0');
    if !decimals.is_empty() {
        figure.push(decimal(language));
        figure.push_str(decimals);
    }
    format!("{figure}\u{A0}{}", t(language, large))
}
