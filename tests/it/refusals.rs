//! Every bad input is refused with its own code over HTTP, and the checkpoint stands still.
//! Not here: the rules themselves, which `rules` tests without a server.

use serde_json::{Value, json};
use tasdiq::os::now;
use tasdiq::statement::{KeyEvent, StatusAction, canonical_bytes};

use crate::support::{
    CERTIFIER, COOPERATIVE, GTIN, Key, TestApp, certificate_request, lot_request,
};

/// A statement's text with one place changed.
fn with(signed: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(signed).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

/// A statement with one member changed, in canonical form again.
fn changed(signed: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(signed).unwrap();
    change(&mut value);
    canonical_bytes(&value)
}

/// Breaks the strict profile in each of its ways: code, status, bytes.
fn profile_faults(good: &[u8]) -> Vec<(&'static str, u16, Vec<u8>)> {
    let half = good.len() / 2;
    let quantity = "\"quantity\":25000";
    let nested = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
    let long = "x".repeat(61_000);
    vec![
        ("not_json", 400, good[..half].to_vec()),
        ("not_json", 400, Vec::new()),
        ("not_json", 400, [good, b"{}"].concat()),
        ("not_utf8", 400, [b"{\"a\":\"", &b"\xff\xfe"[..], b"\"}"].concat()),
        ("too_deep", 400, nested),
        ("too_large", 413, changed(good, |v| v["name"] = json!(long))),
        ("not_canonical", 422, [b" ", good].concat()),
        ("duplicate_key", 422, with(good, "{\"@context\"", "{\"@context\":[],\"@context\"")),
        ("key_not_ascii", 422, with(good, "\"validFrom\"", "\"v\u{e9}\":1,\"validFrom\"")),
        ("number_not_integer", 422, with(good, quantity, "\"quantity\":25000.5")),
        ("number_range", 422, with(good, quantity, "\"quantity\":9007199254740992")),
        ("not_nfc", 422, with(good, "\"name\":\"", "\"name\":\"e\u{301}")),
        (
            "context_mismatch",
            422,
            changed(good, |v| {
                v["@context"][1] = json!("https://evil.example/");
                v["proof"]["@context"] = v["@context"].clone();
            }),
        ),
        ("unknown_type", 422, changed(good, |v| v["type"][0] = json!("Diploma"))),
        ("proof_shape", 422, changed(good, |v| drop(v.as_object_mut().unwrap().remove("proof")))),
        ("proof_shape", 422, changed(good, |v| v["proof"] = json!([v["proof"], v["proof"]]))),
        ("proof_shape", 422, changed(good, |v| v["proof"]["nonce"] = json!("1"))),
        ("proof_context", 422, changed(good, |v| v["proof"]["@context"] = json!([]))),
        ("proof_value", 422, changed(good, |v| v["proof"]["proofValue"] = json!("z1"))),
        (
            "verification_method",
            422,
            changed(good, |v| {
                v["proof"]["verificationMethod"] = json!("did:web:evil.example#key-1");
            }),
        ),
        (
            "shape",
            422,
            changed(good, |v| {
                v["credentialSubject"]["lotDeclaration"]["buyer"] = json!("someone");
            }),
        ),
        ("shape", 422, changed(good, |v| v["validFrom"] = json!("2025-11-20T01:00:00+01:00"))),
    ]
}

#[test]
fn each_fault_of_the_strict_profile() {
    let (app, cooperative, _) = TestApp::with_parties();
    let good = cooperative.sign(&app.prepared("lots", lot_request("L-1")));
    let before = app.checkpoint();
    for (code, status, bytes) in profile_faults(&good) {
        let answer = app.submit(&bytes);
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        assert_eq!(answer.code(), code, "{}", answer.text());
        assert_eq!(answer.status, status, "{code}: {start}");
        assert_eq!(app.checkpoint(), before, "{code}");
    }
    let other = app.post("/api/v1/statements", "text/csv", &good);
    assert_eq!((other.status, other.code()), (415, "unsupported_media_type".to_owned()));
    assert_eq!(app.submit(&good).status, 201, "the good one was good");
}

#[test]
fn each_key_that_may_not_sign() {
    let (app, cooperative, _) = TestApp::with_parties();
    let retired = app.add_key(COOPERATIVE, "key-2");
    app.change_key(COOPERATIVE, &retired.method, KeyEvent::Retired);
    let stolen = app.add_key(COOPERATIVE, "key-3");
    let window = KeyEvent::Compromised { since: now(), known_at: now() };
    app.change_key(COOPERATIVE, &stolen.method, window);
    // A key may still count in the second in which the log retired it.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let unsigned = app.prepared("lots", lot_request("L-1"));
    let impostor = Key::fresh(cooperative.method.clone());
    let unknown = Key::fresh(format!("{}9", cooperative.method));
    let before = app.checkpoint();
    let cases = [
        ("signature_invalid", &impostor),
        ("unknown_key", &unknown),
        ("key_retired", &retired),
        ("key_compromised", &stolen),
    ];
    for (code, key) in cases {
        let answer = app.submit(&key.sign(&unsigned));
        assert_eq!((answer.status, answer.code().as_str()), (422, code), "{}", answer.text());
        assert_eq!(app.checkpoint(), before, "{code}");
    }
    assert_eq!(app.submit(&cooperative.sign(&unsigned)).status, 201);
}

#[test]
fn each_rule_of_certificates() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.declare(&cooperative, "L-2");
    app.certify(&certifier, "L-1");
    app.settle();
    let unsigned = app.prepared("certificates", certificate_request("L-2"));
    let mut greedy = certificate_request("L-2");
    greedy["quantity"] = json!(25_001);
    let greedy = app.prepared("certificates", greedy);
    let elsewhere = unsigned.to_string().replace("schemes/sdoq-ao", "schemes/bio-maroc");
    let elsewhere: Value = serde_json::from_str(&elsewhere).unwrap();
    let before = app.checkpoint();
    let out_of_scope = app.submit(&certifier.sign(&elsewhere));
    assert_eq!((out_of_scope.status, out_of_scope.code()), (422, "out_of_scope".to_owned()));
    let too_much = app.submit(&certifier.sign(&greedy));
    assert_eq!((too_much.status, too_much.code()), (409, "quantity_exceeded".to_owned()));
    let not_its_own = app.submit(&cooperative.sign(&unsigned));
    assert_eq!(not_its_own.code(), "verification_method");
    assert_eq!(app.checkpoint(), before);

    let withdraw = || app.change_status(&certifier, CERTIFIER, 0, StatusAction::Withdraw);
    assert_eq!(withdraw().status, 201);
    app.settle();
    let before = app.checkpoint();
    let again = withdraw();
    assert_eq!((again.status, again.code()), (409, "final".to_owned()));
    assert_eq!(app.checkpoint(), before);
}

