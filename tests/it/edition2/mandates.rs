//! A cooperative without a phone lets another act in its name: what is signed so is its own, says
//! under what, and can be taken back.

use super::*;

pub(super) fn mandate(to: &str, acts: &[MandatedAct], until: &str) -> Mandate {
    let (party, to, until) = (slug("coop"), slug(to), Day::parse(until).unwrap());
    Mandate { party, to, acts: acts.iter().copied().collect(), until }
}

pub(super) const ALL: [MandatedAct; 3] =
    [MandatedAct::Declare, MandatedAct::Receive, MandatedAct::Ship];

impl Goods {
    pub(super) fn let_act(&mut self, claim: &Mandate) -> String {
        let index = self.say("coop", |draft| claim.draft(draft)).unwrap();
        self.id_at(index)
    }

    pub(super) fn mandated(
        &mut self,
        who: &str,
        id: &str,
        kind: EventKind,
    ) -> Result<u64, Refusal> {
        let name = self.next_name();
        let claim = Event { mandate: Some(id.to_owned()), ..self.event(name, kind) };
        self.say(who, |draft| claim.draft(draft))
    }

    fn declare_under(&mut self, who: &str, id: &str, number: &str) -> Result<u64, Refusal> {
        let mut claim = self.lot("coop", number, "argan-kernels", 10_000);
        claim.facts.origin = Some(LotOrigin::Primary);
        claim.facts.mandate = Some(id.into());
        self.say(who, |draft| claim.draft(draft))
    }
}

fn ship(to: &str, quantity: u64) -> EventKind {
    let (to, purpose) = (Receiver::Party(slug(to)), ShipPurpose::Sale);
    let (lots, units) = (lines(&[("coop/K", quantity)]), vec![]);
    EventKind::Ship(Shipment { to, purpose, lots, units, carrier: None, returns: None })
}

fn stocked() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods
}

#[test]
fn a_union_declares_ships_and_receives_for_a_cooperative_without_a_phone() {
    let mut goods = stocked();
    let id = goods.let_act(&mandate("rival", &ALL, "2027-09-30"));
    // The lot is the cooperative's, counts for it, and bears its number.
    let index = goods.declare_under("rival", &id, "UNDER").unwrap();
    let lot = goods.world.register.lot(&key("coop/UNDER")).unwrap();
    assert_eq!(lot.record.producer, slug("coop"));
    assert_eq!(goods.holding("coop/UNDER", "coop").free, 10_000);
    assert_eq!(goods.world.register.season_total(&slug("rival"), "argan-fruit", "2026"), 0);
    let told = goods.world.register.under_mandate(index).unwrap();
    assert_eq!((&told.to, &told.party), (&slug("rival"), &slug("coop")));
    // Its goods move.
    let index = goods.mandated("rival", &id, ship("souk", 40_000)).unwrap();
    assert!(goods.world.register.under_mandate(index).is_some());
    let sent = goods.last("rival");
    goods.receive("souk", &sent, &[("coop/K", 40_000, 0, 0)]).unwrap();
    let had = (goods.holding("coop/K", "coop").free, goods.holding("coop/K", "souk").free);
    assert_eq!(had, (60_000, 40_000));
    assert_eq!(goods.holding("coop/K", "rival"), Holding::default());
    // What comes for the cooperative is received in its name.
    goods.ship("souk", "coop", &[("coop/K", 1_000)]).unwrap();
    let (of, quantity) = (goods.last("souk"), 1_000);
    let lots = vec![Received { lot: key("coop/K"), accepted: quantity, refused: 0, missing: 0 }];
    let what = Arrival { of, lots, discrepancy: Discrepancy::None };
    assert_eq!(code(goods.mandated("rival", &id, EventKind::Receive(what))), "ok");
    assert_eq!(goods.holding("coop/K", "coop").free, 61_000);
    assert_eq!(goods.world.register.mandates_of(&slug("coop")).count(), 1);
    // The same price is the cooperative's to state, who shipped: a mandate does not reach it.
    let mut claim = super::money::price(&goods, &sent, "souk", 1);
    claim.seller = slug("coop");
    assert_eq!(code(goods.pay("rival", &claim)), "not_authorised");
    assert_eq!(code(goods.pay("coop", &claim)), "ok");
}

#[test]
fn nobody_acts_beyond_its_mandate() {
    let mut goods = stocked();
    let id = goods.let_act(&mandate("rival", &[MandatedAct::Ship], "2026-10-31"));
    assert_eq!(code(goods.declare_under("rival", &id, "X")), "not_mandated", "another act");
    assert_eq!(
        code(goods.mandated("souk", &id, ship("moulin", 1))),
        "not_mandated",
        "another party"
    );
    let rulebook = goods.id_at(0);
    assert_eq!(code(goods.mandated("rival", &rulebook, ship("souk", 1))), "not_mandated");
    // Without naming it nobody ships another's goods.
    assert_eq!(code(goods.event_as("rival", ship("souk", 1))), "not_holder");
    assert_eq!(code(goods.mandated("rival", &id, ship("souk", 100_001))), "insufficient");
    // A newer one to the same party takes its place, and so ends it.
    let today = goods.world.now.day().to_string();
    let newer = goods.let_act(&mandate("rival", &[MandatedAct::Receive], &today));
    assert_eq!(code(goods.mandated("rival", &id, ship("souk", 1))), "not_mandated");
    assert_eq!(code(goods.mandated("rival", &newer, ship("souk", 1))), "not_mandated");
    let mut goods = stocked();
    let id = goods.let_act(&mandate("rival", &[MandatedAct::Ship], "2026-10-31"));
    goods.later(51 * DAY);
    assert_eq!(goods.world.now.day().to_string(), "2026-10-31");
    assert_eq!(code(goods.mandated("rival", &id, ship("souk", 1))), "ok", "the last day");
    goods.later(DAY);
    assert_eq!(code(goods.mandated("rival", &id, ship("souk", 1))), "not_mandated");
}

