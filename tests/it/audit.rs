//! The audit: a clean log passes, whatever byte of it is changed is found and named, and an older
//! checkpoint of another log is a fork.

use std::fs;
use std::path::{Path, PathBuf};

use tasdiq::audit::{AuditReport, FolderSource, Pins, UrlSource, audit};
use tasdiq::client::Client;
use tasdiq::export::export;
use tasdiq::log::NoteKey;
use tasdiq::verify::Trust;

use crate::support::TestApp;

/// A served ledger with some lots and certificates, exported; and what its auditor pins.
struct Copy {
    folder: tempfile::TempDir,
    pins: Pins,
}

fn copy() -> Copy {
    let (app, cooperative, certifier) = TestApp::with_parties();
    for number in ["A1", "A2", "A3", "A4"] {
        app.declare(&cooperative, number);
        app.certify(&certifier, number);
    }
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(&app.url("")).unwrap();
    let trust = Trust::open(&client.get("/trust").unwrap(), None).unwrap();
    export(&UrlSource::new(client), folder.path(), &[]).unwrap();
    let pins = Pins {
        domain: trust.domain().unwrap(),
        root: trust.root_key().unwrap(),
        log_key: NoteKey::parse(&trust.log_key).unwrap(),
        since: None,
    };
    Copy { folder, pins }
}

impl Copy {
    fn audit(&self) -> AuditReport {
        audit(&FolderSource::new(self.folder.path()), &self.pins, &mut |_, _| {}).unwrap()
    }

    fn files(&self, below: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder.path().join(below), &mut found);
        found.sort();
        found
    }

    /// Audits with one bit of one byte changed, then puts it back.
    fn audit_flipped(&self, file: &Path, at: usize, bit: u8) -> AuditReport {
        let good = fs::read(file).unwrap();
        let mut bad = good.clone();
        bad[at] ^= 1 << bit;
        fs::write(file, &bad).unwrap();
        let report = self.audit();
        fs::write(file, good).unwrap();
        report
    }
}

#[test]
fn every_changed_byte_is_found_and_named() {
    let copy = copy();
    let clean = copy.audit();
    assert_eq!(clean.fault, None);
    assert!(clean.entries == clean.size && clean.certificates == 4 && clean.tiles >= 1);
    let mut flips = 0;
    for file in copy.files("log/tile") {
        let length = fs::read(&file).unwrap().len();
        // A prime step visits places all over a file without asking for each.
        let step = if file.to_string_lossy().contains("entries") { 211 } else { 7 };
        for at in (0..length).step_by(step) {
            let report = copy.audit_flipped(&file, at, u8::try_from(at % 8).unwrap());
            let fault = report.fault.expect("a changed byte passes the audit");
            assert!(fault.index < clean.size, "{fault}");
            flips += 1;
        }
    }
    let checkpoint = copy.folder.path().join("log/checkpoint");
    let note = fs::read_to_string(&checkpoint).unwrap();
    for at in 0..note.len() {
        let fault = copy.audit_flipped(&checkpoint, at, 0).fault;
        assert!(fault.is_some(), "checkpoint at {at}");
        flips += 1;
    }
    assert!(flips > 300, "{flips}");
}

#[test]
fn a_changed_entry_is_named_by_its_index() {
    let copy = copy();
    let bundle = copy.files("log/tile/entries").pop().unwrap();
    let text = fs::read(&bundle).unwrap();
    let needle = br#""index":7,"#;
    let at = text.windows(needle.len()).position(|window| window == needle).unwrap();
    let statement = at + 400;
    let fault = copy.audit_flipped(&bundle, statement, 0).fault.unwrap();
    assert_eq!(fault.index, 7, "{fault}");
}

#[test]
fn a_dropped_tile_and_a_foreign_checkpoint_are_found() {
    let (one, other) = (copy(), copy());
    let tile = one.files("log/tile/0").pop().unwrap();
    let good = fs::read(&tile).unwrap();
    fs::remove_file(&tile).unwrap();
    assert_eq!(one.audit().fault.unwrap().code, "tile_mismatch");
    fs::write(&tile, good).unwrap();
    let foreign = fs::read_to_string(other.folder.path().join("log/checkpoint")).unwrap();
    let since = Some(foreign);
    let pins = Pins { since, ..one.pins.clone() };
    let report = audit(&FolderSource::new(one.folder.path()), &pins, &mut |_, _| {}).unwrap();
    assert_eq!(report.fault.unwrap().code, "older_checkpoint_invalid");
    let own = fs::read_to_string(one.folder.path().join("log/checkpoint")).unwrap();
    let pins = Pins { since: Some(own), ..one.pins.clone() };
    let report = audit(&FolderSource::new(one.folder.path()), &pins, &mut |_, _| {}).unwrap();
    assert_eq!((report.fault, report.consistent_with_older), (None, Some(true)));
}
