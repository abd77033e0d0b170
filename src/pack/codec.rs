//! One block of a pack: rows of one table in columns, words written once, integers as steps from
//! the row before, then deflate. Decoding checks every bound; nothing is sized by what a file says.
//! Not here: which columns a table has (`tables`), where blocks stand in a file (`container`).

use std::collections::{BTreeMap, HashMap};
use std::io::{Read as _, Write as _};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sha2::{Digest, Sha256};

use crate::limits::{
    LOT_NUMBER_CHARS_MAX, PACK_BLOCK_BYTES_MAX, PACK_BLOCK_DECODED_MAX, PACK_BLOCK_ROWS_MAX,
};
use crate::log::Hash;

/// What came of reading; the text says what is off.
pub(super) type Read<T> = Result<T, String>;

/// How a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackColumn {
    /// The place of a word in the block's list.
    Word,
    /// The difference to the row before (zigzag).
    Step,
}

/// What a table's blocks hold.
pub(super) struct Schema {
    /// Columns of integers.
    pub columns: &'static [PackColumn],
    /// Whether each row has a lot number.
    pub numbers: bool,
    /// Whether each row has a list of rising integers.
    pub lists: bool,
    /// Whether each row has events (as integers and words).
    pub events: bool,
    /// Whether each row has a digest.
    pub digests: bool,
    /// The highest number of an optional column; 0: there are none.
    pub optional: u64,
    /// Rows after which the writer closes a block.
    pub rows: usize,
}

/// The rows of one block.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub rows: usize,
    pub words: Vec<String>,
    pub columns: Vec<Vec<u64>>,
    pub numbers: Vec<String>,
    pub lists: Vec<Vec<u64>>,
    pub events: Vec<Vec<u64>>,
    pub digests: Vec<[u8; 32]>,
    /// Optional columns by number, each with the rows that have a value there.
    pub optional: BTreeMap<u64, BTreeMap<usize, Vec<u64>>>,
    /// Whether it was read from a file of a form that has what came later.
    pub later: bool,
}

impl Block {
    /// What an optional column says of a row: nothing, or a value of one integer or more.
    pub fn optional(&self, column: u64, row: usize) -> &[u64] {
        let value = self.optional.get(&column).and_then(|rows| rows.get(&row));
        value.map_or(&[], Vec::as_slice)
    }

    /// The word in a column of a row.
    pub fn word(&self, column: usize, row: usize) -> Read<&str> {
        self.word_at(self.int(column, row)?)
    }

    /// The word at a place of the list.
    pub fn word_at(&self, place: u64) -> Read<&str> {
        let found = usize::try_from(place).ok().and_then(|place| self.words.get(place));
        found.map(String::as_str).ok_or_else(|| format!("there is no word {place}"))
    }

    /// The integer in a column of a row.
    pub fn int(&self, column: usize, row: usize) -> Read<u64> {
        let found = self.columns.get(column).and_then(|values| values.get(row));
        found.copied().ok_or_else(|| format!("there is no row {row}"))
    }

    /// What is hashed: length of the rows, rows, digests.
    pub fn content(&self, schema: &Schema) -> BlockContent {
        let mut rows = Vec::new();
        self.put_rows(schema, &mut rows);
        BlockContent { rows, digests: self.digests.concat() }
    }

    fn put_rows(&self, schema: &Schema, out: &mut Vec<u8>) {
        put_len(out, self.rows);
        put_len(out, self.words.len());
        for word in &self.words {
            put_len(out, word.len());
            out.extend_from_slice(word.as_bytes());
        }
        for (kind, values) in schema.columns.iter().zip(&self.columns) {
            let mut before = 0;
            for value in values {
                match kind {
                    PackColumn::Word => put(out, *value),
                    PackColumn::Step => put(out, zigzag(value.wrapping_sub(before))),
                }
                before = *value;
            }
        }
        if schema.numbers {
            self.put_numbers(out);
        }
        if schema.lists {
            self.put_lists(out);
        }
        if schema.events {
            self.events.iter().for_each(|values| put_len(out, values.len()));
            self.events.iter().flatten().for_each(|value| put(out, *value));
        }
        if !self.optional.is_empty() {
            self.put_optional(out);
        }
    }

