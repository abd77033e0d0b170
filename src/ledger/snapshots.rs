//! Snapshots of the register beside the store, so that a start folds only what was logged since:
//! when one is written, which are kept, which is taken up. None is trusted before its root is
//! found to be that of the store's tree at its size. Not here: the bytes (`register`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::error::broken;
use super::shared::Shared;
use super::tiles::LogTree;
use super::{Home, Ledger, LedgerError};
use crate::files;
use crate::limits::{
    SNAPSHOT_ENTRIES, SNAPSHOT_ENTRY_BYTES_MAX, SNAPSHOT_FREE_BYTES_MIN, SNAPSHOT_SHARE,
};
use crate::log::Hash;
use crate::register::{Register, Snapshot};

/// How many are kept: the newest, and one to fall back on.
const KEPT: usize = 2;

/// Between two looks at how much was logged.
const LOOK: Duration = Duration::from_secs(1);

/// A log that did not grow for so long is written, however little it grew before.
const QUIET: Duration = Duration::from_secs(60);

/// The snapshots of a data folder.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: PathBuf,
}

impl Snapshots {
    /// Those of a data folder.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self { folder: home.folder().join("snapshots") }
    }

    fn path(&self, size: u64) -> PathBuf {
        self.folder.join(format!("register-{size}"))
    }

    /// The sizes of those that are there, the largest first.
    fn sizes(&self) -> Vec<u64> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let size =
            |name: std::ffi::OsString| name.to_str()?.strip_prefix("register-")?.parse().ok();
        let mut sizes: Vec<u64> = names.filter_map(|file| size(file.file_name())).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    /// Those that a start may take up, as far as they themselves tell: the entries of each, and its
    /// digest.
    #[must_use]
    pub fn digests(&self, empty: &Register) -> Vec<(u64, Hash)> {
        let digest = |size: u64| Some((size, self.read(size, empty).ok()?.digest));
        self.sizes().into_iter().filter_map(digest).collect()
    }

    /// The one of so many entries, or why it is not to be used.
    fn read(&self, size: u64, empty: &Register) -> Result<Snapshot, String> {
        let path = self.path(size);
        let length = fs::metadata(&path).map_err(|error| error.to_string())?.len();
        if length > bytes_max(size) {
            return Err("it is longer than one of so many entries is".to_owned());
        }
        let bytes = fs::read(&path).map_err(|error| error.to_string())?;
        let read = Snapshot::read(&bytes, empty).map_err(|error| error.to_string())?;
        if read.register.size() == size {
            return Ok(read);
        }
        Err("its name is of another size".to_owned())
    }

    /// The newest that can be read, of at most `most` entries. What cannot be is told and left out:
    /// the log says the same.
    pub(super) fn newest(&self, empty: &Register, most: u64) -> Option<Snapshot> {
        let sizes = self.sizes();
        sizes.into_iter().filter(|size| *size <= most).find_map(|size| {
            let told = |reason: String| tell(&self.path(size), &reason);
            self.read(size, empty).map_err(told).ok()
        })
    }

    /// The newest that is of this tree, beginning with one that was read already.
    pub(super) fn fitting(
        &self,
        empty: &Register,
        first: Option<Snapshot>,
        tree: &LogTree,
    ) -> Result<Option<Snapshot>, LedgerError> {
        let mut candidate = first;
        while let Some(snapshot) = candidate {
            let size = snapshot.register.size();
            if size <= tree.size()
                && snapshot.root == tree.root_at(size)?
                && snapshot.prev == last_leaf(tree, size)?
            {
                return Ok(Some(snapshot));
            }
            tell(&self.path(size), "it is of another log, or of more of it than there is");
            candidate = size.checked_sub(1).and_then(|most| self.newest(empty, most));
        }
        Ok(None)
    }

    /// Whether the disk has room for one beside what the log will need: the log comes first.
    fn has_room(&self, entries: u64) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let disk = rustix::fs::statvfs(&self.folder)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let least = SNAPSHOT_FREE_BYTES_MIN;
        if free >= least.saturating_add(entries.saturating_mul(SNAPSHOT_ENTRY_BYTES_MAX)) {
            return Ok(());
        }
        let reason = "the disk has little room left, and the log comes first";
        Err(std::io::Error::new(std::io::ErrorKind::StorageFull, reason))
    }

    /// Writes one of a published state, and removes all but those that are kept.
    fn write(&self, register: &Register, root: &Hash, prev: &Hash) -> std::io::Result<()> {
        self.has_room(register.size())?;
        let mut write = |file: &mut dyn std::io::Write| {
            register.snapshot(root, prev, &mut |part| file.write_all(part)).map(drop)
        };
        files::replace_from(&self.path(register.size()), &mut write, 0o644)?;
        let kept: Vec<PathBuf> =
            self.sizes().into_iter().take(KEPT).map(|size| self.path(size)).collect();
        for file in fs::read_dir(&self.folder)?.flatten() {
            if !kept.contains(&file.path()) {
                // What cannot be removed now is tried again with the next one.
                let _ = fs::remove_file(file.path());
            }
        }
        Ok(())
    }
}

