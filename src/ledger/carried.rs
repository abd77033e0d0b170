//! A document on its way with a statement: shown, or kept. Not here: keeping it (`documents`).

use std::fmt;
use std::sync::Arc;

use crate::seal::Opening;

/// A document on its way with a statement: the writer takes it only once it is kept.
#[derive(Clone)]
pub(super) enum Carried {
    Shown(Arc<Opening>),
    Kept(#[expect(dead_code, reason = "it counts until it is dropped")] Arc<Kept>),
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shown(_) => "Shown",
            Self::Kept(_) => "Kept",
        })
    }
}

/// A document that is kept while its statement is on its way: not swept before this is dropped.
pub(super) struct Kept {
    answered: Box<dyn Fn() + Send + Sync>,
}

impl Kept {
    /// `answered` is called once its statement is on its way no more.
    pub fn new(answered: impl Fn() + Send + Sync + 'static) -> Self {
        Self { answered: Box::new(answered) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        (self.answered)();
    }
}
