//! From a statement about goods to the act that the figures take: names become numbers, and what
//! certificates in force say of a lot goes along. Not here: who may do it (`rules_event`).

use std::borrow::Cow;

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::goods_words::Speaker;
use super::names::Names;
use super::refusal::Refusal;
use super::uses::Uses;
use crate::names::{LotKey, PartySlug, UnitKey, Word};
use crate::statement::{
    self, CustodyModel, Event, EventId, EventKind, LotLine, Receiver, ShipPurpose, Timestamp,
    Undone,
};
use crate::trace::{
    Act, Answer, Cause, Channel, Destination, Draw, EventHandle, Holder, LotHandle, Model, Part,
    Purpose, Quantity, RecipeId, SchemeId, Settled, Settlement, Trace, Unit, Way,
};

/// Makes acts of claims. Names that the register does not have yet get their numbers here; whoever
/// folds keeps them.
pub(super) struct Translator<'a> {
    pub register: &'a Register,
    pub names: Names,
    pub now: Timestamp,
    /// What is used of certified volumes, with what is drawn now.
    pub uses: Uses,
}

impl<'a> Translator<'a> {
    pub fn new(register: &'a Register, now: Timestamp) -> Self {
        let uses = register.facts.operators.uses.clone();
        Self { register, names: register.names.clone(), now, uses }
    }

    pub fn holder(&mut self, party: &PartySlug) -> Holder {
        Holder(self.names.of(party.as_str()).0)
    }

    pub fn scheme(&mut self, scheme: &str) -> SchemeId {
        SchemeId(self.names.of(scheme).0)
    }

    fn unit(&mut self, unit: &UnitKey) -> Unit {
        Unit(self.names.of(&unit.path()).0)
    }

    fn units(&mut self, units: &[UnitKey]) -> Vec<Unit> {
        units.iter().map(|unit| self.unit(unit)).collect()
    }

    /// What an event does, said by `issuer`.
    ///
    /// # Errors
    /// A lot or an event that is not there.
    pub fn event(&mut self, claim: &Event, issuer: &PartySlug) -> Result<Act, Refusal> {
        Ok(match &claim.kind {
            EventKind::Transform(what) => Act::Transform {
                way: self.way(&what.recipe),
                draws: self.draws(&what.inputs)?,
                fills: self.parts(&what.outputs)?,
            },
            EventKind::Ship(what) => Act::Ship {
                to: match &what.to {
                    Receiver::Party(party) => Destination::Holder(self.holder(party)),
                    Receiver::Elsewhere { .. } => Destination::Commitment,
                },
                parts: self.parts(&what.lots)?,
                units: self.units(&what.units),
                purpose: purpose(what.purpose),
            },
            EventKind::Receive(what) => self.receive(what)?,
            EventKind::Settle(what) => self.settle(what, issuer)?,
            EventKind::Pack(what) => Act::Pack {
                unit: self.unit(&what.unit),
                parts: self.parts(&what.lots)?,
                units: self.units(&what.units),
            },
            EventKind::Unpack(what) => Act::Unpack {
                unit: self.unit(&what.unit),
                parts: self.parts(&what.lots)?,
                units: self.units(&what.units),
            },
            EventKind::Out(what) => {
                Act::Out { channel: channel(what.channel), parts: self.parts(&what.lots)? }
            }
            EventKind::Loss(what) => {
                Act::Loss { cause: loss_cause(what.cause), parts: self.parts(&what.lots)? }
            }
            EventKind::Sample(what) => Act::Sample {
                holder: self.holder(what.holder.as_ref().unwrap_or(issuer)),
                parts: self.parts(&what.lots)?,
            },
            EventKind::Destroy(what) => Act::Destroy {
                cause: destroy_cause(what.cause),
                parts: self.parts(&what.lots)?,
                from_out: what.from_out,
            },
            EventKind::Observe(what) => {
                let third = !self.register.may_possess(issuer);
                let seen = what.of.as_ref().filter(|_| third).map(|of| self.register.event(of));
                Act::Observe { lots: self.lots(&what.lots)?, seen: seen.transpose()? }
            }
            EventKind::Void(what) => match &what.of {
                Undone::Event(of) => {
                    let of = self.register.event(of)?;
                    match self.register.may_reclaim(of, issuer) {
                        true => Act::Reclaim { of },
                        false => Act::Void { of },
                    }
                }
                Undone::Declaration(lot) => Act::Undeclare { lot: self.register.handle(lot)? },
                // A change of status is no event: it was told apart before.
                Undone::Change(_) | Undone::Price(_) => return Err(GoodsRefusal::EventEmpty.into()),
            },
        })
    }

