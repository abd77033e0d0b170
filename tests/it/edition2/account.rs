//! What was accepted, booked a second time: statements become acts of the plain model that the
//! figures are tested against (`src/trace/tests`), which has its own arithmetic and shares nothing
//! with the register but the words of statements. Not here: what is refused, and cover.

use tasdiq::names::UnitKey;
use tasdiq::trace::{
    Act, Answer, Book, Cause, Channel as Way2, Declaration, Destination, Draw, EventHandle, Holder,
    LotHandle, Material, MaterialRule, Opening, Part, Purpose, Quantity, Rate, Ratio as Ceiling,
    Recipe as Making, RecipeId, Settled as How, Settlement as Line, Unit, Way,
};

use super::*;
use model::{Model, Pot};

#[path = "../../../src/trace/tests/model.rs"]
mod model;
#[path = "../../../src/trace/tests/model_book.rs"]
mod model_book;
#[path = "../../../src/trace/tests/model_goods.rs"]
mod model_goods;
#[path = "../../../src/trace/tests/model_reclaim.rs"]
mod model_reclaim;
#[path = "../../../src/trace/tests/model_trade.rs"]
mod model_trade;

/// The plain model, and what it calls things.
#[derive(Clone, Default)]
pub(super) struct Account {
    model: Model,
    numbers: BTreeMap<String, u32>,
    lots: Vec<LotKey>,
    events: BTreeMap<EventId, EventHandle>,
    /// In whose name something under a mandate is.
    given: BTreeMap<String, String>,
    /// Who let whom act that sent the goods to itself: it takes them back though they came.
    to_itself: BTreeMap<EventId, String>,
}

fn quantity(of: u64) -> Quantity {
    Quantity::new(of).unwrap()
}

impl Account {
    fn number(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap();
        *self.numbers.entry(name.to_owned()).or_insert(next)
    }

    fn lot(&self, lot: &LotKey) -> LotHandle {
        let place = self.lots.iter().position(|one| one == lot).unwrap();
        LotHandle(u32::try_from(place).unwrap())
    }

    fn parts(&self, lines: &[LotLine]) -> Vec<Part> {
        let part =
            |line: &LotLine| Part { lot: self.lot(&line.lot), quantity: quantity(line.quantity) };
        lines.iter().map(part).collect()
    }

    fn units(&mut self, units: &[UnitKey]) -> Vec<Unit> {
        units.iter().map(|unit| Unit(self.number(&unit.path()))).collect()
    }

    /// Books a statement that the register took.
    pub(super) fn book(&mut self, statement: &Statement, at: Timestamp) -> Result<(), String> {
        let issuer = statement.issuer.as_str().to_owned();
        let (act, whose, happened) = match &statement.claim {
            Claim::Rulebook(rules) => (Act::Book(self.rules(&rules.goods)), issuer, at),
            Claim::Mandate(mandate) => {
                self.given.insert(statement.id.clone(), mandate.party.to_string());
                return Ok(());
            }
            Claim::Lot(lot) => {
                let whose = self.whose(lot.facts.mandate.as_deref(), issuer);
                (self.declared(lot, &whose), whose, at)
            }
            Claim::Event(event) => {
                let whose = self.whose(event.mandate.as_deref(), issuer);
                (self.act(event, &whose), whose, event.at)
            }
            _ => return Ok(()),
        };
        let issuer = Holder(self.number(&whose));
        let (at, logged_at) = (happened.seconds(), at.seconds());
        let what = tasdiq::trace::Event { at, logged_at, issuer, act };
        let before = self.model.events.len();
        let booked = self.model.apply(&what);
        booked.map_err(|codes| format!("{what:?} was taken, but: {codes:?}"))?;
        if let (Claim::Event(event), true) = (&statement.claim, self.model.events.len() > before) {
            let id = EventId { issuer: statement.issuer.clone(), name: event.name };
            let itself = matches!(&event.kind, EventKind::Ship(what)
                if what.to == Receiver::Party(statement.issuer.clone()));
            if event.mandate.is_some() && itself {
                self.to_itself.insert(id.clone(), whose);
            }
            self.events.insert(id, EventHandle(u32::try_from(before).unwrap()));
        }
        Ok(())
    }

