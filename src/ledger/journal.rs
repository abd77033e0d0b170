//! What the service promised or saw beside the log and must not forget at a restart: numbers kept
//! for certifiers, and nonces of signed requests. A file of lines, each durable before it counts;
//! rewritten when most of it is over. Not in backups: all of it ends within two days.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::home::{file, write_file};
use super::{Home, LedgerError};
use crate::names::{LotKey, PartySlug};
use crate::statement::Timestamp;

/// Lines that are over and stay before the file is rewritten.
const IDLE_LINES_MAX: usize = 8_192;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum Line {
    /// A nonce that was used.
    Nonce(Used),
    /// A number that is kept.
    Serial(Kept),
}

/// A nonce that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Used {
    /// The key's name.
    pub keyid: String,
    /// The nonce.
    pub nonce: String,
    /// Until when it is remembered.
    pub until: Timestamp,
}

/// A number that is kept for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Kept {
    /// The number.
    pub serial: u64,
    /// For whom.
    pub issuer: PartySlug,
    /// For which lot.
    pub lot: LotKey,
    /// Under which scheme.
    pub scheme: String,
    /// Until when.
    pub until: Timestamp,
}

impl Line {
    fn until(&self) -> Timestamp {
        match self {
            Self::Nonce(used) => used.until,
            Self::Serial(kept) => kept.until,
        }
    }
}

/// The journal. Without a path (a ledger over a store in memory) nothing outlives the process.
#[derive(Default)]
pub(super) struct Journal {
    path: Option<PathBuf>,
    /// Open for appending; None before the first line, and after a failure.
    out: Option<File>,
    /// What counts still, and what is over.
    lines: Vec<Line>,
}

impl Journal {
    /// Where it lies in a data folder.
    pub fn path(home: &Home) -> PathBuf {
        home.folder().join("requests")
    }

    /// Reads a journal. What is no line of it was torn by a power cut before anybody was told of
    /// it, and is left out.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(file(path, error)),
        };
        let lines = text.split(|byte| *byte == b'\n');
        let lines = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        Ok(Self { path: Some(path.to_owned()), out: None, lines })
    }

    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Adds lines; when this returns they are durable.
    ///
    /// # Errors
    /// The file cannot be written; the lines are not added then.
    pub fn add(&mut self, lines: &[Line], now: Timestamp) -> Result<(), LedgerError> {
        if lines.is_empty() {
            return Ok(());
        }
        let before = self.lines.len();
        self.lines.extend_from_slice(lines);
        let over = self.lines.iter().filter(|line| line.until() < now).count();
        let written = if self.out.is_none() || over > IDLE_LINES_MAX {
            self.rewrite(now)
        } else {
            self.append(lines)
        };
        if written.is_err() {
            // The end of the file is not known any more: the next line writes it anew.
            self.out = None;
            self.lines.truncate(before);
        }
        written
    }

    fn append(&mut self, lines: &[Line]) -> Result<(), LedgerError> {
        let (Some(path), Some(out)) = (&self.path, &mut self.out) else { return Ok(()) };
        let written = out.write_all(&text_of(lines)).and_then(|()| out.sync_data());
        written.map_err(|error| file(path, error))
    }

    fn rewrite(&mut self, now: Timestamp) -> Result<(), LedgerError> {
        let Some(path) = &self.path else { return Ok(()) };
        let live: Vec<Line> = self.lines.iter().filter(|l| l.until() >= now).cloned().collect();
        write_file(path, &text_of(&live), 0o600)?;
        let out = OpenOptions::new().append(true).mode(0o600).open(path);
        self.out = Some(out.map_err(|error| file(path, error))?);
        self.lines = live;
        Ok(())
    }
}

fn text_of(lines: &[Line]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in lines {
        // Plain members: serialising has no way to fail.
        text.extend(serde_json::to_vec(line).unwrap_or_default());
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(nonce: &str, until: i64) -> Line {
        let (keyid, nonce) = ("key".to_owned(), nonce.to_owned());
        Line::Nonce(Used { keyid, nonce, until: Timestamp::from_seconds(until) })
    }

    #[test]
    fn lines_outlive_the_process_and_a_torn_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests");
        let at = Timestamp::from_seconds;
        let mut journal = Journal::open(&path).unwrap();
        journal.add(&[used("a", 100), used("b", 10)], at(5)).unwrap();
        journal.add(&[used("c", 100)], at(5)).unwrap();
        let mut torn = fs::read(&path).unwrap();
        torn.extend_from_slice(b"{\"nonce\":{\"keyid\":\"key\",\"non");
        fs::write(&path, torn).unwrap();
        let mut again = Journal::open(&path).unwrap();
        assert_eq!(again.lines(), [used("a", 100), used("b", 10), used("c", 100)]);
        // The first line after a start writes the file anew, without what is over.
        again.add(&[used("d", 100)], at(50)).unwrap();
        let kept = [used("a", 100), used("c", 100), used("d", 100)];
        assert_eq!(Journal::open(&path).unwrap().lines(), kept);
    }

    #[test]
    fn it_does_not_grow_with_what_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests");
        let mut journal = Journal::open(&path).unwrap();
        for round in 0..100_i64 {
            let now = Timestamp::from_seconds(round * 1_000);
            let lines: Vec<Line> =
                (0..500).map(|n| used(&n.to_string(), round * 1_000 + 1)).collect();
            journal.add(&lines, now).unwrap();
        }
        assert!(journal.lines().len() <= IDLE_LINES_MAX + 1_000, "{}", journal.lines().len());
        assert!(fs::metadata(&path).unwrap().len() < 1_000_000);
    }

    #[test]
    fn what_cannot_be_written_is_not_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests");
        fs::create_dir(path.with_extension("new")).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        let refused = journal.add(&[used("a", 100)], Timestamp::from_seconds(1));
        assert_eq!(refused.unwrap_err().code(), "file");
        assert!(journal.lines().is_empty());
        fs::remove_dir(path.with_extension("new")).unwrap();
        journal.add(&[used("a", 100)], Timestamp::from_seconds(1)).unwrap();
        assert_eq!(Journal::open(&path).unwrap().lines().len(), 1);
    }
}
