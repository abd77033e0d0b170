//! The copy of the log that a monitor keeps: what was fetched is put aside, and becomes part of the
//! copy once it was found good. Not here: judging it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::log::{TILE_WIDTH, TilePath, tiles_of};
use crate::os::files;
use crate::source::{LogSource, Part, SourceError};

/// A source whose tiles are put aside as they are fetched.
pub(super) struct Recording<'a> {
    pub source: &'a dyn LogSource,
    pub incoming: &'a Path,
}

impl LogSource for Recording<'_> {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        let found = match part {
            // They are not in the tree: audits look at them.
            Part::Sidecars(_) => None,
            part => self.source.fetch(part)?,
        };
        if let (Part::Tile(path), Some(bytes)) = (part, &found) {
            put(&self.incoming.join(path.to_string()), bytes).map_err(|error| {
                SourceError::unreadable(part, format!("cannot be kept: {error}"))
            })?;
        }
        Ok(found)
    }
}

/// What is put aside is fetched again where it is lost: it is synced when it is taken over.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// Makes the tiles that were put aside part of the copy: those that a tree of `size` has.
pub(super) fn take_over(incoming: &Path, log: &Path, size: u64) -> std::io::Result<()> {
    let mut touched = BTreeSet::new();
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
        let below = Path::new(&path).ancestors().skip(1);
        touched.extend(below.map(|folder| log.join(folder)));
    }
    touched.iter().try_for_each(|folder| files::sync_folder(folder))?;
    discard(incoming)
}

/// Drops the partial tiles of a smaller tree that a tree of `size` has no use for.
pub(super) fn drop_partial(log: &Path, older: u64, size: u64) {
    let kept: BTreeSet<TilePath> = tiles_of(size).collect();
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
