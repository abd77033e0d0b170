//! Reading a backup: its members are listed once, then each is read where it lies. What is no
//! member of a backup, stands twice or is cut off is refused; nothing is unpacked by its own name.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::BackupError;
use super::write::{BackupManifest, VERSION};
use crate::client::PACK;
use crate::ledger::{Config, is_document_file};
use crate::limits::{BACKUP_DOCUMENT_BYTES_MAX, BUNDLE_BYTES_MAX, SIDECAR_PAGE_BYTES_MAX};
use crate::source::{LogSource, PackData, Part, SourceError};

/// Members a backup may have beside log and keys.
const DOCUMENTS: [&str; 6] =
    ["backup.json", "ledger.json", "published-checkpoint", "trust", "pack", "witness-policy"];

/// An open backup.
pub struct Archive {
    path: PathBuf,
    file: File,
    /// Where each member's bytes begin, and how many they are.
    members: HashMap<String, (u64, u64)>,
}

impl Archive {
    /// Opens a backup and lists its members; the log in it is not looked at yet.
    ///
    /// # Errors
    /// A file that cannot be read, or is not a whole backup of this version.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let failed = |error: std::io::Error| BackupError::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let refuse = |reason: String| form(path, reason);
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut members = HashMap::new();
        let mut tar = tar::Archive::new(&file);
        let listed = tar.entries_with_seek().map_err(|error| refuse(error.to_string()))?;
        for member in listed {
            let member = member.map_err(|error| refuse(error.to_string()))?;
            let name = member.path().map_err(|error| refuse(error.to_string()))?;
            let name = name.to_str().unwrap_or("?").to_owned();
            if !member.header().entry_type().is_file() || !is_member(&name) {
                return Err(refuse(format!("{name:?} is no member of a backup")));
            }
            let (start, size) = (member.raw_file_position(), member.size());
            if start.checked_add(size).is_none_or(|end| end > length) {
                return Err(refuse(format!("it ends within {name}")));
            }
            if size > BACKUP_DOCUMENT_BYTES_MAX {
                return Err(refuse(format!("{name} has {size} bytes")));
            }
            if members.insert(name.clone(), (start, size)).is_some() {
                return Err(refuse(format!("{name} is there twice")));
            }
        }
        let archive = Self { path: path.to_owned(), file, members };
        let manifest: BackupManifest = serde_json::from_slice(&archive.must("backup.json")?)
            .map_err(|error| refuse(format!("backup.json: {error}")))?;
        if manifest.version != VERSION {
            return Err(refuse(format!("it has version {}", manifest.version)));
        }
        Ok(archive)
    }

    /// The identity of the ledger in it.
    ///
    /// # Errors
    /// A backup without one, or of another version.
    pub fn config(&self) -> Result<Config, BackupError> {
        let config: Config = serde_json::from_slice(&self.must("ledger.json")?)
            .map_err(|error| form(&self.path, format!("ledger.json: {error}")))?;
        if config.version == Config::VERSION {
            return Ok(config);
        }
        Err(form(&self.path, format!("ledger.json has version {}", config.version)))
    }

    /// Names of the key files in it, without their folder.
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut names: Vec<_> =
            self.members.keys().filter_map(|name| name.strip_prefix("keys/")).collect();
        names.sort_unstable();
        names
    }

    /// Names of the files of documents in it, without their folder.
    pub(super) fn documents(&self) -> Vec<&str> {
        self.members.keys().filter_map(|name| name.strip_prefix("documents/")).collect()
    }

    /// Pages of the history of cosigned checkpoints in it.
    pub(super) fn cosigned(&self) -> Vec<&str> {
        let names = self.members.keys().map(String::as_str);
        names.filter(|name| name.starts_with("cosigned/")).collect()
    }

    /// The bytes of a member; None if there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, BackupError> {
        let Some((start, size)) = self.members.get(name) else { return Ok(None) };
        let mut bytes = vec![0; usize::try_from(*size).unwrap_or_default()];
        let read = self.file.read_exact_at(&mut bytes, *start);
        read.map_err(|error| form(&self.path, format!("{name}: {error}")))?;
        Ok(Some(bytes))
    }

    /// What is compressed, of at most `most` bytes.
    fn unpacked(&self, part: &Part, most: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let fault = |error: &dyn std::fmt::Display| SourceError::unreadable(part, error);
        let packed = self.read(&format!("{}.gz", part.path())).map_err(|error| fault(&error))?;
        let Some(packed) = packed else { return Ok(None) };
        let mut bytes = Vec::new();
        let mut unpacked = GzDecoder::new(packed.as_slice()).take(most.saturating_add(1));
        unpacked.read_to_end(&mut bytes).map_err(|error| fault(&error))?;
        if bytes.len() as u64 > most {
            return Err(fault(&"it unpacks to more than it can have"));
        }
        Ok(Some(bytes))
    }

    fn must(&self, name: &str) -> Result<Vec<u8>, BackupError> {
        self.read(name)?.ok_or_else(|| form(&self.path, format!("{name} is missing")))
    }
}

