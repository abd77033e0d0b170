//! What an act is about, in words and figures, for whoever is asked before it: lot, product,
//! cooperative, labels that are out, certificates that change. Not here: the question (`ask`).

use super::editions::edition_brings;
use super::lookup::{self, LotInWords};
use super::selection::{ListedCertificate, certificates};
use super::service::Source;
use crate::catalog::BaseUnit;
use crate::names::{LotKey, PartySlug};
use crate::os::now;
use crate::register::CertificateStatus;
use crate::seal::KeyStanding;
use crate::statement::{
    Claim, Domain, GrantedNumbers, KeyChange, KeyEvent, KeyPurpose, LabelIssue, LabelVoid, Reason,
    Reconfirmation, Role, RootSuccession, ScopeChange, SerialRanges, StatusChange, StatusTarget,
    multikey,
};
use crate::trust::Trust;

/// Where an act would be done.
pub struct ActPlace<'a> {
    /// The ledger.
    pub source: &'a Source,
    /// Its trust snapshot.
    pub trust: &'a Trust,
    /// Its names.
    pub domain: &'a Domain,
}

/// Certificates looked up one by one; of more, only their number is told.
const EACH_MAX: usize = 10;

type Lines = Vec<Vec<String>>;

/// What is done, in a few words.
#[must_use]
pub fn title(claim: &Claim) -> String {
    match claim {
        Claim::StatusChange(change) => {
            let word: &str = change.action.into();
            match &change.target {
                StatusTarget::Certificate(serial) => format!("{word} certificate {serial}"),
                StatusTarget::Certificates(serials) => {
                    format!("{word} {} certificates", serials.count())
                }
                StatusTarget::Lot(lot) => format!("{word} lot {lot}"),
                StatusTarget::Party(party) => format!("{word} {party} as a whole"),
            }
        }
        Claim::KeyChange(change) => {
            let key = &change.verification_method;
            match &change.event {
                KeyEvent::Added(_) => format!("add the key {key}"),
                KeyEvent::Retired => format!("retire the key {key}"),
                KeyEvent::Compromised { .. } => format!("report the key {key} as stolen"),
            }
        }
        Claim::ScopeChange(change) => format!("withdraw an accreditation of {}", change.party),
        Claim::Rulebook(book) => format!("put edition {} of the rules in force", book.edition),
        Claim::LabelIssue(issue) => format!("issue {} serials for lot {}", issue.count, issue.lot),
        Claim::LabelVoid(void) => {
            format!("void {} serials of lot {}", void.serials.len(), void.lot)
        }
        Claim::PrefixGrant(grant) => format!("lend GTINs of {} to {}", grant.from, grant.to),
        Claim::Reconfirmation(claim) if claim.voids.is_empty() => {
            format!("confirm what {} signed", claim.verification_method)
        }
        Claim::Reconfirmation(claim) => format!("void what {} signed", claim.verification_method),
        Claim::RootSuccession(_) => "let the next root take over".to_owned(),
        Claim::Lot(lot) => format!("declare lot {}", lot.lot),
        other => other.kind().to_owned(),
    }
}

/// What it is done to, in rows of a name and a text.
///
/// # Errors
/// A ledger that cannot be asked, a lot or certificate that it does not have.
pub fn lines(place: &ActPlace<'_>, claim: &Claim) -> anyhow::Result<Lines> {
    match claim {
        Claim::StatusChange(change) => status(place, change),
        Claim::KeyChange(change) => key(place, change),
        Claim::ScopeChange(change) => scope(place, change),
        Claim::Rulebook(book) => {
            let holds = lookup::rulebook(place.source)?.edition;
            let mut lines = vec![line("edition now", holds.to_string())];
            for edition in holds.saturating_add(1)..=book.edition {
                lines.push(line("from now on", edition_brings(edition)));
            }
            Ok(lines)
        }
        Claim::LabelIssue(issue) => serials(place, issue),
        Claim::LabelVoid(void) => voided(place, void),
        Claim::PrefixGrant(grant) => {
            let numbers = match &grant.numbers {
                GrantedNumbers::Prefix(prefix) => format!("all GTINs with prefix {prefix}"),
                GrantedNumbers::Gtin(gtin) => format!("GTIN {gtin}"),
            };
            let to = party_line(place, &grant.to);
            Ok(vec![line("numbers", numbers), line("of", grant.from.to_string()), to])
        }
        Claim::Reconfirmation(claim) => Ok(reconfirmed(claim)),
        Claim::RootSuccession(claim) => Ok(succession(place, claim)),
        Claim::Lot(lot) => Ok(vec![
            line("product", lot.name.to_string()),
            line("quantity", amount(lot.facts.quantity, &lot.facts.unit)),
        ]),
        _ => Ok(Vec::new()),
    }
}

fn line(name: &str, text: impl Into<String>) -> Vec<String> {
    vec![name.to_owned(), text.into()]
}

fn amount(quantity: u64, unit: &str) -> String {
    BaseUnit::of_code(unit).map_or_else(|| quantity.to_string(), |unit| unit.display(quantity))
}

