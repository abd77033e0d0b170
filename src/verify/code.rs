//! Checks of a code on a jar: form, host, signature, label key, then the certificate and lot it
//! points to in the status data. Stops where a failure makes the rest meaningless. A code without a
//! signature is looked up and never passes. Not here: how a text is read (`label`).

use super::checks::Checks;
use super::label_key::{self, LabelSigner};
use super::renewal::Renewals;
use super::report::{CheckName, CheckResult, SubIndication};
use super::signal::Signal;
use super::statement::{record_checks, status_now};
use crate::catalog::Catalog;
use crate::label::{
    Label, LabelError, Reading, Scan, ScanCode, SchemeBits, key_hint, one_character_away,
};
use crate::names::{Gtin, LotKey, Serial};
use crate::register::{CertificateRecord, CertificateStatus};
use crate::trust::{Issue, Seen};

/// Checks that stand after the code's own.
const LATER: [CheckName; 5] = [
    CheckName::Binding,
    CheckName::IssuerKey,
    CheckName::Accreditation,
    CheckName::CertificateStatus,
    CheckName::LotStatus,
];

pub(super) fn judge(checks: &mut Checks<'_>, scan: &Scan<'_>) {
    let text = scan.text;
    checks.subject = text.chars().take(400).collect();
    let readings = match &scan.ways {
        Ok(readings) => readings,
        Err(error) => return unreadable(checks, scan, error),
    };
    if readings.iter().any(|reading| reading.code.label().is_some()) {
        if !scan.doubtful {
            checks.pass(CheckName::Format, "signed code");
        }
        signed(checks, readings, scan);
    } else {
        checks.pass(CheckName::Format, "code without signature");
        unsigned(checks, readings);
    }
}

/// What is said of a code that white space parts from what may belong to it.
const PARTED: &str = "words or a line break stand within the code: give the code alone";

/// A token that cannot be read: altered if one character makes it genuine, else of unknown make.
/// What is cut, mistyped or something else altogether accuses nobody.
fn unreadable(checks: &mut Checks<'_>, scan: &Scan<'_>, error: &LabelError) {
    let newer = matches!(error, LabelError::VersionUnknown { .. });
    let altered = altered(checks, scan.text);
    if (error.is_unreadable() || scan.doubtful) && !altered {
        checks.unreadable(CheckName::Format, error.to_string());
    } else if newer && !altered {
        let why = SubIndication::NoSigningCertificateFound;
        checks.absent(CheckName::Format, why, error.to_string());
    } else {
        checks.fail(CheckName::Format, SubIndication::FormatFailure, error.to_string());
    }
    checks.not_run(&[CheckName::LabelSignature, CheckName::LabelKey]);
    checks.not_run(&LATER);
}

/// What a reading of the text says of itself.
fn tell(checks: &mut Checks<'_>, reading: &Reading) {
    checks.reading.left_out.clone_from(&reading.left_out);
    if reading.plain_http {
        checks.signal(Signal::PlainHttp);
    }
}

/// A label: which reading and which key fit, then all that it claims.
fn signed(checks: &mut Checks<'_>, readings: &[Reading], scan: &Scan<'_>) {
    let text = scan.text;
    checks.signal(Signal::Copyable);
    let labels: Vec<(&Reading, Label)> =
        readings.iter().filter_map(|reading| Some((reading, label_of(checks, reading)?))).collect();
    let fits = labels.iter().find_map(|found| Some((found, signer_of(checks, &found.1)?)));
    let Some((reading, label)) = fits.map(|(found, _)| found).or(labels.first()) else { return };
    if fits.is_none() && scan.doubtful {
        checks.unreadable(CheckName::Format, PARTED);
        checks.not_run(&[CheckName::LabelSignature, CheckName::LabelKey]);
        return checks.not_run(&LATER);
    }
    if scan.doubtful {
        checks.pass(CheckName::Format, "signed code");
    }
    tell(checks, reading);
    if label.serial.is_none() {
        checks.signal(Signal::NotSerialised);
    }
    let refuted = if fits.is_some() { None } else { refuted(checks, label, text) };
    let own_host = host(checks, reading, label, fits.is_some() || refuted.is_some());
    let Some((_, signer)) = fits else {
        const CHECK: CheckName = CheckName::LabelSignature;
        let unknown = SubIndication::NoSigningCertificateFound;
        match refuted {
            Some(text) => checks.fail(CHECK, SubIndication::SigCryptoFailure, text),
            None => checks.absent(CHECK, unknown, "the label key is not in the trust snapshot"),
        }
        checks.not_run(&[CheckName::LabelKey]);
        return checks.not_run(&LATER);
    };
    checks.pass(CheckName::LabelSignature, "Ed25519, strict");
    let issue = issue(checks, label);
    let serialised = label.serial.is_some();
    let go_on = own_host && label_key::not_stolen(checks, signer, issue, serialised);
    if go_on {
        expiry(checks, label);
        pointed_at(checks, label, signer);
        if let Some(Issue::Void(_)) = issue {
            voided(checks);
        }
    } else {
        checks.not_run(&LATER);
    }
}

