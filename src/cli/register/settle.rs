//! `tasdiq register confirm|void`: entries that are suspect, or that are not final yet, are
//! confirmed by the party or the authority, or voided by the authority alone. Each is named by its
//! log index; whose it is, which key signed it and its digest are read from the log.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde_json::Value;

use super::super::common::service::Source;
use super::super::common::told;
use super::super::{Global, Outcome};
use super::common::{Common, open, open_for};
use crate::ledger::KeyName;
use crate::limits::CONFIRMED_ENTRIES_MAX;
use crate::log::Leaf;
use crate::names::PartySlug;
use crate::statement::{Domain, Reconfirmation, SerialRanges, Statement};

/// Options of the verbs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    tasdiq register confirm --entries 1204,1210-1212\n  \
    tasdiq register confirm --entries 1204 --id my-coop --as my-coop-2.pem\n  \
    tasdiq register void --entries 1204\n\n\
    Confirmed: what was signed with a stolen key in its window; a certifier's withdrawal or hold\n\
    of the last 30 days is then final. Voided (the authority only): such a change is as if never\n\
    logged. Certificates can be named by serial with `register reconfirm`.")]
pub struct Args {
    /// Log indexes.
    #[arg(long, value_name = "RANGES")]
    entries: String,
    /// The party that stands by its own entries, with --as; the authority if left out.
    #[arg(long, value_name = "SLUG", requires = "signer")]
    id: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settles {
    /// They stand.
    Confirms,
    /// They are as if never logged.
    Voids,
}

/// Entries by whose key signed them.
type ByKey = BTreeMap<(PartySlug, String), Vec<(u64, [u8; 32])>>;

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(args: &Args, settles: Settles, global: &Global) -> anyhow::Result<Outcome> {
    let indexes = SerialRanges::parse_list(&args.entries).map_err(anyhow::Error::msg);
    let mut indexes = indexes.context("--entries")?;
    indexes.sort_unstable();
    indexes.dedup();
    if indexes.is_empty() || indexes.len() > CONFIRMED_ENTRIES_MAX {
        bail!("--entries: 1 to {CONFIRMED_ENTRIES_MAX} log indexes");
    }
    let desk = match &args.id {
        Some(slug) => {
            open_for(&args.common, global, KeyName::Registrar, &[PartySlug::parse(slug)?])?
        }
        None => open(&args.common, global, KeyName::Registrar)?,
    };
    let by_key = by_key(&desk.source, &desk.domain, &indexes)?;
    let draft = |((party, method), entries): ((PartySlug, String), Vec<_>)| -> Value {
        let (entries, voids) = match settles {
            Settles::Confirms => (entries, Vec::new()),
            Settles::Voids => (Vec::new(), entries),
        };
        let verification_method = method;
        let claim = Reconfirmation { party, verification_method, serials: None, entries, voids };
        claim.draft(&desk.draft())
    };
    let drafts: Vec<Value> = by_key.into_iter().map(draft).collect();
    desk.file(&drafts, args.common.consent, global.json)
}

fn by_key(source: &Source, domain: &Domain, indexes: &[u64]) -> anyhow::Result<ByKey> {
    let mut found = ByKey::new();
    for index in indexes {
        let named = || format!("entry {index}");
        let leaf = source.leaf(*index).with_context(named)?;
        let leaf = Leaf::parse(&leaf).map_err(|error| anyhow::anyhow!("{error}"));
        let leaf = leaf.with_context(named)?;
        if leaf.index != *index {
            bail!("entry {index}: another entry was answered, {}", leaf.index);
        }
        let statement = Statement::parse(leaf.statement, domain).with_context(named)?;
        let (what, by) = (told::title(&statement.claim), &statement.issuer);
        eprintln!("entry {index}: {what}, by {by}, {}", leaf.logged_at);
        let key = (statement.issuer.clone(), statement.proof.verification_method.clone());
        found.entry(key).or_default().push((*index, statement.digest));
    }
    Ok(found)
}
