//! Which statements a register has seen: the digest of each, and the ids that are free to choose.
//! The id of a certificate or a lot's declaration follows from its serial or key and is not kept.

use imbl::{OrdMap, OrdSet, Vector};

use super::lots::place_of;

/// The digests of all statements, by log index and by themselves.
#[derive(Clone, Default)]
pub(super) struct Digests {
    all: Vector<[u8; 32]>,
    /// The first eight bytes of each, with its log index: whoever makes two that begin alike finds
    /// them told apart all the same.
    places: OrdSet<(u64, u32)>,
}

impl Digests {
    /// Those of a log so far.
    pub fn of(all: Vec<[u8; 32]>) -> Self {
        let mut places: Vec<_> =
            all.iter().enumerate().map(|(at, digest)| (beginning(digest), place_of(at))).collect();
        // In order, so that the tree is filled from one side.
        places.sort_unstable();
        Self { all: all.into(), places: places.into_iter().collect() }
    }

    pub fn push(&mut self, digest: [u8; 32]) {
        self.places.insert((beginning(&digest), place_of(self.all.len())));
        self.all.push_back(digest);
    }

    /// The digest of the statement at a log index.
    pub fn at(&self, index: u64) -> Option<&[u8; 32]> {
        self.all.get(usize::try_from(index).ok()?)
    }

    /// The log index of a digest.
    pub fn index_of(&self, digest: &[u8; 32]) -> Option<u64> {
        let first = beginning(digest);
        let alike = self.places.range((first, 0)..=(first, u32::MAX));
        let mut alike = alike.map(|(_, place)| u64::from(*place));
        alike.find(|index| self.at(*index) == Some(digest))
    }

    /// All digests, in the order of the log.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8; 32]> {
        self.all.iter()
    }
}

fn beginning(digest: &[u8; 32]) -> u64 {
    digest.first_chunk().copied().map_or(0, u64::from_le_bytes)
}

/// Ids of statements of all other types, with the log index of the newest that bears each.
#[derive(Clone, Default)]
pub(super) struct Ids(OrdMap<[u8; 16], u64>);

impl Ids {
    pub fn insert(&mut self, id: &str, index: u64) {
        self.0.insert(short(id), index);
    }

    pub fn index_of(&self, id: &str) -> Option<u64> {
        self.0.get(&short(id)).copied()
    }

    /// All of them, as they are kept.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8; 16], &u64)> {
        self.0.iter()
    }

    /// Takes one up again as it was kept.
    pub fn restore(&mut self, short: [u8; 16], index: u64) {
        self.0.insert(short, index);
    }
}

/// The first 16 bytes of SHA-256 over an id: enough to tell ids apart, a third of the memory.
fn short(id: &str) -> [u8; 16] {
    use sha2::{Digest, Sha256};
    let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    hash.first_chunk().copied().unwrap_or_default()
}
