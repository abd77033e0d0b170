//! Labels as they are printed and certificates on paper: whose serials they may hold, who may order
//! what, and that a paper and its dossier are one. What their pictures look like to decoders that
//! we did not write stands in `tests/interop/papers.py`.

use serde_json::{Value, json};
use tasdiq::names::{LotKey, PartySlug};
use tasdiq::os::now;
use tasdiq::statement::{LabelIssue, Reason, StatusAction, StatusChange, StatusTarget};

use crate::support::{Answer, CERTIFIER, GTIN, HOST, Key, TestApp};

const SHEETS: &str = "/api/v1/label-sheets";

fn lot(number: &str) -> LotKey {
    format!("{GTIN}/{number}").parse().unwrap()
}

/// Serials issued to the certifier for a lot.
fn issued(app: &TestApp, certifier: &Key, number: &str, count: u32) -> Vec<String> {
    let domain = app.domain();
    let issuer = PartySlug::parse(CERTIFIER).unwrap();
    let verification_method = format!("did:web:{HOST}#label-1");
    let claim = LabelIssue { lot: lot(number), count, verification_method };
    let nonce: String = Key::fresh(String::new()).terms().nonce;
    let draft = app.draft(&domain, &format!("label-issues/{nonce}"), &issuer, now());
    let statement = certifier.sign(&claim.draft(&draft));
    let answer = app.post_signed("/api/v1/labels", certifier, &statement);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let labels = answer.json()["labels"].as_array().unwrap().clone();
    labels.iter().map(|label| label["serial"].as_str().unwrap().to_owned()).collect()
}

fn order(number: &str, serials: &[String]) -> Vec<u8> {
    let order = json!({
        "lot": lot(number).to_string(), "serials": serials, "format": "zip", "grid": "avery-l7651",
    });
    order.to_string().into_bytes()
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code.to_owned()), "{}", answer.text());
}

/// A sheet with serials goes to whose issue they are of, in a request they signed, and to nobody
/// else: not to the lot's cooperative, not to the authority, not in an older request again.
#[test]
fn serials_are_printed_for_their_issuer_alone() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let serials = issued(&app, &certifier, "L-1", 3);
    let wanted = order("L-1", &serials);
    refused(&app.post(SHEETS, "application/json", &wanted), 401, "request_signature");
    for other in [&cooperative, &app.registrar] {
        let answer = app.post_signed(SHEETS, other, &wanted);
        refused(&answer, 422, "serial_not_issued");
        assert!(serials.iter().all(|serial| !answer.text().contains(serial)));
    }
    let answer = app.post_signed(SHEETS, &certifier, &wanted);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let names = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(serials.iter().all(|serial| names.contains(serial)), "a label is missing");
    // One that nobody was given is no serial, however it looks.
    let invented = vec!["K7Q2M9XD".to_owned()];
    let answer = app.post_signed(SHEETS, &certifier, &order("L-1", &invented));
    refused(&answer, 422, "serial_not_issued");
    // Nor is one of another lot.
    app.declare(&cooperative, "L-2");
    app.certify(&certifier, "L-2");
    let answer = app.post_signed(SHEETS, &certifier, &order("L-2", &serials));
    refused(&answer, 422, "serial_not_issued");
    let status = StatusAction::Suspend;
    let serial = app.ledger.view().register.lot(&lot("L-1")).unwrap().certificates[0];
    assert_eq!(app.change_status(&certifier, CERTIFIER, serial, status).status, 201);
    refused(&app.post_signed(SHEETS, &certifier, &wanted), 409, "label_refused");
    let open = json!({"lot": lot("L-1").to_string(), "format": "pdf"});
    refused(&app.post_json(SHEETS, &open), 409, "label_refused");
}

