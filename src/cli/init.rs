//! `tasdiq init`: makes a real, empty ledger: keys, authority, first entries.

use serde_json::json;

use super::common::output::{say, say_json};
use super::{Global, Outcome};
use crate::ledger::{Founding, Home, KeyName, found};
use crate::os::now;
use crate::statement::Domain;

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq init --host ledger.example --name \"My authority\"\n  \
    tasdiq init --host 127.0.0.1:8080 --data ./trial\n\n\
    The host stands in every signed statement and label and cannot be changed later.\n\
    The passphrase of the key files is TASDIQ_PASSPHRASE, or one is drawn and kept beside them.")]
pub struct Args {
    /// Public host of the ledger, with port if any.
    #[arg(long, env = "TASDIQ_HOST", value_name = "HOST[:PORT]")]
    host: String,
    /// The authority's public name.
    #[arg(long, default_value = "Authority", value_name = "NAME")]
    name: String,
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
    let ledger = found(&home, &founding, now())?;
    let config = ledger.config();
    let keys = home.folder().join("keys");
    if global.json {
        say_json(&json!({
            "host": config.host,
            "root": config.root,
            "logKey": config.log_key,
            "data": global.data,
            "keys": keys,
            "entries": ledger.view().size,
        }))?;
        return Ok(Outcome::Passed);
    }
    let data = global.data.display();
    let root = home.key(KeyName::Root);
    say(format!(
        "A ledger for {host} was made in {data}, with {entries} entries.\n\
         Root key:  {root_key}   (publish this fingerprint; inspectors compare it)\n\
         Log key:   {log_key}\n\
         Keys:      {keys}\n\n\
         Now move these two offline; the service never needs them:\n  \
         {root}\n  {next}\n\
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
        root = root.display(),
        next = keys.join("root-next.pem").display(),
        registrar = home.key(KeyName::Registrar).display(),
    ))?;
    Ok(Outcome::Passed)
}
