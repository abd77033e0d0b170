//! Where a log is read from: a folder of static files, a service, or the rows of a data folder.
//! All are asked for the same [`Part`]s. Not here: how those are spelt (`part`).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::pack_data::PackData;
use super::part::Part;
use super::sidecars::cut_sidecars;
use crate::client::{Client, ClientError, PACK};
use crate::ledger::{
    Home, Snapshots, stored_entries, stored_entry, stored_sidecars, stored_size, stored_tile,
};
use crate::limits::{BUNDLE_BYTES_MAX, TRUST_BYTES_MAX};
use crate::log::{
    Hash, LogError, NoteKey, TILE_WIDTH, TileLevel, TilePath, bundle_of, cut_tile, entries_of,
};
use crate::os::files::{anonymous, is_plain, read_at_most};
use crate::register::Register;
use crate::store::{SledStore, StoreError};

/// A source that cannot be read at all.
#[derive(Debug, Error)]
#[error("{what}: {reason}")]
pub struct SourceError {
    /// What was asked for.
    pub what: String,
    /// Why there is no answer.
    pub reason: String,
    /// The first entry that is lost by it, if what is stored is damaged: then it is a fault of the
    /// log, not of the reader.
    pub damaged: Option<u64>,
}

impl SourceError {
    /// Something that cannot be read.
    pub fn unreadable(what: impl ToString, reason: impl ToString) -> Self {
        Self { what: what.to_string(), reason: reason.to_string(), damaged: None }
    }

    /// Something stored that cannot be read; `first` is lost by it, if it is damaged.
    fn stored(what: impl ToString, error: &StoreError, first: u64) -> Self {
        let damaged = error.is_damage().then_some(first);
        Self { damaged, ..Self::unreadable(what, error.told()) }
    }
}

/// Why a source does not give an entry.
#[derive(Debug, Error)]
pub enum EntryError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The bundle is none.
    #[error(transparent)]
    Bundle(#[from] LogError),
    /// The log ends before it.
    #[error("entry {index} is beyond the log of {size}")]
    Beyond {
        /// Its place.
        index: u64,
        /// Entries there are.
        size: u64,
    },
    /// There is no such bundle.
    #[error("{0} is missing")]
    Missing(TilePath),
    /// The bundle ends before it.
    #[error("{0} is too short")]
    Short(TilePath),
}

/// Something that holds a log.
pub trait LogSource: Sync {
    /// The bytes of a part; None if there are none, or the source has no such parts.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError>;

    /// The offline pack; None if there is none.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        Ok(None)
    }

    /// The entry at an index of a log of `size` entries, from the bundle it is in; what it proves
    /// is judged by who asked.
    ///
    /// # Errors
    /// A source that cannot be read, or has no such entry.
    fn entry(&self, index: u64, size: u64) -> Result<Vec<u8>, EntryError> {
        let path = bundle_of(index, size).ok_or(EntryError::Beyond { index, size })?;
        let bundle = self.fetch(&Part::Tile(path))?.ok_or(EntryError::Missing(path))?;
        let place = usize::try_from(index % u64::from(TILE_WIDTH)).unwrap_or(usize::MAX);
        let entry = entries_of(&bundle)?.get(place).map(|entry| entry.to_vec());
        entry.ok_or(EntryError::Short(path))
    }

    /// A page of sidecars, of each of the 256 entries from 256 times `page` on, cut where a log of
    /// `size` entries ends; None if none of these has one.
    ///
    /// # Errors
    /// A source that cannot be read, or what is no such page.
    fn sidecars(&self, page: u64, size: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let part = Part::Sidecars(page);
        let Some(bytes) = self.fetch(&part)? else { return Ok(None) };
        cut_sidecars(&bytes, page, size).map_err(|error| SourceError::unreadable(part, error))
    }

    /// The snapshots of the register beside the log: the entries of each, and its digest. `empty`
    /// is the register before the first entry.
    fn snapshots(&self, _empty: &Register) -> Vec<(u64, Hash)> {
        Vec::new()
    }

    /// Whether partial and higher hash tiles must be there (a store keeps full ones only).
    fn keeps_partial_tiles(&self) -> bool {
        true
    }
}

