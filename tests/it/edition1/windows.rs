//! What was signed while a thief may have had the key: it tightens until somebody confirms or voids
//! it, and what it loosened has no effect before.

use tasdiq::pack::{Pack, PackFile};
use tasdiq::register::{CertificateStatus, LotStatus};
use tasdiq::statement::*;
use tasdiq::trust::{StatusData, Trust};

use super::{
    DAY, cert, certificate_status, certified, change, later, lot_status, of_lot, report, say,
    second_key, settle, settle_of,
};
use crate::world::{World, slug};
use StatusAction::{Hold, Recall, Reinstate, Release, Suspend, Withdraw};

fn robbed(world: &mut World) {
    assert_eq!(report(world, "registrar", "atlas#key-1", 60), "ok");
}

#[test]
fn a_thiefs_loosening_is_undone_by_the_report_and_redone_by_confirmation() {
    let mut world = certified();
    second_key(&mut world);
    change(&mut world, "atlas", cert(0), Suspend).index();
    change(&mut world, "atlas", of_lot("L1"), Hold).index();
    later(&mut world, DAY);
    let reinstated = change(&mut world, "atlas", cert(0), Reinstate).index();
    let released = change(&mut world, "atlas", of_lot("L1"), Release).index();
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    robbed(&mut world);
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Suspended);
    assert!(world.register.flagged(StatusPurpose::Suspension).contains(&0));
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
    assert_eq!(settle(&mut world, "atlas-2", &[reinstated, released], &[]), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    assert!(!world.register.flagged(StatusPurpose::Suspension).contains(&0));
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released);
    assert_eq!(settle(&mut world, "atlas-2", &[reinstated], &[]), "status_order");
}

#[test]
fn what_was_loosened_before_the_theft_stands() {
    let mut world = certified();
    change(&mut world, "atlas", cert(0), Suspend).index();
    change(&mut world, "atlas", cert(0), Reinstate).index();
    later(&mut world, DAY);
    robbed(&mut world);
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    // A second report that moves the window back undoes it after all.
    assert_eq!(report(&mut world, "registrar", "atlas#key-1", 2 * DAY), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Suspended);
}

