//! Writes one published state of a log to a folder, new or grown: what the checkpoint implies, each
//! tile checked against the root before it is written. The checkpoint is written last, so that a
//! copy that was cut off is never taken for a whole one.

use std::path::Path;

use super::ExportError;
use super::documents::{Documents, Pinned, cosigned};
use super::folder::ExportFolder;
use super::tiles::{LEVELS, Tiles, hashes_of, must};
use crate::limits::LOG_ENTRIES_MAX;
use crate::log::{
    Checkpoint, Hash, Leaf, NoteKey, TILE_WIDTH, TileLevel, TilePath, entries_of, tiles_at,
    tiles_of, verify_checkpoint,
};
use crate::source::{LogSource, Part};
use crate::statement::Domain;

/// What to write beside the log.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// The root key that the source must have; without it the one that the folder has had before.
    pub root: Option<String>,
    /// Each signed certificate as a file of its own, `certificates/SERIAL.json`.
    pub certificates: bool,
}

/// What was written.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Exported {
    /// Entries under the checkpoint.
    pub size: u64,
    /// Entries that the folder had before.
    pub before: u64,
    /// Files written.
    pub files: u64,
    /// Files that were there already.
    pub kept: u64,
    /// Partial tiles removed, since their full tiles are there now.
    pub removed: u64,
    /// The root key that the copy is under; None if the source has no trust snapshot.
    pub root: Option<String>,
    /// Who says that it is that one.
    pub pinned: Option<Pinned>,
}

/// Exports a log to a folder, or brings an export up to date. `progress` is told the number of
/// tiles done, and of all.
///
/// # Errors
/// A source or folder that fails, a folder of another log, or one that is ahead of the source or
/// beside it; nothing is taken back, but no checkpoint is written then.
pub fn export(
    source: &dyn LogSource,
    folder: &Path,
    options: &ExportOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ExportError> {
    let vkey = must(source, &Part::LogKey)?;
    let key = NoteKey::parse(String::from_utf8_lossy(&vkey).trim_end())
        .map_err(|fault| ExportError::Checkpoint { what: "vkey", fault })?;
    let mut folder = ExportFolder::at(folder, "log/vkey")?;
    let old = found(&folder, &vkey, &key)?;
    // First the documents, so that the checkpoint covers all they speak of.
    let documents = Documents::fetch(source, &folder, &key, options.root.as_deref())?;
    let note = must(source, &Part::Checkpoint)?;
    let new = verify_checkpoint(&String::from_utf8_lossy(&note), &key, key.name())
        .map_err(|fault| ExportError::Checkpoint { what: "checkpoint", fault })?;
    if new.size > LOG_ENTRIES_MAX {
        let reason = format!("it says {} entries, which no log has", new.size);
        return Err(ExportError::Damaged { path: "checkpoint".to_owned(), reason });
    }
    let before = old.as_ref().map_or(0, |old| old.size);
    if before > new.size {
        return Err(ExportError::Ahead { folder: folder.name(), theirs: before, ours: new.size });
    }
    let mut tiles = Tiles::of(source, &new)?;
    if let Some(old) = &old
        && !tiles.contain(old)?
    {
        return Err(ExportError::Fork { folder: folder.name(), size: old.size });
    }
    folder.put("log/vkey", &vkey)?;
    let whole = options.certificates && !folder.keeps("certificates/0.json");
    let certificates = options.certificates.then(|| Certificates::of(&key, whole)).flatten();
    let mut writing = Writing { folder: &mut folder, tiles: &tiles, before, certificates };
    writing.all(new.size, progress)?;
    sidecars(source, &mut folder, before, new.size)?;
    if let Some(documents) = &documents {
        documents.write(source, &mut folder)?;
        cosigned(source, &mut folder, &key, new.size)?;
    }
    folder.sync()?;
    folder.put("log/checkpoint", &note)?;
    folder.sync()?;
    remove_outgrown(&mut folder, before, new.size)?;
    let ExportFolder { written, kept, removed, .. } = folder;
    let (root, pinned) = documents.map(|documents| documents.root).unzip();
    Ok(Exported { size: new.size, before, files: written, kept, removed, root, pinned })
}

/// The checkpoint a folder has; None if it is new, or its first export did not end.
fn found(
    folder: &ExportFolder,
    vkey: &[u8],
    key: &NoteKey,
) -> Result<Option<Checkpoint>, ExportError> {
    let refuse = |reason: String| ExportError::Folder { folder: folder.name(), reason };
    let Some(theirs) = folder.read("log/vkey")? else { return Ok(None) };
    if theirs.trim_ascii_end() != vkey.trim_ascii_end() {
        let theirs: String = String::from_utf8_lossy(&theirs).trim_end().chars().take(99).collect();
        return Err(refuse(format!("it holds the log {theirs}")));
    }
    let Some(note) = folder.read("log/checkpoint")? else { return Ok(None) };
    let checkpoint = verify_checkpoint(&String::from_utf8_lossy(&note), key, key.name());
    checkpoint.map(Some).map_err(|fault| refuse(format!("its checkpoint is damaged ({fault})")))
}

/// Tiles being written, from the top of the tree down.
struct Writing<'a> {
    folder: &'a mut ExportFolder,
    tiles: &'a Tiles<'a>,
    /// Entries the folder had under its checkpoint: its full tiles below that stand.
    before: u64,
    certificates: Option<Certificates>,
}

