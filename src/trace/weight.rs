//! What lots and events take in memory: the bytes of their rows, counted. Not here: what trees of
//! rows take beside (measured by `bench`).

use super::handles::{Holder, LotHandle};
use super::holdings::Holdings;
use super::rows::{Brought, Carried, EventRow, HoldingRow, Line, LotRow};
use super::state::Trace;

/// Bytes of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Of lots: their rows, what their producers have at hand, what they carry.
    pub lots: usize,
    /// Of events: their rows and lines, what their fills brought, what else anybody has.
    pub events: usize,
}

impl Trace {
    /// What all rows take.
    #[must_use]
    pub fn weight(&self) -> Weight {
        let lot = size_of::<LotRow>() + Holdings::BYTES_A_LOT;
        let holding = size_of::<((LotHandle, Holder), HoldingRow)>();
        let bytes = |count: usize, each: usize| count.saturating_mul(each);
        let of_lots =
            [bytes(self.lots.len(), lot), bytes(self.carried.len(), size_of::<Carried>())];
        let of_events = [
            bytes(self.events.len(), size_of::<EventRow>()),
            bytes(self.lines.len(), size_of::<Line>()),
            bytes(self.brought.len(), size_of::<Brought>()),
            bytes(self.holdings.others(), holding),
        ];
        Weight { lots: of_lots.iter().sum(), events: of_events.iter().sum() }
    }
}
