//! Statements and members that came with edition 1, good and spoilt. What an edition forbids is
//! judged in the register and stands in `register`.

use serde_json::json;
use tasdiq::names::{Gtin, PartySlug, Serial};
use tasdiq::seal::{Signer as _, SoftKey};
use tasdiq::statement::*;

use super::good::{day, domain, lot_key, unsigned};
use super::of_claims::edited;
use super::{By, Case, Unsigned, good};

const BOTH: &str = "inconsistent";
const SHAPE: &str = "shape";

fn rulebook() -> Unsigned {
    unsigned(By::Registrar, "", |draft| Rulebook { version: 1, edition: 1 }.draft(draft))
}

fn agreement(on_paper: bool) -> Unsigned {
    let claim = Agreement {
        client: By::Cooperative.party(),
        certifier: By::Certifier.party(),
        schemes: ["bio-maroc".to_owned(), "terroir-du-maroc".to_owned()].into(),
        from: day("2026-11-23"),
        until: day("2029-12-23"),
        on_paper,
    };
    let by = if on_paper { By::Registrar } else { By::Cooperative };
    unsigned(by, "", |draft| claim.draft(draft))
}

fn grant(numbers: GrantedNumbers) -> Unsigned {
    let (from, to) = (By::Cooperative.party(), By::Certifier.party());
    let claim = PrefixGrant { from, numbers, to };
    unsigned(By::Cooperative, "", |draft| claim.draft(draft))
}

fn prefix() -> Unsigned {
    grant(GrantedNumbers::Prefix("6111234".into()))
}

fn capacity() -> Unsigned {
    let capacity = Capacity { product: "argane".into(), campaign: "2026/27".into(), quantity: 0 };
    let claim = CapacityStatement { party: By::Cooperative.party(), capacity };
    unsigned(By::Registrar, "", |draft| claim.draft(draft))
}

fn label_void() -> Unsigned {
    let serials = ["00000000", "5J785DMM", "ZZZZZZZZZZZZZZZZZZZZ"];
    let serials = serials.iter().map(|serial| Serial::parse(serial).unwrap()).collect();
    let claim = LabelVoid { lot: lot_key(), serials };
    unsigned(By::Service, "", |draft| claim.draft(draft))
}

fn registration() -> Unsigned {
    let mut made = good::registration();
    let own = &mut made.value["credentialSubject"]["registration"];
    own["regions"] = json!(["MA-07", "MA-10"]);
    own["gtinPrefixes"] = json!(["6111234", "611123567890"]);
    own["sameName"] = json!(true);
    made
}

/// A label key for two parties, which another key of the certifier cosigned.
fn key_added() -> Unsigned {
    let mut claim = KeyChange {
        party: By::Certifier.party(),
        verification_method: format!("{}#label-1", domain().did(&By::Certifier.party())),
        event: KeyEvent::Added(NewKey {
            public: SoftKey::from_secret(&[99; 32]).public(),
            purpose: KeyPurpose::Label,
            custody: Custody::Own,
            schemes: vec!["terroir-du-maroc".into()],
            not_after: Some(good::time("2027-11-23T00:00:00Z")),
            parties: vec![By::Cooperative.party(), good::slug("voisine-fictive")],
            cosigner: None,
        }),
    };
    let signature = By::Certifier.key().sign(&claim.cosigned_bytes(&domain())).unwrap();
    let KeyEvent::Added(key) = &mut claim.event else { unreachable!() };
    key.cosigner = Some(Cosigner { verification_method: By::Certifier.method(), signature });
    unsigned(By::Registrar, "", |draft| claim.draft(draft))
}

fn reconfirmation() -> Unsigned {
    let claim = Reconfirmation {
        party: By::Certifier.party(),
        verification_method: By::Certifier.method(),
        serials: None,
        entries: Vec::new(),
        voids: vec![(41, [7; 32]), (42, [255; 32])],
    };
    unsigned(By::Registrar, "", |draft| claim.draft(draft))
}

fn ceased() -> Unsigned {
    let claim = ScopeChange {
        party: By::Certifier.party(),
        accreditation: domain().url("statements/accreditation"),
        event: ScopeEventKind::Withdraw,
        reason: Reason::Ceased,
        effective_from: good::time(super::CREATED),
        notice: Default::default(),
        successor: Some(good::slug("autre-certificateur")),
    };
    unsigned(By::Registrar, "", |draft| claim.draft(draft))
}

pub fn goods() -> Vec<Case> {
    let gtin = GrantedNumbers::Gtin(Gtin::parse("06111234567895").unwrap());
    let goods = [
        ("good_rulebook", rulebook()),
        ("good_agreement", agreement(false)),
        ("good_agreement_on_paper", agreement(true)),
        ("good_prefix_grant", prefix()),
        ("good_gtin_grant", grant(gtin)),
        ("good_capacity", capacity()),
        ("good_label_void", label_void()),
        ("good_registration_with_rights", registration()),
        ("good_label_key_cosigned", key_added()),
        ("good_reconfirmation_with_voids", reconfirmation()),
        ("good_scope_ceased_with_successor", ceased()),
    ];
    goods.into_iter().map(|(name, unsigned)| unsigned.case(name, "ok")).collect()
}

