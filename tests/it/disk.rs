//! The disk is full, cannot be written, rots; no file handle is free: with the built binary on file
//! systems of their own. What was acknowledged stays, what was refused says whether it may be in
//! the log, reads go on, and what heals heals without a restart. Needs root for its mounts; says so
//! where it has not.

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tasdiq::ledger::{Home, KeyName, found};
use tasdiq::os::now;
use tasdiq::statement::{Domain, Timestamp};

use crate::program;
use crate::support::{HOST, Key, founding, registration};

/// How long anything may take to heal: the longest pause between two tries, and some.
const HEALS_WITHIN: Duration = Duration::from_secs(25);

/// A mount namespace of its own with a small file system at `small`, and a ledger in it.
struct Stand {
    folder: tempfile::TempDir,
    holder: Child,
    registrar: Key,
}

/// Skips a test that cannot be run here, visibly.
macro_rules! stand {
    ($megabytes:expr) => {
        match Stand::new($megabytes) {
            Some(stand) => stand,
            None => {
                eprintln!("SKIPPED: this test mounts file systems, which only root may");
                return;
            }
        }
    };
}

impl Stand {
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(&folder.path().join("data"));
        drop(found(&home, &founding(), now()).unwrap());
        let secret = Home::read_key(&home.key(KeyName::Registrar), &home.passphrase().unwrap());
        let method = format!("did:web:{HOST}#registrar-1");
        let registrar = Key { method, secret: secret.unwrap() };
        let small = folder.path().join("small");
        fs::create_dir(&small).unwrap();
        let script = format!(
            "mount -t tmpfs -o size={megabytes}m tmpfs {0} && cp -a {1} {0}/data && echo ready \
             && exec sleep 600",
            small.display(),
            home.folder().display()
        );
        let mut holder = Command::new("unshare");
        holder.args(["-m", "--propagation", "private", "sh", "-c", &script]);
        holder.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = holder.spawn().ok()?;
        let mut said = [0; 5];
        let ready = holder.stdout.take()?.read_exact(&mut said);
        let stand = Self { folder, holder, registrar };
        (ready.is_ok() && &said == b"ready").then_some(stand)
    }

    /// A path as processes in the namespace see it.
    fn small(&self, name: &str) -> String {
        self.folder.path().join("small").join(name).display().to_string()
    }

    /// The same path as this process sees it.
    fn seen(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.holder.id(), self.small(name)))
    }

    fn within(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.holder.id().to_string(), "-m", "--", program]);
        program::quiet(&mut command).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn shell(&self, script: &str) {
        let done = self.within("sh").args(["-c", script]).output().unwrap();
        assert!(done.status.success(), "{script}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Runs the binary on a folder: exit code, stdout, stderr.
    fn run(&self, line: &str, with: &[(&str, &str)]) -> (i32, String, String) {
        let mut command = self.within(program::TASDIQ);
        program::ran(command.args(line.split_whitespace()).envs(with.iter().copied()))
    }

    fn serve(&self, line: &str) -> Service {
        let mut command = self.within(program::TASDIQ);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(line.split_whitespace());
        self.started(command)
    }

    fn started(&self, mut command: Command) -> Service {
        let log = self.folder.path().join(format!("log-{}", now().seconds()));
        let log = (0..).map(|n| log.with_extension(n.to_string())).find(|log| !log.exists());
        let log = log.unwrap();
        command.stderr(fs::File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut said = String::new();
        let mut byte = [0];
        while !said.ends_with('\n') {
            let more = out.read(&mut byte).unwrap();
            assert!(more == 1, "it does not start: {}", fs::read_to_string(&log).unwrap());
            said.push(char::from(byte[0]));
        }
        let url = said.trim().rsplit(' ').next().unwrap().to_owned();
        Service { child, url, log, _out: out }
    }

    /// Fills the small file system to the last byte.
    fn fill(&self) {
        let out = fs::File::create(self.seen("ballast"));
        let mut out = out.unwrap();
        let full = [0; 65_536];
        while std::io::Write::write_all(&mut out, &full).is_ok() {}
        while std::io::Write::write_all(&mut out, &[0]).is_ok() {}
    }

    fn empty(&self) {
        fs::remove_file(self.seen("ballast")).unwrap();
    }

    fn statement(&self, number: u64) -> Vec<u8> {
        let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        registration(&Domain::parse(HOST).unwrap(), &self.registrar, number, at)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        // The mounts go with the last process of the namespace.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// A running service; killed when it goes out of sight.
struct Service {
    child: Child,
    url: String,
    log: PathBuf,
    _out: std::process::ChildStdout,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.timeout_global(Some(Duration::from_secs(60))).build().new_agent()
}

impl Service {
    fn get(&self, path: &str) -> (u16, String) {
        let mut answer = agent().get(format!("{}{path}", self.url)).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// Submits statements in one request: for each the receipt, or code and words of the refusal.
    fn submit(&self, statements: &[Vec<u8>]) -> Vec<Result<Value, (String, String)>> {
        let request = agent().post(format!("{}/api/v1/statements", self.url));
        let request = request.header("content-type", "application/x-ndjson");
        let mut answer = request.send(&statements.join(&b'\n')[..]).unwrap();
        let text = answer.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
        let line = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            let word = |name: &str| line["problem"][name].as_str().unwrap().to_owned();
            match line.get("receipt").filter(|receipt| receipt.is_object()) {
                Some(receipt) => Ok(receipt.clone()),
                None => Err((word("code"), word("detail"))),
            }
        };
        text.lines().map(line).collect()
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it takes statements again.
    fn heals(&self) {
        let start = Instant::now();
        while self.get("/readyz").0 != 200 {
            assert!(start.elapsed() < HEALS_WITHIN, "{}\n{}", self.get("/readyz").1, self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stopped, alive, with the reason everywhere and without paths; everything is read.
    fn is_stopped(&self, why: &str) {
        let (status, ready) = self.get("/readyz");
        assert_eq!(status, 503, "{ready}\n{}", self.said());
        for text in [&ready, &self.get("/api/v1/log/health").1, &self.get("/audit").1] {
            assert!(text.contains(why), "{why}: {text}");
        }
        let page = self.get("/audit").1;
        assert!(page.contains(&format!("--url https://{HOST}")), "the ledger's own address");
        assert!(!page.contains(&self.url), "not the one behind the proxy");
        assert!(!ready.contains("/small") && !ready.contains("/tmp"), "no paths: {ready}");
        assert_eq!(self.get("/healthz").0, 200);
        for path in ["/log/checkpoint", "/log/tile/entries/000.p/5", "/register", "/trust", "/"] {
            assert_eq!(self.get(path).0, 200, "{path}");
        }
        let said = self.said();
        assert!(said.contains("WRITES ARE STOPPED") && said.contains(why), "{said}");
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What a client knows: the index of each acknowledged statement, by its number.
#[derive(Default)]
struct Acked(Vec<(u64, u64)>);

impl Acked {
    /// Submits the next statements; those that were refused, with what was said.
    fn submit(
        &mut self,
        stand: &Stand,
        service: &Service,
        numbers: std::ops::Range<u64>,
    ) -> Vec<(u64, String, String)> {
        let statements: Vec<_> = numbers.clone().map(|n| stand.statement(n)).collect();
        let mut refused = Vec::new();
        for (number, answer) in numbers.zip(service.submit(&statements)) {
            match answer {
                Ok(receipt) => self.0.push((number, receipt["index"].as_u64().unwrap())),
                Err((code, detail)) => refused.push((number, code, detail)),
            }
        }
        refused
    }

    /// All of it is in the log, where it was said to be.
    fn is_kept(&self, stand: &Stand, service: &Service) {
        for part in self.0.chunks(250) {
            let statements: Vec<_> = part.iter().map(|(n, _)| stand.statement(*n)).collect();
            for ((number, index), answer) in part.iter().zip(service.submit(&statements)) {
                let receipt = answer.unwrap();
                assert_eq!(
                    (&receipt["duplicate"], &receipt["index"]),
                    (&true.into(), &(*index).into()),
                    "{number}"
                );
            }
        }
    }
}

#[test]
fn a_full_disk_refuses_whole_heals_and_loses_nothing() {
    let stand = stand!(64);
    let data = format!("--data {}", stand.small("data"));
    let service = stand.serve(&data);
    let mut acked = Acked::default();
    assert!(acked.submit(&stand, &service, 0..20).is_empty());
    stand.fill();
    // Room that was taken before is used up first.
    let mut refused = Vec::new();
    for first in (20..40_000).step_by(500) {
        refused = acked.submit(&stand, &service, first..first + 500);
        if !refused.is_empty() {
            break;
        }
    }
    for (_, code, detail) in &refused {
        assert_eq!(code, "writes_stopped");
        assert!(detail.contains("no space left") && detail.contains("NOT in the log"), "{detail}");
    }
    assert!(!refused.is_empty());
    service.is_stopped("no space left");
    assert_eq!(service.said().matches("WRITES ARE STOPPED").count(), 1, "{}", service.said());
    acked.is_kept(&stand, &service);

    // Killed, and started while the disk is full: it serves, and heals without a restart.
    service.kill();
    let service = stand.serve(&data);
    service.is_stopped("no space left");
    acked.is_kept(&stand, &service);
    let again = acked.submit(&stand, &service, 100_000..100_002);
    assert!(again.iter().all(|(_, code, _)| code == "writes_stopped") && again.len() == 2);
    stand.empty();
    service.heals();
    let numbers: Vec<u64> = refused.iter().map(|(number, ..)| *number).collect();
    let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
    assert!(acked.submit(&stand, &service, first..last + 1).is_empty());
    assert!(service.said().contains("writes go on"), "{}", service.said());

    // Full and emptied once more while it runs.
    stand.fill();
    for first in (200_000..240_000).step_by(500) {
        if !acked.submit(&stand, &service, first..first + 500).is_empty() {
            break;
        }
    }
    service.is_stopped("no space left");
    stand.empty();
    service.heals();
    assert!(acked.submit(&stand, &service, 300_000..300_020).is_empty());
    acked.is_kept(&stand, &service);
    service.kill();
    let (code, out, err) = stand.run(&format!("audit {data}"), &[]);
    assert_eq!(code, 0, "{out}{err}");
    println!("{} acknowledged, all in the log", acked.0.len());
}

#[test]
fn a_full_guard_disk_does_not_matter_once_it_is_open_and_heals_before() {
    let stand = stand!(8);
    // The ledger lies elsewhere; only the guard is on the small disk.
    let data = format!("--data {}", stand.folder.path().join("data").display());
    let line = format!("{data} --guard {}", stand.small("guard"));
    stand.shell(&format!("rm -r {}", stand.small("data")));
    stand.fill();
    let service = stand.serve(&line);
    service.is_stopped("a guard file cannot be written: No space left");
    let mut acked = Acked::default();
    let refused = acked.submit(&stand, &service, 0..3);
    assert!(refused.len() == 3 && refused.iter().all(|(_, _, why)| why.contains("NOT in")));
    stand.empty();
    service.heals();
    assert!(acked.submit(&stand, &service, 0..3).is_empty());
    stand.fill();
    for number in 3..40 {
        assert!(acked.submit(&stand, &service, number..number + 1).is_empty(), "{number}");
    }
    let known = || fs::read_to_string(stand.seen("guard")).unwrap();
    let size: u64 = known().lines().nth(1).unwrap().parse().unwrap();
    assert_eq!(size, acked.0.last().unwrap().1 + 1, "it remembers the newest");
    // Killed with the guard disk full, and started again: what it knows is what there is.
    service.kill();
    let service = stand.serve(&line);
    // What stood ready for the one that was killed is room enough.
    assert_eq!(service.get("/readyz").0, 200, "{}", service.said());
    assert!(acked.submit(&stand, &service, 40..45).is_empty());
    acked.is_kept(&stand, &service);
    stand.empty();
    // The disk goes away with all on it, and comes back empty.
    stand.shell(&format!("rm {}*", stand.small("guard")));
    let lost = acked.submit(&stand, &service, 50..51);
    assert!(lost.iter().all(|(_, code, _)| code == "may_be_logged" || code == "writes_stopped"));
    service.heals();
    assert!(acked.submit(&stand, &service, 50..52).is_empty());
    acked.is_kept(&stand, &service);
    service.kill();
    let (code, out, err) = stand.run(&format!("audit {data}"), &[]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_disk_that_takes_no_writes_is_read() {
    let stand = stand!(64);
    let (plain, locked) = (stand.small("data"), stand.small("locked"));
    let service = stand.serve(&format!("--data {plain}"));
    let mut acked = Acked::default();
    assert!(acked.submit(&stand, &service, 0..20).is_empty());
    service.kill();
    stand.shell(&format!(
        "mkdir {locked} && mount --bind {plain} {locked} && mount -o remount,ro,bind {locked} && \
         ! touch {locked}/x 2>/dev/null"
    ));
    let before = fs::read(stand.seen("data/store/rows/db")).unwrap();
    let temporary = stand.folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let with = [("TMPDIR", temporary.to_str().unwrap())];
    // Audited as it is, and told how.
    let (code, out, err) = stand.run(&format!("audit --data {locked}"), &with);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("CLEAN") && err.contains("read-only"), "{out}{err}");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "nothing stays behind");
    for verb in ["trust --out", "export", "backup"] {
        let out = stand.small(&format!("out-{}", &verb[..5]));
        let (code, out, err) = stand.run(&format!("{verb} {out} --data {locked}"), &with);
        assert_eq!(code, 0, "{verb}: {out}{err}");
    }
    // Where the copy has no room: the reason, how much, where; and never a fault of the log.
    stand.shell(&format!("mkdir {0} && mount -t tmpfs -o size=1m tmpfs {0}", stand.small("tight")));
    let tight = stand.small("tight");
    let (code, out, err) = stand.run(&format!("audit --data {locked}"), &[("TMPDIR", &tight)]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("read-only") && err.contains("MB are needed") && err.contains("TMPDIR"));
    // Served, and nothing is signed.
    let mut command = stand.within(program::TASDIQ);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", &locked]).envs(with);
    let service = stand.started(command);
    service.is_stopped("the file system is read-only");
    acked.is_kept(&stand, &service);
    let refused = acked.submit(&stand, &service, 30..31);
    assert!(refused[0].2.contains("NOT in the log"), "{refused:?}");
    // Who holds it through the other name is seen all the same.
    let (code, _, err) = stand.run(&format!("audit --data {plain}"), &with);
    assert!(code == 2 && err.contains("in use by another process"), "{err}");
    service.kill();
    assert_eq!(fs::read(stand.seen("data/store/rows/db")).unwrap(), before, "untouched");
    let service = stand.serve(&format!("--data {plain}"));
    assert!(acked.submit(&stand, &service, 30..31).is_empty());
    acked.is_kept(&stand, &service);
}

#[test]
fn a_process_without_free_handles_goes_on_signing() {
    let stand = stand!(64);
    let data = stand.small("data");
    let script =
        format!("ulimit -n 48; exec {} serve --listen 127.0.0.1:0 --data {data}", program::TASDIQ);
    let mut command = stand.within("sh");
    command.args(["-c", &script]);
    let service = stand.started(command);
    let mut acked = Acked::default();
    assert!(acked.submit(&stand, &service, 0..5).is_empty());
    // A connection that is there already, and then as many as the process has handles for.
    let held = agent();
    let submit = |number: u64| {
        let request = held.post(format!("{}/api/v1/statements", service.url));
        let sent = request.header("content-type", "application/vc").send(&stand.statement(number));
        let mut answer = sent.unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    };
    assert_eq!(submit(5).0, 201);
    let address = service.url.trim_start_matches("http://");
    let idle: Vec<TcpStream> = (0..80).map(|_| TcpStream::connect(address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(500));
    for number in 6..30 {
        let (status, text) = submit(number);
        assert_eq!(status, 201, "{text}\n{}", service.said());
    }
    drop(idle);
    service.heals();
    assert!(acked.submit(&stand, &service, 30..40).is_empty());
    acked.is_kept(&stand, &service);
}

/// Flips one bit of a file.
fn rot(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 0x10;
    fs::write(file, bytes).unwrap();
}

#[test]
fn bit_rot_is_called_damage() {
    let stand = stand!(64);
    let service = stand.serve(&format!("--data {}", stand.small("data")));
    let mut acked = Acked::default();
    assert!(acked.submit(&stand, &service, 0..300).is_empty());
    program::terminate(&service.child);
    let mut service = service;
    assert!(service.child.wait().unwrap().success());
    let (whole, spoilt) = (stand.small("data"), stand.small("spoilt"));
    let written = fs::read(stand.seen("data/store/rows/db")).unwrap();
    let end = written.iter().rposition(|byte| *byte != 0).unwrap();
    let (mut found, mut slack) = (0, 0);
    fs::write(stand.seen("one.json"), stand.statement(500)).unwrap();
    for place in 0..12 {
        stand.shell(&format!("rm -rf {spoilt} && cp -a {whole} {spoilt}"));
        rot(&stand.seen("spoilt/store/rows/db"), end * place / 12 + 40);
        let (audited, out, err) = stand.run(&format!("audit --data {spoilt}"), &[]);
        let line = format!("submit {} --data {spoilt}", stand.small("one.json"));
        let (submitted, signed, told) = stand.run(&line, &[]);
        let said = format!("{place}: {audited} {submitted}: {out}{err}{signed}{told}");
        assert!(!said.contains("old copy") && !said.contains("panicked"), "{said}");
        // Rows that nobody reads again may lie there; else both find it, and nothing is signed.
        match (audited, submitted) {
            (0, 0) => slack += 1,
            (1, 1 | 2) => {
                found += 1;
                assert!(format!("{signed}{told}").contains("damage"), "{said}");
            }
            _ => panic!("{said}"),
        }
    }
    println!("{found} of 12 found, {slack} in places that nothing rests in");
    assert!(found > 0);
}

#[test]
fn a_stale_address_never_makes_another_ledger_answer() {
    let stand = stand!(64);
    let (a, b) = (stand.small("data"), stand.small("other"));
    let (code, out, err) = stand.run(&format!("init --data {b} --host other.example"), &[]);
    assert_eq!(code, 0, "{out}{err}");
    let other = stand.serve(&format!("--data {b}"));
    // A was killed when it had the address that B has now, and has rotted since.
    let stale = || fs::write(stand.seen("data/address"), &other.url).unwrap();
    stale();
    let (code, out, err) = stand.run(&format!("audit --data {a}"), &[]);
    assert!(code == 0 && out.contains(HOST), "{out}{err}");
    assert!(err.contains("read directly"), "{err}");
    for verb in ["trust --out x", "pack --out y", "label", "backup z"] {
        stale();
        let (_, out, err) = stand.run(&format!("{verb} --data {a}"), &[]);
        assert!(
            !out.contains("other.example") && err.contains("read directly"),
            "{verb}: {out}{err}"
        );
    }
    // A runs at another address than its file says: it is held, and B is not asked for it.
    let own = stand.serve(&format!("--data {a}"));
    stale();
    for verb in ["audit", "label"] {
        let (code, out, err) = stand.run(&format!("{verb} --data {a}"), &[]);
        assert!(code == 2 && out.is_empty(), "{verb}: {out}{err}");
        assert!(err.contains("another ledger answers there"), "{verb}: {err}");
    }
    fs::write(stand.seen("data/address"), &own.url).unwrap();
    let (code, out, err) = stand.run(&format!("audit --data {a}"), &[]);
    assert!(code == 0 && out.contains(HOST), "{out}{err}");
    assert!(err.contains(&format!("asking the service at {}", own.url)), "{err}");
    // Another ledger's trust snapshot is no measure of this folder.
    let (code, _, err) =
        stand.run(&format!("trust --out {} --data {b}", stand.small("b.json")), &[]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) =
        stand.run(&format!("audit --data {a} --trust {}", stand.small("b.json")), &[]);
    assert!(code == 2 && out.is_empty() && err.contains("under other keys"), "{out}{err}");
}
