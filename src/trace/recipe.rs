//! Whether what came out can have come from what went in. Ceilings are judged for each output
//! material over all input materials and floored once for each: neither the order of lines nor
//! their number moves a gram.

use std::collections::BTreeMap;

use super::book::{Rate, Recipe, Rules};
use super::bytes::words;
use super::handles::{Material, RecipeId};
use super::quantity::{Ratio, Sum};
use super::short::Short;
use super::wide::Wide;

/// Sums by material.
pub(super) type Sums = BTreeMap<Material, u128>;

/// By what recipe goods were transformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Lots of one material put together.
    Group,
    /// A lot divided.
    Split,
    /// Goods put into packs.
    PackOff,
    /// A recipe of the rule book.
    Book(RecipeId),
}

words! {
    /// The same without the number.
    pub(super) WayWord {
        Group,
        Split,
        PackOff,
        Book,
    }
}

impl Way {
    pub(super) fn word(self) -> (WayWord, u32) {
        match self {
            Self::Group => (WayWord::Group, 0),
            Self::Split => (WayWord::Split, 0),
            Self::PackOff => (WayWord::PackOff, 0),
            Self::Book(RecipeId(id)) => (WayWord::Book, id),
        }
    }
}

/// The recipe of a way; None: it is built in.
pub(super) fn found(rules: &Rules, way: Way) -> Result<Option<&Recipe>, Short> {
    let Way::Book(id) = way else { return Ok(None) };
    rules.book.recipe(id).map(Some).ok_or(Short::RecipeUnknown { recipe: id })
}

/// Whether the materials are those of the recipe.
pub(super) fn materials(recipe: Option<&Recipe>, drawn: &Sums, filled: &Sums) -> Result<(), Short> {
    let Some(recipe) = recipe else {
        let one = drawn.keys().next();
        let mut all = drawn.keys().chain(filled.keys());
        let other = all.find(|material| Some(*material) != one);
        return other.map_or(Ok(()), |other| Err(Short::RecipeMismatch { material: *other }));
    };
    let is_input = |one: &&Material| {
        recipe.rates.iter().any(|rate| rate.from == **one) || recipe.minor.contains(one)
    };
    let is_output = |one: &&Material| recipe.rates.iter().any(|rate| rate.to == **one);
    let foreign_in = drawn.keys().find(|one| !is_input(one));
    let foreign_out = filled.keys().find(|one| !is_output(one));
    match foreign_in.or(foreign_out) {
        Some(material) => Err(Short::RecipeMismatch { material: *material }),
        None => Ok(()),
    }
}

/// Outputs above what the inputs give: the material, what is asked and the most, and whether others
/// spent of it.
pub(super) fn above(
    recipe: Option<&Recipe>,
    drawn: &Sums,
    filled: &Sums,
    which: fn(&Rate) -> Ratio,
) -> Vec<(Material, u128, u128, bool)> {
    let most = |to: Material| match recipe {
        None => drawn.get(&to).copied().unwrap_or_default(),
        Some(recipe) => {
            let rates = recipe.rates.iter().filter(|rate| rate.to == to);
            let parts = rates
                .filter_map(|rate| Some(which(rate).floor_of(drawn.get(&rate.from).copied()?)));
            parts.fold(0, u128::saturating_add)
        }
    };
    let alone = filled.iter().filter(|(to, asked)| **asked > most(**to));
    let mut all: Vec<_> = alone.map(|(to, asked)| (*to, *asked, most(*to), false)).collect();
    for share in recipe.iter().flat_map(|recipe| &recipe.shares) {
        let mut spent = Sum::zero();
        let outputs = share.iter().filter_map(|to| Some((to, *filled.get(to)?)));
        let mut last = None;
        for (to, asked) in outputs {
            spent.add(&Wide::from(asked), &Wide::from(most(*to).max(1)));
            last = Some((*to, asked, most(*to), true));
        }
        all.extend(last.filter(|_| spent.is_above(1)));
    }
    all
}

/// The ceiling of a rate.
pub(super) fn ceiling(rate: &Rate) -> Ratio {
    rate.ceiling
}

