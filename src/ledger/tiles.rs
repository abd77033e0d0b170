//! The log's tree over the store: the right edge from the rows at the end of the log, full tiles
//! from their rows, those lately used from memory. Nothing here grows with the log.
//! Not the arithmetic, nor the check that a tile is of the tree: both are in `log`.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::LedgerError;
use super::layout::{Head, entry_index, entry_key, tile_key};
use crate::limits::TILES_CACHED_MAX;
use crate::log::{Edge, Hash, HashTile, HashTiles, LogError, TileLevel, TilePath, TiledTree};
use crate::log::{TILE_WIDTH, leaf_hash};
use crate::store::Store;

/// The tree of the log.
pub(super) type LogTree = TiledTree<Arc<StoredTiles>>;

/// The tree under a head, from the store alone: the entries and tiles at its right edge are read,
/// and must give the head's root.
///
/// # Errors
/// The store's; rows that are missing or give another root.
pub(super) fn stored_tree(
    store: &Arc<dyn Store>,
    head: Option<&Head>,
) -> Result<LogTree, LedgerError> {
    let cache = RwLock::new(Cache::of(TILES_CACHED_MAX));
    let tiles = Arc::new(StoredTiles { store: store.clone(), cache });
    let Some(head) = head else { return Ok(TiledTree::new(Edge::new(), tiles)) };
    let edge = Edge::resume(head.size, &mut |path| tiles.partial(&path))?;
    if edge.root() != head.root {
        let reason = "entries, tiles and head do not fit together".to_owned();
        return Err(LedgerError::Broken { index: head.size, reason });
    }
    Ok(TiledTree::new(edge, tiles))
}

/// The full tiles in the store, and in memory those that were used last.
pub(super) struct StoredTiles {
    store: Arc<dyn Store>,
    cache: RwLock<Cache>,
}

impl StoredTiles {
    /// The hashes of the partial tile at `path`, from the entries or from the full tiles that they
    /// are the roots of. Of those nothing is checked but by the root they give.
    fn partial(&self, path: &TilePath) -> Result<Vec<Hash>, LedgerError> {
        let first = path.index.saturating_mul(u64::from(TILE_WIDTH));
        let end = first.saturating_add(u64::from(path.width));
        match path.level {
            TileLevel::Hashes(above @ 1..) => {
                let below = above - 1;
                (first..end).map(|index| self.root_of(below, index)).collect()
            }
            _ => self.leaf_hashes(first, end),
        }
    }

    fn root_of(&self, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let path = TilePath { level: TileLevel::Hashes(level), index, width: TILE_WIDTH };
        let bytes = self.read(level, index)?.ok_or(LogError::TileMissing { path })?;
        let tile = HashTile::full(&bytes).ok_or(LogError::TileDamaged { path })?;
        let root = tile.root().ok_or(LogError::TileDamaged { path })?;
        self.keep(level, index, Arc::new(tile));
        Ok(root)
    }

    fn leaf_hashes(&self, first: u64, end: u64) -> Result<Vec<Hash>, LedgerError> {
        let mut hashes = Vec::new();
        let mut next = first;
        self.store.scan(&entry_key(first), &entry_key(end), &mut |key, bytes| {
            let good = entry_index(key) == Some(next);
            if good {
                hashes.push(leaf_hash(bytes));
                next = next.saturating_add(1);
            }
            good
        })?;
        if next == end {
            return Ok(hashes);
        }
        let reason = "it is missing in the store".to_owned();
        Err(LedgerError::Broken { index: next, reason })
    }
}

impl HashTiles for StoredTiles {
    type Fault = LedgerError;

    fn known(&self, level: u8, index: u64) -> Option<Arc<HashTile>> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner).get(level, index)
    }

    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.store.read(&tile_key(level, index))?)
    }

    fn keep(&self, level: u8, index: u64, tile: Arc<HashTile>) {
        self.cache.write().unwrap_or_else(PoisonError::into_inner).put(level, index, tile);
    }
}