fn party_line(place: &ActPlace<'_>, party: &PartySlug) -> Vec<String> {
    let known = place.trust.party(party);
    let name = known.map_or_else(|| "not registered".to_owned(), |party| party.name.clone());
    line("party", format!("{name} ({party})"))
}

/// A lot for people.
fn lot_lines(lot: &LotInWords) -> Lines {
    let of = |one: &lookup::CertificateInWords| {
        format!("{} ({}, by {}, {})", one.serial, one.scheme, one.certifier, one.status.word())
    };
    let certificates: Vec<String> = lot.certificates.iter().map(of).collect();
    let mut lines = vec![
        line("lot", format!("{}, {}", lot.lot, lot.status.word())),
        line("product", lot.product_name.clone()),
        line("cooperative", format!("{} ({})", lot.cooperative_name, lot.cooperative)),
        line("quantity", amount(lot.quantity, &lot.unit)),
        line("labels out", lot.labels_issued.to_string()),
        line("certificates", certificates.join("; ")),
    ];
    lines.extend(lot.held.as_ref().map(|held| line("status", held.words())));
    lines
}

fn known_lot(place: &ActPlace<'_>, key: &LotKey) -> anyhow::Result<Lines> {
    let lot = lookup::lot(place.source, key)?;
    Ok(lot.map_or_else(|| vec![line("lot", format!("{key} is not declared"))], |it| lot_lines(&it)))
}

fn status(place: &ActPlace<'_>, change: &StatusChange) -> anyhow::Result<Lines> {
    let one = |serial: u64| -> anyhow::Result<Lines> {
        let lot = lookup::lot_of(place.source, serial)?;
        Ok(lot.map_or_else(
            || vec![line("certificate", format!("{serial} is not in the log"))],
            |lot| lot_lines(&lot),
        ))
    };
    let mut lines = match &change.target {
        StatusTarget::Certificate(serial) => one(*serial)?,
        StatusTarget::Certificates(serials) => many(place, serials)?,
        StatusTarget::Lot(lot) => known_lot(place, lot)?,
        StatusTarget::Party(party) => {
            let mut lines = vec![party_line(place, party)];
            if place.trust.party(party).is_some_and(|party| party.role == Role::Certifier) {
                let reduced = in_force(place, party, |_| true)?;
                lines.push(line("certificates", format!("{reduced} in force lose their scope")));
            }
            lines.push(line(
                "what it may then",
                "only tighten: withdraw or recall its own, report its keys",
            ));
            lines
        }
    };
    lines.push(line("reason", change.reason.word()));
    Ok(lines)
}

fn many(place: &ActPlace<'_>, serials: &SerialRanges) -> anyhow::Result<Lines> {
    let texts = serials.texts();
    let mut shown = texts.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
    if texts.len() > 20 {
        shown.push_str(&format!(" and {} more ranges", texts.len() - 20));
    }
    let mut lines = vec![line("certificates", format!("{} ({shown})", serials.count()))];
    let mut labels = 0_u64;
    let mut seen: Vec<LotKey> = Vec::new();
    for serial in serials.iter().take(EACH_MAX) {
        let Some(lot) = lookup::lot_of(place.source, serial)? else { continue };
        if seen.contains(&lot.lot) {
            continue;
        }
        let text = format!("{}: {}, {}", lot.lot, lot.product_name, lot.cooperative_name);
        labels = labels.saturating_add(lot.labels_issued);
        lines.push(line("lot", format!("{text}; labels out: {}", lot.labels_issued)));
        seen.push(lot.lot);
    }
    let each = usize::try_from(serials.count()).is_ok_and(|count| count <= EACH_MAX);
    if each {
        lines.push(line("labels out", labels.to_string()));
    } else {
        lines.push(line("lot", "... and those of the other certificates"));
    }
    Ok(lines)
}

/// How many certificates of a certifier are in force, of those that are meant.
fn in_force(
    place: &ActPlace<'_>,
    party: &PartySlug,
    meant: impl Fn(&ListedCertificate) -> bool,
) -> anyhow::Result<usize> {
    let all = certificates(place.source, Some(party))?;
    let valid = |one: &&ListedCertificate| one.status == CertificateStatus::Valid && meant(one);
    Ok(all.iter().filter(valid).count())
}

