//! Snapshots of the register beside the store, so that a start folds only what was logged since:
//! when one is written, which are kept, which is taken up. None is trusted before the log key is
//! found to have signed for its digest, and its root to be that of the store's tree at its size:
//! what is signed later rests on it. Not here: the bytes (`register`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tracing::{debug, warn};

use super::error::broken;
use super::shared::Shared;
use super::tiles::LogTree;
use super::{Home, Ledger, LedgerError};
use crate::limits::{
    SNAPSHOT_ENTRIES, SNAPSHOT_ENTRY_BYTES_MAX, SNAPSHOT_FREE_BYTES_MIN, SNAPSHOT_SHARE,
};
use crate::log::{Hash, Note, NoteKey, sign_note};
use crate::os::files;
use crate::register::{Register, Snapshot, SnapshotError, SnapshotParts};

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
    store: PathBuf,
    log_key: NoteKey,
    /// Entries of the newest that was taken up or written. Held while one is written.
    good: Arc<Mutex<u64>>,
}

impl Snapshots {
    /// Those of a data folder, whose log has this key.
    #[must_use]
    pub fn of(home: &Home, log_key: &NoteKey) -> Self {
        Self {
            folder: home.folder().join("snapshots"),
            store: home.store(),
            log_key: log_key.clone(),
            good: Arc::default(),
        }
    }

