//! Serials on labels: issued for a lot, and given back where a label was spoilt. Own types
//! `LabelIssue` and `LabelVoid`. Not here: the codes themselves (`label`), which serials an issue
//! stands for (the service keeps them).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::StatementError;
use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::lot::read_lot;
use crate::limits::{LABEL_SERIALS_MAX, LABEL_VOIDS_MAX};
use crate::names::{LotKey, Serial};

/// Serials are put on labels of a lot: they count against its quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelIssue {
    /// The lot.
    pub lot: LotKey,
    /// How many serials.
    pub count: u32,
    /// The label key that signs them.
    pub verification_method: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IssueMembers {
    id: String,
    count: u32,
    verification_method: String,
}

impl LabelIssue {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: IssueMembers = envelope.subject()?;
        if members.count == 0 || members.count > LABEL_SERIALS_MAX {
            return Err(inconsistent("count", format!("must be 1 to {LABEL_SERIALS_MAX}")));
        }
        Ok(Self {
            lot: read_lot(envelope, &members.id)?,
            count: members.count,
            verification_method: members.verification_method,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let members = IssueMembers {
            id: draft.domain.lot_iri(&self.lot),
            count: self.count,
            verification_method: self.verification_method.clone(),
        };
        let context = own_context(draft.domain);
        draft.credential("LabelIssue", context, "Serials on labels", json!(members))
    }
}

/// Spoilt labels: their serials are void and their count comes back to the lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelVoid {
    /// The lot.
    pub lot: LotKey,
    /// The serials on the spoilt labels, ascending.
    pub serials: Vec<Serial>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VoidMembers {
    id: String,
    serials: Vec<String>,
}

impl LabelVoid {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: VoidMembers = envelope.subject()?;
        if members.serials.is_empty() || members.serials.len() > LABEL_VOIDS_MAX {
            return Err(inconsistent("serials", format!("1 to {LABEL_VOIDS_MAX}")));
        }
        let mut serials: Vec<Serial> = Vec::with_capacity(members.serials.len());
        for text in members.serials {
            let serial = Serial::parse(&text)
                .map_err(|fault| StatementError::Identifier { at: "serials", fault })?;
            let rising = serials.last().is_none_or(|last| last.as_str() < serial.as_str());
            if serial.as_str() != text || !rising {
                let reason = "upper case without hyphens, in ascending order, each once";
                return Err(inconsistent("serials", reason));
            }
            serials.push(serial);
        }
        Ok(Self { lot: read_lot(envelope, &members.id)?, serials })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let members = VoidMembers {
            id: draft.domain.lot_iri(&self.lot),
            serials: self.serials.iter().map(|serial| serial.as_str().to_owned()).collect(),
        };
        let context = own_context(draft.domain);
        draft.credential("LabelVoid", context, "Spoilt labels", json!(members))
    }
}
