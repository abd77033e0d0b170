//! What stands in a trace dossier: the entries by which a lot came to be, each proven under one
//! checkpoint, and what the service says follows. Read as strictly as a dossier of a certificate.
//! Not here: whether it follows (`verify::trace_dossier`), which entries it takes (`trace_make`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::DossierError;
use super::form::DossierEntry;
use super::sealed::{Head, SealedDocument, SealedFile, SealedManifest, foreign_member};
use crate::limits::{TRACE_DOSSIER_BYTES_MAX, TRACE_DOSSIER_OBJECTS_MAX, TRACE_DOSSIER_VALUES_MAX};
use crate::log::Hash;
use crate::names::LotKey;
use crate::register::GoodsRecord;
use crate::statement::{Timestamp, canonical_bytes};

/// What a trace dossier is called in `type`.
pub(crate) const TRACE_KIND: &str = "TasdiqTraceDossier";
/// What its manifest is called.
pub(crate) const TRACE_MANIFEST_KIND: &str = "TasdiqTraceManifest";
/// The version of both.
pub(crate) const TRACE_VERSION: u32 = 1;

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TraceDocument {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub manifest: Value,
    pub checkpoint: String,
    pub entries: Vec<DossierEntry>,
    pub goods: GoodsRecord,
    pub trust: Value,
}

/// What the service signs: which lot, the rulebook in force, and the hash of every member.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TraceManifest {
    #[serde(rename = "@context")]
    pub context: Value,
    #[serde(rename = "type")]
    pub kind: String,
    pub version: u32,
    pub host: String,
    pub issued_at: Timestamp,
    pub sequence: u64,
    pub lot: LotKey,
    /// The version of the rulebook in force.
    pub rulebook: u64,
    pub members: BTreeMap<String, Hash>,
}

/// A trace dossier that has its form; nothing in it is believed yet.
pub(crate) type TraceDossier = SealedFile<TraceDocument, TraceManifest>;

/// Whether bytes are meant to be a trace dossier: told by the name that only it has.
pub(crate) fn is_trace(bytes: &[u8]) -> bool {
    let word = br#""TasdiqTraceDossier""#;
    bytes.windows(word.len()).any(|window| window == word)
}

impl SealedDocument for TraceDocument {
    const CROWD: (usize, usize) = (TRACE_DOSSIER_OBJECTS_MAX, TRACE_DOSSIER_VALUES_MAX);

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
        (TRACE_KIND, TRACE_MANIFEST_KIND, TRACE_VERSION)
    }
}

impl SealedManifest for TraceManifest {
    fn head(&self) -> Head<'_> {
        (&self.context, &self.kind, self.version)
    }
}

impl TraceDossier {
    /// Reads a trace dossier.
    pub fn read(bytes: &[u8]) -> Result<Self, DossierError> {
        let max = TRACE_DOSSIER_BYTES_MAX;
        if bytes.len() > max {
            return Err(DossierError::TooLarge { bytes: bytes.len(), max });
        }
        Self::read_as(bytes, "trace dossier", DossierError::form)
    }

    /// Which part is not what the manifest names; None if every part is.
    pub fn foreign_member(&self) -> Option<String> {
        let parts = self.document.entries.len().saturating_add(3);
        foreign_member(&self.manifest.members, &self.document.members(), parts)
    }
}

impl TraceDocument {
    /// The hash of every member but the manifest, by the name the manifest knows it under.
    pub fn members(&self) -> BTreeMap<String, Hash> {
        let jcs = |value: Value| Hash::sha256(&canonical_bytes(&value));
        let mut members = BTreeMap::from([
            ("checkpoint".to_owned(), Hash::sha256(self.checkpoint.as_bytes())),
            ("goods".to_owned(), jcs(json!(self.goods))),
            ("trust".to_owned(), jcs(self.trust.clone())),
        ]);
        for entry in &self.entries {
            let index = entry.leaf.get("index").cloned().unwrap_or_default();
            members.insert(format!("entries/{index}"), jcs(json!(entry)));
        }
        members
    }
}
