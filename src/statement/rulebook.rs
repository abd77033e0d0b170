//! The rules a ledger is judged by from an entry on: the edition of this product's rules. Own type
//! `Rulebook`, signed by the authority. Not here: what an edition asks (`register`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::StatementError;
use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};

/// One version of the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    /// From 1, without gaps.
    pub version: u64,
    /// Which rules count from this entry on; never lower than before.
    pub edition: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    version: u64,
    edition: u32,
}

impl Rulebook {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let id = envelope.domain.url("rulebook");
        if members.id != id {
            return Err(inconsistent("credentialSubject.id", format!("must be {id}")));
        }
        if members.version == 0 {
            return Err(inconsistent("version", "versions count from 1"));
        }
        Ok(Self { version: members.version, edition: members.edition })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let id = draft.domain.url("rulebook");
        let members = Members { id, version: self.version, edition: self.edition };
        let name = format!("Rulebook {}: edition {}", self.version, self.edition);
        draft.credential("Rulebook", own_context(draft.domain), &name, json!(members))
    }
}
