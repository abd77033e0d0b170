//! A party stands by what was logged while a thief may have had its key, or the authority does, or
//! voids it: each named by serial, or by log entry and digest. Own type `Reconfirmation`.
//! Not here: which may be confirmed or voided (`register`).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::StatementError;
use super::draft::Draft;
use super::envelope::{Envelope, filled, inconsistent, own_context};
use super::serials::SerialRanges;
use crate::limits::CONFIRMED_ENTRIES_MAX;
use crate::names::PartySlug;

/// Certificates are confirmed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconfirmation {
    /// The party whose key it was.
    pub party: PartySlug,
    /// The key they were signed with.
    pub verification_method: String,
    /// Which, by serial.
    pub serials: Option<SerialRanges>,
    /// Which, by log index and SHA-256 of the statement without proof; ascending. Certificates,
    /// and from edition 1 on any entry of the party's.
    pub entries: Vec<(u64, [u8; 32])>,
    /// Changes of status that shall count as never logged, named like `entries`. The authority's
    /// alone.
    pub voids: Vec<(u64, [u8; 32])>,
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
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    voids: Vec<Entry>,
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
        if members.serials.is_empty() && members.entries.is_empty() && members.voids.is_empty() {
            return Err(inconsistent("serials", "serials, entries or voids must name something"));
        }
        let serials = match members.serials.as_slice() {
            [] => None,
            texts => Some(SerialRanges::read(texts).map_err(|why| inconsistent("serials", why))?),
        };
        Ok(Self {
            party,
            verification_method: members.verification_method,
            serials,
            entries: read_entries("entries", &members.entries)?,
            voids: read_entries("voids", &members.voids)?,
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
            voids: self.voids.iter().map(entry).collect(),
        };
        let name = format!("Confirmed again: {}", self.verification_method);
        draft.credential("Reconfirmation", own_context(draft.domain), &name, json!(members))
    }
}

fn read_entries(
    at: &'static str,
    entries: &[Entry],
) -> Result<Vec<(u64, [u8; 32])>, StatementError> {
    if entries.len() > CONFIRMED_ENTRIES_MAX {
        return Err(inconsistent(at, "at most 500 in one statement"));
    }
    let mut read: Vec<(u64, [u8; 32])> = Vec::with_capacity(entries.len());
    for one in entries {
        if read.last().is_some_and(|(before, _)| one.entry <= *before) {
            return Err(inconsistent(at, "must stand in ascending order, each once"));
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
