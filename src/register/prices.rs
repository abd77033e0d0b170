//! What is known of whether prices were paid, and what they add up to: kept as entries come, so
//! that asking costs nothing. Not here: what lets a price in (`rules_money`), single prices
//! (`money`), the sums themselves (`price_sums`).

use super::Register;
use super::lots::NO_ROW;
use super::money::{Money, PriceRecord};
use super::price_sums::{Change, Counted, PriceGroup, PriceStanding, PriceTotal, PricesOf};
use crate::names::PartySlug;
use crate::seal::LogPosition;
use crate::statement::PriceTerms;
use crate::trace::EventHandle;

impl Money {
    /// The prices that a party stated to another of a lot, by shipment and log index.
    fn between(
        &self,
        lot: u32,
        seller: &PartySlug,
        buyer: &PartySlug,
    ) -> impl Iterator<Item = (u32, u64)> {
        let key = |ship, index| (lot, seller.clone(), buyer.clone(), ship, index);
        let range = self.sold.range(key(0, 0)..=key(u32::MAX, u64::MAX));
        range.map(|(.., ship, index)| (*ship, *index))
    }
}

impl Register {
    /// What prices come to, of all or of a party, by scheme, year, campaign and currency, in this
    /// order, behind a group. What was undone is in none.
    pub fn price_totals(
        &self,
        whose: &PricesOf,
        after: Option<&PriceGroup>,
    ) -> impl Iterator<Item = PriceTotal> {
        self.facts.goods.money.book.of(whose, after)
    }

    /// What is known of whether a price was paid; None: it was undone, or its shipment was.
    #[must_use]
    pub fn price_standing(&self, record: &PriceRecord) -> Option<PriceStanding> {
        if record.voided.is_some() {
            return None;
        }
        self.goods.event_at(record.ship).and_then(|event| self.goods.trace.ship_view(event))?;
        Some(match &record.confirmed {
            _ if matches!(record.terms, PriceTerms::Committed(_)) => PriceStanding::Undisclosed,
            None if record.taken_back.is_some() => PriceStanding::Disputed,
            None => PriceStanding::OneSided,
            Some(_) if self.paid_both_ways(record) => PriceStanding::Disputed,
            Some(confirmed) if confirmed.audited => PriceStanding::Audited,
            Some(_) => PriceStanding::Confirmed,
        })
    }

    /// Whether on the same lot a price was stated the other way too.
    #[must_use]
    pub fn paid_both_ways(&self, record: &PriceRecord) -> bool {
        let (Some(buyer), Some(place)) = (&record.buyer, self.lots.place(&record.lot)) else {
            return false;
        };
        let money = &self.facts.goods.money;
        money.between(place, buyer, &record.seller).next().is_some()
    }

    /// Whether a price was stated before on the same lot by the same seller to the same buyer.
    pub(super) fn sold_before(&self, record: &PriceRecord, lot: u32) -> bool {
        let money = &self.facts.goods.money;
        let between = |buyer| money.between(lot, &record.seller, buyer).next().is_some();
        record.buyer.as_ref().is_some_and(between)
    }

    /// Changes prices by `change`, with the sums of all whose standing hangs on them: those named,
    /// and those the other way on a lot between the same parties, seller and buyer `turned`.
    pub(super) fn with_prices(
        &mut self,
        named: &[(u32, u64)],
        turned: Option<(u32, &PartySlug, &PartySlug)>,
        change: impl FnOnce(&mut Self),
    ) {
        let mut all = named.to_vec();
        if let Some((lot, seller, buyer)) = turned {
            let money = &self.facts.goods.money;
            all.extend(money.between(lot, buyer, seller));
        }
        self.count_prices(&all, Change::Take);
        change(self);
        self.count_prices(&all, Change::Add);
    }

    fn count_prices(&mut self, prices: &[(u32, u64)], change: Change) {
        for key in prices {
            let Some(record) = self.facts.goods.money.prices.get(key) else { continue };
            let Some(standing) = self.price_standing(record) else { continue };
            let record = record.clone();
            let place = self.lots.place(&record.lot);
            let row = place.and_then(|place| self.lots.row(place));
            let season = row.map(|row| self.names.text(row.campaign)).unwrap_or_default();
            let (year, ..) = record.paid_on.ymd();
            let price = Counted {
                scheme: &record.scheme,
                year,
                season: &season,
                seller: &record.seller,
                buyer: record.buyer.as_ref(),
                terms: &record.terms,
            };
            self.facts.goods.money.book.change(&price, standing, change);
        }
    }

    /// A price that does not stand any more, as its seller's word and in all sums.
    pub(super) fn price_ended(&mut self, (ship, index): (u32, u64), mark: LogPosition) {
        let Some(record) = self.facts.goods.money.prices.get(&(ship, index)).cloned() else {
            return;
        };
        if record.voided.is_some() {
            return;
        }
        let lot = self.lots.place(&record.lot).unwrap_or(NO_ROW);
        // What stood against a price the other way does so no more once none is left.
        let turned = record.buyer.as_ref().filter(|buyer| {
            let money = &self.facts.goods.money;
            money.between(lot, &record.seller, buyer).take(2).count() == 1
        });
        let turned = turned.map(|buyer| (lot, &record.seller, buyer));
        self.with_prices(&[(ship, index)], turned, |register| {
            let money = &mut register.facts.goods.money;
            if let Some(buyer) = &record.buyer {
                let key = (lot, record.seller.clone(), buyer.clone(), ship, index);
                money.sold.remove(&key);
            }
            money.first_hand.remove(&(lot, ship, index));
            let (all, confirmed) = money.priced.entry((ship, lot)).or_default();
            *all = all.saturating_sub(record.quantity);
            if record.confirmed.is_some() {
                *confirmed = confirmed.saturating_sub(record.quantity);
            }
            if let Some(found) = money.prices.get_mut(&(ship, index)) {
                found.voided = Some(mark);
            }
        });
    }

    /// All prices of a shipment that is about to be undone.
    pub(super) fn prices_end_with(&mut self, ship: EventHandle, mark: LogPosition) {
        let range = self.facts.goods.money.prices.range((ship.0, 0)..=(ship.0, u64::MAX));
        let prices: Vec<(u32, u64)> = range.map(|(key, _)| *key).collect();
        prices.into_iter().for_each(|price| self.price_ended(price, mark));
    }
}
