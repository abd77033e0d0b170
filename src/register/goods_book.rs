//! What a rulebook says of goods, as the figures take it, and whether it may come into force: what
//! it names is known, nothing changes its meaning, no recipe makes one protected name of another.
//! Not here: who signs it (`rules_rights`), circles and ceilings (`trace`).

use std::collections::BTreeSet;

use super::goods_refusal::GoodsRefusal;
use super::goods_state::GoodsFacts;
use super::names::Names;
use super::refusal::Refusal;
use super::rules::unknown;
use crate::catalog::{Catalog, DayOfYear};
use crate::limits::TOLERANCE_PER_MILLE;
use crate::statement::{Fraction, GoodsRules, Rulebook};
use crate::trace::{
    Book, Chain, Covered, Material, MaterialRule, Rate, Ratio, Recipe, RecipeId, SchemeId,
};

/// Days from harvest to declaration, where a rulebook says nothing.
const DECLARE_WITHIN_DAYS: u32 = 60;

/// The figures of a rulebook. Its schemes are those of the catalogue that are covered unless it
/// names them otherwise, and those it names.
pub(super) fn book(claim: &Rulebook, catalog: &Catalog, names: &mut Names) -> Book {
    let rules = &claim.goods;
    let mut id = |text: &str| names.of(text).0;
    let recipes = rules.recipes.iter().map(|recipe| Recipe {
        id: RecipeId(id(&recipe.id)),
        rates: recipe
            .ratios
            .iter()
            .map(|one| Rate {
                from: Material(id(&one.from)),
                to: Material(id(&one.to)),
                ceiling: ratio(one.ceiling),
                warn: one.warn.map_or(Rate::NO_RATIO, ratio),
            })
            .collect(),
        shares: recipe
            .shares
            .iter()
            .map(|share| share.iter().map(|one| Material(id(one))).collect())
            .collect(),
        minor: recipe.minor.iter().map(|one| Material(id(one))).collect(),
    });
    let recipes = recipes.collect();
    let chains = rules.chains.iter().map(|one| Chain {
        from: Material(id(&one.from)),
        to: Material(id(&one.to)),
        hold: ratio(one.hold),
    });
    let chains = chains.collect();
    let named = rules.tolerances.iter().map(|one| one.material.as_str());
    let named = named.chain(rules.keeping.iter().map(|one| one.material.as_str()));
    let named: BTreeSet<&str> = named.collect();
    let materials = named.into_iter().map(|one| rule_of(rules, one, Material(id(one))));
    let materials = materials.collect();
    let covered = covered(rules, catalog).into_iter().map(|(scheme, least)| Covered {
        scheme: SchemeId(id(&scheme)),
        least: u16::try_from(least).unwrap_or(1_000),
    });
    let covered = covered.collect();
    let version = u32::try_from(claim.version).unwrap_or(u32::MAX);
    Book { version, recipes, chains, materials, covered }
}

fn ratio(fraction: Fraction) -> Ratio {
    Ratio { n: fraction.n(), d: fraction.d() }
}

fn rule_of(rules: &GoodsRules, named: &str, material: Material) -> MaterialRule {
    let tolerance = rules.tolerances.iter().find(|one| one.material == named);
    let tolerance = tolerance.and_then(|one| u16::try_from(one.per_mille).ok());
    let keeping = rules.keeping.iter().find(|one| one.material == named);
    let keeps = keeping.and_then(|one| one.keeps).map_or(0, days_of);
    let within = keeping.and_then(|one| one.declare_within).unwrap_or(DECLARE_WITHIN_DAYS);
    let tolerance = tolerance.unwrap_or(TOLERANCE_PER_MILLE);
    MaterialRule { material, tolerance, keeps, declare_within: within }
}

/// So many months in days, rounded up: 48 months are 1,461.
fn days_of(months: u32) -> u32 {
    months.saturating_mul(1_461).div_ceil(48)
}

