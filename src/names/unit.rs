//! Logistic units: what lots are packed into and shipped in, by SSCC or by a number of the packer's
//! own. Sources: GS1 General Specifications (AI 00, check digit section 7.9), GS1 Digital Link URI
//! Syntax 1.6. Not here: sales units, which labels name.

use std::fmt;

use super::error::{IdError, clip};
use super::gtin::wrong_check_digit;
use super::lot::LotNumber;
use super::party::PartySlug;
use super::text::{all_digits, decode_segment, encode_segment};

/// A Serial Shipping Container Code: 18 digits, the last one a check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sscc(u64);

/// What names a logistic unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKey {
    /// With a GS1 licence.
    Sscc(Sscc),
    /// Self-issued, for parties without one: the party and a number in the form of a lot number.
    Own(PartySlug, LotNumber),
}

impl Sscc {
    /// Parses 18 digits.
    ///
    /// # Errors
    /// [`IdError::SsccForm`], [`IdError::SsccCheckDigit`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let form = || IdError::SsccForm { text: clip(text) };
        if text.len() != 18 || !all_digits(text) {
            return Err(form());
        }
        match wrong_check_digit(text) {
            Some(expected) => Err(IdError::SsccCheckDigit { text: text.to_owned(), expected }),
            None => text.parse().map(Self).map_err(|_| form()),
        }
    }
}

impl fmt::Display for Sscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:018}", self.0)
    }
}

impl UnitKey {
    /// The path below a host: `00/{sscc}` (GS1 Digital Link) or `unit/{party}/{number}`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Sscc(sscc) => format!("00/{sscc}"),
            Self::Own(party, number) => format!("unit/{party}/{}", encode_segment(number.as_str())),
        }
    }

    /// Parses such a path, percent-encoded or not.
    ///
    /// # Errors
    /// The path's form or its first faulty identifier.
    pub fn parse_path(path: &str) -> Result<Self, IdError> {
        let refuse = || IdError::UnitPath { text: clip(path) };
        match path.splitn(3, '/').collect::<Vec<_>>().as_slice() {
            ["00", sscc] => Sscc::parse(sscc).map(Self::Sscc),
            ["unit", party, number] => {
                let number = decode_segment(number).ok_or_else(refuse)?;
                Ok(Self::Own(PartySlug::parse(party)?, LotNumber::parse(&number)?))
            }
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sscc(sscc) => sscc.fmt(f),
            Self::Own(party, number) => write!(f, "{party}/{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_one_path() {
        for path in ["00/106141412345678908", "00/000000000000000000", "unit/coop/P1", "unit/a/%25"]
        {
            assert_eq!(UnitKey::parse_path(path).unwrap().path(), path);
        }
        for (path, code) in [
            ("00/106141412345678909", "sscc_check_digit"),
            ("00/10614141234567890", "sscc_form"),
            ("00/1061414123456789080", "sscc_form"),
            ("00/10614141234567890A", "sscc_form"),
            ("00/106141412345678908/x", "unit_path"),
            ("unit/coop", "unit_path"),
            ("unit/-/P1", "party_form"),
            ("unit/coop/p1", "lot_character"),
            ("unit/coop/P/1", "lot_character"),
            ("01/06111234567895/10/A", "unit_path"),
            ("", "unit_path"),
        ] {
            assert_eq!(UnitKey::parse_path(path).unwrap_err().code(), code, "{path}");
        }
    }
}
