//! Blocks come back as they were written, and nothing is sized by what a file says.

use super::*;

const SCHEMA: Schema = Schema {
    columns: &[PackColumn::Word, PackColumn::Step],
    numbers: true,
    lists: true,
    events: true,
    digests: true,
    optional: 0,
    rows: 4,
};

fn filled() -> Filling {
    let mut filling = Filling::default();
    let values = [0, u64::MAX, 1 << 40, 7];
    for (row, value) in values.into_iter().enumerate() {
        filling.word(0, if row % 2 == 0 { "atlas" } else { "coop" });
        filling.int(1, value);
        filling.block.numbers.push(["A1", "A12", "A", "B"][row].to_owned());
        filling.list((0..row as u64).map(|n| n * 300 + 5).collect());
        filling.events(vec![value; row]);
        filling.block.digests.push([row as u8; 32]);
        filling.block.rows += 1;
    }
    filling
}

#[test]
fn a_block_comes_back() {
    let filling = filled();
    assert!(filling.is_full(&SCHEMA));
    let content = filling.block.content(&SCHEMA);
    let stored = content.pack().unwrap();
    let back = BlockContent::unpack(&stored).unwrap();
    assert_eq!(back.hash(), content.hash());
    let block = Block::read(&SCHEMA, &back).unwrap();
    assert_eq!(block, filling.block);
    assert_eq!(block.word(0, 1).unwrap(), "coop");
    assert_eq!(block.words.len(), 2);
    assert!(block.word(1, 1).is_err() && block.int(0, 4).is_err() && block.int(9, 0).is_err());
}

#[test]
fn no_bytes_panic_and_none_are_sized_by_a_file() {
    let content = filled().block.content(&SCHEMA);
    for end in 0..content.rows.len() {
        let cut = BlockContent { rows: content.rows[..end].to_vec(), digests: vec![0; 128] };
        assert!(Block::read(&SCHEMA, &cut).is_err(), "{end}");
    }
    for place in 0..content.rows.len() {
        for value in [0, 0x7f, 0xff] {
            let mut rows = content.rows.clone();
            rows[place] = value;
            let _ = Block::read(&SCHEMA, &BlockContent { rows, digests: vec![0; 128] });
        }
    }
    let huge = BlockContent { rows: vec![0xff; 9], digests: Vec::new() };
    assert!(Block::read(&SCHEMA, &huge).is_err());
}

#[test]
fn a_small_block_does_not_become_a_large_one() {
    let numbers = Schema { columns: &[], lists: false, events: false, digests: false, ..SCHEMA };
    let block = |schema: &Schema, rows: Vec<u8>| {
        let content = BlockContent { rows, digests: Vec::new() };
        // As small as it is stored.
        let stored = content.pack().unwrap();
        assert!(stored.len() < 200_000, "{}", stored.len());
        Block::read(schema, &BlockContent::unpack(&stored).unwrap()).unwrap_err()
    };
    let varint = |value: u64| {
        let mut out = Vec::new();
        put(&mut out, value);
        out
    };
    // Every number is the one before and a little more.
    let rows = PACK_BLOCK_ROWS_MAX;
    let mut growing = [varint(rows as u64), varint(0)].concat();
    (0..rows as u64).for_each(|row| growing.extend(varint(row * 19)));
    growing.extend(vec![19; rows]);
    growing.extend(vec![b'A'; rows * 19]);
    assert_eq!(block(&numbers, growing), "a lot number is too long");
    // One long number.
    let long = [varint(1), varint(0), varint(0), varint(21), vec![b'A'; 21]].concat();
    assert_eq!(block(&numbers, long), "a length is beyond its limit");
    // Empty words, each a text of its own.
    let words = 8_000_000;
    let words = [varint(1), varint(words), vec![0; words as usize]].concat();
    assert_eq!(block(&numbers, words), "a block holds more than any does");
    // Integers of one byte, each of eight in memory.
    let count = 20_000_000;
    let events = Schema { numbers: false, events: true, ..numbers };
    let ints = [varint(1), varint(0), varint(count), vec![0; count as usize]].concat();
    assert_eq!(block(&events, ints.clone()), "a block holds more than any does");
    let lists = Schema { events: false, lists: true, ..events };
    assert_eq!(block(&lists, ints), "a block holds more than any does");
}

#[test]
fn what_inflates_without_end_is_refused() {
    let rows = vec![0; PACK_BLOCK_BYTES_MAX + 1];
    assert!(BlockContent { rows, digests: Vec::new() }.pack().is_err());
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(9));
    encoder.write_all(&vec![0; PACK_BLOCK_BYTES_MAX + 1]).unwrap();
    let stream = encoder.finish().unwrap();
    let stored = [&(stream.len() as u32).to_be_bytes()[..], &stream].concat();
    assert_eq!(BlockContent::unpack(&stored).unwrap_err(), "a block is too large");
}

#[test]
fn optional_values_take_no_byte_where_there_are_none() {
    let schema = Schema { optional: 3, ..SCHEMA };
    let plain = filled().block.content(&SCHEMA);
    assert_eq!(filled().block.content(&schema), plain);
    let mut block = filled().block;
    block.optional.entry(2).or_default().extend([(1, vec![7]), (3, vec![u64::MAX, 0])]);
    block.optional.entry(3).or_default().insert(0, vec![1]);
    let content = block.content(&schema);
    assert_eq!(Block::read(&schema, &content).unwrap(), block);
    assert!(Block::read(&SCHEMA, &content).is_err(), "a form without optional columns");
    assert!(Block::read(&Schema { optional: 2, ..SCHEMA }, &content).is_err(), "a newer one");
    // No second spelling: none, out of order, empty, a row twice, beyond the rows.
    for tail in [
        &[0][..],
        &[1, 0, 1, 0, 1, 5],
        &[1, 4, 1, 0, 1, 5],
        &[1, 1, 0],
        &[1, 1, 1, 0, 0],
        &[1, 1, 1, 4, 1, 5],
        &[1, 1, 2, 1, 0, 1, 1, 5, 5],
        &[1, 1, 5],
        &[2, 2, 1, 0, 1, 5, 1, 1, 0, 1, 5],
    ] {
        let rows = [&plain.rows, tail].concat();
        let content = BlockContent { rows, digests: plain.digests.clone() };
        assert!(Block::read(&schema, &content).is_err(), "{tail:?}");
    }
    let rows = [&plain.rows[..], &[1, 1, 1, 0, 1, 5]].concat();
    let good = BlockContent { rows, digests: plain.digests.clone() };
    assert_eq!(Block::read(&schema, &good).unwrap().optional(1, 0), [5]);
}

#[test]
fn steps_of_either_sign() {
    for value in [0, 1, u64::MAX, 1 << 63, 12_345] {
        assert_eq!(unzigzag(zigzag(value)), value);
    }
    assert_eq!(zigzag(u64::MAX), 1);
}
