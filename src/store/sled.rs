//! The embedded engine: sled 0.34.7, made durable and kept within what it does well.
//! Not a cache: hot reads belong in memory. DESIGN, "Stores".
//!
//! sled's `flush()` on Linux writes and never syncs, so each commit also syncs sled's `db` file
//! through a handle of our own. One tree, so that `apply_batch` is the atom; its keys are
//! - `v` + key: tag 0 and the whole value, or tag 1, its length (u32 BE) and its first part;
//! - `p` + key + part number (u16 BE): the further parts of a long value;
//! - `m` + name: the format, and the probe of the self-test.
//!
//! Rows are never removed: a long value that a shorter one replaces leaves its last parts unread.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tracing::warn;

use super::folder::{Folder, Opened, engine_fault};
use super::room::{Room, forget_cached};
use super::{Batch, PART_BYTES, Store, StoreError};

/// Bytes of page cache unless told otherwise.
pub const CACHE_BYTES_DEFAULT: u64 = 64_000_000;

/// Names the layout of keys above.
const FORMAT: &[u8] = b"tasdiq-rows-1";

const WHOLE: u8 = 0;
const SPLIT: u8 = 1;

/// What a commit does before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Writes and syncs.
    Full,
    /// Writes only: acknowledged rows are lost with the power. It exists so that the power-loss
    /// test can show that it would find the fault.
    FlushOnlyForTests,
}

/// A store on disk, held by one process.
#[derive(Debug)]
pub struct SledStore {
    /// None only while it is opened again. Before `folder`: the lock is let go last.
    engine: RwLock<Option<Engine>>,
    cache_bytes: u64,
    durability: Durability,
    writing: Mutex<Writing>,
    /// Keeps the parts of one value together for readers.
    parts: RwLock<()>,
    folder: Folder,
}

/// The open engine and a handle of our own on its file.
#[derive(Clone, Debug)]
struct Engine {
    tree: ::sled::Db,
    db_file: Arc<File>,
}

/// What stands in the way of a commit.
#[derive(Debug)]
struct Writing {
    /// How far the last commit came, if not to its end; set while it is under way.
    failed: Option<Failed>,
    /// Why nothing can be written at all: this is a copy.
    only_read: Option<StoreError>,
    /// Whether the sync path was tried since the store was opened.
    tried: bool,
    room: Room,
}

/// Where a commit failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// Writing. What was written can be read again from the file.
    Writing,
    /// Syncing. The system may take for written what the disk has not: only a restart can tell.
    Syncing,
}

