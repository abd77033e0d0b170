//! The file around a pack's blocks: header, manifest, trust snapshot, directory, blocks; read by
//! position, so that only what is asked for is loaded. Nothing here is believed: the manifest's
//! signature (`manifest`) covers the directory's hash, the directory each block's.

use super::codec::{Block, BlockContent, Read};
use super::form::{BlockKind, PackForm};
use super::tables::{PackTable, TABLES};
use super::writer::{Contents, root};
use crate::limits::{
    PACK_BLOCK_BYTES_MAX, PACK_DIRECTORY_BYTES_MAX, PACK_MANIFEST_BYTES_MAX, PACK_TRUST_BYTES_MAX,
};
use crate::log::Hash;

/// Bytes that are read by position: a file, or memory.
pub trait PackBytes: Send + Sync {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills `out` from `offset` on.
    ///
    /// # Errors
    /// Fewer bytes than that, or a device that fails.
    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String>;
}

impl PackBytes for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        let start = usize::try_from(offset).map_err(|error| error.to_string())?;
        let end = start.checked_add(out.len()).ok_or("beyond the end")?;
        out.copy_from_slice(self.get(start..end).ok_or("beyond the end")?);
        Ok(())
    }
}

impl PackBytes for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        self.as_slice().read_at(offset, out)
    }
}

impl PackBytes for std::sync::Arc<[u8]> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> Result<(), String> {
        (&self[..]).read_at(offset, out)
    }
}

/// Magic 8, since u64, manifest u32, trust u32, directory u64, blocks u64, blocks a table 3 x u32.
const HEADER_BYTES: usize = 52;

/// Writes a file.
pub(super) fn assemble(
    kind: BlockKind,
    since: u64,
    manifest: &[u8],
    trust: &[u8],
    contents: &Contents,
) -> Read<Vec<u8>> {
    let word = |length: usize| u32::try_from(length).map_err(|error| error.to_string());
    let parts = [manifest, trust, &contents.directory, &contents.blocks];
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let mut file = Vec::with_capacity(HEADER_BYTES.saturating_add(length));
    file.extend_from_slice(contents.form.magic(kind));
    file.extend_from_slice(&since.to_be_bytes());
    file.extend_from_slice(&word(manifest.len())?.to_be_bytes());
    file.extend_from_slice(&word(trust.len())?.to_be_bytes());
    file.extend_from_slice(&(contents.directory.len() as u64).to_be_bytes());
    file.extend_from_slice(&(contents.blocks.len() as u64).to_be_bytes());
    contents.block_counts.iter().for_each(|count| file.extend_from_slice(&count.to_be_bytes()));
    parts.iter().for_each(|part| file.extend_from_slice(part));
    Ok(file)
}

/// An opened file: all but its blocks.
pub(super) struct Container<'a> {
    bytes: Box<dyn PackBytes + 'a>,
    pub kind: BlockKind,
    pub form: PackForm,
    pub since: u64,
    pub manifest: Vec<u8>,
    pub trust: Vec<u8>,
    directory: Vec<u8>,
    tables: [Vec<Entry>; TABLES],
    blocks_at: u64,
    counts: [u32; TABLES],
}

/// Where a block stands; its first key is a range of the directory.
struct Entry {
    hash: Hash,
    offset: u64,
    stored: u32,
    key: std::ops::Range<usize>,
}

impl<'a> Container<'a> {
    /// Reads all but the blocks.
    pub fn open(bytes: Box<dyn PackBytes + 'a>) -> Read<Self> {
        let mut header = [0; HEADER_BYTES];
        bytes.read_at(0, &mut header).map_err(|_| "it has no whole header".to_owned())?;
        let mut header = Fields(&header);
        let known = PackForm::of_magic(&header.take::<8>()?);
        let (form, kind) = known.ok_or("it does not begin as one")?;
        let since = header.long()?;
        if kind == BlockKind::Whole && since != 0 {
            return Err("a whole pack begins at 0".to_owned());
        }
        let lengths = [header.word()?, header.word()?, header.long()?, header.long()?];
        let counts = [header.count()?, header.count()?, header.count()?];
        let [manifest, trust, directory, blocks] = lengths;
        let whole =
            lengths.iter().try_fold(HEADER_BYTES as u64, |sum, part| sum.checked_add(*part));
        if whole != Some(bytes.size()) {
            return Err(format!("it is cut short or too long: {} bytes", bytes.size()));
        }
        let part = |offset: u64, length: u64, limit: usize| -> Read<Vec<u8>> {
            let length = usize::try_from(length).ok().filter(|length| *length <= limit);
            let mut out = vec![0; length.ok_or("a part is beyond its limit")?];
            bytes.read_at(offset, &mut out)?;
            Ok(out)
        };
        let mut at = HEADER_BYTES as u64;
        let mut parts = Vec::new();
        for (length, limit) in [
            (manifest, PACK_MANIFEST_BYTES_MAX),
            (trust, PACK_TRUST_BYTES_MAX),
            (directory, PACK_DIRECTORY_BYTES_MAX),
        ] {
            parts.push(part(at, length, limit)?);
            at = at.saturating_add(length);
        }
        let [manifest, trust, directory] =
            <[Vec<u8>; 3]>::try_from(parts).map_err(|_| "parts are missing")?;
        let tables = tables_of(&directory, counts, blocks)?;
        let blocks_at = at;
        Ok(Self { bytes, kind, form, since, manifest, trust, directory, tables, blocks_at, counts })
    }

