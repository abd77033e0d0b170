//! Faults of what is claimed: statements properly signed that say what no statement may say.

use serde_json::{Value, json};
use tasdiq::seal::seal;
use tasdiq::statement::KeyPurpose::Assertion;
use tasdiq::statement::{KeyEvent, multikey};

use super::good::{
    accreditation, certificate, key_added, key_change, key_compromised, label_issue, lot,
    registration, status_index, status_list, time, withdrawal,
};
use super::{By, CREATED, Case, Unsigned};
use tasdiq::seal::Signer as _;

const BOTH: &str = "inconsistent";
const SHAPE: &str = "shape";

/// One case a row: name, expectation, member (below the subject unless it starts with a slash),
/// and its new value as JSON; `null` removes it.
pub(super) type Edits<'a> = [(&'static str, &'static str, &'a str, &'a str)];

pub(super) fn edited(good: &Unsigned, edits: &Edits<'_>) -> Vec<Case> {
    let edit = |&(name, expect, at, value): &(&'static str, &'static str, &str, &str)| {
        let value: Value = serde_json::from_str(value).unwrap();
        let below = format!("/credentialSubject/{at}");
        good.with(name, expect, if at.starts_with('/') { at } else { &below }, value)
    };
    edits.iter().map(edit).collect()
}

