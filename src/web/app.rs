//! What handlers share: the ledger, the settings of this service, metrics, the judge of this
//! second, and the nudge that makes the keeper of status lists look at once. Not here: what is
//! true, which the ledger's view says.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::deltas::Deltas;
use super::kept_papers::KeptPapers;
use super::metrics::Metrics;
use super::problem::without_paths;
use super::scanned::ScanHeaders;
use super::verdict::{Bench, Judge};
use crate::hooks::Webhooks;
use crate::label::Label;
use crate::ledger::Ledger;
use crate::photo::Program;
use crate::scans::Scans;

/// How long an answer waits for witnesses before it is given under what they have seen.
const SETTLE: Duration = Duration::from_secs(2);

/// Between two looks at what they have seen.
const LOOK: Duration = Duration::from_millis(20);

/// The service's state; cheap to clone, as each layer of a request does.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// What the clones of a service's state share.
pub struct AppParts {
    /// The ledger.
    pub ledger: Ledger,
    /// Settings.
    pub settings: Settings,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) stale_lists: Arc<Notify>,
    pub(crate) deltas: Deltas,
    pub(crate) papers: KeptPapers,
    bench: Bench,
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// Settings of one service.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address people reach it under, e.g. `http://127.0.0.1:8080`; no trailing slash.
    pub public_url: String,
    /// The binary that reads photos; this one, unless said otherwise.
    pub photo_reader: Program,
    /// Who wants to be told what becomes of goods; None: nobody is told.
    pub webhooks: Option<Webhooks>,
    /// How often codes are scanned; in memory only, unless said otherwise.
    pub scans: Scans,
    /// What the proxy in front says of a reader.
    pub scan_headers: ScanHeaders,
    /// Draws codes with addresses over plain HTTP, which phones of this network open: where the
    /// ledger is a demonstration, else nothing changes.
    pub phones: bool,
}

impl App {
    /// The state over a ledger.
    #[must_use]
    pub fn new(ledger: Ledger, settings: Settings) -> Self {
        Self(Arc::new(AppParts {
            metrics: Arc::new(Metrics::new(ledger.batch_figures())),
            ledger,
            settings,
            stale_lists: Arc::default(),
            deltas: Deltas::default(),
            papers: KeptPapers::default(),
            bench: Bench::default(),
        }))
    }

    /// Whether pages draw codes that phones of this network open: no ledger but a demonstration
    /// does, whatever is set.
    pub(crate) fn for_phones(&self) -> bool {
        self.settings.phones && self.ledger.config().demo
    }

    /// The text of a code as a page draws it: what its label says, over plain HTTP where phones
    /// open a demonstration.
    pub(crate) fn drawn(&self, label: &Label) -> String {
        if self.for_phones() { label.plain_url() } else { label.url() }
    }

    /// Why no statements are taken in, if so, in words for everybody.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.ledger.view().stopped.as_ref().map(|halt| without_paths(&halt.to_string()))
    }

    /// Wakes the keeper if a list no longer says what the register says.
    pub(crate) fn nudge_keeper(&self) {
        if self.ledger.view().register.lists().any(|(_, state)| !state.is_current()) {
            self.stale_lists.notify_one();
        }
    }

    /// Waits until what travels is made of all that is in the log now: until a quorum of witnesses
    /// has seen it. Two seconds at most: a witness that is down delays no more than that.
    pub(crate) async fn settled(&self) {
        let size = self.ledger.view().size;
        let seen = async {
            while self.ledger.witnessed_view().size < size {
                tokio::time::sleep(LOOK).await;
            }
        };
        // Whatever it came to, the answer is made under what has been seen.
        let _ = tokio::time::timeout(SETTLE, seen).await;
    }

    /// What judges codes and statements in this second.
    pub(super) fn judge(&self) -> Arc<Judge> {
        self.bench.judge(self)
    }
}
