//! Statements and members of editions 2 and 3 that say what none may say: one fault each.

use serde_json::json;
use tasdiq::statement::*;

use super::good::domain;
use super::of_claims::edited;
use super::of_events::event_of;
use super::of_goods::{
    certificate_renewed, extract, lot_named, mandate, operator_certificate, price_paid, recall,
    recipes, registration_reached, release, rulebook,
};
use super::{By, Case};

const BOTH: &str = "inconsistent";
const SHAPE: &str = "shape";
const RANGE: &str = "quantity_range";

pub fn faults() -> Vec<Case> {
    let groups = [
        of_recipes(),
        of_lists(),
        of_figures(),
        of_operators(),
        of_prices(),
        of_extracts_and_mandates(),
        of_names(),
        of_certificates_and_changes(),
    ];
    groups.into_iter().flatten().collect()
}

/// The list of recipes with the first one's members changed.
fn recipe_with(changes: serde_json::Value) -> String {
    let mut recipe = json!(recipes()[1]);
    for (member, value) in changes.as_object().unwrap() {
        recipe[member] = value.clone();
    }
    json!([recipe]).to_string()
}

fn of_recipes() -> Vec<Case> {
    let pair = |from: &str, to: &str, ceiling: serde_json::Value| {
        recipe_with(
            json!({"ratios": [{"from": from, "to": to, "ceiling": ceiling}], "shares": [["x", "y"]]}),
        )
    };
    let unshared = |ratios: serde_json::Value| {
        let mut recipe = json!({"id": "press", "ratios": ratios});
        recipe["ratios"] = ratios;
        json!([recipe]).to_string()
    };
    let one = |ceiling: serde_json::Value| {
        unshared(json!([{"from": "a", "to": "b", "ceiling": ceiling}]))
    };
    let warned = unshared(json!([{"from": "a", "to": "b", "ceiling": [1, 2], "warn": [2, 3]}]));
    let twice = unshared(json!([
        {"from": "a", "to": "b", "ceiling": [1, 2]}, {"from": "a", "to": "b", "ceiling": [1, 3]}]));
    let back = unshared(json!([
        {"from": "b", "to": "c", "ceiling": [1, 2]}, {"from": "a", "to": "c", "ceiling": [1, 3]}]));
    let bare = unshared(json!([{"from": "a", "to": "b"}]));
    let two = json!([recipes()[1], recipes()[0]]).to_string();
    let group = |groups: serde_json::Value| recipe_with(json!({"shares": groups}));
    let rows = [
        ("rulebook_recipes_empty", SHAPE, "[]".to_owned()),
        ("recipes_unsorted", BOTH, two),
        ("recipe_built_in", BOTH, recipe_with(json!({"id": "split"}))),
        ("recipe_id_in_upper_case", BOTH, recipe_with(json!({"id": "Press"}))),
        ("recipe_of_no_ratio", BOTH, recipe_with(json!({"ratios": []}))),
        ("recipe_unknown_member", SHAPE, recipe_with(json!({"yield": 1}))),
        ("ratio_without_ceiling", SHAPE, bare),
        ("ratio_ceiling_0", SHAPE, one(json!([0, 1]))),
        ("ratio_by_0", SHAPE, one(json!([1, 0]))),
        ("ratio_of_one_number", SHAPE, one(json!([1]))),
        ("ratio_of_three_numbers", SHAPE, one(json!([1, 2, 3]))),
        ("ratio_a_number", SHAPE, one(json!(1))),
        ("ratio_of_itself", BOTH, unshared(json!([{"from": "a", "to": "a", "ceiling": [1, 1]}]))),
        ("ratio_warn_above_ceiling", BOTH, warned),
        ("ratios_twice", BOTH, twice),
        ("ratios_unsorted", BOTH, back),
        ("shares_of_no_output", BOTH, pair("a", "b", json!([1, 1]))),
        ("shares_of_one", BOTH, group(json!([["argane"]]))),
        ("shares_unsorted", BOTH, group(json!([["argane-cosmetique", "argane"]]))),
        ("shares_twice", BOTH, group(json!([["argane", "argane"]]))),
        ("shares_empty", SHAPE, group(json!([]))),
        ("minor_of_all", BOTH, recipe_with(json!({"minor": ["argan-kernels"]}))),
        ("minor_of_no_input", BOTH, recipe_with(json!({"minor": ["sel"]}))),
    ];
    let rows: Vec<_> =
        rows.iter().map(|(name, code, value)| (*name, *code, "recipes", value.as_str())).collect();
    edited(&rulebook(), &rows)
}

