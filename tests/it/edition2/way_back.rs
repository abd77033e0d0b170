//! The file of a lot's way back whose cover rests on certificates of operators, and of goods that
//! moved in another's name: folded anew with no server, and what is left out of it is named.

use super::mandates::{ALL, mandate};
use super::told::{forged_of, judged, reports, told};
use super::*;
use crate::dossier::story::Story;
use tasdiq::verify::CheckResult;

const FAIR: &str = "fairtrade";

/// 20 kg of the kernels K of `coop`, which is certified for all of them, are pressed to oil O.
fn pressed() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("O", "argane", 10_000), ("B", "argane", 10_000)]);
    let (all, _) = goods.counted["coop/K"];
    goods.certify_coop(FAIR, all).unwrap();
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/O", 10_000)]).unwrap();
    goods
}

/// Certificate 0 of the oil, which rests on that of its maker.
fn certified(goods: &mut Goods, quantity: u64) {
    let rests_on = Some(Word::new(&goods.world.domain.certificate_id(1_000)));
    let model = CustodyModel::MassBalance;
    let claim = goods.certificate(0, "coop/O", quantity, FAIR, model, rests_on);
    goods.say("atlas", |draft| claim.draft(draft)).unwrap();
}

/// What is found wrong.
fn fault(story: &Story, bytes: &[u8]) -> String {
    let report = judged(story, bytes);
    assert_eq!(report.exit_code, 1, "{:#?}", report.checks);
    let mut failed = report.checks.iter().filter(|laid| laid.result == CheckResult::Fail);
    failed.next().unwrap().evidence.clone()
}

/// Leaves out the entries whose subject has a member.
fn without(value: &mut Value, has: impl Fn(&Value) -> bool) {
    let entries = value["entries"].as_array_mut().unwrap();
    let before = entries.len();
    entries.retain(|entry| !has(&entry["leaf"]["statement"]));
    assert!(entries.len() < before, "nothing was left out");
}

fn is_a(kind: &str) -> impl Fn(&Value) -> bool {
    move |statement| {
        statement["type"].as_array().unwrap().iter().any(|one| one.as_str() == Some(kind))
    }
}

