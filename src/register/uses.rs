//! What is used of the volumes that certificates of operators certify: figures alone, by lot and by
//! season. Not here: what a lot may use (`volumes`).

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::pairs;
use crate::names::{PartySlug, Word};

/// Of whose harvest of what a volume is certified, under which scheme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Season {
    pub party: PartySlug,
    pub scheme: Word,
    pub material: Word,
    pub campaign: Word,
}

/// All that is used, in the first material of each chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Uses {
    /// By lot (its row) and scheme.
    #[serde(with = "pairs")]
    of_lot: OrdMap<(u32, Word), u64>,
    #[serde(with = "pairs")]
    totals: OrdMap<Season, u64>,
}

impl Uses {
    pub fn of(&self, place: u32, scheme: &Word) -> u64 {
        self.of_lot.get(&(place, scheme.clone())).copied().unwrap_or_default()
    }

    pub fn total(&self, season: &Season) -> u64 {
        self.totals.get(season).copied().unwrap_or_default()
    }

    /// A lot has used so much, or more before.
    pub fn raise(&mut self, place: u32, season: &Season, to: u64) {
        let more = to.saturating_sub(self.of(place, &season.scheme));
        if more > 0 {
            self.of_lot.insert((place, season.scheme.clone()), to);
            let total = self.totals.entry(season.clone()).or_default();
            *total = total.saturating_add(more);
        }
    }

    /// What a lot has used is free again; `season` under a scheme.
    pub fn give_back(&mut self, place: u32, season: impl Fn(Word) -> Season) {
        let used = self.of_lot.range((place, Word::default())..);
        let used = used.take_while(|((of, _), _)| *of == place);
        let used: Vec<(Word, u64)> =
            used.map(|((_, scheme), used)| (scheme.clone(), *used)).collect();
        for (scheme, used) in used {
            self.of_lot.remove(&(place, scheme.clone()));
            let total = self.totals.entry(season(scheme)).or_default();
            *total = total.saturating_sub(used);
        }
    }
}
