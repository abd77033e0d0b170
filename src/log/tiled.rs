//! The log's tree as its right edge and full tiles that are kept elsewhere: roots and proofs of
//! any size, in memory that does not grow with the log (C2SP tlog-tiles, Merkle Tree).
//! Not the keeping and not its cache: those come in as [`HashTiles`]. A tile is believed once its
//! root is the hash in the tile above it, and so on to the edge.

use std::cell::RefCell;
use std::sync::Arc;

use super::compare::{Compared, compare};
use super::edge::{Edge, FullTile, Place};
use super::error::LogError;
use super::hash::Hash;
use super::hash_tile::HashTile;
use super::nodes::{Nodes, consistency, inclusion, root_at};
use super::tile_path::{TileLevel, TilePath};

/// Where full tiles are kept.
pub trait HashTiles {
    /// Why one cannot be read; also what is wrong with a question or a tile.
    type Fault: From<LogError>;

    /// A tile that was given to [`Self::keep`] and is still at hand.
    fn known(&self, level: u8, index: u64) -> Option<Arc<HashTile>>;

    /// The bytes of a tile; None if it is not there. Nobody has checked them.
    ///
    /// # Errors
    /// What keeps the tiles cannot be read.
    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Fault>;

    /// Takes a tile that is known to be right, for [`Self::known`] to find; it may forget it.
    fn keep(&self, level: u8, index: u64, tile: Arc<HashTile>);
}

impl<T: HashTiles + ?Sized> HashTiles for Arc<T> {
    type Fault = T::Fault;

    fn known(&self, level: u8, index: u64) -> Option<Arc<HashTile>> {
        (**self).known(level, index)
    }

    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, T::Fault> {
        (**self).read(level, index)
    }

    fn keep(&self, level: u8, index: u64, tile: Arc<HashTile>) {
        (**self).keep(level, index, tile);
    }
}

/// A tree over tiles. Cheap to clone, as its edge is.
#[derive(Clone, Debug)]
pub struct TiledTree<T> {
    edge: Edge,
    /// Full tiles that are not in `tiles` yet.
    fresh: Vec<FullTile>,
    tiles: T,
}

impl<T: HashTiles> TiledTree<T> {
    /// The tree with this edge, whose full tiles are in `tiles`.
    #[must_use]
    pub fn new(edge: Edge, tiles: T) -> Self {
        Self { edge, fresh: Vec::new(), tiles }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Adds a leaf by its leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        self.fresh.extend(self.edge.append(leaf));
    }

    /// The full tiles that were completed since the last [`Self::settle`]: to be written with the
    /// entries that complete them.
    #[must_use]
    pub fn fresh(&self) -> &[FullTile] {
        &self.fresh
    }

    /// The fresh tiles are written: from here on they are read where the others are.
    pub fn settle(&mut self) {
        for (path, tile) in self.fresh.drain(..) {
            if let TileLevel::Hashes(level) = path.level {
                self.tiles.keep(level, path.index, tile);
            }
        }
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The root over the first `size` leaves.
    ///
    /// # Errors
    /// `size_out_of_range`; a tile that is lost.
    pub fn root_at(&self, size: u64) -> Result<Hash, T::Fault> {
        root_at(&Question::to(self), size)
    }

    /// How a state of a log stands to this tree.
    ///
    /// # Errors
    /// A tile that is lost.
    pub fn compare(&self, size: u64, root: &Hash) -> Result<Compared, T::Fault> {
        compare(size, root, self.size(), |size| self.root_at(size).map(Some))
    }

    /// The leaf hash at `index`.
    ///
    /// # Errors
    /// `index_out_of_range`; a tile that is lost.
    pub fn leaf(&self, index: u64) -> Result<Hash, T::Fault> {
        let size = self.size();
        if index < size {
            Question::to(self).node(0, index)
        } else {
            Err(LogError::Index { index, size }.into())
        }
    }

    /// The inclusion proof of leaf `index` in the tree of the first `size` leaves, leaf's sibling
    /// first (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// `size_out_of_range` if there are fewer leaves, `index_out_of_range` if `index >= size`; a
    /// tile that is lost.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, T::Fault> {
        inclusion(&Question::to(self), index, size)
    }

