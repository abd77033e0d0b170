//! The history of cosigned checkpoints: one an hour, so that anybody can bound when entries were
//! logged by what outsiders saw. Pages of 256 notes in the data folder, each note behind its length
//! in two bytes. Not here: what follows from it (`verify::LogTimes`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::LedgerError;
use super::home::file;
use crate::log::{entries_of, push_entry};
use crate::os::files;
use crate::statement::Timestamp;

/// Notes on a page.
const PAGE_NOTES: usize = 256;

/// Between two notes that are kept, in seconds.
const KEEP_SECONDS: i64 = 3_600;

/// The pages in a folder.
pub struct CosignedFile {
    folder: PathBuf,
    last: Mutex<Option<Timestamp>>,
}

impl CosignedFile {
    /// The history in `folder`; made when the first note is kept. A page that a power cut left with
    /// half a note at its end is cut back to whole ones.
    ///
    /// # Errors
    /// A page that cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let this = Self { folder: folder.to_owned(), last: Mutex::new(None) };
        let path = this.path(this.pages().saturating_sub(1));
        if let Some(bytes) = files::read_if_there(&path).map_err(|e| file(&path, e))? {
            let whole = whole_notes(&bytes);
            if whole < bytes.len() {
                let notes = bytes.get(..whole).unwrap_or_default();
                files::replace(&path, notes, 0o644).map_err(|e| file(&path, e))?;
            }
        }
        Ok(this)
    }

    /// Keeps a note, unless one was kept within the hour before `at` (since the start).
    ///
    /// # Errors
    /// A page that cannot be written.
    pub fn keep(&self, note: &str, at: Timestamp) -> Result<(), LedgerError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| at.seconds().saturating_sub(last.seconds()) < KEEP_SECONDS) {
            return Ok(());
        }
        let pages = self.pages();
        let newest = self.path(pages.saturating_sub(1));
        // A page that is there and cannot be read is not begun anew.
        let held = files::read_if_there(&newest).map_err(|error| file(&newest, error))?;
        let mut bytes = held.unwrap_or_default();
        let full = entries_of(&bytes).is_ok_and(|notes| notes.len() >= PAGE_NOTES);
        let path = if full { self.path(pages) } else { newest };
        if full {
            bytes.clear();
        }
        push_entry(&mut bytes, note.as_bytes()).map_err(|error| file(&path, error))?;
        files::replace(&path, &bytes, 0o644).map_err(|error| file(&path, error))?;
        *last = Some(at);
        Ok(())
    }

    /// A page; None beyond the last.
    #[must_use]
    pub fn page(&self, page: u64) -> Option<Vec<u8>> {
        fs::read(self.path(page)).ok()
    }

    fn pages(&self) -> u64 {
        (0..).take_while(|page| self.path(*page).is_file()).count() as u64
    }

    fn path(&self, page: u64) -> PathBuf {
        self.folder.join(page.to_string())
    }
}

/// Bytes of the whole notes at the start of a page.
fn whole_notes(page: &[u8]) -> usize {
    let (mut whole, mut rest) = (0_usize, page);
    while let Some((length, after)) = rest.split_first_chunk() {
        let Some((_, next)) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))
        else {
            break;
        };
        whole = page.len().saturating_sub(next.len());
        rest = next;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_an_hour_and_only_whole_notes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cosigned");
        let at = |seconds: i64| Timestamp::from_seconds(1_800_000_000 + seconds);
        let history = CosignedFile::open(&path).unwrap();
        assert_eq!(history.page(0), None);
        for (note, seconds) in [("a", 0), ("b", 3_599), ("c", 3_600)] {
            history.keep(note, at(seconds)).unwrap();
        }
        let notes = |history: &CosignedFile| {
            let page = history.page(0).unwrap();
            entries_of(&page).unwrap().iter().map(|n| n.to_vec()).collect::<Vec<_>>().concat()
        };
        assert_eq!(notes(&history), b"ac");
        let torn = [history.page(0).unwrap(), vec![0, 9, b'x']].concat();
        fs::write(path.join("0"), torn).unwrap();
        let history = CosignedFile::open(&path).unwrap();
        history.keep("d", at(3_601)).unwrap();
        assert_eq!(notes(&history), b"acd", "the first after a start is kept");
        for hour in 2..260 {
            history.keep("e", at(hour * 3_600 + 2)).unwrap();
        }
        assert_eq!(entries_of(&history.page(0).unwrap()).unwrap().len(), PAGE_NOTES);
        assert!(history.page(1).is_some() && history.page(2).is_none());
    }
}
