//! Room on a store's disk: taken before a commit, so that a full disk refuses it whole and cannot
//! break off the engine's writes; kept for the next start; and the copy that is read where nothing
//! can be written. Not here: the engine.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{Advice, FallocateFlags, fadvise, fallocate, fstatvfs, statvfs};
use rustix::io::Errno;
use tracing::warn;

use super::StoreError;

/// Bytes the engine may write beyond the rows of a batch: it fills and opens segments of 1 MiB.
const SLACK_BYTES: u64 = 4 << 20;

/// Bytes written for each byte of rows, at most: pages are written again (measured: 5.5).
const WRITTEN_PER_BYTE: u64 = 6;

/// Bytes taken beyond what is needed, so that not every commit asks.
const STEP_BYTES: u64 = 4 << 20;

/// Least bytes kept for the next start.
const SPARE_BYTES_MIN: u64 = 1 << 20;

/// Room for what the engine will write.
#[derive(Debug)]
pub(super) struct Room {
    /// `DIR/spare`: bytes nobody uses, let go when a full disk keeps the store from opening.
    spare: PathBuf,
    /// sled's folder, whose snapshots say how large the next one will be.
    rows: PathBuf,
    has_spare: bool,
    /// Up to where blocks are known to be taken, and the length of the file then.
    taken: u64,
    length: u64,
    /// What there was no room for: it is asked for again before anything smaller.
    short: u64,
}

impl Room {
    /// The room of the store in `folder`.
    pub(super) fn beside(folder: &Path) -> Self {
        let (spare, rows) = (folder.join("spare"), folder.join("rows"));
        Self { spare, rows, has_spare: false, taken: 0, length: 0, short: 0 }
    }

    /// Gives up what was kept for a start. True if there was anything.
    pub(super) fn let_go(&self) -> bool {
        fs::remove_file(&self.spare).is_ok()
    }

    /// Takes room for a batch of `bytes` bytes of rows, and for the next start.
    pub(super) fn reserve(&mut self, db: &File, bytes: u64) -> io::Result<()> {
        if !self.has_spare {
            self.keep_spare()?;
            self.has_spare = true;
        }
        let length = db.metadata()?.len();
        let need = SLACK_BYTES.saturating_add(bytes.saturating_mul(WRITTEN_PER_BYTE));
        let need = need.max(self.short);
        // A file that was cut lost the blocks behind its end.
        if length < self.length {
            self.taken = 0;
        }
        self.length = length;
        if length.saturating_add(need) <= self.taken {
            return Ok(());
        }
        let want = need.saturating_add(STEP_BYTES);
        self.short = need;
        allocate(db, FallocateFlags::KEEP_SIZE, length, want)?;
        (self.taken, self.short) = (length.saturating_add(want), 0);
        Ok(())
    }

    /// Keeps what the snapshot takes that sled writes when it opens.
    fn keep_spare(&self) -> io::Result<()> {
        let mut newest = 0;
        for entry in fs::read_dir(&self.rows)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("snap.") {
                newest = newest.max(entry.metadata()?.len());
            }
        }
        let need = SPARE_BYTES_MIN.max(newest.saturating_mul(2));
        if fs::metadata(&self.spare).is_ok_and(|kept| kept.len() >= need) {
            return Ok(());
        }
        let file = File::create(&self.spare)?;
        allocate(&file, FallocateFlags::empty(), 0, need).inspect_err(|_| {
            // Half of it helps nobody.
            let _ = fs::remove_file(&self.spare);
        })
    }
}

/// Takes blocks; where the file system cannot, there must be as much free.
fn allocate(file: &File, how: FallocateFlags, from: u64, bytes: u64) -> io::Result<()> {
    match fallocate(file, how, from, bytes) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
            let disk = fstatvfs(file)?;
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            if free >= bytes { Ok(()) } else { Err(Errno::NOSPC.into()) }
        }
        other => Ok(other?),
    }
}

/// Drops what the system remembers of a file, so that the disk itself is read. A hint only.
pub(super) fn forget_cached(file: &File) {
    let _ = fadvise(file, 0, None, Advice::DontNeed);
}

/// A copy of sled's folder in a place that can be written. Its names go with this value; what is
/// open stays readable, and a kill leaves nothing behind but an instant's work.
pub(super) struct Copied(PathBuf);

impl Copied {
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        // What stays behind is a copy of public data.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies sled's folder to the temporary folder, if there is room: sled opens nothing that it
/// cannot write.
///
/// # Errors
/// No room: how much is needed, where, and what to do.
pub(super) fn copy_to_read(rows: &Path, why: &StoreError) -> Result<Copied, StoreError> {
    let failed = StoreError::fatal("copy it to be read");
    let place = std::env::temp_dir();
    let copy = || -> io::Result<(Copied, u64)> {
        let mut files = Vec::new();
        let mut bytes = 0_u64;
        for entry in fs::read_dir(rows)? {
            let entry = entry?;
            let name = entry.file_name();
            let unfinished = name.to_string_lossy().ends_with(".generating");
            if entry.file_type()?.is_file() && !unfinished {
                bytes = bytes.saturating_add(entry.metadata()?.len());
                files.push((entry.path(), name));
            }
        }
        let disk = statvfs(&place)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        // What sled writes when it opens: a snapshot, and the rest of a segment.
        let need = bytes.saturating_add(bytes / 8).saturating_add(SLACK_BYTES);
        if free < need {
            return Err(io::Error::other(format!(
                "it cannot be written ({}), and to be read it is copied to {}, where {} MB are \
                 needed and {} MB are free: make room there, or set TMPDIR to a folder that has",
                why.cause().words(),
                place.display(),
                need.div_ceil(1_000_000),
                free / 1_000_000
            )));
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let folder = place.join(format!("tasdiq-read-{}-{since}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&folder)?;
        let copied = Copied(folder);
        for (path, name) in files {
            fs::copy(path, copied.folder().join(&name))?;
        }
        fs::create_dir(copied.folder().join("blobs"))?;
        Ok((copied, bytes))
    };
    let (copied, bytes) = copy().map_err(failed)?;
    warn!(
        cause = why.cause().words(),
        megabytes = bytes.div_ceil(1_000_000),
        place = %place.display(),
        "the store cannot be written: it was copied and is read there"
    );
    Ok(copied)
}
