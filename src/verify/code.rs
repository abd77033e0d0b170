//! Checks of a code on a jar: form, host, label key, signature, then the certificate and lot it
//! points to in the status data. Stops where a failure makes the rest meaningless.

use super::book::{CertificateRecord, LotRecord};
use super::judge::Bench;
use super::report::{CheckName, SubIndication};
use super::statement::{record_checks, status_now};
use crate::label::{
    Label, LabelError, ScanCode, SchemeBits, bears_token, key_hint, one_character_away,
};
use crate::register::CertificateStatus;
use crate::seal::KeyRecord;
use crate::statement::{Catalog, LotKey};

/// Checks that stand after the code's own.
const LATER: [CheckName; 5] = [
    CheckName::Binding,
    CheckName::IssuerKey,
    CheckName::Accreditation,
    CheckName::CertificateStatus,
    CheckName::LotStatus,
];

pub(super) fn judge(bench: &mut Bench<'_>, text: &str) {
    bench.subject = text.chars().take(400).collect();
    match ScanCode::parse(text) {
        Ok(ScanCode::Signed(label)) => {
            bench.pass(CheckName::Format, "signed code");
            if signed(bench, &label, text) {
                pointed_at(bench, &label);
            } else {
                bench.not_run(&LATER);
            }
        }
        Ok(code) => {
            bench.pass(CheckName::Format, "code without signature");
            bench.item.push("no-label-signature".to_owned());
            match code.lot_key() {
                Some(key) => looked_up(bench, &key),
                None => bench.absent(
                    CheckName::Binding,
                    SubIndication::NoPoe,
                    "a GTIN alone names no lot; add the lot number",
                ),
            }
        }
        Err(error) => unreadable(bench, text, &error),
    }
    if let (Ok(code), Some(claims)) = (ScanCode::parse(text), bench.claims.as_mut()) {
        claims.serial = code.serial().map(|serial| serial.as_str().to_owned());
    }
}

/// A token that cannot be read: altered if one character makes it genuine, else of unknown make.
/// A text without a token claims nothing: it is mistyped or something else altogether.
fn unreadable(bench: &mut Bench<'_>, text: &str, error: &LabelError) {
    if matches!(error, LabelError::VersionUnknown { .. }) && !altered(bench, text) {
        let why = SubIndication::NoSigningCertificateFound;
        bench.absent(CheckName::Format, why, error.to_string());
    } else {
        let foreign = match error {
            LabelError::NotALabel { .. } => true,
            LabelError::Identifier(_) => !bears_token(text),
            _ => false,
        };
        if foreign {
            bench.unreadable(CheckName::Format, error.to_string());
        } else {
            bench.fail(CheckName::Format, SubIndication::FormatFailure, error.to_string());
        }
    }
    bench.not_run(&[CheckName::LabelKey, CheckName::LabelSignature]);
    bench.not_run(&LATER);
}

/// Host, label key, signature, last day. Whether to go on.
fn signed(bench: &mut Bench<'_>, label: &Label, text: &str) -> bool {
    bench.item.push("copyable".to_owned());
    let candidates: Vec<&KeyRecord> = bench
        .trust
        .label_keys()
        .filter(|key| key_hint(&key.public) == label.header.key_hint)
        .collect();
    if candidates.is_empty() {
        return unknown_key(bench, text);
    }
    if label.host == bench.trust.host {
        bench.pass(CheckName::Host, label.host.clone());
    } else {
        let evidence = format!("{} is not {}", label.host, bench.trust.host);
        bench.fail(CheckName::Host, SubIndication::HashFailure, evidence);
    }
    let signer = candidates
        .into_iter()
        .find(|key| key.verifying_key().is_ok_and(|public| label.verify(&public).is_ok()));
    let Some(key) = signer else {
        let evidence = "the signature does not belong to this code";
        bench.fail(CheckName::LabelSignature, SubIndication::SigCryptoFailure, evidence);
        return false;
    };
    bench.pass(CheckName::LabelSignature, "Ed25519, strict");
    let name = key.verification_method.clone();
    // A label bears no log time of its own, so a compromised label key is worth nothing at all.
    if key.compromised.is_some() {
        bench.fail(CheckName::LabelKey, SubIndication::Revoked, format!("{name} is compromised"));
        return false;
    }
    bench.pass(CheckName::LabelKey, name);
    let last = label.header.expiry();
    if bench.now > last.end() {
        bench.item.push("expired-label".to_owned());
        bench.fail(CheckName::LabelExpiry, SubIndication::FormatFailure, format!("ended {last}"));
    } else {
        bench.pass(CheckName::LabelExpiry, format!("until {last}"));
    }
    true
}

/// No trusted key has this hint: an altered code if one character makes it verify.
fn unknown_key(bench: &mut Bench<'_>, text: &str) -> bool {
    if altered(bench, text) {
        let evidence = "one character of the code was altered";
        bench.fail(CheckName::LabelSignature, SubIndication::SigCryptoFailure, evidence);
    } else {
        let why = SubIndication::NoSigningCertificateFound;
        bench.absent(CheckName::LabelKey, why, "the label key is not in the trust snapshot");
        bench.not_run(&[CheckName::LabelSignature]);
    }
    false
}

fn altered(bench: &Bench<'_>, text: &str) -> bool {
    one_character_away(text, &|hint| {
        let keys = bench.trust.label_keys().filter(|key| key_hint(&key.public) == hint);
        keys.filter_map(|key| key.verifying_key().ok()).collect()
    })
}

/// The certificate the label points to, and the lot.
fn pointed_at(bench: &mut Bench<'_>, label: &Label) {
    let index = u64::from(label.header.index);
    let Some(book) = bench.book else {
        let text = "without status data the log entry cannot be looked up";
        bench.absent(CheckName::Binding, SubIndication::TryLater, text);
        bench.not_run(&LATER[1..]);
        return;
    };
    if index >= book.covers() {
        let text = format!("entry {index} is newer than the status data");
        bench.absent(CheckName::Binding, SubIndication::TryLater, text);
        bench.not_run(&LATER[1..]);
        return;
    }
    match (book.certificate_at(index), book.lot(&label.key)) {
        (Some(certificate), Some(lot)) if certificate.lot == lot.lot => {
            bench.pass(CheckName::Binding, format!("entry {index} certifies lot {}", lot.lot));
            record_checks(bench, &certificate, &lot);
            if status_now(bench, &certificate) == CertificateStatus::Valid {
                claimed(bench, label);
            }
        }
        _ => {
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
        bench.item.push("claim-not-in-force".to_owned());
    }
}

/// A lot named without signature: the newest certificate in force, else the newest.
fn looked_up(bench: &mut Bench<'_>, key: &LotKey) {
    let found = bench.book.map(|book| (book.lot(key), book.certificates_of(key)));
    let why = SubIndication::TryLater;
    match found {
        None => bench.absent(CheckName::Binding, why, "no status data at hand"),
        Some((None, _)) => {
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
                lot_only(bench, &lot);
            }
        },
    }
    bench.not_run(&LATER[1..]);
}

fn newest(bench: &Bench<'_>, certificates: &[CertificateRecord]) -> Option<CertificateRecord> {
    let valid = |c: &&CertificateRecord| status_now(bench, c) == CertificateStatus::Valid;
    certificates.iter().rev().find(valid).or(certificates.last()).cloned()
}

/// A lot without certificate has a status too; it is told, but nothing is certified.
fn lot_only(bench: &mut Bench<'_>, lot: &LotRecord) {
    let status = lot.status(bench.now).word();
    bench.item.push(format!("uncertified-lot-{status}"));
}
