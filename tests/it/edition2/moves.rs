//! Goods change hands: shipments and their answers, disputes, units, samples, who may look, and
//! what can be taken back, for how long.

use super::*;

fn stocked() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000_000);
    goods
}

#[test]
fn what_is_missing_stays_in_dispute_until_somebody_settles_it() {
    let mut goods = stocked();
    assert_eq!(code(goods.ship("coop", "coop", &[("coop/K", 1)])), "to_self");
    let to_certifier = goods.ship("coop", "atlas", &[("coop/K", 1)]);
    assert_eq!(words(to_certifier), "atlas is registered as certifier and takes no goods");
    goods.ship("coop", "souk", &[("coop/K", 100_000)]).unwrap();
    let sent = goods.last("coop");
    let wrong = goods.receive("rival", &sent, &[("coop/K", 100_000, 0, 0)]);
    assert_eq!(code(wrong), "not_receiver");
    let short = goods.receive("souk", &sent, &[("coop/K", 90_000, 0, 0)]);
    assert_eq!(code(short), "receipt_sum");
    goods.receive("souk", &sent, &[("coop/K", 80_000, 5_000, 15_000)]).unwrap();
    let receipt = goods.last("souk");
    let again = goods.receive("souk", &sent, &[("coop/K", 100_000, 0, 0)]).unwrap_err();
    assert_eq!((again.code(), again.is_conflict()), ("shipment_state", true));
    assert_eq!(goods.holding("coop/K", "coop").disputed, 15_000);
    // Refused goods come back to who sent them.
    goods.receive("coop", &receipt, &[("coop/K", 5_000, 0, 0)]).unwrap();
    let settle = |goods: &mut Goods, who: &str, quantity, settled| {
        let line = LotLine { lot: key("coop/K"), quantity };
        let lots = vec![SettledLot { line, settled }];
        let what = Settlement { of: receipt.clone(), lots };
        code(goods.event_as(who, EventKind::Settle(what)))
    };
    assert_eq!(settle(&mut goods, "souk", 1, Settled::Lost), "not_receiver");
    assert_eq!(settle(&mut goods, "coop", 10_000, Settled::Returned), "ok");
    assert_eq!(settle(&mut goods, "souk", 4_000, Settled::Accepted), "ok");
    assert_eq!(settle(&mut goods, "inspection", 1_000, Settled::Lost), "ok");
    assert_eq!(settle(&mut goods, "inspection", 1, Settled::Lost), "insufficient");
    assert_eq!(goods.holding("coop/K", "souk").free, 84_000);
    assert_eq!(goods.world.register.trace().conserved(), None);
}

#[test]
fn after_a_month_of_silence_the_shipper_says_what_became_of_it() {
    let mut goods = stocked();
    goods.ship("coop", "souk", &[("coop/K", 10_000)]).unwrap();
    let of = goods.last("coop");
    let settle = |goods: &mut Goods| {
        let line = LotLine { lot: key("coop/K"), quantity: 10_000 };
        let lots = vec![SettledLot { line, settled: Settled::Returned }];
        let what = Settlement { of: of.clone(), lots };
        code(goods.event_as("coop", EventKind::Settle(what)))
    };
    assert_eq!(settle(&mut goods), "shipment_state");
    goods.later(30 * DAY);
    assert_eq!(settle(&mut goods), "ok");
    assert_eq!(goods.holding("coop/K", "coop").free, 1_000_000);
    assert_eq!(code(goods.receive("souk", &of, &[("coop/K", 10_000, 0, 0)])), "shipment_state");
}

