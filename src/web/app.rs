//! What handlers share: the ledger, the settings of this service, a trust snapshot and counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Problem;
use super::verdict::TrustCache;
use crate::ledger::{Ledger, Receipt, SubmitError};

/// The service's state; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The ledger.
    pub ledger: Ledger,
    /// Settings.
    pub settings: Arc<Settings>,
    pub(super) trust: Arc<TrustCache>,
    counters: Arc<[AtomicU64; 2]>,
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
            trust: Arc::default(),
            counters: Arc::default(),
        }
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    /// 404 beyond the log.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Problem> {
        if index >= self.ledger.view().size {
            return Err(self.no_entry(index));
        }
        self.ledger.entry(index).map_err(|error| self.internal(&error))
    }

    /// The problem of an index beyond the log.
    #[must_use]
    pub fn no_entry(&self, index: u64) -> Problem {
        let size = self.ledger.view().size;
        Problem::new(404, "entry_unknown", format!("the log has {size} entries, none {index}"))
    }

    /// A fault of ours: told to the operator, not to the world.
    pub fn internal(&self, error: &dyn std::error::Error) -> Problem {
        eprintln!("tasdiq: {error}");
        Problem::new(500, "internal", "the service could not answer; its operator was told why")
    }

    /// Counts outcomes of submissions.
    pub(super) fn count(&self, outcomes: &[Result<Receipt, SubmitError>]) {
        let good = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let [accepted, refused] = self.counters.as_ref();
        accepted.fetch_add(good as u64, Ordering::Relaxed);
        refused.fetch_add(outcomes.len().saturating_sub(good) as u64, Ordering::Relaxed);
    }

    /// Statements accepted and refused since the start.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let [accepted, refused] = self.counters.as_ref();
        (accepted.load(Ordering::Relaxed), refused.load(Ordering::Relaxed))
    }
}
