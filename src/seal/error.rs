//! What can go wrong with keys and signatures, grouped by blame.
//! Not here: whether a key may claim something (`authority`, `register`).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

/// A fault of a seal.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum SealError {
    /// Refuted: the signature does not belong to these bytes and this key.
    #[error("the signature does not verify under {verification_method}")]
    #[strum(serialize = "signature_invalid")]
    Signature {
        /// The key's name.
        verification_method: String,
    },
    /// Malformed: bytes that are no Ed25519 public key, or a weak one.
    #[error("the public key is not a usable Ed25519 key")]
    PublicKey,
    /// Malformed: the key file is no PKCS#8 PEM with an Ed25519 key.
    #[error("the key file is not a PKCS#8 PEM with an Ed25519 key: {reason}")]
    KeyFile {
        /// What is off.
        reason: String,
    },
    /// The passphrase does not open the key file.
    #[error("the passphrase does not open the key file")]
    Passphrase,
    /// The unsigned document cannot be signed.
    #[error("this document cannot be signed: {reason}")]
    Unsignable {
        /// What is off.
        reason: String,
    },
    /// The vc+jwt does not belong to this statement and key, or is none.
    #[error("the vc+jwt is not valid: {reason}")]
    #[strum(serialize = "sidecar_invalid")]
    Jwt {
        /// What is off.
        reason: String,
    },
    /// The vc+jwt cannot be read: it was cut or damaged on the way, which accuses nobody.
    #[error("the vc+jwt cannot be read, it was cut or damaged: {reason}")]
    JwtDamaged {
        /// What is off.
        reason: String,
    },
    /// Neither a statement nor one with what stays beside the log.
    #[error(
        "a submission is a statement, or {{\"statement\":{{...}}}} with \"jwt\", or with \"document\" \
         and \"salt\": {reason}"
    )]
    #[strum(serialize = "submission_form")]
    Wrapper {
        /// What is off.
        reason: String,
    },
    /// The token or device failed.
    #[error("the signing device failed: {reason}")]
    Device {
        /// The device's words.
        reason: String,
    },
}

impl SealError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }
}
