//! Pages of what was not checked, or is not now: nothing on them is green.

use super::*;

/// Class of the verdict's band.
fn tone(page: &Answer) -> String {
    let html = page.text();
    let rest = html.split("<section class=\"verdict ").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Whether anything but a check that passed is green.
fn is_green(page: &Answer) -> bool {
    let html = page.text();
    let body = html.split("</style>").last().unwrap();
    let body = body.split("<ul class=\"checks\">").next().unwrap();
    ["verdict ok", "class=\"ok-word", "class=\"at ok"].iter().any(|mark| body.contains(mark))
}

#[test]
fn a_code_without_signature_tells_the_lot_and_proves_no_label() {
    let service = service();
    for (number, expected, said) in [
        ("VALID", "info", "This lot is certified; this label was not checked"),
        ("ENDED", "info", "withdrawn"),
        ("KEPT", "info", "on hold"),
        ("OVER", "info", "expired"),
        ("BACK", "bad", "RECALLED"),
        ("BARE", "unknown", "No certificate"),
    ] {
        for serial in ["", "/FAKE2345"] {
            let path = format!("/lot/coop/{number}{serial}?lang=en");
            let page = service.get(&path);
            assert_eq!((page.status, tone(&page).as_str()), (200, expected), "{path}");
            assert!(page.words().contains(said), "{path}: {}", page.words());
            assert!(!is_green(&page), "{path}");
            let claimed = page.words();
            let claimed = claimed.split("About this code").next().unwrap();
            assert!(!claimed.contains("FAKE"), "{path}: the serial is no unit");
            let report = service.get_with(&path, &[("accept", "application/json")]);
            let report: serde_json::Value = serde_json::from_slice(&report.body).unwrap();
            assert_eq!(report["exitCode"], 3, "{path}");
            assert!(report["claims"]["serial"].is_null(), "{path}");
        }
    }
    // A foreign address in a list is named.
    let body = b"codes=https%3A%2F%2Fbrand.example%2Flot%2Fcoop%2FVALID";
    let page = service.post("/inspect?lang=en", "application/x-www-form-urlencoded", body);
    assert!(page.words().contains("It leads to brand.example"), "{}", page.words());
}

#[test]
fn a_ledger_that_is_known_to_be_old_shows_nothing_green() {
    let service = started();
    let (url, path) = service.code("VALID");
    let path = format!("{path}?lang=en");
    assert_eq!(tone(&service.get(&path)), "ok");
    assert!(is_green(&service.get(&path)));
    service.ledger.stop_signing("a witness has seen more of this log");
    let page = service.get(&path);
    assert_eq!(tone(&page), "unknown", "{}", page.words());
    assert!(page.words().contains("Signature good, status unknown") && !is_green(&page));
    for policy in ["shop", "customs", "audit"] {
        let body = serde_json::json!({ "inputs": [url], "policy": policy }).to_string();
        let answer = service.post("/api/v1/verify", "application/json", body.as_bytes());
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let report = &answer["reports"][0];
        assert_eq!(report["exitCode"], 3, "{policy}: {report}");
        assert_eq!(report["authenticity"]["subIndication"], "STATUS_STALE", "{policy}");
    }
    let page = service.get("/certificates/0?lang=en");
    assert!(!is_green(&page), "its certificates neither");
}
