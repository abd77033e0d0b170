//! `tasdiq audit`: replays a whole log and names the first fault.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use serde_json::json;

use super::common::editions::edition_line;
use super::common::holder::running_service;
use super::common::output::{say, say_json};
use super::{Global, Outcome};
use crate::audit::{AuditReport, Pins, audit};
use crate::client::Client;
use crate::ledger::Home;
use crate::log::{Checkpoint, NoteKey, WitnessPolicy, verify_checkpoint};
use crate::register::{AuditFault, NEWER_EDITION, PriceTotal};
use crate::source::{FolderSource, LogSource, Part, SourceError, StoreSource, UrlSource};
use crate::trust::{Trust, TrustError};
use crate::verify::SubIndication;

/// Rows of prices that are told in words; JSON has all.
const PRICES_SHOWN: usize = 20;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq audit --url http://127.0.0.1:8080 --trust trust.json\n  \
    tasdiq audit --tiles ./copy --root z6Mk... --since checkpoint-of-last-year\n  \
    tasdiq audit --data ./tasdiq-data\n\n\
    Exit codes: 0 clean, 1 a fault was found, 2 the log cannot be read, or a newer release is\n\
    needed to judge it, 3 a log time is ahead of\n\
    this machine's clock, or clean, but nobody compared its root key: with --url or --tiles give\n\
    --trust or --root.")]
pub struct Args {
    /// The service to audit.
    #[arg(long, value_name = "URL", conflicts_with = "tiles")]
    url: Option<String>,
    /// A folder of static files, as `export` writes them.
    #[arg(long, value_name = "DIR")]
    tiles: Option<PathBuf>,
    /// The trust snapshot whose root and log key are pinned.
    #[arg(long, env = "TASDIQ_TRUST", value_name = "FILE")]
    trust: Option<PathBuf>,
    /// The root key that the log must have.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    /// An older checkpoint that this log must contain.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
}

/// Runs the verb.
///
/// # Errors
/// A source or trust file that cannot be read.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let source = match open(args.url.as_deref(), args.tiles.as_ref(), &home) {
        Err(error) if error.downcast_ref::<SourceError>().is_some_and(|e| e.damaged.is_some()) => {
            say(format!("FAULT at entry 0: store_damaged: {error:#}"))?;
            return Ok(Outcome::Failed);
        }
        other => other?,
    };
    let trust = match &args.trust {
        Some(path) => Some(std::fs::read(path).with_context(|| path.display().to_string())?),
        None => source.fetch(&Part::Trust)?,
    };
    // The folder's own root needs no comparing; what another's log says of itself vouches for
    // nothing.
    let foreign = args.url.is_some() || args.tiles.is_some();
    let own = || if foreign { None } else { home.config().ok().map(|config| config.root) };
    let root = args.root.clone().or_else(own);
    let pinned = args.trust.is_some() || root.is_some();
    let foreign_root = root.as_deref().filter(|_| args.trust.is_none());
    let pins = match trust {
        // A file given for a folder of ours is compared with the folder below, as a whole.
        Some(bytes) => match Trust::open(&bytes, args.root.as_deref().or(foreign_root)) {
            Err(error @ (TrustError::Root { .. } | TrustError::Succession { .. })) => {
                say(format!("FAULT at entry 0: {}: {error}", error.code()))?;
                return Ok(Outcome::Failed);
            }
            trust => pins_of(&trust.context("trust snapshot")?)?,
        },
        None => {
            let config = home.config().context("no trust snapshot there: give --trust FILE")?;
            if args.root.as_ref().is_some_and(|root| *root != config.root) {
                bail!("the root of this folder is {}, not the one given", config.root);
            }
            Pins::of(&config)?
        }
    };
    if args.url.is_none() && args.tiles.is_none() {
        of_folder(&pins, &home)?;
    }
    let since = args.since.as_deref().map(|path| older(path, &pins)).transpose()?;
    let bar = super::common::output::progress(0, "replayed");
    let report = audit(source.as_ref(), &Pins { since, ..pins }, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let report = AuditReport { root_not_pinned: !pinned, ..report };
    tell(&report, global)?;
    Ok(outcome(report.fault.as_ref(), report.findings.is_empty() && pinned))
}

