//! The members of one kind of events, beside those that all kinds have.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::Envelope;
use crate::statement::StatementError;

/// Members that every kind has, which the reader of a kind leaves out.
const COMMON: &[&str] = &["at", "document", "id", "kind", "mandate", "offset", "region"];

/// The members of one kind.
pub(super) fn own<'de, T: Deserialize<'de>>(
    envelope: &'de Envelope<'_>,
) -> Result<T, StatementError> {
    envelope.subject_beside(COMMON)
}

/// The same as JSON; texts and whole numbers have no way to fail.
pub(super) fn json_of(members: &impl Serialize) -> Value {
    serde_json::to_value(members).unwrap_or_default()
}
