//! What stands in a dossier, member by member, and reading one: strict JSON in its one byte form,
//! nothing unknown, every member named with its hash by the manifest.
//! Not here: whose signature the manifest bears (`verify::dossier`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::DossierError;
use super::sealed::{Head, SealedDocument, SealedFile, SealedManifest, foreign_member};
use crate::limits::{DOSSIER_BYTES_MAX, DOSSIER_OBJECTS_MAX, DOSSIER_VALUES_MAX};
use crate::log::Hash;
use crate::names::LotKey;
use crate::register::{CertificateRecord, GoodsRecord, LotRecord};
use crate::seal::LogPosition;
use crate::statement::{LaboratoryReport, Timestamp, canonical_bytes};
use crate::trust::{Trust, TrustError};

/// What a dossier is called in `type`.
pub(crate) const KIND: &str = "TasdiqDossier";
/// What its manifest is called.
pub(crate) const MANIFEST_KIND: &str = "TasdiqDossierManifest";

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DossierDocument {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub manifest: Value,
    pub checkpoint: String,
    pub entries: Vec<DossierEntry>,
    pub certificate_record: CertificateRecord,
    pub lot_record: LotRecord,
    /// What follows for the lot from its events, from version 2 on; none of a lot that is on its
    /// producer's word and that no event was logged of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<GoodsRecord>,
    pub documents: Vec<LaboratoryReport>,
    pub trust: Value,
}

/// A leaf of the log with its inclusion proof under the dossier's checkpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DossierEntry {
    pub leaf: Value,
    pub proof: Vec<Hash>,
}

/// What the service signs: what the dossier is about, and the hash of every member.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DossierManifest {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub host: String,
    pub issued_at: Timestamp,
    pub sequence: u64,
    pub serial: u64,
    pub lot: LotKey,
    pub digest: Hash,
    pub places: Places,
    pub members: BTreeMap<String, Hash>,
}

/// Log indexes of the entries that the verdict rests on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Places {
    pub certificate: u64,
    pub lot: u64,
    pub status_index: u64,
    pub revocation: u64,
    pub suspension: u64,
}

/// A dossier that has its form; nothing in it is believed yet.
pub(crate) type Dossier = SealedFile<DossierDocument, DossierManifest>;

impl SealedDocument for DossierDocument {
    const CROWD: (usize, usize) = (DOSSIER_OBJECTS_MAX, DOSSIER_VALUES_MAX);

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
        // The later form goes with the later form of the trust snapshot inside.
        let later = self.trust.get("version").and_then(Value::as_u64) >= Some(3);
        (KIND, MANIFEST_KIND, if later { 2 } else { 1 })
    }
}

impl SealedManifest for DossierManifest {
    fn head(&self) -> Head<'_> {
        (&self.context, &self.kind, self.version)
    }
}

impl Dossier {
    /// Reads a dossier.
    pub fn read(bytes: &[u8]) -> Result<Self, DossierError> {
        let max = DOSSIER_BYTES_MAX;
        if bytes.len() > max {
            return Err(DossierError::TooLarge { bytes: bytes.len(), max });
        }
        let read = Self::read_as(bytes, "dossier", DossierError::form)?;
        if read.document.version == 1 && read.document.goods.is_some() {
            return Err(DossierError::form("goods stand in none of version 1"));
        }
        Ok(read)
    }
}

/// A trust snapshot that evidence carries, if it is newer than the reader's; it must be of the same
/// ledger from its first root on.
pub(crate) fn newer_trust(bytes: &[u8], trust: &Trust) -> Result<Option<Trust>, TrustError> {
    let own = Trust::open(bytes, None)?;
    if own.first_root() != trust.first_root() {
        let (found, pinned) = (own.root, trust.root.clone());
        return Err(TrustError::Root { found, pinned });
    }
    if own.sequence <= trust.sequence || !trust.is_pinned() {
        return Ok(None);
    }
    trust.renewed(bytes)
}

impl DossierDocument {
    /// The hash of every member but the manifest, by the name the manifest knows it under.
    pub fn members(&self) -> BTreeMap<String, Hash> {
        let jcs = |value: Value| Hash::sha256(&canonical_bytes(&value));
        let mut members = BTreeMap::from([
            ("certificateRecord".to_owned(), jcs(json!(self.certificate_record))),
            ("checkpoint".to_owned(), Hash::sha256(self.checkpoint.as_bytes())),
            ("documents".to_owned(), jcs(json!(self.documents))),
            ("lotRecord".to_owned(), jcs(json!(self.lot_record))),
            ("trust".to_owned(), jcs(self.trust.clone())),
        ]);
        if let Some(goods) = &self.goods {
            members.insert("goods".to_owned(), jcs(json!(goods)));
        }
        for entry in &self.entries {
            // A leaf without an index is refused by its form later; here it gets a name of its own.
            let index = entry.leaf.get("index").cloned().unwrap_or_default();
            members.insert(format!("entries/{index}"), jcs(json!(entry)));
        }
        members
    }
}

impl DossierManifest {
    /// Which part of the dossier is not what the manifest names; None if every part is.
    pub fn foreign_member(&self, document: &DossierDocument) -> Option<String> {
        let parts = 5_usize.saturating_add(usize::from(document.goods.is_some()));
        let parts = document.entries.len().saturating_add(parts);
        foreign_member(&self.members, &document.members(), parts)
    }
}

/// Where the log has an entry of a dossier.
pub(crate) fn mark_of(leaf: &crate::log::Leaf<'_>) -> LogPosition {
    LogPosition { index: leaf.index, logged_at: leaf.logged_at }
}

/// Whether bytes are meant to be a dossier, good or damaged: told by words only it uses, one of
/// which stands near its beginning.
#[must_use]
pub fn is_dossier(bytes: &[u8]) -> bool {
    let holds = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    plain.trim_ascii_start().starts_with(b"{")
        && (holds(br#""certificateRecord":"#)
            || holds(br#""TasdiqDossier""#)
            || holds(br#""TasdiqTraceDossier""#))
}
