//! The short name of a party, as addresses and DIDs write it.

use super::error::{IdError, clip};
use super::text::{all_digits, text_id};
use super::word::Word;

/// The slug of the authority itself.
pub const AUTHORITY: &str = "authority";

/// A party's short name in addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartySlug(Word);

impl PartySlug {
    /// Parses a slug; upper case is folded.
    ///
    /// # Errors
    /// [`IdError::SlugForm`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let slug = text.to_ascii_lowercase();
        let ok = (1..=32).contains(&slug.len())
            && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !slug.starts_with('-')
            && !(slug.len() == 14 && all_digits(&slug));
        if ok { Ok(Self(Word::new(&slug))) } else { Err(IdError::SlugForm { text: clip(text) }) }
    }

    /// One that was parsed before.
    pub(crate) fn known(text: Word) -> Self {
        Self(text)
    }

    /// The slug of the authority itself.
    #[must_use]
    pub fn authority() -> Self {
        Self(Word::new(AUTHORITY))
    }

    /// Whether it is the authority's.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        *self.0 == *AUTHORITY
    }

    /// The text, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_id!(PartySlug);
