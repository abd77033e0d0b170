//! `tasdiq consignment`: a shipment's file, fetched or at hand, verified offline under the reader's
//! policy; openings added to it; papers written from it alone. Not here: what the papers say
//! (`papers`) and what a verdict is (`verify`).

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use strum::VariantNames;

use super::common::options::root_key;
use super::common::output::{say, say_json, write_to};
use super::common::service::{At, Source};
use super::common::verdict::{brief, clean, full};
use super::{Global, Outcome};
use crate::consignment::{ConsignmentError, consignment_trust, with_openings};
use crate::limits::CONSIGNMENT_BYTES_MAX;
use crate::names::PartySlug;
use crate::os::now;
use crate::papers::{PaperForm, PaperKind, paper};
use crate::statement::{EventId, EventName, Timestamp};
use crate::trust::Trust;
use crate::verify::{ConsignmentReport, JudgedConsignment, Policy, judge_consignment};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq consignment coop/4K7Q... --out ship.tasdiq --url https://ledger.example\n  \
    tasdiq consignment ship.tasdiq --root z6Mk... --policy customs\n  \
    tasdiq consignment ship.tasdiq --opening buyer.json --out opened.tasdiq\n  \
    tasdiq consignment opened.tasdiq --paper fsma204 --format xlsx --out fsma204.xlsx\n\n\
    An opening is {\"salt\":\"...\",\"opening\":{\"name\":\"...\"}}; what is not opened\n\
    stays a marked blank in the papers. Exit codes as of `verify`: 0 passed, 1 not genuine \
    (nothing is written),\n2 unreadable, 3 undecided, 4 genuine but not fit, or taken back.")]
pub struct Args {
    /// A consignment file, or a shipment: party/NAME or its address.
    #[arg(value_name = "SHIP|FILE")]
    subject: String,
    /// Openings to add: a JSON object or a list of them.
    #[arg(long, value_name = "FILE")]
    opening: Vec<PathBuf>,
    /// The paper to write: 931, fsma204, onssa or sheet.
    #[arg(long, requires = "out", value_parser = kind)]
    paper: Option<PaperKind>,
    /// Its form: csv or xlsx.
    #[arg(long, requires = "paper", default_value = "csv", value_parser = form)]
    format: PaperForm,
    /// File to write, `-` for stdout: the paper, or without one the consignment itself.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Trust snapshot (`tasdiq trust`); without it the one in the file is used.
    #[arg(long, env = "TASDIQ_TRUST", value_name = "FILE")]
    trust: Option<PathBuf>,
    /// The root key the trust snapshot must have; without it nothing is passed.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = root_key)]
    root: Option<String>,
    /// Which checks must pass: shop, customs or audit.
    #[arg(long, env = "TASDIQ_POLICY", default_value = "shop", value_parser = policy)]
    policy: Policy,
    /// Judge as of this instant (UTC); now if left out.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Timestamp>,
    #[command(flatten)]
    from: At,
}

fn kind(name: &str) -> Result<PaperKind, String> {
    name.parse().map_err(|_| format!("it must be one of {}", PaperKind::VARIANTS.join(", ")))
}

fn form(name: &str) -> Result<PaperForm, String> {
    name.parse().map_err(|_| format!("it must be one of {}", PaperForm::VARIANTS.join(", ")))
}

fn policy(name: &str) -> Result<Policy, String> {
    name.parse().map_err(|_| "it must be shop, customs or audit".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|_| "it must be written YYYY-MM-DDTHH:MM:SSZ".to_owned())
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let is_file = Path::new(&args.subject).is_file();
    let mut bytes = if is_file { read(Path::new(&args.subject))? } else { fetched(args, global)? };
    for path in &args.opening {
        match with_openings(&bytes, &read(path)?) {
            Ok(opened) => bytes = opened,
            Err(error @ ConsignmentError::Opening { .. }) => {
                eprintln!(
                    "tasdiq: nothing was written: {}: {}",
                    path.display(),
                    clean(&error.to_string())
                );
                return Ok(Outcome::Failed);
            }
            // What is off with the file the verdict tells.
            Err(_) => break,
        }
    }
    // What was just fetched of the data folder's own ledger is of its root.
    let own = || Source::own_root(&args.from, global).filter(|_| !is_file);
    let root = args.root.clone().or_else(own);
    let trust = match trust(args, &bytes, root.as_deref()) {
        Ok(trust) => trust,
        Err(Untrusted::File(error)) => return Err(error),
        Err(Untrusted::Within(error)) => {
            eprintln!("tasdiq: {} [{}]", clean(&error.to_string()), error.code());
            let unreadable =
                error.is_unreadable() || matches!(error, ConsignmentError::Form { .. });
            return Ok(if unreadable { Outcome::Unreadable } else { Outcome::Failed });
        }
    };
    let at = args.at.unwrap_or_else(now);
    let judged = judge_consignment(&bytes, &trust, None, at, args.policy);
    written(args, &judged, &bytes)?;
    tell(args, global, &judged.report)?;
    Ok(outcome(judged.report.exit_code))
}

