//! Quantities: a quantity's text, read digit by digit and never through a float, so that nothing is
//! rounded.
//! Not here: what people write in cells, with grouped digits and commas (`reader`).

use thiserror::Error;

use crate::catalog::BaseUnit;
use crate::limits::INTEGER_MAX;

/// What a quantity was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// In the smallest unit: 1 to 2^53 - 1.
    pub smallest: u64,
    /// The unit, if one was written.
    pub unit: Option<BaseUnit>,
}

/// Why a text or number is no quantity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Not digits with at most one point.
    #[error("{text:?} is no quantity: write e.g. 800000, 800 L or 12.5 kg")]
    Form {
        /// What was found.
        text: String,
    },
    /// A unit that nothing is measured in here.
    #[error("{text:?}: the unit must be g, kg, t, mL, L or piece")]
    Unit {
        /// What was found.
        text: String,
    },
    /// A fraction of the smallest unit.
    #[error("{text:?}: too fine; {}", whole_units(*unit))]
    NotWhole {
        /// What was found.
        text: String,
        /// The unit written, if any.
        unit: Option<BaseUnit>,
    },
    /// Nothing, less than nothing, or more than 2^53 - 1.
    #[error("{text}: a quantity is 1 to 9007199254740991 of the smallest unit")]
    Range {
        /// What was found.
        text: String,
    },
}

fn whole_units(unit: Option<BaseUnit>) -> &'static str {
    match unit {
        None => "a plain number is in g, mL or pieces, without fractions",
        Some(BaseUnit::Gram) => "the smallest unit is 1 g",
        Some(BaseUnit::Millilitre) => "the smallest unit is 1 mL",
        Some(BaseUnit::Piece) => "pieces have no fractions",
    }
}

impl QuantityError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } | Self::Unit { .. } => "quantity_form",
            Self::NotWhole { .. } => "quantity_not_whole",
            Self::Range { .. } => "quantity_range",
        }
    }
}

/// The unit of a word, and how many decimal places of it are whole smallest units.
fn unit_of(word: &str) -> Option<(BaseUnit, usize)> {
    match word.trim_end_matches('.').to_lowercase().as_str() {
        "g" => Some((BaseUnit::Gram, 0)),
        "kg" => Some((BaseUnit::Gram, 3)),
        "t" => Some((BaseUnit::Gram, 6)),
        "ml" => Some((BaseUnit::Millilitre, 0)),
        "l" => Some((BaseUnit::Millilitre, 3)),
        "piece" | "pieces" | "pièce" | "pièces" => Some((BaseUnit::Piece, 0)),
        _ => None,
    }
}

impl Quantity {
    /// Reads `12.5 kg`, `1.005 kg` (1,005 g), `800 L`, `40 pieces`, `800000`: digits, at most one
    /// point with digits on both sides, and a unit; without one the smallest unit is meant.
    ///
    /// # Errors
    /// Every fault by its kind; nothing is rounded.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let number_ends = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'));
        let end = text.find(number_ends).unwrap_or(text.len());
        let (number, word) = text.split_at(end);
        let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let given = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !given(whole) || !given(fraction) {
            return Err(QuantityError::Form { text: clip(text) });
        }
        let fraction = if digits.contains('.') { fraction } else { "" };
        let read = Self::of_digits(text, whole, fraction, word.trim());
        match read {
            Ok(_) if sign == "-" => Err(QuantityError::Range { text: clip(text) }),
            other => other,
        }
    }

    /// The quantity of so many digits before and after the point, in the unit of a word; `text` is
    /// how the whole was written, for a message.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn of_digits(
        text: &str,
        whole: &str,
        fraction: &str,
        word: &str,
    ) -> Result<Self, QuantityError> {
        let (unit, places) = match word {
            "" => (None, 0),
            word => unit_of(word)
                .map(|(unit, places)| (Some(unit), places))
                .ok_or_else(|| QuantityError::Unit { text: clip(text) })?,
        };
        if fraction.len() > places {
            return Err(QuantityError::NotWhole { text: clip(text), unit });
        }
        let zeros = std::iter::repeat_n(b'0', places.saturating_sub(fraction.len()));
        let mut smallest = 0_i64;
        for byte in whole.bytes().chain(fraction.bytes()).chain(zeros) {
            let digit = char::from(byte).to_digit(10).map(i64::from);
            let digit = digit.ok_or_else(|| QuantityError::Form { text: clip(text) })?;
            let next = smallest.checked_mul(10).and_then(|tens| tens.checked_add(digit));
            smallest = next.ok_or_else(|| QuantityError::Range { text: clip(text) })?;
        }
        whole_quantity(smallest)
            .map(|smallest| Self { smallest, unit })
            .map_err(|_| QuantityError::Range { text: clip(text) })
    }
}

/// A number of smallest units as a quantity.
///
/// # Errors
/// [`QuantityError::Range`] unless it is 1 to 2^53 - 1.
pub fn whole_quantity(number: i64) -> Result<u64, QuantityError> {
    let inside = u64::try_from(number).ok().filter(|_| (1..=INTEGER_MAX).contains(&number));
    inside.ok_or_else(|| QuantityError::Range { text: number.to_string() })
}

/// At most 40 characters of a foreign text, for a message.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_digit_by_digit() {
        let (gram, millilitre) = (Some(BaseUnit::Gram), Some(BaseUnit::Millilitre));
        for (text, smallest, unit) in [
            ("12.5 kg", 12_500, gram),
            ("1.005 kg", 1_005, gram),
            ("0.001 kg", 1, gram),
            ("1.000000 t", 1_000_000, gram),
            ("250mL", 250, millilitre),
            ("60.706 L", 60_706, millilitre),
            ("40 pieces", 40, Some(BaseUnit::Piece)),
            ("9007199254740991", 9_007_199_254_740_991, None),
            ("9007199254740.991 L", 9_007_199_254_740_991, millilitre),
            ("007 g", 7, gram),
        ] {
            assert_eq!(Quantity::parse(text), Ok(Quantity { smallest, unit }), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_code() {
        for (text, code) in [
            ("1.5 pieces", "quantity_not_whole"),
            ("12.5", "quantity_not_whole"),
            ("1.0005 kg", "quantity_not_whole"),
            ("1.0 pieces", "quantity_not_whole"),
            ("0.5 g", "quantity_not_whole"),
            ("0", "quantity_range"),
            ("0.000 kg", "quantity_range"),
            ("-1", "quantity_range"),
            ("-1 kg", "quantity_range"),
            ("9007199254740992", "quantity_range"),
            ("9007199254740.992 L", "quantity_range"),
            ("99999999999999999999 g", "quantity_range"),
            ("1e3", "quantity_form"),
            ("1e3 g", "quantity_form"),
            ("", "quantity_form"),
            ("kg", "quantity_form"),
            ("1,5 kg", "quantity_form"),
            ("1.2.3 kg", "quantity_form"),
            ("5.", "quantity_form"),
            (".5 kg", "quantity_form"),
            ("--1", "quantity_form"),
            ("1-2 g", "quantity_form"),
            ("+1", "quantity_form"),
            ("١٢ kg", "quantity_form"),
            ("4 lb", "quantity_form"),
            ("0x10", "quantity_form"),
            ("NaN", "quantity_form"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap_err().code(), code, "{text}");
        }
        for (number, good) in [(0, false), (-1, false), (1, true), (INTEGER_MAX, true)] {
            assert_eq!(whole_quantity(number).is_ok(), good, "{number}");
        }
        assert!(whole_quantity(i64::MAX).is_err() && whole_quantity(i64::MIN).is_err());
    }
}
