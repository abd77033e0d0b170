//! `tasdiq trust`: writes the trust snapshot, after it was verified, and prints its root to
//! compare.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::common::output::{say, say_json, write_to};
use super::common::service::{AtOrCopy, Source};
use super::{Global, Outcome};
use crate::limits::TRUST_BYTES_MAX;
use crate::os::files;
use crate::trust::Trust;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq trust --url https://ledger.example --out trust.json\n  \
    tasdiq trust --url https://ledger.example --out trust.json --root z6Mk...\n\n\
    Compare the root it prints with the one the authority publishes; --root does it for you.\n\
    A newer snapshot in FILE, or one of another ledger, is never overwritten: nothing is\n\
    written then, and the exit code is 1. Neither is a file that cannot be compared (2).")]
pub struct Args {
    /// File to write; `-` for stdout.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The root the snapshot must have.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    #[command(flatten)]
    from: AtOrCopy,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open_or_copy(&args.from, global)?;
    let bytes = source.trust_bytes()?;
    let trust = match Trust::open(&bytes, args.root.as_deref()) {
        Ok(trust) => trust,
        Err(error) => {
            eprintln!("tasdiq: nothing was written: {error} [{}]", error.code());
            return Ok(Outcome::Failed);
        }
    };
    if let Some(Err(error)) = held(&args.out)?.map(|held| held.admits(&bytes)) {
        let (out, code) = (args.out.display(), error.code());
        eprintln!(
            "tasdiq: nothing was written: {error} [{code}]\n\
             {out} holds the snapshot known so far; if another is meant, remove it first"
        );
        return Ok(Outcome::Failed);
    }
    write_to(&args.out, &bytes)?;
    let lines = format!(
        "Trust snapshot of {}: {} parties, log size {}, made {}, next due {}\nRoot: {}",
        trust.host,
        trust.parties.len(),
        trust.sequence,
        trust.issued_at,
        trust.next_update,
        trust.root
    );
    if args.out.as_os_str() == "-" {
        eprintln!("{lines}");
    } else if global.json {
        say_json(&json!({
            "host": trust.host,
            "root": trust.root,
            "sequence": trust.sequence,
            "issuedAt": trust.issued_at,
            "nextUpdate": trust.next_update,
        }))?;
    } else {
        say(lines)?;
    }
    Ok(Outcome::Passed)
}

/// The snapshot that the file to be written holds already. What is there and cannot be read is not
/// taken for nothing: it may be newer than what is offered.
fn held(out: &Path) -> anyhow::Result<Option<Trust>> {
    if out.as_os_str() == "-" || !files::is_replaced(out) {
        return Ok(None);
    }
    let unreadable =
        || format!("{}: what is there cannot be compared; remove it to begin anew", out.display());
    let bytes = files::read_at_most(out, TRUST_BYTES_MAX).with_context(unreadable)?;
    bytes.map(|bytes| Trust::open(&bytes, None)).transpose().with_context(unreadable)
}
