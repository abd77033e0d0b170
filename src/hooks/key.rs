//! The key that webhooks are signed with: Ed25519 in the forms of Standard Webhooks 1.0.0
//! (`whsk_`, `whpk_`, `v1a`), so that no secret is shared with a receiver. Not here: sending.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::error::HookError;
use crate::ledger::write_file;
use crate::os::random;
use crate::seal::{Signer, SoftKey};

/// A monitor's or service's own key. Good for webhooks and nothing else.
pub struct HookKey(SoftKey);

impl HookKey {
    /// The key in a file, which is made if there is none.
    ///
    /// # Errors
    /// A file that holds no such key, or cannot be read or written.
    pub fn open(path: &Path) -> Result<Self, HookError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let seed = Zeroizing::new(random().map_err(|error| HookError::of(path, error))?);
                let key = SoftKey::from_secret(&seed);
                let pair = Zeroizing::new([&seed[..], &key.public()].concat());
                let text = Zeroizing::new(format!("whsk_{}\n", BASE64_STANDARD.encode(&*pair)));
                write_file(path, text.as_bytes(), 0o600)
                    .map_err(|error| HookError::of(path, error))?;
                text
            }
            Err(error) => return Err(HookError::of(path, error)),
        };
        Self::parse(text.trim_end()).ok_or_else(|| HookError::of(path, "it holds no whsk_ key"))
    }

    /// Reads `whsk_` and base64 of the 32-byte seed with the public key after it.
    fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text.strip_prefix("whsk_")?).ok()?);
        let (seed, public) = bytes.split_first_chunk::<32>()?;
        let key = SoftKey::from_secret(seed);
        (key.public() == public).then_some(Self(key))
    }

    /// The public key: `whpk_` and base64 of 32 bytes.
    #[must_use]
    pub fn public(&self) -> String {
        format!("whpk_{}", BASE64_STANDARD.encode(self.0.public()))
    }

    /// The value of `webhook-signature` for one message at one time, in seconds since 1970.
    ///
    /// # Errors
    /// None in practice: a key in memory signs.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> Result<String, HookError> {
        let message = [format!("{id}.{seconds}.").as_bytes(), body].concat();
        let signature = self
            .0
            .sign(&message)
            .map_err(|error| HookError::of(Path::new("webhook-key"), error))?;
        Ok(format!("v1a,{}", BASE64_STANDARD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("webhook-key");
        let made = HookKey::open(&path).unwrap();
        assert_eq!(HookKey::open(&path).unwrap().public(), made.public());
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("whsk_") && text.len() == 5 + 88 + 1, "{}", text.len());
        fs::write(&path, text.replace("whsk_", "whsec_")).unwrap();
        assert!(HookKey::open(&path).is_err());
    }
}
