//! One certificate of a consignment as a dossier, so that it is compared and judged as one.
//! Not here: the judging (`dossier`, `verify`).

use std::collections::BTreeMap;

use super::form::Consignment;
use crate::dossier::{Dossier, DossierDocument, DossierManifest, Entries, Places};
use crate::limits::STATUS_LIST_SERIALS;
use crate::register::CertificateRecord;
use crate::statement::{Claim, StatusPurpose};

/// The certificate of this record as a dossier; its entries stay where they are.
///
/// # Errors
/// What of it is missing.
pub(crate) fn dossier_of(
    consignment: &Consignment,
    entries: &Entries,
    record: &CertificateRecord,
) -> Result<Dossier, String> {
    let (document, manifest) = (&consignment.document, &consignment.manifest);
    let lot = document.lots.iter().find(|lot| lot.record.lot == record.lot);
    let lot = lot.ok_or_else(|| format!("the lot {} is not told", record.lot))?;
    let number = record.serial / STATUS_LIST_SERIALS;
    let list = |purpose: StatusPurpose| {
        let name = format!("{}-{number}", purpose.word());
        let place = manifest.places.lists.get(&name).copied();
        place.ok_or_else(|| format!("the list {name} is missing"))
    };
    let places = Places {
        certificate: record.mark.index,
        lot: lot.declared,
        status_index: manifest.places.status_index.ok_or("the status index is missing")?,
        revocation: list(StatusPurpose::Revocation)?,
        suspension: list(StatusPurpose::Suspension)?,
    };
    let documents = match &entries.at(record.mark.index)?.statement.claim {
        Claim::Certificate(claim) => claim.facts.laboratory_reports.clone(),
        _ => Vec::new(),
    };
    Ok(Dossier {
        document: DossierDocument {
            context: document.context.clone(),
            kind: document.kind.clone(),
            version: document.version,
            manifest: serde_json::Value::Null,
            checkpoint: document.checkpoint.clone(),
            entries: Vec::new(),
            certificate_record: record.clone(),
            lot_record: lot.record.clone(),
            goods: lot.goods.clone(),
            documents,
            trust: serde_json::Value::Null,
        },
        manifest: DossierManifest {
            context: manifest.context.clone(),
            kind: manifest.kind.clone(),
            version: manifest.version,
            host: manifest.host.clone(),
            issued_at: manifest.issued_at,
            sequence: manifest.sequence,
            serial: record.serial,
            lot: record.lot.clone(),
            digest: record.digest,
            places,
            members: BTreeMap::new(),
        },
        signed: consignment.signed.clone(),
        dressed: false,
    })
}
