//! `tasdiq keygen`: makes an Ed25519 key, in a file (encrypted PKCS#8) or on a PKCS#11 token, and
//! prints its public key.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::common::keys::Passphrase;
use super::common::output::{say, say_json};
use super::common::token;
use super::{Global, Outcome};
use crate::ledger::Home;
use crate::seal::Signer;
use crate::statement::multikey;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq keygen --out mine.pem\n  \
    tasdiq keygen --out mine.pem --passphrase-file secret.txt --json\n  \
    tasdiq keygen --pkcs11 \"pkcs11:token=mine;object=signing?module-path=/usr/lib/p11.so\"\n\n\
    The file is encrypted PKCS#8; `openssl pkey -in mine.pem -pubout` reads it. On a token the\n\
    private key is sensitive and not extractable; the PIN is that of the URI (pin-source=file:PATH),\n\
    of TASDIQ_PIN, or asked for. Only the public key is printed; give it to the registrar.")]
pub struct Args {
    /// Key file to write; an existing file is never overwritten.
    #[arg(long, value_name = "FILE", required_unless_present = "pkcs11")]
    out: Option<PathBuf>,
    /// Makes the key on a token instead: token and name (object=) of the new key.
    #[arg(long, value_name = "URI", conflicts_with = "out")]
    pkcs11: Option<String>,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    match (&args.pkcs11, &args.out) {
        (Some(uri), _) => on_token(uri, global),
        (None, Some(out)) => in_file(out, args, global),
        (None, None) => anyhow::bail!("--out FILE or --pkcs11 URI is missing"),
    }
}

fn in_file(out: &Path, args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    if out.symlink_metadata().is_ok() {
        anyhow::bail!("{} exists already; keys are never overwritten", out.display());
    }
    let passphrase = args.passphrase.for_new_key(out)?;
    let key = Home::make_key(&std::path::absolute(out)?, &passphrase)?;
    let public = multikey(&key.public());
    if global.json {
        say_json(&json!({ "file": out, "publicKeyMultibase": public }))?;
    } else {
        say(public)?;
        eprintln!(
            "The private key is in {}, encrypted. Keep it and its passphrase apart.",
            out.display()
        );
        told_weak();
    }
    Ok(Outcome::Passed)
}

/// Says that a key file of this build is worth nothing, where that is so.
pub fn told_weak() {
    if cfg!(debug_assertions) {
        eprintln!("This is a build for tests: it encrypts keys so weakly that they are no secret.");
    }
}

fn on_token(uri: &str, global: &Global) -> anyhow::Result<Outcome> {
    let (key, uri) = token::make(uri)?;
    let public = multikey(&key.public());
    if global.json {
        let uri = uri.to_string();
        say_json(&json!({ "token": key.token(), "uri": uri, "publicKeyMultibase": public }))?;
    } else {
        say(public)?;
        eprintln!("The private key is on the token {} and stays there:\n{uri}", key.token());
    }
    Ok(Outcome::Passed)
}
