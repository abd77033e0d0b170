//! The one region of a pack that nothing is bound to: how a block's content was compressed. Behind
//! the end of a deflate stream the rest of its last byte is unused; whoever changes it changes
//! nothing that is said. Every other bit is found.

use tasdiq::pack::Pack;
use tasdiq::trust::Trust;

use super::states::ledger;

/// Where the blocks of a pack begin, and of each where its deflate stream ends (FORMAT 6.2).
fn streams(pack: &[u8]) -> (usize, Vec<usize>) {
    let field = |at: usize, length: usize| {
        pack[at..at + length].iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let [manifest, trust, directory] = [field(16, 4), field(20, 4), field(24, 8)];
    let blocks = field(40, 4) + field(44, 4) + field(48, 4);
    let mut entry = 52 + manifest + trust;
    let start = entry + directory;
    let (mut block, mut ends) = (start, Vec::new());
    for _ in 0..blocks {
        ends.push(block + 4 + field(block, 4));
        block += field(entry + 32, 4);
        entry += 37 + field(entry + 36, 1);
    }
    assert_eq!(block, pack.len());
    (start, ends)
}

/// Whether a bit is one of those behind the end of a deflate stream.
pub fn is_spelling(pack: &[u8], at: usize, bit: u8) -> bool {
    streams(pack).1.contains(&(at + 1)) && bit > 0
}

/// Every bit of the blocks of a pack, one after another: it is refused whole, or the bit is in that
/// region and every block still has the content that was signed.
#[test]
fn no_bit_of_a_pack_is_open_but_the_end_of_a_deflate_stream() {
    let data = ledger(1);
    let trust = Trust::open(&data.trust, None).unwrap();
    let (start, ends) = streams(&data.pack);
    let mut open = 0;
    // In the gate the places where it can be and some between; all of them in the long run.
    let every = if super::is_long() { 1 } else { 211 };
    for at in start..data.pack.len() {
        if at % every > 0 && !ends.contains(&(at + 1)) {
            continue;
        }
        for bit in 0..8 {
            let mut bytes = data.pack.clone();
            bytes[at] ^= 1 << bit;
            let sound = Pack::open(bytes, &trust).and_then(|pack| pack.look_through());
            if sound.is_ok() {
                open += 1;
                assert!(is_spelling(&data.pack, at, bit), "bit {bit} of byte {at}");
            }
        }
    }
    println!("{open} of {} bits", (data.pack.len() - start) * 8);
    assert!(open <= ends.len() * 7);
}
