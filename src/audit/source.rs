//! Where a log is read from: a folder of static files, a service, or the rows of a data folder.
//! All answer for the same paths: `checkpoint`, `vkey`, `tile/...`, `trust`.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::client::{Client, ClientError};
use crate::ledger::{Home, stored_entries, stored_tile};
use crate::log::{TileLevel, TilePath};
use crate::store::SledStore;

/// A source that cannot be read at all.
#[derive(Debug, Error)]
#[error("{what}: {reason}")]
pub struct SourceError {
    /// What was asked for.
    pub what: String,
    /// Why there is no answer.
    pub reason: String,
}

/// Something that holds a log.
pub trait LogSource: Sync {
    /// The bytes at a path; None if there are none.
    ///
    /// # Errors
    /// A source that cannot be read.
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError>;

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
        let file = match path {
            "trust" => self.root.join("trust.json"),
            path => self.root.join("log").join(path),
        };
        match fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(SourceError { what: file.display().to_string(), reason: error.to_string() })
            }
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
        let path = if path == "trust" { "/trust".to_owned() } else { format!("/log/{path}") };
        match self.client.get(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
            Err(error) => Err(SourceError { what: path, reason: error.to_string() }),
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
        let fault =
            |reason: String| SourceError { what: home.folder().display().to_string(), reason };
        let config = home.config().map_err(|error| fault(error.to_string()))?;
        let store = SledStore::open(&home.store()).map_err(|error| fault(error.to_string()))?;
        Ok(Self { store, home: home.clone(), vkey: config.log_key })
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
        let fault = |reason: String| SourceError { what: path.to_owned(), reason };
        match path {
            "vkey" => Ok(Some(self.vkey.clone().into_bytes())),
            "checkpoint" => match fs::read(self.home.guard()) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) => Err(fault(error.to_string())),
            },
            "trust" => Ok(None),
            path => {
                let path = TilePath::parse(path).map_err(|error| fault(error.to_string()))?;
                self.tile(&path).map_err(|error| fault(error.to_string()))
            }
        }
    }

    fn keeps_partial_tiles(&self) -> bool {
        false
    }
}
