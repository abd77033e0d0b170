//! Kind `observe`: somebody looks at goods and says what was done with them or found; nothing
//! moves. Not here: whose findings count (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, given, inconsistent};
use super::super::lot::read_lot_at;
use super::id::EventId;
use super::lines::{in_order, some_line};
use super::members::{json_of, own};
use super::undo::read_event;
use crate::limits::EVENT_LINES_MAX;
use crate::names::LotKey;
use crate::statement::{Domain, StatementError};

/// Somebody looks, and nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What was being done.
    pub step: ObservedStep,
    /// With what.
    pub lots: Vec<LotKey>,
    /// What was found.
    pub result: Option<Finding>,
    /// With step `destroying`: the destruction that was seen.
    pub of: Option<EventId>,
}

/// What is being done with goods, by the words of EPCIS (GS1 CBV 2.0 section 7.1) where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObservedStep {
    /// Picking, gathering.
    Harvesting,
    /// Drying.
    Drying,
    /// Sorting, grading.
    Sorting,
    /// Cleaning, washing.
    Cleaning,
    /// Storing.
    Storing,
    /// An inspection.
    Inspecting,
    /// A sample is taken.
    Sampling,
    /// An analysis.
    Testing,
    /// A destruction, seen by another.
    Destroying,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Requirements are met.
    Conformant,
    /// They are not.
    NonConformant,
    /// It cannot be said.
    Inconclusive,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    step: ObservedStep,
    lots: Vec<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    result: Option<Finding>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    of: Option<String>,
}

impl Observation {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        some_line(&[members.lots.len()])?;
        in_order("lots", members.lots.iter().map(String::as_str), EVENT_LINES_MAX)?;
        let lots = members.lots.iter().map(|iri| read_lot_at(envelope, "lots", iri));
        let of = members.of.map(|iri| read_event(envelope, "of", &iri)).transpose()?;
        if of.is_some() && members.step != ObservedStep::Destroying {
            return Err(inconsistent("of", "goes with step destroying only"));
        }
        Ok(Self {
            step: members.step,
            lots: lots.collect::<Result<_, _>>()?,
            result: members.result,
            of,
        })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        let mut lots: Vec<String> = self.lots.iter().map(|lot| domain.lot_iri(lot)).collect();
        lots.sort();
        json_of(&Members {
            step: self.step,
            lots,
            result: self.result,
            of: self.of.as_ref().map(|event| domain.event_iri(event)),
        })
    }
}
