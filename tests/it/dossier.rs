//! Dossiers: that they verify with no server, that no part can be swapped, hidden, dropped or taken
//! from elsewhere, that newer status wins, and that a dishonest service contradicts itself.

#[path = "dossier/fixtures.rs"]
mod fixtures;
#[path = "dossier/service.rs"]
mod service;
#[path = "dossier/story.rs"]
pub mod story;

use serde_json::{Value, json};
use tasdiq::dossier::dossier_trust;
use tasdiq::label::LeftOut;
use tasdiq::log::Hash;
use tasdiq::pack::Pack;
use tasdiq::seal::seal;
use tasdiq::statement::{
    KeyChange, KeyEvent, KeyPurpose, Reconfirmation, SerialRanges, StatusAction, StatusTarget,
    canonical_bytes,
};
use tasdiq::trust::{StatusData, Trust};
use tasdiq::verify::{CheckName, CheckResult, Evidence, Policy, Report, SubIndication, verify};

use crate::world::{World, key, slug};
use story::{REINSTATED, ROTATED, Story, VALID, WITHDRAWN};

fn judge(story: &Story, bytes: &[u8], policy: Policy) -> Report {
    let trust = Trust::open(&story.trust_file(), None).unwrap();
    verify(Evidence::Dossier(bytes), &trust, None, story.now, policy)
}

fn result(report: &Report, name: CheckName) -> CheckResult {
    report.checks.iter().find(|check| check.check == name).unwrap().result
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Signs the manifest anew over what the dossier holds now: what a dishonest service can do.
fn signed_again(story: &Story, mut dossier: Value) -> Vec<u8> {
    let hash = |bytes: &[u8]| json!(Hash::sha256(bytes));
    let mut members = json!({
        "checkpoint": hash(dossier["checkpoint"].as_str().unwrap().as_bytes()),
    });
    for name in ["certificateRecord", "documents", "lotRecord", "trust"] {
        members[name] = hash(&canonical_bytes(&dossier[name]));
    }
    for entry in dossier["entries"].as_array().unwrap() {
        let name = format!("entries/{}", entry["leaf"]["index"]);
        members[name] = hash(&canonical_bytes(entry));
    }
    let mut manifest = dossier["manifest"].clone();
    manifest.as_object_mut().unwrap().remove("proof");
    manifest["members"] = members;
    let method = story.method("authority#service-1");
    dossier["manifest"] = value(&seal(&manifest, &method, story.now, &key(3)).unwrap());
    canonical_bytes(&dossier)
}

#[test]
fn without_a_pinned_root_nothing_is_decided() {
    let story = Story::begun();
    let bytes = story.dossier(VALID);
    let root = Trust::open(&story.trust_file(), None).unwrap().root;
    let own = dossier_trust(&bytes, Some(&root)).unwrap();
    let report = verify(Evidence::Dossier(&bytes), &own, None, story.now, Policy::Shop);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let own = dossier_trust(&bytes, None).unwrap();
    let report = verify(Evidence::Dossier(&bytes), &own, None, story.now, Policy::Shop);
    assert_eq!(report.exit_code, 3);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::RootNotPinned));
    let other = dossier_trust(&bytes, Some("z6MkfakeRoot")).unwrap_err();
    assert_eq!(other.code(), "trust_root");
}

