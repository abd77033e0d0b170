//! What was paid for shipped goods and what of certificates went with which shipment, as values,
//! and what is asked of them. Not here: the rules that let them in (`rules_money`), how entries
//! change them (`fold_money`).

use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use super::Register;
use super::mandates::Mandates;
use super::pairs;
use super::price_sums::{PriceBook, PriceStanding};
use crate::names::{LotKey, PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{Commitment, Day, PriceBasis, PriceTerms, Receiver};
use crate::trace::{EventHandle, Holder};

/// A price as its seller stated it, and who bore it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRecord {
    /// Where the log has the seller's word.
    pub mark: LogPosition,
    /// The lot.
    pub lot: LotKey,
    /// The log index of the shipment it pays for.
    pub ship: u64,
    /// Who sold.
    pub seller: PartySlug,
    /// Who paid; None: somebody who is named by a commitment.
    pub buyer: Option<PartySlug>,
    /// The scheme it was sold under.
    pub scheme: Word,
    /// Of how much of the lot, in its smallest unit.
    pub quantity: u64,
    /// Amount and premium for that quantity, or a commitment to them.
    pub terms: PriceTerms,
    /// What the amount covers.
    pub basis: PriceBasis,
    /// Day of payment.
    pub paid_on: Day,
    /// The invoice, which rests off the log.
    pub invoice: Commitment,
    /// Who else says the same; None: nobody, or not any more.
    pub confirmed: Option<PriceConfirmed>,
    /// Who said the same and took it back, and where the log has that.
    pub taken_back: Option<PriceConfirmed>,
    /// Where the seller's word was undone, or the shipment.
    pub voided: Option<LogPosition>,
}

/// That somebody beside the seller says the same, or took that back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceConfirmed {
    /// Who.
    pub by: PartySlug,
    /// Where the log has it.
    pub mark: LogPosition,
    /// A certifier, for a buyer who is none of the ledger's parties.
    pub audited: bool,
}

/// What is known of the price of a lot's first sale by its producer. What one side alone says is
/// never told as paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// Nothing was stated.
    None,
    /// Its terms are a commitment.
    Undisclosed(PriceRecord),
    /// Stated by the seller alone, or money went the other way on this lot too.
    OneSided(PriceRecord),
    /// Stated by both.
    Confirmed(PriceRecord),
    /// Stated by the seller, borne out by a certifier: the buyer is none of the ledger's parties.
    Audited(PriceRecord),
}

/// A part of a certificate that went with a consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtractRecord {
    /// Where the log has it.
    pub mark: LogPosition,
    /// The certificate's serial.
    pub certificate: u64,
    /// The log index of the shipment.
    pub ship: u64,
    /// The lot.
    pub lot: LotKey,
    /// How much of it, in its smallest unit.
    pub quantity: u64,
    /// Who drew it: the shipper.
    pub by: PartySlug,
}

/// All of it. Sums stand beside what they are of: many small ones cost no more to judge than few.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Money {
    /// Prices, by the number of their shipment in the figures and their log index.
    #[serde(with = "pairs")]
    pub prices: OrdMap<(u32, u64), PriceRecord>,
    /// By shipment and lot, the sum of all prices and of those that were confirmed.
    #[serde(with = "pairs")]
    pub priced: OrdMap<(u32, u32), (u64, u64)>,
    /// Prices of a lot (first) by its producer.
    #[serde(with = "pairs::of_set")]
    pub first_hand: OrdSet<(u32, u32, u64)>,
    /// The price, by shipment and log index, that an entry states or confirms.
    #[serde(with = "pairs")]
    pub said_in: OrdMap<u64, (u32, u64)>,
    /// Of which lot who sold to whom for which price.
    #[serde(with = "pairs::of_set")]
    pub sold: OrdSet<(u32, PartySlug, PartySlug, u32, u64)>,
    /// The entries that undid what was said of a price.
    #[serde(with = "pairs::of_set")]
    pub undoing: OrdSet<u64>,
    /// What prices add up to.
    pub book: PriceBook,
    /// Extracts, by serial and log index.
    #[serde(with = "pairs")]
    pub extracts: OrdMap<(u64, u64), ExtractRecord>,
    /// The same by the number of their shipment.
    #[serde(with = "pairs::of_set")]
    pub extracts_of: OrdSet<(u32, u64, u64)>,
    /// Their sum, by serial.
    #[serde(with = "pairs")]
    pub extracted: OrdMap<u64, u64>,
    /// And by shipment, lot and scheme.
    #[serde(with = "pairs")]
    pub extracted_in: OrdMap<(u32, u32, Word), u64>,
    /// To whom shipments went that left the ledger.
    #[serde(with = "pairs")]
    pub abroad: OrdMap<u32, (Commitment, String)>,
    /// Which shipments (second) bring back goods of which.
    #[serde(with = "pairs::of_set")]
    pub returns: OrdSet<(u32, u32)>,
    /// The shipments that do.
    #[serde(with = "pairs::of_set")]
    pub bringing: OrdSet<u32>,
    pub mandates: Mandates,
}

