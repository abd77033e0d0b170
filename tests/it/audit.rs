//! Audits of exported logs: a clean one passes, and any single byte changed in any file of the log
//! is found and named by the entry it concerns.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tasdiq::audit::{AuditReport, Pins, audit};
use tasdiq::demo;
use tasdiq::ledger::{Config, Home, Ledger, entry_key};
use tasdiq::log::{NoteKey, TilePath, verify_checkpoint};
use tasdiq::os::now;
use tasdiq::register::AuditFault;
use tasdiq::source::{FolderSource, LogSource, Part, SourceError, StoreSource};
use tasdiq::statement::Domain;
use tasdiq::store::{Batch, MemoryStore, SledStore, Store};
use tasdiq::transfer::export::{ExportOptions, export};

use crate::small;

/// A ledger as a source: what its service would serve.
struct Live(Ledger);

impl LogSource for Live {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(match part {
            Part::Checkpoint => Some(self.0.view().checkpoint.as_bytes().to_vec()),
            Part::LogKey => Some(format!("{}\n", self.0.log_key()).into_bytes()),
            Part::Tile(path) => self.0.tile(path).unwrap(),
            _ => None,
        })
    }
}

fn pins(config: &Config) -> Pins {
    let log_key = NoteKey::parse(&config.log_key).unwrap();
    let (domain, root) = (config.domain().unwrap(), config.root_key().unwrap());
    Pins { domain, root, log_key, since: None, witnesses: None }
}

fn run(source: &dyn LogSource, pins: &Pins) -> AuditReport {
    audit(source, pins, &mut |_, _| {}).unwrap()
}

fn write(source: &dyn LogSource, folder: &Path) {
    export(source, folder, &ExportOptions::default(), &mut |_, _| {}).unwrap();
}

