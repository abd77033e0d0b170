//! The whole Merkle tree of a log, in memory: append, roots, proofs and tiles of any size, for who
//! reads every entry anyway. Not durable, and not for a service that runs for years: that is
//! [`super::TiledTree`].
//! Invariant: `levels[k][i]` is the hash of the complete subtree over leaves `i*2^k..(i+1)*2^k`,
//! and level k holds `size >> k` hashes; so memory is 64 bytes a leaf.

use std::convert::Infallible;

use super::compare::{Compared, compare};
use super::error::LogError;
use super::hash::{Hash, empty_root, node_hash};
use super::nodes::{Nodes, consistency, inclusion, root_at};
use super::tile_path::TILE_WIDTH;
use super::tile_path::{TileLevel, TilePath};

/// An append-only tree of leaf hashes.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds a leaf by its leaf hash, and every inner node it completes.
    pub fn append(&mut self, leaf: Hash) {
        let mut complete = leaf;
        for nodes in &mut self.levels {
            let left = if nodes.len() % 2 == 1 { nodes.last().copied() } else { None };
            nodes.push(complete);
            match left {
                Some(left) => complete = node_hash(&left, &complete),
                None => return,
            }
        }
        self.levels.push(vec![complete]);
    }

    /// Forgets every leaf from index `size` on (a batch that was not made durable).
    pub fn truncate(&mut self, size: u64) {
        let Ok(size) = usize::try_from(size) else { return };
        for (level, nodes) in self.levels.iter_mut().enumerate() {
            nodes.truncate(size >> level);
        }
        self.levels.retain(|nodes| !nodes.is_empty());
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root_at(self.size()).unwrap_or_else(empty_root)
    }

    /// The root over the first `size` leaves; `None` if there are fewer.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        root_at(self, size).ok()
    }

    /// How a state of a log stands to this tree.
    #[must_use]
    pub fn compare(&self, size: u64, root: &Hash) -> Compared {
        let root_at = |size| Ok::<_, Infallible>(self.root_at(size));
        let Ok(compared) = compare(size, root, self.size(), root_at);
        compared
    }

    /// The leaf hash at `index`; `None` beyond the end.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.subtree(0, index)
    }

    /// The inclusion proof of leaf `index` in the tree of the first `size` leaves, leaf's sibling
    /// first (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// `size_out_of_range` if there are fewer leaves, `index_out_of_range` if `index >= size`.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, LogError> {
        inclusion(self, index, size)
    }

    /// The consistency proof from the first `old` to the first `new` leaves (RFC 6962 section
    /// 2.1.2). Empty from size 0 and between equal sizes.
    ///
    /// # Errors
    /// `size_out_of_range` if there are fewer than `new` leaves or `old > new`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, LogError> {
        consistency(self, old, new)
    }

    /// The bytes of a hash tile, 32 a hash; `None` for entries, for what the tree of `size` leaves
    /// does not have, and when there are fewer leaves (C2SP tlog-tiles, Merkle Tree).
    #[must_use]
    pub fn tile(&self, path: &TilePath, size: u64) -> Option<Vec<u8>> {
        let TileLevel::Hashes(level) = path.level else { return None };
        if size > self.size() || path.check(size).is_err() {
            return None;
        }
        let nodes = self.levels.get(usize::from(level) * 8)?;
        let start = usize::try_from(path.index.checked_mul(u64::from(TILE_WIDTH))?).ok()?;
        let hashes = nodes.get(start..start.checked_add(usize::from(path.width))?)?;
        Some(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
    }

    /// The hash of a complete subtree of 2^level leaves.
    pub(super) fn subtree(&self, level: u32, index: u64) -> Option<Hash> {
        self.levels.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }
}

impl Nodes for Tree {
    type Fault = LogError;

    fn size(&self) -> u64 {
        self.size()
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, LogError> {
        let beyond = LogError::Index { index, size: self.size() };
        self.subtree(level, index).ok_or(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::super::nodes::mth;
    use super::super::tile::tiles_of;
    use super::*;

    fn tree_of(size: u64) -> Tree {
        let mut tree = Tree::new();
        (0..size).for_each(|index| tree.append(leaf_hash(index.to_string().as_bytes())));
        tree
    }

    #[test]
    fn well_known_roots() {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new();
        for (entry, root) in entries.iter().zip(roots) {
            tree.append(leaf_hash(entry));
            assert_eq!(tree.root().hex(), root);
        }
    }

    #[test]
    fn roots_agree_with_the_definition() {
        let tree = tree_of(300);
        let leaves: Vec<Hash> = (0..300).map(|index| tree.leaf(index).unwrap()).collect();
        for size in 0..=300_usize {
            assert_eq!(tree.root_at(size as u64), Some(mth(&leaves[..size])), "size {size}");
        }
        assert_eq!(tree.root_at(301), None);
        assert_eq!(tree.leaf(300), None);
    }

    #[test]
    fn truncating_then_appending_is_as_if_never_grown() {
        for (size, cut) in [(70, 0), (70, 1), (70, 64), (70, 69), (70, 70), (70, 99), (5, 3)] {
            let mut tree = tree_of(size);
            tree.truncate(cut);
            assert_eq!(tree.size(), cut.min(size));
            assert_eq!(tree.root(), tree_of(cut.min(size)).root());
            (cut..size).for_each(|i| tree.append(leaf_hash(i.to_string().as_bytes())));
            assert_eq!(tree.levels, tree_of(size).levels);
        }
    }

    #[test]
    fn questions_out_of_range() {
        let tree = tree_of(5);
        assert_eq!(tree.inclusion(5, 5), Err(LogError::Index { index: 5, size: 5 }));
        assert_eq!(tree.inclusion(0, 0), Err(LogError::Index { index: 0, size: 0 }));
        assert_eq!(tree.inclusion(0, 6), Err(LogError::Size { size: 6, max: 5 }));
        assert_eq!(tree.consistency(4, 3), Err(LogError::Size { size: 4, max: 3 }));
        assert_eq!(tree.consistency(1, u64::MAX), Err(LogError::Size { size: u64::MAX, max: 5 }));
    }

    #[test]
    fn tiles_hash_up_to_the_next_level() {
        let size = 70_000;
        let tree = tree_of(size);
        for path in tiles_of(size).filter(|path| path.level != TileLevel::Entries) {
            let bytes = tree.tile(&path, size).unwrap();
            assert_eq!(bytes.len(), 32 * usize::from(path.width), "{path}");
            let TileLevel::Hashes(level) = path.level else { continue };
            let hashes: Vec<Hash> =
                bytes.chunks(32).map(|hash| Hash::new(hash.try_into().unwrap())).collect();
            if path.width == TILE_WIDTH {
                let parent = tree.subtree((u32::from(level) + 1) * 8, path.index);
                assert_eq!(parent, Some(mth(&hashes)), "{path}");
            }
        }
        let beyond = TilePath::parse("tile/0/273.p/113").unwrap();
        assert_eq!(tree.tile(&beyond, size), None);
        assert_eq!(tree.tile(&TilePath::parse("tile/0/000").unwrap(), 255), None);
        assert_eq!(tree.tile(&TilePath::parse("tile/0/000").unwrap(), 70_001), None);
        assert_eq!(tree.tile(&TilePath::parse("tile/entries/000").unwrap(), size), None);
    }
}
