//! The story of goods in the demonstration, from the harvest to the shop: oil of five cooperatives'
//! argan, saffron, honey and dates beside it, a recall, a refused claim, a dispute. Each step is a
//! statement of who took it, signed and logged. Not here: how it is shown (`web`).

mod argan;
mod beside;
mod recall;
mod rules;
mod tale;

pub(super) use rules::rules;

pub use recall::over_yield;

use super::stage::Stage;
use crate::ledger::LedgerError;
use crate::statement::Day;

/// Tells all of it.
pub(super) fn tell(stage: &Stage, today: Day) -> Result<(), LedgerError> {
    let mut tale = tale::Tale::new(stage, today)?;
    tale.operators()?;
    argan::tell(&mut tale)?;
    beside::tell(&mut tale)?;
    recall::tell(&mut tale)?;
    tale.prices()
}
