//! Lot numbers (GS1 General Specifications, AI 10; CSET 82, figure 7.11-1) and what names a lot in
//! the world, as an address writes it (GS1 Digital Link URI Syntax 1.6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{IdError, clip};
use super::gtin::Gtin;
use super::party::PartySlug;
use super::text::{all_digits, decode_segment, encode_segment, text_id};

/// A lot number: GS1 CSET 82 without `/` and lower case, 1 to 20 characters. Held in place, with
/// zeros behind it, so that a register of millions needs no text of its own for each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotNumber([u8; LOT_BYTES_MAX]);

/// Most characters of a lot number (GS1 General Specifications, AI 10): all of one byte.
const LOT_BYTES_MAX: usize = 20;

/// What names a lot in the world: a GTIN with a lot number, or a party with a lot number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotKey {
    /// With a GS1 licence.
    Gtin(Gtin, LotNumber),
    /// Self-issued, for cooperatives without one.
    Party(PartySlug, LotNumber),
}

impl LotNumber {
    /// Parses a lot number.
    ///
    /// # Errors
    /// Length, a character outside the set, dots only.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let length = text.chars().count();
        if let Some(character) = text.chars().find(|c| !is_lot_character(*c)) {
            return Err(IdError::LotCharacter { character });
        }
        let mut bytes = [0; LOT_BYTES_MAX];
        let Some(place) = bytes.get_mut(..length).filter(|place| !place.is_empty()) else {
            return Err(IdError::LotLength { text: clip(text), length });
        };
        if text.chars().all(|c| c == '.') {
            return Err(IdError::LotDots);
        }
        place.copy_from_slice(text.as_bytes());
        Ok(Self(bytes))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(LOT_BYTES_MAX);
        let text = self.0.get(..length).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// The text with zeros behind it.
    pub(crate) fn bytes(&self) -> &[u8; LOT_BYTES_MAX] {
        &self.0
    }
}

text_id!(LotNumber);

impl fmt::Debug for LotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LotNumber").field(&self.as_str()).finish()
    }
}

impl LotKey {
    /// The lot number.
    #[must_use]
    pub fn number(&self) -> &LotNumber {
        match self {
            Self::Gtin(_, number) | Self::Party(_, number) => number,
        }
    }

    /// The path below a host: `01/{gtin}/10/{lot}` (GS1 Digital Link) or `lot/{party}/{lot}`.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Gtin(gtin, number) => format!("01/{gtin}/10/{}", encode_segment(number.as_str())),
            Self::Party(party, number) => {
                format!("lot/{party}/{}", encode_segment(number.as_str()))
            }
        }
    }

    /// Parses such a path, percent-encoded or not.
    ///
    /// # Errors
    /// The path's form or its first faulty identifier.
    pub fn parse_path(path: &str) -> Result<Self, IdError> {
        let refuse = || IdError::LotPath { text: clip(path) };
        let number = |text: &str| LotNumber::parse(&decode_segment(text).ok_or_else(refuse)?);
        // A slash inside the lot number is its own fault, so only the leading segments are split.
        match path.splitn(4, '/').collect::<Vec<_>>().as_slice() {
            ["01", gtin, "10", lot] => Ok(Self::Gtin(Gtin::parse(gtin)?, number(lot)?)),
            ["lot", party, lot] => Ok(Self::Party(PartySlug::parse(party)?, number(lot)?)),
            ["lot", party, lot, rest] => {
                Ok(Self::Party(PartySlug::parse(party)?, number(&format!("{lot}/{rest}"))?))
            }
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for LotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gtin(gtin, number) => write!(f, "{gtin}/{number}"),
            Self::Party(party, number) => write!(f, "{party}/{number}"),
        }
    }
}

impl FromStr for LotKey {
    type Err = IdError;

    /// Parses `GTIN/LOT` or `party/LOT`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (head, number) =
            text.split_once('/').ok_or_else(|| IdError::LotPath { text: clip(text) })?;
        let number = LotNumber::parse(number)?;
        if all_digits(head) && matches!(head.len(), 8 | 12 | 13 | 14) {
            Ok(Self::Gtin(Gtin::parse(head)?, number))
        } else {
            Ok(Self::Party(PartySlug::parse(head)?, number))
        }
    }
}

impl Serialize for LotKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LotKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Whether a character may stand in a lot number: CSET 82 less `/` and lower case.
fn is_lot_character(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || "!\"%&'()*+,-.:;<=>?_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T, IdError>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn lot_faults() {
        let cases = [
            ("A24B017", "ok"),
            ("A/B", "lot_character"),
            ("أ12", "lot_character"),
            ("a12", "lot_character"),
            ("A 1", "lot_character"),
            ("", "lot_length"),
            ("123456789012345678901", "lot_length"),
            ("..", "lot_dots"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(LotNumber::parse(text)), expected, "{text}");
        }
    }

    #[test]
    fn lot_paths_round_trip() {
        for text in ["06111234567895/A24B017", "coop-fictive-1/L%1", "coop/A?B:C"] {
            let key: LotKey = text.parse().unwrap();
            assert_eq!(LotKey::parse_path(&key.path()).unwrap(), key);
        }
        assert_eq!(code(LotKey::parse_path("01/06111234567895/10/A/B")), "lot_character");
        assert_eq!(code(LotKey::parse_path("02/06111234567895/10/A")), "lot_path");
        assert_eq!(code(PartySlug::parse("12345678901234")), "party_form");
    }
}
