//! What the writer measures of its batches since the ledger was opened. Not here: how figures are
//! shown (`web`).

use std::time::Duration;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

/// Figures of batches; a copy shows what the writer measures from here on too.
#[derive(Clone, Debug)]
pub struct BatchFigures {
    /// Entries of a batch.
    pub entries: Histogram,
    /// Seconds until the disk had a batch.
    pub commit_seconds: Histogram,
}

impl Default for BatchFigures {
    fn default() -> Self {
        Self {
            // 1 to 512 entries, where a batch has 480 at most; 0.25 ms to 4 s.
            entries: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 15)),
        }
    }
}

impl BatchFigures {
    pub(super) fn durable(&self, entries: usize, took: Duration) {
        self.entries.observe(f64::from(u32::try_from(entries).unwrap_or(u32::MAX)));
        self.commit_seconds.observe(took.as_secs_f64());
    }
}
