//! `tasdiq status withdraw|suspend|reinstate`: many certificates by one statement (or as few as
//! hold them), chosen by key, log time or serial.

use std::path::PathBuf;

use super::desk::{Desk, key_or};
use super::keys::Passphrase;
use super::selection::{Chosen, Listed};
use super::source::{At, Source};
use super::status::{Notices, reason_of};
use super::{Global, Outcome};
use crate::ledger::{Home, KeyName};
use crate::limits::NOTICE_SERIALS_MAX;
use crate::register::CertificateStatus;
use crate::statement::{
    AUTHORITY, PartySlug, SerialRanges, StatusAction, StatusChange, StatusTarget, Timestamp,
};

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
    /// Key file; the registrar's in the data folder if left out.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE")]
    key: Option<PathBuf>,
    /// Who signs.
    #[arg(long, env = "TASDIQ_ISSUER", default_value = AUTHORITY, value_name = "SLUG")]
    issuer: String,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    at: At,
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
    let issuer = PartySlug::parse(&args.issuer)?;
    let since = args.since.as_deref().map(Timestamp::parse).transpose()?;
    let notice = args.notices.by_language();
    let sets = |source: &Source, domain: &_| -> anyhow::Result<Vec<SerialRanges>> {
        let listed = args.chosen.list(source, domain)?;
        let fitting = listed.iter().filter(|one| can(action, one)).map(|one| one.serial);
        Ok(parted(fitting.collect(), !notice.is_empty()))
    };
    if args.chosen.dry_run {
        let source = Source::open(&args.at, global)?;
        let domain = source.trust(None)?.domain()?;
        args.chosen.agreed(word, &sets(&source, &domain)?, global.json)?;
        return Ok(Outcome::Passed);
    }
    let key = key_or(args.key.as_ref(), Home::at(&global.data).key(KeyName::Registrar));
    let desk = Desk::open(&args.at, global, &key, &args.passphrase, &issuer)?;
    let sets = sets(&desk.source, &desk.domain)?;
    if !args.chosen.agreed(word, &sets, global.json)? {
        return desk.file(&[], global.json);
    }
    let effective_from = since.unwrap_or(desk.now);
    let claims = sets.into_iter().map(|set| {
        let target = StatusTarget::Certificates(set);
        let notice = notice.clone();
        let claim = StatusChange { target, action, reason, effective_from, notice };
        Ok(claim.draft(&desk.draft("status-changes")?))
    });
    desk.file(&claims.collect::<anyhow::Result<Vec<_>>>()?, global.json)
}

/// Whether the change still means something for a certificate.
fn can(action: StatusAction, one: &Listed) -> bool {
    use CertificateStatus::{Suspended, Withdrawn};
    match action {
        StatusAction::Reinstate => one.status == Suspended,
        StatusAction::Suspend => !matches!(one.status, Suspended | Withdrawn),
        _ => one.status != Withdrawn,
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
