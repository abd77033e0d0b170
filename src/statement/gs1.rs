//! Identifiers of things and parties: GTIN, lot number, serial, party slug, lot key.
//! Parsed once at the edge; a value of these types is always well formed. Sources: GS1 General
//! Specifications (check digit section 7.9, CSET 82 figure 7.11-1), GS1 Digital Link URI Syntax
//! 1.6.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::Word;

/// An identifier that is not well formed. Always the sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not 8, 12, 13 or 14 digits.
    #[error("{text:?} is no GTIN: 8, 12, 13 or 14 digits are expected")]
    GtinForm {
        /// What was found.
        text: String,
    },
    /// Wrong check digit.
    #[error("{text} has a wrong check digit: the last digit must be {expected}")]
    CheckDigit {
        /// What was found.
        text: String,
        /// The right last digit.
        expected: u8,
    },
    /// A number of restricted circulation, not unique in the world.
    #[error(
        "{text} is of restricted circulation (prefix 02, 04 or 20-29) and names nothing in public"
    )]
    GtinRestricted {
        /// What was found.
        text: String,
    },
    /// Not 1 to 20 characters.
    #[error("a lot number has 1 to 20 characters; {text:?} has {length}")]
    LotLength {
        /// What was found.
        text: String,
        /// Its length.
        length: usize,
    },
    /// A character a lot number may not have.
    #[error(
        "a lot number may not hold {character:?}: upper-case letters, digits and - . _ ! ( ) * \
        + , : ; < = > ? \" % & ' are allowed (QR codes carry upper case only)"
    )]
    LotCharacter {
        /// The character.
        character: char,
    },
    /// A lot number of dots only, which addresses cannot carry.
    #[error("a lot number may not consist of dots only")]
    LotDots,
    /// Not Crockford base32 of 8 to 20 characters.
    #[error("{text:?} is no serial: 8 to 20 characters of Crockford base32 are expected")]
    SerialForm {
        /// What was found.
        text: String,
    },
    /// Not a party's short name.
    #[error("{text:?} is no party: 1 to 32 lower-case letters, digits and hyphens, not 14 digits")]
    SlugForm {
        /// What was found.
        text: String,
    },
    /// Not an address of a lot.
    #[error(
        "{text:?} is no lot: GTIN/LOT or PARTY/LOT is expected (in an address 01/GTIN/10/LOT or \
         lot/PARTY/LOT)"
    )]
    LotPath {
        /// What was found.
        text: String,
    },
    /// Not 18 digits.
    #[error("{text:?} is no SSCC: 18 digits are expected")]
    SsccForm {
        /// What was found.
        text: String,
    },
    /// An SSCC with a wrong check digit.
    #[error("{text} has a wrong check digit: the last digit must be {expected}")]
    SsccCheckDigit {
        /// What was found.
        text: String,
        /// The right last digit.
        expected: u8,
    },
    /// Not the address of a logistic unit.
    #[error("{text:?} is no logistic unit: 00/SSCC or unit/PARTY/NUMBER is expected")]
    UnitPath {
        /// What was found.
        text: String,
    },
    /// Not a host name.
    #[error("{text:?} is no host name with an optional port")]
    HostForm {
        /// What was found.
        text: String,
    },
}

impl IdError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::GtinForm { .. } => "gtin_form",
            Self::CheckDigit { .. } => "gtin_check_digit",
            Self::GtinRestricted { .. } => "gtin_restricted",
            Self::LotLength { .. } => "lot_length",
            Self::LotCharacter { .. } => "lot_character",
            Self::LotDots => "lot_dots",
            Self::SerialForm { .. } => "serial_form",
            Self::SlugForm { .. } => "party_form",
            Self::LotPath { .. } => "lot_path",
            Self::SsccForm { .. } => "sscc_form",
            Self::SsccCheckDigit { .. } => "sscc_check_digit",
            Self::UnitPath { .. } => "unit_path",
            Self::HostForm { .. } => "host_form",
        }
    }
}

/// A Global Trade Item Number, 14 digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(Word);

/// A lot number: GS1 CSET 82 without `/` and lower case, 1 to 20 characters. Held in place, with
/// zeros behind it, so that a register of millions needs no text of its own for each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotNumber([u8; LOT_BYTES_MAX]);

/// Most characters of a lot number (GS1 General Specifications, AI 10): all of one byte.
const LOT_BYTES_MAX: usize = 20;

