//! Proof files and dossiers of the newest published state. The one place that chooses the note
//! they are made under. Not here: what stands in a dossier (`verify`).

use super::{Ledger, LedgerError, Unmet, View, trust_file};
use crate::dossier::{DossierError, DossierSource, seal_dossier, seal_trace};
use crate::log::ProofFile;
use crate::names::LotKey;
use crate::register::Register;
use crate::statement::Timestamp;

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
        let reason = "witnesses have not yet seen its newest change of status; ask again shortly";
        return Err(LedgerError::unmet(Unmet::NotNow, "status_pending", reason));
    }
    sealed(ledger, &view, now, |source| seal_dossier(serial, source))
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
    sealed(ledger, &ledger.witnessed_view(), now, |source| seal_trace(lot, source))
}

fn sealed(
    ledger: &Ledger,
    view: &View,
    now: Timestamp,
    make: impl FnOnce(&DossierSource<'_>) -> Result<Vec<u8>, DossierError>,
) -> Result<Vec<u8>, LedgerError> {
    let trust = trust_file(ledger, now)?;
    let own = ledger.service_key(&view.register, now)?;
    let source = DossierSource {
        register: &view.register,
        checkpoint: note(view),
        trust: &trust,
        leaf: &|index| ledger.entry(index).map_err(|error| error.to_string()),
        proof: &|index| ledger.inclusion(index, view.size).map_err(|error| error.to_string()),
        now,
        method: own.method(),
        signer: own.key,
    };
    make(&source).map_err(|error| match error {
        DossierError::DossierEntry { index, reason } => LedgerError::Broken { index, reason },
        DossierError::Seal(error) => super::SubmitError::from(error).into(),
        other => LedgerError::unmet(unmet(&other), other.code(), other.to_string()),
    })
}

fn unmet(error: &DossierError) -> Unmet {
    match error {
        DossierError::NoCertificate { .. } | DossierError::NoLot { .. } => Unmet::NotFound,
        DossierError::TraceTooLarge { .. } => Unmet::TooLarge,
        DossierError::StatusPending => Unmet::NotNow,
        _ => Unmet::Invalid,
    }
}
