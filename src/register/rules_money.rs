//! Rules on what was paid for goods and on extracts of certificates: each is bound to a shipment,
//! said by whom it concerns, and never of more than was shipped. Reads only. Not here: figures of
//! goods (`trace`), what is told of them (`money`).

use super::Register;
use super::goods_refusal::GoodsRefusal;
use super::goods_words::amount;
use super::money::PriceRecord;
use super::records::{CertificateRecord, Lot};
use super::refusal::Refusal;
use super::rules::{Case, not_after, same};
use super::rules_keys::told;
use super::status::{CertificateStatus, LotStatus};
use crate::limits::EXTRACT_SECONDS_MAX;
use crate::names::{LotKey, PartySlug};
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{CertificateExtract, EventId, PricePaid, Receiver, Timestamp};
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
        prices.find_map(|(_, price)| price.confirmed.as_ref().map(|told| told.mark.index))
    }
}

impl Case<'_> {
    /// What was paid: stated by who shipped, confirmed by who received, or by a certifier where
    /// that is nobody of the ledger.
    pub(super) fn price(&self, claim: &PricePaid) -> Result<(), Refusal> {
        self.scheme(&claim.scheme)?;
        not_after("paidOn", claim.paid_on.start(), self.latest())?;
        let lot = self.known_lot(&claim.lot)?;
        let sent = self.sale(claim)?;
        let (priced, confirmed) = self.register.facts.goods.money.priced(sent.event, sent.lot.0);
        let Some(id) = &claim.confirms else {
            let most = sent.accepted().saturating_sub(self.register.returned(&sent));
            return self.priced_within(claim, &lot, priced, most);
        };
        self.may_confirm(claim, &lot)?;
        let stated = self.price_named(id, sent.event)?;
        if stated.confirmed.is_some() {
            let target = format!("the price of entry {}", stated.mark.index);
            return Err(Refusal::StatusOrder { target, state: "confirmed already" });
        }
        same_terms(stated, claim)?;
        // What came back since was paid all the same.
        self.priced_within(claim, &lot, confirmed, sent.accepted())
    }

    /// The sale that a price names: by its seller, to its buyer, of its lot.
    fn sale(&self, claim: &PricePaid) -> Result<Sent, Refusal> {
        let unbound = |reason: String| Err(GoodsRefusal::PriceUnbound { reason }.into());
        let Some(sent) = self.register.sent(&claim.ship, &claim.lot) else {
            let (lot, ship) = (&claim.lot, &claim.ship);
            return unbound(format!("event {ship} is no shipment of lot {lot} that stands"));
        };
        if sent.ship.purpose != Purpose::Sale {
            return unbound(format!("shipment {} was no sale", claim.ship));
        }
        let shipper = self.register.party_of_holder(sent.ship.shipper);
        if shipper != claim.seller {
            return unbound(format!("{shipper} sent it, not {}", claim.seller));
        }
        let index = self.register.goods.index_of(sent.event).unwrap_or_default();
        if self.register.receiver_of(index).as_ref() != Some(&claim.buyer) {
            return unbound("it went to somebody else than the buyer".to_owned());
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
        Err(GoodsRefusal::PriceExceeded { lot, accepted, priced, asked }.into())
    }

    /// The buyer, or for one who is nobody of the ledger a certifier of the scheme, the product and
    /// the region.
    fn may_confirm(&self, claim: &PricePaid, lot: &Lot) -> Result<(), Refusal> {
        match &claim.buyer {
            Receiver::Party(buyer) if *buyer == self.statement.issuer => Ok(()),
            Receiver::Party(_) => Err(self.not_authorised("confirm this price")),
            Receiver::Elsewhere { .. } if self.accredited_for_price(&claim.scheme, lot) => Ok(()),
            Receiver::Elsewhere { .. } => Err(Refusal::OutOfScope {
                party: self.statement.issuer.to_string(),
                scheme: claim.scheme.clone(),
                product: lot.record.product.to_string(),
                region: lot.record.region.to_string(),
                held: told(None),
            }),
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
        found.ok_or_else(|| {
            let reason = "what it confirms is no price of this shipment".to_owned();
            GoodsRefusal::PriceUnbound { reason }.into()
        })
    }

    /// A part of a certificate goes with a consignment: by who ships it, soon, and all parts
    /// together are neither more than is certified nor more than is shipped.
    pub(super) fn extract(&self, claim: &CertificateExtract) -> Result<(), Refusal> {
        let serial = claim.certificate;
        let found = self.register.certificate(serial);
        let found = found.ok_or(Refusal::CertificateUnknown { serial })?.record;
        same("lot", &claim.lot.to_string(), &found.lot.to_string())?;
        let lot = self.known_lot(&claim.lot)?;
        let refused = |reason: String| Err(GoodsRefusal::ExtractRefused { serial, reason }.into());
        let Some(sent) = self.register.sent(&claim.consignment, &claim.lot) else {
            let (lot, of) = (&claim.lot, &claim.consignment);
            return refused(format!("event {of} is no shipment of lot {lot} that stands"));
        };
        let last = sent.ship.logged_at.saturating_add(EXTRACT_SECONDS_MAX);
        if self.now.seconds() > last {
            let last = Timestamp::from_seconds(last);
            return refused(format!("the consignment is older than 30 days, since {last}"));
        }
        match self.register.status_of(&found, self.now) {
            CertificateStatus::Valid => {}
            status => return refused(format!("the certificate is {}", status.word())),
        }
        self.moves_freely(&lot)?;
        let told = |quantity: u64| amount(quantity.into(), &lot.record.unit);
        let exceeded = |what, most: u64, drawn: u64| {
            let (most, drawn, asked) = (told(most), told(drawn), told(claim.quantity));
            Err(GoodsRefusal::ExtractExceeded { serial, what, most, drawn, asked }.into())
        };
        let drawn = self.register.extracted_in_chain(&found);
        if drawn.saturating_add(claim.quantity) > found.quantity {
            return exceeded("certified", found.quantity, drawn);
        }
        let key = (sent.event.0, sent.lot.0, found.scheme);
        let in_it = self.register.facts.goods.money.extracted_in.get(&key);
        let (in_it, shipped) =
            (in_it.copied().unwrap_or_default(), sent.line.sent.saturating_sub(sent.line.refused));
        if in_it.saturating_add(claim.quantity) > shipped {
            return exceeded("shipped", shipped, in_it);
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
            LotStatus::Recalled => Err(GoodsRefusal::LotRecalled { lot: name, through }.into()),
            LotStatus::Held => Err(GoodsRefusal::LotHeld { lot: name, through }.into()),
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
            Err(GoodsRefusal::TermsDiffer { member, index }.into())
        }
        None => Ok(()),
    }
}
