//! The audit: checkpoint, bundle after bundle (form, signatures, authority, chain, rules), every
//! hash tile against the tree of the entries, the root against the checkpoint. Stops at the first
//! fault and names its entry. Bundles are fetched on all cores while those before are folded.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::bundle::{Bundle, equal_hashes, fetch};
use super::report::{AuditReport, Pins, fault};
use super::source::{LogSource, SourceError};
use crate::log::{
    Checkpoint, TILE_WIDTH, TileLevel, TilePath, Tree, tiles_of, verify_checkpoint,
    verify_consistency,
};
use crate::register::Register;
use crate::statement::Catalog;
use crate::verify::{AuditFault, Replayer};

/// Bundles prepared at a time: 4,096 entries.
const BUNDLES_AT_ONCE: usize = 16;

/// Audits a log. `progress` is told the number of entries replayed, and of all.
///
/// # Errors
/// A source that cannot be read at all; what is wrong with the log stands in the report.
pub fn audit(
    source: &dyn LogSource,
    pins: &Pins,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, SourceError> {
    replay(source, pins, progress).map(|(report, _)| report)
}

/// An audit that also gives the tree of the entries it found good: of all, if there is no fault.
///
/// # Errors
/// As [`audit`].
pub fn replay(
    source: &dyn LogSource,
    pins: &Pins,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(AuditReport, Tree), SourceError> {
    let started = Instant::now();
    let mut report = AuditReport { origin: pins.domain.origin(), ..AuditReport::default() };
    let mut run = Run::new(source, pins)?;
    let outcome = run.all(&mut report, progress);
    report.entries = run.tree.size();
    report.tiles = run.tiles;
    let register = run.replayer.register();
    report.lots = register.lot_count() as u64;
    report.certificates = register.certificates().count() as u64;
    report.status_lists = register.lists().map(|(_, list)| list.versions.len() as u64).sum();
    report.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(()) => Ok((report, run.tree)),
        Err(Stop::Fault(fault)) => Ok((AuditReport { fault: Some(fault), ..report }, run.tree)),
        Err(Stop::Source(error)) => Err(error),
    }
}

/// Why an audit ends early.
enum Stop {
    Fault(AuditFault),
    Source(SourceError),
}

impl From<AuditFault> for Stop {
    fn from(fault: AuditFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        match error.damaged {
            Some(index) => Self::Fault(fault(index, "store_damaged", &error)),
            None => Self::Source(error),
        }
    }
}

/// An audit under way.
struct Run<'a> {
    source: &'a dyn LogSource,
    pins: &'a Pins,
    replayer: Replayer,
    tree: Tree,
    tiles: u64,
}

impl<'a> Run<'a> {
    fn new(source: &'a dyn LogSource, pins: &'a Pins) -> Result<Self, SourceError> {
        let catalog = Catalog::builtin().map_err(|error| SourceError {
            what: "catalogue".to_owned(),
            reason: error.to_string(),
            damaged: None,
        })?;
        let register = Register::new(pins.domain.clone(), pins.root, catalog);
        Ok(Self { source, pins, replayer: Replayer::new(register), tree: Tree::new(), tiles: 0 })
    }

