//! Editions, ids from content, texts, names, campaigns, serials, and facts the ledger knows.

use serde_json::{Value, json};
use tasdiq::limits::EDITION_MAX;
use tasdiq::names::Serial;
use tasdiq::register::LotStatus;
use tasdiq::statement::*;

use super::{code, lot_status, said, say, two_of_each};
use crate::world::{World, party, slug};

/// A key that another of the same party cosigned, as it says.
fn cosigned(world: &World) -> KeyChange {
    let cosigner =
        Cosigner { verification_method: world.method("atlas#key-1"), signature: [7; 64] };
    let mut cosigned = world.new_key("atlas", "key-9", 99, KeyPurpose::Assertion);
    let KeyEvent::Added(added) = &mut cosigned.event else { unreachable!() };
    added.cosigner = Some(cosigner);
    cosigned
}

fn spoilt() -> LabelVoid {
    let serials = vec![Serial::parse("5J785DMM").unwrap()];
    LabelVoid { lot: "coop/L1".parse().unwrap(), serials }
}

/// One draft of each type and member that edition 1 brought.
fn new_things(world: &World) -> Vec<(&'static str, &'static str, Value)> {
    let authority = world.draft("authority");
    let coop = world.draft("coop");
    let registration = |change: fn(&mut Registration)| {
        let mut claim = party("coop");
        change(&mut claim);
        claim.draft(&authority)
    };
    let key = |change: fn(&mut NewKey)| {
        let mut claim = world.new_key("atlas", "key-9", 99, KeyPurpose::Label);
        let KeyEvent::Added(key) = &mut claim.event else { unreachable!() };
        change(key);
        claim.draft(&authority)
    };
    let capacity = Capacity { product: "argane".into(), campaign: "2026".into(), quantity: 1 };
    let grant = PrefixGrant {
        from: slug("coop"),
        numbers: GrantedNumbers::Prefix("6111234".into()),
        to: slug("atlas"),
    };
    let agreement =
        Agreement { on_paper: false, ..world.agreement("atlas", "coop", &["fairtrade"]) };
    let ceased = StatusChange {
        target: StatusTarget::Party(slug("atlas")),
        action: StatusAction::Suspend,
        reason: Reason::Ceased,
        effective_from: world.now,
        notice: Default::default(),
        return_to: None,
        lifts: Vec::new(),
    };
    let scope = |reason, successor| {
        let accreditation =
            world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone();
        ScopeChange {
            party: slug("atlas"),
            accreditation,
            event: ScopeEventKind::Withdraw,
            reason,
            effective_from: world.now,
            notice: Default::default(),
            successor,
        }
        .draft(&authority)
    };
    let voids = Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: None,
        entries: vec![],
        voids: vec![(1, [0; 32])],
    };
    vec![
        ("agreement", "coop", agreement.draft(&coop)),
        ("prefix grant", "coop", grant.draft(&coop)),
        (
            "capacity",
            "registrar",
            CapacityStatement { party: slug("coop"), capacity }.draft(&authority),
        ),
        ("label void", "registrar", spoilt().draft(&authority)),
        ("regions", "registrar", registration(|it| it.regions.push("MA-07".into()))),
        ("prefixes", "registrar", registration(|it| it.gtin_prefixes.push("6111234".into()))),
        ("same name", "registrar", registration(|it| it.same_name = true)),
        ("parties", "registrar", key(|it| it.parties = vec![slug("coop")])),
        ("cosigner", "registrar", cosigned(world).draft(&authority)),
        ("ceased", "registrar", ceased.draft(&authority)),
        ("scope ceased", "registrar", scope(Reason::Ceased, None)),
        ("successor", "registrar", scope(Reason::Other, Some(slug("coop")))),
        ("voids", "registrar", voids.draft(&authority)),
    ]
}

#[test]
fn what_edition_1_brought_is_refused_before_it() {
    let mut world = World::peopled();
    for (what, who, unsigned) in new_things(&world) {
        let found = code(said(&mut world, who, |_| unsigned));
        assert_eq!(found, "edition", "{what}");
    }
    let mut world = World::newest();
    for (what, who, unsigned) in new_things(&world) {
        let found = code(said(&mut world, who, |_| unsigned));
        assert_ne!(found, "edition", "{what}");
    }
}