/// Schemes whose cover is kept, with the least covered share in per mille.
pub(super) fn covered(rules: &GoodsRules, catalog: &Catalog) -> Vec<(String, u32)> {
    let known = catalog.schemes().map(|known| &known.id);
    let stated = rules.covered_schemes.iter().map(|one| &one.scheme);
    let all: BTreeSet<&String> = known.chain(stated).collect();
    let least = |id: &String| least_cover(rules, catalog, id);
    all.into_iter().filter_map(|id| Some((id.clone(), least(id)?))).collect()
}

/// The share in per mille that a scheme asks for at least; None: it does not ask.
pub(super) fn least_cover(rules: &GoodsRules, catalog: &Catalog, id: &str) -> Option<u32> {
    if let Some(stated) = rules.covered_schemes.iter().find(|one| one.scheme == id) {
        return Some(stated.least_per_mille());
    }
    let left_out = rules.uncovered.iter().any(|one| one.scheme == id);
    let known = catalog.scheme(id).filter(|known| known.is_of_operators() && !left_out);
    known.map(|_| 1_000)
}

/// Whether a rulebook names what is known, and leaves what is known its meaning.
///
/// # Errors
/// The first that it does not.
pub(super) fn known(
    rules: &GoodsRules,
    facts: &GoodsFacts,
    catalog: &Catalog,
) -> Result<(), Refusal> {
    for added in &rules.materials {
        let Some(before) = facts.material(catalog, &added.id) else { continue };
        if before.unit.code() != added.unit {
            return Err(GoodsRefusal::UnitMismatch {
                what: "the rulebook's material",
                material: added.id.clone(),
                found: added.unit.clone(),
                expected: before.unit.code().to_owned(),
            }
            .into());
        }
        let same = facts.materials.get(added.id.as_str()) == Some(added);
        if !same {
            let what = format!("{} is a material already; none changes its meaning", added.id);
            return Err(GoodsRefusal::RulebookForm { what }.into());
        }
    }
    let own = |id: &str| rules.materials.iter().any(|one| one.id == id);
    let is_known = |id: &str| own(id) || facts.material(catalog, id).is_some();
    let ratios = rules.recipes.iter().flat_map(|recipe| &recipe.ratios);
    let named = ratios.flat_map(|one| [&one.from, &one.to]);
    let named = named.chain(rules.recipes.iter().flat_map(|recipe| &recipe.minor));
    let named = named.chain(rules.chains.iter().flat_map(|one| [&one.from, &one.to]));
    let named = named.chain(rules.seasons.iter().map(|one| &one.material));
    let named = named.chain(rules.traced_from.iter().map(|one| &one.material));
    let named = named.chain(rules.tolerances.iter().map(|one| &one.material));
    let mut named = named.chain(rules.keeping.iter().map(|one| &one.material));
    if let Some(other) = named.find(|id| !is_known(id)) {
        return Err(unknown("material", other));
    }
    let schemes = rules.covered_schemes.iter().map(|one| &one.scheme);
    let mut schemes = schemes.chain(rules.uncovered.iter().map(|one| &one.scheme));
    match schemes.find(|id| catalog.scheme(id).is_none()) {
        Some(other) => Err(unknown("scheme", other)),
        None => no_renaming(rules, catalog),
    }
}

/// A protected name is a product under a geographical indication or a designation of origin.
fn no_renaming(rules: &GoodsRules, catalog: &Catalog) -> Result<(), Refusal> {
    let protected = |id: &str| {
        let sign = catalog.product(id).map(|product| product.sign.as_str());
        sign.is_some_and(|sign| sign == "IG" || sign == "AO")
    };
    for recipe in &rules.recipes {
        let mut ratios = recipe.ratios.iter();
        let renames =
            ratios.find(|one| one.from != one.to && protected(&one.from) && protected(&one.to));
        if let Some(one) = renames {
            let (from, to) = (one.from.clone(), one.to.clone());
            return Err(GoodsRefusal::RecipeRenames { recipe: recipe.id.clone(), from, to }.into());
        }
    }
    Ok(())
}

