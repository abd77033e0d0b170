//! Every door at its limit, one beyond it, and a hundred callers at once; what is asked by other
//! methods, hosts and spellings.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use tasdiq::limits::{
    BULK_BYTES_MAX, BULK_LINES_MAX, FORM_BYTES_MAX, FORM_PARTS_MAX, HEADER_BYTES_MAX,
    INSPECT_CODES_MAX, PHOTO_BYTES_MAX, PREPARE_BYTES_MAX, STATEMENT_BYTES_MAX,
    STATEMENT_SENT_BYTES_MAX, VERIFY_BYTES_MAX,
};

use super::{connect, exchange, post, request, status};
use crate::support::{GTIN, TestApp, lot_request};

const FORM: &str = "application/x-www-form-urlencoded";

/// A body of so many bytes that begins with these.
fn padded(start: &str, length: usize) -> Vec<u8> {
    let mut body = start.as_bytes().to_vec();
    body.resize(length, b' ');
    body
}

#[test]
fn bodies_at_their_limit_and_beyond() {
    let app = TestApp::start();
    let cases = [
        ("/api/v1/statements", "application/vc", STATEMENT_BYTES_MAX, "{}", 422),
        ("/api/v1/statements", "application/x-ndjson", BULK_BYTES_MAX, "{}", 200),
        ("/api/v1/labels", "application/vc", STATEMENT_BYTES_MAX, "{}", 422),
        ("/api/v1/prepare", "application/json", PREPARE_BYTES_MAX, "{\"lots\":[]}", 200),
        ("/api/v1/verify", "application/json", VERIFY_BYTES_MAX, "{\"inputs\":[]}", 200),
        ("/inspect", FORM, FORM_BYTES_MAX, "codes=", 422),
    ];
    for (path, kind, limit, start, at_limit) in cases {
        let answer = app.post(path, kind, &padded(start, limit));
        let found = (answer.status, answer.text());
        let fits = found.0 == at_limit || (path.ends_with("labels") && found.0 >= 400);
        assert!(fits && found.0 != 413, "{path} {kind}: {found:?}");
        let beyond = padded(start, limit + 1);
        assert_eq!(
            status(&exchange(app.address, &post(path, kind, &beyond))),
            413,
            "{path} {kind}"
        );
    }
}

/// A caller whose body was not read to its end is told that the connection ends; otherwise it would
/// send its next request into a connection that is about to close, and get no answer.
#[test]
fn a_connection_that_will_close_says_so() {
    let app = TestApp::start();
    let head = |line: &str, length: usize| {
        format!("{line} HTTP/1.1\r\nhost: ledger.example\r\ncontent-length: {length}\r\n\r\n")
    };
    let kind = "HTTP/1.1\r\ncontent-type: application/json";
    let unread = [
        (head("POST /api/v1/verify", VERIFY_BYTES_MAX + 1).replacen("HTTP/1.1", kind, 1), 413),
        (head("POST /nowhere", 100_000), 404),
        (head("DELETE /healthz", 100_000), 405),
        (head("POST /api/v1/verify", 100_000).replace("ledger.example", "a/b"), 400),
    ];
    for (head, expected) in unread {
        let mut stream = connect(app.address);
        stream.write_all(head.as_bytes()).unwrap();
        // A part of the body, so that it is not drained unseen.
        stream.write_all(&[b' '; 1_000]).unwrap();
        let answer = one_answer(&mut stream);
        assert_eq!(status(&answer), expected, "{answer}");
        assert!(answer.contains("connection: close"), "{head}{answer}");
    }
    // Bodies that were read whole leave the connection open for the next request.
    let mut stream = connect(app.address);
    for _ in 0..3 {
        let body = "{\"inputs\":[]}";
        let head = head("POST /api/v1/verify", body.len()).replacen("HTTP/1.1", kind, 1);
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let answer = one_answer(&mut stream);
        assert_eq!(status(&answer), 200, "{answer}");
        assert!(!answer.contains("connection:"), "{answer}");
    }
}

/// The head of one answer, and what of its body comes with the content length it names.
fn one_answer(stream: &mut TcpStream) -> String {
    let (mut answer, mut byte) = (Vec::new(), [0]);
    while !answer.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    let answer = String::from_utf8(answer).unwrap().to_ascii_lowercase();
    let length = answer.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    answer
}

