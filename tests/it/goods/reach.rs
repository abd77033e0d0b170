//! Reach and way back in a running service, over a random graph of lots: equal to what brute force
//! finds, and within the budget.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tasdiq::names::{LotKey, Word};
use tasdiq::statement::{EventKind, LotDeclaration, LotFacts, LotLine, LotOrigin, Transformation};

use super::races::Client;
use super::*;

/// Inputs by lot, for each lot.
type Graph = BTreeMap<usize, BTreeSet<usize>>;

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

fn key(number: usize) -> LotKey {
    format!("coop/G{number}").parse().unwrap()
}

fn submit(goods: &Goods, statements: &[Vec<u8>]) {
    for chunk in statements.chunks(1_000) {
        let url = format!("{}/api/v1/statements", goods.service.url);
        let request = ureq::post(url).header("content-type", "application/x-ndjson");
        let mut answer = request.send(&chunk.join(&b'\n')).unwrap();
        let text = answer.body_mut().with_config().limit(100_000_000).read_to_string().unwrap();
        let refused = text.lines().find(|line| line.contains("\"problem\""));
        assert_eq!(refused, None);
    }
}

/// Lots of kernels, one in ten harvested; each other one comes from one to three before it, four at
/// a time.
fn grown(goods: &Goods, lots: usize) -> Graph {
    let client = Client::of(goods);
    let known = Catalog::builtin().unwrap().material("argan-kernels").unwrap();
    let first = lots / 10;
    let declared: Vec<Vec<u8>> = (0..lots)
        .map(|number| {
            let facts = LotFacts {
                product: "argan-kernels".into(),
                region: "MA-09".into(),
                quantity: 1_000_000_000,
                unit: known.unit.code().into(),
                campaign: Word::new(&goods.year),
                pack_size: known.packs.0.max(250).min(known.packs.1),
                origin: (number < first).then_some(LotOrigin::Primary),
                names: Default::default(),
                mandate: None,
            };
            let claim = LotDeclaration {
                lot: key(number),
                name: Word::new(&known.name_fr),
                hs_code: Word::new(&known.hs6),
                packed_on: client.at.day(),
                expires_on: None,
                facts,
            };
            client.sealed(&claim.draft(&client.draft()))
        })
        .collect();
    submit(goods, &declared);
    let (mut chance, mut graph) = (Chance(7), Graph::new());
    let mut free: Vec<u64> = vec![1_000_000_000; first];
    let mut events = Vec::new();
    while free.len() < lots {
        let outputs: Vec<usize> = (free.len()..lots.min(free.len() + 4)).collect();
        let inputs: BTreeSet<usize> = (0..1 + chance.below(3))
            .map(|_| chance.below(free.len()))
            .filter(|input| free[*input] > 1_000)
            .collect();
        if inputs.is_empty() {
            continue;
        }
        let mut sum = 0;
        let line = |lot: usize, quantity: u64| LotLine { lot: key(lot), quantity };
        let drawn: Vec<LotLine> = inputs
            .iter()
            .map(|input| {
                let quantity = free[*input] / 2;
                free[*input] -= quantity;
                sum += quantity;
                line(*input, quantity)
            })
            .collect();
        let each = sum / outputs.len() as u64;
        let filled = outputs.iter().map(|output| line(*output, each)).collect();
        let what = Transformation { recipe: "group".into(), inputs: drawn, outputs: filled };
        events.push(client.event(events.len() as u64, EventKind::Transform(what)));
        for output in outputs {
            graph.insert(output, inputs.clone());
            free.push(each);
        }
    }
    submit(goods, &events);
    graph
}

/// All that a lot comes from, or that came from it, by looking at every lot again and again.
fn brute(graph: &Graph, of: usize, up: bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([of]);
    loop {
        let before = found.len();
        for (output, inputs) in graph {
            if up && found.contains(output) {
                found.extend(inputs);
            } else if !up && !inputs.is_disjoint(&found) {
                found.insert(*output);
            }
        }
        if found.len() == before {
            found.remove(&of);
            return found;
        }
    }
}

/// What the service lists, page by page.
fn listed(goods: &Goods, of: usize, way: &str, member: &str) -> (u64, BTreeSet<usize>) {
    let (mut found, mut after, mut total) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = goods.get(&format!("/api/v1/lots/{}/{way}?limit=200{after}", key(of)));
        total = page["total"].as_u64().unwrap().max(total);
        let rows = page[member].as_array().unwrap().iter();
        let numbers =
            rows.map(|row| row["lot"].as_str().unwrap()["coop/G".len()..].parse().unwrap());
        for number in numbers {
            assert!(found.insert(number), "{number} is listed twice");
        }
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(found.remove(&of), "a lot is the first of its own list");
    (total, found)
}

#[test]
fn reach_is_what_brute_force_finds_and_comes_in_time() {
    let long = std::env::var_os("TASDIQ_LONG").is_some();
    let lots = if long { 100_000 } else { 10_000 };
    let goods = Goods::new();
    let graph = grown(&goods, lots);
    let mut chance = Chance(11);
    for _ in 0..if long { 20 } else { 8 } {
        // The first lots have the most descendants.
        let (low, high) = (chance.below(lots / 100), lots / 2 + chance.below(lots / 2));
        for (of, way, member) in [(low, "reach", "lots"), (high, "trace", "steps")] {
            let (total, found) = listed(&goods, of, way, member);
            let expected = brute(&graph, of, way == "trace");
            assert_eq!((total as usize, found == expected), (expected.len(), true), "{way} {of}");
        }
    }
    let agent = ureq::Agent::new_with_defaults();
    let mut times = BTreeMap::new();
    for way in ["reach", "trace"] {
        let mut took: Vec<Duration> = (0..300)
            .map(|_| {
                let of = chance.below(lots);
                let url = format!("{}/api/v1/lots/{}/{way}", goods.service.url, key(of));
                let begun = Instant::now();
                let mut answer = agent.get(url).call().unwrap();
                answer.body_mut().with_config().limit(100_000_000).read_to_vec().unwrap();
                begun.elapsed()
            })
            .collect();
        took.sort();
        times.insert(way, (took[150], took[297]));
    }
    eprintln!("over {lots} lots, median and p99: {times:?}");
    // A build for tests is some five times slower than a release.
    let budget = Duration::from_millis(if cfg!(debug_assertions) { 250 } else { 50 });
    assert!(times.values().all(|(_, p99)| *p99 < budget), "{times:?}");
}
