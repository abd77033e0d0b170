//! One hash tile in memory, full or partial, and the subtrees inside it.
//! Not where it is kept, and not its place in a tree: that is [`super::Edge`].
//! Invariant: the first `width` hashes are the tile's; of the subtrees over 8 hashes and more, each
//! that is complete is kept. The small ones are computed when asked for: 7 hashes at most.

use super::hash::{Hash, node_hash};
use super::tile_path::TILE_WIDTH;

/// The 256 hashes, then 32 of eight, 16, 8, 4 and 2: 10,176 bytes, where all inner nodes would take
/// 16,320 and save four hashes of a proof.
const KEPT: usize = 256 + 32 + 16 + 8 + 4 + 2;

/// The hashes of a tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashTile {
    width: u16,
    nodes: [Hash; KEPT],
}

impl Default for HashTile {
    fn default() -> Self {
        Self { width: 0, nodes: [Hash::new([0; 32]); KEPT] }
    }
}

impl HashTile {
    /// The full tile of these bytes; None if they are not 256 hashes.
    #[must_use]
    pub fn full(bytes: &[u8]) -> Option<Self> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(TILE_WIDTH) || !rest.is_empty() {
            return None;
        }
        let mut tile = Self::default();
        hashes.iter().for_each(|hash| tile.append(Hash::new(*hash)));
        Some(tile)
    }

    /// How many hashes it holds, 0 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The bytes of its first `width` hashes, 32 each; None if it has fewer.
    #[must_use]
    pub fn bytes(&self, width: u16) -> Option<Vec<u8>> {
        let hashes = self.nodes.get(..usize::from(width)).filter(|_| width <= self.width)?;
        Some(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
    }

    /// The hash of a full tile, which stands in the tile above it.
    #[must_use]
    pub fn root(&self) -> Option<Hash> {
        self.pair(7, 0)
    }

    /// The hash over its hashes `index * 2^level .. (index + 1) * 2^level`, level 0 to 7; None if
    /// it does not have all of them.
    #[must_use]
    pub fn node(&self, level: u32, index: u64) -> Option<Hash> {
        let end = index.checked_add(1)?.checked_mul(1_u64.checked_shl(level)?)?;
        if end > u64::from(self.width) {
            return None;
        }
        match level {
            1 | 2 => self.pair(level - 1, index),
            _ => self.nodes.get(place(level, index)?).copied(),
        }
    }

    /// Adds a hash, and every subtree it completes; a full tile stays as it is.
    pub(super) fn append(&mut self, hash: Hash) {
        if self.width == TILE_WIDTH {
            return;
        }
        self.put(0, u64::from(self.width), hash);
        self.width += 1;
        for level in 3..8 {
            let width = u64::from(self.width);
            if width % (1 << level) != 0 {
                return;
            }
            let index = (width >> level) - 1;
            if let Some(hash) = self.pair(level - 1, index) {
                self.put(level, index, hash);
            }
        }
    }

    fn put(&mut self, level: u32, index: u64, hash: Hash) {
        if let Some(node) = place(level, index).and_then(|place| self.nodes.get_mut(place)) {
            *node = hash;
        }
    }

    /// The hash over the two nodes of `level` below the node `index` above it.
    fn pair(&self, level: u32, index: u64) -> Option<Hash> {
        let left = index.checked_mul(2)?;
        Some(node_hash(&self.node(level, left)?, &self.node(level, left + 1)?))
    }
}

/// Where a node is kept.
fn place(level: u32, index: u64) -> Option<usize> {
    let start = match level {
        0 => 0,
        3 => 256,
        4 => 288,
        5 => 304,
        6 => 312,
        7 => 316,
        _ => return None,
    };
    usize::try_from(index).ok()?.checked_add(start)
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn every_subtree_of_every_width() {
        let (mut tile, mut tree) = (HashTile::default(), Tree::new());
        for width in 1..=256_u64 {
            let hash = leaf_hash(&width.to_be_bytes());
            tile.append(hash);
            tree.append(hash);
            assert_eq!(u64::from(tile.width()), width);
            for level in 0..8 {
                for index in 0..=256 >> level {
                    let expected = tree.subtree(level, index);
                    assert_eq!(tile.node(level, index), expected, "{width} {level} {index}");
                }
            }
            assert_eq!(tile.root(), (width == 256).then(|| tree.root()));
        }
        let before = tile.clone();
        tile.append(leaf_hash(b"one too many"));
        assert_eq!(tile, before);
        assert_eq!(HashTile::full(&tile.bytes(256).unwrap()), Some(tile.clone()));
        assert_eq!(tile.bytes(3).unwrap(), tile.bytes(256).unwrap()[..96]);
        assert_eq!((tile.node(8, 0), tile.node(64, 0), tile.node(0, u64::MAX)), (None, None, None));
    }

    #[test]
    fn what_is_not_a_full_tile() {
        for length in [0, 1, 31, 32, 255 * 32, 256 * 32 - 1, 256 * 32 + 1, 257 * 32] {
            assert_eq!(HashTile::full(&vec![7; length]), None, "{length}");
        }
        assert_eq!(HashTile::default().bytes(1), None);
        assert_eq!(HashTile::default().bytes(0), Some(vec![]));
    }
}
