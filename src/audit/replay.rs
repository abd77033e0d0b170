//! The audit: checkpoint, then bundle after bundle (form, signatures, authority, chain, rules),
//! every
//! hash tile against the tree the entries make, the root against the checkpoint. Stops at the first
//! fault and names its entry.

use std::time::Instant;

use serde::Serialize;

use super::source::{LogSource, SourceError};
use crate::log::{
    Checkpoint, Hash, NoteKey, TILE_WIDTH, TileLevel, TilePath, Tree, entries_of, tiles_of,
    verify_checkpoint, verify_consistency,
};
use crate::register::Register;
use crate::statement::{Catalog, Domain};
use crate::verify::{AuditFault, PreparedEntry, Replayer, prepare};

/// Bundles read and prepared at a time: 4,096 entries.
const BUNDLES_AT_ONCE: usize = 16;

/// What the auditor knows beforehand.
#[derive(Clone, Debug)]
pub struct Pins {
    /// The ledger's names.
    pub domain: Domain,
    /// The root key.
    pub root: [u8; 32],
    /// The log's key.
    pub log_key: NoteKey,
    /// An older checkpoint that this log must contain.
    pub since: Option<String>,
}

/// What was checked, and the first fault.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// The log.
    pub origin: String,
    /// Entries under the checkpoint.
    pub size: u64,
    /// Entries replayed: form, chain, signature, authority at log time, rules.
    pub entries: u64,
    /// Hash tiles compared with the entries.
    pub tiles: u64,
    /// Status lists among the entries, each equal to the register at its place.
    pub status_lists: u64,
    /// Lots and certificates the log folds to.
    pub lots: u64,
    /// See `lots`.
    pub certificates: u64,
    /// Whether an older checkpoint was found to be the beginning of this log.
    pub consistent_with_older: Option<bool>,
    /// Milliseconds it took.
    pub elapsed_ms: u64,
    /// The first fault; None: the log is clean.
    pub fault: Option<AuditFault>,
}

