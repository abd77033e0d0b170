//! SHA-256 hashes and the three formulas of the Merkle tree (RFC 6962 section 2.1).
//! Not the tree itself: that is [`super::Tree`].

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use super::error::LogError;
use super::spelling::clip;

/// A SHA-256 hash. Written in padded base64, 44 characters, in notes, leaves and JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash with these 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Plain SHA-256 of `bytes`, without the prefixes of the tree.
    #[must_use]
    pub fn sha256(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Whether bytes with this hash are those that `expected` was signed for. A fuzzer finds no
    /// second bytes of one hash; what stands behind the comparison must be reached all the same.
    #[must_use]
    pub fn matches(&self, expected: &Self) -> bool {
        cfg!(fuzzing) || self == expected
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses canonical padded base64 of exactly 32 bytes.
    ///
    /// # Errors
    /// `malformed_hash` for any other text.
    pub fn from_base64(text: &str) -> Result<Self, LogError> {
        // One byte to spare, so that a longer text fails on its length and needs no allocation.
        let mut bytes = [0; 33];
        let length = STANDARD.decode_slice(text, &mut bytes);
        match (length, bytes) {
            (Ok(32), [hash @ .., 0]) => Ok(Self(hash)),
            _ => Err(LogError::Hash { text: clip(text) }),
        }
    }

    /// Lower-case hexadecimal, 64 characters.
    #[must_use]
    pub fn hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// `SHA-256(0x00 || entry)`: the hash of a leaf (RFC 6962 section 2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(entry).finalize().into())
}

/// `SHA-256(0x01 || left || right)`: the hash of an inner node (RFC 6962 section 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let parts = Sha256::new().chain_update([0x01]).chain_update(left.0).chain_update(right.0);
    Hash(parts.finalize().into())
}

/// `SHA-256("")`: the root of the tree without leaves (RFC 6962 section 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    Hash::sha256(b"")
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base64::display::Base64Display::new(&self.0, &STANDARD).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_base64(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6962_constants() {
        assert_eq!(
            empty_root().hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            leaf_hash(b"").hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    #[test]
    fn base64_has_one_spelling() {
        let hash = empty_root();
        let text = hash.to_string();
        assert_eq!(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::from_base64(&text), Ok(hash));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
        let longer = super::super::spelling::to_base64(&[0; 33]);
        let shorter = super::super::spelling::to_base64(&[0; 31]);
        for bad in [
            "",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", // unused bits are not zero
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",  // no padding
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", // URL alphabet
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            &longer,
            &shorter,
        ] {
            assert_eq!(Hash::from_base64(bad).unwrap_err().code(), "malformed_hash", "{bad:?}");
        }
    }
}
