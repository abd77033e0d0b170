//! From received bytes to a statement fit for the writer: strict profile, key in force, signature,
//! and the sidecar under the same key. Runs beside the writer, on any number of threads, against a
//! published view.

use super::SubmitError;
use crate::limits::LEAF_FRAME_BYTES;
use crate::register::{Register, signing_key};
use crate::seal::{parted, verify_proof, verify_sidecar};
use crate::statement::{Statement, Timestamp};
use crate::store::rows_of;

/// A verified statement, and the verified vc+jwt that is kept beside its entry.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The statement.
    pub statement: Statement,
    /// Its vc+jwt, detached: `protected..signature`.
    pub sidecar: Option<String>,
}

impl Submission {
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
        Self { statement, sidecar: None }
    }
}

/// Reads and verifies one statement, plain or with its sidecar (docs/FORMAT.md, sidecars). One that
/// is in the log already is not verified again, and its sidecar is left out: it adds nothing.
///
/// # Errors
/// What the sender must mend.
pub fn intake(
    bytes: &[u8],
    register: &Register,
    now: Timestamp,
) -> Result<Submission, SubmitError> {
    let (bytes, sidecar) = parted(bytes)?;
    let statement = Statement::parse(bytes, register.domain())?;
    if register.index_of_digest(&statement.digest).is_some() {
        return Ok(statement.into());
    }
    // Log time never runs behind what is logged, whatever the caller's clock says.
    let now = register.last_at().map_or(now, |last| last.max(now));
    let key = signing_key(register, &statement, now)?.verifying_key()?;
    verify_proof(&statement, &key)?;
    if let Some(sidecar) = &sidecar {
        verify_sidecar(&statement, sidecar, &key)?;
    }
    Ok(Submission { statement, sidecar })
}
