//! Starting a ledger from a snapshot of its register: which is taken up, which is not, and that
//! the register is the same either way. Not here: the bytes of a snapshot (`snapshot`).

use std::fs;
use std::path::PathBuf;

use tasdiq::ledger::{Home, KeyName, Ledger, OpenOptions};
use tasdiq::log::{Hash, NoteKey, sign_note};
use tasdiq::store::{Batch, SledStore, Store};
use tempfile::TempDir;

use crate::support::{TestApp, restart};

const NONE: Hash = Hash::new([0; 32]);

/// A stopped ledger with two snapshots, the second of its whole log.
struct Stopped {
    home: Home,
    _folder: TempDir,
    /// The register's digest.
    digest: Hash,
    sizes: [u64; 2],
}

fn stopped() -> Stopped {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L1");
    app.ledger.save_snapshot();
    let first = app.ledger.view().size;
    app.certify(&certifier, "L1");
    app.ledger.save_snapshot();
    let (digest, second) = (digest(&app.ledger), app.ledger.view().size);
    let (home, folder) = app.into_home();
    let stopped = Stopped { home, _folder: folder, digest, sizes: [first, second] };
    assert_eq!(stopped.there(), stopped.sizes);
    stopped
}

fn digest(ledger: &Ledger) -> Hash {
    ledger.view().register.snapshot_digest(&NONE, &NONE)
}

impl Stopped {
    fn path(&self, size: u64) -> PathBuf {
        self.home.folder().join(format!("snapshots/register-{size}"))
    }

