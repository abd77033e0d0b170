//! What the writer's thread holds between two batches. Not here: batches (`writer`), going on after
//! a failure (`mend`).

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::layout::Head;
use super::shared::Shared;
use super::tiles::LogTree;
use crate::log::Sequencer;
use crate::register::Register;

/// Between the first two tries to go on.
pub(super) const PAUSE_MIN: Duration = Duration::from_millis(250);

/// The writer's own state: what the next batch builds on.
pub(super) struct Writer {
    pub shared: Arc<Shared>,
    pub sequencer: Sequencer,
    pub head: Option<Head>,
    /// A batch that may be in the store and was not acknowledged.
    pub owed: Option<Owed>,
    pub tries: Tries,
}

/// A batch that was begun and not acknowledged.
pub(super) struct Owed {
    pub register: Register,
    pub sequencer: Sequencer,
    pub head: Head,
    /// The tree with its entries.
    pub tree: LogTree,
    /// Whether it is known to be in the store.
    pub kept: bool,
}

/// When the writer tries again.
pub(super) struct Tries {
    pub next: Instant,
    pub pause: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Self { next: Instant::now(), pause: PAUSE_MIN }
    }
}
