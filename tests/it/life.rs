//! Life after the operator, with the built binary on loopback: exports that live on any web server,
//! and imports.

mod backups;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;
use tasdiq::audit::Pins;
use tasdiq::demo;
use tasdiq::ledger::{Home, KeyName};
use tasdiq::log::{NoteKey, TilePath};
use tasdiq::names::PartySlug;
use tasdiq::os::now;
use tasdiq::seal::{SoftKey, seal};
use tasdiq::source::{FolderSource, LogSource, Part, SourceError};
use tasdiq::statement::{Domain, Draft};
use tasdiq::transfer::backup::{BackupOptions, backup};
use tasdiq::transfer::{ImportRequest, import};

use crate::program::{self, Service};
use crate::support::fictional;

const HOST: &str = "demo.example";

/// Certificates of the demonstration, each with a vc+jwt beside it.
const SIDECARS: u64 = 537;

/// A demonstration ledger, made once; tests work on copies of it.
fn original() -> &'static (tempfile::TempDir, SoftKey, u64) {
    static MADE: OnceLock<(tempfile::TempDir, SoftKey, u64)> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(&folder.path().join("data"));
        let ledger = demo::make(&home, &Domain::parse(HOST).unwrap(), now()).unwrap();
        let size = ledger.view().size;
        ledger.sync_guard().unwrap();
        let passphrase = home.passphrase().unwrap();
        let registrar = Home::read_key(&home.key(KeyName::Registrar), &passphrase).unwrap();
        drop(ledger);
        program::let_go(home.folder());
        (folder, registrar, size)
    })
}

/// A folder in which a test works; `data` is a copy of the demonstration ledger.
struct Place {
    folder: tempfile::TempDir,
}

/// A service and what tests do with it.
struct Running(Service);

impl std::ops::Deref for Running {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.0
    }
}

impl Running {
    /// Stops a service as a service manager does; the answer is what it wrote to stderr.
    fn stop(self) -> String {
        self.0.last_words()
    }

    /// Submits registrations; the status and code of the answer.
    fn submit(&self, numbers: std::ops::Range<u64>) -> (u16, String) {
        let statements: Vec<Vec<u8>> = numbers.map(registration).collect();
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.build().new_agent();
        let single = statements.len() == 1;
        let kind = if single { "application/vc" } else { "application/x-ndjson" };
        let request = agent.post(format!("{}/api/v1/statements", self.url));
        let sent = request.header("content-type", kind).send(&statements.join(&b'\n')[..]);
        let mut answer = sent.unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(single || !text.contains("\"problem\""), "{text}");
        (answer.status().as_u16(), text)
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let mut answer = ureq::get(format!("{}/{path}", self.url)).call().unwrap();
        answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap()
    }
}

