//! Pages of sidecars (docs/FORMAT.md, sidecars) as sources give them, cut where a log ends. They
//! are not in the tree: what is missing of them is no fault. Not here: whether they are good
//! (`verify`).

use crate::log::{LogError, TILE_WIDTH, entries_of, push_entry};

/// A page of sidecars, cut where a log of `size` entries ends, which it may be newer than; None if
/// none of its entries has one.
///
/// # Errors
/// What is no such page.
pub fn cut_sidecars(bytes: &[u8], page: u64, size: u64) -> Result<Option<Vec<u8>>, LogError> {
    let below = size.saturating_sub(page.saturating_mul(u64::from(TILE_WIDTH)));
    let below = usize::try_from(below).unwrap_or(usize::MAX);
    let (mut page, mut filled) = (Vec::with_capacity(bytes.len()), false);
    for sidecar in entries_of(bytes)?.into_iter().take(below) {
        push_entry(&mut page, sidecar)?;
        filled |= !sidecar.is_empty();
    }
    Ok(filled.then_some(page))
}
