//! `tasdiq status`: changes the status of a certificate, a lot or a party, by a signed statement.

mod bulk;
use anyhow::{Context, bail};

use super::common::reasons::{Notices, reason_of};
use super::common::signing_session::Author;
use super::{Consent, Global, Outcome};
use crate::ledger::KeyName;
use crate::names::PartySlug;
use crate::statement::{StatusAction, StatusChange, StatusTarget, Timestamp};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq status --target 17 --action suspend --reason lab-result --key mine.pem --issuer me\n  \
    tasdiq status --target 06111234567895/A24B017 --action recall --reason safety \\\n      \
        --notice-fr \"Ne pas consommer.\" --key coop.pem --issuer my-coop\n  \
    tasdiq status --target party my-certifier --action withdraw --reason nonconformity\n  \
    tasdiq status withdraw --signed-by my-certifier#key-1 --reason key-compromise --dry-run\n\n\
    Certificates and parties: suspend, reinstate, withdraw (for good).\n\
    Lots: hold, release, recall (for good).\n\
    What is for good is shown and asked first; --yes is the answer where nobody can be asked.\n\
    Reasons: nonconformity, lab-result, complaint, fraud-suspected, paperwork, request-of-holder,\n\
    safety, key-compromise, capacity, ceased, error, other.")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    many: Option<bulk::Act>,
    /// Serial of a certificate, `GTIN/LOT`, `party/LOT`, or `party SLUG`.
    #[arg(long, num_args = 1..=2, required = true, value_name = "TARGET")]
    target: Vec<String>,
    /// What happens.
    #[arg(long, required = true, value_parser = ["suspend", "reinstate", "withdraw", "hold", "release", "recall"])]
    action: Option<String>,
    /// Why.
    #[arg(long, required = true)]
    reason: Option<String>,
    /// Since when it holds; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    since: Option<String>,
    #[command(flatten)]
    notices: Notices,
    #[command(flatten)]
    author: Author,
    #[command(flatten)]
    consent: Consent,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, global: &Global) -> anyhow::Result<Outcome> {
    if let Some(many) = &args.many {
        return bulk::run(many, global);
    }
    let target = target(&args.target)?;
    let action: Option<StatusAction> = args.action.as_deref().and_then(|text| text.parse().ok());
    let action = action.context("--action is unknown")?;
    let reason = reason_of(args.reason.as_deref().unwrap_or_default())?;
    let since = args.since.as_deref().map(Timestamp::parse).transpose()?;
    let desk = args.author.desk(global, KeyName::Registrar)?;
    let effective_from = since.unwrap_or(desk.now);
    let claim = StatusChange {
        target,
        action,
        reason,
        effective_from,
        notice: args.notices.by_language(),
        return_to: None,
        lifts: Vec::new(),
    };
    let unsigned = claim.draft(&desk.draft());
    desk.file(&[unsigned], args.consent, global.json)
}

fn target(words: &[String]) -> anyhow::Result<StatusTarget> {
    let text = words.join(" ");
    if let Some(slug) = text.strip_prefix("party ").or_else(|| text.strip_prefix("party:")) {
        return Ok(StatusTarget::Party(PartySlug::parse(slug.trim())?));
    }
    if let Ok(serial) = text.parse::<u64>() {
        return Ok(StatusTarget::Certificate(serial));
    }
    match text.parse() {
        Ok(lot) => Ok(StatusTarget::Lot(lot)),
        Err(error) => bail!(
            "--target {text:?}: a certificate's serial, GTIN/LOT, party/LOT or `party SLUG` is \
             expected ({error})"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let read = |words: &[&str]| {
            target(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read(&["17"]).unwrap(), StatusTarget::Certificate(17));
        let party = StatusTarget::Party(PartySlug::parse("coop").unwrap());
        assert_eq!(read(&["party", "coop"]).unwrap(), party);
        assert_eq!(read(&["party:coop"]).unwrap(), party);
        assert!(matches!(read(&["coop/A1"]).unwrap(), StatusTarget::Lot(_)));
        assert!(read(&["what"]).is_err());
    }
}
