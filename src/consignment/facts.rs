//! From the entries of a consignment to what they say: what was shipped in which units, lot by lot,
//! what became of it, and whether what the service states follows. Every sum is made again here.
//! Not here: signatures of manifest and checkpoint (`verify`), certificates' own checks (`verify`).

use super::certified::dossier_of;
use super::form::{ConsignedLot, Consignment};
use super::opening::{Opened, commitments};
use super::units::{PackedUnit, Packings, totals};
use crate::dossier::{Entries, Read, compare, compare_inherited, compare_lot};
use crate::log::Hash;
use crate::names::PartySlug;
use crate::register::{CertificateRecord, Inherited, LotRecord};
use crate::seal::LogPosition;
use crate::statement::{
    Arrival, CertificateClaim, CertificateExtract, Claim, Domain, Event, EventId, EventKind,
    LotDeclaration, Receiver, Shipment, Timestamp, UndoReason, Undone,
};
use crate::trust::Trust;

/// A party by its short and public name, as the trust snapshot has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedParty {
    /// Its short name.
    pub party: PartySlug,
    /// Its public name; empty if the snapshot does not know it.
    pub name: String,
    /// How the public calls it, if it said so.
    pub phone: Option<String>,
}

/// What a consignment says, proven entry by entry.
#[derive(Clone, Debug)]
pub struct ConsignmentFacts {
    /// The ledger.
    pub domain: Domain,
    /// The shipment's id.
    pub id: EventId,
    /// Where the log has it.
    pub mark: LogPosition,
    /// When the file was made.
    pub issued_at: Timestamp,
    /// Entries of the log it was made under.
    pub sequence: u64,
    /// Who ships.
    pub shipper: NamedParty,
    /// The name of the key that signed it.
    pub signed_with: String,
    /// To whom, if that is a party.
    pub receiver: Option<NamedParty>,
    /// Who carries, as the shipper names it.
    pub carrier: Option<NamedParty>,
    /// The event as it was signed.
    pub event: Event,
    /// What was shipped, as it was signed.
    pub shipment: Shipment,
    /// How far it has come, in a word.
    pub state: String,
    /// The entry that answered it.
    pub answered: Option<LogPosition>,
    /// What took it back.
    pub voided: Option<Voided>,
    /// Its lots, by name.
    pub lots: Vec<ShippedLot>,
    /// Its units, outer ones before inner ones.
    pub units: Vec<PackedUnit>,
    /// Parts of certificates that were made for it.
    pub extracts: Vec<CertificateExtract>,
    /// What was opened.
    pub opened: Vec<Opened>,
}

/// What took a shipment back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// The entry.
    pub mark: LogPosition,
    /// Who said so.
    pub by: PartySlug,
    /// Why.
    pub reason: UndoReason,
}

/// One lot of a shipment. Quantities are in its smallest unit.
#[derive(Clone, Debug)]
pub struct ShippedLot {
    /// Where it was declared.
    pub mark: LogPosition,
    /// As it was declared.
    pub declaration: LotDeclaration,
    /// Who declared it.
    pub producer: NamedParty,
    /// Its status and history.
    pub record: LotRecord,
    /// What reaches it of a lot it was made of.
    pub inherited: Option<Inherited>,
    /// How much was shipped, loose and in units.
    pub sent: u64,
    /// How much of it loose.
    pub loose: u64,
    /// How much the receiver took.
    pub accepted: u64,
    /// How much it sent back.
    pub refused: u64,
    /// How much was not there, the allowance included.
    pub missing: u64,
    /// Its certificates, oldest first.
    pub certificates: Vec<ShippedCertificate>,
}

/// One certificate of a lot.
#[derive(Clone, Debug)]
pub struct ShippedCertificate {
    /// As it was signed.
    pub claim: CertificateClaim,
    /// Its history.
    pub record: CertificateRecord,
    /// Who issued it.
    pub certifier: NamedParty,
}

impl ConsignmentFacts {
    /// What the entries of a consignment say, compared with all that the service states.
    ///
    /// # Errors
    /// The first thing that does not follow.
    pub(crate) fn derive(
        consignment: &Consignment,
        entries: &Entries,
        trust: &Trust,
    ) -> Result<Self, String> {
        let (document, manifest) = (&consignment.document, &consignment.manifest);
        let domain = trust.domain().map_err(|error| error.to_string())?;
        let found = entries.at(manifest.places.shipment)?;
        let (event, shipment) = shipped(found)?;
        let same = found.statement.id == manifest.shipment
            && document.shipment.id == manifest.shipment
            && manifest.digest.matches(&Hash::new(found.statement.digest));
        if !same {
            return Err("shipment and manifest do not belong together".to_owned());
        }
        let id = event.id(&found.statement.issuer);
        let named = |party: &PartySlug| named(party, trust);
        let units = packed(consignment, entries, &shipment)?;
        let answered = answered(consignment, entries, &id)?;
        let extracts = extracts(consignment, entries, &id)?;
        Ok(Self {
            mark: found.mark,
            issued_at: manifest.issued_at,
            sequence: manifest.sequence,
            shipper: named(&found.statement.issuer),
            signed_with: found.statement.proof.verification_method.to_string(),
            receiver: match &shipment.to {
                Receiver::Party(party) => Some(named(party)),
                Receiver::Elsewhere { .. } => None,
            },
            carrier: shipment.carrier.as_ref().map(named),
            state: document.shipment.state.clone(),
            voided: voided(consignment, entries, &id)?,
            lots: lots(consignment, entries, trust, (&shipment, &units))?,
            opened: opened(consignment, entries)?,
            event: event.clone(),
            domain,
            id,
            shipment,
            answered,
            units,
            extracts,
        })
    }
}

