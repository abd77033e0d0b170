//! The sled engine loses nothing it acknowledged when the power goes; without its syncs it does.
//! The driver is this test binary, started again under the recorder.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tasdiq::store::{Batch, CACHE_BYTES_DEFAULT, Durability, SledStore, Store};

use super::images::Random;
use super::{Event, Model, Recorder, Trace, images};

/// Images of a disk without power: in a gate's time fewer than in all.
fn points() -> usize {
    if std::env::var_os("TASDIQ_LONG").is_some() { 60 } else { 24 }
}

/// Set for the driver: the folder it works in, and the number of commits after which it ends.
const FOLDER: &str = "TASDIQ_POWERLOSS_FOLDER";
const COMMITS: &str = "TASDIQ_POWERLOSS_COMMITS";

#[test]
fn every_acknowledged_row_is_kept() {
    nothing_is_lost(&record_writers(&[]));
}

#[test]
fn every_acknowledged_row_is_kept_through_restarts() {
    let (folder, recorder) = start();
    for run in 0..40 {
        recorder.run_until_killed(&mut driver(folder.path(), u64::MAX), 20 + run * 37 % 50);
    }
    nothing_is_lost(&recorder.trace());
}

#[test]
fn without_its_syncs_it_loses_acknowledged_rows() {
    let trace = record_writers(&[("TASDIQ_TEST_NO_SYNC", "1")]);
    let failures = images(&trace, points(), Model::Strict, 1, &mut check);
    let lost = failures.iter().filter(|failure| failure.contains("lost")).count();
    assert!(
        lost > points() / 2,
        "{lost} of {} images lost acknowledged rows: {failures:?}",
        points()
    );
}

fn nothing_is_lost(trace: &Trace) {
    for (model, seed) in [(Model::Strict, 1), (Model::Torn, 2)] {
        let mut after_acks = 0;
        let failures = images(trace, points(), model, seed, &mut |image, last_acked| {
            after_acks += usize::from(last_acked.is_some());
            check(image, last_acked)
        });
        assert_eq!(failures, Vec::<String>::new());
        assert!(after_acks * 10 > points() * 9, "{after_acks} of {} images", points());
    }
}

/// A writer that is killed in the middle of a commit, one that goes on, one that does nothing.
fn record_writers(env: &[(&str, &str)]) -> Trace {
    let (folder, recorder) = start();
    let driver = |commits| {
        let mut command = driver(folder.path(), commits);
        command.envs(env.iter().copied());
        command
    };
    recorder.run_until_killed(&mut driver(u64::MAX), 900);
    assert!(recorder.run(&mut driver(360)).success());
    assert!(recorder.run(&mut driver(360)).success());
    let trace = recorder.trace();
    let acks = trace.events.iter().filter(|event| matches!(event, Event::Ack { .. })).count();
    assert!(acks >= 359, "{acks} acknowledged"); // the one killed in its commit told nobody
    trace
}

fn start() -> (tempfile::TempDir, Recorder) {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(folder.path());
    (folder, recorder)
}

/// This test binary, to run [`writer`] alone.
fn driver(folder: &Path, commits: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["powerloss::sled::writer", "--exact"]);
    command.env(FOLDER, folder).env(COMMITS, commits.to_string()).env_remove("RUST_BACKTRACE");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Not a test of its own: the process that is recorded.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let until: u64 = std::env::var(COMMITS).unwrap().parse().unwrap();
    let store = SledStore::open(&Path::new(&folder).join("store")).unwrap();
    let ack = Path::new(&folder).join("ack");
    let mut ack = OpenOptions::new().create(true).append(true).open(ack).unwrap();
    let mut head = head(&store).unwrap();
    let mut random = Random(head);
    let mut commits = store.read(b"commits").unwrap().map_or(0, |bytes| number(&bytes).unwrap());
    while commits < until {
        let held = (head > 0).then(|| head.to_be_bytes());
        let mut batch = Batch::expecting(b"head", held.as_ref().map(|bytes| &bytes[..]));
        for _ in 0..1 + random.below(64) {
            head += 1;
            batch = batch.put(row_key(head), row(head));
        }
        commits += 1;
        batch = batch.put(b"commits", commits.to_be_bytes());
        store.commit(&batch.put(b"head", head.to_be_bytes())).unwrap();
        ack.write_all(format!("acked {head}\n").as_bytes()).unwrap();
    }
}

/// The store opens, holds every row up to its head, and its head is not behind what was told.
fn check(image: &Path, last_acked: Option<u64>) -> Result<(), String> {
    let folder = image.join("store");
    let store = SledStore::open_with(&folder, CACHE_BYTES_DEFAULT, Durability::Full)
        .map_err(|error| format!("does not open: {error:?}"))?;
    let head = head(&store)?;
    if head < last_acked.unwrap_or(0) {
        return Err(format!("lost: the head is {head}"));
    }
    let (mut rows, mut wrong) = (0, None);
    let mut visit = |key: &[u8], value: &[u8]| {
        rows += 1;
        if key != row_key(rows) || value != row(rows) {
            wrong = Some(rows);
        }
        wrong.is_none()
    };
    store.scan(b"e", b"f", &mut visit).map_err(|error| format!("does not scan: {error:?}"))?;
    match wrong {
        Some(at) => Err(format!("row {at} is wrong")),
        None if rows != head => Err(format!("{rows} rows under the head {head}")),
        None => Ok(()),
    }
}

fn head(store: &dyn Store) -> Result<u64, String> {
    match store.read(b"head") {
        Ok(Some(bytes)) => number(&bytes),
        Ok(None) => Ok(0),
        Err(error) => Err(format!("does not read: {error:?}")),
    }
}

fn number(bytes: &[u8]) -> Result<u64, String> {
    bytes.try_into().map(u64::from_be_bytes).map_err(|_| format!("{bytes:?} is no number"))
}

fn row_key(n: u64) -> Vec<u8> {
    [b"e", &n.to_be_bytes()[..]].concat()
}

/// Row `n`: mostly short, now and then a full tile or a value of several parts.
fn row(n: u64) -> Vec<u8> {
    let length = match n % 256 {
        0 => 8_192,
        100 => 20_000,
        _ => 40 + n * 7_919 % 500,
    };
    let mut random = Random(n);
    let mut bytes: Vec<u8> = Vec::new();
    while (bytes.len() as u64) < length {
        bytes.extend(random.below(u64::MAX).to_be_bytes());
    }
    bytes.truncate(length as usize);
    bytes
}
