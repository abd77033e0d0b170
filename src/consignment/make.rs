//! Making a consignment: which entries a shipment and its lots need, gathered from a register and
//! its log, then sealed by the service key. Pure: the caller reads entries and proofs.
//! Not here: which checkpoint is taken (`ledger`), openings, which are added later (`opening`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::ConsignmentError;
use super::form::{
    ConsignedLot, Consignment, ConsignmentDocument, ConsignmentManifest, ConsignmentPlaces, KIND,
    MANIFEST_KIND, ShipmentRecord, VERSION,
};
use crate::dossier::{DossierError, DossierSource, Gathering, places, wanted};
use crate::limits::{CONSIGNMENT_BYTES_MAX, CONSIGNMENT_ENTRIES_MAX, STATUS_LIST_SERIALS};
use crate::log::{Checkpoint, Hash, Note};
use crate::names::UnitKey;
use crate::register::{CertificateRecord, GoodsRecord, Lot};
use crate::seal::seal;
use crate::statement::{
    Claim, Event, EventId, EventKind, Shipment, Statement, StatusPurpose, canonical_bytes,
    own_context, parse_document,
};
use crate::trace::{EventHandle, ShipmentLine};

/// The signed consignment of the shipment with this id.
///
/// # Errors
/// No such shipment; status lists that lag behind; entries that cannot be read; too large.
pub fn seal_consignment(
    id: &EventId,
    source: &DossierSource<'_>,
) -> Result<Vec<u8>, ConsignmentError> {
    let register = source.register;
    let unknown = || ConsignmentError::NoShipment { id: id.to_string() };
    let event = register.event_with_id(id).ok_or_else(unknown)?;
    let view = register.trace().shipment_at(event).ok_or_else(unknown)?;
    let index = register.index_of_event(event).ok_or_else(unknown)?;
    let note = Note::parse(source.checkpoint).map_err(ConsignmentError::form)?;
    let sequence = Checkpoint::parse(&note.text).map_err(ConsignmentError::form)?.size;
    let mut making = Making { leaves: Gathering::new(source), places: Default::default() };
    let (statement, shipment) = making.shipment(index)?.ok_or_else(unknown)?;
    making.packings(&shipment, event)?;
    let (lots, certificates) = making.lots(event)?;
    let record = ShipmentRecord {
        id: statement.id.clone(),
        state: view.state.word().to_owned(),
        answered: view.answered.and_then(|answer| register.index_of_event(answer)),
        voided: register.voided_by(event),
    };
    making.places.extracts =
        register.extracts_of_ship(index, None).map(|it| it.mark.index).collect();
    making.places.extracts.sort_unstable();
    let others = making.places.extracts.iter().copied();
    making.gather(others.chain(record.answered).chain(record.voided).collect())?;
    if making.leaves.leaves.keys().next_back().is_some_and(|last| *last >= sequence) {
        return Err(ConsignmentError::Entries(DossierError::StatusPending));
    }
    let trust = source.trust.strip_suffix(b"\n").unwrap_or(source.trust);
    let document = ConsignmentDocument {
        context: own_context(register.domain()),
        kind: KIND.to_owned(),
        version: VERSION,
        manifest: Value::Null,
        checkpoint: source.checkpoint.to_owned(),
        entries: making.leaves.entries()?,
        shipment: record,
        lots,
        certificate_records: certificates,
        trust: parse_document(trust)?,
        openings: Vec::new(),
    };
    sealed(document, &statement, making.places, sequence, source)
}

/// The file, with its manifest signed.
fn sealed(
    document: ConsignmentDocument,
    statement: &Statement,
    places: ConsignmentPlaces,
    sequence: u64,
    source: &DossierSource<'_>,
) -> Result<Vec<u8>, ConsignmentError> {
    let manifest = ConsignmentManifest {
        context: document.context.clone(),
        kind: MANIFEST_KIND.to_owned(),
        version: VERSION,
        host: source.register.domain().host().to_owned(),
        issued_at: source.now,
        sequence,
        shipment: statement.id.clone(),
        digest: Hash::new(statement.digest),
        places,
        members: document.members(),
    };
    let sealed = seal(&json!(manifest), source.method, source.now, source.signer)?;
    let document = ConsignmentDocument { manifest: parse_document(&sealed)?, ..document };
    let (bytes, entries) = (canonical_bytes(&json!(document)), document.entries.len());
    // What no reader takes is not handed out.
    let readable = bytes.len() <= CONSIGNMENT_BYTES_MAX && Consignment::read(&bytes).is_ok();
    match readable {
        true => Ok(bytes),
        false => Err(ConsignmentError::too_large(bytes.len(), Some(entries))),
    }
}

