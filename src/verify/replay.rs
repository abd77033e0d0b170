//! Replaying a log entry by entry, trusting nothing: leaf form, chain, strict profile, signature,
//! rules. Pure; fetching tiles and checkpoints is the shell's, as is the order of entries.

use thiserror::Error;

use crate::log::{Hash, Leaf, genesis_prev, leaf_hash};
use crate::register::{Register, signing_key};
use crate::seal::{Mark, verify_proof};
use crate::statement::Statement;

/// The first fault of a log, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("entry {index}: {code}: {reason}")]
pub struct AuditFault {
    /// Index of the entry.
    pub index: u64,
    /// Stable code.
    pub code: String,
    /// What is off.
    pub reason: String,
}

/// A replay under way.
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

    /// What the entries so far fold to.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Takes the next entry; the answer is its leaf hash.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Hash, AuditFault> {
        let index = self.register.size();
        let fault =
            |code: &str, reason: String| AuditFault { index, code: code.to_owned(), reason };
        let leaf = Leaf::parse(bytes).map_err(|e| fault(e.code(), e.to_string()))?;
        if leaf.index != index {
            return Err(fault("leaf_index", format!("it says it is entry {}", leaf.index)));
        }
        if leaf.prev != self.prev {
            return Err(fault("chain_broken", "prev is not the hash of the entry before".into()));
        }
        if self.register.last_at().is_some_and(|last| leaf.logged_at < last) {
            return Err(fault("time_back", "its log time is before the entry before".into()));
        }
        let statement = Statement::parse(leaf.statement, self.register.domain())
            .map_err(|e| fault(e.code(), e.to_string()))?;
        let key = signing_key(&self.register, &statement, leaf.logged_at)
            .map_err(|e| fault(e.code(), e.to_string()))?;
        let public = key.verifying_key().map_err(|e| fault(e.code(), e.to_string()))?;
        verify_proof(&statement, &public).map_err(|e| fault(e.code(), e.to_string()))?;
        let mark = Mark { index, logged_at: leaf.logged_at };
        self.register.fold(&statement, mark).map_err(|e| fault(e.code(), e.to_string()))?;
        self.prev = leaf_hash(bytes);
        Ok(self.prev)
    }
}
