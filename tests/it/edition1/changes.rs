//! Changes of status: what the authority laid only the authority lifts, what is loosened counts
//! from its log time, what a certifier did is final only later.

use tasdiq::names::Word;
use tasdiq::register::{CertificateStatus, LotStatus};
use tasdiq::statement::*;

use super::{
    DAY, cert, certificate_status, certified, change, code, declared, later, lot_status, of_lot,
    report, say, second_key, settle, two_of_each,
};
use crate::world::{World, slug};
use StatusAction::{Hold, Recall, Reinstate, Release, Suspend, Withdraw};

#[test]
fn a_certifier_cannot_lift_what_the_authority_laid() {
    let mut world = certified();
    change(&mut world, "registrar", cert(0), Suspend).index();
    assert_eq!(change(&mut world, "atlas", cert(0), Reinstate).code(), "not_authorised");
    assert_eq!(change(&mut world, "registrar", cert(0), Reinstate).code(), "ok");
    change(&mut world, "registrar", of_lot("L1"), Hold).index();
    for who in ["atlas", "coop", "rif"] {
        assert_eq!(change(&mut world, who, of_lot("L1"), Release).code(), "not_authorised");
    }
    assert_eq!(change(&mut world, "registrar", of_lot("L1"), Release).code(), "ok");
}

#[test]
fn what_the_authority_lays_anew_is_the_authoritys() {
    let mut world = certified();
    change(&mut world, "atlas", cert(0), Suspend).index();
    change(&mut world, "registrar", cert(0), Suspend).index();
    assert_eq!(change(&mut world, "atlas", cert(0), Reinstate).code(), "not_authorised");
    change(&mut world, "coop", of_lot("L1"), Hold).index();
    change(&mut world, "registrar", of_lot("L1"), Hold).index();
    assert_eq!(change(&mut world, "coop", of_lot("L1"), Release).code(), "not_authorised");
    // A second time it is laid already.
    assert_eq!(change(&mut world, "registrar", of_lot("L1"), Hold).code(), "status_order");
}

#[test]
fn a_hold_is_lifted_by_who_laid_it() {
    let mut world = certified();
    change(&mut world, "atlas", of_lot("L1"), Hold).index();
    for who in ["coop", "rif"] {
        assert_eq!(change(&mut world, who, of_lot("L1"), Release).code(), "not_authorised");
    }
    assert_eq!(change(&mut world, "atlas", of_lot("L1"), Release).code(), "ok");
    change(&mut world, "coop", of_lot("L1"), Hold).index();
    assert_eq!(change(&mut world, "atlas", of_lot("L1"), Release).code(), "not_authorised");
    assert_eq!(change(&mut world, "coop", of_lot("L1"), Release).code(), "ok");
}

#[test]
fn a_hold_of_a_rule_is_nobodys() {
    let mut world = certified();
    world.declare("BIG", 5_000).unwrap();
    assert_eq!(lot_status(&world, "BIG"), LotStatus::Held);
    assert_eq!(change(&mut world, "coop", of_lot("BIG"), Release).code(), "not_authorised");
    // Accredited for its product and region, whoever certified what.
    assert_eq!(change(&mut world, "rif", of_lot("BIG"), Release).code(), "ok");
    assert_eq!(lot_status(&world, "BIG"), LotStatus::Released);
    let mut world = certified();
    world.declare("BIG", 5_000).unwrap();
    let suspended = StatusTarget::Party(slug("rif"));
    change(&mut world, "registrar", suspended, Suspend).index();
    assert_eq!(change(&mut world, "rif", of_lot("BIG"), Release).code(), "party_barred");
    // One that certifies saffron alone.
    let set = |term: &str| [term.to_owned()].into();
    let scope = Scope {
        schemes: set("bio-maroc"),
        products: set("safran-taliouine"),
        regions: set("MA-09"),
    };
    let accreditation = world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone();
    let narrowed = ScopeChange {
        party: slug("atlas"),
        accreditation,
        event: ScopeEventKind::Narrow(scope),
        reason: Reason::Other,
        effective_from: world.now,
        notice: Default::default(),
        successor: None,
    };
    assert_eq!(say(&mut world, "registrar", |draft| narrowed.draft(draft)), "ok");
    assert_eq!(change(&mut world, "atlas", of_lot("BIG"), Release).code(), "not_authorised");
}