#[test]
fn every_part_is_bound() {
    let story = Story::begun();
    let whole = story.dossier(VALID);
    let other = value(&story.dossier(WITHDRAWN));
    let dossier = value(&whole);
    let names: Vec<String> = dossier.as_object().unwrap().keys().cloned().collect();
    for name in &names {
        let mut swapped = dossier.clone();
        swapped[name] = other[name].clone();
        if swapped != dossier {
            let report = judge(&story, &canonical_bytes(&swapped), Policy::Shop);
            assert_eq!(report.exit_code, 1, "{name} of another dossier: {:#?}", report.checks);
        }
        let mut short = dossier.clone();
        short.as_object_mut().unwrap().remove(name).unwrap();
        let report = judge(&story, &canonical_bytes(&short), Policy::Shop);
        assert_eq!(result(&report, CheckName::Format), CheckResult::Fail, "without {name}");
    }
    for at in ["", "/manifest", "/certificateRecord", "/lotRecord", "/entries/0", "/trust"] {
        let mut hidden = dossier.clone();
        hidden.pointer_mut(at).unwrap()["note"] = json!("x");
        let report = judge(&story, &canonical_bytes(&hidden), Policy::Shop);
        assert_eq!(report.exit_code, 1, "a hidden member in {at}/");
    }
    for at in 0..dossier["entries"].as_array().unwrap().len() {
        let mut fewer = dossier.clone();
        fewer["entries"].as_array_mut().unwrap().remove(at);
        let report = judge(&story, &canonical_bytes(&fewer), Policy::Shop);
        let why = Some(SubIndication::HashFailure);
        assert_eq!(report.authenticity.sub_indication, why, "without entry {at}");
    }
    let spaced = [b" ".as_slice(), &whole].concat();
    // The same JSON in another dress is the same dossier, which is told.
    let report = judge(&story, &spaced, Policy::Shop);
    assert_eq!((report.exit_code, report.reading.left_out.len()), (0, 1));
    let pretty = serde_json::to_vec_pretty(&dossier).unwrap();
    let pretty = String::from_utf8(pretty).unwrap().replace('\n', "\r\n");
    let report = judge(&story, format!("\u{feff}{pretty}").as_bytes(), Policy::Shop);
    assert_eq!(report.reading.left_out, [LeftOut::JsonForm]);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let doubled = pretty.replacen('{', "{\"type\":\"x\",", 1);
    assert_eq!(judge(&story, doubled.as_bytes(), Policy::Shop).exit_code, 2);
    let ended = [whole.as_slice(), b"\n"].concat();
    assert_eq!(judge(&story, &ended, Policy::Shop).exit_code, 0);
}

#[test]
fn no_byte_may_change() {
    let story = Story::begun();
    let whole = story.dossier(VALID);
    // Every byte would take minutes; a stride prime to all lengths meets every kind of member.
    for place in (0..whole.len()).step_by(397) {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        let report = judge(&story, &changed, Policy::Shop);
        let is_json = serde_json::from_slice::<Value>(&changed).is_ok();
        assert_eq!(report.exit_code, if is_json { 1 } else { 2 }, "byte {place}");
        assert!(report.claims.is_none());
    }
}

#[test]
fn a_service_that_signs_anew_contradicts_the_log() {
    let mut story = Story::begun();
    story.suspend();
    let before = value(&story.dossier(WITHDRAWN));
    story.go_on();
    let dossier = value(&story.dossier(WITHDRAWN));
    let honest = judge(&story, &signed_again(&story, dossier.clone()), Policy::Shop);
    assert_eq!(honest.exit_code, 4, "signing anew changes nothing by itself");

    // The withdrawal is left out of the record, but its entry is there.
    let mut hidden = dossier.clone();
    hidden["certificateRecord"] = before["certificateRecord"].clone();
    let report = judge(&story, &signed_again(&story, hidden.clone()), Policy::Shop);
    assert_eq!(result(&report, CheckName::Records), CheckResult::Fail);

    // Its entry is left out too: the bit in the list still says it.
    let of_withdrawal = |entry: &Value| {
        entry["leaf"]["statement"]["credentialSubject"]["statusChange"] == "withdraw"
    };
    hidden["entries"].as_array_mut().unwrap().retain(|entry| !of_withdrawal(entry));
    let report = judge(&story, &signed_again(&story, hidden.clone()), Policy::Shop);
    assert_eq!(report.exit_code, 1);
    assert_eq!(result(&report, CheckName::NonWithdrawal), CheckResult::Fail);

    // An older list in its place: the index names another.
    let old = before["manifest"]["places"]["revocation"].as_u64().unwrap();
    let (leaves, tree) = (story.log_leaves(), story.tree());
    hidden["entries"].as_array_mut().unwrap().push(json!({
        "leaf": value(&leaves[usize::try_from(old).unwrap()]),
        "proof": tree.inclusion(old, tree.size()).unwrap(),
    }));
    let entries = hidden["entries"].as_array_mut().unwrap();
    entries.sort_by_key(|entry| entry["leaf"]["index"].as_u64());
    hidden["manifest"]["places"]["revocation"] = json!(old);
    let report = judge(&story, &signed_again(&story, hidden), Policy::Shop);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::LogProofFailure));
    assert_eq!(result(&report, CheckName::NonWithdrawal), CheckResult::Fail);
}

