//! Abuses of prices and of extracts of certificates.

use super::goods::{Goods, key, lines};
use super::row::Row;
use super::world::slug;
use crate::register::Refusal;
use crate::statement::*;

const DAY: i64 = 86_400;

pub(super) const ROWS: [Row; 20] = [
    ("price_currency", "a price in what nobody pays with", "unknown_term", || {
        let (mut goods, claim) = sold();
        goods.raised();
        let terms = PriceTerms::Open { currency: "QQQ".into(), amount: 1, premium: 0 };
        goods.pay("coop", &PricePaid { terms, ..claim })
    }),
    ("paid_later", "a price that will be paid", "future", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &PricePaid { paid_on: Day::parse("2026-12-01").unwrap(), ..claim })
    }),
    ("price_confirmed_once", "one payment confirmed twice", "status_order", || {
        let (mut goods, claim) = sold();
        goods.paid(&claim);
        goods.later(1);
        goods.pay("souk", &PricePaid { confirms: goods.confirms(1), ..claim })
    }),
    ("word_taken_back", "a word taken back and given again", "status_order", || {
        let (mut goods, claim) = sold();
        goods.paid(&claim);
        goods.undo_said("souk", 0)?;
        goods.pay("souk", &PricePaid { confirms: goods.confirms(2), ..claim })
    }),
    ("price_of_sale", "a price of goods that were only moved", "price_unbound", || {
        let (mut goods, claim) = sold();
        let ship = goods.sent("coop", "souk", ShipPurpose::Transfer);
        goods.pay("coop", &PricePaid { ship, ..claim })
    }),
    ("price_by_shipper", "a price on a rival's sale", "price_unbound", || {
        let (mut goods, claim) = sold();
        goods.pay("rival", &PricePaid { seller: slug("rival"), ..claim })
    }),
    ("price_to_receiver", "a friend named as buyer", "price_unbound", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &PricePaid { buyer: Receiver::Party(slug("rival")), ..claim })
    }),
    ("price_exceeded", "more was paid for than was taken over", "price_exceeded", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &PricePaid { quantity: 100_001, ..claim })
    }),
    ("price_confirmer", "a certifier's word for a buyer who can speak", "not_authorised", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &claim)?;
        goods.pay("atlas", &PricePaid { confirms: goods.confirms(0), ..claim })
    }),
    ("price_auditor_scope", "audited by who knows nothing of it", "out_of_scope", || {
        let (mut goods, claim) = sold();
        goods.world.join(Role::Certifier, "rif", 12);
        let (ship, buyer) = goods.abroad("coop/K", 40_000);
        let claim = PricePaid { ship, buyer, quantity: 40_000, ..claim };
        goods.pay("coop", &claim)?;
        goods.pay("rif", &PricePaid { confirms: goods.confirms(0), ..claim })
    }),
    ("price_rests", "a seller takes back what the buyer confirmed", "cannot_void", || {
        let (mut goods, claim) = sold();
        goods.paid(&claim);
        goods.undo_said("coop", 1)
    }),
    ("price_void_late", "a word taken back after the jars are sold", "void_late", || {
        let (mut goods, claim) = sold();
        goods.paid(&claim);
        goods.later(46 * DAY);
        goods.undo_said("souk", 0)
    }),
    ("terms_differ", "a buyer who says another price", "terms_differ", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &claim)?;
        let terms = PriceTerms::Open { currency: "MAD".into(), amount: 1, premium: 0 };
        goods.pay("souk", &PricePaid { confirms: goods.confirms(0), terms, ..claim })
    }),
    ("extract_of_its_lot", "one lot's certificate goes with another", "mismatch", || {
        let mut goods = certified();
        let (consignment, _) = goods.abroad("coop/K", 1_000);
        let claim =
            CertificateExtract { certificate: 1, consignment, lot: key("coop/K"), quantity: 1 };
        goods.say("coop", |draft| claim.draft(draft))
    }),
    ("extract_late", "paper for what left long ago", "extract_refused", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 1_000);
        goods.later(31 * DAY);
        goods.extract(&of, 1)
    }),
    ("extract_in_force", "paper of a suspended certificate", "extract_refused", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 1_000);
        let target = StatusTarget::Certificate(1);
        goods.world.status(target, StatusAction::Suspend, "atlas#key-1", 10)?;
        goods.extract(&of, 1)
    }),
    ("extract_held", "paper for what is held", "lot_held", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 1_000);
        goods.change("registrar", "coop/K", StatusAction::Hold)?;
        goods.extract(&of, 1)
    }),
    ("extract_recalled", "paper for what is recalled", "lot_recalled", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 1_000);
        goods.change("registrar", "coop/K", StatusAction::Recall)?;
        goods.extract(&of, 1)
    }),
    ("extract_certified", "more paper than was certified", "extract_exceeded", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 70_000);
        goods.extract(&of, 60_001)
    }),
    ("extract_shipped", "more paper than was shipped", "extract_exceeded", || {
        let mut goods = certified();
        let (of, _) = goods.abroad("coop/H", 20_000);
        goods.extract(&of, 20_001)
    }),
];

