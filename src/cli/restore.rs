//! `tasdiq restore`: makes a ledger of a backup, verified first; it signs only after it was
//! compared with what was published.

use std::path::PathBuf;

use super::common::output::{progress, say};
use super::{Global, Outcome};
use crate::ledger::{Home, KeyName, Ledger, OpenOptions};
use crate::transfer::backup::{Archive, BackupError, restore};
use crate::trust::TrustError;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq restore tasdiq-2026-11-23.tar --data ./restored\n  \
    tasdiq restore tasdiq-2026-11-23.tar --data ./restored --published https://copy.example\n\n\
    A backup is older than the ledger it was made of. The restored ledger serves reads, and signs\n\
    only once it was compared with a published checkpoint (here or at `serve`): if more was\n\
    published, bring it with `tasdiq import --continue`.\n\n\
    Exit codes: 0 done, 1 the log is not good, 2 it cannot be read, 3 more was published.")]
pub struct Args {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The root key that the log must have.
    #[arg(long, env = "TASDIQ_ROOT", value_name = "z6Mk...", value_parser = super::common::options::root_key)]
    root: Option<String>,
    /// Checkpoint that was published: address of an export, a monitor or a service, or a file.
    #[arg(long, value_name = "URL|FILE")]
    published: Vec<String>,
}

/// Runs the verb.
///
/// # Errors
/// A backup that cannot be read, a folder that cannot take it.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    let published: Vec<_> = args
        .published
        .iter()
        .map(|from| super::serve::published(from))
        .collect::<anyhow::Result<_>>()?;
    let bar = progress(0, "entries");
    let done = Archive::open(&args.file).and_then(|archive| {
        same_root(&archive, args.root.as_deref())?;
        restore(&archive, &home, &mut |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        })
    });
    bar.finish_and_clear();
    let outcome = super::import::tell(done, false, &home, global)?;
    if outcome != Outcome::Passed || (published.is_empty() && global.json) {
        return Ok(outcome);
    }
    if home.lacks_passphrase() {
        eprintln!(
            "The passphrase of its keys is not in the backup: put keys/passphrase back, or set \
             TASDIQ_PASSPHRASE, before it is started."
        );
        if !published.is_empty() {
            eprintln!(
                "It was restored and not compared: `tasdiq serve --published URL|FILE` does it."
            );
            return Ok(Outcome::Undecided);
        }
    }
    if published.is_empty() {
        say("It serves reads, and signs nothing yet: start it with `tasdiq serve --published \
             URL|FILE` to compare it with what was published since.")?;
        return Ok(outcome);
    }
    let ledger = Ledger::open(&home, &OpenOptions { published, ..OpenOptions::default() })?;
    Ok(match &ledger.view().stopped {
        // Compared, and found to be all there is.
        Some(_) if !home.key(KeyName::Log).exists() && home.restored()?.is_none() => {
            say("It serves reads; without key files it signs nothing.")?;
            outcome
        }
        Some(reason) => {
            eprintln!("It serves reads, and signs nothing: {reason}");
            Outcome::Undecided
        }
        None => outcome,
    })
}

fn same_root(archive: &Archive, pinned: Option<&str>) -> Result<(), BackupError> {
    let found = archive.config()?.root;
    match pinned {
        Some(pinned) if pinned != found => {
            let pinned = pinned.to_owned();
            Err(TrustError::Root { found, pinned }.into())
        }
        Some(_) => Ok(()),
        None => {
            eprintln!("The root {found} was not compared; --root does it.");
            Ok(())
        }
    }
}
