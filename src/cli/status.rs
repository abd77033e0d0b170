//! `tasdiq status`: changes the status of certificates, lots and parties, by signed statements, in
//! one form for all changes. Not here: what a change does to the register.

mod act;
mod targets;

use anyhow::Context;

use super::common::reasons::Notices;
use super::common::report::ReportTo;
use super::common::selection::Chosen;
use super::common::signing_session::Author;
use super::{Consent, Global, Outcome};
use act::{Act, ActArgs, change};

/// Options of the verb.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "tasdiq status <ACT> [TARGET]... --reason REASON [OPTIONS]",
    after_help = "Examples:\n  \
    tasdiq status suspend 17 --reason lab-result --key mine.pem --issuer me\n  \
    tasdiq status suspend 06111234567895/A24B017 --reason lab-result --key mine.pem --issuer me\n  \
    tasdiq status hold my-coop/L7 --reason complaint --key coop.pem --issuer my-coop\n  \
    tasdiq status recall 06111234567895/A24B017 --reason safety --notice-fr \"...\" \\\n      \
        --notice-ar \"...\" --return-to shop --key coop.pem --issuer my-coop\n  \
    tasdiq status withdraw --list faulty.xlsx --reason nonconformity --report done.csv\n  \
    tasdiq status withdraw --signed-by my-certifier#key-1 --reason key-compromise --dry-run\n  \
    tasdiq status withdraw party:my-certifier --reason nonconformity\n\n\
    One form for all: an act, what it is about, why. A target is a certificate's serial, a lot\n\
    (GTIN/LOT or PARTY/LOT) or party:SLUG; --list takes a table with a column serial or lot.\n\
    suspend, reinstate, withdraw are for certificates and parties: of a lot, its certificates.\n\
    hold, release, recall are for lots: of a certificate, its lot.\n\
    withdraw and recall are for good: they are shown and asked first, as is what changes many\n\
    things at once; --yes is the answer where nobody can be asked. `ACT --help` lists all options.\n\
    Reasons: nonconformity, lab-result, complaint, fraud-suspected, paperwork, request-of-holder,\n\
    safety, key-compromise, capacity, ceased, error, other."
)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    act: Option<Act>,
    /// As the first release had it: what it is about.
    #[arg(long, num_args = 1..=2, required = true, value_name = "TARGET", hide = true)]
    target: Vec<String>,
    /// As the first release had it: what happens.
    #[arg(long, required = true, hide = true, value_parser = ["suspend", "reinstate", "withdraw", "hold", "release", "recall"])]
    action: Option<String>,
    /// Why.
    #[arg(long, required = true, hide = true)]
    reason: Option<String>,
    /// Since when it holds; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ", hide = true)]
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
    if let Some(act) = &args.act {
        return act::run(act, global);
    }
    let action = args.action.as_deref().and_then(|text| text.parse().ok());
    let args = ActArgs {
        targets: args.target.clone(),
        chosen: Chosen::consenting(args.consent),
        reason: args.reason.clone().unwrap_or_default(),
        since: args.since.clone(),
        notices: args.notices.clone(),
        return_to: None,
        report: ReportTo::default(),
        author: args.author.clone(),
    };
    change(&args, action.context("--action is unknown")?, global)
}
