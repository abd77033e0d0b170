//! Abuses of events, of mandates and of declarations.

use super::goods::{Goods, key, lines};
use super::money::sold;
use super::row::Row;
use super::world::slug;
use crate::names::{LotNumber, UnitKey};
use crate::register::Refusal;
use crate::statement::*;

const DAY: i64 = 86_400;

pub(super) const ROWS: [Row; 26] = [
    ("event_later", "what will be undone is undone", "future", || {
        let (mut goods, claim) = sold();
        goods.pay("coop", &claim)?;
        let (of, reason) = (Undone::Price(goods.confirms(0).unwrap()), UndoReason::DidNotOccur);
        let name = goods.next_name();
        let event = goods.event(name, EventKind::Void(Undoing { of, reason, replaced_by: None }));
        let event = Event { at: event.at.plus_seconds(DAY), ..event };
        goods.say("coop", |draft| event.draft(draft))
    }),
    ("packed_before_filled", "oil packed before it was pressed", "event_time", || {
        let mut goods = stocked();
        goods.declared(&[("H", "argane", 10_000)]);
        goods.later(2 * DAY);
        goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/H", 10_000)])
    }),
    ("receiver_role", "goods sent to a certifier", "not_receiver", || {
        stocked().ship("coop", "atlas", &[("coop/K", 1)])
    }),
    ("finds_nothing", "a producer's own finding", "not_authorised", || {
        stocked().look("coop", Some(Finding::Conformant))
    }),
    ("looks_at_own", "a rival looks into the store", "not_holder", || {
        stocked().look("rival", None)
    }),
    ("acts_in_scope", "a certifier of other goods looks", "not_authorised", || {
        let mut goods = stocked();
        goods.world.join(Role::Certifier, "rif", 12);
        goods.look("rif", Some(Finding::Conformant))
    }),
    ("unit_owner", "goods packed into a rival's unit", "sscc_owner", || {
        let unit = UnitKey::Own(slug("souk"), LotNumber::parse("BOX").unwrap());
        let (lots, units) = (lines(&[("coop/K", 1)]), vec![]);
        stocked().event_as("coop", EventKind::Pack(Packing { unit, lots, units }))
    }),
    ("void_late", "a sale that never was, months later", "void_late", || {
        let mut goods = stocked();
        goods.ship("coop", "souk", &[("coop/K", 1)])?;
        let ship = goods.last("coop");
        goods.later(46 * DAY);
        goods.undo("coop", Undone::Event(ship))
    }),
    ("receipt_priced", "a receipt undone that was paid for", "cannot_void", || {
        let (mut goods, claim) = sold();
        let receipt = goods.last("souk");
        goods.paid(&claim);
        goods.undo("souk", Undone::Event(receipt))
    }),
    ("saw_what_it_names", "the destruction of what nobody looked at", "not_authorised", || {
        let mut goods = stocked();
        goods.kernels("coop/L", 1_000);
        let (cause, lots) = (DestructionCause::Expired, lines(&[("coop/K", 1_000)]));
        goods.event_as("coop", EventKind::Destroy(Destruction { cause, lots, from_out: false }))?;
        let (of, lots) = (Some(goods.last("coop")), vec![key("coop/L")]);
        let (step, result) = (ObservedStep::Destroying, None);
        goods.event_as("inspection", EventKind::Observe(Observation { step, lots, result, of }))
    }),
    ("undoing_hides", "recalled oil is pressed anew under another name", "lot_recalled", || {
        let mut goods = stocked();
        goods.declared(&[("H", "argane", 10_000)]);
        goods.make("argan-press", &[("coop/K", 20_000)], &[("coop/H", 10_000)])?;
        let press = goods.last("coop");
        goods.change("registrar", "coop/H", StatusAction::Recall)?;
        goods.undo("coop", Undone::Event(press))
    }),
    ("undoing_hides", "a harvest that is held was never there", "lot_held", || {
        let mut goods = stocked();
        goods.change("registrar", "coop/K", StatusAction::Hold)?;
        goods.undo("coop", Undone::Declaration(key("coop/K")))
    }),
    ("receipt_recalled", "a shop never had what is recalled", "lot_recalled", || {
        let mut goods = stocked();
        goods.ship("coop", "souk", &[("coop/K", 1_000)])?;
        let ship = goods.last("coop");
        goods.receive("souk", &ship, &[("coop/K", 1_000, 0, 0)])?;
        let receipt = goods.last("souk");
        goods.change("coop", "coop/K", StatusAction::Recall)?;
        goods.undo("souk", Undone::Event(receipt))
    }),
    ("mandate_role", "a certifier acts for its client", "mismatch", || {
        let mut goods = stocked();
        let claim = mandate("atlas", MandatedAct::Ship, "2027-09-01");
        goods.say("coop", |draft| claim.draft(draft))
    }),
    ("mandate_months", "a mandate dated ahead to last longer", "future", || {
        let mut goods = stocked();
        let claim = mandate("moulin", MandatedAct::Ship, "2028-02-01");
        let valid_from = Timestamp::parse("2027-02-01T00:00:00Z").unwrap();
        goods.say("coop", |draft| claim.draft(&Draft { valid_from, ..draft.clone() }))
    }),
    ("mandate_to", "another acts under it", "not_mandated", || {
        let mut goods = stocked();
        let id = goods.let_act("rival", MandatedAct::Ship, "2027-09-01");
        goods.ship_under("moulin", id)
    }),
    ("mandate_acts", "goods shipped by who may only receive", "not_mandated", || {
        let mut goods = stocked();
        let id = goods.let_act("moulin", MandatedAct::Receive, "2027-09-01");
        goods.ship_under("moulin", id)
    }),
    ("mandate_days", "goods shipped after its last day", "not_mandated", || {
        let mut goods = stocked();
        let id = goods.let_act("moulin", MandatedAct::Ship, "2026-09-20");
        goods.later(20 * DAY);
        goods.ship_under("moulin", id)
    }),
    ("opens_full", "a mill declares a harvest", "mismatch", || {
        let claim = kernels(&Goods::new(), "moulin");
        Goods::new().say("moulin", |draft| claim.draft(draft))
    }),
    ("campaign_fits", "oil of a campaign long over", "campaign_day", || {
        let goods = Goods::new();
        let mut claim = goods.lot("coop", "H", "argane", 1_000);
        claim.facts.campaign = "2020".into();
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("lot_address", "a lot under a rival's name", "mismatch", || {
        let claim = LotDeclaration { lot: key("rival/K"), ..kernels(&Goods::new(), "coop") };
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("lot_unit", "kernels counted in millilitres", "unit_mismatch", || {
        let mut claim = kernels(&Goods::new(), "coop");
        claim.facts.unit = "MLT".into();
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("packed_later", "a harvest of tomorrow", "future", || {
        let mut claim = kernels(&Goods::new(), "coop");
        claim.packed_on = Day::parse("2026-09-20").unwrap();
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("lot_hs_code", "another customs code", "fact_differs", || {
        let claim = LotDeclaration { hs_code: "151590".into(), ..kernels(&Goods::new(), "coop") };
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("pack_size", "jars of one millilitre", "pack_size", || {
        let mut claim = Goods::new().lot("coop", "H", "argane", 1_000);
        claim.facts.pack_size = 1;
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
    ("campaign_of_harvest", "last year's unused capacity", "campaign_day", || {
        let mut claim = kernels(&Goods::new(), "coop");
        claim.facts.campaign = "2025".into();
        Goods::new().say("coop", |draft| claim.draft(draft))
    }),
];

/// 100 kg of kernels K of `coop`.
fn stocked() -> Goods {
    let mut goods = Goods::new();
    goods.kernels("coop/K", 100_000);
    goods
}

/// A harvest lot of kernels.
fn kernels(goods: &Goods, who: &str) -> LotDeclaration {
    let mut claim = goods.lot(who, "K", "argan-kernels", 1_000);
    claim.facts.origin = Some(LotOrigin::Primary);
    claim
}

fn mandate(to: &str, act: MandatedAct, until: &str) -> Mandate {
    let until = Day::parse(until).unwrap();
    Mandate { party: slug("coop"), to: slug(to), acts: [act].into(), until }
}

impl Goods {
    fn look(&mut self, who: &str, result: Option<Finding>) -> Result<u64, Refusal> {
        let (step, lots) = (ObservedStep::Inspecting, vec![key("coop/K")]);
        self.event_as(who, EventKind::Observe(Observation { step, lots, result, of: None }))
    }

    fn let_act(&mut self, to: &str, act: MandatedAct, until: &str) -> Option<String> {
        let claim = mandate(to, act, until);
        self.say("coop", |draft| claim.draft(draft)).unwrap();
        self.confirms(0)
    }

    fn ship_under(&mut self, who: &str, mandate: Option<String>) -> Result<u64, Refusal> {
        let what = Shipment {
            to: Receiver::Party(slug("souk")),
            purpose: ShipPurpose::Sale,
            lots: lines(&[("coop/K", 1)]),
            units: vec![],
            carrier: None,
            returns: None,
        };
        let name = self.next_name();
        let event = Event { mandate, ..self.event(name, EventKind::Ship(what)) };
        self.say(who, |draft| event.draft(draft))
    }
}
