//! The folder a sled store rests in: its lock, its creation as one step, and the syncs sled omits.
//! Not the engine (`sled`), nor room on its disk (`room`). DESIGN, "Stores".
//!
//! `DIR/lock` is held while the store is open. `DIR/rows` is sled's folder: it is made as
//! `DIR/rows.new`, synced and renamed, so that a crash leaves a whole store or none.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::room::{Room, copy_to_read};
use super::{Cause, StoreError};

/// sled's segment, in bytes: the unit of `PART_BYTES`'s arithmetic.
const SEGMENT_BYTES: usize = 1 << 20;

/// How long sled's own lock may outlive the value that held it: its threads end a little later.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long a lock is tried for: whoever only looks whether it is held lets go at once.
const LOOK_PATIENCE: Duration = Duration::from_millis(100);

/// A folder that no other process can open.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Held for as long as it lives; None in a folder that takes no writes and has no lock file.
    _lock: Option<File>,
}

/// A store that was opened.
pub(super) struct Opened {
    pub db: ::sled::Db,
    pub db_file: File,
    /// Why it takes no commits: it is a copy of what cannot be written.
    pub only_read: Option<StoreError>,
}

impl Folder {
    /// Makes the folder if need be, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, StoreError> {
        let path = make(path).map_err(StoreError::fatal("make its folder"))?;
        let Some(lock) = open_lock(&path)? else { return Ok(Self { path, _lock: None }) };
        let start = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { path, _lock: Some(lock) }),
                Err(TryLockError::WouldBlock) if start.elapsed() < LOOK_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { folder: path }),
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::fatal("lock its folder")(error));
                }
            }
        }
    }

    /// Whether a process holds the folder at `path`. False also where nobody can tell.
    pub(super) fn is_locked(path: &Path) -> bool {
        let Ok(lock) = File::open(lock_of(path)) else { return false };
        matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// sled's folder.
    pub(super) fn rows(&self) -> PathBuf {
        self.path.join("rows")
    }

    /// Whether the store was made; what an interrupted creation left is no store.
    pub(super) fn is_made(&self) -> bool {
        self.rows().is_dir()
    }

    /// Makes the store: `fill` sees an empty sled tree and the `db` file of it.
    pub(super) fn create(
        &self,
        fill: impl FnOnce(&::sled::Db, &File) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let draft = self.path.join("rows.new");
        match fs::remove_dir_all(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::fatal("remove a half-made store")(error));
            }
            _ => {}
        }
        let db = open_sled(&draft, 0)?;
        fill(&db, &self.db_file(&draft)?)?;
        drop(db);
        self.publish(&draft).map_err(StoreError::fatal("sync a new store"))
    }

    fn publish(&self, draft: &Path) -> io::Result<()> {
        for name in ["conf", "db", "blobs", ""] {
            File::open(draft.join(name))?.sync_all()?;
        }
        fs::rename(draft, self.rows())?;
        sync_folder(&self.path)
    }

    /// Opens a made store. One that cannot be written is read from a copy.
    pub(super) fn open(&self, cache_bytes: u64) -> Result<Opened, StoreError> {
        self.blobs_must_be_empty()?;
        let mut refused = match self.open_to_write(cache_bytes) {
            Ok((db, db_file)) => return Ok(Opened { db, db_file, only_read: None }),
            Err(error) => error,
        };
        // sled writes a snapshot when it opens: what was kept free for it is let go.
        if refused.cause() == Cause::DiskFull && self.room().let_go() {
            refused = match self.open_to_write(cache_bytes) {
                Ok((db, db_file)) => return Ok(Opened { db, db_file, only_read: None }),
                Err(error) => error,
            };
        }
        if !refused.cause().leaves_reads() {
            return Err(refused);
        }
        let copy = copy_to_read(&self.rows(), &refused)?;
        let db = open_sled(copy.folder(), cache_bytes)?;
        let db_file = self.db_file(copy.folder())?;
        Ok(Opened { db, db_file, only_read: Some(refused) })
    }

    /// The room that is kept on its disk.
    pub(super) fn room(&self) -> Room {
        Room::beside(&self.path)
    }

    /// Readies a made store for sled, then opens it.
    pub(super) fn open_to_write(&self, cache_bytes: u64) -> Result<(::sled::Db, File), StoreError> {
        let rows = self.rows();
        remove_drafts(&rows).map_err(StoreError::fatal("remove an unfinished snapshot"))?;
        // After a kill, `db` may hold bytes that are in memory only. sled syncs the snapshot it
        // writes at open: with this no snapshot tells of bytes that the disk has not.
        let file = self.db_file(&rows)?;
        file.sync_data().map_err(StoreError::fatal("sync its db file"))?;
        let db = open_sled(&rows, cache_bytes)?;
        sync_folder(&rows).map_err(StoreError::fatal("sync its folder"))?;
        Ok((db, file))
    }

    /// Whether `file` still is what the name `rows/db` leads to.
    pub(super) fn is_db(&self, file: &File) -> io::Result<bool> {
        let (held, named) = (file.metadata()?, fs::metadata(self.rows().join("db"))?);
        Ok((held.dev(), held.ino()) == (named.dev(), named.ino()))
    }

    /// This folder is unusable because of `what`.
    pub(super) fn unusable(&self, what: &'static str) -> StoreError {
        StoreError::Unusable { folder: self.path.clone(), what }
    }

    fn db_file(&self, rows: &Path) -> Result<File, StoreError> {
        match OpenOptions::new().read(true).write(true).open(rows.join("db")) {
            Ok(file) => Ok(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(self.unusable("its file rows/db is missing: restore from a backup"))
            }
            Err(error) => Err(StoreError::fatal("open its db file")(error)),
        }
    }

    fn blobs_must_be_empty(&self) -> Result<(), StoreError> {
        match fs::read_dir(self.rows().join("blobs")).map(|mut files| files.next()) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(self
                .unusable("rows/blobs holds files, which are never synced: restore from a backup")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(StoreError::fatal("list its blobs")(error)),
        }
    }
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.join("lock")
}

