//! A rule book as figures: recipes with their ceilings, chains, and what is ruled of materials and
//! schemes; and what a book may not say. Not here: who may sign one, seasons, and names.

use std::collections::{BTreeMap, BTreeSet};

use super::bytes::{Fixed, Reader, put_rows, row};
use super::handles::{Material, RecipeId, SchemeId};
use super::quantity::Ratio;
use super::short::Short;
use super::wide::Wide;
use crate::limits::{BOOK_CYCLIC_MAX, BOOK_RATES_MAX, CHAIN_STEPS_MAX, TOLERANCE_PER_MILLE};

row! {
    /// How much of one material a recipe gives of another, at most.
    pub Rate {
        /// Input material.
        from: Material,
        /// Output material.
        to: Material,
        /// At most so much; [`Rate::NO_RATIO`]: not stated, which no book may do.
        ceiling: Ratio,
        /// Above it the output is held; [`Rate::NO_RATIO`]: as the ceiling.
        warn: Ratio,
    }
}

impl Rate {
    /// Stands for a fraction that is not stated.
    pub const NO_RATIO: Ratio = Ratio { n: 0, d: 0 };
}

/// A recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Its number.
    pub id: RecipeId,
    /// Its ceilings: one for each pair of materials.
    pub rates: Vec<Rate>,
    /// Output materials that spend one ceiling together, by group.
    pub shares: Vec<Vec<Material>>,
    /// Inputs that count for no share of cover while they are few.
    pub minor: Vec<Material>,
}

row! {
    /// Above `hold` of the origins' material the output is held.
    pub Chain {
        /// Material of the origins.
        from: Material,
        /// Output material.
        to: Material,
        /// At most so much without a release.
        hold: Ratio,
    }
}

row! {
    /// What is ruled of a material.
    pub MaterialRule {
        /// The material.
        material: Material,
        /// Missing at a receipt up to so many per mille of a line is a loss, no dispute.
        tolerance: u16,
        /// Days from harvest to draw, after which the output is held; 0: no end.
        keeps: u32,
        /// Days from harvest to declaration, after which the lot is held; 0: no end.
        declare_within: u32,
    }
}

row! {
    /// A scheme whose cover is kept.
    pub Covered {
        /// The scheme.
        scheme: SchemeId,
        /// Covered share in per mille below which nothing of a lot is certified.
        least: u16,
    }
}

/// A rule book. The empty one rules nothing: no recipe, no cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Its version.
    pub version: u32,
    /// Recipes beside the built-in ones.
    pub recipes: Vec<Recipe>,
    /// Chains.
    pub chains: Vec<Chain>,
    /// Materials for which something other than the defaults is ruled.
    pub materials: Vec<MaterialRule>,
    /// Schemes whose cover is kept.
    pub covered: Vec<Covered>,
}

/// What a material gives of another at most, over all steps between them.
type Limits = BTreeMap<(Material, Material), (Wide, Wide)>;

/// A book in force, and what follows from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    pub book: Book,
    pub limits: Limits,
}

impl Book {
    /// Whether a book may come into force.
    ///
    /// # Errors
    /// `recipe_unbounded`: a pair without ceiling. `recipe_cycle`: recipes lead back to a material
    /// and give more of it than went in. `rulebook_form`: something stands twice, a share names
    /// what is no output, a figure is above 1000 per mille, or there are too many.
    pub fn check(&self) -> Result<(), Short> {
        let rates = || self.recipes.iter().flat_map(|recipe| &recipe.rates);
        if rates().count() > BOOK_RATES_MAX {
            return Err(Short::RulebookForm { what: "too many pairs" });
        }
        for recipe in &self.recipes {
            recipe.check()?;
        }
        let twice = [
            (is_twice(self.recipes.iter().map(|one| one.id.0)), "a recipe"),
            (is_twice(self.chains.iter().map(|one| (one.from, one.to))), "a chain"),
            (is_twice(self.materials.iter().map(|one| one.material)), "a material"),
            (is_twice(self.covered.iter().map(|one| one.scheme)), "a scheme"),
            (self.covered.iter().any(|one| one.least > 1000), "a least share"),
            (self.materials.iter().any(|one| one.tolerance > 1000), "a tolerance"),
            (self.chains.iter().any(|one| is_none(one.hold)), "a chain"),
        ];
        if let Some((_, what)) = twice.into_iter().find(|(fault, _)| *fault) {
            return Err(Short::RulebookForm { what });
        }
        no_cycle(&rates().copied().collect::<Vec<_>>())
    }

    /// The recipe with a number.
    #[must_use]
    pub fn recipe(&self, id: RecipeId) -> Option<&Recipe> {
        self.recipes.iter().find(|recipe| recipe.id == id)
    }

