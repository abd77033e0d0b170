//! What handlers share: the ledger and the settings of this service.

use std::sync::Arc;

use crate::ledger::Ledger;

/// The service's state; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The ledger.
    pub ledger: Ledger,
    /// Settings.
    pub settings: Arc<Settings>,
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
        Self { ledger, settings: Arc::new(settings) }
    }
}
