//! Values as people write them in cells, in one meaning or refused: quantities with grouped digits
//! and decimal commas, days, digits of other scripts, what a spreadsheet makes of a GTIN.
//! Not here: which column holds what.

use unicode_normalization::UnicodeNormalization;

use super::fault::ReadFault;
use super::terms::unit_named;
use crate::catalog::BaseUnit;
use crate::statement::{Day, Quantity, QuantityError, TextFault, text_fault};

/// A cell without the dress of a spreadsheet (`'` before, `="..."` around it), its letters composed
/// (Unicode Normalization Form C), digits of other scripts as 0 to 9.
///
/// # Errors
/// A character that shows nothing, by its number.
pub fn cell_text(text: &str) -> Result<String, ReadFault> {
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let plain = formula.or_else(|| text.strip_prefix('\'')).unwrap_or(text).trim();
    let composed: String = plain.nfc().map(ascii_digit).collect();
    if !composed.is_empty() && composed.chars().all(|c| c == '#') {
        return Err(ReadFault::new("fault-narrow", []));
    }
    match text_fault(&composed) {
        Some(TextFault::Hidden { code_point, .. }) => {
            Err(ReadFault::new("fault-hidden", [("character", &format!("U+{code_point:04X}"))]))
        }
        _ => Ok(composed),
    }
}

/// An Arabic-Indic or Persian digit as the same of 0 to 9.
fn ascii_digit(c: char) -> char {
    let digit = match c {
        '\u{660}'..='\u{669}' => u32::from(c) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(c) - 0x6f0,
        '\u{66b}' => return ',',
        _ => return c,
    };
    char::from_digit(digit, 10).unwrap_or(c)
}

/// Whether a character parts groups of digits and nothing else.
fn is_group_mark(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '\u{66c}')
}

/// Reads a quantity: `800000`, `800 L`, `12.5 kg`, `12,5 kg`, `1 250 L`, `40`. A plain number is in
/// the smallest unit (g, mL, piece).
///
/// # Errors
/// What is off and how to write it; `1,250 L` and `1.250 L` may be meant either way.
pub fn parse_quantity(text: &str) -> Result<Quantity, ReadFault> {
    let text = cell_text(text)?;
    let number_ends = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',') || is_group_mark(c));
    let end = text.find(number_ends).unwrap_or(text.len());
    let (number, word) = text.split_at(end);
    let refuse = || ReadFault::new("fault-quantity", [("value", &text)]);
    let word = word.trim();
    let word = unit_named(word).unwrap_or(word);
    let (whole, fraction) = if number.trim().is_empty() {
        Default::default()
    } else {
        parted(number.trim(), word, &refuse)?
    };
    Quantity::of_digits(&text, &whole, &fraction, word).map_err(ReadFault::from)
}

impl From<QuantityError> for ReadFault {
    fn from(error: QuantityError) -> Self {
        let (id, text) = match &error {
            QuantityError::Form { text } => ("fault-quantity", text),
            QuantityError::Unit { text } => ("fault-unit", text),
            QuantityError::NotWhole { text, unit: None } => ("fault-quantity-plain", text),
            QuantityError::NotWhole { text, unit: Some(unit) } => {
                let id = match unit {
                    BaseUnit::Gram => "fault-quantity-fine-mass",
                    BaseUnit::Millilitre => "fault-quantity-fine-volume",
                    BaseUnit::Piece => "fault-quantity-fine-pieces",
                };
                (id, text)
            }
            QuantityError::Range { text } => ("fault-quantity-range", text),
        };
        Self::new(id, [("value", text)])
    }
}

