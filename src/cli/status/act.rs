//! The one form of all changes of status: what is named, why, since when; shown, asked about where
//! many things change or nothing can be undone, signed, submitted, reported. Not here: how things
//! are named (`targets`), the question before what cannot be undone (`common::ask`).

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::json;

use super::super::common::ask::question;
use super::super::common::lookup;
use super::super::common::output::{say, say_json};
use super::super::common::reasons::{Notices, reason_of};
use super::super::common::report::{ReportRow, ReportTo};
use super::super::common::selection::{Chosen, ListedCertificate, shortened};
use super::super::common::service::Source;
use super::super::common::signing_session::{Author, Filed, SigningSession, ToFile};
use super::super::common::told;
use super::super::common::words::tr;
use super::super::{Global, Outcome};
use super::targets::Targets;
use crate::ledger::KeyName;
use crate::limits::NOTICE_SERIALS_MAX;
use crate::names::{LotKey, PartySlug};
use crate::register::CertificateStatus;
use crate::statement::{
    Claim, ReturnTo, SerialRanges, StatusAction, StatusChange, StatusTarget, Timestamp,
};
use crate::trust::Trust;

/// What happens.
#[derive(Debug, clap::Subcommand)]
pub enum Act {
    /// Puts certificates (all of a lot's, or a party) out of force for the time being.
    Suspend(ActArgs),
    /// Puts certificates (all of a lot's, or a party) into force again.
    Reinstate(ActArgs),
    /// Ends certificates (all of a lot's, or a party) for good.
    Withdraw(ActArgs),
    /// Keeps lots (by name, or that of a certificate) from being sold for the time being.
    Hold(ActArgs),
    /// Lets lots (by name, or that of a certificate) be sold again.
    Release(ActArgs),
    /// Calls lots (by name, or that of a certificate) back, for good.
    Recall(ActArgs),
}

/// Options of all of them.
#[derive(Debug, clap::Args)]
pub struct ActArgs {
    /// Serials of certificates, `GTIN/LOT` or `PARTY/LOT`, `party:SLUG`.
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
    #[command(flatten)]
    pub chosen: Chosen,
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// Since when it holds; now if left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SSZ")]
    pub since: Option<String>,
    #[command(flatten)]
    pub notices: Notices,
    /// Of a recall: where people bring it.
    #[arg(long, value_enum, value_name = "WHERE")]
    pub return_to: Option<Where>,
    #[command(flatten)]
    pub report: ReportTo,
    #[command(flatten)]
    pub author: Author,
}

/// Where people bring what was recalled.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Where {
    /// To the shop.
    Shop,
    /// To the cooperative.
    Cooperative,
    /// Nowhere: they destroy it.
    Destroy,
}

/// What one call changes, one statement each.
struct Changes {
    targets: Vec<StatusTarget>,
    /// Whether somebody named each of them and nothing was looked up: then only what cannot be
    /// undone is asked about.
    plain: bool,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    let (args, action) = match act {
        Act::Suspend(args) => (args, StatusAction::Suspend),
        Act::Reinstate(args) => (args, StatusAction::Reinstate),
        Act::Withdraw(args) => (args, StatusAction::Withdraw),
        Act::Hold(args) => (args, StatusAction::Hold),
        Act::Release(args) => (args, StatusAction::Release),
        Act::Recall(args) => (args, StatusAction::Recall),
    };
    change(args, action, global)
}

/// Changes the status of what `args` name.
///
/// # Errors
/// What keeps it from being done.
pub fn change(args: &ActArgs, action: StatusAction, global: &Global) -> anyhow::Result<Outcome> {
    let table = args.chosen.table().map(std::path::Path::to_owned);
    args.report.ready(table.as_slice())?;
    let reason = reason_of(&args.reason)?;
    let since = args.since.as_deref().map(Timestamp::parse).transpose()?;
    if args.return_to.is_some() && action != StatusAction::Recall {
        bail!("--return-to goes with a recall only");
    }
    let mut named = Targets::of(&args.targets)?;
    if let Some(file) = args.chosen.table() {
        named = named.and_of(file)?;
    }
    if args.chosen.dry_run {
        let source = Source::open(&args.author.at, global)?;
        let trust = source.trust(None)?;
        let issuer = args.author.slug()?;
        let changes = changes(args, action, named, (&source, &trust, &issuer))?;
        foretell(action, &changes.targets, global.json)?;
        return Ok(Outcome::Passed);
    }
    let desk = args.author.desk(global, KeyName::Registrar)?;
    let of = (&desk.source, &desk.trust, &desk.signer.issuer);
    let changes = changes(args, action, named, of)?;
    let consent = args.chosen.consent;
    if changes.targets.is_empty() {
        eprintln!("Nothing to {}", <&str>::from(action));
        return desk.file(&[], consent, global.json);
    }
    if !changes.plain {
        show(action, &changes.targets);
        // What cannot be undone is asked where it is filed.
        if !matches!(action, StatusAction::Withdraw | StatusAction::Recall) {
            question(&tr("ask-sign", &[]), consent)?;
        }
    }
    let claims = changes.targets.into_iter().map(|target| StatusChange {
        target,
        action,
        reason,
        effective_from: since.unwrap_or(desk.now),
        notice: args.notices.by_language(),
        return_to: args.return_to.map(ReturnTo::from),
        lifts: Vec::new(),
    });
    file(&desk, claims.collect(), args, global)
}

