//! A pack file on disk, read by position: as much of it as a verdict needs.
//! Not here: what stands in it (`verify::pack`).

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::Context;

use crate::pack::PackBytes;

/// An open file, read by position.
pub struct DiskFile {
    file: File,
    size: u64,
}

impl DiskFile {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let open = || -> std::io::Result<Self> {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            Ok(Self { file, size })
        };
        open().with_context(|| path.display().to_string())
    }
}

impl PackBytes for DiskFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        self.file.read_exact_at(out, offset).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_by_position() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        std::fs::write(&path, b"newer one").unwrap();
        let file = DiskFile::open(&path).unwrap();
        let mut out = [0; 3];
        file.read_at(6, &mut out).unwrap();
        assert_eq!((file.size(), &out), (9, b"one"));
        assert!(file.read_at(7, &mut out).is_err());
        assert!(DiskFile::open(&folder.path().join("none")).is_err());
    }
}
