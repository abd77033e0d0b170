//! The whole service dies under load: killed, and without power. What it acknowledged over HTTP is
//! in
//! the log afterwards, where the receipt says. Not the store alone (`powerloss`).

mod groups;
mod openings;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tasdiq::catalog::Catalog;
use tasdiq::ledger::{Founding, Home, KeyName, Ledger, OpenOptions, found, intake};
use tasdiq::log::{Hash, Leaf, Tree, leaf_hash, verify_checkpoint};
use tasdiq::os::now;
use tasdiq::register::{Register, Replayer};
use tasdiq::seal::{Signer, SoftKey, seal};
use tasdiq::statement::*;

use crate::powerloss::{Model, Random, Recorder, Trace, images};
use crate::program;
use crate::world::{HOST, key, new_key, oil, party, slug};

/// Rounds of kills, and the seconds after which no further one is started: a slow machine does
/// fewer. In a gate's time, and in all.
const ROUNDS: [(usize, u64); 2] = [(12, 30), (50, 300)];

/// Images of a disk without power: in a gate's time, and in all.
const POINTS: (usize, usize) = (8, 60);

fn is_long() -> bool {
    std::env::var_os("TASDIQ_LONG").is_some()
}

fn points() -> usize {
    if is_long() { POINTS.1 } else { POINTS.0 }
}

/// Lots in one bulk submission.
const BULK: usize = 20;

/// A receipt as a client keeps it.
#[derive(Clone)]
struct Ack {
    id: String,
    index: u64,
    leaf_hash: String,
    duplicate: bool,
}