#[test]
fn a_rulebook_follows_the_one_before() {
    let mut world = World::peopled();
    let rules =
        |version, edition| move |draft: &Draft<'_>| Rulebook::plain(version, edition).draft(draft);
    assert_eq!(say(&mut world, "registrar", rules(2, 1)), "rulebook_order");
    assert_eq!(say(&mut world, "registrar", rules(1, EDITION_MAX + 1)), "newer_edition");
    assert_eq!(say(&mut world, "atlas", rules(1, 1)), "not_authorised");
    assert_eq!(say(&mut world, "service", rules(1, 1)), "key_purpose");
    assert_eq!(say(&mut world, "registrar", rules(1, 1)), "ok");
    assert_eq!(say(&mut world, "registrar", rules(1, 1)), "rulebook_order");
    assert_eq!(say(&mut world, "registrar", rules(2, 0)), "rulebook_order");
    assert_eq!(say(&mut world, "coop", rules(2, 1)), "not_authorised");
    assert_eq!(say(&mut world, "root", rules(2, 1)), "ok");
    assert_eq!(world.register.edition(), 1);
}

#[test]
fn nobody_chooses_an_id_that_another_needs() {
    let mut world = World::newest();
    for (what, who, mut unsigned) in new_things(&world) {
        unsigned["id"] = json!("https://ledger.example/certificates/515");
        assert_eq!(code(said(&mut world, who, |_| unsigned)), "id_form", "{what}");
    }
    let claim = world.new_key("coop", "key-2", 30, KeyPurpose::Assertion);
    let mut good = claim.draft(&world.draft("authority"));
    let id = good["id"].as_str().unwrap().to_owned();
    assert_eq!(id.strip_prefix("https://ledger.example/statements/").unwrap().len(), 26);
    good["id"] = json!(id.to_lowercase());
    assert_eq!(code(said(&mut world, "registrar", |_| good.clone())), "id_form");
    // The id of other content.
    good["id"] = json!(id);
    good["validFrom"] = json!(world.now.plus_seconds(60));
    assert_eq!(code(said(&mut world, "registrar", |_| good)), "id_form");
    let claim = world.new_key("coop", "key-2", 30, KeyPurpose::Assertion);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
}

#[test]
fn squatted_ids_keep_nothing_from_being_logged() {
    let mut world = World::peopled();
    let list_id = |seconds| {
        let at = world.now.plus_seconds(seconds);
        format!("https://ledger.example/status/revocation-0?timestamp={at}")
    };
    let mut squatted = vec![
        "https://ledger.example/certificates/0".to_owned(),
        "https://ledger.example/declarations/lot/coop/L1".to_owned(),
    ];
    squatted.extend((0..20).map(list_id));
    for (number, id) in (30..).zip(squatted) {
        let claim = world.new_key("coop", &format!("key-{number}"), number, KeyPurpose::Assertion);
        let draft = Draft { id, ..world.draft("authority") };
        world.by_registrar(claim.draft(&draft)).unwrap();
    }
    let before = code(world.declare("L1", 100));
    assert_eq!(before, "id_taken", "the first release's rules stay as they are");
    world.raise(1);
    world.agree("atlas", "coop", &["bio-maroc"]);
    world.now = Timestamp::parse("2026-06-01T08:00:45Z").unwrap();
    assert_eq!(code(world.declare("L1", 100)), "ok");
    assert_eq!(code(world.certify(0, "L1", 100, "bio-maroc")), "ok");
    assert_eq!(code(world.declare("L1", 100)), "id_taken");
    assert_eq!(code(world.certify(0, "L1", 100, "bio-maroc")), "id_taken");
    let list = StatusList::of(StatusPurpose::Revocation, 0, std::iter::empty());
    let squatted = Timestamp::parse("2026-06-01T08:00:25Z").unwrap();
    let draft = Draft { valid_from: squatted, ..world.draft("authority") };
    assert!(world.register.index_of_id(list.draft(&draft)["id"].as_str().unwrap()).is_some());
    assert_eq!(say(&mut world, "service", |_| list.draft(&draft)), "ok");
}

#[test]
fn texts_hide_nothing() {
    let mut world = World::newest();
    let mut named = |name: &str| {
        let claim = LotDeclaration { name: name.into(), ..world.lot("L1", 1) };
        say(&mut world, "coop", |draft| claim.draft(draft))
    };
    let hidden = ["a\0b", "a\u{b}b", "a\nb", "a\u{ad}b", "\u{202e}a", "a\u{200b}", "a\u{2028}b"];
    for text in hidden.into_iter().chain(["\u{2029}", "\u{e000}", "\u{feff}a", " a", "a\u{a0}"]) {
        assert_eq!(named(text), "text_form", "{text:?}");
    }
    // In a public notice and in members that other types have, too.
    let mut notice = |text: &str| {
        let change = StatusChange {
            target: StatusTarget::Party(slug("coop")),
            action: StatusAction::Suspend,
            reason: Reason::Other,
            effective_from: world.now,
            notice: [("fr".to_owned(), text.to_owned())].into(),
            return_to: None,
            lifts: Vec::new(),
        };
        say(&mut world, "registrar", |draft| change.draft(draft))
    };
    assert_eq!(notice("Rappel\u{200f}"), "text_form");
    let registered = Registration { registered_id: "FICTIF\t1".into(), ..party("coop") };
    assert_eq!(say(&mut world, "registrar", |draft| registered.draft(draft)), "text_form");
    let claim = LotDeclaration { name: "نمی\u{200c}دانم".into(), ..world.lot("L1", 1) };
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok", "joiners stay");
}

