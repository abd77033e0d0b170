//! The folder of an export: files written whole and durably, told apart from those that are there
//! already. Not here: what stands in them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::ExportError;
use crate::os::files;
use crate::os::files::NewFile;
use crate::source::PackData;

/// A folder that is being written to.
pub(super) struct ExportFolder {
    root: PathBuf,
    /// Folders whose names are still to be synced.
    touched: BTreeSet<PathBuf>,
    pub written: u64,
    pub kept: u64,
    pub removed: u64,
}

impl ExportFolder {
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
        let file = self.place(path)?;
        files::read_if_there(&file).map_err(|error| fault(&file, &error))
    }

    /// Whether there is such a file; it then counts as kept.
    pub fn keeps(&mut self, path: &str) -> bool {
        let there = self.root.join(path).is_file();
        self.kept += u64::from(there);
        there
    }

    /// Where a file lies: below the folder, whatever a source names it.
    fn place(&self, path: &str) -> Result<PathBuf, ExportError> {
        if files::is_plain(path) {
            return Ok(self.root.join(path));
        }
        Err(ExportError::Name { name: path.chars().take(80).collect() })
    }

    /// Writes a file, unless it says so already.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        if self.read(path)?.as_deref() == Some(bytes) {
            self.kept += 1;
            return Ok(());
        }
        self.write(path, &mut &bytes[..])
    }

    /// Writes a file that may be large.
    pub fn put_pack(&mut self, path: &str, pack: &PackData) -> Result<(), ExportError> {
        let file = self.place(path)?;
        let read = |error: io::Error| fault(&file, &error);
        if let Some(held) = PackData::at(&file).map_err(read)?
            && held.is_same(pack).map_err(read)?
        {
            self.kept += 1;
            return Ok(());
        }
        let mut reader = pack.reader().map_err(read)?;
        self.write(path, &mut reader)
    }

    fn write(&mut self, path: &str, bytes: &mut dyn io::Read) -> Result<(), ExportError> {
        let file = self.place(path)?;
        let folder = file.parent().unwrap_or(&self.root).to_owned();
        let mut write = || -> io::Result<()> {
            fs::create_dir_all(&folder)?;
            let mut fresh = NewFile::create(&file, 0o644)?;
            io::copy(bytes, &mut fresh)?;
            fresh.put_for_now()
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
            files::sync_folder(&folder).map_err(|error| fault(&folder, &error))?;
        }
        Ok(())
    }

    /// Removes a folder with all its files, if it is there.
    pub fn remove(&mut self, path: &str) -> Result<(), ExportError> {
        let folder = self.place(path)?;
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
