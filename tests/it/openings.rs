//! Documents that statements commit to: compared, kept off the log, read by two, swept where the
//! statement was refused, erased for good, and never anywhere else. Kills: `crash`.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tasdiq::ledger::{Home, erase_document};
use tasdiq::seal::{Opening, submitted, with_opening};
use tasdiq::statement::{Commitment, Role};

use crate::cli::Bench;
use crate::support::{Answer, CERTIFIER, Key, TestApp, certificate_request};

mod goods;

/// What no file and no answer may hold but the ones of those who may read it.
const CANARY: &str = "CANARY-9f3b-peroxide-value-14.7";

pub fn opening(text: &str) -> Opening {
    Opening { salt: *b"sixteen bytes ok", document: text.as_bytes().to_vec().into() }
}

/// A signed certificate of a lot that names these bulletins.
fn certificate(app: &TestApp, key: &Key, lot: &str, bulletins: &[Commitment]) -> Vec<u8> {
    let mut request = certificate_request(lot);
    let report = |commitment: &Commitment| json!({ "commitment": commitment, "laboratory": "Test laboratory", "sampledBy": "laboratory" });
    request["laboratoryReports"] = bulletins.iter().map(report).collect();
    key.sign(&app.prepared("certificates", request))
}

pub fn paired(statement: &[u8], opening: &Opening) -> Vec<u8> {
    with_opening(&submitted(statement).unwrap(), opening)
}

fn path_of(opening: &Opening) -> String {
    format!("/api/v1/documents/{}", opening.commitment())
}

/// Names of the files that are kept.
fn kept(home: &Home) -> Vec<String> {
    let files = fs::read_dir(home.folder().join("documents")).into_iter().flatten();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn unknown(answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (404, "document_unknown".to_owned()));
}

#[test]
fn kept_off_the_log_and_read_by_two() {
    let (mut app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    let opening = opening(CANARY);
    let other = Commitment::of(&[1; 16], b"never shown");
    let alone = certificate(&app, &certifier, "L-1", &[other, opening.commitment()]);
    let answer = app.submit(&paired(&alone, &opening));
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(app.submit(&paired(&alone, &opening)).json()["duplicate"], true);
    let index = answer.json()["index"].as_u64().unwrap();
    let leaf = app.get(&format!("/api/v1/statements/{index}")).json();
    assert_eq!(serde_json::to_vec(&leaf["statement"]).unwrap(), alone);
    assert_eq!(kept(app.home()).len(), 3, "{:?}", kept(app.home()));
    let path = path_of(&opening);
    for _ in 0..2 {
        for key in [&certifier, &app.registrar] {
            let answer = app.get_signed(&path, key);
            assert_eq!(answer.status, 200, "{}", answer.text());
            let shown = answer.json();
            let document = BASE64_STANDARD.decode(shown["document"].as_str().unwrap()).unwrap();
            assert_eq!(document, CANARY.as_bytes());
            assert_eq!(shown["salt"], BASE64_URL_SAFE_NO_PAD.encode(opening.salt));
        }
        // Nobody else, be it the producer of the lot; and nobody learns that there is one.
        unknown(&app.get_signed(&path, &cooperative));
        unknown(&app.get_signed(&format!("/api/v1/documents/{other}"), &certifier));
        assert_eq!(app.get(&path).code(), "request_signature");
        app.restart();
    }
    // One request opens it once, and only as it was signed.
    let terms = certifier.terms();
    let headers = certifier.sign_request_of("GET", &path, b"", &terms);
    assert_eq!(app.get_with(&path, &headers).status, 200);
    assert_eq!(app.get_with(&path, &headers).code(), "request_signature");
    let posted = certifier.sign_request(&path, b"", &certifier.terms());
    assert_eq!(app.get_with(&path, &posted).code(), "request_signature");
    let elsewhere = certifier.sign_request_of("GET", "/api/v1/limits", b"", &certifier.terms());
    assert_eq!(app.get_with(&path, &elsewhere).code(), "request_signature");
    let odd = "/api/v1/documents/uAAAA";
    assert_eq!(app.get_signed(odd, &certifier).code(), "commitment_form");
}

#[test]
fn what_opens_nothing_is_refused_and_not_kept() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let lot = app.declare(&cooperative, "L-1");
    assert!(lot["index"].is_u64());
    let good = opening("bulletin");
    let alone = certificate(&app, &certifier, "L-1", &[good.commitment()]);
    let before = app.ledger.view().size;
    let refused = |body: &[u8], status: u16, code: &str| {
        let answer = app.submit(body);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text());
        assert!(!answer.text().contains("bulletin"), "{}", answer.text());
    };
    refused(&paired(&alone, &opening("another")), 422, "document_mismatch");
    let salted = Opening { salt: [0; 16], document: good.document.clone() };
    refused(&paired(&alone, &salted), 422, "document_mismatch");
    let second = app.prepared("lots", crate::support::lot_request("L-2"));
    refused(&paired(&cooperative.sign(&second), &good), 422, "document_mismatch");
    let text = String::from_utf8(alone.clone()).unwrap();
    let sent = |rest: &str| format!("{{\"statement\":{text},{rest}}}").into_bytes();
    let salt = good.salt_text();
    for (rest, code) in [
        (format!("\"document\":\"?\",\"salt\":\"{salt}\""), "document_form"),
        (format!("\"document\":\"AA==\",\"salt\":\"{salt}AA\""), "document_form"),
        ("\"document\":\"AA==\",\"salt\":\"\"".to_owned(), "document_form"),
        ("\"document\":\"AA==\"".to_owned(), "submission_form"),
        (format!("\"salt\":\"{salt}\""), "submission_form"),
    ] {
        refused(&sent(&rest), 422, code);
    }
    let large = Opening { salt: [0; 16], document: vec![0; 4_000_001].into() };
    refused(&paired(&alone, &large), 413, "document_too_large");
    // A forged statement does not have its document written, good as it may be.
    let mut forged = text.clone().into_bytes();
    let at = forged.len() - 10;
    forged[at] = if forged[at] == b'2' { b'3' } else { b'2' };
    refused(&paired(&forged, &good), 422, "signature_invalid");
    assert_eq!((app.ledger.view().size, kept(app.home())), (before, vec![]));
    // The largest one.
    let most = Opening { salt: [7; 16], document: vec![b'x'; 4_000_000].into() };
    let largest = certificate(&app, &certifier, "L-1", &[most.commitment()]);
    let answer = app.submit(&paired(&largest, &most));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let shown = app.get_signed(&path_of(&most), &certifier).json();
    assert_eq!(shown["document"].as_str().unwrap().len(), 5_333_336);
}