/// A question to the tree that it cannot answer, told by the first entry that it is about.
impl From<LogError> for LedgerError {
    fn from(fault: LogError) -> Self {
        let index = match &fault {
            LogError::Index { index, .. } => *index,
            LogError::Size { size, .. } => *size,
            LogError::Tile { path, .. }
            | LogError::TileMissing { path }
            | LogError::TileDamaged { path } => first_leaf(path),
            _ => 0,
        };
        Self::Broken { index, reason: fault.to_string() }
    }
}

fn first_leaf(path: &TilePath) -> u64 {
    let level = match path.level {
        TileLevel::Hashes(level) => u32::from(level),
        TileLevel::Entries => 0,
    };
    let shift = level.saturating_mul(8).saturating_add(8);
    path.index.saturating_mul(1_u64.checked_shl(shift).unwrap_or(u64::MAX))
}

/// Tiles in memory, at most so many: the one that was put in first goes first, unless it was used
/// since its turn came last. So a walk over all tiles does not push out those of the upper levels,
/// which every proof uses.
struct Cache {
    tiles: HashMap<(u8, u64), Slot>,
    order: VecDeque<(u8, u64)>,
    max: usize,
}

struct Slot {
    tile: Arc<HashTile>,
    used: AtomicBool,
}

impl Cache {
    fn of(max: usize) -> Self {
        Self { tiles: HashMap::new(), order: VecDeque::new(), max }
    }

    fn get(&self, level: u8, index: u64) -> Option<Arc<HashTile>> {
        let slot = self.tiles.get(&(level, index))?;
        // Written only when it changes: readers on several cores share the line.
        if !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        Some(slot.tile.clone())
    }

