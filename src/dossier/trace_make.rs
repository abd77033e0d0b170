//! Making a trace dossier: the entries of a lot's way back, with the registrations and keys of
//! whoever signed them, sealed by the service key. Pure: the caller reads entries and proofs.
//! Not here: what they must give (`register::PathFold`), what stands in the file (`trace_form`).

use serde_json::{Value, json};

use super::DossierError;
use super::make::{DossierSource, Gathering};
use super::trace_form::{
    TRACE_KIND, TRACE_MANIFEST_KIND, TRACE_VERSION, TraceDocument, TraceManifest,
};
use crate::limits::{TRACE_DOSSIER_BYTES_MAX, TRACE_DOSSIER_LOTS_MAX};
use crate::log::{Checkpoint, Note};
use crate::names::LotKey;
use crate::seal::seal;
use crate::statement::{canonical_bytes, own_context, parse_document};

/// The signed trace dossier of a lot.
///
/// # Errors
/// No such lot, or no goods followed yet; entries that cannot be read; more than it may hold, told
/// with the number of entries.
pub fn seal_trace(lot: &LotKey, source: &DossierSource<'_>) -> Result<Vec<u8>, DossierError> {
    let register = source.register;
    if register.lot_handle(lot).is_none() {
        return Err(DossierError::NoLot { lot: lot.to_string() });
    }
    let too_many = |entries: usize| DossierError::TraceTooLarge { entries };
    let wanted = register.path_entries(lot, TRACE_DOSSIER_LOTS_MAX);
    let wanted = wanted.ok_or_else(|| too_many(TRACE_DOSSIER_LOTS_MAX))?;
    // Before they are read: no entry is below so many bytes.
    const ENTRY_BYTES_LEAST: usize = 500;
    if wanted.len() > TRACE_DOSSIER_BYTES_MAX / ENTRY_BYTES_LEAST {
        return Err(too_many(wanted.len()));
    }
    let note = Note::parse(source.checkpoint).map_err(DossierError::form)?;
    let sequence = Checkpoint::parse(&note.text).map_err(DossierError::form)?.size;
    let mut leaves = Gathering::new(source);
    leaves.gather(wanted)?;
    let document = TraceDocument {
        context: own_context(register.domain()),
        kind: TRACE_KIND.to_owned(),
        version: TRACE_VERSION,
        manifest: Value::Null,
        checkpoint: source.checkpoint.to_owned(),
        entries: leaves.entries()?,
        goods: register.goods_record(lot, source.now),
        trust: parse_document(source.trust.strip_suffix(b"\n").unwrap_or(source.trust))?,
    };
    let manifest = TraceManifest {
        context: document.context.clone(),
        kind: TRACE_MANIFEST_KIND.to_owned(),
        version: TRACE_VERSION,
        host: register.domain().host().to_owned(),
        issued_at: source.now,
        sequence,
        lot: lot.clone(),
        rulebook: register.rulebook().map_or(0, |rules| rules.version),
        members: document.members(),
    };
    let sealed = seal(&json!(manifest), source.method, source.now, source.signer)?;
    let entries = document.entries.len();
    let manifest = parse_document(&sealed)?;
    let bytes = canonical_bytes(&json!(TraceDocument { manifest, ..document }));
    if bytes.len() > TRACE_DOSSIER_BYTES_MAX {
        return Err(too_many(entries));
    }
    Ok(bytes)
}
