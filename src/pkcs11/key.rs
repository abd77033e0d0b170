//! A private key on a token that signs: one session for all signatures, and no signature leaves
//! that does not verify. Not here: how the key was found.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;
use ed25519_dalek::Signature;

use super::error::words;
use crate::seal::{SealError, Signer, public_key};

/// An Ed25519 key on a token whose user is logged in.
pub struct TokenKey {
    session: Mutex<Session>,
    private: ObjectHandle,
    public: [u8; 32],
    token: String,
}

impl TokenKey {
    pub(super) fn new(
        session: Session,
        private: ObjectHandle,
        public: [u8; 32],
        token: String,
    ) -> Self {
        Self { session: Mutex::new(session), private, public, token }
    }

    /// The token's label.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Signer for TokenKey {
    fn public(&self) -> [u8; 32] {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SealError> {
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        // A thread that died here left a session whose signatures are checked all the same.
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let made = session.sign(&mechanism, self.private, message);
        drop(session);
        let made = made.map_err(|error| SealError::Device { reason: words(&error) })?;
        checked(&self.public, message, &made)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("token", &self.token).finish_non_exhaustive()
    }
}

/// What a token gave for a signature, if it is one under its public key.
fn checked(public: &[u8; 32], message: &[u8], made: &[u8]) -> Result<[u8; 64], SealError> {
    let faulty = |reason: &str| SealError::Device { reason: reason.to_owned() };
    let bytes: [u8; 64] = made.try_into().map_err(|_| faulty("its signature has not 64 bytes"))?;
    let key = public_key(public)?;
    key.verify_strict(message, &Signature::from_bytes(&bytes)).map_err(|_| {
        faulty("its signature does not verify under the public key that stands beside the private")
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SoftKey;

    #[test]
    fn no_faulty_signature_leaves() {
        let (key, other) = (SoftKey::from_secret(&[7; 32]), SoftKey::from_secret(&[8; 32]));
        let good = key.sign_bytes(b"message");
        assert_eq!(checked(&key.public(), b"message", &good).unwrap(), good);
        let device = |public: [u8; 32], message: &[u8], made: &[u8]| {
            matches!(checked(&public, message, made), Err(SealError::Device { .. }))
        };
        assert!(device(other.public(), b"message", &good));
        assert!(device(key.public(), b"another", &good));
        assert!(device(key.public(), b"message", &good[..63]));
        assert!(device(key.public(), b"message", &[]));
        for place in 0..good.len() {
            let mut flipped = good;
            flipped[place] ^= 1;
            assert!(device(key.public(), b"message", &flipped), "{place}");
        }
    }
}
