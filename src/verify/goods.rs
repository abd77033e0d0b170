//! What of a verdict rests on goods: whether a hold or recall reaches a lot from what it was made
//! of, where it comes from, how it was kept apart, and that no more left than was there. Not here:
//! how that follows (`register`), the lot's own status (`statement`).

use super::checks::Checks;
use super::report::{CheckName, CheckResult, SubIndication};
use super::signal::Signal;
use crate::catalog::{Catalog, SchemeKind};
use crate::limits::TRACE_LOTS_MAX;
use crate::register::{
    CertificateRecord, CertificateStatus, CustodyTold, LotRecord, LotTrace, OriginWord,
};
use crate::trust::StatusData;

/// Keeps what the book tells of the lot's goods, for the report.
pub(super) fn gather(checks: &mut Checks<'_>, lot: &LotRecord) {
    let mut told = checks.book.and_then(|book| book.trace(&lot.lot));
    for origin in told.iter_mut().flat_map(|told| &mut told.origins) {
        let known = checks.trust.party(&origin.producer).map(|party| party.name.clone());
        origin.producer_name = known.unwrap_or_default();
    }
    checks.trace = told;
}

/// Lays the four checks; `judged` is the certificate that the verdict is on, if it is on one.
pub(super) fn lay(checks: &mut Checks<'_>, lot: &LotRecord, judged: Option<&CertificateRecord>) {
    let Some(book) = checks.book else { return };
    let told = checks.trace.take();
    descent(checks, book, lot);
    match &told {
        None => {
            const WHY: &str = "no goods are followed here";
            let others = [CheckName::Origin, CheckName::Custody, CheckName::MassBalance];
            others.into_iter().for_each(|check| checks.skip(check, WHY));
        }
        Some(told) if told.origin == OriginWord::Declared => {
            const WHY: &str = "on its producer's word: nothing of it is traced";
            let others = [CheckName::Origin, CheckName::Custody, CheckName::MassBalance];
            others.into_iter().for_each(|check| checks.skip(check, WHY));
        }
        Some(told) => traced(checks, book, lot, told, judged),
    }
    if let Some(told) = &told {
        inputs(checks, told);
    }
    checks.trace = told;
}

/// Whether certificates that the lot's own rest on still stand. Its own do not change by that: it
/// is told beside the verdict.
fn inputs(checks: &mut Checks<'_>, told: &LotTrace) {
    // Packs and dossiers tell no steps: what they say of inputs is said of as many.
    if told.step_count.is_none() && !told.steps.is_empty() {
        let text = format!("certificates beyond the nearest {TRACE_LOTS_MAX} lots not looked at");
        checks.remark(CheckName::Origin, &text);
    }
    if let Some(fallen) = told.input_certificate {
        checks.signal(match fallen.status {
            CertificateStatus::Withdrawn => Signal::InputCertificateWithdrawn,
            _ => Signal::InputCertificateSuspended,
        });
        let (serial, word) = (fallen.serial, fallen.status.word());
        checks.remark(CheckName::Origin, &format!("rests on certificate {serial}, {word}"));
    }
}

/// Whether a hold or recall reaches the lot from another. Evidence of an older form cannot say.
fn descent(checks: &mut Checks<'_>, book: &dyn StatusData, lot: &LotRecord) {
    const CHECK: CheckName = CheckName::InheritedStatus;
    if !book.knows_descent() {
        return checks.skip(
            CHECK,
            "status data of this form does not say what lots inherit, nor what became of the \
             certificates of what they were made of",
        );
    }
    let Some(found) = book.inherited(&lot.lot) else {
        let text = "nothing that it was made of is held or recalled";
        return checks.require(CHECK, CheckResult::Pass, text);
    };
    let (word, reason) = (found.status().word(), found.reason.word());
    let text = format!(
        "{word} since {} with lot {}: {reason}, by {}, entry {}",
        found.since, found.via, found.by, found.index
    );
    checks.require(CHECK, CheckResult::Fail, text);
}