    /// Number of columns; of each its number, how many rows have a value, the first row and the
    /// steps to the others, the lengths of the values, the values.
    fn put_optional(&self, out: &mut Vec<u8>) {
        put_len(out, self.optional.len());
        for (column, rows) in &self.optional {
            put(out, *column);
            put_len(out, rows.len());
            let mut before = 0;
            for row in rows.keys() {
                put_len(out, row.saturating_sub(before));
                before = *row;
            }
            rows.values().for_each(|value| put_len(out, value.len()));
            rows.values().flatten().for_each(|integer| put(out, *integer));
        }
    }

    /// Of each number, how much it shares with the one before, then what differs.
    fn put_numbers(&self, out: &mut Vec<u8>) {
        let mut rest = Vec::new();
        let mut before: &[u8] = &[];
        for number in self.numbers.iter().map(String::as_bytes) {
            let shared = before.iter().zip(number).take_while(|(a, b)| a == b).count();
            put_len(out, shared);
            rest.push(number.get(shared..).unwrap_or_default());
            before = number;
        }
        rest.iter().for_each(|rest| put_len(out, rest.len()));
        rest.iter().for_each(|rest| out.extend_from_slice(rest));
    }

    fn put_lists(&self, out: &mut Vec<u8>) {
        self.lists.iter().for_each(|list| put_len(out, list.len()));
        let mut first_before = 0;
        for list in self.lists.iter().filter(|list| !list.is_empty()) {
            let mut before = first_before;
            first_before = list.first().copied().unwrap_or_default();
            for value in list {
                put(out, zigzag(value.wrapping_sub(before)));
                before = *value;
            }
        }
    }

    /// Reads what [`Self::content`] wrote.
    pub fn read(schema: &Schema, content: &BlockContent) -> Read<Self> {
        let mut input = Input { rest: &content.rows, room: PACK_BLOCK_DECODED_MAX };
        let rows = input.len(PACK_BLOCK_ROWS_MAX)?;
        let mut block = Self { rows, ..Self::default() };
        for _ in 0..input.len(PACK_BLOCK_BYTES_MAX)? {
            let length = input.len(PACK_BLOCK_BYTES_MAX)?;
            input.spend(length.saturating_add(TEXT_BYTES))?;
            block.words.push(text(input.take(length)?)?);
        }
        for kind in schema.columns {
            input.spend(rows.saturating_mul(INT_BYTES))?;
            let mut values = Vec::with_capacity(rows);
            let mut before = 0_u64;
            for _ in 0..rows {
                let value = input.int()?;
                before = match kind {
                    PackColumn::Word => value,
                    PackColumn::Step => before.wrapping_add(unzigzag(value)),
                };
                values.push(before);
            }
            block.columns.push(values);
        }
        if schema.numbers {
            block.numbers = input.numbers(rows)?;
        }
        if schema.lists {
            block.lists = input.lists(rows)?;
        }
        if schema.events {
            let lengths = input.ints(rows)?;
            input.spend(rows.saturating_mul(TEXT_BYTES))?;
            for length in lengths {
                block.events.push(input.ints(bounded(length, PACK_BLOCK_BYTES_MAX)?)?);
            }
        }
        if schema.optional > 0 && !input.rest.is_empty() {
            block.optional = input.optional(schema.optional, rows)?;
        }
        if !input.rest.is_empty() {
            return Err("bytes are left over".to_owned());
        }
        let (digests, rest) = content.digests.as_chunks::<32>();
        let expected = if schema.digests { rows } else { 0 };
        if digests.len() != expected || !rest.is_empty() {
            return Err("the digests do not match the rows".to_owned());
        }
        block.digests = digests.to_vec();
        Ok(block)
    }
}

/// A block being filled.
#[derive(Default)]
pub(super) struct Filling {
    pub block: Block,
    places: HashMap<String, u64>,
    weight: usize,
}

impl Filling {
    pub fn word(&mut self, column: usize, word: &str) {
        let place = self.place(word);
        self.int(column, place);
    }

    pub fn int(&mut self, column: usize, value: u64) {
        while self.block.columns.len() <= column {
            self.block.columns.push(Vec::new());
        }
        if let Some(values) = self.block.columns.get_mut(column) {
            values.push(value);
        }
    }

    pub fn events(&mut self, values: Vec<u64>) {
        self.weight = self.weight.saturating_add(values.len() * 3);
        self.block.events.push(values);
    }

