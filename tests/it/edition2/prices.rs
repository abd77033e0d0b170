//! What prices add up to, equal to a sum made by hand; and a price that was mistyped: who undoes
//! it, until when, and what is said meanwhile.

use tasdiq::register::{Price, PriceGroup, PriceSum, PriceSums, PriceTotal, PricesOf};

use super::money::{price, sold};
use super::*;

fn open(currency: &str, amount: u64, premium: u64) -> PriceTerms {
    PriceTerms::Open { currency: currency.into(), amount, premium }
}

fn sum(count: u64, amount: u128, premium: u128) -> PriceSum {
    PriceSum { count, amount, premium }
}

fn total(scheme: &str, currency: &str, sums: PriceSums) -> PriceTotal {
    let (scheme, season, currency) = (scheme.into(), "2026".into(), currency.into());
    PriceTotal { group: PriceGroup { scheme, year: 2026, season, currency }, sums }
}

impl Goods {
    fn totals(&self, whose: &PricesOf) -> Vec<PriceTotal> {
        self.world.register.price_totals(whose, None).collect()
    }

    fn stated(&mut self, claim: &PricePaid) -> u64 {
        self.pay(claim.seller.as_str(), claim).unwrap()
    }

    fn confirm(&mut self, who: &str, claim: &PricePaid, stated: u64) -> Result<u64, Refusal> {
        let confirms = Some(self.id_at(stated));
        self.pay(who, &PricePaid { confirms, ..claim.clone() })
    }

    fn undo_said(&mut self, who: &str, index: u64) -> Result<u64, Refusal> {
        let of = Undone::Price(self.id_at(index));
        self.undo(who, of)
    }

    fn alone(&self, currency: &str) -> PriceSums {
        let all = self.totals(&PricesOf::All);
        let found = all.iter().find(|one| *one.group.currency == *currency);
        found.map(|one| one.sums).unwrap_or_default()
    }
}

/// Sales of `coop` to `souk` and abroad in two currencies and under two schemes, some confirmed.
fn told() -> (Goods, EventId) {
    let (mut goods, ship) = sold();
    let mut state = |terms: PriceTerms, scheme: &str, quantity, confirmed: bool| {
        let claim = price(&goods, &ship, "souk", quantity);
        let claim = PricePaid { terms, scheme: scheme.into(), ..claim };
        let stated = goods.stated(&claim);
        if confirmed {
            goods.confirm("souk", &claim, stated).unwrap();
        }
    };
    state(open("MAD", 1_250_000, 187_500), "fairtrade", 50_000, true);
    state(open("MAD", 250_001, 1), "fairtrade", 10_000, true);
    state(open("MAD", 300_000, 45_000), "fairtrade", 10_000, false);
    state(open("EUR", 40_000, 5_000), "fairtrade", 10_000, true);
    state(open("MAD", 99, 0), "bio-maroc", 10_000, true);
    state(PriceTerms::Committed(Commitment::of(&[3; 16], b"terms")), "fairtrade", 1_000, true);
    let abroad = goods.ship_abroad(40_000);
    let claim = price(&goods, &abroad, "souk", 40_000);
    let buyer = Receiver::Elsewhere {
        commitment: Commitment::of(&[7; 16], b"a buyer"),
        country: "FR".into(),
    };
    let claim = PricePaid { buyer, terms: open("MAD", 700_000, 70_000), ..claim };
    let stated = goods.stated(&claim);
    goods.confirm("atlas", &claim, stated).unwrap();
    (goods, ship)
}

impl Goods {
    fn ship_abroad(&mut self, quantity: u64) -> EventId {
        let commitment = Commitment::of(&[7; 16], b"a buyer");
        let to = Receiver::Elsewhere { commitment, country: "FR".into() };
        let (lots, units) = (lines(&[("coop/K", quantity)]), vec![]);
        let purpose = ShipPurpose::Sale;
        let what = Shipment { to, purpose, lots, units, carrier: None, returns: None };
        self.event_as("coop", EventKind::Ship(what)).unwrap();
        self.last("coop")
    }
}

