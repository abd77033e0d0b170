//! What is known of the price paid for a lot, in words: figures only where both sides stand by
//! them. What one side says is never told as paid. Not here: what a price is worth
//! (`register::money`).

use super::goods::Goods;
use crate::catalog::BaseUnit;
use crate::register::{Lot, Price, PriceRecord};
use crate::statement::PriceTerms;

/// The price of a lot's first sale by its producer, in one sentence or some.
pub(super) fn told(goods: &Goods<'_>, lot: &Lot) -> String {
    let w = goods.w;
    let word = || w.word("price", goods.register.price_word(&lot.record.lot).into()).into_owned();
    let (first, record) = match goods.register.price_of(&lot.record.lot) {
        Price::Confirmed(record) => (word(), record),
        Price::Audited(record) => (w.t("paid-audited").to_string(), record),
        Price::None | Price::Undisclosed(_) | Price::OneSided(_) => return word(),
    };
    match figures(goods, lot, &record) {
        Some(figures) => format!("{first} {figures}"),
        None => first,
    }
}

/// Amount and premium for a kilogram, a litre or a piece; None: they are not stated.
fn figures(goods: &Goods<'_>, lot: &Lot, record: &PriceRecord) -> Option<String> {
    let (w, code) = (goods.w, &*lot.record.unit);
    let PriceTerms::Open { currency, amount, premium } = &record.terms else { return None };
    let unit = match BaseUnit::of_code(code)? {
        BaseUnit::Gram | BaseUnit::Millilitre => 1_000,
        BaseUnit::Piece => 1,
    };
    let named = w.quantity(unit, code);
    let each = |part: u64| {
        let sum = u128::from(part) * u128::from(unit);
        let half = u128::from(record.quantity / 2);
        let each = (sum + half).checked_div(u128::from(record.quantity))?;
        Some(w.money(u64::try_from(each).ok()?, currency))
    };
    let mut told = w.with_all("paid-for", &[("amount", &each(*amount)?), ("unit", &named)]);
    if *premium > 0 {
        told.push(' ');
        let premium = each(*premium)?;
        told.push_str(&w.with_all("paid-premium", &[("amount", &premium), ("unit", &named)]));
    }
    Some(told)
}
