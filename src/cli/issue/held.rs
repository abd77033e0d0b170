//! Lots that are held, told before and after they are touched: what a declaration would take above
//! its campaign's capacity, and which lots of a batch stand held. Not here: the rule (`register`).

use std::collections::HashMap;

use super::super::common::ask::claim_of;
use super::super::common::lookup;
use super::super::common::lookup::PartyFacts;
use super::super::common::service::Source;
use super::batch::{BatchEntry, IssueBatch, RowState};
use crate::ledger::Held;
use crate::names::{LotKey, PartySlug};
use crate::statement::{Claim, LotDeclaration, Reason};

/// What a batch of declarations by one cooperative adds up to.
pub struct Seasons {
    /// What the ledger says of the producer.
    party: Option<PartyFacts>,
    edition: u32,
    /// Of this batch, by product and campaign, smallest unit.
    ahead: HashMap<(String, String), u64>,
}

impl Seasons {
    /// Of a cooperative as the ledger has it now.
    ///
    /// # Errors
    /// A ledger that cannot be asked.
    pub fn of(source: &Source, producer: &PartySlug) -> anyhow::Result<Self> {
        let party = lookup::party(source, producer)?;
        let edition = lookup::rulebook(source)?.edition;
        Ok(Self { party, edition, ahead: HashMap::new() })
    }

    /// What would hold a lot that is declared after those asked about before.
    pub fn would_hold(&mut self, lot: &LotDeclaration) -> Option<Held> {
        let facts = &lot.facts;
        let (capacity, before) = self.season(&facts.product, &facts.campaign);
        let season = (facts.product.to_string(), facts.campaign.to_string());
        let ahead = self.ahead.entry(season).or_default();
        let declared = before.saturating_add(*ahead).saturating_add(facts.quantity);
        let held = capacity.is_some_and(|capacity| declared > capacity);
        // Held lots count into their campaign under the rules of the first release only.
        if !held || self.edition == 0 {
            *ahead = ahead.saturating_add(facts.quantity);
        }
        held.then(|| Held {
            reason: Reason::Capacity,
            by: None,
            capacity,
            declared: Some(declared),
            unit: facts.unit.to_string(),
        })
    }

    fn season(&self, product: &str, campaign: &str) -> (Option<u64>, u64) {
        let seasons = self.party.as_ref().map(|party| party.seasons.as_slice());
        let of_product =
            || seasons.unwrap_or_default().iter().filter(|season| season.product == product);
        if let Some(season) = of_product().find(|season| season.campaign == campaign) {
            return (season.capacity, season.declared);
        }
        // Where other campaigns of the product have a figure, none is none.
        let others = self.edition > 0 && of_product().any(|season| season.capacity.is_some());
        (others.then_some(0), 0)
    }
}

/// Tells each row what will hold its lot once it is declared, or what holds it now.
///
/// # Errors
/// A ledger that cannot be asked.
pub fn foretell(batch: &IssueBatch<'_>, entries: &mut [BatchEntry]) -> anyhow::Result<()> {
    let mut seasons = Seasons::of(batch.source, batch.issuer)?;
    let method = format!("{}#key-1", batch.domain.did(batch.issuer));
    let now = standing(batch.source)?;
    for entry in entries {
        let declared = match &entry.state {
            RowState::Ready(ready) => claim_of(&ready.unsigned, batch.domain, &method).ok(),
            _ => None,
        };
        entry.held = match declared {
            Some(Claim::Lot(lot)) => seasons.would_hold(&lot),
            _ => entry.key.as_ref().and_then(|key| now.get(key)).cloned(),
        };
    }
    Ok(())
}

/// Tells each row that is in the log what holds its lot now.
///
/// # Errors
/// A ledger that cannot be asked.
pub fn tell(source: &Source, entries: &mut [BatchEntry]) -> anyhow::Result<()> {
    let now = standing(source)?;
    for entry in entries {
        entry.held = entry.key.as_ref().and_then(|key| now.get(key)).cloned();
    }
    Ok(())
}

/// What holds lots now, by lot.
fn standing(source: &Source) -> anyhow::Result<HashMap<LotKey, Held>> {
    let held = lookup::held_lots(source)?.into_iter();
    Ok(held.filter_map(|lot| Some((lot.lot, lot.held?))).collect())
}
