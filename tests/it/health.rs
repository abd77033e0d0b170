//! The health of the log: the page and its JSON twin say the same, in every language, also when
//! nothing more is taken in.

use serde_json::Value;
use tasdiq::ledger::{CosignedFile, WitnessStanding};
use tasdiq::log::{Note, NoteAlgorithm, NoteKey, WitnessPolicy, cosign};
use tasdiq::os::now;
use tasdiq::seal::{Signer as _, SoftKey};
use tasdiq::statement::StatusAction;

use crate::support::{CERTIFIER, TestApp};

fn health(app: &TestApp) -> Value {
    let answer = app.get("/api/v1/log/health");
    assert_eq!((answer.status, answer.kind.as_str()), (200, "application/json"));
    answer.json()
}

#[test]
fn page_and_json_say_the_same() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    let before = health(&app);
    assert_eq!(before["statusLists"], Value::Array(vec![]));
    app.declare(&cooperative, "A1");
    app.certify(&certifier, "A1");
    assert_eq!(app.change_status(&certifier, CERTIFIER, 0, StatusAction::Suspend).status, 201);
    app.settle();
    let after = health(&app);
    let view = app.ledger.view();
    assert_eq!(after["size"], view.size);
    assert_eq!(after["root"], view.root.to_string());
    assert_eq!(after["checkpoint"], app.checkpoint());
    assert_eq!(after["witnesses"], Value::Array(vec![]));
    assert_eq!(after["stopped"], Value::Null);
    assert!(after["checkpointAgeSeconds"].as_u64().unwrap() < 60);
    let lists = after["statusLists"].as_array().unwrap();
    assert_eq!(lists.len(), 2);
    assert!(lists.iter().all(|list| list["staleSince"].is_null() && list["entry"].is_u64()));
    let days = after["entriesPerDay"].as_array().unwrap();
    assert_eq!((days.len(), &days[29]["day"]), (30, &Value::from(now().day().to_string())));
    let entries: u64 = days.iter().map(|day| day["entries"].as_u64().unwrap()).sum();
    assert_eq!(entries, view.size, "each entry counts on its day");

    for (language, none, lists) in [
        ("en", "No witnesses", "Status lists"),
        ("fr", "Aucun témoin", "Listes de statut"),
        ("ar", "لا يوجد شهود", "لوائح الحالة"),
    ] {
        let page = app.get(&format!("/audit?lang={language}")).text();
        for text in [none, lists, &view.root.to_string(), "/log/checkpoint", "/log/vkey"] {
            assert!(page.contains(text), "{language}: {text}");
        }
        assert!(page.contains("tasdiq monitor --url http"), "{language}: the command");
        assert_eq!(page.matches("<rect ").count(), days_with_entries(days), "{language}");
        assert_eq!(page.matches("<tr>").count(), 31, "{language}: a table of the same days");
        let tile = page.split("href=\"/log/tile/entries/").nth(1).unwrap().split('"').next();
        assert_eq!(app.get(&format!("/log/tile/entries/{}", tile.unwrap())).status, 200);
        assert!(!page.contains("<script"), "no script");
    }
}

#[test]
fn witnesses_that_have_not_signed_are_named() {
    let (app, ..) = TestApp::with_parties();
    let key = |number: u8| {
        let public = SoftKey::from_secret(&[number; 32]).public();
        NoteKey::new(&format!("w{number}.example"), NoteAlgorithm::CosignatureV1, public).unwrap()
    };
    let policy =
        format!("witness w1 {}\nwitness w2 {}\ngroup g any w1 w2\nquorum g\n", key(1), key(2));
    let folder = tempfile::tempdir().unwrap();
    let history = CosignedFile::open(&folder.path().join("cosigned")).unwrap();
    app.ledger.set_witnesses(WitnessPolicy::parse(&policy).unwrap(), history);
    let found = health(&app);
    assert_eq!(
        (&found["quorumMet"], found["witnesses"].as_array().unwrap().len()),
        (&false.into(), 2)
    );
    let page = app.get("/audit?lang=en").text();
    assert!(page.contains("Too few witnesses") && page.contains("Has signed nothing yet"));

    let view = app.ledger.view();
    let text = Note::parse(&view.checkpoint).unwrap().text;
    let secret = SoftKey::from_secret(&[1; 32]);
    let line = cosign(&text, &key(1), now(), &|bytes| secret.sign(bytes).unwrap());
    assert!(app.ledger.cosigned(&view, &[line]).met);
    app.ledger.witness_stands(WitnessStanding {
        name: "w1".to_owned(),
        size: Some(view.size - 1),
        signed_at: Some(now()),
        error: None,
    });
    let found = health(&app);
    assert_eq!(
        (&found["quorumMet"], &found["witnesses"][0]["lagEntries"]),
        (&true.into(), &1.into())
    );
    assert!(found["checkpoint"].as_str().unwrap().contains("w1.example"));
    let page = app.get("/audit?lang=en").text();
    assert!(page.contains("Enough witnesses have signed"));
    assert!(page.contains("\u{2068}1\u{2069} entry behind"));
}

fn days_with_entries(days: &[Value]) -> usize {
    days.iter().filter(|day| day["entries"] != 0).count()
}
