//! Checks of a code on a jar: form, host, signature, label key, then the certificate and lot it
//! points to in the status data. Stops where a failure makes the rest meaningless. A code without a
//! signature is looked up and never passes. Not here: how a text is read (`label`).

use super::book::Issue;
use super::judge::Bench;
use super::label_key::{self, Signer};
use super::report::{CheckName, CheckResult, SubIndication};
use super::signal::Signal;
use super::statement::{record_checks, status_now};
use crate::label::{
    Label, LabelError, Reading, Scan, ScanCode, SchemeBits, key_hint, one_character_away,
};
use crate::register::{CertificateRecord, CertificateStatus};
use crate::statement::{Catalog, Gtin, LotKey};

/// Checks that stand after the code's own.
const LATER: [CheckName; 5] = [
    CheckName::Binding,
    CheckName::IssuerKey,
    CheckName::Accreditation,
    CheckName::CertificateStatus,
    CheckName::LotStatus,
];

pub(super) fn judge(bench: &mut Bench<'_>, scan: &Scan<'_>) {
    let text = scan.text;
    bench.subject = text.chars().take(400).collect();
    let readings = match &scan.ways {
        Ok(readings) => readings,
        Err(error) => return unreadable(bench, scan, error),
    };
    if readings.iter().any(|reading| reading.code.label().is_some()) {
        if !scan.doubtful {
            bench.pass(CheckName::Format, "signed code");
        }
        signed(bench, readings, scan);
    } else {
        bench.pass(CheckName::Format, "code without signature");
        unsigned(bench, readings);
    }
}

/// What is said of a code that white space parts from what may belong to it.
const PARTED: &str = "words or a line break stand within the code: give the code alone";

/// A token that cannot be read: altered if one character makes it genuine, else of unknown make.
/// What is cut, mistyped or something else altogether accuses nobody.
fn unreadable(bench: &mut Bench<'_>, scan: &Scan<'_>, error: &LabelError) {
    let newer = matches!(error, LabelError::VersionUnknown { .. });
    let altered = altered(bench, scan.text);
    if (error.is_unreadable() || scan.doubtful) && !altered {
        bench.unreadable(CheckName::Format, error.to_string());
    } else if newer && !altered {
        let why = SubIndication::NoSigningCertificateFound;
        bench.absent(CheckName::Format, why, error.to_string());
    } else {
        bench.fail(CheckName::Format, SubIndication::FormatFailure, error.to_string());
    }
    bench.not_run(&[CheckName::LabelSignature, CheckName::LabelKey]);
    bench.not_run(&LATER);
}

/// What a reading of the text says of itself.
fn tell(bench: &mut Bench<'_>, reading: &Reading) {
    bench.reading.left_out.clone_from(&reading.left_out);
    if reading.plain_http {
        bench.signal(Signal::PlainHttp);
    }
}

/// A label: which reading and which key fit, then all that it claims.
fn signed(bench: &mut Bench<'_>, readings: &[Reading], scan: &Scan<'_>) {
    let text = scan.text;
    bench.signal(Signal::Copyable);
    let labels: Vec<(&Reading, Label)> =
        readings.iter().filter_map(|reading| Some((reading, label_of(bench, reading)?))).collect();
    let fits = labels.iter().find_map(|found| Some((found, signer_of(bench, &found.1)?)));
    let Some((reading, label)) = fits.map(|(found, _)| found).or(labels.first()) else { return };
    if fits.is_none() && scan.doubtful {
        bench.unreadable(CheckName::Format, PARTED);
        bench.not_run(&[CheckName::LabelSignature, CheckName::LabelKey]);
        return bench.not_run(&LATER);
    }
    if scan.doubtful {
        bench.pass(CheckName::Format, "signed code");
    }
    tell(bench, reading);
    if label.serial.is_none() {
        bench.signal(Signal::NotSerialised);
    }
    let refuted = if fits.is_some() { None } else { refuted(bench, label, text) };
    let own_host = host(bench, reading, label, fits.is_some() || refuted.is_some());
    let Some((_, signer)) = fits else {
        const CHECK: CheckName = CheckName::LabelSignature;
        let unknown = SubIndication::NoSigningCertificateFound;
        match refuted {
            Some(text) => bench.fail(CHECK, SubIndication::SigCryptoFailure, text),
            None => bench.absent(CHECK, unknown, "the label key is not in the trust snapshot"),
        }
        bench.not_run(&[CheckName::LabelKey]);
        return bench.not_run(&LATER);
    };
    bench.pass(CheckName::LabelSignature, "Ed25519, strict");
    let issue = issue(bench, label);
    let serialised = label.serial.is_some();
    let go_on = own_host && label_key::not_stolen(bench, signer, issue, serialised);
    if go_on {
        expiry(bench, label);
        pointed_at(bench, label, signer);
        if let Some(Issue::Void(_)) = issue {
            voided(bench);
        }
    } else {
        bench.not_run(&LATER);
    }
}