/// What an audit comes to. Rules that this release does not know judge nothing: that is no fault of
/// the log.
fn outcome(fault: Option<&AuditFault>, decided: bool) -> Outcome {
    match fault {
        Some(fault) if fault.code == NEWER_EDITION => Outcome::Unreadable,
        Some(_) => Outcome::Failed,
        None if decided => Outcome::Passed,
        None => Outcome::Undecided,
    }
}

/// The source that the options name. A data folder whose service runs is audited over HTTP.
pub fn open(
    url: Option<&str>,
    tiles: Option<&PathBuf>,
    home: &Home,
) -> anyhow::Result<Box<dyn LogSource>> {
    if let Some(folder) = tiles {
        if !folder.is_dir() {
            bail!("--tiles {}: there is no such folder", folder.display());
        }
        return Ok(Box::new(FolderSource::new(folder)));
    }
    if let Some(url) = url {
        return Ok(Box::new(UrlSource::new(Client::new(url)?)));
    }
    if let Some(client) = running_service(home) {
        return Ok(Box::new(UrlSource::new(client)));
    }
    Ok(Box::new(StoreSource::open(home)?))
}

/// A data folder is audited under its own keys, whoever answers for it.
fn of_folder(pins: &Pins, home: &Home) -> anyhow::Result<()> {
    let own = Pins::of(&home.config()?)?;
    if (own.root, &own.log_key, own.domain.host()) != (pins.root, &pins.log_key, pins.domain.host())
    {
        bail!(
            "the trust snapshot is of {} under other keys than the ledger of {} in {}",
            pins.domain.host(),
            own.domain.host(),
            home.folder().display()
        );
    }
    Ok(())
}

/// The older checkpoint in a file: it must be one of this log.
fn older(path: &Path, pins: &Pins) -> anyhow::Result<Checkpoint> {
    let named = || format!("--since {}", path.display());
    let note = std::fs::read_to_string(path).with_context(named)?;
    verify_checkpoint(&note, &pins.log_key, &pins.domain.origin())
        .map_err(|error| anyhow!("it is no checkpoint of this log: {error}"))
        .with_context(named)
}

/// What a trust snapshot pins.
pub fn pins_of(trust: &Trust) -> anyhow::Result<Pins> {
    Ok(Pins {
        domain: trust.domain()?,
        root: trust.root_key().ok_or_else(|| anyhow!("the trust snapshot's root is no key"))?,
        log_key: NoteKey::parse(&trust.log_key)?,
        since: None,
        witnesses: trust
            .witness_policy
            .as_deref()
            .map(WitnessPolicy::parse)
            .transpose()
            .context("the trust snapshot's witness policy")?,
    })
}