fn key(place: &ActPlace<'_>, change: &KeyChange) -> anyhow::Result<Lines> {
    let mut lines = vec![party_line(place, &change.party)];
    let keys = place.trust.party(&change.party).map(|party| party.keys.as_slice());
    let others = keys.unwrap_or_default().iter().filter(|key| {
        key.verification_method != change.verification_method
            && key.standing(now()) == KeyStanding::InForce
            && key.retired.is_none()
    });
    let others: Vec<&str> =
        others.filter_map(|key| key.verification_method.rsplit('#').next()).collect();
    let left = if others.is_empty() {
        "none: it can sign nothing until another key counts".to_owned()
    } else {
        others.join(", ")
    };
    match &change.event {
        KeyEvent::Added(key) => {
            lines.push(line("public key", multikey(&key.public)));
            if change.party.is_authority() {
                lines.push(line("whoever has it", authority_may(key.purpose)));
            }
        }
        KeyEvent::Retired => {
            lines.push(line("what it signed", "stays good"));
            lines.push(line("other keys", left));
        }
        KeyEvent::Compromised { since, .. } => {
            let method = &change.verification_method;
            let suspect = certificates(place.source, Some(&change.party))?;
            let suspect = suspect
                .iter()
                .filter(|one| one.verification_method == *method && one.logged_at >= *since);
            let suspect = format!("{} become suspect", suspect.count());
            lines.push(line("stolen since", since.to_string()));
            lines.push(line("certificates", suspect));
            lines.push(line("other acts", "what it changed since then is suspect too"));
            lines.push(line("other keys", left));
        }
    }
    Ok(lines)
}

/// What a key of the authority opens.
fn authority_may(purpose: KeyPurpose) -> &'static str {
    match purpose {
        KeyPurpose::Root => "IS THE AUTHORITY, without limit",
        KeyPurpose::Assertion => {
            "ACTS AS THE AUTHORITY: registers parties, accredits certifiers, adds and ends their \
             keys, withdraws certificates, recalls lots"
        }
        KeyPurpose::Service => "signs status lists, snapshots, packs and serials of any lot",
        KeyPurpose::Label => "signs labels of any certified lot",
        KeyPurpose::Log => "signs checkpoints of the log",
        KeyPurpose::Receipt => "signs receipts of entries",
    }
}

fn scope(place: &ActPlace<'_>, change: &ScopeChange) -> anyhow::Result<Lines> {
    let under = in_force(place, &change.party, |one| one.accreditation == change.accreditation)?;
    let told = if change.reason == Reason::Ceased {
        format!("{under} in force stand; no new ones")
    } else {
        format!("{under} in force lose their scope")
    };
    let mut lines = vec![
        party_line(place, &change.party),
        line("accreditation", change.accreditation.clone()),
        line("certificates", told),
        line("reason", change.reason.word()),
    ];
    if let Some(successor) = &change.successor {
        lines.push(line("acts for it then", successor.to_string()));
    }
    Ok(lines)
}

fn serials(place: &ActPlace<'_>, issue: &LabelIssue) -> anyhow::Result<Lines> {
    let Some(lot) = lookup::lot(place.source, &issue.lot)? else {
        return Ok(vec![line("lot", format!("{} is not declared", issue.lot))]);
    };
    let units = lot.quantity.checked_div(lot.pack_size).unwrap_or_default();
    let left = units.saturating_sub(lot.labels_issued).saturating_sub(u64::from(issue.count));
    let mut lines = lot_lines(&lot);
    lines.push(line("serials asked", issue.count.to_string()));
    lines.push(line("left then", format!("{left} of {units} sales units")));
    Ok(lines)
}

fn voided(place: &ActPlace<'_>, void: &LabelVoid) -> anyhow::Result<Lines> {
    let mut lines = known_lot(place, &void.lot)?;
    let mut shown: Vec<&str> = void.serials.iter().take(20).map(|one| one.as_str()).collect();
    if void.serials.len() > shown.len() {
        shown.push("...");
    }
    lines.push(line("serials", shown.join(", ")));
    lines.push(line("who scans one", "is told that it is void"));
    Ok(lines)
}

fn reconfirmed(claim: &Reconfirmation) -> Lines {
    let indexes = |entries: &[(u64, [u8; 32])]| {
        let list: Vec<String> = entries.iter().map(|(index, _)| index.to_string()).collect();
        list.join(", ")
    };
    let mut lines = vec![line("signed with", claim.verification_method.clone())];
    if let Some(serials) = &claim.serials {
        let texts = serials.texts().join(", ");
        lines.push(line("certificates", format!("{} ({texts})", serials.count())));
    }
    if !claim.entries.is_empty() {
        lines.push(line("entries confirmed", indexes(&claim.entries)));
    }
    if !claim.voids.is_empty() {
        lines.push(line("entries voided", indexes(&claim.voids)));
        lines.push(line("what they did", "is as if never logged"));
    }
    lines
}

fn succession(place: &ActPlace<'_>, claim: &RootSuccession) -> Lines {
    let kept: Vec<&str> =
        claim.keeps.iter().filter_map(|kept| kept.verification_method.rsplit('#').next()).collect();
    let authority = place.trust.party(&PartySlug::authority());
    let keys = authority.map(|party| party.keys.as_slice()).unwrap_or_default();
    let ends: Vec<&str> = keys
        .iter()
        .filter(|key| key.retired.is_none())
        .filter_map(|key| key.verification_method.rsplit('#').next())
        .filter(|name| !kept.contains(name))
        .collect();
    vec![
        line("root then", multikey(&claim.public)),
        line("keys that go on", kept.join(", ")),
        line("keys that end", ends.join(", ")),
    ]
}
