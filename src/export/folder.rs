//! The folder of an export: files written whole and durably, told apart from those that are there
//! already. Not here: what stands in them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::ExportError;

/// A folder that is being written to.
pub(super) struct Folder {
    root: PathBuf,
    /// Folders whose names are still to be synced.
    touched: BTreeSet<PathBuf>,
    pub written: u64,
    pub kept: u64,
    pub removed: u64,
}

impl Folder {
    /// A folder that is empty or missing, or holds `mark`.
    pub fn at(root: &Path, mark: &str) -> Result<Self, ExportError> {
        let mut entries = match fs::read_dir(root) {
            Ok(entries) => Some(entries),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(fault(root, &error)),
        };
        let full = entries.as_mut().is_some_and(|entries| entries.next().is_some());
        if full && !root.join(mark).is_file() {
            let reason = format!("it holds other files and no {mark}");
            return Err(ExportError::Folder { folder: root.display().to_string(), reason });
        }
        let (root, touched) = (root.to_owned(), BTreeSet::new());
        Ok(Self { root, touched, written: 0, kept: 0, removed: 0 })
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.root.display().to_string()
    }

    /// The bytes of a file; None if there is none.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ExportError> {
        let file = self.root.join(path);
        match fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(&file, &error)),
        }
    }

    /// Whether there is such a file; it then counts as kept.
    pub fn keeps(&mut self, path: &str) -> bool {
        let there = self.root.join(path).is_file();
        self.kept += u64::from(there);
        there
    }

    /// Writes a file, unless it says so already.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        if self.read(path)?.as_deref() == Some(bytes) {
            self.kept += 1;
            return Ok(());
        }
        let file = self.root.join(path);
        let folder = file.parent().unwrap_or(&self.root).to_owned();
        let mut fresh = file.as_os_str().to_owned();
        fresh.push(".new");
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(&folder)?;
            let mut out = File::create(&fresh)?;
            out.write_all(bytes)?;
            out.sync_all()?;
            fs::rename(&fresh, &file)
        };
        write().map_err(|error| fault(&file, &error))?;
        self.written += 1;
        let below = folder.strip_prefix(&self.root).unwrap_or(Path::new("")).ancestors();
        self.touched.extend(below.map(|part| self.root.join(part)));
        Ok(())
    }

    /// Makes the names of all files written so far durable.
    pub fn sync(&mut self) -> Result<(), ExportError> {
        for folder in std::mem::take(&mut self.touched) {
            let synced = File::open(&folder).and_then(|it| it.sync_all());
            synced.map_err(|error| fault(&folder, &error))?;
        }
        Ok(())
    }

    /// Removes a folder with all its files, if it is there.
    pub fn remove(&mut self, path: &str) -> Result<(), ExportError> {
        let folder = self.root.join(path);
        let files = match fs::read_dir(&folder) {
            Ok(files) => files.count() as u64,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(fault(&folder, &error)),
        };
        fs::remove_dir_all(&folder).map_err(|error| fault(&folder, &error))?;
        self.removed += files;
        Ok(())
    }
}

fn fault(path: &Path, error: &std::io::Error) -> ExportError {
    ExportError::File { path: path.display().to_string(), reason: error.to_string() }
}
