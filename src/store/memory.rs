//! A store in memory, for tests and tools that need no disk.
//! Not durable, and without faults (those are in `faulty`). DESIGN, "Stores".

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use super::{Batch, Store, StoreError};

/// Rows in memory.
pub(super) type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A store that lives as long as its value.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: RwLock<Rows>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        until: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        scan_rows(&self.rows.read().unwrap_or_else(PoisonError::into_inner), from, until, visit);
        Ok(())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        batch.check()?;
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        expect_row(&rows, batch)?;
        rows.extend(batch.puts.iter().cloned());
        Ok(())
    }

    fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn disk_bytes(&self) -> u64 {
        0
    }
}

/// Refuses a batch whose condition does not hold.
pub(super) fn expect_row(rows: &Rows, batch: &Batch) -> Result<(), StoreError> {
    let holds = rows.get(&batch.expect.key) == batch.expect.value.as_ref();
    if holds { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Visits rows in order.
pub(super) fn scan_rows(
    rows: &Rows,
    from: &[u8],
    until: &[u8],
    visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
) {
    if from >= until {
        return; // BTreeMap::range panics on a range that runs backwards
    }
    let range = (Bound::Included(from), Bound::Excluded(until));
    for (key, value) in rows.range::<[u8], _>(range) {
        if !visit(key, value) {
            return;
        }
    }
}
