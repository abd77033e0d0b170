//! A thief of a cooperative's key ships its stock to an accomplice, who receives it: the authority
//! takes it back. What else was signed in the window keeps its effect and says so.

use super::*;

pub(super) fn stolen(goods: &mut Goods, since: Timestamp) {
    let report = KeyChange {
        party: slug("coop"),
        verification_method: goods.world.method("coop#key-1"),
        event: KeyEvent::Compromised { since, known_at: goods.world.now },
    };
    goods.say("registrar", |draft| report.draft(draft)).unwrap();
    let second = goods.world.new_key("coop", "key-2", 40, KeyPurpose::Assertion);
    let unsigned = second.draft(&goods.world.draft("authority"));
    goods.world.log(unsigned, "authority#root", 1).unwrap();
}

/// 100 kg of kernels, 60 kg of them shipped to `rival` by a thief, and received.
pub(super) fn robbed() -> (Goods, EventId, Timestamp) {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.later(3_600);
    let since = goods.world.now;
    goods.ship("coop", "rival", &[("coop/K", 60_000)]).unwrap();
    let sent = goods.last("coop");
    goods.receive("rival", &sent, &[("coop/K", 55_000, 3_000, 2_000)]).unwrap();
    (goods, sent, since)
}

/// Into a lot of `rival`.
pub(super) fn pressed_by_rival(goods: &mut Goods, number: &str, kernels: u64) {
    let lot = format!("rival/{number}");
    goods.declare(&lot, "argane", 10_000).unwrap();
    goods.make_as("rival", "argan-press", &[("coop/K", kernels)], &[(&lot, kernels / 2)]).unwrap();
}

#[test]
fn what_the_accomplice_has_left_comes_back_and_what_was_made_of_the_rest_is_held() {
    let (mut goods, sent, since) = robbed();
    pressed_by_rival(&mut goods, "OIL", 10_000);
    goods.ship("rival", "moulin", &[("coop/K", 5_000)]).unwrap();
    let onward = goods.last("rival");
    goods.receive("moulin", &onward, &[("coop/K", 5_000, 0, 0)]).unwrap();
    goods.declare("moulin/OIL", "argane", 10_000).unwrap();
    goods.make_as("moulin", "argan-press", &[("coop/K", 4_000)], &[("moulin/OIL", 2_000)]).unwrap();
    // The thief binds it with a price and the accomplice bears it out.
    let claim = super::money::price(&goods, &sent, "rival", 55_000);
    let stated = goods.pay("coop", &claim).unwrap();
    let confirms = Some(goods.id_at(stated));
    goods.pay("rival", &PricePaid { confirms, ..claim }).unwrap();
    let undo = || Undone::Event(sent.clone());
    assert_eq!(code(goods.undo("registrar", undo())), "cannot_void", "nothing is reported yet");
    stolen(&mut goods, since);
    assert_eq!(code(goods.undo("rival", undo())), "not_authorised");
    assert_eq!(code(goods.undo("registrar", undo())), "ok");
    // 40,000 were left free with the accomplice; refused and disputed goods end their way.
    assert_eq!(goods.holding("coop/K", "rival"), Holding::default());
    let had = goods.holding("coop/K", "coop");
    assert_eq!((had.free, had.in_transit, had.disputed), (85_000, 0, 0));
    assert_eq!(goods.holding("coop/K", "moulin").free, 1_000, "a third party keeps what it has");
    for lot in ["rival/OIL", "moulin/OIL"] {
        assert_eq!(goods.status(lot), "held", "{lot}");
        assert_eq!(code(goods.change("rival", lot, StatusAction::Release)), "not_authorised");
        assert_eq!(code(goods.change("atlas", lot, StatusAction::Release)), "not_authorised");
    }
    assert_eq!(goods.status("coop/K"), "released", "the victim's own goods are free");
    assert_eq!(code(goods.undo("registrar", undo())), "cannot_void", "once");
    assert_eq!(goods.world.register.price_of(&key("coop/K")), tasdiq::register::Price::None);
    // Nor does a thief's price stand in any sum.
    let all = tasdiq::register::PricesOf::All;
    assert_eq!(goods.world.register.price_totals(&all, None).count(), 0);
    assert_eq!(code(goods.change("registrar", "rival/OIL", StatusAction::Release)), "ok");
    // Nothing that answered it moves goods once more.
    let settle = |goods: &mut Goods, of: &EventId| {
        let line = LotLine { lot: key("coop/K"), quantity: 2_000 };
        let lots = vec![SettledLot { line, settled: Settled::Accepted }];
        code(goods.event_as("rival", EventKind::Settle(Settlement { of: of.clone(), lots })))
    };
    assert_eq!(settle(&mut goods, &sent), "shipment_state");
    let receipt = EventId { issuer: slug("rival"), name: name(2) };
    assert_eq!(settle(&mut goods, &receipt), "shipment_state");
    assert_eq!(code(goods.undo("rival", Undone::Event(receipt))), "cannot_void");
}

#[test]
fn where_all_of_it_is_left_nothing_is_held() {
    let (mut goods, sent, since) = robbed();
    stolen(&mut goods, since);
    goods.undo("registrar", Undone::Event(sent)).unwrap();
    assert_eq!(goods.holding("coop/K", "coop").free, 100_000);
    assert!(
        goods.world.register.lots().all(|lot| lot.status(goods.world.now).word() == "released")
    );
}

