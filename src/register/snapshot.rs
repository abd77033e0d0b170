//! A register as bytes, so that a ledger need not fold its whole log at each start. The bytes are a
//! function of the log's beginning alone: whoever replays it gets the same ones, and can compare
//! their digest. Pure; files and when one is written are the ledger's.
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
use super::certificates::{CertificateChanges, Certificates};
use super::digests::Digests;
use super::goods_state::Goods;
use super::lots::{LotChanges, Lots};
use super::names::{NameId, Names};
use super::rows::{CertificateRow, Fixed, LotRow};
use super::state::Facts;
use crate::catalog::Catalog;
use crate::log::Hash;
use crate::statement::Domain;
use crate::trace::{Reader, Trace};

/// Names the layout of the bytes.
const MAGIC: &[u8] = b"tasdiq register snapshot 1\n";

/// Names what an entry does to a register. It goes up with every change of the fold, of the rows
/// or of what stands in the JSON: an older snapshot is then not read, and the log is folded anew.
const RULES: u32 = 4;

/// Bytes of the digest at the end.
const DIGEST_BYTES: usize = 32;

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
struct Head {
    rules: u32,
    catalogue: Hash,
    origin: String,
    root_key: String,
    size: u64,
    root: Hash,
    prev: Hash,
}

/// What stands as JSON, as it is written.
#[derive(Serialize)]
struct Told<'a> {
    facts: &'a Facts,
    lots: Vec<(u32, &'a LotChanges)>,
    certificates: Vec<(u32, &'a CertificateChanges)>,
}

/// The same, as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    facts: Facts,
    lots: Vec<(u32, LotChanges)>,
    certificates: Vec<(u32, CertificateChanges)>,
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
        let mut goods = Vec::new();
        self.goods.trace.encode(&mut goods);
        writer.fixed(&(goods.len() as u64))?;
        writer.bytes(&goods)?;
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

impl Snapshot {
    /// Reads a snapshot of the ledger whose empty register is `empty`. Nothing is read before the
    /// digest was compared.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn read(bytes: &[u8], empty: &Register) -> Result<Self, SnapshotError> {
        let damaged = |what| SnapshotError::Damaged { what };
        let body = bytes.len().checked_sub(DIGEST_BYTES).ok_or_else(|| damaged("it is cut"))?;
        let (body, digest) = bytes.split_at(body);
        let found: [u8; DIGEST_BYTES] = Sha256::digest(body).into();
        if found != digest {
            return Err(damaged("its digest is another"));
        }
        let rest = body.strip_prefix(MAGIC);
        let mut rest = rest.ok_or(SnapshotError::Other { what: "format" })?;
        let head = u32::take(&mut rest).and_then(|length| part(&mut rest, u64::from(length)));
        let head: Head = from_json(head, "its head")?;
        head.is_of(empty)?;
        let mut register = empty.clone();
        register.names = read_names(&mut rest)?;
        let lots: Vec<LotRow> = read_rows(&mut rest).ok_or_else(|| damaged("lots"))?;
        let certificates = read_rows(&mut rest).ok_or_else(|| damaged("certificates"))?;
        let digests: Vec<[u8; 32]> = read_rows(&mut rest).ok_or_else(|| damaged("digests"))?;
        register.digests = Digests::of(digests);
        for _ in 0..u64::take(&mut rest).ok_or_else(|| damaged("ids"))? {
            let id = Fixed::take(&mut rest).zip(Fixed::take(&mut rest));
            let (id, index) = id.ok_or_else(|| damaged("ids"))?;
            register.ids.restore(id, index);
        }
        register.goods = read_goods(&mut rest)?;
        let told = u64::take(&mut rest).and_then(|length| part(&mut rest, length));
        let told: Read = from_json(told, "its facts")?;
        if !rest.is_empty() {
            return Err(damaged("more follows"));
        }
        register.facts = told.facts;
        register.restore_lots(lots, told.lots).ok_or_else(|| damaged("a lot"))?;
        register
            .restore_certificates(certificates, told.certificates)
            .ok_or_else(|| damaged("a certificate"))?;
        register.restore_keys();
        if !register.goods_fit() {
            return Err(damaged("goods"));
        }
        if register.digests.iter().len() as u64 != head.size || register.size() != head.size {
            return Err(damaged("its size"));
        }
        let digest = Hash::new(found);
        Ok(Self { register, root: head.root, prev: head.prev, digest })
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

    fn is_of(&self, empty: &Register) -> Result<(), SnapshotError> {
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

/// Rows that do not stand as the fold would have put them are None.
impl Register {
    fn restore_lots(&mut self, rows: Vec<LotRow>, changes: Vec<(u32, LotChanges)>) -> Option<()> {
        let mut next = 0;
        for row in &rows {
            let named = [row.owner, row.producer, row.product, row.name, row.hs_code, row.region];
            let named = named.iter().chain([&row.unit, &row.campaign]);
            let key = row.key == NameId::NONE || self.names.has(row.key);
            if row.index < next || !key || !named.into_iter().all(|id| self.names.has(*id)) {
                return None;
            }
            next = row.index.checked_add(1)?;
        }
        self.lots = Lots::of(rows, &self.names)?;
        (next <= self.facts.size).then_some(())?;
        for (place, changed) in changes {
            self.lots.row(place)?;
            self.lots.change(place, |lot| *lot = changed);
        }
        Some(())
    }

    fn restore_certificates(
        &mut self,
        rows: Vec<CertificateRow>,
        changes: Vec<(u32, CertificateChanges)>,
    ) -> Option<()> {
        let mut next = 0;
        for row in &rows {
            let mut named =
                [row.issuer, row.key, row.accreditation, row.scheme, row.scheme_edition]
                    .into_iter()
                    .chain((row.not_covered != NameId::NONE).then_some(row.not_covered));
            let lot = self.lots.row(row.lot)?;
            if row.index < next || lot.index >= row.index || !named.all(|id| self.names.has(id)) {
                return None;
            }
            next = row.index.checked_add(1)?;
        }
        let behind = self.lots.all_certified(rows.iter().map(|row| row.lot))?;
        self.certificates = Certificates::of(rows)?;
        behind.into_iter().for_each(|(before, next)| self.certificates.link(before, next));
        (next <= self.facts.size).then_some(())?;
        for (place, changed) in changes {
            self.certificates.row(place)?;
            self.certificates.change(place, |certificate| *certificate = changed);
        }
        Some(())
    }

    /// The figures have the lots of the register, by their numbers, or nothing at all.
    fn goods_fit(&self) -> bool {
        let lots = if self.keeps_goods() { self.lots.len() } else { 0 };
        let (trace, events) = (&self.goods.trace, &self.goods.events);
        let rising = events.iter().zip(events.iter().skip(1)).all(|(one, next)| one < next);
        let named = events.last().is_none_or(|last| *last < self.facts.size);
        trace.lot_count() == lots && trace.event_count() == events.len() && rising && named
    }

    /// The public keys that are in use.
    fn restore_keys(&mut self) {
        let keys = self.facts.parties.values().flat_map(|party| &party.keys);
        self.public_keys = keys.map(|key| key.public).collect();
    }
}

fn read_names(rest: &mut &[u8]) -> Result<Names, SnapshotError> {
    let damaged = || SnapshotError::Damaged { what: "names" };
    let mut names = Names::default();
    for place in 0..u64::take(rest).ok_or_else(damaged)? {
        let length = Fixed::take(rest).map(u16::from_le_bytes).ok_or_else(damaged)?;
        let text = part(rest, u64::from(length)).and_then(|text| std::str::from_utf8(text).ok());
        let id = names.of(text.ok_or_else(damaged)?);
        // A text that stands twice would have had one number.
        if u64::from(id.0) != place {
            return Err(damaged());
        }
    }
    Ok(names)
}

fn read_goods(rest: &mut &[u8]) -> Result<Goods, SnapshotError> {
    let damaged = |what| SnapshotError::Damaged { what };
    let bytes = u64::take(rest).and_then(|length| part(rest, length));
    let mut bytes = Reader::new(bytes.ok_or_else(|| damaged("goods"))?);
    let trace = Trace::decode(&mut bytes).map_err(|fault| damaged(fault.what))?;
    if !bytes.rest().is_empty() {
        return Err(damaged("goods"));
    }
    let events: Vec<u64> = read_rows(rest).ok_or_else(|| damaged("events"))?;
    Ok(Goods { trace, events: events.into() })
}

fn read_rows<T: Fixed>(rest: &mut &[u8]) -> Option<Vec<T>> {
    let count = usize::try_from(u64::take(rest)?).ok()?;
    let bytes = count.checked_mul(T::BYTES)?;
    let mut rows = part(rest, bytes as u64)?;
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        all.push(T::take(&mut rows)?);
    }
    Some(all)
}

/// Takes so many bytes off the front.
fn part<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (part, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(part)
}

fn from_json<'a, T: Deserialize<'a>>(
    bytes: Option<&'a [u8]>,
    what: &'static str,
) -> Result<T, SnapshotError> {
    let value = bytes.and_then(|bytes| serde_json::from_slice(bytes).ok());
    value.ok_or(SnapshotError::Damaged { what })
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