    /// The sizes of the snapshots that are there.
    fn there(&self) -> Vec<u64> {
        let files = fs::read_dir(self.home.folder().join("snapshots")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let size = |name: String| name.strip_prefix("register-").unwrap().parse().unwrap();
        let mut sizes: Vec<u64> = names.map(size).collect();
        sizes.sort_unstable();
        sizes
    }

    fn store(&self) -> SledStore {
        loop {
            match SledStore::open(&self.home.store()) {
                Err(error) if error.code() == "store_locked" => {}
                store => return store.unwrap(),
            }
        }
    }

    /// Puts other bytes where an entry stands: a ledger that reads it does not open.
    fn spoil(&self, index: u64) {
        let store = self.store();
        let key = [&b"e"[..], &index.to_be_bytes()].concat();
        let head = store.read(b"h").unwrap().unwrap();
        store.commit(&Batch::expecting(b"h", Some(&head)).put(key, b"spoilt".to_vec())).unwrap();
    }

    /// Puts bytes as a snapshot, under a note of the log key.
    fn sign(&self, size: u64, own: &[u8]) {
        let key = self.home.read_keys(KeyName::Log).unwrap().remove(0);
        let name = NoteKey::parse(&self.home.config().unwrap().log_key).unwrap();
        let digest = Hash::new(*own.last_chunk().unwrap());
        let text = format!("{}/register\n{size}\n{digest}\n", name.name());
        let note = sign_note(&text, &name, &|text| key.sign_bytes(text));
        let length = u16::try_from(note.len()).unwrap().to_le_bytes();
        fs::write(self.path(size), [own, note.as_bytes(), &length].concat()).unwrap();
    }

    /// Changes one byte of a snapshot.
    fn damage(&self, size: u64) {
        let mut bytes = fs::read(self.path(size)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(self.path(size), bytes).unwrap();
    }

    /// Opens it: the register must be the one that was stopped.
    fn opens(&self) {
        let ledger = restart(&self.home, &OpenOptions::default());
        assert_eq!(digest(&ledger), self.digest);
        assert_eq!(ledger.view().stopped, None);
    }

    fn is_broken(&self) {
        let opened = loop {
            match Ledger::open(&self.home, &OpenOptions::default()) {
                Err(error) if error.code() == "store_locked" => {}
                opened => break opened,
            }
        };
        assert_eq!(opened.err().map(|error| error.code()), Some("ledger_broken"));
    }
}

#[test]
fn only_what_was_logged_since_the_snapshot_is_folded() {
    let stopped = stopped();
    stopped.opens();
    // The edge of the tree is read from the last entries: spoilt ones would not give its root. So
    // the log is made longer than a tile first, and spoilt far from its end.
    let mut app = TestApp::of(restart(&stopped.home, &OpenOptions::default()), &stopped.home);
    for number in 0..260 {
        let statement = app.registration(number);
        app.logged(&statement);
    }
    app.ledger.save_snapshot();
    let told = digest(&app.ledger);
    app.restart();
    assert_eq!(digest(&app.ledger), told);
    drop(app);
    stopped.spoil(3);
    let ledger = restart(&stopped.home, &OpenOptions::default());
    assert_eq!(digest(&ledger), told, "the spoilt entry was not read");
    drop(ledger);
    // Without a snapshot it is: the log is what counts.
    fs::remove_dir_all(stopped.home.folder().join("snapshots")).unwrap();
    stopped.is_broken();
}

#[test]
fn a_damaged_snapshot_is_passed_over() {
    let stopped = stopped();
    let [first, second] = stopped.sizes;
    stopped.damage(second);
    stopped.opens();
    stopped.damage(first);
    stopped.opens();
    // Cut, empty, and of a name that is not its size.
    let bytes = fs::read(stopped.path(first)).unwrap();
    fs::write(stopped.path(second), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(stopped.path(first), b"").unwrap();
    stopped.opens();
    fs::write(stopped.path(999_999), b"x").unwrap();
    fs::create_dir(stopped.path(999_998)).unwrap();
    stopped.opens();
}

#[test]
fn a_snapshot_of_another_log_is_not_taken_up() {
    let (mine, other) = (stopped(), stopped());
    // The same ledger's name and size, another root key and other entries.
    for size in mine.sizes {
        fs::copy(other.path(size), mine.path(size)).unwrap();
    }
    mine.opens();
    assert_ne!(mine.digest, other.digest);
}

/// Another history under the same key: only the tree tells it.
#[test]
fn a_snapshot_of_another_tree_is_not_taken_up() {
    let stopped = stopped();
    let ledger = restart(&stopped.home, &OpenOptions::default());
    let (register, size) = (ledger.view().register.clone(), ledger.view().size);
    drop(ledger);
    let mut own = Vec::new();
    let mut out = |part: &[u8]| {
        own.extend_from_slice(part);
        Ok::<(), std::convert::Infallible>(())
    };
    register.snapshot(&NONE, &NONE, &mut out).unwrap();
    stopped.sign(size, &own);
    stopped.spoil(3);
    fs::remove_file(stopped.path(stopped.sizes[0])).unwrap();
    stopped.is_broken();
}

/// An old copy of the store beside newer snapshots, as a copy that was put back in part leaves.
#[test]
fn a_snapshot_of_more_than_the_store_holds_is_not_taken_up() {
    let (app, cooperative, _) = TestApp::with_parties();
    app.declare(&cooperative, "L1");
    app.ledger.save_snapshot();
    let (before, size) = (digest(&app.ledger), app.ledger.view().size);
    let (home, folder) = app.into_home();
    let old = folder.path().join("old");
    drop(restart(&home, &OpenOptions::default()));
    let copied = || -> std::io::Result<()> {
        fs::create_dir(&old)?;
        for file in fs::read_dir(home.store())? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), old.join(file.file_name()))?;
            } else {
                copy_all(&file.path(), &old.join(file.file_name()))?;
            }
        }
        Ok(())
    };
    copied().unwrap();
    let app = TestApp::of(restart(&home, &OpenOptions::default()), &home);
    app.declare(&cooperative, "L2");
    app.ledger.save_snapshot();
    assert!(app.ledger.view().size > size);
    drop(app);
    drop(restart(&home, &OpenOptions::default()));
    fs::remove_dir_all(home.store()).unwrap();
    fs::rename(&old, home.store()).unwrap();
    let ledger = restart(&home, &OpenOptions::default());
    assert_eq!((digest(&ledger), ledger.view().size), (before, size));
    // That it is an old copy is another matter, and told.
    assert!(ledger.view().stopped.is_some());
}