fn of_lists() -> Vec<Case> {
    let material = json!({"id": "sel", "names": {"fr": "Sel"}, "unit": "GRM", "hsCode": "250100", "origin": "primary"});
    let with = |member: &str, value: serde_json::Value| {
        let mut one = material.clone();
        one[member] = value;
        json!([one]).to_string()
    };
    let season =
        |from: &str| json!([{"material": "olives", "from": from, "to": "12-31"}]).to_string();
    let many: Vec<_> =
        (0..501).map(|n| json!({"material": format!("m{n:03}"), "perMille": 5})).collect();
    edited(
        &rulebook(),
        &[
            ("chain_of_itself", BOTH, "chains", r#"[{"from":"a","hold":[1,2],"to":"a"}]"#),
            ("chain_without_bound", SHAPE, "chains", r#"[{"from":"a","to":"b"}]"#),
            ("season_from_month_13", SHAPE, "seasons", &season("13-01")),
            ("season_from_30_february", SHAPE, "seasons", &season("02-30")),
            ("season_from_a_date", SHAPE, "seasons", &season("2026-10-01")),
            ("season_without_zero", SHAPE, "seasons", &season("6-01")),
            ("material_of_no_name", BOTH, "materials", &with("names", json!({}))),
            ("material_in_german", BOTH, "materials", &with("names", json!({"de": "Salz"}))),
            ("material_in_kilograms", BOTH, "materials", &with("unit", json!("KGM"))),
            ("material_of_no_hs_code", BOTH, "materials", &with("hsCode", json!("2501"))),
            ("material_of_no_origin", SHAPE, "materials", &with("origin", json!("bought"))),
            (
                "material_density_of_a_solid",
                BOTH,
                "materials",
                &with("density", json!([1000, 1100])),
            ),
            ("material_id_with_slash", BOTH, "materials", &with("id", json!("a/b"))),
            ("traced_from_a_day", SHAPE, "tracedFrom", r#"[{"at":"2027-01-01","material":"a"}]"#),
            (
                "traced_material_in_words",
                BOTH,
                "tracedFrom",
                r#"[{"at":"2027-01-01T00:00:00Z","material":"Huile d'argane"}]"#,
            ),
            ("tolerances_501", BOTH, "tolerances", &json!(many).to_string()),
            ("rulebook_unknown_list", SHAPE, "prices", "[]"),
        ],
    )
}

fn of_figures() -> Vec<Case> {
    edited(
        &rulebook(),
        &[
            ("least_0", BOTH, "coveredSchemes", r#"[{"least":0,"scheme":"bio-maroc"}]"#),
            ("least_1001", BOTH, "coveredSchemes", r#"[{"least":1001,"scheme":"bio-maroc"}]"#),
            ("covered_twice", BOTH, "coveredSchemes", r#"[{"scheme":"a"},{"scheme":"a"}]"#),
            (
                "uncovered_and_covered",
                BOTH,
                "uncovered",
                r#"[{"reason":"x","scheme":"bio-maroc"}]"#,
            ),
            ("uncovered_without_reason", SHAPE, "uncovered", r#"[{"scheme":"x"}]"#),
            ("uncovered_for_an_empty_reason", BOTH, "uncovered", r#"[{"reason":"","scheme":"x"}]"#),
            ("tolerance_of_1001", BOTH, "tolerances", r#"[{"material":"a","perMille":1001}]"#),
            ("tolerance_negative", SHAPE, "tolerances", r#"[{"material":"a","perMille":-1}]"#),
            ("keeping_nothing", BOTH, "keeping", r#"[{"material":"a"}]"#),
            ("keeping_0_months", BOTH, "keeping", r#"[{"keeps":0,"material":"a"}]"#),
            (
                "keeping_unsorted",
                BOTH,
                "keeping",
                r#"[{"keeps":1,"material":"b"},{"keeps":1,"material":"a"}]"#,
            ),
        ],
    )
}

fn of_operators() -> Vec<Case> {
    let volume = |material: &str, campaign: &str, quantity: i64| {
        json!([{"material": material, "campaign": campaign, "quantity": quantity}]).to_string()
    };
    let at = |member: &str| format!("operatorCertificate/{member}");
    let (volumes, materials, regions) = (at("volumes"), at("materials"), at("regions"));
    let other = json!({"id": "did:web:tasdiq.example:parties:x", "name": "x"}).to_string();
    let mut cases = edited(
        &operator_certificate(),
        &[
            ("operator_of_no_material", BOTH, &materials, "[]"),
            ("operator_materials_unsorted", BOTH, &materials, r#"["b","a"]"#),
            ("operator_of_no_region", BOTH, &regions, "[]"),
            ("operator_volume_of_another_material", BOTH, &volumes, &volume("olives", "2026", 1)),
            ("operator_volume_0", RANGE, &volumes, &volume("argane", "2026", 0)),
            ("operator_volume_negative", SHAPE, &volumes, &volume("argane", "2026", -1)),
            ("operator_volume_of_no_campaign", BOTH, &volumes, &volume("argane", "2026-27", 1)),
            ("operator_volumes_empty", SHAPE, &volumes, "[]"),
            ("operator_unknown_member", SHAPE, "operatorCertificate/lot", r#""x""#),
            ("operator_without_decision", SHAPE, "operatorCertificate/decisionDate", "null"),
            ("operator_by_first_party", BOTH, "assessorLevel", r#""self""#),
            ("operator_of_no_scheme", BOTH, "referenceScheme/id", r#""https://x.example/y""#),
            ("operator_without_end", SHAPE, "/validUntil", "null"),
            ("operator_serial_differs", BOTH, "/credentialStatus/statusListIndex", "9"),
        ],
    );
    let organisation = "/credentialSubject/conformityAssessment/0/assessedOrganisation";
    let other: serde_json::Value = serde_json::from_str(&other).unwrap();
    let differs = ("operator_is_not_who_was_assessed", BOTH);
    cases.push(operator_certificate().with(differs.0, differs.1, organisation, other));
    cases
}

fn of_prices() -> Vec<Case> {
    let terms = json!(Commitment::from([9; 32])).to_string();
    let own = json!(domain().did(&By::Cooperative.party())).to_string();
    edited(
        &price_paid(),
        &[
            ("price_open_and_committed", BOTH, "terms", &terms),
            ("price_without_premium", BOTH, "premium", "null"),
            ("price_of_nothing", RANGE, "amount", "0"),
            ("price_premium_negative", RANGE, "premium", "-1"),
            ("price_with_fraction_in_text", SHAPE, "amount", r#""12500.00""#),
            ("price_in_dirhams", BOTH, "currency", r#""dirham""#),
            ("price_currency_in_lower_case", BOTH, "currency", r#""mad""#),
            ("price_quantity_0", RANGE, "quantity", "0"),
            ("price_paid_to_itself", BOTH, "buyer", &own),
            ("price_for_no_ship", BOTH, "ship", r#""https://tasdiq.example/statements/0""#),
            ("price_on_no_basis", SHAPE, "basis", r#""kilo""#),
            ("price_without_invoice", SHAPE, "invoice", "null"),
            ("price_invoice_in_clear", SHAPE, "invoice", r#""F-2026-17""#),
            (
                "price_confirms_an_event",
                BOTH,
                "confirms",
                &json!(domain().event_iri(&event_of("x", "S1"))).to_string(),
            ),
            ("price_of_no_scheme", BOTH, "scheme", r#""Fair Trade""#),
            ("price_of_no_lot", BOTH, "id", r#""https://other.example/lot/x/A""#),
            ("price_unknown_member", SHAPE, "note", r#""x""#),
        ],
    )
}

fn of_extracts_and_mandates() -> Vec<Case> {
    let own = json!(domain().did(&By::Cooperative.party())).to_string();
    let mut cases = edited(
        &extract(),
        &[
            (
                "extract_of_no_certificate",
                BOTH,
                "id",
                r#""https://tasdiq.example/certificates/01""#,
            ),
            ("extract_of_quantity_0", RANGE, "quantity", "0"),
            (
                "extract_for_no_ship",
                BOTH,
                "consignment",
                r#""https://tasdiq.example/certificates/1""#,
            ),
            ("extract_of_no_lot", "lot_path", "lot", r#""https://tasdiq.example/certificates/1""#),
            ("extract_unknown_member", SHAPE, "unit", r#""MLT""#),
        ],
    );
    cases.extend(edited(
        &mandate(),
        &[
            ("mandate_for_itself", BOTH, "to", &own),
            ("mandate_for_nobody", BOTH, "to", r#""did:web:other.example""#),
            ("mandate_of_no_act", BOTH, "acts", "[]"),
            ("mandate_to_transform", SHAPE, "acts", r#"["transform"]"#),
            ("mandate_acts_unsorted", BOTH, "acts", r#"["ship","declare"]"#),
            ("mandate_of_13_months_and_a_day", BOTH, "until", r#""2027-12-24""#),
            ("mandate_over_before_it_begins", BOTH, "until", r#""2026-11-22""#),
            ("mandate_without_end", SHAPE, "until", "null"),
        ],
    ));
    cases
}

fn of_names() -> Vec<Case> {
    let long = json!({"fr": "é".repeat(121)}).to_string();
    let contact = |value: serde_json::Value| value.to_string();
    let (names, reach) = ("registration/names", "registration/contact");
    let mut cases = edited(
        &registration_reached(),
        &[
            ("names_of_121_characters", BOTH, names, &long),
            ("names_empty", SHAPE, names, "{}"),
            ("names_in_german", BOTH, names, r#"{"de":"x"}"#),
            ("names_without_letters", BOTH, names, r#"{"fr":""}"#),
            ("names_a_text", SHAPE, names, r#""x""#),
            ("contact_of_nothing", BOTH, reach, "{}"),
            ("contact_phone_of_one_country", BOTH, reach, &contact(json!({"phone": "0500000000"}))),
            ("contact_phone_with_spaces", BOTH, reach, &contact(json!({"phone": "+212 500 000"}))),
            (
                "contact_phone_of_16_digits",
                BOTH,
                reach,
                &contact(json!({"phone": "+1234567890123456"})),
            ),
            (
                "contact_url_without_tls",
                BOTH,
                reach,
                &contact(json!({"url": "http://coop.example"})),
            ),
            (
                "contact_url_of_a_script",
                BOTH,
                reach,
                &contact(json!({"url": "javascript:alert(1)"})),
            ),
            ("contact_url_with_user", BOTH, reach, &contact(json!({"url": "https://a@b.example"}))),
            ("contact_url_of_no_host", BOTH, reach, &contact(json!({"url": "https:///x"}))),
            ("contact_mail", SHAPE, reach, &contact(json!({"mail": "x@coop.example"}))),
        ],
    );
    cases.extend(edited(
        &lot_named(),
        &[
            ("lot_names_empty", SHAPE, "lotDeclaration/names", "{}"),
            (
                "lot_mandate_a_certificate",
                BOTH,
                "lotDeclaration/mandate",
                r#""https://tasdiq.example/certificates/1""#,
            ),
        ],
    ));
    cases
}

fn of_certificates_and_changes() -> Vec<Case> {
    let own = json!(domain().certificate_id(1_048_583)).to_string();
    let many: Vec<String> = (0..51).map(|n| domain().url(&format!("statements/{n:02}"))).collect();
    let back = json!([many[1], many[0]]).to_string();
    let mut cases = edited(
        &certificate_renewed(),
        &[
            ("certificate_supersedes_itself", BOTH, "batchCertificate/supersedes", &own),
            ("certificate_supersedes_a_number", SHAPE, "batchCertificate/supersedes", "7"),
            (
                "certificate_on_no_operator",
                BOTH,
                "batchCertificate/operatorCertificate",
                r#""https://other.example/certificates/1""#,
            ),
        ],
    );
    cases.extend(edited(
        &recall(),
        &[
            ("recall_returned_to_nobody", SHAPE, "returnTo", r#""bin""#),
            ("hold_with_return", BOTH, "statusChange", r#""hold""#),
            ("recall_that_lifts", BOTH, "lifts", &json!([many[0]]).to_string()),
        ],
    ));
    cases.extend(edited(
        &release(),
        &[
            ("lifts_empty", SHAPE, "lifts", "[]"),
            ("lifts_51", BOTH, "lifts", &json!(many).to_string()),
            ("lifts_unsorted", BOTH, "lifts", &back),
            ("lifts_twice", BOTH, "lifts", &json!([many[0], many[0]]).to_string()),
            ("lifts_a_certificate", BOTH, "lifts", r#"["https://tasdiq.example/certificates/1"]"#),
        ],
    ));
    cases
}
