//! The copy of the log that a monitor keeps: what was fetched is put aside, and becomes part of the
//! copy once it was found good. Not here: judging it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::audit::{LogSource, SourceError};
use crate::log::{TILE_WIDTH, TileLevel, TilePath, entries_of, push_entry, tiles_of};

/// A source whose tiles are put aside as they are fetched. A partial tile that is gone is cut from
/// the full one (C2SP tlog-tiles lets a log drop it then).
pub(super) struct Recording<'a> {
    pub source: &'a dyn LogSource,
    pub incoming: &'a Path,
}

impl LogSource for Recording<'_> {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let Ok(tile) = TilePath::parse(path) else { return self.source.fetch(path) };
        let found = match self.source.fetch(path)? {
            None if tile.width != TILE_WIDTH => {
                let full = TilePath { width: TILE_WIDTH, ..tile };
                self.source.fetch(&full.to_string())?.and_then(|bytes| cut(&bytes, &tile))
            }
            found => found,
        };
        if let Some(bytes) = &found {
            put(&self.incoming.join(path), bytes).map_err(|error| SourceError {
                what: path.to_owned(),
                reason: format!("cannot be kept: {error}"),
                damaged: None,
            })?;
        }
        Ok(found)
    }
}

/// The first part of a full tile.
fn cut(full: &[u8], part: &TilePath) -> Option<Vec<u8>> {
    let width = usize::from(part.width);
    match part.level {
        TileLevel::Hashes(_) => full.get(..width.checked_mul(32)?).map(<[u8]>::to_vec),
        TileLevel::Entries => {
            let mut bundle = Vec::new();
            for entry in entries_of(full).ok()?.get(..width)? {
                push_entry(&mut bundle, entry).ok()?;
            }
            Some(bundle)
        }
    }
}

fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// Makes the tiles that were put aside part of the copy: those that a tree of `size` has.
pub(super) fn take_over(incoming: &Path, log: &Path, size: u64) -> std::io::Result<()> {
    for path in tiles_of(size).map(|path| path.to_string()) {
        let fresh = incoming.join(&path);
        if !fresh.is_file() {
            continue;
        }
        let place = log.join(&path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::File::open(&fresh)?.sync_all()?;
        fs::rename(&fresh, &place)?;
    }
    discard(incoming)
}

/// Drops the partial tiles of a smaller tree that a tree of `size` has no use for.
pub(super) fn drop_partial(log: &Path, older: u64, size: u64) {
    let kept: std::collections::BTreeSet<TilePath> = tiles_of(size).collect();
    let partial = |path: &TilePath| path.width != TILE_WIDTH && !kept.contains(path);
    for path in tiles_of(older).filter(partial) {
        // One that stays is of no harm.
        let _ = fs::remove_file(log.join(path.to_string()));
    }
}

/// Forgets what was put aside.
pub(super) fn discard(incoming: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(incoming) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Keeps what was put aside as evidence, unless it is kept already.
pub(super) fn set_aside(incoming: &Path, evidence: &PathBuf) -> std::io::Result<()> {
    if !incoming.is_dir() || evidence.exists() {
        return discard(incoming);
    }
    if let Some(folder) = evidence.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(incoming, evidence)
}