#[test]
fn names_have_1_to_120_characters() {
    let mut world = two_of_each();
    let long = "é".repeat(121);
    let registered = Registration { name: long.clone(), ..party("rival") };
    assert_eq!(say(&mut world, "registrar", |draft| registered.draft(draft)), "name_form");
    let given = Accreditation { name: long.clone(), ..world.accreditation() };
    assert_eq!(say(&mut world, "registrar", |draft| given.draft(draft)), "name_form");
    for name in ["", &long] {
        let claim = LotDeclaration { name: name.into(), ..world.lot("L1", 1) };
        assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "name_form");
        let mut unsigned = world.lot("L1", 1).draft(&world.draft("coop"));
        unsigned["issuer"]["name"] = json!(name);
        assert_eq!(say(&mut world, "coop", |_| unsigned), "name_form");
    }
    world.declare("L1", 100).unwrap();
    let claim = CertificateClaim {
        client_name: (&*long).into(),
        ..world.certificate(0, "L1", 1, "fairtrade")
    };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "name_form");
    let registered = Registration { name: "é".repeat(120), ..party("rival") };
    assert_eq!(say(&mut world, "registrar", |draft| registered.draft(draft)), "ok");
}

#[test]
fn a_name_that_looks_like_anothers_is_told() {
    let mut world = World::newest();
    let registered = |name: &str, same_name| {
        let name = name.to_owned();
        Registration { name, same_name, ..party("shadow") }
    };
    // "Partie fictive atlas" is registered.
    for name in ["partie  FICTIVE atlas", "Pаrtie fictive аtlas", "Partie-fictive Átlas."] {
        let claim = registered(name, false);
        assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "name_taken");
    }
    let both = registered("PARTIE FICTIVE ATLAS", true);
    assert_eq!(say(&mut world, "registrar", |draft| both.draft(draft)), "ok");
    // One's own name is no other's.
    assert_eq!(say(&mut world, "registrar", |draft| party("coop").draft(draft)), "ok");
}

#[test]
fn a_campaign_has_one_form_and_fits_the_packing_day() {
    let mut world = World::newest();
    let mut of = |number: &str, campaign: &str| {
        let mut claim = world.lot(number, 1);
        claim.facts.campaign = campaign.into();
        say(&mut world, "coop", |draft| claim.draft(draft))
    };
    for campaign in ["2026-2027", "2026/2027", "2026,0", "campagne 2026", "26", "2026/28"] {
        assert_eq!(of("L1", campaign), "campaign_form", "{campaign}");
    }
    assert_eq!(of("L1", "2026 "), "text_form");
    // Packed on 20 May 2026.
    for campaign in ["2024", "2023/24", "2027", "2027/28"] {
        assert_eq!(of("L1", campaign), "campaign_day", "{campaign}");
    }
    for (number, campaign) in [("L1", "2026"), ("L2", "2025"), ("L3", "2024/25"), ("L4", "2026/27")]
    {
        assert_eq!(of(number, campaign), "ok", "{campaign}");
    }
    let capacity = |campaign: &str| Capacity {
        product: "argane".into(),
        campaign: campaign.into(),
        quantity: 1,
    };
    let stated = CapacityStatement { party: slug("coop"), capacity: capacity("2026-2027") };
    assert_eq!(say(&mut world, "registrar", |draft| stated.draft(draft)), "campaign_form");
    let registered = Registration { capacities: vec![capacity("2026,0")], ..party("coop") };
    assert_eq!(say(&mut world, "registrar", |draft| registered.draft(draft)), "campaign_form");
}

#[test]
fn capacity_is_not_bypassed_by_another_campaign() {
    let mut world = World::newest();
    let mut claim = world.lot("L1", 900_000);
    claim.facts.campaign = "2026/27".into();
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
}

#[test]
fn a_serial_lies_within_reach() {
    let mut world = World::newest();
    world.declare("L1", 100).unwrap();
    let most = INTEGER;
    for far in [4_096, 1 << 20, most] {
        assert_eq!(code(world.certify(far, "L1", 1, "bio-maroc")), "serial_window", "{far}");
    }
    assert_eq!(code(world.certify(4_095, "L1", 1, "bio-maroc")), "ok");
    assert_eq!(world.register.next_serial(), 4_096);
    assert_eq!(code(world.certify(0, "L1", 1, "bio-maroc")), "ok", "what was skipped can be used");
    assert_eq!(code(world.certify(8_192, "L1", 1, "bio-maroc")), "serial_window");
    assert_eq!(code(world.certify(8_191, "L1", 1, "bio-maroc")), "ok");
}

