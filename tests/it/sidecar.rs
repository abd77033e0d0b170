//! The vc+jwt of certificates: submitted with the statement, verified under its key, kept, served,
//! audited, judged; and everything that is refused.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};
use tasdiq::audit::{Pins, audit};
use tasdiq::client::Client;
use tasdiq::ledger::Home;
use tasdiq::log::{entries_of, push_entry};
use tasdiq::seal::{Jwt, parted, public_key, seal_for_submission, sign_jwt, wrap};
use tasdiq::source::{FolderSource, LogSource, Part, SourceError, StoreSource, UrlSource};
use tasdiq::transfer::{ImportRequest, import};

use crate::cli::Bench;
use crate::support::{Key, TestApp, certificate_request, lot_request, near};

fn signed(key: &Key, unsigned: &Value) -> Vec<u8> {
    seal_for_submission(unsigned, &key.method, tasdiq::os::now(), &key.secret).unwrap()
}

fn public(key: &Key) -> ed25519_dalek::VerifyingKey {
    public_key(&tasdiq::seal::Signer::public(&key.secret)).unwrap()
}

#[test]
fn kept_and_served() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.declare(&cooperative, "L-2");
    let unsigned = app.prepared("certificates", certificate_request("L-1"));
    let both = signed(&certifier, &unsigned);
    let (alone, _) = parted(&both).unwrap();
    let index = app.logged(&both)["index"].as_u64().unwrap();
    app.certify(&certifier, "L-2");

    // The entry is the statement alone; the JWS is whole and verifies with its kid's key.
    assert_eq!(app.get("/certificates/0.json").body, alone);
    let served = app.get("/certificates/0.jwt");
    assert_eq!((served.status, served.kind.as_str()), (200, "application/vc+jwt"));
    let jwt = Jwt::parse(&served.text(), &app.domain()).unwrap();
    jwt.verify(&public(&certifier)).unwrap();
    assert_eq!(jwt.payload, unsigned.to_string().as_bytes());
    for (accept, kind) in [
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("text/html", "text/html; charset=utf-8"),
    ] {
        assert_eq!(app.get_as("/certificates/0", accept).kind, kind);
    }
    for (serial, linked) in [(0, true), (1, false)] {
        let page = app.get_as(&format!("/certificates/{serial}"), "text/html").text();
        assert_eq!(page.contains(&format!("href=\"/certificates/{serial}.jwt\"")), linked);
    }
    let none = app.get("/certificates/1.jwt");
    assert_eq!((none.status, none.code().as_str()), (404, "no_sidecar"));

    // The page has one row an entry.
    let page = app.get("/log/sidecars/0").body;
    let rows = entries_of(&page).unwrap();
    assert_eq!(rows.len() as u64, app.ledger.view().size);
    let filled: Vec<usize> = (0..rows.len()).filter(|at| !rows[*at].is_empty()).collect();
    assert_eq!(filled, [index as usize]);
    assert_eq!(app.get("/log/sidecars/1").code(), "sidecars_beyond_log");

    // The same entry again: with or without, nothing changes.
    for again in [&both[..], alone] {
        assert_eq!(app.submit(again).status, 200);
    }
    let second = app.get("/certificates/1.json").body;
    let mut unsigned: Value = serde_json::from_slice(&second).unwrap();
    unsigned.as_object_mut().unwrap().remove("proof");
    let late = sign_jwt(&unsigned, &certifier.method, &certifier.secret).unwrap();
    assert_eq!(app.submit(&wrap(&second, &late)).status, 200);
    assert_eq!(app.get("/certificates/1.jwt").status, 404, "a duplicate adds nothing");
}

