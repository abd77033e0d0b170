//! What was paid and what of certificates went with which consignment: bound to what was shipped,
//! said by both sides, and of no more than there was.

use tasdiq::register::Price;

use super::*;

const PAID: &str = "2026-09-10";

/// A price of kernels, as the seller states it.
pub(super) fn price(goods: &Goods, ship: &EventId, to: &str, quantity: u64) -> PricePaid {
    PricePaid {
        lot: key("coop/K"),
        ship: ship.clone(),
        seller: ship.issuer.clone(),
        buyer: Receiver::Party(slug(to)),
        scheme: "fairtrade".into(),
        quantity,
        terms: PriceTerms::Open { currency: "MAD".into(), amount: 1_250_000, premium: 187_500 },
        basis: PriceBasis::ExWorks,
        paid_on: Day::parse(PAID).unwrap().max(goods.world.now.day()),
        invoice: Commitment::of(&[1; 16], b"invoice"),
        confirms: None,
    }
}

impl Goods {
    pub(super) fn pay(&mut self, who: &str, claim: &PricePaid) -> Result<u64, Refusal> {
        self.say(who, |draft| claim.draft(draft))
    }

    pub(super) fn id_at(&self, index: u64) -> String {
        let bytes = &self.world.leaves[usize::try_from(index).unwrap()];
        let statement: Value = serde_json::from_slice(bytes).unwrap();
        statement["id"].as_str().unwrap().to_owned()
    }

    /// The seller states a price, the buyer confirms it; where the seller's word stands.
    fn paid(&mut self, claim: &PricePaid, by: &str) -> u64 {
        let stated = self.pay(claim.seller.as_str(), claim).unwrap();
        let confirms = Some(self.id_at(stated));
        self.pay(by, &PricePaid { confirms, ..claim.clone() }).unwrap();
        stated
    }

    fn price_of(&self, lot: &str) -> Price {
        self.world.register.price_of(&key(lot))
    }

    fn extract(&mut self, who: &str, serial: u64, of: &EventId, quantity: u64) -> &'static str {
        let lot = self.world.register.certificate(serial).unwrap().record.lot;
        let claim =
            CertificateExtract { certificate: serial, consignment: of.clone(), lot, quantity };
        code(self.say(who, |draft| claim.draft(draft)))
    }

    /// To a buyer abroad.
    fn abroad(&mut self, who: &str, lots: &[(&str, u64)]) -> EventId {
        let (units, carrier, returns) = (vec![], None, None);
        let (to, purpose) = (buyer_abroad(7), ShipPurpose::Sale);
        let what = Shipment { to, purpose, lots: lines(lots), units, carrier, returns };
        self.event_as(who, EventKind::Ship(what)).unwrap();
        self.last(who)
    }
}

fn buyer_abroad(salt: u8) -> Receiver {
    let commitment = Commitment::of(&[salt; 16], b"a buyer");
    Receiver::Elsewhere { commitment, country: "FR".into() }
}

/// 1,000 kg of kernels, 100 kg of them sold to `souk` and accepted.
pub(super) fn sold() -> (Goods, EventId) {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000_000);
    let ship = goods.sell("coop", "souk", 100_000);
    (goods, ship)
}

impl Goods {
    /// A sale of kernels, accepted.
    fn sell(&mut self, who: &str, to: &str, quantity: u64) -> EventId {
        self.sell_for(who, to, quantity, ShipPurpose::Sale)
    }

    fn sell_for(&mut self, who: &str, to: &str, quantity: u64, purpose: ShipPurpose) -> EventId {
        self.ship_for(who, to, &[("coop/K", quantity)], purpose).unwrap();
        let ship = self.last(who);
        self.receive(to, &ship, &[("coop/K", quantity, 0, 0)]).unwrap();
        ship
    }
}