/// A signed registration of a fictional cooperative.
fn registration(number: u64) -> Vec<u8> {
    let domain = Domain::parse(HOST).unwrap();
    let authority = PartySlug::authority();
    let claim = fictional(number);
    let draft = Draft {
        domain: &domain,
        id: String::new(),
        issuer: &authority,
        issuer_name: "Authority",
        valid_from: now(),
        valid_until: None,
    };
    let method = format!("{}#registrar-1", domain.did(&authority));
    seal(&claim.draft(&draft), &method, now(), &original().1).unwrap()
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.copy(&original().0.path().join("data"), "data");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Copies a folder by hand, as an operator would.
    fn copy(&self, from: &Path, to: &str) {
        let copied = Command::new("cp").arg("-a").arg(from).arg(self.path(to)).status();
        assert!(copied.unwrap().success());
    }

    fn command(&self, line: &str) -> Command {
        let mut command = program::tasdiq(self.folder.path());
        command.args(line.split_whitespace());
        command
    }

    /// Runs with arguments parted by spaces: exit code, stdout, stderr.
    fn run(&self, line: &str) -> (i32, String, String) {
        program::ran(&mut self.command(line))
    }

    /// Runs, expects exit code 0, gives stdout.
    fn good(&self, line: &str) -> String {
        let (code, out, err) = self.run(line);
        assert_eq!(code, 0, "{line}\n{out}{err}");
        out
    }

    /// Runs, expects this exit code and words on stderr.
    fn bad(&self, line: &str, expected: i32, why: &str) {
        let (code, out, err) = self.run(line);
        assert_eq!(code, expected, "{line}\n{out}{err}");
        assert!(err.contains(why), "{line}\n{err}");
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.good(&format!("{line} --json"))).unwrap()
    }

    fn serve(&self, line: &str) -> Running {
        let mut command = self.command(&format!("serve --listen 127.0.0.1:0 {line}"));
        Running(Service::of(command.stderr(Stdio::piped())))
    }

    /// A service that must not sign, for this reason.
    fn does_not_sign(&self, line: &str, why: &str) {
        let service = self.serve(line);
        let (status, answer) = service.submit(900..901);
        assert_eq!(status, 503, "{answer}");
        assert!(answer.contains("writes_stopped") && answer.contains(why), "{answer}");
        service.get("log/checkpoint");
        let said = service.stop();
        assert!(said.contains("WRITES ARE STOPPED") && said.contains(why), "{said}");
    }

    /// A service that signs; gives what it said at start.
    fn signs(&self, line: &str, number: u64) -> String {
        let service = self.serve(line);
        let (status, answer) = service.submit(number..number + 1);
        assert_eq!(status, 201, "{line}: {answer}");
        service.stop()
    }

    /// Hosts a folder with a server that knows nothing of us.
    fn host(&self, folder: &str) -> Running {
        let mut command = Command::new("python3");
        command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"]);
        command.arg(self.path(folder)).stderr(Stdio::null());
        let (mut service, lines) = Service::saying(&mut command, 1);
        let port = lines[0].split(" port ").nth(1).unwrap().split(' ').next().unwrap();
        service.url = format!("http://127.0.0.1:{port}");
        Running(service)
    }

    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    walk(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(folder), &self.path(folder), &mut found);
        found.sort();
        found
    }

    fn root(&self) -> String {
        let config = fs::read(self.path("data/ledger.json")).unwrap();
        let config: Value = serde_json::from_slice(&config).unwrap();
        config["root"].as_str().unwrap().to_owned()
    }
}

/// Nobody compared the root: neither a verdict nor an audit can pass.
fn unknown_roots(place: &Place, from: &str, code: &str) {
    for line in [format!("verify {from} {code}"), format!("audit {from}")] {
        let (status, out, err) = place.run(&format!("{line} --json"));
        assert!(status == 3 && out.contains("\"ROOT_NOT_PINNED\""), "{line}: {out}{err}");
    }
    let own = place.root();
    assert_eq!(place.json(&format!("audit {from} --root {own}"))["rootNotPinned"], false);
    let other = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    place.bad(&format!("audit {from} --root {other}"), 1, "");
}

/// What happens to a file's bytes.
type Spoil<'a> = &'a dyn Fn(Vec<u8>) -> Vec<u8>;

