//! The hash tiles of one published state, believed only as far as they lead up to its root: the
//! partial tiles give the root, every full tile the hash in the tile above it.
//! Not here: files, and what the entries say (`audit`).

use std::collections::HashMap;

use super::ExportError;
use crate::log::{
    Checkpoint, Hash, TILE_WIDTH, TileLevel, TilePath, compare, empty_root, entries_of, leaf_hash,
    node_hash, partial_width,
};
use crate::source::{LogSource, Part};

/// Levels a tree of 2^64 leaves has.
pub(super) const LEVELS: u8 = 8;

/// Tiles on their way from a source.
pub(super) struct Tiles<'a> {
    source: &'a dyn LogSource,
    size: u64,
    /// Tiles at the right edge of this tree and of the one the folder has.
    edge: HashMap<TilePath, Vec<u8>>,
}

impl<'a> Tiles<'a> {
    /// The tiles under a checkpoint, whose root the partial ones must give.
    pub fn of(source: &'a dyn LogSource, checkpoint: &Checkpoint) -> Result<Self, ExportError> {
        let mut tiles = Self { source, size: checkpoint.size, edge: HashMap::new() };
        if tiles.root_at(checkpoint.size)? != Some(checkpoint.root) {
            let reason = "the hash tiles do not give the root of the checkpoint".to_owned();
            return Err(ExportError::Damaged { path: "tile".to_owned(), reason });
        }
        Ok(tiles)
    }

    /// Whether an older checkpoint is the beginning of this tree.
    pub fn contain(&mut self, older: &Checkpoint) -> Result<bool, ExportError> {
        let size = self.size;
        Ok(compare(older.size, &older.root, size, |size| self.root_at(size))?.is_held())
    }

    /// The root over the first `size` leaves, from the tiles at its edge.
    fn root_at(&mut self, size: u64) -> Result<Option<Hash>, ExportError> {
        let mut root = None;
        for level in 0..LEVELS {
            let width = partial_width(size, TileLevel::Hashes(level));
            if width == 0 {
                continue;
            }
            let index = size.checked_shr(u32::from(level) * 8 + 8).unwrap_or_default();
            let path = self.path(level, index);
            let hashes = hashes_of(&self.fetch(&path)?);
            let Some(hashes) = hashes.get(..usize::from(width)) else { return Ok(None) };
            root = Some(joined(hashes, root));
        }
        Ok(Some(root.unwrap_or_else(empty_root)))
    }

    /// The tile that covers an index in this tree, full or partial.
    pub fn path(&self, level: u8, index: u64) -> TilePath {
        let level = TileLevel::Hashes(level);
        let whole = TilePath { level, index, width: TILE_WIDTH };
        let width = if whole.check(self.size).is_ok() {
            TILE_WIDTH
        } else {
            partial_width(self.size, level)
        };
        TilePath { width, ..whole }
    }

    /// The bytes of a tile at an edge, kept: later they are compared with the tile above them.
    fn fetch(&mut self, path: &TilePath) -> Result<Vec<u8>, ExportError> {
        if let Some(bytes) = self.edge.get(path) {
            return Ok(bytes.clone());
        }
        let bytes = must(self.source, &Part::Tile(*path))?;
        self.edge.insert(*path, bytes.clone());
        Ok(bytes)
    }

    /// The bytes of a tile or bundle: those seen before, else from the source.
    pub fn bytes(&self, path: &TilePath) -> Result<Vec<u8>, ExportError> {
        match self.edge.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => must(self.source, &Part::Tile(*path)),
        }
    }

    /// The hashes of a tile that was believed before, if it lies at an edge.
    pub fn at_edge(&self, path: &TilePath) -> Option<Vec<Hash>> {
        self.edge.get(path).map(|bytes| hashes_of(bytes))
    }

    /// Whether bytes are the tile at `path`, given the hashes of the tile above a full one, or
    /// those of the tile that a bundle must hash to.
    pub fn holds(&self, path: &TilePath, bytes: &[u8], other: &[Hash]) -> bool {
        if path.level == TileLevel::Entries {
            let Ok(entries) = entries_of(bytes) else { return false };
            return entries.len() == usize::from(path.width)
                && entries.iter().map(|entry| leaf_hash(entry)).eq(other.iter().copied());
        }
        if path.width != TILE_WIDTH {
            return self.edge.get(path).is_some_and(|known| known == bytes);
        }
        let hashes = hashes_of(bytes);
        let place = usize::try_from(path.index % u64::from(TILE_WIDTH)).unwrap_or_default();
        hashes.len() == usize::from(TILE_WIDTH) && other.get(place) == Some(&joined(&hashes, None))
    }
}

/// Fetches what must be there.
pub(super) fn must(source: &dyn LogSource, part: &Part) -> Result<Vec<u8>, ExportError> {
    let missing = || ExportError::Missing { path: part.to_string() };
    source.fetch(part)?.ok_or_else(missing)
}

/// The hashes of a tile; a part of a hash at the end makes none of them good.
pub(super) fn hashes_of(bytes: &[u8]) -> Vec<Hash> {
    let (hashes, rest) = bytes.as_chunks();
    if rest.is_empty() { hashes.iter().map(|hash| Hash::new(*hash)).collect() } else { vec![] }
}

/// The root over complete subtrees of one size and what follows on their right (RFC 6962).
fn joined(hashes: &[Hash], mut right: Option<Hash>) -> Hash {
    let mut rest = hashes;
    while !rest.is_empty() {
        let whole = 1_usize << rest.len().trailing_zeros();
        let (before, last) = rest.split_at(rest.len() - whole);
        let mut level = last.to_vec();
        while level.len() > 1 {
            let pair = |pair: &[Hash]| match pair {
                [left, right] => node_hash(left, right),
                other => other.first().copied().unwrap_or_else(empty_root),
            };
            level = level.chunks(2).map(pair).collect();
        }
        let left = level.first().copied().unwrap_or_else(empty_root);
        right = Some(right.map_or(left, |right| node_hash(&left, &right)));
        rest = before;
    }
    right.unwrap_or_else(empty_root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Tree;
    use crate::source::SourceError;

    struct Of(Tree);

    impl LogSource for Of {
        fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
            let Part::Tile(path) = part else { panic!("{part}") };
            Ok(self.0.tile(path, self.0.size()))
        }
    }

    #[test]
    fn the_edges_give_the_roots_of_all_earlier_trees() {
        let mut tree = Tree::new();
        let sizes = [0, 1, 2, 3, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000];
        for index in 0..66_000_u64 {
            tree.append(leaf_hash(&index.to_be_bytes()));
        }
        let source = Of(tree);
        let at = |size| Checkpoint {
            origin: "a/log".to_owned(),
            size,
            root: source.0.root_at(size).unwrap(),
        };
        let mut tiles = Tiles::of(&source, &at(66_000)).unwrap();
        for size in sizes {
            assert!(tiles.contain(&at(size)).unwrap(), "{size}");
            if size > 0 {
                let wrong = Checkpoint { root: leaf_hash(b"other"), ..at(size) };
                assert!(!tiles.contain(&wrong).unwrap(), "{size}");
            }
        }
        let wrong = Checkpoint { root: leaf_hash(b"other"), ..at(66_000) };
        assert!(Tiles::of(&source, &wrong).is_err());
    }
}
