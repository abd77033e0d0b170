//! `tasdiq dossier`: writes the dossier of a certificate, or with `--trace` of a lot's way back,
//! after it was verified under the same ledger's trust.

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
    tasdiq dossier 42 --out 42.tasdiq\n  \
    tasdiq dossier --trace coop-fictive/J26A --out way-back.tasdiq\n\n\
    Anybody verifies it with no server: tasdiq verify jar.tasdiq --root z6Mk...\n\
    Exit code 1 if the dossier that was made is not genuine; then nothing is written.")]
pub struct Args {
    /// The lot (GTIN/LOT or party/LOT), or the serial of its certificate.
    #[arg(value_name = "LOT|SERIAL", required_unless_present = "trace")]
    subject: Option<String>,
    /// The way back of this lot instead: declarations, events, rulebooks and certificates, each
    /// with its proof.
    #[arg(long, value_name = "LOT", conflicts_with = "subject")]
    trace: Option<LotKey>,
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
    let (subject, bytes) = match (&args.trace, &args.subject) {
        (Some(lot), _) => (json!({ "lot": lot }), source.trace_dossier(lot)?),
        (None, subject) => {
            let serial = serial(&source, subject.as_deref().unwrap_or_default())?;
            (json!({ "serial": serial }), source.dossier(serial)?)
        }
    };
    let trust = source.trust(None)?;
    let report = verify(Evidence::Dossier(&bytes), &trust, None, now(), Policy::Shop);
    if report.exit_code == 1 {
        eprintln!("tasdiq: nothing was written: {}", brief(&report));
        return Ok(Outcome::Failed);
    }
    write_to(&args.out, &bytes)?;
    let of = match (&args.trace, &subject["serial"]) {
        (Some(lot), _) => format!("way back of lot {lot}"),
        (None, serial) => format!("certificate {serial}"),
    };
    let line = format!("Dossier of {of}, {} bytes\n{}", bytes.len(), brief(&report));
    if args.out.as_os_str() == "-" {
        eprintln!("{line}");
    } else if global.json {
        let mut told = subject;
        (told["bytes"], told["report"]) = (json!(bytes.len()), json!(report));
        say_json(&told)?;
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
