//! Base41: two bytes as three characters that a QR code packs densely and a URL path may hold.
//! Not base45, whose space, `%`, `/` and `:` cannot stand in a path segment (RFC 3986 section 3.3;
//! 41^3 = 68,921 >= 65,536; QR alphanumeric mode is ISO/IEC 18004 section 7.4.4).

use super::LabelError;

/// The 41 digits, by value: what QR alphanumeric mode and RFC 3986's `pchar` share, less `:`.
pub const ALPHABET: &[u8; 41] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-.";

/// Writes pairs of bytes, most significant digit first. A pair's first digit is at most 38, so no
/// token starts with `-` or `.`.
#[must_use]
pub fn encode(pairs: &[[u8; 2]]) -> String {
    let digit = |value: u16| {
        let place = usize::from(value % 41);
        char::from(ALPHABET.get(place).copied().unwrap_or(b'0'))
    };
    pairs
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .flat_map(|value| [digit(value / (41 * 41)), digit(value / 41), digit(value)])
        .collect()
}

/// Reads what [`encode`] writes, and nothing else; case is not folded here.
///
/// # Errors
/// `token_length` unless the length is a multiple of three; `token_character` for a character
/// outside the alphabet or three characters above 65,535.
pub fn decode(text: &str) -> Result<Vec<[u8; 2]>, LabelError> {
    let mut value_of = Vec::with_capacity(text.len());
    for (position, character) in text.chars().enumerate() {
        let value = ALPHABET.iter().position(|digit| char::from(*digit) == character);
        let value = value.and_then(|value| u32::try_from(value).ok());
        value_of.push(value.ok_or(LabelError::TokenCharacter { position, character })?);
    }
    let (groups, rest) = value_of.as_chunks::<3>();
    if !rest.is_empty() {
        return Err(LabelError::TokenLength { length: value_of.len() });
    }
    let pair = |(group, [high, middle, low]): (usize, &[u32; 3])| {
        let value = (high * 41 + middle) * 41 + low;
        let refuse = |_| LabelError::TokenGroup { position: group * 3 };
        u16::try_from(value).map(u16::to_be_bytes).map_err(refuse)
    };
    groups.iter().enumerate().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let cases = [([0, 0], "000"), ([0, 41], "010"), ([1, 0], "06A"), ([255, 255], "+.H")];
        for (pair, text) in cases {
            let value = u16::from_be_bytes(pair);
            assert_eq!(decode(&encode(&[pair])).unwrap(), [pair], "{value}");
            assert_eq!(encode(&[pair]), text, "{value}");
        }
    }

    #[test]
    fn every_pair_round_trips_and_the_rest_is_refused() {
        for value in 0..=u16::MAX {
            let pair = value.to_be_bytes();
            assert_eq!(decode(&encode(&[pair])).unwrap(), [pair]);
        }
        for (bad, code) in [
            ("...", "token_character"),
            ("00a", "token_character"),
            ("00é", "token_character"),
            ("0000", "token_length"),
        ] {
            assert_eq!(decode(bad).unwrap_err().code(), code, "{bad}");
        }
    }
}
