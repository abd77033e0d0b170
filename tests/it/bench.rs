//! `tasdiq bench --entries`: it runs to its end at a tiny size, and every figure is there. Not what
//! the figures are: no budget is for that size or for a build of this kind.

use crate::cli::Bench;

/// How each figure's name begins, in order.
const FIGURES: [&str; 37] = [
    "machine: strict Ed25519 checks",
    "machine: SHA-256",
    "machine: append of 4 kB and sync, p50",
    "machine: writing in order",
    "filling in process, entries 4 to 10",
    "filling in process, entries 50 to 100",
    "filling in process, entries 500 to 1000",
    "  time of one, the last to the first",
    "disk, for each byte of entries",
    "audit of everything, all cores",
    "start without entries",
    "start after a clean stop, 1000 entries",
    "  for each entry",
    "start after a kill, 1000 entries",
    "  for each entry",
    "memory just started, 0 entries",
    "memory just started, 100 entries",
    "  for each entry beyond 0",
    "memory just started, 1000 entries",
    "  for each entry beyond 100",
    "scan page, 500 different labels, 64 connections",
    "memory after 500 scans",
    "scan as JSON",
    "scan page, 16",
    "scan page, gzip",
    "inclusion proof",
    "audit over HTTP, entries",
    "audit over HTTP, signatures",
    "  of the checks that the machine can do",
    "one client, p50",
    "one client, p99",
    "bulk into 100 entries: lots",
    "bulk into 1000 entries: lots",
    "  time of one, large to small",
    "bulk into 100 entries: certificates",
    "bulk into 1000 entries: certificates",
    "  time of one, large to small",
];

#[test]
fn a_measurement_at_a_size_gives_every_figure() {
    let bench = Bench::new();
    let measured = bench.json("bench --entries 1000 --events 0 --folder .");
    assert_eq!(measured["entries"], 1000);
    let figures = measured["figures"].as_array().unwrap();
    let names: Vec<&str> = figures.iter().map(|figure| figure["what"].as_str().unwrap()).collect();
    assert_eq!(names.len(), FIGURES.len(), "{names:#?}");
    for (name, expected) in names.iter().zip(FIGURES) {
        assert!(name.starts_with(expected), "{name:?}, not {expected:?}");
    }
    for figure in figures {
        let name = figure["what"].as_str().unwrap();
        assert!(figure["value"].as_u64().unwrap() > 0 || name.starts_with("  "), "{figure}");
        assert_eq!(figure["limit"].is_null(), figure["share"].is_null(), "{figure}");
    }
    let left: Vec<_> = std::fs::read_dir(bench.path(".")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The same with goods, of which a ledger has at least one part: some 4,000 entries.
#[test]
fn a_measurement_with_goods_tells_their_memory_and_ways() {
    if std::env::var_os("TASDIQ_LONG").is_none() {
        return;
    }
    let bench = Bench::new();
    let measured = bench.json("bench --entries 12000 --folder .");
    let figures = measured["figures"].as_array().unwrap();
    let value = |what: &str| {
        let named =
            |figure: &&serde_json::Value| figure["what"].as_str().unwrap().starts_with(what);
        let found = figures.iter().find(named);
        found.unwrap_or_else(|| panic!("no {what}: {figures:#?}"))["value"].as_u64().unwrap()
    };
    assert!((185..=200).contains(&value("goods: rows of a lot")), "{figures:#?}");
    assert!((48..=150).contains(&value("goods: rows of an event")), "{figures:#?}");
    for what in ["what became of a lot", "what a lot came from", "bulk into 12000 entries: ship"] {
        assert!(value(what) > 0);
    }
    assert!(value("  the most lots that one of") > 70);
}
