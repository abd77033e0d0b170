//! What of the log goes with a shipment: the packings that made its units, and what undid it. Log
//! indexes only. Not here: parts of certificates that were made for it (`money`), the file they
//! travel in (`consignment`), shipments themselves (`goods_views`).

use super::Register;
use crate::names::UnitKey;
use crate::trace::{EventHandle, Unit};

impl Register {
    /// The entries that packed a unit and took out of it, as it was just before an event; oldest
    /// first, the one that filled it leading.
    #[must_use]
    pub fn packings_of(&self, unit: &UnitKey, before: EventHandle) -> Vec<u64> {
        let number = self.names.known(&unit.path()).map(|id| Unit(id.0));
        let events = number.map(|unit| self.goods.trace.packings_of(unit, before));
        events.into_iter().flatten().filter_map(|event| self.goods.index_of(event)).collect()
    }

    /// The entry that undid an event, if one did.
    #[must_use]
    pub fn voided_by(&self, event: EventHandle) -> Option<u64> {
        self.goods.index_of(self.goods.trace.voided_by(event)?)
    }
}