/// A consignment being made.
struct Making<'a> {
    leaves: Gathering<'a>,
    places: ConsignmentPlaces,
}

impl Making<'_> {
    /// Reads entries, as many as one consignment may hold.
    fn gather(&mut self, wanted: BTreeSet<u64>) -> Result<(), ConsignmentError> {
        let many = self.leaves.leaves.len().saturating_add(wanted.len());
        if many > CONSIGNMENT_ENTRIES_MAX {
            return Err(ConsignmentError::TooLarge { size: format!("at least {many} entries") });
        }
        Ok(self.leaves.gather(wanted)?)
    }

    fn statement(&self, index: u64) -> Result<Statement, ConsignmentError> {
        let bytes = self.leaves.leaves.get(&index).map(Vec::as_slice).unwrap_or_default();
        Ok(self.leaves.statement(index, bytes)?)
    }

    fn event(&self, index: u64) -> Result<Option<Event>, ConsignmentError> {
        Ok(match self.statement(index)?.credential.claim {
            Claim::Event(event) => Some(event),
            _ => None,
        })
    }

    fn shipment(&mut self, index: u64) -> Result<Option<(Statement, Shipment)>, ConsignmentError> {
        self.places.shipment = index;
        self.gather(BTreeSet::from([index]))?;
        let statement = self.statement(index)?;
        let shipment = match &statement.claim {
            Claim::Event(Event { kind: EventKind::Ship(shipment), .. }) => shipment.clone(),
            _ => return Ok(None),
        };
        Ok(Some((statement, shipment)))
    }

    /// What packed its units, and the units in them.
    fn packings(
        &mut self,
        shipment: &Shipment,
        event: EventHandle,
    ) -> Result<(), ConsignmentError> {
        let (mut next, mut seen) = (shipment.units.clone(), BTreeSet::<UnitKey>::new());
        let mut all = BTreeSet::new();
        while let Some(unit) = next.pop() {
            if !seen.insert(unit.clone()) {
                continue;
            }
            let found = self.leaves.register().packings_of(&unit, event);
            self.gather(found.iter().copied().collect())?;
            for index in &found {
                if let Some(EventKind::Pack(what)) = self.event(*index)?.map(|event| event.kind) {
                    next.extend(what.units);
                }
            }
            all.extend(found);
        }
        self.places.packings = all.into_iter().collect();
        Ok(())
    }

    /// Its lots and their certificates, with the entries and the status lists that they rest on.
    fn lots(
        &mut self,
        event: EventHandle,
    ) -> Result<(Vec<ConsignedLot>, Vec<CertificateRecord>), ConsignmentError> {
        let register = self.leaves.register();
        let (mut lots, mut certificates) = (Vec::new(), BTreeMap::new());
        for line in register.trace().shipment_lines(event) {
            let Some(lot) = register.lot_by_handle(line.lot) else { continue };
            let mut entries = BTreeSet::from([lot.mark.index]);
            let events = &lot.record.events;
            entries.extend(events.iter().map(|event| event.mark.index));
            entries.extend(events.iter().filter_map(|event| Some(event.voided?.index)));
            self.gather(entries)?;
            let goods = self.leaves.goods(&lot.record.lot)?;
            for certificate in register.certificates_of(&lot.record.lot) {
                self.certificate(&certificate.record, &lot)?;
                certificates.insert(certificate.record.serial, certificate.record);
            }
            lots.push(consigned(&line, lot, goods));
        }
        lots.sort_by(|one, other| one.record.lot.cmp(&other.record.lot));
        Ok((lots, certificates.into_values().collect()))
    }

    fn certificate(
        &mut self,
        record: &CertificateRecord,
        lot: &Lot,
    ) -> Result<(), ConsignmentError> {
        let register = self.leaves.register();
        let found = places(register, record, lot)?;
        self.gather(wanted(register, record, lot, found))?;
        if !self.leaves.names_current_lists(found, record.serial)? {
            return Err(ConsignmentError::Entries(DossierError::StatusPending));
        }
        self.places.status_index = Some(found.status_index);
        let number = record.serial / STATUS_LIST_SERIALS;
        for (purpose, place) in [
            (StatusPurpose::Revocation, found.revocation),
            (StatusPurpose::Suspension, found.suspension),
        ] {
            self.places.lists.insert(format!("{}-{number}", purpose.word()), place);
        }
        Ok(())
    }
}

fn consigned(line: &ShipmentLine, lot: Lot, goods: Option<GoodsRecord>) -> ConsignedLot {
    let (declared, record) = (lot.mark.index, lot.record);
    let ShipmentLine { sent, accepted, refused, missing, dried, .. } = *line;
    ConsignedLot { declared, record, sent, accepted, refused, missing, dried, goods }
}
