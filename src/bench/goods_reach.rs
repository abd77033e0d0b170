//! Measures what goods cost beside lots and certificates: memory of their figures, and how long it
//! takes to be told all that a lot came from or that came from it. Not here: the ledger (`goods`).

use std::net::SocketAddr;

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;

use super::goods::lot_of;
use super::graph::{self, Node};
use super::load::{Load, Until, get, request};
use super::process::memory_bytes;
use super::report::{Budget, Figure, Unit};
use crate::ledger::Ledger;
use crate::trace::{Reader, Trace};

/// Lots asked about, each way.
const ASKED: u64 = 300;
/// Of those, as many are worked out here too.
const CHECKED: usize = 5;
/// The time that 99 of 100 answers take, in microseconds.
const ANSWER_MICROSECONDS: u64 = 50_000;
/// Bytes of a lot, and of an event.
const BUDGETS: [u64; 2] = [200, 120];

/// What the figures of all lots and events take: their rows counted, and how much memory a copy of
/// them takes.
///
/// # Errors
/// Figures that cannot be read back.
pub fn memory(ledger: &Ledger) -> anyhow::Result<Vec<Figure>> {
    let view = ledger.view();
    let trace = view.register.trace();
    let mut bytes = Vec::new();
    trace.encode(&mut bytes);
    let before = memory_bytes("VmRSS");
    let copy = Trace::decode(&mut Reader::new(&bytes)).map_err(|fault| anyhow!("{fault:?}"))?;
    let taken = memory_bytes("VmRSS").saturating_sub(before);
    ensure!(&copy == trace, "the figures are not what their bytes say");
    let weight = trace.weight();
    let rows = u64::try_from(weight.lots.saturating_add(weight.events))?;
    let percent = taken.saturating_mul(100) / rows.max(1);
    let of = [
        ("a lot", weight.lots, trace.lot_count()),
        ("an event", weight.events, trace.event_count()),
    ];
    let bound = "rows of fixed width; trees of rows that come in no order";
    let mut figures = Vec::new();
    for ((what, bytes, count), budget) in of.into_iter().zip(BUDGETS) {
        let each = u64::try_from(bytes)? / u64::try_from(count)?.max(1);
        let name = format!("goods: rows of {what}, {count} of them");
        figures.push(Figure::new(name, each, Unit::Bytes, bound));
        let each = each.saturating_mul(percent) / 100;
        let figure = Figure::new(format!("goods: memory of {what}"), each, Unit::Bytes, bound);
        figures.push(figure.against(Budget::Below(budget.saturating_add(1))));
    }
    figures.push(Figure::new("  memory to rows", percent, Unit::Percent, bound));
    Ok(figures)
}

/// All that any lots of the graph came from, and that came from them, one client asking.
///
/// # Errors
/// A service that failed, or that counts otherwise than the graph says.
pub fn ways(address: SocketAddr, parts: u64) -> anyhow::Result<Vec<Figure>> {
    let nodes = graph::some(parts, ASKED);
    for node in nodes.iter().filter(|node| node.level > 0).take(CHECKED) {
        let (told, expected) = (total(address, &path(*node, "trace")?)?, graph::above(*node));
        ensure!(told == expected as u64, "{node:?} comes from {expected} lots, told were {told}");
    }
    let mut figures = Vec::new();
    for (way, what) in [("reach", "what became of a lot"), ("trace", "what a lot came from")] {
        let all = nodes.iter().map(|node| Ok(request("GET", &path(*node, way)?, "", b"")));
        let requests = all.collect::<anyhow::Result<Vec<_>>>()?;
        let load = Load { address, connections: 1, depth: 1, until: Until::AllSent };
        let loaded = load.run(&requests)?;
        let bound = "all lines of events are swept once, or those on the way walked along";
        let time = |percent| {
            let name = format!("{what}, over all levels, p{percent}");
            Figure::time(name, loaded.percentile(percent), bound)
        };
        figures.push(time(50));
        figures.push(time(99).against(Budget::Below(ANSWER_MICROSECONDS)));
        let mut most = 0;
        for node in nodes.iter().take(ASKED as usize / 10) {
            most = most.max(total(address, &path(*node, way)?)?);
        }
        let name = format!("  the most lots that one of {} tells of", ASKED / 10);
        figures.push(Figure::new(name, most, Unit::Count, bound));
    }
    Ok(figures)
}

fn path(node: Node, way: &str) -> anyhow::Result<String> {
    Ok(format!("/api/v1/lots/{}/{way}", lot_of(node)?))
}

fn total(address: SocketAddr, path: &str) -> anyhow::Result<u64> {
    let answer: Value = serde_json::from_slice(&get(address, path)?)?;
    answer["total"].as_u64().context("an answer without total")
}
