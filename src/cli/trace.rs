//! `tasdiq trace` and `tasdiq reach`: what a lot was made of and what became of it, over all
//! levels, as a list, a table or a graph (DOT). Reads only.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::common::goods::{
    Figures, HolderFigures, MadeFigures, ProgressFigures, ReachedFigures, StepFigures, amount, csv,
    pages, path_of,
};
use super::common::output::{raw, say, say_json, table};
use super::common::service::{At, Source};
use super::{Global, Outcome};
use crate::names::LotKey;

/// Lots that are asked for at most; the answer says how many there are.
const LOTS_MAX: usize = 100_000;

/// Options of `trace`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq trace my-coop/J250\n  \
    tasdiq trace my-coop/J250 --dot | dot -Tsvg > way.svg\n  \
    tasdiq trace my-coop/F1 --down")]
pub struct TraceArgs {
    /// `GTIN/LOT` or `party/LOT`.
    lot: LotKey,
    /// What it was made of; so if nothing is said.
    #[arg(long, conflicts_with = "down")]
    up: bool,
    /// What became of it.
    #[arg(long)]
    down: bool,
    /// As a graph in the DOT language of Graphviz.
    #[arg(long)]
    dot: bool,
    #[command(flatten)]
    at: At,
}

/// Options of `reach`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq reach my-coop/F1\n  \
    tasdiq reach my-coop/F1 --csv > recall.csv")]
pub struct ReachArgs {
    /// `GTIN/LOT` or `party/LOT`.
    lot: LotKey,
    /// As CSV: one row for each lot and holder.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    at: At,
}

/// Runs `trace`.
///
/// # Errors
/// What keeps it from being done.
pub fn trace(args: &TraceArgs, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    if args.down {
        let (first, lots) = reached(&source, &args.lot)?;
        return match (args.dot, global.json) {
            (true, _) => dot(&args.lot, edges_down(&lots), labels_down(&lots)),
            (_, true) => whole(first, "lots", &lots),
            _ => list_down(&first, &lots),
        };
    }
    let path = path_of(&args.lot, "trace?limit=200");
    let (first, steps) = pages::<StepFigures>(&source, &path, "steps", LOTS_MAX)?;
    match (args.dot, global.json) {
        (true, _) => dot(&args.lot, edges_up(&steps), labels_up(&steps)),
        (_, true) => whole(first, "steps", &steps),
        _ => list_up(&first, &steps),
    }
}

/// Runs `reach`.
///
/// # Errors
/// What keeps it from being done.
pub fn reach(args: &ReachArgs, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    let (first, lots) = reached(&source, &args.lot)?;
    if args.csv {
        raw(&csv(&reach_rows(&lots)))?;
        return Ok(Outcome::Passed);
    }
    if global.json {
        return whole(first, "lots", &lots);
    }
    list_down(&first, &lots)
}

fn reached(source: &Source, lot: &LotKey) -> anyhow::Result<(Value, Vec<ReachedFigures>)> {
    pages(source, &path_of(lot, "reach?limit=200"), "lots", LOTS_MAX)
}

/// The first page with all rows.
fn whole<T: serde::Serialize>(
    mut first: Value,
    member: &str,
    rows: &[T],
) -> anyhow::Result<Outcome> {
    if let Some(page) = first.as_object_mut() {
        page.remove("next");
        page.insert(member.to_owned(), json!(rows));
    }
    say_json(&first)?;
    Ok(Outcome::Passed)
}

fn list_up(first: &Value, steps: &[StepFigures]) -> anyhow::Result<Outcome> {
    for step in steps {
        let made = match step.opening.as_str() {
            "primary" => format!("harvested or packed {}", step.packed_on),
            "declared" => format!("on {}'s word, {}", step.producer, step.packed_on),
            _ if step.made_count == 0 => "not filled yet".to_owned(),
            _ => "made".to_owned(),
        };
        let filled = amount(step.filled, &step.unit);
        say(format!(
            "{}  {}  {filled}  {}  {}  {made}  [{}]",
            step.lot, step.material, step.producer, step.region, step.status
        ))?;
        step.made_by.iter().try_for_each(|made| say(format!("    {}", made_line(made))))?;
        if step.made_count > step.made_by.len() {
            say(format!("    and {} more", step.made_count - step.made_by.len()))?;
        }
    }
    say(format!(
        "{} lots on the way, {} origins; origin: {}",
        first["total"],
        first["originCount"],
        first["origin"].as_str().unwrap_or_default()
    ))?;
    Ok(Outcome::Passed)
}