/// Signs and submits the changes, and tells of each.
fn file(
    desk: &SigningSession,
    claims: Vec<StatusChange>,
    args: &ActArgs,
    global: &Global,
) -> anyhow::Result<Outcome> {
    let titles: Vec<String> =
        claims.iter().map(|claim| told::title(&Claim::StatusChange(claim.clone()))).collect();
    let drafts = claims.iter().map(|claim| ToFile::New(claim.draft(&desk.draft())));
    let filed = desk.filed(drafts.collect(), args.chosen.consent)?;
    let rows = filed.iter().zip(titles).map(|(filed, title)| row_of(filed, title));
    args.report.write(rows)?;
    desk.tell(&filed, global.json)
}

fn row_of(filed: &Filed, title: String) -> ReportRow {
    ReportRow {
        subject: title,
        outcome: filed.outcome.to_owned(),
        entry: filed.index,
        id: filed.id.clone().unwrap_or_default(),
        code: filed.code.clone().unwrap_or_default(),
        detail: filed.detail.clone().unwrap_or_default(),
        ..ReportRow::default()
    }
}

/// A ledger, its trust, and who would sign.
type Of<'a> = (&'a Source, &'a Trust, &'a PartySlug);

/// The statements that change what is named.
fn changes(
    args: &ActArgs,
    action: StatusAction,
    named: Targets,
    of: Of<'_>,
) -> anyhow::Result<Changes> {
    if named.is_empty() && !args.chosen.chooses() {
        bail!(
            "say which: serials, GTIN/LOT, PARTY/LOT or party:SLUG, or --serials 7,10-25, --list \
             FILE, --signed-by PARTY#KEY"
        );
    }
    let for_lots =
        matches!(action, StatusAction::Hold | StatusAction::Release | StatusAction::Recall);
    if for_lots { lots(args, named, of) } else { certificates(args, action, named, of) }
}

fn lots(args: &ActArgs, named: Targets, of: Of<'_>) -> anyhow::Result<Changes> {
    if !named.parties.is_empty() {
        bail!("lots are held, released and recalled, not parties: name them, or --list FILE");
    }
    let plain = named.lots.len() <= 1 && named.serials.is_empty() && !args.chosen.chooses();
    let mut lots = named.lots;
    let mut serials = named.serials;
    if args.chosen.chooses() {
        let chosen = args.chosen.adding(BTreeSet::new()).list(of.0, of.1)?;
        serials.extend(chosen.into_iter().map(|one| one.serial));
    }
    for serial in serials {
        let found = lookup::lot_of(of.0, serial)?;
        lots.insert(found.with_context(|| format!("there is no certificate {serial}"))?.lot);
    }
    Ok(Changes { targets: lots.into_iter().map(StatusTarget::Lot).collect(), plain })
}