/// The label in a reading. A path alone names no host, and a ledger may have in its name the port
/// that its scheme has anyway: then the ledger's host is what the signature must cover.
fn label_of(checks: &Checks<'_>, reading: &Reading) -> Option<Label> {
    let label = reading.code.label()?;
    let own = &checks.trust.host;
    let host = match &reading.written {
        Some(written) if written != own => label.host.clone(),
        _ => own.clone(),
    };
    Some(Label { host, ..label.clone() })
}

/// The key that signed a label, and whose it is.
fn signer_of<'a>(checks: &Checks<'a>, label: &Label) -> Option<LabelSigner<'a>> {
    let mut signers = checks.trust.label_signers();
    signers
        .find(|(_, key)| {
            key_hint(&key.public) == label.header.key_hint
                && key.verifying_key().is_ok_and(|public| label.verify(&public).is_ok())
        })
        .map(|(owner, key)| LabelSigner { owner, key })
}

/// Whether the label is of this ledger, as far as its address says. A token of `ours` on a foreign
/// host is a lure; one of a key that nobody here knows may be a label of another ledger.
fn host(checks: &mut Checks<'_>, reading: &Reading, label: &Label, ours: bool) -> bool {
    if reading.host.is_none() {
        let text = "the address has no host: scan or copy all of it";
        checks.absent(CheckName::Host, SubIndication::FormatFailure, text);
    } else if label.host == checks.trust.host {
        checks.pass(CheckName::Host, label.host.clone());
    } else {
        foreign(checks, &label.host);
        let evidence = format!("{} is not {}", label.host, checks.trust.host);
        if ours {
            checks.fail(CheckName::Host, SubIndication::HashFailure, evidence);
        } else {
            let why = SubIndication::NoSigningCertificateFound;
            checks.absent(CheckName::Host, why, evidence);
        }
        return false;
    }
    true
}

fn foreign(checks: &mut Checks<'_>, host: &str) {
    checks.signal(Signal::ForeignHost);
    checks.reading.foreign_host = Some(host.to_owned());
}

