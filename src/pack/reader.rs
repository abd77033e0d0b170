//! A pack at hand: opened under a trust snapshot, then asked record by record. What is read is
//! compared with its signed hash; the first damage is remembered, and no verdict passes after it.

use std::sync::{Arc, Mutex, PoisonError};

use super::codec::{Block, Read};
use super::container::{Container, PackBytes};
use super::form::{BlockKind, PackForm};
use super::manifest::{PackManifest, WHAT};
use super::tables::{
    CertificateTable, LotTable, PackTable, PackedLot, SerialTable, TABLES, lot_key_bytes,
};
use crate::limits::PACK_WHOLE_BYTES_MAX;
use crate::log::Hash;
use crate::names::LotKey;
use crate::register::{CertificateRecord, Inherited, LotRecord, LotTrace};
use crate::statement::Timestamp;
use crate::trust::{StatusData, Trust, TrustError};

/// Decoded blocks kept in memory: some 100 kB each.
const BLOCKS_KEPT: usize = 24;

/// Decoded blocks of a table by place, the one last asked for at the end.
type Kept = Vec<(usize, Arc<Block>)>;

/// A file read as far as its directory; nothing in it is believed yet.
pub struct PackFile<'a> {
    pub(super) container: Container<'a>,
}

/// A pack that was verified against a trust snapshot.
pub struct Pack<'a> {
    pub(super) container: Container<'a>,
    pub(super) manifest: PackManifest,
    kept: Mutex<[Kept; TABLES]>,
    damage: Mutex<Option<String>>,
}

impl<'a> PackFile<'a> {
    /// Reads header, manifest, trust snapshot and directory.
    ///
    /// # Errors
    /// [`TrustError::Form`]: no pack, or one that is cut short.
    pub fn read(bytes: impl PackBytes + 'a) -> Result<Self, TrustError> {
        match Container::open(Box::new(bytes)) {
            Ok(container) => Ok(Self { container }),
            Err(reason) => Err(TrustError::Form { what: WHAT, reason }),
        }
    }

    /// Whether it only holds what changed since an earlier pack.
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.container.kind == BlockKind::Delta
    }

    /// The signed manifest, a JSON document.
    #[must_use]
    pub fn manifest_bytes(&self) -> &[u8] {
        &self.container.manifest
    }

    /// The trust snapshot in it, signed as it was put in.
    #[must_use]
    pub fn trust_bytes(&self) -> &[u8] {
        &self.container.trust
    }

    /// The trust snapshot to judge by: the one in the file where it is newer than `known` and under
    /// the same root, signed by a key that `known` does not refuse; else `known`.
    ///
    /// # Errors
    /// A snapshot that is not genuine, of another root or host.
    pub fn newest_trust(&self, known: &Trust) -> Result<Trust, TrustError> {
        Ok(known.renewed(self.trust_bytes())?.unwrap_or_else(|| known.clone()))
    }

    /// Verifies it under a trust snapshot.
    ///
    /// # Errors
    /// Another ledger, signature, retired or compromised signer, checkpoint, directory.
    pub fn open(self, trust: &Trust) -> Result<Pack<'a>, TrustError> {
        let form = |reason: &str| TrustError::Form { what: WHAT, reason: reason.to_owned() };
        if self.is_delta() {
            return Err(form("it only holds changes: apply it with `tasdiq pack --in`"));
        }
        let manifest = PackManifest::open(&self.container.manifest, self.container.form, trust)?;
        if !Hash::sha256(&self.container.trust).matches(&manifest.trust_digest) {
            return Err(TrustError::Damaged {
                reason: "its trust snapshot was altered".to_owned(),
            });
        }
        if !self.container.root().matches(&manifest.blocks_digest) {
            return Err(TrustError::Damaged { reason: "its directory was altered".to_owned() });
        }
        let container = self.container;
        Ok(Pack { container, manifest, kept: Mutex::default(), damage: Mutex::default() })
    }
}

impl<'a> Pack<'a> {
    /// Reads a pack and verifies it under a trust snapshot; blocks are read when asked for.
    ///
    /// # Errors
    /// As [`PackFile::read`] and [`PackFile::open`].
    pub fn open(bytes: impl PackBytes + 'a, trust: &Trust) -> Result<Self, TrustError> {
        PackFile::read(bytes)?.open(trust)
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_update(&self) -> Timestamp {
        self.manifest.next_update
    }

    /// Number of lots.
    #[must_use]
    pub fn lots(&self) -> u64 {
        self.manifest.lots
    }

    /// Number of certificates.
    #[must_use]
    pub fn certificates(&self) -> u64 {
        self.manifest.certificates
    }

    /// The hash over all its blocks: what [`super::pack_root_of`] a register of this size gives.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.manifest.blocks_digest
    }

    /// Reads and checks every block of a small pack, so that no damage goes unseen; of a large one
    /// each block is checked when a look-up reads it.
    ///
    /// # Errors
    /// [`TrustError::Damaged`]: the first damage.
    pub fn look_through(&self) -> Result<(), TrustError> {
        if self.container.size() > PACK_WHOLE_BYTES_MAX { Ok(()) } else { self.check() }
    }

    /// Reads and checks every block.
    ///
    /// # Errors
    /// [`TrustError::Damaged`]: the first damage.
    pub fn check(&self) -> Result<(), TrustError> {
        self.check_all().map_err(|reason| TrustError::Damaged { reason })
    }

