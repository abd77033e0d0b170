//! `tasdiq balance` and `tasdiq shipments`: what there is of lots and with whom, and what is on its
//! way to whom. Reads only.

use serde_json::Value;

use super::common::goods::{LotFigures, ShipmentFigures, amount, csv, pages, path_of};
use super::common::output::{raw, say, say_json, table};
use super::common::service::{At, Source};
use super::{Global, Outcome};
use crate::names::{LotKey, PartySlug};
use crate::os::percent;

/// Lots, holders or shipments that are asked for at most.
const ROWS_MAX: usize = 100_000;

/// Options of `balance`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq balance my-coop/H26A\n  \
    tasdiq balance --all --csv > balances.csv\n\n\
    filled = free + packed + on its way + disputed + consumed + out, of every lot at all times.")]
pub struct BalanceArgs {
    /// `GTIN/LOT` or `party/LOT`.
    #[arg(required_unless_present = "all")]
    lot: Option<LotKey>,
    /// All lots, or all of one cooperative.
    #[arg(long, conflicts_with = "lot")]
    all: bool,
    /// With --all: of this cooperative.
    #[arg(long, value_name = "SLUG", requires = "all")]
    of: Option<String>,
    /// As CSV.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    at: At,
}

/// Options of `shipments`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq shipments --to my-shop --state waiting\n  \
    tasdiq shipments --from my-coop --state disputed")]
pub struct ShipmentsArgs {
    /// To whom.
    #[arg(long, value_name = "SLUG")]
    to: Option<String>,
    /// From whom.
    #[arg(long, value_name = "SLUG")]
    from: Option<String>,
    /// How far they have come.
    #[arg(long, value_parser = ["waiting", "returning", "disputed", "settled", "answered", "left", "undone"])]
    state: Option<String>,
    /// As CSV: one row for each lot.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    at: At,
}

/// Runs `balance`.
///
/// # Errors
/// What keeps it from being done.
pub fn balance(args: &BalanceArgs, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    let lots: Vec<LotKey> = match &args.lot {
        Some(lot) => vec![lot.clone()],
        None => all_lots(&source, args.of.as_deref())?,
    };
    let mut balances = Vec::with_capacity(lots.len());
    for lot in &lots {
        balances.push(balance_of(&source, lot)?);
    }
    if args.csv {
        raw(&csv(&rows_of(&balances)))?;
    } else if global.json {
        match (args.lot.is_some(), balances.first()) {
            (true, Some(one)) => say_json(one)?,
            _ => say_json(&balances)?,
        }
    } else if args.lot.is_some() {
        balances.iter().try_for_each(tell)?;
    } else {
        let head = ["lot", "material", "filled", "free", "packed", "on its way", "disputed"];
        let head = head.into_iter().chain(["consumed", "out", "status"]);
        let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
        rows.extend(balances.iter().map(|lot| {
            let (it, told) = (&lot.balance, |quantity| amount(quantity, &lot.unit));
            let mut row = vec![lot.lot.to_string(), lot.material.clone()];
            let figures = [it.filled, it.free, it.packed, it.in_transit, it.disputed, it.consumed];
            row.extend(figures.map(told));
            row.extend([told(it.out), lot.status.clone()]);
            row
        }));
        say(table(&rows))?;
        say(format!("{} lots", balances.len()))?;
    }
    Ok(Outcome::Passed)
}

fn all_lots(source: &Source, of: Option<&str>) -> anyhow::Result<Vec<LotKey>> {
    #[derive(serde::Deserialize)]
    struct Named {
        lot: LotKey,
    }
    let of = of.map(PartySlug::parse).transpose()?;
    let of = of.map(|of| format!("&cooperative={of}")).unwrap_or_default();
    let path = format!("/api/v1/lots?limit=500{of}");
    let (_, lots) = pages::<Named>(source, &path, "lots", ROWS_MAX)?;
    Ok(lots.into_iter().map(|it| it.lot).collect())
}

/// The balance of a lot with all its holders.
fn balance_of(source: &Source, lot: &LotKey) -> anyhow::Result<LotFigures> {
    let path = path_of(lot, "balance?limit=200");
    let (mut first, holders): (Value, Vec<Value>) = pages(source, &path, "holders", ROWS_MAX)?;
    first["holders"] = Value::Array(holders);
    Ok(serde_json::from_value(first)?)
}

