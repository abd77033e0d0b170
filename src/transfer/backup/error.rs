//! Why a log was not taken over, backed up or restored.

use thiserror::Error;

use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::register::AuditFault;
use crate::source::SourceError;
use crate::trust::TrustError;

/// Why a log was not taken over, backed up or restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The data folder's fault.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The source's trust snapshot cannot be believed.
    #[error("the source's trust snapshot cannot be believed: {0}")]
    Trust(#[from] TrustError),
    /// The source's log is not good.
    #[error("the log is not good, nothing was taken over: {0}")]
    Fault(AuditFault),
    /// The source's log is another history than the one that is here.
    #[error("FORK: {reason}; nothing was changed")]
    Fork {
        /// Where they part.
        reason: String,
    },
    /// The source has less than what is here.
    #[error("the source has {theirs} entries, this ledger {ours}: there is nothing to bring")]
    Behind {
        /// The source's.
        theirs: u64,
        /// This ledger's.
        ours: u64,
    },
    /// Something is missing in the source.
    #[error("{what} is missing in the source")]
    Missing {
        /// What.
        what: String,
    },
    /// The checkpoint is none of this log.
    #[error("the source's checkpoint is not of this log: {0}")]
    Checkpoint(LogError),
    /// The folder cannot take a ledger.
    #[error("{folder}: {reason}")]
    Folder {
        /// Which.
        folder: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A backup that is not one of this version, or damaged.
    #[error("{file} is not a whole backup of this version: {reason}")]
    Form {
        /// Which file.
        file: String,
        /// What is off.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

impl BackupError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Ledger(fault) => fault.code(),
            Self::Trust(fault) => fault.code(),
            Self::Fault(_) => "log_fault",
            Self::Fork { .. } => "fork",
            Self::Behind { .. } => "source_behind",
            Self::Missing { .. } => "missing",
            Self::Checkpoint(fault) => fault.code(),
            Self::Folder { .. } => "folder",
            Self::Form { .. } => "backup_form",
            Self::File { .. } => "file",
        }
    }

    /// Whether the log itself was found wanting, rather than it could not be looked at.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        let distrusted = |fault: &TrustError| !matches!(fault, TrustError::Form { .. });
        match self {
            Self::Fault(_) | Self::Fork { .. } | Self::Checkpoint(_) => true,
            Self::Trust(fault) => distrusted(fault),
            _ => false,
        }
    }
}
