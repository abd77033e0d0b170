//! Checking Merkle proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2).
//! Not making them: that is [`super::Tree`]. Needs nothing but the hashes it is given.

use super::error::LogError;
use super::hash::{Hash, empty_root, node_hash};

/// Checks that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves and `root`.
///
/// # Errors
/// `index_out_of_range` if `index >= size`, `inclusion_refuted` if the hashes do not lead there.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), LogError> {
    let Some(last) = size.checked_sub(1).filter(|last| index <= *last) else {
        return Err(LogError::Index { index, size });
    };
    let refuted = LogError::Inclusion { index, size };
    let mut climb = Climb { node: index, last };
    let mut hash = *leaf;
    for sibling in proof {
        match climb.step() {
            Some(Side::Left) => hash = node_hash(sibling, &hash),
            Some(Side::Right) => hash = node_hash(&hash, sibling),
            None => return Err(refuted),
        }
    }
    if climb.is_at_root() && hash.matches(root) { Ok(()) } else { Err(refuted) }
}

/// Checks that the tree of `new` leaves extends the tree of `old` leaves. From size 0 and between
/// equal sizes the proof is empty.
///
/// # Errors
/// `size_out_of_range` if `old > new`, `consistency_refuted` if the hashes do not lead to both.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), LogError> {
    if old > new {
        return Err(LogError::Size { size: old, max: new });
    }
    let holds = if old == new {
        proof.is_empty() && old_root == new_root && (old > 0 || *old_root == empty_root())
    } else if old == 0 {
        proof.is_empty() && *old_root == empty_root()
    } else {
        extends(old, new, old_root, new_root, proof)
    };
    if holds { Ok(()) } else { Err(LogError::Consistency { old, new }) }
}

/// RFC 9162 section 2.1.4.2 for `0 < old < new`.
fn extends(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> bool {
    // The old tree's last complete subtree; its root is left out when it is the old tree itself.
    let (start, siblings) = match proof {
        _ if old.is_power_of_two() => (old_root, proof),
        [start, siblings @ ..] => (start, siblings),
        [] => return false,
    };
    let level = old.trailing_zeros();
    let mut climb = Climb { node: (old - 1) >> level, last: (new - 1) >> level };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in siblings {
        match climb.step() {
            Some(Side::Left) => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Some(Side::Right) => new_hash = node_hash(&new_hash, sibling),
            None => return false,
        }
    }
    climb.is_at_root() && old_hash == *old_root && new_hash == *new_root
}

/// The way from a node up to the root: `fn` and `sn` of the RFC.
struct Climb {
    node: u64,
    last: u64,
}

/// On which side of the path the sibling stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// Goes up past one sibling; `None` at the root, where there is none.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // A last node without sibling rises until it is a right child (here node > 0).
            self.up(self.node.trailing_zeros());
            Side::Left
        } else {
            Side::Right
        };
        self.up(1);
        Some(side)
    }

    fn up(&mut self, levels: u32) {
        self.node >>= levels;
        self.last >>= levels;
    }

    fn is_at_root(&self) -> bool {
        self.last == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::hash::leaf_hash;
    use super::super::tree::Tree;
    use super::*;

    fn tree_of(size: u64) -> Tree {
        let mut tree = Tree::new();
        (0..size).for_each(|index| tree.append(leaf_hash(index.to_string().as_bytes())));
        tree
    }

    fn flip(hash: &Hash, bit: usize) -> Hash {
        let mut bytes = *hash.as_bytes();
        bytes[bit / 8 % 32] ^= 1 << (bit % 8);
        Hash::new(bytes)
    }

    #[test]
    fn every_proof_up_to_70_leaves_verifies_and_at_no_other_place() {
        let tree = tree_of(70);
        for size in 1..=70 {
            let root = tree.root_at(size).unwrap();
            for index in 0..size {
                let leaf = tree.leaf(index).unwrap();
                let proof = tree.inclusion(index, size).unwrap();
                verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
                for other in (0..size).filter(|other| *other != index) {
                    assert!(verify_inclusion(&leaf, other, size, &proof, &root).is_err());
                }
            }
        }
        for new in 0..=70 {
            let new_root = tree.root_at(new).unwrap();
            for old in 0..=new {
                let old_root = tree.root_at(old).unwrap();
                let proof = tree.consistency(old, new).unwrap();
                verify_consistency(old, new, &old_root, &new_root, &proof).unwrap();
                if old < new {
                    assert!(verify_consistency(old, new, &new_root, &old_root, &proof).is_err());
                    let larger = verify_consistency(old, new * 2, &old_root, &new_root, &proof);
                    assert!(larger.is_err() || old == 0, "from {old} to {new}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_flipped_bit_refutes_inclusion(
            size in 1_u64..=70, at in any::<u64>(), which in any::<usize>(), bit in 0_usize..256,
        ) {
            let tree = tree_of(size);
            let index = at % size;
            let (leaf, root) = (tree.leaf(index).unwrap(), tree.root());
            let mut proof = tree.inclusion(index, size).unwrap();
            prop_assert!(verify_inclusion(&flip(&leaf, bit), index, size, &proof, &root).is_err());
            prop_assert!(verify_inclusion(&leaf, index, size, &proof, &flip(&root, bit)).is_err());
            let mut longer = proof.clone();
            longer.push(root);
            prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
            if !proof.is_empty() {
                let which = which % proof.len();
                prop_assert!(
                    verify_inclusion(&leaf, index, size, &proof[..which], &root).is_err()
                );
                proof[which] = flip(&proof[which], bit);
                prop_assert!(verify_inclusion(&leaf, index, size, &proof, &root).is_err());
            }
        }

        #[test]
        fn a_flipped_bit_refutes_consistency(
            new in 1_u64..=70, at in any::<u64>(), which in any::<usize>(), bit in 0_usize..256,
        ) {
            let tree = tree_of(new);
            let old = 1 + at % new;
            let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root());
            let mut proof = tree.consistency(old, new).unwrap();
            let check = |a: &Hash, b: &Hash, p: &[Hash]| verify_consistency(old, new, a, b, p);
            prop_assert!(check(&flip(&old_root, bit), &new_root, &proof).is_err());
            prop_assert!(check(&old_root, &flip(&new_root, bit), &proof).is_err());
            let mut longer = proof.clone();
            longer.push(new_root);
            prop_assert!(check(&old_root, &new_root, &longer).is_err());
            if !proof.is_empty() {
                let which = which % proof.len();
                prop_assert!(check(&old_root, &new_root, &proof[..which]).is_err());
                proof[which] = flip(&proof[which], bit);
                prop_assert!(check(&old_root, &new_root, &proof).is_err());
            }
        }

        #[test]
        fn nothing_panics_at_the_edges(
            a in prop_oneof![any::<u64>(), Just(u64::MAX), Just(0), Just(1 << 63)],
            b in prop_oneof![any::<u64>(), Just(u64::MAX), Just(0), Just(1 << 63)],
            length in 0_usize..70,
        ) {
            let root = empty_root();
            let proof = vec![root; length];
            prop_assert!(verify_inclusion(&root, a, b, &proof, &root).is_err() || b == 1);
            let _ = verify_consistency(a, b, &root, &root, &proof);
        }
    }
}