fn made_line(made: &MadeFigures) -> String {
    let told = |lines: &[super::common::goods::MovedFigures]| {
        let line = |it: &super::common::goods::MovedFigures| {
            format!("{} of {}", amount(it.quantity, &it.unit), it.lot)
        };
        lines.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    format!(
        "{} {}, entry {}, {}: {} -> {}",
        made.at,
        made.recipe,
        made.index,
        made.issuer,
        told(&made.inputs),
        told(&made.outputs)
    )
}

fn list_down(first: &Value, lots: &[ReachedFigures]) -> anyhow::Result<Outcome> {
    let head = ["lot", "material", "status", "filled", "left", "consumed", "out", "with"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for lot in lots {
        let (it, told) = (&lot.balance, |quantity| amount(quantity, &lot.unit));
        let holders = lot.holders.iter().filter(|holder| left_with(holder) > 0);
        let holders = holders.map(|it| format!("{} {}", it.party, told(left_with(it))));
        let mut row = vec![lot.lot.to_string(), lot.material.clone(), lot.status.clone()];
        row.extend([it.filled, left_of(it), it.consumed, it.out].map(told));
        row.push(holders.collect::<Vec<_>>().join(", "));
        rows.push(row);
    }
    say(table(&rows))?;
    let total = first["total"].as_u64().unwrap_or_default();
    say(format!("{total} lots were made of it, over all levels"))?;
    if let Ok(done) = serde_json::from_value::<ProgressFigures>(first["progress"].clone()) {
        say(format!(
            "If it is recalled: {} lots, {} filled; destroyed, sampled or returned: {} stated by \
             holders, {} seen by others",
            done.lots, done.filled, done.stated, done.seen
        ))?;
    }
    Ok(Outcome::Passed)
}

fn left_of(it: &Figures) -> u64 {
    [it.free, it.packed, it.in_transit, it.disputed]
        .iter()
        .fold(0, |sum, it| sum.saturating_add(*it))
}

fn left_with(it: &HolderFigures) -> u64 {
    [it.free, it.packed, it.in_transit, it.disputed]
        .iter()
        .fold(0, |sum, it| sum.saturating_add(*it))
}

/// One row for each lot and holder, and one for a lot that nobody has.
fn reach_rows(lots: &[ReachedFigures]) -> Vec<Vec<String>> {
    let head = ["lot", "material", "unit", "status", "filled", "consumed", "out", "holder", "free"];
    let head = head.into_iter().chain(["packed", "in_transit", "disputed", "sold"]);
    let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
    for lot in lots {
        let it = &lot.balance;
        let mut own = vec![lot.lot.to_string(), lot.material.clone(), lot.unit.clone()];
        own.push(lot.status.clone());
        own.extend([it.filled, it.consumed, it.out].map(|figure| figure.to_string()));
        let none = vec![String::new(); 6];
        let holders = lot.holders.iter().map(|holder| {
            let figures =
                [holder.free, holder.packed, holder.in_transit, holder.disputed, holder.sold];
            let mut row = vec![holder.party.to_string()];
            row.extend(figures.map(|figure| figure.to_string()));
            row
        });
        let mut holders: Vec<Vec<String>> = holders.collect();
        if holders.is_empty() {
            holders.push(none);
        }
        rows.extend(holders.into_iter().map(|holder| [own.clone(), holder].concat()));
    }
    rows
}

/// From, to and what goes along.
type Edge = (String, String, String);

fn edges_up(steps: &[StepFigures]) -> BTreeSet<Edge> {
    let made = steps.iter().flat_map(|step| &step.made_by);
    let edge = |made: &MadeFigures| {
        let recipe = made.recipe.clone();
        let inputs = made.inputs.iter();
        let ways = inputs.flat_map(|from| made.outputs.iter().map(move |to| (from, to)));
        let told = ways.map(|(from, to)| {
            let label = format!("{} ({recipe})", amount(from.quantity, &from.unit));
            (from.lot.to_string(), to.lot.to_string(), label)
        });
        told.collect::<Vec<Edge>>()
    };
    let on_the_way: BTreeSet<String> = steps.iter().map(|step| step.lot.to_string()).collect();
    let all = made.flat_map(edge);
    all.filter(|(from, to, _)| on_the_way.contains(from) && on_the_way.contains(to)).collect()
}

fn edges_down(lots: &[ReachedFigures]) -> BTreeSet<Edge> {
    let known: BTreeSet<String> = lots.iter().map(|lot| lot.lot.to_string()).collect();
    let edges = lots.iter().flat_map(|lot| {
        let to = lot.lot.to_string();
        lot.made_of.iter().map(move |from| (from.to_string(), to.clone(), String::new()))
    });
    edges.filter(|(from, ..)| known.contains(from)).collect()
}

fn labels_up(steps: &[StepFigures]) -> Vec<(String, String)> {
    let label = |step: &StepFigures| {
        let filled = amount(step.filled, &step.unit);
        (step.lot.to_string(), format!("{}\n{}, {filled}", step.lot, step.material))
    };
    steps.iter().map(label).collect()
}

fn labels_down(lots: &[ReachedFigures]) -> Vec<(String, String)> {
    let label = |lot: &ReachedFigures| {
        let left = amount(left_of(&lot.balance), &lot.unit);
        (lot.lot.to_string(), format!("{}\n{}, {left} left", lot.lot, lot.material))
    };
    lots.iter().map(label).collect()
}

/// A graph in the DOT language; texts are quoted, so no name of a lot says anything in it.
fn dot(
    of: &LotKey,
    edges: BTreeSet<Edge>,
    labels: Vec<(String, String)>,
) -> anyhow::Result<Outcome> {
    let mut text =
        format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&of.to_string()));
    for (lot, label) in labels {
        // Writing into a string has no way to fail.
        let _ = writeln!(text, "  {} [label={}];", quoted(&lot), quoted(&label));
    }
    for (from, to, label) in edges {
        let _ =
            writeln!(text, "  {} -> {} [label={}];", quoted(&from), quoted(&to), quoted(&label));
    }
    text.push_str("}\n");
    raw(text.as_bytes())?;
    Ok(Outcome::Passed)
}

fn quoted(text: &str) -> String {
    let inner = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{inner}\"")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_breaks_out_of_its_quotes() {
        assert_eq!(super::quoted("a\"];b\\\nc"), "\"a\\\"];b\\\\\\nc\"");
    }
}
