//! Serials on labels: counted per lot over all certificates, for what may be sold; and spoilt ones
//! given back.

use tasdiq::names::{Serial, Word};
use tasdiq::seal::Signer as _;
use tasdiq::statement::*;

use super::{DAY, cert, certified, change, code, declared, of_lot, say, two_of_each};
use crate::world::{World, key, slug};
use StatusAction::{Hold, Recall, Reinstate, Release, Suspend, Withdraw};

fn issue(world: &mut World, who: &str, number: &str, count: u32, key: &str) -> &'static str {
    let lot = format!("coop/{number}").parse().unwrap();
    let claim = LabelIssue { lot, count, verification_method: world.method(key) };
    say(world, who, |draft| claim.draft(draft))
}

/// With the authority's label key, which bears all schemes.
fn labels(world: &mut World, number: &str, count: u32) -> &'static str {
    issue(world, "service", number, count, "authority#label-1")
}

fn label_key(world: &mut World, schemes: &[&str], parties: &[&str]) {
    let new = NewKey {
        public: key(30).public(),
        purpose: KeyPurpose::Label,
        custody: Custody::Operator,
        schemes: schemes.iter().map(|scheme| (*scheme).to_owned()).collect(),
        not_after: Some(world.now.plus_seconds(100 * DAY)),
        parties: parties.iter().map(|party| slug(party)).collect(),
        cosigner: None,
    };
    let claim = KeyChange {
        party: slug("atlas"),
        verification_method: world.method("atlas#label-1"),
        event: KeyEvent::Added(new),
    };
    assert_eq!(say(world, "atlas", |draft| claim.draft(draft)), "ok");
}

/// A lot of 500 L of which one jar of 250 mL is certified.
#[test]
fn a_certificate_of_one_jar_gives_one_label() {
    let mut world = two_of_each();
    world.declare("L1", 500).unwrap();
    assert_eq!(labels(&mut world, "L1", 1), "label_refused", "nothing is certified");
    let mut claim = world.certificate(0, "L1", 1, "bio-maroc");
    claim.facts.quantity = 250;
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    assert_eq!(labels(&mut world, "L1", 2), "labels_exceeded");
    assert_eq!(labels(&mut world, "L1", 1), "ok");
    assert_eq!(labels(&mut world, "L1", 1), "labels_exceeded");
}

#[test]
fn two_certificates_give_no_second_set_of_labels() {
    let mut world = certified();
    world.certify(1, "L1", 100, "fairtrade").unwrap();
    label_key(&mut world, &["bio-maroc"], &["coop"]);
    assert_eq!(issue(&mut world, "atlas", "L1", 400, "atlas#label-1"), "ok");
    assert_eq!(issue(&mut world, "atlas", "L1", 1, "atlas#label-1"), "labels_exceeded");
    assert_eq!(labels(&mut world, "L1", 1), "labels_exceeded", "whoever asks");
}

#[test]
fn the_least_certified_scheme_on_the_label_counts() {
    let mut world = certified();
    world.certify(1, "L1", 10, "fairtrade").unwrap();
    // A label with both bits: 40 units are certified under both.
    assert_eq!(labels(&mut world, "L1", 41), "labels_exceeded");
    label_key(&mut world, &["bio-maroc"], &["coop"]);
    assert_eq!(issue(&mut world, "atlas", "L1", 400, "atlas#label-1"), "ok");
}

#[test]
fn nothing_held_suspended_withdrawn_or_recalled_is_labelled() {
    let mut world = certified();
    change(&mut world, "coop", of_lot("L1"), Hold).index();
    assert_eq!(labels(&mut world, "L1", 1), "label_refused");
    change(&mut world, "coop", of_lot("L1"), Release).index();
    change(&mut world, "atlas", cert(0), Suspend).index();
    assert_eq!(labels(&mut world, "L1", 1), "label_refused");
    change(&mut world, "atlas", cert(0), Reinstate).index();
    assert_eq!(labels(&mut world, "L1", 1), "ok");
    change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(labels(&mut world, "L1", 1), "label_refused");
    let mut world = certified();
    change(&mut world, "coop", of_lot("L1"), Recall).index();
    assert_eq!(labels(&mut world, "L1", 1), "label_refused");
}

#[test]
fn a_label_key_labels_the_lots_of_its_parties_under_its_schemes() {
    let mut world = certified();
    label_key(&mut world, &["fairtrade"], &["coop"]);
    assert_eq!(issue(&mut world, "atlas", "L1", 1, "atlas#label-1"), "label_refused", "scheme");
    let mut world = certified();
    label_key(&mut world, &["bio-maroc"], &["rival"]);
    assert_eq!(issue(&mut world, "atlas", "L1", 1, "atlas#label-1"), "label_refused", "party");
    assert_eq!(issue(&mut world, "atlas", "L1", 1, "atlas#key-1"), "unknown_key");
    assert_eq!(issue(&mut world, "coop", "L1", 1, "atlas#label-1"), "not_authorised");
    assert_eq!(issue(&mut world, "rif", "L1", 1, "atlas#label-1"), "not_authorised");
    // Another certifier of the same lot does not use this one's key.
    world.agree("rif", "coop", &["fairtrade"]);
    let given = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
    let claim = CertificateClaim {
        accreditation: Word::new(&given),
        ..world.certificate(1, "L1", 100, "fairtrade")
    };
    assert_eq!(say(&mut world, "rif", |draft| claim.draft(draft)), "ok");
    let ended = KeyChange {
        party: slug("atlas"),
        verification_method: world.method("atlas#label-1"),
        event: KeyEvent::Retired,
    };
    assert_eq!(say(&mut world, "atlas", |draft| ended.draft(draft)), "ok");
    super::later(&mut world, 10);
    assert_eq!(issue(&mut world, "atlas", "L1", 1, "atlas#label-1"), "key_retired");
}