    /// The consistency proof from the first `old` to the first `new` leaves (RFC 6962 section
    /// 2.1.2). Empty from size 0 and between equal sizes.
    ///
    /// # Errors
    /// `size_out_of_range` if there are fewer than `new` leaves or `old > new`; a tile that is
    /// lost.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, T::Fault> {
        consistency(&Question::to(self), old, new)
    }

    /// The bytes of a hash tile, full or partial, 32 a hash; None for entries, for what the tree of
    /// `size` leaves does not have, and when there are fewer leaves.
    ///
    /// # Errors
    /// A tile that is lost.
    pub fn tile(&self, path: &TilePath, size: u64) -> Result<Option<Vec<u8>>, T::Fault> {
        let TileLevel::Hashes(level) = path.level else { return Ok(None) };
        if size > self.size() || path.check(size).is_err() {
            return Ok(None);
        }
        Ok(self.hash_tile(level, path.index)?.bytes(path.width))
    }

    /// The full tile at a place, or the partial one that ends its level.
    fn hash_tile(&self, level: u8, index: u64) -> Result<Arc<HashTile>, T::Fault> {
        let (last, partial) = self.edge.last(level);
        let path = TilePath { width: super::TILE_WIDTH, index, ..last };
        if index >= last.index {
            let partial = partial.filter(|_| index == last.index).cloned();
            return partial.ok_or_else(|| LogError::Tile { path, size: self.size() }.into());
        }
        if let Some((_, tile)) = self.fresh.iter().find(|(fresh, _)| *fresh == path) {
            return Ok(tile.clone());
        }
        if let Some(tile) = self.tiles.known(level, index) {
            return Ok(tile);
        }
        let bytes = self.tiles.read(level, index)?.ok_or(LogError::TileMissing { path })?;
        let damaged = LogError::TileDamaged { path };
        let tile = HashTile::full(&bytes).ok_or_else(|| damaged.clone())?;
        let above = Question::to(self).node((u32::from(level) + 1) * 8, index)?;
        if tile.root() != Some(above) {
            return Err(damaged.into());
        }
        let tile = Arc::new(tile);
        self.tiles.keep(level, index, tile.clone());
        Ok(tile)
    }
}

/// One question to a tree, with the tile of each level that it looked at last: one question asks
/// a tile up to eight times.
struct Question<'a, T> {
    tree: &'a TiledTree<T>,
    last: RefCell<Vec<Looked>>,
}

/// The index of a tile, and the tile.
type Looked = Option<(u64, Arc<HashTile>)>;

impl<'a, T> Question<'a, T> {
    fn to(tree: &'a TiledTree<T>) -> Self {
        Self { tree, last: RefCell::default() }
    }
}

