//! Why a consignment cannot be made or read, or an opening not be added to it. Not here: what a
//! consignment that was read fails at; the report says that.

use thiserror::Error;

use crate::dossier::DossierError;
use crate::limits::{CONSIGNMENT_BYTES_MAX, CONSIGNMENT_ENTRIES_MAX};
use crate::seal::SealError;
use crate::statement::StatementError;
use crate::trust::TrustError;

/// Why a consignment cannot be made or read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConsignmentError {
    /// It has not the form it must have.
    #[error("the file is not a consignment of this version: {reason}")]
    Form {
        /// What is off.
        reason: String,
    },
    /// It breaks the strict profile.
    #[error("the consignment is not in its one form: {0}")]
    Profile(#[from] StatementError),
    /// It is larger than any consignment may be.
    #[error(
        "the consignment has {size}; at most {CONSIGNMENT_BYTES_MAX} bytes and \
         {CONSIGNMENT_ENTRIES_MAX} entries are made and read: ship in several"
    )]
    TooLarge {
        /// Its bytes or entries.
        size: String,
    },
    /// The trust snapshot in it cannot be believed.
    #[error("the trust snapshot in the consignment: {0}")]
    Trust(#[from] TrustError),
    /// There is no such shipment.
    #[error("there is no shipment {id}")]
    NoShipment {
        /// The event asked for.
        id: String,
    },
    /// An opening opens nothing that the consignment names.
    #[error("opening {place}: {reason}")]
    Opening {
        /// Which of those given, from 1.
        place: usize,
        /// What is off, and what there is to open.
        reason: String,
    },
    /// Its entries could not be had.
    #[error(transparent)]
    Entries(DossierError),
    /// It could not be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl ConsignmentError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "consignment_form",
            Self::Profile(error) => error.code(),
            Self::TooLarge { .. } => "consignment_too_large",
            Self::Trust(error) => error.code(),
            Self::NoShipment { .. } => "shipment_unknown",
            Self::Opening { .. } => "opening_mismatch",
            Self::Entries(error) => error.code(),
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

    pub(crate) fn too_large(bytes: usize, entries: Option<usize>) -> Self {
        let entries = entries.map(|entries| format!(" in {entries} entries")).unwrap_or_default();
        Self::TooLarge { size: format!("{bytes} bytes{entries}") }
    }
}

impl From<DossierError> for ConsignmentError {
    fn from(error: DossierError) -> Self {
        match error {
            DossierError::Profile(error) => Self::Profile(error),
            DossierError::Seal(error) => Self::Seal(error),
            other => Self::Entries(other),
        }
    }
}
