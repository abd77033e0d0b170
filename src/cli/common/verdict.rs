//! A verification report in words for one reader: verdict first, then what is claimed, dates, and
//! every check. Not here: the verdict itself (`verify`), and other languages (the pages).

use super::output::table;
use crate::catalog::BaseUnit;
use crate::register::{CertificateStatus, LotStatus};
use crate::statement::Day;
use crate::verify::{CheckName, CheckResult, Claims, FitnessAt, Report, Signal, SubIndication};

/// One line: verdict and subject.
#[must_use]
pub fn brief(report: &Report) -> String {
    format!("{}  {}", verdict(report), clean(&report.subject))
}

/// The whole report.
#[must_use]
pub fn full(report: &Report) -> String {
    let mut text = verdict(report);
    text.push_str(&format!("\n  {}\n", clean(&report.subject)));
    if let Some(claims) = &report.claims {
        text.push_str(&format!("\n{}\n", table(&claim_rows(claims))));
    }
    if let Some(fitness) = &report.fitness {
        let mut rows = vec![
            row("on packing date", &status(&fitness.on_packing_date)),
            row("now", &status(&fitness.now)),
            row("fair trade", &fitness.fair_trade),
        ];
        rows.extend(
            fitness.now.notice.iter().map(|(lang, said)| row(&format!("notice {lang}"), said)),
        );
        text.push_str(&format!("\n{}\n", table(&rows)));
    }
    for signal in &report.item {
        text.push_str(&format!("\n  ! {}", remark(*signal)));
    }
    if let Some(host) = &report.reading.foreign_host {
        text.push_str(&format!("\n  ! It leads to {}.", clean(host)));
    }
    if !report.reading.left_out.is_empty() {
        let words: Vec<_> = report.reading.left_out.iter().map(<&str>::from).collect();
        text.push_str(&format!("\n  ! Read without: {}.", words.join(", ")));
    }
    let checks = report.checks.iter().map(|check| {
        let needed = if check.required { "required" } else { "" };
        let result = <&str>::from(check.result).to_uppercase();
        vec![
            result,
            <&str>::from(check.check).to_owned(),
            needed.to_owned(),
            clean(&check.evidence),
        ]
    });
    text.push_str(&format!("\n{}\n", table(&checks.collect::<Vec<_>>())));
    let (policy, at) = (report.policy.name(), report.validation_time);
    text.push_str(&format!("\n  Policy {policy}, judged as of {at}"));
    text
}

/// The verdict line.
#[must_use]
pub fn verdict(report: &Report) -> String {
    let now = report.fitness.as_ref().map(|fitness| &fitness.now);
    let why = report.authenticity.sub_indication.map(explain).unwrap_or_default();
    // What names no lot or one that nobody knows is no question of time.
    let unknown = report.checks.iter().find(|check| {
        check.check == CheckName::Binding
            && check.result == CheckResult::Absent
            && report.authenticity.sub_indication == Some(SubIndication::NoPoe)
    });
    let why = unknown.map_or(why.to_owned(), |check| clean(&check.evidence));
    match report.exit_code {
        0 => "PASSED      genuine and fit".to_owned(),
        1 => format!("NOT GENUINE {why}"),
        4 => {
            let what = now.map(unfit).filter(|what| !what.is_empty());
            format!(
                "NOT FIT     genuine, but {}",
                what.unwrap_or_else(|| of_label(report).to_owned())
            )
        }
        _ => {
            let bad = now.map(unfit).filter(|what| !what.is_empty());
            if report.authenticity.sub_indication == Some(SubIndication::LabelUnsigned) {
                let unfit = report.fitness.as_ref().is_some_and(|fitness| !fitness.fit);
                let bad = bad.or_else(|| unfit.then(|| of_label(report).to_owned()));
                let lot = bad.unwrap_or("this lot is certified".to_owned());
                return format!("UNDECIDED   {lot}; {why}");
            }
            let known = bad.map(|what| format!("; last known: {what}")).unwrap_or_default();
            match as_known(report) {
                Some(day) => {
                    format!("UNDECIDED   genuine; status as known on {day}, unknown since{known}")
                }
                None => format!("UNDECIDED   {why}{known}"),
            }
        }
    }
}