    fn way(&mut self, recipe: &str) -> Way {
        match recipe {
            "group" => Way::Group,
            "split" => Way::Split,
            "pack-off" => Way::PackOff,
            other => Way::Book(RecipeId(self.names.of(other).0)),
        }
    }

    fn parts(&self, lines: &[LotLine]) -> Result<Vec<Part>, Refusal> {
        let part = |line: &LotLine| {
            Ok(Part { lot: self.register.handle(&line.lot)?, quantity: quantity(line.quantity) })
        };
        lines.iter().map(part).collect()
    }

    fn lots(&self, lots: &[LotKey]) -> Result<Vec<LotHandle>, Refusal> {
        lots.iter().map(|lot| self.register.handle(lot)).collect()
    }

    fn draws(&mut self, lines: &[LotLine]) -> Result<Vec<Draw>, Refusal> {
        let mut draws = Vec::with_capacity(lines.len());
        for line in lines {
            let lot = self.register.handle(&line.lot)?;
            let certified = self.register.certified_in_force(&line.lot, self.now);
            let on_labels = self.register.facts.goods.on_labels.get(&lot.0);
            let least = on_labels.map(|schemes| least(schemes, &certified));
            // The larger of what certificates certify and what those of its producer let count.
            let mut covers = certified;
            for (scheme, quantity) in self.register.let_count(lot, &mut self.uses, self.now) {
                let known = covers.entry(scheme).or_default();
                *known = quantity.max(*known);
            }
            let covers = covers.iter().map(|(scheme, quantity)| (self.scheme(scheme), *quantity));
            let covers = covers.collect();
            draws.push(Draw { lot, quantity: quantity(line.quantity), covers, certified: least });
        }
        Ok(draws)
    }

    fn receive(&self, what: &statement::Arrival) -> Result<Act, Refusal> {
        let answer = |line: &statement::Received| {
            let statement::Received { accepted, refused, missing, .. } = *line;
            Ok(Answer { lot: self.register.handle(&line.lot)?, accepted, refused, missing })
        };
        let answers = what.lots.iter().map(answer).collect::<Result<_, Refusal>>()?;
        Ok(Act::Receive { of: self.register.event(&what.of)?, answers })
    }

    fn settle(&self, what: &statement::Settlement, issuer: &PartySlug) -> Result<Act, Refusal> {
        let line = |one: &statement::SettledLot| {
            let how = match one.settled {
                statement::Settled::Lost => Settled::Lost,
                statement::Settled::Returned => Settled::Returned,
                statement::Settled::Accepted => Settled::Accepted,
            };
            let lot = self.register.handle(&one.line.lot)?;
            Ok(Settlement { lot, quantity: quantity(one.line.quantity), how })
        };
        let lines = what.lots.iter().map(line).collect::<Result<_, Refusal>>()?;
        let third = !self.register.may_possess(issuer);
        Ok(Act::Settle { of: self.register.event(&what.of)?, lines, third })
    }
}

impl Register {
    /// The number that a lot has in the figures.
    pub(super) fn handle(&self, lot: &LotKey) -> Result<LotHandle, Refusal> {
        let place = self.lots.place(lot).map(LotHandle);
        place.ok_or_else(|| {
            let why = "; the cooperative must declare it first".to_owned();
            GoodsRefusal::LotUnknown { lot: lot.to_string(), why }.into()
        })
    }

    /// The number that an event has in the figures.
    pub(super) fn event(&self, id: &EventId) -> Result<EventHandle, Refusal> {
        let index = self.ids.index_of(&self.domain.event_iri(id));
        let event = index.and_then(|index| self.goods.event_at(index));
        event.ok_or_else(|| {
            let event = format!("event {id}");
            let state = "is not in the log".to_owned();
            GoodsRefusal::ShipmentState { event, state }.into()
        })
    }