    /// What is ruled of a material.
    #[must_use]
    pub fn material(&self, material: Material) -> MaterialRule {
        let stated = self.materials.iter().find(|one| one.material == material).copied();
        let tolerance = TOLERANCE_PER_MILLE;
        stated.unwrap_or(MaterialRule { material, tolerance, keeps: 0, declare_within: 60 })
    }

    /// The least share of a scheme whose cover is kept, in per mille.
    #[must_use]
    pub fn least(&self, scheme: SchemeId) -> Option<u16> {
        self.covered.iter().find(|one| one.scheme == scheme).map(|one| one.least)
    }

    pub(super) fn put(&self, into: &mut Vec<u8>) {
        self.version.put(into);
        (self.recipes.len() as u64).put(into);
        for recipe in &self.recipes {
            recipe.id.put(into);
            put_rows(recipe.rates.iter(), into);
            (recipe.shares.len() as u64).put(into);
            recipe.shares.iter().for_each(|share| put_rows(share.iter(), into));
            put_rows(recipe.minor.iter(), into);
        }
        put_rows(self.chains.iter(), into);
        put_rows(self.materials.iter(), into);
        put_rows(self.covered.iter(), into);
    }

    pub(super) fn take(from: &mut Reader) -> Option<Self> {
        let version = from.one()?;
        let mut recipes = Vec::new();
        for _ in 0..from.one::<u64>()? {
            let (id, rates) = (from.one()?, from.rows()?);
            let mut shares = Vec::new();
            for _ in 0..from.one::<u64>()? {
                shares.push(from.rows()?);
            }
            recipes.push(Recipe { id, rates, shares, minor: from.rows()? });
        }
        let (chains, materials, covered) = (from.rows()?, from.rows()?, from.rows()?);
        Some(Self { version, recipes, chains, materials, covered })
    }
}

impl Recipe {
    fn check(&self) -> Result<(), Short> {
        if is_twice(self.rates.iter().map(|rate| (rate.from, rate.to))) {
            return Err(Short::RulebookForm { what: "a pair" });
        }
        if let Some(rate) = self.rates.iter().find(|rate| is_none(rate.ceiling)) {
            let (recipe, from, to) = (self.id, rate.from, rate.to);
            return Err(Short::RecipeUnbounded { recipe, from, to });
        }
        let shared = || self.shares.iter().flatten().copied();
        let is_output = |material| self.rates.iter().any(|rate| rate.to == material);
        if is_twice(shared()) || !shared().all(is_output) {
            return Err(Short::RulebookForm { what: "a share" });
        }
        Ok(())
    }

    /// The materials that spend one ceiling with this one, itself among them.
    pub(super) fn share_of(&self, material: Material) -> Vec<Material> {
        let share = self.shares.iter().find(|share| share.contains(&material));
        share.cloned().unwrap_or_else(|| vec![material])
    }
}

impl Rules {
    /// What follows from a book that was checked.
    pub fn of(book: Book) -> Self {
        let targets: BTreeSet<Material> = book.chains.iter().map(|chain| chain.to).collect();
        let mut limits = Limits::new();
        for to in targets {
            let best = yields_of(&book, to);
            limits.extend(best.into_iter().map(|(from, ratio)| ((from, to), ratio)));
        }
        Self { book, limits }
    }
}

/// What each material gives of one at most: as a chain says, else through the most generous recipes
/// on the way.
fn yields_of(book: &Book, to: Material) -> BTreeMap<Material, (Wide, Wide)> {
    let wide = |ratio: Ratio| (Wide::from(u128::from(ratio.n)), Wide::from(u128::from(ratio.d)));
    let chains = || book.chains.iter().filter(|chain| chain.to == to);
    let mut best: BTreeMap<_, _> = chains().map(|chain| (chain.from, wide(chain.hold))).collect();
    best.insert(to, wide(Ratio::ONE));
    for _ in 0..CHAIN_STEPS_MAX {
        let mut better = best.clone();
        for rate in book.recipes.iter().flat_map(|recipe| &recipe.rates) {
            let fixed = rate.from == to || chains().any(|chain| chain.from == rate.from);
            let Some(behind) = best.get(&rate.to).filter(|_| !fixed) else { continue };
            let way = times(behind, rate.ceiling);
            if better.get(&rate.from).is_none_or(|known| is_more(&way, known)) {
                better.insert(rate.from, way);
            }
        }
        if better == best {
            break;
        }
        best = better;
    }
    best
}