/// Of a dossier whose signatures are good and whose status is old: the day it speaks of.
fn as_known(report: &Report) -> Option<Day> {
    let stale = report.authenticity.sub_indication == Some(SubIndication::StatusStale);
    let good = |name: CheckName| {
        let found = report.checks.iter().find(|check| check.check == name);
        found.filter(|check| check.result == CheckResult::Pass)
    };
    good(CheckName::NonWithdrawal).filter(|_| stale)?;
    let mut checks = report.checks.iter();
    let status = checks.find(|check| check.check == CheckName::StatusFreshness)?;
    let age = status.data_age_seconds.filter(|age| *age > 0)?;
    Some(report.validation_time.plus_seconds(-age).day())
}

/// What stands against the label itself, or what the certificate claims.
fn of_label(report: &Report) -> &'static str {
    let mut custody = report.checks.iter().filter(|check| check.check == CheckName::Custody);
    if report.item.contains(&Signal::LabelVoid) {
        "the label was given back as spoilt"
    } else if custody.any(|check| check.result == CheckResult::Fail) {
        "the certificate claims a stronger chain of custody than follows from its events"
    } else {
        "the label has expired"
    }
}

/// What stands against it at an instant; empty when nothing does.
fn unfit(at: &FitnessAt) -> String {
    let mut words = Vec::new();
    if at.lot != LotStatus::Released {
        words.push(format!("the lot is {}", at.lot.word()));
    }
    if at.certificate != CertificateStatus::Valid {
        let by = at.superseded_by.map(|serial| format!(" by certificate {serial}"));
        let word = at.certificate.word();
        words.push(format!("the certificate is {word}{}", by.unwrap_or_default()));
    }
    let since = at.since.map(|since| format!(" since {since}")).unwrap_or_default();
    let reason = at.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    if words.is_empty() { String::new() } else { format!("{}{since}{reason}", words.join(", ")) }
}

fn status(at: &FitnessAt) -> String {
    let words = format!("certificate {}, lot {}", at.certificate.word(), at.lot.word());
    let since = at.since.map(|since| format!(", since {since}")).unwrap_or_default();
    let by = at.by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
    let reason = at.reason.as_ref().map(|reason| format!(", {reason}")).unwrap_or_default();
    format!("{words}{since}{by}{reason}  ({})", at.at)
}

fn claim_rows(claims: &Claims) -> Vec<Vec<String>> {
    let amount = |quantity, unit: &str| {
        let unit = BaseUnit::of_code(unit);
        unit.map_or_else(|| format!("{quantity}"), |unit| unit.display(quantity))
    };
    let certificate = &claims.certificate;
    let mut rows = vec![
        row("lot", &claims.lot.to_string()),
        row("product", &format!("{} ({})", claims.product_name, claims.product)),
        row("cooperative", &format!("{} ({})", claims.cooperative_name, claims.cooperative)),
        row("region", &claims.region),
        row("declared", &amount(claims.quantity, &claims.unit)),
        row("packed on", &claims.packed_on.to_string()),
        row(
            "certificate",
            &format!(
                "{} under {}, {} certified",
                certificate.serial,
                certificate.scheme,
                amount(certificate.quantity, &claims.unit)
            ),
        ),
        row("certifier", &format!("{} ({})", certificate.certifier_name, certificate.certifier)),
        row("valid", &format!("{} to {}", certificate.valid_from, certificate.valid_until)),
        row("logged", &format!("{} as entry {}", certificate.logged_at, certificate.index)),
    ];
    for other in claims.certificates.iter().filter(|other| other.serial != certificate.serial) {
        let status = other.status.word();
        rows.push(row("also", &format!("{} under {}: {status}", other.serial, other.scheme)));
    }
    if let Some(serial) = &claims.serial {
        rows.insert(1, row("unit", serial));
    }
    rows
}

fn row(name: &str, value: &str) -> Vec<String> {
    vec![name.to_owned(), clean(value)]
}