/// The others are required of a lot that is traced whole.
fn traced(
    checks: &mut Checks<'_>,
    book: &dyn StatusData,
    lot: &LotRecord,
    told: &LotTrace,
    judged: Option<&CertificateRecord>,
) {
    let whole = told.origin == OriginWord::Traced;
    let mut say = |check: CheckName, result: CheckResult, text: String| {
        if whole {
            checks.require(check, result, text);
        } else {
            checks.tell(check, result, text);
        }
    };
    let producers = match told.origins.len() {
        0 => format!("declared by {}", lot.producer),
        count => format!("made of lots of {count} origins or more"),
    };
    match whole {
        true => say(CheckName::Origin, CheckResult::Pass, format!("traced; {producers}")),
        false => {
            let text = "some of it is on its producers' word".to_owned();
            say(CheckName::Origin, CheckResult::Absent, text);
        }
    }
    match told.model {
        Some(model) => {
            let word: &str = model.word.into();
            let share = model.per_mille.map(|share| format!(", {share} per mille covered"));
            let text = format!("{word}{}", share.unwrap_or_default());
            let (result, text) = claimed(book, judged, text);
            say(CheckName::Custody, result, text);
        }
        None => say(CheckName::Custody, CheckResult::Absent, "not told".to_owned()),
    }
    let Some(custody) = &told.custody else {
        return say(CheckName::MassBalance, CheckResult::Absent, "not told".to_owned());
    };
    let certified = book.certificates_of(&lot.lot).iter().map(|record| record.quantity).max();
    match balance(custody, certified.unwrap_or_default()) {
        Ok(text) => say(CheckName::MassBalance, CheckResult::Pass, text),
        Err(text) => checks.fail(CheckName::MassBalance, SubIndication::HashFailure, text),
    }
}

/// The certificate judged claims no stronger chain of custody than follows now: the rule that let
/// it in, asked again.
fn claimed(
    book: &dyn StatusData,
    judged: Option<&CertificateRecord>,
    derived: String,
) -> (CheckResult, String) {
    let Some(judged) = judged else { return (CheckResult::Pass, derived) };
    let Some((claim, now)) = book.custody_claim(judged) else {
        let text = format!("{derived}; what the certificate claims is not at hand to compare");
        return (CheckResult::Pass, text);
    };
    let (word, follows): (&str, &str) = (claim.into(), now.into());
    if claim < now {
        let text = format!("{word} is claimed, {follows} follows from its events");
        return (CheckResult::Fail, text);
    }
    (CheckResult::Pass, format!("{derived}; {word} is claimed"))
}

/// That no more left than was there, and no more is certified.
fn balance(told: &CustodyTold, certified: u64) -> Result<String, String> {
    let CustodyTold { filled, consumed, out, .. } = told;
    let text = format!(
        "{filled} filled, {consumed} became other lots, {out} left, {certified} certified at most"
    );
    match told.adds_up() && certified <= *filled {
        true => Ok(text),
        false => Err(format!("it does not add up: {text}")),
    }
}

/// The word on fair trade: `valid` where a certificate in force under a fair-trade scheme covers
/// the lot, its operator is certified as far as is known, the lot is traced, covered as far as it
/// is certified, and inherits neither hold nor recall; else the first of these that fails. A book
/// that follows no goods tells the certificate's status alone; `none` without one.
pub(super) fn fair_trade(
    checks: &Checks<'_>,
    lot: &LotRecord,
    status: impl Fn(&CertificateRecord) -> CertificateStatus,
) -> &'static str {
    let is_fair = |record: &CertificateRecord| {
        let scheme = Catalog::builtin().ok().and_then(|catalog| catalog.scheme(&record.scheme));
        scheme.is_some_and(|scheme| scheme.kinds.contains(&SchemeKind::FairTrade))
    };
    let all = checks.book.map(|book| book.certificates_of(&lot.lot)).unwrap_or_default();
    let fair: Vec<&CertificateRecord> = all.iter().filter(|record| is_fair(record)).collect();
    let in_force: Vec<&CertificateRecord> =
        fair.iter().copied().filter(|record| status(record) == CertificateStatus::Valid).collect();
    if in_force.is_empty() {
        return fair.last().map_or("none", |record| status(record).word());
    }
    let failing = |record: &&CertificateRecord| missing(checks, lot, record);
    let mut failing = in_force.iter().map(failing);
    let first = failing.next().flatten();
    match first {
        Some(_) if failing.any(|other| other.is_none()) => "valid",
        Some(why) => why,
        None => "valid",
    }
}

/// What a certificate in force lacks for fair trade to be valid.
fn missing(
    checks: &Checks<'_>,
    lot: &LotRecord,
    record: &CertificateRecord,
) -> Option<&'static str> {
    let (book, told) = (checks.book?, checks.trace.as_ref()?);
    if book.operator_certified(record) == Some(false) {
        return Some("operator-not-certified");
    }
    match told.origin {
        OriginWord::Traced => {}
        OriginWord::Partly => return Some("origin-partly"),
        OriginWord::Declared => return Some("origin-declared"),
    }
    let cover = told.cover.iter().find(|one| one.scheme == record.scheme);
    if cover.and_then(|one| one.covered).is_some_and(|covered| covered < record.quantity) {
        return Some("cover-short");
    }
    book.inherited(&lot.lot).map(|_| "inherited-status")
}