/// What a rulebook loosens of the one before it, in a word; None: nothing. What loosens is signed
/// with the root key.
#[must_use]
pub fn loosens(new: &GoodsRules, old: &GoodsRules, catalog: &Catalog) -> Option<&'static str> {
    let recipe = |id: &str| old.recipes.iter().find(|recipe| recipe.id == id);
    let looser = |one: &crate::statement::Recipe| {
        let Some(before) = recipe(&one.id) else { return true };
        let rates = one.ratios.iter().any(|rate| {
            let mut known = before.ratios.iter();
            let known = known.find(|known| known.from == rate.from && known.to == rate.to);
            let warned = |rate: &crate::statement::Ratio| rate.warn.unwrap_or(rate.ceiling);
            known.is_none_or(|known| rate.ceiling > known.ceiling || warned(rate) > warned(known))
        });
        let shares = before.shares.iter().any(|share| !one.shares.contains(share));
        let minor = one.minor.iter().any(|minor| !before.minor.contains(minor));
        rates || shares || minor
    };
    if new.recipes.iter().any(looser) {
        return Some("a recipe");
    }
    let like = |chains: &[crate::statement::Chain], one: &crate::statement::Chain| {
        let same = chains.iter().find(|it| it.from == one.from && it.to == one.to);
        same.map(|it| it.hold)
    };
    let higher =
        |one: &crate::statement::Chain| like(&new.chains, one).is_none_or(|now| now > one.hold);
    // By a new one a harvest of a later material can count for less than its recipes say.
    let added = |one: &crate::statement::Chain| like(&old.chains, one).is_none();
    if old.chains.iter().any(higher) || new.chains.iter().any(added) {
        return Some("a chain");
    }
    let dropped = |old: &crate::statement::Season| {
        !new.seasons.iter().any(|new| new.material == old.material)
    };
    let wider = |one: &crate::statement::Season| {
        let before = seasons(old, catalog, &one.material);
        !before.is_empty() && !before.contains(&(one.from, one.to))
    };
    if old.seasons.iter().any(dropped) || new.seasons.iter().any(wider) {
        return Some("a season");
    }
    let now = covered(new, catalog);
    let dropped = |(scheme, least): &(String, u32)| {
        now.iter().find(|(known, _)| known == scheme).is_none_or(|(_, now)| now < least)
    };
    if covered(old, catalog).iter().any(dropped) {
        return Some("a covered scheme");
    }
    figures_loosen(new, old)
}

/// The seasons of a material: the rulebook's, else the catalogue's.
pub(super) fn seasons(
    rules: &GoodsRules,
    catalog: &Catalog,
    material: &str,
) -> Vec<(DayOfYear, DayOfYear)> {
    let own = rules.seasons.iter().filter(|season| season.material == material);
    let own: Vec<_> = own.map(|season| (season.from, season.to)).collect();
    if !own.is_empty() {
        return own;
    }
    catalog.material(material).and_then(|known| known.season).into_iter().collect()
}

fn figures_loosen(new: &GoodsRules, old: &GoodsRules) -> Option<&'static str> {
    let default = u32::from(TOLERANCE_PER_MILLE);
    let tolerance = |rules: &GoodsRules, material: &str| {
        let stated = rules.tolerances.iter().find(|one| one.material == material);
        stated.map_or(default, |one| one.per_mille)
    };
    let mut named = new.tolerances.iter().chain(&old.tolerances).map(|one| &one.material);
    if named.any(|one| tolerance(new, one) > tolerance(old, one)) {
        return Some("a tolerance");
    }
    let keeping = |rules: &GoodsRules, material: &str| {
        let stated = rules.keeping.iter().find(|one| one.material == material);
        let keeps = stated.and_then(|one| one.keeps).unwrap_or(u32::MAX);
        let within = stated.and_then(|one| one.declare_within).unwrap_or(DECLARE_WITHIN_DAYS);
        (keeps, within)
    };
    let mut named = new.keeping.iter().chain(&old.keeping).map(|one| &one.material);
    let longer = named.any(|one| {
        let (now, before) = (keeping(new, one), keeping(old, one));
        now.0 > before.0 || now.1 > before.1
    });
    longer.then_some("a keeping time")
}
