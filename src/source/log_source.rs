//! Where a log is read from: a folder of static files, a service, or the rows of a data folder.
//! All answer for the same paths: `checkpoint`, `vkey`, `tile/...`, `cosigned/N`, `trust`, `pack`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::pack_data::PackData;
use crate::client::{Client, ClientError};
use crate::ledger::{
    Home, Snapshots, stored_entries, stored_entry, stored_sidecars, stored_size, stored_tile,
};
use crate::limits::{BUNDLE_BYTES_MAX, TRUST_BYTES_MAX};
use crate::log::{Hash, NoteKey, TILE_WIDTH, TileLevel, TilePath, cut_tile};
use crate::os::files::{anonymous, is_plain, read_at_most};
use crate::register::Register;
use crate::store::{SledStore, StoreError};

/// Where static files have what a service serves at `status`, which is a folder there.
pub const STATUS_INDEX: &str = "status/index.json";

/// The history of cosigned checkpoints, by page.
pub const COSIGNED: &str = "cosigned/";

pub use crate::client::PACK;

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
    pub fn unreadable(what: impl Into<String>, reason: impl ToString) -> Self {
        Self { what: what.into(), reason: reason.to_string(), damaged: None }
    }
}

/// Something that holds a log.
pub trait LogSource: Sync {
    /// The bytes at a path; None if there are none.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError>;

    /// A document at the path it is served at, without leading slash (`trust`,
    /// `.well-known/did.json`, ...); None if there is none, or the source has only the log.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn document(&self, _path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(None)
    }

    /// The offline pack; None if there is none.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        Ok(self.document(PACK)?.map(PackData::from))
    }

    /// A page of sidecars: of each of the 256 entries from 256 times `page` on; None if there are
    /// none to be had.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn sidecars(&self, _page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(None)
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
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        if path == "trust" {
            return match self.read("trust")? {
                // An export of before the path was the served one.
                None => self.read("trust.json"),
                found => Ok(found),
            };
        }
        if path == "pack" {
            return self.read(PACK);
        }
        if path == "vkey" {
            return Ok(self.read("log/vkey")?.map(one_line));
        }
        let found = self.read(&format!("log/{path}"))?;
        match TilePath::parse(path) {
            Ok(tile) if found.is_none() => self.cut(&tile),
            _ => Ok(found),
        }
    }

    fn document(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        self.read(if path == "status" { STATUS_INDEX } else { path })
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        let file = self.root.join(PACK);
        PackData::at(&file)
            .map_err(|error| SourceError::unreadable(file.display().to_string(), error))
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.fetch(&format!("sidecars/{page}"))
    }
}

impl FolderSource {
    /// A file of the folder; what no export can have written is not there.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        if !is_plain(path) {
            return Ok(None);
        }
        let file = self.root.join(path);
        let most = BUNDLE_BYTES_MAX.max(TRUST_BYTES_MAX);
        match read_at_most(&file, if path == PACK { u64::MAX } else { most }) {
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
        if let Some(bytes) = self.read(&format!("log/{full}"))? {
            return Ok(Some(cut_tile(&bytes, part)));
        }
        let widths = fs::read_dir(self.root.join(format!("log/{full}.p"))).into_iter().flatten();
        let widths = widths.filter_map(|file| file.ok()?.file_name().to_str()?.parse().ok());
        let Some(width) = widths.filter(|width: &u16| *width > part.width).min() else {
            return Ok(None);
        };
        let wider = self.read(&format!("log/{}", TilePath { width, ..*part }))?;
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
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        match path {
            "trust" => self.get(path),
            "pack" => self.get(PACK),
            "vkey" => Ok(self.get("log/vkey")?.map(one_line)),
            path => self.tile_or_note(path),
        }
    }

    fn document(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        if path != "status" {
            return self.get(path);
        }
        // What a web server shows for a folder is no JSON, or it refuses to show it.
        match self.client.get("/status") {
            Ok(bytes) if bytes.starts_with(b"{") => Ok(Some(bytes)),
            Ok(_) | Err(ClientError::Refused { .. }) => self.get(STATUS_INDEX),
            Err(error) => Err(SourceError::unreadable("/status", error)),
        }
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        self.to_disk(&format!("/{PACK}"))
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.fetch(&format!("sidecars/{page}"))
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
        match self.client.get_into(path, &mut file) {
            Ok(_) => PackData::of(file).map(Some).map_err(|error| fault(&error)),
            Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
            Err(error) => Err(fault(&error)),
        }
    }

    /// A file below `/log`; a partial tile that is gone is cut from the full one, which logs may
    /// keep alone (C2SP tlog-tiles).
    fn tile_or_note(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let found = self.get(&format!("log/{path}"))?;
        let Ok(part) = TilePath::parse(path) else { return Ok(found) };
        if found.is_some() || part.width == TILE_WIDTH {
            return Ok(found);
        }
        let full = TilePath { width: TILE_WIDTH, ..part };
        Ok(self.get(&format!("log/{full}"))?.map(|bytes| cut_tile(&bytes, &part)))
    }

    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let path = format!("/{path}");
        match self.client.get(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
            Err(error) => Err(SourceError::unreadable(path, error)),
        }
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
        let store = SledStore::open(&home.store()).map_err(|error| SourceError {
            what: folder(),
            reason: error.told(),
            damaged: error.is_damage().then_some(0),
        })?;
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
        let (what, reason) = (path.to_string(), error.told());
        let damaged = error.is_damage().then(|| index.unwrap_or(first));
        SourceError { what, reason, damaged }
    }

    fn tile(&self, path: &TilePath) -> Result<Option<Vec<u8>>, crate::store::StoreError> {
        match path.level {
            TileLevel::Entries => stored_entries(&self.store, path),
            TileLevel::Hashes(level) if path.width == crate::log::TILE_WIDTH => {
                stored_tile(&self.store, level, path.index)
            }
            TileLevel::Hashes(_) => Ok(None),
        }
    }
}

impl LogSource for StoreSource {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let fault = |reason: String| SourceError::unreadable(path, reason);
        match path {
            "vkey" => Ok(Some(self.vkey.clone().into_bytes())),
            "checkpoint" => match fs::read(self.home.guard()) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) => Err(fault(error.to_string())),
            },
            "trust" | "pack" => Ok(None),
            path if path.starts_with(COSIGNED) => Ok(None),
            path => {
                let path = TilePath::parse(path).map_err(|error| fault(error.to_string()))?;
                self.tile(&path).map_err(|error| self.damage(&path, &error))
            }
        }
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let what = format!("sidecars/{page}");
        let size = stored_size(&self.store);
        let size = size.map_err(|error| SourceError::unreadable(what.clone(), error))?;
        stored_sidecars(&self.store, page, size).map_err(|error| SourceError {
            what,
            reason: error.told(),
            damaged: error.is_damage().then_some(page.saturating_mul(256)),
        })
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
