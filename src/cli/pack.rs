//! `tasdiq pack`: writes the offline pack, after it was verified under the same ledger's trust.

use std::path::PathBuf;

use serde_json::json;

use super::output::{say, say_json, write_to};
use super::source::{AtOrCopy, Source};
use super::{Global, Outcome};
use crate::verify::{Pack, StatusBook};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq pack --url https://ledger.example --out pack.json\n  \
    tasdiq pack --data ./tasdiq-data --out - > pack.json\n\n\
    It holds the status of every lot and certificate; fetch a new one at least daily.")]
pub struct Args {
    /// File to write; `-` for stdout.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    from: AtOrCopy,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open_or_copy(&args.from, global)?;
    let bytes = source.pack_bytes()?;
    let pack = match Pack::open(&bytes, &source.trust(None)?) {
        Ok(pack) => pack,
        Err(error) => {
            eprintln!("tasdiq: nothing was written: {error} [{}]", error.code());
            return Ok(Outcome::Failed);
        }
    };
    write_to(&args.out, &bytes)?;
    let (made, due) = (pack.issued_at(), pack.next_update());
    let line = format!("Pack up to log entry {}, made {made}, next due {due}", pack.covers());
    if args.out.as_os_str() == "-" {
        eprintln!("{line}");
    } else if global.json {
        say_json(&json!({ "covers": pack.covers(), "issuedAt": made, "nextUpdate": due }))?;
    } else {
        say(line)?;
    }
    Ok(Outcome::Passed)
}
