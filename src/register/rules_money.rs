//! Rules on what was paid for goods and on extracts of certificates: each is bound to a shipment,
//! said by whom it concerns, and never of more than was shipped. Reads only. Not here: figures of
//! goods (`trace`), what is told of them (`money`).

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::goods_words::amount;
use super::money::PriceRecord;
use super::records::{CertificateRecord, Lot};
use super::refusal::Refusal;
use super::rules::{Case, not_after, same, unknown};
use super::rules_keys::told;
use super::status::{CertificateStatus, LotStatus};
use super::switch::refuse;
use crate::limits::{EXTRACT_SECONDS_MAX, VOID_DAYS};
use crate::names::{LotKey, PartySlug};
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{
    CertificateExtract, Event, EventId, PricePaid, PriceTerms, Receiver, Timestamp,
};
use crate::trace::{EventHandle, LotHandle, Purpose, SentLine, ShipView};

/// A lot of a shipment that stands.
struct Sent {
    event: EventHandle,
    ship: ShipView,
    lot: LotHandle,
    line: SentLine,
}

impl Sent {
    /// What its receiver took over; of what left the ledger all that was sent.
    fn accepted(&self) -> u64 {
        if self.ship.receiver.is_none() { self.line.sent } else { self.line.accepted }
    }
}

impl Register {
    /// A shipment that stands, and a lot of it; None: there is none, or the lot is not on it.
    fn sent(&self, ship: &EventId, lot: &LotKey) -> Option<Sent> {
        let event = self.event(ship).ok()?;
        let ship = self.goods.trace.ship_view(event)?;
        let lot = self.lots.place(lot).map(LotHandle)?;
        let line = self.goods.trace.sent_line(event, lot)?;
        Some(Sent { event, ship, lot, line })
    }

    /// What of a lot that a shipment brought is back with its shipper or on its way there: by
    /// shipments that say so, and by those for a return that do not say of which.
    fn returned(&self, sent: &Sent) -> u64 {
        let money = &self.facts.goods.money;
        self.goods.trace.gone_back(sent.lot, sent.event, |event, ship| {
            let goes_back = matches!(ship.purpose, Purpose::Return | Purpose::RecallReturn);
            let between = Some(ship.shipper) == sent.ship.receiver
                && ship.receiver == Some(sent.ship.shipper);
            // What a stranger says it brings back is none of theirs.
            between
                && match money.brings_back(event) {
                    true => money.returns.contains(&(sent.event.0, event.0)),
                    false => goes_back,
                }
        })
    }

    /// What extracts of a certificate, of those whose place it took and of those that take its own
    /// sum up to: a renewal is no second one.
    fn extracted_in_chain(&self, certificate: &CertificateRecord) -> u64 {
        let money = &self.facts.goods.money;
        let mut sum = money.extracted(certificate.serial);
        let mut before = certificate.supersedes;
        while let Some(found) = before.and_then(|serial| self.certificate(serial)) {
            sum = sum.saturating_add(money.extracted(found.record.serial));
            before = found.record.supersedes;
        }
        let mut after = certificate.superseded;
        while let Some(found) = after.and_then(|next| self.certificate(next.by)) {
            sum = sum.saturating_add(money.extracted(found.record.serial));
            after = found.record.superseded;
        }
        sum
    }

    /// The entry of a price that both sides stated, of goods that an answer to a shipment brought;
    /// while it stands the answer does too.
    pub(super) fn price_resting_on(&self, event: EventHandle) -> Option<u64> {
        let ship = self.goods.trace.ship_of(event).filter(|ship| *ship != event)?;
        let money = &self.facts.goods.money;
        let answered = self.goods.trace.ship_view(ship)?.answered;
        let settles = self.goods.trace.event_view(event)?.of == answered;
        if answered != Some(event) && !settles {
            return None;
        }
        let lots = self.goods.trace.lots_of(event);
        let mut lots = lots.into_iter().filter(|lot| money.priced(ship, lot.0).1 > 0);
        lots.next()?;
        let mut prices = money.prices.range((ship.0, 0)..=(ship.0, u64::MAX));
        let mut prices = prices.by_ref().filter(|(_, price)| price.voided.is_none());
        prices.find_map(|(_, price)| price.confirmed.as_ref().map(|told| told.mark.index))
    }
}

