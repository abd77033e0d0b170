//! Recalls that say what to do: which texts they need, who may send one, what the report and a
//! reader are told, and a recall of a wrong lot that is taken back.

use tasdiq::register::LotStatus;
use tasdiq::statement::StatusAction::{Hold, Release};
use tasdiq::statement::*;
use tasdiq::verify::{Evidence, Report, Signal};

use super::{
    TEXTS, cert, certified, change, id_of, judged, lot, reachable, recall, said, say, wrong_lot,
};
use crate::world::World;

fn report(world: &World) -> Report {
    let index = world.register.certificate(0).unwrap().record.mark.index;
    judged(world, Evidence::Code(&world.label("L1", index, 4)))
}

fn lot_status(world: &World) -> LotStatus {
    world.register.lot(&lot("L1")).unwrap().status(world.now)
}

fn recalled_with(world: &mut World, texts: &[(&str, &str)]) -> &'static str {
    let claim = recall(world, texts, None);
    say(world, "coop", |draft| claim.draft(draft))
}

#[test]
fn a_recall_says_in_french_and_arabic_what_to_do() {
    let mut world = certified(50);
    let [ar, fr] = TEXTS;
    let long = "a".repeat(301);
    for texts in [
        &[][..],
        &[fr],
        &[ar],
        &[ar, ("fr", "...!")],
        &[ar, ("fr", &long)],
        &[ar, fr, ("en", &long)],
        &[("en", "Do not eat it"), fr],
    ] {
        assert_eq!(recalled_with(&mut world, texts), "notice_missing", "{texts:?}");
    }
    assert_eq!(recalled_with(&mut world, &[ar, ("fr", "a\u{202e}b")]), "text_form");
    assert_eq!(lot_status(&world), LotStatus::Released);
    assert_eq!(recalled_with(&mut world, &[ar, ("fr", &long[..300])]), "ok");
    assert_eq!(lot_status(&world), LotStatus::Recalled);
    // Holds and withdrawals need no text; editions before ask for none.
    let mut world = certified(50);
    assert_eq!(change(&mut world, "coop", StatusTarget::Lot(lot("L1")), Hold), "ok");
    let mut world = World::newest();
    world.declare("L1", 100).unwrap();
    assert_eq!(recalled_with(&mut world, &[]), "ok");
}

#[test]
fn the_report_says_what_to_do_and_whom_to_call() {
    let mut world = certified(50);
    reachable(&mut world, "coop");
    assert_eq!(report(&world).fitness.unwrap().now.contact, None, "nothing is wrong");
    let claim = recall(&world, &TEXTS, Some(ReturnTo::Destroy));
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    let found = report(&world);
    assert_eq!(found.exit_code, 4);
    let now = found.fitness.unwrap().now;
    assert_eq!((now.lot, now.return_to), (LotStatus::Recalled, Some(ReturnTo::Destroy)));
    assert_eq!(now.notice["fr"], TEXTS[1].1);
    let contact = now.contact.unwrap();
    assert_eq!(contact.party.as_str(), "coop");
    assert_eq!(contact.phone.as_deref(), Some("+212500000001"));
    assert_eq!(found.claims.unwrap().cooperative_names["en"], "Fictional party");
    // A recall by the authority leads to the producer all the same.
    let mut world = certified(50);
    reachable(&mut world, "coop");
    let claim = recall(&world, &TEXTS, None);
    assert_eq!(say(&mut world, "registrar", |draft| claim.draft(draft)), "ok");
    let now = report(&world).fitness.unwrap().now;
    assert_eq!(now.by.unwrap().as_str(), "authority");
    assert_eq!(now.contact.unwrap().party.as_str(), "coop");
}

/// A notice stands on the scan page of the lot: only its producer and the authority write there.
#[test]
fn nobody_shouts_on_anothers_page() {
    let mut world = certified(50);
    for who in ["rival", "souk", "rif", "atlas"] {
        let claim = recall(&world, &TEXTS, None);
        assert_eq!(say(&mut world, who, |draft| claim.draft(draft)), "not_authorised", "{who}");
    }
    // Nor does anybody else say how a party is reached.
    let registration = world.register.party(&crate::world::slug("coop")).unwrap();
    let registration = registration.registration.clone();
    for who in ["rival", "atlas", "coop"] {
        let claim = registration.clone();
        assert_eq!(say(&mut world, who, |draft| claim.draft(draft)), "not_authorised", "{who}");
    }
    // A certifier's hold may bear a text, and ends by itself.
    assert_eq!(change(&mut world, "atlas", StatusTarget::Lot(lot("L1")), Hold), "ok");
    assert_eq!(change(&mut world, "rif", StatusTarget::Lot(lot("L1")), Release), "not_authorised");
}

