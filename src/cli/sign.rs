//! `tasdiq sign`: signs unsigned statements with a key file, offline.

use super::{Global, Outcome};

/// Options of the verb.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(_args: &Args, _global: &Global) -> anyhow::Result<Outcome> {
    anyhow::bail!("not there yet")
}