    fn put(&mut self, level: u8, index: u64, tile: Arc<HashTile>) {
        let key = (level, index);
        if let Some(slot) = self.tiles.get_mut(&key) {
            slot.tile = tile;
            return;
        }
        while self.tiles.len() >= self.max {
            let Some(oldest) = self.order.pop_front() else { return };
            let used = self.tiles.get(&oldest).is_some_and(|slot| {
                // A second round finds it unused, so this ends.
                slot.used.swap(false, Ordering::Relaxed)
            });
            if used {
                self.order.push_back(oldest);
            } else {
                self.tiles.remove(&oldest);
            }
        }
        self.tiles.insert(key, Slot { tile, used: AtomicBool::new(false) });
        self.order.push_back(key);
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{HEAD, growth};
    use super::*;
    use crate::log::{Tree, verify_inclusion};
    use crate::statement::Timestamp;
    use crate::store::{Batch, MemoryStore};

    fn entry(index: u64) -> Vec<u8> {
        format!("entry {index}").into_bytes()
    }

    /// Entries `old..size` as the writer writes them, in one batch.
    fn write(store: &Arc<dyn Store>, tree: &mut LogTree, size: u64, before: Option<&Head>) -> Head {
        let old = tree.size();
        (old..size).for_each(|index| tree.append(leaf_hash(&entry(index))));
        let last_at = Timestamp::from_seconds(0);
        let head = Head { size, root: tree.root(), last_at };
        let full = tree.fresh().iter().map(|(path, tile)| (*path, tile.bytes(TILE_WIDTH)));
        let batch = growth(full, before.map(Head::to_bytes).as_deref(), &head);
        let batch = (old..size).fold(batch, |batch, i| batch.put(entry_key(i), entry(i)));
        store.commit(&batch).unwrap();
        tree.settle();
        head
    }

    fn made(size: u64) -> (Arc<dyn Store>, Head) {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let mut tree = stored_tree(&store, None).unwrap();
        let mut head = None;
        for size in (0..size).step_by(400).skip(1).chain([size]) {
            head = Some(write(&store, &mut tree, size, head.as_ref()));
        }
        (store, head.unwrap())
    }

    fn put(store: &Arc<dyn Store>, head: &Head, key: Vec<u8>, value: &[u8]) {
        store.commit(&Batch::expecting(HEAD, Some(&head.to_bytes())).put(key, value)).unwrap();
    }

    #[test]
    fn the_store_alone_gives_the_tree() {
        for size in [1, 255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 65_537, 66_000] {
            let (store, head) = made(size);
            let mut whole = Tree::new();
            (0..size).for_each(|index| whole.append(leaf_hash(&entry(index))));
            let tree = stored_tree(&store, Some(&head)).unwrap();
            assert_eq!((tree.size(), tree.root()), (size, whole.root()));
            for index in [0, size / 2, size - 1] {
                let proof = tree.inclusion(index, size).unwrap();
                let leaf = leaf_hash(&entry(index));
                verify_inclusion(&leaf, index, size, &proof, &head.root).unwrap();
                assert_eq!(tree.leaf(index).unwrap(), leaf);
                assert_eq!(tree.consistency(index, size).ok(), whole.consistency(index, size).ok());
            }
        }
    }

    #[test]
    fn a_tree_goes_on_where_it_was_opened() {
        let (store, mut head) = made(700);
        for size in [701, 767, 768, 1_100] {
            let mut tree = stored_tree(&store, Some(&head)).unwrap();
            head = write(&store, &mut tree, size, Some(&head));
        }
        let mut whole = Tree::new();
        (0..1_100).for_each(|index| whole.append(leaf_hash(&entry(index))));
        assert_eq!(stored_tree(&store, Some(&head)).unwrap().root(), whole.root());
    }

    #[test]
    fn rows_that_do_not_give_the_root_are_told() {
        let told = |store: &Arc<dyn Store>, head: &Head| {
            let Err(LedgerError::Broken { index, .. }) = stored_tree(store, Some(head)) else {
                panic!("it was opened")
            };
            index
        };
        let (store, head) = made(700);
        put(&store, &head, entry_key(699), b"another");
        assert_eq!(told(&store, &head), 700);
        let (store, head) = made(700);
        assert_eq!(told(&store, &Head { size: 701, ..head.clone() }), 700, "an entry is missing");
        put(&store, &head, tile_key(0, 1), b"short");
        assert_eq!(told(&store, &head), 256);
        put(&store, &head, tile_key(0, 1), &[0; 8_192]);
        assert_eq!(told(&store, &head), 700);
    }

    #[test]
    fn a_damaged_tile_away_from_the_edge_is_told_when_it_is_read() {
        let (store, head) = made(66_000);
        let good = store.read(&tile_key(0, 7)).unwrap().unwrap();
        let mut bad = good.clone();
        bad[100] ^= 1;
        put(&store, &head, tile_key(0, 7), &bad);
        let tree = stored_tree(&store, Some(&head)).unwrap();
        for _ in 0..2 {
            let fault = tree.inclusion(2_000, 66_000).unwrap_err();
            assert_eq!(
                (fault.code(), fault.to_string().contains("tile/0/007")),
                ("ledger_broken", true)
            );
        }
        assert!(tree.inclusion(2_048, 66_000).is_ok());
        put(&store, &head, tile_key(0, 7), &good);
        assert!(tree.inclusion(2_000, 66_000).is_ok());
    }

    #[test]
    fn the_cache_has_a_bound_and_keeps_what_is_used() {
        let mut cache = Cache::of(8);
        let tile = Arc::new(HashTile::default());
        cache.put(1, 0, tile.clone());
        for index in 0..1_000 {
            assert!(cache.get(1, 0).is_some(), "{index}");
            cache.put(0, index, tile.clone());
            cache.put(0, index, tile.clone());
            assert!(cache.tiles.len() <= 8 && cache.order.len() == cache.tiles.len());
        }
        assert!(cache.get(0, 999).is_some());
        assert!(cache.get(0, 0).is_none());
    }
}
