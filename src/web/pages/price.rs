//! What is known of the price paid for a lot, in words: figures only where both sides stand by
//! them. What one side says is never told as paid. Not here: what a price is worth
//! (`register::money`).

use super::goods::Goods;
use crate::catalog::BaseUnit;
use crate::register::{Lot, Price, PriceRecord};
use crate::statement::PriceTerms;

/// What each got for a kilogram, a litre or a piece.
pub(super) struct Ladder {
    /// For how much.
    pub unit: String,
    pub rungs: Vec<Rung>,
}

/// One amount, with its length in thousandths of the longest.
pub(super) struct Rung {
    pub label: String,
    pub text: String,
    pub length: u64,
    pub premium: bool,
}

/// The price of a lot's first sale by its producer, in one sentence or some.
pub(super) fn told(goods: &Goods<'_>, lot: &Lot) -> String {
    let (first, record) = said(goods, lot);
    match record.and_then(|record| figures(goods, lot, &record)) {
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

/// What is known of it, in one sentence without figures, and its figures where both sides stand by
/// them.
pub(super) fn said(goods: &Goods<'_>, lot: &Lot) -> (String, Option<PriceRecord>) {
    let w = goods.w;
    let word = || w.word("price", goods.register.price_word(&lot.record.lot).into()).into_owned();
    match goods.register.price_of(&lot.record.lot) {
        Price::Confirmed(record) => (word(), Some(record)),
        Price::Audited(record) => (w.t("paid-audited").to_string(), Some(record)),
        Price::OneSided(record) => (one_sided(goods, word(), &record), None),
        Price::None | Price::Undisclosed(_) => (word(), None),
    }
}

/// Amount, premium and both; None: they are not stated.
pub(super) fn ladder(goods: &Goods<'_>, lot: &Lot, record: &PriceRecord) -> Option<Ladder> {
    let w = goods.w;
    let PriceTerms::Open { currency, amount, premium } = &record.terms else { return None };
    let unit = unit_of(lot)?;
    let (price, more) = (each(record, unit, *amount)?, each(record, unit, *premium)?);
    let sum = price.checked_add(more).filter(|sum| *sum > 0)?;
    let rung = |id: &str, minor: u64, premium: bool| Rung {
        label: w.t(id).into_owned(),
        text: w.money(minor.into(), currency),
        length: u64::try_from(u128::from(minor) * 1_000 / u128::from(sum)).unwrap_or(1_000),
        premium,
    };
    let mut rungs = vec![rung("price-paid", price, false)];
    if more > 0 {
        rungs.push(rung("price-premium", more, true));
        rungs.push(rung("price-sum", sum, false));
    }
    let unit = w.with("price-for", "unit", &w.quantity(unit, &lot.record.unit));
    Some(Ladder { unit, rungs })
}

/// Smallest units in what prices are told for.
fn unit_of(lot: &Lot) -> Option<u64> {
    Some(match BaseUnit::of_code(&lot.record.unit)? {
        BaseUnit::Gram | BaseUnit::Millilitre => 1_000,
        BaseUnit::Piece => 1,
    })
}

/// A part of what was paid, for so much of it, in minor units.
fn each(record: &PriceRecord, unit: u64, part: u64) -> Option<u64> {
    let sum = u128::from(part) * u128::from(unit);
    let half = u128::from(record.quantity / 2);
    let each = (sum + half).checked_div(u128::from(record.quantity))?;
    u64::try_from(each).ok()
}

/// Amount and premium for a kilogram, a litre or a piece; None: they are not stated.
fn figures(goods: &Goods<'_>, lot: &Lot, record: &PriceRecord) -> Option<String> {
    let w = goods.w;
    let PriceTerms::Open { currency, amount, premium } = &record.terms else { return None };
    let unit = unit_of(lot)?;
    let named = w.quantity(unit, &lot.record.unit);
    let each = |part: u64| Some(w.money(each(record, unit, part)?.into(), currency));
    let mut told = w.with_all("paid-for", &[("amount", &each(*amount)?), ("unit", &named)]);
    if *premium > 0 {
        told.push(' ');
        let premium = each(*premium)?;
        told.push_str(&w.with_all("paid-premium", &[("amount", &premium), ("unit", &named)]));
    }
    Some(told)
}