#[test]
fn recall_is_the_producers_and_the_authoritys() {
    let mut world = certified();
    for who in ["atlas", "rif", "rival"] {
        assert_eq!(change(&mut world, who, of_lot("L1"), Recall).code(), "not_authorised");
    }
    assert_eq!(change(&mut world, "rival", of_lot("L1"), Hold).code(), "not_authorised");
    assert_eq!(change(&mut world, "coop", of_lot("L1"), Recall).code(), "ok");
    assert_eq!(change(&mut world, "registrar", of_lot("L1"), Release).code(), "final");
}

#[test]
fn what_is_loosened_counts_from_its_log_time() {
    let mut world = certified();
    let suspended = world.now;
    change(&mut world, "atlas", cert(0), Suspend).index();
    change(&mut world, "coop", of_lot("L1"), Hold).index();
    later(&mut world, 10 * DAY);
    for (target, action, who) in [(cert(0), Reinstate, "atlas"), (of_lot("L1"), Release, "coop")] {
        let claim = StatusChange {
            target,
            action,
            reason: Reason::Error,
            effective_from: suspended,
            notice: Default::default(),
        };
        assert_eq!(say(&mut world, who, |draft| claim.draft(draft)), "ok");
    }
    let then = suspended.plus_seconds(5 * DAY);
    let certificate = world.register.certificate(0).unwrap().record;
    assert_eq!(certificate.status(then), CertificateStatus::Suspended);
    assert_eq!(certificate.status(world.now), CertificateStatus::Valid);
    let lot = world.register.lot(&"coop/L1".parse().unwrap()).unwrap();
    assert_eq!((lot.status(then), lot.status(world.now)), (LotStatus::Held, LotStatus::Released));
    // What is tightened may count from earlier.
    let claim = StatusChange {
        target: cert(0),
        action: Suspend,
        reason: Reason::LabResult,
        effective_from: then.plus_seconds(6 * DAY),
        notice: Default::default(),
    };
    later(&mut world, 10 * DAY);
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    let certificate = world.register.certificate(0).unwrap().record;
    let back = claim.effective_from;
    assert_eq!(certificate.status(back), CertificateStatus::Suspended);
}

#[test]
fn a_certifiers_withdrawal_can_be_annulled_for_30_days() {
    let mut world = certified();
    let index = change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Withdrawn, "it shows at once");
    for who in ["atlas", "coop", "rif"] {
        assert_eq!(settle(&mut world, who, &[], &[index]), "not_authorised", "{who}");
    }
    later(&mut world, 29 * DAY);
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "ok");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    assert!(!world.register.flagged(StatusPurpose::Revocation).contains(&0));
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "status_order");
    assert_eq!(settle(&mut world, "registrar", &[index], &[]), "status_order");
    // The next one becomes final by itself.
    let index = change(&mut world, "atlas", cert(0), Withdraw).index();
    later(&mut world, 30 * DAY);
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "final");
    assert_eq!(settle(&mut world, "registrar", &[index], &[]), "final");
}

#[test]
fn what_the_authority_confirmed_or_did_itself_is_final() {
    let mut world = certified();
    let index = change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(settle(&mut world, "registrar", &[index], &[]), "ok");
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "final");
    assert_eq!(settle(&mut world, "registrar", &[index], &[]), "status_order");
    let mut world = certified();
    let index = change(&mut world, "registrar", cert(0), Withdraw).index();
    let voided = super::settle_of(&mut world, "registrar", "authority#registrar-1", &[], &[index]);
    assert_eq!(voided, "key_state");
    // A suspension is no withdrawal, and needs no annulment.
    let mut world = certified();
    let index = change(&mut world, "atlas", cert(0), Suspend).index();
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "final");
}

#[test]
fn an_annulled_withdrawal_needs_its_quantity() {
    let mut world = certified();
    let index = change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(code(world.certify(1, "L1", 60, "bio-maroc")), "ok");
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "quantity_exceeded");
    change(&mut world, "atlas", cert(1), Withdraw).index();
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "ok");
    assert_eq!(code(world.certify(2, "L1", 1, "bio-maroc")), "quantity_exceeded");
}

