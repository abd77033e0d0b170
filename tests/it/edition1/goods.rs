//! Agreements, capacities, and whose numbers goods bear.

use tasdiq::names::{Gtin, Word};
use tasdiq::register::LotStatus;
use tasdiq::statement::*;

use super::{DAY, change, code, declared, later, lot_status, of_lot, say, two_of_each};
use crate::world::{World, party, slug};
use StatusAction::Release;

/// A GTIN of fourteen digits that begins with 0 and these twelve.
fn gtin(digits: &str) -> Gtin {
    let body = format!("0{digits}");
    let sum: u32 = body
        .bytes()
        .zip([3, 1].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    Gtin::parse(&format!("{body}{}", (10 - sum % 10) % 10)).unwrap()
}

fn declare_as(world: &mut World, who: &str, gtin: &Gtin, number: &str) -> &'static str {
    let claim = declared(world, &format!("{gtin}/{number}"));
    say(world, who, |draft| claim.draft(draft))
}

fn certify_gtin(world: &mut World, serial: u64, gtin: &Gtin, number: &str, client: &str) {
    let name = &world.register.party(&slug(client)).unwrap().registration.name;
    let claim = CertificateClaim {
        lot: format!("{gtin}/{number}").parse().unwrap(),
        client: slug(client),
        client_name: name.as_str().into(),
        ..world.certificate(serial, "X", 100, "bio-maroc")
    };
    assert_eq!(say(world, "atlas", |draft| claim.draft(draft)), "ok");
}

fn prefixes(who: &str, prefixes: &[&str]) -> Registration {
    let gtin_prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
    Registration { gtin_prefixes, ..party(who) }
}

#[test]
fn nobody_certifies_a_rivals_drop_unasked() {
    let mut world = two_of_each();
    world.declare("L1", 100).unwrap();
    let by_rif = |world: &mut World, serial, scheme: &str| {
        let given = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
        let mut claim = CertificateClaim {
            accreditation: Word::new(&given),
            ..world.certificate(serial, "L1", 1, scheme)
        };
        claim.facts.quantity = 1;
        say(world, "rif", |draft| claim.draft(draft))
    };
    assert_eq!(by_rif(&mut world, 0, "bio-maroc"), "not_asked");
    // Nobody signs for the client but itself and, from paper, the registrar.
    let mut claim = world.agreement("rif", "coop", &["bio-maroc"]);
    for who in ["rif", "rival"] {
        assert_eq!(say(&mut world, who, |draft| claim.draft(draft)), "not_authorised", "{who}");
    }
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "mismatch", "on paper");
    claim.on_paper = false;
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "mismatch");
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    assert_eq!(by_rif(&mut world, 0, "fairtrade"), "not_asked", "another scheme");
    assert_eq!(by_rif(&mut world, 0, "bio-maroc"), "ok");
    // The newest that names the scheme counts: this one ended it yesterday.
    let yesterday = Day::from_days(world.now.day().days() - 1);
    let ended = Agreement { from: yesterday, until: yesterday, ..claim };
    assert_eq!(say(&mut world, "coop", |draft| ended.draft(draft)), "ok");
    assert_eq!(by_rif(&mut world, 1, "bio-maroc"), "not_asked");
}

#[test]
fn an_agreement_counts_from_its_first_to_its_last_day() {
    let mut world = World::newest();
    world.declare("L1", 100).unwrap();
    let today = world.now.day();
    let tomorrow = Day::from_days(today.days() + 1);
    let claim = Agreement {
        from: tomorrow,
        until: tomorrow,
        ..world.agreement("atlas", "coop", &["bio-maroc"])
    };
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(code(world.certify(0, "L1", 1, "bio-maroc")), "not_asked");
    later(&mut world, DAY);
    assert_eq!(code(world.certify(0, "L1", 1, "bio-maroc")), "ok");
    later(&mut world, DAY);
    assert_eq!(code(world.certify(1, "L1", 1, "bio-maroc")), "not_asked");
    // What tightens needs none.
    let withdrawn = change(&mut world, "atlas", super::cert(0), StatusAction::Withdraw);
    assert_eq!(withdrawn.code(), "ok");
    for (certifier, client) in [("coop", "coop"), ("atlas", "atlas")] {
        let claim = world.agreement(certifier, client, &["bio-maroc"]);
        assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "mismatch");
    }
    let claim = world.agreement("atlas", "coop", &["no-such-scheme"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "unknown_term");
}