#[test]
fn a_price_is_confirmed_by_who_paid_in_the_same_terms() {
    let (mut goods, ship) = sold();
    assert_eq!(goods.price_of("coop/K"), Price::None);
    let claim = price(&goods, &ship, "souk", 60_000);
    let stated = goods.pay("coop", &claim).unwrap();
    assert!(matches!(goods.price_of("coop/K"), Price::OneSided(told) if told.quantity == 60_000));
    let confirms = Some(goods.id_at(stated));
    let same = PricePaid { confirms, ..claim.clone() };
    let cheaper = PriceTerms::Open { currency: "MAD".into(), amount: 1_249_999, premium: 187_500 };
    for other in [
        PricePaid { terms: cheaper, ..same.clone() },
        PricePaid { quantity: 59_999, ..same.clone() },
        PricePaid { scheme: "bio-maroc".into(), ..same.clone() },
        PricePaid { basis: PriceBasis::Delivered, ..same.clone() },
        PricePaid { paid_on: Day::parse("2026-09-01").unwrap(), ..same.clone() },
        PricePaid { invoice: Commitment::of(&[2; 16], b"invoice"), ..same.clone() },
    ] {
        let refused = goods.pay("souk", &other).unwrap_err();
        assert_eq!((refused.code(), refused.is_conflict()), ("terms_differ", true), "{refused}");
    }
    // Not by the seller itself, a friend, or a certifier for a buyer who can speak.
    for who in ["coop", "rival", "atlas", "registrar", "inspection"] {
        assert_eq!(code(goods.pay(who, &same)), "not_authorised", "{who}");
    }
    assert_eq!(code(goods.pay("souk", &same)), "ok");
    let again = PricePaid { paid_on: same.paid_on, ..same };
    goods.later(1);
    assert_eq!(code(goods.pay("souk", &again)), "status_order");
    let Price::Confirmed(told) = goods.price_of("coop/K") else { panic!("confirmed") };
    assert_eq!((told.mark.index, told.buyer), (stated, Some(slug("souk"))));
    assert_eq!(told.confirmed.unwrap().by, slug("souk"));
}

/// Goods that were never shipped, or not so, have no price: two firms of one owner cannot put one
/// on a rival's lot.
#[test]
fn a_price_is_bound_to_a_sale_by_its_seller_to_its_buyer() {
    let (mut goods, ship) = sold();
    let good = price(&goods, &ship, "souk", 1);
    let unbound = |goods: &mut Goods, who: &str, claim: &PricePaid| {
        let refused = goods.pay(who, claim).unwrap_err();
        assert_eq!((refused.code(), refused.is_conflict()), ("price_unbound", false), "{refused}");
    };
    let no_ship = EventId { issuer: slug("coop"), name: name(900) };
    unbound(&mut goods, "coop", &PricePaid { ship: no_ship, ..good.clone() });
    let receipt = goods.last("souk");
    unbound(&mut goods, "coop", &PricePaid { ship: receipt, ..good.clone() });
    let to_rival = PricePaid { buyer: Receiver::Party(slug("rival")), ..good.clone() };
    unbound(&mut goods, "coop", &to_rival);
    unbound(&mut goods, "coop", &PricePaid { buyer: buyer_abroad(7), ..good.clone() });
    let of_rival = PricePaid { seller: slug("rival"), ..good.clone() };
    unbound(&mut goods, "rival", &of_rival);
    assert_eq!(code(goods.pay("rival", &good)), "not_authorised");
    goods.kernels("coop/OTHER", 1_000);
    unbound(&mut goods, "coop", &PricePaid { lot: key("coop/OTHER"), ..good.clone() });
    // Pressing for a fee, moving and giving back are no sales.
    let purposes = [ShipPurpose::Processing, ShipPurpose::Transfer, ShipPurpose::Return];
    for purpose in purposes {
        let ship = goods.sell_for("coop", "moulin", 1_000, purpose);
        let claim = price(&goods, &ship, "moulin", 1);
        unbound(&mut goods, "coop", &claim);
    }
    // What was undone was not sold.
    goods.ship("coop", "souk", &[("coop/K", 5)]).unwrap();
    let ship = goods.last("coop");
    goods.undo("coop", Undone::Event(ship.clone())).unwrap();
    let claim = price(&goods, &ship, "souk", 1);
    unbound(&mut goods, "coop", &claim);
    let named = Some(goods.id_at(0));
    unbound(&mut goods, "souk", &PricePaid { confirms: named, ..good.clone() });
    let early = PricePaid { paid_on: Day::parse("2026-12-01").unwrap(), ..good.clone() };
    assert_eq!(code(goods.pay("coop", &early)), "future");
    let unknown = PricePaid { scheme: "no-such".into(), ..good };
    assert_eq!(code(goods.pay("coop", &unknown)), "unknown_term");
}

