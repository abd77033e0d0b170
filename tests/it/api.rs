//! The HTTP service: a certificate's whole way, and every bad input refused with its own code while
//! the log stands still. Not here: pages for people.

use serde_json::json;
use tasdiq::log::ProofFile;
use tasdiq::pack::Pack;
use tasdiq::statement::StatusAction;
use tasdiq::trust::Trust;

use crate::support::{
    CERTIFIER, COOPERATIVE, GTIN, HOST, TestApp, certificate_request, lot_request,
};

#[test]
fn a_certificate_all_the_way() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let _witness = crate::attended::attended(&app.ledger);
    app.declare(&cooperative, "L-1");
    let unsigned = app.prepared("certificates", certificate_request("L-1"));
    let signed = certifier.sign(&unsigned);
    let receipt = app.logged(&signed);
    assert_eq!(receipt["duplicate"], false);
    let index = receipt["index"].as_u64().unwrap();

    // The statement comes back byte for byte, and the proof file proves it.
    let leaf = app.get(&format!("/api/v1/statements/{index}"));
    assert_eq!(leaf.kind, "application/json");
    assert!(leaf.text().contains(std::str::from_utf8(&signed).unwrap()));
    let proof = app.get(&format!("/api/v1/statements/{index}/proof")).text();
    let leaf_hash = tasdiq::log::leaf_hash(&leaf.body);
    let origin = app.domain().origin();
    ProofFile::parse(&proof).unwrap().verify(&leaf_hash, app.ledger.log_key(), &origin).unwrap();

    // Look-ups.
    let lot = app.get(&format!("/api/v1/lots/{GTIN}/L-1")).json();
    assert_eq!(lot["certificates"][0]["status"], "valid");
    assert_eq!(lot["cooperativeName"], "Test coop-tamazirt");
    let certificate = app.get("/api/v1/certificates/0").json();
    assert_eq!(certificate["certifier"], CERTIFIER);
    let again =
        app.post_json("/api/v1/prepare", &json!({"certificates": [certificate_request("L-1")]}));
    assert_eq!(again.json()["prepared"][0]["existing"]["index"], index);

    // The label verifies, also for an inspector; after the withdrawal it says so.
    let labels = app.get("/api/v1/labels").json();
    let text = labels["labels"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(
        app.get(&format!("/api/v1/labels?lot={GTIN}/L-1")).json()["labels"][0]["text"],
        text
    );
    let verdict = |text: &str| {
        app.post_json("/api/v1/verify", &json!({"inputs": [text], "policy": "customs"})).json()
    };
    let report = verdict(&text)["reports"][0].clone();
    assert_eq!(report["authenticity"]["indication"], "TOTAL_PASSED", "{report}");
    assert_eq!(report["exitCode"], 0, "{report}");
    let withdrawn = app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw);
    assert_eq!(withdrawn.status, 201, "{}", withdrawn.text());
    let report = verdict(&text)["reports"][0].clone();
    assert_eq!(report["fitness"]["now"]["certificate"], "withdrawn");
    assert_eq!(report["exitCode"], 4, "{report}");

    // The lists follow, and carry the bit.
    app.settle();
    let list = app.get("/status/revocation-0");
    assert_eq!((list.status, list.kind.as_str()), (200, "application/vc"));
    let id = list.json()["id"].as_str().unwrap().to_owned();
    let path = id.strip_prefix("https://ledger.example").unwrap();
    assert_eq!(app.get(path).body, list.body, "a list is served under its own id");
    assert_eq!(
        app.get("/status/revocation-0?timestamp=2020-01-01T00:00:00Z").code(),
        "no_version_then"
    );
    assert_eq!(app.get("/status").status, 200);
    let again = app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw);
    assert_eq!((again.status, again.code()), (409, "final".to_owned()));
}

#[test]
fn the_same_statement_twice_is_one_entry() {
    let (app, cooperative, _) = TestApp::with_parties();
    let signed = cooperative.sign(&app.prepared("lots", lot_request("L-1")));
    let first = app.logged(&signed);
    let checkpoint = app.checkpoint();
    let second = app.submit(&signed);
    assert_eq!(second.status, 200);
    assert_eq!(second.json()["index"], first["index"]);
    assert_eq!(second.json()["leafHash"], first["leafHash"]);
    assert_eq!(second.json()["duplicate"], true);
    assert_eq!(app.checkpoint(), checkpoint);
}

