//! `tasdiq pack`: fetches, updates and checks the offline pack. What is written was verified; an
//! older pack never takes the place of the one held.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;

use super::common::output::{say, say_json};
use super::common::pack_file::DiskFile;
use super::common::service::{AtOrCopy, Source};
use super::{Global, Outcome};
use crate::os::files;
use crate::pack::{Pack, PackBytes, PackFile};
use crate::source::PackData;
use crate::trust::{StatusData, Trust, TrustError};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq pack --url https://ledger.example --out daily.pack --root z6Mk...\n  \
    tasdiq pack --url https://ledger.example --out daily.pack     again: fetches what changed\n  \
    tasdiq pack --url https://ledger.example --delta-since 81000 --out changes   to carry\n  \
    tasdiq pack --in changes --out daily.pack                     no network\n  \
    tasdiq pack --check daily.pack\n\n\
    It holds the status of every lot and certificate and a trust snapshot; fetch a new one at\n\
    least daily. An older pack than the one in --out is refused (exit code 1).")]
pub struct Args {
    /// File to write; `-` for stdout. If it is there, it is brought up to date.
    #[arg(long, value_name = "FILE", required_unless_present = "check")]
    out: Option<PathBuf>,
    /// A pack, or changes, carried by hand: no service is asked.
    #[arg(long = "in", value_name = "FILE", conflicts_with = "delta_since")]
    input: Option<PathBuf>,
    /// Write only what changed since this log size, to be carried to where the pack is held.
    #[arg(long, value_name = "SIZE")]
    delta_since: Option<u64>,
    /// Read this pack whole, check every block, and write nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "input", "delta_since"])]
    check: Option<PathBuf>,
    /// The root key the pack must be under.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    #[command(flatten)]
    from: AtOrCopy,
}

/// A pack and the trust snapshot it is judged by.
struct Opened<'a> {
    pack: Pack<'a>,
    trust: Trust,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let done = match (&args.check, &args.out) {
        (Some(path), _) => check(path, args, global),
        (None, Some(out)) if args.delta_since.is_some() => write_delta(out, args, global),
        (None, Some(out)) => update(out, args, global),
        (None, None) => bail!("give --out FILE or --check FILE"),
    };
    match done {
        Ok(()) => Ok(Outcome::Passed),
        Err(error) => match error.downcast_ref::<TrustError>() {
            Some(TrustError::Form { .. }) | None => Err(error),
            Some(fault) => {
                eprintln!("tasdiq: nothing was written: {fault} [{}]", fault.code());
                Ok(Outcome::Failed)
            }
        },
    }
}

/// Opens a pack under the trust snapshot in it; `known`, if any, must not refuse that.
fn opened<'a>(
    file: PackFile<'a>,
    known: Option<&Trust>,
    root: Option<&str>,
) -> Result<Opened<'a>, TrustError> {
    let trust = match known {
        Some(known) => file.newest_trust(known)?,
        None => Trust::open(file.trust_bytes(), root)?,
    };
    let pack = file.open(&trust)?;
    Ok(Opened { pack, trust })
}

fn check(path: &Path, args: &Args, global: &Global) -> anyhow::Result<()> {
    let Opened { pack, trust } =
        opened(PackFile::read(DiskFile::open(path)?)?, None, args.root.as_deref())?;
    pack.check()?;
    tell("sound", &pack, &trust, false, global)
}

fn write_delta(out: &Path, args: &Args, global: &Global) -> anyhow::Result<()> {
    let source = Source::open_or_copy(&args.from, global)?;
    let data = source.pack_bytes(args.delta_since)?;
    let file = PackFile::read(data.clone())?;
    let trust = Trust::open(file.trust_bytes(), args.root.as_deref())?;
    write_pack(out, &data)?;
    if out.as_os_str() == "-" {
        return Ok(());
    }
    let size = data.size();
    let since = args.delta_since.filter(|_| file.is_delta());
    if global.json {
        return say_json(&json!({ "since": since, "bytes": size, "root": trust.root }));
    }
    let what = match since {
        Some(since) => format!("Changes since log size {since}"),
        None => "A whole pack: changes since then cannot be had".to_owned(),
    };
    say(format!("{what}, {size} bytes\nRoot: {}", trust.root))
}