#[test]
fn prices_of_a_shipment_are_of_no_more_than_was_accepted_and_kept() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000_000);
    goods.ship("coop", "souk", &[("coop/K", 100_000)]).unwrap();
    let ship = goods.last("coop");
    let exceeded = |goods: &mut Goods, quantity| {
        let claim = price(goods, &ship, "souk", quantity);
        let refused = goods.pay("coop", &claim).unwrap_err();
        assert_eq!((refused.code(), refused.is_conflict()), ("price_exceeded", true), "{refused}");
    };
    exceeded(&mut goods, 1);
    goods.receive("souk", &ship, &[("coop/K", 80_000, 15_000, 5_000)]).unwrap();
    let receipt = goods.last("souk");
    exceeded(&mut goods, 80_001);
    let first = price(&goods, &ship, "souk", 50_000);
    goods.pay("coop", &first).unwrap();
    exceeded(&mut goods, 30_001);
    // What a dispute ends with as accepted was sold too.
    let line = LotLine { lot: key("coop/K"), quantity: 2_000 };
    let lots = vec![SettledLot { line, settled: Settled::Accepted }];
    let settled = EventKind::Settle(Settlement { of: receipt, lots });
    goods.event_as("souk", settled).unwrap();
    exceeded(&mut goods, 32_001);
    // What goes back was not: on the word of its sender, and of it alone where it says so.
    let back = |goods: &mut Goods, quantity, returns: Option<EventId>| {
        let (to, purpose) = (Receiver::Party(slug("coop")), ShipPurpose::Return);
        let (lots, units, carrier) = (lines(&[("coop/K", quantity)]), vec![], None);
        let what = Shipment { to, purpose, lots, units, carrier, returns };
        goods.event_as("souk", EventKind::Ship(what)).unwrap();
        goods.last("souk")
    };
    let named = back(&mut goods, 10_000, Some(ship.clone()));
    exceeded(&mut goods, 22_001);
    goods.receive("coop", &named, &[("coop/K", 9_000, 1_000, 0)]).unwrap();
    exceeded(&mut goods, 23_001);
    back(&mut goods, 3_000, None);
    exceeded(&mut goods, 20_001);
    // A stranger who names the shipment brings nothing of it back.
    goods.sell("coop", "rival", 5_000);
    let (to, purpose) = (Receiver::Party(slug("coop")), ShipPurpose::Return);
    let (lots, returns) = (lines(&[("coop/K", 5_000)]), Some(ship.clone()));
    let what = Shipment { to, purpose, lots, units: vec![], carrier: None, returns };
    goods.event_as("rival", EventKind::Ship(what)).unwrap();
    let rest = price(&goods, &ship, "souk", 20_000);
    assert_eq!(code(goods.pay("coop", &rest)), "ok");
    exceeded(&mut goods, 1);
    assert_eq!(goods.world.register.prices_of_ship(at(&goods, &ship), None).count(), 2);
}

fn at(goods: &Goods, event: &EventId) -> u64 {
    let iri = goods.world.domain.event_iri(event);
    goods.world.register.index_of_id(&iri).unwrap()
}