/// Longest file that is read as a snapshot of so many entries.
fn bytes_max(entries: u64) -> u64 {
    SNAPSHOT_FREE_BYTES_MIN.saturating_add(entries.saturating_mul(SNAPSHOT_ENTRY_BYTES_MAX))
}

/// The leaf hash of the last of `size` entries.
fn last_leaf(tree: &LogTree, size: u64) -> Result<Hash, LedgerError> {
    tree.leaf(size.checked_sub(1).ok_or_else(|| broken(0)("a snapshot of no entries"))?)
}

fn tell(path: &Path, reason: &str) {
    eprintln!("tasdiq: {}: {reason}: it is not used", path.display());
}

/// Writes snapshots beside the writer, as the log grows; ends with the ledger.
fn keep(snapshots: Snapshots, shared: &Arc<Shared>) {
    let size = shared.view().size;
    let written = snapshots.sizes().into_iter().find(|written| *written <= size);
    let written = written.unwrap_or_default();
    let shared: Weak<Shared> = Arc::downgrade(shared);
    let keep = move || {
        let mut seen = (written, Instant::now());
        let mut written = written;
        loop {
            std::thread::sleep(LOOK);
            let Some(shared) = shared.upgrade() else { return };
            let size = shared.view().size;
            if size != seen.0 {
                seen = (size, Instant::now());
            }
            let grown = size.saturating_sub(written);
            let many = grown >= SNAPSHOT_ENTRIES.max(written / SNAPSHOT_SHARE);
            let quiet = grown > 0 && size >= SNAPSHOT_ENTRIES && seen.1.elapsed() >= QUIET;
            if many || quiet {
                // What cannot be written is tried again once the log has grown as much again.
                written = size;
                if let Err(reason) = write(&snapshots, shared) {
                    eprintln!("tasdiq: a snapshot of the register was not written: {reason}");
                }
            }
        }
    };
    // Without it a start only takes longer.
    let _ = std::thread::Builder::new().name("snapshots".to_owned()).spawn(keep);
}

/// Writes one of what is shown now.
fn write(snapshots: &Snapshots, shared: Arc<Shared>) -> Result<(), String> {
    let view = shared.view();
    let prev = last_leaf(&shared.tree(), view.size).map_err(|error| error.to_string())?;
    // The store is let go first: a ledger that ends does not wait for this.
    drop(shared);
    snapshots.write(&view.register, &view.root, &prev).map_err(|error| error.to_string())
}

impl Ledger {
    /// Keeps snapshots in a data folder from here on.
    pub(super) fn keep_snapshots(&mut self, home: &Home) {
        let snapshots = Snapshots::of(home);
        keep(snapshots.clone(), &self.shared);
        self.snapshots = Some(snapshots);
    }

    /// Writes a snapshot of the register, so that the next start folds nothing: the last thing
    /// before a clean stop. What is not written only makes that start longer, and is told.
    pub fn save_snapshot(&self) {
        let Some(snapshots) = &self.snapshots else { return };
        let size = self.view().size;
        if size == 0 || snapshots.sizes().first() == Some(&size) {
            return;
        }
        if let Err(reason) = write(snapshots, self.shared.clone()) {
            eprintln!("tasdiq: a snapshot of the register was not written: {reason}");
        }
    }
}
