//! What handlers share: the ledger, the settings of this service, counters, the judge of this
//! second, and the nudge that makes the keeper of status lists look at once. Not here: what is
//! true, which the ledger's view says.

use std::sync::Arc;

use tokio::sync::Notify;

use super::counters::Counters;
use super::verdict::{Bench, Judge};
use crate::ledger::Ledger;

/// The service's state; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The ledger.
    pub ledger: Ledger,
    /// Settings.
    pub settings: Arc<Settings>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stale_lists: Arc<Notify>,
    bench: Arc<Bench>,
}

/// Settings of one service.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address people reach it under, e.g. `http://127.0.0.1:8080`; no trailing slash.
    pub public_url: String,
}

impl App {
    /// The state over a ledger.
    #[must_use]
    pub fn new(ledger: Ledger, settings: Settings) -> Self {
        Self {
            ledger,
            settings: Arc::new(settings),
            counters: Arc::default(),
            stale_lists: Arc::default(),
            bench: Arc::default(),
        }
    }

    /// Wakes the keeper if a list no longer says what the register says.
    pub(crate) fn nudge_keeper(&self) {
        if self.ledger.view().register.lists().any(|(_, state)| !state.is_current()) {
            self.stale_lists.notify_one();
        }
    }

    /// What judges codes and statements in this second.
    pub(super) fn judge(&self) -> Judge {
        self.bench.judge(self)
    }
}