impl LogSource for Archive {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match part {
            Part::Sidecars(_) => self.unpacked(part, SIDECAR_PAGE_BYTES_MAX),
            part if part.is_bundle() => self.unpacked(part, BUNDLE_BYTES_MAX),
            part => self.read(&part.path()).map_err(|error| SourceError::unreadable(part, error)),
        }
    }

    fn pack(&self) -> Result<Option<PackData>, SourceError> {
        let bytes = self.read("pack").map_err(|error| SourceError::unreadable(PACK, error))?;
        Ok(bytes.map(PackData::from))
    }
}

fn is_member(name: &str) -> bool {
    let of_log = name.strip_prefix("log/").is_some_and(|path| {
        let (path, packed) = path.strip_suffix(".gz").map_or((path, false), |path| (path, true));
        match Part::parse(path) {
            Some(Part::Sidecars(_)) => packed,
            None | Some(Part::Cosigned(_)) => false,
            Some(part) => packed == part.is_bundle(),
        }
    });
    let cosigned = matches!(Part::parse(name), Some(Part::Cosigned(_)));
    let key = name.strip_prefix("keys/").is_some_and(|key| {
        let stem = key.strip_suffix(".pem").unwrap_or(key);
        let plain = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        !stem.is_empty() && plain && (key == "passphrase" || stem != key)
    });
    let document = name.strip_prefix("documents/").is_some_and(is_document_file);
    DOCUMENTS.contains(&name) || of_log || cosigned || key || document
}

fn form(path: &Path, reason: String) -> BackupError {
    // What is no archive may be quoted in the reason.
    let plain = reason.chars().take(200).map(|c| if c.is_control() { '?' } else { c });
    BackupError::Form { file: path.display().to_string(), reason: plain.collect() }
}

#[cfg(test)]
mod tests {
    use super::is_member;

    #[test]
    fn members() {
        for good in [
            "backup.json",
            "log/checkpoint",
            "log/tile/0/000",
            "log/tile/entries/000.gz",
            "log/tile/entries/000.p/5.gz",
            "log/sidecars/0.gz",
            "log/sidecars/1000.gz",
            "cosigned/0",
            "keys/log-1.pem",
            "keys/passphrase",
            &format!("documents/{}.sealed", "0a".repeat(32)),
            &format!("documents/{}.{}.for", "0a".repeat(32), "ff".repeat(32)),
        ] {
            assert!(is_member(good), "{good}");
        }
        for bad in [
            "",
            "log/tile/entries/000",
            "log/tile/0/000.gz",
            "log/sidecars/0",
            "log/sidecars/007.gz",
            "log/sidecars/+7.gz",
            "cosigned/../0",
            "cosigned/+0",
            "keys/../x.pem",
            "keys/.pem",
            "keys/a/b.pem",
            "documents/x.sealed",
            &format!("documents/{}.sealed", "0A".repeat(32)),
            &format!("documents/../{}.key", "0a".repeat(32)),
            &format!("documents/{}.plain", "0a".repeat(32)),
            "/etc/passwd",
            "store/rows/db",
        ] {
            assert!(!is_member(bad), "{bad}");
        }
    }
}
