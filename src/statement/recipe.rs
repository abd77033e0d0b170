//! Recipes of a rulebook: what may be made of what, and at most how much of it, as fractions of
//! whole numbers. Not here: the sums over an event's lots (`register`).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::envelope::{filled, given, inconsistent};
use super::{StatementError, is_term_id, whole_quantity};

/// Recipes that need no rulebook: same material, ratio 1.
pub const BUILT_IN_RECIPES: [&str; 3] = ["group", "pack-off", "split"];

/// A fraction of whole numbers, each 1 to 2^53 - 1, so that a product with a quantity fits 128
/// bits: smallest units of output for a smallest unit of input. Written `[n, d]`, not reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    n: u64,
    d: u64,
}

/// A way to make materials of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Its id: 1 to 64 of `a-z`, `0-9` and `-`; none of [`BUILT_IN_RECIPES`].
    pub id: String,
    /// What of which input makes what of which output, by input and output.
    pub ratios: Vec<Ratio>,
    /// Groups of outputs that spend one ceiling together, each of two or more.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Vec<String>>,
    /// Inputs that are a small part and count for no share of what is certified.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    pub minor: Vec<String>,
}

/// At most so much of an output for an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Material that is drawn.
    pub from: String,
    /// Material that is filled.
    pub to: String,
    /// Never more than this.
    pub ceiling: Fraction,
    /// Above this the output is held; at most the ceiling.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub warn: Option<Fraction>,
}

impl Fraction {
    /// `n / d`; None unless both are 1 to 2^53 - 1.
    #[must_use]
    pub fn of(n: u64, d: u64) -> Option<Self> {
        let whole = |number| i64::try_from(number).is_ok_and(|n| whole_quantity(n).is_ok());
        (whole(n) && whole(d)).then_some(Self { n, d })
    }

    /// The number above.
    #[must_use]
    pub fn n(self) -> u64 {
        self.n
    }

    /// The number below.
    #[must_use]
    pub fn d(self) -> u64 {
        self.d
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let product = |n: u64, d: u64| u128::from(n) * u128::from(d);
        Some(product(self.n, other.d).cmp(&product(other.n, self.d)))
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.n, self.d].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [n, d] = <[u64; 2]>::deserialize(deserializer)?;
        let reason = "a fraction is [n, d], both 1 to 9007199254740991";
        Self::of(n, d).ok_or_else(|| de::Error::custom(reason))
    }
}

impl Recipe {
    pub(super) fn check(&self) -> Result<(), StatementError> {
        let refuse = |at: &'static str, reason: &str| {
            Err(inconsistent(at, format!("recipe {}: {reason}", self.id)))
        };
        if !is_term_id(&self.id) || BUILT_IN_RECIPES.contains(&self.id.as_str()) {
            let reason = "an id is 1 to 64 of a-z, 0-9 and -, and none that is built in";
            return refuse("recipes", reason);
        }
        let pairs: Vec<(&str, &str)> =
            self.ratios.iter().map(|ratio| (ratio.from.as_str(), ratio.to.as_str())).collect();
        if pairs.is_empty() || !pairs.is_sorted_by(|a, b| a < b) {
            return refuse("ratios", "at least one, in the order of from and to, each once");
        }
        for ratio in &self.ratios {
            if !is_term_id(&ratio.from) || !is_term_id(&ratio.to) || ratio.from == ratio.to {
                return refuse("ratios", "from and to must be two materials");
            }
            if ratio.warn.is_some_and(|warn| warn > ratio.ceiling) {
                return refuse("warn", "must be at most the ceiling");
            }
        }
        let outputs: BTreeSet<&str> = pairs.iter().map(|(_, to)| *to).collect();
        let inputs: BTreeSet<&str> = pairs.iter().map(|(from, _)| *from).collect();
        let mut shared: BTreeSet<&str> = BTreeSet::new();
        for group in &self.shares {
            let fresh = group.iter().all(|to| outputs.contains(to.as_str()) && shared.insert(to));
            if group.len() < 2 || !group.is_sorted() || !fresh {
                let reason = "groups of two or more outputs, in their order, each in one group";
                return refuse("shares", reason);
            }
        }
        if !self.shares.is_sorted() {
            return refuse("shares", "groups stand in their order");
        }
        let known = self.minor.iter().all(|from| inputs.contains(from.as_str()));
        if !known || !self.minor.is_sorted_by(|a, b| a < b) || self.minor.len() >= inputs.len() {
            return refuse("minor", "some inputs, never all, in their order, each once");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_exactly() {
        let most = 9_007_199_254_740_991;
        let of = |n, d| Fraction::of(n, d).unwrap();
        assert!(of(most - 1, most) < of(most, most) && of(1, 2) >= of(2, 4));
        assert!(of(55_000, 90_600) < of(61, 100));
        for (n, d) in [(0, 1), (1, 0), (most + 1, 1), (1, u64::MAX)] {
            assert_eq!(Fraction::of(n, d), None, "{n}/{d}");
        }
    }
}
