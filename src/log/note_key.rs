//! Verifier keys of signed notes: name, key id, signature type and public key as one text.
//! Not private keys: those stay with the signer, who passes in a function.
//! C2SP signed-note, Verifier keys: `<name>+hex(<key id>)+base64(<type> || <public key>)`.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};

use super::error::LogError;
use super::hash::Hash;
use super::spelling::{from_base64, to_base64};

/// What a note key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteAlgorithm {
    /// Type 0x01: Ed25519 over the note text. A log signs so.
    Ed25519,
    /// Type 0x04: Ed25519 over time and checkpoint (C2SP tlog-cosignature). A witness signs so.
    CosignatureV1,
}

/// A public key with the name and the id that its signature lines carry. Always consistent: the id
/// follows from the rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteKey {
    name: String,
    key_id: [u8; 4],
    algorithm: NoteAlgorithm,
    public: [u8; 32],
}

impl NoteAlgorithm {
    /// The signature type byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    fn of(byte: u8) -> Result<Self, LogError> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::CosignatureV1),
            algorithm => Err(LogError::KeyType { algorithm }),
        }
    }
}

impl NoteKey {
    /// The note key of an Ed25519 public key under a name.
    ///
    /// # Errors
    /// `malformed_verifier_key` if the name is empty or has spaces, `+` or control characters, or
    /// the key is not a point that a signature can be checked with.
    pub fn new(name: &str, algorithm: NoteAlgorithm, public: [u8; 32]) -> Result<Self, LogError> {
        if !is_key_name(name) {
            return Err(LogError::Key { what: "the name is empty or has spaces or a plus" });
        }
        if !VerifyingKey::from_bytes(&public).is_ok_and(|key| !key.is_weak()) {
            return Err(LogError::Key { what: "these 32 bytes are no Ed25519 public key" });
        }
        let hashed = [name.as_bytes(), b"\n", &[algorithm.byte()], &public].concat();
        let [a, b, c, d, ..] = *Hash::sha256(&hashed).as_bytes();
        Ok(Self { name: name.to_owned(), key_id: [a, b, c, d], algorithm, public })
    }

    /// Parses a verifier key in its one spelling.
    ///
    /// # Errors
    /// `malformed_verifier_key`; `key_type_not_understood` for a type other than 0x01 and 0x04.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let refuse = |what| LogError::Key { what };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(refuse("it has not the form name+id+key"));
        };
        let key = from_base64(key).ok_or(refuse("the key is not canonical base64"))?;
        let (algorithm, public) = key.split_first().ok_or(refuse("the key is empty"))?;
        let algorithm = NoteAlgorithm::of(*algorithm)?;
        let public = public.try_into().map_err(|_| refuse("an Ed25519 public key has 32 bytes"))?;
        let key = Self::new(name, algorithm, public)?;
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(refuse("the key id is not that of this name and key, in lower-case hexadecimal"))
        }
    }

    /// The name, as in signature lines.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First 4 bytes of SHA-256(name || 0x0A || type || public key).
    #[must_use]
    pub fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// What the key signs.
    #[must_use]
    pub fn algorithm(&self) -> NoteAlgorithm {
        self.algorithm
    }

    /// The Ed25519 public key (RFC 8032).
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// True if `signature` (64 bytes) over `message` is by this key, by the strict rules.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let (Ok(key), Ok(signature)) =
            (VerifyingKey::from_bytes(&self.public), Signature::from_slice(signature))
        else {
            return false;
        };
        cfg!(fuzzing) || key.verify_strict(message, &signature).is_ok()
    }
}

/// True for a name that a signature line can carry.
pub(super) fn is_key_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(forbidden)
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.key_id);
        let key = [&[self.algorithm.byte()], &self.public[..]].concat();
        write!(f, "{}+{id:08x}+{}", self.name, to_base64(&key))
    }
}

impl FromStr for NoteKey {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_example_of_the_specification() {
        let key = NoteKey::parse(EXAMPLE).unwrap();
        assert_eq!(key.name(), "example.com/foo");
        assert_eq!(key.key_id(), [0x53, 0x0d, 0x90, 0x3a]);
        assert_eq!(key.algorithm(), NoteAlgorithm::Ed25519);
        assert_eq!(key.to_string(), EXAMPLE);
        assert_eq!(NoteKey::new(key.name(), key.algorithm(), *key.public()), Ok(key));
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "",
            "example.com/foo",
            "example.com/foo+530d903a",
            "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
            "example.com/foo+530d903a+",
            "example.com/foo+530d903a+AQ==",
        ] {
            let code = NoteKey::parse(bad).unwrap_err().code();
            assert_eq!(code, "malformed_verifier_key", "{bad:?}");
        }
        let other = format!("example.com/foo+530d903a+{}", to_base64(&[6; 1313]));
        assert_eq!(NoteKey::parse(&other), Err(LogError::KeyType { algorithm: 6 }));
        assert!(NoteKey::new("a", NoteAlgorithm::Ed25519, [0; 32]).is_err(), "small order");
    }
}
