//! The page as it is served and exported: one file, one script that may run. Not here: what it says
//! of codes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tasdiq::browser::check_page;
use tasdiq::transfer::export::{ExportOptions, export};

use crate::support::{TestApp, near};

#[test]
fn it_is_served_with_one_script() {
    let app = TestApp::start();
    let answer = app.get("/check");
    assert_eq!((answer.status, answer.kind.as_str()), (200, "text/html; charset=utf-8"));
    assert_eq!(answer.text(), check_page().html);
    let answer = ureq::get(app.url("/check")).call().unwrap();
    let head = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(head.contains(&format!("script-src {};", check_page().script_source)), "{head}");
    assert!(head.contains("connect-src 'self'") && !head.contains("unsafe-inline"), "{head}");
}

/// Most bytes of the page as it is sent, with all its languages.
const GZIP_BYTES_MAX: usize = 60_000;

#[test]
fn it_is_light_as_it_is_sent() {
    let app = TestApp::start();
    let mut stream = TcpStream::connect(app.address).unwrap();
    let ask =
        "GET /check HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let body = &answer[end + 4..];
    println!("{} B, {} B as gzip", check_page().html.len(), body.len());
    assert!(body.len() <= GZIP_BYTES_MAX, "{} B as gzip", body.len());
    let mut page = String::new();
    flate2::read::GzDecoder::new(body).read_to_string(&mut page).unwrap();
    assert_eq!(page, check_page().html);
    for language in ["العربية", "English", "Español", "Français", "ⵜⴰⵎⴰⵣⵉⵖⵜ"]
    {
        assert!(page.contains(language), "{language}");
    }
}

#[test]
fn an_export_brings_it_along() {
    let app = TestApp::start();
    let source = near(app.ledger.clone());
    let folder = tempfile::tempdir().unwrap();
    export(&source, folder.path(), &ExportOptions::default(), &mut |_, _| ()).unwrap();
    let page = std::fs::read_to_string(folder.path().join("check.html")).unwrap();
    assert_eq!(page, check_page().html);
    let index = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
    assert!(index.contains("href=\"check.html\""));
}
