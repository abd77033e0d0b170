//! Making a dossier: which entries a certificate's proof needs, gathered from a register and its
//! log, then sealed by the service key. Pure: the caller reads entries and proofs.
//! Not here: which checkpoint is taken, and when a dossier is made anew (`ledger`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::DossierError;
use super::form::{DossierDocument, DossierEntry, DossierManifest, KIND, MANIFEST_KIND, Places};
use crate::limits::{DOSSIER_BYTES_MAX, LATER_FORMS_EDITION, STATUS_LIST_SERIALS};
use crate::log::{Checkpoint, Hash, Leaf, Note};
use crate::names::LotKey;
use crate::register::{CertificateRecord, GoodsRecord, Lot, Register};
use crate::seal::{KeyRecord, Signer, seal};
use crate::statement::{
    Claim, LaboratoryReport, Statement, StatusPurpose, Timestamp, canonical_bytes, own_context,
    parse_document,
};

/// Reads one entry's leaf, or says why it cannot.
pub type LeafAt<'a> = dyn Fn(u64) -> Result<Vec<u8>, String> + 'a;
/// The inclusion proof of an entry under the checkpoint, or why there is none.
pub type ProofAt<'a> = dyn Fn(u64) -> Result<Vec<Hash>, String> + 'a;

/// What a dossier is made from: one published state and the keys to sign with.
pub struct DossierSource<'a> {
    /// What is true under the checkpoint.
    pub register: &'a Register,
    /// The signed note, with its cosignatures.
    pub checkpoint: &'a str,
    /// The signed trust snapshot.
    pub trust: &'a [u8],
    /// Leaves by log index.
    pub leaf: &'a LeafAt<'a>,
    /// Inclusion proofs by log index.
    pub proof: &'a ProofAt<'a>,
    /// When it is made.
    pub now: Timestamp,
    /// The service key's name.
    pub method: &'a str,
    /// The service key.
    pub signer: &'a dyn Signer,
}

/// The signed dossier of the certificate with this serial.
///
/// # Errors
/// No such certificate; status lists that lag behind; entries that cannot be read; too large.
pub fn seal_dossier(serial: u64, source: &DossierSource<'_>) -> Result<Vec<u8>, DossierError> {
    let register = source.register;
    let unknown = || DossierError::NoCertificate { serial };
    let certificate = register.certificate(serial).ok_or_else(unknown)?.record;
    let lot = register.lot(&certificate.lot).ok_or_else(unknown)?;
    let note = Note::parse(source.checkpoint).map_err(DossierError::form)?;
    let sequence = Checkpoint::parse(&note.text).map_err(DossierError::form)?.size;
    let places = places(register, &certificate, &lot)?;
    let mut leaves = Gathering::new(source);
    let version = if register.edition() < LATER_FORMS_EDITION { 1 } else { 2 };
    leaves.gather(wanted(register, &certificate, &lot, places))?;
    let goods = if version > 1 { leaves.goods(&lot.record.lot)? } else { None };
    if leaves.leaves.keys().next_back().is_some_and(|last| *last >= sequence)
        || !leaves.names_current_lists(places, serial)?
    {
        return Err(DossierError::StatusPending);
    }
    let document = DossierDocument {
        context: own_context(register.domain()),
        kind: KIND.to_owned(),
        version,
        manifest: Value::Null,
        checkpoint: source.checkpoint.to_owned(),
        entries: leaves.entries()?,
        documents: leaves.laboratory_reports(&certificate)?,
        certificate_record: certificate,
        lot_record: lot.record,
        goods,
        trust: parse_document(source.trust.strip_suffix(b"\n").unwrap_or(source.trust))?,
    };
    let manifest = DossierManifest {
        context: document.context.clone(),
        kind: MANIFEST_KIND.to_owned(),
        version,
        host: register.domain().host().to_owned(),
        issued_at: source.now,
        sequence,
        serial,
        lot: document.certificate_record.lot.clone(),
        digest: document.certificate_record.digest,
        places,
        members: document.members(),
    };
    let sealed = seal(&json!(manifest), source.method, source.now, source.signer)?;
    let bytes =
        canonical_bytes(&json!(DossierDocument { manifest: parse_document(&sealed)?, ..document }));
    let max = DOSSIER_BYTES_MAX;
    if bytes.len() > max {
        return Err(DossierError::TooLarge { bytes: bytes.len(), max });
    }
    Ok(bytes)
}

/// Where the entries stand that the verdict rests on.
pub(crate) fn places(
    register: &Register,
    certificate: &CertificateRecord,
    lot: &Lot,
) -> Result<Places, DossierError> {
    let number = certificate.serial / STATUS_LIST_SERIALS;
    let newest = |purpose: StatusPurpose| {
        let (_, state) = register.lists().find(|(name, _)| *name == (purpose, number))?;
        state.versions.last().filter(|_| state.is_current()).map(|mark| mark.index)
    };
    let revocation = newest(StatusPurpose::Revocation).ok_or(DossierError::StatusPending)?;
    let suspension = newest(StatusPurpose::Suspension).ok_or(DossierError::StatusPending)?;
    let status_index = register.status_index().ok_or(DossierError::StatusPending)?.index;
    let (certificate, lot) = (certificate.mark.index, lot.mark.index);
    Ok(Places { certificate, lot, status_index, revocation, suspension })
}

