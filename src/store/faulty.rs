//! A store in memory that fails as disks fail, the same way for the same seed; for ledger tests.
//! Never a torn read or half a batch: no engine may show those. DESIGN, "Stores".

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::memory::{Rows, expect_row, scan_rows};
use super::{Batch, Cause, Store, StoreError};

/// What happens to a batch whose commit answers [`StoreError::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It failed before anything was applied.
    NotApplied,
    /// It is visible until the store is reopened, then gone: applied, never flushed.
    LostAtReopen,
    /// It is kept for ever although the writer was told that it failed.
    Kept,
    /// There is no space for it: it is refused before anything is written, and the next is taken.
    Full,
}

/// A store whose commits fail at chosen moments. After a fault every commit is refused as
/// [`StoreError::Fatal`] until [`FaultyStore::reopen`].
#[derive(Debug)]
pub struct FaultyStore {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    visible: Rows,
    durable: Rows,
    plan: Plan,
    commits: u64,
    failed: bool,
    heals: bool,
}

#[derive(Debug)]
enum Plan {
    Once { nth: u64, fault: Fault },
    Seeded { random: u64, one_in: u64 },
}

impl FaultyStore {
    /// Fails the `nth` commit that meets its condition (the first is 1), and no other.
    #[must_use]
    pub fn failing(nth: u64, fault: Fault) -> Self {
        Self::with(Plan::Once { nth, fault })
    }

    /// Fails about one commit in `one_in` (0: none), chosen by `seed`.
    #[must_use]
    pub fn seeded(seed: u64, one_in: u64) -> Self {
        Self::with(Plan::Seeded { random: seed, one_in })
    }

    fn with(plan: Plan) -> Self {
        let (visible, durable) = (Rows::new(), Rows::new());
        let (commits, failed, heals) = (0, false, false);
        Self { state: Mutex::new(State { visible, durable, plan, commits, failed, heals }) }
    }

    /// Says that space is missing when it fails, and is well again when it is asked to be
    /// [`Store::ready`].
    #[must_use]
    pub fn healing(self) -> Self {
        self.state().heals = true;
        self
    }

    /// What a restart does: the durable rows are all there is, and commits are taken again.
    pub fn reopen(&self) {
        let mut state = self.state();
        state.visible = state.durable.clone();
        state.failed = false;
    }

    /// Whether a fault struck since the store was opened.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.state().failed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for FaultyStore {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.state().visible.get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        until: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let rows = self.state().visible.clone(); // the visitor may use the store
        scan_rows(&rows, from, until, visit);
        Ok(())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        batch.check()?;
        let mut state = self.state();
        if state.failed {
            return Err(StoreError::fatal("commit")("a commit failed before this one"));
        }
        expect_row(&state.visible, batch)?;
        let fault = state.next_fault();
        if fault == Some(Fault::Full) {
            return Err(StoreError::fatal("find room")(Cause::DiskFull.to_error()));
        }
        if fault != Some(Fault::NotApplied) {
            state.visible.extend(batch.puts.iter().cloned());
        }
        if matches!(fault, None | Some(Fault::Kept)) {
            state.durable.extend(batch.puts.iter().cloned());
        }
        if fault.is_none() {
            return Ok(());
        }
        state.failed = true;
        Err(match state.heals {
            true => StoreError::unknown("commit")(Cause::DiskFull.to_error()),
            false => StoreError::unknown("commit")("injected fault"),
        })
    }

    fn ready(&self) -> Result<(), StoreError> {
        if self.state().heals {
            self.reopen();
        }
        match self.failed() {
            false => Ok(()),
            true => Err(StoreError::fatal("commit")("a commit failed before this one")),
        }
    }

    fn disk_bytes(&self) -> u64 {
        0
    }
}

impl State {
    fn next_fault(&mut self) -> Option<Fault> {
        self.commits += 1;
        match &mut self.plan {
            Plan::Once { nth, fault } => (self.commits == *nth).then_some(*fault),
            Plan::Seeded { one_in: 0, .. } => None,
            Plan::Seeded { random, one_in } => {
                let drawn = split_mix(random);
                let kind = match (drawn >> 32) % 3 {
                    0 => Fault::NotApplied,
                    1 => Fault::LostAtReopen,
                    _ => Fault::Kept,
                };
                drawn.is_multiple_of(*one_in).then_some(kind)
            }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a seeded sequence, not a secret one.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Batch {
        Batch::expecting(b"h", None).put(b"h", b"1")
    }

    #[test]
    fn each_fault_shows_and_keeps_what_it_says() {
        for (fault, visible, kept) in [
            (Fault::NotApplied, false, false),
            (Fault::LostAtReopen, true, false),
            (Fault::Kept, true, true),
        ] {
            let store = FaultyStore::failing(1, fault);
            assert_eq!(store.commit(&one()).unwrap_err().code(), "store_unknown");
            assert_eq!(store.read(b"h").unwrap().is_some(), visible, "{fault:?}");
            assert_eq!(store.commit(&one()).unwrap_err().code(), "store_fatal");
            store.reopen();
            assert_eq!(store.read(b"h").unwrap().is_some(), kept, "{fault:?}");
            assert_eq!(store.commit(&one()).is_ok(), !kept);
        }
    }

    #[test]
    fn one_seed_one_history() {
        let history = |seed| {
            let store = FaultyStore::seeded(seed, 4);
            let commit = |_| {
                let head = store.read(b"h").unwrap();
                let batch = Batch::expecting(b"h", head.as_deref());
                let next = head.map_or(0, |value| value.len()) + 1;
                let failed = store.commit(&batch.put(b"h", vec![0; next])).is_err();
                store.reopen();
                (failed, store.read(b"h").unwrap().map(|value| value.len()))
            };
            (0..100).map(commit).collect::<Vec<_>>()
        };
        assert_eq!(history(7), history(7));
        assert_ne!(history(7), history(8));
        let faults = history(7).iter().filter(|(failed, _)| *failed).count();
        assert!((10..45).contains(&faults), "{faults}");
    }
}
