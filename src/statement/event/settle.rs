//! Kind `settle`: what was missing, or never answered, is settled as lost, returned or accepted,
//! lot by lot, loose or in units. Not here: who may settle how (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::Envelope;
use super::super::lot::read_lot_at;
use super::id::EventId;
use super::lines::{LotLine, in_order, quantity, some_line};
use super::members::{json_of, own};
use super::undo::read_event;
use crate::limits::EVENT_LINES_MAX;
use crate::statement::{Domain, StatementError};

/// What was disputed is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The arrival that named it missing, or the shipment that nobody answered.
    pub of: EventId,
    /// How each quantity ends.
    pub lots: Vec<SettledLot>,
}

/// A quantity of a lot, settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledLot {
    /// How much of which lot.
    pub line: LotLine,
    /// As what.
    pub settled: Settled,
}

/// How something is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// It is gone.
    Lost,
    /// The shipper has it again.
    Returned,
    /// The receiver has it after all.
    Accepted,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    of: String,
    lots: Vec<LotMembers>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LotMembers {
    lot: String,
    quantity: i64,
    #[serde(rename = "as")]
    settled: Settled,
}

impl Settlement {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        some_line(&[members.lots.len()])?;
        in_order("lots", members.lots.iter().map(|line| line.lot.as_str()), EVENT_LINES_MAX)?;
        let lot = |line: &LotMembers| {
            let lot = read_lot_at(envelope, "lots", &line.lot)?;
            let quantity = quantity("lots", line.quantity)?;
            Ok(SettledLot { line: LotLine { lot, quantity }, settled: line.settled })
        };
        Ok(Self {
            of: read_event(envelope, "of", &members.of)?,
            lots: members.lots.iter().map(lot).collect::<Result<_, StatementError>>()?,
        })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        let lot = |one: &SettledLot| LotMembers {
            lot: domain.lot_iri(&one.line.lot),
            quantity: i64::try_from(one.line.quantity).unwrap_or(i64::MAX),
            settled: one.settled,
        };
        let mut lots: Vec<LotMembers> = self.lots.iter().map(lot).collect();
        lots.sort_by(|a, b| a.lot.cmp(&b.lot));
        json_of(&Members { of: domain.event_iri(&self.of), lots })
    }
}