#[test]
fn items_are_counted_before_they_are_read() {
    let app = TestApp::start();
    let verify = |count: usize| {
        app.post_json("/api/v1/verify", &json!({ "inputs": vec!["coop/L-1"; count] }))
    };
    assert_eq!(verify(INSPECT_CODES_MAX).json()["reports"].as_array().unwrap().len(), 1_000);
    assert_eq!(verify(INSPECT_CODES_MAX + 1).code(), "too_many_items");
    let prepare = |count: usize| {
        app.post_json("/api/v1/prepare", &json!({ "lots": vec![lot_request("L-1"); count] }))
    };
    assert_eq!(prepare(BULK_LINES_MAX).json()["prepared"].as_array().unwrap().len(), 1_000);
    assert_eq!(prepare(BULK_LINES_MAX + 1).code(), "too_many_items");
    let lines = |count: usize| {
        app.post("/api/v1/statements", "application/x-ndjson", &b"{}\n".repeat(count))
    };
    assert_eq!(lines(BULK_LINES_MAX).lines().len(), 1_000);
    assert_eq!(lines(BULK_LINES_MAX + 1).code(), "too_many_lines");
    let inspect = |count: usize| {
        let body = format!("format=json&codes={}", "coop%2FL-1%0A".repeat(count));
        app.post("/inspect", FORM, body.as_bytes())
    };
    assert_eq!(inspect(INSPECT_CODES_MAX).json()["reports"].as_array().unwrap().len(), 1_000);
    assert_eq!(inspect(INSPECT_CODES_MAX + 1).status, 413);
    let fields = |count: usize| {
        let body = vec!["codes=coop%2FL-1"; count].join("&");
        app.post("/inspect", FORM, body.as_bytes()).status
    };
    assert_eq!((fields(FORM_PARTS_MAX), fields(FORM_PARTS_MAX + 1)), (200, 413));
    // What cost gigabytes: millions of items of a few bytes each.
    let many = format!("{{\"lots\":[{}0]}}", "{\"\":0},".repeat(500_000));
    let answer = app.post("/api/v1/prepare", "application/json", many.as_bytes());
    assert_eq!(answer.code(), "too_many_items");
    assert!(answer.text().contains("500001"), "{}", answer.text());
}

#[test]
fn texts_and_files_have_limits_of_their_own() {
    let app = TestApp::start();
    let text = |length: usize| json!({ "inputs": ["coop/L-1", "{".repeat(length)] });
    assert_eq!(app.post_json("/api/v1/verify", &text(STATEMENT_SENT_BYTES_MAX)).status, 200);
    let beyond = app.post_json("/api/v1/verify", &text(STATEMENT_SENT_BYTES_MAX + 1));
    assert_eq!((beyond.status, beyond.code()), (413, "too_large".to_owned()));
    let list = format!("{{\"statement\":[{}0]}}", "{\"\":0},".repeat(60_000));
    let beyond = app.post("/api/v1/verify", "application/json", list.as_bytes());
    assert_eq!((beyond.status, beyond.code()), (413, "too_large".to_owned()));
    let photo = vec![0xff_u8; PHOTO_BYTES_MAX + 1];
    let photo = [b"\xff\xd8\xff", &photo[3..]].concat();
    let (kind, body) = crate::pages::parts(&[("photo", "a.jpg", &photo)]);
    let answer = app.post("/inspect", &kind, &body);
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("photo_too_large"), "{}", answer.text());
}

#[test]
fn a_hundred_at_once_are_answered_or_told_to_wait() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let verify = serde_json::to_vec(&json!({ "inputs": ["coop/L-1"] })).unwrap();
    let lot = cooperative.sign(&app.prepared("lots", lot_request("L-2")));
    let get = |path: &str| request(&format!("GET {path}"), "host: ledger.example\r\n");
    let requests = [
        post("/api/v1/verify", "application/json", &verify),
        post("/api/v1/statements", "application/vc", &lot),
        post("/api/v1/prepare", "application/json", b"{\"lots\":[]}"),
        post("/inspect", FORM, b"codes=coop%2FL-1"),
        get(&format!("/01/{GTIN}/10/L-1")),
        get("/register"),
        get("/api/v1/lots"),
        get("/api/v1/labels"),
        get("/api/v1/packs/latest?since=1"),
        get("/log/tile/entries/000.p/1"),
        get("/trust"),
        get("/"),
    ];
    for sent in requests {
        let callers = if super::long() { 400 } else { 100 };
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let ask = || status(&exchange(app.address, &sent));
            let asked: Vec<_> = (0..callers).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let line = String::from_utf8_lossy(&sent[..40]).into_owned();
        assert!(answers.iter().all(|found| [200, 201, 503].contains(found)), "{line} {answers:?}");
        assert!(answers.iter().any(|found| *found < 300), "{line} {answers:?}");
    }
}

