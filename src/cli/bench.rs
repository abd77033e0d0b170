//! `tasdiq bench`: measures this machine against the budgets.

use super::output::{say, say_json};
use super::{Global, Outcome};
use crate::bench::{Options, run as measure, table};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tasdiq bench --quick\n  tasdiq bench --json > figures.json\n\n\
    It makes a ledger in a temporary folder, serves it on loopback, and stops by itself."
)]
pub struct Args {
    /// Fewer statements and requests: some ten seconds.
    #[arg(long)]
    quick: bool,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being measured.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let options = if args.quick {
        Options { statements: 5_000, reads: 50_000 }
    } else {
        Options { statements: 50_000, reads: 400_000 }
    };
    let folder = std::env::temp_dir().join(format!("tasdiq-bench-{}", std::process::id()));
    let figures = measure(&folder, options);
    // What was measured is of no use afterwards, whatever came of it.
    let _ = std::fs::remove_dir_all(&folder);
    let figures = figures?;
    if global.json {
        say_json(&figures)?
    } else {
        say(table(&figures))?
    }
    Ok(Outcome::Passed)
}