#[test]
fn totals_are_the_sums_made_by_hand_and_no_two_currencies_are_added() {
    let (goods, _) = told();
    let none = PriceSums::default();
    let mad = PriceSums {
        confirmed: sum(2, 1_500_001, 187_501),
        audited: sum(1, 700_000, 70_000),
        one_sided: sum(1, 300_000, 45_000),
        ..none
    };
    let eur = PriceSums { confirmed: sum(1, 40_000, 5_000), ..none };
    let bio = PriceSums { confirmed: sum(1, 99, 0), ..none };
    let hidden = PriceSums { undisclosed: 1, ..none };
    let all = [
        total("bio-maroc", "MAD", bio),
        total("fairtrade", "", hidden),
        total("fairtrade", "EUR", eur),
        total("fairtrade", "MAD", mad),
    ];
    assert_eq!(goods.totals(&PricesOf::All), all);
    assert_eq!(goods.totals(&PricesOf::Seller(slug("coop"))), all);
    // What one side alone says is none of what was paid.
    assert_eq!(mad.paid(), sum(3, 2_200_001, 257_501));
    // Who bought abroad is nobody of the ledger.
    let mut bought = all.clone();
    bought[3].sums.audited = PriceSum::default();
    assert_eq!(goods.totals(&PricesOf::Buyer(slug("souk"))), bought);
    for nobody in [PricesOf::Buyer(slug("coop")), PricesOf::Seller(slug("souk"))] {
        assert_eq!(goods.totals(&nobody), []);
    }
    // A page goes on behind a group.
    let after = goods.world.register.price_totals(&PricesOf::All, Some(&all[1].group));
    assert_eq!(after.collect::<Vec<_>>(), all[2..]);
}

/// Money in a circle: what both signed is disputed, for as long as the other leg stands.
#[test]
fn what_is_stated_both_ways_stands_apart_until_one_way_is_undone() {
    let (mut goods, _) = told();
    let before = goods.totals(&PricesOf::All);
    goods.ship("souk", "coop", &[("coop/K", 5_000)]).unwrap();
    let back = goods.last("souk");
    goods.receive("coop", &back, &[("coop/K", 5_000, 0, 0)]).unwrap();
    let claim = PricePaid { terms: open("MAD", 7, 0), ..price(&goods, &back, "coop", 2_000) };
    let first = goods.stated(&claim);
    let second = goods.stated(&PricePaid { terms: open("MAD", 8, 0), ..claim });
    let mad = goods.alone("MAD");
    assert_eq!((mad.confirmed, mad.disputed), (sum(0, 0, 0), sum(1, 99, 0)), "bio");
    let all = goods.totals(&PricesOf::All);
    let fair =
        all.iter().find(|one| *one.group.scheme == *"fairtrade" && *one.group.currency == *"MAD");
    let fair = fair.unwrap().sums;
    assert_eq!((fair.confirmed, fair.disputed), (sum(0, 0, 0), sum(2, 1_500_001, 187_501)));
    assert_eq!(fair.audited, sum(1, 700_000, 70_000), "another buyer's");
    assert_eq!(fair.one_sided, sum(3, 300_015, 45_000), "with both legs back");
    goods.undo_said("souk", first).unwrap();
    assert_eq!(goods.alone("EUR").disputed, sum(1, 40_000, 5_000), "one leg is left");
    goods.undo_said("souk", second).unwrap();
    assert_eq!(goods.totals(&PricesOf::All), before);
}

#[test]
fn a_mistyped_price_is_undone_by_its_seller_and_stated_anew() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 100_000);
    let wrong = PricePaid { terms: open("MAD", 12_500_000, 1_875_000), ..claim.clone() };
    let stated = goods.stated(&wrong);
    for who in ["souk", "rival", "atlas", "inspection"] {
        assert_eq!(code(goods.undo_said(who, stated)), "not_authorised", "{who}");
    }
    assert_eq!(code(goods.pay("coop", &claim)), "price_exceeded", "all of it has a price");
    let by = goods.undo_said("coop", stated).unwrap();
    assert_eq!(goods.world.register.price_of(&key("coop/K")), Price::None);
    assert_eq!(goods.totals(&PricesOf::All), []);
    let record = goods.world.register.price_said_in(stated).unwrap().0;
    assert_eq!(record.voided.map(|mark| mark.index), Some(by), "it is told that it was said");
    // Said once more it does nothing, under whatever name; nor is what is undone borne out.
    assert_eq!(code(goods.undo_said("coop", stated)), "status_order");
    assert_eq!(code(goods.undo_said("registrar", stated)), "status_order");
    assert_eq!(code(goods.confirm("souk", &wrong, stated)), "price_unbound");
    let name = name(goods.next);
    let again = EventKind::Void(Undoing {
        of: Undone::Price(goods.id_at(stated)),
        reason: UndoReason::DidNotOccur,
        replaced_by: None,
    });
    let again = goods.event(name, again);
    assert_eq!(code(goods.say("registrar", |draft| again.draft(draft))), "status_order");
    let right = goods.stated(&claim);
    goods.confirm("souk", &claim, right).unwrap();
    assert!(matches!(goods.world.register.price_of(&key("coop/K")), Price::Confirmed(_)));
}

