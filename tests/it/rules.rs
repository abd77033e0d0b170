//! The rules of the ledger: each refusal by its code, each status by the events that bring it
//! about,
//! and the fold as a pure function of the log.

use tasdiq::catalog::Catalog;
use tasdiq::names::LotKey;
use tasdiq::register::{CertificateStatus, LotStatus, Refusal, Register};
use tasdiq::seal::{KeyStanding, LogPosition, Signer};
use tasdiq::statement::*;

use crate::world::{World, key, party, slug};

fn code(result: Result<u64, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code(), |_| "ok")
}

#[test]
fn a_certificate_travels() {
    let mut world = World::peopled();
    assert_eq!(code(world.declare("L1", 100)), "ok");
    assert_eq!(code(world.certify(0, "L1", 100, "bio-maroc")), "ok");
    let certificate = world.register.certificate(0).unwrap().record;
    let issuer = world.register.party(&slug("atlas")).map(AsRef::as_ref);
    assert_eq!(world.register.status_of(&certificate, world.now), CertificateStatus::Valid);
    assert_eq!(certificate.key_standing(&issuer.unwrap().keys), KeyStanding::InForce);
    let at = |text| Timestamp::parse(text).unwrap();
    let status = |text| world.register.status_of(&certificate, at(text));
    assert_eq!(status("2026-05-31T23:59:59Z"), CertificateStatus::NotYetValid);
    assert_eq!(status("2027-06-01T00:00:00Z"), CertificateStatus::Expired);
}

#[test]
fn certified_quantity_never_exceeds_the_declared_one() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    assert_eq!(code(world.certify(0, "L1", 101, "bio-maroc")), "quantity_exceeded");
    assert_eq!(code(world.certify(0, "L1", 60, "bio-maroc")), "ok");
    assert_eq!(code(world.certify(1, "L1", 41, "bio-maroc")), "quantity_exceeded");
    assert_eq!(code(world.certify(1, "L1", 100, "fairtrade")), "ok");
    world.status(StatusTarget::Certificate(0), StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    assert_eq!(code(world.certify(2, "L1", 100, "bio-maroc")), "ok");
}

#[test]
fn scope_and_certificate_end_together() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    assert_eq!(code(world.certify(0, "L1", 1, "eu-organic")), "out_of_scope");
    assert_eq!(code(world.certify(0, "L1", 1, "no-such-scheme")), "unknown_term");
    let mut long = world.certificate(0, "L1", 1, "bio-maroc");
    long.valid_until = Timestamp::parse("2028-01-01T00:00:00Z").unwrap();
    let unsigned = long.draft(&world.draft("atlas"));
    assert_eq!(code(world.by_certifier(unsigned)), "outlives_scope");
    let mut other = world.certificate(0, "L1", 1, "bio-maroc");
    other.facts.product = "safran-taliouine".into();
    let unsigned = other.draft(&world.draft("atlas"));
    assert_eq!(code(world.by_certifier(unsigned)), "mismatch");
}

#[test]
fn withdrawn_is_final_and_suspension_reversible() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    let mut change =
        |action| code(world.status(StatusTarget::Certificate(0), action, "atlas#key-1", 10));
    assert_eq!(change(StatusAction::Reinstate), "status_order");
    assert_eq!(change(StatusAction::Suspend), "ok");
    assert_eq!(change(StatusAction::Suspend), "status_order");
    assert_eq!(change(StatusAction::Reinstate), "ok");
    assert_eq!(change(StatusAction::Withdraw), "ok");
    assert_eq!(change(StatusAction::Withdraw), "final");
    assert_eq!(change(StatusAction::Reinstate), "final");
    assert!(world.register.flagged(StatusPurpose::Revocation).contains(&0));
    assert!(!world.register.flagged(StatusPurpose::Suspension).contains(&0));
}

#[test]
fn a_season_above_capacity_is_held_until_released() {
    let mut world = World::peopled();
    world.declare("L1", 900).unwrap();
    world.declare("L2", 200).unwrap();
    let status = |world: &World, number: &str| {
        let lot: LotKey = format!("coop/{number}").parse().unwrap();
        world.register.lot(&lot).unwrap().status(world.now)
    };
    assert_eq!(status(&world, "L1"), LotStatus::Released);
    assert_eq!(status(&world, "L2"), LotStatus::Held);
    let lot = || StatusTarget::Lot("coop/L2".parse().unwrap());
    let by_producer = world.status(lot(), StatusAction::Release, "coop#key-1", 20);
    assert_eq!(code(by_producer), "not_authorised");
    let by_registrar = world.status(lot(), StatusAction::Release, "authority#registrar-1", 2);
    assert_eq!(code(by_registrar), "ok");
    assert_eq!(status(&world, "L2"), LotStatus::Released);
    assert_eq!(code(world.status(lot(), StatusAction::Recall, "coop#key-1", 20)), "ok");
    assert_eq!(status(&world, "L2"), LotStatus::Recalled);
    assert_eq!(code(world.certify(0, "L2", 1, "bio-maroc")), "final");
}