    fn whose(&self, mandate: Option<&str>, issuer: String) -> String {
        mandate.map_or(issuer, |id| self.given[id].clone())
    }

    fn rules(&mut self, goods: &GoodsRules) -> Book {
        let mut ratio = |ratio: &Ratio| {
            let ceiling = Ceiling { n: ratio.ceiling.n(), d: ratio.ceiling.d() };
            let (from, to) = (self.number(&ratio.from), self.number(&ratio.to));
            let (from, to) = (Material(from), Material(to));
            Rate { from, to, ceiling, warn: Rate::NO_RATIO }
        };
        let rates: Vec<Vec<Rate>> =
            goods.recipes.iter().map(|one| one.ratios.iter().map(&mut ratio).collect()).collect();
        let mut recipes = Vec::new();
        for (one, rates) in goods.recipes.iter().zip(rates) {
            let mut all = |names: &Vec<String>| -> Vec<Material> {
                names.iter().map(|name| Material(self.number(name))).collect()
            };
            let shares = one.shares.iter().map(&mut all).collect();
            let minor = all(&one.minor);
            recipes.push(Making { id: RecipeId(self.number(&one.id)), rates, shares, minor });
        }
        let mut materials = Vec::new();
        for one in &goods.tolerances {
            let material = Material(self.number(&one.material));
            let tolerance = u16::try_from(one.per_mille).unwrap();
            materials.push(MaterialRule { material, tolerance, keeps: 0, declare_within: 0 });
        }
        Book { version: 1, recipes, chains: vec![], materials, covered: vec![] }
    }

    /// Fruit, and what says that it was harvested, opens full; of the rest of these tests nothing.
    fn declared(&mut self, claim: &LotDeclaration, producer: &str) -> Act {
        let harvested = claim.facts.origin == Some(LotOrigin::Primary);
        let full = harvested || &*claim.facts.product == "argan-fruit";
        self.lots.push(claim.lot.clone());
        Act::Declare(Declaration {
            material: Material(self.number(&claim.facts.product)),
            producer: Holder(self.number(producer)),
            quantity: quantity(claim.facts.quantity),
            opening: if full { Opening::Primary } else { Opening::Derived },
            harvested: None,
        })
    }

    fn act(&mut self, event: &Event, issuer: &str) -> Act {
        match &event.kind {
            EventKind::Transform(what) => {
                let draw = |part: Part| {
                    let (lot, quantity) = (part.lot, part.quantity);
                    Draw { lot, quantity, covers: vec![], certified: None }
                };
                let draws = self.parts(&what.inputs).into_iter().map(draw).collect();
                let way = match what.recipe.as_str() {
                    "group" => Way::Group,
                    "split" => Way::Split,
                    "pack-off" => Way::PackOff,
                    other => Way::Book(RecipeId(self.number(other))),
                };
                Act::Transform { way, draws, fills: self.parts(&what.outputs) }
            }
            EventKind::Ship(what) => Act::Ship {
                to: match &what.to {
                    Receiver::Party(to) => Destination::Holder(Holder(self.number(to.as_str()))),
                    Receiver::Elsewhere { .. } => Destination::Commitment,
                },
                parts: self.parts(&what.lots),
                units: self.units(&what.units),
                purpose: match what.purpose {
                    ShipPurpose::Processing => Purpose::Processing,
                    ShipPurpose::RecallReturn => Purpose::RecallReturn,
                    _ => Purpose::Sale,
                },
            },
            EventKind::Receive(what) => {
                let answer = |it: &Received| Answer {
                    lot: self.lot(&it.lot),
                    accepted: it.accepted,
                    refused: it.refused,
                    missing: it.missing,
                };
                let answers = what.lots.iter().map(answer).collect();
                Act::Receive { of: self.events[&what.of], answers }
            }
            EventKind::Settle(what) => Act::Settle {
                of: self.events[&what.of],
                lines: what.lots.iter().map(|it| self.settled(it)).collect(),
                third: false,
            },
            EventKind::Pack(what) => Act::Pack {
                unit: self.units(std::slice::from_ref(&what.unit))[0],
                parts: self.parts(&what.lots),
                units: self.units(&what.units),
            },
            EventKind::Unpack(what) => Act::Unpack {
                unit: self.units(std::slice::from_ref(&what.unit))[0],
                parts: self.parts(&what.lots),
                units: self.units(&what.units),
            },
            _ => self.act_that_ends(event, issuer),
        }
    }

