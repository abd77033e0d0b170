//! Certificates that take another's place: who may renew what, what a chain counts for, and what a
//! label that names the old one is worth.

use tasdiq::register::CertificateStatus::{self, Superseded, Suspended, Valid, Withdrawn};
use tasdiq::statement::StatusAction::{Reinstate, Suspend, Withdraw};
use tasdiq::statement::*;
use tasdiq::verify::{Evidence, Report, Signal};

use super::{
    DAY, cert, certified, change, code, judged, labels, lot, renew, renewal, renewing, said, say,
    status,
};
use crate::world::{World, slug};

fn in_force(world: &World) -> u64 {
    let sums = world.register.certified_in_force(&lot("L1"), world.now);
    sums.values().copied().next().unwrap_or_default() / 1_000
}

fn later(world: &mut World, days: i64) {
    world.now = world.now.plus_seconds(days * DAY);
}

/// On a label that names the certificate.
fn of_label(world: &World, serial: u64) -> Report {
    let index = world.register.certificate(serial).unwrap().record.mark.index;
    judged(world, Evidence::Code(&world.label("L1", index, 4)))
}

/// On the certificate handed in as a document.
fn of_document(world: &World, serial: u64) -> Report {
    let index = world.register.certificate(serial).unwrap().record.mark.index;
    judged(world, Evidence::Statement(&world.leaves[usize::try_from(index).unwrap()]))
}

#[test]
fn a_renewal_counts_once() {
    let mut world = certified(100);
    assert_eq!(code(world.certify(1, "L1", 100, "bio-maroc")), "quantity_exceeded");
    assert_eq!(renew(&mut world, 1, 0, 100), "ok");
    assert_eq!((status(&world, 0), status(&world, 1)), (Superseded, Valid));
    assert_eq!(in_force(&world), 100);
    assert_eq!(renew(&mut world, 2, 1, 100), "ok");
    assert_eq!([0, 1, 2].map(|serial| status(&world, serial)), [Superseded, Superseded, Valid]);
    assert_eq!(in_force(&world), 100);
    assert_eq!(code(world.certify(3, "L1", 1, "bio-maroc")), "quantity_exceeded");
    assert_eq!(renew(&mut world, 3, 2, 101), "quantity_exceeded");
}

#[test]
fn the_larger_counts_until_the_successors_first_day() {
    let mut world = certified(60);
    let claim = renewal(&world, 1, 0, 80, 30);
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    assert_eq!(status(&world, 0), Valid);
    assert_eq!(in_force(&world), 60, "what is not in force yet gives no labels");
    assert_eq!(code(world.certify(2, "L1", 21, "bio-maroc")), "quantity_exceeded");
    assert_eq!(code(world.certify(2, "L1", 20, "bio-maroc")), "ok");
    later(&mut world, 31);
    assert_eq!((status(&world, 0), status(&world, 1)), (Superseded, Valid));

    let mut world = certified(80);
    let claim = renewal(&world, 1, 0, 60, 30);
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    assert_eq!(code(world.certify(2, "L1", 21, "bio-maroc")), "quantity_exceeded");
    // Labels that the smaller one would not cover are not given out before it begins.
    assert_eq!(labels(&mut world, 241), "labels_exceeded");
    assert_eq!(labels(&mut world, 240), "ok");
    later(&mut world, 31);
    assert_eq!(code(world.certify(2, "L1", 41, "bio-maroc")), "quantity_exceeded");
    assert_eq!(code(world.certify(2, "L1", 40, "bio-maroc")), "ok");
}

#[test]
fn a_renewal_lifts_nothing() {
    let mut world = certified(50);
    assert_eq!(change(&mut world, "atlas", cert(0), Suspend), "ok");
    assert_eq!(renew(&mut world, 1, 0, 50), "not_renewable");
    assert_eq!(change(&mut world, "atlas", cert(0), Reinstate), "ok");
    assert_eq!(change(&mut world, "registrar", cert(0), Suspend), "ok");
    assert_eq!(renew(&mut world, 1, 0, 50), "certificate_suspended");
    assert_eq!(code(world.certify(1, "L1", 50, "bio-maroc")), "certificate_suspended");
    assert_eq!(change(&mut world, "registrar", cert(0), Reinstate), "ok");
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    // One gives way to one.
    assert_eq!(renew(&mut world, 2, 0, 50), "not_renewable");
    assert_eq!(change(&mut world, "atlas", cert(1), Withdraw), "ok");
    assert_eq!(renew(&mut world, 2, 1, 50), "not_renewable");
    assert_eq!(in_force(&world), 0, "the old one does not come back");
    let unknown = renewal(&world, 2, 77, 50, 0);
    assert_eq!(say(&mut world, "atlas", |draft| unknown.draft(draft)), "certificate_unknown");
}

