//! `tasdiq backup`: writes one file with all a ledger needs, while its service runs.

use std::path::PathBuf;

use super::common::output::{progress, say, say_json};
use super::common::service::{At, open_log};
use super::{Global, Outcome};
use crate::ledger::Home;
use crate::transfer::backup::{BackupOptions, backup};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq backup /mnt/other/tasdiq-2026-11-23.tar\n  \
    tasdiq backup --without-keys public.tar\n\n\
    The service may run: the file is consistent at one checkpoint. It holds the encrypted key\n\
    files; keep their passphrase elsewhere. It is a tar file with one compressed member for 256\n\
    entries. `tasdiq restore` brings it back.")]
pub struct Args {
    /// File to write; an existing file is never overwritten.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leaves the key files out, and the documents that are kept off the log.
    #[arg(long)]
    without_keys: bool,
    /// Puts the passphrase file in, if there is one: whoever has the backup then has the keys.
    #[arg(long, conflicts_with = "without_keys")]
    with_passphrase: bool,
}

/// Runs the verb.
///
/// # Errors
/// A ledger that cannot be read, a file that cannot be written.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let home = Home::at(&global.data);
    home.config()?;
    let source = open_log(&At { url: None }, global)?;
    let options = BackupOptions { keys: !args.without_keys, passphrase: args.with_passphrase };
    let bar = progress(0, "entries");
    let done = backup(source.as_ref(), &home, &args.file, options, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let done = done?;
    if global.json {
        say_json(&done)?;
        return Ok(Outcome::Passed);
    }
    say(format!(
        "{}: {} entries ({} bytes, {} in the file), {} key files, in {} ms",
        args.file.display(),
        done.size,
        done.entry_bytes,
        done.bytes,
        done.keys,
        done.elapsed_ms
    ))?;
    Ok(Outcome::Passed)
}