    fn act_that_ends(&mut self, event: &Event, issuer: &str) -> Act {
        match &event.kind {
            EventKind::Out(what) => {
                Act::Out { channel: Way2::Retail, parts: self.parts(&what.lots) }
            }
            EventKind::Loss(what) => {
                Act::Loss { cause: Cause::Other, parts: self.parts(&what.lots) }
            }
            EventKind::Sample(what) => {
                let holder = what.holder.as_ref().map_or(issuer, |holder| holder.as_str());
                let holder = Holder(self.number(holder));
                Act::Sample { holder, parts: self.parts(&what.lots) }
            }
            EventKind::Destroy(what) => {
                let (parts, from_out) = (self.parts(&what.lots), what.from_out);
                Act::Destroy { cause: Cause::Other, parts, from_out }
            }
            EventKind::Observe(what) => {
                let lots = what.lots.iter().map(|lot| self.lot(lot)).collect();
                Act::Observe { lots, seen: None }
            }
            EventKind::Void(what) => match &what.of {
                Undone::Event(of) if self.to_itself.get(of).is_some_and(|it| it == issuer) => {
                    Act::Reclaim { of: self.events[of] }
                }
                Undone::Event(of) => Act::Void { of: self.events[of] },
                Undone::Declaration(lot) => Act::Undeclare { lot: self.lot(lot) },
                Undone::Change(of) | Undone::Price(of) => unreachable!("nobody here undoes {of}"),
            },
            other => unreachable!("{other:?}"),
        }
    }

    fn settled(&self, one: &SettledLot) -> Line {
        let how = match one.settled {
            Settled::Lost => How::Lost,
            Settled::Returned => How::Returned,
            Settled::Accepted => How::Accepted,
        };
        Line { lot: self.lot(&one.line.lot), quantity: quantity(one.line.quantity), how }
    }

    /// Whether the register has every lot as it is here.
    pub(super) fn same(&self, world: &World) -> Result<(), String> {
        let (register, model) = (&world.register, &self.model);
        for key in &self.lots {
            let (lot, handle) = (self.lot(key), register.lot_handle(key).unwrap());
            let told = register.trace().balance(handle).unwrap();
            let sum = |which: &dyn Fn(Pot) -> bool| model.sum(lot, which);
            let pairs = [
                ("filled", told.filled, model.filled(lot)),
                ("free", told.free, sum(&|pot| matches!(pot, Pot::Free(_)))),
                ("packed", told.packed, sum(&|pot| matches!(pot, Pot::In(_)))),
                (
                    "in transit",
                    told.in_transit,
                    sum(&|pot| matches!(pot, Pot::Transit(_) | Pot::Back(_))),
                ),
                ("disputed", told.disputed, sum(&|pot| matches!(pot, Pot::Dispute(_)))),
                ("consumed", told.consumed, model.pot(lot, Pot::Consumed)),
                ("gone", told.gone, sum(&|pot| matches!(pot, Pot::Gone(_)))),
                ("lost", told.lost, model.pot(lot, Pot::Lost)),
                ("sampled", told.sampled, model.pot(lot, Pot::Sampled)),
                ("destroyed", told.destroyed, model.pot(lot, Pot::Destroyed)),
                ("recovered", told.recovered, sum(&|pot| matches!(pot, Pot::Recovered(_)))),
            ];
            for (what, told, expected) in pairs {
                if i128::from(told) != expected {
                    return Err(format!("{what} of {key}: {told}, expected {expected}"));
                }
            }
            for (name, number) in &self.numbers {
                let Ok(party) = tasdiq::names::PartySlug::parse(name) else { continue };
                let Some(holder) = register.holder(&party) else { continue };
                let free = register.trace().holding(handle, holder).free;
                let expected = model.pot(lot, Pot::Free(Holder(*number)));
                if i128::from(free) != expected {
                    return Err(format!("{name} has {free} of {key}, expected {expected}"));
                }
            }
        }
        Ok(())
    }
}
