//! The story's chapters in their order: who is certified, what became of the harvests, what went
//! wrong, what was paid. Each is sent in whole before the next begins.

use super::tale::Tale;
use super::{argan, beside, recall};
use crate::demo::stage::Stage;
use crate::ledger::LedgerError;
use crate::statement::Day;

/// Tells all of it.
pub(in crate::demo) fn tell(stage: &Stage, today: Day) -> Result<(), LedgerError> {
    let mut tale = Tale::new(stage, today)?;
    tale.operators()?;
    argan::tell(&mut tale)?;
    beside::tell(&mut tale)?;
    recall::tell(&mut tale)?;
    tale.prices()
}
