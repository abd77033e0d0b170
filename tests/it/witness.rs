//! Witnesses: quorums with dead, lying and stalling ones, old copies of a ledger that a witness has
//! seen more of, forks kept as evidence, and the command that is a witness itself.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use tasdiq::audit::{Pins, audit};
use tasdiq::client::Client;
use tasdiq::cosign::{Asked, WitnessClient};
use tasdiq::ledger::CosignedFile;
use tasdiq::log::{
    Checkpoint, Note, NoteAlgorithm, NoteKey, Tree, WitnessPolicy, leaf_hash, sign_note,
};
use tasdiq::os::now;
use tasdiq::pack::{Pack, PackFile};
use tasdiq::seal::{Signer, SoftKey};
use tasdiq::source::UrlSource;
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{CheckName, CheckResult, Policy};
use tasdiq::witness::WitnessFolder;

use crate::attended::{TestWitness, attended, keep, settle, until};
use crate::support::TestApp;

/// A witness that answers every request with these bytes, or with nothing for a minute.
fn liar(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = connection.read(&mut [0; 65_536]);
                match answer {
                    Some(answer) => {
                        let _ = connection.write_all(answer.as_bytes());
                    }
                    None => std::thread::sleep(Duration::from_secs(60)),
                }
            });
        }
    });
    url
}

fn key_of(number: u8, name: &str) -> NoteKey {
    let public = SoftKey::from_secret(&[number; 32]).public();
    NoteKey::new(name, NoteAlgorithm::CosignatureV1, public).unwrap()
}

fn two_of(lines: &[String]) -> String {
    let names: Vec<&str> = lines.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    format!("{}group enough 2 {}\nquorum enough\n", lines.concat(), names.join(" "))
}

/// The verdict of the service's own files on a lot's label, and the check of the quorum.
fn customs(app: &TestApp) -> (u8, CheckResult, String) {
    let trust = Trust::open(&app.get("/trust").body, Some(&app.ledger.config().root)).unwrap();
    let bytes = app.get("/api/v1/packs/latest").body;
    let pack: Pack<'_> = PackFile::read(&bytes[..]).unwrap().open(&trust).unwrap();
    let text = app.get("/api/v1/labels").json()["labels"][0]["text"].as_str().unwrap().to_owned();
    let evidence = tasdiq::verify::Evidence::Code(&text);
    let report = tasdiq::verify::verify(evidence, &trust, Some(&pack), now(), Policy::Customs);
    let check = report.checks.iter().find(|check| check.check == CheckName::WitnessQuorum).unwrap();
    (report.exit_code, check.result, check.evidence.clone())
}

#[test]
fn two_of_three_with_one_dead_and_then_one_of_three() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let log = app.ledger.log_key().clone();
    let (one, mut two) = (TestWitness::start("w1", &log), TestWitness::start("w2", &log));
    let dead = format!("witness w3 {} http://127.0.0.1:1\n", key_of(9, "w3.example"));
    let (_folder, _keeper) = keep(&app.ledger, &two_of(&[one.line(), two.line(), dead]));
    settle(&app.ledger);
    until("a pack under a quorum", || customs(&app).0 == 0);
    let note = Note::parse(&app.checkpoint()).unwrap();
    assert_eq!(note.signatures.len(), 3, "the log and two witnesses: {note}");
    let told = app.get("/api/v1/witnesses").json();
    assert_eq!(told["quorum"]["met"], true);
    assert_eq!(told["quorum"]["missing"], json!(["w3"]));
    assert!(told["witnesses"][2]["error"].is_string(), "{told}");
    let page = app.get("/log/cosigned/0").body;
    assert_eq!(tasdiq::log::entries_of(&page).unwrap().len(), 1);
    assert_eq!(app.get("/log/cosigned/1").status, 404);

    // The second dies: what it signed stands for a minute, new entries lack their quorum.
    two.stop();
    app.declare(&cooperative, "L-2");
    until("the first signs on", || {
        let told = app.get("/api/v1/witnesses").json();
        told["witnesses"][0]["size"] == app.ledger.view().size
    });
    let (witnessed, live) = (app.ledger.witnessed_view().size, app.ledger.view().size);
    assert!(witnessed < live, "{witnessed} {live}");
    let newest = app.ledger.view().checkpoint.clone();
    assert_eq!(Note::parse(&newest).unwrap().signatures.len(), 2, "{newest}");
    assert_eq!(customs(&app).0, 0, "the state the quorum saw");
}

