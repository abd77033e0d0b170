//! The rows of a ledger in its store: `e` + index: leaf; `t` + level + index: full hash tile;
//! `h`: head; `j` + index: sidecar. One batch changes all of them or none (docs/FORMAT.md, rows).

use serde::{Deserialize, Serialize};

use crate::log::{Hash, TILE_WIDTH, TileLevel, TilePath, push_entry};
use crate::statement::Timestamp;
use crate::store::{Batch, Store, StoreError};

/// The head's row.
pub const HEAD: &[u8] = b"h";

/// What the head row holds: the tree the last batch left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root.
    pub root: Hash,
    /// Log time of the last entry.
    pub last_at: Timestamp,
}

impl Head {
    /// The row's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Three plain members: serialising has no way to fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The key of an entry.
pub fn entry_key(index: u64) -> Vec<u8> {
    let mut key = vec![b'e'];
    key.extend_from_slice(&index.to_be_bytes());
    key
}

/// The index in the key of an entry.
pub fn entry_index(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.strip_prefix(b"e")?.try_into().ok()?))
}

/// The key of an entry's sidecar.
pub fn sidecar_key(index: u64) -> Vec<u8> {
    let mut key = vec![b'j'];
    key.extend_from_slice(&index.to_be_bytes());
    key
}

/// The key of a full hash tile.
pub fn tile_key(level: u8, index: u64) -> Vec<u8> {
    let mut key = vec![b't', level];
    key.extend_from_slice(&index.to_be_bytes());
    key
}

/// The full hash tiles that appear when a tree grows from `old` to `new` leaves.
pub(super) fn new_full_tiles(old: u64, new: u64) -> Vec<TilePath> {
    let mut tiles = Vec::new();
    for level in 0_u8..8 {
        let full = |size: u64| size.checked_shr(u32::from(level) * 8 + 8).unwrap_or_default();
        let path = |index| TilePath { level: TileLevel::Hashes(level), index, width: TILE_WIDTH };
        tiles.extend((full(old)..full(new)).map(path));
    }
    tiles
}

/// The batch that moves the head from `before` to `head`, with the full tiles that the tree gains;
/// the entries are still to be put in.
pub(super) fn growth(
    full: impl Iterator<Item = (TilePath, Option<Vec<u8>>)>,
    before: Option<&[u8]>,
    head: &Head,
) -> Batch {
    let mut batch = Batch::expecting(HEAD, before).put(HEAD, head.to_bytes());
    for (path, tile) in full {
        let TileLevel::Hashes(level) = path.level else { continue };
        batch = batch.put(tile_key(level, path.index), tile.unwrap_or_default());
    }
    batch
}

/// The bundle of entries a path names, from the rows; None if an entry is missing.
///
/// # Errors
/// The store's.
pub fn stored_entries(store: &dyn Store, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
    let first = path.index.saturating_mul(256);
    let last = first.saturating_add(u64::from(path.width));
    let mut bundle = Vec::new();
    let mut next = first;
    store.scan(&entry_key(first), &entry_key(last), &mut |key, bytes| {
        let good = entry_index(key) == Some(next) && push_entry(&mut bundle, bytes).is_ok();
        next = next.saturating_add(u64::from(good));
        good
    })?;
    Ok((next == last).then_some(bundle))
}

/// The bytes of an entry, from the rows.
///
/// # Errors
/// The store's.
pub fn stored_entry(store: &dyn Store, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
    store.read(&entry_key(index))
}

/// A full hash tile from the rows.
///
/// # Errors
/// The store's.
pub fn stored_tile(
    store: &dyn Store,
    level: u8,
    index: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    store.read(&tile_key(level, index))
}

/// The sidecar of an entry, from the rows: a detached vc+jwt.
///
/// # Errors
/// The store's.
pub fn stored_sidecar(store: &dyn Store, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
    store.read(&sidecar_key(index))
}

/// A page of sidecars, from the rows: those of the entries from 256 times `page` on, below `size`,
/// each behind its length in two bytes; an entry without one has length 0. None beyond the log.
///
/// # Errors
/// The store's.
pub fn stored_sidecars(
    store: &dyn Store,
    page: u64,
    size: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let first = page.saturating_mul(256);
    let last = first.saturating_add(256).min(size);
    if first >= last {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let mut next = first;
    store.scan(&sidecar_key(first), &sidecar_key(last), &mut |key, jwt| {
        let found = key.strip_prefix(b"j").and_then(|key| key.try_into().ok());
        let Some(index) = found.map(u64::from_be_bytes) else { return true };
        (next..index).for_each(|_| bytes.extend_from_slice(&[0, 0]));
        // One that is too long was never written; whoever checks the page finds it missing.
        if push_entry(&mut bytes, jwt).is_err() {
            bytes.extend_from_slice(&[0, 0]);
        }
        next = index.saturating_add(1);
        true
    })?;
    (next..last).for_each(|_| bytes.extend_from_slice(&[0, 0]));
    Ok(Some(bytes))
}
