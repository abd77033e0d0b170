//! A certifier stands by certificates that were logged while a thief may have had its key: each
//! named by serial, or by log entry and digest. Own type `Reconfirmation`.
//! Not here: which may be confirmed (`register`).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::serials::SerialRanges;
use super::{PartySlug, StatementError};
use crate::limits::CONFIRMED_ENTRIES_MAX;

/// Certificates are confirmed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconfirmation {
    /// The certifier.
    pub party: PartySlug,
    /// The compromised key they were signed with.
    pub verification_method: String,
    /// Which, by serial.
    pub serials: Option<SerialRanges>,
    /// Which, by log index and SHA-256 of the statement without proof; ascending.
    pub entries: Vec<(u64, [u8; 32])>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    verification_method: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    serials: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    entry: u64,
    statement_digest: String,
}

impl Reconfirmation {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let party = envelope.domain.party_of(&members.id).ok_or_else(|| {
            inconsistent("credentialSubject.id", format!("{} is no party here", members.id))
        })?;
        let fragment = members.verification_method.strip_prefix(&members.id);
        if fragment.and_then(|rest| rest.strip_prefix('#')).is_none_or(str::is_empty) {
            return Err(inconsistent("verificationMethod", "must be the party's id, '#', a name"));
        }
        if members.serials.is_empty() && members.entries.is_empty() {
            return Err(inconsistent("serials", "serials or entries must name a certificate"));
        }
        let serials = match members.serials.as_slice() {
            [] => None,
            texts => Some(SerialRanges::read(texts).map_err(|why| inconsistent("serials", why))?),
        };
        Ok(Self {
            party,
            verification_method: members.verification_method,
            serials,
            entries: read_entries(&members.entries)?,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let entry = |(entry, digest): &(u64, [u8; 32])| Entry {
            entry: *entry,
            statement_digest: format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(digest)),
        };
        let members = Members {
            id: draft.domain.did(&self.party),
            verification_method: self.verification_method.clone(),
            serials: self.serials.as_ref().map(SerialRanges::texts).unwrap_or_default(),
            entries: self.entries.iter().map(entry).collect(),
        };
        let name = format!("Confirmed again: {}", self.verification_method);
        draft.credential("Reconfirmation", own_context(draft.domain), &name, json!(members))
    }
}

fn read_entries(entries: &[Entry]) -> Result<Vec<(u64, [u8; 32])>, StatementError> {
    if entries.len() > CONFIRMED_ENTRIES_MAX {
        return Err(inconsistent("entries", "at most 500 in one statement"));
    }
    let mut read: Vec<(u64, [u8; 32])> = Vec::with_capacity(entries.len());
    for one in entries {
        if read.last().is_some_and(|(before, _)| one.entry <= *before) {
            return Err(inconsistent("entries", "must stand in ascending order, each once"));
        }
        let digest = one.statement_digest.strip_prefix('u').and_then(sha256_text);
        let digest = digest.ok_or_else(|| {
            inconsistent("statementDigest", "must be 'u' and the base64url of 32 bytes")
        })?;
        read.push((one.entry, digest));
    }
    Ok(read)
}

/// 32 bytes in base64url without padding, in its one spelling.
pub(super) fn sha256_text(text: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    (BASE64_URL_SAFE_NO_PAD.encode(bytes) == text).then_some(bytes)
}