#[test]
fn judged_wherever_a_code_is() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    let both = signed(&certifier, &app.prepared("certificates", certificate_request("L-1")));
    app.logged(&both);
    let served = app.get("/certificates/0.jwt");
    let judged = app.post_json(
        "/api/v1/verify",
        &json!({ "statement": serde_json::from_slice::<Value>(&both).unwrap() }),
    );
    assert_eq!(judged.json()["reports"][0]["exitCode"], 0, "{}", judged.text());
    let whole = served.text();
    let parts: Vec<&str> = whole.split('.').collect();
    let payload = String::from_utf8(BASE64URL.decode(parts[1]).unwrap()).unwrap();
    let payload =
        BASE64URL.encode(payload.replacen("\"validUntil\":\"20", "\"validUntil\":\"21", 1));
    let altered = format!("{}.{payload}.{}", parts[0], parts[2]);
    let cut = whole[..whole.len() - 3].to_owned();
    app.settle();
    let dossier = app.get("/certificates/0.tasdiq");
    assert_eq!(dossier.status, 200, "{}", dossier.text());
    let dossier = dossier.text();
    let answer = app.post_json(
        "/api/v1/verify",
        &json!({ "inputs": [whole.clone(), altered, dossier, "no code", cut] }),
    );
    let reports = answer.json()["reports"].take();
    let codes: Vec<_> = (0..5).map(|at| reports[at]["exitCode"].clone()).collect();
    assert_eq!(codes, [0, 1, 0, 2, 2], "{reports:#}");
    for text in [whole.clone(), format!("{whole}\n{whole}")] {
        let form = format!("policy=shop&format=json&codes={}", text.replace('\n', "%0A"));
        let kind = "application/x-www-form-urlencoded";
        let found = app.post("/inspect", kind, form.as_bytes()).json()["reports"].take();
        for report in found.as_array().unwrap() {
            assert_eq!(
                (&report["subject"], &report["exitCode"]),
                (&reports[0]["subject"], &json!(0))
            );
        }
        assert_eq!(found.as_array().unwrap().len(), text.lines().count());
    }
}

#[test]
fn refused() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let lot = app.prepared("lots", lot_request("L-1"));
    let jwt = sign_jwt(&lot, &cooperative.method, &cooperative.secret).unwrap();
    let answer = app.submit(&wrap(&cooperative.sign(&lot), &jwt));
    assert_eq!((answer.status, answer.code().as_str()), (422, "sidecar_invalid"));
    assert!(answer.text().contains("leave it out"), "{}", answer.text());
    app.declare(&cooperative, "L-1");
    let size = app.ledger.view().size;

    let unsigned = app.prepared("certificates", certificate_request("L-1"));
    let alone = certifier.sign(&unsigned);
    let good = sign_jwt(&unsigned, &certifier.method, &certifier.secret).unwrap();
    let stranger = Key::fresh(certifier.method.clone());
    let other_key = sign_jwt(&unsigned, &certifier.method, &stranger.secret).unwrap();
    let mut changed = unsigned.clone();
    changed["name"] = json!("Another name");
    let other_content = sign_jwt(&changed, &certifier.method, &certifier.secret).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let spaced = text(&alone).replacen(',', ", ", 1);
    let more = text(&wrap(&alone, &good)).replace(",\"jwt\":", ",\"more\":1,\"jwt\":");
    let cases = [
        (wrap(&alone, &other_key), 422, "sidecar_invalid"),
        (wrap(&alone, &other_content), 422, "sidecar_invalid"),
        (wrap(&alone, &good.replace("..", ".e30.")), 422, "sidecar_invalid"),
        (wrap(&alone, ""), 422, "sidecar_invalid"),
        (wrap(spaced.as_bytes(), &good), 422, "not_canonical"),
        (more.into_bytes(), 422, "submission_form"),
        (br#"{"statement":1,"jwt":"a..b"}"#.to_vec(), 422, "shape"),
    ];
    let mut lines = Vec::new();
    for (bytes, status, code) in &cases {
        let answer = app.submit(bytes);
        let found = (answer.status, answer.code());
        assert_eq!(found, (*status, (*code).to_owned()), "{}", text(bytes));
        lines.push(bytes.clone());
    }
    assert_eq!(app.ledger.view().size, size);

    // The same on lines, where the good one of them is taken.
    lines.push(wrap(&alone, &good));
    let answers =
        app.post("/api/v1/statements", "application/x-ndjson", &lines.join(&b'\n')).lines();
    for (answer, (_, status, code)) in answers.iter().zip(&cases) {
        assert_eq!((&answer["status"], &answer["problem"]["code"]), (&json!(status), &json!(code)));
    }
    assert_eq!(answers[cases.len()]["status"], 201);
    assert_eq!(app.get("/certificates/0.jwt").status, 200);
}

