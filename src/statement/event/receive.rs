//! Kind `receive`: a receiver says what came of a shipment, lot by lot, loose or in units; a
//! shipper, what came back of what was refused. Not here: whether the lines are the shipment's
//! (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, inconsistent};
use super::super::lot::read_lot_at;
use super::id::EventId;
use super::lines::{in_order, quantity, some_line};
use super::members::{json_of, own};
use super::undo::read_event;
use crate::limits::EVENT_LINES_MAX;
use crate::names::LotKey;
use crate::statement::{Domain, StatementError};

/// What came of a shipment, or of the refused part of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The shipment; for what came back refused, the arrival that refused it.
    pub of: EventId,
    /// Every lot of it, loose and in units together.
    pub lots: Vec<Received>,
    /// What was off.
    pub discrepancy: Discrepancy,
}

/// What came of a lot; the sum is what was shipped of it, 1 to 2^53 - 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The lot.
    pub lot: LotKey,
    /// Taken.
    pub accepted: u64,
    /// Sent back.
    pub refused: u64,
    /// Not there.
    pub missing: u64,
}

/// What was off with a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discrepancy {
    /// Nothing: all was accepted.
    None,
    /// Less came than was sent.
    Short,
    /// Some of it was damaged.
    Damaged,
    /// The receiver says that nothing came, or takes none of it.
    Denied,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    of: String,
    lots: Vec<LotMembers>,
    discrepancy: Discrepancy,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LotMembers {
    lot: String,
    accepted: i64,
    refused: i64,
    missing: i64,
}

impl Arrival {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        some_line(&[members.lots.len()])?;
        in_order("lots", members.lots.iter().map(|line| line.lot.as_str()), EVENT_LINES_MAX)?;
        let lots = members.lots.iter().map(|line| line.read(envelope));
        let lots: Vec<Received> = lots.collect::<Result<_, _>>()?;
        let some_came = lots.iter().any(|line| line.accepted > 0);
        let some_did_not = lots.iter().any(|line| line.refused > 0 || line.missing > 0);
        let fits = match members.discrepancy {
            Discrepancy::None => !some_did_not,
            Discrepancy::Short | Discrepancy::Damaged => some_did_not,
            Discrepancy::Denied => !some_came,
        };
        if !fits {
            let reason =
                "none where all is accepted, denied where nothing is, else short or damaged";
            return Err(inconsistent("discrepancy", reason));
        }
        let of = read_event(envelope, "of", &members.of)?;
        Ok(Self { of, lots, discrepancy: members.discrepancy })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        let number = |quantity: u64| i64::try_from(quantity).unwrap_or(i64::MAX);
        let line = |line: &Received| LotMembers {
            lot: domain.lot_iri(&line.lot),
            accepted: number(line.accepted),
            refused: number(line.refused),
            missing: number(line.missing),
        };
        let mut lots: Vec<LotMembers> = self.lots.iter().map(line).collect();
        lots.sort_by(|a, b| a.lot.cmp(&b.lot));
        let discrepancy = self.discrepancy;
        json_of(&Members { of: domain.event_iri(&self.of), lots, discrepancy })
    }
}

impl LotMembers {
    fn read(&self, envelope: &Envelope<'_>) -> Result<Received, StatementError> {
        let parts = [self.accepted, self.refused, self.missing];
        let part = |number: i64| if number == 0 { Ok(0) } else { quantity("lots", number) };
        let [accepted, refused, missing] = parts.map(part);
        let line = Received {
            lot: read_lot_at(envelope, "lots", &self.lot)?,
            accepted: accepted?,
            refused: refused?,
            missing: missing?,
        };
        let sum = parts.into_iter().try_fold(0_i64, i64::checked_add).unwrap_or(i64::MAX);
        quantity("lots", sum).map(|_| line)
    }
}