#[test]
fn a_little_less_on_the_other_scale_is_no_dispute() {
    let mut goods = stocked();
    goods.ship("coop", "souk", &[("coop/K", 100_000)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("souk", &sent, &[("coop/K", 99_500, 0, 500)]).unwrap();
    assert_eq!(goods.holding("coop/K", "coop").disputed, 0);
    assert_eq!(goods.balance("coop/K").lost, 500);
}

#[test]
fn an_event_is_taken_back_by_who_said_it_while_nothing_rests_on_it() {
    let mut goods = stocked();
    goods.declared(&[("H", "argane", 40_000)]);
    goods.make("argan-press", &[("coop/K", 80_000)], &[("coop/H", 40_000)]).unwrap();
    let pressed = Undone::Event(goods.last("coop"));
    goods.out("coop", &[("coop/H", 1_000)]).unwrap();
    let sold = goods.last("coop");
    let out = Undone::Event(sold.clone());
    assert_eq!(code(goods.undo("rival", out.clone())), "not_authorised");
    let refused = goods.undo("coop", pressed.clone()).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("cannot_void", true));
    let place = goods.world.register.size() - 1;
    assert_eq!(refused.to_string(), format!("it cannot be undone: on it rests: entry {place}"));
    goods.later(7 * DAY);
    assert_eq!(code(goods.undo("coop", out.clone())), "void_late");
    assert_eq!(code(goods.undo("registrar", out)), "ok");
    assert_eq!(code(goods.undo("coop", pressed.clone())), "ok");
    let undoing = Undone::Event(goods.last("coop"));
    assert_eq!(code(goods.undo("coop", undoing)), "cannot_void");
    assert_eq!(goods.balance("coop/K").free, 1_000_000);
    assert_eq!(code(goods.undo("coop", pressed)), "cannot_void");
    goods.lose("coop", &[("coop/K", 1)]).unwrap();
    let lost = Undone::Event(goods.last("coop"));
    goods.later(45 * DAY);
    assert_eq!(code(goods.undo("coop", lost.clone())), "void_late");
    assert_eq!(code(goods.undo("registrar", lost)), "ok");
}

#[test]
fn without_a_mandate_nobody_acts_for_another() {
    let mut goods = stocked();
    let what = Shipment {
        to: Receiver::Party(slug("souk")),
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/K", 1_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    let name = goods.next_name();
    let mandate = Some(goods.world.domain.url(&format!("statements/{}", "0".repeat(26))));
    let event = Event { mandate, ..goods.event(name, EventKind::Ship(what)) };
    assert_eq!(code(goods.say("coop", |draft| event.draft(draft))), "not_mandated");
}

#[test]
fn goods_sent_abroad_come_back_on_paper_for_a_week_only() {
    let mut goods = stocked();
    let commitment = Commitment::of(&[7; 16], b"buyer");
    let to = Receiver::Elsewhere { commitment, country: "FR".into() };
    let what = Shipment {
        to,
        purpose: ShipPurpose::Sale,
        lots: lines(&[("coop/K", 1_000)]),
        units: vec![],
        carrier: None,
        returns: None,
    };
    goods.event_as("coop", EventKind::Ship(what)).unwrap();
    let sent = goods.last("coop");
    assert_eq!(goods.balance("coop/K").gone, 1_000);
    assert_eq!(code(goods.receive("souk", &sent, &[("coop/K", 1_000, 0, 0)])), "not_receiver");
    goods.later(8 * DAY);
    assert_eq!(code(goods.undo("coop", Undone::Event(sent))), "void_late");
}

#[test]
fn units_have_owners_and_rest_when_they_were_emptied() {
    let mut goods = stocked();
    let pack = |goods: &mut Goods, who: &str, unit: &UnitKey| {
        let lots = lines(&[("coop/K", 1_000)]);
        let what = Packing { unit: unit.clone(), lots, units: vec![] };
        code(goods.event_as(who, EventKind::Pack(what)))
    };
    let own = UnitKey::parse_path("unit/coop/PAL-1").unwrap();
    let sscc = UnitKey::parse_path("00/106141412345678908").unwrap();
    assert_eq!(pack(&mut goods, "coop", &sscc), "sscc_owner");
    let others = UnitKey::parse_path("unit/rival/PAL-1").unwrap();
    assert_eq!(pack(&mut goods, "coop", &others), "sscc_owner");
    assert_eq!(pack(&mut goods, "coop", &own), "ok");
    assert_eq!(pack(&mut goods, "coop", &own), "sscc_in_use");
    assert_eq!(goods.holding("coop/K", "coop").packed, 1_000);
    let what = Packing { unit: own.clone(), lots: vec![], units: vec![] };
    goods.event_as("coop", EventKind::Unpack(what)).unwrap();
    assert_eq!(pack(&mut goods, "coop", &own), "sscc_in_use");
    goods.later(366 * DAY);
    assert_eq!(pack(&mut goods, "coop", &own), "ok");
}

#[test]
fn others_look_and_take_samples_in_their_scope() {
    let mut goods = stocked();
    let sample = |goods: &mut Goods, who: &str, holder: Option<&str>, quantity| {
        let lots = lines(&[("coop/K", quantity)]);
        let holder = holder.map(slug);
        let what = Sample { cause: SampleCause::Analysis, lots, holder };
        code(goods.event_as(who, EventKind::Sample(what)))
    };
    assert_eq!(sample(&mut goods, "inspection", Some("coop"), 10_000), "ok");
    assert_eq!(sample(&mut goods, "inspection", Some("coop"), 10_001), "sample_exceeded");
    assert_eq!(sample(&mut goods, "souk", Some("coop"), 1), "not_authorised");
    assert_eq!(sample(&mut goods, "coop", None, 500), "ok");
    let look = |goods: &mut Goods, who: &str, result| {
        let (step, lots, of) = (ObservedStep::Inspecting, vec![key("coop/K")], None);
        let what = Observation { step, lots, result, of };
        code(goods.event_as(who, EventKind::Observe(what)))
    };
    let finding = Some(Finding::NonConformant);
    assert_eq!(look(&mut goods, "rival", finding), "not_authorised");
    assert_eq!(look(&mut goods, "rival", None), "not_holder");
    assert_eq!(look(&mut goods, "coop", None), "ok");
    assert_eq!(look(&mut goods, "inspection", finding), "ok");
}

#[test]
fn a_suspended_party_receives_settles_destroys_loses_and_sends_recalled_goods_back() {
    let mut goods = stocked();
    goods.ship("coop", "souk", &[("coop/K", 10_000)]).unwrap();
    let sent = goods.last("coop");
    let change = StatusChange {
        target: StatusTarget::Party(slug("souk")),
        action: StatusAction::Suspend,
        reason: Reason::Nonconformity,
        effective_from: goods.world.now,
        notice: Default::default(),
        return_to: None,
        lifts: vec![],
    };
    goods.say("registrar", |draft| change.draft(draft)).unwrap();
    assert_eq!(code(goods.receive("souk", &sent, &[("coop/K", 10_000, 0, 0)])), "ok");
    assert_eq!(code(goods.out("souk", &[("coop/K", 1)])), "party_barred");
    assert_eq!(code(goods.ship("souk", "coop", &[("coop/K", 1)])), "party_barred");
    assert_eq!(code(goods.lose("souk", &[("coop/K", 1)])), "ok");
    let what = Destruction {
        cause: DestructionCause::Spoilage,
        lots: lines(&[("coop/K", 1)]),
        from_out: false,
    };
    assert_eq!(code(goods.event_as("souk", EventKind::Destroy(what))), "ok");
    let back = ShipPurpose::RecallReturn;
    assert_eq!(code(goods.ship_for("souk", "coop", &[("coop/K", 9_000)], back)), "ok");
}

use tasdiq::names::UnitKey;
