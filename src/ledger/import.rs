//! Taking over the entries of a log that was verified elsewhere: the rows the writer would have
//! made, in its atomic batches. Each entry is compared with the verified tree before it is written,
//! its sidecar comes with it. Not here: verifying the log (`audit`), the files around the store
//! (`backup`).

use super::LedgerError;
use super::error::broken;
use super::layout::{HEAD, Head, entry_key, growth, new_full_tiles, sidecar_key};
use crate::limits::BATCH_ENTRIES_MAX;
use crate::log::{Compared, Leaf, TileLevel, TilePath, Tree, entries_of, leaf_hash, tiles_of};
use crate::statement::Timestamp;
use crate::store::{BATCH_ROWS_MAX, Store, rows_of};

/// Rows of a batch that are kept free for the head and full tiles.
const ROWS_SPARE: usize = 16;

/// Where a log is taken from.
pub struct TakenFrom<'a> {
    /// The bundle of entries at a path.
    pub bundle: &'a mut dyn FnMut(&TilePath) -> Result<Vec<u8>, LedgerError>,
    /// The verified sidecars of the entries of one bundle; None if there are none.
    pub sidecars: &'a mut dyn FnMut(u64) -> Result<Option<Vec<u8>>, LedgerError>,
}

/// Writes the entries of `tree` that `store` does not have yet; an interrupted call is taken up
/// where it ended. `progress` is told the number of entries stored. The answer: entries written.
///
/// # Errors
/// A store that holds another log, or more than `tree`; bundles that are not of `tree`; the
/// store's.
pub fn take_over(
    store: &dyn Store,
    tree: &Tree,
    from: &mut TakenFrom<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, LedgerError> {
    let head = stored_head(store)?;
    let old = head.as_ref().map_or(0, |head| head.size);
    if let Some(head) = &head {
        match tree.compare(head.size, &head.root) {
            Compared::Same | Compared::Behind => {}
            Compared::Ahead => {
                return Err(LedgerError::SourceBehind { ours: old, theirs: tree.size() });
            }
            Compared::Forked => return Err(LedgerError::SourceFork { ours: old }),
        }
    }
    let mut growing = Growing { store, tree, head, waiting: Vec::new(), rows: ROWS_SPARE };
    let wanted = |path: &TilePath| {
        let end = path.index.saturating_mul(256).saturating_add(u64::from(path.width));
        path.level == TileLevel::Entries && end > old
    };
    for path in tiles_of(tree.size()).filter(wanted) {
        growing.take(&path, &(from.bundle)(&path)?, (from.sidecars)(path.index)?, old)?;
        progress(growing.size());
    }
    growing.commit()?;
    progress(growing.size());
    Ok(growing.size().saturating_sub(old))
}

/// Number of entries a store has.
///
/// # Errors
/// The store's, or a head that is none.
pub fn stored_size(store: &dyn Store) -> Result<u64, LedgerError> {
    Ok(stored_head(store)?.map_or(0, |head| head.size))
}

fn stored_head(store: &dyn Store) -> Result<Option<Head>, LedgerError> {
    let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(broken(0));
    store.read(HEAD)?.map(read).transpose()
}

/// A store on its way to the tree.
struct Growing<'a> {
    store: &'a dyn Store,
    tree: &'a Tree,
    head: Option<Head>,
    waiting: Vec<Waiting>,
    rows: usize,
}

/// An entry to be written.
struct Waiting {
    index: u64,
    entry: Vec<u8>,
    at: Timestamp,
    /// Empty if it has none.
    sidecar: Vec<u8>,
}

impl Growing<'_> {
    fn size(&self) -> u64 {
        self.head.as_ref().map_or(0, |head| head.size)
    }

    fn take(
        &mut self,
        path: &TilePath,
        bytes: &[u8],
        sidecars: Option<Vec<u8>>,
        old: u64,
    ) -> Result<(), LedgerError> {
        let first = path.index.saturating_mul(256);
        let entries = entries_of(bytes).map_err(broken(first))?;
        if entries.len() != usize::from(path.width) {
            return Err(broken(first)(format!("{path} has {} entries", entries.len())));
        }
        let sidecars = sidecars.unwrap_or_default();
        let sidecars = if sidecars.is_empty() {
            Vec::new()
        } else {
            entries_of(&sidecars).map_err(broken(first))?
        };
        let sidecars = sidecars.into_iter().chain(std::iter::repeat(&[][..]));
        for (index, (entry, sidecar)) in (first..).zip(entries.into_iter().zip(sidecars)) {
            if index < old {
                continue;
            }
            if self.tree.leaf(index) != Some(leaf_hash(entry)) {
                return Err(broken(index)("it is not the entry that was verified"));
            }
            let at = Leaf::parse(entry).map_err(broken(index))?.logged_at;
            let rows = rows_of(entry.len()).saturating_add(match sidecar.len() {
                0 => 0,
                length => rows_of(length),
            });
            if self.waiting.len() >= BATCH_ENTRIES_MAX
                || self.rows.saturating_add(rows) > BATCH_ROWS_MAX
            {
                self.commit()?;
            }
            self.rows = self.rows.saturating_add(rows);
            let (entry, sidecar) = (entry.to_vec(), sidecar.to_vec());
            self.waiting.push(Waiting { index, entry, at, sidecar });
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), LedgerError> {
        let Some(last) = self.waiting.last() else { return Ok(()) };
        let (size, last_at) = (last.index.saturating_add(1), last.at);
        let root = self.tree.root_at(size).ok_or_else(|| broken(size)("beyond the tree"))?;
        let head = Head { size, root, last_at };
        let before = self.head.as_ref().map(Head::to_bytes);
        let full = new_full_tiles(self.size(), size).into_iter();
        let full = full.map(|path| (path, self.tree.tile(&path, size)));
        let batch = growth(full, before.as_deref(), &head);
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let batch = waiting.fold(batch, |batch, Waiting { index, entry, sidecar, .. }| {
            let batch = batch.put(entry_key(index), entry);
            if sidecar.is_empty() { batch } else { batch.put(sidecar_key(index), sidecar) }
        });
        self.store.commit(&batch)?;
        self.head = Some(head);
        self.rows = ROWS_SPARE;
        Ok(())
    }
}
