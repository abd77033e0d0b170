//! What a rulebook says of goods from edition 2 on: recipes, chains, seasons, materials, from when
//! on a material is traced, which schemes are covered, tolerances and keeping times. Each list in
//! the order of its keys, each key once. Not here: what these say of an event (`register`).

use serde::{Deserialize, Serialize};

use super::envelope::{filled, given, inconsistent};
use super::local_names::check_names;
use super::{Fraction, LocalNames, Recipe, StatementError, Timestamp, is_name, is_term_id};
use crate::catalog::{BaseUnit, DayOfYear, MaterialOrigin};
use crate::limits::RULEBOOK_ROWS_MAX;

/// The lists of a rulebook; all may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoodsRules {
    /// Ways to make materials of others, by id.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub recipes: Vec<Recipe>,
    /// Bounds over several steps, by from and to.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub chains: Vec<Chain>,
    /// Seasons, by material and first day.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<Season>,
    /// Materials beside those of the catalogue, by id.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<AddedMaterial>,
    /// From when on a material is traced, by material; one that is not named is from the rulebook's
    /// own log time on.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub traced_from: Vec<TracedFrom>,
    /// Schemes under which certified quantity is covered, by scheme.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub covered_schemes: Vec<CoveredScheme>,
    /// Schemes that are not, and why, by scheme.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<Uncovered>,
    /// What may be missing at receipt without a dispute, by material.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub tolerances: Vec<Tolerance>,
    /// How long after harvest a material may be declared and drawn, by material.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub keeping: Vec<Keeping>,
}

/// Above this share of an origin the lot at the end of several steps is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The material of the origins.
    pub from: String,
    /// The material at the end.
    pub to: String,
    /// More than this is held.
    pub hold: Fraction,
}

/// When a material is harvested, year by year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// The material.
    pub material: String,
    /// First day.
    pub from: DayOfYear,
    /// Last day; before the first one where the season runs over New Year.
    pub to: DayOfYear,
}

/// A material that the catalogue does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddedMaterial {
    /// Its id: 1 to 64 of `a-z`, `0-9` and `-`.
    pub id: String,
    /// LocalNames by language; one at least.
    pub names: LocalNames,
    /// UN/ECE Recommendation 20 code of its smallest unit: `GRM`, `MLT` or `H87`.
    pub unit: String,
    /// HS code, six digits (HS 2022).
    pub hs_code: String,
    /// Where lots of it get their quantity from.
    pub origin: MaterialOrigin,
    /// For liquids: least and most density, in grams a litre.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub density: Option<[u32; 2]>,
}

/// From when on a material is traced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TracedFrom {
    /// The material.
    pub material: String,
    /// First instant.
    pub at: Timestamp,
}

/// A scheme under which certified quantity is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoveredScheme {
    /// The scheme's id.
    pub scheme: String,
    /// The covered share below which nothing of a lot is certified, in per mille; 1000 if left out.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
}

/// A scheme whose certified quantity is not covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncovered {
    /// The scheme's id.
    pub scheme: String,
    /// Why, in 1 to 120 characters.
    pub reason: String,
}

/// What may be missing at receipt without a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tolerance {
    /// The material.
    pub material: String,
    /// Of what was shipped, in per mille: 0 to 1000.
    pub per_mille: u32,
}

/// How long after harvest a material may be declared and drawn: at least one of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Keeping {
    /// The material.
    pub material: String,
    /// Months from harvest to draw: 1 to 600.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub keeps: Option<u32>,
    /// Days from harvest to log time: 1 to 3,660.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub declare_within: Option<u32>,
}

impl CoveredScheme {
    /// The covered share below which nothing of a lot is certified, in per mille.
    #[must_use]
    pub fn least_per_mille(&self) -> u32 {
        self.least.unwrap_or(1_000)
    }
}

