//! `tasdiq audit`: replays a whole log and names the first fault.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use super::output::{say, say_json};
use super::rulebook::edition_line;
use super::{Global, Outcome};
use crate::audit::{
    AuditReport, FolderSource, LogSource, Pins, SourceError, StoreSource, UrlSource, audit,
};
use crate::client::Client;
use crate::ledger::Home;
use crate::log::{Checkpoint, NoteKey, WitnessPolicy, verify_checkpoint};
use crate::verify::Trust;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq audit --url http://127.0.0.1:8080 --trust trust.json\n  \
    tasdiq audit --tiles ./copy --since checkpoint-of-last-year\n  \
    tasdiq audit --data ./tasdiq-data\n\n\
    Exit codes: 0 clean, 1 a fault was found, 2 the log cannot be read.")]
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
        None => {
            eprintln!("tasdiq: no --trust file: root and log key are taken from the log itself");
            source.fetch("trust")?
        }
    };
    let pins = match trust {
        Some(bytes) => pins_of(&Trust::open(&bytes, None).context("trust snapshot")?)?,
        None => Pins::of(&home.config().context("no trust snapshot there: give --trust FILE")?)?,
    };
    let since = args.since.as_deref().map(|path| older(path, &pins)).transpose()?;
    let bar = super::output::progress(0, "replayed");
    let report = audit(source.as_ref(), &Pins { since, ..pins }, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    tell(&report, global)?;
    Ok(if report.fault.is_none() { Outcome::Passed } else { Outcome::Failed })
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
    if let Ok(address) = std::fs::read_to_string(home.address()) {
        let client = Client::new(address.trim())?;
        if client.get("/healthz").is_ok() {
            return Ok(Box::new(UrlSource::new(client)));
        }
    }
    Ok(Box::new(StoreSource::open(home)?))
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
        return say_json(report);
    }
    let verdict = match &report.fault {
        None => "CLEAN".to_owned(),
        Some(fault) => format!("FAULT at entry {}: {}: {}", fault.index, fault.code, fault.reason),
    };
    let speed = report.entries.saturating_mul(1_000) / report.elapsed_ms.max(1);
    say(format!(
        "{verdict}\n  log           {}, {} entries\n  \
         entries       {} replayed: form, chain, signature, authority at log time, rules\n  \
         tiles         {} compared with the entries\n  status lists  {} equal to the register\n  \
         sidecars      {} verified\n  \
         rules         {}\n  register      {} lots, {} certificates\n  \
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
        witnessed(report),
        report.documents,
        report.elapsed_ms,
    ))
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
