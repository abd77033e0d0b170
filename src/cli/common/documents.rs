//! JSON documents on disk: a file, an NDJSON file, or a folder of both, each with a name for
//! messages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// One document and where it came from.
pub struct Document {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1, if the file is NDJSON.
    pub line: Option<usize>,
    /// Its bytes, without the line's end.
    pub bytes: Vec<u8>,
}

impl Document {
    /// `file` or `file:line`.
    #[must_use]
    pub fn place(&self) -> String {
        let file = self.file.display();
        self.line.map_or_else(|| file.to_string(), |line| format!("{file}:{line}"))
    }
}

/// Reads documents, folders in the order of their names; `-` is stdin.
///
/// # Errors
/// A path that cannot be read, or nothing at all.
pub fn read_documents(paths: &[PathBuf]) -> anyhow::Result<Vec<Document>> {
    let mut documents = Vec::new();
    for path in paths {
        if path.is_dir() {
            for file in files_in(path)? {
                documents.extend(read_file(&file)?);
            }
        } else {
            documents.extend(read_file(path)?);
        }
    }
    if documents.is_empty() {
        bail!("there is no document: give JSON files, NDJSON files, or a folder of them");
    }
    Ok(documents)
}

fn files_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let named = || folder.display().to_string();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(named)? {
        let path = entry.with_context(named)?.path();
        let extension = path.extension().and_then(|text| text.to_str()).unwrap_or_default();
        if matches!(extension, "json" | "ndjson" | "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<Document>> {
    let bytes = read_bytes(path)?;
    let document = |line: Option<usize>, bytes: &[u8]| Document {
        file: path.to_owned(),
        line,
        bytes: bytes.trim_ascii().to_vec(),
    };
    let extension = path.extension().and_then(|text| text.to_str()).unwrap_or_default();
    let lines = || bytes.split(|byte| *byte == b'\n').enumerate();
    let filled = || lines().filter(|(_, line)| !line.trim_ascii().is_empty());
    let ndjson = matches!(extension, "ndjson" | "jsonl")
        || (filled().count() > 1
            && filled()
                .all(|(_, line)| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()));
    if ndjson {
        Ok(filled().map(|(place, line)| document(Some(place + 1), line)).collect())
    } else {
        Ok(vec![document(None, &bytes)])
    }
}

/// The bytes of a file, or of stdin for `-`.
///
/// # Errors
/// It cannot be read.
pub fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).context("stdin")?;
        return Ok(bytes);
    }
    fs::read(path).with_context(|| path.display().to_string())
}