#[test]
fn units_that_were_not_opened_come_back_with_what_is_in_them() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.later(3_600);
    let since = goods.world.now;
    let unit = |number: &str| UnitKey::Own(slug("coop"), LotNumber::parse(number).unwrap());
    let pack = |goods: &mut Goods, number: &str, quantity, units: Vec<UnitKey>| {
        let (unit, lots) = (unit(number), lines(&[("coop/K", quantity)]));
        goods.event_as("coop", EventKind::Pack(Packing { unit, lots, units })).unwrap();
    };
    pack(&mut goods, "BOX", 10_000, vec![]);
    pack(&mut goods, "PAL", 20_000, vec![unit("BOX")]);
    pack(&mut goods, "LOOSE", 5_000, vec![]);
    let to = Receiver::Party(slug("rival"));
    let (purpose, units) = (ShipPurpose::Sale, vec![unit("LOOSE"), unit("PAL")]);
    let what = Shipment { to, purpose, lots: vec![], units, carrier: None, returns: None };
    goods.event_as("coop", EventKind::Ship(what)).unwrap();
    let sent = goods.last("coop");
    goods.receive("rival", &sent, &[("coop/K", 35_000, 0, 0)]).unwrap();
    let all = Packing { unit: unit("LOOSE"), lots: vec![], units: vec![] };
    goods.event_as("rival", EventKind::Unpack(all)).unwrap();
    stolen(&mut goods, since);
    goods.undo("registrar", Undone::Event(sent)).unwrap();
    assert_eq!(goods.holding("coop/K", "coop").free, 100_000);
    assert_eq!(goods.holding("coop/K", "rival"), Holding::default());
}

/// The way is for what is suspect alone: not for what was shipped before, nor for what its party
/// stands by.
#[test]
fn what_is_not_suspect_stays_with_its_receiver() {
    let (mut goods, sent, _) = robbed();
    let after = goods.world.now.plus_seconds(1);
    goods.later(10);
    stolen(&mut goods, after);
    assert_eq!(code(goods.undo("registrar", Undone::Event(sent))), "cannot_void");
    let (mut goods, sent, since) = robbed();
    stolen(&mut goods, since);
    let index = goods.world.register.index_of_id(&goods.world.domain.event_iri(&sent)).unwrap();
    assert!(goods.world.register.is_entry_suspect(index));
    confirm(&mut goods, index);
    assert!(!goods.world.register.is_entry_suspect(index));
    assert_eq!(code(goods.undo("registrar", Undone::Event(sent))), "cannot_void");
}

pub(super) fn confirm(goods: &mut Goods, index: u64) {
    let claim = Reconfirmation {
        party: slug("coop"),
        verification_method: goods.world.method("coop#key-1"),
        serials: None,
        entries: vec![(index, goods.world.register.digest_at(index).unwrap())],
        voids: vec![],
    };
    let unsigned = claim.draft(&goods.world.draft("coop"));
    goods.world.log(unsigned, "coop#key-2", 40).unwrap();
}

/// A competitor reports its own key stolen since June: no lot of others turns suspect, and what it
/// signed keeps its effect.
#[test]
fn what_was_signed_in_a_window_keeps_its_effect_and_any_entry_is_confirmed() {
    let mut goods = Goods::new();
    let since = goods.world.now;
    goods.kernels("coop/K", 100_000);
    let declared = goods.world.register.size() - 1;
    goods.ship("coop", "rival", &[("coop/K", 60_000)]).unwrap();
    let (sent, shipped) = (goods.last("coop"), goods.world.register.size() - 1);
    goods.receive("rival", &sent, &[("coop/K", 60_000, 0, 0)]).unwrap();
    let received = goods.world.register.size() - 1;
    let claim = super::money::price(&goods, &sent, "rival", 60_000);
    let priced = goods.pay("coop", &claim).unwrap();
    pressed_by_rival(&mut goods, "OIL", 10_000);
    let made = goods.world.register.size() - 1;
    stolen(&mut goods, since);
    assert_eq!(goods.holding("coop/K", "rival").free, 50_000);
    assert_eq!(goods.status("rival/OIL"), "released");
    let above = |goods: &Goods, most| goods.world.register.suspect_origins(&key("rival/OIL"), most);
    assert_eq!(above(&goods, 9), [declared], "descendants say so");
    assert!(above(&goods, 0).is_empty());
    let suspect = |goods: &Goods, index| goods.world.register.is_entry_suspect(index);
    for index in [declared, shipped, priced] {
        assert!(suspect(&goods, index), "{index}");
        confirm(&mut goods, index);
        assert!(!suspect(&goods, index), "{index}");
    }
    assert!(!suspect(&goods, received) && !suspect(&goods, made));
    assert!(above(&goods, 9).is_empty());
}

/// A shipment that nobody answered comes back as ever, though the thief bound it.
#[test]
fn a_thief_binds_no_shipment_with_a_paper() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods.certify(0, "coop/K", 100_000, "bio-maroc").unwrap();
    goods.later(3_600);
    let since = goods.world.now;
    goods.ship("coop", "rival", &[("coop/K", 60_000)]).unwrap();
    let sent = goods.last("coop");
    let (lot, consignment) = (key("coop/K"), sent.clone());
    let claim = CertificateExtract { certificate: 0, consignment, lot, quantity: 60_000 };
    goods.say("coop", |draft| claim.draft(draft)).unwrap();
    assert_eq!(code(goods.undo("registrar", Undone::Event(sent.clone()))), "cannot_void");
    stolen(&mut goods, since);
    assert_eq!(code(goods.undo("registrar", Undone::Event(sent))), "ok");
    assert_eq!(goods.holding("coop/K", "coop").free, 100_000);
}

use tasdiq::names::{LotNumber, UnitKey};
