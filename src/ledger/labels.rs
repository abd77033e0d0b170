//! Labels: one signed QR payload for a lot, or for each unit of it. Serials are a quantity: they
//! are logged before they are handed out, and never exceed the lot's sales units (rule 6).

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Ledger, LedgerError};
use crate::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use crate::register::{Certificate, CertificateStatus, Lot, Register};
use crate::seal::{Signer, SoftKey};
use crate::statement::{Claim, LabelIssue, LotKey, Serial, Statement, Timestamp};

/// Logs a signed label issue and hands out its labels. The same statement again gives the same
/// serials: they are drawn from its digest and the label key's secret.
///
/// # Errors
/// `lot_unknown`, `not_in_force`, what the ledger refuses.
pub async fn issue_labels(
    ledger: &Ledger,
    statement: Statement,
    now: Timestamp,
) -> Result<Vec<Label>, LedgerError> {
    let Claim::LabelIssue(issue) = statement.claim.clone() else {
        let reason = format!("a LabelIssue is expected, not a {}", statement.claim.kind());
        return Err(LedgerError::Request { code: "unknown_type", reason });
    };
    let view = ledger.view();
    let lot = known_lot(&view.register, &issue.lot)?;
    if newest_in_force(&view.register, lot, now).is_none() {
        let reason = format!("no certificate of lot {} is in force", issue.lot);
        return Err(LedgerError::Request { code: "not_in_force", reason });
    }
    // Before anything is logged: serials that nobody can put on a label are lost.
    ledger.label_key(&view.register, now)?;
    let secret = secret_of(ledger, &issue)?;
    let digest = statement.digest;
    for receipt in ledger.append(vec![statement]).await {
        receipt?;
    }
    let serial = |place: u32| {
        let hash = Sha256::new()
            .chain_update(b"tasdiq-serial-v1\0")
            .chain_update(secret.as_slice())
            .chain_update(digest)
            .chain_update(place.to_be_bytes())
            .finalize();
        let mut random = [0; 5];
        random.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Serial::from_random(random)
    };
    (0..issue.count).map(|n| label_of(ledger, &issue.lot, Some(serial(n)), now)).collect()
}

/// The secret that serials are drawn with: of the label key that the issue names, which may be
/// retired by now.
fn secret_of(ledger: &Ledger, issue: &LabelIssue) -> Result<Zeroizing<[u8; 32]>, LedgerError> {
    let view = ledger.view();
    let named = view.register.key(&issue.verification_method).map(|(_, record)| record.public);
    let held = ledger.keys()?.label.iter().find(|key| Some(key.public()) == named);
    held.map(SoftKey::secret).ok_or_else(|| LedgerError::Request {
        code: "no_key_in_force",
        reason: format!("the label key {} is not here", issue.verification_method),
    })
}

/// One label, signed by the service's label key.
///
/// # Errors
/// `lot_unknown`, `no_certificate`.
pub fn label_of(
    ledger: &Ledger,
    key: &LotKey,
    serial: Option<Serial>,
    now: Timestamp,
) -> Result<Label, LedgerError> {
    let view = ledger.view();
    let register = &view.register;
    let lot = known_lot(register, key)?;
    let newest = || {
        let last = lot.certificates.last().and_then(|serial| register.certificate(*serial));
        last.map(AsRef::as_ref)
    };
    let certificate = newest_in_force(register, lot, now).or_else(newest);
    let Some(certificate) = certificate else {
        let reason = format!("lot {key} has no certificate yet");
        return Err(LedgerError::Request { code: "no_certificate", reason });
    };
    let index = u32::try_from(certificate.mark.index).map_err(|_| LedgerError::Request {
        code: "label_index",
        reason: "the log is longer than a label can point into (2^32 entries)".to_owned(),
    })?;
    let signer = ledger.label_key(register, now)?.key;
    let header = Header {
        key_hint: key_hint(&signer.public()),
        index,
        expiry_day: expiry_day_of(certificate.claim.valid_until.day()),
        schemes: scheme_bits(register, lot, now),
    };
    let host = register.domain().host();
    Label::sign(host, key.clone(), serial, header, |message| signer.sign(message))
        .map_err(|fault| LedgerError::Submit(fault.into()))
}

fn known_lot<'a>(register: &'a Register, key: &LotKey) -> Result<&'a Lot, LedgerError> {
    register.lot(key).map(AsRef::as_ref).ok_or_else(|| LedgerError::Request {
        code: "lot_unknown",
        reason: format!("lot {key} is not declared"),
    })
}

fn in_force<'a>(
    register: &'a Register,
    lot: &'a Lot,
    now: Timestamp,
) -> impl DoubleEndedIterator<Item = &'a Certificate> {
    let known = lot.certificates.iter().filter_map(|serial| register.certificate(*serial));
    known
        .map(AsRef::as_ref)
        .filter(move |certificate| register.status_of(certificate, now) == CertificateStatus::Valid)
}

fn newest_in_force<'a>(
    register: &'a Register,
    lot: &'a Lot,
    now: Timestamp,
) -> Option<&'a Certificate> {
    in_force(register, lot, now).next_back()
}

/// The kinds of all schemes in force for the lot.
fn scheme_bits(register: &Register, lot: &Lot, now: Timestamp) -> SchemeBits {
    let schemes = in_force(register, lot, now)
        .filter_map(|certificate| register.catalog().scheme(&certificate.claim.scheme));
    let kinds: Vec<_> = schemes.flat_map(|scheme| scheme.kinds.iter().copied()).collect();
    SchemeBits::of(&kinds)
}