/// The exported log of a small ledger: 14 entries, one partial tile.
fn small_export() -> (tempfile::TempDir, Pins) {
    let ledger = small::open(Arc::new(MemoryStore::new()), None).unwrap();
    small::found(&ledger, &small::founding()).unwrap();
    for number in 1..=4 {
        small::take(&ledger, &small::lot(number)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    write(&Live(ledger), folder.path());
    (folder, pins(&small::config()))
}

/// A demonstration ledger.
fn demonstration() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let domain = Domain::parse("demo.example").unwrap();
    let ledger = demo::make(&Home::at(&folder.path().join("data")), &domain, now()).unwrap();
    (folder, ledger)
}

/// Changes one byte of a file, audits, restores it; the fault must be there.
fn changed(folder: &Path, pins: &Pins, file: &Path, at: usize, mask: u8) -> AuditFault {
    let good = fs::read(file).unwrap();
    let mut bad = good.clone();
    bad[at] ^= mask;
    fs::write(file, bad).unwrap();
    let report = run(&FolderSource::new(folder), pins);
    fs::write(file, good).unwrap();
    assert!(report.fault.is_some(), "{} byte {at} ^ {mask:#x} is missed", file.display());
    report.fault.unwrap()
}

/// Which entry each byte of a bundle belongs to, its length included.
fn owners(bundle: &[u8], first: u64) -> Vec<u64> {
    let (mut owners, mut rest, mut index) = (Vec::new(), bundle, first);
    while let [high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        owners.extend(std::iter::repeat_n(index, 2 + length));
        (rest, index) = (&after[length..], index + 1);
    }
    owners
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A fixed sequence, different for every seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

#[test]
fn every_byte_of_a_small_log_is_covered() {
    let (folder, pins) = small_export();
    let log = folder.path().join("log");
    let report = run(&FolderSource::new(folder.path()), &pins);
    assert_eq!(report.fault, None);
    assert_eq!((report.size, report.entries, report.tiles), (14, 14, 1));
    assert_eq!(run(&FolderSource::new(&log), &pins).fault, None, "the log folder itself");

    let mut random = Random(1);
    let bundle = log.join("tile/entries/000.p/14");
    // A prime step reaches every part of an entry; all bytes take minutes without optimisation.
    let owners = owners(&fs::read(&bundle).unwrap(), 0);
    for (at, owner) in owners.into_iter().enumerate().step_by(31) {
        let fault = changed(folder.path(), &pins, &bundle, at, 1 << random.below(8));
        assert_eq!(fault.index, owner, "byte {at}: {fault}");
    }
    let tile = log.join("tile/0/000.p/14");
    for at in 0..14 * 32 {
        let fault = changed(folder.path(), &pins, &tile, at, 1 << random.below(8));
        assert_eq!((fault.index, fault.code.as_str()), (at as u64 / 32, "tile_mismatch"));
    }
    for name in ["checkpoint", "vkey"] {
        let file = log.join(name);
        for at in 0..fs::read(&file).unwrap().len() {
            for bit in 0..8 {
                let fault = changed(folder.path(), &pins, &file, at, 1 << bit);
                assert_eq!(fault.index, 0, "{name} byte {at}: {fault}");
            }
        }
    }
}

#[test]
fn random_bytes_of_a_demonstration_are_covered() {
    let (_data, ledger) = demonstration();
    let pins = pins(ledger.config());
    let folder = tempfile::tempdir().unwrap();
    let size = ledger.view().size;
    write(&Live(ledger), folder.path());
    let clean = run(&FolderSource::new(folder.path()), &pins);
    assert_eq!((clean.fault, clean.entries), (None, size));
    assert!(clean.status_lists >= 2 && clean.lots >= 220);

    let mut random = Random(2);
    let all = files(&folder.path().join("log"));
    assert!(all.iter().any(|file| file.ends_with("tile/1/000.p/5")), "{all:?}");
    let times = if std::env::var_os("TASDIQ_LONG").is_some() { 5 } else { 1 };
    for file in all.iter().flat_map(|file| std::iter::repeat_n(file, times)) {
        let bytes = fs::read(file).unwrap();
        let at = random.below(bytes.len());
        let fault = changed(folder.path(), &pins, file, at, 1 << random.below(8));
        let name = file.display().to_string();
        let path = TilePath::parse(&name[name.find("/log/").unwrap() + 5..]);
        let expected = match path {
            Ok(path) if name.contains("/entries/") => owners(&bytes, path.index * 256)[at],
            Ok(path) if name.contains("/tile/0/") => path.index * 256 + at as u64 / 32,
            Ok(_) => 256 * (at as u64 / 32),
            Err(_) => 0,
        };
        assert_eq!(fault.index, expected, "{name} byte {at}: {fault}");
    }
}

#[test]
fn what_is_missing_or_too_long_is_found() {
    let (folder, pins) = small_export();
    for file in files(&folder.path().join("log")) {
        let good = fs::read(&file).unwrap();
        let source = FolderSource::new(folder.path());
        let name = file.display().to_string();
        if !name.ends_with("vkey") {
            fs::remove_file(&file).unwrap();
            let outcome = audit(&source, &pins, &mut |_, _| {});
            assert!(outcome.is_err() || outcome.unwrap().fault.is_some(), "{name} is missing");
        }
        for bad in [[&good[..], b"\0"].concat(), good[..good.len() - 2].to_vec(), Vec::new()] {
            fs::write(&file, &bad).unwrap();
            assert!(run(&source, &pins).fault.is_some(), "{name}: {} bytes", bad.len());
        }
        fs::write(&file, good).unwrap();
    }
    assert_eq!(run(&FolderSource::new(folder.path()), &pins).fault, None);
}

#[test]
fn a_fork_and_a_shorter_log_are_found() {
    let founding = small::founding();
    let start = |last: u32| {
        let ledger = small::open(Arc::new(MemoryStore::new()), None).unwrap();
        small::found(&ledger, &founding).unwrap();
        small::take(&ledger, &small::lot(last)).unwrap();
        ledger
    };
    let (seen, other) = (start(1), start(2));
    let pins = pins(&small::config());
    let note = seen.view().checkpoint.to_string();
    let since = verify_checkpoint(&note, &pins.log_key, &pins.domain.origin()).ok();
    let pins = Pins { since, ..pins };
    small::take(&seen, &small::lot(3)).unwrap();
    let report = run(&Live(seen), &pins);
    assert_eq!((report.fault, report.consistent_with_older), (None, Some(true)));
    let shorter = small::open(Arc::new(MemoryStore::new()), None).unwrap();
    small::found(&shorter, &founding).unwrap();
    for (wrong, code) in [(other, "fork"), (shorter, "log_behind")] {
        assert_eq!(run(&Live(wrong), &pins).fault.unwrap().code, code);
    }
}

#[test]
fn rows_of_a_data_folder_are_audited_and_the_command_says_so() {
    let (folder, ledger) = demonstration();
    let pins = pins(ledger.config());
    let home = Home::at(&folder.path().join("data"));
    let (mut entry, mut tile) = (ledger.entry(300).unwrap(), None);
    drop(ledger);
    let tasdiq = || {
        let mut command = crate::program::tasdiq(home.folder());
        command.args(["audit", "--json", "--data"]).arg(home.folder());
        let (code, out, _) = crate::program::ran(&mut command);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        (Some(code), report["fault"]["index"].as_u64())
    };
    assert_eq!(open_store(&home).1.fault, None);
    assert_eq!(tasdiq(), (Some(0), None));

    let change = |key: Vec<u8>, value: &[u8]| {
        let (store, _) = open_store(&home);
        let head = store.read(b"h").unwrap();
        store.commit(&Batch::expecting(b"h", head.as_deref()).put(key, value)).unwrap();
    };
    let good = entry.clone();
    let at = entry.len() / 2;
    entry[at] ^= 1;
    change(entry_key(300), &entry);
    assert_eq!(tasdiq(), (Some(1), Some(300)));
    change(entry_key(300), &good);

    let row = tasdiq::ledger::tile_key(0, 1);
    let bytes = tile.get_or_insert_with(|| open_store(&home).0.read(&row).unwrap().unwrap());
    bytes[40 * 32] ^= 1;
    let bytes = bytes.clone();
    change(row, &bytes);
    assert_eq!(tasdiq(), (Some(1), Some(256 + 40)));
    let report = run(&StoreSource::open(&home).unwrap(), &pins);
    assert_eq!(report.fault.unwrap().code, "tile_mismatch");
}

/// Tries until the folder is free.
fn released<T, E: std::fmt::Debug>(open: impl Fn() -> Result<T, E>) -> T {
    let mut tries = (0..100).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        open()
    });
    let last = tries.find(Result::is_ok).unwrap_or_else(&open);
    last.unwrap()
}

