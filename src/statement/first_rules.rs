//! What the first rulebook of a ledger says of goods: recipes and chains from
//! `assets/data/recipes.csv`, seasons from the table of materials. Figures from the yields of
//! `units-yields.csv`, each row with its basis; a ceiling that no source gives is an assumption,
//! and is marked so. Not a rule of this product: an authority signs its own.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Chain, CoveredScheme, Fraction, GoodsRules, Keeping, Ratio, Recipe, Season, Tolerance,
};
use crate::catalog::{Catalog, CatalogError};

#[derive(Deserialize)]
struct Row {
    kind: String,
    recipe: String,
    step: String,
    from: String,
    to: String,
    ceiling_n: u64,
    ceiling_d: u64,
    warn_n: Option<u64>,
    warn_d: Option<u64>,
}

/// Dried fruit goes on drying: so much of it may be missing at receipt, in per mille.
const DRIED_FRUIT_PER_MILLE: u32 = 30;
const DRIED_FRUIT: [&str; 3] =
    ["argan-fruit-dry", "figue-nabout-taounate", "figue-quouti-ouezzane"];

/// Months that argan fruit keeps, ripe or dried.
const ARGAN_FRUIT_KEEPS: u32 = 36;

/// Of processed organic goods at least so much is organic, in per mille (law 39-12).
const ORGANIC_LEAST: u32 = 950;

/// What the first rulebook of a ledger says of goods, until its authority signs another.
///
/// # Errors
/// [`CatalogError`] when a table was broken at build time.
pub fn first_goods_rules() -> Result<GoodsRules, CatalogError> {
    let table = include_str!("../../assets/data/recipes.csv");
    let mut recipes: BTreeMap<String, Recipe> = BTreeMap::new();
    let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut chains = Vec::new();
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize() {
        let row: Row = row.map_err(|error| fault(&error.to_string()))?;
        let ceiling = fraction(row.ceiling_n, row.ceiling_d)?;
        if row.kind == "chain" {
            chains.push(Chain { from: row.from, to: row.to, hold: ceiling });
            continue;
        }
        let warn = match (row.warn_n, row.warn_d) {
            (Some(n), Some(d)) => Some(fraction(n, d)?),
            _ => None,
        };
        let outputs = groups.entry((row.recipe.clone(), row.step)).or_default();
        if !outputs.contains(&row.to) {
            outputs.push(row.to.clone());
        }
        let id = row.recipe.clone();
        let empty = || Recipe { id, ratios: Vec::new(), shares: Vec::new(), minor: Vec::new() };
        let recipe = recipes.entry(row.recipe).or_insert_with(empty);
        recipe.ratios.push(Ratio { from: row.from, to: row.to, ceiling, warn });
    }
    // Names for one and the same thing spend one ceiling.
    for ((recipe, _), mut outputs) in groups {
        if let Some(recipe) = recipes.get_mut(&recipe).filter(|_| outputs.len() > 1) {
            outputs.sort();
            recipe.shares.push(outputs);
        }
    }
    let rules = GoodsRules {
        recipes: recipes.into_values().collect(),
        chains,
        seasons: seasons(Catalog::builtin()?),
        covered_schemes: vec![CoveredScheme {
            scheme: "bio-maroc".to_owned(),
            least: Some(ORGANIC_LEAST),
        }],
        tolerances: DRIED_FRUIT.iter().map(|material| tolerance(material)).collect(),
        keeping: ["argan-fruit", "argan-fruit-dry"].iter().map(|one| keeping(one)).collect(),
        ..GoodsRules::default()
    };
    rules.check().map_err(|error| fault(&error.to_string()))?;
    Ok(rules)
}

fn seasons(catalog: &Catalog) -> Vec<Season> {
    let known = |material: &crate::catalog::Material| {
        let (from, to) = material.season?;
        Some(Season { material: material.id.clone(), from, to })
    };
    catalog.materials().filter_map(known).collect()
}

fn tolerance(material: &str) -> Tolerance {
    Tolerance { material: material.to_owned(), per_mille: DRIED_FRUIT_PER_MILLE }
}

fn keeping(material: &str) -> Keeping {
    let keeps = Some(ARGAN_FRUIT_KEEPS);
    Keeping { material: material.to_owned(), keeps, declare_within: None }
}

fn fraction(n: u64, d: u64) -> Result<Fraction, CatalogError> {
    Fraction::of(n, d).ok_or_else(|| fault(&format!("{n}/{d} is no fraction")))
}

