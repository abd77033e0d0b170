//! Why a person's text cannot be read: which message says so, and the values in it. Not here: the
//! words, which the shell has in the reader's language (`assets/locales/cli.*.ftl`).

use std::fmt;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFault {
    /// Id of the message, e.g. `fault-day-form`.
    pub id: &'static str,
    /// What stands in it, by name.
    pub values: Vec<(&'static str, String)>,
}

impl ReadFault {
    /// A fault with its values.
    #[must_use]
    pub fn new<const N: usize>(id: &'static str, values: [(&'static str, &str); N]) -> Self {
        Self { id, values: values.map(|(name, value)| (name, value.to_owned())).into() }
    }
}

/// For programs and tests; people are shown the message.
impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)?;
        self.values.iter().try_for_each(|(name, value)| write!(f, " {name}={value:?}"))
    }
}

impl std::error::Error for ReadFault {}