    /// The hash over the directory, which the manifest signs.
    pub fn root(&self) -> Hash {
        let entry = |entry| -> (&Hash, &[u8]) {
            let entry: &Entry = entry;
            (&entry.hash, self.key_of(entry))
        };
        let tables = self.tables.each_ref().map(|entries| entries.iter().map(entry).collect());
        root(self.form, tables)
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.bytes.size()
    }

    /// The whole file.
    pub fn all(&self) -> Read<Vec<u8>> {
        let size = usize::try_from(self.bytes.size()).map_err(|error| error.to_string())?;
        let mut bytes = vec![0; size];
        self.bytes.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    fn key_of(&self, entry: &Entry) -> &[u8] {
        self.directory.get(entry.key.clone()).unwrap_or_default()
    }

    /// Number of blocks of a table.
    pub fn blocks<T: PackTable>(&self) -> usize {
        self.tables.get(T::PLACE).map_or(0, Vec::len)
    }

    /// The block that holds a key, if any does: the last whose first key is not above it.
    pub fn block_of<T: PackTable>(&self, key: &[u8]) -> Option<usize> {
        let entries = self.tables.get(T::PLACE)?;
        entries.partition_point(|entry| self.key_of(entry) <= key).checked_sub(1)
    }

    /// A block, compared with its hash.
    pub fn block<T: PackTable>(&self, place: usize) -> Read<Block> {
        let entry = self.tables.get(T::PLACE).and_then(|entries| entries.get(place));
        let entry = entry.ok_or("there is no such block")?;
        let length = usize::try_from(entry.stored).map_err(|error| error.to_string())?;
        let mut stored = vec![0; length];
        self.bytes.read_at(self.blocks_at.saturating_add(entry.offset), &mut stored)?;
        let content = BlockContent::unpack(&stored)?;
        if !content.hash()?.matches(&entry.hash) {
            return Err(format!("block {place} of table {} is damaged", T::PLACE));
        }
        let later = self.form == PackForm::Third;
        let block = Block { later, ..Block::read(&T::SCHEMA, &content)? };
        if !later && !block.optional.is_empty() {
            return Err("bytes are left over".to_owned());
        }
        Ok(block)
    }

    /// The same blocks, to go under another manifest.
    pub fn contents(&self, lots: u64, certificates: u64, edition: u32) -> Read<Contents> {
        let end = self.bytes.size().saturating_sub(self.blocks_at);
        let mut blocks = vec![0; usize::try_from(end).map_err(|error| error.to_string())?];
        self.bytes.read_at(self.blocks_at, &mut blocks)?;
        let (directory, block_counts) = (self.directory.clone(), self.counts);
        let root = self.root();
        let form = self.form;
        Ok(Contents { form, edition, directory, blocks, block_counts, lots, certificates, root })
    }
}

/// Parts a directory; its blocks must fill the file to its end.
fn tables_of(directory: &[u8], counts: [u32; TABLES], blocks: u64) -> Read<[Vec<Entry>; TABLES]> {
    let mut fields = Fields(directory);
    let mut tables = [const { Vec::new() }; TABLES];
    let mut offset = 0_u64;
    for (table, count) in tables.iter_mut().zip(counts) {
        for _ in 0..count {
            let hash = Hash::new(fields.take::<32>()?);
            let stored = fields.count()?;
            if u64::from(stored) > STORED_MAX {
                return Err("a block is beyond its limit".to_owned());
            }
            let [length] = fields.take::<1>()?;
            let start = directory.len().saturating_sub(fields.0.len());
            let (_, rest) = fields.0.split_at_checked(length.into()).ok_or(SHORT)?;
            fields.0 = rest;
            table.push(Entry { hash, offset, stored, key: start..start + usize::from(length) });
            offset = offset.saturating_add(stored.into());
        }
    }
    if !fields.0.is_empty() || offset != blocks {
        return Err("its directory does not fit its blocks".to_owned());
    }
    Ok(tables)
}

/// Longest stored block: deflate adds at most some bytes in a thousand, digests 32 a row.
const STORED_MAX: u64 = PACK_BLOCK_BYTES_MAX as u64 * 2;

const SHORT: &str = "it is cut short";

/// Big-endian fields, one after another.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(SHORT)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn count(&mut self) -> Read<u32> {
        Ok(u32::from_be_bytes(self.take()?))
    }

    fn word(&mut self) -> Read<u64> {
        Ok(self.count()?.into())
    }

    fn long(&mut self) -> Read<u64> {
        Ok(u64::from_be_bytes(self.take()?))
    }
}