#[test]
fn one_host_is_named() {
    let app = TestApp::start();
    let good = exchange(app.address, &request("GET /healthz", "host: ledger.example\r\n"));
    assert_eq!(status(&good), 200);
    for headers in ["", "host: a.example\r\nhost: a.example\r\n", "host: a.example/b\r\n"] {
        let refused = exchange(app.address, &request("GET /healthz", headers));
        assert_eq!(status(&refused), 400, "{headers:?} {refused}");
        assert!(refused.contains("\"code\":\"host\""), "{refused}");
    }
    assert_eq!(status(&exchange(app.address, b"GET /healthz HTTP/1.0\r\n\r\n")), 200);
    let long = format!("host: a.example\r\nx: {}\r\n", "a".repeat(2 * HEADER_BYTES_MAX));
    assert_eq!(status(&exchange(app.address, &request("GET /healthz", &long))), 431);
}

#[test]
fn links_to_the_same_page_stay_on_this_host() {
    let app = TestApp::start();
    for path in
        ["//evil.example/login", "///evil.example/", "/\\evil.example/x", "/\\/evil.example"]
    {
        let headers = "host: ledger.example\r\naccept: text/html\r\n";
        let page = exchange(app.address, &request(&format!("GET {path}"), headers));
        assert!(page.contains("href=\"/evil.example"), "{path} {page}");
        for link in page.split("href=\"").skip(1) {
            let second = link.as_bytes().get(1);
            assert!(!link.starts_with("//") && second != Some(&b'\\'), "{path}: {link}");
        }
    }
    let long = format!("GET /{}", "a".repeat(3_000));
    let refused = exchange(app.address, &request(&long, "host: ledger.example\r\n"));
    assert_eq!(status(&refused), 414, "{refused}");
}

#[test]
fn a_code_can_be_read_and_nothing_else() {
    let (app, cooperative, _) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    let path = format!("/01/{GTIN}/10/L-1");
    for method in ["DELETE", "PUT", "POST", "PATCH"] {
        let line = format!("{method} {path}");
        let refused = exchange(app.address, &request(&line, "host: ledger.example\r\n"));
        assert_eq!(status(&refused), 405, "{refused}");
        assert!(refused.to_lowercase().contains("allow: get, head\r\n"), "{refused}");
    }
    let head = exchange(app.address, &request(&format!("HEAD {path}"), "host: a.example\r\n"));
    assert_eq!(status(&head), 200, "{head}");
    let unknown = request("DELETE /nowhere", "host: ledger.example\r\n");
    assert_eq!(status(&exchange(app.address, &unknown)), 404);
}

#[test]
fn a_known_pack_is_not_sent_again() {
    let app = TestApp::start();
    let ask = |known: &str| {
        let headers = format!("host: ledger.example\r\n{known}");
        exchange(app.address, &request("GET /api/v1/packs/latest?since=1", &headers))
    };
    let first = ask("");
    let tag = first.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    assert_eq!(status(&first), 200);
    for known in [tag.clone(), format!("W/{tag}"), "*".to_owned()] {
        assert_eq!(status(&ask(&format!("if-none-match: {known}\r\n"))), 304, "{known}");
    }
    assert_eq!(status(&ask("if-none-match: W/\"0-0\"\r\n")), 200);
}

#[test]
fn a_statement_is_judged_by_its_own_bytes() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    let signed = app.certified(&certifier, "L-1");
    let signed = String::from_utf8(signed).unwrap();
    let judged = |statement: &str| -> Value {
        let body = format!("{{\"statement\":{statement},\"policy\":\"shop\"}}");
        let answer = app.post("/api/v1/verify", "application/json", body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["reports"][0].clone()
    };
    let report = judged(&signed);
    assert_eq!(report["exitCode"], 0, "{report}");
    // A second member of the same name: other readers would see the first.
    let twice = signed.replacen("\"scheme\":", "\"scheme\":\"other\",\"scheme\":", 1);
    let twice = if twice == signed { signed.replacen('{', "{\"id\":\"x\",", 1) } else { twice };
    let report = judged(&twice);
    assert_ne!(report["authenticity"]["indication"], "TOTAL_PASSED", "{report}");
    assert!(report.to_string().contains("duplicate_key"), "{report}");
    assert_eq!(report["exitCode"], 2, "{report}");
}
