//! Makes a pack's blocks from records in order, and the one hash over all of them. The same records
//! give the same hash, whatever the deflate library does; signing is `manifest`'s, files are
//! `container`'s.

use sha2::{Digest, Sha256};

use super::codec::{Filling, Read};
use super::form::PackForm;
use super::tables::{
    CertificateTable, LotTable, PackTable, PackedLot, SerialAt, SerialTable, TABLES,
};
use crate::log::Hash;
use crate::register::{CertificateRecord, GoodsRecords, Register};

/// Blocks with their directory, and the hash that a manifest signs.
#[derive(Clone, Debug)]
pub struct Contents {
    pub(super) form: PackForm,
    /// The edition of the rules in force.
    pub(super) edition: u32,
    pub(super) directory: Vec<u8>,
    pub(super) blocks: Vec<u8>,
    pub(super) block_counts: [u32; TABLES],
    /// Lots.
    pub lots: u64,
    /// Certificates.
    pub certificates: u64,
    /// SHA-256 over number, hashes and first keys of all blocks.
    pub root: Hash,
}

/// Takes lots by key, then certificates by log index.
pub struct PackWriter {
    lots: TableWriter<LotTable>,
    certificates: TableWriter<CertificateTable>,
    serials: Vec<SerialAt>,
    stores: bool,
    form: PackForm,
    edition: u32,
}

impl Default for PackWriter {
    fn default() -> Self {
        Self::new(true, PackForm::Second, 0)
    }
}

impl PackWriter {
    fn new(stores: bool, form: PackForm, edition: u32) -> Self {
        let (lots, certificates) = (TableWriter::new(stores), TableWriter::new(stores));
        Self { lots, certificates, serials: Vec::new(), stores, form, edition }
    }

    fn of(register: &Register, stores: bool) -> Self {
        Self::new(stores, PackForm::of(register), register.edition())
    }

    /// For the newer pack of an older one and a delta, both of this form.
    pub(super) fn again(form: PackForm, edition: u32) -> Self {
        Self::new(true, form, edition)
    }

    /// The next lot, by key, with the log indexes of its certificates.
    ///
    /// # Errors
    /// A lot out of order, or one too large for a block.
    pub fn lot(&mut self, lot: &PackedLot) -> Result<(), String> {
        self.lots.push(lot)
    }

    /// The next certificate, by log index.
    ///
    /// # Errors
    /// As [`Self::lot`].
    pub fn certificate(&mut self, record: &CertificateRecord) -> Result<(), String> {
        self.serials.push(SerialAt { serial: record.serial, index: record.mark.index });
        self.certificates.push(record)
    }

    /// Closes all tables.
    ///
    /// # Errors
    /// A serial that stands twice.
    pub fn finish(mut self) -> Result<Contents, String> {
        self.serials.sort_unstable();
        let mut serials: TableWriter<SerialTable> = TableWriter::new(self.stores);
        self.serials.iter().try_for_each(|serial| serials.push(serial))?;
        let tables = [self.lots.finish()?, self.certificates.finish()?, serials.finish()?];
        Contents::of(self.form, self.edition, tables)
    }

    /// For a delta: no serials.
    pub(super) fn finish_changes(self) -> Result<Contents, String> {
        let none = TableWriter::<SerialTable>::new(true).finish()?;
        let tables = [self.lots.finish()?, self.certificates.finish()?, none];
        Contents::of(self.form, self.edition, tables)
    }
}

impl Contents {
    /// The contents of a register, whole.
    ///
    /// # Errors
    /// A record too large for a block.
    pub fn of_register(register: &Register) -> Result<Self, String> {
        fill(PackWriter::of(register, true), register, 0)?.finish()
    }

    /// What is new or changed in a register since it had `since` entries.
    pub(super) fn changes(register: &Register, since: u64) -> Read<Self> {
        fill(PackWriter::of(register, true), register, since)?.finish_changes()
    }

    fn of(form: PackForm, edition: u32, tables: [Finished; TABLES]) -> Read<Self> {
        let (mut directory, mut blocks) = (Vec::new(), Vec::new());
        let mut block_counts = [0; TABLES];
        let mut hash = Sha256::new_with_prefix(form.root_prefix());
        for (table, count) in tables.iter().zip(&mut block_counts) {
            *count = u32::try_from(table.entries.len()).map_err(|error| error.to_string())?;
            hash_table(&mut hash, table.entries.iter().map(|(hash, key, _)| (hash, &key[..])));
            for (hash, key, length) in &table.entries {
                put_entry(&mut directory, hash, key, *length)?;
            }
            blocks.extend_from_slice(&table.blocks);
        }
        let [lots, certificates, _] = tables.map(|table| table.rows);
        let root = Hash::new(hash.finalize().into());
        Ok(Self { form, edition, directory, blocks, block_counts, lots, certificates, root })
    }
}

/// The hash that a pack of this register must have: an auditor who replayed the log to a pack's
/// sequence compares it with the pack's.
///
/// # Errors
/// A record too large for a block.
pub fn pack_root_of(register: &Register) -> Result<Hash, String> {
    Ok(fill(PackWriter::of(register, false), register, 0)?.finish()?.root)
}