fn tell(report: &AuditReport, global: &Global) -> anyhow::Result<()> {
    if global.json {
        // The same word as in a verification report.
        let mut value = json!(report);
        if report.root_not_pinned && report.fault.is_none() {
            value["subIndication"] = json!(SubIndication::RootNotPinned);
        }
        return say_json(&value);
    }
    let told = |finding: &AuditFault| {
        format!("\n  entry {}: {}: {}", finding.index, finding.code, finding.reason)
    };
    let verdict = match &report.fault {
        None if !report.findings.is_empty() => {
            let findings: String = report.findings.iter().map(told).collect();
            format!("UNDECIDED: the log is whole, but{findings}")
        }
        None if report.root_not_pinned => {
            "UNDECIDED: clean, but nobody compared its root key: give --trust FILE or --root z6Mk..."
                .to_owned()
        }
        None => "CLEAN".to_owned(),
        Some(fault) if fault.code == NEWER_EDITION => {
            format!("NOT JUDGED from entry {} on: {}", fault.index, fault.reason)
        }
        Some(fault) => format!("FAULT at entry {}: {}: {}", fault.index, fault.code, fault.reason),
    };
    let speed = report.entries.saturating_mul(1_000) / report.elapsed_ms.max(1);
    say(format!(
        "{verdict}\n  log           {}, {} entries\n  \
         entries       {} replayed: form, chain, signature, authority at log time, rules\n  \
         tiles         {} compared with the entries\n  status lists  {} equal to the register\n  \
         sidecars      {} verified\n  \
         rules         {}\n  register      {} lots, {} certificates\n  \
         goods         {}\n  \
         witnesses     {}\n  documents     {} equal to the register\n  \
         time          {} ms, {speed} entries/s",
        report.origin,
        report.size,
        report.entries,
        report.tiles,
        report.status_lists,
        report.sidecars,
        edition_line(report.edition),
        report.lots,
        report.certificates,
        goods(report),
        witnessed(report),
        report.documents,
        report.elapsed_ms,
    ))
}

/// One line for all, then one for each material.
fn goods(report: &AuditReport) -> String {
    if report.materials.is_empty() {
        return "not followed yet".to_owned();
    }
    let mut text =
        format!("{} materials; every unit is somewhere, none twice", report.materials.len());
    for (material, total) in &report.materials {
        let left = [total.free, total.packed, total.in_transit, total.disputed];
        let left = left.iter().fold(0_u64, |sum, part| sum.saturating_add(*part));
        text.push_str(&format!(
            "\n                {material}: {} = {left} left + {} consumed + {} out, {} lots",
            total.filled, total.consumed, total.out, total.lots
        ));
    }
    text.extend(report.prices.iter().take(PRICES_SHOWN).map(price));
    if report.prices.len() > PRICES_SHOWN {
        text.push_str(&format!("\n                {} rows of prices", report.prices.len()));
    }
    text
}

/// Amounts in the minor unit; what one side alone says is none of what was paid.
fn price(one: &PriceTotal) -> String {
    let (group, sums) = (&one.group, &one.sums);
    let (paid, alone, torn) = (sums.paid(), sums.one_sided, sums.disputed);
    let currency = if group.currency.is_empty() { "undisclosed" } else { &*group.currency };
    format!(
        "\n                prices {} {} ({}) {currency}: paid {} + premium {} ({}); one side says \
         {} + {} ({}); disputed {} + {} ({}); undisclosed {}",
        group.scheme,
        group.year,
        group.season,
        paid.amount,
        paid.premium,
        paid.count,
        alone.amount,
        alone.premium,
        alone.count,
        torn.amount,
        torn.premium,
        torn.count,
        sums.undisclosed
    )
}

fn witnessed(report: &AuditReport) -> String {
    let Some(witnesses) = &report.witnesses else {
        return "the trust snapshot names none".to_owned();
    };
    let signed = match witnesses.signed.as_slice() {
        [] => "nobody".to_owned(),
        names => names.join(", "),
    };
    let quorum = match (&witnesses.at, witnesses.missing.as_slice()) {
        (Some(at), _) if witnesses.quorum => format!("quorum since {at}"),
        (_, missing) => format!("NO QUORUM, missing: {}", missing.join(", ")),
    };
    let past = witnesses.checkpoints;
    format!("signed by {signed}; {quorum}; {past} cosigned checkpoints bound the log times")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_a_later_release_are_no_fault_of_the_log() {
        let fault = |code: &str| AuditFault { index: 7, code: code.into(), reason: "".into() };
        let newer = fault(NEWER_EDITION);
        assert_eq!(outcome(Some(&newer), true).exit_code(), 2);
        assert_eq!(outcome(Some(&fault("chain_broken")), true).exit_code(), 1);
        assert_eq!(outcome(None, true).exit_code(), 0);
        assert_eq!(outcome(None, false).exit_code(), 3);
    }
}
