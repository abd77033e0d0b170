//! Which lots a ledger with goods has and what each is made of: worked out from numbers alone, so
//! that any part is made without what stands before it. A graph of twelve levels in which each
//! transformation draws on 70 lots, and jars made of three. Not here: statements (`goods`).

use std::collections::BTreeSet;
use std::ops::Range;

/// Least and most share of events, in percent of entries.
pub const EVENTS_PERCENT: [u64; 2] = [8, 50];
/// Lots that are certified in a part: jars.
pub const JARS: u64 = 960;
/// Lots of each level in a part.
const LEVEL_LOTS: u64 = 80;
/// Levels that are made of the level before.
const LEVELS: u64 = 12;
/// Lots that a transformation of a level draws on.
const FAN_IN: usize = 70;
/// Tanks that jars are filled from.
const TANKS: usize = 3;
/// Lots that a transformation fills.
pub const OUTPUTS: u64 = 8;
/// Of a level, the parts before this one whose lots are drawn on.
const WINDOW: u64 = 16;
/// Of what a lot was declared with, each draw takes this part: none is drawn so often.
const DRAWN: u64 = 64;
/// What lots of the lowest level are declared with: of ten million entries the sum is below 2^64.
const FIRST: u64 = 100_000_000_000_000;
/// What each jar lot holds.
pub const JAR: u64 = 120_000;

/// How the entries of a ledger with goods are made up.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Jar lots of a part that are sent to a shop, received and sold.
    pub sold: u64,
}

/// A lot of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// 0 for those that are made of none.
    pub level: u64,
    /// Its number among those of its level.
    pub number: u64,
}

/// What a transformation draws and fills.
pub struct Making {
    /// Lots drawn and how much of each.
    pub draws: Vec<(Node, u64)>,
    /// How much each of the [`OUTPUTS`] gets.
    pub each: u64,
}

impl Plan {
    /// So many of a hundred entries are events, in the parts that have all levels.
    #[must_use]
    pub fn of_percent(percent: u64) -> Self {
        // 100 x (240 + 3 sold) = percent x (3,200 + 3 sold)
        let asked = percent.saturating_mul(3_200).saturating_sub(24_000);
        let sold = asked / 300_u64.saturating_sub(percent.saturating_mul(3)).max(1);
        Self { sold: sold.min(JARS) }
    }

    /// Entries of the parts before one.
    #[must_use]
    pub fn entries_before(self, part: u64) -> u64 {
        (0..part).map(|part| self.entries_of(part)).sum()
    }

    fn entries_of(self, part: u64) -> u64 {
        let nodes = levels(part).saturating_add(1).saturating_mul(LEVEL_LOTS);
        let makings = jar_makings(part).saturating_add(levels(part) * (LEVEL_LOTS / OUTPUTS));
        [JARS.saturating_mul(2), nodes, makings, self.sold.saturating_mul(3)].iter().sum()
    }

    /// Parts that it takes for so many entries.
    #[must_use]
    pub fn parts(self, entries: u64) -> u64 {
        let mut parts = 0;
        while self.entries_before(parts) < entries {
            parts += 1;
        }
        parts
    }
}

/// Levels above the lowest of which a part has lots.
pub fn levels(part: u64) -> u64 {
    part.min(LEVELS)
}

/// Transformations of a part that fill jars: those of the first part were there before.
pub fn jar_makings(part: u64) -> u64 {
    if part == 0 { 0 } else { JARS / OUTPUTS }
}

/// The lots of a level in a part.
pub fn nodes(part: u64, level: u64) -> impl Iterator<Item = Node> {
    let first = part.saturating_mul(LEVEL_LOTS);
    (first..first.saturating_add(LEVEL_LOTS)).map(move |number| Node { level, number })
}

/// The transformations of a level in a part: which lots they fill, and of what.
pub fn makings(part: u64, level: u64) -> impl Iterator<Item = (Vec<Node>, Making)> {
    let filled: Vec<Node> = nodes(part, level).collect();
    let groups = filled.len() / usize::try_from(OUTPUTS).unwrap_or(1);
    (0..groups).map(move |group| {
        let size = usize::try_from(OUTPUTS).unwrap_or(1);
        let outputs = filled.iter().skip(group.saturating_mul(size)).take(size).copied().collect();
        (outputs, of_group(part, level, group as u64))
    })
}