#[test]
fn what_comes_back_later_was_paid_all_the_same() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 100_000);
    let stated = goods.pay("coop", &claim).unwrap();
    let (to, purpose) = (Receiver::Party(slug("coop")), ShipPurpose::Return);
    let (lots, units, carrier) = (lines(&[("coop/K", 500)]), vec![], None);
    let what = Shipment { to, purpose, lots, units, carrier, returns: Some(ship) };
    goods.event_as("souk", EventKind::Ship(what)).unwrap();
    let confirms = Some(goods.id_at(stated));
    assert_eq!(code(goods.pay("souk", &PricePaid { confirms, ..claim })), "ok");
}

/// The seller cannot undo what it was paid for; the receiver not what it confirmed; a word of the
/// seller alone does not bind the receiver.
#[test]
fn a_price_keeps_its_shipment_and_both_sides_their_word() {
    let (mut goods, ship) = sold();
    let receipt = goods.last("souk");
    let claim = price(&goods, &ship, "souk", 100_000);
    let stated = goods.pay("coop", &claim).unwrap();
    goods.undo("souk", Undone::Event(receipt.clone())).unwrap();
    let refused = goods.undo("coop", Undone::Event(ship.clone())).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("cannot_void", true));
    // Nothing is accepted now, so there is nothing to confirm.
    let same = PricePaid { confirms: Some(goods.id_at(stated)), ..claim };
    assert_eq!(code(goods.pay("souk", &same)), "price_exceeded");
    goods.receive("souk", &ship, &[("coop/K", 100_000, 0, 0)]).unwrap();
    let receipt = goods.last("souk");
    let confirmed = goods.pay("souk", &same).unwrap();
    let refused = goods.undo("souk", Undone::Event(receipt.clone())).unwrap_err();
    assert_eq!(refused.code(), "cannot_void");
    assert!(refused.to_string().contains(&format!("entry {confirmed}")), "{refused}");
    assert_eq!(code(goods.undo("registrar", Undone::Event(receipt))), "cannot_void");
    assert_eq!(code(goods.undo("registrar", Undone::Event(ship))), "cannot_void");
}

/// Money that goes in a circle proves no price, whichever leg is stated first.
#[test]
fn a_price_the_other_way_takes_the_confirmation_away() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 100_000);
    goods.paid(&claim, "souk");
    assert!(matches!(goods.price_of("coop/K"), Price::Confirmed(_)));
    let back = goods.sell("souk", "coop", 100_000);
    assert!(matches!(goods.price_of("coop/K"), Price::Confirmed(_)), "goods alone may come back");
    let claim = price(&goods, &back, "coop", 1);
    goods.pay("souk", &claim).unwrap();
    assert!(matches!(goods.price_of("coop/K"), Price::OneSided(told) if told.confirmed.is_some()));
}

/// Two firms of a rival trade a lot and state what they like: the page has the producer's own first
/// sale.
#[test]
fn the_price_of_a_lot_is_that_of_its_producers_first_sale() {
    let (mut goods, _) = sold();
    let resale = goods.sell("souk", "rival", 50_000);
    let mut claim = price(&goods, &resale, "rival", 50_000);
    claim.terms = PriceTerms::Open { currency: "MAD".into(), amount: 1, premium: 0 };
    let stated = goods.paid(&claim, "rival");
    assert_eq!(goods.price_of("coop/K"), Price::None);
    let known = goods.world.register.prices_of_ship(at(&goods, &resale), None).next().cloned();
    let known = known.unwrap();
    assert!(matches!(goods.world.register.price(known), Price::Confirmed(_)));
    assert_eq!(goods.world.register.prices_of_ship(at(&goods, &resale), Some(stated)).count(), 0);
    let second = goods.sell("coop", "moulin", 10_000);
    let claim = price(&goods, &second, "moulin", 10_000);
    goods.paid(&claim, "moulin");
    assert!(matches!(goods.price_of("coop/K"), Price::Confirmed(told) if told.quantity == 10_000));
    let mut hidden = price(&goods, &second, "moulin", 1);
    hidden.terms = PriceTerms::Committed(Commitment::of(&[3; 16], b"terms"));
    assert_eq!(code(goods.pay("coop", &hidden)), "price_exceeded");
}