/// Faults of what all types share.
pub fn of_envelope() -> Vec<Case> {
    const CONTEXT: &str = "context_mismatch";
    let lot = lot();
    let context = |name, places: &[usize]| {
        let context: Vec<_> = places.iter().map(|&place| &lot.value["@context"][place]).collect();
        lot.with(name, CONTEXT, "/@context", json!(context))
    };
    let did = "did:web:other.example:parties:cooperative-fictive";
    let mut elsewhere = lot.value.clone();
    elsewhere["issuer"]["id"] = json!(did);
    let method = format!("{did}#key-1");
    let elsewhere = seal(&elsewhere, &method, time(CREATED), &lot.by.key()).unwrap();
    let mut cases = vec![
        context("context_reordered", &[0, 2, 1]),
        context("context_without_ours", &[0, 1]),
        context("context_of_our_own_types", &[0, 2]),
        lot.bytes("issuer_of_another_ledger", BOTH, elsewhere),
    ];
    cases.extend(edited(
        &lot,
        &[
            ("type_unknown", "unknown_type", "/type", r#"["VerifiableCredential","Jar"]"#),
            ("type_a_text", SHAPE, "/type", r#""DigitalProductPassport""#),
            ("type_not_a_credential", SHAPE, "/type", r#"["DigitalProductPassport"]"#),
            ("issuer_a_text", SHAPE, "/issuer", r#""did:web:tasdiq.example""#),
            ("name_missing", SHAPE, "/name", "null"),
            ("valid_from_with_fraction", SHAPE, "/validFrom", r#""2026-11-23T14:04:15.0Z""#),
            ("valid_from_on_no_day", SHAPE, "/validFrom", r#""2026-02-30T00:00:00Z""#),
            ("subject_missing", SHAPE, "/credentialSubject", "null"),
        ],
    ));
    cases.extend(edited(
        &status_index(),
        &[
            ("own_type_with_unknown_envelope_member", SHAPE, "/evidence", "[]"),
            ("own_type_with_unknown_member", SHAPE, "note", r#""x""#),
        ],
    ));
    cases
}

/// Faults of lots.
pub fn of_lots() -> Vec<Case> {
    let lot = lot();
    let path = |name, expect, path: &str| {
        lot.with(
            name,
            expect,
            "/credentialSubject/id",
            json!(format!("https://tasdiq.example/{path}")),
        )
    };
    let number =
        |name, expect, number: &str| path(name, expect, &format!("01/06111234567895/10/{number}"));
    let mut cases = vec![
        number("lot_with_slash", "lot_character", "A24%2FB017"),
        number("lot_with_arabic_digit", "lot_character", "A24B01%D9%A7"),
        number("lot_in_lower_case", "lot_character", "a24b017"),
        number("lot_of_21_characters", "lot_length", "A24B01700000000000000"),
        number("lot_of_dots", "lot_dots", ".."),
        number("lot_with_needless_escape", BOTH, "%4124B017"),
        path("gtin_check_digit_wrong", "gtin_check_digit", "01/06111234567896/10/A24B017"),
        path("gtin_of_restricted_circulation", "gtin_restricted", "01/02011234567892/10/A24B017"),
        path("gtin_of_13_digits", BOTH, "01/6111234567895/10/A24B017"),
        path("lot_of_no_party", "party_form", "lot/-x/A24B017"),
        path("lot_path_of_something_else", "lot_path", "certificates/1"),
    ];
    cases.extend(edited(
        &lot,
        &[
            ("lot_of_another_ledger", BOTH, "id", r#""https://other.example/lot/x/A24B017""#),
            ("lot_number_differs", BOTH, "batchNumber", r#""A24B018""#),
            ("lot_id_differs", BOTH, "/id", r#""https://tasdiq.example/declarations/x""#),
            ("lot_of_a_model", BOTH, "idGranularity", r#""model""#),
            ("lot_expires_before_packing", BOTH, "expiryDate", r#""2026-11-19""#),
            ("lot_pack_larger_than_lot", BOTH, "lotDeclaration/packSize", "500001"),
            ("lot_quantity_zero", BOTH, "lotDeclaration/quantity", "0"),
            ("lot_quantity_negative", SHAPE, "lotDeclaration/quantity", "-1"),
            ("lot_quantity_a_text", SHAPE, "lotDeclaration/quantity", r#""500000""#),
            ("lot_unknown_member", SHAPE, "lotDeclaration/colour", r#""gold""#),
        ],
    ));
    cases
}

/// Faults of certificates.
pub fn of_certificates() -> Vec<Case> {
    let list = r#""https://tasdiq.example/status/revocation-0""#;
    edited(
        &certificate(),
        &[
            ("serial_differs_in_status", BOTH, "/credentialStatus/statusListIndex", "8"),
            ("serial_a_text_in_status", SHAPE, "/credentialStatus/statusListIndex", r#""7""#),
            ("serial_of_another_list", BOTH, "/credentialStatus/statusListCredential", list),
            ("status_of_other_purpose", BOTH, "/credentialStatus/statusPurpose", r#""suspension""#),
            ("status_missing", SHAPE, "/credentialStatus", "null"),
            (
                "serial_with_leading_zero",
                BOTH,
                "/id",
                r#""https://tasdiq.example/certificates/01048583""#,
            ),
            ("certificate_without_end", SHAPE, "/validUntil", "null"),
            ("certificate_ends_at_its_start", BOTH, "/validUntil", r#""2026-11-23T00:00:00Z""#),
            ("certificate_of_quantity_zero", BOTH, "batchCertificate/quantity", "0"),
            ("certificate_unknown_custody", SHAPE, "batchCertificate/custodyModel", r#""mixed""#),
            ("certificate_unknown_member", SHAPE, "batchCertificate/grade", r#""A""#),
            ("certificate_by_first_party", BOTH, "assessorLevel", r#""self""#),
            ("certificate_of_no_scheme", BOTH, "referenceScheme/id", r#""https://x.example/y""#),
            ("certificate_of_no_client", BOTH, "issuedToParty/id", r#""did:web:x.example""#),
        ],
    )
}

/// Faults of parties and keys.
pub fn of_parties() -> Vec<Case> {
    let authority = r#""did:web:tasdiq.example:parties:authority""#;
    let no_region =
        r#"["https://tasdiq.example/schemes/all","https://tasdiq.example/products/all"]"#;
    let elsewhere = r#"["https://other.example/schemes/all"]"#;
    let longer = json!(format!("{}1", multikey(&By::Certifier.key().public()))).to_string();
    let purpose = r#""encryption""#;
    let jwk = json!(format!("{}-jwk", By::Certifier.method())).to_string();
    let added = [
        ("key_not_a_multikey", BOTH, "publicKeyMultibase", longer.as_str()),
        ("key_of_another_party", BOTH, "verificationMethod", r#""did:web:tasdiq.example#key-1""#),
        ("key_named_as_a_jwk", BOTH, "verificationMethod", &jwk),
        ("key_added_without_custody", BOTH, "custody", "null"),
        ("key_of_unknown_purpose", SHAPE, "purpose", purpose),
    ];
    [
        edited(
            &registration(),
            &[
                ("registration_unknown_role", SHAPE, "registration/role", r#""king""#),
                ("registration_of_a_trademark", BOTH, "registerType", r#""trademark""#),
                ("registration_with_second_name_of_authority", BOTH, "id", authority),
                ("registration_without_role", SHAPE, "registration/role", "null"),
            ],
        ),
        edited(
            &accreditation(),
            &[
                ("accreditation_without_end", SHAPE, "/validUntil", "null"),
                ("accreditation_of_no_region", BOTH, "registrationScope", no_region),
                ("accreditation_scope_elsewhere", BOTH, "registrationScope", elsewhere),
            ],
        ),
        edited(&key_added(Assertion), &added),
        edited(
            &key_change(KeyEvent::Retired),
            &[("key_retired_with_purpose", BOTH, "purpose", r#""assertion""#)],
        ),
        edited(
            &key_compromised(),
            &[("key_compromised_backwards", BOTH, "since", r#""2026-11-21T00:00:00Z""#)],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Faults of status and labels.
pub fn of_status() -> Vec<Case> {
    let long = json!({"fr": "é".repeat(501)}).to_string();
    let not_gzip = json!(format!("u{}", "A".repeat(40))).to_string();
    let lists = r#""https://tasdiq.example/lists""#;
    [
        edited(
            &withdrawal(),
            &[
                ("status_hold_of_certificate", BOTH, "statusChange", r#""hold""#),
                ("status_unknown_reason", SHAPE, "reason", r#""mood""#),
                ("status_notice_in_german", BOTH, "notice", r#"{"de":"x"}"#),
                ("status_notice_too_long", BOTH, "notice", &long),
                ("status_notice_empty", BOTH, "notice", r#"{"fr":""}"#),
            ],
        ),
        edited(
            &status_list(),
            &[
                ("list_not_gzip", BOTH, "encodedList", &not_gzip),
                ("list_purpose_differs", BOTH, "statusPurpose", r#""suspension""#),
                ("list_of_unknown_name", BOTH, "id", lists),
            ],
        ),
        edited(&status_index(), &[("index_id_differs", BOTH, "id", lists)]),
        edited(
            &label_issue(),
            &[("labels_none", BOTH, "count", "0"), ("labels_10001", BOTH, "count", "10001")],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
