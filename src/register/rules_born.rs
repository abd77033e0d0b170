//! Rules on declarations from edition 2 on: what a lot opens with, its material, harvest, season
//! and campaign, and what it counts against capacity. Not here: editions before (`rules_lots`).

use super::Register;
use super::goods_book::seasons;
use super::goods_refusal::GoodsRefusal;
use super::refusal::Refusal;
use super::rules::{Case, not_after, same, unknown};
use super::rules_forms::{agrees, campaign};
use super::switch::refuse;
use crate::catalog::{DayOfYear, MaterialOrigin};
use crate::limits::OLD_STOCK_DAYS;
use crate::names::{LotKey, PartySlug};
use crate::statement::{Day, LotDeclaration, LotOrigin, Role, Timestamp};
use crate::trace::Opening;

impl Register {
    /// What a lot opens with that is declared now. None: its declaration contradicts its material.
    pub(super) fn opening(
        &self,
        claim: &LotDeclaration,
        producer: &PartySlug,
        now: Timestamp,
    ) -> Option<Opening> {
        let goods = &self.facts.goods;
        let known = goods.material(self.catalog, &claim.facts.product)?;
        let primary = match (known.origin, claim.facts.origin) {
            (MaterialOrigin::Primary, Some(LotOrigin::Derived))
            | (MaterialOrigin::Derived, Some(LotOrigin::Primary)) => return None,
            (MaterialOrigin::Primary, _) => true,
            (MaterialOrigin::Either, Some(LotOrigin::Primary)) => true,
            _ => false,
        };
        let traced = goods.traced_from(&claim.facts.product)?;
        if now < traced {
            return Some(Opening::Declared);
        }
        if primary {
            return Some(Opening::Primary);
        }
        // Old stock: packed before it could be traced, and declared soon after.
        let registered = self.party(producer).map(|party| party.mark.logged_at);
        let within = |since: Timestamp| {
            let last = since.plus_seconds(OLD_STOCK_DAYS.saturating_mul(86_400));
            claim.packed_on < since.day() && now <= last
        };
        let old = within(traced) || registered.is_some_and(within);
        let told = claim.facts.origin == Some(LotOrigin::Derived);
        Some(if old && !told { Opening::Declared } else { Opening::Derived })
    }

    /// What a lot that is declared now counts against the capacity of which campaign, and that
    /// capacity; None: it counts nothing.
    pub(super) fn counts(
        &self,
        claim: &LotDeclaration,
        producer: &PartySlug,
        now: Timestamp,
    ) -> Option<(crate::names::Word, u64, Option<u64>)> {
        let facts = &claim.facts;
        let limit = |material: &str| self.capacity(producer, material, &facts.campaign, now);
        if self.edition() < 2 {
            return Some((facts.product.clone(), facts.quantity, limit(&facts.product)));
        }
        match self.opening(claim, producer, now)? {
            Opening::Derived => None,
            Opening::Declared => {
                Some((facts.product.clone(), facts.quantity, limit(&facts.product)))
            }
            Opening::Primary => {
                let (first, counted) = self.facts.goods.first_of(&facts.product, facts.quantity);
                // Of what is traced nothing can be declared that no capacity is stated for.
                let most = limit(&first).unwrap_or_default();
                Some((first, counted, Some(most)))
            }
        }
    }
}

