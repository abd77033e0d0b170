//! Abuses of certificates, rulebooks, releases, renewals and recalls.

use super::goods::Goods;
use super::row::Row;
use super::world::{World, said, slug};
use crate::names::LotKey;
use crate::register::Refusal;
use crate::statement::*;

pub(super) const ROWS: [Row; 18] = [
    ("certified_filled", "more certified than was pressed", "quantity_exceeded", || {
        pressed().certify(1, "coop/H", 10_001, "nm-mark")
    }),
    ("certified_recalled", "a certificate for recalled oil", "lot_recalled", || {
        let mut goods = pressed();
        goods.change("coop", "coop/K", StatusAction::Recall)?;
        goods.certify(1, "coop/H", 1, "nm-mark")
    }),
    ("origin_region", "a designation of origin, pressed nowhere", "origin_region", || {
        let mut goods = Goods::new();
        goods.kernels("coop/K", 100_000);
        goods.certify(0, "coop/K", 100_000, "sdoq-ao")?;
        goods.declared(&[("H", "argane", 10_000)]);
        goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/H", 10_000)])?;
        goods.certify(1, "coop/H", 10_000, "sdoq-ao")
    }),
    ("rulebook_order", "traced from a day long past", "rulebook_order", || {
        rulebook("authority#root", 1, |rules| {
            let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
            rules.traced_from = vec![TracedFrom { material: "argane".into(), at }];
        })
    }),
    ("rulebook_looser", "a registrar lets more oil come of it", "key_purpose", || {
        rulebook("authority#registrar-1", 2, |rules| {
            let press = rules.recipes.iter_mut().find(|one| one.id == "argan-press").unwrap();
            press.ratios[0].ceiling = Fraction::of(1, 1).unwrap();
        })
    }),
    ("lifts_something", "a release of what is not inherited", "lifts_nothing", || {
        let mut goods = pressed();
        goods.kernels("coop/L", 1_000);
        goods.change("coop", "coop/K", StatusAction::Recall)?;
        let lifts = goods.confirms(0).into_iter().collect();
        goods.change_lifting("registrar", "coop/L", StatusAction::Release, lifts)
    }),
    ("lift_recall", "a holder lifts the recall of an input", "not_authorised", || {
        let mut goods = pressed();
        goods.change("coop", "coop/K", StatusAction::Recall)?;
        let lifts = goods.confirms(0).into_iter().collect();
        goods.change_lifting("coop", "coop/H", StatusAction::Release, lifts)
    }),
    ("renewal_quantity", "a renewal of more than there is", "quantity_exceeded", || {
        let mut world = renewing(100);
        let claim = renewal(&world, 101);
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_issuer", "another certifier's certificate ends", "not_renewable", || {
        let mut world = renewing(50);
        let rif = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
        let claim = CertificateClaim { accreditation: rif.as_str().into(), ..renewal(&world, 50) };
        said(&mut world, "rif", |draft| claim.draft(draft))
    }),
    ("renewal_lot", "one lot's certificate renewed for another", "not_renewable", || {
        let mut world = renewing(50);
        world.declare("L2", 100)?;
        let claim = CertificateClaim { lot: lot("L2"), ..renewal(&world, 50) };
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_scheme", "organic renewed as fair trade", "not_renewable", || {
        let mut world = renewing(50);
        let fair = world.certificate(1, "L1", 50, "fairtrade");
        let supersedes = Some(world.domain.certificate_id(0).as_str().into());
        let facts = CertificateFacts { supersedes, ..fair.facts.clone() };
        let claim = CertificateClaim { facts, ..fair };
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_once", "one certificate renewed twice", "not_renewable", || {
        let mut world = renewing(50);
        let claim = renewal(&world, 50);
        said(&mut world, "atlas", |draft| claim.draft(draft))?;
        let claim = CertificateClaim { serial: 2, ..renewal(&world, 50) };
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_status", "a suspension ended by renewing", "not_renewable", || {
        let mut world = renewing(50);
        let target = StatusTarget::Certificate(0);
        world.status(target, StatusAction::Suspend, "atlas#key-1", 10)?;
        let claim = renewal(&world, 50);
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_over", "a certificate ended by renewing it", "not_renewable", || {
        let mut world = renewing(50);
        let valid_until = world.now.plus_seconds(-1);
        let claim = CertificateClaim { valid_until, ..renewal(&world, 50) };
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("renewal_labels", "labels that nothing covers any more", "labels_exceeded", || {
        let mut world = renewing(50);
        let verification_method = world.method("authority#label-1");
        let labels = LabelIssue { lot: lot("L1"), count: 200, verification_method };
        said(&mut world, "service", |draft| labels.draft(draft))?;
        let claim = renewal(&world, 49);
        said(&mut world, "atlas", |draft| claim.draft(draft))
    }),
    ("notice_language", "a recall that few can read", "notice_missing", || {
        recall(&mut renewing(50), &[("fr", "Rapportez-la")])
    }),
    ("notice_length", "a recall that nobody reads to its end", "notice_missing", || {
        recall(&mut renewing(50), &[("fr", &"Rapportez-la".repeat(40)), ("ar", "أعيدوها")])
    }),
    ("recall_voided_once", "the recall of a wrong lot undone twice", "status_order", || {
        let mut world = renewing(50);
        recall(&mut world, &[("ar", "أعيدوها"), ("fr", "Rapportez-la")])?;
        let leaf = world.leaves.last().unwrap();
        let id = Statement::parse(leaf, &world.domain).unwrap().id.clone();
        let void = wrong_lot(&world, &id, 1);
        said(&mut world, "registrar", |draft| void.draft(draft))?;
        let again = wrong_lot(&world, &id, 2);
        said(&mut world, "registrar", |draft| again.draft(draft))
    }),
];

/// The authority's word that a recall was of a wrong lot.
fn wrong_lot(world: &World, id: &str, name: u64) -> Event {
    let (of, reason) = (Undone::Change(id.to_owned()), UndoReason::WrongLot);
    Event {
        name: EventName::parse(&format!("{name:026}")).unwrap(),
        at: world.now,
        offset: Offset::of_minutes(60).unwrap(),
        region: None,
        document: None,
        mandate: None,
        kind: EventKind::Void(Undoing { of, reason, replaced_by: None }),
    }
}

/// 10 L of oil H of kernels K.
fn pressed() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("H", "argane", 20_000)]);
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/H", 10_000)]).unwrap();
    goods
}

