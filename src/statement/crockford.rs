//! The first 130 bits of a hash as 26 characters of Crockford's base 32, upper case
//! (<https://www.crockford.com/base32.html>): ids from content, names of events.
//! Not here: serials on labels, which fold what people type (`gs1`).

/// The characters, by value.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of 130 bits, five bits each.
pub(super) const CHARACTERS: usize = 26;

/// The first 130 bits, most significant first.
pub(super) fn first_130_bits(hash: &[u8; 32]) -> String {
    let digit = |place: usize| {
        let bit = |at: usize| {
            let byte = hash.get(at / 8).copied().unwrap_or_default();
            usize::from(byte >> (7 - at % 8) & 1)
        };
        let value = (0..5).fold(0, |value, at| value << 1 | bit(place * 5 + at));
        char::from(ALPHABET.get(value).copied().unwrap_or(b'0'))
    };
    (0..CHARACTERS).map(digit).collect()
}

/// Whether a text is such characters, in their one spelling.
pub(super) fn is_130_bits(text: &str) -> bool {
    text.len() == CHARACTERS && text.bytes().all(|byte| ALPHABET.contains(&byte))
}
