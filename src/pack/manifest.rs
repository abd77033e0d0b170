//! The signed head of a pack: whose it is, what log size it reflects, and the hashes of all that
//! follows. Verified under a trust snapshot. Not here: the bytes around it (`container`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::form::PackForm;
use super::optional::COLUMN_SET;
use super::writer::Contents;
use crate::log::{Hash, NoteKey, verify_checkpoint};
use crate::seal::{SealError, Signer, seal};
use crate::statement::{Domain, Timestamp, own_context};
use crate::trust::{NEXT_UPDATE_SECONDS, check_signature, may_sign, read_version, split};
use crate::trust::{Trust, TrustError};

/// What it is called in messages.
pub(super) const WHAT: &str = "pack";

/// The members of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PackManifest {
    #[serde(rename = "@context")]
    context: Value,
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    /// The edition of the rules in force, from version 3 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
    /// The number of the set of optional columns, from version 3 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<u32>,
    /// The ledger's host.
    pub host: String,
    /// Log size it reflects.
    pub sequence: u64,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// The checkpoint it reflects, as published.
    pub checkpoint: String,
    /// Number of lots.
    pub lots: u64,
    /// Number of certificates.
    pub certificates: u64,
    /// The hash over all blocks.
    pub blocks_digest: Hash,
    /// SHA-256 of the trust snapshot in the file.
    pub trust_digest: Hash,
}

/// Who signs a pack, and when.
#[derive(Clone, Copy)]
pub struct Sealing<'a> {
    /// The checkpoint that the contents reflect: a signed note, with its cosignatures.
    pub checkpoint: &'a str,
    /// The signed trust snapshot to put in.
    pub trust: &'a [u8],
    /// Now.
    pub now: Timestamp,
    /// The service key's name.
    pub method: &'a str,
    /// The service key.
    pub signer: &'a dyn Signer,
}

impl PackManifest {
    const KIND: &'static str = "TasdiqPack";
    const VERSIONS: [u64; 2] = [2, 3];

    /// Signs the manifest of a log size and its contents.
    pub fn seal(
        domain: &Domain,
        sequence: u64,
        contents: &Contents,
        sealing: &Sealing<'_>,
    ) -> Result<Vec<u8>, SealError> {
        let later = contents.form == PackForm::Third;
        let manifest = Self {
            context: own_context(domain),
            kind: Self::KIND.to_owned(),
            version: contents.form.version(),
            edition: later.then_some(contents.edition),
            columns: later.then_some(COLUMN_SET),
            host: domain.host().to_owned(),
            sequence,
            issued_at: sealing.now,
            next_update: sealing.now.plus_seconds(NEXT_UPDATE_SECONDS),
            checkpoint: sealing.checkpoint.to_owned(),
            lots: contents.lots,
            certificates: contents.certificates,
            blocks_digest: contents.root,
            trust_digest: Hash::sha256(sealing.trust),
        };
        seal(&json!(manifest), sealing.method, sealing.now, sealing.signer)
    }

    /// Reads and verifies a manifest.
    pub fn open(bytes: &[u8], form: PackForm, trust: &Trust) -> Result<Self, TrustError> {
        let signed = split(bytes, WHAT)?;
        let manifest: Self = read_version(&signed, Self::KIND, &Self::VERSIONS, WHAT)?;
        manifest.is_of(form)?;
        if manifest.host != trust.host {
            let (found, expected) = (manifest.host, trust.host.clone());
            return Err(TrustError::OtherLedger { found, expected });
        }
        let method = &signed.proof.verification_method;
        let key = trust.service_key(method).ok_or(TrustError::Signature { what: WHAT })?;
        check_signature(&signed, &key.public, WHAT)?;
        may_sign(key, manifest.issued_at, WHAT)?;
        let log_key = NoteKey::parse(&trust.log_key).map_err(TrustError::Checkpoint)?;
        let origin = trust.domain().map(|domain| domain.origin()).unwrap_or_default();
        let checkpoint = verify_checkpoint(&manifest.checkpoint, &log_key, &origin)
            .map_err(TrustError::Checkpoint)?;
        if checkpoint.size != manifest.sequence {
            let reason = "its sequence is not its checkpoint's size".to_owned();
            return Err(TrustError::Form { what: WHAT, reason });
        }
        // Older in both is only old; later, and with less of the log, is a pack dated anew.
        if manifest.sequence < trust.sequence && manifest.issued_at >= trust.issued_at {
            let (held, found) = (trust.sequence, manifest.sequence);
            return Err(TrustError::Redated { issued_at: manifest.issued_at, held, found });
        }
        Ok(manifest)
    }

    /// The members, whoever signed them: for a file of one's own making.
    pub fn unverified(bytes: &[u8]) -> Result<Self, String> {
        let signed = split(bytes, WHAT).map_err(|error| error.to_string())?;
        read_version(&signed, Self::KIND, &Self::VERSIONS, WHAT).map_err(|error| error.to_string())
    }

    /// Whether it is the manifest of a file of this form, and of columns that are known here.
    fn is_of(&self, form: PackForm) -> Result<(), TrustError> {
        let fault = |reason: &str| Err(TrustError::Form { what: WHAT, reason: reason.to_owned() });
        let later = form == PackForm::Third;
        if self.version != form.version()
            || self.edition.is_some() != later
            || self.columns.is_some() != later
        {
            return fault("its manifest is of another form");
        }
        match self.columns {
            Some(set) if set != COLUMN_SET => fault("its columns are of a newer release"),
            _ => Ok(()),
        }
    }
}
