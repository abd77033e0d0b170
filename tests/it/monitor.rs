//! A monitor beside honest and dishonest services: what it says, what it keeps, whom it tells.
//! The dishonest ones serve real logs of one founding, edited or exchanged.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use tasdiq::audit::{Pins, audit};
use tasdiq::bench::World;
use tasdiq::client::Client;
use tasdiq::ledger::{Home, keep_status_lists};
use tasdiq::log::{Note, NoteAlgorithm, NoteKey, WitnessPolicy, cosign};
use tasdiq::monitor::{Event, Hooks, Kind, Monitor, MonitorOptions, MonitorState, Round};
use tasdiq::os::now;
use tasdiq::source::FolderSource;
use tasdiq::statement::{StatusAction, Timestamp};
use tasdiq::trust::Trust;

use crate::program;
use crate::small;
use crate::stage::{Answer, Request, Server, Stage, ledger, of_ledger};
use crate::support::{CERTIFIER, GTIN, TestApp};

/// What an outsider pins of a service's log.
fn pins_of(app: &TestApp) -> Pins {
    let trust = Trust::open(&app.get("/trust").body, None).unwrap();
    Pins {
        domain: app.domain(),
        root: trust.root_key().unwrap(),
        log_key: NoteKey::parse(&trust.log_key).unwrap(),
        since: None,
        witnesses: None,
    }
}

fn small_pins() -> Pins {
    let config = small::config();
    let log_key = NoteKey::parse(&config.log_key).unwrap();
    let (domain, root) = (config.domain().unwrap(), config.root_key().unwrap());
    Pins { domain, root, log_key, since: None, witnesses: None }
}

fn options(watches: &[&str], log_only: bool) -> MonitorOptions {
    let watches = watches.iter().map(|watch| watch.parse().unwrap()).collect();
    MonitorOptions { stall: 3_600, slack: 0, watches, witnesses: None, log_only }
}

fn open(url: &str, folder: &Path, pins: &Pins, options: MonitorOptions) -> (Monitor, Vec<Event>) {
    let state = MonitorState::open(folder, pins).unwrap();
    Monitor::open(Client::new(url).unwrap(), pins.clone(), state, options).unwrap()
}

/// A monitor of a stage, in a folder that lives as long as the answer.
fn watching(stage: &Stage, folder: &Path) -> Monitor {
    let (monitor, events) = open(&stage.server.url(), folder, &small_pins(), options(&[], true));
    assert_eq!(events, []);
    monitor
}

fn kinds(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind.name()).collect()
}

/// The one fault of a round.
fn fault(round: &Round) -> Event {
    assert!(round.has_fault(), "{:?}", round.events);
    let mut faults = round.events.iter().filter(|event| event.line(now()).contains(" FAULT "));
    let first = faults.next().unwrap().clone();
    assert_eq!(faults.next(), None);
    first
}

