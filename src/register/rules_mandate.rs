//! Rules on acting in another's name: who may be let, and whether what is signed so is within the
//! mandate. Reads only. Not here: mandates as values (`mandates`).

use super::goods_refusal::GoodsRefusal;
use super::mandates::{MandateRecord, mandate_named};
use super::refusal::Refusal;
use super::rules::{Case, not_after};
use super::rules_event::possesses;
use super::switch::refuse;
use crate::limits::MANDATE_MONTHS_MAX;
use crate::statement::{
    Claim, Event, EventKind, Mandate, MandatedAct, Receiver, Statement, Timestamp, Undoing, Undone,
};
use crate::trace::EventHandle;

impl Case<'_> {
    /// A cooperative lets a party act that goods can be with: whoever certifies, analyses or
    /// inspects acts for nobody.
    pub(super) fn mandate(&self, claim: &Mandate) -> Result<(), Refusal> {
        let to = self.known_party(&claim.to)?;
        let role = to.registration.role;
        if !possesses(role) {
            let role = Refusal::Mismatch {
                member: "role of who may act",
                found: <&str>::from(role).to_owned(),
                expected: "one that goods can be with".to_owned(),
            };
            refuse("mandate_role", role)?;
        }
        let last = self.now.day().plus_months(MANDATE_MONTHS_MAX);
        let last = last.map_or(self.now, |last| last.start());
        not_after("until", claim.until.start(), last).or_else(|it| refuse("mandate_months", it))
    }

    /// The same case in the name of whoever gave the mandate that the statement names.
    pub(super) fn in_whose_name(self) -> Result<Self, Refusal> {
        let Some(mandate) = self.register.mandate_within(self.statement, self.now)? else {
            return Ok(self);
        };
        let whose = self.register.party(&mandate.party);
        let whose = whose.ok_or_else(|| Refusal::UnknownParty { party: mandate.party.to_string() });
        Ok(Self { whose: whose?, ..self })
    }

    /// Whether what is undone is of the one who signs: it said so, while it may, or it was said in
    /// its name.
    pub(super) fn is_own_word(&self, what: &Undoing) -> Result<bool, Refusal> {
        let by = &self.statement.issuer;
        let (index, own) = match &what.of {
            Undone::Event(of) => {
                (self.register.ids.index_of(&self.register.domain.event_iri(of)), of.issuer == *by)
            }
            Undone::Declaration(key) => {
                let lot = self.known_lot(key)?;
                (Some(lot.mark.index), lot.record.producer == *by)
            }
            Undone::Price(id) => (None, self.said_the_price(id)),
            Undone::Change(_) => (None, false),
        };
        let mandate = index.and_then(|index| self.register.under_mandate(index));
        Ok(mandate.map_or(own, |mandate| {
            let today = self.now.day();
            mandate.party == *by
                || mandate.to == *by && self.register.mandate_counts(mandate, today)
        }))
    }
}

impl super::Register {
    /// The mandate that a statement is signed under; None: it names none.
    ///
    /// # Errors
    /// There is no such mandate, or it does not let its signer do this on that day.
    pub(super) fn mandate_within(
        &self,
        statement: &Statement,
        now: Timestamp,
    ) -> Result<Option<&MandateRecord>, Refusal> {
        let Some(id) = mandate_named(&statement.claim) else { return Ok(None) };
        let act = match &statement.claim {
            Claim::Event(Event { kind: EventKind::Receive(_), .. }) => MandatedAct::Receive,
            Claim::Event(_) => MandatedAct::Ship,
            _ => MandatedAct::Declare,
        };
        let refused = |reason: String| GoodsRefusal::NotMandated { reason };
        let Some(mandate) = self.mandate(id) else {
            return Err(refused("there is no such mandate".to_owned()).into());
        };
        if mandate.to != statement.issuer {
            refuse("mandate_to", refused(format!("it lets {} act", mandate.to)))?;
        }
        if !mandate.acts.contains(&act) {
            let reason = "this is none of the acts that it names".to_owned();
            refuse("mandate_acts", refused(reason))?;
        }
        if !self.mandate_counts(mandate, now.day()) {
            let MandateRecord { from, until, .. } = mandate;
            let reason = format!("it counts from {from} to {until}, unless a newer one does");
            refuse("mandate_days", refused(reason))?;
        }
        Ok(Some(mandate))
    }

    /// Whether a shipment was signed under a mandate by the very one that got the goods, and who
    /// gave the mandate takes it back: its receipt is then no word of another.
    pub(super) fn sent_to_itself(&self, event: EventHandle, by: &crate::names::PartySlug) -> bool {
        let Some(index) = self.goods.index_of(event) else { return false };
        let Some(mandate) = self.under_mandate(index).filter(|it| it.party == *by) else {
            return false;
        };
        let pinned = self.goods.trace.event_view(event).is_none_or(|view| view.pinned);
        !pinned && self.receiver_of(index) == Some(Receiver::Party(mandate.to.clone()))
    }
}
