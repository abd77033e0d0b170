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
        Price::OneSided(record) => return one_sided(goods, word(), &record),
        Price::None | Price::Undisclosed(_) => return word(),
    };
    match figures(goods, lot, &record) {
        Some(figures) => format!("{first} {figures}"),
        None => first,
    }
}

/// What one side says, and why another's word does not count where there was one.
fn one_sided(goods: &Goods<'_>, word: String, record: &PriceRecord) -> String {
    let w = goods.w;
    let day = record.taken_back.as_ref().map(|told| w.day(told.mark.logged_at.day()));
    match (day, &record.confirmed) {
        (Some(day), _) => format!("{word} {}", w.with("paid-taken-back", "day", &day)),
        (None, Some(_)) => format!("{word} {}", w.t("paid-both-ways")),
        (None, None) => word,
    }
}

/// What a scan does not show of the premium: that it was paid at all, unless two sides signed so;
/// and then no more than they signed.
pub(super) fn not_proven(goods: &Goods<'_>, lot: Option<&Lot>) -> String {
    let w = goods.w;
    let found = lot.map(|lot| (lot, goods.register.price_of(&lot.record.lot)));
    let signed = match &found {
        Some((lot, Price::Confirmed(record) | Price::Audited(record))) => Some((lot, record)),
        _ => None,
    };
    let signed = signed.filter(
        |(_, record)| matches!(record.terms, PriceTerms::Open { premium, .. } if premium > 0),
    );
    match signed {
        Some((lot, record)) => {
            w.with("not-proven-premium-use", "quantity", &goods.of(lot, record.quantity))
        }
        None => w.t("not-proven-premium").into_owned(),
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
        Some(w.money(each, currency))
    };
    let mut told = w.with_all("paid-for", &[("amount", &each(*amount)?), ("unit", &named)]);
    if *premium > 0 {
        told.push(' ');
        let premium = each(*premium)?;
        told.push_str(&w.with_all("paid-premium", &[("amount", &premium), ("unit", &named)]));
    }
    Some(told)
}
