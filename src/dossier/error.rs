//! Why a dossier cannot be made or read. Not here: what a read dossier fails at; the report says
//! that.

use thiserror::Error;

use crate::seal::SealError;
use crate::statement::StatementError;
use crate::trust::TrustError;

/// Why a dossier cannot be made or read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DossierError {
    /// It has not the form it must have.
    #[error("the file is not a dossier of this version: {reason}")]
    Form {
        /// What is off.
        reason: String,
    },
    /// It breaks the strict profile.
    #[error("the dossier is not in its one form: {0}")]
    Profile(#[from] StatementError),
    /// It is larger than any dossier may be.
    #[error("the dossier has {bytes} bytes; at most {max} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// The trust snapshot in it cannot be believed.
    #[error("the trust snapshot in the dossier: {0}")]
    Trust(#[from] TrustError),
    /// There is no such certificate.
    #[error("there is no certificate with serial {serial}")]
    NoCertificate {
        /// The serial asked for.
        serial: u64,
    },
    /// There is no such lot, or no goods are followed yet.
    #[error("no goods are followed of a lot {lot}")]
    NoLot {
        /// The lot asked for.
        lot: String,
    },
    /// A way back that is longer than a trace dossier may be.
    #[error("the way back of this lot has {entries} entries or more: too many for one file")]
    TraceTooLarge {
        /// How many.
        entries: usize,
    },
    /// The status lists do not yet say what the register says.
    #[error("the status lists are being brought up to date; ask again in a minute")]
    StatusPending,
    /// An entry could not be had.
    #[error("entry {index}: {reason}")]
    DossierEntry {
        /// Log index.
        index: u64,
        /// What is off.
        reason: String,
    },
    /// It could not be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl DossierError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "dossier_form",
            Self::Profile(error) => error.code(),
            Self::TooLarge { .. } => "dossier_too_large",
            Self::Trust(error) => error.code(),
            Self::NoCertificate { .. } => "certificate_unknown",
            Self::NoLot { .. } => "lot_unknown",
            Self::TraceTooLarge { .. } => "trace_too_large",
            Self::StatusPending => "status_pending",
            Self::DossierEntry { .. } => "dossier_entry",
            Self::Seal(error) => error.code(),
        }
    }

    /// Whether the file cannot be read at all, as when it was cut short.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Profile(error) => error.is_unreadable(),
            Self::TooLarge { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn form(reason: impl ToString) -> Self {
        Self::Form { reason: reason.to_string() }
    }
}