fn named(party: &PartySlug, trust: &Trust) -> NamedParty {
    let known = trust.party(party);
    let name = known.map(|known| known.name.clone()).unwrap_or_default();
    let phone = known.and_then(|known| known.contact.as_ref()?.phone.clone());
    NamedParty { party: party.clone(), name, phone }
}

fn shipped(found: &Read) -> Result<(&Event, Shipment), String> {
    match &found.statement.claim {
        Claim::Event(event) => match &event.kind {
            EventKind::Ship(shipment) => Ok((event, shipment.clone())),
            _ => Err(format!("entry {} ships nothing", found.mark.index)),
        },
        _ => Err(format!("entry {} is no event", found.mark.index)),
    }
}

/// What lay in the units, from the packings before the shipment.
fn packed(
    consignment: &Consignment,
    entries: &Entries,
    shipment: &Shipment,
) -> Result<Vec<PackedUnit>, String> {
    let places = &consignment.manifest.places;
    let (mut packings, mut last) = (Packings::default(), None);
    for index in &places.packings {
        if last.is_some_and(|last| last >= *index) || *index >= places.shipment {
            return Err(format!("entry {index} packed nothing before the shipment"));
        }
        last = Some(*index);
        match &entries.at(*index)?.statement.claim {
            Claim::Event(event) => packings.take(&event.kind)?,
            _ => return Err(format!("entry {index} packed nothing")),
        }
    }
    packings.of(shipment)
}

/// Every lot of the shipment, each once, with the sum that its lines and units make.
fn lots(
    consignment: &Consignment,
    entries: &Entries,
    trust: &Trust,
    (shipment, units): (&Shipment, &[PackedUnit]),
) -> Result<Vec<ShippedLot>, String> {
    let document = &consignment.document;
    let mut sums = totals(shipment, units);
    let receipt = receipt(consignment, entries)?;
    let mut all = Vec::with_capacity(document.lots.len());
    for stated in &document.lots {
        let lot = &stated.record.lot;
        if sums.remove(lot) != Some(stated.sent) {
            return Err(format!("the shipment does not hold {} of {lot}", stated.sent));
        }
        compare_lot(&stated.record, stated.declared, entries, trust)?;
        let inherited = stated.goods.as_ref().and_then(|goods| goods.inherited.as_ref());
        compare_inherited(inherited, lot, entries)?;
        received(stated, receipt)?;
        let found = entries.at(stated.declared)?;
        let Claim::Lot(declaration) = &found.statement.claim else {
            return Err(format!("entry {} declares no lot", stated.declared));
        };
        let loose = shipment.lots.iter().filter(|line| line.lot == *lot);
        all.push(ShippedLot {
            mark: found.mark,
            declaration: declaration.clone(),
            producer: named(&found.statement.issuer, trust),
            inherited: inherited.cloned(),
            sent: stated.sent,
            loose: loose.map(|line| line.quantity).sum(),
            accepted: stated.accepted,
            refused: stated.refused,
            missing: stated.missing.saturating_add(stated.dried),
            certificates: certificates(consignment, entries, trust, stated)?,
            record: stated.record.clone(),
        });
    }
    if let Some((lot, quantity)) = sums.into_iter().next() {
        return Err(format!("{quantity} of {lot} was shipped and is not told"));
    }
    let of_lot = |record: &&CertificateRecord| {
        document.lots.iter().any(|stated| stated.record.lot == record.lot)
    };
    match document.certificate_records.iter().find(|record| !of_lot(record)) {
        Some(record) => Err(format!("certificate {} is of no lot shipped", record.serial)),
        None => Ok(all),
    }
}

fn receipt<'a>(
    consignment: &Consignment,
    entries: &'a Entries,
) -> Result<Option<&'a Arrival>, String> {
    let Some(index) = consignment.document.shipment.answered else { return Ok(None) };
    Ok(match &entries.at(index)?.statement.claim {
        Claim::Event(Event { kind: EventKind::Receive(arrival), .. }) => Some(arrival),
        _ => None,
    })
}

/// What became of a lot is what its receiver signed; without a receipt nothing is told.
fn received(stated: &ConsignedLot, receipt: Option<&Arrival>) -> Result<(), String> {
    let lot = &stated.record.lot;
    let line = receipt.and_then(|it| it.lots.iter().find(|line| line.lot == *lot));
    let signed = line.map_or((0, 0, 0), |line| (line.accepted, line.refused, line.missing));
    let missing = stated.missing.saturating_add(stated.dried);
    match (stated.accepted, stated.refused, missing) == signed {
        true => Ok(()),
        false => Err(format!("what came of {lot} is not what its receiver signed")),
    }
}

