//! Callers that send or read a byte at a time.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use tasdiq::limits::{BODY_WINDOW_SECONDS, HEADER_SECONDS_MAX};

use super::{connect, long, rest, status};
use crate::support::TestApp;

#[test]
fn a_header_has_an_end() {
    let app = TestApp::start();
    let mut stream = connect(app.address);
    let start = Instant::now();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a.example\r\nx: ").unwrap();
    // A byte a second keeps no header open; the connection is closed without a word.
    while stream.write_all(b"a").is_ok() {
        std::thread::sleep(Duration::from_secs(1));
        let open = start.elapsed() < Duration::from_secs(HEADER_SECONDS_MAX + 30);
        assert!(open, "it stays open");
    }
    assert!(start.elapsed() >= Duration::from_secs(HEADER_SECONDS_MAX));
    assert_eq!(rest(&mut stream), "");
}

#[test]
fn a_body_has_an_end() {
    if !long() {
        return short_of_its_length();
    }
    let app = TestApp::start();
    let mut stream = connect(app.address);
    let head = "POST /api/v1/statements HTTP/1.1\r\nhost: a.example\r\n\
                content-type: application/vc\r\ncontent-length: 50000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut answer = Vec::new();
    let start = Instant::now();
    while answer.is_empty() {
        let _ = stream.write_all(&[b' '; 100]);
        let _ = stream.read_to_end(&mut answer);
        let open = start.elapsed() < Duration::from_secs(BODY_WINDOW_SECONDS + 30);
        assert!(open, "it stays open");
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert_eq!(status(&answer), 408, "{answer}");
    assert!(answer.contains("body_too_slow"), "{answer}");
}

/// A body that breaks off is told as such, whatever its handler.
fn short_of_its_length() {
    let app = TestApp::start();
    for path in ["/api/v1/statements", "/api/v1/verify", "/inspect"] {
        let mut stream = connect(app.address);
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: a.example\r\ncontent-length: 50000\r\n\r\nabc");
        stream.write_all(head.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let answer = rest(&mut stream);
        assert!(answer.is_empty() || status(&answer) == 400, "{path} {answer}");
    }
    assert_eq!(app.get("/healthz").status, 200);
}

#[test]
fn a_reader_has_an_end() {
    if !long() {
        return;
    }
    let (app, cooperative, _) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    // Far more than the system keeps between the two: the same page again and again.
    let ask = "GET /api/v1/openapi.json HTTP/1.1\r\nhost: a.example\r\n\r\n".repeat(400);
    let mut stream = connect(app.address);
    stream.write_all(ask.as_bytes()).unwrap();
    let start = Instant::now();
    let closed = loop {
        std::thread::sleep(Duration::from_secs(1));
        // What we do not read must not be written for ever: a write tells that it was closed.
        if stream.write_all(b" ").is_err() {
            break true;
        }
        if start.elapsed() > Duration::from_secs(90) {
            break false;
        }
    };
    assert!(closed, "a reader that reads nothing keeps its connection");
}