#[test]
fn a_pack_holds_what_was_logged_before_it_was_asked_for() {
    let (app, cooperative, _) = TestApp::with_parties();
    let log = app.ledger.log_key().clone();
    let (one, two) = (TestWitness::start("w1", &log), TestWitness::start("w2", &log));
    let (_folder, _keeper) = keep(&app.ledger, &two_of(&[one.line(), two.line()]));
    settle(&app.ledger);
    let trust = Trust::open(&app.get("/trust").body, Some(&app.ledger.config().root)).unwrap();
    let mut whole = 0;
    for number in 0..10 {
        app.declare(&cooperative, &format!("L-{number}"));
        let bytes = app.get("/api/v1/packs/latest").body;
        let pack: Pack<'_> = PackFile::read(&bytes[..]).unwrap().open(&trust).unwrap();
        whole += u32::from(pack.covers() == app.ledger.view().size);
    }
    // Answers wait for witnesses two seconds at most: a machine with other work may miss some.
    assert!(whole > 5, "{whole} of 10");
}

#[test]
fn a_missing_quorum_fails_customs() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let one = TestWitness::start("w1", app.ledger.log_key());
    let dead = |name: &str, number| {
        format!("witness {name} {} http://127.0.0.1:1\n", key_of(number, "dead.example"))
    };
    let lines = [one.line(), dead("w2", 8), dead("w3", 9)];
    let (_folder, _keeper) = keep(&app.ledger, &two_of(&lines));
    until("the first signs", || app.checkpoint().matches('\u{2014}').count() == 2);
    // The trust snapshot made before the witness signed serves for ten seconds.
    until("a pack with one cosignature", || customs(&app).2.contains("signed by w1"));
    let (code, result, evidence) = customs(&app);
    assert_eq!((code, result), (3, CheckResult::Absent), "{evidence}");
    assert!(evidence.contains("missing: w2, w3"), "{evidence}");
    assert_eq!(app.get("/api/v1/witnesses").json()["quorum"]["met"], false);
}

