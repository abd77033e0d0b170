//! The bytes of a pack where they are: in memory, or in a file that is read by position, so that a
//! gigabyte of it costs no memory. Not here: what stands in them (`verify`).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use crate::pack::PackBytes;

/// Bytes compared at a time.
const PART_BYTES: usize = 65_536;

/// A pack, or changes to one, as a source gives it; nothing in it is believed yet.
#[derive(Clone)]
pub struct PackData(Place);

#[derive(Clone)]
enum Place {
    Memory(Arc<[u8]>),
    Disk { file: Arc<File>, bytes: u64 },
}

impl PackData {
    /// An open file.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(file: File) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self(Place::Disk { file: Arc::new(file), bytes }))
    }

    /// The file at a path; None if there is none.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        match File::open(path) {
            Ok(file) => Self::of(file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All of its bytes, one part after the other; how many there were.
    ///
    /// # Errors
    /// What the system says.
    pub fn copy_to(&self, out: &mut dyn Write) -> io::Result<u64> {
        io::copy(&mut self.reader()?, out)
    }

    /// Whether another holds the same bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn is_same(&self, other: &Self) -> io::Result<bool> {
        if self.size() != other.size() {
            return Ok(false);
        }
        let (mut own, mut theirs) = (vec![0; PART_BYTES], vec![0; PART_BYTES]);
        let mut at = 0;
        while at < self.size() {
            let length = usize::try_from(self.size() - at).unwrap_or(PART_BYTES).min(PART_BYTES);
            let part = own.get_mut(..length).zip(theirs.get_mut(..length));
            let (Some((own, theirs)), true) = (part, length > 0) else { break };
            self.read_at(at, own)
                .and_then(|()| other.read_at(at, theirs))
                .map_err(io::Error::other)?;
            if own != theirs {
                return Ok(false);
            }
            at = at.saturating_add(length as u64);
        }
        Ok(true)
    }

    /// Reads it from the start; one reader at a time.
    ///
    /// # Errors
    /// What the system says.
    pub fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.0 {
            Place::Memory(bytes) => Box::new(&bytes[..]),
            Place::Disk { file, bytes } => {
                let mut file = &**file;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file.take(*bytes))
            }
        })
    }
}

impl From<Vec<u8>> for PackData {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Place::Memory(bytes.into()))
    }
}

impl From<Arc<[u8]>> for PackData {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(Place::Memory(bytes))
    }
}

impl PackBytes for PackData {
    fn size(&self) -> u64 {
        match &self.0 {
            Place::Memory(bytes) => bytes.size(),
            Place::Disk { bytes, .. } => *bytes,
        }
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        match &self.0 {
            Place::Memory(bytes) => bytes.read_at(offset, out),
            Place::Disk { file, .. } => {
                file.read_exact_at(out, offset).map_err(|error| error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_places_read_alike() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        assert!(PackData::at(&path).unwrap().is_none());
        std::fs::write(&path, b"newer one").unwrap();
        let disk = PackData::at(&path).unwrap().unwrap();
        for data in [disk.clone(), b"newer one".to_vec().into()] {
            assert!(data.is_same(&disk).unwrap());
            assert!(!data.is_same(&b"newer onf".to_vec().into()).unwrap());
            assert!(!data.is_same(&b"newer".to_vec().into()).unwrap());
            let mut part = [0; 3];
            data.read_at(6, &mut part).unwrap();
            assert_eq!((data.size(), &part), (9, b"one"));
            assert!(data.read_at(7, &mut part).is_err());
            for _ in 0..2 {
                let mut all = Vec::new();
                assert_eq!(data.copy_to(&mut all).unwrap(), 9);
                assert_eq!(all, b"newer one");
            }
        }
    }
}