#[test]
fn an_honest_log_is_followed_watched_and_found_again() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let pins = pins_of(&app);
    let folder = tempfile::tempdir().unwrap();
    let watches = [
        format!("certifier={CERTIFIER}"),
        format!("lot={GTIN}/A1"),
        format!("party={CERTIFIER}"),
        format!("key={}", cooperative.method),
    ];
    let watches: Vec<&str> = watches.iter().map(String::as_str).collect();
    let (mut monitor, _) = open(&app.url(""), folder.path(), &pins, options(&watches, false));
    let round = monitor.round(now()).unwrap();
    assert!(!round.has_fault() && round.is_whole(), "{:?}", round.events);
    assert!(kinds(&round.events).contains(&"watch.party"), "{:?}", round.events);

    app.declare(&cooperative, "A1");
    app.certify(&certifier, "A1");
    app.declare(&cooperative, "A2");
    app.settle();
    let round = monitor.round(now()).unwrap();
    let told = kinds(&round.news);
    assert!(!round.has_fault(), "{:?}", round.events);
    let count = |kind| told.iter().filter(|told| **told == kind).count();
    assert_eq!((count("watch.certificate"), count("watch.lot"), count("watch.key")), (1, 2, 2));

    assert_eq!(app.change_status(&certifier, CERTIFIER, 0, StatusAction::Suspend).status, 201);
    app.settle();
    let round = monitor.round(now()).unwrap();
    assert!(!round.has_fault(), "{:?}", round.events);
    assert!(round.news.iter().any(|event| event.text.contains("suspend")), "{:?}", round.news);
    assert_eq!(monitor.round(now()).unwrap().events, [], "nothing new, nothing told");

    let size = monitor.size();
    assert!(MonitorState::open(folder.path(), &pins).is_err(), "one monitor a folder");
    let ledger = tempfile::tempdir().unwrap();
    std::fs::write(ledger.path().join("ledger.json"), "{}").unwrap();
    assert!(
        MonitorState::open(ledger.path(), &pins).is_err_and(|e| e.to_string().contains("a ledger"))
    );
    assert_eq!(std::fs::read_dir(ledger.path()).unwrap().count(), 1, "left as it was");
    drop(monitor);
    let copy = audit(&FolderSource::new(folder.path()), &pins, &mut |_, _| ()).unwrap();
    assert_eq!((copy.fault, copy.size), (None, size), "the copy is a whole log");
    let (mut again, events) = open(&app.url(""), folder.path(), &pins, options(&watches, false));
    assert_eq!((again.size(), events.len()), (size, 0));
    assert_eq!(again.round(now()).unwrap().events, []);
    drop(again);

    std::fs::remove_dir_all(folder.path().join("log/tile")).unwrap();
    let (mut healed, events) = open(&app.url(""), folder.path(), &pins, options(&[], false));
    assert_eq!(kinds(&events), ["monitor.mirror_damaged"]);
    app.declare(&cooperative, "A3");
    let round = monitor_round(&mut healed);
    assert!(!round.has_fault() && healed.size() > size, "{:?}", round.events);
}

fn monitor_round(monitor: &mut Monitor) -> Round {
    monitor.round(now()).unwrap()
}

#[test]
fn a_fork_is_caught_at_every_size_and_both_notes_are_kept() {
    let founding = small::founding();
    let signed_by_log = |folder: &Path, name: &str| {
        let note = std::fs::read_to_string(folder.join(name)).unwrap();
        Note::parse(&note).unwrap().verify(&small_pins().log_key).unwrap();
        note
    };
    // The other branch has as many entries, fewer, more.
    for other in [&[9, 8][..], &[9], &[9, 8, 7]] {
        let first = ledger(&founding, &[1, 2]);
        let stage = Stage::new(first.clone());
        let folder = tempfile::tempdir().unwrap();
        let mut monitor = watching(&stage, folder.path());
        assert!(!monitor_round(&mut monitor).has_fault());
        let size = monitor.size();
        stage.show(ledger(&founding, other));
        let found = fault(&monitor_round(&mut monitor));
        assert_eq!(found.kind, Kind::Fork, "{found:?}");
        let notes: Vec<String> = found
            .evidence
            .iter()
            .filter(|name| name.ends_with(".checkpoint"))
            .map(|name| signed_by_log(folder.path(), name))
            .collect();
        assert!(notes.len() == 2 && notes[0] != notes[1], "{:?}", found.evidence);
        assert_eq!(monitor.size(), size, "what was seen first stays");

        // Back on the branch that was seen first: it is not forgotten.
        stage.show(first);
        let later = fault(&monitor_round(&mut monitor));
        assert_eq!((later.kind, &later.lasting), (Kind::Fork, &found.lasting));
        drop(monitor);
        assert_eq!(fault(&monitor_round(&mut watching(&stage, folder.path()))).kind, Kind::Fork);
    }
}

