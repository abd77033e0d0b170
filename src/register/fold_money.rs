//! The fold of prices, extracts of certificates and mandates, and of what events say that these
//! rest on. Only what was judged comes here. Not here: the rules (`rules_money`, `rules_mandate`).

use super::Register;
use super::goods_acts::said;
use super::lots::NO_ROW;
use super::mandates::{MandateRecord, mandate_named};
use super::money::{ExtractRecord, Money, PriceConfirmed, PriceRecord};
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{
    CertificateExtract, Claim, Event, EventId, EventKind, Mandate, PricePaid, Receiver, Statement,
    Timestamp,
};
use crate::trace::{Act, EventHandle, LotHandle};

impl Money {
    /// Whether a shipment says whose goods it brings back.
    pub fn brings_back(&self, event: EventHandle) -> bool {
        self.bringing.contains(&event.0)
    }
}

impl Register {
    /// Whether an entry is an event: of goods, or one that takes a declaration, a price or a recall
    /// back.
    pub(super) fn is_event(&self, index: u64) -> bool {
        let goods = &self.facts.goods;
        let declaration = goods.undeclared.values().any(|at| *at == index);
        let recall = |change: &super::rights::ChangeRecord| {
            change.voided.is_some_and(|mark| mark.index == index)
        };
        self.goods.event_at(index).is_some()
            || declaration
            || goods.money.undoing.contains(&index)
            || self.facts.rights.changes.values().any(recall)
    }

    /// The first lot whose figures do not add up, of those that the newest entry is about.
    #[must_use]
    pub fn broken_with(&self, statement: &Statement) -> Option<String> {
        let trace = &self.goods.trace;
        let of = |key: &LotKey| {
            self.lot_handle(key).filter(|lot| trace.is_broken(*lot)).map(|_| key.to_string())
        };
        match &statement.claim {
            Claim::Event(_) => {
                let newest = self.goods.events.len().checked_sub(1)?;
                let event = EventHandle(u32::try_from(newest).ok()?);
                // A void is about the lots of what it undoes.
                let undone = trace.event_view(event).and_then(|view| view.of);
                let events = undone.into_iter().chain([event]);
                { events }.find_map(|event| trace.broken_by(event)).map(|lot| self.told(lot))
            }
            Claim::Lot(claim) => of(&claim.lot),
            Claim::Certificate(claim) => of(&claim.lot),
            Claim::LabelIssue(claim) => of(&claim.lot),
            Claim::LabelVoid(claim) => of(&claim.lot),
            _ => None,
        }
    }

    /// The first of all lots whose figures do not add up; None: all do.
    #[must_use]
    pub fn broken(&self) -> Option<String> {
        self.goods.trace.conserved().map(|lot| self.told(lot))
    }

    fn told(&self, lot: LotHandle) -> String {
        let key = self.lots.row(lot.0).map(|row| self.key_of_lot(row).to_string());
        key.unwrap_or_else(|| format!("number {}", lot.0))
    }

    pub(super) fn price_taken(
        &mut self,
        claim: &PricePaid,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let Ok(ship) = self.event(&claim.ship) else { return };
        let lot = self.lots.place(&claim.lot).unwrap_or(NO_ROW);
        if let Some(id) = &claim.confirms {
            let audited = matches!(claim.buyer, Receiver::Elsewhere { .. });
            return self.price_confirmed(id, ship, (&statement.issuer, audited), mark);
        }
        let record = PriceRecord {
            mark,
            lot: claim.lot.clone(),
            ship: self.goods.index_of(ship).unwrap_or_default(),
            seller: claim.seller.clone(),
            buyer: match &claim.buyer {
                Receiver::Party(buyer) => Some(buyer.clone()),
                Receiver::Elsewhere { .. } => None,
            },
            scheme: Word::new(&claim.scheme),
            quantity: claim.quantity,
            terms: claim.terms.clone(),
            basis: claim.basis,
            paid_on: claim.paid_on,
            invoice: claim.invoice,
            confirmed: None,
            taken_back: None,
            voided: None,
        };
        let producer = self.lots.row(lot).map(|row| self.names.party(row.producer));
        let buyer = record.buyer.clone();
        // The first one that way turns what was stated the other way.
        let turned = buyer.as_ref().map(|buyer| (lot, &claim.seller, buyer));
        let turned = turned.filter(|_| !self.sold_before(&record, lot));
        let key = (ship.0, mark.index);
        self.with_prices(&[key], turned, |register| {
            let money = &mut register.facts.goods.money;
            if producer.as_ref() == Some(&claim.seller) {
                money.first_hand.insert((lot, ship.0, mark.index));
            }
            if let Some(buyer) = &buyer {
                let sold = (lot, claim.seller.clone(), buyer.clone(), ship.0, mark.index);
                money.sold.insert(sold);
            }
            let (all, _) = money.priced.entry((ship.0, lot)).or_default();
            *all = all.saturating_add(claim.quantity);
            money.said_in.insert(mark.index, key);
            money.prices.insert(key, record);
        });
        self.pin(ship, mark.logged_at);
    }

