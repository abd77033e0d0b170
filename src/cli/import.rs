//! `tasdiq import`: takes a log over from an export or an address, verified first, into a new data
//! folder; with `--continue`, brings an existing one what it is missing.

use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::common::output::{progress, say, say_json};
use super::{Global, Outcome};
use crate::client::Client;
use crate::ledger::{Home, KeyName};
use crate::source::{FolderSource, LogSource, Part, UrlSource};
use crate::transfer::backup::BackupError;
use crate::transfer::{ImportRequest, Imported, catch_up, import};
use crate::trust::Trust;
use crate::verify::SubIndication;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq import ./copy --data ./successor --root z6Mk...\n  \
    tasdiq import https://copy.example --data ./successor\n  \
    tasdiq import https://copy.example --data ./tasdiq-data --continue\n\n\
    All of the log is replayed and verified before anything is written. With log-1.pem,\n\
    service-1.pem and label-1.pem in keys/ the ledger can be continued; without them it serves\n\
    reads. Import the newest copy there is: to sign from an old one is to fork the log.\n\n\
    Exit codes: 0 done, 1 the log is not good or another history, 2 it cannot be read, 3 done, and\n\
    nobody compared its root key.")]
pub struct Args {
    /// An export (`tasdiq export`), or the address of one or of a service.
    #[arg(value_name = "DIR|URL")]
    source: String,
    /// The root key that the log must have.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    /// Brings an existing ledger the entries it is missing.
    #[arg(long = "continue", conflicts_with_all = ["root", "demo"])]
    go_on: bool,
    /// Says on every page that all parties are fictional.
    #[arg(long)]
    demo: bool,
}

/// Runs the verb.
///
/// # Errors
/// A source that cannot be read, a folder that cannot take it.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let source = source_at(&args.source)?;
    let bar = progress(0, "entries");
    let mut told = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let done = if args.go_on {
        catch_up(source.as_ref(), &home, &mut told)
    } else {
        match request(source.as_ref(), args)? {
            Ok(request) => import(source.as_ref(), &request, &home, &mut told),
            Err(error) => Err(error),
        }
    };
    bar.finish_and_clear();
    let unknown = !args.go_on && args.root.is_none();
    tell(done, unknown, &home, global)
}

/// A folder or an address as a source.
fn source_at(text: &str) -> anyhow::Result<Box<dyn LogSource>> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(Box::new(UrlSource::new(Client::new(text)?)));
    }
    let folder = Path::new(text);
    if !folder.is_dir() {
        anyhow::bail!("{text} is no folder and no address; a backup is brought by restore");
    }
    Ok(Box::new(FolderSource::new(folder)))
}

/// What the source's trust snapshot says the log must be.
fn request(
    source: &dyn LogSource,
    args: &Args,
) -> anyhow::Result<Result<ImportRequest, BackupError>> {
    let bytes = source.fetch(&Part::Trust)?.context("the source has no trust snapshot")?;
    let trust = match Trust::open(&bytes, args.root.as_deref()) {
        Ok(trust) => trust,
        Err(error) => return Ok(Err(error.into())),
    };
    if args.root.is_none() {
        eprintln!(
            "The root {} was not compared: compare it with the one the authority published, or \
             give it with --root.",
            trust.root
        );
    }
    let pins = super::audit::pins_of(&trust)?;
    Ok(Ok(ImportRequest { pins, demo: args.demo }))
}

/// Says what came of it, and whether nobody compared the root key, which is exit code 3; what was
/// found wrong with the log is exit code 1.
pub fn tell(
    done: Result<Imported, BackupError>,
    unknown: bool,
    home: &Home,
    global: &Global,
) -> anyhow::Result<Outcome> {
    let done = match done {
        Ok(done) => done,
        Err(error) if error.is_finding() => {
            eprintln!("tasdiq: {error} [{}]", error.code());
            return Ok(Outcome::Failed);
        }
        Err(error) => return Err(error.into()),
    };
    let outcome = if unknown { Outcome::Undecided } else { Outcome::Passed };
    if global.json {
        let mut value = json!(done);
        if unknown {
            value["subIndication"] = json!(SubIndication::RootNotPinned);
        }
        say_json(&value)?;
        return Ok(outcome);
    }
    let folder = home.folder().display();
    say(format!(
        "{} entries in {folder}, {} of them new; all were replayed and verified ({} ms)",
        done.size, done.written, done.audit.elapsed_ms
    ))?;
    if unknown {
        say(
            "  ! Nobody compared its root key [ROOT_NOT_PINNED]: a log of anybody's would look the same.",
        )?;
    }
    if !home.key(KeyName::Log).exists() {
        say(format!(
            "The log key is not here: `tasdiq serve --data {folder}` serves reads. To continue the \
             log, put log-1.pem, service-1.pem and label-1.pem into {folder}/keys/."
        ))?;
    }
    Ok(outcome)
}
