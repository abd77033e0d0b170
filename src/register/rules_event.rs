//! Rules on events: who may say what of whose goods, when, and whether the figures allow it. Reads
//! only. Not here: declarations (`rules_born`), certificates and labels (`rules_papers`).

use super::Register;
use super::goods_acts::Translator;
use super::goods_refusal::GoodsRefusal;
use super::records::Lot;
use super::refusal::Refusal;
use super::rules::{Case, not_after};
use super::status::StatusEvent;
use super::switch::refuse;
use crate::limits::{VOID_DAYS, VOID_LEFT_DAYS};
use crate::names::{LotKey, PartySlug, UnitKey};
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{
    Day, Event, EventId, EventKind, LotLine, Observation, Reason, Receiver, Role, Sample,
    Settlement, Shipment, StatusAction, Timestamp, Transformation, Undoing, Undone,
};
use crate::trace::{self, LotHandle, Move};

const DAY_SECONDS: i64 = 86_400;

impl Register {
    /// Whether goods can be with a party: whoever certifies, analyses or inspects holds none.
    pub(super) fn may_possess(&self, party: &PartySlug) -> bool {
        let role = self.party(party).map(|party| party.registration.role);
        role.is_some_and(possesses)
    }

    /// Whether the figures take an event that `issuer` states now.
    pub(super) fn event_figures(
        &self,
        claim: &Event,
        issuer: &PartySlug,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut translator = Translator::new(self, now);
        let act = translator.event(claim, issuer)?;
        let issuer = translator.holder(issuer);
        let (at, logged_at) = (claim.at.seconds(), now.seconds());
        let event = trace::Event { at, logged_at, issuer, act };
        let judged = self.trace_at(now).judge(&event);
        let told = |short| self.speaker(&translator.names).refusal(short, &event.act);
        judged.map(|_| ()).map_err(|short| told(short).into())
    }
}

/// Whether goods can be with a party of this role.
pub(super) fn possesses(role: Role) -> bool {
    use Role::{Carrier, Cooperative, Exporter, Processor, Shop};
    matches!(role, Cooperative | Processor | Exporter | Shop | Carrier)
}