/// The digits before and after the decimal mark.
fn parted(
    number: &str,
    unit: &str,
    refuse: &dyn Fn() -> ReadFault,
) -> Result<(String, String), ReadFault> {
    let marks: Vec<char> = number.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let decimal = match marks.as_slice() {
        [] => None,
        [one] => Some(*one),
        // Of two kinds the last parts the fraction; several of one kind part groups.
        [first, .., last] if first != last => Some(*last),
        _ => None,
    };
    let (whole, fraction) = match decimal.and_then(|mark| number.rsplit_once(mark)) {
        Some((_, "")) => return Err(refuse()),
        Some((whole, fraction)) => (whole, fraction),
        None => (number, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() {
        return Err(refuse());
    }
    let groups: Vec<&str> = whole.split(|c: char| is_group_mark(c) || ".,".contains(c)).collect();
    let of_three = |group: &&str| group.len() == 3;
    let grouped = groups.len() > 1;
    let first = groups.first().map_or(0, |group| group.len());
    if grouped && !((1..=3).contains(&first) && groups.iter().skip(1).all(of_three)) {
        return Err(refuse());
    }
    let whole: String = groups.concat();
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    // One mark before three digits: thousands to some, thousandths to others.
    if marks.len() == 1 && !grouped && fraction.len() == 3 && whole.len() <= 3 && whole != "0" {
        let decimals = fraction.trim_end_matches('0');
        let small = if decimals.is_empty() { whole.clone() } else { format!("{whole}.{decimals}") };
        let written = |number: &str| format!("{number} {unit}").trim().to_owned();
        let (large, small) = (written(&format!("{whole}{fraction}")), written(&small));
        let values = [("value", number), ("large", &large), ("small", &small)];
        return Err(ReadFault::new("fault-quantity-two-ways", values));
    }
    Ok((whole, fraction.to_owned()))
}

/// Reads a quantity of something that is measured in `unit`.
///
/// # Errors
/// As [`parse_quantity`], and a unit that is not this one's.
pub fn quantity_of(text: &str, unit: BaseUnit) -> Result<u64, ReadFault> {
    let quantity = parse_quantity(text)?;
    let id = match unit {
        BaseUnit::Gram => "fault-unit-mass",
        BaseUnit::Millilitre => "fault-unit-volume",
        BaseUnit::Piece => "fault-unit-pieces",
    };
    match quantity.unit {
        Some(written) if written != unit => Err(ReadFault::new(id, [("value", text)])),
        _ => Ok(quantity.smallest),
    }
}

/// Reads a day: `2026-11-02`, or day first as `02/11/2026`, `2.11.2026`, `02-11-2026`; a time of
/// midnight behind it is left out.
///
/// # Errors
/// Two digits of a year, a month before the day, the number a spreadsheet makes of a day.
pub fn parse_day(text: &str) -> Result<Day, ReadFault> {
    let given = cell_text(text)?;
    let refuse = |id: &'static str| ReadFault::new(id, [("value", &given)]);
    let day = given.split_once([' ', 'T']).map_or(given.as_str(), |(day, time)| {
        let midnight = time.trim_end_matches('Z').chars().all(|c| matches!(c, '0' | ':' | '.'));
        if midnight { day } else { given.as_str() }
    });
    if day.len() == 5 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse("fault-day-number"));
    }
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return Err(refuse("fault-day")) };
    let (year, month, date) =
        if first.len() == 4 { (first, second, third) } else { (third, second, first) };
    if year.len() != 4 {
        return Err(refuse("fault-day-year"));
    }
    if month.parse::<u32>().is_ok_and(|month| month > 12)
        && date.parse().is_ok_and(|d: u32| d <= 12)
    {
        let meant = format!("{month}/{date:0>2}/{year}");
        let values = [("value", given.as_str()), ("meant", &meant)];
        return Err(ReadFault::new("fault-day-month-first", values));
    }
    Day::parse(&format!("{year}-{month:0>2}-{date:0>2}")).map_err(|_| refuse("fault-day-none"))
}

