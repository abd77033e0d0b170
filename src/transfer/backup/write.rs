//! Writing a backup: one tar file, consistent at one checkpoint, while the service goes on. Entries
//! are compared with the checkpoint's root as they go in; bundles are compressed one by one, so
//! that a reader finds each without unpacking all. Durable and whole, or not there.

use std::fs;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::ledger::{Home, is_document_file};
use crate::log::{
    Checkpoint, Edge, NoteKey, TILE_WIDTH, TileLevel, entries_of, leaf_hash, tiles_at, tiles_of,
    verify_checkpoint,
};
use crate::os::files;
use crate::os::files::NewFile;
use crate::os::now;
use crate::pack::PackBytes;
use crate::source::{LogSource, Part, SourceError};
use crate::statement::Timestamp;

/// The format this build writes.
pub(super) const VERSION: u32 = 1;

/// How long a backup waits for what was signed to be published: longer than witnesses are waited
/// for (a minute).
const PUBLISHED_WITHIN: Duration = Duration::from_secs(65);

/// What goes into a backup beside the log.
#[derive(Clone, Copy, Debug)]
pub struct BackupOptions {
    /// The encrypted key files, and the documents off the log, encrypted with their keys.
    pub keys: bool,
    /// The file with their passphrase.
    pub passphrase: bool,
}

/// What was backed up.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackedUp {
    /// Entries under the backup's checkpoint.
    pub size: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of the entries, uncompressed.
    pub entry_bytes: u64,
    /// Key files in it.
    pub keys: u64,
    /// Milliseconds it took.
    pub elapsed_ms: u64,
}

/// `backup.json`: the first member, what the backup is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BackupManifest {
    pub version: u32,
    pub origin: String,
    pub size: u64,
    pub made_at: Timestamp,
}

/// Writes a backup of the ledger in `home`, whose log is read from `source`: its running service,
/// or the ledger itself. `progress` is told entries done, and all.
///
/// # Errors
/// A source that cannot be read or does not hold together; a file that exists or cannot be written.
pub fn backup(
    source: &dyn LogSource,
    home: &Home,
    file: &Path,
    options: BackupOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackedUp, BackupError> {
    let started = Instant::now();
    let failed = |error: &dyn std::fmt::Display| fault(file, error);
    if file.exists() {
        return Err(failed(&"it exists already; backups are never overwritten"));
    }
    let fresh = NewFile::create(file, 0o600).map_err(|error| failed(&error))?;
    let tar = tar::Builder::new(BufWriter::new(fresh));
    let writing = Writing { tar, file, at: now(), keys: 0, entry_bytes: 0 };
    let done = writing.all(source, home, options, progress).and_then(|(out, done)| {
        out.put_new()
            .and_then(|()| fs::metadata(file))
            .map(|kept| BackedUp { bytes: kept.len(), ..done })
            .map_err(|error| failed(&error))
    });
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    done.map(|done| BackedUp { elapsed_ms, ..done })
}

/// A backup being written.
struct Writing<'a> {
    tar: tar::Builder<BufWriter<NewFile>>,
    file: &'a Path,
    at: Timestamp,
    keys: u64,
    entry_bytes: u64,
}