/// What one caller may order is bounded before it costs anything.
#[test]
fn orders_have_bounds() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let lot = lot("L-1").to_string();
    let many: Vec<Value> = (0..2_001).map(|_| json!({"lot": lot})).collect();
    let cases = [
        (json!({"format": "pdf"}), 422, "label_order"),
        (json!({"format": "gif", "lot": lot}), 422, "label_order"),
        (json!({"format": "pdf", "labels": many}), 413, "too_many_items"),
        (json!({"format": "pdf", "lot": lot, "copies": 4_000_000_000_u32}), 422, "label_order"),
        (json!({"format": "pdf", "labels": [{"lot": lot}], "lot": lot}), 422, "label_order"),
        (json!({"format": "pdf", "serials": ["K7Q2M9XD"]}), 422, "label_order"),
        (json!({"format": "pdf", "lot": lot, "dx_um": 999_999}), 422, "label_order"),
        (json!({"format": "pdf", "lot": lot, "language": "zz"}), 422, "label_order"),
        (json!({"format": "pdf", "lot": lot, "sheet": 1}), 400, "json_form"),
    ];
    for (order, status, code) in cases {
        refused(&app.post_json(SHEETS, &order), status, code);
    }
}

/// Commands of a printer are one bitmap a label, so no name can be one; copies are the printer's.
#[test]
fn a_printer_is_sent_dots_and_a_count() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let order = json!({"lot": lot("L-1").to_string(), "format": "zpl", "copies": 2_000});
    let answer = app.post_json(SHEETS, &order);
    assert_eq!(answer.status, 200);
    let text = answer.text();
    assert!(text.starts_with("^XA") && text.ends_with("^PQ2000^XZ\n"));
    assert_eq!(text.matches("^XA").count(), 1);
    let plain = |c: char| c.is_ascii_alphanumeric() || "^,\n".contains(c);
    assert!(text.chars().all(plain), "something is text in it");
}

/// What bars the goods bars their labels and stands first on the certificate's page and paper,
/// though the certificate is in force.
#[test]
fn a_certificate_of_held_goods_says_so_first() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    let serial = app.ledger.view().register.lot(&lot("L-1")).unwrap().certificates[0];
    let page = format!("/certificates/{serial}?lang=en");
    let paper = format!("/certificates/{serial}.pdf?lang=en");
    let before = app.get(&paper);
    assert!(app.get_as(&page, "text/html").text().contains("class=\"ok-word\""));
    let domain = app.domain();
    let issuer = PartySlug::parse(CERTIFIER).unwrap();
    let hold = StatusChange {
        target: StatusTarget::Lot(lot("L-1")),
        action: StatusAction::Hold,
        reason: Reason::Complaint,
        effective_from: now(),
        notice: Default::default(),
        return_to: None,
        lifts: Vec::new(),
    };
    let draft = app.draft(&domain, "statements/hold-1", &issuer, now());
    app.logged(&certifier.sign(&hold.draft(&draft)));
    app.settle();
    let told = app.get_as(&page, "text/html").text();
    assert!(!told.contains("class=\"ok-word\"") && told.contains("Lot status: on hold"), "{told}");
    let after = app.get(&paper);
    assert!(after.status == 200 && after.body != before.body);
    let open = json!({"lot": lot("L-1").to_string(), "format": "pdf"});
    refused(&app.post_json(SHEETS, &open), 409, "label_refused");
}

/// The dossier in a paper is the one that was made, byte for byte, and the paper stays the same
/// until something changes.
#[test]
fn a_paper_carries_its_dossier_whole_and_says_no_day_of_printing() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    app.settle();
    let serial = app.ledger.view().register.lot(&lot("L-1")).unwrap().certificates[0];
    let path = format!("/certificates/{serial}.pdf?lang=ar");
    let first = app.get(&path);
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.body.starts_with(b"%PDF-1.7"));
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(app.get(&path).body == first.body, "the same paper differs a second later");
    let action = StatusAction::Suspend;
    assert_eq!(app.change_status(&certifier, CERTIFIER, serial, action).status, 201);
    app.settle();
    let after = app.get(&path);
    assert!(after.status == 200 && after.body != first.body, "{}", after.text());
    refused(&app.get("/certificates/999999.pdf"), 404, "certificate_unknown");
}