#[test]
fn bulk_answers_line_by_line() {
    let (app, cooperative, _) = TestApp::with_parties();
    let lot = |number: &str| cooperative.sign(&app.prepared("lots", lot_request(number)));
    let (one, two) = (lot("L-1"), lot("L-2"));
    let lines: [&[u8]; 6] = [&one, b"{\"a\":", &two, b"", &one, b"\xff\xfe"];
    let bulk = app.post("/api/v1/statements", "application/x-ndjson", &lines.join(&b'\n'));
    assert_eq!((bulk.status, bulk.kind.as_str()), (200, "application/x-ndjson"));
    let answers = bulk.lines();
    let statuses: Vec<_> = answers.iter().map(|line| line["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 400, 201, 400, 200, 400]);
    assert!(answers.iter().zip(1..).all(|(answer, line)| answer["line"] == line));
    assert_eq!(answers[1]["problem"]["code"], "not_json");
    assert_eq!(answers[4]["receipt"]["index"], answers[0]["receipt"]["index"]);
    assert_eq!(answers[5]["problem"]["code"], "not_utf8");
    let many = vec![b'\n'; 1_001];
    let refused = app.post("/api/v1/statements", "application/x-ndjson", &many);
    assert_eq!((refused.status, refused.code()), (413, "too_many_lines".to_owned()));
}

#[test]
fn the_description_is_the_one_on_record() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/openapi.json");
    if std::env::var_os("TASDIQ_BLESS").is_some() {
        std::fs::write(path, tasdiq::web::openapi_json()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == tasdiq::web::openapi_json(),
        "the API changed: run this test with TASDIQ_BLESS=1 and look at the difference"
    );
    let described: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[test]
fn figures_have_the_names_that_were_promised_and_labels_of_our_own() {
    let (app, cooperative, _) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    assert_eq!(app.post("/api/v1/statements", "application/json", b"no JSON").status, 400);
    for path in ["/api/nowhere", "/NOBODY/SAYS-THIS", "/register", "/status/none-0"] {
        app.get(path);
    }
    let answer = app.get("/metrics");
    assert_eq!(answer.kind, "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text();
    let value = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {name} in {text}")).parse::<f64>().unwrap()
    };
    let gauges =
        "log_entries checkpoint_age_seconds lots next_serial store_bytes writes_stopped".split(' ');
    for name in gauges {
        value(&format!("tasdiq_{name}"));
        assert!(text.contains(&format!("# TYPE tasdiq_{name} gauge\n")), "{text}");
    }
    assert!(text.contains("# TYPE tasdiq_statements_total counter\n"), "{text}");
    assert!(value("tasdiq_statements_total{outcome=\"accepted\"}") >= 1.0);
    assert_eq!(value("tasdiq_statements_total{outcome=\"duplicate\"}"), 0.0);
    assert!(text.contains("tasdiq_statements_total{outcome=\"refused\",code=\""), "{text}");
    for (route, status) in [("submit", 400), ("api", 404), ("page", 200), ("status", 404)] {
        value(&format!("tasdiq_requests_total{{route=\"{route}\",status=\"{status}\"}}"));
    }
    let seconds = ["submit_seconds", "batch_entries", "commit_seconds"];
    for name in seconds {
        assert!(value(&format!("tasdiq_{name}_count")) >= 1.0, "{text}");
        assert!(text.contains(&format!("tasdiq_{name}_bucket{{le=\"+Inf\"}}")), "{text}");
    }
    assert!(!text.contains("NOBODY") && !text.contains("nowhere"), "{text}");
}

#[test]
fn what_programs_and_operators_ask() {
    let (app, cooperative, _) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    for path in ["/healthz", "/readyz", "/api", "/api/v1/limits", "/api/v1/schemes", "/log/vkey"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    let metrics = app.get("/metrics").text();
    assert!(metrics.contains("tasdiq_statements_total{outcome=\"accepted\"} "), "{metrics}");
    let did = app.get(&format!("/parties/{COOPERATIVE}/did.json"));
    assert_eq!(did.kind, "application/did+json");
    assert_eq!(did.json()["id"], format!("did:web:{HOST}:parties:{COOPERATIVE}"));
    assert_eq!(app.get("/.well-known/did.json").json()["id"], format!("did:web:{HOST}"));
    let context = app.get("/ns/tasdiq/v1").json();
    assert!(context["@context"]["lotDeclaration"].is_object());
    let trust = Trust::open(&app.get("/trust").body, Some(&app.ledger.config().root)).unwrap();
    let pack = app.get("/api/v1/packs/latest");
    assert_eq!(pack.kind, "application/vnd.tasdiq.pack");
    Pack::open(&pack.body[..], &trust).unwrap();
    let page = app.get("/api/v1/lots?cooperative=coop-tamazirt&limit=1").json();
    assert_eq!(page["lots"].as_array().unwrap().len(), 1);
    assert_eq!(page["next"], serde_json::Value::Null);
}
