//! Who acts in whose name: mandates as values, and which entries were signed under which. Not here:
//! what may be done under one (`rules_mandate`).

use std::collections::BTreeSet;

use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use super::Register;
use super::pairs;
use crate::names::{PartySlug, Word};
use crate::seal::LogPosition;
use crate::statement::{Claim, Day, MandatedAct, Statement};

/// A party lets another act in its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateRecord {
    /// Where the log has it.
    pub mark: LogPosition,
    /// In whose name.
    pub party: PartySlug,
    /// Who may act.
    pub to: PartySlug,
    /// What it may do.
    pub acts: BTreeSet<MandatedAct>,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// All of them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mandates {
    /// By log index.
    #[serde(with = "pairs")]
    pub all: OrdMap<u64, MandateRecord>,
    /// In whose name, to whom, and the log index: the last of two parties is the one that counts.
    #[serde(with = "pairs::of_set")]
    pub of: OrdSet<(PartySlug, PartySlug, u64)>,
    /// Entries that were signed under one, and which.
    #[serde(with = "pairs")]
    pub under: OrdMap<u64, u64>,
}

impl Mandates {
    /// Whether a mandate counts on a day: the newest of its two parties, between its days.
    pub fn counts(&self, record: &MandateRecord, today: Day) -> bool {
        let (party, to) = (&record.party, &record.to);
        let first = (party.clone(), to.clone(), 0);
        let last = (party.clone(), to.clone(), u64::MAX);
        let newest = self.of.range(first..=last).next_back().map(|(.., index)| *index);
        newest == Some(record.mark.index) && (record.from..=record.until).contains(&today)
    }
}

/// The mandate that a statement says it is signed under.
pub(super) fn mandate_named(claim: &Claim) -> Option<&str> {
    match claim {
        Claim::Event(claim) => claim.mandate.as_deref(),
        Claim::Lot(claim) => claim.facts.mandate.as_deref(),
        _ => None,
    }
}

impl Register {
    /// The mandate with an id.
    pub(super) fn mandate(&self, id: &str) -> Option<&MandateRecord> {
        self.facts.goods.money.mandates.all.get(&self.ids.index_of(id)?)
    }

    /// In whose name a statement is signed that the rules let in.
    pub(super) fn in_whose_name<'a>(&'a self, statement: &'a Statement) -> &'a PartySlug {
        let mandate = mandate_named(&statement.claim).and_then(|id| self.mandate(id));
        mandate.map_or(&statement.issuer, |mandate| &mandate.party)
    }

    /// The mandate that an entry, a declaration or an event, was signed under.
    #[must_use]
    pub fn under_mandate(&self, index: u64) -> Option<&MandateRecord> {
        let mandates = &self.facts.goods.money.mandates;
        mandates.all.get(mandates.under.get(&index)?)
    }

    /// The mandates that a party gave, by to whom, oldest first; of two to the same party the newer
    /// one counts alone.
    pub fn mandates_of<'a>(
        &'a self,
        party: &'a PartySlug,
    ) -> impl Iterator<Item = &'a MandateRecord> {
        let mandates = &self.facts.goods.money.mandates;
        let first = (party.clone(), PartySlug::known(Word::default()), 0);
        let own = mandates.of.range(first..).take_while(move |(of, ..)| of == party);
        own.filter_map(|(.., index)| mandates.all.get(index))
    }

    /// Whether a mandate counts on a day.
    #[must_use]
    pub fn mandate_counts(&self, record: &MandateRecord, today: Day) -> bool {
        self.facts.goods.money.mandates.counts(record, today)
    }
}
