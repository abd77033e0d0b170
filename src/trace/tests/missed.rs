//! Each rule is switched off in turn, and each place that asks for one: random histories have to
//! notice. It is told how many it took.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::{Strategy, ValueTree};

use super::history::{Counts, RULES, SEED, chosen, histories, run, runner};
use super::off::{Off, met};

/// What is refused because nothing could go on without: what is named is not there.
const ALWAYS: [&str; 3] = ["lot_unknown", "recipe_unknown", "unit_state"];

/// What it takes more histories to notice than a gate has time for.
const SELDOM: [&str; 5] =
    ["blend_not_allowed", "cover_exceeded", "custody_upgraded", "recipe_mismatch", "unit_contents"];

/// Most histories in a gate's time.
const GATE: u32 = 60;

/// Most histories until something is noticed, and from what they are drawn: in a gate's time the
/// same ones each time.
fn bounds() -> (u32, [u8; 32]) {
    match chosen(GATE, 20_000) {
        (GATE, _) => (GATE, SEED),
        (most, seed) => (most.min(20_000), seed),
    }
}

/// After how many histories something is noticed, and what; None: not within so many.
fn noticed(off: Off, seed: [u8; 32], most: u32) -> Option<(u32, String)> {
    let (mut runner, histories) = (runner(1, seed), histories());
    (1..=most).find_map(|count| {
        let wishes = histories.new_tree(&mut runner).unwrap().current();
        let found = catch_unwind(AssertUnwindSafe(|| run(&wishes, off, &mut Counts::new())));
        let found = found.unwrap_or(Err("it panics".to_owned()));
        found.err().map(|what| (count, what))
    })
}

#[test]
fn each_rule_that_is_switched_off_is_missed() {
    let (most, seed) = bounds();
    let mut unmissed = Vec::new();
    let asked = |rule: &&str| !ALWAYS.contains(rule) && (most > GATE || !SELDOM.contains(rule));
    for rule in RULES.into_iter().filter(asked) {
        match noticed(Off::Rule(rule), seed, most) {
            Some((count, _)) => println!("{rule:<20} {count:>6}"),
            None => unmissed.push(rule),
        }
    }
    assert!(unmissed.is_empty(), "{most} histories do not notice that they lack {unmissed:?}");
}

/// Of the places that a few histories meet, each; in a gate's time none.
#[test]
fn each_place_that_no_longer_asks_for_its_rule_is_missed() {
    let (most, seed) = bounds();
    if most == GATE {
        return println!("asked for with TASDIQ_LONG=1");
    }
    let (mut runner, histories) = (runner(1, seed), histories());
    for _ in 0..most / 4 {
        let wishes = histories.new_tree(&mut runner).unwrap().current();
        run(&wishes, Off::Nothing, &mut Counts::new()).unwrap();
    }
    let (places, mut unmissed) = (met(), Vec::new());
    for place in &places {
        let (rule, at) = place;
        match noticed(Off::Place(*place), seed, most) {
            Some((count, what)) => {
                let what: String = what.chars().take(60).collect();
                println!("{rule:<20} {at} {count:>6}  {what}");
            }
            None => unmissed.push(place),
        }
    }
    println!("{} places switched off", places.len());
    assert!(unmissed.is_empty(), "{most} histories do not notice that they lack {unmissed:?}");
}