#[test]
fn liars_and_stallers_hold_nobody_up() {
    let app = TestApp::start();
    let log = app.ledger.log_key().clone();
    let honest = TestWitness::start("w1", &log);
    let good = "HTTP/1.1 200 OK\r\ncontent-length: ";
    let answers: [(&str, Option<&'static str>); 7] = [
        ("stalls", None),
        ("nonsense", Some("HTTP/1.1 409 Conflict\r\ncontent-length: 5\r\n\r\nlarge")),
        ("leading-zero", Some("HTTP/1.1 409 Conflict\r\ncontent-length: 2\r\n\r\n07")),
        ("not-http", Some("hello")),
        (
            "elsewhere",
            Some(
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            ),
        ),
        ("endless", Some("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n\u{2014} x")),
        ("empty", Some("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")),
    ];
    let mut policy = honest.line();
    for (number, (name, answer)) in (20..).zip(answers) {
        let key = key_of(number, &format!("{name}.example"));
        policy += &format!("witness {name} {key} {}\n", liar(answer));
    }
    // A signature line of the right key over something else.
    let forger = key_of(40, "forger.example");
    let line = tasdiq::log::cosign("other\n1\nx\n", &forger, now(), &|bytes| {
        SoftKey::from_secret(&[40; 32]).sign_bytes(bytes)
    });
    let body = format!("{line}\n");
    let answer = format!("{good}{}\r\n\r\n{body}", body.len());
    policy += &format!("witness forger {forger} {}\n", liar(Some(answer.leak())));
    let (_folder, _keeper) = keep(&app.ledger, &format!("{policy}quorum w1\n"));
    settle(&app.ledger);
    until("all were asked", || {
        let standing = app.ledger.witness_standing();
        standing.iter().all(|w| w.name == "w1" || w.error.is_some())
    });
    let note = Note::parse(&app.checkpoint()).unwrap();
    assert_eq!(note.signatures.len(), 2, "only the honest one's line is merged: {note}");
    assert!(app.ledger.view().stopped.is_none());
    let standing = app.ledger.witness_standing();
    let error =
        |name: &str| standing.iter().find(|w| w.name == name).unwrap().error.clone().unwrap();
    assert!(error("forger").contains("no cosignature"), "{}", error("forger"));
    assert!(error("nonsense").contains("no size that makes sense"), "{}", error("nonsense"));
    assert!(error("elsewhere").contains("302"), "{}", error("elsewhere"));
}

#[test]
fn a_witness_that_was_shown_the_newest_state_by_others_is_no_sign_of_an_old_copy() {
    let (app, cooperative, _) = TestApp::with_parties();
    let witness = TestWitness::start("w1", app.ledger.log_key());
    let policy = WitnessPolicy::parse(&format!("{}quorum w1\n", witness.line())).unwrap();
    let client = || WitnessClient::new(policy.witnesses().next().unwrap().clone()).unwrap();
    let before = app.ledger.view();
    app.declare(&cooperative, "L-1");
    let after = app.ledger.view();
    assert!(matches!(client().ask(&app.ledger, &after), Asked::Signed(..)));
    // The keeper is still busy with the state before.
    let asked = client().ask(&app.ledger, &before);
    let Asked::Failed { reason } = &asked else { panic!("{asked:?}") };
    assert!(reason.contains(&format!("{} entries already", after.size)), "{reason}");
}

#[test]
fn a_bare_claim_to_have_seen_more_counts_for_nothing_against_a_quorum() {
    let (app, cooperative, _) = TestApp::with_parties();
    let log = app.ledger.log_key().clone();
    let (one, mut two) = (TestWitness::start("w1", &log), TestWitness::start("w2", &log));
    // It answers so to everything: at its monitoring address it has nothing to show.
    let claim = "HTTP/1.1 409 Conflict\r\ncontent-length: 7\r\n\r\n1000000";
    let boaster =
        format!("witness boaster {} {}\n", key_of(50, "boaster.example"), liar(Some(claim)));
    let policy = two_of(&[boaster, one.line(), two.line()]);
    let (_folder, keeper) = keep(&app.ledger, &policy);
    let claimed = |app: &TestApp| {
        let standing = app.ledger.witness_standing();
        let error = standing.into_iter().find(|w| w.name == "boaster").and_then(|w| w.error);
        error.is_some_and(|error| error.contains("1000000 entries, and shows none"))
    };
    until("the claim is heard", || claimed(&app));
    settle(&app.ledger);
    app.declare(&cooperative, "L-1");
    settle(&app.ledger);
    assert_eq!(app.ledger.view().stopped, None);

    // Neither does it where the quorum hangs on the boaster: the quorum is missing, and shown so.
    two.stop();
    app.declare(&cooperative, "L-2");
    let signed = |name: &str| {
        let standing = app.ledger.witness_standing();
        standing.into_iter().find(|w| w.name == name).and_then(|w| w.size)
    };
    until("the first signs on", || signed("w1") == Some(app.ledger.view().size));
    until("the claim is heard again", || claimed(&app));
    assert_eq!(app.ledger.view().stopped, None);
    assert_eq!(app.ledger.view().checkpoint.matches('\u{2014}').count(), 2, "log and w1 alone");
    app.declare(&cooperative, "L-3");
    drop(keeper);
}

/// What passes everything on to a witness, a while later.
fn slow(url: &str, delay: Duration) -> String {
    let to = url.strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let to = to.clone();
            std::thread::spawn(move || {
                std::thread::sleep(delay);
                let Ok(server) = std::net::TcpStream::connect(to) else { return };
                let (mut from, mut there) =
                    (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut there));
                let (mut back, mut out) = (server, client);
                let _ = std::io::copy(&mut back, &mut out);
            });
        }
    });
    own
}

#[test]
fn a_liar_stops_nobody_while_honest_witnesses_are_slow() {
    let (app, cooperative, _) = TestApp::with_parties();
    let log = app.ledger.log_key().clone();
    let honest = [TestWitness::start("w1", &log), TestWitness::start("w2", &log)];
    let claim = "HTTP/1.1 409 Conflict\r\ncontent-length: 6\r\n\r\n999999";
    let mut lines =
        vec![format!("witness liar {} {}\n", key_of(51, "liar.example"), liar(Some(claim)))];
    for witness in &honest {
        let url = slow(&witness.url, Duration::from_millis(3_500));
        lines.push(format!("witness {} {} {url}\n", witness.name, witness.key));
    }
    let (_folder, _keeper) = keep(&app.ledger, &two_of(&lines));
    settle(&app.ledger);
    // Again with a size that the slow ones have to be told: two exchanges each.
    app.declare(&cooperative, "L-1");
    settle(&app.ledger);
    assert_eq!(app.ledger.view().stopped, None);
    let told = app.get("/api/v1/witnesses").json();
    assert_eq!(
        (&told["quorum"]["met"], &told["quorum"]["missing"]),
        (&json!(true), &json!(["liar"]))
    );
}