impl SledStore {
    /// Opens the store in `folder`, making it if there is none, with [`CACHE_BYTES_DEFAULT`].
    /// With `TASDIQ_TEST_NO_SYNC=1` in the environment nothing is synced: for one test.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Unusable`], [`StoreError::Fatal`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let no_sync = std::env::var_os("TASDIQ_TEST_NO_SYNC").is_some_and(|value| value == "1");
        let durability = if no_sync { Durability::FlushOnlyForTests } else { Durability::Full };
        Self::open_with(folder, CACHE_BYTES_DEFAULT, durability)
    }

    /// Opens the store in `folder` with a page cache of `cache_bytes` bytes.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Unusable`], [`StoreError::Fatal`].
    pub fn open_with(
        folder: &Path,
        cache_bytes: u64,
        durability: Durability,
    ) -> Result<Self, StoreError> {
        if durability == Durability::FlushOnlyForTests {
            warn!("TASDIQ_TEST_NO_SYNC: power loss will lose acknowledged entries");
        }
        let folder = Folder::lock(folder)?;
        if !folder.is_made() {
            folder.create(begin)?;
        }
        let room = folder.room();
        let Opened { db, db_file, only_read } = folder.open(cache_bytes)?;
        let engine = Engine { tree: db, db_file: Arc::new(db_file) };
        let format = engine.tree.get(b"mformat").map_err(engine_fault("read"))?;
        if format.as_deref() != Some(FORMAT) {
            return Err(folder.unusable("it was written by another version of Tasdiq"));
        }
        let store = Self {
            engine: RwLock::new(Some(engine)),
            cache_bytes,
            durability,
            writing: Mutex::new(Writing { failed: None, only_read, tried: false, room }),
            parts: RwLock::new(()),
            folder,
        };
        match store.ready() {
            // It serves reads; whoever writes asks again and is told.
            Err(error) if error.cause().leaves_reads() => Ok(store),
            ready => ready.map(|()| store),
        }
    }

    /// Whether a process holds the store in `folder`. False also where nobody can tell.
    #[must_use]
    pub fn is_held(folder: &Path) -> bool {
        Folder::is_locked(folder)
    }

    fn engine(&self) -> Result<Engine, StoreError> {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        engine.clone().ok_or_else(|| StoreError::fatal("read")("it is being opened again"))
    }

    /// Proves after each opening that the sync path works.
    fn self_test(&self, writing: &mut Writing) -> Result<(), StoreError> {
        let Engine { tree, db_file } = self.engine()?;
        if !self.folder.is_db(&db_file).map_err(StoreError::fatal("look at its db file"))? {
            return Err(self.folder.unusable("its file rows/db was replaced: start again"));
        }
        writing.failed = Some(Failed::Writing);
        tree.insert(b"mprobe", &probe()[..]).map_err(StoreError::fatal("write a probe"))?;
        self.make_durable(writing)?;
        (writing.failed, writing.tried) = (None, true);
        Ok(())
    }

    /// Opens the engine again: what a failed write left in memory is gone, what is in the file is
    /// read from the disk.
    fn open_again(&self) -> Result<(), StoreError> {
        let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engine.take() {
            forget_cached(&engine.db_file);
        }
        let (tree, db_file) = self.folder.open_to_write(self.cache_bytes)?;
        *engine = Some(Engine { tree, db_file: Arc::new(db_file) });
        Ok(())
    }

    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        let tree = self.engine()?.tree;
        let mut rows = ::sled::Batch::default();
        for (key, value) in &batch.puts {
            put(&mut rows, key, value);
        }
        let _parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        tree.apply_batch(rows).map_err(StoreError::unknown("write a batch"))
    }

    fn make_durable(&self, writing: &mut Writing) -> Result<(), StoreError> {
        let Engine { tree, db_file } = self.engine()?;
        tree.flush().map_err(StoreError::unknown("flush a batch"))?;
        match self.durability {
            Durability::Full => {
                writing.failed = Some(Failed::Syncing);
                db_file.sync_data().map_err(StoreError::unknown("sync its db file"))
            }
            Durability::FlushOnlyForTests => Ok(()),
        }
    }

    fn get(&self, row: &[u8]) -> Result<Option<::sled::IVec>, StoreError> {
        let tree = self.engine()?.tree;
        let value = tree.get(row).map_err(engine_fault("read"))?;
        count_accesses(&tree, row, accesses(value.as_ref().map_or(0, |value| value.len())))?;
        Ok(value)
    }

    /// The value of `key`, whose row was seen to be split.
    fn read_split(&self, key: &[u8]) -> Result<Vec<u8>, StoreError> {
        let _parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        let row = self.get(&row_key(key))?;
        let row = row.ok_or(StoreError::Corrupt { what: "a row vanished" })?;
        let (total_bytes, first) = match row.split_first() {
            Some((&WHOLE, value)) => return Ok(value.to_vec()),
            Some((&SPLIT, rest)) => {
                rest.split_first_chunk().ok_or(StoreError::Corrupt { what: "no length" })?
            }
            _ => return Err(StoreError::Corrupt { what: "unknown tag" }),
        };
        let total_bytes = u32::from_be_bytes(*total_bytes) as usize;
        let mut value = first.to_vec();
        for number in 1u16.. {
            if value.len() >= total_bytes {
                break;
            }
            let part = self.get(&part_key(key, number))?;
            value.extend(part.ok_or(StoreError::Corrupt { what: "a part is missing" })?.iter());
        }
        value.truncate(total_bytes); // the last part may be one of a longer value before it
        Ok(value)
    }

    /// The value held by `row`, the row of `key`.
    fn value(&self, key: &[u8], row: &[u8]) -> Result<Vec<u8>, StoreError> {
        match row.split_first() {
            Some((&WHOLE, value)) => Ok(value.to_vec()),
            _ => self.read_split(key),
        }
    }
}

