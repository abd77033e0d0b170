//! The guard: the file (best on another disk too) that remembers the last published checkpoint, so
//! that an old copy of the ledger is not signed from. Synced at most once a second, and at a stop.
//! Files that stand ready keep a full disk or a lack of handles from stopping it once it is open.
//! Not here: what follows from it (`open`).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::warn;

use super::halt::{Halt, HaltKind};
use crate::log::{Checkpoint, Note, NoteKey, verify_checkpoint};
use crate::store::Cause;

/// Between two syncs of the guard.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// Bytes taken for a note before it is known: a checkpoint of ours is below 400.
const NOTE_BYTES: usize = 1_024;

/// The files of one ledger's guard.
#[derive(Debug, Default)]
pub(super) struct Guard {
    files: Vec<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Each file, and its copy that is only ever replaced by what was synced.
    places: Vec<Place>,
    synced: Option<Instant>,
    /// What is not synced yet.
    waiting: Option<String>,
}

impl Guard {
    /// The guard in these files; all of them are written.
    pub fn new(mut files: Vec<PathBuf>) -> Self {
        files.dedup();
        files.iter().flat_map(|file| [file.clone(), synced(file)]).for_each(|f| clear_numbered(&f));
        let place = |(path, durable)| Place { path, durable, pair: None };
        let places = files.iter().flat_map(|file| [(file.clone(), false), (synced(file), true)]);
        let places = places.map(place).collect();
        Self { files, state: Mutex::new(State { places, ..State::default() }) }
    }

    /// Everything it may be remembered in: its files, and their synced copies.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().flat_map(|file| Self::names(file))
    }

    /// A guard file and its synced copy.
    pub fn names(file: &Path) -> [PathBuf; 2] {
        [file.to_owned(), synced(file)]
    }

    /// Makes sure that the next checkpoint can be remembered: before anything is committed.
    pub fn prepare(&self) -> Result<(), Halt> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.places.iter_mut().try_for_each(|place| place.tried(Place::prepare))
    }

    /// Remembers a checkpoint before it is shown.
    pub fn remember(&self, note: &str) -> Result<(), Halt> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.write(note, false)?;
        state.waiting = Some(note.to_owned());
        match state.synced.is_none_or(|at| at.elapsed() >= SYNC_EVERY) {
            true => state.write_synced(),
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
    pub fn sync(&self) -> Result<(), Halt> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).write_synced()
    }
}

impl State {
    fn write(&mut self, note: &str, durable: bool) -> Result<(), Halt> {
        let mut places = self.places.iter_mut().filter(|place| place.durable == durable);
        places.try_for_each(|place| place.tried(|place| place.show(note)))
    }

    fn write_synced(&mut self) -> Result<(), Halt> {
        let Some(note) = self.waiting.take() else { return Ok(()) };
        if let Err(halt) = self.write(&note, true) {
            self.waiting = Some(note);
            return Err(halt);
        }
        self.synced = Some(Instant::now());
        Ok(())
    }
}

/// One file of a guard, and what stands ready to replace it.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    durable: bool,
    pair: Option<Pair>,
}

/// What stands ready for when no new file can be made: two files that then bear the guard's name in
/// turn. The one that does not is written, linked to a name of its own and moved over the guard's:
/// nothing is opened, and no block is taken, to do so.
#[derive(Debug)]
struct Pair {
    files: [(PathBuf, File); 2],
    /// The name on the way.
    fresh: PathBuf,
    folder: File,
    next: usize,
}

impl Place {
    /// Does it; what failed is opened anew the next time.
    fn tried(&mut self, act: impl FnOnce(&mut Self) -> io::Result<()>) -> Result<(), Halt> {
        act(self).map_err(|error| {
            self.pair = None;
            let heals = Cause::of_io(&error).heals();
            let kind = if heals { HaltKind::Room } else { HaltKind::Guard };
            let reason = format!("a guard file cannot be written: {error}");
            Halt::new(kind, reason).at(self.path.display()).healing()
        })
    }

    fn open(&mut self) -> io::Result<&mut Pair> {
        if self.pair.is_none() {
            self.pair = Some(Pair::open(&self.path)?);
        }
        self.pair.as_mut().ok_or_else(|| io::Error::other("it is not open"))
    }

    /// Takes the room of a note in the file that is written next.
    fn prepare(&mut self) -> io::Result<()> {
        let pair = self.open()?;
        pair.spare().1.write_all_at(&[0; NOTE_BYTES], 0)
    }

    fn show(&mut self, note: &str) -> io::Result<()> {
        let (durable, path) = (self.durable, self.path.clone());
        let pair = self.open()?;
        match pair.replace(&path, note, durable) {
            Err(error) if Cause::of_io(&error).heals() => {
                // Half of it would stand in the way.
                let _ = fs::remove_file(&pair.fresh);
                pair.take_turns(&path, note, durable)
            }
            done => done,
        }
    }
}

impl Pair {
    fn open(path: &Path) -> io::Result<Self> {
        // Names of its own each time: the thread of a ledger that ends may still be syncing.
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let own = |ending: &str| beside(path, &format!(".{}.{count}.{ending}", std::process::id()));
        let named = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = named.unwrap_or(Path::new("."));
        remove_left(folder, path)?;
        let make = |ending: &str| -> io::Result<(PathBuf, File)> {
            let name = own(ending);
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(true).open(&name)?;
            file.write_all_at(&[0; NOTE_BYTES], 0)?;
            Ok((name, file))
        };
        let files = [make("0")?, make("1")?];
        Ok(Self { files, fresh: own("new"), folder: File::open(folder)?, next: 0 })
    }