#[test]
fn rewritten_dropped_and_unsigned_things_are_caught() {
    let founding = small::founding();
    let entries = founding.len() as u64 + 3;
    let (bundle, tile) =
        (format!("/log/tile/entries/000.p/{entries}"), format!("/log/tile/0/000.p/{entries}"));
    let rewritten =
        |good: &[u8]| [&good[..good.len() - 200], b"#", &good[good.len() - 199..]].concat();
    let shortened = |good: &[u8]| good[..good.len() - 2_000].to_vec();
    let other_origin = |good: &[u8]| [b"x", good].concat();
    type Edit<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;
    let cases: [(&str, u16, Edit<'_>, Kind); 6] = [
        (&bundle, 200, &rewritten, Kind::BadEntry),
        (&bundle, 200, &shortened, Kind::BadEntry),
        (&bundle, 404, &|_| Vec::new(), Kind::BadEntry),
        (&tile, 200, &|_| vec![7; 32], Kind::Inconsistent),
        ("/log/checkpoint", 200, &other_origin, Kind::BadCheckpoint),
        ("/log/checkpoint", 404, &|_| Vec::new(), Kind::BadCheckpoint),
    ];
    for (path, status, edit, expected) in cases {
        let shown = ledger(&founding, &[1]);
        let stage = Stage::new(shown.clone());
        let folder = tempfile::tempdir().unwrap();
        let mut monitor = watching(&stage, folder.path());
        monitor_round(&mut monitor);
        let size = monitor.size();
        [2, 3].iter().for_each(|lot| drop(small::take(&shown, &small::lot(*lot)).unwrap()));
        stage.edit(path, (status, edit(&of_ledger(&shown, path).1)));
        let found = fault(&monitor_round(&mut monitor));
        assert_eq!(found.kind, expected, "{path}: {found:?}");
        assert_eq!(monitor.size(), size, "nothing bad is taken over");
        assert!(found.evidence.iter().all(|name| folder.path().join(name).exists()));
        assert_eq!(monitor_round(&mut monitor).news, [], "told once");

        // A service that heals is followed again, and it is said that the fault is over.
        stage.edits.lock().unwrap().clear();
        let round = monitor_round(&mut monitor);
        assert!(!round.has_fault() && monitor.size() == entries, "{:?}", round.events);
        assert!(kinds(&round.news).contains(&"monitor.resolved"), "{:?}", round.news);
    }
}

#[test]
fn an_older_log_and_a_silent_one_are_caught() {
    let founding = small::founding();
    let stage = Stage::new(ledger(&founding, &[1]));
    let folder = tempfile::tempdir().unwrap();
    let mut monitor = watching(&stage, folder.path());
    let old = stage.shown.lock().unwrap().view().checkpoint.to_string();
    monitor_round(&mut monitor);
    let shown = stage.shown.lock().unwrap().clone();
    small::take(&shown, &small::lot(2)).unwrap();
    assert!(!monitor_round(&mut monitor).has_fault());
    stage.edit("/log/checkpoint", (200, old.into_bytes()));
    let found = fault(&monitor_round(&mut monitor));
    assert_eq!(found.kind, Kind::Rollback);
    assert!(folder.path().join(&found.evidence[0]).is_file());

    stage.edits.lock().unwrap().clear();
    let later = now().plus_seconds(3_600 + 60);
    assert_eq!(fault(&monitor.round(later).unwrap()).kind, Kind::Stalled);
    small::take(&shown, &small::lot(3)).unwrap();
    assert!(!monitor_round(&mut monitor).has_fault());

    drop(stage);
    let round = monitor_round(&mut monitor);
    assert_eq!(kinds(&round.events), ["log.unreachable"]);
    assert!(!round.is_whole() && !round.has_fault());
}

#[test]
fn served_documents_that_disagree_with_the_log_are_caught() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "A1");
    app.certify(&certifier, "A1");
    app.settle();
    let app = Arc::new(app);
    let edits: Arc<Mutex<HashMap<String, Answer>>> = Arc::default();
    let (real, edited) = (app.clone(), edits.clone());
    let front = Server::start(move |request| {
        let edit = edited.lock().unwrap().get(&request.path).cloned();
        let real = || real.get(&request.path);
        edit.unwrap_or_else(|| {
            let answer = real();
            (answer.status, answer.body)
        })
    });
    let pins = pins_of(&app);
    let old: Vec<(&str, Vec<u8>)> =
        ["/status/revocation-0", "/status", "/trust", "/log/checkpoint"]
            .map(|path| (path, app.get(path).body))
            .into();
    assert_eq!(app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw).status, 201);
    app.settle();
    std::thread::sleep(std::time::Duration::from_millis(1_100));

    // A checkpoint that waits for witnesses: the lists are served before it, for a while.
    let waiting = ["/log/checkpoint", "/trust"];
    for path in waiting {
        let (_, bytes) = old.iter().find(|(known, _)| *known == path).unwrap();
        edits.lock().unwrap().insert(path.to_owned(), (200, bytes.clone()));
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut early, _) = open(&front.url(), folder.path(), &pins, options(&[], false));
    assert!(!monitor_round(&mut early).has_fault());
    let later = early.round(now().plus_seconds(130)).unwrap();
    let differs: Vec<_> = kinds(&later.events);
    assert_eq!(differs, ["document.differs", "document.differs"], "{:?}", later.events);
    edits.lock().unwrap().clear();

    let folder = tempfile::tempdir().unwrap();
    let (mut monitor, _) = open(&front.url(), folder.path(), &pins, options(&[], false));
    let round = monitor_round(&mut monitor);
    assert!(!round.has_fault(), "{:?}", round.events);
    let mut check = |path: &str, answer: Answer, kind: Kind| {
        edits.lock().unwrap().insert(path.to_owned(), answer);
        let found = fault(&monitor_round(&mut monitor));
        assert_eq!(found.kind, kind, "{path}: {found:?}");
        edits.lock().unwrap().clear();
        assert!(!monitor_round(&mut monitor).has_fault());
    };
    for (path, bytes) in &old[..3] {
        check(path, (200, bytes.clone()), Kind::OldDocument);
        if *path != "/status" {
            check(path, (404, Vec::new()), Kind::MissingDocument);
        }
        let mut changed = app.get(path).body;
        let at = changed.len() / 2;
        changed[at] = b'#';
        check(path, (200, changed), Kind::WrongDocument);
    }
    // The service signs a snapshot in which an accreditation never ends.
    let mut lie: Value = serde_json::from_slice(&app.get("/trust").body).unwrap();
    lie.as_object_mut().unwrap().remove("proof");
    let parties = lie["parties"].as_array_mut().unwrap();
    let party = parties.iter_mut().find(|party| party["party"] == json!(CERTIFIER)).unwrap();
    party["accreditations"][0]["validUntil"] = json!("2999-01-01T00:00:00Z");
    let method = format!("{}#service-1", app.domain().did(&tasdiq::names::PartySlug::authority()));
    let lie =
        tasdiq::seal::seal(&lie, &method, now(), &app.ledger.keys().unwrap().service[0]).unwrap();
    Trust::open(&lie, None).unwrap();
    check("/trust", (200, lie), Kind::WrongDocument);
}

