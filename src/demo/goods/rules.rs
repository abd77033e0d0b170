//! What the demonstration's rulebook says of goods beside what every authority begins with: which
//! materials are traced from the first day, and how late their harvest may be declared.

use crate::catalog::Catalog;
use crate::demo::cast::HONEY_MATERIAL;
use crate::ledger::LedgerError;
use crate::statement::{GoodsRules, Keeping, Timestamp, TracedFrom};

/// What is traced from the first day; all else, whose lots are declared on their cooperative's word
/// here, follows a year later.
const TRACED: [&str; 10] = [
    "argan-fruit",
    "argan-fruit-dry",
    "argan-kernels",
    "argan-nuts",
    "argane",
    "dates-received",
    "dattes-majhoul-tafilalet",
    HONEY_MATERIAL,
    "saffron-flowers",
    "safran-taliouine",
];

/// Harvested materials among them. A demonstration is told on one day, long after their harvest.
const HARVESTED: [&str; 5] =
    ["argan-fruit", "argan-kernels", "dates-received", HONEY_MATERIAL, "saffron-flowers"];

/// Days from harvest to declaration.
const DECLARE_WITHIN_DAYS: u32 = 730;

/// Seconds until all other materials are traced.
const FOLLOWS_SECONDS: i64 = 365 * 86_400;

/// The rules of the demonstration, made from those that an authority begins with.
pub(in crate::demo) fn rules(base: GoodsRules, now: Timestamp) -> Result<GoodsRules, LedgerError> {
    let mut rules = base;
    let at = now.plus_seconds(FOLLOWS_SECONDS);
    let later = Catalog::builtin()?.materials().filter(|it| !TRACED.contains(&it.id.as_str()));
    rules.traced_from = later.map(|it| TracedFrom { material: it.id.clone(), at }).collect();
    rules.traced_from.sort_by(|one, other| one.material.cmp(&other.material));
    for material in HARVESTED {
        let declare_within = Some(DECLARE_WITHIN_DAYS);
        match rules.keeping.iter_mut().find(|one| one.material == material) {
            Some(known) => known.declare_within = declare_within,
            None => {
                let material = material.to_owned();
                rules.keeping.push(Keeping { material, keeps: None, declare_within });
            }
        }
    }
    rules.keeping.sort_by(|one, other| one.material.cmp(&other.material));
    Ok(rules)
}