/// Writes a pack, of any size, whole or not at all; or to stdout for `-`.
fn write_pack(out: &Path, data: &PackData) -> anyhow::Result<()> {
    let copied = match out.as_os_str() == "-" {
        true => data.copy_to(&mut std::io::stdout().lock()).map(drop),
        false => files::replace_from(out, &mut |file| data.copy_to(file).map(drop), 0o644),
    };
    copied.with_context(|| out.display().to_string())
}

fn update(out: &Path, args: &Args, global: &Global) -> anyhow::Result<()> {
    let root = args.root.as_deref();
    let held = held(out, root)?;
    let (data, how) = match (&args.input, &held) {
        (Some(path), held) => {
            let data = PackData::at(path).with_context(|| path.display().to_string())?;
            let data = data.with_context(|| format!("{}: no such file", path.display()))?;
            let file = PackFile::read(data.clone())?;
            match held {
                Some(held) if file.is_delta() => (apply(held, &file)?, "updated"),
                _ => (data, "whole"),
            }
        }
        (None, held) => fetch(held.as_ref(), &Source::open_or_copy(&args.from, global)?)?,
    };
    let known = held.as_ref().map(|held| &held.trust);
    let Opened { pack, trust } = opened(PackFile::read(data.clone())?, known, root)?;
    pack.check()?;
    if let Some(held) = &held {
        held.pack.admits(pack.covers())?;
    }
    write_pack(out, &data)?;
    tell(how, &pack, &trust, out.as_os_str() == "-", global)
}

/// The pack that is in `out` already. What is there and cannot be read is not taken for nothing:
/// it may be newer than what is offered.
fn held(out: &Path, root: Option<&str>) -> anyhow::Result<Option<Opened<'static>>> {
    if out.as_os_str() == "-" || !files::is_replaced(out) {
        return Ok(None);
    }
    let open = || -> anyhow::Result<_> {
        let Some(data) = PackData::at(out)? else { return Ok(None) };
        Ok(Some(opened(PackFile::read(data)?, None, root)?))
    };
    open().with_context(|| {
        format!("{}: what is there cannot be updated; remove it to begin anew", out.display())
    })
}

/// What changed since the pack held, or a whole pack where that does not do.
fn fetch(held: Option<&Opened<'_>>, source: &Source) -> anyhow::Result<(PackData, &'static str)> {
    let Some(held) = held else { return Ok((source.pack_bytes(None)?, "whole")) };
    let changes = source.pack_bytes(Some(held.pack.covers())).and_then(|data| {
        let file = PackFile::read(data.clone())?;
        // A copy of static files has no changes to give.
        Ok(if file.is_delta() { (apply(held, &file)?, "updated") } else { (data, "whole") })
    });
    match changes {
        Ok(done) => Ok(done),
        Err(error) => {
            eprintln!("tasdiq: changes cannot be had ({error}); fetching a whole pack");
            Ok((source.pack_bytes(None)?, "whole"))
        }
    }
}

fn apply(held: &Opened<'_>, delta: &PackFile<'_>) -> Result<PackData, TrustError> {
    let trust = delta.newest_trust(&held.trust)?;
    Ok(held.pack.updated(delta, &trust)?.into())
}

fn tell(
    how: &str,
    pack: &Pack<'_>,
    trust: &Trust,
    on_stderr: bool,
    global: &Global,
) -> anyhow::Result<()> {
    let (made, due) = (pack.issued_at(), pack.next_update());
    let (lots, certificates) = (pack.lots(), pack.certificates());
    let line = format!(
        "Pack of {} ({how}): up to log entry {}, {lots} lots, {certificates} certificates, \
         made {made}, next due {due}\nRoot: {}",
        trust.host,
        pack.covers(),
        trust.root
    );
    if on_stderr {
        eprintln!("{line}");
        return Ok(());
    }
    if global.json {
        return say_json(&json!({
            "covers": pack.covers(), "issuedAt": made, "nextUpdate": due, "lots": lots,
            "certificates": certificates, "root": trust.root, "how": how,
        }));
    }
    say(line)
}