#[test]
fn an_old_copy_signs_nothing_more() {
    let (app, cooperative, _) = TestApp::with_parties();
    let kept = attended(&app.ledger);
    app.declare(&cooperative, "L-1");
    settle(&app.ledger);
    let size = app.ledger.view().size;
    // The same log as it was two entries ago, with the same keys: a backup that was started.
    let leaves: Vec<Vec<u8>> = (0..size - 2).map(|at| app.ledger.entry(at).unwrap()).collect();
    let (older, _folder) = crate::support::restarted(&app, &leaves);
    let (evidence, _keeper) = keep(&older, &format!("{}quorum w1\n", kept.witness.line()));
    until("the witness is heard", || older.view().stopped.is_some());
    let reason = older.view().stopped.clone().unwrap();
    assert!(reason.to_string().contains(&format!("has signed {size} entries")), "{reason}");
    // What it showed is kept: the log's own signature under more entries than are here.
    let evidence = std::fs::read_dir(evidence.path().join("evidence")).unwrap();
    let files: Vec<_> = evidence.map(|file| file.unwrap().path()).collect();
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
    let shown = tasdiq::log::verify_checkpoint(
        kept["shown"].as_str().unwrap(),
        older.log_key(),
        older.log_key().name(),
    );
    assert_eq!((files.len(), shown.unwrap().size), (1, size));
}

#[test]
fn what_witnesses_saw_bounds_when_an_entry_was_logged() {
    let (app, cooperative, _) = TestApp::with_parties();
    let secret = SoftKey::from_secret(&[60; 32]);
    let policy = format!("witness w1 {}\nquorum w1\n", key_of(60, "w1.example"));
    let policy = WitnessPolicy::parse(&policy).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let history = CosignedFile::open(&folder.path().join("cosigned")).unwrap();
    app.ledger.set_witnesses(policy.clone(), history);
    let pins = Pins {
        domain: app.domain(),
        root: app.ledger.config().root_key().unwrap(),
        log_key: app.ledger.log_key().clone(),
        since: None,
        witnesses: Some(policy),
    };
    let audited = || {
        let source = UrlSource::new(Client::new(&app.url("")).unwrap());
        audit(&source, &pins, &mut |_, _| {}).unwrap()
    };
    // The witness signs the log as it is, a day from now by its clock.
    let key = key_of(60, "w1.example");
    let day_on = now().plus_seconds(86_400);
    let cosign = |at| {
        let view = app.ledger.view();
        let text = Note::parse(&view.checkpoint).unwrap().text;
        let line = tasdiq::log::cosign(&text, &key, at, &|bytes| secret.sign_bytes(bytes));
        assert!(app.ledger.cosigned(&view, &[line]).met);
        view.size
    };
    let size = cosign(day_on);
    let report = audited();
    assert_eq!((report.fault, report.witnesses.unwrap().checkpoints), (None, 1));

    // The log says that the next entry is of today: it was not there when the witness looked.
    app.declare(&cooperative, "L-1");
    cosign(day_on.plus_seconds(60));
    let fault = audited().fault.unwrap();
    assert_eq!((fault.index, fault.code.as_str()), (size, "log_time_out_of_bounds"));
}