/// Audits a log. `progress` is told the number of entries replayed.
///
/// # Errors
/// A source that cannot be read at all; what is wrong with the log stands in the report.
pub fn audit(
    source: &dyn LogSource,
    pins: &Pins,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, SourceError> {
    let started = Instant::now();
    let mut report = AuditReport {
        origin: pins.domain.origin(),
        size: 0,
        entries: 0,
        tiles: 0,
        status_lists: 0,
        lots: 0,
        certificates: 0,
        consistent_with_older: None,
        elapsed_ms: 0,
        fault: None,
    };
    let mut run = Run::new(source, pins)?;
    let outcome = run.all(&mut report, progress);
    report.entries = run.tree.size();
    let register = run.replayer.register();
    report.lots = register.lot_count() as u64;
    report.certificates = register.certificates().count() as u64;
    report.status_lists = register.lists().map(|(_, list)| list.versions.len() as u64).sum();
    report.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(()) => Ok(report),
        Err(Stop::Fault(fault)) => Ok(AuditReport { fault: Some(fault), ..report }),
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

fn fault(index: u64, code: &str, reason: impl ToString) -> AuditFault {
    AuditFault { index, code: code.to_owned(), reason: reason.to_string() }
}

/// An audit under way.
struct Run<'a> {
    source: &'a dyn LogSource,
    pins: &'a Pins,
    replayer: Replayer,
    tree: Tree,
}

impl<'a> Run<'a> {
    fn new(source: &'a dyn LogSource, pins: &'a Pins) -> Result<Self, SourceError> {
        let catalog = Catalog::builtin().map_err(|error| SourceError {
            what: "catalogue".to_owned(),
            reason: error.to_string(),
            damaged: None,
        })?;
        let register = Register::new(pins.domain.clone(), pins.root, catalog);
        Ok(Self { source, pins, replayer: Replayer::new(register), tree: Tree::new() })
    }

    fn all(
        &mut self,
        report: &mut AuditReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Stop> {
        let checkpoint = self.checkpoint()?;
        report.size = checkpoint.size;
        let bundles: Vec<TilePath> = entry_paths(checkpoint.size);
        for part in bundles.chunks(BUNDLES_AT_ONCE) {
            self.replay(part)?;
            progress(self.tree.size(), checkpoint.size);
        }
        report.tiles = self.tiles(checkpoint.size)?;
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

    fn checkpoint(&self) -> Result<Checkpoint, Stop> {
        let bytes = self.must("checkpoint")?;
        let note = String::from_utf8(bytes)
            .map_err(|_| fault(0, "checkpoint_invalid", "the checkpoint is not UTF-8"))?;
        verify_checkpoint(&note, &self.pins.log_key, &self.pins.domain.origin())
            .map_err(|error| fault(0, "checkpoint_invalid", format!("checkpoint: {error}")).into())
    }

    /// One run of bundles: prepared on all cores, then taken in order.
    fn replay(&mut self, paths: &[TilePath]) -> Result<(), Stop> {
        let mut leaves: Vec<Vec<u8>> = Vec::new();
        let first = self.tree.size();
        for path in paths {
            let at = path.index.saturating_mul(256);
            let Some(bundle) = self.source.fetch(&path.to_string())? else {
                return Err(fault(at, "bundle_missing", format!("{path} is not there")).into());
            };
            let entries = entries_of(&bundle)
                .map_err(|error| fault(at, error.code(), format!("{path}: {error}")))?;
            if entries.len() != usize::from(path.width) {
                let reason = format!("{path} holds {} entries", entries.len());
                return Err(fault(at, "bundle_width", reason).into());
            }
            leaves.extend(entries.into_iter().map(<[u8]>::to_vec));
        }
        for entry in prepare_all(&leaves, first, self.replayer.register()) {
            self.tree.append(self.replayer.take(&entry?)?);
        }
        Ok(())
    }

    /// Every hash tile that the size implies, against the tree of the entries.
    fn tiles(&self, size: u64) -> Result<u64, Stop> {
        let mut compared = 0;
        for path in tiles_of(size).filter(|path| path.level != TileLevel::Entries) {
            if path.width != TILE_WIDTH && !self.source.keeps_partial_tiles() {
                continue;
            }
            let expected = self.tree.tile(&path, size).unwrap_or_default();
            let found = self.source.fetch(&path.to_string())?.unwrap_or_default();
            if found != expected {
                return Err(wrong_tile(&path, &found, &expected).into());
            }
            compared += 1;
        }
        Ok(compared)
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

/// The entry bundles of a log of `size` entries, in order.
fn entry_paths(size: u64) -> Vec<TilePath> {
    tiles_of(size).filter(|path| path.level == TileLevel::Entries).collect()
}

fn prepare_all(
    leaves: &[Vec<u8>],
    first: u64,
    register: &Register,
) -> Vec<Result<PreparedEntry, AuditFault>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = leaves.len().div_ceil(cores).max(1);
    let prepare_part = |(part, leaves): (usize, &[Vec<u8>])| -> Vec<_> {
        let indexes = (first + (part * share) as u64)..;
        leaves.iter().zip(indexes).map(|(leaf, index)| prepare(leaf, index, register)).collect()
    };
    std::thread::scope(|scope| {
        let prepare_part = &prepare_part;
        let parts = leaves.chunks(share).enumerate();
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || prepare_part(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// Names the first entry that a wrong hash covers.
fn wrong_tile(path: &TilePath, found: &[u8], expected: &[u8]) -> AuditFault {
    let hashes = |bytes: &[u8]| -> Vec<Hash> {
        bytes.chunks_exact(32).filter_map(|h| <[u8; 32]>::try_from(h).ok()).map(Hash::new).collect()
    };
    let (left, right) = (hashes(found), hashes(expected));
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count() as u64;
    let level = match path.level {
        TileLevel::Hashes(level) => u32::from(level),
        TileLevel::Entries => 0,
    };
    let place = path.index.saturating_mul(256).saturating_add(same);
    let index = place.checked_shl(level * 8).unwrap_or(u64::MAX);
    let what =
        if found.is_empty() { "is not there" } else { "does not hold what the entries hash to" };
    fault(index, "tile_mismatch", format!("{path} {what}"))
}
