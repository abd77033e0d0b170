//! Renewals, recalls that say what to do, names, and the forms that carry them, each tried by the
//! abuse it is against and by what honest people need. No release puts these rules in force yet:
//! the registers here are told that they know them.

use serde_json::Value;
use tasdiq::names::LotKey;
use tasdiq::register::CertificateStatus;
use tasdiq::statement::*;
use tasdiq::trust::{LiveStatus, Standing, Trust};
use tasdiq::verify::{Evidence, Policy, Report, verify};

use crate::world::{World, code, said, say, signer, slug};

pub mod forms;
mod recalls;
mod renewals;

const DAY: i64 = 86_400;

/// [`World::newest`] with a second certifier `rif`, a second cooperative `rival` and a shop `souk`,
/// under edition 3.
fn renewing() -> World {
    let mut world = World::newest();
    world.join(Role::Certifier, "rif", 12);
    world.join(Role::Cooperative, "rival", 21);
    world.join(Role::Shop, "souk", 22);
    world.agree("rif", "coop", &["bio-maroc", "fairtrade"]);
    world.raise(3);
    world
}

/// The same with `coop`'s lot L1 of 100 L, and certificate 0 of so many litres under `bio-maroc`.
fn certified(litres: u64) -> World {
    let mut world = renewing();
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", litres, "bio-maroc").unwrap();
    world
}

/// The report on evidence against the live register.
fn judged(world: &World, evidence: Evidence<'_>) -> Report {
    let trust = Trust::open(&world.trust_file(), None).unwrap();
    let checkpoint = world.checkpoint();
    let book = LiveStatus {
        register: &world.register,
        checkpoint: &checkpoint,
        now: world.now,
        standing: Standing::Following,
        serials: None,
        counted: None,
    };
    verify(evidence, &trust, Some(&book), world.now, Policy::Shop)
}

fn change(
    world: &mut World,
    who: &str,
    target: StatusTarget,
    action: StatusAction,
) -> &'static str {
    let (_, key, number) = signer(who);
    code(world.status(target, action, &key, number))
}

fn lot(number: &str) -> LotKey {
    format!("coop/{number}").parse().unwrap()
}

fn cert(serial: u64) -> StatusTarget {
    StatusTarget::Certificate(serial)
}

fn status(world: &World, serial: u64) -> CertificateStatus {
    let certificate = world.register.certificate(serial).unwrap().record;
    world.register.status_of(&certificate, world.now)
}

/// A certificate of so many litres of L1 that renews another, from now on or from so many days on.
fn renewal(world: &World, serial: u64, old: u64, litres: u64, days: i64) -> CertificateClaim {
    let mut claim = world.certificate(serial, "L1", litres, "bio-maroc");
    claim.facts.supersedes = Some(world.domain.certificate_id(old).as_str().into());
    if days > 0 {
        claim.valid_from = world.now.plus_seconds(days * DAY);
    }
    claim
}

fn renew(world: &mut World, serial: u64, old: u64, litres: u64) -> &'static str {
    let claim = renewal(world, serial, old, litres, 0);
    say(world, "atlas", |draft| claim.draft(draft))
}

fn labels(world: &mut World, count: u32) -> &'static str {
    let verification_method = world.method("authority#label-1");
    let claim = LabelIssue { lot: lot("L1"), count, verification_method };
    say(world, "service", |draft| claim.draft(draft))
}

/// A recall of L1 with these texts.
fn recall(world: &World, texts: &[(&str, &str)], to: Option<ReturnTo>) -> StatusChange {
    let text = |(language, text): &(&str, &str)| ((*language).to_owned(), (*text).to_owned());
    StatusChange {
        target: StatusTarget::Lot(lot("L1")),
        action: StatusAction::Recall,
        reason: Reason::Safety,
        effective_from: world.now,
        notice: texts.iter().map(text).collect(),
        return_to: to,
        lifts: Vec::new(),
    }
}

const TEXTS: [(&str, &str); 2] =
    [("ar", "لا تستهلكوا هذا الزيت وأرجعوه"), ("fr", "Ne consommez pas cette huile, rapportez-la")];

/// The authority's word that a recall, by its id, was of a wrong lot.
fn wrong_lot(world: &World, id: &str, name: u64) -> Event {
    Event {
        name: EventName::parse(&format!("{name:026}")).unwrap(),
        at: world.now,
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind: EventKind::Void(Undoing {
            of: Undone::Change(id.to_owned()),
            reason: UndoReason::WrongLot,
            replaced_by: None,
        }),
    }
}

/// The `id` of a logged statement.
fn id_of(world: &World, index: u64) -> String {
    let leaf: Value =
        serde_json::from_slice(&world.leaves[usize::try_from(index).unwrap()]).unwrap();
    leaf["id"].as_str().unwrap().to_owned()
}

/// A party registered anew with names and a way to reach it.
fn reachable(world: &mut World, who: &str) {
    let known = world.register.party(&slug(who)).unwrap().registration.clone();
    let names = [("ar", "تعاونية خيالية"), ("en", "Fictional party")];
    let registration = Registration {
        contact: Some(Contact {
            phone: Some("+212500000001".into()),
            url: Some("https://coop.example/rappel".into()),
        }),
        names: names.map(|(language, name)| (language.to_owned(), name.to_owned())).into(),
        ..known
    };
    assert_eq!(say(world, "registrar", |draft| registration.draft(draft)), "ok");
}
