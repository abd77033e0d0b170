//! Which statements a register has seen: the digest of each, and the ids that are free to choose.
//! The id of a certificate or a lot's declaration follows from its serial or key and is not kept.

use std::sync::Arc;

use imbl::{OrdMap, Vector};

use super::lots::place_of;

/// Places that are put in order one by one, at most: some 8 kB, moved in half a microsecond.
const NEW_PLACES: usize = 1_024;

/// The digests of all statements, by log index and by themselves.
#[derive(Clone, Default)]
pub(super) struct Digests {
    all: Vector<[u8; 32]>,
    /// Where each stands, in sorted runs in the order of the log, each more than twice as long as
    /// the next: what is added goes to the last, and two that are about as long become one. Not a
    /// tree: digests are random, so each would change a leaf of its own, and the nodes above it,
    /// that an older register still holds. Those would be copied, and more of them in a longer log.
    runs: Vec<Arc<Vec<Place>>>,
}

/// The first four bytes of a digest, then its log index, as one number. Whoever makes two that
/// begin alike finds them told apart all the same.
type Place = u64;

impl Digests {
    /// Those of a log so far.
    pub fn of(all: Vec<[u8; 32]>) -> Self {
        let mut run: Vec<Place> =
            all.iter().enumerate().map(|(at, digest)| place(digest, at)).collect();
        run.sort_unstable();
        let runs = if run.is_empty() { Vec::new() } else { vec![Arc::new(run)] };
        Self { all: all.into(), runs }
    }

    pub fn push(&mut self, digest: [u8; 32]) {
        if self.runs.last().is_none_or(|run| run.len() >= NEW_PLACES) {
            self.join();
            self.runs.push(Arc::new(Vec::with_capacity(NEW_PLACES)));
        }
        let place = place(&digest, self.all.len());
        if let Some(last) = self.runs.last_mut() {
            let last = Arc::make_mut(last);
            let at = last.partition_point(|known| *known < place);
            last.insert(at, place);
        }
        self.all.push_back(digest);
    }

    /// Makes one run of the last two for as long as they are about as long.
    fn join(&mut self) {
        while let [.., before, last] = self.runs.as_slice()
            && before.len() / 2 <= last.len()
        {
            let joined = Arc::new(joined(before, last));
            self.runs.truncate(self.runs.len().saturating_sub(2));
            self.runs.push(joined);
        }
    }

    /// The digest of the statement at a log index.
    pub fn at(&self, index: u64) -> Option<&[u8; 32]> {
        self.all.get(usize::try_from(index).ok()?)
    }

    /// The log index of a digest.
    pub fn index_of(&self, digest: &[u8; 32]) -> Option<u64> {
        let first = place(digest, 0);
        let alike = |run: &Arc<Vec<Place>>| {
            let from = run.partition_point(|known| *known < first);
            let rest = run.get(from..).unwrap_or_default().iter();
            let mut indexes = rest.map(|place| place ^ first).take_while(|index| index >> 32 == 0);
            indexes.find(|index| self.at(*index) == Some(digest))
        };
        self.runs.iter().find_map(alike)
    }

    /// All digests, in the order of the log.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8; 32]> {
        self.all.iter()
    }
}

fn place(digest: &[u8; 32], at: usize) -> Place {
    let beginning = digest.first_chunk().copied().map_or(0, u32::from_be_bytes);
    u64::from(beginning) << 32 | u64::from(place_of(at))
}

/// Two sorted runs as one.
fn joined(one: &[Place], other: &[Place]) -> Vec<Place> {
    let mut all = Vec::with_capacity(one.len().saturating_add(other.len()));
    let (mut one, mut other) = (one.iter().copied().peekable(), other.iter().copied().peekable());
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        let next = if left < right { one.next() } else { other.next() };
        all.extend(next);
    }
    all.extend(one);
    all.extend(other);
    all
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of which many begin alike.
    fn digest(index: u64) -> [u8; 32] {
        let mut digest = [0; 32];
        let scattered = index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        digest[..4].copy_from_slice(&(scattered as u32 / 7 % 3_000).to_be_bytes());
        digest[8..16].copy_from_slice(&index.to_be_bytes());
        digest
    }

    #[test]
    fn each_digest_is_found_where_it_stands_however_it_came_there() {
        const FEW: u64 = 3_000;
        const ALL: u64 = 20_000;
        let mut grown = Digests::default();
        let mut older = None;
        for index in 0..ALL {
            assert_eq!(grown.index_of(&digest(index)), None);
            grown.push(digest(index));
            if index + 1 == FEW {
                older = Some(grown.clone());
            }
        }
        let mut taken_up = Digests::of((0..FEW).map(digest).collect());
        (FEW..ALL).for_each(|index| taken_up.push(digest(index)));
        for digests in [&grown, &taken_up] {
            assert!((0..ALL).all(|index| digests.index_of(&digest(index)) == Some(index)));
            assert!(digests.runs.len() <= 6, "{}", digests.runs.len());
            let places: usize = digests.runs.iter().map(|run| run.len()).sum();
            assert_eq!((places as u64, digests.iter().len() as u64), (ALL, ALL));
        }
        let older = older.unwrap();
        assert_eq!(older.index_of(&digest(FEW - 1)), Some(FEW - 1));
        assert_eq!(older.index_of(&digest(FEW)), None);
        assert_eq!(Digests::of(Vec::new()).index_of(&digest(0)), None);
    }

    #[test]
    fn of_two_that_are_the_same_the_first_is_found() {
        let mut digests = Digests::default();
        (0..3_000).for_each(|_| digests.push(digest(7)));
        assert_eq!(digests.index_of(&digest(7)), Some(0));
    }
}