    /// The figures as they are at an instant: holds that have ended by then hold nothing.
    pub(super) fn trace_at(&self, now: Timestamp) -> Cow<'_, Trace> {
        let due = || self.facts.goods.due.iter().take_while(|(at, _)| *at <= now);
        let Some((last, _)) = due().last() else { return Cow::Borrowed(&self.goods.trace) };
        // Until the next entry brings the figures there, every reader asks for the same.
        Cow::Owned(self.goods.ended.at((self.size(), *last), || {
            let mut trace = self.goods.trace.clone();
            let told = |place: u32| (LotHandle(place), self.own_status(place, now));
            // All at once: what others inherit is made anew for all of them together.
            trace.tell_all(due().map(|(_, place)| told(*place)));
            trace
        }))
    }

    /// What is said of a lot itself at an instant.
    fn own_status(&self, place: u32, now: Timestamp) -> crate::trace::Status {
        use crate::register::LotStatus;
        use crate::trace::Status;
        let changed = self.lots.changed(place);
        let events = changed.map_or(&[][..], |changed| changed.events.as_slice());
        match super::lot_status(events, now) {
            LotStatus::Recalled => Status::Recalled,
            LotStatus::Held => Status::Held,
            _ => Status::Released,
        }
    }

    /// Tells the figures what is said of a lot itself at an instant.
    pub(super) fn tell_status(&self, trace: &mut Trace, place: u32, now: Timestamp) {
        let (lot, status) = (LotHandle(place), self.own_status(place, now));
        if trace.own_status(lot) == status {
            return;
        }
        let act = Act::Status { lot, status };
        // A lot that is there can be told.
        let _told = trace.apply(&said(act, now));
    }

    pub(super) fn speaker<'a>(&'a self, names: &'a Names) -> Speaker<'a> {
        Speaker { register: self, names }
    }
}

/// An act that is no event, as of an instant.
pub(super) fn said(act: Act, now: Timestamp) -> crate::trace::Event {
    let (at, logged_at) = (now.seconds(), now.seconds());
    crate::trace::Event { at, logged_at, issuer: Holder(0), act }
}

/// The least that is certified under any of some schemes.
pub(super) fn least(schemes: &[Word], certified: &std::collections::BTreeMap<Word, u64>) -> u64 {
    let under = |scheme| certified.get(scheme).copied().unwrap_or_default();
    schemes.iter().map(under).min().unwrap_or(u64::MAX)
}

/// Quantities of statements are 1 to 2^53 - 1.
pub(super) fn quantity(quantity: u64) -> Quantity {
    let least = Quantity::ONE;
    Quantity::new(quantity.min(crate::trace::QUANTITY_MAX)).unwrap_or(least)
}

pub(super) fn model(claimed: CustodyModel) -> Model {
    match claimed {
        CustodyModel::IdentityPreserved => Model::IdentityPreserved,
        CustodyModel::Segregated => Model::Segregated,
        CustodyModel::ControlledBlending => Model::ControlledBlending,
        CustodyModel::MassBalance => Model::MassBalance,
    }
}

fn purpose(told: ShipPurpose) -> Purpose {
    match told {
        ShipPurpose::Sale => Purpose::Sale,
        ShipPurpose::Transfer => Purpose::Transfer,
        ShipPurpose::Processing => Purpose::Processing,
        ShipPurpose::Return => Purpose::Return,
        ShipPurpose::RecallReturn => Purpose::RecallReturn,
    }
}

fn channel(told: statement::Channel) -> Channel {
    match told {
        statement::Channel::Retail => Channel::Retail,
        statement::Channel::Wholesale => Channel::Wholesale,
        statement::Channel::SemiWholesale => Channel::SemiWholesale,
        statement::Channel::Online => Channel::Online,
        statement::Channel::Community => Channel::Community,
        statement::Channel::Industry => Channel::Industry,
        statement::Channel::Export => Channel::Export,
    }
}

fn loss_cause(told: statement::LossCause) -> Cause {
    use statement::LossCause as Told;
    match told {
        Told::Spoilage => Cause::Spoilage,
        Told::Damage => Cause::Damage,
        Told::Theft => Cause::Theft,
        Told::Expired => Cause::Expired,
        Told::Sediment => Cause::Sediment,
        Told::Moisture => Cause::Moisture,
        Told::Weighing => Cause::Weighing,
        Told::Process => Cause::Process,
        Told::EntryError => Cause::EntryError,
        Told::Other => Cause::Other,
    }
}

fn destroy_cause(told: statement::DestructionCause) -> Cause {
    use statement::DestructionCause as Told;
    match told {
        Told::Recall => Cause::Recall,
        Told::Spoilage => Cause::Spoilage,
        Told::Damage => Cause::Damage,
        Told::Expired => Cause::Expired,
        Told::Nonconformity | Told::Other => Cause::Other,
    }
}
