//! The trust snapshot: whom to believe, offline. Root, log key, every party's keys and
//! accreditations with their history; signed by the service key, which the root's own statements in
//! it vouch for. Not here: how it is fetched, and which root fingerprint the reader pinned.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use super::roots::RootChain;
use crate::limits::LATER_FORMS_EDITION;
use crate::log::{LogError, NoteKey, verify_checkpoint};
use crate::names::AUTHORITY;
use crate::names::{IdError, PartySlug};
use crate::register::{PartyRecord, Register};
use crate::seal::{KeyRecord, KeyStanding, SealError, Signer, public_key, seal, verify_signed};
use crate::statement::{
    Domain, KeyPurpose, Signed, StatementError, Timestamp, multikey, own_context, parse_document,
    parse_multikey,
};

/// How long a snapshot or pack says it may serve before the next is due, in seconds.
pub(crate) const NEXT_UPDATE_SECONDS: i64 = 86_400;

/// Why a snapshot or pack cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrustError {
    /// It has not the form it must have.
    #[error("the file is not a {what} of this version: {reason}")]
    Form {
        /// What it should be.
        what: &'static str,
        /// What is off.
        reason: String,
    },
    /// Its signature does not verify.
    #[error("the {what} is not signed by a key that its root vouches for")]
    Signature {
        /// What it is.
        what: &'static str,
    },
    /// Its checkpoint is not the log's.
    #[error("its checkpoint is not signed by the log: {0}")]
    Checkpoint(LogError),
    /// Its root is not the pinned one.
    #[error("its root is {found}, not the pinned {pinned}")]
    Root {
        /// Root in the file.
        found: String,
        /// Root that was pinned.
        pinned: String,
    },
    /// The roots in it do not follow from each other.
    #[error("its root does not follow from the one before it: {reason}")]
    Succession {
        /// What is off.
        reason: String,
    },
    /// It is of another ledger, or newer than the trust snapshot knows keys of.
    #[error("it is of {found}, the trust snapshot held of {expected}")]
    OtherLedger {
        /// The host it names.
        found: String,
        /// The snapshot's host.
        expected: String,
    },
    /// Its key may not sign any more.
    #[error("the {what} of {issued_at} is signed by {key}, which was {standing} by then")]
    Signer {
        /// What it is.
        what: &'static str,
        /// When it says it was made.
        issued_at: Timestamp,
        /// The key.
        key: String,
        /// `retired`, `expired` or `compromised`.
        standing: &'static str,
    },
    /// It says to be newer than the trust snapshot, and knows less of the log.
    #[error(
        "the pack says to be of {issued_at}, later than the trust snapshot, but reflects {found} \
         log entries and the snapshot {held}: it was dated anew"
    )]
    Redated {
        /// When it says it was made.
        issued_at: Timestamp,
        /// The snapshot's sequence.
        held: u64,
        /// The pack's.
        found: u64,
    },
    /// What it holds is not what was signed.
    #[error("the pack is damaged: {reason}")]
    Damaged {
        /// What is off.
        reason: String,
    },
    /// It is older than the one held.
    #[error("it reflects {found} log entries, the one held {held}: an older one is never taken")]
    Rollback {
        /// The sequence held.
        held: u64,
        /// The sequence offered.
        found: u64,
    },
}

impl TrustError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "trust_form",
            Self::Signature { .. } => "trust_signature",
            Self::Checkpoint(_) => "trust_checkpoint",
            Self::Root { .. } => "trust_root",
            Self::Succession { .. } => "trust_succession",
            Self::OtherLedger { .. } => "other_ledger",
            Self::Signer { .. } => "trust_signer",
            Self::Redated { .. } => "pack_redated",
            Self::Damaged { .. } => "pack_damaged",
            Self::Rollback { .. } => "pack_rollback",
        }
    }
}

/// A trust snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trust {
    #[serde(rename = "@context")]
    context: Value,
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    /// The ledger's host.
    pub host: String,
    /// The root key now, as Multikey.
    pub root: String,
    /// The first root key, once another has succeeded it; `founding` leads from it to `root`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis_root: Option<String>,
    /// The log's verifier key (C2SP signed-note).
    pub log_key: String,
    /// The edition of the rules in force, from version 2 of the form on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
    /// Log size it reflects; a reader never goes back to a lower one.
    pub sequence: u64,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// The checkpoint it reflects.
    pub checkpoint: String,
    /// Whose cosignatures a checkpoint must bear (C2SP tlog-policy), if witnesses sign this log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness_policy: Option<String>,
    /// The roots' own statements, in the order of the log: the authority, its keys, successions.
    pub founding: Vec<Value>,
    /// Every party.
    pub parties: Vec<Arc<PartyRecord>>,
    /// Whether nobody compared its root with one known beforehand.
    #[serde(skip)]
    unpinned: bool,
}