/// A withdrawal under another name: a successor that ends at once, or of a drop.
#[test]
fn nobody_ends_a_certificate_by_renewing_it() {
    let mut world = certified(50);
    let mut over = renewal(&world, 1, 0, 50, 0);
    over.valid_until = world.now.plus_seconds(-1);
    assert_eq!(say(&mut world, "atlas", |draft| over.draft(draft)), "not_renewable");
    assert_eq!(labels(&mut world, 200), "ok");
    assert_eq!(renew(&mut world, 1, 0, 49), "labels_exceeded");
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
}

#[test]
fn only_the_same_issuer_lot_and_scheme() {
    let mut world = certified(50);
    world.declare("L2", 100).unwrap();
    let rif = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
    let mut claim = renewal(&world, 1, 0, 50, 0);
    claim.accreditation = rif.as_str().into();
    assert_eq!(say(&mut world, "rif", |draft| claim.draft(draft)), "not_renewable");
    let mut claim = renewal(&world, 1, 0, 50, 0);
    claim.lot = lot("L2");
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "not_renewable");
    let fair = world.certificate(1, "L1", 50, "fairtrade");
    let facts = CertificateFacts {
        supersedes: Some(world.domain.certificate_id(0).as_str().into()),
        ..fair.facts.clone()
    };
    let claim = CertificateClaim { facts, ..fair };
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "not_renewable");
    // What is of edition 3 waits for it.
    let mut earlier = World::newest();
    earlier.declare("L1", 100).unwrap();
    earlier.certify(0, "L1", 50, "bio-maroc").unwrap();
    assert_eq!(renew(&mut earlier, 1, 0, 50), "edition");
}

fn scope_withdrawn(world: &mut World, reason: Reason, successor: Option<&str>) {
    let accreditation = world.register.party(&slug("atlas")).unwrap().accreditations[0].id.clone();
    let claim = ScopeChange {
        party: slug("atlas"),
        accreditation,
        event: ScopeEventKind::Withdraw,
        reason,
        effective_from: world.now,
        notice: Default::default(),
        successor: successor.map(slug),
    };
    assert_eq!(say(world, "registrar", |draft| claim.draft(draft)), "ok");
}

#[test]
fn the_successor_of_a_certifier_that_ceased_renews_what_it_issued() {
    let mut world = certified(50);
    scope_withdrawn(&mut world, Reason::Ceased, Some("rif"));
    assert_eq!(renew(&mut world, 1, 0, 50), "out_of_scope", "it issues nothing any more");
    let rif = world.register.party(&slug("rif")).unwrap().accreditations[0].id.clone();
    let mut claim = renewal(&world, 1, 0, 50, 0);
    claim.accreditation = rif.as_str().into();
    assert_eq!(say(&mut world, "rif", |draft| claim.draft(draft)), "ok");
    assert_eq!((status(&world, 0), status(&world, 1)), (Superseded, Valid));
    assert_eq!(of_label(&world, 0).exit_code, 0);
    // What was left without scope for a fault is not lifted so.
    let mut world = certified(50);
    scope_withdrawn(&mut world, Reason::Nonconformity, None);
    assert_eq!(status(&world, 0), CertificateStatus::ScopeReduced);
    let anew = world.accreditation();
    let index = said(&mut world, "registrar", |draft| anew.draft(draft)).unwrap();
    let mut claim = renewal(&world, 1, 0, 50, 0);
    claim.accreditation = super::id_of(&world, index).as_str().into();
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "not_renewable");
}

#[test]
fn a_label_is_as_fit_as_the_successor_and_no_fitter_than_its_own() {
    let mut world = certified(50);
    assert_eq!(of_label(&world, 0).item, [Signal::Copyable, Signal::NotSerialised]);
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    let report = of_label(&world, 0);
    assert_eq!(report.exit_code, 0, "{:?}", report.checks);
    assert!(report.item.contains(&Signal::Superseded));
    let claims = report.claims.unwrap();
    assert_eq!((claims.named, claims.certificate.serial), (Some(0), 1));
    assert_eq!(claims.certificates[0].superseded_by, Some(1));
    assert_eq!(claims.certificates[0].status, Superseded);
    assert_eq!(report.fitness.unwrap().on_packing_date.certificate, CertificateStatus::NotYetValid);
    // Handed in as a document, the old one names the new one.
    let report = of_document(&world, 0);
    assert_eq!(report.exit_code, 4);
    let now = report.fitness.unwrap().now;
    assert_eq!((now.certificate, now.superseded_by), (Superseded, Some(1)));
    assert_eq!(of_document(&world, 1).exit_code, 0);
    // A later suspension of the old one counts for labels that name it, not for others.
    assert_eq!(change(&mut world, "atlas", cert(0), Suspend), "ok");
    let report = of_label(&world, 0);
    assert_eq!(report.exit_code, 4);
    assert_eq!(report.fitness.unwrap().now.certificate, Suspended);
    assert_eq!(of_label(&world, 1).exit_code, 0);
    assert_eq!(change(&mut world, "atlas", cert(0), Reinstate), "ok");
    assert_eq!(of_label(&world, 0).exit_code, 0);
    // What ends the successor ends the label.
    assert_eq!(change(&mut world, "atlas", cert(1), Withdraw), "ok");
    let now = of_label(&world, 0).fitness.unwrap().now;
    assert_eq!(now.certificate, Withdrawn);
}

