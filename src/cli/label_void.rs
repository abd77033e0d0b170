//! `tasdiq label void`: serials of spoilt labels are given back; whoever scans one is told.

use std::path::PathBuf;

use anyhow::Context;

use super::desk::{Desk, key_or};
use super::keys::Passphrase;
use super::source::At;
use super::{Consent, Global, Outcome};
use crate::ledger::{Home, KeyName};
use crate::statement::{AUTHORITY, LabelVoid, LotKey, PartySlug, Serial};

/// What else the verb does.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Gives back serials of spoilt labels, at most one in twenty of the lot.
    Void(Args),
}

/// Options of `void`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq label void --lot my-coop/L7 --serials 5J785DMM,CDWD6H6Q --issuer my-certifier \\\n      \
        --key mine.pem")]
pub struct Args {
    /// `GTIN/LOT` or `party/LOT`.
    #[arg(long, value_name = "GTIN/LOT")]
    lot: String,
    /// The serials on the spoilt labels.
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',', value_name = "SERIAL,...")]
    serials: Vec<String>,
    /// Key file or PKCS#11 URI of who issued them; the service's in the data folder if left out.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE")]
    key: Option<PathBuf>,
    /// Who signs: the authority, or the certifier that issued them.
    #[arg(long, env = "TASDIQ_ISSUER", default_value = AUTHORITY, value_name = "SLUG")]
    issuer: String,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    let Act::Void(args) = act;
    let lot: LotKey = args.lot.parse().context("--lot")?;
    let serials = args.serials.iter().map(|text| Serial::parse(text.trim()));
    let mut serials = serials.collect::<Result<Vec<_>, _>>().context("--serials")?;
    serials.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    serials.dedup();
    let issuer = PartySlug::parse(&args.issuer)?;
    let key = key_or(args.key.as_ref(), Home::at(&global.data).newest_key(KeyName::Service));
    let desk = Desk::open(&args.at, global, &key, &args.passphrase, &issuer)?;
    let claim = LabelVoid { lot, serials };
    desk.file(&[claim.draft(&desk.draft())], args.consent, global.json)
}
