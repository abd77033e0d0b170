//! The Global Trade Item Number (GS1 General Specifications, AI 01; check digit section 7.9).

use super::error::{IdError, clip};
use super::text::{all_digits, text_id};
use super::word::Word;

/// A Global Trade Item Number, 14 digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(Word);

impl Gtin {
    /// Parses 8, 12, 13 or 14 digits, padded to 14.
    ///
    /// # Errors
    /// Form, check digit, restricted circulation.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !all_digits(text) {
            return Err(IdError::GtinForm { text: clip(text) });
        }
        let padded = format!("{text:0>14}");
        check_digit(&padded)?;
        let prefix = padded.get(1..3).unwrap_or_default();
        if matches!(prefix, "02" | "04") || prefix.starts_with('2') {
            return Err(IdError::GtinRestricted { text: padded });
        }
        Ok(Self(Word::new(&padded)))
    }

    /// One that was parsed before.
    pub(crate) fn known(text: Word) -> Self {
        Self(text)
    }

    /// The 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_id!(Gtin);

/// Checks the last digit: weights 3, 1, 3 ... from the right (GS1 General Specifications 7.9).
pub(super) fn check_digit(digits: &str) -> Result<(), IdError> {
    let (body, last) = digits.split_at(digits.len().saturating_sub(1));
    let weigh = |(place, digit): (usize, u8)| {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        u32::from(digit.wrapping_sub(b'0')) * weight
    };
    let sum: u32 = body.bytes().rev().enumerate().map(weigh).sum();
    let expected = u8::try_from((10 - sum % 10) % 10).unwrap_or_default();
    if last.bytes().next() == Some(b'0' + expected) {
        Ok(())
    } else {
        Err(IdError::CheckDigit { text: digits.to_owned(), expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T, IdError>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn gtin_faults() {
        let cases = [
            ("06111234567895", "ok"),
            ("6111234567895", "ok"),
            ("06111234567896", "gtin_check_digit"),
            ("0611123456789", "gtin_check_digit"),
            ("2012345678903", "gtin_restricted"),
            ("0212345678909", "gtin_restricted"),
            ("0412345678903", "gtin_restricted"),
            ("061112345678", "gtin_check_digit"),
            ("0611123456789x", "gtin_form"),
            ("", "gtin_form"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(Gtin::parse(text)), expected, "{text}");
        }
    }
}