impl Writing<'_> {
    fn all(&mut self, size: u64, progress: &mut dyn FnMut(u64, u64)) -> Result<(), ExportError> {
        // Hashes from the top down, then the entries: each is checked by one written before.
        let levels = (0..LEVELS).rev().map(TileLevel::Hashes).chain([TileLevel::Entries]);
        let all = levels.clone().map(|level| tiles_at(level, size).count() as u64).sum();
        let paths = levels.flat_map(|level| tiles_at(level, size));
        let mut above: Option<(TilePath, Vec<Hash>)> = None;
        for (done, path) in (1..).zip(paths) {
            let other = self.judge_of(&path);
            if let Some(other) = other.filter(|o| above.as_ref().is_none_or(|(had, _)| had != o)) {
                above = Some((other, self.hashes(&other)?));
            }
            let hashes = above.as_ref().map_or(&[][..], |(_, hashes)| hashes);
            self.one(&path, hashes)?;
            progress(done, all);
        }
        Ok(())
    }

    /// The tile that says whether one is good: of a full tile the one above, of a bundle its
    /// hashes.
    fn judge_of(&self, path: &TilePath) -> Option<TilePath> {
        match path.level {
            TileLevel::Entries => Some(self.tiles.path(0, path.index)),
            TileLevel::Hashes(level) if path.width == TILE_WIDTH => {
                Some(self.tiles.path(level + 1, path.index / u64::from(TILE_WIDTH)))
            }
            TileLevel::Hashes(_) => None,
        }
    }

    fn hashes(&self, path: &TilePath) -> Result<Vec<Hash>, ExportError> {
        if let Some(hashes) = self.tiles.at_edge(path) {
            return Ok(hashes);
        }
        let path = Part::Tile(*path).file();
        let bytes = self.folder.read(&path)?;
        Ok(hashes_of(&bytes.ok_or(ExportError::Missing { path })?))
    }

    fn one(&mut self, path: &TilePath, other: &[Hash]) -> Result<(), ExportError> {
        let file = Part::Tile(*path).file();
        // What is there already may have been damaged since: it is kept if it is still good.
        let there = self.folder.read(&file)?.filter(|there| self.tiles.holds(path, there, other));
        let stands = there.is_some() && path.width == TILE_WIDTH && path.check(self.before).is_ok();
        let bytes = match there {
            Some(bytes) => {
                self.folder.kept += 1;
                bytes
            }
            None => {
                let bytes = self.tiles.bytes(path)?;
                if !self.tiles.holds(path, &bytes, other) {
                    let reason = "it does not lead to the checkpoint's root".to_owned();
                    return Err(ExportError::Damaged { path: path.to_string(), reason });
                }
                self.folder.put(&file, &bytes)?;
                bytes
            }
        };
        match (path.level, &self.certificates) {
            (TileLevel::Entries, Some(wanted)) if wanted.whole || !stands => {
                wanted.write(self.folder, &bytes)
            }
            _ => Ok(()),
        }
    }
}

/// The pages of sidecars, where there are any. What is logged takes none on later: full pages
/// stand, unless they are damaged in form; audits verify what is in them.
fn sidecars(
    source: &dyn LogSource,
    folder: &mut ExportFolder,
    before: u64,
    size: u64,
) -> Result<(), ExportError> {
    let width = u64::from(TILE_WIDTH);
    for page in 0..size.div_ceil(width) {
        let file = Part::Sidecars(page).file();
        let there = if page < before / width { folder.read(&file)? } else { None };
        if there.is_some_and(|there| is_full_page(&there)) {
            folder.kept += 1;
            continue;
        }
        if let Some(bytes) = source.sidecars(page, size)? {
            folder.put(&file, &bytes)?;
        }
    }
    Ok(())
}

/// Whether bytes have the form of a page in which every entry has its place.
fn is_full_page(bytes: &[u8]) -> bool {
    entries_of(bytes).is_ok_and(|sidecars| {
        sidecars.len() == usize::from(TILE_WIDTH) && sidecars.iter().any(|it| !it.is_empty())
    })
}

/// Which certificates become files of their own.
struct Certificates {
    domain: Domain,
    /// Also those in bundles that the folder has already.
    whole: bool,
}

impl Certificates {
    fn of(key: &NoteKey, whole: bool) -> Option<Self> {
        let host = key.name().strip_suffix("/log")?;
        Some(Self { domain: Domain::parse(host).ok()?, whole })
    }

    fn write(&self, folder: &mut ExportFolder, bundle: &[u8]) -> Result<(), ExportError> {
        #[derive(serde::Deserialize)]
        struct Named {
            id: String,
        }
        // The hashes were compared: what is no leaf here is none in the log, and audits say so.
        for entry in entries_of(bundle).unwrap_or_default() {
            let Ok(leaf) = Leaf::parse(entry) else { continue };
            let Ok(named) = serde_json::from_slice::<Named>(leaf.statement) else { continue };
            if let Some(serial) = self.domain.serial_of(&named.id) {
                folder.put(&format!("certificates/{serial}.json"), leaf.statement)?;
            }
        }
        Ok(())
    }
}

/// Removes the partial tiles of places that are full now.
fn remove_outgrown(folder: &mut ExportFolder, old: u64, new: u64) -> Result<(), ExportError> {
    for path in tiles_of(old).filter(|path| path.width != TILE_WIDTH) {
        let full = TilePath { width: TILE_WIDTH, ..path };
        if full.check(new).is_ok() {
            folder.remove(&format!("log/{full}.p"))?;
        }
    }
    Ok(())
}