/// A folder of static files, as `export` writes them.
pub struct FolderSource {
    root: PathBuf,
}

impl FolderSource {
    /// The folder, or its `log` folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let is_log = folder.join("checkpoint").is_file() && !folder.join("log").is_dir();
        let root = if is_log { folder.parent().unwrap_or(folder) } else { folder };
        Self { root: root.to_owned() }
    }
}

impl LogSource for FolderSource {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        let found = self.read(&part.file())?;
        match part {
            Part::LogKey => Ok(found.map(one_line)),
            Part::Tile(path) if found.is_none() => self.cut(path),
            // An export of before the path was the served one.
            Part::Trust if found.is_none() => self.read("trust.json"),
            _ => Ok(found),
        }
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        let file = self.root.join(PACK);
        PackData::at(&file)
            .map_err(|error| SourceError::unreadable(file.display().to_string(), error))
    }
}

impl FolderSource {
    /// A file of the folder; what no export can have written is not there.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        if !is_plain(path) {
            return Ok(None);
        }
        let file = self.root.join(path);
        match read_at_most(&file, BUNDLE_BYTES_MAX.max(TRUST_BYTES_MAX)) {
            // A folder where a file is looked for: partial tiles of a full one lie in such.
            Err(error) if error.kind() == ErrorKind::IsADirectory => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(SourceError::unreadable(file.display().to_string(), error)),
            found => Ok(found.unwrap_or_default()),
        }
    }

    /// A partial tile that is gone, from the full one, or from a wider part that is there.
    fn cut(&self, part: &TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        if part.width == TILE_WIDTH {
            return Ok(None);
        }
        let full = TilePath { width: TILE_WIDTH, ..*part };
        if let Some(bytes) = self.read(&Part::Tile(full).file())? {
            return Ok(Some(cut_tile(&bytes, part)));
        }
        let widths = fs::read_dir(self.root.join(format!("log/{full}.p"))).into_iter().flatten();
        let widths = widths.filter_map(|file| file.ok()?.file_name().to_str()?.parse().ok());
        let Some(width) = widths.filter(|width: &u16| *width > part.width).min() else {
            return Ok(None);
        };
        let wider = self.read(&Part::Tile(TilePath { width, ..*part }).file())?;
        Ok(wider.map(|bytes| cut_tile(&bytes, part)))
    }
}

/// A key as it stands in one line, however the file's lines end.
fn one_line(bytes: Vec<u8>) -> Vec<u8> {
    [bytes.trim_ascii_end(), b"\n"].concat()
}

/// A running service.
pub struct UrlSource {
    client: Client,
}

impl UrlSource {
    /// The service at an address.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl LogSource for UrlSource {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match part {
            Part::LogKey => Ok(self.served(part)?.map(one_line)),
            Part::Tile(path) => self.tile(path),
            Part::StatusIndex => self.status_index(part),
            _ => self.served(part),
        }
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        self.to_disk(&format!("/{PACK}"))
    }
}

impl UrlSource {
    /// What changed in the pack since a log size; the whole pack from a copy of static files.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub fn pack_since(&self, size: u64) -> Result<Option<PackData>, SourceError> {
        self.to_disk(&format!("/{PACK}?since={size}"))
    }

    /// What may be large: it is kept in a file without a name.
    fn to_disk(&self, path: &str) -> Result<Option<PackData>, SourceError> {
        let fault = |error: &dyn std::fmt::Display| SourceError::unreadable(path, error);
        let mut file = anonymous().map_err(|error| fault(&error))?;
        let there = found(path, self.client.get_into(path, &mut file))?;
        there.map(|_| PackData::of(file).map_err(|error| fault(&error))).transpose()
    }

    /// A partial tile that is gone is cut from the full one, which logs may keep alone (C2SP
    /// tlog-tiles).
    fn tile(&self, part: &TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        let found = self.served(&Part::Tile(*part))?;
        if found.is_some() || part.width == TILE_WIDTH {
            return Ok(found);
        }
        let full = Part::Tile(TilePath { width: TILE_WIDTH, ..*part });
        Ok(self.served(&full)?.map(|bytes| cut_tile(&bytes, part)))
    }

    /// What a web server shows for a folder is no JSON, or it refuses to show it.
    fn status_index(&self, index: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match self.client.get(&format!("/{index}")) {
            Ok(bytes) if bytes.starts_with(b"{") => Ok(Some(bytes)),
            Ok(_) | Err(ClientError::Refused { .. }) => self.get(&index.file()),
            Err(error) => Err(SourceError::unreadable(format!("/{index}"), error)),
        }
    }

    /// What is served at the path of a part, and nothing in its place.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub fn served(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        self.get(&part.path())
    }

    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let path = format!("/{path}");
        found(&path, self.client.get(&path))
    }
}