/// Why there is nothing to judge by.
enum Untrusted {
    /// The reader's own file.
    File(anyhow::Error),
    /// What the consignment brings along.
    Within(ConsignmentError),
}

fn trust(args: &Args, bytes: &[u8], root: Option<&str>) -> Result<Trust, Untrusted> {
    let Some(path) = &args.trust else {
        return consignment_trust(bytes, root).map_err(Untrusted::Within);
    };
    let named = || path.display().to_string();
    let own = fs::read(path).with_context(named).map_err(Untrusted::File)?;
    Trust::open(&own, root).with_context(named).map_err(Untrusted::File)
}

/// A file of at most the largest consignment: a larger one is not read.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || path.display().to_string();
    let limit = u64::try_from(CONSIGNMENT_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(named)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).with_context(named)?;
    if bytes.len() > CONSIGNMENT_BYTES_MAX {
        bail!("{}: it is larger than any consignment, {CONSIGNMENT_BYTES_MAX} bytes", named());
    }
    Ok(bytes)
}

fn fetched(args: &Args, global: &Global) -> anyhow::Result<Vec<u8>> {
    let subject = args.subject.as_str();
    let id = named(subject).with_context(|| {
        let subject = clean(subject);
        format!("{subject:?} is no file; a shipment is named party/NAME, or by its address")
    })?;
    Source::open(&args.from, global)?.consignment(&id)
}

/// The shipment that a text names: `party/NAME`, or the end of its address.
fn named(text: &str) -> Option<EventId> {
    let mut parts = text.trim_end_matches(".tasdiq").rsplit('/');
    let (name, party) = (parts.next()?, parts.next()?);
    let rest = parts.next();
    if rest.is_some_and(|rest| rest != "events") {
        return None;
    }
    Some(EventId { issuer: PartySlug::parse(party).ok()?, name: EventName::parse(name)? })
}

/// Writes what was asked for, of what is genuine alone.
fn written(args: &Args, judged: &JudgedConsignment, bytes: &[u8]) -> anyhow::Result<()> {
    let Some(out) = &args.out else { return Ok(()) };
    let Some(facts) = &judged.facts else {
        eprintln!("tasdiq: nothing was written: {}", brief(&judged.report.report));
        return Ok(());
    };
    match args.paper {
        None => write_to(out, bytes),
        Some(kind) => {
            let paper = paper(kind, facts, &judged.report);
            write_to(out, &paper.write(args.format)?)
        }
    }
}

fn tell(args: &Args, global: &Global, report: &ConsignmentReport) -> anyhow::Result<()> {
    let to_stdout = args.out.as_ref().is_some_and(|out| out.as_os_str() == "-");
    if global.json && !to_stdout {
        return say_json(report);
    }
    let text = words(report);
    if to_stdout {
        eprintln!("{text}");
        return Ok(());
    }
    say(text)
}

fn words(report: &ConsignmentReport) -> String {
    let mut text = full(&report.report);
    if let Some(index) = report.voided {
        text.push_str(&format!("\n\n  ! It was taken back by entry {index}: nothing was shipped"));
    }
    if let Some(state) = &report.state {
        text.push_str(&format!("\n\n  State      {}", clean(state)));
    }
    for lot in &report.lots {
        let (key, sent, status) = (lot.lot.to_string(), lot.sent, lot.status.word());
        text.push_str(&format!("\n  Lot        {}  {sent}  {status}", clean(&key)));
    }
    for certificate in &report.certificates {
        text.push_str(&format!("\n  {}", brief(certificate)));
    }
    text
}

fn outcome(exit_code: u8) -> Outcome {
    match exit_code {
        0 => Outcome::Passed,
        1 => Outcome::Failed,
        2 => Outcome::Unreadable,
        4 => Outcome::Unfit,
        _ => Outcome::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipments_are_named_by_party_and_name_or_address() {
        let name = "4K7Q0123456789ABCDEFGHJKMN";
        for text in [
            format!("coop/{name}"),
            format!("https://ledger.example/events/coop/{name}"),
            format!("https://ledger.example/events/coop/{name}.tasdiq"),
        ] {
            assert_eq!(named(&text).unwrap().to_string(), format!("coop/{name}"), "{text}");
        }
        for bad in ["coop", "x/coop/4K7Q", &format!("lots/coop/{name}"), "coop/short"] {
            assert!(named(bad).is_none(), "{bad}");
        }
    }
}
