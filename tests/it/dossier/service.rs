//! What the service hands out: dossiers, a proof file for every entry, status lists of any instant
//! with their proofs.

use std::time::{Duration, Instant};

use tasdiq::dossier::dossier_trust;
use tasdiq::log::Leaf;
use tasdiq::statement::{Statement, StatusAction, Timestamp};
use tasdiq::trust::Trust;
use tasdiq::verify::{Evidence, Policy, Report, verify};

use crate::attended::{attended, settle};
use crate::support::{CERTIFIER, TestApp};

/// The dossier of a certificate, once the status lists are up to date.
fn dossier(app: &TestApp, serial: u64) -> Vec<u8> {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = app.get(&format!("/certificates/{serial}.tasdiq"));
        if answer.status == 200 {
            assert_eq!(answer.kind, "application/json");
            return answer.body;
        }
        assert_eq!((answer.status, answer.code()), (503, "status_pending".to_owned()));
        assert!(Instant::now() < patience, "the lists never come");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn judged(app: &TestApp, bytes: &[u8]) -> Report {
    let trust = dossier_trust(bytes, Some(&app.ledger.config().root)).unwrap();
    verify(Evidence::Dossier(bytes), &trust, None, tasdiq::os::now(), Policy::Shop)
}

#[test]
fn served_dossiers_verify_alone_and_by_the_service() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let _witness = attended(&app.ledger);
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    settle(&app.ledger);
    let good = dossier(&app, 0);
    let report = judged(&app, &good);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let withdrawn = app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw);
    assert_eq!(withdrawn.status, 201);
    let report = judged(&app, &dossier(&app, 0));
    assert_eq!(report.exit_code, 4, "{:#?}", report.checks);
    assert_eq!(judged(&app, &good).exit_code, 0, "what was true when it was made");
    // The service knows more than the older dossier says.
    let body = [
        b"--b\r\ncontent-disposition: form-data; name=\"format\"\r\n\r\njson\r\n--b\r\n".as_slice(),
        b"content-disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n",
        &good,
        b"\r\n--b--\r\n",
    ];
    let answer = app.post("/inspect", "multipart/form-data; boundary=b", &body.concat());
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["reports"][0]["exitCode"], 4, "{}", answer.text());
    assert_eq!(app.get("/certificates/9.tasdiq").status, 404);
}

#[test]
fn every_entry_has_a_proof_file() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.change_status(&certifier, CERTIFIER, 0, StatusAction::Suspend);
    app.settle();
    let _witness = attended(&app.ledger);
    let trust = Trust::open(&app.get("/trust").body, Some(&app.ledger.config().root)).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for index in 0..app.ledger.view().size {
        let leaf = app.get(&format!("/api/v1/statements/{index}")).body;
        let file = app.get(&format!("/api/v1/statements/{index}/proof")).text();
        let judge = |file: &str| {
            let evidence = Evidence::Proof { leaf: &leaf, file };
            verify(evidence, &trust, None, tasdiq::os::now(), Policy::Audit)
        };
        let statement = Leaf::parse(&leaf).unwrap().statement;
        let kind = Statement::parse(statement, &app.domain()).unwrap().claim.kind();
        kinds.insert(kind);
        let report = judge(&file);
        // Whether a certificate still stands no proof of its entry can say.
        let expected = if kind == "certificate" { 3 } else { 0 };
        assert_eq!(report.exit_code, expected, "entry {index}: {:#?}", report.checks);
        let other = file.replacen(&format!("index {index}\n"), "index 3\n", 1);
        assert!(index == 3 || judge(&other).exit_code == 1, "entry {index}");
    }
    let expected = [
        "accreditation",
        "certificate",
        "key-change",
        "lot",
        "registration",
        "status-change",
        "status-index",
        "status-list",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn status_lists_of_any_instant() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    let first = app.get("/status/revocation-0").json();
    let at = Timestamp::parse(first["validFrom"].as_str().unwrap()).unwrap();
    // Versions are told apart by whole seconds.
    std::thread::sleep(Duration::from_millis(1_100));
    app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw);
    app.settle();
    let second = app.get("/status/revocation-0").json();
    assert_ne!(first["id"], second["id"]);

    let then = |text: &str| app.get(&format!("/status/revocation-0?timestamp={text}"));
    let local = at.plus_seconds(3_600).to_string();
    let local = local.trim_end_matches('Z');
    for text in [at.to_string(), format!("{local}%2B01:00"), format!("{local}.75%2b01:00")] {
        assert_eq!(then(&text).json()["id"], first["id"], "{text}");
    }
    let now = tasdiq::os::now();
    assert_eq!(then(&now.to_string()).json()["id"], second["id"]);
    assert_eq!(then(&now.plus_seconds(200).to_string()).json()["id"], second["id"]);
    for (text, status, code) in [
        ("2020-01-01T00:00:00Z", 404, "no_version_then"),
        ("9000-01-01T00:00:00Z", 400, "time_future"),
        ("2020-01-01T00:00:00+01:00", 400, "time_form"),
        ("2020-01-01T00:00:00", 400, "time_form"),
        ("yesterday", 400, "time_form"),
    ] {
        let answer = then(text);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{text}");
    }
    assert!(then("2020-01-01T00:00:00+01:00").json()["detail"].to_string().contains("%2B"));

    // The entry and its proof are one step away.
    let proof = app.get(&format!("/status/revocation-0.tlog-proof?timestamp={at}"));
    assert_eq!((proof.status, proof.kind.as_str()), (200, "text/plain; charset=utf-8"));
    let index: u64 = proof.text().lines().nth(1).unwrap()["index ".len()..].parse().unwrap();
    let answer = ureq::get(app.url(&format!("/status/revocation-0?timestamp={at}"))).call();
    let headers = answer.unwrap().headers().clone();
    assert_eq!(headers["x-log-index"], index.to_string());
    assert_eq!(
        headers["link"],
        format!(
            "</api/v1/statements/{index}>; rel=\"via\", </api/v1/statements/{index}/proof>; \
             rel=\"https://c2sp.org/tlog-proof@v1\""
        )
    );
    let leaf = app.get(&format!("/api/v1/statements/{index}")).body;
    let logged: serde_json::Value = serde_json::from_slice(&leaf).unwrap();
    assert_eq!(logged["statement"], first);
}