#[test]
fn a_statement_that_is_refused_leaves_no_document() {
    let (mut app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.declare(&cooperative, "L-2");
    let bulletin = opening("bulletin");
    app.logged(&certificate(&app, &certifier, "L-2", &[]));
    let first = certificate(&app, &certifier, "L-1", &[bulletin.commitment()]);
    app.ledger.set_quota(1);
    let answer = app.submit(&paired(&first, &bulletin));
    assert_eq!((answer.status, answer.code()), (429, "quota".to_owned()));
    assert_eq!(kept(app.home()), Vec::<String>::new());
    let lines = [paired(&first, &bulletin), b"{}".to_vec()].join(&b'\n');
    for path in ["/api/v1/statements", "/api/v1/statements?atomic=true"] {
        app.post(path, "application/x-ndjson", &lines);
        assert_eq!(kept(app.home()), Vec::<String>::new(), "{path}");
    }
    app.ledger.set_quota(0);
    // Of a group with a line that is refused nothing is kept, of a good one all.
    let atomic = "/api/v1/statements?atomic=true";
    let refused = app.post(atomic, "application/x-ndjson", &lines);
    assert_eq!((refused.json()["line"].as_u64(), kept(app.home())), (Some(2), vec![]));
    let answer = app.post(atomic, "application/x-ndjson", &paired(&first, &bulletin));
    assert_eq!((answer.status, kept(app.home()).len()), (200, 3), "{}", answer.text());
    // What a process left behind that was killed before it logged anything is swept at a start;
    // what is named in the log is not.
    let folder = app.home().folder().join("documents");
    let stray = "ab".repeat(32);
    let left = [
        format!("{stray}.key"),
        format!("{stray}.sealed"),
        format!("{stray}.{}.for", "cd".repeat(32)),
        format!("{}.sealed.new", "ef".repeat(32)),
    ];
    left.iter().for_each(|name| fs::write(folder.join(name), "left").unwrap());
    app.restart();
    assert_eq!(kept(app.home()).len(), 3, "{:?}", kept(app.home()));
    assert_eq!(app.get_signed(&path_of(&bulletin), &certifier).status, 200);
}

#[test]
fn what_others_send_opens_nothing_to_them() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let rival = app.register("certif-rival", Role::Certifier);
    app.accredit("certif-rival", &["sdoq-ao"]);
    app.declare(&cooperative, "L-1");
    app.declare(&cooperative, "L-2");
    let (bulletin, late) = (opening("bulletin"), opening("shown too late"));
    let first = certificate(&app, &certifier, "L-1", &[bulletin.commitment(), late.commitment()]);
    assert_eq!(app.submit(&paired(&first, &bulletin)).status, 201);
    // What is public opens nothing, and to what is in the log nobody adds a document.
    assert_eq!(app.submit(&paired(&first, &late)).status, 200);
    unknown(&app.get_signed(&path_of(&late), &app.registrar));
    // A rival names the same commitment in a certificate of its own, without the document.
    let mut request = certificate_request("L-2");
    request["issuer"] = "certif-rival".into();
    request["laboratoryReports"] = json!([{ "commitment": bulletin.commitment(),
        "laboratory": "Test laboratory", "sampledBy": "laboratory" }]);
    let claimed = rival.sign(&app.prepared("certificates", request));
    app.logged(&claimed);
    unknown(&app.get_signed(&path_of(&bulletin), &rival));
    assert_eq!(app.submit(&paired(&claimed, &bulletin)).status, 200);
    unknown(&app.get_signed(&path_of(&bulletin), &rival));
    assert_eq!(app.get_signed(&path_of(&bulletin), &certifier).status, 200);
    assert_ne!(CERTIFIER, "certif-rival");
}

