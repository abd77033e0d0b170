//! Salted commitments: a document or fact that rests off the log, under a hash that says nothing of
//! it without the salt. Not here: openings and who is shown them (the service).

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// SHA-256 over 16 random bytes and the document. Written `u` and 43 characters of base64url
/// without padding (multibase; RFC 4648 section 5), in its one spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// The commitment to a document under a salt.
    #[must_use]
    pub fn of(salt: &[u8; 16], document: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(salt).chain_update(document).finalize().into())
    }

    /// Reads the text; None for any other spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix('u').and_then(sha256_text).map(Self)
    }

    /// The hash.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Commitment {
    fn from(hash: [u8; 32]) -> Self {
        Self(hash)
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "u{}", BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitment({self})")
    }
}

impl Serialize for Commitment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Commitment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let reason = "a commitment is 'u' and the base64url of 32 bytes";
        Self::parse(&text).ok_or_else(|| de::Error::custom(reason))
    }
}

/// 32 bytes in base64url without padding, in its one spelling.
pub(super) fn sha256_text(text: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    (BASE64_URL_SAFE_NO_PAD.encode(bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        // printf '%016d%s' 0 facture | sha256sum
        let made = Commitment::of(b"0000000000000000", b"facture");
        assert_eq!(made.bytes()[..], Sha256::digest(b"0000000000000000facture")[..]);
        assert_eq!(Commitment::parse(&made.to_string()), Some(made));
        let text = made.to_string();
        let bad = [text.get(1..).unwrap(), &format!("{text}="), &text.to_uppercase(), "u", ""];
        for bad in bad {
            assert_eq!(Commitment::parse(bad), None, "{bad}");
        }
        // The last character has two bits to spare; only zeros there are the one spelling.
        assert!(Commitment::parse(&format!("u{}", "A".repeat(43))).is_some());
        assert!(Commitment::parse(&format!("u{}B", "A".repeat(42))).is_none());
    }
}
