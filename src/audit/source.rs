//! Where a log is read from: a folder of static files, a service, or the rows of a data folder.
//! All answer for the same paths: `checkpoint`, `vkey`, `tile/...`, `cosigned/N`, `trust`, `pack`.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::client::{Client, ClientError};
use crate::ledger::{
    Home, stored_entries, stored_entry, stored_sidecars, stored_size, stored_tile,
};
use crate::log::{TileLevel, TilePath};
use crate::store::{SledStore, StoreError};

/// Where static files have what a service serves at `status`, which is a folder there.
pub const STATUS_INDEX: &str = "status/index.json";

/// The history of cosigned checkpoints, by page.
pub const COSIGNED: &str = "cosigned/";

/// Where the offline pack is served.
pub const PACK: &str = "api/v1/packs/latest";

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

    /// A page of sidecars: of each of the 256 entries from 256 times `page` on; None if there are
    /// none to be had.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn sidecars(&self, _page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(None)
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
        self.read(&format!("log/{path}"))
    }

    fn document(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        self.read(if path == "status" { STATUS_INDEX } else { path })
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.fetch(&format!("sidecars/{page}"))
    }
}

impl FolderSource {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let file = self.root.join(path);
        match fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SourceError::unreadable(file.display().to_string(), error)),
        }
    }
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
            path => self.get(&format!("log/{path}")),
        }
    }

    fn document(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        if path != "status" {
            return self.get(path);
        }
        // What a web server shows for a folder is no JSON.
        match self.get(path) {
            Ok(Some(bytes)) if bytes.starts_with(b"{") => Ok(Some(bytes)),
            _ => self.get(STATUS_INDEX),
        }
    }

    fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.fetch(&format!("sidecars/{page}"))
    }
}

impl UrlSource {
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
            reason: error.to_string(),
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
        let (what, reason) = (path.to_string(), error.to_string());
        SourceError { what, reason, damaged: error.is_damage().then_some(index.unwrap_or(first)) }
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
            reason: error.to_string(),
            damaged: error.is_damage().then_some(page.saturating_mul(256)),
        })
    }

    fn keeps_partial_tiles(&self) -> bool {
        false
    }
}