/// The largest serial the strict profile reads.
const INTEGER: u64 = 9_007_199_254_740_991;

#[test]
fn outliers_of_older_rules_end_nothing_and_cost_by_their_number() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    let outliers = [INTEGER, 1 << 44, 1 << 40, 5_000];
    for serial in outliers {
        assert_eq!(code(world.certify(serial, "L1", 1, "bio-maroc")), "ok");
    }
    assert_eq!(world.register.next_serial(), 0);
    world.raise(1);
    world.agree("atlas", "coop", &["bio-maroc"]);
    assert_eq!(code(world.certify(0, "L1", 1, "bio-maroc")), "ok");
    assert_eq!(world.register.next_serial(), 1);
    // 5,000 comes into reach.
    assert_eq!(code(world.certify(1_000, "L1", 1, "bio-maroc")), "ok");
    assert_eq!(world.register.next_serial(), 5_001);
    assert_eq!(code(world.certify(5_000, "L1", 1, "bio-maroc")), "id_taken");
    assert_eq!(code(world.certify(1 << 41, "L1", 1, "bio-maroc")), "serial_window");
    // Two lists for each block of serials in use, none for what lies between.
    assert_eq!(world.register.lists().count(), 2 * 4);
    assert_eq!(world.register.certificates().count(), 6);
}

#[test]
fn facts_that_the_ledger_knows_are_compared() {
    let mut world = World::newest();
    let lot = |change: fn(&mut LotDeclaration)| {
        let mut claim = world.lot("L1", 100);
        change(&mut claim);
        claim
    };
    let wrong = [
        ("HS code", lot(|it| it.hs_code = "151530".into()), "fact_differs"),
        ("region", lot(|it| it.facts.region = "MA-07".into()), "fact_differs"),
        ("too small", lot(|it| it.facts.pack_size = 1), "pack_size"),
        (
            "too large",
            lot(|it| (it.facts.quantity, it.facts.pack_size) = (2_000_000, 1_000_001)),
            "pack_size",
        ),
    ];
    for (what, claim, expected) in wrong {
        assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), expected, "{what}");
    }
    let mut unsigned = world.lot("L1", 100).draft(&world.draft("coop"));
    unsigned["issuer"]["name"] = json!("Coopérative voisine");
    assert_eq!(say(&mut world, "coop", |_| unsigned), "fact_differs");
    world.declare("L1", 100).unwrap();
    let of = |change: fn(&mut CertificateClaim)| {
        let mut claim = world.certificate(0, "L1", 100, "bio-maroc");
        change(&mut claim);
        claim
    };
    let wrong = [
        ("client", of(|it| it.client_name = "Coopérative voisine".into()), "fact_differs"),
        ("scheme", of(|it| it.scheme_name = "Bio".into()), "fact_differs"),
        (
            "first day",
            of(|it| it.valid_from = Timestamp::parse("2025-12-31T23:59:59Z").unwrap()),
            "fact_differs",
        ),
        ("assessed", of(|it| it.assessed_on = Day::parse("2026-06-09").unwrap()), "future"),
        ("HS code", of(|it| it.facts.hs_code = "151530".into()), "mismatch"),
    ];
    for (what, claim, expected) in wrong {
        assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), expected, "{what}");
    }
    let mut unsigned = world.certificate(0, "L1", 100, "bio-maroc").draft(&world.draft("atlas"));
    unsigned["issuer"]["name"] = json!("Un autre certificateur");
    assert_eq!(say(&mut world, "atlas", |_| unsigned), "fact_differs");
    // The scheme's English name, and the accreditation's own first day, whatever the hour.
    let catalog = world.register.catalog();
    let english = catalog.scheme("bio-maroc").unwrap().name_en.as_str();
    let first = world.accreditation().valid_from;
    let claim = CertificateClaim {
        scheme_name: english.into(),
        valid_from: first,
        ..world.certificate(0, "L1", 100, "bio-maroc")
    };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
}

#[test]
fn a_producer_has_the_regions_it_is_registered_for() {
    let mut world = World::newest();
    let mut claim = world.lot("L1", 100);
    claim.facts.region = "MA-07".into();
    let elsewhere = claim.clone();
    assert_eq!(say(&mut world, "coop", |draft| elsewhere.draft(draft)), "fact_differs");
    let wider = Registration { regions: vec!["MA-07".into()], ..party("coop") };
    assert_eq!(say(&mut world, "registrar", |draft| wider.draft(draft)), "ok");
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    let unknown = Registration { regions: vec!["MA-99".into()], ..party("coop") };
    assert_eq!(say(&mut world, "registrar", |draft| unknown.draft(draft)), "unknown_term");
}
