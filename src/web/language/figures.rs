//! Numbers, days, instants and amounts of money as each language writes them: Unicode CLDR `fr`,
//! `ar-MA` (Latin digits, months of its own), `en`, `es`, `zgh` (months of its fallback: no others
//! were reviewed). Not here: units, which are texts (`quantity`).

use super::choice::Language;
use crate::catalog::Catalog;
use crate::statement::{Day, Timestamp};

/// Grouping mark of thousands and the decimal mark.
fn marks(language: Language) -> (char, char) {
    match language {
        Language::Fr => ('\u{202F}', ','),
        Language::Ar | Language::Es => ('.', ','),
        Language::En => (',', '.'),
        Language::Zgh => ('\u{A0}', ','),
    }
}

/// The decimal mark.
pub(super) fn decimal(language: Language) -> char {
    marks(language).1
}

/// The months of CLDR, January first; `ar-MA` has names of its own.
pub(super) fn months(language: Language) -> &'static str {
    match language {
        Language::Fr | Language::Zgh => {
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        }
        Language::Ar => "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
        Language::En => {
            "January February March April May June July August September October November \
             December"
        }
        Language::Es => {
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
             diciembre"
        }
    }
}

/// A day: `23 novembre 2026`, `23 نونبر 2026`, `23 November 2026`, `23 de noviembre de 2026`.
#[must_use]
pub fn date(language: Language, day: Day) -> String {
    let (year, month, day) = day.ymd();
    let before = usize::try_from(month).unwrap_or_default().saturating_sub(1);
    let month = months(language).split(' ').nth(before).unwrap_or_default();
    if language == Language::Es {
        return format!("{day} de {month} de {year}");
    }
    let ordinal = if language.fallback() == Language::Fr && day == 1 { "er" } else { "" };
    format!("{day}{ordinal} {month} {year}")
}

/// An instant to the minute, in UTC: `23 novembre 2026 à 14:04 UTC`.
#[must_use]
pub fn instant(language: Language, at: Timestamp) -> String {
    let second_of_day = at.seconds().rem_euclid(86_400);
    let (hour, minute) = (second_of_day / 3_600, second_of_day / 60 % 60);
    let joint = match language {
        Language::Fr | Language::Zgh => " à ",
        Language::Ar => " على الساعة ",
        Language::En | Language::Es => ", ",
    };
    format!("{}{joint}{hour:02}:{minute:02} UTC", date(language, at.day()))
}

/// A whole number with its thousands grouped; in Spanish from five digits on, as CLDR says.
#[must_use]
pub fn number(language: Language, value: u64) -> String {
    grouped(language, &value.to_string())
}

fn grouped(language: Language, digits: &str) -> String {
    let (group, _) = marks(language);
    if language == Language::Es && digits.len() < 5 {
        return digits.to_owned();
    }
    let mut grouped = String::with_capacity(digits.len().saturating_mul(2));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount in the minor unit of a currency, for people: `380.00 MAD`.
#[must_use]
pub fn money(language: Language, amount: u128, currency: &str) -> String {
    let known = Catalog::builtin().ok().and_then(|catalog| catalog.currency_digits(currency));
    let digits = usize::from(known.unwrap_or(2));
    let minor: u128 = [1, 10, 100, 1_000].get(digits).copied().unwrap_or(1);
    let mut figure = grouped(language, &(amount / minor).to_string());
    if digits > 0 {
        figure.push(decimal(language));
        figure.push_str(&format!("{:0digits$}", amount % minor));
    }
    format!("{figure}\u{A0}{currency}")
}
