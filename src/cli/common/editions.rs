//! Editions of the rules in words. Not here: the verb (`rulebook`).

use crate::limits::EDITION_MAX;

/// What an edition brings, in one line.
#[must_use]
pub fn edition_brings(edition: u32) -> &'static str {
    match edition {
        1 => {
            "edition 1: powers by role, agreements of clients (a certificate needs one), owners of \
             GTINs, campaigns, capacities, waiting keys, ids made from content"
        }
        2 => {
            "edition 2: goods are traced: movements as events, recipes with ceilings, balances by \
             holder, certified never above what was made, recalls by descent"
        }
        3 => {
            "edition 3: renewals and corrections of certificates, recalls that say what to do, \
             contact and names in several languages"
        }
        _ => "an edition that this release does not know",
    }
}

/// The edition for whoever starts or audits a ledger: which holds, and where to read on if it is
/// an older one.
#[must_use]
pub fn edition_line(edition: u32) -> String {
    if edition < EDITION_MAX {
        format!(
            "edition {edition}; this release knows {EDITION_MAX}: docs/OPERATING.md, \"Raising \
             the rules\""
        )
    } else {
        format!("edition {edition}")
    }
}
