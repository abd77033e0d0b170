//! A register as bytes, so that a ledger need not fold its whole log at each start. The bytes are a
//! function of the log's beginning alone: whoever replays it gets the same ones, and can compare
//! their digest. Pure; files and when one is written are the ledger's. Not here: reading
//! (`snapshot_read`).
//!
//! ```text
//! magic      "tasdiq register snapshot 1\n"
//! head       u32 length, JSON: rules, catalogue, origin, root key, size, tree root, prev
//! names      u64 count, each u16 length and UTF-8
//! lots       u64 count, rows of fixed width (`rows`), in the order of the log
//! certificates   the same
//! digests    u64 count, 32 bytes each, in the order of the log
//! ids        u64 count, 16 bytes and u64 each, rising
//! goods      u64 length, bytes of the figures (`trace`)
//! events     u64 count, u64 each: the log entry of each event of the figures
//! facts      u64 length, JSON: everything else
//! digest     SHA-256 over all of the above
//! ```
//! Integers are little-endian. What is told twice (where a key or serial stands) is made anew.
//!
//! Invariant: a snapshot is only as good as the log it is of. Whoever takes one up compares
//! [`Snapshot::root`] with the root of the tree of so many entries.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Register;
use super::certificates::CertificateChanges;
use super::lots::LotChanges;
use super::rows::Fixed;
use super::state::Facts;
use crate::catalog::Catalog;
use crate::log::Hash;
use crate::statement::Domain;

/// Names the layout of the bytes.
pub(super) const MAGIC: &[u8] = b"tasdiq register snapshot 1\n";

/// Names what an entry does to a register. It goes up with every change of the fold, of the rows
/// or of what stands in the JSON: an older snapshot is then not read, and the log is folded anew.
const RULES: u32 = 5;

/// Bytes of the digest at the end.
pub(super) const DIGEST_BYTES: usize = 32;

/// Bytes gathered before they are handed on.
const CHUNK_BYTES: usize = 65_536;

/// A register that was read back, and of which log it is.
#[derive(Clone)]
pub struct Snapshot {
    /// The register.
    pub register: Register,
    /// The root of the tree of its entries.
    pub root: Hash,
    /// The leaf hash of its last entry, which the next one names.
    pub prev: Hash,
    /// SHA-256 over the bytes before it.
    pub digest: Hash,
}

/// Why bytes are no snapshot to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// Cut, or changed since it was written.
    #[error("it is damaged: {what}")]
    Damaged {
        /// What is off.
        what: &'static str,
    },
    /// Written under other rules or another catalogue, or of another ledger.
    #[error("it was made under another {what}")]
    Other {
        /// What differs.
        what: &'static str,
    },
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Head {
    rules: u32,
    catalogue: Hash,
    origin: String,
    root_key: String,
    pub size: u64,
    pub root: Hash,
    pub prev: Hash,
}

/// What stands as JSON, as it is written.
#[derive(Serialize)]
struct Told<'a> {
    facts: &'a Facts,
    lots: Vec<(u32, &'a LotChanges)>,
    certificates: Vec<(u32, &'a CertificateChanges)>,
}

impl Register {
    /// Hands the snapshot's bytes to `out`, part by part; the answer is their digest. `root` is the
    /// root of the tree of its entries, `prev` the leaf hash of the last.
    ///
    /// # Errors
    /// What `out` says.
    pub fn snapshot<E>(
        &self,
        root: &Hash,
        prev: &Hash,
        out: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<Hash, E> {
        let mut writer = Writer { hash: Sha256::new(), waiting: Vec::new(), out };
        writer.bytes(MAGIC)?;
        let head = Head { root: *root, prev: *prev, ..Head::of(&self.domain, self.catalog, self) };
        let head = json(&head);
        writer.fixed(&u32::try_from(head.len()).unwrap_or(u32::MAX))?;
        writer.bytes(&head)?;
        writer.fixed(&(self.names.iter().len() as u64))?;
        for name in self.names.iter() {
            // Texts of statements: below 65,536 bytes, as all of a statement is.
            writer.fixed(&u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes())?;
            writer.bytes(name.as_bytes())?;
        }
        writer.all(self.lots.rows())?;
        writer.all(self.certificates.rows())?;
        writer.all(self.digests.iter())?;
        writer.fixed(&(self.ids.iter().len() as u64))?;
        for (id, index) in self.ids.iter() {
            writer.fixed(id)?;
            writer.fixed(index)?;
        }
        writer.fixed(&(self.goods.trace.encoded_len() as u64))?;
        self.goods.trace.encode_in(&mut |part| writer.bytes(part))?;
        writer.all(self.goods.events.iter())?;
        let told = Told {
            facts: &self.facts,
            lots: self.lots.changes().collect(),
            certificates: self.certificates.changes().collect(),
        };
        let told = json(&told);
        writer.fixed(&(told.len() as u64))?;
        writer.bytes(&told)?;
        writer.finish()
    }

    /// The digest of the snapshot alone: what an auditor compares.
    #[must_use]
    pub fn snapshot_digest(&self, root: &Hash, prev: &Hash) -> Hash {
        let digest = self.snapshot(root, prev, &mut |_| Ok::<(), std::convert::Infallible>(()));
        digest.unwrap_or_else(|never| match never {})
    }
}

impl Head {
    fn of(domain: &Domain, catalog: &Catalog, register: &Register) -> Self {
        let none = Hash::new([0; 32]);
        Self {
            rules: RULES,
            catalogue: Hash::new(*catalog.digest()),
            origin: domain.origin(),
            root_key: crate::statement::multikey(register.root()),
            size: register.size(),
            root: none,
            prev: none,
        }
    }

    pub fn is_of(&self, empty: &Register) -> Result<(), SnapshotError> {
        let own = Self::of(&empty.domain, empty.catalog, empty);
        let differs = [
            ("set of rules", self.rules != own.rules),
            ("catalogue", self.catalogue != own.catalogue),
            ("ledger", self.origin != own.origin),
            ("root key", self.root_key != own.root_key),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            Some((what, _)) => Err(SnapshotError::Other { what }),
            None => Ok(()),
        }
    }
}

/// Plain members, lists and texts: serialising them into memory has no way to fail.
fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// Bytes on their way out.
struct Writer<'a, E> {
    hash: Sha256,
    waiting: Vec<u8>,
    out: &'a mut dyn FnMut(&[u8]) -> Result<(), E>,
}

impl<E> Writer<'_, E> {
    fn fixed<T: Fixed>(&mut self, value: &T) -> Result<(), E> {
        value.put(&mut self.waiting);
        self.flush(CHUNK_BYTES)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), E> {
        self.waiting.extend_from_slice(bytes);
        self.flush(CHUNK_BYTES)
    }

    /// Rows behind their number.
    fn all<'b, T: Fixed + 'b>(
        &mut self,
        rows: impl ExactSizeIterator<Item = &'b T>,
    ) -> Result<(), E> {
        self.fixed(&(rows.len() as u64))?;
        for row in rows {
            self.fixed(row)?;
        }
        Ok(())
    }

    fn flush(&mut self, least: usize) -> Result<(), E> {
        if self.waiting.len() >= least {
            self.hash.update(&self.waiting);
            (self.out)(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Hash, E> {
        self.flush(0)?;
        let digest: [u8; 32] = self.hash.finalize().into();
        (self.out)(&digest)?;
        Ok(Hash::new(digest))
    }
}
