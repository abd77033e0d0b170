//! A party lets another declare, ship or receive in its name for a time. Own type `Mandate`. What
//! is signed under it names it (`mandate`). Not here: whose goods that moves (`register`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context, read_party};
use super::{Day, StatementError};
use crate::limits::MANDATE_MONTHS_MAX;
use crate::names::PartySlug;

/// A party lets another act in its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// In whose name.
    pub party: PartySlug,
    /// Who may act.
    pub to: PartySlug,
    /// What it may do; one act at least.
    pub acts: BTreeSet<MandatedAct>,
    /// Last day: at most 13 months after the day of `validFrom`.
    pub until: Day,
}

/// What another may do in a party's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MandatedAct {
    /// Declare lots.
    Declare,
    /// Receive goods.
    Receive,
    /// Ship goods.
    Ship,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    id: String,
    to: String,
    acts: Vec<MandatedAct>,
    until: Day,
}

impl Mandate {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let party = read_party(envelope, "credentialSubject.id", &members.id)?;
        let to = read_party(envelope, "to", &members.to)?;
        if to == party {
            return Err(inconsistent("to", "must be another party"));
        }
        let acts: BTreeSet<MandatedAct> = members.acts.iter().copied().collect();
        if acts.is_empty() || !acts.iter().eq(&members.acts) {
            return Err(inconsistent("acts", "at least one, in ascending order, each once"));
        }
        let first = envelope.valid_from.day();
        let last = first.plus_months(MANDATE_MONTHS_MAX);
        if members.until < first || last.is_none_or(|last| members.until > last) {
            let reason = format!("must lie from {first} to {MANDATE_MONTHS_MAX} months after it");
            return Err(inconsistent("until", reason));
        }
        Ok(Self { party, to, acts, until: members.until })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let members = Members {
            id: draft.domain.did(&self.party),
            to: draft.domain.did(&self.to),
            acts: self.acts.iter().copied().collect(),
            until: self.until,
        };
        let name = format!("Mandate of {} for {}", self.party, self.to);
        draft.credential("Mandate", own_context(draft.domain), &name, json!(members))
    }
}
