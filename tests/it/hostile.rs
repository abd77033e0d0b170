//! A server that means harm, against every command that asks servers: what it sends is bounded, it
//! cannot send elsewhere, write outside of the folder that was named, or steer the terminal.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tasdiq::ledger::{Founding, Home, KeyName, found};
use tasdiq::log::{Checkpoint, Hash, NoteKey, sign_note};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::seal::seal;
use tasdiq::statement::{CurrentList, Domain, Draft, StatusIndex};
use tasdiq::transfer::export::{ExportOptions, export};

use crate::program;
use crate::support::near;

/// Most memory that any command may take, in kB.
const MEMORY_KB_MAX: u64 = 256_000;

/// Longest time any command may take against a server that sends slowly.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a server answers.
#[derive(Clone)]
enum Answer {
    /// A status, header lines, a body.
    Plain(u16, String, Vec<u8>),
    /// A body without end, as fast as it goes.
    Endless,
    /// A body without end, a byte at a time.
    Slow,
}

type Attack = Box<dyn Fn(&str) -> Option<Answer> + Send + Sync>;

/// Serves a folder of files, but for what an attack answers otherwise.
struct Hostile {
    url: String,
    /// Requests that the attack answered.
    hits: Arc<AtomicUsize>,
}

impl Hostile {
    fn start(folder: PathBuf, attack: Attack) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hits = Arc::new(AtomicUsize::new(0));
        let (counted, shared) = (hits.clone(), Arc::new((folder, attack)));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, counted) = (shared.clone(), counted.clone());
                std::thread::spawn(move || {
                    let (folder, attack) = &*shared;
                    answer(stream, folder, attack, &counted)
                });
            }
        });
        Self { url, hits }
    }
}

/// Answers one request; a client that leaves is no fault.
fn answer(mut stream: TcpStream, folder: &Path, attack: &Attack, hits: &AtomicUsize) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    while !lines.next()?.ok()?.is_empty() {}
    let attacked = attack(&path);
    hits.fetch_add(usize::from(attacked.is_some()), Ordering::SeqCst);
    let plain = path.split('?').next().unwrap().trim_start_matches('/');
    let found = attacked.unwrap_or_else(|| match fs::read(folder.join(plain)) {
        Ok(bytes) => Answer::Plain(200, String::new(), bytes),
        Err(_) => Answer::Plain(404, String::new(), Vec::new()),
    });
    let endless = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    match found {
        Answer::Plain(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(&body).ok()
        }
        Answer::Endless => {
            stream.write_all(endless.as_bytes()).ok()?;
            loop {
                stream.write_all(&[b'{'; 65_536]).ok()?;
            }
        }
        Answer::Slow => {
            stream.write_all(endless.as_bytes()).ok()?;
            loop {
                stream.write_all(b"{").ok()?;
                std::thread::sleep(Duration::from_millis(300));
            }
        }
    }
}

/// The attacker's own ledger, genuine in every byte: its home and an export of it.
struct Own {
    folder: tempfile::TempDir,
    root: String,
    log: NoteKey,
}

fn own() -> &'static Own {
    static MADE: OnceLock<Own> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(&folder.path().join("data"));
        let founding = Founding {
            domain: Domain::parse("evil.example").unwrap(),
            authority_name: "Attacker".to_owned(),
            demo: true,
            edition: tasdiq::limits::EDITION_MAX,
            goods: tasdiq::statement::first_goods_rules().unwrap(),
        };
        let ledger = found(&home, &founding, now()).unwrap();
        let (root, log) = (ledger.config().root.clone(), ledger.log_key().clone());
        let source = near(ledger);
        export(&source, &folder.path().join("copy"), &ExportOptions::default(), &mut |_, _| {})
            .unwrap();
        Own { folder, root, log }
    })
}

impl Own {
    fn copy(&self) -> PathBuf {
        self.folder.path().join("copy")
    }

    fn key(&self, name: KeyName) -> tasdiq::seal::SoftKey {
        let home = Home::at(&self.folder.path().join("data"));
        Home::read_key(&home.key(name), &home.passphrase().unwrap()).unwrap()
    }

    /// A status index of its own, signed by its service key, that names these lists.
    fn index(&self, lists: &[&str]) -> Vec<u8> {
        let domain = Domain::parse("evil.example").unwrap();
        let authority = PartySlug::authority();
        let lists = lists.iter().map(|list| CurrentList { list: (*list).to_owned(), entry: 1 });
        let index = StatusIndex { id: domain.url("status"), covers: 3, lists: lists.collect() };
        let draft = Draft {
            domain: &domain,
            id: domain.url("status?covers=3"),
            issuer: &authority,
            issuer_name: "Attacker",
            valid_from: now(),
            valid_until: None,
        };
        let method = format!("{}#service-1", domain.did(&authority));
        seal(&index.draft(&draft), &method, now(), &self.key(KeyName::Service)).unwrap()
    }
}

