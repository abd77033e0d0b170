//! Sums of prices: by scheme, year of payment, campaign of the lot and currency, over all parties
//! and for each as seller and as buyer. Currencies are never added together; what one side alone
//! says is never added to what was paid. Not here: which price counts as what (`prices`).

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::pairs;
use crate::names::{PartySlug, Word};
use crate::statement::PriceTerms;

/// What is known of whether a price was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceStanding {
    /// Stated by both sides.
    Confirmed,
    /// Stated by the seller, borne out by a certifier.
    Audited,
    /// Stated by the seller alone.
    OneSided,
    /// Both stated it once, but money went the other way on the lot too, or who bore it out took
    /// that back.
    Disputed,
    /// Its terms are a commitment: there are no figures.
    Undisclosed,
}

/// Some prices in one currency's minor unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceSum {
    /// How many.
    pub count: u64,
    /// What they come to without premium.
    #[serde(with = "digits")]
    pub amount: u128,
    /// Their premiums.
    #[serde(with = "digits")]
    pub premium: u128,
}

/// What prices that have the same scheme, year, campaign and currency come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceSums {
    /// Both sides signed.
    pub confirmed: PriceSum,
    /// The seller and a certifier.
    pub audited: PriceSum,
    /// The seller alone: not paid, as far as anybody knows.
    pub one_sided: PriceSum,
    /// Told both ways, or borne out and taken back.
    pub disputed: PriceSum,
    /// How many keep their figures to themselves.
    pub undisclosed: u64,
}

/// What prices have in common that are added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceGroup {
    /// The scheme they were sold under.
    pub scheme: Word,
    /// The year they were paid in.
    pub year: i32,
    /// The campaign of the lots.
    pub season: Word,
    /// ISO 4217; empty: of those that keep their figures to themselves.
    pub currency: Word,
}

/// Prices of a group, with what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceTotal {
    /// What they have in common.
    #[serde(flatten)]
    pub group: PriceGroup,
    /// What they come to.
    #[serde(flatten)]
    pub sums: PriceSums,
}

/// Whose prices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PricesOf {
    /// Everybody's.
    All,
    /// What a party sold for.
    Seller(PartySlug),
    /// What a party bought for.
    Buyer(PartySlug),
}

/// All sums, in the order of whose and of what they are.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceBook {
    #[serde(with = "pairs")]
    sums: OrdMap<(PricesOf, PriceGroup), PriceSums>,
}

/// A price, as far as it is added up.
pub(super) struct Counted<'a> {
    pub scheme: &'a Word,
    pub year: i32,
    pub season: &'a Word,
    pub seller: &'a PartySlug,
    pub buyer: Option<&'a PartySlug>,
    pub terms: &'a PriceTerms,
}

/// Added or taken away again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Take,
}

impl PriceSums {
    /// What was paid as far as two of three say so: confirmed and audited.
    #[must_use]
    pub fn paid(&self) -> PriceSum {
        let (one, other) = (self.confirmed, self.audited);
        PriceSum {
            count: one.count.saturating_add(other.count),
            amount: one.amount.saturating_add(other.amount),
            premium: one.premium.saturating_add(other.premium),
        }
    }

    fn change(&mut self, terms: &PriceTerms, standing: PriceStanding, change: Change) {
        let sum = match standing {
            PriceStanding::Confirmed => &mut self.confirmed,
            PriceStanding::Audited => &mut self.audited,
            PriceStanding::OneSided => &mut self.one_sided,
            PriceStanding::Disputed => &mut self.disputed,
            PriceStanding::Undisclosed => {
                self.undisclosed = match change {
                    Change::Add => self.undisclosed.saturating_add(1),
                    Change::Take => self.undisclosed.saturating_sub(1),
                };
                return;
            }
        };
        let PriceTerms::Open { amount, premium, .. } = terms else { return };
        let (amount, premium) = (u128::from(*amount), u128::from(*premium));
        *sum = match change {
            Change::Add => PriceSum {
                count: sum.count.saturating_add(1),
                amount: sum.amount.saturating_add(amount),
                premium: sum.premium.saturating_add(premium),
            },
            Change::Take => PriceSum {
                count: sum.count.saturating_sub(1),
                amount: sum.amount.saturating_sub(amount),
                premium: sum.premium.saturating_sub(premium),
            },
        };
    }
}

impl PriceBook {
    /// Adds a price, or takes it away again, for all that it counts to.
    pub fn change(&mut self, price: &Counted<'_>, standing: PriceStanding, change: Change) {
        let currency = match price.terms {
            PriceTerms::Open { currency, .. } => Word::new(currency),
            PriceTerms::Committed(_) => Word::default(),
        };
        let (scheme, season) = (price.scheme.clone(), price.season.clone());
        let group = PriceGroup { scheme, year: price.year, season, currency };
        let buyer = price.buyer.cloned().map(PricesOf::Buyer);
        let sides = [PricesOf::All, PricesOf::Seller(price.seller.clone())];
        for whose in sides.into_iter().chain(buyer) {
            let key = (whose, group.clone());
            let mut sums = self.sums.get(&key).copied().unwrap_or_default();
            sums.change(price.terms, standing, change);
            if sums == PriceSums::default() {
                self.sums.remove(&key);
            } else {
                self.sums.insert(key, sums);
            }
        }
    }

    /// Sums in the order of their groups, behind one.
    pub fn of(
        &self,
        whose: &PricesOf,
        after: Option<&PriceGroup>,
    ) -> impl Iterator<Item = PriceTotal> {
        let least = PriceGroup {
            scheme: Word::default(),
            year: i32::MIN,
            season: Word::default(),
            currency: Word::default(),
        };
        let from = (whose.clone(), after.cloned().unwrap_or(least));
        let (whose, after) = (whose.clone(), after.cloned());
        let all = self.sums.range(from..).take_while(move |((of, _), _)| *of == whose);
        let all = all.filter(move |((_, group), _)| after.as_ref() != Some(group));
        all.map(|((_, group), sums)| PriceTotal { group: group.clone(), sums: *sums })
    }
}

/// Sums as digits: beyond 2^64 JSON has no numbers that all readers read.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(sum: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(sum)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
