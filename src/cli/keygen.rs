//! `tasdiq keygen`: makes an Ed25519 key file (encrypted PKCS#8) and prints its public key.

use std::path::PathBuf;

use serde_json::json;

use super::keys::Passphrase;
use super::output::{say, say_json};
use super::{Global, Outcome};
use crate::ledger::Home;
use crate::seal::Signer;
use crate::statement::multikey;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq keygen --out mine.pem\n  \
    tasdiq keygen --out mine.pem --passphrase-file secret.txt --json\n\n\
    The file is encrypted PKCS#8; `openssl pkey -in mine.pem -pubout` reads it. Only the public\n\
    key is printed; give it to the registrar.")]
pub struct Args {
    /// Key file to write; an existing file is never overwritten.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    if args.out.exists() {
        anyhow::bail!("{} exists already; keys are never overwritten", args.out.display());
    }
    let passphrase = args.passphrase.for_new_key()?;
    let key = Home::make_key(&std::path::absolute(&args.out)?, &passphrase)?;
    let public = multikey(&key.public());
    if global.json {
        say_json(&json!({ "file": args.out, "publicKeyMultibase": public }))?;
    } else {
        say(public)?;
        eprintln!(
            "The private key is in {}, encrypted. Keep it and its passphrase apart.",
            args.out.display()
        );
    }
    Ok(Outcome::Passed)
}