#[test]
fn a_change_that_no_status_list_shows_is_caught() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(&data.path().join("data"));
    let (world, ledger) = World::found(&home).unwrap();
    for bytes in [world.declaration(0).unwrap(), world.certificate(0).unwrap()] {
        small::take(&ledger, &bytes).unwrap();
    }
    let config = home.config().unwrap();
    let pins = Pins {
        domain: config.domain().unwrap(),
        root: config.root_key().unwrap(),
        log_key: NoteKey::parse(&config.log_key).unwrap(),
        since: None,
        witnesses: None,
    };
    let stage = Stage::new(ledger.clone());
    let folder = tempfile::tempdir().unwrap();
    let (mut monitor, _) = open(&stage.server.url(), folder.path(), &pins, options(&[], true));
    assert!(!monitor_round(&mut monitor).has_fault(), "a minute is allowed");
    let late = monitor.round(now().plus_seconds(90)).unwrap();
    assert_eq!(kinds(&late.news), ["status.late", "status.late"], "{:?}", late.events);
    assert!(late.has_fault());
    // Lists that come after their minute are told by the entries' own times.
    keep_status_lists(&ledger, now().plus_seconds(70)).unwrap();
    let round = monitor_round(&mut monitor);
    assert!(!kinds(&round.events).contains(&"status.late"), "logged in time after all");
    assert!(kinds(&round.news).contains(&"monitor.resolved"), "{:?}", round.news);
}