pub fn faults() -> Vec<Case> {
    [of_rulebooks(), of_agreements(), of_numbers(), of_voids(), of_members(), of_label_keys()]
        .into_iter()
        .flatten()
        .collect()
}

fn of_rulebooks() -> Vec<Case> {
    let lists = r#""https://tasdiq.example/rules""#;
    let mut cases = edited(
        &rulebook(),
        &[
            ("rulebook_version_0", BOTH, "version", "0"),
            ("rulebook_of_another_id", BOTH, "id", lists),
            ("rulebook_edition_negative", SHAPE, "edition", "-1"),
            ("rulebook_edition_a_text", SHAPE, "edition", r#""1""#),
            ("rulebook_edition_of_33_bits", SHAPE, "edition", "4294967296"),
            ("rulebook_without_edition", SHAPE, "edition", "null"),
            ("rulebook_with_recipes", SHAPE, "recipes", "[]"),
            ("rulebook_with_evidence", SHAPE, "/evidence", "[]"),
        ],
    );
    // A small statement by its type, and as large as a page by its name.
    cases.push(sized(7_900).case("rulebook_of_7900_bytes", "ok"));
    cases.push(sized(7_901).case("rulebook_of_7901_bytes", "too_large"));
    cases
}

/// A rulebook of so many bytes; a signature has 86 to 88 characters.
fn sized(bytes: usize) -> Unsigned {
    let named = |length: usize| {
        let mut made = rulebook();
        made.value["name"] = json!("x".repeat(length));
        made
    };
    let mut lengths = 7_000..bytes;
    named(lengths.find(|length| named(*length).sealed().len() == bytes).unwrap())
}

fn of_agreements() -> Vec<Case> {
    let foreign = r#""did:web:other.example:parties:x""#;
    edited(
        &agreement(true),
        &[
            ("agreement_of_no_scheme", BOTH, "schemes", "[]"),
            ("agreement_schemes_unsorted", BOTH, "schemes", r#"["b","a"]"#),
            ("agreement_scheme_twice", BOTH, "schemes", r#"["a","a"]"#),
            ("agreement_ends_before_it_begins", BOTH, "until", r#""2026-11-22""#),
            ("agreement_of_37_months_and_a_day", BOTH, "until", r#""2029-12-24""#),
            ("agreement_with_nobody", BOTH, "certifier", foreign),
            ("agreement_of_nobody", BOTH, "id", foreign),
            ("agreement_on_paper_false", SHAPE, "onPaper", "false"),
            ("agreement_without_end", SHAPE, "until", "null"),
            ("agreement_until_an_instant", SHAPE, "until", r#""2029-12-23T00:00:00Z""#),
            ("agreement_unknown_member", SHAPE, "price", "1"),
        ],
    )
}

fn of_numbers() -> Vec<Case> {
    let foreign = r#""did:web:other.example:parties:x""#;
    let gtin = GrantedNumbers::Gtin(Gtin::parse("06111234567895").unwrap());
    let mut cases = edited(
        &prefix(),
        &[
            ("grant_of_prefix_and_gtin", BOTH, "gtin", r#""06111234567895""#),
            ("grant_of_nothing", BOTH, "prefix", "null"),
            ("grant_of_6_digits", BOTH, "prefix", r#""611123""#),
            ("grant_of_13_digits", BOTH, "prefix", r#""6111234567890""#),
            ("grant_of_letters", BOTH, "prefix", r#""611123A""#),
            ("grant_of_arabic_digits", BOTH, "prefix", r#""٦١١١٢٣٤""#),
            ("grant_to_nobody", BOTH, "to", foreign),
            ("grant_without_receiver", SHAPE, "to", "null"),
        ],
    );
    let mut empty = prefix();
    empty.value["credentialSubject"]["gtin"] = json!(null);
    cases.push(empty.case("grant_of_gtin_null", SHAPE));
    cases.extend(edited(
        &grant(gtin),
        &[
            ("grant_of_gtin_13", BOTH, "gtin", r#""6111234567895""#),
            ("grant_of_wrong_check_digit", "gtin_check_digit", "gtin", r#""06111234567896""#),
            ("grant_of_restricted_gtin", "gtin_restricted", "gtin", r#""02011234567892""#),
        ],
    ));
    cases.extend(edited(
        &capacity(),
        &[
            ("capacity_negative", SHAPE, "quantity", "-1"),
            ("capacity_of_nobody", BOTH, "id", foreign),
            ("capacity_without_campaign", SHAPE, "campaign", "null"),
            ("capacity_unknown_member", SHAPE, "unit", r#""MLT""#),
        ],
    ));
    cases
}

fn of_voids() -> Vec<Case> {
    let many = json!((0..5_001).map(|n| format!("{n:08}")).collect::<Vec<_>>()).to_string();
    edited(
        &label_void(),
        &[
            ("void_of_nothing", BOTH, "serials", "[]"),
            ("void_unsorted", BOTH, "serials", r#"["5J785DMM","00000000"]"#),
            ("void_twice", BOTH, "serials", r#"["5J785DMM","5J785DMM"]"#),
            ("void_in_lower_case", BOTH, "serials", r#"["5j785dmm"]"#),
            ("void_with_hyphen", BOTH, "serials", r#"["5J78-5DMM"]"#),
            ("void_with_letter_o", BOTH, "serials", r#"["5J785DMO"]"#),
            ("void_of_7_characters", "serial_form", "serials", r#"["5J785DM"]"#),
            ("void_with_letter_u", "serial_form", "serials", r#"["5J785DMU"]"#),
            ("void_of_5001", BOTH, "serials", &many),
            ("void_of_no_lot", BOTH, "id", r#""https://other.example/lot/x/A""#),
        ],
    )
}

fn of_members() -> Vec<Case> {
    let entry =
        |index: u64| json!({"entry": index, "statementDigest": format!("u{}", "A".repeat(43))});
    let back = json!([entry(2), entry(1)]).to_string();
    let many = json!((0..501).map(entry).collect::<Vec<_>>()).to_string();
    let own = json!(domain().did(&By::Certifier.party())).to_string();
    let mut cases = edited(
        &registration(),
        &[
            ("registration_regions_empty", SHAPE, "registration/regions", "[]"),
            ("registration_prefixes_empty", SHAPE, "registration/gtinPrefixes", "[]"),
            ("registration_prefix_short", BOTH, "registration/gtinPrefixes", r#"["611123"]"#),
            ("registration_same_name_false", SHAPE, "registration/sameName", "false"),
            ("registration_same_name_a_text", SHAPE, "registration/sameName", r#""yes""#),
        ],
    );
    cases.extend(edited(
        &reconfirmation(),
        &[
            ("voids_empty", SHAPE, "voids", "[]"),
            ("voids_backwards", BOTH, "voids", &back),
            ("voids_501_entries", BOTH, "voids", &many),
            ("voids_nothing", BOTH, "voids", "null"),
        ],
    ));
    cases.extend(edited(
        &ceased(),
        &[
            ("successor_itself", BOTH, "successor", &own),
            ("successor_elsewhere", BOTH, "successor", r#""did:web:other.example:parties:x""#),
            ("successor_of_a_suspension", BOTH, "scopeChange", r#""suspend""#),
        ],
    ));
    let mut empty = ceased();
    empty.value["credentialSubject"]["successor"] = json!(null);
    cases.push(empty.case("successor_null", SHAPE));
    cases
}

fn of_label_keys() -> Vec<Case> {
    let did = |slug: &str| domain().did(&good::slug(slug));
    let back = json!([did("voisine-fictive"), did("cooperative-fictive")]).to_string();
    let twice = json!([did("voisine-fictive"), did("voisine-fictive")]).to_string();
    let foreign = json!(["did:web:other.example:parties:x"]).to_string();
    let other = json!(By::Cooperative.method()).to_string();
    let short = json!(format!("z{}", bs58::encode([7; 63]).into_string())).to_string();
    let mut cases = edited(
        &key_added(),
        &[
            ("key_parties_empty", SHAPE, "parties", "[]"),
            ("key_parties_unsorted", BOTH, "parties", &back),
            ("key_party_twice", BOTH, "parties", &twice),
            ("key_party_elsewhere", BOTH, "parties", &foreign),
            ("cosigner_of_another_party", BOTH, "cosigner/verificationMethod", &other),
            ("cosigner_of_63_bytes", BOTH, "cosigner/signature", &short),
            ("cosigner_unknown_member", SHAPE, "cosigner/created", r#""2026""#),
            ("cosigner_without_signature", SHAPE, "cosigner/signature", "null"),
        ],
    );
    let mut empty = key_added();
    empty.value["credentialSubject"]["cosigner"] = json!(null);
    cases.push(empty.case("cosigner_null", SHAPE));
    let mut retired = good::key_change(KeyEvent::Retired);
    retired.value["credentialSubject"]["parties"] = json!([did("cooperative-fictive")]);
    cases.push(retired.case("key_retired_with_parties", BOTH));
    cases
}

#[test]
fn the_example_of_an_id_in_the_format_is_right() {
    let (domain, issuer) = (Domain::parse("ledger.example").unwrap(), PartySlug::authority());
    let draft = Draft {
        domain: &domain,
        id: String::new(),
        issuer: &issuer,
        issuer_name: "Autorité fictive",
        valid_from: good::time("2026-06-01T08:00:00Z"),
        valid_until: None,
    };
    let value = Rulebook { version: 1, edition: 1 }.draft(&draft);
    let mut bare = value.clone();
    bare.as_object_mut().unwrap().remove("id");
    let bytes = String::from_utf8(canonical_bytes(&bare)).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMAT.md");
    let format = std::fs::read_to_string(path).unwrap().replace(",\n\"issuer\"", ",\"issuer\"");
    assert!(format.contains(&format!("{bytes}\n    (one line of {} bytes)", bytes.len())));
    assert!(format.contains(&format!("id   = {}\n", value["id"].as_str().unwrap())));
}
