//! `tasdiq init`: makes a real, empty ledger: keys, authority, first entries.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::json;
use zeroize::Zeroizing;

use super::common::output::{say, say_json};
use super::{Global, Outcome};
use crate::ledger::{Founding, Home, KeyName, RootPlace, found_with_root};
use crate::os::{files, now, random};
use crate::statement::Domain;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq init --host ledger.example --name \"My authority\"\n  \
    tasdiq init --host ledger.example --name \"My authority\" --root-out /media/safe/root\n  \
    tasdiq init --host 127.0.0.1:8080 --data ./trial\n\n\
    The host stands in every signed statement and label and cannot be changed later.\n\
    The passphrase of the key files is TASDIQ_PASSPHRASE, or one is drawn and kept beside them.\n\
    The root key and the next one decide who the authority is: with --root-out they are written\n\
    there, with a passphrase of their own, and never into the data folder.")]
pub struct Args {
    /// Public host of the ledger, with port if any.
    #[arg(long, env = "TASDIQ_HOST", value_name = "HOST[:PORT]")]
    host: String,
    /// The authority's public name.
    #[arg(long, default_value = "Authority", value_name = "NAME")]
    name: String,
    /// Folder for the root key and the next root key, outside the data folder: a removable disk.
    #[arg(long, value_name = "DIR")]
    root_out: Option<PathBuf>,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    let domain = Domain::parse_new(&args.host)?;
    let home = Home::at(&global.data);
    if std::env::var(super::common::keys::PASSPHRASE_VARIABLE).is_ok_and(|text| text.is_empty()) {
        anyhow::bail!("TASDIQ_PASSPHRASE is empty; set it, or unset it to have one drawn");
    }
    let founding = Founding::newest(domain, args.name.clone(), false)?;
    let keys = home.folder().join("keys");
    let ledger = match &args.root_out {
        None => found_with_root(&home, &founding, now(), None)?,
        Some(folder) => {
            let passphrase = root_passphrase(folder, &home)?;
            let place = RootPlace { folder, passphrase: &passphrase };
            found_with_root(&home, &founding, now(), Some(place))?
        }
    };
    let config = ledger.config();
    let root_folder = args.root_out.as_deref().unwrap_or(&keys);
    if global.json {
        say_json(&json!({
            "host": config.host,
            "root": config.root,
            "logKey": config.log_key,
            "data": global.data,
            "keys": keys,
            "rootKeys": root_folder,
            "entries": ledger.view().size,
        }))?;
        return Ok(Outcome::Passed);
    }
    let data = global.data.display();
    let advice = advice(root_folder, args.root_out.is_some());
    say(format!(
        "A ledger for {host} was made in {data}, with {entries} entries.\n\
         Root key:  {root_key}   (publish this fingerprint; inspectors compare it)\n\
         Log key:   {log_key}\n\
         Keys:      {keys}\n\n\
         {advice}\n\
         {registrar} belongs to the registrar.\n\
         Unless TASDIQ_PASSPHRASE was set, the passphrase is in {keys}/passphrase.\n\n\
         Next:\n  \
         tasdiq serve --data {data}\n  \
         tasdiq keygen --out certifier.pem\n  \
         tasdiq register certifier --data {data} --id my-certifier --name \"...\" \\\n    \
         --scheme all --product all --region all --until YYYY-MM-DD --public z6Mk...\n  \
         tasdiq register cooperative --data {data} --id my-coop --name \"...\" \\\n    \
         --region MA-09 --agrees my-certifier --public z6Mk...\n\
         A certificate needs an agreement of the client: the registrar signs it from paper\n\
         (--agrees, or tasdiq register agreement), or the client its own.\n\n\
         Goods are traced from now on. A harvest without a stated capacity is held: give\n\
         --capacity PRODUCT:CAMPAIGN:QUANTITY with the cooperative, or tasdiq register capacity.\n\
         Recipes, ceilings and seasons are those of published yields, some of them assumptions:\n\
         tasdiq rulebook show, and tasdiq rulebook propose FILE for your own.",
        host = config.host,
        entries = ledger.view().size,
        root_key = config.root,
        log_key = config.log_key,
        keys = keys.display(),
        registrar = home.key(KeyName::Registrar).display(),
    ))?;
    super::keygen::told_weak();
    Ok(Outcome::Passed)
}

/// What to do with the root's keys, where they are.
fn advice(folder: &Path, away: bool) -> String {
    let (root, next) = (folder.join("root.pem"), folder.join("root-next.pem"));
    let first = if away {
        format!(
            "The root keys are not in the data folder, and never were:\n  {}\n  {}\n\
             Unless TASDIQ_PASSPHRASE was set, their passphrase is in {}: write it on paper,\n\
             keep it elsewhere than the keys, and delete that file.",
            root.display(),
            next.display(),
            folder.join("passphrase").display()
        )
    } else {
        format!(
            "Now move these two offline (or start anew with --root-out DIR, which writes them\n\
             there at once); the service never needs them:\n  {}\n  {}",
            root.display(),
            next.display()
        )
    };
    format!(
        "{first}\n\
         Who has root.pem decides who the authority is. Keep a copy of each file on two media, in\n\
         two buildings, on no machine that serves. Verbs that need it take it by\n  \
         --as {root}\n\
         and if it is lost or stolen: tasdiq register succeed-root --key root-next.pem ...",
        root = root.display()
    )
}

/// The passphrase of the root's keys: `TASDIQ_PASSPHRASE`, or one that is drawn and written beside
/// them. Their folder is made; it must not lie in the data folder.
fn root_passphrase(folder: &Path, home: &Home) -> anyhow::Result<Zeroizing<String>> {
    let named = || format!("--root-out {}", folder.display());
    if home.has_ledger() {
        bail!("{} holds a ledger already", home.folder().display());
    }
    let data = std::path::absolute(home.folder())?;
    let inside = || anyhow::anyhow!("{} lies in the data folder: name one elsewhere", named());
    if std::path::absolute(folder)?.starts_with(&data) {
        return Err(inside());
    }
    // Once more as they are on the disk: a link leads no root key into the data folder.
    fs::create_dir_all(folder).with_context(named)?;
    let data = fs::canonicalize(&data).unwrap_or(data);
    if fs::canonicalize(folder).with_context(named)?.starts_with(&data) {
        return Err(inside());
    }
    let free = |name: &str| !folder.join(name).exists();
    if !(free("root.pem") && free("root-next.pem")) {
        bail!("{}: root keys are there already; keys are never overwritten", named());
    }
    if let Ok(text) = std::env::var(super::common::keys::PASSPHRASE_VARIABLE) {
        return Ok(Zeroizing::new(text));
    }
    if !free("passphrase") {
        bail!("{}: a passphrase is there already; move it away first", named());
    }
    let drawn = random::<20>().context("random source")?;
    let text = Zeroizing::new(bs58::encode(drawn).into_string());
    files::make(&folder.join("passphrase"), text.as_bytes(), 0o600).with_context(named)?;
    Ok(text)
}
