//! `tasdiq label void`: serials of spoilt labels are given back; whoever scans one is told.

use anyhow::Context;

use super::super::common::signing_session::Author;
use super::super::{Consent, Global, Outcome};
use crate::ledger::KeyName;
use crate::names::{LotKey, Serial};
use crate::statement::LabelVoid;

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
    #[command(flatten)]
    author: Author,
    #[command(flatten)]
    consent: Consent,
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
    let desk = args.author.desk(global, KeyName::Service)?;
    let claim = LabelVoid { lot, serials };
    desk.file(&[claim.draft(&desk.draft())], args.consent, global.json)
}