/// 100 kg of kernels of `coop` sold to `souk`, and what it would say was paid for 40 kg of them.
pub(super) fn sold() -> (Goods, PricePaid) {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 1_000_000);
    let ship = goods.sent("coop", "souk", ShipPurpose::Sale);
    let claim = PricePaid {
        lot: key("coop/K"),
        ship,
        seller: slug("coop"),
        buyer: Receiver::Party(slug("souk")),
        scheme: "fairtrade".into(),
        quantity: 40_000,
        terms: PriceTerms::Open { currency: "MAD".into(), amount: 1_250_000, premium: 187_500 },
        basis: PriceBasis::ExWorks,
        paid_on: goods.world.now.day(),
        invoice: Commitment::of(&[1; 16], b"invoice"),
        confirms: None,
    };
    (goods, claim)
}

/// 100 L of oil H of which 60 L are certified, certificate 1.
fn certified() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 300_000);
    goods.certify(0, "coop/K", 300_000, "bio-maroc").unwrap();
    goods.declared(&[("H", "argane", 100_000)]);
    goods.make("argan-press", &[("coop/K", 200_000)], &[("coop/H", 100_000)]).unwrap();
    goods.certify(1, "coop/H", 60_000, "bio-maroc").unwrap();
    goods
}

/// Logs from before name whatever three letters they name.
#[test]
fn a_currency_is_asked_for_from_edition_3_on() {
    let (mut goods, claim) = sold();
    let terms = PriceTerms::Open { currency: "QQQ".into(), amount: 1, premium: 0 };
    goods.pay("coop", &PricePaid { terms, ..claim }).unwrap();
    goods.raised();
    assert_eq!(goods.world.register.edition(), 3);
}

impl Goods {
    /// The same rules of goods under edition 3.
    fn raised(&mut self) {
        self.world.register = self.world.register.clone().knowing(3);
        let rules = Rulebook { goods: first_goods_rules().unwrap(), ..Rulebook::plain(3, 3) };
        let unsigned = rules.draft(&self.world.draft("authority"));
        self.world.log(unsigned, "authority#root", 1).unwrap();
    }

    pub(super) fn pay(&mut self, who: &str, claim: &PricePaid) -> Result<u64, Refusal> {
        self.say(who, |draft| claim.draft(draft))
    }

    /// The seller's word and the buyer's.
    pub(super) fn paid(&mut self, claim: &PricePaid) {
        self.pay("coop", claim).unwrap();
        let confirms = self.confirms(0);
        self.pay("souk", &PricePaid { confirms, ..claim.clone() }).unwrap();
    }

    /// The id of the newest entry but so many.
    pub(super) fn confirms(&self, before: usize) -> Option<String> {
        let bytes = self.world.leaves.iter().rev().nth(before).unwrap();
        let statement = Statement::parse(bytes, &self.world.domain).unwrap();
        Some(statement.id.clone())
    }

    fn undo_said(&mut self, who: &str, before: usize) -> Result<u64, Refusal> {
        let of = Undone::Price(self.confirms(before).unwrap());
        self.undo(who, of)
    }

    /// 100 kg of kernels, sent and taken over.
    pub(super) fn sent(&mut self, who: &str, to: &str, purpose: ShipPurpose) -> EventId {
        self.ship_for(who, to, &[("coop/K", 100_000)], purpose).unwrap();
        let ship = self.last(who);
        self.receive(to, &ship, &[("coop/K", 100_000, 0, 0)]).unwrap();
        ship
    }

    /// To a buyer abroad.
    fn abroad(&mut self, lot: &str, quantity: u64) -> (EventId, Receiver) {
        let commitment = Commitment::of(&[7; 16], b"a buyer");
        let to = Receiver::Elsewhere { commitment, country: "FR".into() };
        let what = Shipment {
            to: to.clone(),
            purpose: ShipPurpose::Sale,
            lots: lines(&[(lot, quantity)]),
            units: vec![],
            carrier: None,
            returns: None,
        };
        self.event_as("coop", EventKind::Ship(what)).unwrap();
        (self.last("coop"), to)
    }

    fn extract(&mut self, of: &EventId, quantity: u64) -> Result<u64, Refusal> {
        let (consignment, lot) = (of.clone(), key("coop/H"));
        let claim = CertificateExtract { certificate: 1, consignment, lot, quantity };
        self.say("coop", |draft| claim.draft(draft))
    }
}