/// The label in a reading. A path alone names no host, and a ledger may have in its name the port
/// that its scheme has anyway: then the ledger's host is what the signature must cover.
fn label_of(bench: &Bench<'_>, reading: &Reading) -> Option<Label> {
    let label = reading.code.label()?;
    let own = &bench.trust.host;
    let host = match &reading.written {
        Some(written) if written != own => label.host.clone(),
        _ => own.clone(),
    };
    Some(Label { host, ..label.clone() })
}

/// The key that signed a label, and whose it is.
fn signer_of<'a>(bench: &Bench<'a>, label: &Label) -> Option<Signer<'a>> {
    let mut signers = bench.trust.label_signers();
    signers
        .find(|(_, key)| {
            key_hint(&key.public) == label.header.key_hint
                && key.verifying_key().is_ok_and(|public| label.verify(&public).is_ok())
        })
        .map(|(owner, key)| Signer { owner, key })
}

/// Whether the label is of this ledger, as far as its address says. A token of `ours` on a foreign
/// host is a lure; one of a key that nobody here knows may be a label of another ledger.
fn host(bench: &mut Bench<'_>, reading: &Reading, label: &Label, ours: bool) -> bool {
    if reading.host.is_none() {
        let text = "the address has no host: scan or copy all of it";
        bench.absent(CheckName::Host, SubIndication::FormatFailure, text);
    } else if label.host == bench.trust.host {
        bench.pass(CheckName::Host, label.host.clone());
    } else {
        foreign(bench, &label.host);
        let evidence = format!("{} is not {}", label.host, bench.trust.host);
        if ours {
            bench.fail(CheckName::Host, SubIndication::HashFailure, evidence);
        } else {
            let why = SubIndication::NoSigningCertificateFound;
            bench.absent(CheckName::Host, why, evidence);
        }
        return false;
    }
    true
}

fn foreign(bench: &mut Bench<'_>, host: &str) {
    bench.signal(Signal::ForeignHost);
    bench.reading.foreign_host = Some(host.to_owned());
}