#[test]
fn the_authority_alone_takes_back_the_recall_of_a_wrong_lot() {
    let mut world = certified(50);
    let claim = recall(&world, &TEXTS, Some(ReturnTo::Shop));
    let index = said(&mut world, "coop", |draft| claim.draft(draft)).unwrap();
    let id = id_of(&world, index);
    for who in ["coop", "atlas", "rival", "souk"] {
        let event = wrong_lot(&world, &id, 1);
        assert_eq!(say(&mut world, who, |draft| event.draft(draft)), "not_authorised", "{who}");
    }
    let event = wrong_lot(&world, &id, 2);
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "ok");
    assert_eq!(lot_status(&world), LotStatus::Released);
    let found = report(&world);
    assert_eq!(found.exit_code, 0, "{:?}", found.checks);
    assert!(found.item.contains(&Signal::RecallVoided), "it is told as long as labels live");
    let kept = world.register.lot(&lot("L1")).unwrap().record.events;
    assert_eq!(kept.len(), 1);
    assert!(kept[0].voided.is_some());
    // Once; not by its other name, nor of what is no recall.
    let event = wrong_lot(&world, &id, 3);
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "status_order");
    let (key, number) = ("coop#key-1", 20);
    let hold = world.status(StatusTarget::Lot(lot("L1")), Hold, key, number).unwrap();
    let event = wrong_lot(&world, &id_of(&world, hold), 4);
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "status_order");
    let event =
        wrong_lot(&world, "https://ledger.example/statements/00000000000000000000000000", 5);
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "status_order");
    assert_eq!(lot_status(&world), LotStatus::Held, "the hold stands");
    // The lot itself may be recalled again, for good.
    let claim = recall(&world, &TEXTS, None);
    assert_eq!(say(&mut world, "coop", |draft| claim.draft(draft)), "ok");
    assert_eq!(lot_status(&world), LotStatus::Recalled);
}

/// What was made of a lot that was recalled in error is free again with it.
#[test]
fn what_descends_from_a_wrong_lot_inherits_nothing_any_more() {
    let mut world = certified(50);
    let made = LotDeclaration { packed_on: world.now.day(), ..world.lot("L2", 10) };
    assert_eq!(say(&mut world, "coop", |draft| made.draft(draft)), "ok");
    let lines = |number: &str| vec![LotLine { lot: lot(number), quantity: 10_000 }];
    let (inputs, outputs) = (lines("L1"), lines("L2"));
    let kind = EventKind::Transform(Transformation { recipe: "pack-off".into(), inputs, outputs });
    let event = Event { kind, ..wrong_lot(&world, "", 1) };
    assert_eq!(say(&mut world, "coop", |draft| event.draft(draft)), "ok");
    let inherited = |world: &World| world.register.inherited_status(&lot("L2"));
    let claim = recall(&world, &TEXTS, None);
    let index = said(&mut world, "coop", |draft| claim.draft(draft)).unwrap();
    assert_eq!(inherited(&world), LotStatus::Recalled);
    let event = wrong_lot(&world, &id_of(&world, index), 2);
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "ok");
    assert_eq!(inherited(&world), LotStatus::Released);
}

#[test]
fn a_declaration_on_which_something_rests_is_not_void() {
    let mut world = certified(50);
    let mut event = wrong_lot(&world, "https://ledger.example/declarations/lot/coop/L1", 1);
    event.kind = EventKind::Void(Undoing {
        of: Undone::Declaration(lot("L1")),
        reason: UndoReason::DidNotOccur,
        replaced_by: None,
    });
    assert_eq!(say(&mut world, "registrar", |draft| event.draft(draft)), "cannot_void");
}

#[test]
fn a_withdrawal_leads_to_who_withdrew() {
    let mut world = certified(50);
    reachable(&mut world, "atlas");
    assert_eq!(change(&mut world, "atlas", cert(0), StatusAction::Withdraw), "ok");
    let contact = report(&world).fitness.unwrap().now.contact.unwrap();
    assert_eq!(contact.party.as_str(), "atlas");
}