impl Writing<'_> {
    fn all(
        mut self,
        source: &dyn LogSource,
        home: &Home,
        options: BackupOptions,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(NewFile, BackedUp), BackupError> {
        let config = home.config()?;
        let key = NoteKey::parse(&config.log_key).map_err(BackupError::Checkpoint)?;
        // All that may change is read before the checkpoint, which then covers it.
        let trust = source.fetch(&Part::Trust)?;
        let pack = source.pack()?;
        let there = |path: &Path| files::read_if_there(path).map_err(|error| fault(path, &error));
        let guard = there(&home.guard())?;
        let policy = there(&home.folder().join("witness-policy"))?;
        let (note, checkpoint) = published(source, &key, guard.as_deref(), home)?;
        let manifest = BackupManifest {
            version: VERSION,
            origin: checkpoint.origin.clone(),
            size: checkpoint.size,
            made_at: self.at,
        };
        let json = |error: serde_json::Error| fault(self.file, &error);
        self.put("backup.json", &serde_json::to_vec_pretty(&manifest).map_err(json)?)?;
        self.put_file("ledger.json", &home.folder().join("ledger.json"))?;
        self.put("log/vkey", format!("{key}\n").as_bytes())?;
        self.put("log/checkpoint", &note)?;
        let rest = [("published-checkpoint", guard), ("trust", trust), ("witness-policy", policy)];
        for (name, bytes) in rest {
            if let Some(bytes) = bytes {
                self.put(name, &bytes)?;
            }
        }
        let history = home.folder().join("cosigned");
        for page in 0_u64.. {
            let Some(bytes) = there(&history.join(page.to_string()))? else { break };
            self.put(&format!("cosigned/{page}"), &bytes)?;
        }
        if let Some(pack) = pack {
            let reader = pack.reader().map_err(|error| fault(self.file, &error))?;
            self.put_from("pack", pack.size(), reader)?;
        }
        if options.keys {
            self.put_keys(home, options.passphrase)?;
            self.put_documents(home)?;
        }
        self.put_log(source, &checkpoint, progress)?;
        let (keys, entry_bytes) = (self.keys, self.entry_bytes);
        let file = self.file;
        let out = self.tar.into_inner().and_then(|out| out.into_inner().map_err(Into::into));
        let out = out.map_err(|error| fault(file, &error))?;
        let size = checkpoint.size;
        Ok((out, BackedUp { size, bytes: 0, entry_bytes, keys, elapsed_ms: 0 }))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.put_from(name, bytes.len() as u64, bytes)
    }

    fn put_from(&mut self, name: &str, size: u64, bytes: impl Read) -> Result<(), BackupError> {
        let mut header = tar::Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.at.seconds()).unwrap_or_default());
        header.set_entry_type(tar::EntryType::Regular);
        let put = self.tar.append_data(&mut header, name, bytes);
        put.map_err(|error| fault(self.file, &error))
    }

    fn put_packed(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let packed = packed.write_all(bytes).and_then(|()| packed.finish());
        self.put(name, &packed.map_err(|error| fault(self.file, &error))?)
    }

    fn put_file(&mut self, name: &str, path: &Path) -> Result<(), BackupError> {
        let bytes = fs::read(path).map_err(|error| fault(path, &error))?;
        self.put(name, &bytes)
    }

    /// The key files, encrypted as they are; the passphrase only if it is asked for.
    fn put_keys(&mut self, home: &Home, passphrase: bool) -> Result<(), BackupError> {
        let folder = home.folder().join("keys");
        let files = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            files => files.map_err(|error| fault(&folder, &error))?,
        };
        let mut names: Vec<String> = files
            .filter_map(|file| file.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".pem") || (passphrase && name == "passphrase"))
            .collect();
        names.sort();
        for name in names {
            self.keys += u64::from(name != "passphrase");
            self.put_file(&format!("keys/{name}"), &folder.join(&name))?;
        }
        Ok(())
    }

    /// The documents off the log, encrypted as they are, with their keys. They are read after the
    /// checkpoint: each was kept before its entry. One that is erased meanwhile is left out.
    fn put_documents(&mut self, home: &Home) -> Result<(), BackupError> {
        let folder = home.folder().join("documents");
        let files = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            files => files.map_err(|error| fault(&folder, &error))?,
        };
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| is_document_file(name)).collect();
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let bytes = files::read_if_there(&path).map_err(|error| fault(&path, &error))?;
            if let Some(bytes) = bytes {
                self.put(&format!("documents/{name}"), &bytes)?;
            }
        }
        Ok(())
    }

    /// The bundles with their sidecars, and the hash tiles that they give.
    fn put_log(
        &mut self,
        source: &dyn LogSource,
        checkpoint: &Checkpoint,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), BackupError> {
        let mut edge = Edge::new();
        for path in tiles_at(TileLevel::Entries, checkpoint.size) {
            let missing = || BackupError::Missing { what: path.to_string() };
            let bundle = source.fetch(&Part::Tile(path))?.ok_or_else(missing)?;
            let broken = |error| SourceError::unreadable(path.to_string(), error);
            let entries = entries_of(&bundle).map_err(broken)?;
            let full: Vec<_> =
                entries.iter().flat_map(|entry| edge.append(leaf_hash(entry))).collect();
            for (path, tile) in full {
                self.put(&format!("log/{path}"), &tile.bytes(path.width).unwrap_or_default())?;
            }
            self.entry_bytes += bundle.len() as u64;
            self.put_packed(&format!("log/{path}.gz"), &bundle)?;
            if let Some(page) = source.sidecars(path.index, checkpoint.size)? {
                self.put_packed(&format!("log/sidecars/{}.gz", path.index), &page)?;
            }
            progress(edge.size(), checkpoint.size);
        }
        if (edge.size(), edge.root()) != (checkpoint.size, checkpoint.root) {
            let reason = "they do not hash to the checkpoint's root; audit the ledger";
            return Err(SourceError::unreadable("entries", reason).into());
        }
        for path in tiles_of(checkpoint.size).filter(|path| path.width < TILE_WIDTH) {
            let TileLevel::Hashes(level) = path.level else { continue };
            self.put(&format!("log/{path}"), &edge.partial_tile(level).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The published checkpoint, once it reaches what the guard remembers. The guard is ahead of it for
/// an instant, or while witnesses are waited for: a backup that held such a guard and less of the
/// log would pass for an old copy. A guard that stays ahead is right: it is an old copy.
fn published(
    source: &dyn LogSource,
    key: &NoteKey,
    guard: Option<&[u8]>,
    home: &Home,
) -> Result<(Vec<u8>, Checkpoint), BackupError> {
    let verify = |note: &[u8]| verify_checkpoint(&String::from_utf8_lossy(note), key, key.name());
    let remembered = guard.and_then(|note| verify(note).ok()).map_or(0, |guard| guard.size);
    let started = Instant::now();
    loop {
        let missing = || BackupError::Missing { what: "checkpoint".to_owned() };
        let note = source.fetch(&Part::Checkpoint)?.ok_or_else(missing)?;
        let checkpoint = verify(&note).map_err(BackupError::Checkpoint)?;
        // Where no service runs, nothing will be published.
        let waits = home.address().exists() && started.elapsed() < PUBLISHED_WITHIN;
        if checkpoint.size >= remembered || !waits {
            return Ok((note, checkpoint));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn fault(path: &Path, error: &dyn std::fmt::Display) -> BackupError {
    BackupError::File { path: path.display().to_string(), reason: error.to_string() }
}
