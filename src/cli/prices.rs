//! `tasdiq prices`: what prices add up to, by scheme, year, campaign and currency. Reads only; not
//! here: stating and undoing them (`pay`).

use serde::{Deserialize, Serialize};

use super::common::goods::{csv, pages};
use super::common::output::{raw, say, say_json, table};
use super::common::service::{At, Source};
use super::{Global, Outcome};
use crate::os::percent;

/// Rows that are asked for at most.
const ROWS_MAX: usize = 100_000;

/// Options of `prices`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq prices --scheme fairtrade --year 2026\n  \
    tasdiq prices --party my-coop\n  \
    tasdiq prices --party my-shop --side buyer --csv > paid.csv\n\n\
    Amounts are in the currency's minor unit. Paid is what two sides signed; what the seller alone\n\
    says, and what is disputed, stand apart, and no two currencies are added.")]
pub struct Args {
    /// Of this party alone.
    #[arg(long, value_name = "SLUG")]
    party: Option<String>,
    /// Of the party: what it sold or what it bought for.
    #[arg(long, requires = "party", value_parser = ["seller", "buyer"])]
    side: Option<String>,
    /// Of this scheme.
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// Paid in this year.
    #[arg(long)]
    year: Option<i32>,
    /// Of lots of this campaign.
    #[arg(long, value_name = "CAMPAIGN")]
    season: Option<String>,
    /// As CSV.
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    at: At,
}

/// A row as the service tells it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    scheme: String,
    year: i32,
    season: String,
    currency: Option<String>,
    paid: Sum,
    confirmed: Sum,
    audited: Sum,
    one_sided: Sum,
    disputed: Sum,
    undisclosed: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Sum {
    count: u64,
    amount: String,
    premium: String,
}

/// Runs `prices`.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    let year = args.year.map(|year| year.to_string());
    let filters = [
        ("party", &args.party),
        ("side", &args.side),
        ("scheme", &args.scheme),
        ("year", &year),
        ("season", &args.season),
    ];
    let filters = filters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let filters: Vec<String> =
        filters.map(|(name, value)| format!("&{name}={}", percent::value(value))).collect();
    let path = format!("/api/v1/prices?limit=200{}", filters.concat());
    let (_, totals) = pages::<Total>(&source, &path, "prices", ROWS_MAX)?;
    if args.csv {
        raw(&csv(&rows_of(&totals)))?;
    } else if global.json {
        say_json(&totals)?;
    } else {
        let head = ["scheme", "year", "campaign", "currency", "paid", "premium", "one side says"];
        let head = head.into_iter().chain(["disputed", "undisclosed"]);
        let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
        rows.extend(totals.iter().map(|one| {
            let both = |sum: &Sum| format!("{} + {} ({})", sum.amount, sum.premium, sum.count);
            vec![
                one.scheme.clone(),
                one.year.to_string(),
                one.season.clone(),
                one.currency.clone().unwrap_or_else(|| "-".to_owned()),
                format!("{} ({})", one.paid.amount, one.paid.count),
                one.paid.premium.clone(),
                both(&one.one_sided),
                both(&one.disputed),
                one.undisclosed.to_string(),
            ]
        }));
        say(table(&rows))?;
        say(format!("{} rows", totals.len()))?;
    }
    Ok(Outcome::Passed)
}

fn rows_of(totals: &[Total]) -> Vec<Vec<String>> {
    let mut head: Vec<String> =
        ["scheme", "year", "season", "currency"].map(str::to_owned).to_vec();
    for what in ["paid", "confirmed", "audited", "one_sided", "disputed"] {
        head.extend(["count", "amount", "premium"].map(|figure| format!("{what}_{figure}")));
    }
    head.push("undisclosed".to_owned());
    let mut rows = vec![head];
    rows.extend(totals.iter().map(|one| {
        let currency = one.currency.clone().unwrap_or_default();
        let mut row = vec![one.scheme.clone(), one.year.to_string(), one.season.clone(), currency];
        for sum in [&one.paid, &one.confirmed, &one.audited, &one.one_sided, &one.disputed] {
            row.extend([sum.count.to_string(), sum.amount.clone(), sum.premium.clone()]);
        }
        row.push(one.undisclosed.to_string());
        row
    }));
    rows
}
