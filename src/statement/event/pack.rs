//! Kinds `pack` and `unpack`: goods go into a logistic unit, and come out of it.
//! Not here: whether the unit is in use, and by whom (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, filled, inconsistent};
use super::lines::{
    LineMembers, LotLine, read_lines, read_unit, read_units, some_line, written, written_units,
};
use super::members::{json_of, own};
use crate::limits::EVENT_LINES_MAX;
use crate::names::UnitKey;
use crate::statement::{Domain, StatementError};

/// What goes into a logistic unit, or comes out of it: all of it where nothing is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The unit.
    pub unit: UnitKey,
    /// Loose goods.
    pub lots: Vec<LotLine>,
    /// Other units, with all that is in them.
    pub units: Vec<UnitKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    unit: String,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    lots: Vec<LineMembers>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    units: Vec<String>,
}

impl Packing {
    /// Into a unit; something must go in.
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let read = Self::read_any(envelope)?;
        some_line(&[read.lots.len(), read.units.len()]).map(|()| read)
    }

    /// Out of a unit.
    pub(super) fn read_any(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        let unit = read_unit(envelope, "unit", &members.unit)?;
        let lots = read_lines(envelope, "lots", &members.lots, EVENT_LINES_MAX)?;
        let units = read_units(envelope, &members.units)?;
        if units.contains(&unit) {
            return Err(inconsistent("units", "a unit cannot hold itself"));
        }
        Ok(Self { unit, lots, units })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&Members {
            unit: domain.unit_iri(&self.unit),
            lots: written(domain, &self.lots),
            units: written_units(domain, &self.units),
        })
    }
}