#[test]
fn a_certifier_uses_no_other_certifiers_label_key() {
    let mut world = certified();
    world.agree("rif", "coop", &["bio-maroc"]);
    change(&mut world, "atlas", cert(0), Withdraw).index();
    let given = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
    let claim = CertificateClaim {
        accreditation: Word::new(&given),
        ..world.certificate(1, "L1", 100, "bio-maroc")
    };
    assert_eq!(say(&mut world, "rif", |draft| claim.draft(draft)), "ok");
    label_key(&mut world, &["bio-maroc"], &["coop"]);
    assert_eq!(issue(&mut world, "rif", "L1", 1, "atlas#label-1"), "label_refused");
    super::later(&mut world, 101 * DAY);
    assert_eq!(issue(&mut world, "rif", "L1", 1, "atlas#label-1"), "key_expired");
}

fn void(world: &mut World, who: &str, serials: &[String]) -> &'static str {
    let serials = serials.iter().map(|serial| Serial::parse(serial).unwrap()).collect();
    let claim = LabelVoid { lot: "coop/L1".parse().unwrap(), serials };
    say(world, who, |draft| claim.draft(draft))
}

fn serials(from: u32, count: u32) -> Vec<String> {
    (from..from + count).map(|number| format!("{number:08}")).collect()
}

#[test]
fn spoilt_labels_come_back_at_most_one_in_twenty() {
    // 100 L in jars of 250 mL: 400 units, 20 spoilt at most.
    let mut world = certified();
    assert_eq!(void(&mut world, "service", &serials(0, 1)), "label_refused", "none is out");
    assert_eq!(labels(&mut world, "L1", 400), "ok");
    assert_eq!(labels(&mut world, "L1", 1), "labels_exceeded");
    assert_eq!(void(&mut world, "service", &serials(0, 21)), "label_refused");
    assert_eq!(void(&mut world, "service", &serials(0, 15)), "ok");
    assert_eq!(void(&mut world, "service", &serials(14, 2)), "label_refused", "14 is void already");
    assert_eq!(void(&mut world, "service", &serials(15, 6)), "label_refused", "all in all");
    assert_eq!(labels(&mut world, "L1", 16), "labels_exceeded");
    assert_eq!(labels(&mut world, "L1", 15), "ok");
    assert_eq!(void(&mut world, "service", &serials(15, 5)), "ok");
    assert_eq!(labels(&mut world, "L1", 5), "ok");
    assert_eq!(labels(&mut world, "L1", 1), "labels_exceeded");
}

#[test]
fn spoilt_labels_are_given_back_by_who_issued_them_or_the_authority() {
    let mut world = certified();
    label_key(&mut world, &["bio-maroc"], &["coop"]);
    assert_eq!(labels(&mut world, "L1", 100), "ok");
    for who in ["atlas", "coop", "rif"] {
        assert_eq!(void(&mut world, who, &serials(0, 1)), "not_authorised", "{who}");
    }
    assert_eq!(issue(&mut world, "atlas", "L1", 100, "atlas#label-1"), "ok");
    assert_eq!(void(&mut world, "atlas", &serials(0, 1)), "ok");
    assert_eq!(void(&mut world, "registrar", &serials(1, 1)), "ok");
}

#[test]
fn a_lot_of_anothers_is_not_labelled() {
    let mut world = certified();
    let foreign = declared(&world, "rival/R1");
    assert_eq!(say(&mut world, "rival", |draft| foreign.draft(draft)), "ok");
    let claim = LabelIssue {
        lot: "rival/R1".parse().unwrap(),
        count: 1,
        verification_method: world.method("authority#label-1"),
    };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "not_authorised");
    assert_eq!(code(world.declare("L2", 1)), "ok");
    assert_eq!(issue(&mut world, "atlas", "L2", 1, "authority#label-1"), "not_authorised");
}

/// A certificate that waits for its first day has labels, by what it will certify; not when it was
/// suspended meanwhile, and not beside one that is in force for less.
#[test]
fn labels_are_ready_before_the_first_day() {
    let mut world = two_of_each();
    world.declare("L1", 500).unwrap();
    let coming = |world: &World, quantity: u64| {
        let mut claim = world.certificate(0, "L1", 1, "bio-maroc");
        claim.facts.quantity = quantity;
        claim.valid_from = world.now.plus_seconds(30 * DAY);
        claim
    };
    let claim = coming(&world, 1_000);
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    assert_eq!(labels(&mut world, "L1", 5), "labels_exceeded");
    assert_eq!(labels(&mut world, "L1", 3), "ok");
    assert_eq!(change(&mut world, "atlas", cert(0), Suspend).code(), "ok");
    assert_eq!(labels(&mut world, "L1", 1), "label_refused");

    let mut world = two_of_each();
    world.declare("L1", 500).unwrap();
    let mut small = world.certificate(0, "L1", 1, "bio-maroc");
    small.facts.quantity = 250;
    small.valid_until = world.now.plus_seconds(20 * DAY);
    assert_eq!(say(&mut world, "atlas", |draft| small.draft(draft)), "ok");
    let claim = CertificateClaim { serial: 1, ..coming(&world, 1_000) };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    assert_eq!(labels(&mut world, "L1", 2), "labels_exceeded");
    assert_eq!(labels(&mut world, "L1", 1), "ok");
}
