//! Labels: one signed QR payload for a lot, or for each unit of it. Serials are a quantity and a
//! secret: they are logged before they are handed out, never exceed the lot's sales units (rule 6),
//! and go to nobody but the issuer that signed the request. Not here: how serials are drawn
//! (`serials`).

use super::prepare::lot_unknown;
use super::requests::refused;
use super::{Ledger, LedgerError, Requester, SerialStanding, SubmitError, Unmet, intake};
use crate::label::{Header, Label, SchemeBits, expiry_day_of, key_hint};
use crate::names::{LotKey, PartySlug, Serial};
use crate::register::{CertificateRecord, CertificateStatus, Lot, Refusal, Register};
use crate::seal::verify_proof;
use crate::statement::{Claim, LabelIssue, Reason, Statement, Timestamp};

/// The labels of a logged issue.
#[derive(Debug)]
pub struct Issued {
    /// Where the issue stands in the log: whoever signed it gets the same labels again.
    pub entry: u64,
    /// One for each serial.
    pub labels: Vec<Label>,
}

/// Logs a signed label issue and hands its labels to `by`, who signed the request and must be its
/// issuer. The same statement again gives the same serials.
///
/// # Errors
/// `request_signature`: another's issue. `lot_unknown`, `no_certificate`, `label_refused`,
/// `serials_lost`, what the ledger refuses.
pub async fn issue_labels(
    ledger: &Ledger,
    bytes: &[u8],
    by: &Requester,
    now: Timestamp,
) -> Result<Issued, LedgerError> {
    let view = ledger.view();
    let statement = intake(bytes, &view.register, now)?.statement;
    if view.register.index_of_digest(&statement.digest).is_some() {
        // What is in the log was not verified again; who asks must hold the issue all the same.
        verify_again(&view.register, &statement)?;
    }
    let Claim::LabelIssue(issue) = statement.claim.clone() else {
        let reason = format!("a LabelIssue is expected, not a {}", statement.claim.kind());
        return Err(LedgerError::unmet(Unmet::Invalid, "unknown_type", reason));
    };
    if statement.issuer != by.party {
        return Err(refused(format!(
            "{} signed the request, and the label issue is of {}",
            by.party, statement.issuer
        )));
    }
    // Before anything is logged: serials that nobody can put on a label are lost.
    labelled(&view.register, &issue.lot, true, now)?;
    ledger.label_key(&view.register, now)?;
    is_held(ledger, &view.register, &issue)?;
    ledger.ensure_seed()?;
    let digest = statement.digest;
    let entry = appended(ledger, statement).await?;
    // What was logged meanwhile counts: a lot that was just held has no labels.
    let view = ledger.view();
    let certificate = labelled(&view.register, &issue.lot, true, now)?;
    let serials = ledger.serials_of(&issue, &digest, entry)?;
    let face = Face::of(ledger, &view.register, &issue.lot, &certificate, now)?;
    let labels = serials.into_iter().map(|serial| face.label(Some(serial)));
    Ok(Issued { entry, labels: labels.collect::<Result<_, _>>()? })
}

/// Verifies the proof of a statement that is in the log, under the key that it names, whatever
/// became of that key since.
fn verify_again(register: &Register, statement: &Statement) -> Result<(), LedgerError> {
    let name = &statement.proof.verification_method;
    let known = register.key(name);
    let known = known.ok_or_else(|| Refusal::UnknownKey { key: name.clone() });
    let key = known.map_err(SubmitError::from)?.verifying_key().map_err(SubmitError::from)?;
    Ok(verify_proof(statement, &key).map_err(SubmitError::from)?)
}

async fn appended(ledger: &Ledger, statement: Statement) -> Result<u64, LedgerError> {
    let gone = || SubmitError::Stopped { reason: "the writer gave no answer".to_owned() };
    let receipt = ledger.append(vec![statement]).await.pop().ok_or_else(gone)??;
    Ok(receipt.index)
}

/// The label key that an issue names must be one of the service's.
fn is_held(ledger: &Ledger, register: &Register, issue: &LabelIssue) -> Result<(), LedgerError> {
    ledger.label_secret(register, issue).map(|_| ())
}

/// A label without serial for a lot that may be labelled now.
///
/// # Errors
/// `lot_unknown`, `no_certificate`, `label_refused`.
pub fn open_label(ledger: &Ledger, key: &LotKey, now: Timestamp) -> Result<Label, LedgerError> {
    let view = ledger.view();
    let certificate = labelled(&view.register, key, false, now)?;
    Face::of(ledger, &view.register, key, &certificate, now)?.label(None)
}

/// The label of a unit again, for `by`, whose party logged the issue that its serial is of.
///
/// # Errors
/// `serial_not_issued`: no issue of theirs has it, which is all that others are told too;
/// `lot_unknown`, `no_certificate`, `label_refused`, also of a serial that is void.
pub fn issued_label(
    ledger: &Ledger,
    key: &LotKey,
    serial: &Serial,
    by: &Requester,
    now: Timestamp,
) -> Result<Label, LedgerError> {
    let view = ledger.view();
    let lot = known_lot(&view.register, key)?;
    let theirs = match ledger.serial_issued(key, serial) {
        SerialStanding::Issued(mark) => {
            let mut runs = lot.label_runs.iter();
            runs.any(|run| run.mark.index == mark.index && run.by == by.party)
        }
        SerialStanding::NotIssued | SerialStanding::Unknown => false,
    };
    if !theirs {
        let reason = format!("no label issue of {} for lot {key} has this serial", by.party);
        return Err(LedgerError::unmet(Unmet::Invalid, "serial_not_issued", reason));
    }
    if lot.labels_void.contains(serial) {
        return Err(label_refused(format!("serial {serial} of lot {key} is void")));
    }
    let certificate = labelled(&view.register, key, true, now)?;
    Face::of(ledger, &view.register, key, &certificate, now)?.label(Some(serial.clone()))
}