/// Whether no way through the recipes gives more of a material than went in.
fn no_cycle(rates: &[Rate]) -> Result<(), Short> {
    let mut cyclic: BTreeSet<Material> = rates.iter().map(|rate| rate.from).collect();
    loop {
        let before = cyclic.len();
        let within = |rate: &&Rate| cyclic.contains(&rate.from) && cyclic.contains(&rate.to);
        let froms: BTreeSet<_> = rates.iter().filter(within).map(|rate| rate.from).collect();
        let tos: BTreeSet<_> = rates.iter().filter(within).map(|rate| rate.to).collect();
        cyclic = froms.intersection(&tos).copied().collect();
        if cyclic.len() == before {
            break;
        }
    }
    if cyclic.len() > BOOK_CYCLIC_MAX {
        return Err(Short::RulebookForm { what: "too many materials in circles" });
    }
    // Longest ways from anywhere: what still grows after as many steps as there are materials
    // went round a circle that grows.
    let one = || (Wide::from(1), Wide::from(1));
    let mut best: BTreeMap<_, _> = cyclic.iter().map(|material| (*material, one())).collect();
    for _ in 0..=cyclic.len() {
        let mut grown = None;
        let mut next = best.clone();
        for rate in rates {
            let (Some(from), Some(known)) = (best.get(&rate.from), next.get(&rate.to)) else {
                continue;
            };
            let way = times(from, rate.ceiling);
            if is_more(&way, known) {
                grown = Some(rate.to);
                next.insert(rate.to, way);
            }
        }
        let Some(_) = grown else { return Ok(()) };
        best = next;
    }
    Err(Short::RecipeCycle { material: cyclic.first().copied().unwrap_or(Material(0)) })
}

fn times((n, d): &(Wide, Wide), ratio: Ratio) -> (Wide, Wide) {
    let by = |wide: &Wide, factor: u64| wide.times(&Wide::from(u128::from(factor)));
    (by(n, ratio.n), by(d, ratio.d))
}

fn is_more(one: &(Wide, Wide), other: &(Wide, Wide)) -> bool {
    one.0.times(&other.1) > other.0.times(&one.1)
}

fn is_none(ratio: Ratio) -> bool {
    Ratio::new(ratio.n, ratio.d).is_none()
}

fn is_twice<T: Ord>(all: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    !{ all }.all(|one| seen.insert(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(from: u32, to: u32, n: u64, d: u64) -> Rate {
        let ceiling = Ratio { n, d };
        Rate { from: Material(from), to: Material(to), ceiling, warn: Rate::NO_RATIO }
    }

    fn book(rates: Vec<Rate>) -> Book {
        let recipe = Recipe { id: RecipeId(1), rates, shares: Vec::new(), minor: Vec::new() };
        Book { recipes: vec![recipe], ..Book::default() }
    }

    #[test]
    fn a_pair_without_ceiling_is_refused() {
        let unbounded = book(vec![rate(1, 2, 0, 0)]).check();
        assert_eq!(unbounded.unwrap_err().code(), "recipe_unbounded");
    }

    #[test]
    fn litres_to_kilograms_and_back_must_not_grow() {
        // L -> kg by 925 g, kg -> L by 906 g: 2.1 % a round.
        let grows = book(vec![rate(1, 2, 925, 1000), rate(2, 1, 1000, 906)]).check();
        assert_eq!(grows.unwrap_err().code(), "recipe_cycle");
        assert_eq!(book(vec![rate(1, 2, 906, 1000), rate(2, 1, 1000, 906)]).check(), Ok(()));
        assert_eq!(book(vec![rate(1, 1, 1001, 1000)]).check().unwrap_err().code(), "recipe_cycle");
        // One part in 2^53 a round.
        let close = (1 << 53) - 1;
        let grows = book(vec![rate(1, 2, close, close - 1), rate(2, 3, 1, 1), rate(3, 1, 1, 1)]);
        assert_eq!(grows.check().unwrap_err().code(), "recipe_cycle");
    }

    #[test]
    fn a_way_that_never_comes_back_may_grow() {
        let drying = book(vec![rate(1, 2, 11, 4), rate(2, 3, 9, 1), rate(1, 3, 30, 1)]);
        assert_eq!(drying.check(), Ok(()));
    }

    #[test]
    fn the_largest_book_is_judged_soon() {
        let ring = (0..64).map(|at| rate(at, (at + 1) % 64, (1 << 53) - 1, (1 << 53) - 1));
        let chords = (0..192).map(|at| rate(at % 64, (at * 7 + 3) % 64, 1 << 52, (1 << 53) - 1));
        let mut rates: Vec<Rate> = ring.chain(chords).collect();
        rates.sort_by_key(|rate| (rate.from, rate.to));
        rates.dedup_by_key(|rate| (rate.from, rate.to));
        assert_eq!(book(rates).check(), Ok(()));
    }
}
