//! The ledger's identity, written once when it is made: host, root key, log key. Public values
//! only.

use serde::{Deserialize, Serialize};

use crate::log::{LogError, NoteAlgorithm, NoteKey};
use crate::names::IdError;
use crate::seal::SealError;
use crate::statement::{Domain, multikey, parse_multikey};

/// `ledger.json` of the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// Format of the data folder.
    pub version: u32,
    /// Public host, with port if any.
    pub host: String,
    /// The pinned root key, as Multikey.
    pub root: String,
    /// The log's verifier key (C2SP signed-note).
    pub log_key: String,
    /// Whether all parties are fictional.
    pub demo: bool,
}

impl Config {
    /// The format this build writes.
    pub const VERSION: u32 = 1;

    /// The identity of a new ledger.
    ///
    /// # Errors
    /// A log key that cannot name this origin.
    pub fn new(
        domain: &Domain,
        root: &[u8; 32],
        log: [u8; 32],
        demo: bool,
    ) -> Result<Self, LogError> {
        let log_key = NoteKey::new(&domain.origin(), NoteAlgorithm::Ed25519, log)?.to_string();
        let host = domain.host().to_owned();
        Ok(Self { version: Self::VERSION, host, root: multikey(root), log_key, demo })
    }

    /// The ledger's names.
    ///
    /// # Errors
    /// A host that is none.
    pub fn domain(&self) -> Result<Domain, IdError> {
        Domain::parse(&self.host)
    }

    /// The root key's bytes.
    ///
    /// # Errors
    /// [`SealError::PublicKey`].
    pub fn root_key(&self) -> Result<[u8; 32], SealError> {
        parse_multikey(&self.root).ok_or(SealError::PublicKey)
    }
}
