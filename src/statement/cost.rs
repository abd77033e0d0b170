//! How much memory a JSON text costs once it is read as a tree of values, counted before it is:
//! `[{"":0},{"":0},..]` costs a hundred times its own length, and is signed by nobody yet.
//! Not here: what the text says.

/// A member's node in a sorted map: 11 names of 24 bytes and values of 32, and its own head.
const MAP_BYTES: usize = 640;
/// A member beyond the first: nodes are half full at worst.
const MEMBER_BYTES: usize = 120;
/// A list's first room: four values.
const LIST_BYTES: usize = 128;
/// An item beyond the first: lists grow to twice their length.
const ITEM_BYTES: usize = 64;
/// A text beyond its own bytes: what an allocation costs.
const TEXT_BYTES: usize = 16;
/// Levels whose kind is remembered; deeper ones are refused by the parser.
const LEVELS: u32 = 64;

/// Bytes that a JSON text costs as a tree of values, from above. What is no JSON costs something.
#[must_use]
pub fn json_cost(text: &[u8]) -> usize {
    let (mut cost, mut level, mut maps) = (text.len(), 0_u32, 0_u64);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        let more = match byte {
            b'"' => {
                skip_text(&mut bytes);
                TEXT_BYTES
            }
            b'{' | b'[' => {
                level = level.saturating_add(1);
                let bit = 1_u64.checked_shl(level).filter(|_| level < LEVELS).unwrap_or(0);
                maps = if *byte == b'{' { maps | bit } else { maps & !bit };
                if *byte == b'{' { MAP_BYTES } else { LIST_BYTES }
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                0
            }
            b',' if level >= LEVELS || maps >> level & 1 == 1 => MEMBER_BYTES,
            b',' => ITEM_BYTES,
            _ => 0,
        };
        cost = cost.saturating_add(more);
    }
    cost
}

/// Goes on behind the quote that ends a text.
fn skip_text(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::json_cost;

    #[test]
    fn what_costs_most_is_seen() {
        let bomb = [b"[".to_vec(), br#"{"":0},"#.repeat(1_000), b"0]".to_vec()].concat();
        assert!(json_cost(&bomb) > 700_000, "{}", json_cost(&bomb));
        let zeros = [b"[".to_vec(), b"0,".repeat(1_000), b"0]".to_vec()].concat();
        assert!((64_000..80_000).contains(&json_cost(&zeros)));
        let text = format!("[\"{}\"]", r#"{\"[,{"#.repeat(1_000));
        assert!(json_cost(text.as_bytes()) < text.len() + 200, "a text's own brackets are free");
        for broken in [&b""[..], b"\"", b"\"\\", b"}]", b"{\"a"] {
            assert!(json_cost(broken) < 2_000);
        }
        assert!(json_cost(&b"[".repeat(1_000)) > 100_000);
    }
}