#[test]
fn audited_by_folder_and_service() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    for lot in ["L-1", "L-2"] {
        app.declare(&cooperative, lot);
        app.logged(&signed(&certifier, &app.prepared("certificates", certificate_request(lot))));
    }
    app.settle();
    let config = app.ledger.config();
    let pins = Pins {
        domain: app.domain(),
        root: config.root_key().unwrap(),
        log_key: app.ledger.log_key().clone(),
        since: None,
        witnesses: None,
    };
    let run = |source: &dyn LogSource| audit(source, &pins, &mut |_, _| {}).unwrap();
    let url = app.url("");
    let report = run(&UrlSource::new(Client::new(&url).unwrap()));
    assert_eq!((report.fault, report.sidecars), (None, 2));

    let folder = tempfile::tempdir().unwrap();
    let source = near(app.ledger.clone());
    tasdiq::transfer::export::export(&source, folder.path(), &Default::default(), &mut |_, _| {})
        .unwrap();
    let copy = FolderSource::new(folder.path());
    let file = folder.path().join("log/sidecars/0");
    let good = fs::read(&file).unwrap();
    assert_eq!(source.fetch(&Part::Sidecars(0)).unwrap().unwrap(), good);
    assert_eq!((run(&copy).fault, run(&copy).sidecars), (None, 2));

    let rows: Vec<Vec<u8>> = entries_of(&good).unwrap().iter().map(|row| row.to_vec()).collect();
    let filled: Vec<usize> = (0..rows.len()).filter(|at| !rows[*at].is_empty()).collect();
    let write = |rows: &[Vec<u8>]| {
        let mut page = Vec::new();
        rows.iter().for_each(|row| push_entry(&mut page, row).unwrap());
        fs::write(&file, page).unwrap();
    };
    let fault_at = |index: usize| {
        let fault = run(&copy).fault.unwrap();
        assert_eq!(
            (fault.index, fault.code.as_str()),
            (index as u64, "sidecar_invalid"),
            "{fault}"
        );
    };
    for at in &filled {
        let mut spoilt = rows.clone();
        let last = spoilt[*at].len() - 5;
        spoilt[*at][last] = if spoilt[*at][last] == b'A' { b'B' } else { b'A' };
        write(&spoilt);
        fault_at(*at);
    }
    let mut swapped = rows.clone();
    swapped.swap(filled[0], filled[1]);
    write(&swapped);
    fault_at(filled[0]);
    let mut strange = rows.clone();
    strange[0] = rows[filled[0]].clone();
    write(&strange);
    fault_at(0);
    for cut in [&good[..good.len() - 1], &[]] {
        fs::write(&file, cut).unwrap();
        fault_at(0);
    }
    // One that is missing is no fault: sidecars are not in the tree.
    let mut fewer = rows.clone();
    fewer[filled[0]].clear();
    for fewer in [&fewer[..], &rows[..filled[1]]] {
        write(fewer);
        assert_eq!((run(&copy).fault, run(&copy).sidecars), (None, 1));
    }
}

/// A source whose sidecars become others, or first appear, once they were verified.
struct Changing(FolderSource, AtomicU64, bool);

impl LogSource for Changing {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        let Part::Sidecars(_) = part else { return self.0.fetch(part) };
        let first = self.1.fetch_add(1, Ordering::SeqCst) == 0;
        let page = self.0.fetch(part)?.filter(|_| !(first && self.2));
        Ok(page.map(|mut page| {
            if !first && let Some(last) = page.iter_mut().rev().nth(4) {
                *last = if *last == b'A' { b'B' } else { b'A' };
            }
            page
        }))
    }
}