/// Text without control characters: foreign text must not steer a terminal.
#[must_use]
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn explain(why: SubIndication) -> &'static str {
    match why {
        SubIndication::FormatFailure => "it has not the form it must have",
        SubIndication::SigCryptoFailure => "the signature is wrong: it was altered or forged",
        SubIndication::HashFailure => "what is signed is not what is shown",
        SubIndication::Revoked => "the key was known to be in foreign hands",
        SubIndication::NoSigningCertificateFound => {
            "the key is not among the trusted ones; fetch a new trust snapshot"
        }
        SubIndication::NoPoe => "nothing shows that it was in the log in time",
        SubIndication::TryLater => "the status is not known; fetch a new pack",
        SubIndication::LogProofFailure => "the proof does not lead to the log's checkpoint",
        SubIndication::AuthorityFailure => {
            "key or accreditation was not in force when it was logged"
        }
        SubIndication::KeySuspect => "the key may have been in foreign hands when it was logged",
        SubIndication::WitnessQuorumMissing => "too few witnesses signed the checkpoint",
        SubIndication::StatusStale => {
            "the status data is too old for this policy, or of another time; fetch a new pack"
        }
        SubIndication::TrustFailure => "trust snapshot, pack or dossier is not genuine",
        SubIndication::LabelUnsigned => {
            "this label was not checked: the code carries no signature, and anybody can print it"
        }
        SubIndication::SerialNotIssued => "nobody issued the serial on this label",
        SubIndication::RootNotPinned => {
            "nobody compared its root key: give --trust FILE or --root z6Mk..."
        }
    }
}

fn remark(signal: Signal) -> &'static str {
    match signal {
        Signal::NoLabelSignature => "This code carries no signature: anybody can print it.",
        Signal::ForeignHost => "This code leads elsewhere, not to this ledger.",
        Signal::PlainHttp => "This address begins with http: as no label does.",
        Signal::LotMissing => "This code names a product and no lot.",
        Signal::LotUnknown => "Nothing is known here of what this code names.",
        Signal::TwoLots => "This code may mean one of two lots: type the lot number on the pack.",
        Signal::Copyable => {
            "A copied label verifies too: compare it with the product in your hand."
        }
        Signal::NotSerialised => "This label has no serial: copies cannot be told apart.",
        Signal::SerialNotIssued => "Nobody issued the serial on this label for this lot.",
        Signal::LabelVoid => "This label was given back as spoilt; it belongs on no jar.",
        Signal::UnusualScans => "The code was scanned unusually often: it may have been copied.",
        Signal::LotEnded => {
            "Nothing of this lot is left: it was destroyed, sampled, lost or brought back."
        }
        Signal::ExpiredLabel => "The label's last day is over.",
        Signal::ClaimNotInForce => {
            "The label also claims what no certificate of this lot in force covers."
        }
        Signal::Superseded => {
            "The certificate on the label was renewed or corrected; the newer one counts."
        }
        Signal::InputCertificateSuspended => {
            "A certificate that this lot rests on, of an input or an operator, is suspended."
        }
        Signal::InputCertificateWithdrawn => {
            "A certificate that this lot rests on, of an input or an operator, is withdrawn."
        }
        Signal::RecallVoided => {
            "This lot was recalled by mistake: another was meant, and the authority took it back."
        }
        Signal::HeldForCapacity => "The declared volume is above the declared capacity.",
        Signal::SuspectKey => "The signing key may have been misused at that time.",
        Signal::CertifierSuspended => "The certifier is suspended now.",
        Signal::CertifierWithdrawn => "The certifier's standing is withdrawn.",
        Signal::UncertifiedLotReleased => "The lot is declared, and nobody has certified it.",
        Signal::UncertifiedLotHeld => "The lot is held, and nobody has certified it.",
        Signal::UncertifiedLotRecalled => "The lot is RECALLED: it is not to be sold or consumed.",
        Signal::UncertifiedLotExhausted => "The lot is used up, and nobody has certified it.",
    }
}
