//! The model of what a rule book may not say: every circle of recipes is walked.

use std::collections::BTreeSet;

use super::model::Codes;
use crate::trace::{Book, Material, Rate};

const MOST: u64 = (1 << 53) - 1;

/// What is wrong with a book.
pub fn faults(book: &Book) -> Codes {
    let mut codes = Codes::new();
    let rates: Vec<Rate> = book.recipes.iter().flat_map(|recipe| recipe.rates.clone()).collect();
    let stated = |n: u64, d: u64| n <= MOST && (1..=MOST).contains(&d);
    if !rates.iter().all(|rate| stated(rate.ceiling.n, rate.ceiling.d)) {
        codes.insert("recipe_unbounded");
        return codes;
    }
    let shares = |of: &crate::trace::Recipe| {
        let all: Vec<Material> = of.shares.iter().flatten().copied().collect();
        is_twice(&all) || !all.iter().all(|one| of.rates.iter().any(|rate| rate.to == *one))
    };
    let ids: Vec<u32> = book.recipes.iter().map(|recipe| recipe.id.0).collect();
    let chains: Vec<_> = book.chains.iter().map(|chain| (chain.from, chain.to)).collect();
    let materials: Vec<_> = book.materials.iter().map(|rule| rule.material).collect();
    let schemes: Vec<_> = book.covered.iter().map(|one| one.scheme).collect();
    if is_twice(&ids)
        || is_twice(&chains)
        || is_twice(&materials)
        || is_twice(&schemes)
        || book.recipes.iter().any(shares)
        || book.covered.iter().any(|one| one.least > 1000)
        || book.materials.iter().any(|one| one.tolerance > 1000)
    {
        codes.insert("rulebook_form");
    }
    let from: BTreeSet<Material> = rates.iter().map(|rate| rate.from).collect();
    if from.iter().any(|one| grows(&rates, &mut vec![*one], (1, 1))) {
        codes.insert("recipe_cycle");
    }
    codes
}

fn is_twice<T: Ord + Copy>(all: &[T]) -> bool {
    all.iter().copied().collect::<BTreeSet<T>>().len() < all.len()
}

/// Whether some way from the end of a way leads back to its beginning with more than went in.
fn grows(rates: &[Rate], way: &mut Vec<Material>, (n, d): (i128, i128)) -> bool {
    let last = way[way.len() - 1];
    rates.iter().filter(|rate| rate.from == last).any(|rate| {
        let far = (n * i128::from(rate.ceiling.n), d * i128::from(rate.ceiling.d));
        if rate.to == way[0] {
            return far.0 > far.1;
        }
        if way.contains(&rate.to) {
            return false;
        }
        way.push(rate.to);
        let grown = grows(rates, way, far);
        way.pop();
        grown
    })
}
