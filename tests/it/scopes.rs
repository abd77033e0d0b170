//! What an accreditation and a certifier are worth over time: narrowed, suspended, withdrawn; what
//! was logged before stays authentic.

use tasdiq::register::CertificateStatus;
use tasdiq::statement::*;
use tasdiq::trust::Trust;
use tasdiq::verify::{CheckName, Indication, Signal};

use crate::keys::{atlas, certified, code, evidence, offline, offline_at};
use crate::world::{World, slug};

fn scope(world: &mut World, event: ScopeEventKind) -> &'static str {
    scope_since(world, event, world.now)
}

fn scope_since(world: &mut World, event: ScopeEventKind, since: Timestamp) -> &'static str {
    let change = ScopeChange {
        party: slug("atlas"),
        accreditation: atlas(world).accreditations[0].id.clone(),
        event,
        reason: Reason::Nonconformity,
        effective_from: since,
        notice: Default::default(),
        successor: None,
    };
    let unsigned = change.draft(&world.draft("authority"));
    code(world.by_registrar(unsigned))
}

fn only(scheme: &str, product: &str) -> Scope {
    let set = |term: &str| [term.to_owned()].into();
    Scope { schemes: set(scheme), products: set(product), regions: set("MA-09") }
}

#[test]
fn a_narrowed_scope_ends_certificates_and_not_their_authenticity() {
    let mut world = certified(1);
    world.certify(1, "L1", 1, "fairtrade").unwrap();
    let before = world.now;
    world.now = world.now.plus_seconds(86_400);
    let wider = only("eu-organic", "argane");
    assert_eq!(scope(&mut world, ScopeEventKind::Narrow(wider)), "scope_wider");
    let fair = only("fairtrade", "argane");
    assert_eq!(scope(&mut world, ScopeEventKind::Narrow(fair.clone())), "ok");
    assert_eq!(scope(&mut world, ScopeEventKind::Narrow(fair)), "status_order");
    let back = world.accreditation().scope;
    assert_eq!(scope(&mut world, ScopeEventKind::Narrow(back)), "scope_wider");
    let refused = world.certify(2, "L1", 1, "bio-maroc").unwrap_err();
    assert_eq!(refused.code(), "out_of_scope");
    assert!(refused.to_string().contains("covers schemes fairtrade; products argane"), "{refused}");
    assert_eq!(code(world.certify(2, "L1", 1, "fairtrade")), "ok");
    let report = offline(&world, 0);
    assert_eq!(report.authenticity.indication, Indication::TotalPassed);
    assert_eq!(report.exit_code, 4);
    let fitness = report.fitness.unwrap();
    assert_eq!(fitness.now.certificate, CertificateStatus::ScopeReduced);
    assert_eq!(fitness.now.reason.as_deref(), Some("nonconformity"));
    assert_eq!(fitness.now.by, Some(slug("authority")));
    let since = atlas(&world).accreditations[0].events[0].effective_from;
    assert_eq!(fitness.now.since, Some(since));
    assert_eq!(
        offline_at(&world, 0, before).fitness.unwrap().now.certificate,
        CertificateStatus::Valid
    );
    assert_eq!(offline(&world, 1).exit_code, 0);
    let status = |serial| {
        let certificate = world.register.certificate(serial).unwrap().record;
        world.register.status_of(&certificate, world.now)
    };
    assert_eq!((status(0), status(1)), (CertificateStatus::ScopeReduced, CertificateStatus::Valid));
    // The snapshot tells the history.
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let record = &trust.party(&slug("atlas")).unwrap().accreditations[0];
    assert_eq!((record.events.len(), record.scope.schemes.len()), (1, 2));
    assert_eq!(record.scope_at(world.now).schemes.len(), 1);
}