#[test]
fn a_copy_on_any_web_server_outlives_the_service() {
    let place = Place::new();
    let size = original().2;
    let service = place.serve("--data data");
    let first = place.json(&format!("export copy --url {}", service.url));
    assert_eq!((first["size"].as_u64().unwrap(), first["before"].as_u64()), (size, Some(0)));
    // Past the next full tile: the partial ones of it go.
    let more = 257 - size % 256;
    service.submit(0..more);
    let size = size + more;
    let second = place.json(&format!("export copy --url {} --certificates", service.url));
    assert_eq!(second["before"], first["size"]);
    assert!(second["removed"].as_u64().unwrap() >= 2, "{second}");
    assert!(second["kept"].as_u64().unwrap() >= 2 * (size / 256 - 1), "{second}");
    let code = place.good(&format!("label --url {} --format text", service.url));
    let root = place.root();
    let judged = |code: &str| format!("verify --url {} --root {root} {code}", service.url);
    let live = |code: &&str| place.run(&judged(code)).0 == 0;
    let code = code.lines().find(live).unwrap().to_owned();
    let lists = String::from_utf8(service.get("status")).unwrap();
    assert!(service.stop().is_empty());

    let host = place.host("copy");
    let url = &host.url;
    for from in [format!("--url {url}"), "--tiles copy".to_owned()] {
        place.good(&format!("trust {from} --root {root} --out trust.json"));
        place.good(&format!("pack {from} --out pack.json"));
        let audit = place.json(&format!("audit {from} --trust trust.json"));
        assert_eq!((audit["size"].as_u64(), &audit["fault"]), (Some(size), &Value::Null));
        assert_eq!(audit["sidecars"], SIDECARS);
        place.good(&format!("verify {from} {code} --root {root}"));
        place.good(&format!("verify {from} copy/certificates/0.json --root {root}"));
        unknown_roots(&place, &from, &code);
    }
    place.good(&format!("verify --offline --trust trust.json --pack pack.json {code}"));
    place.bad(&format!("label --url {url}"), 2, "404");
    assert!(String::from_utf8(host.get("")).unwrap().contains(&root), "a page for people");
    assert_eq!(String::from_utf8(host.get("status/index.json")).unwrap(), lists);
    assert!(host.get("status/revocation-0").starts_with(b"{"));
    assert!(host.get("ns/tasdiq/v1").starts_with(b"{"));

    // The data folder and the copy give the same log; nothing is written twice.
    place.good("export again --data data");
    let log = |folder| -> Vec<_> {
        let files = place.files(folder).into_iter();
        files.filter(|(name, _)| name.starts_with("log/") && !name.contains(".p/")).collect()
    };
    assert_eq!(log("again"), log("copy"));
    place.good(&format!("export mirror --url {url}"));
    assert_eq!(log("mirror"), log("copy"));
    let same = place.json(&format!("export mirror --url {url}"));
    assert_eq!(same["files"], 0, "{same}");

    // What was damaged in a copy since is written again, and nothing else.
    let pages = place.files("mirror").into_iter().map(|(name, _)| name);
    let page = pages.clone().find(|name| name.starts_with("log/sidecars/")).unwrap();
    let top = pages.clone().find(|name| name.starts_with("log/tile/1/")).unwrap();
    let damage: [(&str, Spoil<'_>); 6] = [
        (&top, &|_| Vec::new()),
        ("log/tile/0/000", &|mut bytes| {
            bytes[70] ^= 1;
            bytes
        }),
        ("log/tile/0/001", &|_| Vec::new()),
        ("log/tile/entries/000", &|bytes| bytes[..bytes.len() / 2].to_vec()),
        (&page, &|_| Vec::new()),
        (&page, &|bytes| bytes[..bytes.len() / 2].to_vec()),
    ];
    for (path, spoil) in damage {
        let file = place.path("mirror").join(path);
        fs::write(&file, spoil(fs::read(&file).unwrap())).unwrap();
        place.bad("audit --tiles mirror --trust trust.json", 1, "");
        let mended = place.json(&format!("export mirror --url {url}"));
        assert_eq!(mended["files"], 1, "{path}: {mended}");
        assert_eq!(log("mirror"), log("copy"), "{path}");
    }
}

#[test]
fn a_copy_is_not_overwritten_by_another_history() {
    let place = Place::new();
    place.copy(&place.path("data"), "fork");
    place.good("export old --data data");
    place.signs("--data data", 1);
    place.good("export copy --data data");
    let before = place.files("copy");
    place.bad("export copy --data fork", 1, "rolled back");
    let fork = place.serve("--data fork");
    fork.submit(2..4);
    place.bad(&format!("export copy --url {}", fork.url), 1, "FORK");
    drop(fork);
    assert_eq!(place.files("copy"), before);

    place.good("init --data other --host other.example");
    place.bad("export copy --data other", 2, "not an export of this log");
    place.bad("export data --data other", 2, "it holds other files");
    assert_eq!(place.files("copy"), before);

    // A copy that was cut off has no checkpoint, and is finished; a damaged source stays out.
    fs::remove_file(place.path("old/log/checkpoint")).unwrap();
    fs::write(place.path("old/log/tile/0/000"), vec![7; 8_192]).unwrap();
    place.good("export old --data data");
    let root = place.root();
    assert_eq!(place.json(&format!("audit --tiles old --root {root}"))["fault"], Value::Null);
    fs::write(place.path("old/log/tile/0/000"), vec![7; 8_192]).unwrap();
    let host = place.host("old");
    place.bad(&format!("export new --url {}", host.url), 1, "does not lead to");
    assert!(!place.path("new/log/checkpoint").exists());
}

/// A source that breaks off after some bundles.
struct Breaking(FolderSource, AtomicU64);

impl LogSource for Breaking {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        if part.is_bundle() && self.1.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(SourceError::unreadable(part.to_string(), "the line is dead"));
        }
        self.0.fetch(part)
    }
}