/// The commands that ask servers.
const COMMANDS: [&str; 7] = [
    "trust --url URL --out trust.json",
    "pack --url URL --out daily.pack",
    "verify --url URL https://evil.example/01/09520001000003/10/L010",
    "audit --url URL",
    "export copy --url URL",
    "import URL --data new",
    "monitor --url URL --root ROOT --state watch --once",
];

/// What became of a command.
struct Ran {
    line: String,
    code: Option<i32>,
    said: String,
    memory_kb: u64,
}

/// Runs a command in a folder of its own, beside which nothing may appear.
fn run(command: &str, url: &str) -> Ran {
    let outer = tempfile::tempdir().unwrap();
    let (inner, temporary) = (outer.path().join("a/b/inner"), outer.path().join("tmp"));
    fs::create_dir_all(&inner).unwrap();
    fs::create_dir(&temporary).unwrap();
    let line = command.replace("URL", url).replace("ROOT", &own().root);
    let mut process = program::tasdiq(&inner);
    process.args(line.split(' ')).env("TMPDIR", &temporary);
    process.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn().unwrap();
    let mut pipes: [Box<dyn Read + Send>; 2] =
        [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
    let (about, since) = (format!("/proc/{}", child.id()), Instant::now());
    // For a moment a new process still has the memory of this one: what that took is not counted.
    let is_tasdiq = || {
        let line = fs::read(format!("{about}/cmdline")).unwrap_or_default();
        line.starts_with(program::TASDIQ.as_bytes())
    };
    let said = Mutex::new(String::new());
    let (mut memory_kb, mut code) = (0, None);
    std::thread::scope(|scope| {
        for pipe in &mut pipes {
            let said = &said;
            scope.spawn(move || {
                let mut bytes = Vec::new();
                pipe.read_to_end(&mut bytes).unwrap();
                said.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes));
            });
        }
        loop {
            let own = is_tasdiq();
            let status = fs::read_to_string(format!("{about}/status")).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|text| text.trim().split(' ').next()?.parse().ok());
            memory_kb = memory_kb.max(peak.filter(|_| own).unwrap_or_default());
            if let Some(ended) = child.try_wait().unwrap() {
                code = ended.code();
                break;
            }
            if since.elapsed() > PATIENCE || memory_kb > 2 * MEMORY_KB_MAX {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    let mut beside = Vec::new();
    for folder in ["", "a", "a/b", "tmp"] {
        let entries = fs::read_dir(outer.path().join(folder)).unwrap();
        beside.extend(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()));
    }
    beside.sort();
    assert_eq!(beside, ["a", "b", "inner", "tmp"], "{line}: something lies outside");
    Ran { line, code, said: said.into_inner().unwrap(), memory_kb }
}

impl Ran {
    /// It ended by itself, within bounds, with nothing that steers a terminal.
    fn is_harmless(&self) {
        let Self { line, code, said, memory_kb } = self;
        assert!(code.is_some(), "{line}: it did not end by itself\n{said}");
        assert!(*memory_kb < MEMORY_KB_MAX, "{line}: {memory_kb} kB");
        let steers = |c: char| c != '\n' && c != '\t' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(steers), "{line}: {said:?}");
    }

    /// As [`Self::is_harmless`], and it says that something is wrong.
    fn refuses(&self) {
        self.is_harmless();
        let Self { line, code, said, .. } = self;
        // A monitor that cannot read the log says so with 3.
        let known = if line.starts_with("monitor") { 1..=3 } else { 1..=2 };
        assert!(known.contains(&code.unwrap()), "{line}: {code:?}\n{said}");
    }
}

