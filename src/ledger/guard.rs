//! The guard: the file (best on another disk too) that remembers the last published checkpoint, so
//! that an old copy of the ledger is not signed from. Synced at most once a second, and at a stop.
//! Not here: what follows from it (`open`).

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::files::NewFile;
use crate::log::{Checkpoint, Note, NoteKey, verify_checkpoint};

/// Between two syncs of the guard.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The files of one ledger's guard.
#[derive(Debug, Default)]
pub(super) struct Guard {
    files: Vec<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    synced: Option<Instant>,
    /// What is not synced yet.
    waiting: Option<String>,
}

impl Guard {
    /// The guard in these files; all of them are written.
    pub fn new(mut files: Vec<PathBuf>) -> Self {
        files.dedup();
        files.iter().flat_map(|file| [file.clone(), synced(file)]).for_each(|f| clear_numbered(&f));
        Self { files, state: Mutex::default() }
    }

    /// Everything it may be remembered in: its files, and their synced copies.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().flat_map(|file| [file.clone(), synced(file)])
    }

    /// Remembers a checkpoint before it is shown.
    pub fn remember(&self, note: &str) -> Result<(), String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for file in &self.files {
            replace(file, note, false).map_err(|error| fault(file, &error))?;
        }
        state.waiting = Some(note.to_owned());
        match state.synced.is_none_or(|at| at.elapsed() >= SYNC_EVERY) {
            true => self.write_synced(&mut state),
            false => Ok(()),
        }
    }

    /// How long the writer may wait before it must sync; None if there is nothing to sync.
    pub fn due(&self) -> Option<Duration> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let since = state.synced.map_or(SYNC_EVERY, |at| at.elapsed());
        state.waiting.as_ref().map(|_| SYNC_EVERY.saturating_sub(since))
    }

    /// Makes durable what was remembered.
    pub fn sync(&self) -> Result<(), String> {
        self.write_synced(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn write_synced(&self, state: &mut State) -> Result<(), String> {
        let Some(note) = &state.waiting else { return Ok(()) };
        for file in self.files.iter().map(|file| synced(file)) {
            replace(&file, note, true).map_err(|error| fault(&file, &error))?;
        }
        *state = State { synced: Some(Instant::now()), waiting: None };
        Ok(())
    }
}

fn fault(file: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", file.display())
}

/// The copy that is only ever replaced by what was synced.
fn synced(file: &Path) -> PathBuf {
    beside(file, ".synced")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn replace(path: &Path, note: &str, durable: bool) -> std::io::Result<()> {
    let mut fresh = NewFile::create(path, 0o644)?;
    fresh.write_all(note.as_bytes())?;
    if durable { fresh.put() } else { fresh.put_unsynced() }
}

/// Clears away what earlier releases left behind when they were cut off: they numbered their new
/// files.
fn clear_numbered(file: &Path) {
    for number in 0..16 {
        // One that stays is in nobody's way.
        let _ = fs::remove_file(beside(file, &format!(".{number}.new")));
    }
}

/// A checkpoint that somebody outside of the store remembers.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The signed note.
    pub note: String,
    /// What it says.
    pub checkpoint: Checkpoint,
}

impl Seen {
    /// Reads a guard file. None: there is none, or a power cut left it empty (said on stderr).
    ///
    /// # Errors
    /// Why nothing may be signed: the file cannot be read, or is not this log's checkpoint.
    pub fn read(file: &Path, key: &NoteKey) -> Result<Option<Self>, String> {
        let name = file.display();
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("the guard file {name} cannot be read: {error}")),
        };
        if is_torn(&bytes, key.name()) {
            eprintln!("tasdiq: the guard file {name} was cut off, as a power cut does it: ignored");
            return Ok(None);
        }
        let note = String::from_utf8(bytes).map_err(|_| no_checkpoint(&name.to_string()))?;
        Self::of(&note, key, &name.to_string()).map(Some)
    }

    /// Believes a note of this log. `from` says where it was found.
    ///
    /// # Errors
    /// Why nothing may be signed.
    pub fn of(note: &str, key: &NoteKey, from: &str) -> Result<Self, String> {
        if let Ok(checkpoint) = verify_checkpoint(note, key, key.name()) {
            return Ok(Self { note: note.to_owned(), checkpoint });
        }
        let parsed = Note::parse(note).and_then(|note| Checkpoint::parse(&note.text));
        let Ok(other) = parsed else { return Err(no_checkpoint(from)) };
        if other.origin == key.name() {
            let origin = other.origin;
            return Err(format!("{from} holds a checkpoint of {origin} that its key did not sign"));
        }
        Err(format!(
            "{from} holds the checkpoint of another log, {}; this one is {}: name the file of \
             this log",
            other.origin,
            key.name()
        ))
    }
}