/// A label of a lot as it was or would be printed, whatever became of the lot: for pages and tests
/// that show what a scan of it says.
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
    let found = with_status(register, key, CertificateStatus::Valid, now);
    let certificate = found.map_or_else(|| newest(register, &lot), Ok)?;
    Face::of(ledger, register, key, &certificate, now)?.label(serial)
}

/// The label without serial that names one certificate, whatever became of it: for its paper.
///
/// # Errors
/// `label_index`, and no label key.
pub fn certificate_label(
    ledger: &Ledger,
    record: &CertificateRecord,
    now: Timestamp,
) -> Result<Label, LedgerError> {
    Face::of(ledger, &ledger.view().register, &record.lot, record, now)?.label(None)
}

/// What all labels of a lot say at one instant, and the key that signs them.
struct Face<'a> {
    host: &'a str,
    lot: &'a LotKey,
    header: Header,
    signer: super::Signing<'a>,
}

impl<'a> Face<'a> {
    fn of(
        ledger: &'a Ledger,
        register: &'a Register,
        lot: &'a LotKey,
        certificate: &CertificateRecord,
        now: Timestamp,
    ) -> Result<Self, LedgerError> {
        let index = u32::try_from(certificate.mark.index).map_err(|_| {
            let reason = "the log is longer than a label can point into (2^32 entries)";
            LedgerError::unmet(Unmet::Invalid, "label_index", reason)
        })?;
        let signer = ledger.label_key(register, now)?;
        let header = Header {
            key_hint: key_hint(&signer.record.public),
            index,
            expiry_day: expiry_day_of(certificate.valid_until.day()),
            schemes: scheme_bits(register, lot, now),
        };
        Ok(Self { host: register.domain().host(), lot, header, signer })
    }

    fn label(&self, serial: Option<Serial>) -> Result<Label, LedgerError> {
        let sign = |message: &[u8]| crate::seal::Signer::sign(self.signer.key, message);
        Label::sign(self.host, self.lot.clone(), serial, self.header, sign)
            .map_err(|fault| LedgerError::Submit(fault.into()))
    }
}

/// The certificate that labels of a lot printed now point to. Serials are issued under one that is
/// in force or waits for its first day; a label without may be printed again after its last.
fn labelled(
    register: &Register,
    key: &LotKey,
    in_force: bool,
    now: Timestamp,
) -> Result<CertificateRecord, LedgerError> {
    let lot = known_lot(register, key)?;
    let newest = newest(register, &lot)?;
    let status = register.status_of_lot(&lot, now);
    if status.bars() {
        let told = |since: Timestamp, by: &PartySlug, reason: Reason| {
            format!(" since {since}, by {by}, reason {}", reason.word())
        };
        let own = lot.record.events.iter().rev().find(|event| event.effective_from <= now);
        let own = own.filter(|_| lot.status(now) == status);
        let own = own.map(|event| told(event.effective_from, &event.by, event.reason));
        let why = own.or_else(|| {
            let from = register.inherited(key, now)?;
            Some(format!("{}, with lot {}", told(from.since, &from.by, from.reason), from.via))
        });
        let why = why.unwrap_or_default();
        return Err(label_refused(format!("lot {key} is {}{why}", status.word())));
    }
    let under = register.labels_stand_under(key, now);
    if let Some(found) = with_status(register, key, CertificateStatus::Valid, under) {
        return Ok(found);
    }
    let (serial, status) = (newest.serial, register.status_of(&newest, now));
    if status == CertificateStatus::Expired && !in_force {
        return Ok(newest);
    }
    Err(label_refused(format!(
        "no certificate of lot {key} is in force: the newest, {serial}, is {}",
        status.word()
    )))
}

fn label_refused(reason: String) -> LedgerError {
    LedgerError::LabelRefused { reason }
}

fn known_lot(register: &Register, key: &LotKey) -> Result<Lot, LedgerError> {
    register.lot(key).ok_or_else(|| lot_unknown(key))
}

fn newest(register: &Register, lot: &Lot) -> Result<CertificateRecord, LedgerError> {
    let last = lot.certificates.last().and_then(|serial| register.certificate(*serial));
    last.map(|found| found.record).ok_or_else(|| {
        let reason = format!("lot {} has no certificate yet", lot.record.lot);
        LedgerError::unmet(Unmet::NotFound, "no_certificate", reason)
    })
}

fn certificates(
    register: &Register,
    lot: &LotKey,
    status: CertificateStatus,
    now: Timestamp,
) -> impl Iterator<Item = CertificateRecord> {
    let known = register.certificates_of(lot).map(|found| found.record);
    known.filter(move |found| register.status_of(found, now) == status)
}

/// The newest certificate of a lot with this status.
fn with_status(
    register: &Register,
    lot: &LotKey,
    status: CertificateStatus,
    now: Timestamp,
) -> Option<CertificateRecord> {
    certificates(register, lot, status, now).last()
}

/// The kinds of all schemes in force for the lot.
fn scheme_bits(register: &Register, lot: &LotKey, now: Timestamp) -> SchemeBits {
    let under = register.labels_stand_under(lot, now);
    let schemes = certificates(register, lot, CertificateStatus::Valid, under)
        .filter_map(|certificate| register.catalog().scheme(&certificate.scheme));
    let kinds: Vec<_> = schemes.flat_map(|scheme| scheme.kinds.iter().copied()).collect();
    SchemeBits::of(&kinds)
}