/// The entries that are asked for by name; the keys that signed them follow.
pub(crate) fn wanted(
    register: &Register,
    certificate: &CertificateRecord,
    lot: &Lot,
    places: Places,
) -> BTreeSet<u64> {
    let Places { certificate: own, lot: of_lot, status_index, revocation, suspension } = places;
    let mut wanted = BTreeSet::from([own, of_lot, status_index, revocation, suspension]);
    wanted
        .extend(certificate.events.iter().chain(&lot.record.events).map(|event| event.mark.index));
    wanted.extend(certificate.confirmed.map(|mark| mark.index));
    wanted.extend(lot.record.events.iter().filter_map(|event| Some(event.voided?.index)));
    let next = certificate.superseded.and_then(|next| register.certificate(next.by));
    wanted.extend(next.map(|next| next.record.mark.index));
    if let Some(issuer) = register.party(&certificate.issuer) {
        wanted.extend(issuer.events.iter().map(|event| event.mark.index));
        let given = issuer.accreditations.iter().filter(|a| a.id == *certificate.accreditation);
        wanted.extend(given.flat_map(|given| {
            let changed = given.events.iter().map(|event| event.mark.index);
            changed.chain([given.mark.index]).collect::<Vec<_>>()
        }));
    }
    wanted
}

/// Leaves read so far.
pub(crate) struct Gathering<'a> {
    source: &'a DossierSource<'a>,
    pub leaves: BTreeMap<u64, Vec<u8>>,
}

impl<'a> Gathering<'a> {
    pub fn new(source: &'a DossierSource<'a>) -> Self {
        Self { source, leaves: BTreeMap::new() }
    }

    /// What is true under the checkpoint.
    pub fn register(&self) -> &'a Register {
        self.source.register
    }

    /// Reads the entries wanted, then those that registered who signed them and changed the keys
    /// they were signed with.
    pub fn gather(&mut self, mut wanted: BTreeSet<u64>) -> Result<(), DossierError> {
        while let Some(index) = wanted.pop_first() {
            if self.leaves.contains_key(&index) {
                continue;
            }
            let fault = |reason| DossierError::DossierEntry { index, reason };
            let bytes = (self.source.leaf)(index).map_err(fault)?;
            let statement = self.statement(index, &bytes)?;
            let register = self.source.register;
            let signer = register.key(&statement.proof.verification_method);
            if let Some(key) = signer {
                wanted.extend(register.party(&statement.issuer).map(|party| party.mark.index));
                wanted.extend(changes(key));
            }
            self.leaves.insert(index, bytes);
        }
        Ok(())
    }

    /// What follows for a lot from its events, with the entry behind what it inherits; None of one
    /// that is on its producer's word and that no event was logged of.
    pub fn goods(&mut self, lot: &LotKey) -> Result<Option<GoodsRecord>, DossierError> {
        let register = self.source.register;
        let goods = register.last_at().map(|at| register.goods_record(lot, at));
        let goods = goods.filter(|goods| *goods != GoodsRecord::default());
        let inherited = goods.as_ref().and_then(|goods| goods.inherited.as_ref());
        let inherited = inherited.filter(|it| it.via != *lot).map(|it| it.index);
        self.gather(inherited.into_iter().collect())?;
        Ok(goods)
    }

    /// The commitments to laboratory bulletins in the certificate itself.
    fn laboratory_reports(
        &self,
        certificate: &CertificateRecord,
    ) -> Result<Vec<LaboratoryReport>, DossierError> {
        let index = certificate.mark.index;
        let bytes = self.leaves.get(&index).map(Vec::as_slice).unwrap_or_default();
        match self.statement(index, bytes)?.credential.claim {
            Claim::Certificate(claim) => Ok(claim.facts.laboratory_reports),
            _ => {
                Err(DossierError::DossierEntry { index, reason: "it is no certificate".to_owned() })
            }
        }
    }

    /// The statement of a leaf that was read.
    pub fn statement(&self, index: u64, bytes: &[u8]) -> Result<Statement, DossierError> {
        let fault = |reason| DossierError::DossierEntry { index, reason };
        let leaf = Leaf::parse(bytes).map_err(|error| fault(error.to_string()))?;
        let domain = self.source.register.domain();
        Statement::parse(leaf.statement, domain).map_err(|error| fault(error.to_string()))
    }

    /// Whether the newest index names the newest lists: between the two it does not yet.
    pub fn names_current_lists(&self, places: Places, serial: u64) -> Result<bool, DossierError> {
        let Some(bytes) = self.leaves.get(&places.status_index) else { return Ok(false) };
        let Claim::StatusIndex(index) =
            self.statement(places.status_index, bytes)?.credential.claim
        else {
            return Ok(false);
        };
        let names = |purpose: StatusPurpose, place: u64| {
            let name = format!("{}-{}", purpose.word(), serial / STATUS_LIST_SERIALS);
            index.lists.iter().any(|current| current.list == name && current.entry == place)
        };
        Ok(names(StatusPurpose::Revocation, places.revocation)
            && names(StatusPurpose::Suspension, places.suspension))
    }

    /// All that was read, with its proofs.
    pub fn entries(&self) -> Result<Vec<DossierEntry>, DossierError> {
        let entry = |(index, bytes): (&u64, &Vec<u8>)| {
            let fault = |reason| DossierError::DossierEntry { index: *index, reason };
            let proof = (self.source.proof)(*index).map_err(fault)?;
            Ok(DossierEntry { leaf: parse_document(bytes)?, proof })
        };
        self.leaves.iter().map(entry).collect()
    }
}

/// The entries that added, retired or discredited a key.
fn changes(key: &KeyRecord) -> impl Iterator<Item = u64> {
    let ended = key.retired.map(|mark| mark.index);
    let lost = key.compromised.map(|window| window.recorded.index);
    [Some(key.added.index), ended, lost].into_iter().flatten()
}
