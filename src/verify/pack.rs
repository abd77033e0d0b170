//! The offline pack: the status of every certificate and lot at one checkpoint, signed, for an
//! inspector without network. A first, simple form: one signed JSON document, read whole.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::trust::{NEXT_UPDATE_SECONDS, TrustError, check_signature, read, split};
use super::{CertificateRecord, LotRecord, StatusBook, Trust};
use crate::log::{NoteKey, verify_checkpoint};
use crate::register::Register;
use crate::seal::{SealError, Signer, seal};
use crate::statement::{LotKey, Timestamp, own_context};

/// A pack that was verified against a trust snapshot, with look-ups.
#[derive(Clone, Debug)]
pub struct Pack {
    document: Document,
    by_index: HashMap<u64, usize>,
    by_serial: HashMap<u64, usize>,
    lots: HashMap<LotKey, usize>,
    by_lot: HashMap<LotKey, Vec<usize>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    #[serde(rename = "@context")]
    context: Value,
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    host: String,
    sequence: u64,
    issued_at: Timestamp,
    next_update: Timestamp,
    checkpoint: String,
    lots: Vec<LotRecord>,
    certificates: Vec<CertificateRecord>,
}

impl Pack {
    /// What it is called in `type`.
    pub const KIND: &'static str = "TasdiqPack";

    /// The signed pack of a register at a checkpoint.
    ///
    /// # Errors
    /// What the signer says.
    pub fn seal(
        register: &Register,
        checkpoint: &str,
        now: Timestamp,
        method: &str,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, SealError> {
        let document = Document {
            context: own_context(register.domain()),
            kind: Self::KIND.to_owned(),
            version: 1,
            host: register.domain().host().to_owned(),
            sequence: register.size(),
            issued_at: now,
            next_update: now.plus_seconds(NEXT_UPDATE_SECONDS),
            checkpoint: checkpoint.to_owned(),
            lots: register.lots().map(|lot| LotRecord::of(lot)).collect(),
            certificates: register.certificates().map(|c| CertificateRecord::of(c)).collect(),
        };
        seal(&json!(document), method, now, signer)
    }

    /// Reads a pack and verifies it under a trust snapshot.
    ///
    /// # Errors
    /// Form, another ledger, signature, checkpoint.
    pub fn open(bytes: &[u8], trust: &Trust) -> Result<Self, TrustError> {
        const WHAT: &str = "pack";
        let signed = split(bytes, WHAT)?;
        let document: Document = read(&signed, Self::KIND, WHAT)?;
        if document.host != trust.host {
            let (found, expected) = (document.host, trust.host.clone());
            return Err(TrustError::OtherLedger { found, expected });
        }
        let key = trust
            .service_key(&signed.proof.verification_method)
            .filter(|key| key.compromised.is_none())
            .ok_or(TrustError::Signature { what: WHAT })?;
        check_signature(&signed, &key.public, WHAT)?;
        let log_key = NoteKey::parse(&trust.log_key).map_err(TrustError::Checkpoint)?;
        let origin = trust.domain().map(|domain| domain.origin()).unwrap_or_default();
        let checkpoint = verify_checkpoint(&document.checkpoint, &log_key, &origin)
            .map_err(TrustError::Checkpoint)?;
        if checkpoint.size != document.sequence {
            let reason = "its sequence is not its checkpoint's size".to_owned();
            return Err(TrustError::Form { what: WHAT, reason });
        }
        Ok(Self::index(document))
    }

    fn index(document: Document) -> Self {
        let certificates = || document.certificates.iter().enumerate();
        let by_index = certificates().map(|(place, c)| (c.mark.index, place)).collect();
        let by_serial = certificates().map(|(place, c)| (c.serial, place)).collect();
        let lots = document.lots.iter().enumerate().map(|(place, l)| (l.lot.clone(), place));
        let lots = lots.collect();
        let mut by_lot: HashMap<LotKey, Vec<usize>> = HashMap::new();
        for (place, certificate) in certificates() {
            by_lot.entry(certificate.lot.clone()).or_default().push(place);
        }
        Self { document, by_index, by_serial, lots, by_lot }
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_update(&self) -> Timestamp {
        self.document.next_update
    }
}

impl StatusBook for Pack {
    fn issued_at(&self) -> Timestamp {
        self.document.issued_at
    }

    fn covers(&self) -> u64 {
        self.document.sequence
    }

    fn checkpoint(&self) -> &str {
        &self.document.checkpoint
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.document.certificates.get(*self.by_index.get(&index)?).cloned()
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        self.document.certificates.get(*self.by_serial.get(&serial)?).cloned()
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.document.lots.get(*self.lots.get(key)?).cloned()
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        let places = self.by_lot.get(key).into_iter().flatten();
        places.filter_map(|place| self.document.certificates.get(*place).cloned()).collect()
    }
}