fn fault(reason: &str) -> CatalogError {
    CatalogError { table: "recipes", reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::Material;

    fn table(text: &str) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
    }

    /// A decimal in units of 10^-5; none of the table is finer.
    fn scaled(text: &str) -> u64 {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        assert!(fraction.len() <= 5, "{text}");
        format!("{whole}{fraction:0<5}").parse().unwrap()
    }

    #[test]
    fn every_material_is_known_and_products_keep_their_facts() {
        let catalog = Catalog::builtin().unwrap();
        for product in catalog.products() {
            let material = catalog.material(&product.id).unwrap();
            let facts = |it: &Material| (it.unit, it.packs, it.hs6.clone());
            assert_eq!(facts(material), (product.unit, product.packs, product.hs6.clone()));
            assert_eq!(
                [&material.name_fr, &material.name_ar, &material.name_en],
                [&product.name_fr, &product.name_ar, &product.name_en],
                "{}",
                product.id
            );
        }
        let rules = first_goods_rules().unwrap();
        let ratios = rules.recipes.iter().flat_map(|recipe| &recipe.ratios);
        let ends = ratios.flat_map(|ratio| [&ratio.from, &ratio.to]);
        let chains = rules.chains.iter().flat_map(|chain| [&chain.from, &chain.to]);
        let lists = rules.tolerances.iter().map(|one| &one.material);
        let keeping = rules.keeping.iter().map(|one| &one.material);
        for material in ends.chain(chains).chain(lists).chain(keeping) {
            assert!(catalog.material(material).is_some(), "{material}");
        }
        for material in catalog.materials() {
            assert!(super::super::is_term_id(&material.id) && material.hs6.len() == 6);
        }
    }

    #[test]
    fn derived_materials_have_a_recipe() {
        let rules = first_goods_rules().unwrap();
        let made: Vec<&str> = rules
            .recipes
            .iter()
            .flat_map(|recipe| recipe.ratios.iter().map(|ratio| ratio.to.as_str()))
            .collect();
        let derived = |it: &&Material| it.origin == crate::catalog::MaterialOrigin::Derived;
        for material in Catalog::builtin().unwrap().materials().filter(derived) {
            assert!(made.contains(&material.id.as_str()), "{}", material.id);
        }
    }

    /// Each figure from its step: the hard ceiling, or the plausible maximum and a tenth; bounded
    /// by 1 only from mass to mass; from mass to litres by the lowest density.
    #[test]
    fn figures_are_those_of_the_yields() {
        let yields = table(include_str!("../../assets/data/units-yields.csv"));
        let rows = table(include_str!("../../assets/data/recipes.csv"));
        let catalog = Catalog::builtin().unwrap();
        for row in &rows {
            let step = yields.iter().find(|step| step["step_id"] == row["step"]).unwrap();
            let units = (step["input_unit"].as_str(), step["output_unit"].as_str());
            let (most, hard) = (scaled(&step["plausible_max"]), &step["hard_ceiling"]);
            let assumed = most * 11 / 10;
            assert_eq!(most * 11 % 10, 0, "{row:?}");
            let ceiling = match hard.as_str() {
                "" if units == ("kg", "kg") => assumed.min(100_000),
                "" => assumed,
                hard => scaled(hard),
            };
            let to = catalog.material(&row["to"]).unwrap();
            let below = match (units.1, to.unit) {
                ("kg", crate::catalog::BaseUnit::Millilitre) => {
                    u64::from(to.density.unwrap()[0]) * 100
                }
                _ => 100_000,
            };
            assert_eq!(
                [&row["ceiling_n"], &row["ceiling_d"]],
                [&ceiling.to_string(), &below.to_string()]
            );
            assert_eq!(row["basis"].starts_with("assumption"), hard.is_empty(), "{row:?}");
            if row["kind"] == "ratio" {
                assert_eq!(row["warn_n"], most.to_string(), "{row:?}");
            }
        }
        let steps = yields.iter().filter(|step| !rows.iter().any(|r| r["step"] == step["step_id"]));
        let left: Vec<&str> = steps.map(|step| step["step_id"].as_str()).collect();
        assert_eq!(
            left,
            [
                "argan-labour",
                "saffron-area",
                "rose-area",
                "honey-traditional",
                "honey-modern",
                "olive-area",
                "fig-area",
                "argan-density",
                "olive-density",
            ]
        );
    }

    #[test]
    fn argan_kernels_give_at_most_60706_ml_from_100_kg() {
        let rules = first_goods_rules().unwrap();
        let press = rules.recipes.iter().find(|recipe| recipe.id == "argan-press").unwrap();
        let ceiling = press.ratios[0].ceiling;
        assert_eq!((ceiling.n(), ceiling.d()), (55_000, 90_600));
        assert_eq!(
            u128::from(100_000_u64) * u128::from(ceiling.n()) / u128::from(ceiling.d()),
            60_706
        );
        let oils = rules.recipes.iter().find(|recipe| recipe.id == "olive-oil").unwrap();
        assert_eq!(oils.shares[0].len(), oils.ratios.len(), "all names of one oil share");
        assert!(rules.recipes.iter().find(|it| it.id == "rose-distil").unwrap().shares.is_empty());
    }
}