#[test]
fn withdrawals_annulled_together_need_room_together() {
    let mut world = certified();
    let first = change(&mut world, "atlas", cert(0), Withdraw).index();
    world.certify(1, "L1", 60, "bio-maroc").unwrap();
    let second = change(&mut world, "atlas", cert(1), Withdraw).index();
    assert_eq!(settle(&mut world, "registrar", &[], &[first, second]), "quantity_exceeded");
    assert_eq!(settle(&mut world, "registrar", &[], &[second]), "ok");
}

#[test]
fn a_certifier_does_not_make_its_own_act_final() {
    // It reports its own key as stolen just before, and confirms with another.
    let mut world = certified();
    second_key(&mut world);
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    let held = change(&mut world, "atlas", of_lot("L1"), Hold).index();
    assert_eq!(report(&mut world, "registrar", "atlas#key-1", 60), "ok");
    assert_eq!(settle(&mut world, "atlas-2", &[withdrawn, held], &[]), "ok");
    later(&mut world, 29 * DAY);
    assert_eq!(settle(&mut world, "registrar", &[], &[withdrawn]), "ok", "within the 30 days");
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    later(&mut world, 2 * DAY);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released, "its hold ends all the same");
}

#[test]
fn a_certifiers_hold_ends_after_30_days_unless_the_authority_confirms_it() {
    let mut world = certified();
    change(&mut world, "atlas", of_lot("L1"), Hold).index();
    later(&mut world, 30 * DAY - 2);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
    later(&mut world, 2);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released);
    let index = change(&mut world, "atlas", of_lot("L1"), Hold).index();
    assert_eq!(settle(&mut world, "registrar", &[index], &[]), "ok");
    later(&mut world, 60 * DAY);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
    // The producer's own, and the authority's, end with a release alone.
    assert_eq!(change(&mut world, "registrar", of_lot("L1"), Release).code(), "ok");
    change(&mut world, "coop", of_lot("L1"), Hold).index();
    later(&mut world, 60 * DAY);
    assert_eq!(lot_status(&world, "L1"), LotStatus::Held);
}

#[test]
fn a_hold_can_be_annulled_by_the_authority_within_its_30_days() {
    let mut world = certified();
    let index = change(&mut world, "atlas", of_lot("L1"), Hold).index();
    assert_eq!(settle(&mut world, "registrar", &[], &[index]), "ok");
    assert_eq!(lot_status(&world, "L1"), LotStatus::Released);
}

#[test]
fn nothing_is_certified_beside_what_another_suspended() {
    let mut world = two_of_each();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", 40, "bio-maroc").unwrap();
    world.agree("rif", "coop", &["bio-maroc"]);
    let by_rif = |world: &mut World, serial| {
        let given = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
        let claim = CertificateClaim {
            accreditation: Word::new(&given),
            ..world.certificate(serial, "L1", 10, "bio-maroc")
        };
        say(world, "rif", |draft| claim.draft(draft))
    };
    // The certifier's own suspension leaves it free, another's certifier not.
    change(&mut world, "atlas", cert(0), Suspend).index();
    assert_eq!(by_rif(&mut world, 1), "certificate_suspended");
    assert_eq!(code(world.certify(1, "L1", 10, "bio-maroc")), "ok");
    change(&mut world, "registrar", cert(0), Suspend).index();
    assert_eq!(code(world.certify(2, "L1", 10, "bio-maroc")), "certificate_suspended");
    assert_eq!(by_rif(&mut world, 2), "certificate_suspended");
    assert_eq!(code(world.certify(2, "L1", 10, "fairtrade")), "ok", "another scheme");
    change(&mut world, "registrar", cert(0), Reinstate).index();
    assert_eq!(by_rif(&mut world, 3), "ok");
    // Withdrawing it is no way around, until the authority stands by that.
    change(&mut world, "registrar", cert(0), Suspend).index();
    let withdrawn = change(&mut world, "atlas", cert(0), Withdraw).index();
    assert_eq!(code(world.certify(4, "L1", 10, "bio-maroc")), "certificate_suspended");
    assert_eq!(by_rif(&mut world, 4), "certificate_suspended");
    assert_eq!(settle(&mut world, "registrar", &[withdrawn], &[]), "ok");
    assert_eq!(code(world.certify(4, "L1", 10, "bio-maroc")), "ok");
}

