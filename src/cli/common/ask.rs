//! Before what cannot be undone: shows what is about to be done, to what, and who could undo it,
//! and asks. One way for all verbs; which acts it is for follows from the table of powers. No
//! terminal and no `--yes`: nothing is done.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use serde_json::Value;

use super::output::table;
use super::told::ActPlace;
use super::verdict::clean;
use super::words::tr;
use super::{lookup, told};
use crate::names::PartySlug;
use crate::register::{Act, Actor, POWERS, Power};
use crate::statement::{
    Claim, Credential, Domain, KeyEvent, KeyPurpose, ScopeEventKind, Statement, StatusAction,
    StatusTarget, canonical_bytes,
};
use crate::trust::Trust;

/// Acts shown one by one; of more, their number.
const SHOWN_MAX: usize = 10;

/// What nobody can undo.
const FOR_GOOD: &str = "CANNOT BE UNDONE";

/// Whether to ask.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Consent {
    /// Do not ask before what cannot be undone.
    #[arg(long)]
    pub yes: bool,
}

/// An act that is asked about: its title, what it is done to, who could undo it.
struct Weighty {
    title: String,
    lines: Vec<Vec<String>>,
    undone: String,
}

/// Shows and asks, if one of the statements does what is asked about.
///
/// # Errors
/// Nobody agreed, or a statement that has not the form it must have.
pub fn before(
    place: &ActPlace<'_>,
    unsigned: &[Value],
    issuer: &PartySlug,
    method: &str,
    consent: Consent,
) -> anyhow::Result<()> {
    let claims = unsigned.iter().map(|draft| claim_of(draft, place.domain, method));
    let claims = claims.collect::<anyhow::Result<Vec<_>>>()?;
    let acts: Vec<(&PartySlug, &str, &Claim)> =
        claims.iter().map(|claim| (issuer, method, claim)).collect();
    of_acts(place, &acts, consent)
}

/// As [`before`], of statements that are signed already.
///
/// # Errors
/// Nobody agreed. Statements that cannot be read are left to the ledger to refuse.
pub fn before_signed(
    place: &ActPlace<'_>,
    signed: &[Vec<u8>],
    consent: Consent,
) -> anyhow::Result<()> {
    let read = |bytes: &Vec<u8>| {
        let statement = crate::seal::parted(bytes).ok()?.0;
        Statement::parse(statement, place.domain).ok()
    };
    let statements: Vec<Statement> = signed.iter().filter_map(read).collect();
    let acts: Vec<(&PartySlug, &str, &Claim)> = statements
        .iter()
        .map(|it| (&it.issuer, it.proof.verification_method.as_str(), &it.claim))
        .collect();
    of_acts(place, &acts, consent)
}

fn of_acts(
    place: &ActPlace<'_>,
    acts: &[(&PartySlug, &str, &Claim)],
    consent: Consent,
) -> anyhow::Result<()> {
    let weighty = acts.iter().filter_map(|(issuer, method, claim)| {
        let actor = actor(place.trust, issuer, method);
        Some((*claim, undone_by(claim, actor)?))
    });
    let weighty: Vec<(&Claim, String)> = weighty.collect();
    if weighty.is_empty() {
        return Ok(());
    }
    let edition = lookup::rulebook(place.source)?.edition;
    for (claim, undone) in weighty.iter().take(SHOWN_MAX) {
        let withdraws = matches!(claim, Claim::StatusChange(_)) && edition == 0;
        let undone = if withdraws { FOR_GOOD } else { undone.as_str() };
        show(&Weighty {
            title: told::title(claim),
            lines: told::lines(place, claim)?,
            undone: undone.to_owned(),
        });
    }
    if let Some(more @ 1..) = weighty.len().checked_sub(SHOWN_MAX) {
        eprintln!("{}", tr("told-more-acts", &[("count", &more.to_string())]));
    }
    question(&tr("ask-do", &[]), consent)
}

fn show(act: &Weighty) {
    // No name of a product adds a line to what is asked.
    let shown = |row: &Vec<String>| row.iter().map(|cell| clean(cell)).collect();
    let mut lines: Vec<Vec<String>> = act.lines.iter().map(shown).collect();
    lines.push(vec![tr("told-finality", &[]), act.undone.clone()]);
    let title = tr("told-to-do", &[("what", &clean(&act.title))]);
    eprintln!("{title}\n{}", table(&lines));
}

/// Asks on the terminal; `--yes` is an answer too.
///
/// # Errors
/// Nobody to ask, or somebody who does not want it.
pub fn question(text: &str, consent: Consent) -> anyhow::Result<()> {
    if consent.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        bail!(tr("ask-nobody", &[]));
    }
    eprint!("{text} [y/N] ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "o" | "oui" => Ok(()),
        _ => bail!(tr("ask-stopped", &[])),
    }
}

/// What an unsigned credential claims; `method` names the key that is to sign it.
///
/// # Errors
/// Another form than a statement has.
pub fn claim_of(unsigned: &Value, domain: &Domain, method: &str) -> anyhow::Result<Claim> {
    let name = unsigned["name"].as_str().unwrap_or_default();
    let said = Credential::parse(&canonical_bytes(unsigned), Some(method), domain)
        .with_context(|| format!("nothing was submitted: {name}"))?;
    Ok(said.claim)
}

