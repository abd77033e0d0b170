//! Pages of sidecars (docs/FORMAT.md, sidecars) as sources give them, cut where a log ends. They
//! are not in the tree: what is missing of them is no fault. Not here: whether they are good
//! (`verify`).

use super::log_source::{LogSource, SourceError};
use crate::log::{LogError, TILE_WIDTH, entries_of, push_entry};

/// A page of sidecars as a source gives it, cut where a log of `size` entries ends; None if none of
/// its entries has one.
///
/// # Errors
/// A source that cannot be read, or what is no such page.
pub fn sidecar_page(
    source: &dyn LogSource,
    page: u64,
    size: u64,
) -> Result<Option<Vec<u8>>, SourceError> {
    let Some(bytes) = source.sidecars(page)? else { return Ok(None) };
    cut_sidecars(&bytes, page, size)
        .map_err(|error| SourceError::unreadable(format!("sidecars/{page}"), error))
}

/// The same of bytes at hand: a page may be newer than the log that is looked at.
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
