//! Labels: one signed QR payload for a lot, or for each unit of it. Serials are a quantity: they are
//! logged before they are handed out, and never exceed the lot's sales units (rule 6).

use super::keeper::{append_own, authority, service_draft};
use super::{KeyName, Ledger, LedgerError, random};
use crate::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use crate::register::{Certificate, CertificateStatus, Lot, Register};
use crate::seal::Signer;
use crate::statement::{LabelIssue, LotKey, Serial, Timestamp};

/// Labels wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRequest {
    /// The lot.
    pub lot: LotKey,
    /// How many serials; 0: one label for the lot as a whole.
    pub serials: u32,
}

/// Labels for a request; serials are logged first.
///
/// # Errors
/// `lot_unknown`, `no_certificate`, `not_in_force`, `labels_exceeded`.
pub fn issue_labels(
    ledger: &Ledger,
    request: &LabelRequest,
    now: Timestamp,
) -> Result<Vec<Label>, LedgerError> {
    if request.serials == 0 {
        return Ok(vec![label_of(ledger, &request.lot, None, now)?]);
    }
    let view = ledger.view();
    let register = &view.register;
    let lot = known_lot(register, &request.lot)?;
    if newest_in_force(register, lot, now).is_none() {
        let reason = format!("no certificate of lot {} is in force", request.lot);
        return Err(LedgerError::Request { code: "not_in_force", reason });
    }
    let issue = LabelIssue {
        lot: request.lot.clone(),
        count: request.serials,
        verification_method: label_method(register),
    };
    let nonce = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let id = register.domain().url(&format!("label-issues/{nonce}"));
    append_own(ledger, &issue.draft(&service_draft(register, &authority(), id, now)), now)?;
    let label = |_| label_of(ledger, &request.lot, Some(Serial::from_random(random()?)), now);
    (0..request.serials).map(label).collect()
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
    let signer = &ledger.keys().label;
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
    known.map(AsRef::as_ref).filter(move |certificate| {
        let issuer = register.party(&certificate.issuer).map(AsRef::as_ref);
        certificate.status(issuer, now) == CertificateStatus::Valid
    })
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

fn label_method(register: &Register) -> String {
    format!("{}#{}", register.domain().did(&authority()), KeyName::Label.stem())
}
