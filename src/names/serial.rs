//! The serial of one unit of a lot (GS1 General Specifications, AI 21), as this ledger gives it.

use super::error::{IdError, clip};
use super::text::text_id;

/// A unit's serial: Crockford base32, 8 to 20 characters (40 to 100 random bits).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(String);

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

text_id!(Serial);

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T, IdError>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn serials() {
        assert_eq!(Serial::from_random([0xff; 5]).as_str(), "ZZZZZZZZ");
        assert_eq!(Serial::parse("k7q2-m9xd").unwrap().grouped(), "K7Q2-M9XD");
        assert_eq!(code(Serial::parse("UUUUUUUU")), "serial_form");
    }
}