fn capacity(who: &str, litres: u64) -> CapacityStatement {
    let (product, campaign) = ("argane".into(), "2026".into());
    let capacity = Capacity { product, campaign, quantity: litres * 1_000 };
    CapacityStatement { party: slug(who), capacity }
}

fn limit(world: &World, who: &str) -> Option<u64> {
    let limit = world.register.capacity(&slug(who), "argane", "2026", world.now);
    limit.map(|millilitres| millilitres / 1_000)
}

#[test]
fn a_raised_capacity_waits_72_hours_unless_the_root_signs() {
    let mut world = World::newest();
    assert_eq!(limit(&world, "coop"), Some(1_000));
    let state = |world: &mut World, who: &str, litres| {
        let claim = capacity("coop", litres);
        say(world, who, |draft| claim.draft(draft))
    };
    assert_eq!(state(&mut world, "registrar", 5_000), "ok");
    world.declare("L1", 1_500).unwrap();
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
    later(&mut world, 72 * 3_600 - 3);
    assert_eq!(limit(&world, "coop"), Some(1_000));
    later(&mut world, 3);
    assert_eq!(limit(&world, "coop"), Some(5_000));
    assert_eq!(state(&mut world, "registrar", 400), "ok");
    assert_eq!(limit(&world, "coop"), Some(400), "lowered at once");
    assert_eq!(state(&mut world, "root", 6_000), "ok");
    assert_eq!(limit(&world, "coop"), Some(6_000));
    // A newer registration that raises it waits as well; a first one does not.
    let raised =
        |who: &str| Registration { capacities: vec![capacity(who, 9_000).capacity], ..party(who) };
    assert_eq!(say(&mut world, "registrar", |draft| raised("coop").draft(draft)), "ok");
    assert_eq!(limit(&world, "coop"), Some(6_000));
    assert_eq!(say(&mut world, "registrar", |draft| raised("neu").draft(draft)), "ok");
    assert_eq!(limit(&world, "neu"), Some(9_000));
    later(&mut world, 72 * 3_600);
    assert_eq!(limit(&world, "coop"), Some(9_000));
}

#[test]
fn a_certifiers_figure_needs_an_agreement_and_is_capped_by_the_authoritys() {
    let mut world = two_of_each();
    let state = |world: &mut World, who: &str, whose: &str, litres| {
        let claim = capacity(whose, litres);
        say(world, who, |draft| claim.draft(draft))
    };
    assert_eq!(state(&mut world, "rif", "coop", 9_000), "not_asked");
    assert_eq!(state(&mut world, "coop", "coop", 9_000), "not_authorised");
    assert_eq!(state(&mut world, "atlas", "coop", 9_000), "ok");
    later(&mut world, 4 * DAY);
    assert_eq!(limit(&world, "coop"), Some(1_000), "the authority's caps it");
    assert_eq!(state(&mut world, "atlas", "coop", 300), "ok");
    assert_eq!(limit(&world, "coop"), Some(300));
    // Where the authority is slow, a certifier's stands alone.
    world.agree("atlas", "rival", &["bio-maroc"]);
    assert_eq!(limit(&world, "rival"), None);
    assert_eq!(state(&mut world, "atlas", "rival", 700), "ok");
    assert_eq!(limit(&world, "rival"), Some(700));
}

#[test]
fn a_mistyped_lot_does_not_hold_the_whole_season() {
    let mut world = World::newest();
    world.declare("TYPO", 50_000).unwrap();
    assert_eq!(lot_status(&world, "TYPO"), LotStatus::Held);
    world.declare("L1", 600).unwrap();
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released, "a held lot does not count");
    // It counts once it is released, and once only.
    world.declare("L2", 500).unwrap();
    assert_eq!(lot_status(&world, "L2"), LotStatus::Held);
    assert_eq!(change(&mut world, "registrar", of_lot("L2"), Release).code(), "ok");
    assert_eq!(world.register.season_total(&slug("coop"), "argane", "2026"), 1_100_000);
    change(&mut world, "registrar", of_lot("L2"), StatusAction::Hold).index();
    assert_eq!(change(&mut world, "registrar", of_lot("L2"), Release).code(), "ok");
    assert_eq!(world.register.season_total(&slug("coop"), "argane", "2026"), 1_100_000);
    world.declare("L3", 1).unwrap();
    assert_eq!(lot_status(&world, "L3"), LotStatus::Held);
}

