//! Why a log was not exported. Nothing of the folder is lost by any of these, and no checkpoint is
//! written.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::log::LogError;
use crate::source::SourceError;

/// Why a log was not exported.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum ExportError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The source's key or checkpoint is none.
    #[error("the source's {what} is none: {fault}")]
    #[strum(serialize = "checkpoint_invalid")]
    Checkpoint {
        /// Which of them.
        what: &'static str,
        /// What is off.
        fault: LogError,
    },
    /// Something the checkpoint implies is missing.
    #[error("{path} is missing in the source")]
    Missing {
        /// What.
        path: String,
    },
    /// The source's log does not hold together.
    #[error("{path}: {reason}; nothing of it was written. Audit the source")]
    #[strum(serialize = "source_damaged")]
    Damaged {
        /// What.
        path: String,
        /// What is off.
        reason: String,
    },
    /// A document of the source is not what it should be.
    #[error("the source's {path} cannot be used: {reason}")]
    Document {
        /// Which.
        path: String,
        /// What is off.
        reason: String,
    },
    /// The folder holds something else.
    #[error("{folder} is not an export of this log: {reason}; choose an empty folder")]
    Folder {
        /// Which.
        folder: String,
        /// What it holds.
        reason: String,
    },
    /// The source is of another root than the one that is pinned, or its trust snapshot cannot be
    /// believed under that.
    #[error("the source cannot be believed under {whose}: {reason}; nothing was changed")]
    Root {
        /// Which root is pinned: the one given, or the folder's.
        whose: &'static str,
        /// What is off.
        reason: String,
    },
    /// Something is named as no file of an export can be.
    #[error("the source names a file {name:?}: that leads out of the folder, or is no name")]
    Name {
        /// The beginning of it.
        name: String,
    },
    /// The folder has more entries than the source.
    #[error(
        "{folder} has {theirs} entries, the source {ours}: the source is an old copy, or rolled \
         back; nothing was changed. Keep the folder: it proves what was published"
    )]
    #[strum(serialize = "folder_ahead")]
    Ahead {
        /// Which folder.
        folder: String,
        /// Its entries.
        theirs: u64,
        /// The source's.
        ours: u64,
    },
    /// The folder's entries are not the beginning of the source's.
    #[error(
        "FORK: the {size} entries in {folder} are not the beginning of the source's log, and both \
         are signed by its key; nothing was changed. Keep the folder: it is the proof"
    )]
    Fork {
        /// Which folder.
        folder: String,
        /// Its entries.
        size: u64,
    },
    /// A file cannot be written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

impl ExportError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Whether something is wrong with the source, rather than it could not be looked at.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        let histories = matches!(self, Self::Fork { .. } | Self::Ahead { .. });
        let forged = matches!(self, Self::Damaged { .. } | Self::Root { .. } | Self::Name { .. });
        histories || forged
    }
}