/// The fraction above which an output is held.
pub(super) fn warning(rate: &Rate) -> Ratio {
    if rate.warn == Rate::NO_RATIO { rate.ceiling } else { rate.warn }
}

/// Outputs above what their origins give over all steps. `origins` are what was drawn of
/// them, by their materials; outputs that spend one ceiling spend one harvest. What the book names
/// no chain and no way for is not judged.
pub(super) fn above_chain(
    rules: &Rules,
    recipe: &Recipe,
    origins: &Sums,
    filled: &Sums,
) -> Vec<Material> {
    let is_above = |to: &Material| {
        let chained = rules.book.chains.iter().any(|chain| chain.to == *to);
        let limits = || origins.keys().map(|from| rules.limits.get(&(*from, *to)));
        if !chained || origins.is_empty() || limits().any(|limit| limit.is_none()) {
            return false;
        }
        let mut most = Sum::zero();
        for (drawn, (n, d)) in origins.values().zip(limits().flatten()) {
            most.add(&Wide::from(*drawn).times(n), d);
        }
        let together = recipe.share_of(*to);
        let asked = together.iter().filter_map(|one| filled.get(one));
        most.is_below(asked.fold(0, |sum: u128, one| sum.saturating_add(*one)))
    };
    filled.keys().copied().filter(is_above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNELS: Material = Material(1);
    const NUTS: Material = Material(2);
    const FOOD: Material = Material(3);
    const COSMETIC: Material = Material(4);

    fn press() -> Recipe {
        let rate = |from, to, n, d| {
            let ceiling = Ratio { n, d };
            Rate { from, to, ceiling, warn: Rate::NO_RATIO }
        };
        let rates = vec![
            rate(KERNELS, FOOD, 55_000, 90_600),
            rate(KERNELS, COSMETIC, 55_000, 90_600),
            rate(NUTS, FOOD, 1, 3),
        ];
        let shares = vec![vec![FOOD, COSMETIC]];
        Recipe { id: RecipeId(1), rates, shares, minor: Vec::new() }
    }

    fn is_above(drawn: &[(Material, u128)], filled: &[(Material, u128)]) -> bool {
        let (drawn, filled) = (drawn.iter().copied().collect(), filled.iter().copied().collect());
        !above(Some(&press()), &drawn, &filled, ceiling).is_empty()
    }

    #[test]
    fn a_hundred_kilograms_of_kernels_give_60_706_millilitres() {
        assert!(!is_above(&[(KERNELS, 100_000)], &[(FOOD, 60_706)]));
        assert!(is_above(&[(KERNELS, 100_000)], &[(FOOD, 60_707)]));
    }

    #[test]
    fn each_input_material_is_floored_once() {
        // 60,706 and floor(100 / 3) = 33.
        let inputs = [(KERNELS, 100_000), (NUTS, 100)];
        assert!(!is_above(&inputs, &[(FOOD, 60_739)]));
        assert!(is_above(&inputs, &[(FOOD, 60_740)]));
    }

    #[test]
    fn food_oil_and_cosmetic_oil_spend_one_ceiling() {
        let kernels = [(KERNELS, 100_000)];
        assert!(!is_above(&kernels, &[(FOOD, 30_353), (COSMETIC, 30_353)]));
        assert!(is_above(&kernels, &[(FOOD, 30_353), (COSMETIC, 30_354)]));
        assert!(is_above(&kernels, &[(FOOD, 60_706), (COSMETIC, 60_706)]));
        assert!(is_above(&kernels, &[(FOOD, 60_706), (COSMETIC, 1)]));
    }

    #[test]
    fn a_split_gives_what_it_took() {
        let sums = |quantity| [(KERNELS, quantity)].into_iter().collect();
        assert_eq!(above(None, &sums(100), &sums(100), ceiling), Vec::new());
        let found = above(None, &sums(100), &sums(6_400), ceiling);
        assert_eq!(found, [(KERNELS, 6_400, 100, false)]);
        let other = [(NUTS, 1)].into_iter().collect();
        assert!(materials(None, &sums(100), &other).is_err());
    }
}