fn of_group(part: u64, level: u64, group: u64) -> Making {
    let below = level.saturating_sub(1);
    let drawn = quantity(below) / DRAWN;
    let seed = (part << 20) | (level << 12) | group;
    let draws: Vec<(Node, u64)> =
        chosen(part, below, FAN_IN, seed).into_iter().map(|node| (node, drawn)).collect();
    Making { each: quantity(level), draws }
}

/// What a group of jars is filled from.
pub fn of_jars(part: u64, group: u64) -> Making {
    let tanks = chosen(part, 0, TANKS, (part << 20) | (255 << 12) | group);
    let each = JAR.saturating_mul(OUTPUTS) / (TANKS as u64);
    Making { draws: tanks.into_iter().map(|node| (node, each)).collect(), each: JAR }
}

/// Different lots of a level, of the parts before one.
fn chosen(part: u64, level: u64, count: usize, seed: u64) -> BTreeSet<Node> {
    let from = part.saturating_sub(WINDOW).max(level).saturating_mul(LEVEL_LOTS);
    let numbers: Range<u64> = from..part.saturating_mul(LEVEL_LOTS);
    let size = numbers.end.saturating_sub(numbers.start);
    let (mut state, mut found) = (seed, BTreeSet::new());
    while found.len() < count.min(usize::try_from(size).unwrap_or(0)) {
        let number = numbers.start.saturating_add(mixed(&mut state) % size.max(1));
        found.insert(Node { level, number });
    }
    found
}

/// What a lot of a level is declared with: what it is filled with.
pub fn quantity(level: u64) -> u64 {
    let fan_in = FAN_IN as u64;
    (0..level).fold(FIRST, |below, _| (below / DRAWN).saturating_mul(fan_in) / OUTPUTS)
}

/// Any lots of the graph of so many parts, of levels that are made of others first of all.
pub fn some(parts: u64, count: u64) -> Vec<Node> {
    let mut state = 11;
    let any = |_| {
        let part = mixed(&mut state) % parts.max(1);
        let level = mixed(&mut state) % levels(part).saturating_add(1);
        let place = mixed(&mut state) % LEVEL_LOTS;
        Node { level, number: part.saturating_mul(LEVEL_LOTS).saturating_add(place) }
    };
    (0..count).map(any).collect()
}

/// How many lots one comes from, over all levels: by looking.
#[must_use]
pub fn above(node: Node) -> usize {
    let (mut found, mut edge) = (BTreeSet::new(), vec![node]);
    while let Some(one) = edge.pop() {
        let (part, place) = (one.number / LEVEL_LOTS, one.number % LEVEL_LOTS);
        if one.level > 0 {
            let draws = of_group(part, one.level, place / OUTPUTS).draws.into_iter();
            edge.extend(draws.map(|(node, _)| node).filter(|node| found.insert(*node)));
        }
    }
    found.len()
}

/// A number that anybody can make again (splitmix64).
fn mixed(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut x = *state;
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_lot_is_drawn_more_than_it_holds() {
        let mut drawn: BTreeMap<Node, u64> = BTreeMap::new();
        for part in 0..40 {
            for level in 1..=levels(part) {
                for (outputs, making) in makings(part, level) {
                    let sum: u64 = making.draws.iter().map(|(_, quantity)| quantity).sum();
                    assert_eq!((outputs.len(), making.draws.len()), (8, FAN_IN));
                    assert!(making.each * OUTPUTS <= sum && making.each > 1_000);
                    for (node, quantity) in making.draws {
                        *drawn.entry(node).or_default() += quantity;
                    }
                }
            }
        }
        assert!(drawn.iter().all(|(node, drawn)| *drawn <= quantity(node.level)));
        assert!(above(Node { level: 12, number: 39 * LEVEL_LOTS }) > 5_000);
    }

    #[test]
    fn the_share_of_events_is_the_one_asked_for() {
        for percent in EVENTS_PERCENT[0]..=EVENTS_PERCENT[1] {
            let plan = Plan::of_percent(percent);
            let events = jar_makings(20) + LEVELS * 10 + plan.sold * 3;
            assert!((events * 100 / plan.entries_of(20)).abs_diff(percent) <= 1, "{percent}");
        }
    }
}
