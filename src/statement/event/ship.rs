//! Kind `ship`: goods leave for a receiver, loose and in logistic units.
//! Not here: who may ship, and where the goods are then (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, filled, given, inconsistent, read_party};
use super::super::receiver::ReceiverMembers;
use super::id::EventId;
use super::lines::{
    LineMembers, LotLine, read_lines, read_units, some_line, written, written_units,
};
use super::members::{json_of, own};
use super::undo::read_event;
use crate::limits::EVENT_LINES_MAX;
use crate::names::{PartySlug, UnitKey};
use crate::statement::{Domain, Receiver, StatementError};

/// Goods leave for a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// To whom.
    pub to: Receiver,
    /// Why.
    pub purpose: ShipPurpose,
    /// Loose goods.
    pub lots: Vec<LotLine>,
    /// Logistic units, with all that is in them.
    pub units: Vec<UnitKey>,
    /// Who carries them, as the shipper names it.
    pub carrier: Option<PartySlug>,
    /// For goods that go back: the shipment they came with.
    pub returns: Option<EventId>,
}

/// Why goods are shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShipPurpose {
    /// They were sold.
    Sale,
    /// Their owner moves them.
    Transfer,
    /// Another processes them and sends them back.
    Processing,
    /// They go back to who sent them.
    Return,
    /// They go back because they are recalled.
    RecallReturn,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    to: ReceiverMembers,
    purpose: ShipPurpose,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    lots: Vec<LineMembers>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    units: Vec<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    carrier: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    returns: Option<String>,
}

impl ShipPurpose {
    /// Whether the goods go back where they came from.
    #[must_use]
    pub fn goes_back(self) -> bool {
        matches!(self, Self::Return | Self::RecallReturn)
    }
}

impl Shipment {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        let lots = read_lines(envelope, "lots", &members.lots, EVENT_LINES_MAX)?;
        let units = read_units(envelope, &members.units)?;
        some_line(&[lots.len(), units.len()])?;
        let carrier = members.carrier.map(|did| read_party(envelope, "carrier", &did));
        let returns = members.returns.map(|iri| read_event(envelope, "returns", &iri));
        if returns.is_some() && !members.purpose.goes_back() {
            return Err(inconsistent("returns", "goes with purpose return or recall-return only"));
        }
        Ok(Self {
            to: Receiver::read(envelope, "to", members.to)?,
            purpose: members.purpose,
            lots,
            units,
            carrier: carrier.transpose()?,
            returns: returns.transpose()?,
        })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&Members {
            to: self.to.members(domain),
            purpose: self.purpose,
            lots: written(domain, &self.lots),
            units: written_units(domain, &self.units),
            carrier: self.carrier.as_ref().map(|party| domain.did(party)),
            returns: self.returns.as_ref().map(|event| domain.event_iri(event)),
        })
    }
}
