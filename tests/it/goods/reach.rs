//! Reach and way back in a running service, over a random graph of lots: equal to what brute force
//! finds, and within the budget.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tasdiq::names::{LotKey, Word};
use tasdiq::statement::{EventKind, LotDeclaration, LotFacts, LotLine, LotOrigin, Transformation};

use super::races::Client;
use super::*;

/// Inputs of each lot.
type Graph = Vec<BTreeSet<usize>>;

/// Levels that are made of the level before.
const LEVELS: usize = 12;
/// Lots that a transformation draws on, and that it fills.
const FAN_IN: usize = 70;
const OUTPUTS: usize = 8;
/// Of a lot each draw takes this part: none is drawn so often.
const DRAWN: u64 = 32;

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

/// What a lot of a level is declared with, and filled with.
fn quantity(level: usize) -> u64 {
    // All that is harvested stays within what the cooperative may declare.
    let whole = 100_000_000_000;
    (0..level).fold(whole, |below, _| below / DRAWN * FAN_IN as u64 / OUTPUTS as u64)
}

/// Lots of kernels in twelve levels above those that were harvested.
fn grown(goods: &Goods, lots: usize) -> Graph {
    let client = Client::of(goods);
    let known = Catalog::builtin().unwrap().material("argan-kernels").unwrap();
    let width = lots / (LEVELS + 1);
    let level_of = |lot: usize| (lot / width).min(LEVELS);
    let declared: Vec<Vec<u8>> = (0..lots)
        .map(|number| {
            let facts = LotFacts {
                product: "argan-kernels".into(),
                region: "MA-09".into(),
                quantity: quantity(level_of(number)),
                unit: known.unit.code().into(),
                campaign: Word::new(&goods.year),
                pack_size: known.packs.0.max(250).min(known.packs.1),
                origin: (number < width).then_some(LotOrigin::Primary),
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
    let (mut chance, mut graph) = (Chance(7), vec![BTreeSet::new(); lots]);
    let (mut events, mut first) = (Vec::new(), width);
    while first < lots {
        let level = level_of(first);
        let end = if level == LEVELS { lots } else { width * (level + 1) };
        let outputs = first..end.min(first + OUTPUTS);
        let mut inputs = BTreeSet::new();
        while inputs.len() < FAN_IN.min(width) {
            inputs.insert(width * (level - 1) + chance.below(width));
        }
        let line = |lot: usize, quantity: u64| LotLine { lot: key(lot), quantity };
        let each = quantity(level - 1) / DRAWN;
        let filled = each * inputs.len() as u64 / OUTPUTS as u64;
        let what = Transformation {
            recipe: "group".into(),
            inputs: inputs.iter().map(|lot| line(*lot, each)).collect(),
            outputs: outputs.clone().map(|lot| line(lot, filled)).collect(),
        };
        events.push(client.event(events.len() as u64, EventKind::Transform(what)));
        for output in outputs.clone() {
            graph[output].clone_from(&inputs);
        }
        first = outputs.end;
    }
    submit(goods, &events);
    graph
}

/// All that a lot comes from, or that came from it, by looking at every lot again and again.
fn brute(graph: &Graph, of: usize, up: bool) -> BTreeSet<usize> {
    let mut found = vec![false; graph.len()];
    found[of] = true;
    let mut grows = true;
    while std::mem::take(&mut grows) {
        for (output, inputs) in graph.iter().enumerate() {
            if up && found[output] {
                inputs
                    .iter()
                    .for_each(|input| grows |= !std::mem::replace(&mut found[*input], true));
            } else if !up && !found[output] && inputs.iter().any(|input| found[*input]) {
                (found[output], grows) = (true, true);
            }
        }
    }
    found[of] = false;
    (0..graph.len()).filter(|lot| found[*lot]).collect()
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
    let lots = if long { 100_000 } else { 2_000 };
    let goods = Goods::new();
    let graph = grown(&goods, lots);
    let (mut chance, width) = (Chance(11), lots / (LEVELS + 1));
    for round in 0..if long { 20 } else { 6 } {
        for (way, member) in [("reach", "lots"), ("trace", "steps")] {
            let of = chance.below(lots);
            let total =
                goods.get(&format!("/api/v1/lots/{}/{way}?limit=1", key(of)))["total"].clone();
            assert_eq!(total, brute(&graph, of, way == "trace").len(), "{way} {of}");
            // Whole lists: of the fewest levels up, where each page tells of all that was drawn.
            let near = if way == "trace" { width + chance.below(width) } else { of };
            if long || round < 2 {
                let (total, found) = listed(&goods, near, way, member);
                let expected = brute(&graph, near, way == "trace");
                let told = (total as usize, found == expected);
                assert_eq!(told, (expected.len(), true), "{way} {near}");
            }
        }
    }
    let agent = ureq::Agent::new_with_defaults();
    let mut times = BTreeMap::new();
    for way in ["reach", "trace"] {
        let mut took: Vec<Duration> = (0..if long { 300 } else { 100 })
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
        times.insert(way, (took[took.len() / 2], took[took.len() * 99 / 100]));
    }
    eprintln!("over {lots} lots, median and p99: {times:?}");
    // Only where nothing else runs, and of a release, is a time a figure.
    if long && !cfg!(debug_assertions) {
        let budget = Duration::from_millis(50);
        assert!(times.values().all(|(_, p99)| *p99 < budget), "{times:?}");
    }
    if long {
        many_ask_at_once(&goods);
    }
}

/// Many who ask for all that a lot reaches wait for one another: who looks up something else does
/// not wait for them.
fn many_ask_at_once(goods: &Goods) {
    let url = |path: &str| format!("{}{path}", goods.service.url);
    let get = |url: &str| {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        ureq::Agent::new_with_config(config).get(url).call().unwrap().status().as_u16()
    };
    let far = url(&format!("/api/v1/lots/{}/reach", key(0)));
    std::thread::scope(|scope| {
        let ask = || (0..4).map(|_| get(&far)).collect::<Vec<u16>>();
        let asking: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
        // One that waited for all of them would come last.
        let begun = Instant::now();
        assert_eq!(get(&url("/api/v1/lots?limit=1")), 200);
        let took = begun.elapsed();
        let told: Vec<u16> = asking.into_iter().flat_map(|it| it.join().unwrap()).collect();
        assert!(told.iter().all(|status| matches!(status, 200 | 503)), "{told:?}");
        assert!(took < begun.elapsed() / 2, "{took:?} of {:?}", begun.elapsed());
    });
}
