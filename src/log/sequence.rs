//! The sequencing step: gives a statement its place, its time and the hash before it.
//! Not durable: the ledger works on a clone and keeps it only once the batch is stored.
//! Invariant: indexes are gapless, log times never go back, `prev` is the leaf hash before.

use super::error::LogError;
use super::hash::{Hash, leaf_hash};
use super::leaf::{encode_leaf, genesis_prev, is_braced};
use crate::limits::{INTEGER_MAX, LEAF_BYTES_MAX};
use crate::statement::Timestamp;

/// Where the next leaf goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequencer {
    size: u64,
    prev: Hash,
    last_at: Timestamp,
}

/// A statement made into a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequenced {
    /// Place in the log, from 0.
    pub index: u64,
    /// When the ledger accepted the statement.
    pub logged_at: Timestamp,
    /// The leaf.
    pub bytes: Vec<u8>,
    /// RFC 6962 leaf hash of `bytes`.
    pub hash: Hash,
}

impl Sequencer {
    /// Before the first leaf of the log `origin`.
    #[must_use]
    pub fn start(origin: &str) -> Self {
        Self::resume(0, genesis_prev(origin), Timestamp::from_seconds(i64::MIN))
    }

    /// After the leaf with hash `prev`, logged at `last_at`, the last of `size` leaves.
    #[must_use]
    pub fn resume(size: u64, prev: Hash, last_at: Timestamp) -> Self {
        Self { size, prev, last_at }
    }

    /// Number of leaves so far: the index of the next.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Hash of the last leaf; before the first, [`genesis_prev`].
    #[must_use]
    pub fn prev(&self) -> Hash {
        self.prev
    }

    /// Log time of the last leaf; no later leaf has an earlier one.
    #[must_use]
    pub fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// Makes the next leaf around a statement's canonical bytes. After an error nothing changed.
    ///
    /// # Errors
    /// `malformed_leaf` if the statement is not braced, `leaf_too_large`, or `size_out_of_range` at
    /// 2^53 leaves.
    pub fn next(&mut self, now: Timestamp, statement: &[u8]) -> Result<Sequenced, LogError> {
        let index = self.size;
        if index > INTEGER_MAX.unsigned_abs() {
            return Err(LogError::Size { size: index, max: INTEGER_MAX.unsigned_abs() });
        }
        if !is_braced(statement) {
            return Err(LogError::Leaf { what: "the statement is not a JSON object" });
        }
        let logged_at = now.max(self.last_at);
        let bytes = encode_leaf(index, logged_at, &self.prev, statement);
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(LogError::LeafTooLarge { bytes: bytes.len(), max: LEAF_BYTES_MAX });
        }
        let hash = leaf_hash(&bytes);
        *self = Self { size: index + 1, prev: hash, last_at: logged_at };
        Ok(Sequenced { index, logged_at, bytes, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::super::leaf::Leaf;
    use super::*;

    #[test]
    fn leaves_are_chained_and_time_never_goes_back() {
        let noon = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let mut sequencer = Sequencer::start("tasdiq.example/log");
        let mut prev = genesis_prev("tasdiq.example/log");
        let times = [0, 5, 3, 6].map(|seconds| noon.plus_seconds(seconds));
        let expected = [0, 5, 5, 6].map(|seconds| noon.plus_seconds(seconds));
        for (index, (now, at)) in times.into_iter().zip(expected).enumerate() {
            let sequenced = sequencer.next(now, br#"{"a":1}"#).unwrap();
            let leaf = Leaf::parse(&sequenced.bytes).unwrap();
            assert_eq!((leaf.index, leaf.logged_at, leaf.prev), (index as u64, at, prev));
            assert_eq!(leaf.statement, br#"{"a":1}"#);
            prev = sequenced.hash;
        }
        assert_eq!((sequencer.size(), sequencer.prev()), (4, prev));
        assert_eq!(sequencer, Sequencer::resume(4, prev, noon.plus_seconds(6)));
    }

    #[test]
    fn a_refused_statement_changes_nothing() {
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let mut sequencer = Sequencer::start("tasdiq.example/log");
        let before = sequencer.clone();
        let mut large = vec![b' '; LEAF_BYTES_MAX];
        (large[0], large[LEAF_BYTES_MAX - 1]) = (b'{', b'}');
        assert_eq!(sequencer.next(now, &large).unwrap_err().code(), "leaf_too_large");
        for bad in [&b""[..], b"{", b"[]", b"{} "] {
            assert_eq!(sequencer.next(now, bad).unwrap_err().code(), "malformed_leaf");
        }
        assert_eq!(sequencer, before);
        let mut full = Sequencer::resume(1 << 53, before.prev(), now);
        assert_eq!(full.next(now, b"{}").unwrap_err().code(), "size_out_of_range");
    }

    #[test]
    fn the_largest_statement_fits() {
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let mut last = Sequencer::resume(INTEGER_MAX as u64, genesis_prev("a"), now);
        let mut statement = vec![b' '; crate::limits::STATEMENT_BYTES_MAX];
        (statement[0], *statement.last_mut().unwrap()) = (b'{', b'}');
        assert!(last.next(now, &statement).unwrap().bytes.len() <= statement.len() + 200);
    }
}
