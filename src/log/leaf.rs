//! The leaf of the log: a statement with its place, its time and the hash of the leaf before it.
//! The bytes are JCS by construction; the statement inside is checked in [`crate::seal`].
//! Format: `{"index":n,"loggedAt":"..","prev":"..","statement":{..}}` (docs/FORMAT.md, the log).

use super::error::LogError;
use super::hash::Hash;
use super::spelling::decimal;
use crate::limits::{INTEGER_MAX, LEAF_BYTES_MAX};
use crate::statement::Timestamp;

/// A leaf, read without copying its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// Place in the log, from 0.
    pub index: u64,
    /// When the ledger accepted the statement.
    pub logged_at: Timestamp,
    /// RFC 6962 leaf hash of the leaf before; for leaf 0, [`genesis_prev`].
    pub prev: Hash,
    /// The statement's canonical bytes, from `{` to `}`.
    pub statement: &'a [u8],
}

/// `prev` of the first leaf: SHA-256(origin + "\n"), which binds the chain to its log.
#[must_use]
pub fn genesis_prev(origin: &str) -> Hash {
    Hash::sha256(format!("{origin}\n").as_bytes())
}

/// The leaf around the canonical bytes of a statement. The result is as canonical as they are.
#[must_use]
pub fn encode_leaf(index: u64, logged_at: Timestamp, prev: &Hash, statement: &[u8]) -> Vec<u8> {
    let envelope =
        format!(r#"{{"index":{index},"loggedAt":"{logged_at}","prev":"{prev}","statement":"#);
    let mut leaf = Vec::with_capacity(envelope.len() + statement.len() + 1);
    leaf.extend_from_slice(envelope.as_bytes());
    leaf.extend_from_slice(statement);
    leaf.push(b'}');
    leaf
}

impl<'a> Leaf<'a> {
    /// Reads a leaf by its exact spelling; of the statement only the two braces are looked at.
    ///
    /// # Errors
    /// `malformed_leaf`, `malformed_hash` (in `prev`), or `leaf_too_large`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LogError> {
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(LogError::LeafTooLarge { bytes: bytes.len(), max: LEAF_BYTES_MAX });
        }
        let refuse = |what| LogError::Leaf { what };
        let rest = bytes.strip_prefix(br#"{"index":"#).ok_or(refuse("no \"index\" first"))?;
        let (digits, rest) = up_to(rest, b',').ok_or(refuse("no end of the index"))?;
        let index = decimal(digits)
            .filter(|index| *index <= INTEGER_MAX.unsigned_abs())
            .ok_or(refuse("the index is not a plain decimal up to 2^53-1"))?;

        let rest = rest.strip_prefix(br#""loggedAt":""#).ok_or(refuse("no \"loggedAt\" second"))?;
        let (instant, rest) = up_to(rest, b'"').ok_or(refuse("no end of loggedAt"))?;
        let logged_at = Timestamp::parse(instant)
            .map_err(|_| refuse("loggedAt is not written YYYY-MM-DDTHH:MM:SSZ"))?;

        let rest = rest.strip_prefix(br#","prev":""#).ok_or(refuse("no \"prev\" third"))?;
        let (hash, rest) = up_to(rest, b'"').ok_or(refuse("no end of prev"))?;
        let prev = Hash::from_base64(hash)?;

        let rest = rest.strip_prefix(br#","statement":"#).ok_or(refuse("no \"statement\" last"))?;
        let statement = rest
            .strip_suffix(b"}")
            .filter(|statement| is_braced(statement))
            .ok_or(refuse("the statement is not an object that ends the leaf"))?;
        Ok(Self { index, logged_at, prev, statement })
    }
}

/// True for bytes that start with `{` and end with `}`.
pub(super) fn is_braced(statement: &[u8]) -> bool {
    matches!(statement, [b'{', .., b'}'])
}

/// The text before the first `end`, and the bytes after it.
fn up_to(bytes: &[u8], end: u8) -> Option<(&str, &[u8])> {
    let at = bytes.iter().position(|byte| *byte == end)?;
    let (text, rest) = bytes.split_at_checked(at)?;
    Some((std::str::from_utf8(text).ok()?, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_canonical() {
        let at = Timestamp::parse("2026-11-23T14:04:15Z").unwrap();
        let prev = genesis_prev("tasdiq.example/log");
        let statement = br#"{"id":"urn:uuid:1","name":"\u0007}"}"#;
        let bytes = encode_leaf(7, at, &prev, statement);
        let leaf = Leaf::parse(&bytes).unwrap();
        assert_eq!(leaf, Leaf { index: 7, logged_at: at, prev, statement });
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json_canonicalizer::to_vec(&value).unwrap(), bytes);
    }

    #[test]
    fn every_cut_and_every_changed_envelope_byte_is_noticed() {
        let at = Timestamp::parse("2026-11-23T14:04:15Z").unwrap();
        let bytes = encode_leaf(12, at, &genesis_prev("a"), b"{}");
        for end in 0..bytes.len() {
            assert!(Leaf::parse(&bytes[..end]).is_err(), "cut at {end}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            if let Ok(leaf) = Leaf::parse(&changed) {
                let again = encode_leaf(leaf.index, leaf.logged_at, &leaf.prev, leaf.statement);
                assert_eq!(again, changed, "two spellings of one leaf, byte {place}");
            }
        }
    }

    #[test]
    fn too_large_is_refused_before_reading() {
        let code = Leaf::parse(&vec![b'{'; LEAF_BYTES_MAX + 1]).unwrap_err().code();
        assert_eq!(code, "leaf_too_large");
    }
}