#[test]
fn terms_behind_a_commitment_are_not_disclosed_though_confirmed() {
    let (mut goods, ship) = sold();
    let mut claim = price(&goods, &ship, "souk", 100_000);
    claim.terms = PriceTerms::Committed(Commitment::of(&[3; 16], b"terms"));
    goods.paid(&claim, "souk");
    assert!(
        matches!(goods.price_of("coop/K"), Price::Undisclosed(told) if told.confirmed.is_some())
    );
}

/// Who buys abroad signs nothing here: a certifier of the scheme bears the price out.
#[test]
fn a_sale_abroad_is_audited_by_a_certifier_in_scope() {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000_000);
    let ship = goods.abroad("coop", &[("coop/K", 40_000)]);
    let mut claim = price(&goods, &ship, "souk", 40_000);
    assert_eq!(code(goods.pay("coop", &claim)), "price_unbound");
    claim.buyer = buyer_abroad(8);
    assert_eq!(code(goods.pay("coop", &claim)), "price_unbound", "another buyer");
    claim.buyer = buyer_abroad(7);
    let stated = goods.pay("coop", &claim).unwrap();
    let confirms = Some(goods.id_at(stated));
    let same = PricePaid { confirms, ..claim.clone() };
    for who in ["coop", "souk", "inspection", "registrar"] {
        assert_eq!(code(goods.pay(who, &same)), "not_authorised", "{who}");
    }
    assert!(matches!(goods.price_of("coop/K"), Price::OneSided(_)));
    // A second certifier, whose accreditation is for other products.
    goods.world.join(Role::Certifier, "rif", 12);
    let unsigned = same.draft(&goods.world.draft("rif"));
    assert_eq!(code(goods.world.log(unsigned, "rif#key-1", 12)), "out_of_scope");
    assert_eq!(code(goods.pay("atlas", &same)), "ok");
    assert!(matches!(goods.price_of("coop/K"), Price::Audited(told) if told.buyer.is_none()));
    // Nor does it come back on paper.
    assert_eq!(code(goods.undo("coop", Undone::Event(ship))), "cannot_void");
}

/// 100 L of oil of which 60 L are certified, certificate 0.
fn certified() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 300_000);
    goods.certify(0, "coop/K", 300_000, "bio-maroc").unwrap();
    goods.declared(&[("H", "argane", 100_000)]);
    goods.make("argan-press", &[("coop/K", 200_000)], &[("coop/H", 100_000)]).unwrap();
    goods.certify(1, "coop/H", 60_000, "bio-maroc").unwrap();
    goods
}

/// One certificate for any number of consignments, ship, void, ship again: closed at the sum.
#[test]
fn extracts_are_of_no_more_than_is_certified_over_all_holders_and_consignments() {
    let mut goods = certified();
    goods.ship("coop", "export", &[("coop/H", 50_000)]).unwrap();
    let first = goods.last("coop");
    goods.receive("export", &first, &[("coop/H", 50_000, 0, 0)]).unwrap();
    assert_eq!(goods.extract("coop", 1, &first, 20_000), "ok");
    let second = goods.abroad("export", &[("coop/H", 45_000)]);
    assert_eq!(goods.extract("export", 1, &second, 40_001), "extract_exceeded", "over holders");
    assert_eq!(goods.extract("export", 1, &second, 40_000), "ok");
    let third = goods.abroad("coop", &[("coop/H", 10_000)]);
    assert_eq!(goods.extract("coop", 1, &third, 1), "extract_exceeded");
    assert_eq!(goods.world.register.extracted(1), 60_000);
    let of_second = goods.world.register.extracts_of_ship(at(&goods, &second), None);
    assert_eq!(
        of_second.map(|it| (it.certificate, it.quantity)).collect::<Vec<_>>(),
        [(1, 40_000)]
    );
    assert_eq!(goods.world.register.extracts_of_certificate(1, None).count(), 2);
    // It takes the way back away, and nothing undoes it.
    assert_eq!(code(goods.undo("export", Undone::Event(second.clone()))), "cannot_void");
    assert_eq!(code(goods.undo("registrar", Undone::Event(second))), "cannot_void");
    assert_eq!(code(goods.undo("coop", Undone::Event(third))), "ok");
}

