//! Kind `transform`: lots are drawn and others filled, by a recipe of the rulebook in force or one
//! that is built in. Not here: ceilings and cover (`register`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::envelope::{Envelope, inconsistent};
use super::lines::{LineMembers, LotLine, read_lines, written};
use super::members::{json_of, own};
use crate::limits::{EVENT_LINES_MAX, EVENT_OUTPUTS_MAX};
use crate::statement::{Domain, StatementError, is_term_id};

/// Lots are drawn and others filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transformation {
    /// The recipe's id: of the rulebook, or `group`, `split`, `pack-off`.
    pub recipe: String,
    /// What is drawn: 1 to 400 lots.
    pub inputs: Vec<LotLine>,
    /// What is filled: 1 to 64 lots.
    pub outputs: Vec<LotLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    recipe: String,
    inputs: Vec<LineMembers>,
    outputs: Vec<LineMembers>,
}

impl Transformation {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = own(envelope)?;
        if !is_term_id(&members.recipe) {
            return Err(inconsistent("recipe", "must be 1 to 64 of a-z, 0-9 and -"));
        }
        let inputs = read_lines(envelope, "inputs", &members.inputs, EVENT_LINES_MAX)?;
        let outputs = read_lines(envelope, "outputs", &members.outputs, EVENT_OUTPUTS_MAX)?;
        if inputs.is_empty() || outputs.is_empty() {
            return Err(inconsistent("inputs", "at least one input and one output"));
        }
        Ok(Self { recipe: members.recipe, inputs, outputs })
    }

    pub(super) fn members(&self, domain: &Domain) -> Value {
        json_of(&Members {
            recipe: self.recipe.clone(),
            inputs: written(domain, &self.inputs),
            outputs: written(domain, &self.outputs),
        })
    }
}