/// Who acts with a key, as the table of powers calls it.
fn actor(trust: &Trust, issuer: &PartySlug, method: &str) -> Option<Actor> {
    let party = trust.party(issuer)?;
    let key = party.keys.iter().find(|key| key.verification_method == method);
    // A root that succeeds is not on record yet.
    let purpose = key.map_or(KeyPurpose::Root, |key| key.purpose);
    Some(Actor::of(party.role, purpose))
}

/// Who could undo an act, if it is one that is asked about: everything that the table of powers
/// says nobody undoes, and what is final, spends something or gives a hand in the authority.
fn undone_by(claim: &Claim, actor: Option<Actor>) -> Option<String> {
    let for_good = || Some(FOR_GOOD.to_owned());
    let acts = acts_of(claim);
    if acts.is_empty() {
        // A succession is no row: the hash that the root before committed to is its power.
        return matches!(claim, Claim::RootSuccession(_)).then(for_good)?;
    }
    let rows = || POWERS.iter().filter(|row| acts.contains(&row.act));
    let fitting = |nobody: bool| {
        rows().any(|row| {
            let may = actor.is_none_or(|actor| row.actors.contains(&actor));
            may && (row.undone_by == "nobody") == nobody
        })
    };
    // Where the table allows it to nobody of this kind, older rules may: the strictest row counts.
    if fitting(true) && !fitting(false) || !fitting(false) && rows().any(nobody) {
        return for_good();
    }
    match claim {
        Claim::ScopeChange(change) if change.event == ScopeEventKind::Withdraw => for_good(),
        Claim::StatusChange(change) if change.action == StatusAction::Withdraw => {
            let party = matches!(change.target, StatusTarget::Party(_));
            let own = rows().find(|row| actor.is_some_and(|it| row.actors.contains(&it)));
            let words = |row: &Power| format!("can be undone by {}", row.undone_by);
            if party { for_good() } else { own.map(words) }
        }
        Claim::LabelIssue(_) => {
            Some("cannot be undone, save for spoilt labels (tasdiq label void)".into())
        }
        Claim::KeyChange(change) if change.party.is_authority() => {
            Some("the root can retire or report it; what it signed until then stands".into())
        }
        _ => None,
    }
}

fn nobody(row: &Power) -> bool {
    row.undone_by == "nobody"
}

/// The acts of the table that a statement does.
fn acts_of(claim: &Claim) -> Vec<Act> {
    match claim {
        Claim::Registration(_) => vec![Act::Register],
        Claim::Accreditation(_) => vec![Act::Accredit],
        Claim::ScopeChange(_) => vec![Act::ChangeScope],
        Claim::Rulebook(_) => vec![Act::SetRulebook],
        Claim::KeyChange(change) => vec![match &change.event {
            KeyEvent::Added(key) if key.purpose == KeyPurpose::Label => Act::AddLabelKey,
            KeyEvent::Added(_) => Act::AddKey,
            KeyEvent::Retired => Act::RetireKey,
            KeyEvent::Compromised { .. } => Act::ReportKey,
        }],
        Claim::Agreement(_) => vec![Act::Agree],
        Claim::PrefixGrant(_) => vec![Act::GrantNumbers],
        Claim::Capacity(_) => vec![Act::StateCapacity],
        Claim::Lot(_) => vec![Act::DeclareLot],
        Claim::Certificate(_) => vec![Act::Certify],
        Claim::OperatorCertificate(_) => vec![Act::CertifyOperator],
        Claim::StatusChange(change) => vec![match (&change.target, change.action) {
            (StatusTarget::Party(_), _) => Act::ChangeParty,
            (StatusTarget::Lot(_), StatusAction::Hold) => Act::HoldLot,
            (StatusTarget::Lot(_), StatusAction::Recall) => Act::RecallLot,
            (StatusTarget::Lot(_), _) => Act::ReleaseLot,
            (_, StatusAction::Suspend) => Act::SuspendCertificate,
            (_, StatusAction::Withdraw) => Act::WithdrawCertificate,
            _ => Act::ReinstateCertificate,
        }],
        Claim::LabelIssue(_) => vec![Act::IssueLabels],
        Claim::LabelVoid(_) => vec![Act::VoidLabels],
        Claim::Reconfirmation(claim) => {
            let confirms = claim.serials.is_some() || !claim.entries.is_empty();
            let voids = (!claim.voids.is_empty()).then_some(Act::Void);
            voids.into_iter().chain(confirms.then_some(Act::Confirm)).collect()
        }
        Claim::StatusList(_) | Claim::StatusIndex(_) => vec![Act::PublishStatus],
        Claim::PricePaid(claim) if claim.confirms.is_some() => vec![Act::ConfirmPrice],
        Claim::PricePaid(_) => vec![Act::StatePrice],
        Claim::CertificateExtract(_) => vec![Act::DrawExtract],
        Claim::Mandate(_) => vec![Act::GiveMandate],
        // A succession is no row; of events there are none yet.
        Claim::RootSuccession(_) | Claim::Event(_) => Vec::new(),
    }
}