#[test]
fn extracts_are_of_no_more_than_was_shipped() {
    let mut goods = certified();
    goods.certify(2, "coop/H", 30_000, "bio-maroc").unwrap();
    let ship = goods.abroad("coop", &[("coop/H", 20_000)]);
    assert_eq!(goods.extract("coop", 1, &ship, 20_001), "extract_exceeded");
    assert_eq!(goods.extract("coop", 1, &ship, 15_000), "ok");
    // Two certificates of one scheme do not make more of it.
    assert_eq!(goods.extract("coop", 2, &ship, 5_001), "extract_exceeded");
    assert_eq!(goods.extract("coop", 2, &ship, 5_000), "ok");
    goods.ship("coop", "souk", &[("coop/H", 20_000)]).unwrap();
    let ship = goods.last("coop");
    goods.receive("souk", &ship, &[("coop/H", 5_000, 15_000, 0)]).unwrap();
    assert_eq!(goods.extract("coop", 1, &ship, 5_001), "extract_exceeded", "what was refused");
    assert_eq!(goods.extract("coop", 1, &ship, 5_000), "ok");
}

#[test]
fn an_extract_is_drawn_by_the_shipper_soon_on_what_is_in_force() {
    let mut goods = certified();
    let ship = goods.abroad("coop", &[("coop/H", 20_000)]);
    for who in ["rival", "souk", "export", "atlas", "registrar"] {
        assert_eq!(goods.extract(who, 1, &ship, 1), "not_authorised", "{who}");
    }
    // A certificate of another lot, and a consignment without the lot.
    assert_eq!(goods.extract("coop", 0, &ship, 1), "extract_refused");
    let (lot, consignment) = (key("coop/K"), ship.clone());
    let claim = CertificateExtract { certificate: 1, consignment, lot, quantity: 1 };
    assert_eq!(code(goods.say("coop", |draft| claim.draft(draft))), "mismatch");
    let claim = CertificateExtract { certificate: 9, ..claim };
    assert_eq!(code(goods.say("coop", |draft| claim.draft(draft))), "certificate_unknown");
    let suspended = |goods: &mut Goods, action| {
        let change = StatusChange {
            target: StatusTarget::Certificate(1),
            action,
            reason: Reason::Nonconformity,
            effective_from: goods.world.now,
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("atlas", |draft| change.draft(draft)).unwrap();
        goods.later(1);
    };
    suspended(&mut goods, StatusAction::Suspend);
    assert_eq!(goods.extract("coop", 1, &ship, 1), "extract_refused");
    suspended(&mut goods, StatusAction::Reinstate);
    // What is held or recalled, also through a lot it comes from, gets no paper.
    goods.change("registrar", "coop/K", StatusAction::Hold).unwrap();
    assert_eq!(goods.extract("coop", 1, &ship, 1), "lot_held");
    goods.change("registrar", "coop/K", StatusAction::Release).unwrap();
    assert_eq!(goods.extract("coop", 1, &ship, 1), "ok");
    goods.later(30 * DAY - 3_600);
    assert_eq!(goods.extract("coop", 1, &ship, 1), "ok");
    goods.later(3_600);
    assert_eq!(goods.extract("coop", 1, &ship, 2), "extract_refused");
}
