//! What keeps a witness from its work: its folder, its files, its keys.
//! Not here: refusals to a log (`log::WitnessRefusal`).

use std::path::Path;

use thiserror::Error;

use crate::ledger::LedgerError;
use crate::log::LogError;

/// A witness that cannot work.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// No witness was made in this folder.
    #[error("{path} holds no witness; make one with `tasdiq witness init --name NAME`")]
    Missing {
        /// The folder.
        path: String,
    },
    /// A witness was made here before.
    #[error("{path} holds a witness already; its key is never replaced")]
    Exists {
        /// The folder.
        path: String,
    },
    /// A file that cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// A name, verifier key or checkpoint that is none.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A key file.
    #[error(transparent)]
    Key(#[from] LedgerError),
    /// Another key was added for this origin.
    #[error("{origin} is followed under another key; a log's key never changes under one origin")]
    OtherKey {
        /// The log.
        origin: String,
    },
}

impl WitnessError {
    pub(super) fn file(path: &Path, reason: impl ToString) -> Self {
        Self::File { path: path.display().to_string(), reason: reason.to_string() }
    }
}