#[test]
fn cover_by_an_operators_certificate_is_recomputed() {
    let mut goods = pressed();
    certified(&mut goods, 10_000);
    let mut story = told(goods);
    let report = judged(&story, &story.way_back("coop/O"));
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let live = story.register.lot_trace(&key("coop/O"), story.now).unwrap();
    let trace = report.trace.unwrap();
    assert_eq!((trace.cover, trace.steps), (live.cover, live.steps));
    // It was suspended while more was pressed, and withdrawn since: what was drawn keeps it.
    let mut goods = Goods::resumed(story.into_world(), 800);
    for action in [StatusAction::Suspend, StatusAction::Reinstate, StatusAction::Withdraw] {
        let change = StatusChange {
            target: StatusTarget::Certificate(1_000),
            action,
            reason: Reason::Nonconformity,
            effective_from: goods.world.now,
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("atlas", |draft| change.draft(draft)).unwrap();
        if action != StatusAction::Reinstate {
            let drawn = [("coop/K", 2_000)];
            goods.make("argan-press", &drawn, &[("coop/B", 1_000)]).unwrap();
        }
    }
    assert_eq!(goods.cover("coop/B", FAIR), 0);
    story = told(goods);
    for lot in ["coop/O", "coop/B"] {
        let report = judged(&story, &story.way_back(lot));
        assert_eq!(report.exit_code, 0, "{lot} {:#?}", report.checks);
        let live = story.register.lot_trace(&key(lot), story.now).unwrap();
        assert_eq!(report.trace.unwrap().cover, live.cover);
    }
}

#[test]
fn what_cover_rests_on_cannot_be_left_out() {
    let mut goods = pressed();
    // Another's, of the same party under another scheme, stands beside it.
    goods.certify_coop("bio-maroc", 1).unwrap();
    certified(&mut goods, 10_000);
    let story = told(goods);
    let operator = |serial: u64| {
        let id = story.domain.certificate_id(serial);
        move |statement: &Value| statement["id"].as_str() == Some(&id)
    };
    let forged =
        |has: &dyn Fn(&Value) -> bool| forged_of(&story, "coop/O", |value| without(value, has));
    assert_eq!(judged(&story, &forged_of(&story, "coop/O", |_| {})).exit_code, 0);
    let evidence = fault(&story, &forged(&operator(1_000)));
    assert!(evidence.contains("cover_exceeded") || evidence.contains("1000"), "{evidence}");
    let evidence = fault(&story, &forged(&is_a("Capacity")));
    assert!(evidence.contains("cover_exceeded"), "{evidence}");
}

#[test]
fn a_lot_certified_itself_shows_what_its_certificate_rests_on() {
    let mut goods = pressed();
    certified(&mut goods, 10_000);
    let rests_on = Some(Word::new(&goods.world.domain.certificate_id(1_000)));
    let model = CustodyModel::MassBalance;
    let claim = goods.certificate(1, "coop/K", 50_000, FAIR, model, rests_on);
    goods.say("atlas", |draft| claim.draft(draft)).unwrap();
    let story = told(goods);
    let report = judged(&story, &story.way_back("coop/K"));
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let id = story.domain.certificate_id(1_000);
    let dropped = forged_of(&story, "coop/K", |value| {
        without(value, |statement| statement["id"].as_str() == Some(&id));
    });
    let evidence = fault(&story, &dropped);
    assert!(evidence.contains("certificate_unknown") && evidence.contains("1000"), "{evidence}");
}

#[test]
fn who_used_a_volume_first_is_no_fault_of_a_path() {
    // The volume is of half the kernels; other kernels used most of it before.
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.kernels("coop/L", 100_000);
    goods.declared(&[("O", "argane", 10_000), ("B", "argane", 40_000)]);
    let (all, _) = goods.counted["coop/K"];
    goods.certify_coop(FAIR, all).unwrap();
    goods.make("argan-press", &[("coop/L", 80_000)], &[("coop/B", 40_000)]).unwrap();
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/O", 10_000)]).unwrap();
    assert_eq!(goods.cover("coop/O", FAIR), 0);
    let story = told(goods);
    let live = story.register.lot_trace(&key("coop/O"), story.now).unwrap();
    let report = judged(&story, &story.way_back("coop/O"));
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    assert_eq!(report.trace.unwrap().model, live.model);
}

#[test]
fn goods_that_moved_under_a_mandate_are_whose_they_are() {
    let mut goods = Goods::new();
    let id = goods.let_act(&mandate("rival", &ALL, "2027-09-30"));
    let mut claim = goods.lot("coop", "K", "argan-kernels", 100_000);
    claim.facts.origin = Some(LotOrigin::Primary);
    claim.facts.mandate = Some(Word::new(&id));
    goods.say("rival", |draft| claim.draft(draft)).unwrap();
    let what = Shipment {
        to: Receiver::Party(slug("souk")),
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/K", 40_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    goods.mandated("rival", &id, EventKind::Ship(what)).unwrap();
    let sent = goods.last("rival");
    goods.receive("souk", &sent, &[("coop/K", 40_000, 0, 0)]).unwrap();
    let story = told(goods);
    let report = judged(&story, &story.way_back("coop/K"));
    assert_eq!(report.exit_code, 0, "{:#?}", report.checks);
    let live = story.register.lot_trace(&key("coop/K"), story.now).unwrap();
    assert_eq!(report.trace.unwrap().steps, live.steps);
    // Without it, whoever signed acted in nobody's name.
    let dropped = forged_of(&story, "coop/K", |value| {
        without(value, |statement| statement["id"].as_str() == Some(&id));
    });
    let evidence = fault(&story, &dropped);
    assert!(evidence.contains("no such mandate"), "{evidence}");
}

#[test]
fn fair_trade_fails_while_the_operator_it_rests_on_is_not_certified() {
    let words = |story: &Story| reports(story, 0).map(|report| report.fitness.unwrap().fair_trade);
    let mut goods = pressed();
    certified(&mut goods, 10_000);
    let mut story = told(goods);
    assert_eq!(words(&story), ["valid"; 3]);
    // What goes without a register cannot tell; the oil keeps its cover all the same.
    for (action, live) in [
        (StatusAction::Suspend, "operator-not-certified"),
        (StatusAction::Reinstate, "valid"),
        (StatusAction::Withdraw, "operator-not-certified"),
    ] {
        let mut goods = Goods::resumed(story.into_world(), 800);
        let change = StatusChange {
            target: StatusTarget::Certificate(1_000),
            action,
            reason: Reason::Nonconformity,
            effective_from: goods.world.now,
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("atlas", |draft| change.draft(draft)).unwrap();
        story = told(goods);
        assert_eq!(words(&story), [live, "valid", "valid"], "{action:?}");
    }
}

/// What the way back of a lot comes to, and what is found first that does not pass.
fn come_to(story: &Story, lot: &str) -> (u8, String) {
    let report = judged(story, &story.way_back(lot));
    let failed = report.checks.iter().find(|laid| laid.result == CheckResult::Fail);
    (report.exit_code, failed.map(|laid| laid.evidence.clone()).unwrap_or_default())
}

/// A declaration that was undone is no lie of the service, nor a lot that anybody should take.
#[test]
fn a_declaration_that_was_undone_says_so() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    let undone = goods.undo("coop", Undone::Declaration(key("coop/K"))).unwrap();
    let name = goods.last("coop").name;
    let story = told(goods);
    let (exit, why) = come_to(&story, "coop/K");
    assert_eq!(
        (exit, why.as_str()),
        (4, &*format!("its declaration was undone, entry {undone}; that of the entries here"))
    );
    // Its name is that of an event: none takes it again.
    let mut goods = Goods::resumed(story.into_world(), 800);
    goods.kernels("coop/L", 1_000);
    let (of, reason) = (Undone::Declaration(key("coop/L")), UndoReason::DidNotOccur);
    let again = goods.event(name, EventKind::Void(Undoing { of, reason, replaced_by: None }));
    let again = goods.say("coop", |draft| again.draft(draft));
    assert_eq!(code(again), "event_exists");
}

/// Whoever pressed what a thief had sent: the shipment was taken back, the oil is held for it.
#[test]
fn what_was_made_of_goods_that_were_taken_back_is_held_and_genuine() {
    let (mut goods, sent, since) = super::stolen::robbed();
    super::stolen::pressed_by_rival(&mut goods, "OIL", 10_000);
    goods.ship("rival", "moulin", &[("coop/K", 5_000)]).unwrap();
    let onward = goods.last("rival");
    goods.receive("moulin", &onward, &[("coop/K", 5_000, 0, 0)]).unwrap();
    goods.declare("moulin/OIL", "argane", 10_000).unwrap();
    goods.make_as("moulin", "argan-press", &[("coop/K", 4_000)], &[("moulin/OIL", 2_000)]).unwrap();
    super::stolen::stolen(&mut goods, since);
    goods.undo("registrar", Undone::Event(sent)).unwrap();
    let mut story = told(goods);
    for lot in ["rival/OIL", "moulin/OIL"] {
        let (exit, why) = come_to(&story, lot);
        assert_eq!((exit, why.starts_with("held")), (4, true), "{lot}: {why}");
    }
    let mut goods = Goods::resumed(story.into_world(), 800);
    goods.change("registrar", "moulin/OIL", StatusAction::Release).unwrap();
    story = told(goods);
    assert_eq!(come_to(&story, "moulin/OIL"), (0, String::new()));
}

/// Oil was let go on although its kernels are held; that the kernels are recalled since does not
/// make a lie of what was done meanwhile.
#[test]
fn what_was_lifted_once_stays_on_the_way_back() {
    let mut goods = pressed();
    let hold = goods.change("registrar", "coop/K", StatusAction::Hold).unwrap();
    let lifts = vec![goods.id_at(hold)];
    goods.change_lifting("registrar", "coop/O", StatusAction::Release, lifts).unwrap();
    goods.declared(&[("J", "argane", 10_000)]);
    goods.make("pack-off", &[("coop/O", 10_000)], &[("coop/J", 10_000)]).unwrap();
    let mut story = told(goods);
    assert_eq!(come_to(&story, "coop/J"), (0, String::new()));
    let mut goods = Goods::resumed(story.into_world(), 800);
    goods.change("coop", "coop/K", StatusAction::Recall).unwrap();
    story = told(goods);
    let (exit, why) = come_to(&story, "coop/J");
    assert_eq!((exit, why.starts_with("recalled")), (4, true), "{why}");
}

/// A release by a thief lets goods go on; it counts for nothing once that is known, until somebody
/// stands by it.
#[test]
fn a_release_by_a_thief_is_on_the_way_back_of_what_went_on_with_it() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.declared(&[("O", "argane", 10_000)]);
    goods.change("coop", "coop/K", StatusAction::Hold).unwrap();
    goods.later(3_600);
    let since = goods.world.now;
    let release = goods.change("coop", "coop/K", StatusAction::Release).unwrap();
    goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/O", 10_000)]).unwrap();
    super::stolen::stolen(&mut goods, since);
    let mut story = told(goods);
    for lot in ["coop/O", "coop/K"] {
        let (exit, why) = come_to(&story, lot);
        assert_eq!((exit, why.starts_with("held")), (4, true), "{lot}: {why}");
    }
    let mut goods = Goods::resumed(story.into_world(), 800);
    super::stolen::confirm(&mut goods, release);
    story = told(goods);
    for lot in ["coop/O", "coop/K"] {
        assert_eq!(come_to(&story, lot), (0, String::new()), "{lot}");
    }
}

/// A certifier's hold ends by itself, unless the authority made it stand.
#[test]
fn a_hold_that_the_authority_confirmed_does_not_end_on_the_way_back() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.certify(0, "coop/K", 100_000, "nm-mark").unwrap();
    let hold = goods.change("atlas", "coop/K", StatusAction::Hold).unwrap();
    let claim = Reconfirmation {
        party: slug("atlas"),
        verification_method: goods.world.method("atlas#key-1"),
        serials: None,
        entries: vec![(hold, goods.world.register.digest_at(hold).unwrap())],
        voids: vec![],
    };
    let unsigned = claim.draft(&goods.world.draft("authority"));
    goods.world.by_registrar(unsigned).unwrap();
    goods.later(31 * DAY);
    let story = told(goods);
    let (exit, why) = come_to(&story, "coop/K");
    assert_eq!((exit, why.starts_with("held")), (4, true), "{why}");
}