#[test]
fn an_import_takes_the_sidecars_it_verified() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.logged(&signed(&certifier, &app.prepared("certificates", certificate_request("L-1"))));
    let pins = Pins {
        domain: app.domain(),
        root: app.ledger.config().root_key().unwrap(),
        log_key: app.ledger.log_key().clone(),
        since: None,
        witnesses: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let (copy, home) = (folder.path().join("copy"), Home::at(&folder.path().join("new")));
    let live = near(app.ledger.clone());
    tasdiq::transfer::export::export(&live, &copy, &Default::default(), &mut |_, _| {}).unwrap();
    let request = ImportRequest { pins, demo: true };
    for missing_first in [false, true] {
        let changing = Changing(FolderSource::new(&copy), AtomicU64::new(0), missing_first);
        let error = import(&changing, &request, &home, &mut |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("sidecars/0: it changed"), "{error}");
    }
    let file = copy.join("log/sidecars/0");
    let page = fs::read(&file).unwrap();
    fs::write(&file, &page[..page.len() - 1]).unwrap();
    let error = import(&FolderSource::new(&copy), &request, &home, &mut |_, _| {}).unwrap_err();
    assert!(error.is_finding() && error.to_string().contains("sidecar_invalid"), "{error}");
    fs::write(&file, &page).unwrap();
    let good = FolderSource::new(&copy);
    assert_eq!(import(&good, &request, &home, &mut |_, _| {}).unwrap().audit.sidecars, 1);
    let taken = StoreSource::open(&home).unwrap();
    let page = Part::Sidecars(0);
    assert_eq!(taken.fetch(&page).unwrap(), good.fetch(&page).unwrap());
}

#[test]
fn by_the_command() {
    let bench = Bench::founded();
    bench.issue();
    bench.good("keygen --out other.pem");
    let report = bench.json("audit");
    assert_eq!((&report["sidecars"], &report["fault"]), (&json!(20), &Value::Null), "{report}");
    bench.write(
        "lots2.csv",
        "lot;product;quantity;pack_size;region;campaign;packed_on\n\
         M1;argane;800 L;250 mL;MA-09;2020;2020-10-30\n",
    );
    bench.good("issue lots2.csv --what lots --key coop.pem --issuer coop --yes");
    let service = bench.serve();
    let client = Client::new(&service.url).unwrap();
    let row = json!({
        "issuer": "cert", "lot": "coop/M1", "scheme": "bio-maroc", "schemeEdition": "2018",
        "decisionDate": "2020-11-02", "validUntil": "2099-11-01",
    });
    let prepared: Value =
        client.post_json("/api/v1/prepare", &json!({ "certificates": [row] })).unwrap();
    bench.write("draft.json", &prepared["prepared"][0]["unsigned"].to_string());
    bench.good("sign draft.json --key certifier.pem --issuer cert --out signed.json");
    let both: Value = serde_json::from_str(&bench.read("signed.json")).unwrap();
    assert_eq!(both.as_object().unwrap().keys().collect::<Vec<_>>(), ["jwt", "statement"]);
    bench.good("submit signed.json");
    bench.good("verify signed.json");

    // A vc+jwt as a file, judged like the statement: in force, not in force, altered.
    let jwt = |serial: usize| {
        String::from_utf8(client.get(&format!("/certificates/{serial}.jwt")).unwrap()).unwrap()
    };
    bench.write("good.jwt", &jwt(20));
    bench.write("expired.jwt", &format!("{}\n", jwt(19)));
    let whole = jwt(20);
    let (rest, signature) = whole.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    bench.write("altered.jwt", &format!("{rest}.{first}{}", &signature[1..]));
    let id = both["statement"]["id"].clone();
    let verdict = bench.json("verify good.jwt");
    assert_eq!((&verdict["subject"], &verdict["exitCode"]), (&id, &json!(0)), "{verdict}");
    assert_eq!(bench.run("verify expired.jwt").0, 4);
    let (code, out, err) = bench.run("verify altered.jwt");
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("sidecar_invalid"), "{out}");

    // A statement with another's vc+jwt is not good, though the statement is.
    let other = jwt(0);
    let parts: Vec<&str> = other.trim().split('.').collect();
    let mixed =
        wrap(both["statement"].to_string().as_bytes(), &format!("{}..{}", parts[0], parts[2]));
    bench.write("mixed.json", std::str::from_utf8(&mixed).unwrap());
    assert_eq!(bench.run("verify mixed.json").0, 1);
    bench.good("trust --out trust.json");
    bench.good("pack --out daily.pack");
    bench.good("verify --offline --trust trust.json --pack daily.pack good.jwt");
    drop(service);
}
