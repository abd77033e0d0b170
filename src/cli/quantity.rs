//! Quantities as people write them, in integers: `800000`, `800 L`, `12.5 kg`, `250 mL`, `40`.
//! A plain number is in the smallest unit (g, mL, piece).

use crate::statement::BaseUnit;

/// What a quantity was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// In the smallest unit.
    pub smallest: u64,
    /// The unit, if one was written.
    pub unit: Option<BaseUnit>,
}

/// Reads a quantity.
///
/// # Errors
/// What is off and how to write it.
pub fn parse_quantity(text: &str) -> Result<Quantity, String> {
    let text = text.trim();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let (number, word) = text.split_at(end);
    let (unit, digits) = match word.trim().to_ascii_lowercase().as_str() {
        "" => (None, 0),
        "g" => (Some(BaseUnit::Gram), 0),
        "kg" => (Some(BaseUnit::Gram), 3),
        "t" => (Some(BaseUnit::Gram), 6),
        "ml" => (Some(BaseUnit::Millilitre), 0),
        "l" => (Some(BaseUnit::Millilitre), 3),
        "piece" | "pieces" => (Some(BaseUnit::Piece), 0),
        _ => return Err(format!("{text:?}: the unit must be g, kg, t, mL, L or piece")),
    };
    let refuse = || format!("{text:?} is no quantity: write e.g. 800000, 800 L or 12.5 kg");
    let number = number.replace(',', ".");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    if whole.is_empty() || fraction.contains('.') || (number.ends_with('.')) {
        return Err(refuse());
    }
    if fraction.len() > digits {
        let finest =
            if unit.is_none() { "a plain number is in g, mL or pieces" } else { "too fine" };
        return Err(format!("{text:?}: {finest}; no fractions of the smallest unit"));
    }
    let padded = format!("{whole}{fraction:0<digits$}");
    let smallest = padded.parse::<u64>().map_err(|_| refuse())?;
    if smallest == 0 { Err(refuse()) } else { Ok(Quantity { smallest, unit }) }
}

/// Reads a quantity of something that is measured in `unit`.
///
/// # Errors
/// As [`parse_quantity`], and a unit that is not this one's.
pub fn quantity_of(text: &str, unit: BaseUnit) -> Result<u64, String> {
    let quantity = parse_quantity(text)?;
    match quantity.unit {
        Some(written) if written != unit => Err(format!(
            "{text:?}: this product is measured in {}",
            match unit {
                BaseUnit::Gram => "g or kg",
                BaseUnit::Millilitre => "mL or L",
                BaseUnit::Piece => "pieces",
            }
        )),
        _ => Ok(quantity.smallest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let cases = [
            ("800000", 800_000, None),
            ("800 L", 800_000, Some(BaseUnit::Millilitre)),
            ("12.5 kg", 12_500, Some(BaseUnit::Gram)),
            ("12,5kg", 12_500, Some(BaseUnit::Gram)),
            ("1.25 t", 1_250_000, Some(BaseUnit::Gram)),
            ("250mL", 250, Some(BaseUnit::Millilitre)),
            ("40 pieces", 40, Some(BaseUnit::Piece)),
        ];
        for (text, smallest, unit) in cases {
            assert_eq!(parse_quantity(text), Ok(Quantity { smallest, unit }), "{text}");
        }
        for text in [
            "",
            "0",
            "12.5",
            "1.2345 kg",
            "-4",
            "kg",
            "4 lb",
            "1.2.3 kg",
            "5.",
            "99999999999999999999",
        ] {
            assert!(parse_quantity(text).is_err(), "{text}");
        }
        assert!(quantity_of("3 kg", BaseUnit::Millilitre).is_err());
        assert_eq!(quantity_of("3", BaseUnit::Millilitre), Ok(3));
    }
}
