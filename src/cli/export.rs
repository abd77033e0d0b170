//! `tasdiq export`: writes the log as static files any web server can host, or brings such a folder
//! up to date; from a running service or from a data folder.

use std::path::PathBuf;

use super::common::output::{progress, say, say_json};
use super::common::service::{At, Source, open_log};
use super::{Global, Outcome};
use crate::transfer::export::{ExportOptions, Pinned, export};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq export ./copy --url https://ledger.example --root z6Mk...\n  \
    tasdiq export ./copy --data ./tasdiq-data\n  \
    tasdiq audit --tiles ./copy\n  \
    python3 -m http.server --directory ./copy\n\n\
    Run it again to bring the copy up to date: only what is new is written. A copy that is ahead of\n\
    the source, or of another history or root, is left as it is; that is exit code 1. Without\n\
    --root the root that the copy has is pinned; a new copy takes the source's, and says so.")]
pub struct Args {
    /// Folder to write.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Writes each signed certificate as certificates/SERIAL.json too.
    #[arg(long)]
    certificates: bool,
    /// The root key that the source must have.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// A source that cannot be read, a folder that cannot be written.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let source = open_log(&args.at, global)?;
    let root = args.root.clone().or_else(|| Source::own_root(&args.at, global));
    let options = ExportOptions { certificates: args.certificates, root };
    let bar = progress(0, "tiles");
    let done = export(source.as_ref(), &args.folder, &options, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let done = match done {
        Ok(done) => done,
        Err(error) if error.is_finding() => {
            eprintln!("tasdiq: {error} [{}]", error.code());
            return Ok(Outcome::Failed);
        }
        Err(error) => return Err(error.into()),
    };
    if let (Some(root), Some(Pinned::Nobody)) = (&done.root, done.pinned) {
        eprintln!(
            "The root {root} was not compared: compare it with the one the authority published. \
             From now on {} is only brought up to date from a source under it.",
            args.folder.display()
        );
    }
    if global.json {
        say_json(&done)?;
    } else {
        say(format!(
            "{} entries in {}, {} of them new: {} files written, {} kept, {} removed",
            done.size,
            args.folder.display(),
            done.size.saturating_sub(done.before),
            done.files,
            done.kept,
            done.removed
        ))?;
        if let (Some(root), Some(Pinned::Folder)) = (&done.root, done.pinned) {
            say(format!("Root: {root}, as the copy had it"))?;
        }
    }
    Ok(Outcome::Passed)
}
