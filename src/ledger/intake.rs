//! From received bytes to a statement fit for the writer: strict profile, key in force, signature,
//! the sidecar under the same key, the opening of a commitment that it names. Runs beside the
//! writer, on any number of threads, against a published view.

use std::sync::Arc;

use super::SubmitError;
use super::carried::Carried;
use crate::limits::LEAF_FRAME_BYTES;
use crate::register::{Register, signing_key};
use crate::seal::{submitted, verify_proof, verify_sidecar};
use crate::statement::{Statement, Timestamp};
use crate::store::rows_of;

/// A verified statement, and the verified vc+jwt that is kept beside its entry.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The statement.
    pub statement: Statement,
    /// Its vc+jwt, detached: `protected..signature`.
    pub sidecar: Option<String>,
    /// The opening that it brings.
    pub(super) opening: Option<Carried>,
}

impl Submission {
    /// Whether it brings a document.
    #[must_use]
    pub fn brings_document(&self) -> bool {
        self.opening.is_some()
    }

    /// Rows of the store that it takes: its leaf's and its sidecar's.
    pub(super) fn rows(&self) -> usize {
        let sidecar = self.sidecar.as_ref().map(String::len);
        rows_taken(self.statement.bytes.len(), sidecar)
    }
}

/// Rows of the store that a statement of so many bytes takes, with a sidecar of so many.
pub(super) fn rows_taken(statement: usize, sidecar: Option<usize>) -> usize {
    let leaf = rows_of(statement.saturating_add(LEAF_FRAME_BYTES));
    leaf.saturating_add(sidecar.map_or(0, rows_of))
}

impl From<Statement> for Submission {
    fn from(statement: Statement) -> Self {
        Self { statement, sidecar: None, opening: None }
    }
}

/// Reads and verifies one statement, plain or with its sidecar (docs/FORMAT.md, sidecars). One that
/// is in the log already is not verified again, and its sidecar and opening are left out: they add
/// nothing, since anybody can send what is public.
///
/// # Errors
/// What the sender must mend.
pub fn intake(
    bytes: &[u8],
    register: &Register,
    now: Timestamp,
) -> Result<Submission, SubmitError> {
    let sent = submitted(bytes)?;
    let statement = Statement::parse(sent.statement, register.domain())?;
    if register.index_of_digest(&statement.digest).is_some() {
        return Ok(statement.into());
    }
    // Log time never runs behind what is logged, whatever the caller's clock says.
    let now = register.last_at().map_or(now, |last| last.max(now));
    let key = signing_key(register, &statement, now)?.verifying_key()?;
    verify_proof(&statement, &key)?;
    if let Some(sidecar) = &sent.jwt {
        verify_sidecar(&statement, sidecar, &key)?;
    }
    let opening = sent.opening.map(|opening| opening.read(&statement.claim)).transpose()?;
    let opening = opening.map(|opening| Carried::Shown(Arc::new(opening)));
    Ok(Submission { statement, sidecar: sent.jwt, opening })
}