/// Whether a power cut made this of a note: nothing, zeros, or the beginning of one.
fn is_torn(bytes: &[u8], origin: &str) -> bool {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let begun = bytes.get(..end).unwrap_or_default();
    let first = format!("{origin}\n");
    let ours = first.as_bytes().starts_with(begun) || begun.starts_with(first.as_bytes());
    ours && !std::str::from_utf8(bytes).is_ok_and(|note| Note::parse(note).is_ok())
}

fn no_checkpoint(from: &str) -> String {
    format!("{from} holds no checkpoint: find out what happened to it before anything is signed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{NoteAlgorithm, empty_root, sign_note};
    use crate::seal::{Signer, SoftKey};

    fn note(origin: &str, secret: u8) -> (NoteKey, String) {
        let soft = SoftKey::from_secret(&[secret; 32]);
        let key = NoteKey::new(origin, NoteAlgorithm::Ed25519, soft.public()).unwrap();
        let text = Checkpoint { origin: origin.to_owned(), size: 0, root: empty_root() }.to_text();
        let signed = sign_note(&text, &key, &|message| soft.sign_bytes(message));
        (key, signed)
    }

    #[test]
    fn what_a_guard_file_may_hold() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guard");
        let (key, good) = note("a.example/log", 1);
        assert!(Seen::read(&file, &key).unwrap().is_none(), "absent");
        let zeros = [&good.as_bytes()[..40], &[0; 9]].concat();
        for torn in [&b""[..], &[0; 400], &zeros, b"a.exam", &good.as_bytes()[..good.len() - 5]] {
            fs::write(&file, torn).unwrap();
            assert!(Seen::read(&file, &key).unwrap().is_none(), "{torn:?}");
        }
        let guard = Guard::new(vec![file.clone(), file.clone()]);
        assert_eq!(guard.files().count(), 2);
        guard.remember(&good).unwrap();
        assert_eq!(Seen::read(&file, &key).unwrap().unwrap().note, good);
        let (_, other_log) = note("b.example/log", 1);
        let (_, other_key) = note("a.example/log", 2);
        for (text, why) in [
            ("something else", "no checkpoint"),
            (other_log.as_str(), "another log, b.example/log"),
            (other_key.as_str(), "did not sign"),
        ] {
            fs::write(&file, text).unwrap();
            let reason = Seen::read(&file, &key).unwrap_err();
            assert!(reason.contains(why), "{reason}");
        }
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(Seen::read(&file, &key).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn it_is_synced_once_a_second_and_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let guard = Guard::new(vec![folder.path().join("guard")]);
        let copy = || fs::read_to_string(folder.path().join("guard.synced")).unwrap();
        guard.remember("one").unwrap();
        assert_eq!(guard.due(), None, "the first is synced at once");
        guard.remember("two").unwrap();
        assert!(guard.due().is_some_and(|wait| wait <= SYNC_EVERY));
        assert_eq!(copy(), "one");
        guard.sync().unwrap();
        assert_eq!((guard.due(), copy().as_str()), (None, "two"));
    }
}
