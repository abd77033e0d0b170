//! One bundle of entries with its tile of hashes: fetched, compared, prepared. This part of an
//! audit runs on all cores. Not here: what depends on the entries before (`run`).

use std::iter::repeat;

use super::report::fault;
use crate::log::{TILE_WIDTH, TileLevel, TilePath, entries_of};
use crate::register::{AuditFault, PreparedEntry, Preparer, Register, Signatures};
use crate::source::{LogSource, Part, SourceError};

/// Bytes of a hash in a tile.
const HASH_BYTES: usize = 32;

/// The entries of a bundle up to its first fault.
pub(super) struct Bundle {
    /// Index of the first entry.
    pub first: u64,
    pub entries: Vec<PreparedEntry>,
    /// What ends them before their time.
    pub fault: Option<AuditFault>,
    /// Hash tiles compared.
    pub tiles: u64,
}

impl Bundle {
    /// A bundle of which nothing is good.
    pub fn broken(fault: AuditFault) -> Self {
        Self { first: fault.index, entries: Vec::new(), fault: Some(fault), tiles: 0 }
    }
}

/// Fetches the bundle at `path` and prepares its entries under a register of any earlier size.
/// What is stored but damaged is a fault of the bundle: those before it are still judged first.
pub(super) fn fetch(
    source: &dyn LogSource,
    path: &TilePath,
    register: &Register,
) -> Result<Bundle, SourceError> {
    match fetch_whole(source, path, register) {
        Err(SourceError { damaged: Some(index), what, reason }) => {
            Ok(Bundle::broken(fault(index, "store_damaged", format!("{what}: {reason}"))))
        }
        other => other,
    }
}

fn fetch_whole(
    source: &dyn LogSource,
    path: &TilePath,
    register: &Register,
) -> Result<Bundle, SourceError> {
    let first = path.index.saturating_mul(u64::from(TILE_WIDTH));
    let Some(bytes) = source.fetch(&Part::Tile(*path))? else {
        let index = first.saturating_add(entries_there(source, path)?);
        return Ok(Bundle::broken(fault(index, "entry_missing", format!("{path} is not whole"))));
    };
    let sidecars = source.fetch(&Part::Sidecars(path.index))?;
    let (entries, broken) = read(&bytes, sidecars.as_deref(), path, register);
    let mut bundle = Bundle { first, entries, fault: broken, tiles: 0 };
    if path.width == TILE_WIDTH || source.keeps_partial_tiles() {
        let tile = TilePath { level: TileLevel::Hashes(0), ..*path };
        let hashes = source.fetch(&Part::Tile(tile))?;
        bundle.compare(&tile, hashes.as_deref(), first);
    }
    Ok(bundle)
}

/// How many entries of a bundle that is not whole are there: only a store can answer for parts.
fn entries_there(source: &dyn LogSource, path: &TilePath) -> Result<u64, SourceError> {
    let (mut there, mut missing) = (0, path.width);
    while missing.saturating_sub(there) > 1 {
        let width = there.midpoint(missing);
        let part = Part::Tile(TilePath { width, ..*path });
        if source.fetch(&part)?.is_some() { there = width } else { missing = width }
    }
    Ok(u64::from(there))
}

/// Reads entries, each with its sidecar, until one is at fault or the bundle has as many as its
/// name says.
fn read(
    bundle: &[u8],
    sidecars: Option<&[u8]>,
    path: &TilePath,
    register: &Register,
) -> (Vec<PreparedEntry>, Option<AuditFault>) {
    let first = path.index.saturating_mul(u64::from(TILE_WIDTH));
    let end = first.saturating_add(u64::from(path.width));
    let mut entries = Vec::with_capacity(usize::from(path.width));
    let mut rest = bundle;
    let mut preparer = Preparer::new(register, Signatures::Check);
    let sidecars = match sidecars.map(entries_of).transpose() {
        Ok(Some(page)) if page.is_empty() => Err("it is an empty file".to_owned()),
        Ok(page) => Ok(page.unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    };
    let sidecars = match sidecars {
        Ok(sidecars) => sidecars,
        Err(reason) => {
            let reason = format!("sidecars/{}: {reason}", path.index);
            return (entries, Some(fault(first, "sidecar_invalid", reason)));
        }
    };
    // The page may be newer than the checkpoint, or older: what is missing is no fault.
    let sidecars = sidecars.into_iter().chain(repeat(&[][..]));
    for (index, sidecar) in (first..end).zip(sidecars) {
        let parts = rest.split_first_chunk().and_then(|(length, after)| {
            after.split_at_checked(usize::from(u16::from_be_bytes(*length)))
        });
        let Some((bytes, after)) = parts else {
            let reason = format!("{path} ends before or within it");
            return (entries, Some(fault(index, "malformed_entry_bundle", reason)));
        };
        match preparer.entry(bytes, index).and_then(|entry| preparer.beside(entry, sidecar)) {
            Ok(entry) => entries.push(entry),
            Err(fault) => return (entries, Some(fault)),
        }
        rest = after;
    }
    let more = || fault(end.saturating_sub(1), "bundle_width", format!("{path} goes on after it"));
    (entries, (!rest.is_empty()).then(more))
}

impl Bundle {
    /// Compares the tile with what the entries hash to, as far as they are good: an entry whose log
    /// time was changed is well formed, and only its hash tells it from the one that was logged.
    fn compare(&mut self, path: &TilePath, tile: Option<&[u8]>, first: u64) {
        let Some(tile) = tile else {
            self.end_at(0, fault(first, "tile_mismatch", format!("{path} is not there")));
            return;
        };
        let hashes: Vec<u8> = self.entries.iter().flat_map(|e| *e.hash().as_bytes()).collect();
        let good = equal_hashes(tile, &hashes);
        let whole = tile.len() == usize::from(path.width) * HASH_BYTES;
        if good < self.entries.len() || (self.fault.is_none() && !whole) {
            let index = first.saturating_add((good as u64).min(u64::from(path.width) - 1));
            let reason = format!("{path} does not hold what the entry hashes to");
            self.end_at(good, fault(index, "tile_mismatch", reason));
            return;
        }
        self.tiles = 1;
    }

    fn end_at(&mut self, good: usize, fault: AuditFault) {
        self.entries.truncate(good);
        self.fault = Some(fault);
    }
}

/// How many hashes two tiles share from the start.
pub(super) fn equal_hashes(found: &[u8], expected: &[u8]) -> usize {
    let pairs = found.chunks(HASH_BYTES).zip(expected.chunks(HASH_BYTES));
    pairs.take_while(|(found, expected)| found == expected).count()
}
