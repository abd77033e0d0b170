//! To whom goods go or who pays for them: a party of this ledger, or somebody who is none, of whom
//! the log holds a commitment and a country alone.

use serde::{Deserialize, Serialize};

use super::envelope::{Envelope, inconsistent, read_party};
use super::{Commitment, Domain, StatementError};
use crate::names::PartySlug;

/// Somebody who gets goods or pays for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A registered party.
    Party(PartySlug),
    /// Somebody else: what is sent there leaves the ledger.
    Elsewhere {
        /// The commitment to who it is: over the canonical JSON of the opening.
        commitment: Commitment,
        /// The country, ISO 3166-1 alpha-2.
        country: String,
    },
}

/// A receiver as it stands in a statement: a DID, or an object.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a party's DID, or commitment and country, was expected")]
pub(super) enum ReceiverMembers {
    Party(String),
    Elsewhere(ElsewhereMembers),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElsewhereMembers {
    commitment: Commitment,
    country: String,
}

impl Receiver {
    pub(super) fn read(
        envelope: &Envelope<'_>,
        at: &'static str,
        members: ReceiverMembers,
    ) -> Result<Self, StatementError> {
        match members {
            ReceiverMembers::Party(did) => read_party(envelope, at, &did).map(Self::Party),
            ReceiverMembers::Elsewhere(ElsewhereMembers { commitment, country }) => {
                let letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
                if country.len() != 2 || !letters {
                    return Err(inconsistent("country", "must be a code of ISO 3166-1 alpha-2"));
                }
                Ok(Self::Elsewhere { commitment, country })
            }
        }
    }

    pub(super) fn members(&self, domain: &Domain) -> ReceiverMembers {
        match self {
            Self::Party(party) => ReceiverMembers::Party(domain.did(party)),
            Self::Elsewhere { commitment, country } => {
                let (commitment, country) = (*commitment, country.clone());
                ReceiverMembers::Elsewhere(ElsewhereMembers { commitment, country })
            }
        }
    }
}
