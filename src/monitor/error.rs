//! Why a monitor cannot go on. Not here: what is wrong with the log (`event`).

use thiserror::Error;

use crate::hooks::HookError;
use crate::source::SourceError;

/// Why a monitor cannot go on; what is wrong with the log is an event instead.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MonitorError {
    /// Another process uses the folder.
    #[error("{folder} is in use by another monitor")]
    Busy {
        /// The folder.
        folder: String,
    },
    /// The folder remembers another log.
    #[error(
        "the state folder is of {found} with its keys, not of {expected}: use one folder a log"
    )]
    OtherLog {
        /// Host in the folder.
        found: String,
        /// Host that is pinned.
        expected: String,
    },
    /// The folder cannot be read or written.
    #[error("state folder: {reason}")]
    MonitorState {
        /// Why.
        reason: String,
    },
    /// What is told by webhook cannot be kept.
    #[error(transparent)]
    Hooks(#[from] HookError),
    /// The log cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}
