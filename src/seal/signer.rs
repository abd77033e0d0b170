//! The one way to sign: a trait, and the software key that implements it.
//! A signer never sees a clock and draws no randomness; Ed25519 is deterministic (RFC 8032).

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use super::SealError;

/// Something that holds an Ed25519 private key: a key file, a token, a device.
pub trait Signer: Send + Sync {
    /// The public key.
    fn public(&self) -> [u8; 32];

    /// Signs a message (pure Ed25519).
    ///
    /// # Errors
    /// [`SealError::Device`] when the device fails.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SealError>;
}

/// A private key in memory, wiped when dropped, never printed.
pub struct SoftKey(SigningKey);

impl SoftKey {
    /// The key of a 32-byte secret.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The secret, for writing an encrypted key file.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// Signs; a software key has no way to fail.
    #[must_use]
    pub fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl Signer for SoftKey {
    fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SealError> {
        Ok(self.sign_bytes(message))
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoftKey(..)")
    }
}
