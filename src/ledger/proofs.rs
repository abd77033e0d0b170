//! Proof files, dossiers and consignments of the newest published state. The one place that chooses
//! the note they are made under. Not here: what stands in them (`dossier`, `consignment`).

use super::{Ledger, LedgerError, Unmet, View, trust_file};
use crate::consignment::{ConsignmentError, seal_consignment};
use crate::dossier::{DossierError, DossierSource, seal_dossier, seal_trace};
use crate::log::ProofFile;
use crate::names::LotKey;
use crate::register::Register;
use crate::statement::{EventId, Timestamp};

/// The signed checkpoint, with its cosignatures, that proofs of a published state are made under.
fn note(view: &View) -> &str {
    &view.checkpoint
}

/// The `.tlog-proof` of an entry (C2SP tlog-proof) under the newest published checkpoint.
///
/// # Errors
/// An index beyond the log.
pub fn proof_file(ledger: &Ledger, index: u64) -> Result<ProofFile, LedgerError> {
    let view = ledger.view_covering(index);
    let proof = ledger.inclusion(index, view.size)?;
    Ok(ProofFile { index, proof, checkpoint: note(&view).to_owned() })
}

/// The signed dossier of the certificate with this serial.
///
/// # Errors
/// `certificate_unknown`; `status_pending` while the status lists lag behind; the store's.
pub fn dossier_file(ledger: &Ledger, serial: u64, now: Timestamp) -> Result<Vec<u8>, LedgerError> {
    let index = ledger.view().register.certificate(serial).map(|found| found.record.mark.index);
    let view = ledger.view_covering(index.unwrap_or_default());
    let known =
        |register: &Register| register.certificate(serial).map(|found| found.record.events.len());
    if known(&view.register) != known(&ledger.view().register) {
        return Err(pending());
    }
    sealed(ledger, &view, now, |source| seal_dossier(serial, source))?.map_err(refused)
}

/// The signed trace dossier of a lot.
///
/// # Errors
/// `lot_unknown`; `trace_too_large`; the store's.
pub fn trace_dossier_file(
    ledger: &Ledger,
    lot: &LotKey,
    now: Timestamp,
) -> Result<Vec<u8>, LedgerError> {
    sealed(ledger, &ledger.witnessed_view(), now, |source| seal_trace(lot, source))?
        .map_err(refused)
}

/// The signed consignment of the shipment with this id.
///
/// # Errors
/// `shipment_unknown`; `consignment_too_large`; `status_pending` while the status lists lag behind;
/// the store's.
pub fn consignment_file(
    ledger: &Ledger,
    id: &EventId,
    now: Timestamp,
) -> Result<Vec<u8>, LedgerError> {
    let live = ledger.view();
    let event = live.register.event_with_id(id);
    let index = event.and_then(|event| live.register.index_of_event(event));
    let view = ledger.view_covering(index.unwrap_or_default());
    if changes(&view.register, id, now) != changes(&live.register, id, now) {
        return Err(pending());
    }
    let made = sealed(ledger, &view, now, |source| seal_consignment(id, source))?;
    made.map_err(|error| match error {
        ConsignmentError::Entries(error) => refused(error),
        ConsignmentError::Seal(error) => super::SubmitError::from(error).into(),
        other => {
            let unmet = match &other {
                ConsignmentError::NoShipment { .. } => Unmet::NotFound,
                ConsignmentError::TooLarge { .. } => Unmet::TooLarge,
                _ => Unmet::Invalid,
            };
            LedgerError::unmet(unmet, other.code(), other.to_string())
        }
    })
}

/// What of a consignment may have changed: what answered it or took it back, and how often the
/// status of its lots, of what they inherit and of their certificates did.
fn changes(register: &Register, id: &EventId, now: Timestamp) -> Vec<Option<u64>> {
    let Some(event) = register.event_with_id(id) else { return Vec::new() };
    let trace = register.trace();
    let answered = trace.shipment_at(event).and_then(|view| view.answered);
    let answered = answered.and_then(|answer| register.index_of_event(answer));
    let mut all = vec![register.voided_by(event), answered];
    for line in trace.shipment_lines(event) {
        let Some(lot) = register.lot_by_handle(line.lot) else { continue };
        all.push(Some(lot.record.events.len() as u64));
        all.push(register.inherited(&lot.record.lot, now).map(|it| it.index));
        let certificates = register.certificates_of(&lot.record.lot);
        all.extend(certificates.map(|found| Some(found.record.events.len() as u64)));
    }
    all
}

fn pending() -> LedgerError {
    let reason = "witnesses have not yet seen its newest change of status; ask again shortly";
    LedgerError::unmet(Unmet::NotNow, "status_pending", reason)
}

/// A file made of a published state by the service key.
fn sealed<T>(
    ledger: &Ledger,
    view: &View,
    now: Timestamp,
    make: impl FnOnce(&DossierSource<'_>) -> T,
) -> Result<T, LedgerError> {
    let trust = trust_file(ledger, now)?;
    let own = ledger.service_key(&view.register, now)?;
    Ok(make(&DossierSource {
        register: &view.register,
        checkpoint: note(view),
        trust: &trust,
        leaf: &|index| ledger.entry(index).map_err(|error| error.to_string()),
        proof: &|index| ledger.inclusion(index, view.size).map_err(|error| error.to_string()),
        now,
        method: own.method(),
        signer: own.key,
    }))
}

fn refused(error: DossierError) -> LedgerError {
    match error {
        DossierError::DossierEntry { index, reason } => LedgerError::Broken { index, reason },
        DossierError::Seal(error) => super::SubmitError::from(error).into(),
        other => LedgerError::unmet(unmet(&other), other.code(), other.to_string()),
    }
}

fn unmet(error: &DossierError) -> Unmet {
    match error {
        DossierError::NoCertificate { .. } | DossierError::NoLot { .. } => Unmet::NotFound,
        DossierError::TraceTooLarge { .. } => Unmet::TooLarge,
        DossierError::StatusPending => Unmet::NotNow,
        _ => Unmet::Invalid,
    }
}