impl GoodsRules {
    /// Whether it says nothing of goods.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What no rulebook may say, whatever stands in others.
    pub(super) fn check(&self) -> Result<(), StatementError> {
        rising("recipes", &self.recipes, |one| one.id.as_str())?;
        rising("chains", &self.chains, |one| (one.from.as_str(), one.to.as_str()))?;
        rising("seasons", &self.seasons, |one| (one.material.as_str(), one.from))?;
        rising("materials", &self.materials, |one| one.id.as_str())?;
        rising("tracedFrom", &self.traced_from, |one| one.material.as_str())?;
        rising("coveredSchemes", &self.covered_schemes, |one| one.scheme.as_str())?;
        rising("uncovered", &self.uncovered, |one| one.scheme.as_str())?;
        rising("tolerances", &self.tolerances, |one| one.material.as_str())?;
        rising("keeping", &self.keeping, |one| one.material.as_str())?;
        self.recipes.iter().try_for_each(Recipe::check)?;
        self.materials.iter().try_for_each(AddedMaterial::check)?;
        self.check_terms()?;
        self.check_figures()
    }

    /// Materials have the form of one; a scheme is covered or not.
    fn check_terms(&self) -> Result<(), StatementError> {
        let chains = self.chains.iter().flat_map(|one| [&one.from, &one.to]);
        let seasons = self.seasons.iter().map(|one| &one.material);
        let traced = self.traced_from.iter().map(|one| &one.material);
        let tolerances = self.tolerances.iter().map(|one| &one.material);
        let keeping = self.keeping.iter().map(|one| &one.material);
        let mut materials = chains.chain(seasons).chain(traced).chain(tolerances).chain(keeping);
        if let Some(other) = materials.find(|material| !is_term_id(material)) {
            return Err(inconsistent("material", format!("{other:?} is no id of a material")));
        }
        if self.chains.iter().any(|chain| chain.from == chain.to) {
            return Err(inconsistent("chains", "from and to must be two materials"));
        }
        let covered = |scheme: &str| self.covered_schemes.iter().any(|one| one.scheme == scheme);
        if let Some(both) = self.uncovered.iter().find(|one| covered(&one.scheme)) {
            return Err(inconsistent("uncovered", format!("{} is covered too", both.scheme)));
        }
        Ok(())
    }

    fn check_figures(&self) -> Result<(), StatementError> {
        let least = |one: &CoveredScheme| (1..=1_000).contains(&one.least_per_mille());
        if !self.covered_schemes.iter().all(least) {
            return Err(inconsistent("least", "must be 1 to 1000 per mille"));
        }
        if !self.uncovered.iter().all(|one| is_name(&one.reason)) {
            return Err(inconsistent("reason", "must have 1 to 120 characters"));
        }
        if self.tolerances.iter().any(|one| one.per_mille > 1_000) {
            return Err(inconsistent("perMille", "must be 0 to 1000"));
        }
        let within = |one: &Keeping| {
            one.keeps.is_none_or(|months| (1..=600).contains(&months))
                && one.declare_within.is_none_or(|days| (1..=3_660).contains(&days))
                && (one.keeps.is_some() || one.declare_within.is_some())
        };
        if !self.keeping.iter().all(within) {
            let reason = "keeps of 1 to 600 months, declareWithin of 1 to 3,660 days, or both";
            return Err(inconsistent("keeping", reason));
        }
        Ok(())
    }
}

impl AddedMaterial {
    fn check(&self) -> Result<(), StatementError> {
        check_names(&self.names)?;
        let digits = self.hs_code.len() == 6 && self.hs_code.bytes().all(|b| b.is_ascii_digit());
        let unit = BaseUnit::of_code(&self.unit);
        let dense = |[least, most]: [u32; 2]| {
            unit == Some(BaseUnit::Millilitre) && (1..=most).contains(&least) && most <= 30_000
        };
        let good = is_term_id(&self.id) && !self.names.is_empty() && digits && unit.is_some();
        if good && self.density.is_none_or(dense) {
            return Ok(());
        }
        let reason = "an id, a name, a unit GRM, MLT or H87, six digits of HS 2022, and for MLT alone \
                      a density of two rising figures in g/L";
        Err(inconsistent("materials", reason))
    }
}

/// Keys rise strictly, and the list is no longer than any list of a rulebook.
fn rising<'a, T, K: PartialOrd>(
    at: &'static str,
    rows: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Result<(), StatementError> {
    if rows.len() > RULEBOOK_ROWS_MAX {
        return Err(inconsistent(at, format!("at most {RULEBOOK_ROWS_MAX} rows")));
    }
    if rows.is_sorted_by(|a, b| key(a) < key(b)) {
        return Ok(());
    }
    Err(inconsistent(at, "in the order of their keys, each once"))
}
