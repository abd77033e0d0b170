//! What a monitor minds. Not here: how it minds it (`round`, `follow`).

use super::watch::Watch;
use crate::log::WitnessPolicy;

/// What to mind.
#[derive(Clone, Debug)]
pub struct MonitorOptions {
    /// Seconds without a sign of life.
    pub stall: i64,
    /// Seconds on top of every deadline, for clocks and ways.
    pub slack: i64,
    /// What to look out for.
    pub watches: Vec<Watch>,
    /// Whose cosignatures the checkpoint must bear.
    pub witnesses: Option<WitnessPolicy>,
    /// Compare the log alone, not what its service serves beside it.
    pub log_only: bool,
}
