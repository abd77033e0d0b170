//! Tiles: how a log is cut into files that never change, and how entries are bundled.
//! Not the hashes in them: those are in [`super::Tree`]. Nothing here fetches or serves.
//! C2SP tlog-tiles, height 8: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.

use std::str::FromStr;

use super::error::LogError;
use super::spelling::{clip, decimal};
use super::tile_path::{TILE_WIDTH, TileLevel, TilePath};
use crate::limits::LEAF_BYTES_MAX;

/// Bytes of a hash in a tile.
const HASH_BYTES: usize = 32;

impl TileLevel {
    /// How many hashes (or entries) this level has in a tree of `size` leaves: size / 256^level.
    fn count(self, size: u64) -> u64 {
        match self {
            Self::Hashes(level) => size.checked_shr(u32::from(level) * 8).unwrap_or(0),
            Self::Entries => size,
        }
    }
}

impl TilePath {
    /// Parses a path in its one spelling.
    ///
    /// # Errors
    /// `malformed_tile_path`.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        Self::read(text)
            .filter(|path| path.to_string() == text)
            .ok_or_else(|| LogError::TilePath { path: clip(text) })
    }

    /// Reads a path and does not mind superfluous zeros; [`Self::parse`] compares the spelling.
    fn read(text: &str) -> Option<Self> {
        let (level, place) = text.strip_prefix("tile/")?.split_once('/')?;
        let level = match level {
            "entries" => TileLevel::Entries,
            _ => TileLevel::Hashes(decimal(level).filter(|level| *level < 64)?.try_into().ok()?),
        };
        let (groups, width) = match place.split_once(".p/") {
            Some((groups, width)) => {
                let width = decimal(width).filter(|width| (1..256).contains(width))?;
                (groups, u16::try_from(width).ok()?)
            }
            None => (place, TILE_WIDTH),
        };
        let mut index = 0_u64;
        for group in groups.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            index = index.checked_mul(1_000)?.checked_add(digits.parse().ok()?)?;
        }
        Some(Self { level, index, width })
    }

    /// Checks that a tree of `size` leaves, or one it grew from, has this tile.
    ///
    /// # Errors
    /// `tile_out_of_range`.
    pub fn check(&self, size: u64) -> Result<(), LogError> {
        let end = self
            .index
            .checked_mul(u64::from(TILE_WIDTH))
            .and_then(|start| start.checked_add(u64::from(self.width)));
        let known = (1..=TILE_WIDTH).contains(&self.width)
            && end.is_some_and(|end| end <= self.level.count(size));
        if known { Ok(()) } else { Err(LogError::Tile { path: *self, size }) }
    }
}

/// Width of the partial tile that ends `level` in a tree of `size` leaves: floor(size / 256^level)
/// mod 256. Zero: there is none.
#[must_use]
pub fn partial_width(size: u64, level: TileLevel) -> u16 {
    u16::try_from(level.count(size) % u64::from(TILE_WIDTH)).unwrap_or(0)
}

/// Every tile of a tree of `size` leaves, full and partial: hashes from level 0 up, then entries.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TilePath> {
    let levels = (0..8).map(TileLevel::Hashes).chain([TileLevel::Entries]);
    levels.flat_map(move |level| tiles_at(level, size))
}

/// The tiles of one level of a tree of `size` leaves, from the left.
pub fn tiles_at(level: TileLevel, size: u64) -> impl Iterator<Item = TilePath> {
    let full = level.count(size) / u64::from(TILE_WIDTH);
    let last = TilePath { level, index: full, width: partial_width(size, level) };
    (0..full)
        .map(move |index| TilePath { level, index, width: TILE_WIDTH })
        .chain((last.width > 0).then_some(last))
}

/// The bundle of a log of `size` entries that holds the entry at `index`; None beyond its end.
#[must_use]
pub fn bundle_of(index: u64, size: u64) -> Option<TilePath> {
    let (width, level) = (u64::from(TILE_WIDTH), TileLevel::Entries);
    let place = index / width;
    let below = size.saturating_sub(place.saturating_mul(width)).min(width);
    let width = u16::try_from(below).ok().filter(|_| index < size)?;
    Some(TilePath { level, index: place, width })
}

/// Adds an entry to a bundle: 16-bit big-endian length, then the entry.
///
/// # Errors
/// `leaf_too_large` above 65,535 bytes; the bundle is then unchanged.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), LogError> {
    let length = u16::try_from(entry.len())
        .map_err(|_| LogError::LeafTooLarge { bytes: entry.len(), max: LEAF_BYTES_MAX })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The beginning of a full tile or bundle, as wide as `part` (C2SP tlog-tiles: a log may keep the
/// full one alone). What is too short or malformed is given as far as it goes, for the reader to
/// find the fault in.
#[must_use]
pub fn cut_tile(full: &[u8], part: &TilePath) -> Vec<u8> {
    let mut end = usize::from(part.width) * HASH_BYTES;
    if part.level == TileLevel::Entries {
        end = 0;
        for _ in 0..part.width {
            let Some(length) = full.get(end..).and_then(<[u8]>::first_chunk) else {
                return full.to_vec();
            };
            end = end.saturating_add(2).saturating_add(usize::from(u16::from_be_bytes(*length)));
        }
    }
    full.get(..end).unwrap_or(full).to_vec()
}

/// The entries of a bundle, in order.
///
/// # Errors
/// `malformed_entry_bundle` if an entry is cut short, or there are none or more than 256.
pub fn entries_of(bundle: &[u8]) -> Result<Vec<&[u8]>, LogError> {
    let refuse = |what| LogError::Bundle { what };
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) =
            rest.split_first_chunk().ok_or(refuse("the last length is cut short"))?;
        let (entry, after) = after
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(refuse("the last entry is shorter than its length says"))?;
        if entries.len() == usize::from(TILE_WIDTH) {
            return Err(refuse("more than 256 entries"));
        }
        entries.push(entry);
        rest = after;
    }
    if entries.is_empty() { Err(refuse("no entries")) } else { Ok(entries) }
}