#[test]
fn a_fork_is_kept_as_evidence() {
    let secret = SoftKey::from_secret(&[77; 32]);
    let log = NoteKey::new("fork.example/log", NoteAlgorithm::Ed25519, secret.public()).unwrap();
    let note = |salt: u8, size: u8| {
        let mut tree = Tree::new();
        (0..size).for_each(|i| tree.append(leaf_hash(&[i, if i < 2 { 0 } else { salt }])));
        let origin = log.name().to_owned();
        let text = Checkpoint { origin, size: tree.size(), root: tree.root() }.to_text();
        sign_note(&text, &log, &|bytes| secret.sign_bytes(bytes))
    };
    let mut witness = TestWitness::start("w1", &log);
    let post = |url: &str, body: &str| {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let mut answer =
            config.new_agent().post(format!("{url}/add-checkpoint")).send(body).unwrap();
        let kind = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
        (answer.status().as_u16(), kind, answer.body_mut().read_to_string().unwrap())
    };
    let (status, _, line) = post(&witness.url, &format!("old 0\n\n{}", note(1, 5)));
    assert_eq!(status, 200);
    let signed = Note::parse(&format!("{}{line}", note(1, 5))).unwrap();
    assert!(signed.cosigned_at(&witness.key).is_ok() && signed.verify(&log).is_ok());
    let (status, kind, body) = post(&witness.url, &format!("old 3\n\n{}", note(1, 9)));
    assert_eq!((status, kind.as_str(), body.as_str()), (409, "text/x.tlog.size", "5\n"));
    // Another history of the same size: refused, and both notes kept, also after a restart.
    assert_eq!(post(&witness.url, &format!("old 5\n\n{}", note(2, 5))).0, 422);
    assert_eq!(post(&witness.url, &format!("old 0\n\n{}", note(3, 5))).0, 409);
    let hash = tasdiq::log::Hash::sha256(log.name().as_bytes()).hex();
    witness.stop();
    let again = TestWitness::again("w1", witness.folder.clone());
    let config = ureq::Agent::config_builder().build().new_agent();
    let url = format!("{}/{hash}/checkpoint", again.url);
    let newest = config.get(&url).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!(Note::parse(&newest).unwrap().text, Note::parse(&note(1, 5)).unwrap().text);
    let evidence = WitnessFolder::open(&witness.folder).unwrap().evidence().unwrap();
    assert_eq!(evidence.len(), 2, "{evidence:?}");
    for (item, shown) in evidence.iter().zip([2, 3]) {
        assert!(item.reason.contains("forked"), "{}", item.reason);
        assert_eq!(item.seen, newest);
        assert!([note(2, 5), note(3, 5)].contains(&item.shown), "{shown}");
    }
    assert!(evidence.iter().all(|item| item.proven));
    assert_eq!(post(&again.url, "old 5\n\nnothing").0, 400);
    let other = note(1, 6).replace("fork.example", "other.example");
    assert_eq!(post(&again.url, &format!("old 0\n\n{other}")).0, 404);
}

#[test]
fn nobody_can_accuse_a_log_with_its_own_checkpoints() {
    let secret = SoftKey::from_secret(&[78; 32]);
    let log = NoteKey::new("calm.example/log", NoteAlgorithm::Ed25519, secret.public()).unwrap();
    let mut tree = Tree::new();
    let mut grown = |size: u64| {
        (tree.size()..size).for_each(|i| tree.append(leaf_hash(&i.to_be_bytes())));
        let origin = log.name().to_owned();
        let text = Checkpoint { origin, size, root: tree.root() }.to_text();
        sign_note(&text, &log, &|bytes| secret.sign_bytes(bytes))
    };
    let folder = tempfile::tempdir().unwrap();
    let witness = WitnessFolder::make(folder.path(), "w.example/w").unwrap();
    witness.add_log(&log.to_string()).unwrap();
    let five = grown(5);
    let refused = |body: &str| witness.add_checkpoint(body, now()).unwrap().unwrap_err().status();
    assert!(witness.add_checkpoint(&format!("old 0\n\n{five}"), now()).unwrap().is_ok());
    // A proof where none belongs says nothing about the log.
    let hash = tasdiq::log::empty_root();
    assert_eq!(refused(&format!("old 5\n{hash}\n\n{five}")), 422);
    assert_eq!(witness.evidence().unwrap(), []);
    // A wrong proof is a reason to look, once for a checkpoint whatever lines are added to it.
    let six = grown(6);
    for salt in 0..4 {
        let junk = tasdiq::log::NoteSignature {
            name: log.name().to_owned(),
            key_id: [salt; 4],
            bytes: vec![salt; 64],
        };
        assert_eq!(refused(&format!("old 5\n{hash}\n\n{six}{junk}\n")), 422);
    }
    let evidence = witness.evidence().unwrap();
    assert_eq!((evidence.len(), evidence[0].proven), (1, false), "{evidence:?}");
    assert_eq!(evidence[0].shown, six, "without the lines that were added");
    for size in 7..40 {
        let note = grown(size);
        assert_eq!(refused(&format!("old 5\n{hash}\n\n{note}")), 422);
    }
    assert_eq!(witness.evidence().unwrap().len(), tasdiq::limits::SUSPICIONS_MAX);
    // What is proven still has room, and the honest log still gets its signature.
    let mut other = Tree::new();
    (0..5).for_each(|_| other.append(leaf_hash(b"other")));
    let text = Checkpoint { origin: log.name().into(), size: 5, root: other.root() }.to_text();
    let fork = sign_note(&text, &log, &|bytes| secret.sign_bytes(bytes));
    assert_eq!(refused(&format!("old 5\n\n{fork}")), 422);
    assert_eq!(witness.evidence().unwrap().iter().filter(|item| item.proven).count(), 1);
    let proof = tree.consistency(5, tree.size()).unwrap();
    let note = {
        let origin = log.name().to_owned();
        let text = Checkpoint { origin, size: tree.size(), root: tree.root() }.to_text();
        sign_note(&text, &log, &|bytes| secret.sign_bytes(bytes))
    };
    let request = tasdiq::log::AddCheckpoint { old: 5, proof, note };
    assert!(witness.add_checkpoint(&request.to_string(), now()).unwrap().is_ok());
}

