//! The page as it is served and exported: one file, one script that may run. Not here: what it says
//! of codes.

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