fn fill(mut writer: PackWriter, register: &Register, since: u64) -> Read<PackWriter> {
    let moved = register.lots_moved_since(since);
    // What their own certificates rest on may stand no more.
    let operators = register.operators_changed_since(since);
    // A newer rulebook may cover other schemes: then what follows for any lot may be another.
    let rules_changed = register.rulebook().is_some_and(|rules| rules.mark.index >= since);
    // Earlier forms tell no goods.
    let told_at = register.last_at().filter(|_| writer.form == PackForm::Third);
    let mut goods = told_at.map(|at| GoodsRecords::new(register, at));
    for lot in register.lots() {
        // Certificates are listed in the order of the log.
        let key = &lot.record.lot;
        let certificates: Vec<u64> = register.certificate_indexes_of(key).collect();
        let newest = certificates.last().copied();
        let is_new = lot.mark.index >= since
            || newest.is_some_and(|index| index >= since)
            || lot.record.events.iter().any(|event| event.mark.index >= since)
            || register.lot_rewritten_at(key).is_some_and(|at| at >= since)
            // What is said of those it was made of may be newer than anything said of it.
            || goods.as_ref().is_some_and(|goods| goods.is_made_of_others(key))
            || operators.contains(&lot.record.producer)
            || rules_changed
            || moved.contains(key);
        if is_new {
            let goods = goods.as_mut().map(|goods| goods.of(key)).unwrap_or_default();
            writer.lot(&PackedLot { record: lot.record, certificates, goods })?;
        }
    }
    for certificate in register.certificates_by_index().map(|found| found.record) {
        let is_new = certificate.mark.index >= since
            || certificate.confirmed.is_some_and(|mark| mark.index >= since)
            || certificate.events.iter().any(|event| event.mark.index >= since)
            || gave_way_since(register, &certificate, since)
            || register.certificate_rewritten_at(certificate.serial).is_some_and(|at| at >= since);
        if is_new {
            writer.certificate(&certificate)?;
        }
    }
    Ok(writer)
}

/// Whether what takes a certificate's place was logged at this index or later.
fn gave_way_since(register: &Register, record: &CertificateRecord, since: u64) -> bool {
    let next = record.superseded.and_then(|next| register.certificate(next.by));
    next.is_some_and(|next| next.record.mark.index >= since)
}

/// The hash over all tables of a directory.
pub(super) fn root(form: PackForm, tables: [Vec<(&Hash, &[u8])>; TABLES]) -> Hash {
    let mut hash = Sha256::new_with_prefix(form.root_prefix());
    for table in tables {
        hash_table(&mut hash, table.into_iter());
    }
    Hash::new(hash.finalize().into())
}

/// Number of blocks, then of each its hash, the length of its first key, and that key.
fn hash_table<'a>(into: &mut Sha256, blocks: impl ExactSizeIterator<Item = (&'a Hash, &'a [u8])>) {
    into.update((blocks.len() as u64).to_be_bytes());
    for (hash, key) in blocks {
        into.update(hash.as_bytes());
        into.update((key.len() as u64).to_be_bytes());
        into.update(key);
    }
}

/// One entry of a directory: hash, u32 stored length, u8 length of the first key, first key.
fn put_entry(directory: &mut Vec<u8>, hash: &Hash, key: &[u8], stored: usize) -> Read<()> {
    directory.extend_from_slice(hash.as_bytes());
    let stored = u32::try_from(stored).map_err(|error| error.to_string())?;
    directory.extend_from_slice(&stored.to_be_bytes());
    directory.push(u8::try_from(key.len()).map_err(|error| error.to_string())?);
    directory.extend_from_slice(key);
    Ok(())
}

/// Rows of one table going into blocks.
struct TableWriter<T> {
    filling: Filling,
    first: Vec<u8>,
    last: Option<Vec<u8>>,
    done: Finished,
    stores: bool,
    table: std::marker::PhantomData<T>,
}

#[derive(Default)]
struct Finished {
    entries: Vec<(Hash, Vec<u8>, usize)>,
    blocks: Vec<u8>,
    rows: u64,
}

impl<T: PackTable> TableWriter<T> {
    fn new(stores: bool) -> Self {
        Self {
            filling: Filling::default(),
            first: Vec::new(),
            last: None,
            done: Finished::default(),
            stores,
            table: std::marker::PhantomData,
        }
    }

    fn push(&mut self, record: &T::Record) -> Read<()> {
        let key = T::key(record);
        if self.last.as_ref().is_some_and(|last| *last >= key) {
            return Err("records are not in order".to_owned());
        }
        if self.filling.block.rows == 0 {
            self.first.clone_from(&key);
        }
        T::put(record, &mut self.filling);
        self.filling.block.rows += 1;
        self.done.rows += 1;
        self.last = Some(key);
        if self.filling.is_full(&T::SCHEMA) { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Read<()> {
        let block = std::mem::take(&mut self.filling).block;
        let content = block.content(&T::SCHEMA);
        let mut length = 0;
        if self.stores {
            let stored = content.pack()?;
            length = stored.len();
            self.done.blocks.extend_from_slice(&stored);
        }
        self.done.entries.push((content.hash()?, std::mem::take(&mut self.first), length));
        Ok(())
    }

    fn finish(mut self) -> Read<Finished> {
        if self.filling.block.rows > 0 {
            self.close()?;
        }
        Ok(self.done)
    }
}