impl Case<'_> {
    /// What was paid: stated by who shipped, confirmed by who received, or by a certifier where
    /// that is nobody of the ledger.
    pub(super) fn price(&self, claim: &PricePaid) -> Result<(), Refusal> {
        self.scheme(&claim.scheme)?;
        self.currency(&claim.terms)?;
        let paid_on = not_after("paidOn", claim.paid_on.start(), self.latest());
        paid_on.or_else(|it| refuse("paid_later", it))?;
        let lot = self.known_lot(&claim.lot)?;
        let sent = self.sale(claim)?;
        let (priced, confirmed) = self.register.facts.goods.money.priced(sent.event, sent.lot.0);
        let Some(id) = &claim.confirms else {
            let most = sent.accepted().saturating_sub(self.register.returned(&sent));
            return self.priced_within(claim, &lot, priced, most);
        };
        self.may_confirm(claim, &lot)?;
        let stated = self.price_named(id, sent.event)?;
        let target = || format!("the price of entry {}", stated.mark.index);
        if stated.confirmed.is_some() {
            let state = "confirmed already";
            refuse("price_confirmed_once", Refusal::StatusOrder { target: target(), state })?;
        }
        // Whoever goes back on its word does not come back to it: the seller states it anew.
        if stated.taken_back.is_some() {
            let state = "confirmed and taken back";
            refuse("word_taken_back", Refusal::StatusOrder { target: target(), state })?;
        }
        same_terms(stated, claim)?;
        // What came back since was paid all the same.
        self.priced_within(claim, &lot, confirmed, sent.accepted())
    }

    /// What was paid in is money: from edition 3 on, so that older entries stay as they are.
    fn currency(&self, terms: &PriceTerms) -> Result<(), Refusal> {
        let PriceTerms::Open { currency, .. } = terms else { return Ok(()) };
        let known = self.register.catalog.currency_digits(currency).is_some();
        if known || self.register.edition() < 3 {
            return Ok(());
        }
        refuse("price_currency", unknown("currency", currency))
    }

    /// The sale that a price names: by its seller, to its buyer, of its lot.
    fn sale(&self, claim: &PricePaid) -> Result<Sent, Refusal> {
        let unbound = |reason: String| GoodsRefusal::PriceUnbound { reason };
        let Some(sent) = self.register.sent(&claim.ship, &claim.lot) else {
            let (lot, ship) = (&claim.lot, &claim.ship);
            let reason = format!("event {ship} is no shipment of lot {lot} that stands");
            return Err(unbound(reason).into());
        };
        if sent.ship.purpose != Purpose::Sale {
            refuse("price_of_sale", unbound(format!("shipment {} was no sale", claim.ship)))?;
        }
        let shipper = self.register.party_of_holder(sent.ship.shipper);
        if shipper != claim.seller {
            let reason = format!("{shipper} sent it, not {}", claim.seller);
            refuse("price_by_shipper", unbound(reason))?;
        }
        let index = self.register.goods.index_of(sent.event).unwrap_or_default();
        if self.register.receiver_of(index).as_ref() != Some(&claim.buyer) {
            let reason = "it went to somebody else than the buyer".to_owned();
            refuse("price_to_receiver", unbound(reason))?;
        }
        Ok(sent)
    }

    /// A price is stated of no more than was taken over, all prices of the shipment together.
    fn priced_within(
        &self,
        claim: &PricePaid,
        lot: &Lot,
        priced: u64,
        most: u64,
    ) -> Result<(), Refusal> {
        let asked = claim.quantity;
        if priced.saturating_add(asked) <= most {
            return Ok(());
        }
        let told = |quantity: u64| amount(quantity.into(), &lot.record.unit);
        let (accepted, priced, asked) = (told(most), told(priced), told(asked));
        let lot = claim.lot.to_string();
        refuse("price_exceeded", GoodsRefusal::PriceExceeded { lot, accepted, priced, asked })
    }

    /// The buyer, or for one who is nobody of the ledger a certifier of the scheme, the product and
    /// the region.
    fn may_confirm(&self, claim: &PricePaid, lot: &Lot) -> Result<(), Refusal> {
        match &claim.buyer {
            Receiver::Party(buyer) if *buyer == self.statement.issuer => Ok(()),
            Receiver::Party(_) => {
                refuse("price_confirmer", self.not_authorised("confirm this price"))
            }
            Receiver::Elsewhere { .. } if self.accredited_for_price(&claim.scheme, lot) => Ok(()),
            Receiver::Elsewhere { .. } => {
                let outside = Refusal::OutOfScope {
                    party: self.statement.issuer.to_string(),
                    scheme: claim.scheme.clone(),
                    product: lot.record.product.to_string(),
                    region: lot.record.region.to_string(),
                    held: told(None),
                };
                refuse("price_auditor_scope", outside)
            }
        }
    }

    fn accredited_for_price(&self, scheme: &str, lot: &Lot) -> bool {
        let facts = &lot.record;
        self.issuer.accreditations.iter().any(|record: &AccreditationRecord| {
            matches!(record.at_log(self.place()), ScopeStanding::InForce(scope)
                if scope.covers(scheme, &facts.product, &facts.region))
        })
    }

    /// The seller's word that a confirmation names.
    fn price_named(&self, id: &str, ship: EventHandle) -> Result<&PriceRecord, Refusal> {
        let index = self.register.ids.index_of(id);
        let prices = &self.register.facts.goods.money.prices;
        let found = index.and_then(|index| prices.get(&(ship.0, index)));
        found.filter(|price| price.voided.is_none()).ok_or_else(|| {
            let reason = "what it confirms is no price of this shipment".to_owned();
            GoodsRefusal::PriceUnbound { reason }.into()
        })
    }

    /// What was said of a price is undone by who said it, for some time, and by the authority; the
    /// seller's word not while another bears it out.
    pub(super) fn price_undone(&self, claim: &Event) -> Result<(), Refusal> {
        not_after("at", claim.at, self.latest()).or_else(|it| refuse("event_later", it))?;
        let id = claim.undoes_price().unwrap_or_default();
        let index = self.register.ids.index_of(id);
        let found = index.and_then(|index| Some((index, self.register.price_said_in(index)?)));
        let Some((index, (record, by_seller))) = found else {
            let reason = format!("statement {id} says nothing of a price");
            return Err(GoodsRefusal::PriceUnbound { reason }.into());
        };
        let what = if by_seller { "the price" } else { "the confirmation" };
        let event = format!("{what} of entry {index}");
        let told = match (by_seller, &record.confirmed, record.voided) {
            (true, Some(confirmed), None) => {
                let resting = format!("on it rests: entry {}", confirmed.mark.index);
                let event = event.clone();
                refuse("price_rests", GoodsRefusal::CannotVoid { event, resting })?;
                record.mark
            }
            (true, None, None) => record.mark,
            (false, Some(confirmed), None) => confirmed.mark,
            _ => return Err(Refusal::StatusOrder { target: event, state: "void already" }),
        };
        let (logged_at, days) = (told.logged_at, VOID_DAYS);
        let last = logged_at.plus_seconds(days.saturating_mul(86_400));
        if self.now <= last || self.issuer.is_authority() {
            return Ok(());
        }
        refuse("price_void_late", GoodsRefusal::VoidLate { event, logged_at, days })
    }

    /// Whether the one who signs stated a price, or bore it out.
    pub(super) fn said_the_price(&self, id: &str) -> bool {
        let index = self.register.ids.index_of(id);
        let found = index.and_then(|index| self.register.price_said_in(index));
        let by = found.and_then(|(record, by_seller)| match by_seller {
            true => Some(&record.seller),
            false => {
                let told = record.confirmed.as_ref().or(record.taken_back.as_ref());
                told.map(|told| &told.by)
            }
        });
        by == Some(&self.statement.issuer)
    }

    /// A part of a certificate goes with a consignment: by who ships it, soon, and all parts
    /// together are neither more than is certified nor more than is shipped.
    pub(super) fn extract(&self, claim: &CertificateExtract) -> Result<(), Refusal> {
        let serial = claim.certificate;
        let found = self.register.certificate(serial);
        let found = found.ok_or(Refusal::CertificateUnknown { serial })?.record;
        let of_lot = same("lot", &claim.lot.to_string(), &found.lot.to_string());
        of_lot.or_else(|it| refuse("extract_of_its_lot", it))?;
        let lot = self.known_lot(&claim.lot)?;
        let refused = |reason: String| GoodsRefusal::ExtractRefused { serial, reason };
        let Some(sent) = self.register.sent(&claim.consignment, &claim.lot) else {
            let (lot, of) = (&claim.lot, &claim.consignment);
            let reason = format!("event {of} is no shipment of lot {lot} that stands");
            return Err(refused(reason).into());
        };
        let last = sent.ship.logged_at.saturating_add(EXTRACT_SECONDS_MAX);
        if self.now.seconds() > last {
            let last = Timestamp::from_seconds(last);
            let reason = format!("the consignment is older than 30 days, since {last}");
            refuse("extract_late", refused(reason))?;
        }
        match self.register.status_of(&found, self.now) {
            CertificateStatus::Valid => {}
            status => {
                let reason = format!("the certificate is {}", status.word());
                refuse("extract_in_force", refused(reason))?;
            }
        }
        self.moves_freely(&lot)?;
        let told = |quantity: u64| amount(quantity.into(), &lot.record.unit);
        let exceeded = |what, most: u64, drawn: u64| {
            let (most, drawn, asked) = (told(most), told(drawn), told(claim.quantity));
            GoodsRefusal::ExtractExceeded { serial, what, most, drawn, asked }
        };
        let drawn = self.register.extracted_in_chain(&found);
        if drawn.saturating_add(claim.quantity) > found.quantity {
            refuse("extract_certified", exceeded("certified", found.quantity, drawn))?;
        }
        let key = (sent.event.0, sent.lot.0, found.scheme);
        let in_it = self.register.facts.goods.money.extracted_in.get(&key);
        let (in_it, shipped) =
            (in_it.copied().unwrap_or_default(), sent.line.sent.saturating_sub(sent.line.refused));
        if in_it.saturating_add(claim.quantity) > shipped {
            refuse("extract_shipped", exceeded("shipped", shipped, in_it))?;
        }
        Ok(())
    }

    /// No paper goes with what is held or recalled, itself or through a lot it comes from.
    fn moves_freely(&self, lot: &Lot) -> Result<(), Refusal> {
        let own = lot.status(self.now);
        let through =
            if own == LotStatus::Released { " through a lot it comes from" } else { "" }.to_owned();
        let name = lot.record.lot.to_string();
        match self.register.status_of_lot(lot, self.now) {
            LotStatus::Recalled => {
                refuse("extract_recalled", GoodsRefusal::LotRecalled { lot: name, through })
            }
            LotStatus::Held => refuse("extract_held", GoodsRefusal::LotHeld { lot: name, through }),
            LotStatus::Released | LotStatus::Exhausted => Ok(()),
        }
    }

    /// Whether the one who signs sent a shipment.
    pub(super) fn is_shipper(&self, ship: &EventId) -> bool {
        let event = self.register.event(ship).ok();
        let ship = event.and_then(|event| self.register.goods.trace.ship_view(event));
        let by: &PartySlug = &self.statement.issuer;
        ship.is_some_and(|ship| self.register.party_of_holder(ship.shipper) == *by)
    }
}

/// Whether two sides of a price say the same.
fn same_terms(stated: &PriceRecord, claim: &PricePaid) -> Result<(), Refusal> {
    let differs = [
        ("lot", stated.lot != claim.lot),
        ("scheme", *stated.scheme != *claim.scheme),
        ("quantity", stated.quantity != claim.quantity),
        ("amount, premium or their commitment", stated.terms != claim.terms),
        ("basis", stated.basis != claim.basis),
        ("paidOn", stated.paid_on != claim.paid_on),
        ("invoice", stated.invoice != claim.invoice),
    ];
    match differs.into_iter().find(|(_, differs)| *differs) {
        Some((member, _)) => {
            let index = stated.mark.index;
            refuse("terms_differ", GoodsRefusal::TermsDiffer { member, index })
        }
        None => Ok(()),
    }
}