impl Trust {
    /// What it is called in `type` and in messages.
    pub const KIND: &'static str = "TasdiqTrust";

    /// The snapshot of a register; `founding` are the root's own statements, as logged.
    #[must_use]
    pub fn of(
        register: &Register,
        log_key: &str,
        checkpoint: &str,
        founding: Vec<Value>,
        now: Timestamp,
    ) -> Self {
        Self {
            context: own_context(register.domain()),
            kind: Self::KIND.to_owned(),
            version: version_under(register.edition()),
            edition: Some(register.edition()).filter(|edition| *edition > 0),
            host: register.domain().host().to_owned(),
            root: multikey(&register.current_root()),
            genesis_root: (register.current_root() != *register.root())
                .then(|| multikey(register.root())),
            log_key: log_key.to_owned(),
            sequence: register.size(),
            issued_at: now,
            next_update: now.plus_seconds(NEXT_UPDATE_SECONDS),
            checkpoint: checkpoint.to_owned(),
            witness_policy: None,
            founding,
            parties: register.parties().map(|party| party.record.clone()).collect(),
            unpinned: false,
        }
    }

    /// The root key that the ledger began with, as Multikey: the same in all its snapshots.
    #[must_use]
    pub fn first_root(&self) -> &str {
        self.genesis_root.as_ref().unwrap_or(&self.root)
    }

    /// The same snapshot, of whose root nothing is known: no verdict under it can pass.
    #[must_use]
    pub fn unpinned(self) -> Self {
        Self { unpinned: true, ..self }
    }