    fn price_confirmed(
        &mut self,
        id: &str,
        ship: EventHandle,
        (by, audited): (&PartySlug, bool),
        mark: LogPosition,
    ) {
        let Some(index) = self.ids.index_of(id) else { return };
        let key = (ship.0, index);
        self.with_prices(&[key], None, |register| {
            let money = &mut register.facts.goods.money;
            let Some(record) = money.prices.get_mut(&key) else { return };
            record.confirmed = Some(PriceConfirmed { by: by.clone(), mark, audited });
            let (lot, quantity) = (record.lot.clone(), record.quantity);
            money.said_in.insert(mark.index, key);
            let lot = register.lots.place(&lot).unwrap_or(NO_ROW);
            let priced = &mut register.facts.goods.money.priced;
            let (_, confirmed) = priced.entry((ship.0, lot)).or_default();
            *confirmed = confirmed.saturating_add(quantity);
        });
    }

    /// What was said of a price is undone: the seller's word, or that of who bore it out.
    pub(super) fn price_undone(&mut self, claim: &Event, mark: LogPosition) {
        let index = claim.undoes_price().and_then(|id| self.ids.index_of(id));
        let money = &mut self.facts.goods.money;
        let Some(key) = index.and_then(|index| money.said_in.get(&index).copied()) else { return };
        money.undoing.insert(mark.index);
        if Some(key.1) == index {
            return self.price_ended(key, mark);
        }
        self.with_prices(&[key], None, |register| {
            let money = &mut register.facts.goods.money;
            let Some(record) = money.prices.get_mut(&key) else { return };
            let taken_back = record.confirmed.take();
            record.taken_back = taken_back.map(|told| PriceConfirmed { mark, ..told });
            let (lot, quantity) = (record.lot.clone(), record.quantity);
            let lot = register.lots.place(&lot).unwrap_or(NO_ROW);
            let priced = &mut register.facts.goods.money.priced;
            let (_, confirmed) = priced.entry((key.0, lot)).or_default();
            *confirmed = confirmed.saturating_sub(quantity);
        });
    }

    pub(super) fn extract_taken(
        &mut self,
        claim: &CertificateExtract,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let Ok(ship) = self.event(&claim.consignment) else { return };
        let (serial, quantity) = (claim.certificate, claim.quantity);
        let lot = self.lots.place(&claim.lot).unwrap_or(NO_ROW);
        let scheme = self.certificate(serial).map(|found| found.record.scheme);
        let record = ExtractRecord {
            mark,
            certificate: serial,
            ship: self.goods.index_of(ship).unwrap_or_default(),
            lot: claim.lot.clone(),
            quantity,
            by: statement.issuer.clone(),
        };
        let money = &mut self.facts.goods.money;
        let sum = money.extracted.entry(serial).or_default();
        *sum = sum.saturating_add(quantity);
        let key = (ship.0, lot, scheme.unwrap_or_default());
        let sum = money.extracted_in.entry(key).or_default();
        *sum = sum.saturating_add(quantity);
        money.extracts_of.insert((ship.0, serial, mark.index));
        money.extracts.insert((serial, mark.index), record);
        self.pin(ship, mark.logged_at);
    }

    /// The shipment is not undone any more by who sent it.
    fn pin(&mut self, of: EventHandle, now: Timestamp) {
        // It was found to stand.
        let _pinned = self.goods.trace.apply(&said(Act::Pin { of }, now));
    }

    pub(super) fn mandate_taken(
        &mut self,
        claim: &Mandate,
        statement: &Statement,
        mark: LogPosition,
    ) {
        let record = MandateRecord {
            mark,
            party: claim.party.clone(),
            to: claim.to.clone(),
            acts: claim.acts.clone(),
            from: statement.valid_from.day(),
            until: claim.until,
        };
        let mandates = &mut self.facts.goods.money.mandates;
        mandates.of.insert((claim.party.clone(), claim.to.clone(), mark.index));
        mandates.all.insert(mark.index, record);
    }

    /// Keeps under which mandate an entry was signed.
    pub(super) fn mandate_kept(&mut self, statement: &Statement, mark: LogPosition) {
        let mandate = mandate_named(&statement.claim).and_then(|id| self.mandate(id));
        if let Some(index) = mandate.map(|mandate| mandate.mark.index) {
            self.facts.goods.money.mandates.under.insert(mark.index, index);
        }
    }

    /// Keeps what figures do not hold of a shipment: to whom it went, and what it brings back.
    pub(super) fn shipment_kept(&mut self, claim: &Event, event: EventHandle) {
        let EventKind::Ship(what) = &claim.kind else { return };
        let of = what.returns.as_ref().and_then(|of: &EventId| self.event(of).ok());
        let money = &mut self.facts.goods.money;
        if let Receiver::Elsewhere { commitment, country } = &what.to {
            money.abroad.insert(event.0, (*commitment, country.clone()));
        }
        if let Some(of) = of {
            money.returns.insert((of.0, event.0));
            money.bringing.insert(event.0);
        }
    }
}