impl Case<'_> {
    /// An event: who, when, whose, and how much.
    pub(super) fn event(&self, claim: &Event) -> Result<(), Refusal> {
        not_after("at", claim.at, self.latest()).or_else(|it| refuse("event_later", it))?;
        match &claim.kind {
            EventKind::Transform(what) => self.made_when(claim, what)?,
            EventKind::Ship(what) => self.sent_to(what)?,
            EventKind::Settle(what) => self.settled_by(what)?,
            EventKind::Pack(what) => self.unit_owner(&what.unit)?,
            EventKind::Sample(what) => self.sampled_by(what)?,
            EventKind::Observe(what) => self.observed_by(what)?,
            EventKind::Void(what) => self.may_undo(what)?,
            _ => {}
        }
        let whose = &self.whose.registration.party;
        self.register.event_figures(claim, whose, self.now)
    }

    /// A lot is not packed before something first fills it.
    fn made_when(&self, claim: &Event, what: &Transformation) -> Result<(), Refusal> {
        let minutes = i64::from(claim.offset.minutes());
        let day = claim.at.plus_seconds(minutes.saturating_mul(60)).day();
        for line in &what.outputs {
            let handle = self.register.handle(&line.lot)?;
            let Some(row) = self.register.lots.row(handle.0) else { continue };
            let opened = self.register.goods.trace.lot_view(handle).and_then(|it| it.opened_at);
            let first = opened.is_none_or(|opened| claim.at.seconds() < opened);
            let packed: Day = super::rows::day(row.packed_on);
            if first && packed < day {
                let early = GoodsRefusal::EventTime {
                    at: format!("at the packing of lot {} on {packed}", line.lot),
                    earliest: day.to_string(),
                    what: "that is when this event first fills it",
                };
                refuse("packed_before_filled", early)?;
            }
        }
        Ok(())
    }

    /// The receiver is a party that goods can be with.
    fn sent_to(&self, what: &Shipment) -> Result<(), Refusal> {
        if let Some(of) = &what.returns {
            self.register.event(of)?;
        }
        let Receiver::Party(party) = &what.to else { return Ok(()) };
        let role = self.known_party(party)?.registration.role;
        if let Some(carrier) = &what.carrier {
            self.known_party(carrier)?;
        }
        if possesses(role) {
            return Ok(());
        }
        let role: &str = role.into();
        let reason = format!("{party} is registered as {role} and takes no goods");
        refuse("receiver_role", GoodsRefusal::NotReceiver { reason })
    }

    /// Whoever is no side of a shipment settles only in its scope.
    fn settled_by(&self, what: &Settlement) -> Result<(), Refusal> {
        if possesses(self.issuer.registration.role) {
            return Ok(());
        }
        what.lots.iter().try_for_each(|one| self.lot_in_scope(&one.line.lot))
    }

    fn sampled_by(&self, what: &Sample) -> Result<(), Refusal> {
        let Some(holder) = &what.holder else { return Ok(()) };
        self.known_party(holder)?;
        what.lots.iter().try_for_each(|line: &LotLine| self.lot_in_scope(&line.lot))
    }

    /// A holder or the producer looks and finds nothing in words; others in their scope.
    fn observed_by(&self, what: &Observation) -> Result<(), Refusal> {
        let (by, lots) = (&self.statement.issuer, &what.lots);
        if !possesses(self.issuer.registration.role) {
            lots.iter().try_for_each(|lot| self.lot_in_scope(lot))?;
            return what.of.as_ref().map_or(Ok(()), |of| self.saw(of, lots));
        }
        if what.result.is_some() {
            refuse("finds_nothing", self.not_authorised("state findings"))?;
        }
        let mut translator = Translator::new(self.register, self.now);
        let holder = translator.holder(by);
        for key in lots {
            let handle = self.register.handle(key)?;
            let producer = self.register.goods.trace.lot_view(handle).map(|it| it.producer);
            let had = self.register.goods.trace.holding(handle, holder);
            let any = had != trace::Holding::default();
            if producer != Some(holder) && !any {
                let (lot, holder) = (key.to_string(), by.to_string());
                refuse("looks_at_own", GoodsRefusal::NotHolder { lot, holder })?;
            }
        }
        Ok(())
    }

    /// A destruction that was seen is one of the lots that were looked at, of all of them.
    fn saw(&self, of: &EventId, lots: &[LotKey]) -> Result<(), Refusal> {
        let event = self.register.event(of)?;
        let destroyed = self.register.goods.trace.lots_of(event);
        let mut destroyed = destroyed.into_iter().filter_map(|lot| self.register.lot_named(lot));
        if destroyed.all(|lot| lots.contains(&lot)) {
            return Ok(());
        }
        let act = "bear out the destruction of lots that it did not look at";
        refuse("saw_what_it_names", self.not_authorised(act))
    }

    /// Units with an SSCC are packed by the party of its prefix, or whom that lent it; others by
    /// the party in their address.
    fn unit_owner(&self, unit: &UnitKey) -> Result<(), Refusal> {
        let by = &self.statement.issuer;
        let refuse = |reason: String| {
            refuse("unit_owner", GoodsRefusal::SsccOwner { unit: unit.path(), reason })
        };
        let sscc = match unit {
            UnitKey::Own(owner, _) if owner == by => return Ok(()),
            UnitKey::Own(owner, _) => return refuse(format!("it is a number of {owner}")),
            UnitKey::Sscc(sscc) => sscc.to_string(),
        };
        let rights = &self.register.facts.rights;
        match rights.digits_owner(&sscc, self.now) {
            Some(owner) if owner == by || rights.digits_granted(owner, by, &sscc) => Ok(()),
            Some(owner) => {
                refuse(format!("its prefix belongs to {owner}, who can lend it with a PrefixGrant"))
            }
            None => refuse(format!(
                "no party has a prefix of it; without one a party packs into unit/{by}/NUMBER"
            )),
        }
    }

    /// An event or a declaration is undone by who said it, for some time, and by the authority.
    fn may_undo(&self, what: &Undoing) -> Result<(), Refusal> {
        let (told, logged_at, days) = match &what.of {
            Undone::Event(of) => self.undone_event(of)?,
            Undone::Declaration(key) => {
                let lot = self.known_lot(key)?;
                (format!("the declaration of lot {key}"), lot.mark.logged_at, VOID_DAYS)
            }
            Undone::Change(_) | Undone::Price(_) => return Err(GoodsRefusal::EventEmpty.into()),
        };
        self.hides_nothing(&what.of)?;
        let last = logged_at.plus_seconds(days.saturating_mul(DAY_SECONDS));
        if self.now <= last || self.issuer.is_authority() {
            return Ok(());
        }
        refuse("void_late", GoodsRefusal::VoidLate { event: told, logged_at, days })
    }

    fn undone_event(
        &self,
        of: &EventId,
    ) -> Result<(String, crate::statement::Timestamp, i64), Refusal> {
        let event = self.register.event(of)?;
        let view = self.register.goods.trace.event_view(event);
        let view = view.ok_or(GoodsRefusal::EventEmpty)?;
        if let Some(price) = self.register.price_resting_on(event) {
            let resting = format!("on it rests: entry {price}");
            let event = format!("event {of}");
            refuse("receipt_priced", GoodsRefusal::CannotVoid { event, resting })?;
        }
        let days = if view.leaves { VOID_LEFT_DAYS } else { VOID_DAYS };
        let at = crate::statement::Timestamp::from_seconds(view.logged_at);
        Ok((format!("event {of}"), at, days))
    }

    /// What was said of goods stays with them: neither is a lot emptied that somebody holds or
    /// recalls, nor is a recalled one given back as if it had never come. What a rule held for what
    /// is undone goes with it.
    fn hides_nothing(&self, of: &Undone) -> Result<(), Refusal> {
        if self.issuer.is_authority() {
            return Ok(());
        }
        let trace = &self.register.goods.trace;
        let (emptied, given_back): (Vec<LotHandle>, Vec<LotHandle>) = match of {
            Undone::Declaration(key) => (vec![self.register.handle(key)?], vec![]),
            Undone::Event(of) => {
                let event = self.register.event(of)?;
                let emptied = trace.made(event).fills.into_iter().map(|(lot, _)| lot);
                let came = trace.moved(event).into_iter().filter(|one| {
                    one.quantity > 0 && matches!(one.how, Move::Accepted | Move::SettledAccepted)
                });
                (emptied.collect(), came.map(|one| one.lot).collect())
            }
            Undone::Change(_) | Undone::Price(_) => (vec![], vec![]),
        };
        for lot in emptied {
            let Some(lot) = self.register.lot_by_handle(lot) else { continue };
            let said = super::in_effect(&lot.record.events, self.now);
            let said = said.filter(|event| !self.goes_with_its_entry(event));
            let (name, through) = (lot.record.lot.to_string(), String::new());
            match said.map(|event| event.action) {
                Some(StatusAction::Recall) => {
                    refuse("undoing_hides", GoodsRefusal::LotRecalled { lot: name, through })?;
                }
                Some(StatusAction::Hold) => {
                    refuse("undoing_hides", GoodsRefusal::LotHeld { lot: name, through })?;
                }
                _ => {}
            }
        }
        // A recall does not end by itself, so nothing needs to be worked out for this instant.
        let is = |status| status == trace::Status::Recalled;
        for lot in given_back {
            let (own, inherited) = (is(trace.own_status(lot)), is(trace.inherited_status(lot)));
            if own || inherited {
                let through = if own { "" } else { " through a lot it comes from" }.to_owned();
                let lot = self.register.speaker(&self.register.names).lot(lot);
                refuse("receipt_recalled", GoodsRefusal::LotRecalled { lot, through })?;
            }
        }
        Ok(())
    }

    /// Whether a rule laid a hold for what an entry said of its own goods.
    fn goes_with_its_entry(&self, event: &StatusEvent) -> bool {
        let own =
            matches!(event.reason, Reason::Yield | Reason::Late | Reason::Age | Reason::Capacity);
        own && self.register.laid_by_rule(event)
    }

    fn lot_in_scope(&self, key: &LotKey) -> Result<(), Refusal> {
        self.register.handle(key)?;
        let lot = self.known_lot(key)?;
        if self.in_scope(&lot) {
            return Ok(());
        }
        refuse("acts_in_scope", self.not_authorised("act on lots outside its scope"))
    }

    /// Whether accreditation or registration of the one who signs cover a lot.
    pub(super) fn in_scope(&self, lot: &Lot) -> bool {
        let facts = &lot.record;
        let covers = |record: &AccreditationRecord| {
            let ScopeStanding::InForce(scope) = record.at_log(self.place()) else {
                return false;
            };
            let mut schemes = scope.schemes.iter();
            schemes.any(|scheme| scope.covers(scheme, &facts.product, &facts.region))
        };
        match self.issuer.registration.role {
            Role::Certifier => self.issuer.accreditations.iter().any(covers),
            Role::Laboratory | Role::Inspector => {
                let mut regions = self.issuer.registration.all_regions();
                regions.any(|region| region == &*facts.region)
            }
            _ => self.issuer.is_authority(),
        }
    }
}