#[test]
fn keys_are_judged_at_log_time() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 10, "bio-maroc").unwrap();
    let method = world.method("atlas#key-1");
    let retired = KeyChange {
        party: slug("atlas"),
        verification_method: method.clone(),
        event: KeyEvent::Retired,
    };
    let unsigned = retired.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "ok");
    world.now = world.now.plus_seconds(10);
    assert_eq!(code(world.certify(1, "L1", 10, "bio-maroc")), "key_retired");
    let issuer = world.register.party(&slug("atlas")).map(AsRef::as_ref);
    let first = world.register.certificate(0).unwrap().record;
    assert_eq!(first.key_standing(&issuer.unwrap().keys), KeyStanding::InForce);
    let change = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    let unsigned = change.draft(&world.draft("authority"));
    world.by_registrar(unsigned).unwrap();
    let claim = world.certificate(1, "L1", 10, "bio-maroc");
    let unsigned = claim.draft(&world.draft("atlas"));
    assert_eq!(code(world.log(unsigned, "atlas#key-2", 11)), "ok");
    let since = world.now;
    let known_at = world.now.plus_seconds(1);
    let stolen = KeyChange {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-2"),
        event: KeyEvent::Compromised { since, known_at },
    };
    let unsigned = stolen.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "ok");
    let claim = world.certificate(2, "L1", 10, "bio-maroc");
    let unsigned = claim.draft(&world.draft("atlas"));
    assert_eq!(code(world.log(unsigned, "atlas#key-2", 11)), "key_compromised");
    let issuer = world.register.party(&slug("atlas")).map(AsRef::as_ref);
    let second = world.register.certificate(1).unwrap().record;
    assert_eq!(second.key_standing(&issuer.unwrap().keys), KeyStanding::Suspect);
}

#[test]
fn one_key_one_party_one_purpose() {
    let mut world = World::peopled();
    let reused = world.new_key("coop", "key-9", 10, KeyPurpose::Assertion);
    let unsigned = reused.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "key_reused");
    let taken = world.new_key("coop", "key-1", 77, KeyPurpose::Assertion);
    let unsigned = taken.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "key_exists");
    let own = world.new_key("authority", "registrar-2", 78, KeyPurpose::Assertion);
    let unsigned = own.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "not_authorised");
    let unsigned = party("new").draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#service-1", 3)), "key_purpose");
    let unsigned = party("new").draft(&world.draft("coop"));
    assert_eq!(code(world.log(unsigned, "coop#key-1", 20)), "not_authorised");
    let unsigned = party("new").draft(&world.draft("coop"));
    assert_eq!(code(world.log(unsigned, "coop#nobody", 20)), "unknown_key");
}

#[test]
fn lots_are_declared_once_by_a_cooperative() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    assert_eq!(code(world.declare("L1", 50)), "id_taken");
    assert_eq!(code(world.certify(0, "L9", 1, "bio-maroc")), "lot_unknown");
    let mut lot = world.lot("L2", 10);
    lot.facts.unit = "GRM".into();
    let unsigned = lot.draft(&world.draft("coop"));
    assert_eq!(code(world.log(unsigned, "coop#key-1", 20)), "mismatch");
    let unsigned = world.lot("L3", 10).draft(&world.draft("atlas"));
    assert_eq!(code(world.log(unsigned, "atlas#key-1", 10)), "not_authorised");
    let mut lot = world.lot("L4", 10);
    lot.packed_on = Day::parse("2026-07-01").unwrap();
    let unsigned = lot.draft(&world.draft("coop"));
    assert_eq!(code(world.log(unsigned, "coop#key-1", 20)), "future");
}

#[test]
fn serials_on_labels_never_exceed_the_sales_units() {
    let mut world = World::peopled();
    world.declare("L1", 1).unwrap();
    world.certify(0, "L1", 1, "bio-maroc").unwrap();
    let mut issue = |count| {
        let claim = LabelIssue {
            lot: "coop/L1".parse().unwrap(),
            count,
            verification_method: world.method("authority#label-1"),
        };
        let unsigned = claim.draft(&world.draft("authority"));
        code(world.log(unsigned, "authority#service-1", 3))
    };
    assert_eq!(issue(5), "labels_exceeded");
    assert_eq!(issue(3), "ok");
    assert_eq!(issue(2), "labels_exceeded");
    assert_eq!(issue(1), "ok");
}

#[test]
fn a_status_list_says_what_the_register_says() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    world.certify(1, "L1", 100, "fairtrade").unwrap();
    world.status(StatusTarget::Certificate(1), StatusAction::Withdraw, "atlas#key-1", 10).unwrap();
    let list =
        |serials: Vec<u64>| StatusList::of(StatusPurpose::Revocation, 0, serials.into_iter());
    let unsigned = list(vec![]).draft(&world.draft("authority"));
    let hidden = world.log(unsigned, "authority#service-1", 3);
    assert_eq!(code(hidden), "status_list_wrong");
    let true_list = list(vec![1]);
    assert_eq!((true_list.is_set(1), true_list.is_set(0)), (Some(true), Some(false)));
    let unsigned = true_list.draft(&world.draft("authority"));
    assert_eq!(code(world.log(unsigned, "authority#service-1", 3)), "ok");
}

#[test]
fn the_fold_is_a_pure_function_of_the_log() {
    let mut world = World::peopled();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 100, "bio-maroc").unwrap();
    let fold = || {
        let catalog = Catalog::builtin().unwrap();
        let mut register = Register::new(world.domain.clone(), key(1).public(), catalog);
        for (index, bytes) in world.leaves.iter().enumerate() {
            let statement = Statement::parse(bytes, &world.domain).unwrap();
            let mark = LogPosition { index: index as u64, logged_at: world.now };
            register.fold(&statement, mark).unwrap();
        }
        register
    };
    let (one, two) = (fold(), fold());
    assert!(one.lots().eq(two.lots()));
    assert!(one.certificates().eq(two.certificates()));
    assert!(one.parties().eq(two.parties()));
    assert_eq!(one.size(), world.register.size());
}