#[test]
fn a_label_keeps_its_own_last_day() {
    let mut world = certified(50);
    let mut claim = renewal(&world, 1, 0, 50, 0);
    claim.valid_until = Timestamp::parse("2027-12-31T23:59:59Z").unwrap();
    assert_eq!(say(&mut world, "atlas", |draft| claim.draft(draft)), "ok");
    world.now = Timestamp::parse("2027-06-02T08:00:00Z").unwrap();
    let report = of_label(&world, 0);
    assert_eq!(report.exit_code, 4);
    assert!(report.item.contains(&Signal::ExpiredLabel));
    assert_eq!(report.fitness.unwrap().now.certificate, Valid);
}

#[test]
fn a_thief_does_not_spoil_the_labels_that_are_out() {
    let mut world = certified(50);
    let since = world.now.plus_seconds(1);
    assert_eq!(renew(&mut world, 1, 0, 50), "ok");
    let claim = KeyChange {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        event: KeyEvent::Compromised { since, known_at: world.now },
    };
    said(&mut world, "registrar", |draft| claim.draft(draft)).unwrap();
    let report = of_label(&world, 0);
    assert_eq!(report.exit_code, 0, "{:?}", report.checks);
    assert!(!report.item.contains(&Signal::Superseded));
    assert_eq!(of_label(&world, 1).exit_code, 3, "nothing vouches for what took its place");
    // Once the certifier stands by it, it counts.
    let second = world.new_key("atlas", "key-2", 11, KeyPurpose::Assertion);
    said(&mut world, "registrar", |draft| second.draft(draft)).unwrap();
    later(&mut world, 4);
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: SerialRanges::of([1]).pop(),
        entries: Vec::new(),
        voids: Vec::new(),
    };
    let unsigned = claim.draft(&world.draft("atlas"));
    world.log(unsigned, "atlas#key-2", 11).unwrap();
    assert!(of_label(&world, 0).item.contains(&Signal::Superseded));
}

#[test]
fn an_annulled_withdrawal_takes_no_room_where_another_stands() {
    let mut world = certified(100);
    assert_eq!(renew(&mut world, 1, 0, 100), "ok");
    let (_, key, number) = super::signer("atlas");
    let index = world.status(cert(0), Withdraw, &key, number).unwrap();
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: world.method("atlas#key-1"),
        serials: None,
        entries: Vec::new(),
        voids: vec![(index, world.register.digest_at(index).unwrap())],
    };
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    assert_eq!(status(&world, 0), Superseded);
    assert_eq!(in_force(&world), 100);
}

#[test]
fn an_earlier_release_goes_on_refusing_edition_3() {
    let mut world = World::newest();
    world.register = world.register.knowing(1);
    let next = Rulebook::plain(2, 3);
    assert_eq!(say(&mut world, "registrar", |draft| next.draft(draft)), "newer_edition");
    assert_eq!(renewing().register.edition(), 3);
}

/// So many litres of L1 sent abroad; its id.
fn sent_abroad(world: &mut World, litres: u64, number: u64) -> EventId {
    let name = EventName::parse(&format!("{number:026}")).unwrap();
    let commitment = Commitment::of(&[7; 16], b"a buyer");
    let what = Shipment {
        to: Receiver::Elsewhere { commitment, country: "FR".into() },
        purpose: ShipPurpose::Sale,
        lots: vec![LotLine { lot: lot("L1"), quantity: litres * 1_000 }],
        units: vec![],
        carrier: None,
        returns: None,
    };
    let (at, offset, kind) = (world.now, Offset::of_minutes(0).unwrap(), EventKind::Ship(what));
    let event = Event { name, at, offset, region: None, document: None, mandate: None, kind };
    assert_eq!(say(world, "coop", |draft| event.draft(draft)), "ok");
    event.id(&slug("coop"))
}

#[test]
fn a_renewal_gives_no_second_extract() {
    let mut world = certified(100);
    let extract = |world: &mut World, certificate: u64, of: &EventId, litres: u64| {
        let (lot, consignment, quantity) = (lot("L1"), of.clone(), litres * 1_000);
        let claim = CertificateExtract { certificate, consignment, lot, quantity };
        say(world, "coop", |draft| claim.draft(draft))
    };
    let first = sent_abroad(&mut world, 60, 1);
    assert_eq!(extract(&mut world, 0, &first, 60), "ok");
    assert_eq!(renew(&mut world, 1, 0, 100), "ok");
    assert_eq!(renew(&mut world, 2, 1, 90), "ok");
    let second = sent_abroad(&mut world, 40, 2);
    assert_eq!(extract(&mut world, 0, &second, 1), "extract_refused", "another has its place");
    assert_eq!(extract(&mut world, 2, &second, 31), "extract_exceeded");
    assert_eq!(extract(&mut world, 2, &second, 30), "ok");
    assert_eq!(extract(&mut world, 2, &second, 1), "extract_exceeded");
}