#[test]
fn an_accreditation_is_suspended_reinstated_and_withdrawn() {
    let mut world = certified(1);
    assert_eq!(scope(&mut world, ScopeEventKind::Reinstate), "status_order");
    assert_eq!(scope(&mut world, ScopeEventKind::Suspend), "ok");
    assert_eq!(scope(&mut world, ScopeEventKind::Suspend), "status_order");
    let refused = world.certify(1, "L1", 1, "bio-maroc").unwrap_err();
    assert!(refused.to_string().contains("suspended since"), "{refused}");
    assert_eq!(offline(&world, 0).exit_code, 0);
    assert_eq!(scope(&mut world, ScopeEventKind::Reinstate), "ok");
    assert_eq!(code(world.certify(1, "L1", 1, "bio-maroc")), "ok");
    assert_eq!(offline(&world, 1).exit_code, 0);
    assert_eq!(scope(&mut world, ScopeEventKind::Withdraw), "ok");
    assert_eq!(scope(&mut world, ScopeEventKind::Reinstate), "final");
    assert_eq!(code(world.certify(2, "L1", 1, "bio-maroc")), "out_of_scope");
    for serial in 0..2 {
        let report = offline(&world, serial);
        assert_eq!(report.authenticity.indication, Indication::TotalPassed, "{report:#?}");
        assert_eq!(report.fitness.unwrap().now.certificate.word(), "scope-reduced");
    }
    let later = world.now.plus_seconds(3_600);
    assert_eq!(scope_since(&mut world, ScopeEventKind::Suspend, later), "future");
    let change = ScopeChange {
        party: slug("atlas"),
        accreditation: "https://ledger.example/accreditations/none".into(),
        event: ScopeEventKind::Withdraw,
        reason: Reason::Error,
        effective_from: world.now,
        notice: Default::default(),
        successor: None,
    };
    let unsigned = change.draft(&world.draft("authority"));
    assert_eq!(code(world.by_registrar(unsigned)), "accreditation_unknown");
    let unsigned = change.draft(&world.draft("atlas"));
    assert_eq!(code(world.by_certifier(unsigned)), "not_authorised");
}

#[test]
fn a_change_told_late_does_not_reach_back_into_what_was_logged() {
    let mut world = certified(1);
    let index = world.register.certificate(0).unwrap().record.mark.logged_at;
    // Told now, said to hold since before the certificate was logged.
    let since = index.plus_seconds(-60);
    assert_eq!(scope_since(&mut world, ScopeEventKind::Withdraw, since), "ok");
    let report = offline(&world, 0);
    assert_eq!(report.authenticity.indication, Indication::TotalPassed);
    assert_eq!(report.fitness.unwrap().now.certificate, CertificateStatus::ScopeReduced);
}

#[test]
fn a_suspended_certifier_issues_nothing_and_its_certificates_stand() {
    let mut world = certified(1);
    let target = || StatusTarget::Party(slug("atlas"));
    let registrar = ("authority#registrar-1", 2);
    let before = world.now;
    world.now = world.now.plus_seconds(60);
    world.status(target(), StatusAction::Suspend, registrar.0, registrar.1).unwrap();
    let refused = world.certify(1, "L1", 1, "bio-maroc").unwrap_err();
    assert_eq!(refused.code(), "party_barred");
    assert!(refused.to_string().contains("suspended since"), "{refused}");
    let report = offline(&world, 0);
    assert_eq!(report.exit_code, 0);
    assert!(report.item.contains(&Signal::CertifierSuspended));
    let text = evidence(&report, CheckName::Accreditation);
    assert!(
        text.contains("atlas: suspended since") && text.contains("by authority: nonconformity")
    );
    assert!(
        offline_at(&world, 0, before).item.iter().all(|item| *item != Signal::CertifierSuspended)
    );
    world.status(target(), StatusAction::Reinstate, registrar.0, registrar.1).unwrap();
    assert_eq!(code(world.certify(1, "L1", 1, "bio-maroc")), "ok");
    assert!(!offline(&world, 1).item.contains(&Signal::CertifierSuspended));
    let last = world.now;
    world.now = world.now.plus_seconds(60);
    world.status(target(), StatusAction::Withdraw, registrar.0, registrar.1).unwrap();
    assert_eq!(code(world.certify(2, "L1", 1, "bio-maroc")), "party_barred");
    let report = offline(&world, 0);
    assert_eq!((report.exit_code, report.authenticity.indication), (4, Indication::TotalPassed));
    let now = report.fitness.unwrap().now;
    assert_eq!(now.certificate, CertificateStatus::ScopeReduced);
    assert_eq!((now.by, now.reason.as_deref()), (Some(slug("authority")), Some("nonconformity")));
    assert_eq!(offline_at(&world, 0, last).exit_code, 0);
}
