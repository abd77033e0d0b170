//! What can be wrong with a label, grouped by blame.
//! Not here: whether the key, the certificate or the lot is good (`register`, `verify`).

use thiserror::Error;

use super::TOKEN_CHARACTERS;
use crate::names::IdError;

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
    /// Foreign: an address that a mail or chat program put around another.
    #[error(
        "it is a link that a mail or chat program wrapped around another (SafeLinks and the like): \
         scan the label itself, or give the address as it is printed"
    )]
    Wrapped,
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
        /// The token's length in characters.
        length: usize,
    },
    /// Malformed: it ends too early, or something hangs on it.
    #[error(
        "the label is not whole, or more than one hangs together: 01/GTIN/10/LOT, with \
         /21/SERIAL or not, or LOT/PARTY/LOT must stand behind its token; scan or copy it again"
    )]
    Cut,
    /// Malformed: more than one address.
    #[error("the text holds more than one address: give one code at a time")]
    TwoAddresses,
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
    /// Malformed: an identifier in what has no token.
    #[error(transparent)]
    Identifier(#[from] IdError),
    /// Malformed: an identifier, or the host, of a label.
    #[error("{error}")]
    Damaged {
        /// What is off.
        error: IdError,
        /// Whether characters are missing or too many, so that nothing was changed.
        cut: bool,
    },
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
            Self::Wrapped => "wrapped_link",
            Self::Malformed { .. } => "label_malformed",
            Self::VersionUnknown { .. } => "label_version_unknown",
            Self::TokenLength { .. } => "token_length",
            Self::TokenCharacter { .. } | Self::TokenGroup { .. } => "token_character",
            Self::Signature => "label_signature",
            Self::Cut => "label_cut",
            Self::TwoAddresses => "two_addresses",
            Self::Identifier(error) | Self::Damaged { error, .. } => error.code(),
            Self::Symbol { .. } => "symbol",
        }
    }

    /// Whether nothing shows that it was meant to deceive: it is something else, mistyped, cut, or
    /// of the wrong length or alphabet. A changed character of a whole label is no such fault.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::NotALabel { .. }
            | Self::Wrapped
            | Self::TwoAddresses
            | Self::Cut
            | Self::TokenLength { .. }
            | Self::TokenCharacter { .. }
            | Self::Identifier(_)
            | Self::Symbol { .. } => true,
            Self::VersionUnknown { length, .. } => *length != TOKEN_CHARACTERS,
            Self::Damaged { cut, .. } => *cut,
            Self::Malformed { .. } | Self::TokenGroup { .. } | Self::Signature => false,
        }
    }

    /// [`LabelError::NotALabel`] with the text cut for the message.
    pub(super) fn foreign(text: &str) -> Self {
        Self::NotALabel { text: text.chars().take(40).collect() }
    }
}