#[test]
fn who_may_be_let_act_and_by_whom() {
    let mut goods = stocked();
    let give = |goods: &mut Goods, who: &str, claim: &Mandate| {
        code(goods.say(who, |draft| claim.draft(draft)))
    };
    let good = mandate("rival", &ALL, "2027-06-30");
    for who in ["rival", "registrar", "atlas"] {
        assert_eq!(give(&mut goods, who, &good), "not_authorised", "{who} for coop");
    }
    // Whoever certifies, analyses or inspects acts for nobody.
    for to in ["atlas", "inspection", "authority"] {
        assert_eq!(give(&mut goods, "coop", &mandate(to, &ALL, "2027-06-30")), "mismatch", "{to}");
    }
    assert_eq!(give(&mut goods, "coop", &mandate("nobody", &ALL, "2027-06-30")), "unknown_party");
    let souk = Mandate { party: slug("souk"), ..good.clone() };
    assert_eq!(give(&mut goods, "souk", &souk), "not_authorised");
    // A day of signing far ahead does not make it longer.
    let far = mandate("rival", &ALL, "2028-06-30");
    let mut draft = goods.world.draft("coop");
    draft.valid_from = Timestamp::parse("2027-06-30T08:00:00Z").unwrap();
    let unsigned = far.draft(&draft);
    assert_eq!(code(goods.world.log(unsigned, "coop#key-1", 20)), "future");
    assert_eq!(give(&mut goods, "coop", &good), "ok");
}

#[test]
fn what_was_signed_under_a_mandate_is_taken_back_by_who_gave_it() {
    let mut goods = stocked();
    let id = goods.let_act(&mandate("rival", &ALL, "2027-06-30"));
    goods.mandated("rival", &id, ship("souk", 10_000)).unwrap();
    let sent = Undone::Event(goods.last("rival"));
    assert_eq!(code(goods.undo("souk", sent.clone())), "not_authorised");
    assert_eq!(code(goods.undo("coop", sent)), "ok");
    assert_eq!(goods.holding("coop/K", "coop").free, 100_000);
    goods.declare_under("rival", &id, "WRONG").unwrap();
    let wrong = Undone::Declaration(key("coop/WRONG"));
    assert_eq!(code(goods.undo("coop", wrong)), "ok");
    goods.mandated("rival", &id, ship("souk", 10_000)).unwrap();
    let sent = Undone::Event(goods.last("rival"));
    goods.later(45 * DAY);
    assert_eq!(code(goods.undo("coop", sent.clone())), "void_late");
    assert_eq!(code(goods.undo("registrar", sent)), "ok");
    // Who acted takes its word back too, as long as it may act.
    goods.mandated("rival", &id, ship("souk", 10_000)).unwrap();
    let (first, today) = (Undone::Event(goods.last("rival")), goods.world.now.day().to_string());
    assert_eq!(code(goods.undo("rival", first)), "ok");
    goods.mandated("rival", &id, ship("souk", 10_000)).unwrap();
    let second = Undone::Event(goods.last("rival"));
    goods.let_act(&mandate("rival", &[MandatedAct::Receive], &today));
    goods.later(DAY);
    assert_eq!(code(goods.undo("rival", second)), "not_authorised");
}

/// Who acts sends the goods to itself and receives them: that receipt is nobody else's word, and
/// does not keep the cooperative from its right; what it was paid for does.
#[test]
fn goods_that_went_to_who_acted_come_back_though_received() {
    let mut goods = stocked();
    let id = goods.let_act(&mandate("rival", &[MandatedAct::Ship], "2027-06-30"));
    for paid in [false, true] {
        goods.mandated("rival", &id, ship("rival", 40_000)).unwrap();
        let sent = goods.last("rival");
        goods.receive("rival", &sent, &[("coop/K", 40_000, 0, 0)]).unwrap();
        if paid {
            let mut claim = super::money::price(&goods, &sent, "rival", 40_000);
            claim.seller = slug("coop");
            goods.pay("coop", &claim).unwrap();
            assert_eq!(code(goods.undo("coop", Undone::Event(sent))), "cannot_void");
            continue;
        }
        goods.later(3_600);
        assert_eq!(code(goods.undo("coop", Undone::Event(sent))), "ok");
        assert_eq!(goods.holding("coop/K", "coop").free, 100_000);
    }
    // Of a third party's receipt it does not.
    goods.mandated("rival", &id, ship("souk", 10_000)).unwrap();
    let sent = goods.last("rival");
    goods.receive("souk", &sent, &[("coop/K", 10_000, 0, 0)]).unwrap();
    assert_eq!(code(goods.undo("coop", Undone::Event(sent))), "cannot_void");
}

#[test]
fn a_barred_party_neither_acts_nor_is_acted_for() {
    let suspend = |goods: &mut Goods, who: &str| {
        let change = StatusChange {
            target: StatusTarget::Party(slug(who)),
            action: StatusAction::Suspend,
            reason: Reason::Nonconformity,
            effective_from: goods.world.now,
            notice: Default::default(),
            return_to: None,
            lifts: vec![],
        };
        goods.say("registrar", |draft| change.draft(draft)).unwrap();
    };
    for who in ["coop", "rival"] {
        let mut goods = stocked();
        let id = goods.let_act(&mandate("rival", &ALL, "2027-06-30"));
        suspend(&mut goods, who);
        assert_eq!(code(goods.mandated("rival", &id, ship("souk", 1))), "party_barred", "{who}");
        assert_eq!(code(goods.declare_under("rival", &id, "X")), "party_barred", "{who}");
    }
}
