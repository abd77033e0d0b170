//! Roots and proofs from the hashes of complete subtrees, wherever those are held (RFC 6962
//! section 2.1). Not the hashes, and not the checker: proofs are checked by
//! [`super::verify_inclusion`] and [`super::verify_consistency`].

use super::error::LogError;
use super::hash::{Hash, empty_root, node_hash};

/// The complete subtrees of a tree.
pub(super) trait Nodes {
    /// Why a hash cannot be told.
    type Fault: From<LogError>;

    /// Number of leaves.
    fn size(&self) -> u64;

    /// The hash over leaves `index * 2^level .. (index + 1) * 2^level`, all of them in the tree.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Fault>;
}

/// The root over the first `size` leaves.
pub(super) fn root_at<N: Nodes>(nodes: &N, size: u64) -> Result<Hash, N::Fault> {
    check_size(nodes, size)?;
    Ok(range_root(nodes, 0, size)?.unwrap_or_else(empty_root))
}

/// The inclusion proof of leaf `index` in the tree of the first `size` leaves, leaf's sibling first
/// (RFC 6962 section 2.1.1).
pub(super) fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Fault> {
    check_size(nodes, size)?;
    if index >= size {
        return Err(LogError::Index { index, size }.into());
    }
    let mut proof = Vec::with_capacity(64);
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.extend(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            proof.extend(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The consistency proof from the first `old` to the first `new` leaves (RFC 6962 section 2.1.2).
pub(super) fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Vec<Hash>, N::Fault> {
    check_size(nodes, new)?;
    if old > new {
        return Err(LogError::Size { size: old, max: new }.into());
    }
    let mut proof = Vec::with_capacity(64);
    if old == 0 {
        return Ok(proof);
    }
    let (mut start, mut end) = (0, new);
    while end > old {
        let middle = start + split(end - start);
        if old <= middle {
            proof.extend(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            proof.extend(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    // The old tree's last subtree: the verifier knows it when it is the whole old tree.
    if start > 0 {
        proof.extend(range_root(nodes, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root over leaves `start..end`, where `start` is a multiple of a power of two that is at
/// least `end - start`: the complete subtrees, joined from the right. None of no leaves.
fn range_root<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Option<Hash>, N::Fault> {
    let mut rest = end.saturating_sub(start);
    let mut root = None;
    while rest != 0 {
        let level = rest.trailing_zeros();
        rest &= rest - 1;
        let left = nodes.node(level, (start + rest) >> level)?;
        root = Some(root.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(root)
}

fn check_size<N: Nodes>(nodes: &N, size: u64) -> Result<(), LogError> {
    let max = nodes.size();
    if size > max { Err(LogError::Size { size, max }) } else { Ok(()) }
}

/// The largest power of two below `count`, for `count >= 2` (RFC 6962 section 2.1).
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// MTH as RFC 6962 section 2.1 defines it, recursively: what roots are compared with.
#[cfg(test)]
pub(super) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&mth(left), &mth(right))
        }
    }
}