/// Why a label that no trusted key signed is no label of an unknown key: a trusted key has its
/// hint, or one character gives it one.
fn refuted(bench: &Bench<'_>, label: &Label, text: &str) -> Option<&'static str> {
    let mut keys = bench.trust.label_signers();
    if keys.any(|(_, key)| key_hint(&key.public) == label.header.key_hint) {
        Some("the signature does not belong to this code")
    } else {
        altered(bench, text).then_some("one character of the code was altered")
    }
}

/// Where the serial was issued, if the book has the list of what was.
fn issue(bench: &mut Bench<'_>, label: &Label) -> Option<Issue> {
    const CHECK: CheckName = CheckName::SerialIssued;
    let serial = label.serial.as_ref()?;
    let issue = bench.book.and_then(|book| book.issue_of(&label.key, serial));
    match issue {
        None => bench.skip(CHECK, "no list of issued serials is at hand"),
        Some(Issue::Logged(mark)) => bench.pass(CHECK, format!("by entry {}", mark.index)),
        Some(Issue::Void(mark)) => {
            bench.pass(CHECK, format!("by entry {}, and given back as spoilt", mark.index));
        }
        Some(Issue::Never) => {
            bench.signal(Signal::SerialNotIssued);
            let text = format!("nobody issued serial {serial} for lot {}", label.key);
            bench.doubt(CHECK, SubIndication::SerialNotIssued, text);
        }
    }
    issue
}

/// A label that was given back as spoilt belongs on no jar, however genuine it is.
fn voided(bench: &mut Bench<'_>) {
    bench.signal(Signal::LabelVoid);
    if let Some(fitness) = bench.fitness.as_mut() {
        fitness.fit = false;
    }
}

fn expiry(bench: &mut Bench<'_>, label: &Label) {
    let last = label.header.expiry();
    if bench.now > last.end() {
        bench.signal(Signal::ExpiredLabel);
        let text = format!("ended {last}");
        bench.fail(CheckName::LabelExpiry, SubIndication::FormatFailure, text);
    } else {
        bench.pass(CheckName::LabelExpiry, format!("until {last}"));
    }
}

fn altered(bench: &Bench<'_>, text: &str) -> bool {
    one_character_away(text, &|hint| {
        let keys = bench.trust.label_signers().filter(|(_, key)| key_hint(&key.public) == hint);
        keys.filter_map(|(_, key)| key.verifying_key().ok()).collect()
    })
}

/// The certificate the label points to, whether its key may label that, and the lot.
fn pointed_at(bench: &mut Bench<'_>, label: &Label, signer: Signer<'_>) {
    let index = u64::from(label.header.index);
    let found = match bench.book {
        None => Err("without status data the log entry cannot be looked up".to_owned()),
        Some(book) if index >= book.covers() => {
            Err(format!("entry {index} is newer than the status data"))
        }
        Some(book) => Ok((book.certificate_at(index), book.lot(&label.key))),
    };
    match found {
        Err(text) => {
            bench.absent(CheckName::LabelKey, SubIndication::TryLater, text.clone());
            bench.absent(CheckName::Binding, SubIndication::TryLater, text);
            bench.not_run(&LATER[1..]);
        }
        Ok((Some(certificate), Some(lot))) if certificate.lot == lot.lot => {
            label_key::judge(bench, signer, label, &certificate, &lot);
            bench.pass(CheckName::Binding, format!("entry {index} certifies lot {}", lot.lot));
            record_checks(bench, &certificate, &lot);
            if let Some(claims) = bench.claims.as_mut() {
                claims.serial = label.serial.as_ref().map(|serial| serial.as_str().to_owned());
            }
            if status_now(bench, &certificate) == CertificateStatus::Valid {
                claimed(bench, label);
            }
        }
        Ok(_) => {
            bench.not_run(&[CheckName::LabelKey]);
            let text = format!("entry {index} is no certificate of lot {}", label.key);
            bench.fail(CheckName::Binding, SubIndication::HashFailure, text);
            bench.not_run(&LATER[1..]);
        }
    }
}

/// A label bears the kinds of all schemes that were in force for its lot when it was made: whether
/// each still has a certificate in force, when the one it points to has.
fn claimed(bench: &mut Bench<'_>, label: &Label) {
    let all = bench.book.map(|book| book.certificates_of(&label.key)).unwrap_or_default();
    let catalog = Catalog::builtin().ok();
    let kinds: Vec<_> = all
        .iter()
        .filter(|record| status_now(bench, record) == CertificateStatus::Valid)
        .filter_map(|record| catalog?.scheme(&record.scheme))
        .flat_map(|scheme| scheme.kinds.iter().copied())
        .collect();
    if !SchemeBits::of(&kinds).contains(label.header.schemes.known()) {
        bench.signal(Signal::ClaimNotInForce);
    }
}

/// A code that nobody signed names a lot, and anybody can print it: what is known of the lot is
/// told, and the label was not checked, whatever is known.
fn unsigned(bench: &mut Bench<'_>, readings: &[Reading]) {
    bench.signal(Signal::NoLabelSignature);
    let known = |reading: &&Reading| {
        let lot = reading.code.lot_key();
        lot.is_some_and(|key| bench.book.is_some_and(|book| book.lot(&key).is_some()))
    };
    let known: Vec<&Reading> = readings.iter().filter(known).collect();
    let Some(reading) = known.first().copied().or(readings.first()) else { return };
    tell(bench, reading);
    match &reading.host {
        Some(host)
            if *host != bench.trust.host && reading.written.as_ref() != Some(&bench.trust.host) =>
        {
            foreign(bench, host);
            let text = format!("{host} is not {}", bench.trust.host);
            bench.lay(CheckName::Host, CheckResult::Absent, text);
        }
        Some(host) => bench.pass(CheckName::Host, host.clone()),
        None => {}
    }
    let mut lots: Vec<LotKey> = known.iter().filter_map(|reading| reading.code.lot_key()).collect();
    lots.dedup();
    match (&reading.code, lots.as_slice()) {
        (_, [first, second, ..]) => {
            bench.signal(Signal::TwoLots);
            let text = format!("it may mean lot {first} or lot {second}");
            bench.absent(CheckName::Binding, SubIndication::NoPoe, text);
            bench.not_run(&LATER[1..]);
        }
        (ScanCode::Plain { gtin, lot: None, .. }, _) => without_lot(bench, gtin),
        (code, _) => {
            if let Some(key) = code.lot_key() {
                looked_up(bench, &key);
            }
        }
    }
    let text = "the code carries no signature: anybody can print it";
    bench.absent(CheckName::LabelSignature, SubIndication::LabelUnsigned, text);
}

/// A product names no lot.
fn without_lot(bench: &mut Bench<'_>, gtin: &Gtin) {
    let known = bench.book.and_then(|book| book.knows_product(gtin)) != Some(false);
    bench.signal(if known { Signal::LotMissing } else { Signal::LotUnknown });
    let text = "a GTIN alone names no lot; add the lot number";
    bench.absent(CheckName::Binding, SubIndication::NoPoe, text);
    bench.not_run(&LATER[1..]);
}

/// A lot named without signature: the newest certificate in force, else the newest.
fn looked_up(bench: &mut Bench<'_>, key: &LotKey) {
    let found = bench.book.map(|book| (book.lot(key), book.certificates_of(key)));
    match found {
        None => {
            bench.absent(CheckName::Binding, SubIndication::TryLater, "no status data at hand");
        }
        Some((None, _)) => {
            bench.signal(Signal::LotUnknown);
            let text = format!("lot {key} is not in the register");
            bench.absent(CheckName::Binding, SubIndication::NoPoe, text);
        }
        Some((Some(lot), certificates)) => match newest(bench, &certificates) {
            Some(certificate) => {
                bench.pass(CheckName::Binding, format!("lot {key} is in the register"));
                record_checks(bench, &certificate, &lot);
                return;
            }
            None => {
                let text = format!("lot {key} is declared but has no certificate");
                bench.absent(CheckName::Binding, SubIndication::NoPoe, text);
                // It has a status too; it is told, but nothing is certified.
                bench.signal(Signal::of_uncertified(lot.status(bench.now)));
            }
        },
    }
    bench.not_run(&LATER[1..]);
}

fn newest(bench: &Bench<'_>, certificates: &[CertificateRecord]) -> Option<CertificateRecord> {
    let valid = |c: &&CertificateRecord| status_now(bench, c) == CertificateStatus::Valid;
    certificates.iter().rev().find(valid).or(certificates.last()).cloned()
}