fn certificates(
    args: &ActArgs,
    action: StatusAction,
    named: Targets,
    of: Of<'_>,
) -> anyhow::Result<Changes> {
    let Targets { serials, lots, parties } = named;
    let looked_up = !lots.is_empty() || args.chosen.chooses() || args.chosen.table().is_some();
    let mut targets: Vec<StatusTarget> = parties.into_iter().map(StatusTarget::Party).collect();
    if let (false, 1, Some(serial)) = (looked_up, serials.len(), serials.first()) {
        targets.push(StatusTarget::Certificate(*serial));
        return Ok(Changes { plain: targets.len() == 1, targets });
    }
    if serials.is_empty() && !looked_up {
        return Ok(Changes { plain: targets.len() == 1, targets });
    }
    let of_lots = certificates_of(&lots, of)?;
    let asked: BTreeSet<u64> = serials.iter().chain(&of_lots).copied().collect();
    let listed = match asked.is_empty() && !args.chosen.chooses() {
        true => Vec::new(),
        false => args.chosen.adding(asked).list(of.0, of.1)?,
    };
    if listed.is_empty() && targets.is_empty() {
        if args.chosen.dry_run {
            return Ok(Changes { targets, plain: false });
        }
        bail!("no certificate matches what was asked for: nothing was signed");
    }
    // Of a lot everybody changes his own; what was named by its number is left to the ledger.
    let own = |one: &&ListedCertificate| {
        of.2.is_authority()
            || one.certifier == *of.2
            || serials.contains(&one.serial)
            || !of_lots.contains(&one.serial)
    };
    let fitting = listed.iter().filter(own).filter(|one| can(action, one));
    let fitting: Vec<u64> = fitting.map(|one| one.serial).collect();
    if fitting.len() < listed.len() {
        let (left, all) = (listed.len() - fitting.len(), listed.len());
        eprintln!("{left} of {all} certificates are left out: {}", left_out(action));
    }
    let sets = parted(fitting, !args.notices.by_language().is_empty());
    targets.extend(sets.into_iter().map(StatusTarget::Certificates));
    Ok(Changes { targets, plain: false })
}

/// The serials of the lots' certificates; every lot must have some.
fn certificates_of(lots: &BTreeSet<LotKey>, of: Of<'_>) -> anyhow::Result<BTreeSet<u64>> {
    let mut serials = BTreeSet::new();
    for lot in lots {
        let found = of.0.certificates_of(lot)?;
        if found.is_empty() {
            bail!("lot {lot} has no certificate");
        }
        serials.extend(found.into_iter().map(|(serial, _)| serial));
    }
    Ok(serials)
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
        StatusAction::Reinstate => "they are not suspended, or another's",
        StatusAction::Suspend => "they are suspended or withdrawn already, or another's",
        _ => "they are withdrawn already, or another's",
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

/// Certificates (their number and ranges), lots and parties of changes.
fn counted(targets: &[StatusTarget]) -> (u64, Vec<String>, Vec<String>, Vec<String>) {
    let (mut count, mut ranges) = (0_u64, Vec::new());
    let (mut lots, mut parties) = (Vec::new(), Vec::new());
    for target in targets {
        match target {
            StatusTarget::Certificate(serial) => {
                count = count.saturating_add(1);
                ranges.push(serial.to_string());
            }
            StatusTarget::Certificates(set) => {
                count = count.saturating_add(set.count());
                ranges.extend(set.texts());
            }
            StatusTarget::Lot(lot) => lots.push(lot.to_string()),
            StatusTarget::Party(party) => parties.push(party.to_string()),
        }
    }
    (count, ranges, lots, parties)
}

/// What would change, on stdout.
fn foretell(action: StatusAction, targets: &[StatusTarget], json: bool) -> anyhow::Result<()> {
    let (count, serials, lots, parties) = counted(targets);
    let statements = targets.len();
    let act = <&str>::from(action);
    if json {
        return say_json(&json!({
            "act": act, "certificates": count, "serials": serials, "lots": lots,
            "parties": parties, "statements": statements,
        }));
    }
    if lots.is_empty() && parties.is_empty() {
        say(format!("Would {act} {count} certificates, in {statements} statements"))?;
        return say(shortened(&serials));
    }
    say(format!("Would {act}, in {statements} statements:"))?;
    said(&serials, &lots, &parties).into_iter().try_for_each(say)
}

/// The same before the question, on stderr.
fn show(action: StatusAction, targets: &[StatusTarget]) {
    let (count, serials, lots, parties) = counted(targets);
    let (act, statements) = (<&str>::from(action), targets.len());
    if lots.is_empty() && parties.is_empty() {
        eprintln!("To {act}: {count} certificates, in {statements} statements");
    } else {
        eprintln!("To {act}, in {statements} statements:");
    }
    said(&serials, &lots, &parties).iter().for_each(|line| eprintln!("{line}"));
}

fn said(serials: &[String], lots: &[String], parties: &[String]) -> Vec<String> {
    let groups = [("certificates", serials), ("lots", lots), ("parties", parties)];
    let groups = groups.into_iter().filter(|(_, names)| !names.is_empty());
    groups.map(|(word, names)| format!("{}  ({word})", shortened(names))).collect()
}

impl From<Where> for ReturnTo {
    fn from(place: Where) -> Self {
        match place {
            Where::Shop => Self::Shop,
            Where::Cooperative => Self::Cooperative,
            Where::Destroy => Self::Destroy,
        }
    }
}