#[test]
fn newer_status_data_wins() {
    let mut story = Story::begun();
    story.suspend();
    let (bytes, suspended) = (story.dossier(WITHDRAWN), story.dossier(REINSTATED));
    let old_pack = story.pack_file();
    story.go_on();
    let new_pack = story.pack_file();
    let trust = Trust::open(&story.trust_file(), None).unwrap();
    let pack = Pack::open(&new_pack[..], &trust).unwrap();
    let with = |bytes: &[u8], book: &dyn StatusData| {
        verify(Evidence::Dossier(bytes), &trust, Some(book), story.now, Policy::Shop)
    };
    assert_eq!(judge(&story, &bytes, Policy::Shop).exit_code, 0, "what it says of itself");
    let report = with(&bytes, &pack);
    assert_eq!(report.exit_code, 4, "{:#?}", report.checks);
    assert_eq!(judge(&story, &suspended, Policy::Shop).exit_code, 4);
    assert_eq!(with(&suspended, &pack).exit_code, 0, "reinstated since");
    let old_pack = Pack::open(&old_pack[..], &trust).unwrap();
    assert_eq!(with(&story.dossier(WITHDRAWN), &old_pack).exit_code, 4, "the dossier is newer");
}

#[test]
fn status_grows_stale_by_policy() {
    let story = Story::begun();
    let bytes = story.dossier(VALID);
    let trust = Trust::open(&story.trust_file(), None).unwrap();
    let after = |days: i64, policy| {
        let now = story.now.plus_seconds(days * 86_400 - 60);
        verify(Evidence::Dossier(&bytes), &trust, None, now, policy)
    };
    for (policy, days) in [(Policy::Shop, 7), (Policy::Audit, 1)] {
        assert_eq!(after(days, policy).exit_code, 0, "{policy:?}");
        let late = after(days + 1, policy);
        assert_eq!(late.authenticity.sub_indication, Some(SubIndication::StatusStale));
        assert_eq!(late.exit_code, 3, "{policy:?}");
    }
}

#[test]
fn a_certificate_newer_than_the_index_is_not_proven_yet() {
    let mut story = Story::begun();
    story.declare("L9", 50).unwrap();
    story.certify(9, "L9", 50, "bio-maroc").unwrap();
    let bytes = story.dossier(9);
    let report = judge(&story, &bytes, Policy::Shop);
    assert_eq!(report.exit_code, 0, "a shop takes the service's word");
    assert_eq!(result(&report, CheckName::NonWithdrawal), CheckResult::Absent);
    let report = judge(&story, &bytes, Policy::Audit);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::TryLater));
    let due = |story: &Story, seconds| {
        tasdiq::ledger::status_index_due(&story.register, story.now.plus_seconds(seconds))
    };
    assert!(!due(&story, 500) && due(&story, 700), "the keeper covers it within ten minutes");
    story.keep_lists();
    assert!(!due(&story, 700) && due(&story, 86_400), "and daily anyway");
    assert_eq!(judge(&story, &story.dossier(9), Policy::Audit).exit_code, 0);
}

