//! Every file the fuzzers have kept (`fuzz/corpus`), through every parser of foreign bytes and
//! through the doors of a service: no panic, no 500, and bounds on time and memory.
//! The parsers and what must hold stand in `fuzz/src/parsers.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::TestApp;

#[path = "../../fuzz/src/parsers.rs"]
#[expect(clippy::panic, reason = "a broken property is a panic")]
mod parsers;

/// Longest one input may take in one parser, unoptimised and on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Most memory the replay may ever hold: a pack's largest block is 32 MiB before it is read.
const PEAK_KILOBYTES_MAX: u64 = 500_000;

/// Tells the child of this test what it is.
const CHILD: &str = "TASDIQ_CORPUS_CHILD";

fn corpus_of(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(&path).unwrap())).collect();
    assert!(!files.is_empty(), "{name} has no corpus");
    files.sort();
    files
}

fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    parsers::PARSERS.iter().flat_map(|(name, _)| corpus_of(name)).collect()
}

/// Runs in a process of its own, so that its memory is its own.
#[test]
fn replayed() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        for (path, bytes) in corpus() {
            for (name, parser) in parsers::PARSERS {
                done.send((name, path.clone())).unwrap();
                parser(&bytes);
            }
        }
    });
    let mut last = None;
    loop {
        match finished.recv_timeout(PATIENCE) {
            Ok(step) => last = Some(step),
            Err(mpsc::RecvTimeoutError::Timeout) => panic_at("takes too long", &last),
            // The thread has ended: whether it got through, its last step tells.
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let (name, path) = last.clone().unwrap();
    let through = corpus().last().map(|(end, _)| *end == path).unwrap_or_default();
    if !through || name != parsers::PARSERS[parsers::PARSERS.len() - 1].0 {
        panic_at("ended the replay", &last);
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.map(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
    println!("peak {} kB", peak.unwrap_or_default());
    assert!(peak.unwrap_or_default() < PEAK_KILOBYTES_MAX);
}

fn panic_at(what: &str, last: &Option<(&str, PathBuf)>) -> ! {
    let (name, path) = last.clone().unwrap();
    let name = format!("{} in the parser `{name}` {what}", path.display());
    // Threads that go on must not keep the process.
    eprintln!("{name}");
    std::process::exit(101);
}

#[test]
fn every_parser_reads_the_corpus_within_bounds() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["corpus::replayed", "--exact", "--nocapture", "--test-threads=1"]);
    let output = child.env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("peak ") && said.contains("1 passed"), "{said}");
}

/// The same bytes over HTTP: pages and API answer, and never with a fault of their own.
#[test]
fn the_doors_of_a_service_take_the_corpus() {
    let app = TestApp::start();
    let before = app.checkpoint();
    let form = |bytes: &[u8]| {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
        [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat()
    };
    let send = |door: &str, kind: &str, body: &[u8], path: &Path| {
        let answer = app.post(door, kind, body);
        assert!(answer.status < 500, "{door} {kind} {}: {}", path.display(), answer.text());
    };
    for (path, bytes) in corpus_of("door") {
        let (door, kind, body) = parsers::door_of(&bytes).unwrap();
        send(door, kind, body, &path);
    }
    let every = corpus();
    for (place, (path, bytes)) in every.iter().enumerate() {
        // Each file goes to one door of each kind, in turn.
        let (door, kind) = parsers::DOORS[place % parsers::DOORS.len()];
        send(door, kind, bytes, path);
        let inputs = serde_json::json!({ "inputs": [String::from_utf8_lossy(bytes)] });
        send("/api/v1/verify", "application/json", inputs.to_string().as_bytes(), path);
        send("/inspect", "multipart/form-data; boundary=b", &form(bytes), path);
    }
    app.settle();
    assert_eq!(app.checkpoint().lines().next(), before.lines().next());
}