#[test]
fn missing_lying_and_late_witnesses_are_told() {
    let shown = ledger(&small::founding(), &[1]);
    let stage = Stage::new(shown.clone());
    let secret = |number: u8| SigningKey::from_bytes(&[number; 32]);
    let named = |number: u8| {
        let public = secret(number).verifying_key().to_bytes();
        NoteKey::new(&format!("w{number}.example"), NoteAlgorithm::CosignatureV1, public).unwrap()
    };
    let policy: String = (1..=3).map(|n| format!("witness w{n} {}\n", named(n))).collect();
    let policy = format!("{policy}group enough 2 w1 w2 w3\nquorum enough\n");
    let options = MonitorOptions {
        witnesses: Some(WitnessPolicy::parse(&policy).unwrap()),
        ..options(&[], true)
    };
    let folder = tempfile::tempdir().unwrap();
    let (mut monitor, _) = open(&stage.server.url(), folder.path(), &small_pins(), options);
    let cosigned = |by: &[u8], at: Timestamp| {
        let mut note = Note::parse(&shown.view().checkpoint).unwrap();
        for number in by {
            let sign = |bytes: &[u8]| secret(*number).sign(bytes).to_bytes();
            let line = cosign(&note.text.clone(), &named(*number), at, &sign);
            note.signatures.push(line);
        }
        note
    };
    let mut round = |note: Note, later: i64| {
        stage.edit("/log/checkpoint", (200, note.to_string().into_bytes()));
        monitor.round(now().plus_seconds(later)).unwrap()
    };
    let missing = |round: &Round| {
        let events = round.events.iter().filter(|event| event.kind == Kind::MissingWitness);
        events.map(|event| event.text.clone()).collect::<Vec<_>>()
    };
    let nobody = round(cosigned(&[], now()), 0);
    assert!(missing(&nobody)[0].contains("signed by nobody") && nobody.has_fault());
    let one = round(cosigned(&[1], now()), 0);
    assert!(missing(&one)[0].contains("signed by w1; missing: w2, w3"), "{:?}", one.events);
    let two = round(cosigned(&[1, 3], now()), 0);
    assert!(!two.has_fault(), "one dead witness of three: {:?}", two.events);
    assert!(kinds(&two.events).contains(&"witness.late") && two.events.len() == 1);
    let all = round(cosigned(&[1, 2, 3], now()), 0);
    assert_eq!(all.events, []);
    let gone = round(cosigned(&[1], now()), 5);
    assert!(missing(&gone)[0].contains("no quorum"));
    let mut lie = cosigned(&[1, 2, 3], now());
    lie.signatures[2].bytes[20] ^= 1;
    assert!(missing(&round(lie, 0))[0].contains("w2 does not verify"));

    // The log adds nothing for hours, and its witnesses go on signing: it is no stall.
    let hours = 4 * 3_600;
    let alive = round(cosigned(&[1, 2, 3], now().plus_seconds(hours)), hours);
    assert_eq!(alive.events, []);
    let silent = round(cosigned(&[1, 2, 3], now()), hours);
    assert_eq!(kinds(&silent.events), ["log.stalled"]);
}