#[test]
fn an_erased_document_does_not_come_back() {
    let (mut app, cooperative, certifier) = TestApp::with_parties();
    for lot in ["L-1", "L-2", "L-3"] {
        app.declare(&cooperative, lot);
    }
    let (one, two) = (opening("one"), opening("two"));
    for (lot, bulletin) in [("L-1", &one), ("L-2", &two)] {
        let signed = certificate(&app, &certifier, lot, &[bulletin.commitment()]);
        assert_eq!(app.submit(&paired(&signed, bulletin)).status, 201);
    }
    erase_document(app.home(), &one.commitment()).unwrap();
    for _ in 0..2 {
        for key in [&certifier, &app.registrar] {
            unknown(&app.get_signed(&path_of(&one), key));
            assert_eq!(app.get_signed(&path_of(&two), key).status, 200);
        }
        app.restart();
    }
    let again = certificate(&app, &certifier, "L-3", &[one.commitment()]);
    let answer = app.submit(&paired(&again, &one));
    assert_eq!((answer.status, answer.code()), (409, "document_erased".to_owned()));
    // The statement alone is logged: what is named is not shown.
    assert_eq!(app.submit(&again).status, 201);
    unknown(&app.get_signed(&path_of(&one), &certifier));
}

/// All bytes of a folder's files, with their names.
fn all_files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all_files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// A certificate that names a commitment, signed, in a file.
pub fn draw_up(bench: &Bench, url: &str, lot: &str, commitment: &str, file: &str) {
    let asked = json!({ "certificates": [{ "issuer": "cert", "lot": lot, "scheme": "bio-maroc",
        "schemeEdition": "2018", "decisionDate": "2020-11-02", "validUntil": "2099-11-01",
        "laboratoryReports": [{ "commitment": commitment, "laboratory": "Laboratoire",
            "sampledBy": "laboratory" }] }] });
    let request = ureq::post(format!("{url}/api/v1/prepare"));
    let mut answer =
        request.header("content-type", "application/json").send(asked.to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    assert!(answer["prepared"][0]["unsigned"].is_object(), "{answer}");
    bench.write("draft.json", &answer["prepared"][0]["unsigned"].to_string());
    bench.good(&format!("sign draft.json --key certifier.pem --issuer cert --out {file}"));
}

/// Every page and answer that anybody may ask for, as files beside the others.
fn keep_pages(bench: &Bench, url: &str) {
    for path in [
        "",
        "certificates/0",
        "certificates/0.json",
        "register",
        "audit",
        "metrics",
        "api",
        "api/v1/certificates/0",
        "api/v1/log/health",
        "coop/K1",
        "lot/coop/K1",
        "readyz",
    ] {
        let mut answer = ureq::get(format!("{url}/{path}"))
            .config()
            .http_status_as_error(false)
            .build()
            .call()
            .unwrap();
        let page = answer.body_mut().read_to_vec().unwrap();
        bench.write(&format!("page-{}", path.replace('/', "-")), &String::from_utf8_lossy(&page));
    }
}

#[test]
fn erased_by_command_and_never_anywhere_else() {
    let bench = Bench::founded();
    let lots = "lot;product;quantity;pack_size;region;campaign;packed_on\n\
                K1;argane;800 L;250 mL;MA-09;2020;2020-10-30\n";
    bench.write("lots.csv", lots);
    bench.good("issue lots.csv --what lots --key coop.pem --issuer coop --yes");
    bench.write("bulletin.txt", CANARY);
    let committed = bench.json("documents commit bulletin.txt");
    let (commitment, salt) =
        (committed["commitment"].as_str().unwrap(), committed["salt"].as_str().unwrap());
    let mut command = bench.command();
    command.args(["--log-level", "trace", "serve", "--listen", "127.0.0.1:0"]);
    command.stderr(fs::File::create(bench.path("service.log")).unwrap());
    let service = bench.started(command);
    draw_up(&bench, &service.url, "coop/K1", commitment, "signed.json");
    let submit = format!("submit signed.json --document bulletin.txt --salt {salt}");
    let index = bench.json(&submit)[0]["receipt"]["index"].as_u64().unwrap();
    bench.good("backup kept.tar");
    bench.good("backup bare.tar --without-keys");
    bench.good("audit");
    bench.good("export static");
    bench.good("pack --out daily.pack");
    bench.good("trust --out trust.json");
    bench.good("dossier 0 --out one.tasdiq");
    keep_pages(&bench, &service.url);
    let documents = bench.path("tasdiq-data/documents");
    assert_eq!(fs::read_dir(&documents).unwrap().count(), 3);
    // Erasing is asked about; nobody there and no --yes: nothing is done.
    let (code, _, err) = bench.run(&format!("documents erase {index}"));
    assert!(code == 2 && err.contains("CANNOT BE UNDONE"), "{err}");
    assert_eq!(fs::read_dir(&documents).unwrap().count(), 3);
    for wrong in ["0", "https://nowhere.example/x", "999999"] {
        assert_eq!(bench.run(&format!("documents erase {wrong} --yes")).0, 2, "{wrong}");
    }
    let out = bench.good(&format!("documents erase {index} --yes"));
    assert!(out.contains(commitment) && out.contains("erased"), "{out}");
    assert_eq!(bench.run(&format!("documents erase {commitment} --yes")).0, 2, "it is erased");
    bench.good("audit");
    bench.good("backup later.tar");
    assert!(service.stop());
    bench.good("audit");
    // An erasure does not reach an older backup: ciphertext and key, never the document itself.
    let tar = |name: &str| fs::read(bench.path(name)).unwrap();
    assert!(holds(&tar("kept.tar"), ".sealed") && holds(&tar("kept.tar"), "documents/"));
    assert!(!holds(&tar("bare.tar"), "documents"));
    assert!(!holds(&tar("later.tar"), ".sealed") && holds(&tar("later.tar"), ".erased"));
    bench.good("restore kept.tar --data old");
    assert_eq!(fs::read_dir(bench.path("old/documents")).unwrap().count(), 3);
    let root = bench.path("signed.json").parent().unwrap().to_owned();
    let (mut files, encoded) = (Vec::new(), BASE64_STANDARD.encode(CANARY));
    all_files(&root, &mut files);
    for (name, bytes) in files.iter().filter(|(name, _)| !name.ends_with("bulletin.txt")) {
        for secret in [CANARY, &encoded, salt] {
            assert!(!holds(bytes, secret), "{name} holds {secret}");
        }
    }
    assert!(files.len() > 40, "{}", files.len());
}