#[test]
fn a_dossier_of_another_ledger_is_refused() {
    let story = Story::begun();
    let text = String::from_utf8(story.dossier(VALID)).unwrap();
    let moved = text.replacen("\"host\":\"ledger.example\"", "\"host\":\"ledger.exampla\"", 1);
    assert_ne!(text, moved);
    let trust = Trust::open(&story.trust_file(), None).unwrap();
    let evidence = Evidence::Dossier(moved.as_bytes());
    let report = verify(evidence, &trust, None, story.now, Policy::Shop);
    assert_eq!(result(&report, CheckName::Host), CheckResult::Fail);
    assert_eq!(report.authenticity.sub_indication, Some(SubIndication::TrustFailure));
}

#[test]
fn dossiers_and_their_reports_keep_to_their_schemas() {
    let schema = |name: &str| {
        let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        jsonschema::validator_for(&value(&std::fs::read(path).unwrap())).unwrap()
    };
    let (dossiers, reports) = (schema("dossier"), schema("verification-report"));
    let mut story = Story::begun();
    story.suspend();
    story.go_on();
    for serial in [VALID, WITHDRAWN, REINSTATED] {
        let bytes = story.dossier(serial);
        let dossier = value(&bytes);
        let faults: Vec<_> =
            dossiers.iter_errors(&dossier).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        for member in dossier.as_object().unwrap().keys() {
            let mut short = dossier.clone();
            short.as_object_mut().unwrap().remove(member).unwrap();
            assert!(!dossiers.is_valid(&short), "without {member}");
        }
        for at in ["", "/manifest", "/entries/0/leaf", "/certificateRecord", "/manifest/places"] {
            let mut long = dossier.clone();
            long.pointer_mut(at).unwrap()["note"] = json!("x");
            assert!(!dossiers.is_valid(&long), "a hidden member in {at}/");
        }
        for policy in Policy::ALL {
            for bytes in [&bytes[..], &bytes[..bytes.len() / 2]] {
                let report = json!(judge(&story, bytes, policy));
                let faults: Vec<_> =
                    reports.iter_errors(&report).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{faults:?}");
            }
        }
    }
}

#[test]
fn what_befell_keys_and_many_certificates_is_in_it() {
    let mut story = Story::begun();
    let stolen = KeyChange {
        party: slug("atlas"),
        verification_method: story.method("atlas#key-1"),
        event: KeyEvent::Compromised { since: story.now.plus_seconds(-3_600), known_at: story.now },
    };
    let unsigned = stolen.draft(&story.draft("authority"));
    story.by_registrar(unsigned).unwrap();
    let suspect = judge(&story, &story.dossier(VALID), Policy::Shop);
    assert_eq!(suspect.authenticity.sub_indication, Some(SubIndication::KeySuspect));
    let added = story.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    let unsigned = added.draft(&story.draft("authority"));
    story.by_registrar(unsigned).unwrap();
    let ranges = |first, last| SerialRanges::of(first..=last).pop().unwrap();
    let again = Reconfirmation {
        party: slug("atlas"),
        verification_method: story.method("atlas#key-1"),
        serials: Some(ranges(0, 2)),
        entries: vec![],
        voids: Vec::new(),
    };
    let unsigned = again.draft(&story.draft("atlas"));
    story.log(unsigned, "atlas#key-2", 11).unwrap();
    let report = judge(&story, &story.dossier(VALID), Policy::Audit);
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let mut claimed = value(&story.dossier(ROTATED));
    let confirmed = value(&story.dossier(VALID));
    claimed["certificateRecord"]["confirmed"] = confirmed["certificateRecord"]["confirmed"].clone();
    let report = judge(&story, &signed_again(&story, claimed), Policy::Shop);
    assert_eq!(result(&report, CheckName::Records), CheckResult::Fail);

    let many = StatusTarget::Certificates(ranges(1, 3));
    story.status(many, StatusAction::Withdraw, "atlas#key-2", 11).unwrap();
    story.keep_lists();
    let codes: Vec<u8> = (0..4)
        .map(|serial| judge(&story, &story.dossier(serial), Policy::Shop).exit_code)
        .collect();
    assert_eq!(codes, [0, 4, 4, 3], "the last one was never confirmed again");
}

