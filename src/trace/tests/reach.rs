//! Ways over all levels in large random graphs: twelve levels, each transformation of 70 lots.
//! What is swept is what is walked, and what brute force finds; recalls of all of it count alike.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::trace::sweep::Quest;
use crate::trace::{
    Act, Declaration, Direction, Draw, Event, Holder, LotHandle, Material, Opening, Part, Quantity,
    Reader, Status, Trace, Way,
};

const FAN_IN: usize = 70;
const LEVELS: usize = 12;

/// A generator of numbers that anybody can repeat (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) % end as u64) as usize
    }
}

/// Figures, and for each lot the lots that it was made of.
struct Graph {
    trace: Trace,
    inputs: Vec<BTreeSet<usize>>,
}

fn apply(trace: &mut Trace, act: Act) {
    let (at, logged_at, issuer) = (0, 10, Holder(1));
    trace.apply(&Event { at, logged_at, issuer, act }).unwrap();
}

/// So many lots in twelve levels above the first, so many filled at once.
fn grown(lots: usize, outputs: usize) -> Graph {
    let (mut trace, mut inputs) = (Trace::default(), vec![BTreeSet::new(); lots]);
    let width = lots / (LEVELS + 1);
    let level_of = |lot: usize| (lot / width).min(LEVELS);
    // A lot is drawn some 70 times at most; each time one in 128 of it.
    let whole = (1_u64 << 53) - 1;
    let quantity =
        |level: usize| (0..level).fold(whole, |of, _| of / 128 * FAN_IN as u64 / outputs as u64);
    for lot in 0..lots {
        let level = level_of(lot);
        let what = Declaration {
            material: Material(1),
            producer: Holder(1),
            quantity: Quantity::new(quantity(level)).unwrap(),
            opening: if level == 0 { Opening::Primary } else { Opening::Derived },
            harvested: None,
        };
        apply(&mut trace, Act::Declare(what));
    }
    let mut chance = Chance(5);
    let mut first = width;
    while first < lots {
        let level = level_of(first);
        let last = lots.min(first + outputs).min(match level {
            LEVELS => lots,
            _ => width * (level + 1),
        });
        let below = width * (level - 1);
        let mut drawn = BTreeSet::new();
        while drawn.len() < FAN_IN.min(width) {
            drawn.insert(below + chance.below(width));
        }
        let each = quantity(level - 1) / 128;
        let filled = (each * drawn.len() as u64 / (last - first) as u64).min(quantity(level));
        let handle = |lot: usize| LotHandle(u32::try_from(lot).unwrap());
        let amount = |quantity: u64| Quantity::new(quantity).unwrap();
        let draws = drawn.iter().map(|lot| Draw {
            lot: handle(*lot),
            quantity: amount(each),
            covers: Vec::new(),
            certified: None,
        });
        let fills = (first..last).map(|lot| Part { lot: handle(lot), quantity: amount(filled) });
        let (draws, fills) = (draws.collect(), fills.collect());
        apply(&mut trace, Act::Transform { way: Way::Group, draws, fills });
        (first..last).for_each(|lot| inputs[lot].clone_from(&drawn));
        first = last;
    }
    Graph { trace, inputs }
}

/// By looking at every lot again and again.
fn brute(graph: &Graph, of: usize, direction: Direction) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([of]);
    loop {
        let before = found.len();
        for (output, inputs) in graph.inputs.iter().enumerate() {
            match direction {
                Direction::Up if found.contains(&output) => found.extend(inputs),
                Direction::Down if !inputs.is_disjoint(&found) => _ = found.insert(output),
                _ => {}
            }
        }
        if found.len() == before {
            found.remove(&of);
            return found;
        }
    }
}

#[test]
fn what_is_swept_is_what_is_walked_and_what_brute_force_finds() {
    let graph = grown(2_000, 4);
    let mut chance = Chance(9);
    for _ in 0..20 {
        let of = chance.below(2_000);
        for direction in [Direction::Up, Direction::Down] {
            let (from, barred) = ([LotHandle(of as u32)], BTreeSet::new());
            let quest = Quest { from: &from, direction, barred: &barred };
            let swept = graph.trace.swept(&quest);
            assert_eq!(Some(&swept), graph.trace.walked(&quest, usize::MAX).as_ref());
            let told: BTreeSet<usize> = swept.iter().map(|lot| lot.0 as usize).collect();
            assert_eq!(told.len(), swept.len(), "a lot is told twice");
            assert_eq!(told, brute(&graph, of, direction), "{direction:?} of {of}");
            assert!(swept.is_empty() || graph.trace.walked(&quest, 3).is_none(), "no bound");
        }
    }
}

#[test]
fn several_that_are_recalled_and_barred_reach_the_same_swept_or_walked() {
    let graph = grown(2_000, 4);
    let from = [LotHandle(3), LotHandle(160), LotHandle(1_900)];
    let barred: BTreeSet<LotHandle> = (300..420).map(LotHandle).collect();
    let quest = Quest { from: &from, direction: Direction::Down, barred: &barred };
    let mut swept = graph.trace.swept(&quest);
    let mut walked = graph.trace.walked(&quest, usize::MAX).unwrap();
    swept.sort_unstable();
    walked.sort_unstable();
    assert_eq!(swept, walked);
    assert!(swept.len() > 500 && swept.iter().all(|lot| !barred.contains(lot)));
}

#[test]
fn a_recall_counts_the_same_over_many_lots_as_lot_by_lot() {
    let mut graph = grown(2_000, 4);
    apply(&mut graph.trace, Act::Status { lot: LotHandle(3), status: Status::Recalled });
    let reached = graph.trace.reached(LotHandle(3), Direction::Down);
    assert!(reached.swept && reached.lots.len() > 1_000);
    let walked = crate::trace::Reached { swept: false, ..reached.clone() };
    let told = graph.trace.progress_of(LotHandle(3), &reached);
    assert_eq!(told, graph.trace.progress_of(LotHandle(3), &walked));
    assert_eq!(told.lots, reached.lots.len() as u64 + 1);
    let all = (0..2_000).map(LotHandle);
    let inherit = all.filter(|lot| graph.trace.inherited_status(*lot) == Status::Recalled);
    assert_eq!(inherit.count(), reached.lots.len());
}

/// Figures for docs/PERFORMANCE.md, of a release build.
#[test]
#[ignore = "measures; run with --ignored --nocapture"]
fn how_long_ways_take() {
    for (lots, outputs) in [(100_000, 1), (100_000, 8), (1_000_000, 8)] {
        let graph = grown(lots, outputs);
        let mut bytes = Vec::new();
        graph.trace.encode(&mut bytes);
        let begun = Instant::now();
        let trace = Trace::decode(&mut Reader::new(&bytes)).unwrap();
        eprintln!("{lots} lots, {outputs} filled at once: read in {:?}", begun.elapsed());
        let mut chance = Chance(13);
        for direction in [Direction::Down, Direction::Up] {
            let (mut took, mut most) = (Vec::new(), 0);
            for _ in 0..200 {
                let lot = LotHandle(chance.below(lots) as u32);
                let begun = Instant::now();
                let reached = trace.reached(lot, direction);
                if direction == Direction::Down {
                    assert!(trace.progress_of(lot, &reached).lots > 0);
                }
                took.push(begun.elapsed());
                most = most.max(reached.lots.len());
            }
            took.sort_unstable();
            let [half, last]: [Duration; 2] = [took[100], took[198]];
            eprintln!("  {direction:?}: p50 {half:?}, p99 {last:?}, at most {most} lots");
        }
    }
}
