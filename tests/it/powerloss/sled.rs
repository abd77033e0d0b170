//! The sled engine loses nothing it acknowledged when the power goes; without its syncs it does.
//! The driver is this test binary, started again under the recorder.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tasdiq::store::{Batch, CACHE_BYTES_DEFAULT, Durability, SledStore, Store};

use super::images::Random;
use super::{Event, Model, Recorder, Trace, images};

const POINTS: usize = 60;
const COMMITS: u64 = 360;

/// Set for the driver: `folder` it works in and the commit after which it dies (0: none).
const FOLDER: &str = "TASDIQ_POWERLOSS_FOLDER";
const DIES_AFTER: &str = "TASDIQ_POWERLOSS_DIES_AFTER";

#[test]
fn sled_keeps_every_acknowledged_row() {
    let trace = record(&[]);
    let acks = trace.events.iter().filter(|event| matches!(event, Event::Ack { .. })).count();
    assert!(acks as u64 >= COMMITS - 1, "{acks} acknowledged"); // the killed one may be silent
    for (model, seed) in [(Model::Strict, 1), (Model::Torn, 2)] {
        let mut images_with_acks = 0;
        let failures = images(&trace, POINTS, model, seed, &mut |image, last_acked| {
            images_with_acks += usize::from(last_acked.is_some());
            check(image, last_acked)
        });
        assert_eq!(failures, Vec::<String>::new());
        assert!(images_with_acks * 10 > POINTS * 9, "{images_with_acks} of {POINTS} images");
    }
}

#[test]
fn without_its_syncs_sled_loses_acknowledged_rows() {
    let trace = record(&[("TASDIQ_TEST_NO_SYNC", "1")]);
    let failures = images(&trace, POINTS, Model::Strict, 1, &mut check);
    let lost = failures.iter().filter(|failure| failure.contains("lost")).count();
    assert!(lost > POINTS / 2, "{lost} of {POINTS} images lost acknowledged rows: {failures:?}");
}

/// A writer that is killed in the middle of a commit, one that goes on, and one that does nothing.
fn record(env: &[(&str, &str)]) -> Trace {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(folder.path());
    let driver = |dies_after: u64| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["powerloss::sled::driver", "--exact", "--nocapture"]);
        command.env(FOLDER, folder.path()).env(DIES_AFTER, dies_after.to_string());
        command.envs(env.iter().copied()).env_remove("RUST_BACKTRACE");
        recorder.run(&mut command)
    };
    assert!(!driver(COMMITS / 2).success(), "the driver is to be killed");
    assert!(driver(0).success());
    assert!(driver(0).success());
    recorder.trace()
}

/// Not a test of its own: the process that is recorded.
#[test]
fn driver() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let dies_after: u64 = std::env::var(DIES_AFTER).unwrap().parse().unwrap();
    let store = SledStore::open(&Path::new(&folder).join("store")).unwrap();
    let ack = Path::new(&folder).join("ack");
    let mut ack = OpenOptions::new().create(true).append(true).open(ack).unwrap();
    let mut head = head(&store).unwrap();
    let mut random = Random(head);
    let mut commits = store.read(b"commits").unwrap().map_or(0, |bytes| number(&bytes).unwrap());
    while commits < COMMITS {
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
        if commits == dies_after {
            std::thread::spawn(|| {
                std::thread::sleep(Duration::from_micros(700));
                std::process::abort()
            });
        }
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