/// All commands at once against a server that answers everything so.
fn all_against(attack: impl Fn() -> Attack) -> Vec<Ran> {
    let ran = std::thread::scope(|scope| {
        let started: Vec<_> = COMMANDS
            .map(|command| {
                let server = Hostile::start(own().copy(), attack());
                scope.spawn(move || {
                    let ran = run(command, &server.url);
                    assert!(server.hits.load(Ordering::SeqCst) > 0, "{command}");
                    ran
                })
            })
            .into_iter()
            .collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    ran.iter().for_each(Ran::refuses);
    assert!(ran.iter().any(|ran| ran.memory_kb > 0), "nobody's memory was seen");
    ran
}

fn gzip(bytes: impl Iterator<Item = Vec<u8>>) -> Answer {
    let mut packed = GzEncoder::new(Vec::new(), Compression::new(9));
    bytes.for_each(|part| packed.write_all(&part).unwrap());
    let body = packed.finish().unwrap();
    assert!(body.len() < 1_500_000, "{}", body.len());
    Answer::Plain(200, "content-encoding: gzip\r\n".to_owned(), body)
}

#[test]
fn redirects_stay_on_the_host() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://{}/", elsewhere.local_addr().unwrap());
    elsewhere.set_nonblocking(true).unwrap();
    for status in [301, 302, 307] {
        let headers = format!("location: {there}\r\n");
        let attack = || -> Attack {
            let answer = Answer::Plain(status, headers.clone(), Vec::new());
            Box::new(move |_| Some(answer.clone()))
        };
        for ran in all_against(attack) {
            assert!(ran.said.contains("it sends to"), "{}\n{}", ran.line, ran.said);
        }
    }
    assert!(elsewhere.accept().is_err(), "nobody went there");
    // Round and round on its own host.
    all_against(|| {
        Box::new(|path| Some(Answer::Plain(302, format!("location: {path}x\r\n"), Vec::new())))
    });
}

#[test]
fn what_inflates_is_bounded() {
    let zeros = gzip((0..400).map(|_| vec![b' '; 1 << 20]));
    all_against(|| {
        let zeros = zeros.clone();
        Box::new(move |_| Some(zeros.clone()))
    });
    // A tree of values costs a hundred times its text: as much as is read, more than that, and more
    // text than a trust snapshot has.
    for values in [100_000, 4_400_000, 9_000_000] {
        let part = br#"{"":0},"#.repeat(1_000);
        let parts = (0..values / 1_000).map(move |_| part.clone());
        let bomb = gzip([b"[".to_vec()].into_iter().chain(parts).chain([b"0]".to_vec()]));
        all_against(|| {
            let bomb = bomb.clone();
            Box::new(move |_| Some(bomb.clone()))
        });
    }
}

#[test]
fn bodies_without_end_end() {
    all_against(|| Box::new(|_| Some(Answer::Endless)));
    // Each kind of thing in turn; all else is genuine.
    let kinds = [
        "/trust",
        "/api/v1/packs/latest",
        "/log/checkpoint",
        "/log/vkey",
        "/log/tile/entries/",
        "/log/tile/0",
        "/log/cosigned/",
        "/log/sidecars/",
        "/status",
        "/.well-known/did.json",
    ];
    let mut hits: HashMap<&str, usize> = HashMap::new();
    for command in &COMMANDS[1..] {
        for kind in kinds {
            // A pack without end is taken to its limit of a gigabyte, on disk: once.
            if kind.ends_with("latest") && !command.starts_with("export") {
                continue;
            }
            let attack = move |path: &str| path.starts_with(kind).then_some(Answer::Endless);
            let server = Hostile::start(own().copy(), Box::new(attack));
            let ran = run(command, &server.url);
            let hit = server.hits.load(Ordering::SeqCst);
            if hit > 0 {
                ran.refuses();
            } else {
                ran.is_harmless();
            }
            *hits.entry(kind).or_default() += hit;
        }
    }
    assert!(kinds.iter().all(|kind| hits[kind] > 0), "{hits:?}");
}

#[test]
fn slow_bodies_end() {
    for ran in all_against(|| Box::new(|_| Some(Answer::Slow))) {
        assert!(ran.said.contains("too slow"), "{}\n{}", ran.line, ran.said);
    }
}

#[test]
fn words_do_not_steer_the_terminal() {
    let evil = r"\u001b]0;owned\u0007\u001b[2J\u009b31m\u202etxt";
    let problem = format!("{{\"status\":400,\"code\":\"{evil}\",\"detail\":\"{evil}\"}}");
    for ran in all_against(|| {
        let problem = Answer::Plain(400, String::new(), problem.clone().into_bytes());
        Box::new(move |_| Some(problem.clone()))
    }) {
        assert!(ran.said.contains("owned"), "{}\n{}", ran.line, ran.said);
    }
    // As the name of a member, which the parser quotes.
    let trust = fs::read_to_string(own().copy().join("trust")).unwrap();
    let odd = trust.replacen('{', &format!("{{\"{evil}\":1,"), 1);
    let server = Hostile::start(
        own().copy(),
        Box::new(move |path| {
            let odd = Answer::Plain(200, String::new(), odd.clone().into_bytes());
            path.starts_with("/trust").then_some(odd)
        }),
    );
    COMMANDS.iter().filter(|line| !line.starts_with("pack")).for_each(|command| {
        run(command, &server.url).refuses();
    });
}

#[test]
fn names_do_not_become_paths() {
    for evil in ["../../PWNED/authorized_keys", "../../.bashrc", "/etc/x", "revocation-+0", "a/b"] {
        let index = own().index(&["revocation-0", evil]);
        let attack = move |path: &str| match path {
            "/status" => Some(Answer::Plain(200, String::new(), index.clone())),
            path if path.starts_with("/status") => {
                Some(Answer::Plain(200, String::new(), b"PWNED".to_vec()))
            }
            _ => None,
        };
        let server = Hostile::start(own().copy(), Box::new(attack));
        let ran = run("export copy --url URL", &server.url);
        ran.refuses();
        assert_eq!(ran.code, Some(1), "{}", ran.said);
        assert!(ran.said.contains("no name") && ran.said.contains("[name]"), "{}", ran.said);
    }
    // Signed by another key than its service's, however it names its lists.
    let mut forged = own().index(&["revocation-0"]);
    let place = forged.windows(12).position(|part| part == b"\"proofValue\"").unwrap() + 20;
    forged[place] = if forged[place] == b'2' { b'3' } else { b'2' };
    let attack = move |path: &str| {
        (path == "/status").then(|| Answer::Plain(200, String::new(), forged.clone()))
    };
    let server = Hostile::start(own().copy(), Box::new(attack));
    let ran = run("export copy --url URL", &server.url);
    ran.refuses();
    assert!(ran.said.contains("no service key under the root"), "{}", ran.said);
}

#[test]
fn a_checkpoint_may_say_any_size() {
    let key = own().key(KeyName::Log);
    for size in [1 << 20, 1 << 33, 1 << 62, u64::MAX] {
        let root = Hash::new([7; 32]);
        let text = Checkpoint { origin: own().log.name().to_owned(), size, root }.to_text();
        let note = sign_note(&text, &own().log, &|bytes| key.sign_bytes(bytes));
        let attack = move |path: &str| {
            let note = note.clone().into_bytes();
            (path == "/log/checkpoint").then_some(Answer::Plain(200, String::new(), note))
        };
        let server = Hostile::start(own().copy(), Box::new(attack));
        for command in &COMMANDS[3..] {
            run(command, &server.url).refuses();
        }
    }
}

#[test]
fn a_copy_keeps_the_root_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let (code, out, err) = program::run(folder.path(), line);
        (code, out + &err)
    };
    let server = Hostile::start(own().copy(), Box::new(|_| None));
    let (first, again) = (run(&format!("export copy --url {}", server.url)), || {
        run(&format!("export copy --url {}", server.url))
    });
    assert!(first.0 == 0 && first.1.contains("was not compared"), "{}", first.1);
    let second = again();
    assert!(second.0 == 0 && second.1.contains("as the copy had it"), "{}", second.1);
    let given = run(&format!("export other --url {} --root {}", server.url, own().root));
    assert!(given.0 == 0 && !given.1.contains("compared"), "{}", given.1);
    let wrong = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    for copy in ["copy", "fresh"] {
        let (code, said) = run(&format!("export {copy} --url {} --root {wrong}", server.url));
        assert!(code > 0 && said.contains("not the pinned"), "{copy}: {code} {said}");
    }
    assert!(!folder.path().join("fresh/trust").exists());

    // The same log key, vouched for by another root: the attacker has one of the two.
    let home = Home::at(&folder.path().join("two"));
    let founding = Founding {
        domain: Domain::parse("evil.example").unwrap(),
        authority_name: "Another root".to_owned(),
        demo: true,
        edition: tasdiq::limits::EDITION_MAX,
        goods: tasdiq::statement::first_goods_rules().unwrap(),
    };
    let other = near(found(&home, &founding, now()).unwrap());
    export(&other, &folder.path().join("theirs"), &ExportOptions::default(), &mut |_, _| {})
        .unwrap();
    let theirs = fs::read(folder.path().join("theirs/trust")).unwrap();
    fs::write(folder.path().join("copy/trust"), theirs).unwrap();
    let (code, said) = again();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("under the root that the folder has"), "{said}");

    // What is there and cannot be read is not taken for nothing.
    fs::write(folder.path().join("copy/trust"), "{").unwrap();
    let (code, said) = again();
    assert!(code == 2 && said.contains("Give --root"), "{said}");
    let mended = run(&format!("export copy --url {} --root {}", server.url, own().root));
    assert_eq!(mended.0, 0, "{}", mended.1);
}