fn tell(lot: &LotFigures) -> anyhow::Result<()> {
    let (it, told) = (&lot.balance, |quantity| amount(quantity, &lot.unit));
    say(format!(
        "{}: {} of {}, {} ({}); origin: {}; custody: {}; status: {}{}",
        lot.lot,
        told(it.declared),
        lot.material,
        lot.producer,
        lot.opening,
        lot.origin,
        lot.custody_model,
        lot.status,
        if lot.inherited == "released" {
            String::new()
        } else {
            format!(", {} through what it was made of", lot.inherited)
        }
    ))?;
    let figures = [
        ("filled", it.filled),
        ("free", it.free),
        ("packed", it.packed),
        ("on its way", it.in_transit),
        ("disputed", it.disputed),
        ("consumed", it.consumed),
        ("out", it.out),
        ("labelled", it.labelled),
    ];
    let rows: Vec<Vec<String>> =
        figures.iter().map(|(word, figure)| vec![(*word).to_owned(), told(*figure)]).collect();
    say(table(&rows))?;
    let schemes = lot.schemes.iter().map(|one| {
        let cover = one.cover.map_or("not kept".to_owned(), told);
        vec![
            one.scheme.clone(),
            format!("cover {cover}"),
            format!("certified {}", told(one.certified)),
        ]
    });
    let schemes: Vec<Vec<String>> = schemes.collect();
    if !schemes.is_empty() {
        say(table(&schemes))?;
    }
    let holders = lot.holders.iter().map(|holder| {
        let parts = [
            ("free", holder.free),
            ("packed", holder.packed),
            ("on its way", holder.in_transit),
            ("disputed", holder.disputed),
            ("sold", holder.sold),
        ];
        let parts = parts.iter().filter(|(_, figure)| *figure > 0);
        let parts: Vec<String> =
            parts.map(|(word, figure)| format!("{word} {}", told(*figure))).collect();
        vec![holder.party.to_string(), parts.join(", ")]
    });
    say(table(&holders.collect::<Vec<_>>()))
}

fn rows_of(balances: &[LotFigures]) -> Vec<Vec<String>> {
    let head = ["lot", "material", "unit", "producer", "opening", "origin", "status", "declared"];
    let head = head.into_iter().chain(["filled", "free", "packed", "in_transit", "disputed"]);
    let head = head.chain(["consumed", "out", "labelled", "holders"]);
    let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
    rows.extend(balances.iter().map(|lot| {
        let it = &lot.balance;
        let mut row = vec![lot.lot.to_string(), lot.material.clone(), lot.unit.clone()];
        row.extend([lot.producer.to_string(), lot.opening.clone(), lot.origin.clone()]);
        row.push(lot.status.clone());
        let figures = [
            it.declared,
            it.filled,
            it.free,
            it.packed,
            it.in_transit,
            it.disputed,
            it.consumed,
            it.out,
            it.labelled,
        ];
        row.extend(figures.map(|figure| figure.to_string()));
        row.push(lot.holder_count.to_string());
        row
    }));
    rows
}

/// Runs `shipments`.
///
/// # Errors
/// What keeps it from being done.
pub fn shipments(args: &ShipmentsArgs, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    let filters = [("to", &args.to), ("from", &args.from), ("state", &args.state)];
    let filters = filters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let filters: Vec<String> =
        filters.map(|(name, value)| format!("&{name}={}", percent::value(value))).collect();
    let path = format!("/api/v1/shipments?limit=100{}", filters.concat());
    let (mut first, ships) = pages::<ShipmentFigures>(&source, &path, "shipments", ROWS_MAX)?;
    if args.csv {
        raw(&csv(&ship_rows(&ships)))?;
    } else if global.json {
        if let Some(page) = first.as_object_mut() {
            page.remove("next");
        }
        first["shipments"] = serde_json::to_value(&ships)?;
        say_json(&first)?;
    } else {
        for ship in &ships {
            let to = ship.to.as_ref().map_or("somebody outside".to_owned(), ToString::to_string);
            say(format!(
                "{}  entry {}  {}: {} -> {to}  {}  [{}]",
                ship.at, ship.index, ship.purpose, ship.from, ship.id, ship.state
            ))?;
            for line in &ship.lines {
                let told = |quantity| amount(quantity, &line.unit);
                let parts = [
                    ("accepted", line.accepted),
                    ("refused", line.refused),
                    ("missing", line.missing),
                    ("dried", line.dried),
                    ("still disputed", line.disputed),
                ];
                let parts = parts.iter().filter(|(_, figure)| *figure > 0);
                let parts: Vec<String> =
                    parts.map(|(word, figure)| format!("; {word} {}", told(*figure))).collect();
                say(format!("    {}  {}{}", line.lot, told(line.sent), parts.concat()))?;
            }
        }
        say(format!("{} shipments", first["total"]))?;
    }
    Ok(Outcome::Passed)
}

fn ship_rows(ships: &[ShipmentFigures]) -> Vec<Vec<String>> {
    let head = ["id", "at", "from", "to", "purpose", "state", "lot", "unit", "sent", "accepted"];
    let head = head.into_iter().chain(["refused", "missing", "dried", "disputed"]);
    let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
    for ship in ships {
        let to = ship.to.as_ref().map(ToString::to_string).unwrap_or_default();
        let own = [
            ship.id.clone(),
            ship.at.clone(),
            ship.from.to_string(),
            to,
            ship.purpose.clone(),
            ship.state.clone(),
        ];
        rows.extend(ship.lines.iter().map(|line| {
            let mut row = own.to_vec();
            row.extend([line.lot.to_string(), line.unit.clone()]);
            let figures =
                [line.sent, line.accepted, line.refused, line.missing, line.dried, line.disputed];
            row.extend(figures.map(|figure| figure.to_string()));
            row
        }));
    }
    rows
}