#[test]
fn each_identifier_that_is_none() {
    let (app, cooperative, _) = TestApp::with_parties();
    let good = cooperative.sign(&app.prepared("lots", lot_request("L-1")));
    let before = app.checkpoint();
    let bad = [
        ("lot", "A/B", "lot_character"),
        ("lot", "\u{644}\u{648}\u{62a}", "lot_character"),
        ("lot", "123456789012345678901", "lot_length"),
        ("gtin", "06111234567896", "gtin_check_digit"),
    ];
    for (member, text, code) in bad {
        let mut request = lot_request("L-9");
        request[member] = json!(text);
        let answer = app.post_json("/api/v1/prepare", &json!({"lots": [request]})).json();
        let problem = &answer["prepared"][0]["problem"];
        assert_eq!(problem["code"], code, "{problem}");
        // The same in a signed statement, where the lot stands in addresses.
        let old = if member == "lot" { "/10/L-1" } else { GTIN };
        let new = if member == "lot" { format!("/10/{text}") } else { text.to_owned() };
        let statement = String::from_utf8(good.clone()).unwrap().replace(old, &new);
        let answer = app.submit(statement.as_bytes());
        assert_eq!((answer.status, answer.code().as_str()), (422, code), "{}", answer.text());
    }
    assert_eq!(app.get(&format!("/api/v1/lots/{GTIN}/A%2FB")).code(), "lot_character");
    assert_eq!(app.get("/api/v1/lots/06111234567896/L-1").code(), "gtin_check_digit");
    assert_eq!(app.get(&format!("/api/v1/lots/{GTIN}/L-1")).code(), "lot_unknown");
    assert_eq!(app.checkpoint(), before);
}

#[test]
fn addresses_that_lead_nowhere() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    let size = app.ledger.view().size;
    let cases = [
        (404, "tile_beyond_tree", "/log/tile/0/000".to_owned()),
        (404, "tile_beyond_tree", format!("/log/tile/entries/000.p/{}", size + 1)),
        (400, "malformed_tile_path", "/log/tile/0/0".to_owned()),
        (404, "entry_unknown", format!("/api/v1/statements/{size}")),
        (400, "index_form", "/api/v1/statements/first".to_owned()),
        (404, "unknown_path", "/api/v2/lots".to_owned()),
        (405, "method_not_allowed", "/api/v1/prepare".to_owned()),
        (404, "certificate_unknown", "/api/v1/certificates/7".to_owned()),
        (404, "unknown_party", "/api/v1/parties/nobody".to_owned()),
        (404, "status_list_unknown", "/status/revocation-9".to_owned()),
        (400, "unknown_filter", "/api/v1/lots?status=good".to_owned()),
        (400, "query_form", "/api/v1/lots?colour=red".to_owned()),
    ];
    for (status, code, path) in cases {
        let answer = app.get(&path);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
    }
    let partial = app.get(&format!("/log/tile/0/000.p/{size}"));
    assert_eq!(partial.body.len() as u64, size * 32);
    assert_eq!(app.get(&format!("/log/tile/entries/000.p/{size}")).status, 200);
}

#[test]
fn a_label_of_an_unknown_version_is_no_pass() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    let labels = app.get("/api/v1/labels").json();
    let text = labels["labels"][0]["text"].as_str().unwrap();
    let before = app.checkpoint();
    let report = |text: &str| {
        let answer = app.post_json("/api/v1/verify", &json!({"inputs": [text]}));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["reports"][0].clone()
    };
    assert_eq!(report(text)["exitCode"], 0);
    let newer = of_newer_version(text);
    let report = report(&newer);
    assert_ne!(report["authenticity"]["indication"], "TOTAL_PASSED", "{report}");
    assert_eq!(report["claims"], Value::Null, "{report}");
    assert_eq!(app.checkpoint(), before);
}

/// The label's text with version 9 in its first byte, which is the upper half of three digits.
fn of_newer_version(text: &str) -> String {
    const DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-.";
    let (host, token) = text.strip_prefix("https://").unwrap().split_once('/').unwrap();
    let value = |digit: char| DIGITS.find(digit).unwrap();
    let number = token.chars().take(3).fold(0, |sum, digit| sum * 41 + value(digit)) + 8 * 256;
    let digit = |place: usize| DIGITS.chars().nth(number / 41_usize.pow(2 - place as u32) % 41);
    let head: String = (0..3).filter_map(digit).collect();
    format!("https://{host}/{head}{}", &token[3..])
}