#[test]
fn a_confirmation_with_a_stolen_key_confirms_nothing() {
    let mut world = certified();
    second_key(&mut world);
    change(&mut world, "atlas", cert(0), Suspend).index();
    later(&mut world, DAY);
    let reinstated = change(&mut world, "atlas", cert(0), Reinstate).index();
    robbed(&mut world);
    assert_eq!(settle(&mut world, "atlas-2", &[reinstated], &[]), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    assert_eq!(report(&mut world, "registrar", "atlas#key-2", 60), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Suspended);
    let change = world.register.change(reinstated).unwrap();
    assert!(change.confirmed.is_none() && world.register.is_suspect(change));
    // The authority has the last word.
    assert_eq!(settle(&mut world, "registrar", &[reinstated], &[]), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
}

#[test]
fn a_confirmation_with_the_registrars_stolen_key_confirms_nothing_either() {
    let mut world = certified();
    let held = change(&mut world, "atlas", of_lot("L1"), Hold).index();
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    later(&mut world, DAY);
    assert_eq!(settle(&mut world, "registrar", &[held, withdrawn], &[]), "ok");
    assert_eq!(report(&mut world, "root", "authority#registrar-1", 60), "ok");
    let root = settle(&mut world, "root", &[], &[withdrawn]);
    assert_eq!(root, "ok", "it can be annulled as before");
    later(&mut world, 30 * DAY);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released, "and the hold ends as before");
}

#[test]
fn what_a_thief_tightened_stands_until_the_authority_voids_it() {
    let mut world = certified();
    second_key(&mut world);
    world.declare("L2", 10).unwrap();
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    let recalled = change(&mut world, "coop", of_lot("L2"), Recall).index();
    robbed(&mut world);
    assert_eq!(report(&mut world, "registrar", "coop#key-1", 60), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Withdrawn);
    assert_eq!(lot_status(&world, "L2"), LotStatus::Recalled);
    // Nobody else voids: the certifier would undo its own withdrawal by a report.
    assert_eq!(settle(&mut world, "atlas-2", &[], &[withdrawn]), "not_authorised");
    later(&mut world, 60 * DAY);
    assert_eq!(settle(&mut world, "registrar", &[], &[withdrawn]), "ok", "suspect as long as open");
    let coop = settle_of(&mut world, "registrar", "coop#key-1", &[], &[recalled]);
    assert_eq!(coop, "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    assert_eq!(lot_status(&world, "L2"), LotStatus::Released);
    assert_eq!(settle(&mut world, "atlas-2", &[withdrawn], &[]), "status_order");
}

#[test]
fn what_the_party_confirmed_is_final_after_30_days() {
    let mut world = certified();
    second_key(&mut world);
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    robbed(&mut world);
    assert_eq!(settle(&mut world, "atlas-2", &[withdrawn], &[]), "ok");
    later(&mut world, 31 * DAY);
    assert_eq!(settle(&mut world, "registrar", &[], &[withdrawn]), "final");
}

#[test]
fn a_thief_of_one_key_reports_the_others_and_confirms_nothing() {
    let mut world = certified();
    second_key(&mut world);
    let third = world.new_key("atlas", "key-3", 13, KeyPurpose::Assertion);
    assert_eq!(say(&mut world, "root", |draft| third.draft(draft)), "ok");
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    // key-2 is the thief's.
    assert_eq!(report(&mut world, "atlas-2", "atlas#key-1", 60), "ok");
    assert_eq!(settle(&mut world, "atlas-2", &[withdrawn], &[]), "not_authorised");
    assert_eq!(settle(&mut world, "atlas-2", &[], &[withdrawn]), "not_authorised");
    let certificate = world.register.certificate(0).unwrap().record.mark.index;
    assert_eq!(settle(&mut world, "atlas-2", &[certificate], &[]), "not_authorised");
    assert_eq!(settle(&mut world, "atlas-3", &[withdrawn], &[]), "ok", "another key may");
}

#[test]
fn nothing_is_confirmed_or_voided_but_what_is_named_and_open() {
    let mut world = certified();
    second_key(&mut world);
    let before = change(&mut world, "atlas", cert(0), Suspend).index();
    later(&mut world, DAY);
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(settle(&mut world, "atlas-2", &[withdrawn], &[]), "key_state", "no window yet");
    robbed(&mut world);
    assert_eq!(settle(&mut world, "atlas-2", &[before], &[]), "final", "before the window");
    assert_eq!(settle(&mut world, "registrar", &[], &[before]), "final");
    let claim = |digest| Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: None,
        entries: vec![(withdrawn, digest)],
        voids: vec![],
    };
    let wrong = claim([9; 32]);
    assert_eq!(say(&mut world, "atlas-2", |draft| wrong.draft(draft)), "entry_mismatch");
    // Another party's entry, and what is nobody's to confirm.
    let lot = world.register.lot(&"coop/L1".parse().unwrap()).unwrap().mark.index;
    assert_eq!(settle(&mut world, "atlas-2", &[lot], &[]), "entry_mismatch");
    assert_eq!(settle(&mut world, "rif", &[withdrawn], &[]), "not_authorised");
    assert_eq!(settle(&mut world, "registrar", &[], &[lot]), "entry_mismatch");
}

#[test]
fn a_party_stands_by_its_lots_too() {
    let mut world = certified();
    let second = world.new_key("coop", "key-2", 23, KeyPurpose::Assertion);
    assert_eq!(say(&mut world, "root", |draft| second.draft(draft)), "ok");
    let lot = world.register.lot(&"coop/L1".parse().unwrap()).unwrap().mark.index;
    assert_eq!(report(&mut world, "registrar", "coop#key-1", 600), "ok");
    let claim = Reconfirmation {
        party: slug("coop"),
        verification_method: world.method("coop#key-1"),
        serials: None,
        entries: vec![super::entry(&world, lot)],
        voids: vec![],
    };
    let unsigned = claim.draft(&world.draft("coop"));
    assert_eq!(super::code(world.log(unsigned, "coop#key-2", 23)), "ok");
    assert!(world.register.confirmed_at(lot).is_some());
    // Stolen too: what it confirmed is open again.
    assert_eq!(report(&mut world, "registrar", "coop#key-2", 60), "ok");
    assert!(world.register.confirmed_at(lot).is_none());
}

#[test]
fn a_lot_that_a_thief_released_counts_no_more() {
    let mut world = certified();
    second_key(&mut world);
    let total = |world: &World| world.register.season_total(&slug("coop"), "argane", "2026");
    world.declare("BIG", 5_000).unwrap();
    let released = change(&mut world, "atlas", of_lot("BIG"), Release).index();
    assert_eq!((lot_status(&world, "BIG"), total(&world)), (LotStatus::Released, 5_100_000));
    robbed(&mut world);
    assert_eq!((lot_status(&world, "BIG"), total(&world)), (LotStatus::Held, 100_000));
    world.declare("L2", 900).unwrap();
    assert_eq!(lot_status(&world, "L2"), LotStatus::Released);
    assert_eq!(settle(&mut world, "atlas-2", &[released], &[]), "ok");
    assert_eq!((lot_status(&world, "BIG"), total(&world)), (LotStatus::Released, 6_000_000));
}

#[test]
fn a_delta_tells_what_was_undone_voided_and_confirmed() {
    let mut world = certified();
    second_key(&mut world);
    world.declare("L2", 10).unwrap();
    let held = change(&mut world, "atlas", of_lot("L1"), Hold).index();
    change(&mut world, "atlas", cert(0), Suspend).index();
    later(&mut world, DAY);
    let reinstated = change(&mut world, "atlas", cert(0), Reinstate).index();
    let recalled = change(&mut world, "coop", of_lot("L2"), Recall).index();
    let mut packs = vec![world.pack_file()];
    robbed(&mut world);
    packs.push(world.pack_file());
    assert_eq!(settle(&mut world, "atlas-2", &[reinstated], &[]), "ok");
    packs.push(world.pack_file());
    assert_eq!(report(&mut world, "registrar", "atlas#key-2", 60), "ok");
    packs.push(world.pack_file());
    assert_eq!(report(&mut world, "registrar", "coop#key-1", 60), "ok");
    let voided = settle_of(&mut world, "registrar", "coop#key-1", &[], &[recalled]);
    assert_eq!(voided, "ok");
    packs.push(world.pack_file());
    assert_eq!(settle(&mut world, "registrar", &[held], &[]), "ok");
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let whole = world.pack_file();
    let newest = PackFile::read(&whole[..]).unwrap();
    for pack in &packs {
        let pack = Pack::open(&pack[..], &trust).unwrap();
        let delta = newest.delta_since(&world.register, pack.covers()).unwrap();
        let delta = PackFile::read(&delta[..]).unwrap();
        assert!(pack.updated(&delta, &trust).unwrap() == whole, "from {}", pack.covers());
    }
}