/// What a spreadsheet did to the digits of a GTIN in a text, if it did.
#[must_use]
pub fn spoilt_gtin(text: &str) -> Option<String> {
    let head = text.split('/').next().unwrap_or_default();
    let (number, power) = head.split_once(['E', 'e'])?;
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let power = power.strip_prefix('+').unwrap_or(power);
    (number.contains(['.', ',']) && digits(number) && !power.is_empty() && digits(power)).then(|| {
        format!(
            "{head:?}: a spreadsheet made a number of the GTIN and lost its last digits; format \
             the column as text and enter it again"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_one_meaning_or_are_refused() {
        let (gram, millilitre) = (Some(BaseUnit::Gram), Some(BaseUnit::Millilitre));
        let cases = [
            ("800000", 800_000, None),
            ("800 L", 800_000, millilitre),
            ("12.5 kg", 12_500, gram),
            ("12,5kg", 12_500, gram),
            ("1.25 t", 1_250_000, gram),
            ("250mL", 250, millilitre),
            ("40 pieces", 40, Some(BaseUnit::Piece)),
            ("1 250 L", 1_250_000, millilitre),
            ("1\u{a0}250 L", 1_250_000, millilitre),
            ("1\u{202f}250,5 L", 1_250_500, millilitre),
            ("1'250 L", 1_250_000, millilitre),
            ("1.250,5 L", 1_250_500, millilitre),
            ("1,250.5 L", 1_250_500, millilitre),
            ("1.250.000 g", 1_250_000, gram),
            ("0,250 L", 250, millilitre),
            ("1250,500 L", 1_250_500, millilitre),
            ("١٢٥٠ L", 1_250_000, millilitre),
            ("12,5 kilogrammes", 12_500, gram),
            ("٨٠٠ لتر", 800_000, millilitre),
            ("1 pièce", 1, Some(BaseUnit::Piece)),
            ("١٢٫٥ kg", 12_500, gram),
        ];
        for (text, smallest, unit) in cases {
            assert_eq!(parse_quantity(text), Ok(Quantity { smallest, unit }), "{text}");
        }
        for text in ["1,250 L", "3,250 kg", "1.250 L", "12.345 t", "1,250", "999,000 mL"] {
            let fault = parse_quantity(text).unwrap_err();
            assert_eq!(fault.id, "fault-quantity-two-ways", "{text}: {fault}");
        }
        let fault = parse_quantity("1,250 L").unwrap_err();
        let both = [("value", "1,250"), ("large", "1250 L"), ("small", "1.25 L")];
        assert_eq!(fault.values, both.map(|(name, value)| (name, value.to_owned())));
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
            "12 50 L",
            "1 25 L",
            "1,25,000 L",
            "99999999999999999999",
            ",5 L",
            "1\u{200b}0 L",
        ] {
            assert!(parse_quantity(text).is_err(), "{text}");
        }
        assert!(quantity_of("3 kg", BaseUnit::Millilitre).is_err());
        assert_eq!(quantity_of("3", BaseUnit::Millilitre), Ok(3));
    }

    #[test]
    fn days_are_read_day_first() {
        let day = Day::parse("2026-11-02").unwrap();
        for text in [
            "2026-11-02",
            "02/11/2026",
            "2.11.2026",
            "02-11-2026",
            "2026-11-02 00:00:00",
            "٠٢/١١/٢٠٢٦",
        ] {
            assert_eq!(parse_day(text), Ok(day), "{text}");
        }
        for (text, why) in [
            ("02/11/26", "fault-day-year"),
            ("46328", "fault-day-number"),
            ("11/25/2026", "fault-day-month-first"),
            ("2026-02-30", "fault-day-none"),
            ("2026-11-02 13:00:00", "fault-day-none"),
            ("tomorrow", "fault-day"),
        ] {
            assert_eq!(parse_day(text).unwrap_err().id, why, "{text}");
        }
    }

    #[test]
    fn cells_are_composed_and_hide_nothing() {
        assert_eq!(cell_text("qualite\u{301}").unwrap(), "qualit\u{e9}");
        assert_eq!(cell_text("'06111234567895").unwrap(), "06111234567895");
        assert_eq!(cell_text("=\"0611/A\"").unwrap(), "0611/A");
        assert!(cell_text("a\u{b}b").unwrap_err().to_string().contains("U+000B"));
        assert!(cell_text("a\0b").is_err());
        assert!(spoilt_gtin("6,11123E+12/A24B017").is_some());
        assert!(spoilt_gtin("6.11E12").is_some());
        assert!(spoilt_gtin("coop/L1E2").is_none() && spoilt_gtin("06111234567895").is_none());
    }
}
