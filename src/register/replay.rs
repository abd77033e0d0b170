//! Replaying a log entry by entry, trusting nothing: leaf form, chain, strict profile, signature,
//! rules. Pure; fetching tiles and checkpoints is the shell's. Two steps, so that the costly one
//! (parsing, signatures) can run on all cores: [`prepare`], then [`Replayer::take`] in order.

use std::collections::HashMap;

use ed25519_dalek::VerifyingKey;
use thiserror::Error;

use super::{Register, signing_key};
use crate::log::{Hash, Leaf, genesis_prev, leaf_hash};
use crate::seal::{KeyRecord, LogPosition, SealError, public_key, verify_proof, verify_sidecar};
use crate::statement::{Statement, Timestamp};

/// The first fault of a log, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Error, serde::Serialize)]
#[error("entry {index}: {code}: {reason}")]
pub struct AuditFault {
    /// Index of the entry.
    pub index: u64,
    /// Stable code.
    pub code: String,
    /// What is off.
    pub reason: String,
}

/// An entry parsed and, if its key was known beforehand, verified.
pub struct PreparedEntry {
    index: u64,
    logged_at: Timestamp,
    prev: Hash,
    hash: Hash,
    statement: Statement,
    signatures: Signatures,
    verified_under: Option<[u8; 32]>,
    sidecar: Option<Sidecar>,
}

/// What a replay makes of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatures {
    /// They are checked: the log is somebody else's.
    Check,
    /// They were checked when the entries were taken in: the log is the ledger's own.
    Trusted,
}

/// What stands beside an entry.
struct Sidecar {
    /// The vc+jwt, detached.
    detached: String,
    /// Whether it was verified under the key that the entry was.
    verified: bool,
}

impl PreparedEntry {
    /// Whether a vc+jwt stands beside it.
    #[must_use]
    pub fn has_sidecar(&self) -> bool {
        self.sidecar.is_some()
    }

    /// When the log says it was logged.
    #[must_use]
    pub fn logged_at(&self) -> Timestamp {
        self.logged_at
    }

    /// The RFC 6962 leaf hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// What is claimed.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Where and when the log recorded it, by its own words.
    #[must_use]
    pub fn mark(&self) -> LogPosition {
        LogPosition { index: self.index, logged_at: self.logged_at }
    }
}

impl PreparedEntry {
    /// Verifies what was not verified under this key beforehand.
    fn verify_under(&self, key: &KeyRecord) -> Result<(), SealError> {
        let before = self.verified_under == Some(key.public);
        if before && self.sidecar.as_ref().is_none_or(|sidecar| sidecar.verified) {
            return Ok(());
        }
        let public = key.verifying_key()?;
        if !before {
            verify_proof(&self.statement, &public)?;
        }
        let sidecar = self.sidecar.as_ref();
        sidecar.map_or(Ok(()), |it| verify_sidecar(&self.statement, &it.detached, &public))
    }
}

/// Prepares entries under the keys that a register (of any earlier size) knows. A key's point is
/// unpacked once, not for every signature.
pub struct Preparer<'a> {
    register: &'a Register,
    signatures: Signatures,
    keys: HashMap<[u8; 32], Option<VerifyingKey>>,
}

impl<'a> Preparer<'a> {
    /// With the keys of `register`.
    #[must_use]
    pub fn new(register: &'a Register, signatures: Signatures) -> Self {
        Self { register, signatures, keys: HashMap::new() }
    }

    /// Parses the entry expected at `index` and verifies its signature under the key that the
    /// register knows by that name; [`Replayer::take`] checks that it was the right one.
    ///
    /// # Errors
    /// The first thing wrong with the bytes themselves.
    pub fn entry(&mut self, bytes: &[u8], index: u64) -> Result<PreparedEntry, AuditFault> {
        let fault =
            |code: &str, reason: String| AuditFault { index, code: code.to_owned(), reason };
        let leaf = Leaf::parse(bytes).map_err(|e| fault(e.code(), e.to_string()))?;
        let statement = Statement::parse(leaf.statement, self.register.domain())
            .map_err(|e| fault(e.code(), e.to_string()))?;
        Ok(PreparedEntry {
            index: leaf.index,
            logged_at: leaf.logged_at,
            prev: leaf.prev,
            hash: leaf_hash(bytes),
            signatures: self.signatures,
            verified_under: self.verified_under(&statement),
            statement,
            sidecar: None,
        })
    }

    /// The entry with what a source has beside it: a detached vc+jwt, empty for none.
    ///
    /// # Errors
    /// What is no text. [`Replayer::take`] says whether it is the entry's.
    pub fn beside(
        &mut self,
        entry: PreparedEntry,
        detached: &[u8],
    ) -> Result<PreparedEntry, AuditFault> {
        if detached.is_empty() {
            return Ok(entry);
        }
        let detached = String::from_utf8(detached.to_vec()).map_err(|_| AuditFault {
            index: entry.index,
            code: "sidecar_invalid".to_owned(),
            reason: "its vc+jwt is not UTF-8".to_owned(),
        })?;
        let key = entry.verified_under.and_then(|public| self.keys.get(&public)?.as_ref());
        let verified =
            key.is_some_and(|key| verify_sidecar(&entry.statement, &detached, key).is_ok());
        Ok(PreparedEntry { sidecar: Some(Sidecar { detached, verified }), ..entry })
    }