impl Store for SledStore {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&row_key(key))?.map(|row| self.value(key, &row)).transpose()
    }

    fn scan(
        &self,
        from: &[u8],
        until: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        if from >= until {
            return Ok(());
        }
        let tree = self.engine()?.tree;
        // sled counts one access a page, which has 8 rows or more but for those at both ends.
        let mut share = 1;
        for row in tree.range(row_key(from)..row_key(until)) {
            let (row_key, row) = row.map_err(engine_fault("scan"))?;
            count_accesses(&tree, &row_key, accesses(row.len()) / share)?;
            share = 8;
            let (_, key) = row_key.split_first().ok_or(StoreError::Corrupt { what: "no key" })?;
            if !visit(key, &self.value(key, &row)?) {
                break;
            }
        }
        Ok(())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        batch.check()?;
        // A poisoned lock is a writer that panicked in the middle, which left `failed` set.
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &writing.only_read {
            return Err(error.again("commit"));
        }
        if writing.failed.is_some() || !writing.tried {
            return Err(StoreError::fatal("commit")("a write failed before this one"));
        }
        let bytes = batch.puts.iter().map(|(_, value)| value.len() as u64).sum();
        let db_file = self.engine()?.db_file;
        writing.room.reserve(&db_file, bytes).map_err(StoreError::fatal("find room"))?;
        if self.read(&batch.expect.key)? != batch.expect.value {
            return Err(StoreError::Conflict);
        }
        writing.failed = Some(Failed::Writing);
        self.apply(batch)?;
        self.make_durable(&mut writing)?;
        writing.failed = None;
        Ok(())
    }

    fn ready(&self) -> Result<(), StoreError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &writing.only_read {
            return Err(error.again("open to write"));
        }
        match writing.failed {
            Some(Failed::Syncing) => {
                let reason = "a sync failed: restart, and check the disk";
                return Err(StoreError::fatal("be trusted")(reason));
            }
            Some(Failed::Writing) => {
                self.open_again()?;
                (writing.failed, writing.tried) = (None, false);
            }
            None => {}
        }
        let db_file = self.engine()?.db_file;
        writing.room.reserve(&db_file, 0).map_err(StoreError::fatal("find room"))?;
        if writing.tried { Ok(()) } else { self.self_test(&mut writing) }
    }

    fn disk_bytes(&self) -> u64 {
        self.engine()
            .and_then(|engine| engine.db_file.metadata().map_err(StoreError::fatal("look")))
            .map_or(0, |db| db.len())
    }
}

/// Writes the first rows of a new store, and checks that sled's writes reach the file we sync.
fn begin(tree: &::sled::Db, mut db_file: &File) -> Result<(), StoreError> {
    let probe = probe();
    tree.insert(b"mformat", FORMAT).map_err(StoreError::fatal("write its format"))?;
    tree.insert(b"mprobe", &probe[..]).map_err(StoreError::fatal("write a probe"))?;
    tree.flush().map_err(StoreError::fatal("flush"))?;
    let mut written = Vec::new();
    db_file.read_to_end(&mut written).map_err(StoreError::fatal("read its db file"))?;
    if written.windows(probe.len()).any(|bytes| bytes == probe) {
        Ok(())
    } else {
        Err(StoreError::fatal("pass its self-test")("rows do not reach the file that is synced"))
    }
}

/// How often sled is asked for a row that is read. It counts what its cache holds in 256 groups of
/// pages, and a group only when 65 accesses to its pages have come (sled's `lru.rs`). Pages read
/// until then are held beyond [`CACHE_BYTES_DEFAULT`]: 64 in each group, 16,384 in all, 230 MB if
/// each has 9 entries of 1.6 kB. Counted 16 times, 4 in each group wait; counted in proportion to
/// its size, they are 36 MB at most, whatever the size of rows: 256 x 4 pages of 17 rows of 2 kB,
/// or 256 pages of 17 rows of [`PART_BYTES`]. An access that finds its page takes 0.5 us.
fn accesses(row_bytes: usize) -> usize {
    (row_bytes / 128).clamp(16, 64)
}

/// Lets sled count so many accesses to the page of a row.
fn count_accesses(tree: &::sled::Db, row: &[u8], times: usize) -> Result<(), StoreError> {
    (0..times).try_for_each(|_| tree.contains_key(row).map(drop).map_err(engine_fault("read")))
}

/// A value that differs each time: sled writes nothing for a row that stays as it is.
fn probe() -> [u8; 16] {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or(Duration::ZERO).as_nanos().to_be_bytes()
}

fn row_key(key: &[u8]) -> Vec<u8> {
    [b"v", key].concat()
}

fn part_key(key: &[u8], number: u16) -> Vec<u8> {
    [b"p", key, &number.to_be_bytes()].concat()
}

fn put(rows: &mut ::sled::Batch, key: &[u8], value: &[u8]) {
    if value.len() <= PART_BYTES {
        rows.insert(row_key(key), [&[WHOLE], value].concat());
        return;
    }
    let length = (value.len() as u32).to_be_bytes(); // Batch::check: at most VALUE_BYTES_MAX
    for (number, part) in (0u16..).zip(value.chunks(PART_BYTES)) {
        match number {
            0 => rows.insert(row_key(key), [&[SPLIT][..], &length, part].concat()),
            _ => rows.insert(part_key(key, number), part),
        }
    }
}
