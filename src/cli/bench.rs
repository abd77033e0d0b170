//! `tasdiq bench`: measures this machine against the budgets.

use std::path::PathBuf;

use super::common::output::{say, say_json, table};
use super::{Global, Outcome};
use crate::bench::{Measured, Scale, run as measure, run_at_size, run_pack};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tasdiq bench --quick\n  tasdiq bench --folder /var/lib\n  \
    tasdiq bench --pack 1000000\n  tasdiq bench --entries 1000000 --folder /var/lib\n\n\
    --entries takes some minutes and 6 GB of disk for 1,000,000 entries, ten times that for \
    10,000,000. There the column `limit` is what this machine could do at most, measured in the \
    same run, and `share` how much of it is reached.\n\n\
    Nothing of the ledger in --data is touched. A budget that is not met gives exit code 1 in no \
    case: a busy machine is no fault.")]
pub struct Args {
    /// Some ten seconds instead of a minute.
    #[arg(long)]
    quick: bool,
    /// Only the offline pack, with this many lots.
    #[arg(long, value_name = "LOTS", conflicts_with = "quick",
        value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    pack: Option<u64>,
    /// Only a ledger of this many entries, half lots, half certificates: starts, memory, scans,
    /// audit and statements coming in at that size.
    #[arg(long, value_name = "N", conflicts_with_all = ["quick", "pack"],
        value_parser = clap::value_parser!(u64).range(1_000..=10_000_000))]
    entries: Option<u64>,
    /// Where to put the temporary data folder; default: the system's place for such.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let scale = if args.quick { Scale::QUICK } else { Scale::FULL };
    let parent = args.folder.clone().unwrap_or_else(std::env::temp_dir);
    let tell = |doing: &str| eprintln!("{doing} ...");
    let measured = match (args.pack, args.entries) {
        (Some(lots), _) => run_pack(lots, &parent)?,
        (_, Some(entries)) => run_at_size(entries, &parent, &tell)?,
        (None, None) => measure(&scale, &parent, &tell)?,
    };
    if global.json {
        say_json(&measured)?;
    } else {
        say(text(&measured))?;
    }
    Ok(Outcome::Passed)
}

fn text(measured: &Measured) -> String {
    let head = ["what", "figure", "budget", "met", "limit", "share", "bounded by"];
    let head = head.map(str::to_owned).to_vec();
    let rows: Vec<_> =
        std::iter::once(head).chain(measured.figures.iter().map(|figure| figure.row())).collect();
    let build = if measured.optimised { "release" } else { "DEBUG BUILD: of no use" };
    format!(
        "{} cores shared by service and client; load before {}, after {}; {} entries; data on {}; \
         {build}\n\n{}",
        measured.cores,
        measured.load_before,
        measured.load_after,
        measured.entries,
        measured.file_system,
        table(&rows),
    )
}