/// The binary with a verb on a data folder.
fn tasdiq(data: &Path, verb: &[&str]) -> Command {
    let mut command = Command::new(program::TASDIQ);
    program::quiet(&mut command).args(verb).arg("--data").arg(data);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn serve(data: &Path) -> Command {
    tasdiq(data, &["serve", "--listen", "127.0.0.1:0"])
}

/// A running service; killed when dropped.
struct Service {
    process: Child,
    url: String,
}

impl Service {
    /// Starts it and waits until its address is told anew.
    fn start(mut command: Command, home: &Home) -> Self {
        let told = |home: &Home| {
            let at = home.address().metadata().and_then(|file| file.modified());
            at.ok().zip(std::fs::read_to_string(home.address()).ok())
        };
        let stale = told(home);
        let process = command.spawn().unwrap();
        let mut service = Self { process, url: String::new() };
        let started = Instant::now();
        loop {
            match told(home) {
                fresh if fresh == stale => {}
                Some((_, url)) if !url.is_empty() => {
                    service.url = url;
                    return service;
                }
                _ => {}
            }
            assert_eq!(service.process.try_wait().unwrap(), None, "it does not start");
            assert!(started.elapsed() < Duration::from_secs(60), "it is not ready after 60 s");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    fn stop(&mut self) {
        program::terminate(&self.process);
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The registration of cooperative `coop` and of its key (20), signed by the registrar.
fn enrolment(home: &Home) -> Vec<Signed> {
    let registrar = Home::read_key(&home.key(KeyName::Registrar), &home.passphrase().unwrap());
    let registrar = registrar.unwrap();
    let domain = Domain::parse(HOST).unwrap();
    let change = KeyChange {
        party: slug("coop"),
        verification_method: format!("{}#key-1", domain.did(&slug("coop"))),
        event: KeyEvent::Added(new_key(key(20).public(), KeyPurpose::Assertion)),
    };
    let sign = |unsigned: &dyn Fn(&Draft<'_>) -> Value| {
        Signed::new("authority", unsigned, |did| (format!("{did}#registrar-1"), &registrar))
    };
    vec![sign(&|d| party("coop").draft(d)), sign(&|d| change.draft(d))]
}

/// A signed statement.
#[derive(Clone)]
struct Signed {
    id: String,
    body: Vec<u8>,
}

impl Signed {
    fn new<'k>(
        issuer: &str,
        unsigned: &dyn Fn(&Draft<'_>) -> Value,
        signer: impl FnOnce(&str) -> (String, &'k SoftKey),
    ) -> Self {
        let (domain, issuer) = (Domain::parse(HOST).unwrap(), slug(issuer));
        let draft = Draft {
            domain: &domain,
            id: String::new(),
            issuer: &issuer,
            issuer_name: &party(issuer.as_str()).name,
            valid_from: now(),
            valid_until: None,
        };
        let (method, key) = signer(&domain.did(&issuer));
        let unsigned = unsigned(&draft);
        let id = unsigned["id"].as_str().unwrap().to_owned();
        Self { id, body: seal(&unsigned, &method, now(), key).unwrap() }
    }

    /// The declaration of a lot of `coop`.
    fn lot(number: &str) -> Self {
        let claim = oil(&format!("coop/{number}"), 10_000);
        let key = key(20);
        Self::new("coop", &|d| claim.draft(d), |did| (format!("{did}#key-1"), &key))
    }
}

/// Who declares lots, one or [`BULK`] at a time, or in groups.
struct Client {
    name: &'static str,
    next: u64,
    random: Random,
    /// Sent, and perhaps logged, but never answered: sent again first.
    unanswered: Vec<Signed>,
    /// Whether it sends groups alone.
    in_groups: bool,
    /// The numbers of each group that it sent, first and last.
    groups: Vec<(u64, u64)>,
}

impl Client {
    fn new(name: &'static str, seed: u64) -> Self {
        let (random, unanswered, groups) = (Random(seed), Vec::new(), Vec::new());
        Self { name, next: 0, random, unanswered, in_groups: false, groups }
    }

    /// A client that sends lots in groups, each whole or not at all.
    fn of_groups(name: &'static str, seed: u64) -> Self {
        Self { in_groups: true, ..Self::new(name, seed) }
    }

    /// Declares lots until `over`, or until nobody answers. Each answer is handed to `keep`.
    fn run(&mut self, url: &str, over: &AtomicBool, keep: &dyn Fn(Vec<Ack>)) {
        let agent = agent();
        let query = if self.in_groups { "?atomic=true" } else { "" };
        let url = &format!("{url}/api/v1/statements{query}");
        while !over.load(Ordering::Relaxed) {
            let mut part = std::mem::take(&mut self.unanswered);
            if part.is_empty() {
                part = self.draw();
            }
            match post(&agent, url, &part) {
                Some(acks) => {
                    keep(acks);
                    // Leaves the log short enough to be replayed many times.
                    std::thread::sleep(Duration::from_millis(self.random.below(30)));
                }
                None => {
                    self.unanswered = part;
                    return;
                }
            }
        }
    }

    fn draw(&mut self) -> Vec<Signed> {
        let count = match self.in_groups {
            true => 2 + self.random.below(groups::GROUP - 1),
            false if self.random.below(6) == 0 => BULK as u64,
            false => 1,
        };
        let first = self.next + 1;
        self.next += count;
        if self.in_groups {
            self.groups.push((first, self.next));
        }
        (first..=self.next).map(|number| Signed::lot(&format!("{}{number}", self.name))).collect()
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .proxy(None);
    config.build().into()
}

/// Submits statements to an address; None if the answer did not come whole. Any other answer than
/// a receipt for each is a failure of the test.
fn post(agent: &ureq::Agent, url: &str, part: &[Signed]) -> Option<Vec<Ack>> {
    let bulk = part.len() > 1;
    let kind = if bulk { "application/x-ndjson" } else { "application/json" };
    let bodies: Vec<_> = part.iter().map(|signed| signed.body.as_slice()).collect();
    let request = agent.post(url).header("content-type", kind);
    let mut answer = request.send(&bodies.join(&b'\n')[..]).ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    let status = answer.status().as_u16();
    let receipts: Vec<Value> = if bulk {
        assert_eq!(status, 200, "{text}");
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|mut line| line["receipt"].take()).collect()
    } else {
        assert!([200, 201].contains(&status), "{status}: {text}");
        vec![serde_json::from_str(&text).unwrap()]
    };
    assert_eq!(receipts.len(), part.len());
    let ack = |(receipt, signed): (&Value, &Signed)| {
        assert_eq!(receipt["id"].as_str(), Some(signed.id.as_str()), "{text}");
        let leaf_hash = receipt["leafHash"].as_str().unwrap().to_owned();
        let (id, index) = (signed.id.clone(), receipt["index"].as_u64().unwrap());
        Ack { id, index, leaf_hash, duplicate: receipt["duplicate"] == true }
    };
    Some(receipts.iter().zip(part).map(ack).collect())
}

/// The log replayed trusting nothing, under its own checkpoint, holds every acknowledged statement.
fn holds(ledger: &Ledger, acked: &[Ack]) -> Result<(), String> {
    let view = ledger.view();
    if let Some(reason) = &view.stopped {
        return Err(format!("it does not sign: {reason}"));
    }
    let domain = view.register.domain();
    let catalog = Catalog::builtin().map_err(|error| error.to_string())?;
    let empty = Register::new(domain.clone(), *view.register.root(), catalog);
    let (mut replayer, mut tree) = (Replayer::new(empty), Tree::new());
    for index in 0..view.size {
        let entry = ledger.entry(index).map_err(|error| error.to_string())?;
        tree.append(replayer.take_bytes(&entry).map_err(|fault| fault.to_string())?);
    }
    let checkpoint = verify_checkpoint(&view.checkpoint, ledger.log_key(), &domain.origin());
    let checkpoint = checkpoint.map_err(|error| error.to_string())?;
    if (checkpoint.size, checkpoint.root) != (tree.size(), tree.root()) {
        return Err("the checkpoint is not of the entries".to_owned());
    }
    for ack in acked {
        let lost = || format!("lost: {} at {} of {}", ack.id, ack.index, view.size);
        let entry = ledger.entry(ack.index).map_err(|_| lost())?;
        let leaf = Leaf::parse(&entry).map_err(|error| error.to_string())?;
        let statement = Statement::parse(leaf.statement, domain).map_err(|e| e.to_string())?;
        if leaf_hash(&entry).to_string() != ack.leaf_hash || statement.id != ack.id {
            return Err(lost());
        }
    }
    Ok(())
}

/// A ledger in a data folder, with a cooperative.
fn founded(home: &Home) {
    let domain = Domain::parse(HOST).unwrap();
    let founding = Founding {
        domain,
        authority_name: "Autorité fictive".to_owned(),
        demo: true,
        edition: 0,
        goods: Default::default(),
    };
    let ledger = found(home, &founding, now()).unwrap();
    for signed in enrolment(home) {
        let statement = intake(&signed.body, &ledger.view().register, now()).unwrap();
        ledger.append_blocking(vec![statement]).remove(0).unwrap();
    }
}

#[test]
fn killed_again_and_again_it_keeps_what_it_acknowledged() {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(since.as_secs(), |s| s.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    founded(&home);
    let mut random = Random(seed);
    let mut clients = [Client::new("A", seed + 1), Client::new("B", seed + 2)];
    let (acked, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let (started, mut rounds) = (Instant::now(), 0);
    let (most, seconds) = ROUNDS[usize::from(is_long())];
    while rounds < most && started.elapsed() < Duration::from_secs(seconds) {
        let mut service = Service::start(serve(folder.path()), &home);
        let url = service.url.clone();
        std::thread::scope(|scope| {
            for client in &mut clients {
                let keep = |acks| acked.lock().unwrap().extend(acks);
                let (url, over) = (&url, &over);
                scope.spawn(move || client.run(url, over, &keep));
            }
            std::thread::sleep(Duration::from_millis(50 + random.below(851)));
            service.kill();
        });
        rounds += 1;
    }
    let acked = acked.into_inner().unwrap();
    println!(
        "{rounds} kills, {} acknowledged, {} of them logged before a kill and answered after, {} s",
        acked.len(),
        acked.iter().filter(|ack| ack.duplicate).count(),
        started.elapsed().as_secs()
    );
    assert!(rounds >= 10 && acked.len() > rounds, "too slow a machine to learn anything on");
    let ledger = Ledger::open(&home, &OpenOptions::default()).unwrap();
    assert_eq!(holds(&ledger, &acked), Ok(()));
    // Nothing beside what was acknowledged and what is still unanswered.
    let unanswered: usize = clients.iter().map(|client| client.unanswered.len()).sum();
    let lots = ledger.view().register.lot_count();
    assert!((acked.len()..=acked.len() + unanswered).contains(&lots), "{lots} lots");
}

/// Lots of a ledger whose snapshot takes a while to write.
const MANY_LOTS: u64 = 3_000;

/// Rounds of stops that are cut short: in a gate's time, and in all.
const CUT_SHORT: (u64, u64) = (6, 50);

#[test]
fn killed_while_a_snapshot_is_written_it_starts_with_the_register_of_its_log() {
    let seed = std::env::var("TASDIQ_TEST_SEED").map_or(7, |s| s.parse().unwrap());
    println!("TASDIQ_TEST_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path());
    founded(&home);
    let opened = || crate::support::restart(&home, &OpenOptions::default());
    let append = |numbers: std::ops::Range<u64>| {
        let ledger = opened();
        let view = ledger.view();
        let read = |number| {
            let lot = Signed::lot(&format!("M{number}"));
            intake(&lot.body, &view.register, now()).unwrap()
        };
        let receipts = ledger.append_blocking(numbers.map(read).collect());
        receipts.into_iter().for_each(|receipt| drop(receipt.unwrap()));
    };
    append(0..MANY_LOTS);
    let mut random = Random(seed);
    let rounds = if is_long() { CUT_SHORT.1 } else { CUT_SHORT.0 };
    let (mut cut, mut whole) = (0, 0);
    for round in 0..rounds {
        append(MANY_LOTS + round..MANY_LOTS + round + 1);
        let mut service = Service::start(serve(folder.path()), &home);
        program::terminate(&service.process);
        let snapshots = home.folder().join("snapshots");
        let there = || {
            let files = std::fs::read_dir(&snapshots).into_iter().flatten().flatten();
            files.map(|file| file.path()).collect::<Vec<_>>()
        };
        let before = there();
        // From the moment that a file appears, some part of the time that one takes.
        let started = Instant::now();
        while there() == before && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_micros(100));
        }
        std::thread::sleep(Duration::from_micros(random.below(15_000)));
        service.kill();
        let left = there().iter().any(|path| path.extension().is_some_and(|it| it == "new"));
        if left {
            cut += 1;
        } else {
            whole += 1;
        }
        let none = Hash::new([0; 32]);
        let digest = |ledger: &Ledger| ledger.view().register.snapshot_digest(&none, &none);
        let from_snapshot = digest(&opened());
        std::fs::rename(&snapshots, home.folder().join("aside")).unwrap();
        assert_eq!(digest(&opened()), from_snapshot, "round {round}");
        std::fs::rename(home.folder().join("aside"), &snapshots).unwrap();
    }
    println!("{rounds} stops cut short: {cut} within a snapshot, {whole} after it");
    assert!(cut > 0, "no stop was cut short while a snapshot was written");
}

/// Records a ledger made by `init` and served twice: killed in the middle of a write, then stopped.
fn record(env: &[(&str, &str)], clients: &mut [Client]) -> (Trace, Vec<Ack>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap();
    let recorder = Recorder::new(&data);
    let home = Home::at(&data);
    assert!(recorder.run(&mut tasdiq(&data, &["init", "--host", HOST])).success());
    let prepared = |extra: &[(&str, &str)]| {
        let mut command = serve(&data);
        recorder.prepare(&mut command);
        command.envs(env.iter().chain(extra).copied());
        command
    };
    let acked = Mutex::new(Vec::new());
    let keep = |acks: Vec<Ack>| {
        let mut acked = acked.lock().unwrap();
        acked.extend(acks);
        recorder.ack(acked.len() as u64);
    };
    let over = AtomicBool::new(false);
    for (extra, lasts) in [(&[("TASDIQ_TRACE_KILL", "500")][..], None), (&[], Some(700))] {
        let mut service = Service::start(prepared(extra), &home);
        let url = service.url.clone();
        if acked.lock().unwrap().is_empty() {
            let all = format!("{url}/api/v1/statements");
            keep(post(&agent(), &all, &enrolment(&home)).unwrap());
        }
        std::thread::scope(|scope| {
            for client in &mut *clients {
                let (url, over, keep) = (&url, &over, &keep);
                scope.spawn(move || client.run(url, over, keep));
            }
            if let Some(milliseconds) = lasts {
                std::thread::sleep(Duration::from_millis(milliseconds));
                over.store(true, Ordering::Relaxed);
            }
        });
        if lasts.is_some() {
            service.stop();
        }
    }
    (recorder.trace(), acked.into_inner().unwrap())
}

/// The image of a data folder opens and holds the first `last_acked` of the receipts.
fn check(image: &Path, acked: &[Ack], last_acked: Option<u64>) -> Result<(), String> {
    let home = Home::at(image);
    let acked = &acked[..last_acked.unwrap_or(0) as usize];
    if acked.is_empty() && !home.has_ledger() {
        return Ok(()); // the power went before `init` was done
    }
    let ledger = Ledger::open(&home, &OpenOptions::default());
    holds(&ledger.map_err(|error| format!("does not open: {error}"))?, acked)
}

#[test]
fn without_power_it_keeps_what_it_acknowledged() {
    let (trace, acked) = record(&[], &mut [Client::new("A", 1), Client::new("B", 2)]);
    let points = points();
    for (model, seed) in [(Model::Strict, 1), (Model::Torn, 2)] {
        let mut after_acks = 0;
        let failures = images(&trace, points, model, seed, &mut |image, last_acked| {
            after_acks += usize::from(last_acked.is_some());
            check(image, &acked, last_acked)
        });
        println!(
            "{model:?}: {points} images, {after_acks} after acknowledgements, {} failures; {} events, \
             {} acknowledged",
            failures.len(),
            trace.events.len(),
            acked.len()
        );
        assert_eq!(failures, Vec::<String>::new());
        assert!(after_acks * 2 > points, "{after_acks} of {points} images");
    }
}

#[test]
fn without_power_and_syncs_it_loses_what_it_acknowledged() {
    let mut clients = [Client::new("A", 1), Client::new("B", 2)];
    let (trace, acked) = record(&[("TASDIQ_TEST_NO_SYNC", "1")], &mut clients);
    let points = 12;
    let failures = images(&trace, points, Model::Strict, 1, &mut |image, last_acked| {
        check(image, &acked, last_acked)
    });
    // An image that is behind the synced guard lost entries too, and the ledger noticed.
    let told = |failure: &&String| failure.contains("lost") || failure.contains("an old copy");
    let lost = failures.iter().filter(told).count();
    println!("no sync: {points} images, {lost} lost acknowledged entries");
    assert!(lost > 0, "{failures:?}");
}