/// The rows of a data folder, and what an audit says of them.
fn open_store(home: &Home) -> (SledStore, AuditReport) {
    let config = home.config().unwrap();
    // The writer of a ledger that was dropped may still be on its way out.
    let report = run(&released(|| StoreSource::open(home)), &pins(&config));
    (SledStore::open(&home.store()).unwrap(), report)
}

#[test]
fn a_partial_tile_that_is_gone_is_cut_from_a_wider_one() {
    let ledger = small::open(Arc::new(MemoryStore::new()), None).unwrap();
    small::found(&ledger, &small::founding()).unwrap();
    let sizes = [255_u64, 256, 257, 300, 511, 512, 513];
    let mut notes = Vec::new();
    for number in 1.. {
        let view = ledger.view();
        if sizes.contains(&view.size) {
            notes.push((view.size, view.checkpoint.to_string()));
        }
        if view.size == 540 {
            break;
        }
        small::take(&ledger, &small::lot(number)).unwrap();
    }
    let pins = pins(&small::config());
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let at_300 = notes.iter().find(|(size, _)| *size == 300).unwrap().1.clone();
    let live = Live(ledger);
    write(&live, &copy);
    assert_eq!(notes.len(), sizes.len());
    for (size, note) in notes {
        // The tiles of 540, with the checkpoint of before: what copying while it grew leaves.
        fs::write(copy.join("log/checkpoint"), &note).unwrap();
        let report = run(&FolderSource::new(&copy), &pins);
        assert_eq!((report.size, report.entries, report.fault), (size, size, None), "{size}");
        let again = folder.path().join(format!("again-{size}"));
        write(&FolderSource::new(&copy), &again);
        let report = run(&FolderSource::new(&again), &pins);
        assert_eq!((report.size, report.fault), (size, None), "{size}");
        // And the other way: what is brought up to date has all that the newer one implies.
        write(&live, &again);
        let report = run(&FolderSource::new(&again), &pins);
        assert_eq!((report.size, report.fault), (540, None), "{size}");
    }
    // What is cut is no less compared: an entry changed in the wider one is found.
    fs::write(copy.join("log/checkpoint"), at_300).unwrap();
    let bundle = copy.join("log/tile/entries/001");
    let good = fs::read(&bundle).unwrap();
    let place = owners(&good, 256).iter().position(|index| *index == 290).unwrap() + 40;
    let fault = changed(&copy, &pins, &bundle, place, 1);
    assert_eq!(fault.index, 290, "{fault}");
}
