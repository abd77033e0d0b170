//! What a party can produce in a campaign, stated apart from its registration. Own type `Capacity`.
//! Not here: when it counts, and what lies above it (`register`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::{Capacity, StatementError};
use crate::names::PartySlug;

/// A capacity stated by the registrar, or by a certifier that the party has an agreement with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityStatement {
    /// Whose.
    pub party: PartySlug,
    /// Of what, when, how much.
    pub capacity: Capacity,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    product: String,
    campaign: String,
    quantity: u64,
}

impl CapacityStatement {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let Members { id, product, campaign, quantity } = envelope.subject()?;
        let party = envelope.domain.party_of(&id).ok_or_else(|| {
            inconsistent("credentialSubject.id", format!("{id} is no party of this ledger"))
        })?;
        Ok(Self { party, capacity: Capacity { product, campaign, quantity } })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let Capacity { product, campaign, quantity } = self.capacity.clone();
        let id = draft.domain.did(&self.party);
        let name = format!("Capacity of {} for {product}, {campaign}", self.party);
        let members = Members { id, product, campaign, quantity };
        draft.credential("Capacity", own_context(draft.domain), &name, json!(members))
    }
}