    /// Whether its root is one the reader knew beforehand.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        !self.unpinned
    }

    /// With the policy that says which witnesses must sign.
    #[must_use]
    pub fn with_witnesses(self, policy: Option<String>) -> Self {
        Self { witness_policy: policy, ..self }
    }

    /// The signed file.
    ///
    /// # Errors
    /// What the signer says.
    pub fn seal(&self, method: &str, signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
        seal(&json!(self), method, self.issued_at, signer)
    }

    /// Reads and verifies a file. With `pinned` (a root Multikey) the root must be that one.
    ///
    /// # Errors
    /// Form, root, signature, checkpoint.
    pub fn open(bytes: &[u8], pinned: Option<&str>) -> Result<Self, TrustError> {
        Self::open_signed(bytes, pinned).map(|(trust, _)| trust)
    }

    /// The snapshot in `bytes` if it is newer than this one. It must be of the same root and host,
    /// and signed by no key that this one knows to be retired, expired or compromised by then.
    ///
    /// # Errors
    /// As [`Self::open`]; another host; such a signer.
    pub fn renewed(&self, bytes: &[u8]) -> Result<Option<Self>, TrustError> {
        match self.admits(bytes) {
            Ok(other) => Ok((other.sequence > self.sequence).then_some(other)),
            Err(TrustError::Rollback { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The snapshot in `bytes` if it may take this one's place: as [`Self::renewed`], but one of
    /// the same log size may, and an older one is an error.
    ///
    /// # Errors
    /// As [`Self::renewed`]; [`TrustError::Rollback`].
    pub fn admits(&self, bytes: &[u8]) -> Result<Self, TrustError> {
        let (other, method) = Self::open_signed(bytes, Some(&self.root))?;
        if other.host != self.host {
            let (found, expected) = (other.host, self.host.clone());
            return Err(TrustError::OtherLedger { found, expected });
        }
        if other.sequence < self.sequence {
            let (held, found) = (self.sequence, other.sequence);
            return Err(TrustError::Rollback { held, found });
        }
        if let Some(key) = self.service_key(&method) {
            may_sign(key, other.issued_at, "trust snapshot")?;
        }
        Ok(other)
    }

    fn open_signed(bytes: &[u8], pinned: Option<&str>) -> Result<(Self, String), TrustError> {
        let signed = split(bytes, "trust snapshot")?;
        let trust: Self = read_version(&signed, Self::KIND, &[1, 2, 3], "trust snapshot")?;
        trust.is_of_version()?;
        let chain = RootChain::of(&trust)?;
        if let Some(pinned) = pinned.filter(|pinned| !chain.holds(pinned)) {
            let (found, pinned) = (trust.root, pinned.to_owned());
            return Err(TrustError::Root { found, pinned });
        }
        let method = &signed.proof.verification_method;
        let service = chain
            .key(method, KeyPurpose::Service)
            .ok_or(TrustError::Signature { what: "trust snapshot" })?;
        check_signature(&signed, &service, "trust snapshot")?;
        trust.check_log(&chain)?;
        Ok((trust, signed.proof.verification_method))
    }

    /// A form has what its edition brought and nothing of a later one.
    fn is_of_version(&self) -> Result<(), TrustError> {
        let plain = |party: &Arc<PartyRecord>| party.names.is_empty() && party.contact.is_none();
        let later = self.version >= 3 || self.parties.iter().all(plain);
        if later && self.version == version_under(self.edition.unwrap_or_default()) {
            return Ok(());
        }
        let reason = format!("version {} has not what it holds", self.version);
        Err(TrustError::Form { what: "trust snapshot", reason })
    }

    fn check_log(&self, chain: &RootChain) -> Result<(), TrustError> {
        let key = NoteKey::parse(&self.log_key).map_err(TrustError::Checkpoint)?;
        if !chain.vouches(key.public(), KeyPurpose::Log) {
            return Err(TrustError::Signature { what: "log key" });
        }
        let origin = self.domain().map(|domain| domain.origin()).unwrap_or_default();
        let checkpoint =
            verify_checkpoint(&self.checkpoint, &key, &origin).map_err(TrustError::Checkpoint)?;
        if checkpoint.size == self.sequence {
            Ok(())
        } else {
            let reason = "its sequence is not its checkpoint's size".to_owned();
            Err(TrustError::Form { what: "trust snapshot", reason })
        }
    }

    /// The ledger's names.
    ///
    /// # Errors
    /// A host that is none.
    pub fn domain(&self) -> Result<Domain, IdError> {
        Domain::parse(&self.host)
    }

    /// The first root key's bytes: what a replay of the log starts from.
    #[must_use]
    pub fn root_key(&self) -> Option<[u8; 32]> {
        parse_multikey(self.genesis_root.as_ref().unwrap_or(&self.root))
    }

    /// A party.
    #[must_use]
    pub fn party(&self, slug: &PartySlug) -> Option<&PartyRecord> {
        self.parties.iter().map(AsRef::as_ref).find(|party: &&PartyRecord| party.party == *slug)
    }

    /// All label keys, and whose they are.
    pub fn label_signers(&self) -> impl Iterator<Item = (&PartyRecord, &KeyRecord)> {
        let keys =
            self.parties.iter().flat_map(|party| party.keys.iter().map(move |key| (&**party, key)));
        keys.filter(|(_, key)| key.purpose == KeyPurpose::Label)
    }

    /// The key of the service that signs snapshots and packs under this name.
    #[must_use]
    pub fn service_key(&self, method: &str) -> Option<&KeyRecord> {
        let authority = self.parties.iter().find(|party| party.party.as_str() == AUTHORITY)?;
        let mut keys = authority.keys.iter();
        keys.find(|key| key.verification_method == method && key.purpose == KeyPurpose::Service)
    }
}

/// The version of the form that goes with an edition of the rules.
fn version_under(edition: u32) -> u32 {
    match edition {
        0 => 1,
        edition if edition < LATER_FORMS_EDITION => 2,
        _ => 3,
    }
}

/// Parts a signed file, which must be in canonical form.
pub(crate) fn split(bytes: &[u8], what: &'static str) -> Result<Signed, TrustError> {
    let form = |error: StatementError| TrustError::Form { what, reason: error.to_string() };
    let value = parse_document(trim_newline(bytes)).map_err(form)?;
    Signed::split(value).map_err(form)
}

/// Whether a service key may have signed something made at `issued_at`: a thief writes any date, so
/// a key that was ever compromised signs nothing.
pub(crate) fn may_sign(
    key: &KeyRecord,
    issued_at: Timestamp,
    what: &'static str,
) -> Result<(), TrustError> {
    let standing = match key.standing(issued_at) {
        _ if key.compromised.is_some() => "compromised",
        KeyStanding::Retired => "retired",
        KeyStanding::Expired => "expired",
        _ => return Ok(()),
    };
    let name = key.verification_method.clone();
    Err(TrustError::Signer { what, issued_at, key: name, standing })
}

/// Reads the members of a signed file of one kind and version.
pub(crate) fn read_version<T: serde::de::DeserializeOwned>(
    signed: &Signed,
    kind: &str,
    versions: &[u64],
    what: &'static str,
) -> Result<T, TrustError> {
    let form = |reason: String| TrustError::Form { what, reason };
    if signed.document.get("type").and_then(Value::as_str) != Some(kind) {
        return Err(form(format!("its type is not {kind}")));
    }
    let version = signed.document.get("version").and_then(Value::as_u64);
    if version.is_none_or(|version| !versions.contains(&version)) {
        let known: Vec<String> = versions.iter().map(ToString::to_string).collect();
        return Err(form(format!("its version is not {}", known.join(" or "))));
    }
    // Read where it lies: a copy of the document would cost as much again.
    T::deserialize(&signed.document).map_err(|error| form(error.to_string()))
}

pub(crate) fn check_signature(
    signed: &Signed,
    public: &[u8; 32],
    what: &'static str,
) -> Result<(), TrustError> {
    let key = public_key(public).map_err(|_| TrustError::Signature { what })?;
    verify_signed(signed, &key).map_err(|_| TrustError::Signature { what })
}

fn trim_newline(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}