/// A unit's serial: Crockford base32, 8 to 20 characters (40 to 100 random bits).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(String);

/// A party's short name in addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartySlug(Word);

/// What names a lot in the world: a GTIN with a lot number, or a party with a lot number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotKey {
    /// With a GS1 licence.
    Gtin(Gtin, LotNumber),
    /// Self-issued, for cooperatives without one.
    Party(PartySlug, LotNumber),
}

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
        if let Some(expected) = wrong_check_digit(&padded) {
            return Err(IdError::CheckDigit { text: padded, expected });
        }
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

impl Serial {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// Parses a serial; folds case, drops hyphens, reads O as 0 and I, L as 1 (Crockford).
    ///
    /// # Errors
    /// [`IdError::SerialForm`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let folded: String = text
            .chars()
            .filter(|c| *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|b| Self::ALPHABET.contains(&b));
        if (8..=20).contains(&folded.len()) && folded.chars().all(known) {
            Ok(Self(folded))
        } else {
            Err(IdError::SerialForm { text: clip(text) })
        }
    }

    /// The serial of 40 random bits: eight characters.
    #[must_use]
    pub fn from_random(random: [u8; 5]) -> Self {
        let bits = random.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let digit = |place: u32| {
            let value = usize::try_from((bits >> (35 - 5 * place)) & 31).unwrap_or_default();
            char::from(Self::ALPHABET.get(value).copied().unwrap_or(b'0'))
        };
        Self((0..8).map(digit).collect())
    }

    /// The text, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in groups of four, for people.
    #[must_use]
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }
}

impl PartySlug {
    /// Parses a slug; upper case is folded.
    ///
    /// # Errors
    /// [`IdError::SlugForm`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let slug = text.to_ascii_lowercase();
        let ok = (1..=32).contains(&slug.len())
            && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !slug.starts_with('-')
            && !(slug.len() == 14 && all_digits(&slug));
        if ok { Ok(Self(Word::new(&slug))) } else { Err(IdError::SlugForm { text: clip(text) }) }
    }

    /// One that was parsed before.
    pub(crate) fn known(text: Word) -> Self {
        Self(text)
    }

    /// The slug of the authority itself.
    #[must_use]
    pub fn authority() -> Self {
        Self(Word::new(super::AUTHORITY))
    }

    /// Whether it is the authority's.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        *self.0 == *super::AUTHORITY
    }

    /// The text, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

/// Whether a character may stand in a lot number: CSET 82 less `/` and lower case.
fn is_lot_character(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || "!\"%&'()*+,-.:;<=>?_".contains(c)
}

/// What the last digit must be, if it is another: weights 3, 1, 3 ... from the right (GS1 General
/// Specifications 7.9).
pub(super) fn wrong_check_digit(digits: &str) -> Option<u8> {
    let (body, last) = digits.split_at(digits.len().saturating_sub(1));
    let weigh = |(place, digit): (usize, u8)| {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        u32::from(digit.wrapping_sub(b'0')) * weight
    };
    let sum: u32 = body.bytes().rev().enumerate().map(weigh).sum();
    let expected = u8::try_from((10 - sum % 10) % 10).unwrap_or_default();
    (last.bytes().next() != Some(b'0' + expected)).then_some(expected)
}

pub(super) fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Percent-encodes what a path segment may not hold (RFC 3986 section 3.3); QR-friendly characters
/// stay as they are.
pub(crate) fn encode_segment(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(b).to_string(),
            b'-' | b'.' | b'_' | b'*' | b'+' | b'$' | b':' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Undoes percent-encoding; None for a broken escape or bytes that are no UTF-8.
pub(crate) fn decode_segment(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        if b == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8(bytes).ok()
}

/// At most 40 characters of a foreign text, for a message.
pub(super) fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Display as the text, serde through it.
macro_rules! text_id {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    )*};
}

text_id!(Gtin, LotNumber, Serial, PartySlug);

impl fmt::Debug for LotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LotNumber").field(&self.as_str()).finish()
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

    #[test]
    fn serials() {
        assert_eq!(Serial::from_random([0xff; 5]).as_str(), "ZZZZZZZZ");
        assert_eq!(Serial::parse("k7q2-m9xd").unwrap().grouped(), "K7Q2-M9XD");
        assert_eq!(code(Serial::parse("UUUUUUUU")), "serial_form");
    }
}
