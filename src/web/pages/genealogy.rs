//! The family of a lot on its page: what it came from above it, what became of it below, as a
//! drawing and as the same in a table. Bounded: beyond that only how many more there are.

use std::collections::BTreeMap;

use super::drawing::{self, Node};
use super::goods::Goods;
use super::words::Name;
use crate::register::Lot;
use crate::trace::{Direction, LotHandle, Status};

/// Lots that are drawn.
const NODES_MAX: usize = 40;

/// The drawing and its twin.
pub(super) struct Family {
    pub svg: String,
    pub rows: Vec<Relative>,
    /// How many are left out, in words; empty for none.
    pub more: String,
}

/// A lot that this one came from, or that came from it.
pub(super) struct Relative {
    pub relation: String,
    pub lot: String,
    pub href: String,
    pub product: Name,
    pub by: Name,
    pub quantity: String,
    pub bad: bool,
}

/// The family of a lot.
pub(super) fn family(goods: &Goods<'_>, lot: LotHandle, own: &Lot) -> Family {
    let trace = goods.register.trace();
    let mut steps: BTreeMap<LotHandle, i64> = BTreeMap::from([(lot, 0)]);
    let mut left = 0;
    // Nearest first and in turn, so that neither side takes all the room.
    for (direction, step, most) in
        [(Direction::Up, -1, NODES_MAX / 2), (Direction::Down, 1, NODES_MAX)]
    {
        let (mut edge, mut at) = (vec![lot], 0);
        while !edge.is_empty() && steps.len() < most {
            at += step;
            let mut next: Vec<LotHandle> = Vec::new();
            for one in edge {
                let near = trace.neighbours(one, direction).into_iter();
                next.extend(near.filter(|near| !steps.contains_key(near)));
            }
            next.sort_unstable();
            next.dedup();
            next.truncate(most.saturating_sub(steps.len()));
            steps.extend(next.iter().map(|one| (*one, at)));
            edge = next;
        }
        let shown = steps.values().filter(|found| found.signum() == step).count();
        left += trace.reached(lot, direction).lots.len().saturating_sub(shown);
    }
    drawn(goods, own, steps, left)
}

fn drawn(goods: &Goods<'_>, own: &Lot, steps: BTreeMap<LotHandle, i64>, left: usize) -> Family {
    let trace = goods.register.trace();
    let first = steps.values().min().copied().unwrap_or_default();
    let mut all: Vec<(LotHandle, i64)> = steps.into_iter().collect();
    all.sort_by_key(|(lot, step)| (*step, *lot));
    let (mut nodes, mut rows) = (Vec::new(), Vec::new());
    for (handle, step) in &all {
        let Some(lot) = goods.lot(*handle) else { continue };
        let filled = trace.balance(*handle).map_or(0, |balance| balance.filled);
        let worst = trace.own_status(*handle).max(trace.inherited_status(*handle));
        let bad = worst != Status::Released;
        let (href, quantity) = (goods.lot_link(&lot.record.lot), goods.of(&lot, filled));
        let tone = if bad { "bad" } else { "" };
        nodes.push(Node {
            row: usize::try_from(step.saturating_sub(first)).unwrap_or_default(),
            label: goods.product(&lot).text,
            quantity: quantity.clone(),
            number: lot.record.lot.number().to_string(),
            tone: if *step == 0 && !bad { "self" } else { tone },
            href: href.clone(),
        });
        let id = match step.signum() {
            -1 => "family-from",
            1 => "family-into",
            _ => "family-self",
        };
        rows.push(Relative {
            relation: goods.w.t(id).into_owned(),
            lot: lot.record.lot.to_string(),
            href,
            product: goods.product(&lot),
            by: goods.party(&lot.record.producer),
            quantity,
            bad,
        });
    }
    let place = |lot: LotHandle| all.iter().position(|(known, _)| *known == lot);
    let mut edges = Vec::new();
    for (to, (handle, _)) in all.iter().enumerate() {
        let from = trace.neighbours(*handle, Direction::Up);
        edges.extend(from.into_iter().filter_map(|from| Some((place(from)?, to))));
    }
    let number = own.record.lot.number().to_string();
    let title = goods.w.with("family-drawing", "lot", &number);
    let svg = if rows.len() > 1 { drawing::family(&nodes, &edges, &title) } else { String::new() };
    Family { svg, rows, more: goods.more(left) }
}