    fn good(&self) -> MutexGuard<'_, u64> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, size: u64) -> PathBuf {
        self.folder.join(format!("register-{size}"))
    }

    /// The sizes of those that are there, the largest first.
    fn sizes(&self) -> Vec<u64> {
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut sizes: Vec<u64> = names.filter_map(|file| size_in(&file.path())).collect();
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
        let told = |error: std::io::Error| error.to_string();
        let path = self.path(size);
        // Whoever opened a pipe or a device here would wait, or read without end.
        let file = fs::symlink_metadata(&path).map_err(told)?;
        let most = SNAPSHOT_FREE_BYTES_MIN.saturating_add(bytes_below(&self.store));
        if !file.is_file() || file.len() > most {
            return Err("it is no file, or larger than the log".to_owned());
        }
        let bytes = files::read_at_most(&path, most).map_err(told)?.ok_or("it is gone")?;
        let own = self.signed(&bytes, size).ok_or("the log key did not sign for it")?;
        let read = read_beside(own, empty).map_err(|error| error.to_string())?;
        if read.register.size() == size {
            return Ok(read);
        }
        Err("its name is of another size".to_owned())
    }

    /// The snapshot's own bytes, if the log key signed for their digest in the note behind them.
    fn signed<'a>(&self, bytes: &'a [u8], size: u64) -> Option<&'a [u8]> {
        let (rest, length) = bytes.split_last_chunk()?;
        let own = rest.len().checked_sub(usize::from(u16::from_le_bytes(*length)))?;
        let (own, note) = rest.split_at_checked(own)?;
        let note = Note::parse(std::str::from_utf8(note).ok()?).ok()?;
        let signed = note.text == self.text(size, &Hash::new(*own.last_chunk()?));
        (signed && note.verify(&self.log_key).is_ok()).then_some(own)
    }

    /// What the log key signs. It can be taken for no checkpoint: its first line names no log.
    fn text(&self, size: u64, digest: &Hash) -> String {
        format!("{}/register\n{size}\n{digest}\n", self.log_key.name())
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
            if size > 0
                && tree.compare(size, &snapshot.root)?.is_held()
                && snapshot.prev == last_leaf(tree, size)?
            {
                *self.good() = size;
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

    /// Writes one of a published state, and removes all but those that are kept: what is larger
    /// than any that was good is of a log that there is no more.
    fn write(
        &self,
        register: &Register,
        [root, prev]: [&Hash; 2],
        sign: &dyn Fn(&[u8]) -> [u8; 64],
    ) -> std::io::Result<()> {
        let (mut good, size) = (self.good(), register.size());
        self.has_room(size)?;
        let mut write = |file: &mut dyn std::io::Write| {
            let digest = register.snapshot(root, prev, &mut |part| file.write_all(part))?;
            let note = sign_note(&self.text(size, &digest), &self.log_key, sign);
            file.write_all(note.as_bytes())?;
            let length = u16::try_from(note.len()).map_err(std::io::Error::other)?;
            file.write_all(&length.to_le_bytes())
        };
        files::replace_from(&self.path(size), &mut write, 0o644)?;
        *good = size.max(*good);
        let kept = self.sizes().into_iter().filter(|size| size <= &good).take(KEPT);
        let kept: Vec<PathBuf> = kept.map(|size| self.path(size)).collect();
        for file in fs::read_dir(&self.folder)?.flatten().map(|file| file.path()) {
            let left = file.extension().is_some_and(|extension| extension == "new");
            let own = if left { size_in(&file.with_extension("")) } else { size_in(&file) };
            if own.is_some() && !kept.contains(&file) {
                // What cannot be removed now is tried again with the next one.
                let _ = fs::remove_file(file);
            }
        }
        Ok(())
    }
}

/// Reads a snapshot's parts beside one another; nothing of them is taken up unless its digest is
/// the one that was signed.
fn read_beside(bytes: &[u8], empty: &Register) -> Result<Snapshot, SnapshotError> {
    let parts = SnapshotParts::of(bytes)?;
    let broke_off = |_| SnapshotError::Damaged { what: "reading it broke off" };
    std::thread::scope(|scope| {
        let digest = scope.spawn(|| SnapshotParts::check(bytes));
        let goods = scope.spawn(|| parts.goods());
        let read = parts.read(empty, || goods.join().map_err(broke_off)?);
        digest.join().map_err(broke_off)??;
        read
    })
}

/// The size in a snapshot's name.
fn size_in(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("register-")?.parse().ok()
}

/// Bytes of all files below a folder.
fn bytes_below(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = files.map(|file| match file.metadata() {
        Ok(kind) if kind.is_dir() => bytes_below(&file.path()),
        Ok(kind) => kind.len(),
        Err(_) => 0,
    });
    bytes.fold(0, u64::saturating_add)
}

/// The leaf hash of the last of `size` entries.
fn last_leaf(tree: &LogTree, size: u64) -> Result<Hash, LedgerError> {
    tree.leaf(size.checked_sub(1).ok_or_else(|| broken(0)("a snapshot of no entries"))?)
}

fn tell(path: &Path, reason: &str) {
    warn!(path = %path.display(), reason, "a snapshot of the register: it is not used");
}

/// Writes snapshots beside the writer, as the log grows; ends with the ledger.
fn keep(snapshots: Snapshots, shared: &Arc<Shared>) {
    let written = *snapshots.good();
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
                    warn!(reason, "a snapshot of the register was not written");
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
    let keys = shared.keys.clone().ok_or("the log key is not here")?;
    let prev = last_leaf(&shared.tree(), view.size).map_err(|error| error.to_string())?;
    // The store is let go first: a ledger that ends does not wait for this.
    drop(shared);
    let sign = |text: &[u8]| keys.log.sign_bytes(text);
    let written = snapshots.write(&view.register, [&view.root, &prev], &sign);
    written.map_err(|error| error.to_string())?;
    debug!(entries = view.size, "a snapshot of the register was written");
    Ok(())
}

impl Ledger {
    /// Keeps snapshots from here on, where the log key is here to sign for them.
    pub(super) fn keep_snapshots(&self, snapshots: Snapshots) {
        if self.shared.keys.is_none() {
            return;
        }
        keep(snapshots.clone(), &self.shared);
        // Once: a ledger is opened once.
        let _kept = self.snapshots.set(snapshots);
    }

    /// Writes a snapshot of the register, so that the next start folds nothing: the last thing
    /// before a clean stop. What is not written only makes that start longer, and is told.
    pub fn save_snapshot(&self) {
        let Some(snapshots) = self.snapshots.get() else { return };
        let size = self.view().size;
        if size == 0 || *snapshots.good() == size {
            return;
        }
        if let Err(reason) = write(snapshots, self.shared.clone()) {
            warn!(reason, "a snapshot of the register was not written");
        }
    }
}