/// A void's name stands for it, as any event's.
#[test]
fn an_undoing_has_its_name_and_undoes_nothing_else() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 1_000);
    let stated = goods.stated(&claim);
    goods.undo_said("coop", stated).unwrap();
    let name = name(goods.next);
    let what = Outgoing { channel: Channel::Retail, lots: lines(&[("coop/K", 1)]) };
    let other = goods.event(name, EventKind::Out(what));
    assert_eq!(code(goods.say("coop", |draft| other.draft(draft))), "event_exists");
    // No registration, key or agreement is undone as a price.
    for index in [0, 1, 5] {
        assert_eq!(code(goods.undo_said("registrar", index)), "price_unbound", "{index}");
    }
}

/// The buyer bears the premium out, the jars are sold with it, then it goes back on its word: that
/// shows, by whom and when, nothing is told as paid any more, and it cannot turn again.
#[test]
fn a_buyer_who_takes_its_word_back_leaves_a_dispute_and_never_silence() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 100_000);
    let stated = goods.stated(&claim);
    let confirmed = goods.confirm("souk", &claim, stated).unwrap();
    let refused = goods.undo_said("coop", stated).unwrap_err();
    assert_eq!(refused.code(), "cannot_void");
    assert!(refused.to_string().contains(&format!("entry {confirmed}")), "{refused}");
    assert_eq!(code(goods.undo_said("registrar", stated)), "cannot_void");
    for who in ["coop", "rival", "atlas"] {
        assert_eq!(code(goods.undo_said(who, confirmed)), "not_authorised", "{who}");
    }
    let by = goods.undo_said("souk", confirmed).unwrap();
    let Price::OneSided(told) = goods.world.register.price_of(&key("coop/K")) else {
        panic!("never as paid")
    };
    let back = told.taken_back.unwrap();
    assert_eq!((back.by, back.mark.index, told.confirmed), (slug("souk"), by, None));
    let sums = goods.alone("MAD");
    assert_eq!((sums.disputed, sums.paid()), (sum(1, 1_250_000, 187_500), sum(0, 0, 0)));
    assert_eq!(code(goods.confirm("souk", &claim, stated)), "status_order");
    assert_eq!(code(goods.undo_said("souk", confirmed)), "status_order");
    // Seller and buyer say it anew, or the seller lets it go.
    goods.undo_said("coop", stated).unwrap();
    assert_eq!(goods.totals(&PricesOf::All), []);
    let right = PricePaid { terms: open("MAD", 1_250_000, 0), ..claim };
    let stated = goods.stated(&right);
    goods.confirm("souk", &right, stated).unwrap();
    assert_eq!(goods.alone("MAD").confirmed, sum(1, 1_250_000, 0));
}

#[test]
fn after_45_days_the_authority_alone_undoes_a_price() {
    let (mut goods, ship) = sold();
    let claim = price(&goods, &ship, "souk", 50_000);
    let stated = goods.stated(&claim);
    goods.later(30 * DAY);
    let confirmed = goods.confirm("souk", &claim, stated).unwrap();
    goods.later(15 * DAY + 1);
    // Each word has its own time: the buyer's still runs, and then it does not.
    assert_eq!(code(goods.undo_said("coop", stated)), "cannot_void");
    goods.later(30 * DAY);
    let refused = goods.undo_said("souk", confirmed).unwrap_err();
    assert_eq!((refused.code(), refused.is_conflict()), ("void_late", true), "{refused}");
    goods.undo_said("registrar", confirmed).unwrap();
    assert_eq!(code(goods.undo_said("coop", stated)), "void_late");
    goods.undo_said("registrar", stated).unwrap();
    assert_eq!(goods.totals(&PricesOf::All), []);
}
