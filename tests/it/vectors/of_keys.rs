//! Faults of what changes authority over time: confirmations, scopes, roots, many certificates.

use serde_json::json;
use tasdiq::seal::Signer as _;
use tasdiq::statement::{ScopeEventKind, commitment_text, multikey, root_commitment};

use super::good::{
    bulk_withdrawal, narrowing, reconfirmation, scope_change, succession, withdrawal,
};
use super::of_claims::edited;
use super::{By, Case};

const BOTH: &str = "inconsistent";
const SHAPE: &str = "shape";

/// Faults of all of them.
pub fn of_keys() -> Vec<Case> {
    [of_many(), of_confirmations(), of_scopes(), of_roots()].into_iter().flatten().collect()
}

fn of_many() -> Vec<Case> {
    let many = json!((0..1_501).map(|n| (n * 2).to_string()).collect::<Vec<_>>()).to_string();
    let notice = json!({"fr": "Ne pas consommer"});
    let mut told = bulk_withdrawal();
    told.value["credentialSubject"]["serials"] = json!(["0-1000"]);
    let one = r#""https://tasdiq.example/certificates/7""#;
    [
        edited(
            &bulk_withdrawal(),
            &[
                ("serials_none", BOTH, "serials", "null"),
                ("serials_out_of_order", BOTH, "serials", r#"["17","0-3"]"#),
                ("serials_touching", BOTH, "serials", r#"["0-3","4"]"#),
                ("serials_of_one_as_range", BOTH, "serials", r#"["3-3"]"#),
                ("serials_backwards", BOTH, "serials", r#"["3-1"]"#),
                ("serials_with_leading_zero", BOTH, "serials", r#"["03"]"#),
                ("serials_too_large", BOTH, "serials", r#"["9007199254740992"]"#),
                ("serials_as_numbers", SHAPE, "serials", "[3]"),
                ("serials_1501_ranges", BOTH, "serials", &many),
                ("serials_100001", BOTH, "serials", r#"["0-100000"]"#),
                ("serials_of_one_certificate", BOTH, "id", one),
                ("serials_held", BOTH, "statusChange", r#""hold""#),
            ],
        ),
        edited(&withdrawal(), &[("serials_beside_a_target", BOTH, "serials", r#"["3"]"#)]),
        vec![told.with("serials_1001_with_notice", BOTH, "/credentialSubject/notice", notice)],
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_confirmations() -> Vec<Case> {
    let entry =
        |index: u64| json!({"entry": index, "statementDigest": format!("u{}", "A".repeat(43))});
    let back = json!([entry(2), entry(1)]).to_string();
    let twice = json!([entry(2), entry(2)]).to_string();
    let many = json!((0..501).map(entry).collect::<Vec<_>>()).to_string();
    // The last character of 43 bears four unused bits.
    let loose =
        json!([{"entry": 1, "statementDigest": format!("u{}B", "A".repeat(42))}]).to_string();
    let short = json!([{"entry": 1, "statementDigest": "uAAAA"}]).to_string();
    let other = r#""did:web:tasdiq.example#key-1""#;
    let mut cases = edited(
        &reconfirmation(),
        &[
            ("confirmed_backwards", BOTH, "entries", &back),
            ("confirmed_twice", BOTH, "entries", &twice),
            ("confirmed_501_entries", BOTH, "entries", &many),
            ("confirmed_digest_spelt_loosely", BOTH, "entries", &loose),
            ("confirmed_digest_short", BOTH, "entries", &short),
            ("confirmed_without_digest", SHAPE, "entries", r#"[{"entry":1}]"#),
            ("confirmed_key_of_another_party", BOTH, "verificationMethod", other),
            ("confirmed_unknown_member", SHAPE, "reason", r#""error""#),
        ],
    );
    let mut nothing = reconfirmation();
    nothing.value["credentialSubject"].as_object_mut().unwrap().remove("serials");
    cases.push(nothing.with("confirmed_nothing", BOTH, "/credentialSubject/entries", json!(null)));
    cases
}

fn of_scopes() -> Vec<Case> {
    let region = r#"["https://tasdiq.example/regions/MA-09"]"#;
    [
        edited(
            &narrowing(),
            &[
                ("scope_narrowed_to_nothing", BOTH, "narrowedTo", "null"),
                ("scope_without_scheme", BOTH, "narrowedTo", region),
                ("scope_elsewhere", BOTH, "narrowedTo", r#"["https://other.example/schemes/x"]"#),
                ("scope_suspended_to_something", BOTH, "scopeChange", r#""suspend""#),
                ("scope_widened", SHAPE, "scopeChange", r#""widen""#),
                ("scope_of_nobody", BOTH, "id", r#""did:web:other.example""#),
                ("scope_without_accreditation", SHAPE, "accreditationId", "null"),
                ("scope_notice_in_german", BOTH, "notice", r#"{"de":"x"}"#),
            ],
        ),
        edited(
            &scope_change(ScopeEventKind::Suspend),
            &[("scope_unknown_reason", SHAPE, "reason", r#""mood""#)],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_roots() -> Vec<Case> {
    let own = json!(commitment_text(&root_commitment(&By::NextRoot.key().public()))).to_string();
    let good = succession();
    let kept = &good.value["credentialSubject"]["keeps"][0];
    let twice = json!([kept, kept]).to_string();
    let mut root = kept.clone();
    root["purpose"] = json!("root");
    let root = json!([root]).to_string();
    let mut foreign = kept.clone();
    foreign["verificationMethod"] = json!(By::Certifier.method());
    let foreign = json!([foreign]).to_string();
    let many = (0..151).map(|number| {
        let mut one = kept.clone();
        one["verificationMethod"] = json!(format!("did:web:tasdiq.example#key-{number}"));
        one
    });
    let many = json!(many.collect::<Vec<_>>()).to_string();
    let party = json!("did:web:tasdiq.example:parties:certificateur-fictif").to_string();
    let method = json!(By::Certifier.method()).to_string();
    let longer = json!(format!("{}1", multikey(&By::NextRoot.key().public()))).to_string();
    edited(
        &good,
        &[
            ("root_its_own_successor", BOTH, "successor", &own),
            ("root_without_successor", SHAPE, "successor", "null"),
            ("root_successor_short", BOTH, "successor", r#""AAAA""#),
            ("root_not_a_multikey", BOTH, "publicKeyMultibase", &longer),
            ("root_of_a_party", BOTH, "id", &party),
            ("root_named_as_a_party", BOTH, "verificationMethod", &method),
            ("root_keeps_one_twice", BOTH, "keeps", &twice),
            ("root_keeps_a_root", BOTH, "keeps", &root),
            ("root_keeps_a_partys_key", BOTH, "keeps", &foreign),
            ("root_keeps_151_keys", BOTH, "keeps", &many),
        ],
    )
}