    fn all(
        &mut self,
        report: &mut AuditReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Stop> {
        let checkpoint = self.checkpoint()?;
        report.size = checkpoint.size;
        self.replay(checkpoint.size, progress)?;
        self.upper_tiles(checkpoint.size)?;
        if self.tree.root() != checkpoint.root {
            let last = checkpoint.size.saturating_sub(1);
            return Err(fault(last, "root_mismatch", "the entries do not hash to the root").into());
        }
        if let Some(since) = &self.pins.since {
            self.contains(since, &checkpoint)?;
            report.consistent_with_older = Some(true);
        }
        Ok(())
    }

    /// The published key is the pinned one, and the checkpoint is signed by it.
    fn checkpoint(&self) -> Result<Checkpoint, Stop> {
        let own = self.pins.log_key.to_string();
        if let Some(published) = self.source.fetch("vkey")?
            && published.strip_suffix(b"\n").unwrap_or(&published) != own.as_bytes()
        {
            return Err(fault(0, "vkey_mismatch", "vkey is not the log's key").into());
        }
        let bytes = self.must("checkpoint")?;
        let note = String::from_utf8(bytes)
            .map_err(|_| fault(0, "checkpoint_invalid", "the checkpoint is not UTF-8"))?;
        verify_checkpoint(&note, &self.pins.log_key, &self.pins.domain.origin())
            .map_err(|error| fault(0, "checkpoint_invalid", format!("checkpoint: {error}")).into())
    }

    /// All entries in order, with their tiles.
    fn replay(&mut self, size: u64, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Stop> {
        let paths: Vec<TilePath> =
            tiles_of(size).filter(|path| path.level == TileLevel::Entries).collect();
        let source = self.source;
        let mut ready: Vec<Bundle> = Vec::new();
        // One part more than there are: the last round only folds.
        for part in paths.chunks(BUNDLES_AT_ONCE).chain([&[][..]]) {
            let register = self.replayer.register().clone();
            ready = std::thread::scope(|scope| -> Result<_, Stop> {
                let later = scope.spawn(move || fetch_all(source, part, &register));
                self.fold(std::mem::take(&mut ready))?;
                later.join().unwrap_or_else(|_| Ok(vec![broke_off()])).map_err(Stop::from)
            })?;
            progress(self.tree.size(), size);
        }
        Ok(())
    }

    fn fold(&mut self, bundles: Vec<Bundle>) -> Result<(), Stop> {
        for bundle in bundles {
            for entry in &bundle.entries {
                self.tree.append(self.replayer.take(entry)?);
            }
            if let Some(fault) = bundle.fault {
                return Err(fault.into());
            }
            self.tiles += bundle.tiles;
        }
        Ok(())
    }

    /// Every hash tile above the lowest that the size implies, against the tree of the entries.
    fn upper_tiles(&mut self, size: u64) -> Result<(), Stop> {
        let upper = |path: &TilePath| matches!(path.level, TileLevel::Hashes(1..));
        for path in tiles_of(size).filter(upper) {
            if path.width != TILE_WIDTH && !self.source.keeps_partial_tiles() {
                continue;
            }
            let expected = self.tree.tile(&path, size).unwrap_or_default();
            let found = self.source.fetch(&path.to_string())?.unwrap_or_default();
            if found != expected {
                return Err(wrong_tile(&path, &found, &expected).into());
            }
            self.tiles += 1;
        }
        Ok(())
    }

    /// An older checkpoint must be the beginning of this log.
    fn contains(&self, note: &str, newer: &Checkpoint) -> Result<(), Stop> {
        let older = verify_checkpoint(note, &self.pins.log_key, &self.pins.domain.origin())
            .map_err(|error| fault(0, "older_checkpoint_invalid", error))?;
        let proof = self.tree.consistency(older.size, newer.size).unwrap_or_default();
        let holds = older.size <= newer.size
            && self.tree.root_at(older.size) == Some(older.root)
            && (older.size == 0
                || verify_consistency(older.size, newer.size, &older.root, &newer.root, &proof)
                    .is_ok());
        if holds {
            return Ok(());
        }
        let reason = format!("the checkpoint at {} entries is of another log: a fork", older.size);
        Err(fault(older.size.saturating_sub(1), "fork", reason).into())
    }

    fn must(&self, path: &str) -> Result<Vec<u8>, Stop> {
        self.source.fetch(path)?.ok_or_else(|| {
            let (what, reason) = (path.to_owned(), "it is not there".to_owned());
            SourceError { what, reason, damaged: None }.into()
        })
    }
}

/// Fetches bundles on all cores; the answer is in their order.
fn fetch_all(
    source: &dyn LogSource,
    paths: &[TilePath],
    register: &Register,
) -> Result<Vec<Bundle>, SourceError> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(place) else { return Ok(done) };
            done.push((place, fetch(source, path, register)?));
        }
    };
    let cores = std::thread::available_parallelism().map_or(2, usize::from).min(paths.len());
    let mut done = std::thread::scope(|scope| -> Result<Vec<_>, SourceError> {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let parts = workers.into_iter().map(|part| match part.join() {
            Ok(part) => part,
            Err(_) => Ok(vec![(0, broke_off())]),
        });
        Ok(parts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    })?;
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, bundle)| bundle).collect())
}

/// What a thread leaves that broke off: never a pass.
fn broke_off() -> Bundle {
    Bundle::broken(fault(0, "audit_broke_off", "a thread of the audit broke off: run it again"))
}

/// Names the first entry that a wrong hash covers.
fn wrong_tile(path: &TilePath, found: &[u8], expected: &[u8]) -> AuditFault {
    let level = match path.level {
        TileLevel::Hashes(level) => u32::from(level),
        TileLevel::Entries => 0,
    };
    // Of a tile that only goes on too long, the last hash is named.
    let last = u64::from(path.width).saturating_sub(1);
    let good = (equal_hashes(found, expected) as u64).min(last);
    let place = path.index.saturating_mul(u64::from(TILE_WIDTH)).saturating_add(good);
    let index = place.checked_shl(level * 8).unwrap_or(u64::MAX);
    let what =
        if found.is_empty() { "is not there" } else { "does not hold what the entries hash to" };
    fault(index, "tile_mismatch", format!("{path} {what}"))
}
