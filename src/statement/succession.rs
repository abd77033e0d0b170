//! The next root key takes over: signed by itself, accepted only if the root before it committed to
//! its hash. It names the authority's keys that go on; all others end with the old root. Own type
//! `RootSuccession`. Not here: the commitment on record (`register`).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::key::names_key_of;
use super::reconfirmation::sha256_text;
use super::{KeyPurpose, StatementError, multikey, parse_multikey};
use crate::limits::KEPT_KEYS_MAX;
use crate::names::PartySlug;

/// A new root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootSuccession {
    /// Its name: the authority's DID, `#`, a fragment.
    pub verification_method: String,
    /// Its public key.
    pub public: [u8; 32],
    /// SHA-256 of the public key of the root after it.
    pub successor: [u8; 32],
    /// The authority's keys that it vouches for; all others are retired.
    pub keeps: Vec<KeptKey>,
}

/// A key of the authority that goes on under the new root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKey {
    /// Its name.
    pub verification_method: String,
    /// Its public key.
    pub public: [u8; 32],
    /// What it may sign; never `root`.
    pub purpose: KeyPurpose,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    verification_method: String,
    public_key_multibase: String,
    successor: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keeps: Vec<KeptMembers>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeptMembers {
    verification_method: String,
    public_key_multibase: String,
    purpose: KeyPurpose,
}

/// The hash a root commits to for the root after it: SHA-256 of the public key's 32 bytes.
#[must_use]
pub fn root_commitment(public: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(public).into()
}

/// A commitment as it stands in statements (`successor`): base64url without padding.
#[must_use]
pub fn commitment_text(commitment: &[u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(commitment)
}

/// Reads [`commitment_text`]; None for any other spelling.
#[must_use]
pub fn parse_commitment(text: &str) -> Option<[u8; 32]> {
    sha256_text(text)
}

impl RootSuccession {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let authority = envelope.domain.did(&PartySlug::authority());
        if members.id != authority {
            return Err(inconsistent("credentialSubject.id", "must be the authority's"));
        }
        let of_authority = |name: &str| names_key_of(&authority, name);
        let successor = parse_commitment(&members.successor).ok_or_else(|| {
            inconsistent("successor", "must be the base64url of 32 bytes, a SHA-256")
        })?;
        let public = key_of(&members.public_key_multibase)?;
        if root_commitment(&public) == successor {
            return Err(inconsistent("successor", "a root cannot be its own successor"));
        }
        if members.keeps.len() > KEPT_KEYS_MAX {
            return Err(inconsistent("keeps", "at most 150 keys"));
        }
        let mut keeps: Vec<KeptKey> = Vec::new();
        for kept in members.keeps {
            let twice = keeps.iter().any(|k| k.verification_method == kept.verification_method);
            if twice || !of_authority(&kept.verification_method) || kept.purpose == KeyPurpose::Root
            {
                let reason = "each a key of the authority, once, and no root";
                return Err(inconsistent("keeps", reason));
            }
            keeps.push(KeptKey {
                public: key_of(&kept.public_key_multibase)?,
                verification_method: kept.verification_method,
                purpose: kept.purpose,
            });
        }
        if !of_authority(&members.verification_method) {
            return Err(inconsistent("verificationMethod", "must be a key of the authority"));
        }
        let verification_method = members.verification_method;
        Ok(Self { verification_method, public, successor, keeps })
    }

    /// The unsigned statement; the new root signs it.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let kept = |kept: &KeptKey| KeptMembers {
            verification_method: kept.verification_method.clone(),
            public_key_multibase: multikey(&kept.public),
            purpose: kept.purpose,
        };
        let members = Members {
            id: draft.domain.did(&PartySlug::authority()),
            verification_method: self.verification_method.clone(),
            public_key_multibase: multikey(&self.public),
            successor: commitment_text(&self.successor),
            keeps: self.keeps.iter().map(kept).collect(),
        };
        let name = format!("New root: {}", self.verification_method);
        draft.credential("RootSuccession", own_context(draft.domain), &name, json!(members))
    }
}

fn key_of(text: &str) -> Result<[u8; 32], StatementError> {
    parse_multikey(text)
        .ok_or_else(|| inconsistent("publicKeyMultibase", "must be an Ed25519 Multikey (z6Mk...)"))
}