#[test]
fn a_dossier_outlives_its_root() {
    let mut story = Story::begun();
    let (before, old) = (story.dossier(VALID), Trust::open(&story.trust_file(), None).unwrap());
    let claim = story.succession();
    let unsigned = claim.draft(&story.draft("authority"));
    let name = claim.verification_method.rsplit('#').next().unwrap().to_owned();
    story.log(unsigned, &format!("authority#{name}"), 101).unwrap();
    let new = Trust::open(&story.trust_file(), None).unwrap();
    assert_ne!(old.root, new.root);
    let after = story.dossier(VALID);
    for (dossier, what) in [(&before, "the older dossier"), (&after, "the newer dossier")] {
        for (trust, whose) in [(&old, "older"), (&new, "newer")] {
            let report = verify(Evidence::Dossier(dossier), trust, None, story.now, Policy::Audit);
            assert_eq!(report.exit_code, 0, "{what}, {whose} root: {:#?}", report.checks);
        }
    }
    for root in [&old.root, &new.root] {
        assert!(dossier_trust(&after, Some(root)).is_ok(), "both roots lead to the newer one");
    }
    assert_eq!(dossier_trust(&before, Some(&new.root)).unwrap_err().code(), "trust_root");
}

#[test]
fn under_edition_1_what_is_loosened_and_what_ends_by_itself_is_in_it() {
    let mut story = Story::begun_in(World::newest());
    story.suspend();
    let before = story.now;
    story.go_on();
    let held = StatusTarget::Lot("coop/L0".parse().unwrap());
    story.status(held, StatusAction::Hold, "atlas#key-2", 11).unwrap_err();
    story.now = story.now.plus_seconds(72 * 3_600);
    let held = StatusTarget::Lot("coop/L0".parse().unwrap());
    story.status(held, StatusAction::Hold, "atlas#key-2", 11).unwrap();
    story.keep_lists();
    let exit = |serial: u64| judge(&story, &story.dossier(serial), Policy::Shop).exit_code;
    assert_eq!((exit(REINSTATED), exit(WITHDRAWN), exit(VALID)), (0, 4, 4));
    // Only what edition 1 makes of an event may differ from its statement.
    let good = value(&story.dossier(VALID));
    let end = good["lotRecord"]["events"][0]["ends"].as_str().unwrap().to_owned();
    assert!(end > story.now.to_string());
    for earlier in [json!(story.now), json!(before)] {
        let mut lied = good.clone();
        lied["lotRecord"]["events"][0]["ends"] = earlier;
        let report = judge(&story, &signed_again(&story, lied), Policy::Shop);
        assert_eq!(report.exit_code, 1, "a hold that ended sooner");
    }
    let mut lied = value(&story.dossier(REINSTATED));
    lied["certificateRecord"]["events"][0]["effectiveFrom"] = json!(story.now);
    let report = judge(&story, &signed_again(&story, lied), Policy::Shop);
    assert_eq!(report.exit_code, 1, "a suspension that began later");
}

#[test]
fn a_withdrawal_that_was_annulled_is_none() {
    let mut story = Story::begun_in(World::newest());
    let withdrawn = StatusTarget::Certificate(WITHDRAWN);
    let index = story.status(withdrawn, StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    story.keep_lists();
    let exit = |story: &Story| judge(story, &story.dossier(WITHDRAWN), Policy::Shop).exit_code;
    assert_eq!(exit(&story), 4);
    let bytes = &story.leaves[usize::try_from(index).unwrap()];
    let digest = tasdiq::statement::Statement::parse(bytes, &story.domain).unwrap().digest;
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: story.method("atlas#key-1"),
        serials: None,
        entries: vec![],
        voids: vec![(index, digest)],
    };
    let unsigned = claim.draft(&story.draft("authority"));
    story.by_registrar(unsigned).unwrap();
    story.keep_lists();
    assert_eq!(exit(&story), 0);
}