fn copy_all(from: &std::path::Path, to: &std::path::Path) -> std::io::Result<()> {
    fs::create_dir(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        if file.file_type()?.is_dir() {
            copy_all(&file.path(), &to.join(file.file_name()))?;
        } else {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

#[test]
fn two_are_kept() {
    let stopped = stopped();
    fs::write(stopped.path(7), b"old").unwrap();
    fs::write(stopped.home.folder().join("snapshots/register-9.new"), b"cut").unwrap();
    let app = TestApp::of(restart(&stopped.home, &OpenOptions::default()), &stopped.home);
    let statement = app.registration(1);
    app.logged(&statement);
    // The service itself logs lists beside us.
    let size = loop {
        app.ledger.save_snapshot();
        let size = app.ledger.view().size;
        if stopped.there().last() == Some(&size) {
            break size;
        }
    };
    assert_eq!(stopped.there().len(), 2);
    // Nothing was logged since: nothing is written.
    fs::write(stopped.path(size), b"mine").unwrap();
    app.ledger.save_snapshot();
    assert_eq!(fs::read(stopped.path(size)).unwrap(), b"mine");
}

/// What stands in the folder and is no snapshot is not waited for, not read without end and not
/// removed; what is of a log that there is no more is.
#[test]
fn what_is_no_snapshot_is_left_alone() {
    let stopped = stopped();
    let folder = stopped.home.folder().join("snapshots");
    fs::write(folder.join("notes.txt"), b"mine").unwrap();
    fs::write(stopped.path(0), b"").unwrap();
    for size in [900, 901] {
        fs::copy(stopped.path(stopped.sizes[1]), stopped.path(size)).unwrap();
    }
    std::os::unix::fs::symlink("/dev/zero", stopped.path(u64::MAX)).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(stopped.path(902)).status().unwrap();
    assert!(pipe.success());
    let app = TestApp::of(restart(&stopped.home, &OpenOptions::default()), &stopped.home);
    assert_eq!(digest(&app.ledger), stopped.digest);
    app.logged(&app.registration(1));
    app.ledger.save_snapshot();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "notes.txt");
}

/// A damaged one of the whole log is written anew, though nothing was logged since.
#[test]
fn a_damaged_one_is_replaced_at_the_next_stop() {
    let stopped = stopped();
    let [_, size] = stopped.sizes;
    let good = fs::read(stopped.path(size)).unwrap();
    stopped.damage(size);
    let ledger = restart(&stopped.home, &OpenOptions::default());
    assert_eq!((digest(&ledger), ledger.view().size), (stopped.digest, size));
    ledger.save_snapshot();
    assert!(fs::read(stopped.path(size)).unwrap() == good);
}

/// Whoever can write into the folder makes no register: the log key signs for each snapshot. With
/// that key one can be made that a start believes, and an audit does not.
#[test]
fn a_snapshot_is_believed_of_the_log_key_alone() {
    use tasdiq::audit::{Pins, audit};
    use tasdiq::source::StoreSource;
    let stopped = stopped();
    let audited = || {
        drop(stopped.store());
        let source = StoreSource::open(&stopped.home).unwrap();
        audit(&source, &Pins::of(&stopped.home.config().unwrap()).unwrap(), &mut |_, _| ()).unwrap()
    };
    let report = audited();
    assert_eq!((report.fault, report.documents), (None, 2));
    // Another name of a party, and the digest made anew.
    let [_, size] = stopped.sizes;
    let bytes = fs::read(stopped.path(size)).unwrap();
    let (rest, length) = bytes.split_last_chunk::<2>().unwrap();
    let (own, note) = rest.split_at(rest.len() - usize::from(u16::from_le_bytes(*length)));
    let text = b"\"registered_id\":\"";
    let at = own.windows(text.len()).position(|part| part == text).unwrap() + text.len();
    let mut changed = own[..own.len() - 32].to_vec();
    changed[at] = b'?';
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&changed);
    changed.extend_from_slice(&digest);
    let write = |note: &[u8]| {
        let length = u16::try_from(note.len()).unwrap().to_le_bytes();
        fs::write(stopped.path(size), [&changed[..], note, &length].concat()).unwrap();
    };
    // Under the old signature it is not used, and under none.
    for note in [note, b""] {
        write(note);
        stopped.opens();
        assert_eq!(audited().documents, 1);
    }
    stopped.sign(size, &changed);
    let fault = audited().fault.unwrap();
    assert_eq!((fault.code.as_str(), fault.index), ("snapshot_differs", size - 1));
    // One that no start takes up is none of its business.
    stopped.damage(size);
    let report = audited();
    assert_eq!((report.fault, report.documents), (None, 1));
}
