//! The public dossiers in `tests/vectors/dossier/`: ten of version 1 (four good, four tampered
//! with, two malformed) and four of version 2, with the verdicts any reader must come to.
//! `TASDIQ_BLESS=1` writes them anew.

use serde_json::{Value, json};
use tasdiq::statement::{Timestamp, canonical_bytes};
use tasdiq::trust::Trust;
use tasdiq::verify::{Evidence, Policy, verify};

use super::story::{REINSTATED, ROTATED, Story, VALID, WITHDRAWN};
use crate::kept;

const POLICIES: [Policy; 3] = Policy::ALL;

/// One fixture.
struct Fixture {
    name: &'static str,
    says: &'static str,
    bytes: Vec<u8>,
    exit: u8,
    why: Option<&'static str>,
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The place of an entry in a dossier.
fn place(dossier: &Value, index: u64) -> usize {
    let entries = dossier["entries"].as_array().unwrap();
    entries.iter().position(|entry| entry["leaf"]["index"] == index).unwrap()
}

/// Swaps the revocation list for the one of an older dossier, with a genuine proof.
fn with_older_list(story: &Story, dossier: &mut Value, before: &Value) {
    let new = dossier["manifest"]["places"]["revocation"].as_u64().unwrap();
    let old = before["manifest"]["places"]["revocation"].as_u64().unwrap();
    assert_ne!(new, old);
    let tree = story.tree();
    let entry = json!({
        "leaf": value(&story.log_leaves()[usize::try_from(old).unwrap()]),
        "proof": tree.inclusion(old, tree.size()).unwrap(),
    });
    let at = place(dossier, new);
    let entries = dossier["entries"].as_array_mut().unwrap();
    entries.remove(at);
    entries.push(entry);
    entries.sort_by_key(|entry| entry["leaf"]["index"].as_u64());
}

fn fixtures() -> (Vec<u8>, Timestamp, Vec<Fixture>) {
    let mut story = Story::begun();
    story.suspend();
    let before = value(&story.dossier(WITHDRAWN));
    story.go_on();
    let at = story.now.plus_seconds(3_600);
    let good = |name, says, serial, exit| Fixture {
        name,
        says,
        bytes: story.dossier(serial),
        exit,
        why: None,
    };
    let tampered = |name, says, serial, spoil: &dyn Fn(&mut Value)| {
        let mut dossier = value(&story.dossier(serial));
        spoil(&mut dossier);
        let bytes = canonical_bytes(&dossier);
        Fixture { name, says, bytes, exit: 1, why: Some("HASH_FAILURE") }
    };
    let malformed =
        |name, says, bytes| Fixture { name, says, bytes, exit: 2, why: Some("FORMAT_FAILURE") };
    let whole = story.dossier(VALID);
    let twice = String::from_utf8(whole.clone()).unwrap();
    let twice = twice.replacen(r#""documents":[]"#, r#""documents":[],"documents":[]"#, 1);
    let fixtures = vec![
        good("valid", "nothing has happened to the certificate", VALID, 0),
        good("withdrawn", "the certificate was withdrawn", WITHDRAWN, 4),
        good("reinstated", "suspended, then reinstated", REINSTATED, 0),
        good("rotated-key", "its key was retired after it signed", ROTATED, 0),
        tampered(
            "member-swapped",
            "the record is that of a genuine dossier made before the withdrawal",
            WITHDRAWN,
            &|dossier| dossier["certificateRecord"] = before["certificateRecord"].clone(),
        ),
        tampered("hidden-field", "the certificate says more than was signed", VALID, &|dossier| {
            let index = dossier["manifest"]["places"]["certificate"].as_u64().unwrap();
            let at = place(dossier, index);
            let subject = &mut dossier["entries"][at]["leaf"]["statement"]["credentialSubject"];
            subject["organic"] = json!(true);
        }),
        tampered("cosignature-stripped", "the witness's line is gone", VALID, &|dossier| {
            let note = dossier["checkpoint"].as_str().unwrap().trim_end();
            let (rest, line) = note.rsplit_once('\n').unwrap();
            assert!(line.contains("witness.example/w1"));
            dossier["checkpoint"] = json!(format!("{rest}\n"));
        }),
        tampered(
            "older-status-list",
            "the list is a genuine older one, of before the withdrawal",
            WITHDRAWN,
            &|dossier| with_older_list(&story, dossier, &before),
        ),
        malformed("cut-in-half", "its second half is gone", whole[..whole.len() / 2].to_vec()),
        malformed("duplicate-key", "one member stands twice", twice.into_bytes()),
    ];
    (story.trust_file(), at, fixtures)
}

/// Dossiers of version 2, made under edition 3.
fn later_fixtures() -> (Vec<u8>, Timestamp, Vec<Fixture>) {
    let story = crate::edition3::forms::told();
    let at = story.now.plus_seconds(3_600);
    let good = |name, says, serial, exit| Fixture {
        name,
        says,
        bytes: story.dossier(serial),
        exit,
        why: None,
    };
    let mut hidden = value(&story.dossier(0));
    hidden["certificateRecord"].as_object_mut().unwrap().remove("superseded");
    let hidden = Fixture {
        name: "renewal-hidden",
        says: "the record does not say that the certificate was renewed",
        bytes: canonical_bytes(&hidden),
        exit: 1,
        why: Some("HASH_FAILURE"),
    };
    let fixtures = vec![
        good("superseded", "the certificate was renewed", 0, 4),
        good("renewal", "the certificate that renewed it", 4, 0),
        good("recall-taken-back", "the lot was recalled by mistake", 1, 0),
        hidden,
    ];
    (story.trust_file(), at, fixtures)
}

#[test]
fn public_dossiers() {
    let (trust, at, fixtures) = fixtures();
    let keep = |name: &str, bytes: &[u8]| kept::file(&format!("dossier/{name}"), bytes);
    let (later_trust, later_at, later) = later_fixtures();
    keep("trust.snapshot", &trust);
    keep("trust-3.snapshot", &later_trust);
    let [known, later_known] =
        [&trust, &later_trust].map(|bytes| Trust::open(bytes, None).unwrap());
    let mut index = Vec::new();
    let first = fixtures.iter().map(|fixture| (fixture, &known, "trust.snapshot", at));
    let later = later.iter().map(|it| (it, &later_known, "trust-3.snapshot", later_at));
    for (fixture, known, snapshot, at) in first.chain(later) {
        let name = fixture.name;
        let mut expect = serde_json::Map::new();
        for policy in POLICIES {
            let report = verify(Evidence::Dossier(&fixture.bytes), known, None, at, policy);
            let why = json!(report.authenticity.sub_indication);
            let found = (report.exit_code, why.as_str());
            assert_eq!(found, (fixture.exit, fixture.why), "{name}: {:#?}", report.checks);
            let verdict = json!({ "exitCode": fixture.exit, "subIndication": fixture.why });
            expect.insert(policy.name().to_owned(), verdict);
        }
        let file = format!("{name}.tasdiq");
        keep(&file, &fixture.bytes);
        index.push(json!({
            "name": name, "says": fixture.says, "file": file, "trust": snapshot,
            "root": known.root, "at": at, "expect": expect,
        }));
    }
    kept::kept("dossier", &index);
}
