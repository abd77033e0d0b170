//! Writes one published state of a log to a folder: what the checkpoint implies, nothing else. The
//! checkpoint is written last, so that a copy that was cut off is never taken for a whole one.

use std::fs;
use std::path::Path;

use thiserror::Error;

use crate::audit::{LogSource, SourceError};
use crate::log::{Checkpoint, LogError, Note, tiles_of};

/// Why a log was not exported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The source's checkpoint is none.
    #[error("the source's checkpoint is none: {0}")]
    Checkpoint(LogError),
    /// Something the checkpoint implies is missing.
    #[error("{path} is missing in the source")]
    Missing {
        /// What.
        path: String,
    },
    /// A file cannot be written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

/// What was written.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Exported {
    /// Entries under the checkpoint.
    pub size: u64,
    /// Files written.
    pub files: u64,
}

/// Exports a log to a folder; `documents` are further files by path below it.
///
/// # Errors
/// A source or folder that fails; nothing is taken back, but no checkpoint is written then.
pub fn export(
    source: &dyn LogSource,
    folder: &Path,
    documents: &[(String, Vec<u8>)],
) -> Result<Exported, ExportError> {
    let must = |path: &str| -> Result<Vec<u8>, ExportError> {
        let missing = || ExportError::Missing { path: path.to_owned() };
        source.fetch(path)?.ok_or_else(missing)
    };
    let checkpoint = must("checkpoint")?;
    let text = String::from_utf8_lossy(&checkpoint).into_owned();
    let parsed = Note::parse(&text)
        .and_then(|note| Checkpoint::parse(&note.text))
        .map_err(ExportError::Checkpoint)?;
    let mut files = 0;
    let mut put = |path: &str, bytes: &[u8]| -> Result<(), ExportError> {
        files += 1;
        write(&folder.join(path), bytes)
    };
    for path in tiles_of(parsed.size) {
        put(&format!("log/{path}"), &must(&path.to_string())?)?;
    }
    put("log/vkey", &must("vkey")?)?;
    if let Some(trust) = source.fetch("trust")? {
        put("trust.json", &trust)?;
    }
    for (path, bytes) in documents {
        put(path, bytes)?;
    }
    put("log/checkpoint", &checkpoint)?;
    Ok(Exported { size: parsed.size, files })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let fault = |error: std::io::Error| ExportError::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    fs::write(path, bytes).map_err(fault)
}
