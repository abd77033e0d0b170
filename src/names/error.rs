//! What is wrong with a name, with its stable code.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

/// An identifier that is not well formed. Always the sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum IdError {
    /// Not 8, 12, 13 or 14 digits.
    #[error("{text:?} is no GTIN: 8, 12, 13 or 14 digits are expected")]
    GtinForm {
        /// What was found.
        text: String,
    },
    /// Wrong check digit.
    #[error("{text} has a wrong check digit: the last digit must be {expected}")]
    #[strum(serialize = "gtin_check_digit")]
    CheckDigit {
        /// What was found.
        text: String,
        /// The right last digit.
        expected: u8,
    },
    /// A number of restricted circulation, not unique in the world.
    #[error(
        "{text} is of restricted circulation (prefix 02, 04 or 20-29) and names nothing in public"
    )]
    GtinRestricted {
        /// What was found.
        text: String,
    },
    /// Not 1 to 20 characters.
    #[error("a lot number has 1 to 20 characters; {text:?} has {length}")]
    LotLength {
        /// What was found.
        text: String,
        /// Its length.
        length: usize,
    },
    /// A character a lot number may not have.
    #[error(
        "a lot number may not hold {character:?}: upper-case letters, digits and - . _ ! ( ) * \
        + , : ; < = > ? \" % & ' are allowed (QR codes carry upper case only)"
    )]
    LotCharacter {
        /// The character.
        character: char,
    },
    /// A lot number of dots only, which addresses cannot carry.
    #[error("a lot number may not consist of dots only")]
    LotDots,
    /// Not Crockford base32 of 8 to 20 characters.
    #[error("{text:?} is no serial: 8 to 20 characters of Crockford base32 are expected")]
    SerialForm {
        /// What was found.
        text: String,
    },
    /// Not a party's short name.
    #[error("{text:?} is no party: 1 to 32 lower-case letters, digits and hyphens, not 14 digits")]
    #[strum(serialize = "party_form")]
    SlugForm {
        /// What was found.
        text: String,
    },
    /// Not an address of a lot.
    #[error(
        "{text:?} is no lot: GTIN/LOT or PARTY/LOT is expected (in an address 01/GTIN/10/LOT or \
         lot/PARTY/LOT)"
    )]
    LotPath {
        /// What was found.
        text: String,
    },
    /// Not 18 digits.
    #[error("{text:?} is no SSCC: 18 digits are expected")]
    SsccForm {
        /// What was found.
        text: String,
    },
    /// An SSCC with a wrong check digit.
    #[error("{text} has a wrong check digit: the last digit must be {expected}")]
    SsccCheckDigit {
        /// What was found.
        text: String,
        /// The right last digit.
        expected: u8,
    },
    /// Not the address of a logistic unit.
    #[error("{text:?} is no logistic unit: 00/SSCC or unit/PARTY/NUMBER is expected")]
    UnitPath {
        /// What was found.
        text: String,
    },
    /// Not a host name.
    #[error("{text:?} is no host name with an optional port")]
    HostForm {
        /// What was found.
        text: String,
    },
}

impl IdError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// At most 40 characters of a foreign text, for a message.
pub(super) fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
