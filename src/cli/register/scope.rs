//! `tasdiq register scope`: narrows, suspends, reinstates or withdraws one accreditation.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use super::super::common::reasons::{Notices, reason_of};
use super::super::common::signing_session::SigningSession;
use super::super::{Global, Outcome};
use super::common::{Common, codes, open};
use crate::ledger::KeyName;
use crate::names::PartySlug;
use crate::reader::Noun;
use crate::seal::{AccreditationRecord, ScopeStanding};
use crate::statement::{Role, Scope, ScopeChange, ScopeEventKind, Timestamp};

/// What happens to the accreditation.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Leaves a part of the scope; what is left out ends, also for certificates that are.
    Narrow(NarrowArgs),
    /// No new certificates for the time being; those that are stand.
    Suspend(Args),
    /// New certificates again.
    Reinstate(Args),
    /// Ends it for good, also for certificates that are; with --reason ceased those stand.
    Withdraw(WithdrawArgs),
}

/// Options of all four.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certifier.
    #[arg(long, value_name = "SLUG")]
    id: String,
    /// The accreditation's id; may be left out if the certifier has one only.
    #[arg(long, value_name = "URL")]
    accreditation: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Since when it holds; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    since: Option<String>,
    #[command(flatten)]
    notices: Notices,
    #[command(flatten)]
    common: Common,
}

/// Options of `narrow`; a list that is left out stays as it is.
#[derive(Debug, clap::Args)]
pub struct NarrowArgs {
    /// Schemes that are left.
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    scheme: Vec<String>,
    /// Products that are left.
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    product: Vec<String>,
    /// Regions that are left, ISO 3166-2.
    #[arg(long, num_args = 1.., value_delimiter = ',')]
    region: Vec<String>,
    #[command(flatten)]
    all: Args,
}

/// Options of `withdraw`.
#[derive(Debug, clap::Args)]
pub struct WithdrawArgs {
    /// With --reason ceased: the certifier that acts for it then.
    #[arg(long, value_name = "SLUG")]
    successor: Option<String>,
    #[command(flatten)]
    all: Args,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    let (Act::Narrow(NarrowArgs { all: args, .. })
    | Act::Suspend(args)
    | Act::Reinstate(args)
    | Act::Withdraw(WithdrawArgs { all: args, .. })) = act;
    let reason = reason_of(&args.reason)?;
    let desk = open(&args.common, global, KeyName::Registrar)?;
    let party = PartySlug::parse(&args.id)?;
    let record = accreditation(&desk, &party, args.accreditation.as_deref())?;
    let successor = match act {
        Act::Withdraw(WithdrawArgs { successor: Some(slug), .. }) => {
            let successor = PartySlug::parse(slug)?;
            let known = desk.trust.party(&successor);
            let certifier = known.is_some_and(|party| party.role == Role::Certifier);
            anyhow::ensure!(certifier, "--successor {slug}: there is no such certifier");
            Some(successor)
        }
        _ => None,
    };
    let event = match act {
        Act::Narrow(args) => ScopeEventKind::Narrow(left(args, record.scope_at(desk.now))?),
        Act::Suspend(_) => ScopeEventKind::Suspend,
        Act::Reinstate(_) => ScopeEventKind::Reinstate,
        Act::Withdraw(_) => ScopeEventKind::Withdraw,
    };
    let claim = ScopeChange {
        accreditation: record.id.clone(),
        party,
        event,
        reason,
        effective_from: args.since.as_deref().map_or(Ok(desk.now), Timestamp::parse)?,
        notice: args.notices.by_language(),
        successor,
    };
    let unsigned = claim.draft(&desk.draft());
    desk.file(&[unsigned], args.common.consent, global.json)
}

/// The accreditation named, or the only one that is not over.
fn accreditation<'a>(
    desk: &'a SigningSession,
    party: &PartySlug,
    id: Option<&str>,
) -> anyhow::Result<&'a AccreditationRecord> {
    let found = desk.trust.party(party).with_context(|| format!("{party} is not registered"))?;
    if let Some(id) = id {
        let named = found.accreditations.iter().find(|record| record.id == id);
        return named.with_context(|| format!("{party} has no accreditation {id}"));
    }
    let over = |record: &&AccreditationRecord| {
        matches!(record.at(desk.now), ScopeStanding::Expired | ScopeStanding::Withdrawn(_))
    };
    let standing: Vec<_> = found.accreditations.iter().filter(|record| !over(record)).collect();
    match standing.as_slice() {
        [] => bail!("{party} has no accreditation that is not over"),
        [one] => Ok(*one),
        several => {
            let ids: Vec<&str> = several.iter().map(|record| record.id.as_str()).collect();
            bail!("{party} has several; choose by --accreditation:\n  {}", ids.join("\n  "))
        }
    }
}

fn left(args: &NarrowArgs, before: &Scope) -> anyhow::Result<Scope> {
    let list = |noun, option: &str, given: &[String], before: &BTreeSet<String>| {
        if given.is_empty() {
            return Ok(before.clone());
        }
        codes(noun, option, given).map(|codes| codes.into_iter().collect())
    };
    Ok(Scope {
        schemes: list(Noun::Scheme, "--scheme", &args.scheme, &before.schemes)?,
        products: list(Noun::Product, "--product", &args.product, &before.products)?,
        regions: list(Noun::Region, "--region", &args.region, &before.regions)?,
    })
}
