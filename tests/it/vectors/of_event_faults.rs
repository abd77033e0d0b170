//! Events that say what no event may say: one fault each.

use serde_json::{Value, json};
use tasdiq::statement::*;

use super::good::{domain, lot_key};
use super::of_claims::edited;
use super::of_events::{
    destroy, event, event_of, loss, observe, out, packing, receive, receive_all, sample, settle,
    ship, ship_back, signed, sscc, transform, transform_of, undo_event, unpack,
};
use super::{By, Case, Unsigned};

const BOTH: &str = "inconsistent";
const SHAPE: &str = "shape";
const RANGE: &str = "quantity_range";

pub fn faults() -> Vec<Case> {
    let groups = [
        of_all_kinds(),
        of_transforms(),
        of_shipments(),
        of_receipts(),
        of_settlements(),
        of_packing(),
        of_leaving(),
        of_observations(),
        of_voids(),
        of_sizes(),
    ];
    groups.into_iter().flatten().collect()
}

fn of_all_kinds() -> Vec<Case> {
    let text = |text: &str| json!(text).to_string();
    let lower =
        text("https://tasdiq.example/events/cooperative-fictive/0000000000000000000000000a");
    let upper = text("+01:00 ");
    let mut cases = edited(
        &transform(),
        &[
            ("event_of_no_kind", SHAPE, "kind", r#""harvest""#),
            ("event_without_kind", SHAPE, "kind", "null"),
            ("event_unknown_member", SHAPE, "note", r#""x""#),
            ("event_member_of_another_kind", SHAPE, "cause", r#""moisture""#),
            ("event_with_evidence", SHAPE, "/evidence", "[]"),
            ("event_without_time", SHAPE, "at", "null"),
            ("event_at_fraction_of_a_second", SHAPE, "at", r#""2026-10-30T09:12:00.5Z""#),
            ("event_at_offset_time", SHAPE, "at", r#""2026-10-30T10:12:00+01:00""#),
            ("event_without_offset", SHAPE, "offset", "null"),
            ("offset_minus_zero", BOTH, "offset", r#""-00:00""#),
            ("offset_of_15_hours", BOTH, "offset", r#""+15:00""#),
            ("offset_below_minus_12_hours", BOTH, "offset", r#""-12:01""#),
            ("offset_of_60_minutes", BOTH, "offset", r#""+01:60""#),
            ("offset_z", BOTH, "offset", r#""Z""#),
            ("offset_with_space", BOTH, "offset", &upper),
            ("event_region_a_name", BOTH, "region", r#""Souss-Massa""#),
            ("event_id_of_subject_differs", BOTH, "id", &lower),
            ("document_not_base64url", SHAPE, "document", r#""uSHA256""#),
            ("document_without_u", SHAPE, "document", &text(&"A".repeat(43))),
            (
                "document_in_another_spelling",
                SHAPE,
                "document",
                &text(&format!("u{}B", "A".repeat(42))),
            ),
            (
                "event_mandate_for_a_transform",
                BOTH,
                "mandate",
                r#""https://tasdiq.example/statements/0""#,
            ),
        ],
    );
    for member in ["region", "document"] {
        let mut empty = transform();
        empty.value["credentialSubject"][member] = json!(null);
        let name = if member == "region" { "event_region_null" } else { "event_document_null" };
        cases.push(empty.case(name, SHAPE));
    }
    cases.extend(edited(
        &ship_back(),
        &[("event_mandate_elsewhere", BOTH, "mandate", r#""https://other.example/statements/0""#)],
    ));
    for (name, id) in [
        ("event_id_of_another_party", "events/voisine-fictive/00000000000000000000004K7Q"),
        ("event_id_of_25_characters", "events/cooperative-fictive/0000000000000000000004K7Q"),
        ("event_id_of_27_characters", "events/cooperative-fictive/000000000000000000000004K7Q"),
        ("event_id_in_lower_case", "events/cooperative-fictive/00000000000000000000004k7q"),
        ("event_id_with_letter_u", "events/cooperative-fictive/00000000000000000000004K7U"),
        ("event_id_from_content", "statements/00000000000000000000004K7Q"),
    ] {
        let mut other = transform();
        other.value["id"] = json!(domain().url(id));
        other.value["credentialSubject"]["id"] = json!(domain().url(id));
        cases.push(other.case(name, BOTH));
    }
    cases
}

/// The lines of a list, with one change each.
fn of_transforms() -> Vec<Case> {
    let address = |path: &str| domain().url(path);
    let one = |path: &str, quantity: Value| json!([{"lot": address(path), "quantity": quantity}]);
    let (a, b) = ("lot/cooperative-fictive/A", "lot/cooperative-fictive/B");
    let pair = |first: &str, second: &str| {
        let line = |path: &str| json!({"lot": address(path), "quantity": 1});
        json!([line(first), line(second)]).to_string()
    };
    let mut extra = one(a, json!(1));
    extra[0]["unit"] = json!("GRM");
    let rows = [
        ("line_quantity_0", RANGE, one(a, json!(0)).to_string()),
        ("line_quantity_minus_1", RANGE, one(a, json!(-1)).to_string()),
        ("line_quantity_a_text", SHAPE, one(a, json!("1")).to_string()),
        ("line_quantity_null", SHAPE, one(a, json!(null)).to_string()),
        ("line_unknown_member", SHAPE, extra.to_string()),
        ("line_without_quantity", SHAPE, json!([{"lot": address(a)}]).to_string()),
        ("lines_unsorted", BOTH, pair(b, a)),
        ("line_twice", BOTH, pair(a, a)),
        (
            "line_of_another_ledger",
            BOTH,
            r#"[{"lot":"https://x.example/lot/x/A","quantity":1}]"#.into(),
        ),
        ("line_lot_in_lower_case", "lot_character", one("lot/x/a", json!(1)).to_string()),
        (
            "line_gtin_check_digit",
            "gtin_check_digit",
            one("01/06111234567896/10/A", json!(1)).to_string(),
        ),
        ("line_of_a_certificate", "lot_path", one("certificates/1", json!(1)).to_string()),
        ("transform_without_inputs", BOTH, "[]".into()),
        ("transform_inputs_an_object", SHAPE, "{}".into()),
    ];
    let rows: Vec<_> =
        rows.iter().map(|(name, code, value)| (*name, *code, "inputs", value.as_str())).collect();
    let mut cases = edited(&transform(), &rows);
    cases.extend(edited(
        &transform(),
        &[
            ("transform_without_outputs", BOTH, "outputs", "[]"),
            ("recipe_in_upper_case", BOTH, "recipe", r#""Argan-press""#),
            ("recipe_empty", BOTH, "recipe", r#""""#),
            ("recipe_with_space", BOTH, "recipe", r#""argan press""#),
            ("recipe_a_number", SHAPE, "recipe", "1"),
        ],
    ));
    cases.push(transform_of(401, 1).case("transform_of_401_inputs", BOTH));
    cases.push(transform_of(1, 65).case("transform_of_65_outputs", BOTH));
    cases
}

fn of_shipments() -> Vec<Case> {
    let unit = |path: &str| json!([domain().url(path)]).to_string();
    let commitment = Commitment::from([7; 32]).to_string();
    let receiver =
        |country: &str| json!({"commitment": commitment, "country": country}).to_string();
    let mut longer = json!({"commitment": commitment, "country": "FR"});
    longer["name"] = json!("Acheteur fictif");
    let returns = json!(domain().event_iri(&event_of("voisine-fictive", "R1"))).to_string();
    let back = json!([domain().url("unit/x/B"), domain().url("unit/x/A")]).to_string();
    let mut cases = edited(
        &ship(),
        &[
            ("ship_to_another_ledger", BOTH, "to", r#""did:web:other.example:parties:x""#),
            ("ship_without_receiver", SHAPE, "to", "null"),
            ("ship_to_a_list", SHAPE, "to", "[]"),
            ("ship_to_country_in_lower_case", BOTH, "to", &receiver("fr")),
            ("ship_to_country_of_three_letters", BOTH, "to", &receiver("FRA")),
            ("ship_to_named_buyer", SHAPE, "to", &longer.to_string()),
            ("ship_to_country_alone", SHAPE, "to", r#"{"country":"FR"}"#),
            ("ship_for_no_purpose", SHAPE, "purpose", r#""gift""#),
            ("ship_carried_by_nobody", BOTH, "carrier", r#""did:web:x.example""#),
            ("ship_returns_of_a_sale", BOTH, "returns", &returns),
            ("ship_lots_empty", SHAPE, "lots", "[]"),
            ("sscc_check_digit_wrong", "sscc_check_digit", "units", &unit("00/106141412345678909")),
            ("sscc_of_17_digits", "sscc_form", "units", &unit("00/10614141234567890")),
            ("sscc_with_letter", "sscc_form", "units", &unit("00/10614141234567890A")),
            ("unit_of_another_ledger", BOTH, "units", r#"["https://x.example/unit/x/A"]"#),
            ("unit_in_lower_case", "lot_character", "units", &unit("unit/x/a")),
            ("unit_of_no_party", "party_form", "units", &unit("unit/-/A")),
            ("unit_a_lot", "unit_path", "units", &unit("lot/x/A")),
            ("units_unsorted", BOTH, "units", &back),
            (
                "units_twice",
                BOTH,
                "units",
                &json!([domain().url("unit/x/A"), domain().url("unit/x/A")]).to_string(),
            ),
        ],
    );
    let mut nothing = ship();
    nothing.value["credentialSubject"].as_object_mut().unwrap().remove("lots");
    nothing.value["credentialSubject"].as_object_mut().unwrap().remove("units");
    cases.push(nothing.case("ship_of_nothing", BOTH));
    cases.extend(edited(
        &ship_back(),
        &[("ship_returns_no_event", BOTH, "returns", r#""https://tasdiq.example/statements/0""#)],
    ));
    cases
}

fn of_receipts() -> Vec<Case> {
    let lot = domain().lot_iri(&lot_key());
    let parts = |accepted: i64, refused: i64, missing: i64| {
        let line =
            json!({"lot": lot, "accepted": accepted, "refused": refused, "missing": missing});
        json!([line]).to_string()
    };
    let short = json!([{"lot": lot, "accepted": 1, "refused": 0}]).to_string();
    let itself = json!(domain().event_iri(&event_of("cooperative-fictive", "4K7Q"))).to_string();
    let most = 9_007_199_254_740_991;
    let mut cases = edited(
        &receive(),
        &[
            ("receive_of_itself", BOTH, "of", &itself),
            ("receive_of_no_event", BOTH, "of", r#""https://tasdiq.example/certificates/1""#),
            ("receive_nothing_of_a_lot", RANGE, "lots", &parts(0, 0, 0)),
            ("receive_less_than_nothing", RANGE, "lots", &parts(-1, 2, 0)),
            ("receive_sum_above_53_bits", RANGE, "lots", &parts(most, 1, 0)),
            ("receive_line_without_missing", SHAPE, "lots", &short),
            ("receive_units", SHAPE, "units", "[]"),
            ("receive_no_line", BOTH, "lots", "[]"),
            ("discrepancy_none_of_missing", BOTH, "discrepancy", r#""none""#),
            ("discrepancy_denied_of_accepted", BOTH, "discrepancy", r#""denied""#),
            ("discrepancy_unknown", SHAPE, "discrepancy", r#""late""#),
        ],
    );
    cases.extend(edited(
        &receive_all(),
        &[
            ("discrepancy_short_of_all", BOTH, "discrepancy", r#""short""#),
            ("receive_without_discrepancy", SHAPE, "discrepancy", "null"),
            ("receive_without_lots", SHAPE, "lots", "null"),
        ],
    ));
    cases
}

fn of_settlements() -> Vec<Case> {
    let lot = domain().lot_iri(&lot_key());
    let line = |quantity: i64, settled: &str| {
        json!([{"lot": lot, "quantity": quantity, "as": settled}]).to_string()
    };
    edited(
        &settle(),
        &[
            ("settle_as_stolen", SHAPE, "lots", &line(1, "stolen")),
            ("settle_quantity_0", RANGE, "lots", &line(0, "lost")),
            ("settle_of_a_lot", BOTH, "of", &json!(lot).to_string()),
            ("settle_without_as", SHAPE, "lots", &json!([{"lot": lot, "quantity": 1}]).to_string()),
            ("settle_units", SHAPE, "units", "[]"),
        ],
    )
}

fn of_packing() -> Vec<Case> {
    let pack = signed(By::Cooperative, &event(EventKind::Pack(packing())));
    let nothing = Packing { lots: Vec::new(), units: Vec::new(), ..packing() };
    let nothing = signed(By::Cooperative, &event(EventKind::Pack(nothing)));
    let itself = json!([domain().unit_iri(&sscc())]).to_string();
    let mut cases = edited(
        &pack,
        &[
            ("pack_into_itself", BOTH, "units", &itself),
            (
                "pack_into_a_lot",
                "unit_path",
                "unit",
                &json!(domain().lot_iri(&lot_key())).to_string(),
            ),
            ("pack_without_unit", SHAPE, "unit", "null"),
            ("pack_with_purpose", SHAPE, "purpose", r#""sale""#),
        ],
    );
    cases.push(nothing.case("pack_of_nothing", BOTH));
    cases
}

fn of_leaving() -> Vec<Case> {
    let own = json!(domain().did(&By::Certifier.party())).to_string();
    [
        edited(
            &out(),
            &[
                ("out_by_no_channel", SHAPE, "channel", r#""gift""#),
                ("out_of_nothing", BOTH, "lots", "[]"),
                ("out_with_from", SHAPE, "from", r#""out""#),
            ],
        ),
        edited(
            &loss(),
            &[
                ("loss_for_no_cause", SHAPE, "cause", r#""mood""#),
                ("loss_cause_in_words", SHAPE, "cause", r#""Il a coulé""#),
                ("loss_with_from", SHAPE, "from", r#""out""#),
            ],
        ),
        edited(
            &sample(),
            &[
                ("sample_of_its_own_issuer", BOTH, "holder", &own),
                ("sample_for_moisture", SHAPE, "cause", r#""moisture""#),
            ],
        ),
        edited(
            &destroy(),
            &[
                ("destroy_from_stock", SHAPE, "from", r#""stock""#),
                ("destroy_for_moisture", SHAPE, "cause", r#""moisture""#),
            ],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_observations() -> Vec<Case> {
    let lot = domain().lot_iri(&lot_key());
    let lines = json!([{"lot": lot, "quantity": 1}]).to_string();
    let twice = json!([lot, lot]).to_string();
    edited(
        &observe(),
        &[
            ("observe_no_step", SHAPE, "step", r#""looking""#),
            ("observe_no_result", SHAPE, "result", r#""fine""#),
            ("observe_nothing", BOTH, "lots", "[]"),
            ("observe_quantities", SHAPE, "lots", &lines),
            ("observe_lot_twice", BOTH, "lots", &twice),
            ("observe_of_another_step", BOTH, "step", r#""inspecting""#),
        ],
    )
}

fn of_voids() -> Vec<Case> {
    let itself = json!(domain().event_iri(&event_of("cooperative-fictive", "4K7Q"))).to_string();
    let same = json!(domain().event_iri(&event_of("cooperative-fictive", "E1"))).to_string();
    let declaration = json!(domain().declaration_id(&lot_key())).to_string();
    let certificate = json!(domain().certificate_id(1)).to_string();
    edited(
        &undo_event(),
        &[
            ("void_of_itself", BOTH, "of", &itself),
            ("void_of_a_certificate", BOTH, "of", &certificate),
            ("void_for_no_reason", SHAPE, "reason", r#""mood""#),
            ("void_event_of_wrong_lot", BOTH, "reason", r#""wrong-lot""#),
            ("void_replaced_by_itself", BOTH, "replacedBy", &itself),
            ("void_replaced_by_the_same", BOTH, "replacedBy", &same),
            ("void_replaced_by_another_kind", BOTH, "replacedBy", &declaration),
        ],
    )
}

/// Kinds with few lines are small, those with many as large as any statement.
fn of_sizes() -> Vec<Case> {
    let titled = |made: &Unsigned, letters: usize| {
        let mut made = made.clone();
        made.value["name"] = json!("x".repeat(letters));
        made
    };
    vec![
        titled(&out(), 7_900).case("out_above_7900_bytes", "too_large"),
        titled(&observe(), 7_900).case("observe_above_7900_bytes", "too_large"),
        titled(&sample(), 7_900).case("sample_above_7900_bytes", "too_large"),
        titled(&undo_event(), 7_900).case("void_above_7900_bytes", "too_large"),
        titled(&unpack(), 7_900).case("unpack_above_7900_bytes", "too_large"),
        titled(&loss(), 7_900).case("loss_above_7900_bytes", "ok"),
        titled(&destroy(), 7_900).case("destroy_above_7900_bytes", "ok"),
        titled(&ship(), 7_900).case("ship_above_7900_bytes", "ok"),
    ]
}