impl FromStr for TilePath {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        for good in [
            "tile/0/000",
            "tile/0/x001/067",
            "tile/63/x001/x234/067",
            "tile/entries/000.p/17",
            "tile/0/x018/x446/x744/x073/x709/x551/615.p/255",
        ] {
            assert_eq!(TilePath::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "/tile/0/000",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/8/0/000",
            "tile/data/000",
            "tile/0/x000/001",
            "tile/0/001/067",
            "tile/0/x001",
            "tile/0/x001/x067",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/017",
            "tile/0/000.p/1.p/1",
            "tile/0/000/",
            "tile/0/000 ",
            "tile/0/+00",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/entries/xx01/000",
            "tile/0/00١",
        ] {
            assert_eq!(TilePath::parse(bad).unwrap_err().code(), "malformed_tile_path", "{bad:?}");
        }
    }

    #[test]
    fn the_tiles_of_70_000_leaves() {
        let paths: Vec<String> = tiles_of(70_000).map(|path| path.to_string()).collect();
        let of = |start: &str| paths.iter().filter(|path| path.starts_with(start)).count();
        assert_eq!((of("tile/0/"), of("tile/1/"), of("tile/2/")), (274, 2, 1));
        assert_eq!((of("tile/entries/"), paths.len()), (274, 551));
        for path in [
            "tile/0/272",
            "tile/0/273.p/112",
            "tile/1/000",
            "tile/1/001.p/17",
            "tile/2/000.p/1",
            "tile/entries/273.p/112",
        ] {
            assert!(paths.iter().any(|known| known == path), "{path}");
        }
        let of_256: Vec<String> = tiles_of(256).map(|path| path.to_string()).collect();
        assert_eq!(of_256, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
        assert_eq!(tiles_of(0).count(), 0);
        assert_eq!(partial_width(70_000, TileLevel::Hashes(1)), 17);
        assert_eq!(partial_width(u64::MAX, TileLevel::Hashes(63)), 0);
    }

    #[test]
    fn only_what_a_size_implies() {
        for path in tiles_of(70_000) {
            assert_eq!(path.check(70_000), Ok(()), "{path}");
            assert_eq!(path.check(0), Err(LogError::Tile { path, size: 0 }));
        }
        for beyond in [
            "tile/0/273.p/113",
            "tile/0/273",
            "tile/1/001.p/18",
            "tile/3/000.p/1",
            "tile/entries/274.p/1",
            "tile/0/x018/x446/x744/x073/x709/x551/615",
        ] {
            assert!(TilePath::parse(beyond).unwrap().check(70_000).is_err(), "{beyond}");
        }
        let none = TilePath { level: TileLevel::Entries, index: 0, width: 0 };
        assert!(none.check(70_000).is_err());
    }

    #[test]
    fn the_bundle_of_an_entry() {
        for (index, size, expected) in [
            (0, 0, None),
            (0, 1, Some("tile/entries/000.p/1")),
            (255, 256, Some("tile/entries/000")),
            (256, 256, None),
            (256, 257, Some("tile/entries/001.p/1")),
            (300, 520, Some("tile/entries/001")),
            (1 << 60, u64::MAX, Some("tile/entries/x004/x503/x599/x627/x370/496")),
        ] {
            let found = bundle_of(index, size).map(|path| path.to_string());
            assert_eq!(found.as_deref(), expected, "{index} of {size}");
        }
    }

    #[test]
    fn the_beginning_of_a_tile() {
        let part = |level, width| TilePath { level, index: 0, width };
        let hashes: Vec<u8> = (0..=255_u8).flat_map(|n| [n; 32]).collect();
        for width in [1, 44, 255, 256] {
            let cut = cut_tile(&hashes, &part(TileLevel::Hashes(0), width));
            assert_eq!(cut, hashes[..usize::from(width) * 32]);
        }
        assert_eq!(cut_tile(&hashes[..40], &part(TileLevel::Hashes(3), 2)).len(), 40);
        let mut bundle = Vec::new();
        (0..=255_u8).for_each(|n| push_entry(&mut bundle, &vec![n; usize::from(n)]).unwrap());
        for width in [1, 44, 255, 256_u16] {
            let cut = cut_tile(&bundle, &part(TileLevel::Entries, width));
            let entries = entries_of(&cut).unwrap();
            assert_eq!(entries, entries_of(&bundle).unwrap()[..usize::from(width)]);
        }
        for broken in [&b""[..], &[0], &[0, 9, 1], &[255; 70]] {
            assert_eq!(cut_tile(broken, &part(TileLevel::Entries, 3)), broken);
        }
    }

    #[test]
    fn bundles() {
        let longest = vec![7; LEAF_BYTES_MAX];
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", &longest] {
            push_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(entries_of(&bundle).unwrap(), [&b"one"[..], b"", &longest]);
        let before = bundle.clone();
        let too_long = push_entry(&mut bundle, &vec![7; LEAF_BYTES_MAX + 1]);
        assert_eq!(too_long.unwrap_err().code(), "leaf_too_large");
        assert_eq!(bundle, before);
        let full = [0, 0].repeat(256);
        assert_eq!(entries_of(&full).unwrap().len(), 256);
        for bad in [&[][..], &[0], &[0, 1], &[0, 0, 0], &[0, 2, 1], &[0, 0].repeat(257)] {
            assert_eq!(entries_of(bad).unwrap_err().code(), "malformed_entry_bundle");
        }
    }
}
