//! The two spellings that all log formats share: plain decimals and canonical base64.
//! Not a format of its own (C2SP signed-note, tlog-checkpoint, tlog-tiles; RFC 4648 section 4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A decimal of ASCII digits without leading zeros that fits 64 bits.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if plain && canonical { text.parse().ok() } else { None }
}

/// The bytes of a padded base64 text whose unused bits are zero.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Padded base64.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// At most 60 characters of a foreign text, for a message.
pub(super) fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_a_number() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1e3", "18446744073709551616", "١"] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn one_spelling_of_bytes() {
        assert_eq!(from_base64("YQ=="), Some(b"a".to_vec()));
        for bad in ["YQ", "YQ=", "YR==", "YQ==\n", " YQ==", "Y-==", "YQ==YQ=="] {
            assert_eq!(from_base64(bad), None, "{bad:?}");
        }
    }
}