/// The lock file: made if need be; as it is where nothing can be written, or not there at all.
fn open_lock(folder: &Path) -> Result<Option<File>, StoreError> {
    let path = lock_of(folder);
    let error = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
        Ok(file) => return Ok(Some(file)),
        Err(error) => error,
    };
    let unwritable = Cause::of_io(&error).leaves_reads();
    match File::open(&path) {
        Ok(file) if unwritable => Ok(Some(file)),
        Err(absent) if unwritable && absent.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => Err(StoreError::fatal("open its lock file")(error)),
    }
}

/// Makes a folder whose name survives the loss of power; answers its absolute path.
fn make(path: &Path) -> io::Result<PathBuf> {
    let missing = path.ancestors().take_while(|folder| !folder.exists()).count();
    fs::create_dir_all(path)?;
    let path = path.canonicalize()?;
    for parent in path.ancestors().skip(1).take(missing) {
        sync_folder(parent)?;
    }
    Ok(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// sled 0.34.7 takes a snapshot that a kill left half-written for the newest one, and then refuses
/// to open. Snapshots only save time: without one the whole log is read.
fn remove_drafts(rows: &Path) -> io::Result<()> {
    for entry in fs::read_dir(rows)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn open_sled(rows: &Path, cache_bytes: u64) -> Result<::sled::Db, StoreError> {
    let config = ::sled::Config::default()
        .path(rows)
        .mode(::sled::Mode::HighThroughput)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(cache_bytes.max(1 << 20))
        .flush_every_ms(None);
    let start = Instant::now();
    loop {
        match config.open() {
            Ok(db) => return Ok(db),
            // We hold the folder, so only threads of a store just dropped can hold sled's lock.
            Err(::sled::Error::Io(error))
                if error.to_string().starts_with("could not acquire lock")
                    && start.elapsed() < LOCK_PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(engine_fault("open")(error)),
        }
    }
}

/// An error of the engine while reading: damage is told from a device that fails.
pub(super) fn engine_fault(during: &'static str) -> impl FnOnce(::sled::Error) -> StoreError {
    move |error| match error {
        ::sled::Error::Corruption { .. } => {
            StoreError::Corrupt { what: "what is on the disk is not what was written" }
        }
        error => StoreError::fatal(during)(error),
    }
}