#[test]
fn a_successor_takes_the_log_over() {
    let place = Place::new();
    place.good("export copy --data data");
    let (root, size) = (place.root(), original().2);
    let bundles = size.div_ceil(256);

    // Cut off while rows are written: no ledger; then it goes on.
    let home = Home::at(&place.path("new"));
    let config = Home::at(&place.path("data")).config().unwrap();
    let pins = Pins {
        domain: config.domain().unwrap(),
        root: config.root_key().unwrap(),
        log_key: NoteKey::parse(&config.log_key).unwrap(),
        since: None,
        witnesses: None,
    };
    let request = ImportRequest { pins, demo: true };
    let source = Breaking(FolderSource::new(&place.path("copy")), AtomicU64::new(bundles + 3));
    let broken = import(&source, &request, &home, &mut |_, _| {}).unwrap_err();
    assert!(broken.to_string().contains("the line is dead"), "{broken}");
    place.bad("serve --data new --listen 127.0.0.1:0", 2, "holds no ledger");
    place.bad("init --data new --host x.example", 2, "not finished");
    let done = place.json(&format!("import copy --data new --root {root} --demo"));
    assert_eq!(done["size"].as_u64().unwrap(), size);
    let written = done["written"].as_u64().unwrap();
    assert!(written > 0 && written < size, "{done}");
    place.bad("import copy --data new", 2, "holds a ledger already");
    // Done, and anybody's log would have looked the same.
    let (code, out, _) = place.run("import copy --data unpinned --demo");
    assert!(code == 3 && out.contains("ROOT_NOT_PINNED"), "{code} {out}");
    let (code, out, _) = place.run("import copy --data unpinned-json --demo --json");
    assert!(code == 3 && out.contains("ROOT_NOT_PINNED"), "{code} {out}");
    assert_eq!(home.config().unwrap(), config);
    assert_eq!(place.json("audit --data new")["sidecars"], SIDECARS);

    // Without the keys it serves what it was imported with.
    let service = place.serve("--data new");
    let copied = |name: &str| fs::read(place.path("copy").join(name)).unwrap();
    for path in ["log/checkpoint", "trust", "api/v1/packs/latest"] {
        assert_eq!(service.get(path), copied(path), "{path}");
    }
    let audit = format!("audit --url {} --root {root}", service.url);
    assert_eq!(place.json(&audit)["fault"], Value::Null);
    let (status, answer) = service.submit(5..6);
    assert!(status == 503 && answer.contains("the log key is not here"), "{answer}");
    assert!(service.stop().contains("WRITES ARE STOPPED"));

    // The old service went on for a while: the successor catches up, then signs with the keys.
    place.signs("--data data", 6);
    place.good("export copy --data data");
    place.good("import copy --data new --continue");
    fs::create_dir_all(place.path("new/keys")).unwrap();
    for name in ["root.pem", "service-1.pem", "label-1.pem", "passphrase"] {
        fs::copy(place.path("data/keys").join(name), place.path("new/keys").join(name)).unwrap();
    }
    fs::copy(place.path("data/keys/root.pem"), place.path("new/keys/log-1.pem")).unwrap();
    place.does_not_sign("--data new", "is another key than this log's");
    fs::copy(place.path("data/keys/log-1.pem"), place.path("new/keys/log-1.pem")).unwrap();
    assert_eq!(place.signs("--data new", 7), "");
    place.good("export copy --data new");
    assert_eq!(
        place.json(&format!("audit --tiles copy --root {root}"))["size"].as_u64(),
        Some(size + 2)
    );

    // What is not good, not the pinned root's, or of another history is not taken over.
    let other = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    place.bad(&format!("import copy --data third --root {other}"), 1, "not the pinned");
    place.signs("--data data", 8);
    place.bad("import copy --data data --continue", 1, "FORK");
    let bundle =
        place.path("copy/log").join(TilePath::parse("tile/entries/001").unwrap().to_string());
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[5_000] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    place.bad("import copy --data third", 1, "nothing was taken over: entry 2");
    assert!(!place.path("third/store").exists());
}

#[test]
fn what_goes_on_is_told_from_the_level_that_is_asked_for() {
    let place = Place::new();
    let told = |line: &str, number| place.signs(&format!("--data data {line}"), number);
    assert_eq!(told("", 701), "");
    let said = told("--log-level debug", 702);
    let line = said.lines().find(|line| line.contains("snapshot of the register was written"));
    let (at, rest) = line.expect(&said).split_once(' ').unwrap();
    assert!(tasdiq::statement::Timestamp::parse(at).is_ok(), "{said}");
    let begins = "DEBUG ledger: a snapshot of the register was written entries=";
    assert!(rest.starts_with(begins), "{said}");
    assert!(said.contains(" DEBUG ledger: a batch is durable entries=1 micros="), "{said}");
    place.bad("serve --data data --log-level loud", 2, "--log-level");
}