    fn check_all(&self) -> Read<()> {
        let lots = self.rows::<LotTable>().try_fold(0_u64, |n, row| row.map(|_| n + 1))?;
        let found = self.rows::<CertificateTable>().try_fold(0_u64, |n, row| row.map(|_| n + 1))?;
        let serials = self.rows::<SerialTable>().try_fold(0_u64, |n, row| row.map(|_| n + 1))?;
        if (lots, found, serials) != (self.lots(), self.certificates(), self.certificates()) {
            return Err("it does not hold as many records as it says".to_owned());
        }
        Ok(())
    }

    /// All rows of a table, in order.
    pub(super) fn rows<T: PackTable>(&self) -> impl Iterator<Item = Read<T::Record>> {
        rows_of::<T>(&self.container)
    }

    fn block<T: PackTable>(&self, place: usize) -> Read<Arc<Block>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_mut(T::PLACE).ok_or("there is no such table")?;
        if let Some(at) = kept.iter().position(|(known, _)| *known == place) {
            let found = kept.remove(at);
            let block = found.1.clone();
            kept.push(found);
            return Ok(block);
        }
        let block = Arc::new(self.container.block::<T>(place)?);
        if kept.len() >= BLOCKS_KEPT {
            kept.remove(0);
        }
        kept.push((place, block.clone()));
        Ok(block)
    }

    fn find<T: PackTable>(
        &self,
        key: &[u8],
        row_of: impl Fn(&Block) -> Option<usize>,
    ) -> Read<Option<T::Record>> {
        let Some(place) = self.container.block_of::<T>(key) else { return Ok(None) };
        let block = self.block::<T>(place)?;
        row_of(&block).map(|row| T::get(&block, row)).transpose()
    }

    fn certificate_found(&self, index: u64) -> Read<Option<CertificateRecord>> {
        let row = |block: &Block| block.columns.get(5)?.binary_search(&index).ok();
        self.find::<CertificateTable>(&index.to_be_bytes(), row)
    }

    fn lot_found(&self, key: &LotKey) -> Read<Option<PackedLot>> {
        let sought = lot_key_bytes(key);
        let number = key.number().as_str();
        let row = |block: &Block| {
            let rows = block.numbers.iter().enumerate().filter(|(_, known)| *known == number);
            let mut rows = rows.map(|(row, _)| row);
            rows.find(|row| LotTable::get(block, *row).is_ok_and(|lot| lot.record.lot == *key))
        };
        self.find::<LotTable>(&sought, row)
    }

    /// What a certificate is named by in a serial or a lot must be there.
    fn certificate_named(&self, index: u64) -> Read<CertificateRecord> {
        let missing = || format!("it names certificate {index} and does not hold it");
        self.certificate_found(index)?.ok_or_else(missing)
    }

    /// The answer; damage is remembered and answered with nothing.
    fn heed<R: Default>(&self, found: Read<R>) -> R {
        found.unwrap_or_else(|reason| {
            let mut damage = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
            damage.get_or_insert(reason);
            R::default()
        })
    }
}

/// All rows of a table, block by block.
pub(super) fn rows_of<'c, T: PackTable>(
    container: &'c Container<'_>,
) -> impl Iterator<Item = Read<T::Record>> + 'c {
    let blocks = (0..container.blocks::<T>()).map(|place| container.block::<T>(place));
    blocks.flat_map(|block| {
        let (block, failed) = match block {
            Ok(block) => (block, None),
            Err(reason) => (Block::default(), Some(Err(reason))),
        };
        (0..block.rows).map(move |row| T::get(&block, row)).chain(failed)
    })
}

impl StatusData for Pack<'_> {
    fn issued_at(&self) -> Timestamp {
        self.manifest.issued_at
    }

    fn covers(&self) -> u64 {
        self.manifest.sequence
    }

    fn checkpoint(&self) -> &str {
        &self.manifest.checkpoint
    }

    fn certificate_at(&self, index: u64) -> Option<CertificateRecord> {
        self.heed(self.certificate_found(index))
    }

    fn certificate(&self, serial: u64) -> Option<CertificateRecord> {
        let row = |block: &Block| block.columns.first()?.binary_search(&serial).ok();
        let found = self.find::<SerialTable>(&serial.to_be_bytes(), row);
        let found = found.and_then(|at| at.map(|at| self.certificate_named(at.index)).transpose());
        self.heed(found)
    }

    fn lot(&self, key: &LotKey) -> Option<LotRecord> {
        self.heed(self.lot_found(key)).map(|lot| lot.record)
    }

    fn inherited(&self, key: &LotKey) -> Option<Inherited> {
        self.heed(self.lot_found(key))?.goods.inherited
    }

    fn knows_descent(&self) -> bool {
        self.container.form == PackForm::Third
    }

    fn trace(&self, key: &LotKey) -> Option<LotTrace> {
        let lot = self.heed(self.lot_found(key)).filter(|_| self.knows_descent())?;
        Some(LotTrace::of_record(&lot.goods))
    }

    fn certificates_of(&self, key: &LotKey) -> Vec<CertificateRecord> {
        let indexes = self.heed(self.lot_found(key)).map(|lot| lot.certificates);
        let indexes = indexes.unwrap_or_default();
        self.heed(indexes.into_iter().map(|index| self.certificate_named(index)).collect())
    }

    fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
