//! `tasdiq dossier`: writes the dossier of a certificate, after it was verified under the same
//! ledger's trust.

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::json;

use super::common::output::{say, say_json, write_to};
use super::common::service::{At, Source};
use super::common::verdict::brief;
use super::{Global, Outcome};
use crate::names::LotKey;
use crate::os::now;
use crate::verify::{Evidence, Policy, verify};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq dossier 06111234567895/A24B017 --out jar.tasdiq --url https://ledger.example\n  \
    tasdiq dossier 42 --out 42.tasdiq\n\n\
    Anybody verifies it with no server: tasdiq verify jar.tasdiq --root z6Mk...\n\
    Exit code 1 if the dossier that was made is not genuine; then nothing is written.")]
pub struct Args {
    /// The lot (GTIN/LOT or party/LOT), or the serial of its certificate.
    #[arg(value_name = "LOT|SERIAL")]
    subject: String,
    /// File to write; `-` for stdout.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let source = Source::open(&args.at, global)?;
    let serial = serial(&source, &args.subject)?;
    let bytes = source.dossier(serial)?;
    let trust = source.trust(None)?;
    let report = verify(Evidence::Dossier(&bytes), &trust, None, now(), Policy::Shop);
    if report.exit_code == 1 {
        eprintln!("tasdiq: nothing was written: {}", brief(&report));
        return Ok(Outcome::Failed);
    }
    write_to(&args.out, &bytes)?;
    let line =
        format!("Dossier of certificate {serial}, {} bytes\n{}", bytes.len(), brief(&report));
    if args.out.as_os_str() == "-" {
        eprintln!("{line}");
    } else if global.json {
        say_json(&json!({ "serial": serial, "bytes": bytes.len(), "report": report }))?;
    } else {
        say(line)?;
    }
    Ok(Outcome::Passed)
}

/// The serial meant: the number itself, or that of the lot's only certificate.
fn serial(source: &Source, subject: &str) -> anyhow::Result<u64> {
    if let Ok(serial) = subject.parse() {
        return Ok(serial);
    }
    let lot: LotKey = subject.parse().with_context(|| {
        format!("{subject:?}: give a serial, or a lot as GTIN/LOT or party/LOT")
    })?;
    let found = source.certificates_of(&lot)?;
    match found.as_slice() {
        [] => bail!("the lot {lot} has no certificate"),
        [(serial, _)] => Ok(*serial),
        several => {
            let named: Vec<_> =
                several.iter().map(|(serial, scheme)| format!("{serial} ({scheme})")).collect();
            bail!("the lot {lot} has several certificates; give a serial: {}", named.join(", "))
        }
    }
}
