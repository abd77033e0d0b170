//! What people enter wrongly, by mistake or not: goods sent twice, answered before they left,
//! recalled on their way, packed into themselves.

use super::*;
use tasdiq::names::UnitKey;

fn stocked() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000);
    goods
}

fn unit(path: &str) -> UnitKey {
    UnitKey::parse_path(path).unwrap()
}

fn pack(goods: &mut Goods, into: &str, lots: &[(&str, u64)], units: &[&str]) -> &'static str {
    let units = units.iter().map(|path| unit(path)).collect();
    let what = Packing { unit: unit(into), lots: lines(lots), units };
    code(goods.event_as("coop", EventKind::Pack(what)))
}

#[test]
fn a_jar_is_with_one_holder_and_is_sent_once() {
    let mut goods = stocked();
    let sale = ShipPurpose::Sale;
    goods.ship_for("coop", "souk", &[("coop/K", 250)], sale).unwrap();
    let first = goods.last("coop");
    // Before it has come nobody sends it on; what is sent is not there to be sent again.
    assert_eq!(code(goods.ship("souk", "rival", &[("coop/K", 250)])), "not_holder");
    assert_eq!(code(goods.ship("coop", "rival", &[("coop/K", 751)])), "insufficient");
    goods.receive("souk", &first, &[("coop/K", 250, 0, 0)]).unwrap();
    // Two holders send what is together more than there is: each has its own part alone.
    assert_eq!(code(goods.ship("coop", "rival", &[("coop/K", 750)])), "ok");
    assert_eq!(code(goods.ship("souk", "rival", &[("coop/K", 251)])), "insufficient");
    assert_eq!(code(goods.ship("souk", "rival", &[("coop/K", 250)])), "ok");
    assert_eq!(code(goods.ship("souk", "rival", &[("coop/K", 1)])), "insufficient");
    let balance = goods.balance("coop/K");
    assert_eq!((balance.in_transit, balance.free), (1_000, 0));
}

#[test]
fn nobody_receives_before_it_was_sent_or_what_was_not() {
    let mut goods = stocked();
    let of = EventId { issuer: slug("coop"), name: name(4_711) };
    assert_eq!(code(goods.receive("souk", &of, &[("coop/K", 1, 0, 0)])), "shipment_state");
    goods.ship("coop", "souk", &[("coop/K", 100)]).unwrap();
    let sent = goods.last("coop");
    let line = |accepted| Received { lot: key("coop/K"), accepted, refused: 0, missing: 0 };
    let arrival = |accepted| {
        let lots = vec![line(accepted)];
        EventKind::Receive(Arrival { of: sent.clone(), lots, discrepancy: Discrepancy::None })
    };
    let early = goods.next_name();
    let at = goods.world.now.plus_seconds(-60);
    let early = Event { at, ..goods.event(early, arrival(100)) };
    assert_eq!(code(goods.say("souk", |draft| early.draft(draft))), "event_time");
    // A part now and the rest tomorrow is no answer; all of it is one.
    for (accepted, told) in [(60, "receipt_sum"), (40, "receipt_sum"), (100, "ok")] {
        assert_eq!(code(goods.event_as("souk", arrival(accepted))), told, "{accepted}");
    }
    assert_eq!(code(goods.event_as("souk", arrival(100))), "shipment_state");
    assert_eq!(goods.holding("coop/K", "souk").free, 100);
}

#[test]
fn what_is_recalled_on_its_way_arrives_and_goes_back_and_nowhere_else() {
    let mut goods = stocked();
    goods.ship("coop", "souk", &[("coop/K", 100)]).unwrap();
    let sent = goods.last("coop");
    goods.change("coop", "coop/K", StatusAction::Recall).unwrap();
    assert_eq!(code(goods.receive("souk", &sent, &[("coop/K", 100, 0, 0)])), "ok");
    assert_eq!(code(goods.out("souk", &[("coop/K", 1)])), "lot_recalled");
    assert_eq!(code(goods.ship("souk", "rival", &[("coop/K", 1)])), "lot_recalled");
    let back = ShipPurpose::RecallReturn;
    assert_eq!(code(goods.ship_for("souk", "coop", &[("coop/K", 60)], back)), "ok");
    let what = Destruction {
        cause: DestructionCause::Recall,
        lots: lines(&[("coop/K", 40)]),
        from_out: false,
    };
    assert_eq!(code(goods.event_as("souk", EventKind::Destroy(what))), "ok");
    assert_eq!((goods.balance("coop/K").destroyed, goods.balance("coop/K").in_transit), (40, 60));
}

#[test]
fn a_release_that_names_nothing_lifts_nothing_that_is_inherited() {
    let mut goods = super::story::pressed();
    goods.change("coop", "coop/F3", StatusAction::Recall).unwrap();
    let _told = goods.change("registrar", "coop/H", StatusAction::Release);
    assert_eq!(code(goods.out("coop", &[("coop/H", 1)])), "lot_recalled");
    // An own recall is final, whatever is said.
    let _told = goods.change("registrar", "coop/F3", StatusAction::Release);
    assert_eq!(goods.status("coop/F3"), "recalled");
}

#[test]
fn no_unit_lies_in_itself_and_none_in_two() {
    let mut goods = stocked();
    let (outer, inner) = ("unit/coop/PAL-1", "unit/coop/BOX-1");
    assert_eq!(pack(&mut goods, inner, &[("coop/K", 10)], &[]), "ok");
    assert_eq!(pack(&mut goods, outer, &[("coop/K", 10)], &[inner]), "ok");
    // The box that the pallet holds takes no pallet, and lies on no other one.
    assert_eq!(pack(&mut goods, inner, &[], &[outer]), "sscc_in_use");
    assert_eq!(pack(&mut goods, "unit/coop/PAL-2", &[("coop/K", 1)], &[inner]), "unit_state");
    assert_eq!(pack(&mut goods, "unit/coop/PAL-2", &[], &["unit/coop/NONE"]), "unit_state");
    assert_eq!(goods.holding("coop/K", "coop").packed, 20);
    // A number that says itself is read by nobody.
    let what = Packing { unit: unit(outer), lots: vec![], units: vec![unit(inner)] };
    let name = goods.next_name();
    let mut unsigned = goods.event(name, EventKind::Pack(what)).draft(&goods.world.draft("coop"));
    unsigned["credentialSubject"]["units"] =
        serde_json::json!([goods.world.domain.unit_iri(&unit(outer))]);
    let bytes = goods.signed("coop", &unsigned);
    let fault = Statement::parse(&bytes, &goods.world.domain).unwrap_err();
    assert_eq!(fault.code(), "inconsistent");
}

#[test]
fn lots_lead_back_to_themselves_over_no_number_of_steps() {
    let mut goods = stocked();
    for (number, from) in [("A", "coop/K"), ("B", "coop/A"), ("C", "coop/B")] {
        let mut claim = goods.lot("coop", number, "argan-kernels", 1_000);
        claim.facts.origin = Some(LotOrigin::Derived);
        goods.say("coop", |draft| claim.draft(draft)).unwrap();
        let made = format!("coop/{number}");
        goods.make("group", &[(from, 500)], &[(&made, 500)]).map(drop).unwrap_or_else(|refused| {
            panic!("{made}: {refused}");
        });
        for earlier in ["coop/K", "coop/A", "coop/B"].iter().take_while(|it| **it != made) {
            let back = goods.make("group", &[(&made, 1)], &[(earlier, 1)]);
            assert_eq!(code(back), "lot_closed", "{made} into {earlier}");
        }
    }
}