impl<T: HashTiles> Nodes for Question<'_, T> {
    type Fault = T::Fault;

    fn size(&self) -> u64 {
        self.tree.size()
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, T::Fault> {
        let place = Place::of(level, index);
        let beyond = || LogError::Tile { path: place.path(), size: self.size() };
        let mut last = self.last.borrow_mut();
        let slot = usize::from(place.tile_level);
        if last.len() <= slot {
            last.resize(slot.saturating_add(1), None);
        }
        let slot = last.get_mut(slot).ok_or_else(beyond)?;
        let tile = match slot {
            Some((index, tile)) if *index == place.tile_index => tile,
            _ => {
                let tile = self.tree.hash_tile(place.tile_level, place.tile_index)?;
                &mut slot.insert((place.tile_index, tile)).1
            }
        };
        Ok(place.read(tile).ok_or_else(beyond)?)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use super::super::hash::leaf_hash;
    use super::super::nodes::mth;
    use super::super::tile::tiles_of;
    use super::super::tile_path::TILE_WIDTH;
    use super::super::tree::Tree;
    use super::super::{verify_consistency, verify_inclusion};
    use super::*;

    /// Rows of tiles, of which the last one read is kept in memory.
    #[derive(Clone, Default)]
    struct Rows(RefCell<BTreeMap<(u8, u64), Vec<u8>>>, RefCell<Option<Last>>);

    type Last = ((u8, u64), Arc<HashTile>);

    impl HashTiles for &Rows {
        type Fault = LogError;

        fn known(&self, level: u8, index: u64) -> Option<Arc<HashTile>> {
            let last = self.1.borrow();
            last.as_ref()
                .filter(|(place, _)| *place == (level, index))
                .map(|(_, tile)| tile.clone())
        }

        fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, LogError> {
            Ok(self.0.borrow().get(&(level, index)).cloned())
        }

        fn keep(&self, level: u8, index: u64, tile: Arc<HashTile>) {
            let bytes = tile.bytes(TILE_WIDTH).unwrap();
            self.0.borrow_mut().insert((level, index), bytes);
            *self.1.borrow_mut() = Some(((level, index), tile));
        }
    }

    fn leaf(index: u64) -> Hash {
        leaf_hash(index.to_string().as_bytes())
    }

    fn grown(rows: &Rows, size: u64) -> TiledTree<&Rows> {
        let mut tree = TiledTree::new(Edge::new(), rows);
        for index in 0..size {
            tree.append(leaf(index));
            if index % 480 == 0 {
                tree.settle();
            }
        }
        tree.settle();
        tree
    }

    fn whole(size: u64) -> Tree {
        let mut tree = Tree::new();
        (0..size).for_each(|index| tree.append(leaf(index)));
        tree
    }

    /// Both proofs of one pair of sizes are those of the whole tree, and hold.
    fn agree(tiled: &TiledTree<&Rows>, tree: &Tree, index: u64, size: u64) {
        let root = tiled.root_at(size).unwrap();
        assert_eq!(Some(root), tree.root_at(size), "{size}");
        if index < size {
            let proof = tiled.inclusion(index, size);
            assert_eq!(proof, tree.inclusion(index, size), "{index} of {size}");
            let leaf = tiled.leaf(index).unwrap();
            verify_inclusion(&leaf, index, size, &proof.unwrap(), &root).unwrap();
        }
        let proof = tiled.consistency(index, size);
        assert_eq!(proof, tree.consistency(index, size), "{index} to {size}");
        if index > 0 {
            let old = tree.root_at(index).unwrap();
            verify_consistency(index, size, &old, &root, &proof.unwrap()).unwrap();
        }
    }

    #[test]
    fn all_small_sizes_agree_with_the_definition() {
        let leaves: Vec<Hash> = (0..70).map(leaf).collect();
        let (rows, tree) = (Rows::default(), whole(70));
        for size in 0..=70 {
            let tiled = grown(&rows, size);
            assert_eq!(tiled.root(), mth(&leaves[..size as usize]), "{size}");
            for index in 0..=size {
                agree(&tiled, &tree, index, size);
            }
        }
    }

    #[test]
    fn sizes_around_full_tiles_agree() {
        const EDGES: [u64; 14] =
            [1, 2, 255, 256, 257, 511, 512, 513, 700, 65_535, 65_536, 65_537, 65_792, 66_000];
        let tree = whole(66_000);
        for size in EDGES {
            let rows = Rows::default();
            let tiled = grown(&rows, size);
            for old in EDGES.into_iter().filter(|old| *old <= size) {
                for index in [0, old / 2, old - 1] {
                    agree(&tiled, &tree, index, old);
                }
                agree(&tiled, &tree, old, size);
            }
            for path in tiles_of(size) {
                assert_eq!(tiled.tile(&path, size), Ok(tree.tile(&path, size)), "{path}");
            }
        }
    }

    #[test]
    fn what_a_batch_completes_is_at_hand_before_it_is_written() {
        let (rows, tree) = (Rows::default(), whole(66_000));
        let before = grown(&rows, 65_400);
        let written = rows.clone();
        let mut batch = before.clone();
        (65_400..66_000).for_each(|index| batch.append(leaf(index)));
        let fresh: Vec<String> = batch.fresh().iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(fresh, ["tile/0/255", "tile/1/000", "tile/0/256"]);
        for index in [0, 65_279, 65_280, 65_400, 65_535, 65_536, 65_999] {
            agree(&batch, &tree, index, 66_000);
        }
        assert_eq!(rows.0, written.0, "nothing was written");
        assert_eq!((before.size(), before.root()), (65_400, tree.root_at(65_400).unwrap()));
        batch.settle();
        assert_eq!((batch.fresh().len(), rows.0.borrow().len()), (0, 258));
        agree(&batch, &tree, 65_300, 66_000);
    }

    #[test]
    fn a_lost_or_damaged_tile_is_a_fault() {
        let rows = Rows::default();
        let tree = grown(&rows, 66_000);
        let code = |question: Result<Vec<Hash>, LogError>| question.unwrap_err().code();
        for (place, index) in [((0, 7), 7 * 256), ((1, 0), 0)] {
            let good = rows.0.borrow_mut().remove(&place).unwrap();
            *rows.1.borrow_mut() = None;
            assert_eq!(code(tree.inclusion(index, 66_000)), "tile_missing");
            assert_eq!(tree.leaf(index).unwrap_err().code(), "tile_missing");
            assert!(tree.inclusion(65_900, 66_000).is_ok() || place.0 == 1);
            let (mut flipped, mut other) = (good.clone(), good.clone());
            flipped[8_191] ^= 1;
            other.rotate_left(32);
            let cut = good[..8_160].to_vec();
            let long = [&good[..], &[0; 32]].concat();
            for bad in [flipped, other, cut, long, Vec::new()] {
                rows.0.borrow_mut().insert(place, bad);
                assert_eq!(code(tree.inclusion(index, 66_000)), "tile_damaged");
            }
            rows.0.borrow_mut().insert(place, good);
            assert!(tree.inclusion(index, 66_000).is_ok());
        }
    }

    #[test]
    fn questions_out_of_range() {
        let rows = Rows::default();
        let tree = grown(&rows, 300);
        assert_eq!(tree.inclusion(300, 300), Err(LogError::Index { index: 300, size: 300 }));
        assert_eq!(tree.inclusion(0, 301), Err(LogError::Size { size: 301, max: 300 }));
        assert_eq!(tree.consistency(4, 3), Err(LogError::Size { size: 4, max: 3 }));
        assert_eq!(tree.leaf(300), Err(LogError::Index { index: 300, size: 300 }));
        assert_eq!(tree.leaf(u64::MAX).unwrap_err().code(), "index_out_of_range");
        assert_eq!(tree.root_at(301).unwrap_err().code(), "size_out_of_range");
        for beyond in ["tile/0/001", "tile/0/002.p/1", "tile/9/000.p/1", "tile/entries/000"] {
            assert_eq!(tree.tile(&TilePath::parse(beyond).unwrap(), 300), Ok(None), "{beyond}");
        }
        let partial = TilePath::parse("tile/0/000.p/7").unwrap();
        assert_eq!(tree.tile(&partial, 300).unwrap().map(|bytes| bytes.len()), Some(7 * 32));
    }
}