#[test]
fn a_suspended_party_may_only_tighten() {
    let mut world = certified();
    world.declare("L2", 10).unwrap();
    change(&mut world, "coop", of_lot("L2"), Hold).index();
    change(&mut world, "atlas", cert(0), Suspend).index();
    for who in ["coop", "atlas"] {
        change(&mut world, "registrar", StatusTarget::Party(slug(who)), Suspend).index();
    }
    assert_eq!(code(world.declare("L3", 10)), "party_barred");
    assert_eq!(change(&mut world, "coop", of_lot("L2"), Release).code(), "party_barred");
    let own = Agreement { on_paper: false, ..world.agreement("rif", "coop", &["bio-maroc"]) };
    assert_eq!(say(&mut world, "coop", |draft| own.draft(draft)), "party_barred");
    assert_eq!(change(&mut world, "coop", of_lot("L1"), Hold).code(), "ok");
    assert_eq!(change(&mut world, "coop", of_lot("L2"), Recall).code(), "ok");
    assert_eq!(change(&mut world, "atlas", cert(0), Reinstate).code(), "party_barred");
    assert_eq!(code(world.certify(1, "L1", 1, "fairtrade")), "party_barred");
    assert_eq!(change(&mut world, "atlas", cert(0), Withdraw).code(), "ok");
}

fn scope_end(world: &World, reason: Reason, successor: Option<&str>) -> ScopeChange {
    ScopeChange {
        party: slug("atlas"),
        accreditation: world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone(),
        event: ScopeEventKind::Withdraw,
        reason,
        effective_from: world.now,
        notice: Default::default(),
        successor: successor.map(slug),
    }
}

#[test]
fn a_certifier_that_closes_leaves_good_jars_and_a_successor() {
    let mut world = certified();
    let claim = scope_end(&world, Reason::Ceased, Some("rif"));
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    later(&mut world, DAY);
    assert_eq!(certificate_status(&world, 0), CertificateStatus::Valid);
    assert_eq!(code(world.certify(1, "L1", 1, "fairtrade")), "out_of_scope");
    assert_eq!(change(&mut world, "rif", cert(0), Suspend).code(), "ok");
    assert_eq!(change(&mut world, "rif", cert(0), Reinstate).code(), "ok");
    assert_eq!(change(&mut world, "rif", of_lot("L1"), Hold).code(), "ok");
    assert_eq!(change(&mut world, "rif", of_lot("L1"), Release).code(), "ok");
    assert_eq!(change(&mut world, "rif", cert(0), Withdraw).code(), "ok");
    // For any other reason nothing under it stands, and nobody acts for it.
    let mut world = certified();
    assert_eq!(change(&mut world, "rif", cert(0), Suspend).code(), "not_authorised");
    let claim = scope_end(&world, Reason::FraudSuspected, None);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    later(&mut world, DAY);
    assert_eq!(certificate_status(&world, 0), CertificateStatus::ScopeReduced);
    assert_eq!(change(&mut world, "rif", cert(0), Suspend).code(), "not_authorised");
}

#[test]
fn a_certifier_acts_on_its_own_certificates_alone() {
    let mut world = certified();
    for action in [Suspend, Withdraw] {
        assert_eq!(change(&mut world, "rif", cert(0), action).code(), "not_authorised");
        assert_eq!(change(&mut world, "coop", cert(0), action).code(), "not_authorised");
    }
    assert_eq!(change(&mut world, "rif", of_lot("L1"), Hold).code(), "not_authorised");
    let foreign = declared(&world, "rival/R1");
    assert_eq!(say(&mut world, "rival", |draft| foreign.draft(draft)), "ok");
    let lot = StatusTarget::Lot("rival/R1".parse().unwrap());
    assert_eq!(change(&mut world, "coop", lot, Hold).code(), "not_authorised");
}
