//! The right edge of the log's tree: the partial tile of each level. It is all that growing and the
//! root need, 10 kB a level whatever the size. Not the full tiles on its left: whoever appends is
//! given each as it is completed, once; [`super::TiledTree`] reads them again.

use std::sync::Arc;

use super::error::LogError;
use super::hash::{Hash, empty_root};
use super::hash_tile::HashTile;
use super::nodes::{Nodes, root_at};
use super::tile::partial_width;
use super::tile_path::TILE_WIDTH;
use super::tile_path::{TileLevel, TilePath};

/// Levels of tiles that a tree of 2^64 leaves has.
const LEVELS: u8 = 8;

/// A full tile that an append completed, and its place.
pub type FullTile = (TilePath, Arc<HashTile>);

/// The partial tiles of a tree. Cheap to clone: what a batch adds goes to a clone, which takes the
/// place of the old one once the batch is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// From level 0 up; a level that is not there is empty.
    levels: Vec<Arc<HashTile>>,
}

impl Edge {
    /// The edge of the tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of a tree of `size` leaves, from the hashes of the partial tile of each level:
    /// leaf hashes, then roots of full tiles of the level below. Its root is the caller's to check.
    ///
    /// # Errors
    /// `tile_damaged` for a level that has not as many hashes as the size says; the caller's own.
    pub fn resume<E: From<LogError>>(
        size: u64,
        partial: &mut dyn FnMut(TilePath) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, E> {
        let mut levels = Vec::new();
        for level in 0..LEVELS {
            let path = last_of(level, size);
            let mut tile = HashTile::default();
            if path.width > 0 {
                let hashes = partial(path)?;
                if hashes.len() != usize::from(path.width) {
                    return Err(LogError::TileDamaged { path }.into());
                }
                hashes.into_iter().for_each(|hash| tile.append(hash));
            }
            levels.push(Arc::new(tile));
        }
        Ok(Self { size, levels })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its leaf hash; the full tiles that it completes, from level 0 up.
    pub fn append(&mut self, leaf: Hash) -> Vec<FullTile> {
        let mut full = Vec::new();
        self.size = self.size.saturating_add(1);
        let mut hash = leaf;
        for level in 0..LEVELS {
            let place = usize::from(level);
            if self.levels.len() <= place {
                self.levels.push(Arc::default());
            }
            let Some(last) = self.levels.get_mut(place) else { return full };
            let tile = Arc::make_mut(last);
            tile.append(hash);
            let Some(root) = tile.root() else { return full };
            // The leaf is counted already: the level's last partial tile is the one after this.
            let index = last_of(level, self.size).index.saturating_sub(1);
            let path = TilePath { level: TileLevel::Hashes(level), index, width: TILE_WIDTH };
            full.push((path, std::mem::take(last)));
            hash = root;
        }
        full
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        // A subtree that ends at the edge is in a partial tile, whatever the size.
        root_at(self, self.size).unwrap_or_else(|_| empty_root())
    }

    /// The partial tile of a level, and its place.
    pub(super) fn last(&self, level: u8) -> (TilePath, Option<&Arc<HashTile>>) {
        (last_of(level, self.size), self.levels.get(usize::from(level)))
    }

    /// The bytes of the partial tile that ends a level; None if there is none.
    #[must_use]
    pub fn partial_tile(&self, level: u8) -> Option<Vec<u8>> {
        let (path, tile) = self.last(level);
        tile.filter(|_| path.width > 0)?.bytes(path.width)
    }
}

impl Nodes for Edge {
    type Fault = LogError;

    fn size(&self) -> u64 {
        self.size
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, LogError> {
        let place = Place::of(level, index);
        let (path, tile) = self.last(place.tile_level);
        let tile = tile.filter(|_| path.index == place.tile_index);
        tile.and_then(|tile| place.read(tile)).ok_or(LogError::TileMissing { path: place.path() })
    }
}

/// Where in which tile the hash of a subtree is found.
pub(super) struct Place {
    pub tile_level: u8,
    pub tile_index: u64,
    level: u32,
    index: u64,
}

impl Place {
    /// Of the subtree over leaves `index * 2^level .. (index + 1) * 2^level`.
    pub fn of(level: u32, index: u64) -> Self {
        let (tile_level, level) = (u8::try_from(level / 8).unwrap_or(u8::MAX), level % 8);
        let across = 8 - level;
        let within = index & ((1 << across) - 1);
        Self { tile_level, tile_index: index >> across, level, index: within }
    }

    /// The name of the full tile.
    pub fn path(&self) -> TilePath {
        let level = TileLevel::Hashes(self.tile_level);
        TilePath { level, index: self.tile_index, width: TILE_WIDTH }
    }

    /// The hash, from that tile.
    pub fn read(&self, tile: &HashTile) -> Option<Hash> {
        tile.node(self.level, self.index)
    }
}

/// The partial tile that ends a level, of width 0 if there is none.
fn last_of(level: u8, size: u64) -> TilePath {
    let index = size.checked_shr(u32::from(level) * 8 + 8).unwrap_or(0);
    let level = TileLevel::Hashes(level);
    TilePath { level, index, width: partial_width(size, level) }
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::super::tile::tiles_of;
    use super::super::tree::Tree;
    use super::*;

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    #[test]
    fn it_grows_as_the_whole_tree_does() {
        let (mut edge, mut tree, mut full) = (Edge::new(), Tree::new(), Vec::new());
        assert_eq!(edge.root(), empty_root());
        for size in 1..=66_000 {
            full.extend(edge.append(leaf(size)));
            tree.append(leaf(size));
            assert_eq!(edge.size(), size);
            if size < 600 || size % 250 == 0 || (65_280..65_800).contains(&size) {
                assert_eq!(edge.root(), tree.root(), "{size}");
            }
        }
        let level_of = |path: &TilePath| path.level;
        full.sort_by_key(|(path, _)| (level_of(path), path.index));
        let all = tiles_of(66_000).filter(|path| path.level != TileLevel::Entries);
        let (whole, partial): (Vec<_>, Vec<_>) = all.partition(|path| path.width == TILE_WIDTH);
        assert_eq!(full.iter().map(|(path, _)| *path).collect::<Vec<_>>(), whole);
        for (path, tile) in &full {
            assert_eq!(tile.bytes(TILE_WIDTH), tree.tile(path, 66_000), "{path}");
        }
        for path in partial {
            let TileLevel::Hashes(level) = path.level else { continue };
            assert_eq!(edge.partial_tile(level), tree.tile(&path, 66_000), "{path}");
        }
        assert_eq!(edge.partial_tile(3), None);
    }

    #[test]
    fn it_is_resumed_from_the_hashes_of_its_tiles() {
        let (mut edge, mut tree) = (Edge::new(), Tree::new());
        for size in 1..=66_000 {
            edge.append(leaf(size));
            tree.append(leaf(size));
            if [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000].contains(&size) {
                let mut read = |path: TilePath| {
                    let bytes = tree.tile(&path, size).unwrap();
                    Ok(bytes.as_chunks().0.iter().map(|hash| Hash::new(*hash)).collect())
                };
                let mut again = Edge::resume::<LogError>(size, &mut read).unwrap();
                assert_eq!(again.root(), edge.root(), "{size}");
                let (left, right) = (again.append(leaf(7)), edge.clone().append(leaf(7)));
                assert_eq!(left, right, "{size}");
            }
        }
    }

    #[test]
    fn it_is_not_resumed_from_fewer_or_more() {
        for wrong in [0, 43, 45] {
            let hashes = vec![leaf(1); wrong];
            let refused = Edge::resume::<LogError>(300, &mut |_| Ok(hashes.clone()));
            assert_eq!(refused.unwrap_err().code(), "tile_damaged");
        }
        let none = Edge::resume::<LogError>(0, &mut |path| Err(LogError::TileMissing { path }));
        assert_eq!(none.map(|edge| edge.root()), Ok(empty_root()));
    }
}
