//! Why webhooks cannot go on: their files. Not here: why a receiver did not take a message, which
//! is a remark for the operator.

use std::path::Path;

use thiserror::Error;

/// A file of the webhooks that cannot be read or written.
#[derive(Debug, Error)]
#[error("{path}: {reason}")]
pub struct HookError {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl HookError {
    pub(super) fn of(path: &Path, reason: impl ToString) -> Self {
        Self { path: path.display().to_string(), reason: reason.to_string() }
    }
}