/// The first rules of goods with a change, as the next rulebook.
fn rulebook(key: &str, number: u8, change: impl FnOnce(&mut GoodsRules)) -> Result<u64, Refusal> {
    let mut goods = Goods::new();
    let mut rules = first_goods_rules().unwrap();
    change(&mut rules);
    let claim = Rulebook { goods: rules, ..Rulebook::plain(3, 2) };
    let unsigned = claim.draft(&goods.world.draft("authority"));
    goods.world.log(unsigned, key, number)
}

/// Under edition 3: lot L1 of 100 L, and certificate 0 of so many litres.
fn renewing(litres: u64) -> World {
    let mut world = World::newest();
    world.join(Role::Certifier, "rif", 12);
    world.agree("rif", "coop", &["bio-maroc", "fairtrade"]);
    world.raise(3);
    world.declare("L1", 100).unwrap();
    world.certify(0, "L1", litres, "bio-maroc").unwrap();
    world
}

fn renewal(world: &World, litres: u64) -> CertificateClaim {
    let mut claim = world.certificate(1, "L1", litres, "bio-maroc");
    claim.facts.supersedes = Some(world.domain.certificate_id(0).as_str().into());
    claim
}

fn recall(world: &mut World, texts: &[(&str, &str)]) -> Result<u64, Refusal> {
    let text = |(language, text): &(&str, &str)| ((*language).to_owned(), (*text).to_owned());
    let change = StatusChange {
        target: StatusTarget::Lot(lot("L1")),
        action: StatusAction::Recall,
        reason: Reason::Safety,
        effective_from: world.now,
        notice: texts.iter().map(text).collect(),
        return_to: None,
        lifts: Vec::new(),
    };
    said(world, "coop", |draft| change.draft(draft))
}

fn lot(number: &str) -> LotKey {
    format!("coop/{number}").parse().unwrap()
}