/// What a service has; None if it says that there is no such thing.
fn found<T>(path: &str, answer: Result<T, ClientError>) -> Result<Option<T>, SourceError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
        Err(error) => Err(SourceError::unreadable(path, error)),
    }
}

/// The rows of a data folder whose service is not running.
pub struct StoreSource {
    store: SledStore,
    home: Home,
    vkey: String,
}

impl StoreSource {
    /// Opens the rows; the entries are not looked at yet.
    ///
    /// # Errors
    /// A folder without ledger, or a store that does not open.
    pub fn open(home: &Home) -> Result<Self, SourceError> {
        let folder = || home.folder().display().to_string();
        let config = home.config().map_err(|error| SourceError::unreadable(folder(), error))?;
        let store = SledStore::open(&home.store())
            .map_err(|error| SourceError::stored(folder(), &error, 0))?;
        Ok(Self { store, home: home.clone(), vkey: config.log_key })
    }

    /// Names the first entry of a tile that cannot be read.
    fn damage(&self, path: &TilePath, error: &StoreError) -> SourceError {
        let level = match path.level {
            TileLevel::Hashes(level) => u32::from(level),
            TileLevel::Entries => 0,
        };
        let first = path.index.saturating_mul(256).checked_shl(level * 8).unwrap_or(u64::MAX);
        let lost = |index: &u64| !matches!(stored_entry(&self.store, *index), Ok(Some(_)));
        let mut entries = first..first.saturating_add(u64::from(path.width));
        let index = if path.level == TileLevel::Entries { entries.find(lost) } else { None };
        SourceError::stored(path, error, index.unwrap_or(first))
    }

    /// A page of sidecars.
    fn page(&self, page: u64, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        let size = stored_size(&self.store);
        let size = size.map_err(|error| SourceError::unreadable(part, error))?;
        let first = page.saturating_mul(256);
        stored_sidecars(&self.store, page, size)
            .map_err(|error| SourceError::stored(part, &error, first))
    }

    fn tile(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        match path.level {
            TileLevel::Entries => stored_entries(&self.store, path),
            TileLevel::Hashes(level) if path.width == TILE_WIDTH => {
                stored_tile(&self.store, level, path.index)
            }
            TileLevel::Hashes(_) => Ok(None),
        }
    }
}

impl LogSource for StoreSource {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match part {
            Part::LogKey => Ok(Some(self.vkey.clone().into_bytes())),
            Part::Checkpoint => fs::read(self.home.guard())
                .map(Some)
                .map_err(|error| SourceError::unreadable(part, error)),
            Part::Tile(path) => self.tile(path).map_err(|error| self.damage(path, &error)),
            Part::Sidecars(page) => self.page(*page, part),
            _ => Ok(None),
        }
    }

    fn snapshots(&self, empty: &Register) -> Vec<(u64, Hash)> {
        let config = self.home.config().ok();
        let log_key = config.and_then(|config| NoteKey::parse(&config.log_key).ok());
        log_key.map(|key| Snapshots::of(&self.home, &key).digests(empty)).unwrap_or_default()
    }

    fn keeps_partial_tiles(&self) -> bool {
        false
    }
}
