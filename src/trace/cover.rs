//! What of goods a scheme covers, and what was harvested for them: both flow with every draw in
//! proportion and are rounded down, so neither can grow. A share is taken of all that was ever
//! filled, never of what is left, so that drawing gram by gram gains nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::act::Opening;
use super::book::{Recipe, Rules};
use super::handles::{LotHandle, Material, SchemeId};
use super::quantity::{floor_share, per_mille};
use super::recipe::Sums;
use super::rows::{Key, LotRow};
use super::short::Short;
use super::state::{Flow, Trace};

/// What was drawn of one lot.
pub(super) struct Input {
    pub material: Material,
    pub quantity: u64,
    /// What flowed along.
    pub flow: Flow,
}

impl Trace {
    /// What flows with a draw. A lot that opened full is covered by what is told of it now, at most
    /// whole; one that was filled here by what its fills brought.
    pub(super) fn drawn(
        &self,
        lot: LotHandle,
        row: &LotRow,
        quantity: u64,
        told: &[(SchemeId, u64)],
    ) -> Flow {
        let mut flow = match row.opening {
            Opening::Derived => self.carried_by(lot),
            Opening::Primary | Opening::Declared => {
                let mut best: BTreeMap<Key, u64> = BTreeMap::new();
                for (scheme, cover) in told {
                    let known = best.entry(Key::Cover(*scheme)).or_default();
                    *known = (*cover).min(row.filled).max(*known);
                }
                if self.rules.limits.keys().any(|(from, _)| *from == row.material) {
                    best.insert(Key::Origin(row.material), row.filled);
                }
                best.into_iter().collect()
            }
        };
        flow.iter_mut().for_each(|(_, part)| *part = floor_share(quantity, *part, row.filled));
        flow
    }

    /// What of a lot a scheme covers, in its smallest unit. Of a lot that opened full that is what
    /// certificates say, which is not known here: None.
    #[must_use]
    pub fn cover(&self, lot: LotHandle, scheme: SchemeId) -> Option<u64> {
        let row = self.row(lot).filter(|row| row.opening == Opening::Derived)?;
        let flow = self.carried_by(lot);
        let found = flow.iter().find(|(key, _)| *key == Key::Cover(scheme));
        Some(found.map_or(0, |(_, cover)| (*cover).min(row.filled)))
    }

    /// Whether so much of a lot may be certified under a scheme; the covered share in per mille.
    pub(super) fn covers(
        &self,
        lot: LotHandle,
        row: &LotRow,
        scheme: SchemeId,
        asked: u64,
    ) -> Result<u16, Short> {
        let least = self.rules.book.least(scheme);
        let (Some(least), Some(cover)) = (least, self.cover(lot, scheme)) else { return Ok(1000) };
        let filled = row.filled;
        if asked > cover {
            self.refuse(Short::CoverExceeded { lot, scheme, cover, filled, asked })?;
        }
        let share = per_mille(cover, filled);
        // Exactly, not by the rounded share.
        if u128::from(cover) * 1000 < u128::from(least) * u128::from(filled) {
            self.refuse(Short::BlendNotAllowed { lot, scheme, share, least })?;
        }
        Ok(share)
    }
}

/// What was harvested for the inputs together, by material; None: it is not known of all of them.
pub(super) fn origins(inputs: &[Input]) -> Option<Sums> {
    let mut sums = Sums::new();
    for input in inputs {
        let mut known = false;
        for (key, quantity) in &input.flow {
            if let Key::Origin(material) = key {
                known = true;
                *sums.entry(*material).or_default() += u128::from(*quantity);
            }
        }
        known.then_some(())?;
    }
    Some(sums)
}

/// What one fill brings. `together` is all that comes out and spends the same ceiling: they divide
/// the harvest between them.
pub(super) fn filled(
    rules: &Rules,
    recipe: Option<&Recipe>,
    inputs: &[Input],
    fill: u64,
    together: u128,
) -> Flow {
    let keys: BTreeSet<Key> =
        inputs.iter().flat_map(|input| input.flow.iter().map(|(key, _)| *key)).collect();
    let part = |key: Key| match key {
        Key::Cover(scheme) => covered(rules, recipe, inputs, fill, scheme),
        Key::Origin(_) => share(fill, inputs.iter().map(|input| of(input, key)).sum(), together),
    };
    keys.into_iter().map(|key| (key, part(key))).collect()
}

/// floor(fill x the least covered share of any input material).
fn covered(
    rules: &Rules,
    recipe: Option<&Recipe>,
    inputs: &[Input],
    fill: u64,
    scheme: SchemeId,
) -> u64 {
    let is_minor =
        |input: &&Input| recipe.is_some_and(|recipe| recipe.minor.contains(&input.material));
    let sum = |some: &mut dyn Iterator<Item = &Input>| {
        some.fold(0_u128, |sum, input| sum + u128::from(input.quantity))
    };
    let (all, minor) = (sum(&mut inputs.iter()), sum(&mut inputs.iter().filter(is_minor)));
    let least = u128::from(rules.book.least(scheme).unwrap_or(1000));
    // Few enough, and beside something that counts.
    let skipped = minor < all && minor * 1000 <= 1000_u128.saturating_sub(least) * all;
    let mut shares: BTreeMap<Material, (u128, u128)> = BTreeMap::new();
    for input in inputs.iter().filter(|input| !(skipped && is_minor(input))) {
        let (cover, drawn) = shares.entry(input.material).or_default();
        *cover += of(input, Key::Cover(scheme));
        *drawn += u128::from(input.quantity);
    }
    shares.values().map(|(cover, drawn)| share(fill, *cover, *drawn)).min().unwrap_or(0)
}

fn of(input: &Input, key: Key) -> u128 {
    let found = input.flow.iter().find(|(one, _)| *one == key);
    found.map_or(0, |(_, part)| u128::from(*part))
}

/// floor(fill x part / whole), at most u64. Parts of 400 lots are below 2^62, a fill below 2^53.
fn share(fill: u64, part: u128, whole: u128) -> u64 {
    let floor = u128::from(fill).saturating_mul(part).checked_div(whole).unwrap_or(0);
    u64::try_from(floor).unwrap_or(u64::MAX)
}
