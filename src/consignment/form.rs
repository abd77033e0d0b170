//! What stands in a consignment, member by member, and reading one: strict JSON in its one byte
//! form, every member but the openings named with its hash by the manifest.
//! Not here: whose signature the manifest bears (`verify::consignment`), what follows (`facts`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ConsignmentError;
use super::opening::SentOpening;
use crate::dossier::{
    DossierEntry, Head, SealedDocument, SealedFile, SealedManifest, foreign_member,
};
use crate::limits::{
    CONSIGNMENT_BYTES_MAX, CONSIGNMENT_ENTRIES_MAX, CONSIGNMENT_OBJECTS_MAX,
    CONSIGNMENT_OPENINGS_MAX, CONSIGNMENT_VALUES_MAX,
};
use crate::log::Hash;
use crate::register::{CertificateRecord, GoodsRecord, LotRecord};
use crate::statement::{Timestamp, canonical_bytes};
use crate::trust::Trust;

/// What a consignment is called in `type`.
pub(crate) const KIND: &str = "TasdiqConsignment";
/// What its manifest is called.
pub(crate) const MANIFEST_KIND: &str = "TasdiqConsignmentManifest";
/// The version of both.
pub(crate) const VERSION: u32 = 1;

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsignmentDocument {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub manifest: Value,
    pub checkpoint: String,
    pub entries: Vec<DossierEntry>,
    pub shipment: ShipmentRecord,
    pub lots: Vec<ConsignedLot>,
    pub certificate_records: Vec<CertificateRecord>,
    pub trust: Value,
    /// Added by whoever hands it on: each proves itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<SentOpening>,
}

/// What the service states of the shipment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ShipmentRecord {
    /// Its `id`.
    pub id: String,
    /// How far it has come, in a word.
    pub state: String,
    /// The entry that answered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<u64>,
    /// The entry that took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<u64>,
}

/// What the service states of one lot of it. Quantities are in the lot's smallest unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsignedLot {
    /// The entry that declared it.
    pub declared: u64,
    pub record: LotRecord,
    /// Loose and in units.
    pub sent: u64,
    pub accepted: u64,
    pub refused: u64,
    /// Not there, and more than the allowance.
    pub missing: u64,
    /// Not there, and within the allowance.
    pub dried: u64,
    /// As of a dossier: what follows from its events, and what it inherits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<GoodsRecord>,
}

/// What the service signs: what it is about, and the hash of every member.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsignmentManifest {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub host: String,
    pub issued_at: Timestamp,
    pub sequence: u64,
    /// The `id` of the shipment.
    pub shipment: String,
    pub digest: Hash,
    pub places: ConsignmentPlaces,
    pub members: BTreeMap<String, Hash>,
}

/// Log indexes of the entries that it rests on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConsignmentPlaces {
    pub shipment: u64,
    /// What packed the units, in the order of the log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packings: Vec<u64>,
    /// Parts of certificates that were made for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extracts: Vec<u64>,
    /// None where no lot has a certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_index: Option<u64>,
    /// The current status lists, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, u64>,
}

/// A consignment that has its form; nothing in it is believed yet.
pub(crate) type Consignment = SealedFile<ConsignmentDocument, ConsignmentManifest>;

impl SealedDocument for ConsignmentDocument {
    const CROWD: (usize, usize) = (CONSIGNMENT_OBJECTS_MAX, CONSIGNMENT_VALUES_MAX);

    fn head(&self) -> Head<'_> {
        (&self.context, &self.kind, self.version)
    }

    fn manifest(&self) -> &Value {
        &self.manifest
    }

    fn trust(&self) -> &Value {
        &self.trust
    }

    fn expected(&self) -> (&'static str, &'static str, u32) {
        (KIND, MANIFEST_KIND, VERSION)
    }
}

impl SealedManifest for ConsignmentManifest {
    fn head(&self) -> Head<'_> {
        (&self.context, &self.kind, self.version)
    }
}

impl Consignment {
    /// Reads a consignment.
    pub fn read(bytes: &[u8]) -> Result<Self, ConsignmentError> {
        if bytes.len() > CONSIGNMENT_BYTES_MAX {
            return Err(ConsignmentError::too_large(bytes.len(), None));
        }
        let read = Self::read_as(bytes, "consignment", ConsignmentError::form)?;
        for (many, most, what) in [
            (read.document.entries.len(), CONSIGNMENT_ENTRIES_MAX, "entries"),
            (read.document.openings.len(), CONSIGNMENT_OPENINGS_MAX, "openings"),
        ] {
            if many > most {
                let reason = format!("it holds {many} {what}, at most {most} are read");
                return Err(ConsignmentError::form(reason));
            }
        }
        Ok(read)
    }

    /// Which part is not what the manifest names; None if every part is. Openings are named by
    /// nobody: each is compared with the commitment that it opens.
    pub fn foreign_member(&self) -> Option<String> {
        let (found, parts) = (self.document.members(), self.document.entries.len());
        foreign_member(&self.manifest.members, &found, parts.saturating_add(5))
    }
}

impl ConsignmentDocument {
    /// The hash of every member but the manifest and the openings, by the name the manifest knows
    /// it under.
    pub fn members(&self) -> BTreeMap<String, Hash> {
        let jcs = |value: Value| Hash::sha256(&canonical_bytes(&value));
        let mut members = BTreeMap::from([
            ("certificateRecords".to_owned(), jcs(json!(self.certificate_records))),
            ("checkpoint".to_owned(), Hash::sha256(self.checkpoint.as_bytes())),
            ("lots".to_owned(), jcs(json!(self.lots))),
            ("shipment".to_owned(), jcs(json!(self.shipment))),
            ("trust".to_owned(), jcs(self.trust.clone())),
        ]);
        for entry in &self.entries {
            // A leaf without an index is refused by its form later; here it gets a name of its own.
            let index = entry.leaf.get("index").cloned().unwrap_or_default();
            members.insert(format!("entries/{index}"), jcs(json!(entry)));
        }
        members
    }
}

/// Whether bytes are meant to be a consignment, good or damaged: told by a word only it uses.
#[must_use]
pub fn is_consignment(bytes: &[u8]) -> bool {
    let word: &[u8] = br#""TasdiqConsignment"#;
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    plain.trim_ascii_start().starts_with(b"{")
        && bytes.windows(word.len()).any(|window| window == word)
}

/// The trust snapshot that a consignment carries. With `root` it is that root's or refused;
/// without, it is marked as unpinned, and no verdict under it can pass.
///
/// # Errors
/// A file that is no consignment; a snapshot that cannot be believed.
pub fn consignment_trust(bytes: &[u8], root: Option<&str>) -> Result<Trust, ConsignmentError> {
    let trust = Trust::open(&Consignment::read(bytes)?.trust_bytes(), root)?;
    Ok(if root.is_some() { trust } else { trust.unpinned() })
}