    /// The value of an optional column in the row being filled; none takes no byte.
    pub fn optional(&mut self, column: u64, value: Vec<u64>) {
        if value.is_empty() {
            return;
        }
        self.weight = self.weight.saturating_add(value.len() * 3);
        let row = self.block.rows;
        self.block.optional.entry(column).or_default().insert(row, value);
    }

    pub fn list(&mut self, values: Vec<u64>) {
        self.weight = self.weight.saturating_add(values.len() * 3);
        self.block.lists.push(values);
    }

    /// The place of a word in the list, which holds each once, in the order of first use.
    pub fn place(&mut self, word: &str) -> u64 {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = self.block.words.len() as u64;
        self.places.insert(word.to_owned(), place);
        self.block.words.push(word.to_owned());
        self.weight = self.weight.saturating_add(word.len());
        place
    }

    /// Whether the writer closes it now.
    pub fn is_full(&self, schema: &Schema) -> bool {
        self.block.rows >= schema.rows || self.weight >= crate::limits::PACK_BLOCK_WEIGHT
    }
}

/// A block's bytes before compression.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BlockContent {
    rows: Vec<u8>,
    digests: Vec<u8>,
}

impl BlockContent {
    /// SHA-256 over u32 length of the rows, rows, digests.
    pub fn hash(&self) -> Read<Hash> {
        let length = u32::try_from(self.rows.len()).map_err(|_| "a block is too large")?;
        let mut hash = Sha256::new();
        hash.update(length.to_be_bytes());
        hash.update(&self.rows);
        hash.update(&self.digests);
        Ok(Hash::new(hash.finalize().into()))
    }

    /// As stored: u32 length of the deflate stream, that stream, digests.
    pub fn pack(&self) -> Read<Vec<u8>> {
        if self.rows.len() > PACK_BLOCK_BYTES_MAX {
            return Err(format!("a row is above {PACK_BLOCK_BYTES_MAX} bytes"));
        }
        let failed = |error: std::io::Error| error.to_string();
        let mut encoder = DeflateEncoder::new(vec![0; 4], Compression::new(6));
        encoder.write_all(&self.rows).map_err(failed)?;
        let mut stored = encoder.finish().map_err(failed)?;
        let length = u32::try_from(stored.len().saturating_sub(4)).map_err(|e| e.to_string())?;
        if let Some(head) = stored.first_chunk_mut::<4>() {
            *head = length.to_be_bytes();
        }
        stored.extend_from_slice(&self.digests);
        Ok(stored)
    }

    /// Undoes [`Self::pack`].
    pub fn unpack(stored: &[u8]) -> Read<Self> {
        let short = || "a block is cut short".to_owned();
        let (head, rest) = stored.split_first_chunk::<4>().ok_or_else(short)?;
        let length = usize::try_from(u32::from_be_bytes(*head)).map_err(|e| e.to_string())?;
        let (deflated, digests) = rest.split_at_checked(length).ok_or_else(short)?;
        let mut rows = Vec::new();
        let limit = PACK_BLOCK_BYTES_MAX as u64 + 1;
        let inflated = DeflateDecoder::new(deflated).take(limit).read_to_end(&mut rows);
        inflated.map_err(|error| format!("a block does not inflate: {error}"))?;
        if rows.len() > PACK_BLOCK_BYTES_MAX {
            return Err("a block is too large".to_owned());
        }
        Ok(Self { rows, digests: digests.to_vec() })
    }
}

/// What a number in a list takes in memory.
const INT_BYTES: usize = 8;
/// What a text or list takes in memory beside what it holds.
const TEXT_BYTES: usize = 32;

/// What is left to read, and how much memory it may still take: a file says how many values there
/// are, not how much room they get.
struct Input<'a> {
    rest: &'a [u8],
    room: usize,
}