    fn verified_under(&mut self, statement: &Statement) -> Option<[u8; 32]> {
        if self.signatures == Signatures::Trusted {
            return None;
        }
        let known = self.register.key(&statement.proof.verification_method)?;
        let public = known.public;
        let key = self.keys.entry(public).or_insert_with(|| public_key(&public).ok());
        verify_proof(statement, key.as_ref()?).ok().map(|()| public)
    }
}

/// Prepares one entry: see [`Preparer::entry`].
///
/// # Errors
/// The first thing wrong with the bytes themselves.
pub fn prepare(bytes: &[u8], index: u64, register: &Register) -> Result<PreparedEntry, AuditFault> {
    Preparer::new(register, Signatures::Check).entry(bytes, index)
}

/// A replay under way.
#[derive(Clone)]
pub struct Replayer {
    register: Register,
    prev: Hash,
}

impl Replayer {
    /// Before the first entry; `register` is empty and knows the pinned root.
    #[must_use]
    pub fn new(register: Register) -> Self {
        let prev = genesis_prev(&register.domain().origin());
        Self { register, prev }
    }

    /// Behind the last entry that `register` was folded from, whose leaf hash is `prev`.
    #[must_use]
    pub fn resume(register: Register, prev: Hash) -> Self {
        Self { register, prev }
    }

    /// The leaf hash of the last entry: what the next one names.
    #[must_use]
    pub fn prev(&self) -> Hash {
        self.prev
    }

    /// What the entries fold to, when there are no more.
    #[must_use]
    pub fn into_register(self) -> Register {
        self.register
    }

    /// What the entries so far fold to.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Whether the figures of all lots add up after the entries so far: every gram is somewhere,
    /// and none is twice.
    ///
    /// # Errors
    /// `balance_broken`, with the last entry.
    pub fn balanced(&self) -> Result<(), AuditFault> {
        self.adds_up(self.register.broken())
    }

    fn adds_up(&self, broken: Option<String>) -> Result<(), AuditFault> {
        let Some(lot) = broken else { return Ok(()) };
        let index = self.register.size().saturating_sub(1);
        let reason = format!("the figures of lot {lot} do not add up: report this release");
        Err(AuditFault { index, code: "balance_broken".to_owned(), reason })
    }

    /// Takes the next entry's bytes; the answer is its leaf hash.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn take_bytes(&mut self, bytes: &[u8]) -> Result<Hash, AuditFault> {
        let entry = prepare(bytes, self.register.size(), &self.register)?;
        self.take(&entry)
    }

    /// Takes the next entry; the answer is its leaf hash.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn take(&mut self, entry: &PreparedEntry) -> Result<Hash, AuditFault> {
        let index = self.register.size();
        let fault =
            |code: &str, reason: String| AuditFault { index, code: code.to_owned(), reason };
        if entry.index != index {
            return Err(fault("leaf_index", format!("it says it is entry {}", entry.index)));
        }
        if entry.prev != self.prev {
            return Err(fault("chain_broken", "prev is not the hash of the entry before".into()));
        }
        if self.register.last_at().is_some_and(|last| entry.logged_at < last) {
            return Err(fault("time_back", "its log time is before the entry before".into()));
        }
        let statement = &entry.statement;
        if entry.signatures == Signatures::Check {
            let key = signing_key(&self.register, statement, entry.logged_at)
                .map_err(|e| fault(e.code(), e.to_string()))?;
            entry.verify_under(&key).map_err(|e| fault(e.code(), e.to_string()))?;
        }
        let mark = LogPosition { index, logged_at: entry.logged_at };
        self.register.fold(statement, mark).map_err(|e| fault(e.code(), e.to_string()))?;
        self.adds_up(self.register.broken_with(statement))?;
        self.prev = entry.hash;
        Ok(entry.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::statement::Domain;
    use crate::trace::{Act, Declaration, Event, Holder, Material, Opening, Quantity};

    /// What no history leads to: only an error of ours would.
    #[test]
    fn a_gram_that_came_from_nothing_is_a_fault() {
        let domain = Domain::parse("ledger.example").unwrap();
        let mut register = Register::new(domain, [7; 32], Catalog::builtin().unwrap());
        let (material, producer, opening) = (Material(1), Holder(1), Opening::Primary);
        let quantity = Quantity::new(1_000).unwrap();
        let born = Declaration { material, producer, quantity, opening, harvested: None };
        let event = Event { at: 0, logged_at: 0, issuer: producer, act: Act::Declare(born) };
        let lot = register.goods.trace.apply(&event).unwrap().lot.unwrap();
        assert_eq!(Replayer::new(register.clone()).balanced(), Ok(()));
        register.goods.trace.spill(lot);
        let fault = Replayer::new(register).balanced().unwrap_err();
        assert_eq!(fault.code, "balance_broken");
        assert!(fault.reason.contains("number 0"), "{}", fault.reason);
    }
}
