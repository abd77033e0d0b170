//! Words that recur in thousands of statements (product, scheme, region, unit, party, key): kept
//! once and shared, so that a register of millions of records stays small. Equal text, equal word.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words kept in the pool; a text beyond it is simply not shared.
const POOL_WORDS_MAX: usize = 65_536;
/// Longest text that is pooled, in bytes.
const POOL_BYTES_MAX: usize = 160;

/// A shared text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

impl Word {
    /// The text as a word.
    #[must_use]
    pub fn new(text: &str) -> Self {
        static POOL: OnceLock<RwLock<HashSet<Arc<str>>>> = OnceLock::new();
        let pool = POOL.get_or_init(RwLock::default);
        if text.len() > POOL_BYTES_MAX {
            return Self(Arc::from(text));
        }
        if let Some(known) = pool.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Self(known.clone());
        }
        let word: Arc<str> = Arc::from(text);
        let mut pool = pool.write().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < POOL_WORDS_MAX {
            pool.insert(word.clone());
        }
        Self(word)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Word {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<&String> for Word {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.0.as_ref().to_owned()
    }
}

impl Default for Word {
    fn default() -> Self {
        Self::new("")
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Word {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialEq<Word> for &str {
    fn eq(&self, other: &Word) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<Word> for String {
    fn eq(&self, other: &Word) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Ok(Self::new(&text))
    }
}
