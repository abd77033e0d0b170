//! The folder in which a monitor remembers: the last verified checkpoint with a copy of the log
//! (readable by `tasdiq audit --tiles`), evidence, what it told. One monitor a folder.
//! Not here: what goes into it, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::MonitorError;
use crate::audit::Pins;
use crate::ledger::write_file;
use crate::log::{Checkpoint, Hash};
use crate::statement::{Timestamp, multikey};

/// Pieces of evidence kept; a log that forks at every checkpoint would fill the disk.
const EVIDENCE_MAX: usize = 64;

/// A monitor's folder, held by one process.
pub struct MonitorState {
    folder: PathBuf,
    _lock: fs::File,
    memory: Memory,
}

/// What is remembered beside the checkpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Memory {
    version: u32,
    host: String,
    root: String,
    log_key: String,
    /// When the newest size was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_seen: Option<Timestamp>,
    /// What lasts and was told.
    #[serde(default)]
    told: BTreeSet<String>,
    /// When each witness was last seen to have signed the newest checkpoint.
    #[serde(default)]
    signed: BTreeMap<String, Timestamp>,
    /// When enough of them had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quorum: Option<Timestamp>,
}

impl MonitorState {
    /// Opens the folder, or makes it, for the log that is pinned.
    ///
    /// # Errors
    /// Another process holds it, it is of another log, or it cannot be read or written.
    pub fn open(folder: &Path, pins: &Pins) -> Result<Self, MonitorError> {
        if folder.join("ledger.json").exists() {
            let reason = format!("{} holds a ledger: give the monitor its own", folder.display());
            return Err(MonitorError::MonitorState { reason });
        }
        fs::create_dir_all(folder).map_err(|error| file(folder, &error))?;
        let path = folder.join("lock");
        let lock = fs::File::create(&path).map_err(|error| file(&path, &error))?;
        if lock.try_lock().is_err() {
            return Err(MonitorError::Busy { folder: folder.display().to_string() });
        }
        let fresh = Memory {
            version: 1,
            host: pins.domain.host().to_owned(),
            root: multikey(&pins.root),
            log_key: pins.log_key.to_string(),
            first_seen: None,
            told: BTreeSet::new(),
            signed: BTreeMap::new(),
            quorum: None,
        };
        let path = folder.join("monitor.json");
        let memory: Memory = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| file(&path, &error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => fresh.clone(),
            Err(error) => return Err(file(&path, &error)),
        };
        let names = |memory: &Memory| {
            (memory.version, memory.host.clone(), memory.root.clone(), memory.log_key.clone())
        };
        if names(&memory) != names(&fresh) {
            let (found, expected) = (memory.host, fresh.host);
            return Err(MonitorError::OtherLog { found, expected });
        }
        let state = Self { folder: folder.to_owned(), _lock: lock, memory };
        state.save()?;
        Ok(state)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    pub(super) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// The last verified checkpoint, as it was signed.
    pub(super) fn note(&self) -> Result<Option<String>, MonitorError> {
        let path = self.log().join("checkpoint");
        match fs::read_to_string(&path) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file(&path, &error)),
        }
    }

    /// Remembers a verified checkpoint, durably.
    pub(super) fn remember(
        &mut self,
        note: &str,
        first_seen: Option<Timestamp>,
    ) -> Result<(), MonitorError> {
        self.write("log/vkey", format!("{}\n", self.memory.log_key).as_bytes())?;
        self.write("log/checkpoint", note.as_bytes())?;
        self.memory.first_seen = first_seen.or(self.memory.first_seen);
        self.save()
    }

    /// When the newest size was first seen.
    pub(super) fn first_seen(&self) -> Option<Timestamp> {
        self.memory.first_seen
    }

    /// Keeps a signed checkpoint as evidence; the answer is its name in the folder.
    pub(super) fn keep(&self, note: &str, of: Option<&Checkpoint>) -> Result<String, MonitorError> {
        let name = match of {
            Some(of) => format!("evidence/{}.checkpoint", Self::place(of)),
            None => {
                let hash = Hash::sha256(note.as_bytes()).hex();
                format!("evidence/invalid-{}.checkpoint", hash.get(..16).unwrap_or_default())
            }
        };
        if self.folder.join(&name).exists() || self.evidence_is_full() {
            return Ok(name);
        }
        self.write(&name, note.as_bytes())?;
        Ok(name)
    }

    /// What names a checkpoint: its size and the first half of its root.
    pub(super) fn place(of: &Checkpoint) -> String {
        format!("{}-{}", of.size, of.root.hex().get(..32).unwrap_or_default())
    }

    /// Writes down what was proven, beside the notes that prove it.
    pub(super) fn proven(&self, name: &str, what: &serde_json::Value) -> Result<(), MonitorError> {
        self.write(&format!("evidence/{name}.json"), what.to_string().as_bytes())
    }

    /// Forks proven before, by the name of what was written down.
    pub(super) fn forks(&self) -> Vec<String> {
        let mut names = self.evidence();
        names.retain(|name| name.starts_with("fork-"));
        names
    }

    fn evidence(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join("evidence")).into_iter().flatten().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(super) fn evidence_is_full(&self) -> bool {
        self.evidence().len() >= EVIDENCE_MAX
    }

    /// What lasts and was told: adds and removes; the answer is what is told no longer.
    pub(super) fn told(&mut self, lasting: BTreeSet<String>) -> Result<Vec<String>, MonitorError> {
        let over = self.memory.told.difference(&lasting).cloned().collect();
        if self.memory.told != lasting {
            self.memory.told = lasting;
            self.save()?;
        }
        Ok(over)
    }

    pub(super) fn was_told(&self, lasting: &str) -> bool {
        self.memory.told.contains(lasting)
    }

    /// Remembers who has signed the newest checkpoint, as seen at `now`, and whether all had that
    /// must.
    pub(super) fn signed(
        &mut self,
        by: impl Iterator<Item = String>,
        enough: bool,
        now: Timestamp,
    ) -> Result<(), MonitorError> {
        self.memory.signed.extend(by.map(|name| (name, now)));
        if enough {
            self.memory.quorum = Some(now);
        }
        self.save()
    }

    /// When a witness was last seen to have signed.
    pub(super) fn last_signed(&self, name: &str) -> Option<Timestamp> {
        self.memory.signed.get(name).copied()
    }

    /// When enough witnesses were last seen to have signed.
    pub(super) fn last_quorum(&self) -> Option<Timestamp> {
        self.memory.quorum
    }

    fn save(&self) -> Result<(), MonitorError> {
        let text = serde_json::to_vec_pretty(&self.memory)
            .map_err(|error| MonitorError::MonitorState { reason: error.to_string() })?;
        self.write("monitor.json", &text)
    }

    /// Writes a file of the folder whole or not at all.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), MonitorError> {
        write_file(&self.folder.join(name), bytes, 0o600)
            .map_err(|error| MonitorError::MonitorState { reason: error.to_string() })
    }
}

pub(super) fn file(path: &Path, reason: &dyn std::fmt::Display) -> MonitorError {
    MonitorError::MonitorState { reason: format!("{}: {reason}", path.display()) }
}
