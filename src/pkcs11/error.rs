//! What can go wrong on the way to a token's key, each with a stable code.
//! Not here: a signature that fails afterwards (`SealError::Device`).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

/// A fault between a PKCS#11 URI and the key it names.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", prefix = "token_")]
#[non_exhaustive]
pub enum TokenError {
    /// The URI is malformed, or asks for what is not supported.
    #[error("the PKCS#11 URI is malformed: {reason}")]
    Uri {
        /// What is off, without its values: one of them may be a PIN.
        reason: String,
    },
    /// No module was named.
    #[error(
        "no PKCS#11 module is named: add ?module-path=/path/of/module.so to the URI, or set \
         TASDIQ_PKCS11_MODULE"
    )]
    NoModule,
    /// The module cannot be loaded or does not start.
    #[error("the PKCS#11 module {path} cannot be used: {reason}")]
    Module {
        /// The module's path.
        path: String,
        /// The system's or the module's words.
        reason: String,
    },
    /// No token fits the URI.
    #[error("no token fits the URI; there are: {present}")]
    #[strum(serialize = "unknown")]
    UnknownToken {
        /// Labels of the tokens in the slots.
        present: String,
    },
    /// More than one token fits the URI.
    #[error("{count} tokens fit the URI; name one by token= or serial=")]
    #[strum(serialize = "several")]
    SeveralTokens {
        /// How many.
        count: usize,
    },
    /// The PIN is wrong.
    #[error("the token {token} refuses the PIN; too many wrong ones lock it")]
    Pin {
        /// The token's label.
        token: String,
    },
    /// The PIN is locked.
    #[error("the PIN of the token {token} is locked; its security officer can set a new one")]
    PinLocked {
        /// The token's label.
        token: String,
    },
    /// No private key fits the URI.
    #[error("no private key on the token {token} fits the URI; check object= and id=")]
    #[strum(serialize = "object_unknown")]
    UnknownObject {
        /// The token's label.
        token: String,
    },
    /// More than one private key fits the URI.
    #[error("{count} private keys on the token {token} fit the URI; name one by object= and id=")]
    #[strum(serialize = "object_several")]
    SeveralObjects {
        /// The token's label.
        token: String,
        /// How many.
        count: usize,
    },
    /// The key is there and cannot serve.
    #[error("the key on the token {token} cannot be used: {reason}")]
    Key {
        /// The token's label.
        token: String,
        /// What is off.
        reason: String,
    },
    /// A new key would have the name of one that is there.
    #[error(
        "the token {token} has an object of this object= or id= already; keys are never overwritten"
    )]
    #[strum(serialize = "object_exists")]
    Exists {
        /// The token's label.
        token: String,
    },
    /// The token failed.
    #[error("the token failed: {reason}")]
    Device {
        /// The module's words.
        reason: String,
    },
}

impl TokenError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl From<cryptoki::error::Error> for TokenError {
    fn from(error: cryptoki::error::Error) -> Self {
        Self::Device { reason: words(&error) }
    }
}

/// The module's answer in few words: the function and the name of the code.
pub(super) fn words(error: &cryptoki::error::Error) -> String {
    match error {
        cryptoki::error::Error::Pkcs11(code, function) => format!("{function}: {code:?}"),
        other => other.to_string(),
    }
}