impl Case<'_> {
    /// A declaration under the rules of edition 2.
    pub(super) fn born(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        let facts = &claim.facts;
        let by = &self.whose.registration.party;
        self.of_material(claim)?;
        let opening = self.register.opening(claim, by, self.now);
        let opening = opening.ok_or_else(|| Refusal::Mismatch {
            member: "origin",
            found: "the other word".to_owned(),
            expected: format!("left out, for {}", facts.product),
        })?;
        let role = self.whose.registration.role;
        let cooperative = role == Role::Cooperative;
        if !cooperative && opening != Opening::Derived {
            let role = Refusal::Mismatch {
                member: "role of who declares a lot that opens with goods",
                found: <&str>::from(role).to_owned(),
                expected: "cooperative".to_owned(),
            };
            refuse("opens_full", role)?;
        }
        match opening {
            Opening::Primary => self.harvested(claim)?,
            _ => {
                let campaign = campaign(&facts.campaign)?;
                if !campaign.fits(claim.packed_on) {
                    let campaign = facts.campaign.to_string();
                    let day = Refusal::CampaignDay { campaign, packed_on: claim.packed_on };
                    refuse("campaign_fits", day)?;
                }
            }
        }
        if let LotKey::Party(party, _) = &claim.lot {
            same("party in the lot's address", party.as_str(), by.as_str())
                .or_else(|it| refuse("lot_address", it))?;
        }
        if let Some(lot) = self.register.lot(&claim.lot) {
            let index = lot.mark.index;
            return Err(Refusal::LotExists { lot: claim.lot.to_string(), index });
        }
        self.lot_number(claim)
    }

    /// What a lot says, compared with its material.
    fn of_material(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        let facts = &claim.facts;
        self.region(&facts.region)?;
        let goods = &self.register.facts.goods;
        let material = goods.material(self.register.catalog, &facts.product);
        let material = material.ok_or_else(|| unknown("material", &facts.product))?;
        if *facts.unit != *material.unit.code() {
            let unit = GoodsRefusal::UnitMismatch {
                what: "the lot",
                material: facts.product.to_string(),
                found: facts.unit.to_string(),
                expected: material.unit.code().to_owned(),
            };
            refuse("lot_unit", unit)?;
        }
        not_after("productionDate", claim.packed_on.start(), self.now)
            .or_else(|it| refuse("packed_later", it))?;
        agrees("productCategory.code", &claim.hs_code, "the catalogue", material.hs6)
            .or_else(|it| refuse("lot_hs_code", it))?;
        self.own_name()?;
        if let Some((least, most)) = material.packs
            && !(least..=most).contains(&facts.pack_size)
        {
            let size = Refusal::PackSize {
                product: facts.product.to_string(),
                found: facts.pack_size,
                least,
                most,
                unit: material.unit.code(),
            };
            refuse("pack_size", size)?;
        }
        Ok(())
    }

    /// A harvest lies in a season of its material, which says the campaign; its region is one of
    /// the producer's.
    fn harvested(&self, claim: &LotDeclaration) -> Result<(), Refusal> {
        let facts = &claim.facts;
        self.own_region(&facts.region)?;
        campaign(&facts.campaign)?;
        let (rules, day) = (&self.register.facts.goods.rules, claim.packed_on);
        let seasons = seasons(rules, self.register.catalog, &facts.product);
        let (year, ..) = day.ymd();
        let expected = if seasons.is_empty() {
            format!("{year:04}")
        } else {
            seasons.iter().find_map(|season| campaign_of(*season, day)).ok_or_else(|| {
                let told = seasons.iter().map(|(from, to)| format!("{from} to {to}"));
                GoodsRefusal::OutOfSeason {
                    material: facts.product.to_string(),
                    day,
                    seasons: told.collect::<Vec<_>>().join(", "),
                }
            })?
        };
        if *facts.campaign == *expected {
            return Ok(());
        }
        let (material, campaign) = (facts.product.to_string(), facts.campaign.to_string());
        refuse(
            "campaign_of_harvest",
            GoodsRefusal::CampaignDay { material, day, campaign, expected },
        )
    }
}

/// The campaign of a day in a season; None: it lies outside.
fn campaign_of((from, to): (DayOfYear, DayOfYear), day: Day) -> Option<String> {
    let (year, month, date) = day.ymd();
    let at = DayOfYear::of(u8::try_from(month).ok()?, u8::try_from(date).ok()?)?;
    if from <= to {
        return (from..=to).contains(&at).then(|| format!("{year:04}"));
    }
    let first = if at >= from { year } else { year.checked_sub(1)? };
    let inside = at >= from || at <= to;
    inside.then(|| format!("{first:04}/{:02}", first.saturating_add(1).rem_euclid(100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_over_new_year_has_one_campaign() {
        let season = (DayOfYear::parse("10-01").unwrap(), DayOfYear::parse("02-28").unwrap());
        let of = |day| campaign_of(season, Day::parse(day).unwrap());
        assert_eq!(of("2026-10-01").as_deref(), Some("2026/27"));
        assert_eq!(of("2027-02-28").as_deref(), Some("2026/27"));
        assert_eq!(of("2027-03-01"), None);
        let season = (DayOfYear::parse("06-01").unwrap(), DayOfYear::parse("09-30").unwrap());
        assert_eq!(campaign_of(season, Day::parse("2026-08-02").unwrap()).as_deref(), Some("2026"));
    }
}
