//! `tasdiq bench`: measures this machine against the budgets.

use std::path::PathBuf;

use super::common::output::{say, say_json, table};
use super::{Global, Outcome};
use crate::bench::{
    EVENTS_PERCENT, Measured, Scale, SizeOptions, run as measure, run_at_size, run_pack,
};
use crate::limits::EDITION_MAX;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tasdiq bench --quick\n  tasdiq bench --folder /var/lib\n  \
    tasdiq bench --pack 1000000\n  tasdiq bench --entries 1000000 --folder /var/lib\n  \
    tasdiq bench --entries 1000000 --events 0 --edition 1\n\n\
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
    /// Only a ledger of this many entries, lots, certificates and events of goods: starts, memory,
    /// scans, audit, ways of lots and statements coming in at that size.
    #[arg(long, value_name = "N", conflicts_with_all = ["quick", "pack"],
        value_parser = clap::value_parser!(u64).range(1_000..=10_000_000))]
    entries: Option<u64>,
    /// With --entries: of a hundred entries so many are events, 8 to 50; 0: lots and certificates
    /// alone.
    #[arg(long, value_name = "PERCENT", default_value_t = 40, requires = "entries",
        value_parser = events_percent)]
    events: u64,
    /// With --entries: the edition of the rules; 1, the last one before goods, is measured without
    /// events.
    #[arg(long, value_name = "N", default_value_t = EDITION_MAX, requires = "entries",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(EDITION_MAX)))]
    edition: u32,
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
        (_, Some(entries)) => {
            let (events_percent, edition) = (args.events, args.edition);
            run_at_size(SizeOptions { entries, events_percent, edition }, &parent, &tell)?
        }
        (None, None) => measure(&scale, &parent, &tell)?,
    };
    if global.json {
        say_json(&measured)?;
    } else {
        say(text(&measured))?;
    }
    Ok(Outcome::Passed)
}

/// Reads a share of events.
fn events_percent(text: &str) -> Result<u64, String> {
    let percent = text.parse::<u64>().ok();
    let [least, most] = EVENTS_PERCENT;
    let fits = percent.filter(|percent| *percent == 0 || (least..=most).contains(percent));
    fits.ok_or_else(|| format!("{text:?} is neither 0 nor {least} to {most}"))
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