/// Why a label that no trusted key signed is no label of an unknown key: a trusted key has its
/// hint, or one character gives it one.
fn refuted(checks: &Checks<'_>, label: &Label, text: &str) -> Option<&'static str> {
    let mut keys = checks.trust.label_signers();
    if keys.any(|(_, key)| key_hint(&key.public) == label.header.key_hint) {
        Some("the signature does not belong to this code")
    } else {
        altered(checks, text).then_some("one character of the code was altered")
    }
}

/// Where the serial was issued, if the book has the list of what was.
fn issue(checks: &mut Checks<'_>, label: &Label) -> Option<Issue> {
    const CHECK: CheckName = CheckName::SerialIssued;
    let serial = label.serial.as_ref()?;
    let issue = checks.book.and_then(|book| book.issue_of(&label.key, serial));
    match issue {
        None => checks.skip(CHECK, "no list of issued serials is at hand"),
        Some(Issue::Logged(mark)) => {
            checks.pass(CHECK, format!("by entry {}", mark.index));
            seen(checks, label, serial);
        }
        Some(Issue::Void(mark)) => {
            checks.pass(CHECK, format!("by entry {}, and given back as spoilt", mark.index));
        }
        Some(Issue::Never) => {
            checks.signal(Signal::SerialNotIssued);
            let text = format!("nobody issued serial {serial} for lot {}", label.key);
            checks.doubt(CHECK, SubIndication::SerialNotIssued, text);
        }
    }
    issue
}

/// How often the unit was seen, where that is unusual. It may have been copied, or be well liked:
/// it is told, and decides nothing.
fn seen(checks: &mut Checks<'_>, label: &Label, serial: &Serial) {
    let seen = checks.book.and_then(|book| book.seen(&label.key, serial));
    if let Some(seen) = seen.filter(Seen::is_unusual) {
        checks.signal(Signal::UnusualScans);
        checks.seen = Some(seen);
    }
}

/// Of a lot all of which was destroyed, sampled, lost or brought back no unit is left to sell.
fn ended(checks: &mut Checks<'_>) {
    let custody = checks.trace.as_ref().and_then(|trace| trace.custody.as_ref());
    if !custody.is_some_and(|custody| custody.ended) {
        return;
    }
    checks.signal(Signal::LotEnded);
    if let Some(fitness) = checks.fitness.as_mut() {
        fitness.fit = false;
    }
}

/// A label that was given back as spoilt belongs on no jar, however genuine it is.
fn voided(checks: &mut Checks<'_>) {
    checks.signal(Signal::LabelVoid);
    if let Some(fitness) = checks.fitness.as_mut() {
        fitness.fit = false;
    }
}

fn expiry(checks: &mut Checks<'_>, label: &Label) {
    let last = label.header.expiry();
    if checks.now > last.end() {
        checks.signal(Signal::ExpiredLabel);
        let text = format!("ended {last}");
        checks.fail(CheckName::LabelExpiry, SubIndication::FormatFailure, text);
    } else {
        checks.pass(CheckName::LabelExpiry, format!("until {last}"));
    }
}

fn altered(checks: &Checks<'_>, text: &str) -> bool {
    one_character_away(text, &|hint| {
        let keys = checks.trust.label_signers().filter(|(_, key)| key_hint(&key.public) == hint);
        keys.filter_map(|(_, key)| key.verifying_key().ok()).collect()
    })
}

/// The certificate the label points to, whether its key may label that, and the lot.
fn pointed_at(checks: &mut Checks<'_>, label: &Label, signer: LabelSigner<'_>) {
    let index = u64::from(label.header.index);
    let found = match checks.book {
        None => Err("without status data the log entry cannot be looked up".to_owned()),
        Some(book) if index >= book.covers() => {
            Err(format!("entry {index} is newer than the status data"))
        }
        Some(book) => Ok((book.certificate_at(index), book.lot(&label.key))),
    };
    match found {
        Err(text) => {
            checks.absent(CheckName::LabelKey, SubIndication::TryLater, text.clone());
            checks.absent(CheckName::Binding, SubIndication::TryLater, text);
            checks.not_run(&LATER[1..]);
        }
        Ok((Some(certificate), Some(lot))) if certificate.lot == lot.lot => {
            label_key::judge(checks, signer, label, &certificate, &lot);
            checks.pass(CheckName::Binding, format!("entry {index} certifies lot {}", lot.lot));
            record_checks(checks, &certificate, &lot, Renewals::Followed);
            ended(checks);
            if let Some(claims) = checks.claims.as_mut() {
                claims.serial = label.serial.as_ref().map(|serial| serial.as_str().to_owned());
            }
            let fitness = checks.fitness.as_ref();
            if fitness.is_some_and(|it| it.now.certificate == CertificateStatus::Valid) {
                claimed(checks, label);
            }
        }
        Ok(_) => {
            checks.not_run(&[CheckName::LabelKey]);
            let text = format!("entry {index} is no certificate of lot {}", label.key);
            checks.fail(CheckName::Binding, SubIndication::HashFailure, text);
            checks.not_run(&LATER[1..]);
        }
    }
}

/// A label bears the kinds of all schemes that were in force for its lot when it was made: whether
/// each still has a certificate in force, when the one it points to has.
fn claimed(checks: &mut Checks<'_>, label: &Label) {
    let all = checks.book.map(|book| book.certificates_of(&label.key)).unwrap_or_default();
    let catalog = Catalog::builtin().ok();
    let kinds: Vec<_> = all
        .iter()
        .filter(|record| status_now(checks, record) == CertificateStatus::Valid)
        .filter_map(|record| catalog?.scheme(&record.scheme))
        .flat_map(|scheme| scheme.kinds.iter().copied())
        .collect();
    if !SchemeBits::of(&kinds).contains(label.header.schemes.known()) {
        checks.signal(Signal::ClaimNotInForce);
    }
}

/// A code that nobody signed names a lot, and anybody can print it: what is known of the lot is
/// told, and the label was not checked, whatever is known.
fn unsigned(checks: &mut Checks<'_>, readings: &[Reading]) {
    checks.signal(Signal::NoLabelSignature);
    let known = |reading: &&Reading| {
        let lot = reading.code.lot_key();
        lot.is_some_and(|key| checks.book.is_some_and(|book| book.lot(&key).is_some()))
    };
    let known: Vec<&Reading> = readings.iter().filter(known).collect();
    let Some(reading) = known.first().copied().or(readings.first()) else { return };
    tell(checks, reading);
    match &reading.host {
        Some(host)
            if *host != checks.trust.host
                && reading.written.as_ref() != Some(&checks.trust.host) =>
        {
            foreign(checks, host);
            let text = format!("{host} is not {}", checks.trust.host);
            checks.lay(CheckName::Host, CheckResult::Absent, text);
        }
        Some(host) => checks.pass(CheckName::Host, host.clone()),
        None => {}
    }
    let mut lots: Vec<LotKey> = known.iter().filter_map(|reading| reading.code.lot_key()).collect();
    lots.dedup();
    match (&reading.code, lots.as_slice()) {
        (_, [first, second, ..]) => {
            checks.signal(Signal::TwoLots);
            let text = format!("it may mean lot {first} or lot {second}");
            checks.absent(CheckName::Binding, SubIndication::NoPoe, text);
            checks.not_run(&LATER[1..]);
        }
        (ScanCode::Plain { gtin, lot: None, .. }, _) => without_lot(checks, gtin),
        (code, _) => {
            if let Some(key) = code.lot_key() {
                looked_up(checks, &key);
            }
        }
    }
    let text = "the code carries no signature: anybody can print it";
    checks.absent(CheckName::LabelSignature, SubIndication::LabelUnsigned, text);
}

/// A product names no lot.
fn without_lot(checks: &mut Checks<'_>, gtin: &Gtin) {
    let known = checks.book.and_then(|book| book.knows_product(gtin)) != Some(false);
    checks.signal(if known { Signal::LotMissing } else { Signal::LotUnknown });
    let text = "a GTIN alone names no lot; add the lot number";
    checks.absent(CheckName::Binding, SubIndication::NoPoe, text);
    checks.not_run(&LATER[1..]);
}

/// A lot named without signature: the newest certificate in force, else the newest.
fn looked_up(checks: &mut Checks<'_>, key: &LotKey) {
    let found = checks.book.map(|book| (book.lot(key), book.certificates_of(key)));
    match found {
        None => {
            checks.absent(CheckName::Binding, SubIndication::TryLater, "no status data at hand");
        }
        Some((None, _)) => {
            checks.signal(Signal::LotUnknown);
            let text = format!("lot {key} is not in the register");
            checks.absent(CheckName::Binding, SubIndication::NoPoe, text);
        }
        Some((Some(lot), certificates)) => match newest(checks, &certificates) {
            Some(certificate) => {
                checks.pass(CheckName::Binding, format!("lot {key} is in the register"));
                record_checks(checks, &certificate, &lot, Renewals::Followed);
                ended(checks);
                return;
            }
            None => {
                let text = format!("lot {key} is declared but has no certificate");
                checks.absent(CheckName::Binding, SubIndication::NoPoe, text);
                // It has a status too; it is told, but nothing is certified.
                checks.signal(Signal::of_uncertified(lot.status(checks.now)));
            }
        },
    }
    checks.not_run(&LATER[1..]);
}

fn newest(checks: &Checks<'_>, certificates: &[CertificateRecord]) -> Option<CertificateRecord> {
    let valid = |c: &&CertificateRecord| status_now(checks, c) == CertificateStatus::Valid;
    certificates.iter().rev().find(valid).or(certificates.last()).cloned()
}
