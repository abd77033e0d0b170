//! The one thing of a pack that nothing is bound to: how a block's content was compressed. There
//! are other spellings of the same content, as the unused bits behind the end of a deflate stream;
//! whoever writes one changes nothing that is said. Every other bit is found.

use std::ops::Range;

use tasdiq::pack::Pack;
use tasdiq::trust::Trust;

use super::states::ledger;

/// Where the blocks of a pack begin, and of each its deflate stream (FORMAT 6.2).
fn streams(pack: &[u8]) -> (usize, Vec<Range<usize>>) {
    let field = |at: usize, length: usize| {
        pack[at..at + length].iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let [manifest, trust, directory] = [field(16, 4), field(20, 4), field(24, 8)];
    let blocks = field(40, 4) + field(44, 4) + field(48, 4);
    let mut entry = 52 + manifest + trust;
    let start = entry + directory;
    let (mut block, mut streams) = (start, Vec::new());
    for _ in 0..blocks {
        streams.push(block + 4..block + 4 + field(block, 4));
        block += field(entry + 32, 4);
        entry += 37 + field(entry + 36, 1);
    }
    assert_eq!(block, pack.len());
    (start, streams)
}

/// Whether a changed byte is another spelling: it stands in a deflate stream, and all blocks still
/// have the content whose hashes are signed.
pub fn is_spelling(pack: &[u8], changed: &[u8], at: usize, trust: &Trust) -> bool {
    let within = streams(pack).1.iter().any(|stream| stream.contains(&at));
    within && Pack::open(changed, trust).unwrap().check().is_ok()
}

/// Of the bits of all blocks some in ten thousand are open, each in that region; with one of them
/// changed, what is read is byte for byte what was signed.
#[test]
fn what_is_open_in_a_pack_is_how_it_was_compressed() {
    let data = ledger(1);
    let trust = Trust::open(&data.trust, None).unwrap();
    let (start, streams) = streams(&data.pack);
    let (mut open, mut bits) = (0, 0);
    // In the gate the ends of streams and some between; all of them in the long run.
    let every = if super::is_long() { 1 } else { 211 };
    for at in start..data.pack.len() {
        let ends = streams.iter().any(|stream| stream.end == at + 1);
        if at % every > 0 && !ends {
            continue;
        }
        for bit in 0..8 {
            bits += 1;
            let mut bytes = data.pack.clone();
            bytes[at] ^= 1 << bit;
            let sound = Pack::open(&bytes[..], &trust).and_then(|pack| pack.look_through());
            if sound.is_ok() {
                open += 1;
                assert!(is_spelling(&data.pack, &bytes, at, &trust), "bit {bit} of byte {at}");
            }
        }
    }
    println!("{open} of {bits} bits, {} blocks", streams.len());
    // At most 7 unused bits a stream, and what else a stream can say twice.
    assert!(open <= streams.len() * 7 + bits / 1_000);
}
