//! What a register knows of goods beside lots and certificates: the figures, which log entry each
//! event is, the rulebook's lists in force, and the few facts that figures do not hold. Values
//! only. Not here: who may do what (`rules_event`), how entries change it (`fold_goods`).

use std::sync::{Arc, Mutex, PoisonError};

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::money::Money;
use super::pairs;
use crate::catalog::{BaseUnit, Catalog, MaterialOrigin};
use crate::names::Word;
use crate::statement::{AddedMaterial, GoodsRules, Timestamp};
use crate::trace::{EventHandle, Trace};

/// All of it. Empty until the rules of edition 2 are in force: from then on the lots of the log
/// have the numbers in the figures that they have in the register.
#[derive(Clone, Default)]
pub(super) struct Goods {
    /// How much there is of every lot, from where and with whom.
    pub trace: Trace,
    /// The log index of each event, by its number in the figures.
    pub events: Vector<u64>,
    /// The figures since a hold ended by itself.
    pub ended: Ended,
}

/// Figures as they are after what ended by itself since the newest entry, once made: which entries
/// they are of and the last instant at which something ended. A copy of a register keeps none: two
/// of one size can differ.
#[derive(Default)]
pub(super) struct Ended(Mutex<Option<((u64, Timestamp), Trace)>>);

impl Clone for Ended {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Ended {
    /// The figures kept for these entries and this instant; else they are made, once.
    pub fn at(&self, of: (u64, Timestamp), make: impl FnOnce() -> Trace) -> Trace {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, trace)) = kept.as_ref().filter(|(known, _)| *known == of) {
            return trace.clone();
        }
        let trace = make();
        *kept = Some((of, trace.clone()));
        trace
    }
}

/// What stands in a snapshot as JSON.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodsFacts {
    /// Since when the rules of edition 2 are in force.
    pub since: Option<Timestamp>,
    /// The lists of the rulebook in force.
    pub rules: Arc<GoodsRules>,
    /// The log indexes of the rulebooks that speak of goods.
    #[serde(default)]
    pub rulebooks: Vec<u64>,
    /// Materials that any rulebook added; none changes its meaning.
    #[serde(with = "pairs")]
    pub materials: OrdMap<Word, AddedMaterial>,
    /// From when on a material is traced, where a rulebook named it.
    #[serde(with = "pairs")]
    pub traced: OrdMap<Word, Timestamp>,
    /// When the status of which lot changes by itself: a hold that ends, a change to come.
    #[serde(with = "pairs::of_set")]
    pub due: OrdSet<(Timestamp, u32)>,
    /// What a release lifted of which lot (second) that it inherited from which (first), by the
    /// log index of the release.
    #[serde(with = "pairs")]
    pub lifts: OrdMap<u64, Vec<(u32, u32)>>,
    /// What a lot counts of which material against capacity, where that is not itself.
    #[serde(with = "pairs")]
    pub counts: OrdMap<u32, (Word, u64)>,
    /// The schemes that labels of a lot name.
    #[serde(with = "pairs")]
    pub on_labels: OrdMap<u32, Vec<Word>>,
    /// Prices, extracts of certificates, and who acts in whose name.
    pub money: Money,
    /// Where the declaration of a lot was undone.
    #[serde(with = "pairs")]
    pub undeclared: OrdMap<u32, u64>,
    /// Where an event was, if it said so, of transformations.
    #[serde(with = "pairs")]
    pub regions: OrdMap<u32, Word>,
}

impl Goods {
    /// The event that a log entry is.
    pub fn event_at(&self, index: u64) -> Option<EventHandle> {
        let place = self.events.binary_search(&index).ok()?;
        u32::try_from(place).ok().map(EventHandle)
    }

    /// The log entry of an event.
    pub fn index_of(&self, event: EventHandle) -> Option<u64> {
        self.events.get(usize::try_from(event.0).ok()?).copied()
    }
}

/// What a lot can be made of, whoever knows it: the catalogue or a rulebook.
pub(super) struct Known<'a> {
    pub unit: BaseUnit,
    pub hs6: &'a str,
    /// The least and the most that one sales unit holds.
    pub packs: Option<(u64, u64)>,
    pub origin: MaterialOrigin,
}

impl GoodsFacts {
    /// A material of the catalogue or of a rulebook.
    pub fn material<'a>(&'a self, catalog: &'a Catalog, id: &str) -> Option<Known<'a>> {
        if let Some(known) = catalog.material(id) {
            let (unit, packs, origin) = (known.unit, Some(known.packs), known.origin);
            return Some(Known { unit, hs6: &known.hs6, packs, origin });
        }
        let added = self.materials.get(id)?;
        let unit = BaseUnit::of_code(&added.unit)?;
        Some(Known { unit, hs6: &added.hs_code, packs: None, origin: added.origin })
    }

    /// From when on a material is traced; None: the rules of edition 2 are not in force.
    pub fn traced_from(&self, material: &str) -> Option<Timestamp> {
        self.traced.get(material).copied().or(self.since)
    }

    /// The material that a harvest of this one began as, and how much of it was needed at the least
    /// for a quantity: a chain's share where the rulebook states one, else its recipes' ceilings,
    /// rounded up at each step.
    pub fn first_of(&self, material: &str, quantity: u64) -> (Word, u64) {
        let (mut at, mut counted) = (material.to_owned(), quantity);
        let mut seen = vec![at.clone()];
        for _ in 0..crate::limits::CHAIN_STEPS_MAX {
            let chain = self.rules.chains.iter().filter(|chain| chain.to == at);
            let chain = chain.map(|chain| (chain.from.as_str(), chain.hold));
            let ratios = self.rules.recipes.iter().flat_map(|recipe| &recipe.ratios);
            let ratios = ratios.filter(|ratio| ratio.to == at && ratio.from != at);
            let step = ratios.map(|ratio| (ratio.from.as_str(), ratio.ceiling));
            // The first by name, so that it does not hang on the order of a list.
            let by_name = |one: &(&str, _), other: &(&str, _)| one.0.cmp(other.0);
            let Some((from, share)) = chain.min_by(by_name).or_else(|| step.min_by(by_name)) else {
                break;
            };
            let needed = (u128::from(counted) * u128::from(share.d())).div_ceil(share.n().into());
            counted = u64::try_from(needed).unwrap_or(u64::MAX);
            at = from.to_owned();
            if seen.contains(&at) {
                break;
            }
            seen.push(at.clone());
        }
        (Word::new(&at), counted)
    }
}
