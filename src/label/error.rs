//! What can be wrong with a label, grouped by blame.
//! Not here: whether the key, the certificate or the lot is good (`register`, `verify`).

use thiserror::Error;

use crate::statement::IdError;

/// A fault of a label, of a typed code or of a symbol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Foreign: nothing in it says it is one of ours.
    #[error("{text:?} is no label of a ledger: an address, GTIN/LOT or PARTY/LOT is expected")]
    NotALabel {
        /// The first 40 characters of what was found.
        text: String,
    },
    /// Malformed: there is a token, the rest does not fit.
    #[error("the label has a token but is damaged: {reason}; scan or copy it again")]
    Malformed {
        /// What is off.
        reason: &'static str,
    },
    /// Made by a newer issuer, or its first characters are damaged.
    #[error("label version {version} is unknown here (1 is known): update, or scan it again")]
    VersionUnknown {
        /// The suite byte.
        version: u8,
    },
    /// Malformed: characters are missing or too many.
    #[error("the token has {length} characters, not 111: scan or copy it again")]
    TokenLength {
        /// Its length in characters.
        length: usize,
    },
    /// Malformed: a character no token has.
    #[error("the token may not hold {character:?}, at position {position}: scan or copy it again")]
    TokenCharacter {
        /// Counted from 0.
        position: usize,
        /// The character.
        character: char,
    },
    /// Malformed: three characters that stand for no two bytes.
    #[error("the token's characters from position {position} have no value: copy it again")]
    TokenGroup {
        /// Of the first of the three, counted from 0.
        position: usize,
    },
    /// Refuted: the key did not sign this host, lot, serial and header.
    #[error("the label's signature does not verify: it was altered or not issued by this key")]
    Signature,
    /// Malformed: an identifier in it.
    #[error(transparent)]
    Identifier(#[from] IdError),
    /// Our own: a text that fits no QR code, or an image that could not be written.
    #[error("the symbol cannot be drawn: {reason}")]
    Symbol {
        /// What is off.
        reason: String,
    },
}

impl LabelError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotALabel { .. } => "not_a_label",
            Self::Malformed { .. } => "label_malformed",
            Self::VersionUnknown { .. } => "label_version_unknown",
            Self::TokenLength { .. } => "token_length",
            Self::TokenCharacter { .. } | Self::TokenGroup { .. } => "token_character",
            Self::Signature => "label_signature",
            Self::Identifier(error) => error.code(),
            Self::Symbol { .. } => "symbol",
        }
    }

    /// [`LabelError::NotALabel`] with the text cut for the message.
    pub(super) fn foreign(text: &str) -> Self {
        Self::NotALabel { text: text.chars().take(40).collect() }
    }
}