#[test]
fn two_processes_on_one_folder_sign_one_history() {
    let secret = SoftKey::from_secret(&[79; 32]);
    let log = NoteKey::new("race.example/log", NoteAlgorithm::Ed25519, secret.public()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    WitnessFolder::make(folder.path(), "w.example/w").unwrap().add_log(&log.to_string()).unwrap();
    let (folder, log, secret) = (folder.path(), &log, &secret);
    let signed: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8_u8)
            .map(|salt| {
                scope.spawn(move || {
                    // Each opens the folder for itself, as a process would.
                    let witness = WitnessFolder::open(folder).unwrap();
                    let root = leaf_hash(&[salt]);
                    let text = Checkpoint { origin: log.name().into(), size: 1, root }.to_text();
                    let note = sign_note(&text, log, &|bytes| secret.sign_bytes(bytes));
                    let answer = witness.add_checkpoint(&format!("old 0\n\n{note}"), now());
                    usize::from(answer.unwrap().is_ok())
                })
            })
            .collect();
        all.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(signed, 1);
}

#[test]
fn a_quorum_of_long_ago_stands_until_entries_have_waited() {
    let (app, cooperative, _) = TestApp::with_parties();
    let key = key_of(41, "slow.example");
    let folder = tempfile::tempdir().unwrap();
    let history = tasdiq::ledger::CosignedFile::open(folder.path()).unwrap();
    let policy = format!("witness slow {key}\nquorum slow\n");
    app.ledger.set_witnesses(policy.parse().unwrap(), history);
    let view = app.ledger.view();
    let text = Note::parse(&view.checkpoint).unwrap().text;
    let line = tasdiq::log::cosign(&text, &key, now().plus_seconds(-3_600), &|bytes| {
        SoftKey::from_secret(&[41; 32]).sign_bytes(bytes)
    });
    assert!(app.ledger.cosigned(&view, &[line]).met);
    app.declare(&cooperative, "L-1");
    assert!(app.ledger.view().size > view.size);
    assert_eq!(app.ledger.witnessed_view().size, view.size, "the new entry is seconds old");
    assert_eq!(app.get("/api/v1/witnesses").json()["quorum"]["met"], true);

    // A reason to stop stands, whatever the writer does.
    let late = cooperative.sign(&app.prepared("lots", crate::support::lot_request("L-2")));
    app.ledger.stop_signing("first reason");
    app.ledger.stop_signing("second reason");
    let size = app.ledger.view().size;
    assert_eq!(app.submit(&late).code(), "writes_stopped");
    assert_eq!(app.ledger.view().stopped.as_ref().unwrap().to_string(), "first reason");
    assert_eq!(app.ledger.view().size, size);
}

#[test]
fn a_witness_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("witness");
    assert!(WitnessFolder::make(&path, "a name").is_err());
    assert!(!path.exists(), "a bad name leaves nothing behind");
    let key = WitnessFolder::make(&path, "w.example").unwrap().key().clone();
    assert!(WitnessFolder::make(&path, "w.example").is_err());
    // Stopped between its key and its identity: the same key is taken up.
    std::fs::remove_file(path.join("witness.json")).unwrap();
    assert_eq!(*WitnessFolder::make(&path, "w.example").unwrap().key(), key);
    assert!(WitnessFolder::open(&path).unwrap().add_log("nonsense").is_err());
}
