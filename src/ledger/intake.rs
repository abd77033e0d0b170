//! From received bytes to a statement fit for the writer: strict profile, key in force, signature.
//! Runs beside the writer, on any number of threads, against a published view.

use super::SubmitError;
use crate::register::{Register, signing_key};
use crate::seal::verify_proof;
use crate::statement::{Statement, Timestamp};

/// Reads and verifies one statement. One that is in the log already is not verified again.
///
/// # Errors
/// What the sender must mend.
pub fn intake(bytes: &[u8], register: &Register, now: Timestamp) -> Result<Statement, SubmitError> {
    let statement = Statement::parse(bytes, register.domain())?;
    if register.index_of_digest(&statement.digest).is_none() {
        // Log time never runs behind what is logged, whatever the caller's clock says.
        let now = register.last_at().map_or(now, |last| last.max(now));
        let key = signing_key(register, &statement, now)?;
        verify_proof(&statement, &key.verifying_key()?)?;
    }
    Ok(statement)
}