impl Money {
    /// What prices of a shipment and lot sum up to: all, and those that were confirmed.
    pub fn priced(&self, ship: EventHandle, lot: u32) -> (u64, u64) {
        self.priced.get(&(ship.0, lot)).copied().unwrap_or_default()
    }

    /// What extracts of a certificate sum up to.
    pub fn extracted(&self, serial: u64) -> u64 {
        self.extracted.get(&serial).copied().unwrap_or_default()
    }
}

impl Register {
    /// The price of a lot's first sale by its producer.
    #[must_use]
    pub fn price_of(&self, lot: &LotKey) -> Price {
        let money = &self.facts.goods.money;
        let Some(place) = self.lots.place(lot) else { return Price::None };
        let mut own = money.first_hand.range((place, 0, 0)..=(place, u32::MAX, u64::MAX));
        let found = own.next().and_then(|(_, ship, index)| money.prices.get(&(*ship, *index)));
        found.cloned().map_or(Price::None, |record| self.price(record))
    }

    /// What a price is worth: its terms and who said so, and whether money went back.
    #[must_use]
    pub fn price(&self, record: PriceRecord) -> Price {
        match self.price_standing(&record) {
            None => Price::None,
            Some(PriceStanding::Undisclosed) => Price::Undisclosed(record),
            Some(PriceStanding::OneSided | PriceStanding::Disputed) => Price::OneSided(record),
            Some(PriceStanding::Audited) => Price::Audited(record),
            Some(PriceStanding::Confirmed) => Price::Confirmed(record),
        }
    }

    /// The price that an entry states or confirms, and whether it is the seller's word.
    #[must_use]
    pub fn price_said_in(&self, index: u64) -> Option<(&PriceRecord, bool)> {
        let money = &self.facts.goods.money;
        let record = money.prices.get(money.said_in.get(&index)?)?;
        Some((record, record.mark.index == index))
    }

    /// The prices of a shipment, by its log index, oldest first, behind the entry `after`; those
    /// that were undone among them.
    pub fn prices_of_ship(
        &self,
        ship: u64,
        after: Option<u64>,
    ) -> impl Iterator<Item = &PriceRecord> {
        let event = self.goods.event_at(ship).map_or(u32::MAX, |event| event.0);
        let first = after.map_or(0, |after| after.saturating_add(1));
        let range = self.facts.goods.money.prices.range((event, first)..=(event, u64::MAX));
        range.map(|(_, record)| record)
    }

    /// The extracts of a certificate, oldest first, behind the entry `after`.
    pub fn extracts_of_certificate(
        &self,
        serial: u64,
        after: Option<u64>,
    ) -> impl Iterator<Item = &ExtractRecord> {
        let first = after.map_or(0, |after| after.saturating_add(1));
        let range = self.facts.goods.money.extracts.range((serial, first)..=(serial, u64::MAX));
        range.map(|(_, record)| record)
    }

    /// The extracts that go with a shipment, by its log index: by serial, then oldest first, behind
    /// the serial and entry `after`.
    pub fn extracts_of_ship(
        &self,
        ship: u64,
        after: Option<(u64, u64)>,
    ) -> impl Iterator<Item = &ExtractRecord> {
        let money = &self.facts.goods.money;
        let event = self.goods.event_at(ship).map_or(u32::MAX, |event| event.0);
        let (serial, index) = after.map_or((0, 0), |(one, at)| (one, at.saturating_add(1)));
        let range = money.extracts_of.range((event, serial, index)..=(event, u64::MAX, u64::MAX));
        range.filter_map(|(_, serial, index)| money.extracts.get(&(*serial, *index)))
    }

    /// How much of a certificate went with consignments so far, in the lot's smallest unit.
    #[must_use]
    pub fn extracted(&self, serial: u64) -> u64 {
        self.facts.goods.money.extracted(serial)
    }

    /// To whom a shipment went, by its log index; None: it is none, or was undone.
    #[must_use]
    pub fn receiver_of(&self, ship: u64) -> Option<Receiver> {
        let event = self.goods.event_at(ship)?;
        match self.goods.trace.ship_view(event)?.receiver {
            Some(holder) => Some(Receiver::Party(self.party_of_holder(holder))),
            None => {
                let (commitment, country) = self.facts.goods.money.abroad.get(&event.0)?;
                Some(Receiver::Elsewhere { commitment: *commitment, country: country.clone() })
            }
        }
    }

    /// The party that a number of the figures stands for.
    pub(super) fn party_of_holder(&self, holder: Holder) -> PartySlug {
        self.names.party(super::names::NameId(holder.0))
    }
}