    /// A new file, moved over the old one: whoever reads the old one has all of it.
    fn replace(&self, path: &Path, note: &str, durable: bool) -> io::Result<()> {
        let file = File::create(&self.fresh)?;
        file.write_all_at(note.as_bytes(), 0)?;
        if durable {
            file.sync_all()?;
        }
        fs::rename(&self.fresh, path)?;
        if durable { self.folder.sync_all() } else { Ok(()) }
    }

    /// The same with what is open already.
    fn take_turns(&mut self, path: &Path, note: &str, durable: bool) -> io::Result<()> {
        let (name, file) = self.spare();
        file.write_all_at(note.as_bytes(), 0)?;
        file.set_len(note.len() as u64)?;
        if durable {
            file.sync_all()?;
        }
        fs::hard_link(name, &self.fresh)?;
        fs::rename(&self.fresh, path)?;
        self.next = 1 - self.next;
        if durable { self.folder.sync_all() } else { Ok(()) }
    }

    /// The file that does not bear the guard's name.
    fn spare(&self) -> &(PathBuf, File) {
        let [first, second] = &self.files;
        if self.next == 0 { first } else { second }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        for (name, _) in &self.files {
            // The guard's own name stays; what is left behind is removed at the next start.
            let _ = fs::remove_file(name);
        }
    }
}

/// Removes what a kill left beside a guard file.
fn remove_left(folder: &Path, path: &Path) -> io::Result<()> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.file_name();
        let rest = found.to_str().and_then(|found| found.strip_prefix(name)?.strip_prefix('.'));
        let numbers = rest.and_then(|rest| {
            [".0", ".1", ".new"].into_iter().find_map(|ending| rest.strip_suffix(ending))
        });
        let digits = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        };
        if numbers.is_some_and(digits) {
            match fs::remove_file(entry.path()) {
                // A ledger that ends just now removed its own.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
        }
    }
    Ok(())
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
    pub fn read(file: &Path, key: &NoteKey) -> Result<Option<Self>, Halt> {
        const WHAT: &str = "a guard file";
        let name = file.display().to_string();
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let reason = format!("{WHAT} cannot be read: {error}");
                return Err(Halt::new(HaltKind::Outside, reason).at(name));
            }
        };
        if is_torn(&bytes, key.name()) {
            warn!("the guard file {name} was cut off, as a power cut does it: ignored");
            return Ok(None);
        }
        let note = String::from_utf8(bytes).map_err(|_| no_checkpoint(WHAT).at(&name))?;
        Self::of(&note, key, WHAT).map(Some).map_err(|halt| halt.at(name))
    }

    /// Believes a note of this log. `what` says what holds it.
    ///
    /// # Errors
    /// Why nothing may be signed.
    pub fn of(note: &str, key: &NoteKey, what: &str) -> Result<Self, Halt> {
        if let Ok(checkpoint) = verify_checkpoint(note, key, key.name()) {
            return Ok(Self { note: note.to_owned(), checkpoint });
        }
        let parsed = Note::parse(note).and_then(|note| Checkpoint::parse(&note.text));
        let Ok(other) = parsed else { return Err(no_checkpoint(what)) };
        let origin = &other.origin;
        let reason = if origin == key.name() {
            format!("{what} holds a checkpoint of {origin} that its key did not sign")
        } else {
            format!(
                "{what} holds the checkpoint of another log, {origin}; this one is {}: name the \
                 file of this log",
                key.name()
            )
        };
        Err(Halt::new(HaltKind::Outside, reason))
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

fn no_checkpoint(what: &str) -> Halt {
    let reason = format!(
        "{what} holds no checkpoint: find out what happened to it before anything is signed"
    );
    Halt::new(HaltKind::Outside, reason)
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
            let halt = Seen::read(&file, &key).unwrap_err();
            assert!(halt.to_string().contains(why), "{halt}");
            let place = file.display().to_string();
            assert!(!halt.to_string().contains(&place), "for everybody: {halt}");
            assert!(halt.for_operator().contains(&place), "{}", halt.for_operator());
        }
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        let halt = Seen::read(&file, &key).unwrap_err();
        assert!(halt.to_string().contains("cannot be read"), "{halt}");
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

    #[test]
    fn readers_see_one_note_or_the_other_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guard");
        for left in ["guard.7.new", "guard.synced.3.new", "guard.12.0.1", "guard.12.0.new"] {
            fs::write(folder.path().join(left), "left by a kill").unwrap();
        }
        fs::write(folder.path().join("guard.old"), "mine").unwrap();
        let guard = Guard::new(vec![path.clone()]);
        let over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let text = fs::read_to_string(&path).unwrap_or_default();
                    let number = text.trim_start_matches("note ").trim_end();
                    assert!(text.is_empty() || number.parse::<u64>().is_ok(), "{text:?}");
                }
            });
            for number in 0..2_000 {
                guard.prepare().unwrap();
                guard.remember(&format!("note {number:08}")).unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        guard.sync().unwrap();
        drop(guard);
        let names = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["guard", "guard.old", "guard.synced"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "note 00001999");
    }

    #[test]
    fn a_folder_that_is_gone_and_comes_back_heals() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("other");
        fs::create_dir(&place).unwrap();
        let guard = Guard::new(vec![place.join("guard")]);
        guard.remember("one").unwrap();
        fs::remove_dir_all(&place).unwrap();
        let halt = guard.remember("two").unwrap_err();
        assert!(halt.heals() && !halt.to_string().contains("other"), "{halt}");
        assert!(guard.prepare().is_err());
        fs::create_dir(&place).unwrap();
        guard.prepare().unwrap();
        guard.remember("two").unwrap();
        assert_eq!(fs::read_to_string(place.join("guard")).unwrap(), "two");
    }
}