fn certificates(
    consignment: &Consignment,
    entries: &Entries,
    trust: &Trust,
    lot: &ConsignedLot,
) -> Result<Vec<ShippedCertificate>, String> {
    let records = consignment.document.certificate_records.iter();
    let mut all: Vec<ShippedCertificate> = Vec::new();
    for record in records.filter(|record| record.lot == lot.record.lot) {
        compare(&dossier_of(consignment, entries, record)?, entries, trust)?;
        let Claim::Certificate(claim) = &entries.at(record.mark.index)?.statement.claim else {
            return Err(format!("entry {} is not a certificate", record.mark.index));
        };
        if all.iter().any(|known| known.record.serial == record.serial) {
            return Err(format!("certificate {} is there twice", record.serial));
        }
        all.push(ShippedCertificate {
            claim: claim.clone(),
            record: record.clone(),
            certifier: named(&record.issuer, trust),
        });
    }
    Ok(all)
}

/// The entry that answered the shipment.
fn answered(
    consignment: &Consignment,
    entries: &Entries,
    id: &EventId,
) -> Result<Option<LogPosition>, String> {
    let Some(index) = consignment.document.shipment.answered else { return Ok(None) };
    let found = entries.at(index)?;
    let answers = match &found.statement.claim {
        Claim::Event(event) => match &event.kind {
            EventKind::Receive(arrival) => arrival.of == *id,
            EventKind::Settle(settlement) => settlement.of == *id,
            _ => false,
        },
        _ => false,
    };
    match answers {
        true => Ok(Some(found.mark)),
        false => Err(format!("entry {index} does not answer the shipment")),
    }
}

/// What took the shipment back; that nothing did is the service's signed word.
fn voided(
    consignment: &Consignment,
    entries: &Entries,
    id: &EventId,
) -> Result<Option<Voided>, String> {
    let voids = |found: &&Read| match &found.statement.claim {
        Claim::Event(event) => match &event.kind {
            EventKind::Void(what) => what.of == Undone::Event(id.clone()),
            _ => false,
        },
        _ => false,
    };
    let found = entries.iter().find(voids);
    let stated = &consignment.document.shipment;
    if found.map(|found| found.mark.index) != stated.voided
        || (stated.state == crate::trace::ShipmentState::Undone.word()) != found.is_some()
    {
        return Err("what took the shipment back is not what is stated".to_owned());
    }
    Ok(found.and_then(|found| match &found.statement.claim {
        Claim::Event(Event { kind: EventKind::Void(what), .. }) => Some(Voided {
            mark: found.mark,
            by: found.statement.issuer.clone(),
            reason: what.reason,
        }),
        _ => None,
    }))
}

/// Parts of its certificates: each is named, and is for this shipment. That no other was logged is
/// the service's signed word.
fn extracts(
    consignment: &Consignment,
    entries: &Entries,
    id: &EventId,
) -> Result<Vec<CertificateExtract>, String> {
    let places = &consignment.manifest.places.extracts;
    if !places.is_sorted_by(|one, next| one < next) {
        return Err("extracts stand each once, in the order of the log".to_owned());
    }
    let is_extract = |it: &&Read| matches!(it.statement.claim, Claim::CertificateExtract(_));
    let other = entries.iter().filter(is_extract).map(|it| it.mark.index);
    if let Some(index) = other.into_iter().find(|index| !places.contains(index)) {
        return Err(format!("entry {index} is an extract that is not named"));
    }
    let records = &consignment.document.certificate_records;
    let one = |index: &u64| match &entries.at(*index)?.statement.claim {
        Claim::CertificateExtract(extract)
            if extract.consignment == *id
                && records.iter().any(|record| {
                    (record.serial, &record.lot) == (extract.certificate, &extract.lot)
                }) =>
        {
            Ok(extract.clone())
        }
        _ => Err(format!("entry {index} is no extract for this shipment")),
    };
    places.iter().map(one).collect()
}

/// Each opening with the commitment that it opens.
fn opened(consignment: &Consignment, entries: &Entries) -> Result<Vec<Opened>, String> {
    let ship = consignment.manifest.places.shipment;
    let counts = |found: &&Read| {
        found.mark.index == ship || matches!(found.statement.claim, Claim::Certificate(_))
    };
    let named = entries.iter().filter(counts).flat_map(|it| commitments(&it.statement.claim));
    let named: Vec<_> = named.collect();
    let mut all: Vec<Opened> = Vec::new();
    for sent in &consignment.document.openings {
        let opened = sent.matched(&named).map_err(|reason| format!("an opening: {reason}"))?;
        let before = all.last().is_none_or(|last| last.commitment < opened.commitment);
        if sent.commitment.is_none() || !before {
            return Err("openings must name their commitments, each once and in order".to_owned());
        }
        all.push(opened);
    }
    Ok(all)
}