#[test]
fn webhooks_are_signed_tried_again_and_ended_by_410() {
    let folder = tempfile::tempdir().unwrap();
    let got: Arc<Mutex<Vec<Request>>> = Arc::default();
    let heard = got.clone();
    let receiver = Server::start(move |request| {
        let mut heard = heard.lock().unwrap();
        heard.push(request);
        (*[500, 302, 204, 410].get(heard.len() - 1).unwrap_or(&204), Vec::new())
    });
    let state = MonitorState::open(folder.path(), &small_pins()).unwrap();
    let url = format!("{}/hook", receiver.url());
    let start = now();
    let event = Event::new(Kind::Fork, "two signed trees of 14 entries").at(3);
    let payload = event.payload("ledger.example/log", start);
    let key = {
        let mut hooks = Hooks::open(&state, vec![url.clone()]).unwrap();
        hooks.tell(&payload, start).unwrap();
        assert!(hooks.deliver(start).unwrap()[0].contains("it answered 500"));
        assert_eq!(hooks.deliver(start.plus_seconds(4)).unwrap(), [""; 0], "not yet due");
        hooks.public_key()
    };
    // The next process goes on, with the same key and the same message.
    let mut hooks = Hooks::open(&state, vec![url.clone()]).unwrap();
    assert_eq!((hooks.public_key(), hooks.pending()), (key.clone(), 1));
    assert!(hooks.deliver(start.plus_seconds(6)).unwrap()[0].contains("it answered 302"));
    assert_eq!(hooks.deliver(start.plus_seconds(400)).unwrap(), [""; 0]);
    assert_eq!(hooks.pending(), 0);
    hooks.tell(&payload, start).unwrap();
    assert!(hooks.deliver(start).unwrap()[0].contains("410"));
    hooks.tell(&payload, start).unwrap();
    assert_eq!((hooks.pending(), hooks.gone()), (0, vec![url.as_str()]));

    let requests = got.lock().unwrap().clone();
    assert_eq!(requests.len(), 4, "no redirect was followed");
    let public = BASE64_STANDARD.decode(key.strip_prefix("whpk_").unwrap()).unwrap();
    let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
    for request in &requests {
        let header = |name: &str| request.headers[name].clone();
        let signed = [
            format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes(),
            &request.body,
        ]
        .concat();
        let signature = header("webhook-signature");
        let signature = BASE64_STANDARD.decode(signature.strip_prefix("v1a,").unwrap()).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        public.verify_strict(&signed, &signature).unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!((&body["type"], &body["data"]["index"]), (&json!("log.fork"), &json!(3)));
    }
    let ids: Vec<&String> = requests.iter().map(|r| &r.headers["webhook-id"]).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3]);
}

#[test]
fn the_command_says_it_with_its_exit_code() {
    let (app, ..) = TestApp::with_parties();
    let folder = tempfile::tempdir().unwrap();
    let trust = app.get("/trust").body;
    std::fs::write(folder.path().join("trust.json"), &trust).unwrap();
    let root = Trust::open(&trust, None).unwrap().root;
    let run = |url: &str, more: &[&str]| {
        let mut command = program::tasdiq(folder.path());
        program::ran(command.args(["monitor", "--once", "--url", url]).args(more))
    };
    let url = app.url("");
    let pinned = ["--trust", "trust.json", "--state", "state"];
    let (code, out, err) = run(&url, &[&pinned[..], &["--json"]].concat());
    assert_eq!(code, 0, "{out}{err}");
    let line: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(line["type"], "log.grown");
    assert_eq!(run(&url, &["--root", &root, "--state", "state"]).0, 0);
    assert_eq!(run("http://127.0.0.1:1", &pinned).0, 3);
    assert_eq!(run(&url, &["--root", "z6MkfrQFTo2bZ", "--state", "other"]).0, 2);
    assert_eq!(run(&url, &["--state", "state"]).0, 2, "nothing pinned");
    assert_eq!(run(&url, &[&pinned[..], &["--watch", "lot=A1"]].concat()).0, 2);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (code, out, _) = run(&url, &[&pinned[..], &["--stall", "0"]].concat());
    assert!(code == 1 && out.contains("FAULT log.stalled"), "{out}");
}
