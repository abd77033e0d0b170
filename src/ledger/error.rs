//! What can go wrong between a submission and its receipt, grouped by blame: the sender's bytes, a
//! rule, our storage, and a ledger that must not sign. Whoever is told to try again is also told
//! whether the statement may be in the log.

use thiserror::Error;

use crate::limits::{GROUP_LINES_MAX, GROUP_ROWS_MAX, OPENED_BYTES_A_DAY};
use crate::log::LogError;
use crate::register::Refusal;
use crate::seal::{OpeningError, SealError};
use crate::statement::{Commitment, StatementError, Timestamp};
use crate::store::StoreError;

/// Why a submitted statement has no receipt.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The bytes break the strict profile.
    #[error(transparent)]
    Malformed(#[from] StatementError),
    /// The signature does not verify.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A rule refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The opening opens nothing that the statement names.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The document was erased here.
    #[error("the document of {commitment} was erased here, and is not kept again")]
    DocumentErased {
        /// The commitment.
        commitment: Commitment,
    },
    /// A party has had its share of a day of documents kept.
    #[error(
        "{party} has had {OPENED_BYTES_A_DAY} bytes of documents kept today, as many as this \
         service keeps for one party; go on tomorrow, in {seconds} s"
    )]
    DocumentQuota {
        /// The party.
        party: String,
        /// Seconds until the next day.
        seconds: i64,
    },
    /// The document cannot be kept, so that its statement is not logged.
    #[error("the document cannot be kept here now; the statement is NOT in the log")]
    DocumentNotKept,
    /// The leaf would not fit the log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The number of a certificate is kept for another certifier.
    #[error(
        "serial {serial} is kept for another certifier until {until}; prepare the certificate again"
    )]
    SerialReserved {
        /// The number.
        serial: u64,
        /// Until when.
        until: Timestamp,
    },
    /// A party has signed its share of this day.
    #[error(
        "{party} has signed {quota} statements today, as many as this service takes of one party; \
         go on tomorrow, in {seconds} s, or ask the operator"
    )]
    Quota {
        /// The party.
        party: String,
        /// How many are taken in on a day.
        quota: u64,
        /// Seconds until the next day.
        seconds: i64,
    },
    /// A group that is logged whole or not at all is too large for one batch.
    #[error(
        "a group of {lines} lines that take {rows} rows of the store, at most {GROUP_LINES_MAX} \
         lines and {GROUP_ROWS_MAX} rows (one for each begun 8,192 bytes of a leaf, one for a \
         vc+jwt): send a smaller group"
    )]
    GroupTooLarge {
        /// Statements in it.
        lines: usize,
        /// Rows of the store that they take.
        rows: usize,
    },
    /// Another statement of its group was refused.
    #[error("line {line} of the group was refused, so nothing of the group was logged")]
    Undone {
        /// Which, counted from 1.
        line: usize,
    },
    /// The writer has stopped; the statement is not in the log.
    #[error("the ledger does not accept writes: {reason}; the statement is NOT in the log")]
    Stopped {
        /// Why.
        reason: String,
    },
    /// The writer stopped over this very statement: it may be in the log.
    #[error(
        "{reason}; the statement MAY BE in the log: send the same bytes again once /readyz answers \
         200; what is in the log is answered with its receipt and never logged twice"
    )]
    Unsure {
        /// Why.
        reason: String,
    },
}

impl SubmitError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(fault) => fault.code(),
            Self::Seal(fault) => fault.code(),
            Self::Refused(fault) => fault.code(),
            Self::Opening(fault) => fault.code(),
            Self::DocumentErased { .. } => "document_erased",
            Self::DocumentQuota { .. } => "document_quota",
            Self::DocumentNotKept => "document_not_kept",
            Self::Log(fault) => fault.code(),
            Self::SerialReserved { .. } => "serial_reserved",
            Self::Quota { .. } => "quota",
            Self::GroupTooLarge { .. } => "group_too_large",
            Self::Undone { .. } => "group_refused",
            Self::Stopped { .. } => "writes_stopped",
            Self::Unsure { .. } => "may_be_logged",
        }
    }
}

/// Why a ledger cannot be opened, or not be written to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the data folder cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// What is off.
        reason: String,
    },
    /// A key file's fault.
    #[error("{path}: {fault}")]
    Key {
        /// Which file.
        path: String,
        /// What is off.
        fault: SealError,
    },
    /// The folder holds no ledger.
    #[error("{path} holds no ledger; make one with `tasdiq init` or `tasdiq demo`")]
    NoLedger {
        /// The folder.
        path: String,
    },
    /// The folder holds a ledger already.
    #[error("{path} holds a ledger already; nothing was changed")]
    Exists {
        /// The folder.
        path: String,
    },
    /// Stored entries, tiles and head do not fit together.
    #[error("entry {index}: {reason}")]
    Broken {
        /// The first entry that does not fit.
        index: u64,
        /// What is off.
        reason: String,
    },
    /// The catalogue built into this binary is broken.
    #[error(transparent)]
    Catalog(#[from] crate::catalog::CatalogError),
    /// A submission of the service's own failed.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// No label may bear a signature for this lot or certificate.
    #[error("{reason}; nothing is printed")]
    LabelRefused {
        /// What is off.
        reason: String,
    },
    /// A log to take over has fewer entries than are here.
    #[error("the store has {ours} entries, the source {theirs}")]
    SourceBehind {
        /// Entries here.
        ours: u64,
        /// Entries there.
        theirs: u64,
    },
    /// A log to take over begins with other entries than those here.
    #[error("the {ours} entries here are not the beginning of the source's")]
    SourceFork {
        /// Entries here.
        ours: u64,
    },
    /// A request cannot be met.
    #[error("{reason}")]
    Request {
        /// Whose turn it is.
        unmet: Unmet,
        /// The stable code.
        code: &'static str,
        /// What is off and what to do.
        reason: String,
    },
}

/// Why a request cannot be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// It asks for what cannot be.
    Invalid,
    /// Its signature does not count.
    Unsigned,
    /// What it names is not here.
    NotFound,
    /// What is here already forbids it.
    Conflict,
    /// What it asks for is more than one answer holds.
    TooLarge,
    /// Its sender asks too often.
    TooOften,
    /// This service cannot meet it now.
    NotNow,
}

/// What is wrong at an entry of the stored log.
pub(super) fn broken<E: ToString>(index: u64) -> impl Fn(E) -> LedgerError {
    move |reason| LedgerError::Broken { index, reason: reason.to_string() }
}

impl LedgerError {
    /// A request that cannot be met.
    pub fn unmet(unmet: Unmet, code: &'static str, reason: impl Into<String>) -> Self {
        Self::Request { unmet, code, reason: reason.into() }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::File { .. } => "file",
            Self::Key { fault, .. } => fault.code(),
            Self::NoLedger { .. } => "no_ledger",
            Self::Exists { .. } => "ledger_exists",
            Self::Broken { .. } => "ledger_broken",
            Self::Catalog(_) => "catalog",
            Self::Submit(fault) => fault.code(),
            Self::LabelRefused { .. } => "label_refused",
            Self::SourceBehind { .. } => "source_behind",
            Self::SourceFork { .. } => "source_fork",
            Self::Request { code, .. } => code,
        }
    }
}