#[test]
fn no_prefix_lies_inside_anothers() {
    let mut world = two_of_each();
    let claim = prefixes("coop", &["61112345"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    for taken in ["6111234", "61112345", "611123456", "611123456789"] {
        let claim = prefixes("rival", &["7770000", taken]);
        assert_eq!(
            say(&mut world, "registrar", |draft| claim.draft(draft)),
            "prefix_taken",
            "{taken}"
        );
    }
    let claim = prefixes("rival", &["61112346"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
}

#[test]
fn a_prefix_added_later_waits_and_rules_later_lots_only() {
    let mut world = two_of_each();
    world.agree("atlas", "rival", &["bio-maroc"]);
    let number = gtin("611123450001");
    assert_eq!(declare_as(&mut world, "rival", &number, "R1"), "ok");
    certify_gtin(&mut world, 0, &number, "R1", "rival");
    let claim = prefixes("coop", &["61112345"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(declare_as(&mut world, "coop", &number, "C1"), "gtin_owner");
    assert_eq!(declare_as(&mut world, "rival", &number, "R2"), "ok");
    later(&mut world, 72 * 3_600);
    assert_eq!(declare_as(&mut world, "rival", &number, "R3"), "gtin_owner");
    assert_eq!(declare_as(&mut world, "coop", &number, "C1"), "ok");
    // The older lot stays, and can still be certified.
    certify_gtin(&mut world, 1, &number, "R2", "rival");
    // What the root adds, and what a first registration states, counts at once.
    let claim = prefixes("rival", &["7770000"]);
    assert_eq!(say(&mut world, "root", |draft| claim.draft(draft)), "ok");
    assert_eq!(declare_as(&mut world, "rival", &gtin("777000000001"), "R1"), "ok");
    let claim = prefixes("souk", &["8880000"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let lent = PrefixGrant {
        from: slug("souk"),
        numbers: GrantedNumbers::Prefix("8880000".into()),
        to: slug("coop"),
    };
    let claim = world.new_key("souk", "key-1", 22, KeyPurpose::Assertion);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(say(&mut world, "souk", |draft| lent.draft(draft)), "ok");
    assert_eq!(declare_as(&mut world, "coop", &gtin("888000000001"), "C1"), "ok");
    // Nobody lends what does not count yet.
    let claim = prefixes("souk", &["8880000", "9990000"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let early = PrefixGrant { numbers: GrantedNumbers::Prefix("9990000".into()), ..lent };
    assert_eq!(say(&mut world, "souk", |draft| early.draft(draft)), "gtin_owner");
}

#[test]
fn a_gtin_without_prefix_is_of_who_had_it_certified_first() {
    let mut world = two_of_each();
    let number = gtin("611123450001");
    // Without anybody who would certify it, a number is not even begun.
    assert_eq!(declare_as(&mut world, "rival", &number, "SQUAT"), "not_asked");
    world.agree("atlas", "rival", &["bio-maroc"]);
    assert_eq!(declare_as(&mut world, "rival", &number, "SQUAT"), "ok");
    assert_eq!(declare_as(&mut world, "coop", &number, "NEXT1"), "ok", "declared is not owned");
    certify_gtin(&mut world, 0, &number, "NEXT1", "coop");
    assert_eq!(declare_as(&mut world, "rival", &number, "NEXT2"), "gtin_owner");
    assert_eq!(declare_as(&mut world, "coop", &number, "NEXT2"), "ok");
    assert_eq!(declare_as(&mut world, "coop", &number, "SQUAT"), "id_taken");
}

#[test]
fn numbers_are_lent_by_their_owner_alone() {
    let mut world = two_of_each();
    let claim = prefixes("coop", &["61112345"]);
    assert_eq!(say(&mut world, "root", |draft| claim.draft(draft)), "ok");
    let (one, other) = (gtin("611123450001"), gtin("611123450002"));
    let grant =
        |from: &str, numbers, to: &str| PrefixGrant { from: slug(from), numbers, to: slug(to) };
    let all = GrantedNumbers::Prefix("61112345".into());
    let some = GrantedNumbers::Gtin(one.clone());
    let own = grant("rival", all.clone(), "rival");
    assert_eq!(say(&mut world, "rival", |draft| own.draft(draft)), "gtin_owner");
    let wider = grant("coop", GrantedNumbers::Prefix("6111234".into()), "rival");
    assert_eq!(say(&mut world, "coop", |draft| wider.draft(draft)), "gtin_owner");
    let unowned = grant("rival", GrantedNumbers::Gtin(gtin("777000000001")), "coop");
    assert_eq!(say(&mut world, "rival", |draft| unowned.draft(draft)), "gtin_owner");
    let for_coop = grant("coop", all.clone(), "rival");
    assert_eq!(say(&mut world, "rival", |draft| for_coop.draft(draft)), "not_authorised");
    assert_eq!(declare_as(&mut world, "rival", &one, "R1"), "gtin_owner");
    let good = grant("coop", some, "rival");
    assert_eq!(say(&mut world, "coop", |draft| good.draft(draft)), "ok");
    assert_eq!(declare_as(&mut world, "rival", &one, "R1"), "ok");
    assert_eq!(declare_as(&mut world, "rival", &other, "R1"), "gtin_owner");
    let narrower = grant("coop", GrantedNumbers::Prefix("6111234500".into()), "rival");
    assert_eq!(say(&mut world, "coop", |draft| narrower.draft(draft)), "ok");
    assert_eq!(declare_as(&mut world, "rival", &other, "R1"), "ok");
    let nobody = grant("coop", all, "nobody");
    assert_eq!(say(&mut world, "coop", |draft| nobody.draft(draft)), "unknown_party");
}

#[test]
fn a_gtin_means_one_product_and_one_pack_size() {
    let mut world = World::newest();
    let number = gtin("611123450001");
    assert_eq!(declare_as(&mut world, "coop", &number, "L1"), "ok");
    let sized = |world: &World, number: &str, size| {
        let mut claim = declared(world, number);
        claim.facts.pack_size = size;
        claim
    };
    let half = sized(&world, &format!("{number}/HALF"), 500);
    assert_eq!(say(&mut world, "coop", |draft| half.draft(draft)), "ok", "nothing is certified");
    certify_gtin(&mut world, 0, &number, "L1", "coop");
    let again = sized(&world, &format!("{number}/HALF2"), 500);
    assert_eq!(say(&mut world, "coop", |draft| again.draft(draft)), "gtin_mismatch");
    let claim = CertificateClaim {
        lot: format!("{number}/HALF").parse().unwrap(),
        ..world.certificate(1, "X", 100, "bio-maroc")
    };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "gtin_mismatch");
    assert_eq!(declare_as(&mut world, "coop", &number, "L2"), "ok");
}

#[test]
fn numbers_taken_from_a_party_are_not_a_newcomers_at_once() {
    let mut world = two_of_each();
    let claim = prefixes("rival", &["7770000"]);
    assert_eq!(say(&mut world, "root", |draft| claim.draft(draft)), "ok");
    let number = gtin("777000000001");
    assert_eq!(declare_as(&mut world, "rival", &number, "R1"), "ok");
    // The registrar takes them away and registers a friend with them.
    let claim = prefixes("rival", &[]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let claim = prefixes("souk", &["77700000"]);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let claim = world.new_key("souk", "key-1", 22, KeyPurpose::Assertion);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let lent = PrefixGrant {
        from: slug("souk"),
        numbers: GrantedNumbers::Prefix("77700000".into()),
        to: slug("coop"),
    };
    assert_eq!(say(&mut world, "souk", |draft| lent.draft(draft)), "gtin_owner");
    later(&mut world, 72 * 3_600);
    assert_eq!(say(&mut world, "souk", |draft| lent.draft(draft)), "ok");
}
