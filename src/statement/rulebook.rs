//! The rules a ledger is judged by from an entry on: the edition of this product's rules, and from
//! edition 2 on what they say of goods. Own type `Rulebook`, signed by the authority.
//! Not here: what an edition asks (`register`).

use serde::Deserialize;
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::{GoodsRules, StatementError};

/// One version of the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    /// From 1, without gaps.
    pub version: u64,
    /// Which rules count from this entry on; never lower than before.
    pub edition: u32,
    /// What it says of goods; nothing before edition 2.
    pub goods: GoodsRules,
}

/// Members that every rulebook has; others are those of [`GoodsRules`].
const COMMON: &[&str] = &["edition", "id", "version"];

#[derive(Deserialize)]
struct Members {
    id: String,
    version: u64,
    edition: u32,
}

impl Rulebook {
    /// One that says nothing of goods.
    #[must_use]
    pub fn plain(version: u64, edition: u32) -> Self {
        Self { version, edition, goods: GoodsRules::default() }
    }

    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let goods: GoodsRules = envelope.subject_beside(COMMON)?;
        let id = envelope.domain.url("rulebook");
        if members.id != id {
            return Err(inconsistent("credentialSubject.id", format!("must be {id}")));
        }
        if members.version == 0 {
            return Err(inconsistent("version", "versions count from 1"));
        }
        goods.check()?;
        Ok(Self { version: members.version, edition: members.edition, goods })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        // Lists of texts and whole numbers have no way to fail.
        let mut subject = serde_json::to_value(&self.goods).unwrap_or_default();
        subject["id"] = json!(draft.domain.url("rulebook"));
        subject["version"] = json!(self.version);
        subject["edition"] = json!(self.edition);
        let name = format!("Rulebook {}: edition {}", self.version, self.edition);
        draft.credential("Rulebook", own_context(draft.domain), &name, subject)
    }
}