impl<'a> Input<'a> {
    /// A varint: seven bits a byte, least significant first, at most ten bytes.
    fn int(&mut self) -> Read<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or("rows are cut short")?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("an integer is too long".to_owned())
    }

    fn len(&mut self, limit: usize) -> Read<usize> {
        bounded(self.int()?, limit)
    }

    /// Counts memory that is about to be taken.
    fn spend(&mut self, bytes: usize) -> Read<()> {
        self.room = self.room.checked_sub(bytes).ok_or("a block holds more than any does")?;
        Ok(())
    }

    fn ints(&mut self, count: usize) -> Read<Vec<u64>> {
        self.spend(count.saturating_mul(INT_BYTES))?;
        // A value takes a byte at least: what cannot be there needs no room.
        let mut values = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            values.push(self.int()?);
        }
        Ok(values)
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or("rows are cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    fn numbers(&mut self, rows: usize) -> Read<Vec<String>> {
        let (shared, lengths) = (self.ints(rows)?, self.ints(rows)?);
        let mut numbers: Vec<String> = Vec::with_capacity(rows);
        for (shared, length) in shared.into_iter().zip(lengths) {
            let before = numbers.last().map_or("", String::as_str);
            let same = usize::try_from(shared).ok().and_then(|end| before.get(..end));
            let mut number = same.ok_or("a number shares more than there is")?.to_owned();
            // Each may share all of the one before: without an end they would grow by rows.
            number.push_str(&text(self.take(bounded(length, LOT_NUMBER_CHARS_MAX)?)?)?);
            if number.len() > LOT_NUMBER_CHARS_MAX {
                return Err("a lot number is too long".to_owned());
            }
            self.spend(number.len().saturating_add(TEXT_BYTES))?;
            numbers.push(number);
        }
        Ok(numbers)
    }

    fn lists(&mut self, rows: usize) -> Read<Vec<Vec<u64>>> {
        let lengths = self.ints(rows)?;
        self.spend(rows.saturating_mul(TEXT_BYTES))?;
        let mut lists = Vec::with_capacity(rows);
        let mut first_before = 0;
        for length in lengths {
            let mut before = first_before;
            let length = bounded(length, PACK_BLOCK_BYTES_MAX)?;
            self.spend(length.saturating_mul(INT_BYTES))?;
            let mut list = Vec::with_capacity(length.min(self.rest.len()));
            for _ in 0..length {
                before = u64::wrapping_add(before, unzigzag(self.int()?));
                list.push(before);
            }
            first_before = list.first().copied().unwrap_or(first_before);
            lists.push(list);
        }
        Ok(lists)
    }
}

impl Input<'_> {
    /// Optional columns: numbers and rows rise, and what stands there has a value.
    fn optional(
        &mut self,
        last: u64,
        rows: usize,
    ) -> Read<BTreeMap<u64, BTreeMap<usize, Vec<u64>>>> {
        let mut columns = BTreeMap::new();
        let count = self.int()?;
        if count == 0 {
            return Err("optional columns are announced and none follows".to_owned());
        }
        let mut before = 0;
        for _ in 0..count {
            let column = self.int()?;
            if column <= before || column > last {
                return Err(format!("column {column} is out of order, or of a newer release"));
            }
            before = column;
            columns.insert(column, self.sparse(rows)?);
        }
        Ok(columns)
    }

    fn sparse(&mut self, rows: usize) -> Read<BTreeMap<usize, Vec<u64>>> {
        let count = self.len(rows)?;
        if count == 0 {
            return Err("an optional column is empty".to_owned());
        }
        let steps = self.ints(count)?;
        let lengths = self.ints(count)?;
        self.spend(count.saturating_mul(TEXT_BYTES * 2))?;
        let mut column = BTreeMap::new();
        let mut row: Option<usize> = None;
        for (step, length) in steps.into_iter().zip(lengths) {
            let step = bounded(step, rows)?;
            let at = row.map_or(step, |row| row.saturating_add(step));
            if at >= rows || (row.is_some() && step == 0) || length == 0 {
                return Err("an optional value stands nowhere, or is empty".to_owned());
            }
            row = Some(at);
            column.insert(at, self.ints(bounded(length, PACK_BLOCK_BYTES_MAX)?)?);
        }
        Ok(column)
    }
}

fn bounded(value: u64, limit: usize) -> Read<usize> {
    let value = usize::try_from(value).ok().filter(|value| *value <= limit);
    value.ok_or_else(|| "a length is beyond its limit".to_owned())
}

fn text(bytes: &[u8]) -> Read<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "a word is not UTF-8".to_owned())
}

fn put_len(out: &mut Vec<u8>, value: usize) {
    put(out, value as u64);
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Small differences of either sign as small integers.
fn zigzag(difference: u64) -> u64 {
    let signed = difference.cast_signed();
    ((signed << 1) ^ (signed >> 63)).cast_unsigned()
}

fn unzigzag(value: u64) -> u64 {
    (value >> 1) ^ (value & 1).wrapping_neg()
}

#[cfg(test)]
mod tests;
