//! `tasdiq status withdraw|suspend|reinstate`: many certificates by one statement (or as few as
//! hold them), chosen by key, log time or serial.

use anyhow::bail;

use super::super::common::ask::question;
use super::super::common::reasons::{Notices, reason_of};
use super::super::common::selection::{Chosen, ListedCertificate};
use super::super::common::service::Source;
use super::super::common::signing_session::Author;
use super::super::{Global, Outcome};
use crate::ledger::KeyName;
use crate::limits::NOTICE_SERIALS_MAX;
use crate::register::CertificateStatus;
use crate::statement::{SerialRanges, StatusAction, StatusChange, StatusTarget, Timestamp};
use crate::trust::Trust;

/// What happens to all of them.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Ends many certificates for good.
    #[command(after_help = "Examples:\n  \
        tasdiq status withdraw --signed-by my-certifier#key-1 \\\n      \
            --logged-from 2026-11-01T00:00:00Z --logged-to 2026-11-20T08:00:00Z \\\n      \
            --reason key-compromise --dry-run\n  \
        tasdiq status withdraw --serials 7,10-25 --reason nonconformity --yes")]
    Withdraw(Args),
    /// Puts many certificates out of force for the time being.
    Suspend(Args),
    /// Puts many certificates into force again.
    Reinstate(Args),
}

/// Options of all three.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Since when it holds; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    since: Option<String>,
    #[command(flatten)]
    notices: Notices,
    #[command(flatten)]
    author: Author,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    let (args, action, word) = match act {
        Act::Withdraw(args) => (args, StatusAction::Withdraw, "withdraw"),
        Act::Suspend(args) => (args, StatusAction::Suspend, "suspend"),
        Act::Reinstate(args) => (args, StatusAction::Reinstate, "reinstate"),
    };
    let reason = reason_of(&args.reason)?;
    let since = args.since.as_deref().map(Timestamp::parse).transpose()?;
    let notice = args.notices.by_language();
    let sets = |source: &Source, trust: &Trust| -> anyhow::Result<Vec<SerialRanges>> {
        let listed = args.chosen.list(source, trust)?;
        if listed.is_empty() && !args.chosen.dry_run {
            bail!("no certificate matches what was asked for: nothing was signed");
        }
        let fitting: Vec<u64> =
            listed.iter().filter(|one| can(action, one)).map(|one| one.serial).collect();
        if fitting.len() < listed.len() {
            let (left, all) = (listed.len() - fitting.len(), listed.len());
            eprintln!("{left} of {all} certificates are left out: {}", left_out(action));
        }
        Ok(parted(fitting, !notice.is_empty()))
    };
    if args.chosen.dry_run {
        let source = Source::open(&args.author.at, global)?;
        let trust = source.trust(None)?;
        args.chosen.shown(word, &sets(&source, &trust)?, global.json)?;
        return Ok(Outcome::Passed);
    }
    let desk = args.author.desk(global, KeyName::Registrar)?;
    let sets = sets(&desk.source, &desk.trust)?;
    let consent = args.chosen.consent;
    if !args.chosen.shown(word, &sets, global.json)? {
        return desk.file(&[], consent, global.json);
    }
    // What cannot be undone is asked where it is filed.
    if action != StatusAction::Withdraw {
        question("Sign and submit?", consent)?;
    }
    let effective_from = since.unwrap_or(desk.now);
    let claims = sets.into_iter().map(|set| {
        let target = StatusTarget::Certificates(set);
        let notice = notice.clone();
        let claim = StatusChange { target, action, reason, effective_from, notice };
        Ok(claim.draft(&desk.draft()))
    });
    desk.file(&claims.collect::<anyhow::Result<Vec<_>>>()?, consent, global.json)
}

/// Whether the change still means something for a certificate.
fn can(action: StatusAction, one: &ListedCertificate) -> bool {
    use CertificateStatus::{Suspended, Withdrawn};
    match action {
        StatusAction::Reinstate => one.status == Suspended,
        StatusAction::Suspend => !matches!(one.status, Suspended | Withdrawn),
        _ => one.status != Withdrawn,
    }
}

/// Why the others are left out.
fn left_out(action: StatusAction) -> &'static str {
    match action {
        StatusAction::Reinstate => "they are not suspended",
        StatusAction::Suspend => "they are suspended or withdrawn already",
        _ => "they are withdrawn already",
    }
}

/// As few sets as the limits of one statement allow.
fn parted(serials: Vec<u64>, with_notice: bool) -> Vec<SerialRanges> {
    let most = usize::try_from(NOTICE_SERIALS_MAX).unwrap_or(usize::MAX);
    if with_notice {
        serials.chunks(most).flat_map(|part| SerialRanges::of(part.iter().copied())).collect()
    } else {
        SerialRanges::of(serials)
    }
}
