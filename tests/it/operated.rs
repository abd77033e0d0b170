//! What who runs a service sees of it: lines on refusals without anything that a caller sent, few
//! of them in a flood, and figures whose labels no caller makes. The built binary on loopback, and
//! witnesses that are real. Not here: settings (`settings`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::Value;
use tasdiq::os::now;
use tasdiq::seal::SoftKey;
use tasdiq::statement::{Domain, Draft};

use crate::attended::{TestWitness, keep, settle, until};
use crate::program::{self, Service};
use crate::support::{HOST, Key, TestApp, fictional};

/// What stands in everything that a caller sends, in letters that survive any change of case.
const CANARY: &str = "kanarienvogel";

/// A ledger of its own, served by the binary, which writes its lines into a pipe.
struct Operated {
    service: Service,
    _folder: tempfile::TempDir,
}

impl Operated {
    fn start(more: &str) -> Self {
        let (home, folder) = TestApp::start().into_home();
        program::let_go(home.folder());
        let mut command = program::tasdiq(folder.path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(home.folder());
        command.args(more.split_whitespace()).stderr(Stdio::piped());
        Self { service: Service::of(&mut command), _folder: folder }
    }

    /// Sends bytes as they are; all that comes back.
    fn sent(&self, head: &str, body: &[u8]) -> String {
        let address = self.service.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        let head = format!("{head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A request with the mark in its head wherever a caller may put it.
    fn marked(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> String {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\nUser-Agent: \
             {CANARY}/1\r\nReferer: https://{CANARY}.example/\r\nCookie: id={CANARY}\r\n\
             Authorization: Bearer {CANARY}\r\nX-Real-IP: 203.0.113.77\r\nX-Country: MA\r\n\
             Forwarded: for=203.0.113.77;host={CANARY}\r\nSignature: sig=:{CANARY}:\r\n\
             Accept-Language: {CANARY}"
        );
        self.sent(&head, body)
    }

    /// The samples of `/metrics`, by name and labels.
    fn figures(&self) -> BTreeMap<String, f64> {
        let answer = self.sent(&format!("GET /metrics HTTP/1.1\r\nHost: {HOST}"), b"");
        samples(answer.split_once("\r\n\r\n").unwrap().1)
    }
}

fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| line.starts_with("tasdiq_"));
    let parted = lines.map(|line| line.rsplit_once(' ').unwrap());
    parted.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// A registration whose every word is a mark, signed by nobody's key.
fn marked_statement() -> Vec<u8> {
    let mut claim = fictional(7);
    claim.name = format!("Coopérative {CANARY}");
    claim.registered_id = CANARY.to_owned();
    claim.party = tasdiq::names::PartySlug::parse(CANARY).unwrap();
    let domain = Domain::parse(HOST).unwrap();
    let authority = tasdiq::names::PartySlug::authority();
    let draft = Draft {
        domain: &domain,
        id: domain.url(&format!("statements/{CANARY}")),
        issuer: &authority,
        issuer_name: CANARY,
        valid_from: now(),
        valid_until: None,
    };
    let method = format!("did:web:{HOST}#{CANARY}");
    Key { method, secret: SoftKey::from_secret(&[7; 32]) }.sign(&claim.draft(&draft))
}

#[test]
fn lines_on_refusals_hold_nothing_that_a_caller_sent() {
    let app =
        Operated::start("--log-level trace --address-header X-Real-IP --country-header X-Country");
    let statement = marked_statement();
    let line = [&statement[..], b"\n{\"", CANARY.as_bytes(), b"\"", b"\n"].concat();
    let json = format!("{{\"{CANARY}\":\"{CANARY}\"}}");
    let submit = "/api/v1/statements";
    let upper = CANARY.to_uppercase();
    let answers = [
        ("unknown_key", app.marked("POST", submit, "application/vc", &statement)),
        (
            "not_canonical",
            app.marked("POST", submit, "application/json", json.replace(':', ": ").as_bytes()),
        ),
        ("not_json", app.marked("POST", submit, "application/x-ndjson", &line)),
        (
            "unknown_key",
            app.marked(
                "POST",
                &format!("{submit}?atomic=true"),
                "application/x-ndjson",
                &statement,
            ),
        ),
        ("query_form", app.marked("POST", &format!("{submit}?{CANARY}=1"), "application/vc", b"")),
        ("unsupported_media_type", app.marked("POST", submit, CANARY, b"x")),
        (
            "request_signature",
            app.marked("POST", "/api/v1/prepare", "application/json", json.as_bytes()),
        ),
        ("json_form", app.marked("POST", "/api/v1/verify", "application/json", json.as_bytes())),
        ("request_signature", app.marked("POST", "/api/v1/labels", "application/json", &statement)),
        (
            "request_signature",
            app.marked("POST", "/api/v1/webhooks", "application/json", json.as_bytes()),
        ),
        ("lot_unknown", app.marked("GET", &format!("/api/v1/lots/{CANARY}/{upper}"), "x", b"")),
        ("lot_character", app.marked("GET", &format!("/api/v1/lots/a/{CANARY}"), "x", b"")),
        ("unknown_party", app.marked("GET", &format!("/api/v1/parties/{CANARY}"), "x", b"")),
        ("unknown_path", app.marked("GET", &format!("/api/{CANARY}"), "x", b"")),
        ("request_signature", app.marked("GET", &format!("/api/v1/documents/{CANARY}"), "x", b"")),
        ("malformed_tile_path", app.marked("GET", &format!("/log/tile/{CANARY}"), "x", b"")),
        ("status_list_unknown", app.marked("GET", &format!("/status/{CANARY}"), "x", b"")),
        ("", app.marked("GET", &format!("/01/{CANARY}/10/{upper}/21/{upper}"), "x", b"")),
        ("", app.marked("POST", "/inspect", "application/x-www-form-urlencoded", json.as_bytes())),
        ("method_not_allowed", app.marked(&upper, submit, "x", b"")),
        ("host", app.sent(&format!("GET / HTTP/1.1\r\nHost: a@{CANARY}"), b"")),
    ];
    for (code, answer) in &answers {
        assert!(answer.contains(&format!("\"{code}\"")) || code.is_empty(), "{code}: {answer}");
    }
    let said = app.service.last_words();
    for told in [
        "refused code=unknown_key route=submit status=422 statement=registration",
        "refused code=not_json route=submit status=400\n",
        "refused code=request_signature route=api status=401\n",
        "refused code=host route=door status=400\n",
        "refused code=method_not_allowed route=submit status=405\n",
        "DEBUG web: refused code=status_list_unknown route=status status=404\n",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    let small = said.to_lowercase();
    for mark in [CANARY, "203.0.113", "127.0.0.1", "coopérative", "bearer", "/api/", "/01/"] {
        assert!(!small.contains(mark), "{mark}: {said}");
    }
}

#[test]
fn a_flood_of_refusals_is_few_lines_and_hides_no_other() {
    let app = Operated::start("");
    let bulk = "no JSON\n".repeat(1_000);
    for _ in 0..3 {
        let answer =
            app.marked("POST", "/api/v1/statements", "application/x-ndjson", bulk.as_bytes());
        assert!(answer.contains(" 200 OK"), "{answer}");
    }
    for _ in 0..20 {
        app.marked("GET", "/api/v1/statements/none", "x", b"");
    }
    app.marked("POST", "/api/v1/statements", "application/vc", &marked_statement());
    let figures = app.figures();
    let of = |labels: &str| figures.get(&format!("tasdiq_refusals_total{{{labels}}}")).copied();
    assert_eq!(of("route=\"submit\",code=\"not_json\""), Some(3_000.0), "{figures:?}");
    assert_eq!(of("route=\"api\",code=\"index_form\""), Some(20.0), "{figures:?}");
    assert_eq!(of("route=\"submit\",code=\"unknown_key\""), Some(1.0), "{figures:?}");
    let said = app.service.last_words();
    let lines = |code: &str| said.matches(&format!("refused code={code} ")).count();
    assert_eq!((lines("not_json"), lines("index_form"), lines("unknown_key")), (3, 3, 1), "{said}");
    assert!(said.lines().count() < 20, "{said}");
}

#[test]
fn no_caller_makes_a_label() {
    let app = Operated::start("--log-level off");
    let asked = [
        ("BREW", "/pot"),
        ("GET", "/api/v1/nowhere/at/all"),
        ("GET", "/schemas/nothing.schema.json"),
        ("PROPFIND", "/schemas"),
        ("DELETE", "/log/checkpoint"),
        ("GET", "/app/0/x.js"),
        ("GET", "/events/a/b"),
        ("PATCH", "/register"),
    ];
    for (method, path) in asked {
        for number in 0..5 {
            app.marked(&format!("{method}{number}"), &format!("{path}{number}"), "x", b"");
            app.marked(method, &format!("{path}?{number}={CANARY}"), "x", b"");
        }
    }
    let figures = app.figures();
    let described: Value = serde_json::from_str(tasdiq::web::openapi_json()).unwrap();
    let codes = described["components"]["schemas"]["ProblemCode"]["enum"].as_array().unwrap();
    let mut codes: BTreeSet<&str> = codes.iter().map(|code| code.as_str().unwrap()).collect();
    codes.insert("unnamed");
    let routes = "submit verify api log status keys page code operations door".split(' ').collect();
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in figures.keys() {
        assert!(!name.to_lowercase().contains(CANARY), "{name}");
        let labels = name.split_once('{').map_or("", |(_, labels)| labels.trim_end_matches('}'));
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once("=\"").unwrap();
            values.entry(label).or_default().insert(value.trim_end_matches('"'));
        }
    }
    let known: BTreeSet<&str> = routes;
    assert!(values["route"].is_subset(&known), "{values:?}");
    assert!(values["code"].is_subset(&codes), "{values:?}");
    assert!(values["status"].iter().all(|status| status.len() == 3), "{values:?}");
    let names: BTreeSet<&str> = values.keys().copied().collect();
    let few: BTreeSet<&str> = ["code", "le", "outcome", "route", "status"].into();
    assert!(names.is_subset(&few), "{names:?}");
    assert!(figures.len() < 500, "{} series", figures.len());
    let seconds = "tasdiq_request_seconds_count{route=\"api\"}";
    assert!(figures[seconds] >= 20.0, "{figures:?}");
}

#[test]
fn witnesses_are_told_with_the_age_of_what_they_signed() {
    let (app, cooperative, _) = TestApp::with_parties();
    let none = samples(&app.get("/metrics").text());
    assert_eq!((none["tasdiq_witnesses"], none["tasdiq_witnesses_missing"]), (0.0, 0.0));
    let log = app.ledger.log_key().clone();
    let mut one = TestWitness::start("w1", &log);
    let dead = TestWitness::start("w2", &log).line().replace("http://", "http://127.0.0.1:1/");
    let policy = format!("{}{dead}group g any w1 w2\nquorum g\n", one.line());
    let (_folder, _keeper) = keep(&app.ledger, &policy);
    app.declare(&cooperative, "L-1");
    settle(&app.ledger);
    assert_eq!(app.get("/api/v1/lots/none/NONE").code(), "lot_unknown");
    let age = "tasdiq_witness_cosignature_age_seconds{witness=\"w1\"}";
    let figures = samples(&app.get("/metrics").text());
    assert_eq!((figures["tasdiq_witnesses"], figures["tasdiq_witnesses_missing"]), (2.0, 1.0));
    assert!((0.0..60.0).contains(&figures[age]), "{figures:?}");
    assert!(!figures.contains_key(&age.replace("w1", "w2")), "it never signed");
    // One that goes away is missed, and what it signed last grows old.
    one.stop();
    app.declare(&cooperative, "L-2");
    until("the witness is missed", || {
        samples(&app.get("/metrics").text())["tasdiq_witnesses_missing"] == 2.0
    });
    assert!(samples(&app.get("/metrics").text()).contains_key(age));
    figures_of_the_document(&app);
}

/// Every figure that docs/OPERATING.md names is there, in its table and in its alerts.
fn figures_of_the_document(app: &TestApp) {
    let text = include_str!("../../docs/OPERATING.md");
    let served = app.get("/metrics").text();
    let mut named = BTreeSet::new();
    for (at, _) in text.match_indices("tasdiq_") {
        let word = |c: char| !c.is_ascii_lowercase() && c != '_';
        let name = text[at..].split(word).next().unwrap();
        named.insert(name.strip_suffix("_bucket").unwrap_or(name));
    }
    assert!(named.len() >= 16, "{named:?}");
    for name in named {
        assert!(served.contains(&format!("# TYPE {name}")), "{name} is not served: {served}");
    }
    for line in served.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        assert!(text.contains(name), "docs/OPERATING.md does not name {name}");
    }
}
