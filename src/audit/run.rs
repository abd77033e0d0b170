//! The audit: checkpoint, bundle after bundle (form, signatures, authority, chain, rules), every
//! hash tile against the tree of the entries, the root against the checkpoint. Stops at the first
//! fault and names its entry. Bundles are fetched on all cores while those before are folded.

use std::time::Instant;

use super::ahead::in_order;
use super::bundle::{Bundle, equal_hashes};
use super::outside::OutsideChecks;
use super::report::{AuditReport, Pins, fault};
use crate::catalog::Catalog;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::log::{
    Checkpoint, Compared, TILE_WIDTH, TileLevel, TilePath, Tree, tiles_at, tiles_of,
    verify_checkpoint,
};
use crate::os::now;
use crate::register::{AuditFault, PreparedEntry, PricesOf, Register, Replayer};
use crate::source::{LogSource, Part, SourceError};
use crate::statement::Timestamp;

/// Audits a log. `progress` is told the number of entries replayed, and of all.
///
/// # Errors
/// A source that cannot be read at all; what is wrong with the log stands in the report.
pub fn audit(
    source: &dyn LogSource,
    pins: &Pins,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, SourceError> {
    audit_at(source, pins, now(), progress)
}

/// An audit by a reader whose clock says `now`.
///
/// # Errors
/// As [`audit`].
pub fn audit_at(
    source: &dyn LogSource,
    pins: &Pins,
    now: Timestamp,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, SourceError> {
    replay_at(source, pins, now, progress).map(|(report, _)| report)
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
    replay_at(source, pins, now(), progress)
}

fn replay_at(
    source: &dyn LogSource,
    pins: &Pins,
    now: Timestamp,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(AuditReport, Tree), SourceError> {
    let started = Instant::now();
    let mut report = AuditReport { origin: pins.domain.origin(), ..AuditReport::default() };
    let mut held = HeldLog::new(pins)?;
    let mut run = Run {
        source,
        pins,
        held: &mut held,
        tiles: 0,
        sidecars: 0,
        outside: OutsideChecks::default(),
        latest: now.plus_seconds(CLOCK_SKEW_SECONDS),
        ahead: None,
        hear: &mut |_, _| (),
    };
    let outcome = run.all(&mut report, progress);
    (report.tiles, report.sidecars) = (run.tiles, run.sidecars);
    report.findings = run.ahead.into_iter().collect();
    report.entries = held.size();
    let register = held.register();
    report.edition = register.edition();
    report.lots = register.lot_count() as u64;
    report.certificates = register.certificate_count() as u64;
    report.status_lists = register.lists().map(|(_, list)| list.versions.len() as u64).sum();
    report.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(()) => Ok((report, held.tree)),
        Err(Stop::Fault(fault)) => Ok((AuditReport { fault: Some(fault), ..report }, held.tree)),
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

/// What an auditor holds of a log: all of it up to some size, as register and tree.
pub struct HeldLog {
    replayer: Replayer,
    tree: Tree,
}

/// Hears of each entry, with the register before it; it counts once all entries are found good.
pub type Hear<'a> = dyn FnMut(&Register, &PreparedEntry) + 'a;

impl HeldLog {
    /// Nothing yet of the log that is pinned.
    ///
    /// # Errors
    /// A catalogue that cannot be read.
    pub fn new(pins: &Pins) -> Result<Self, SourceError> {
        let catalog =
            Catalog::builtin().map_err(|error| SourceError::unreadable("catalogue", error))?;
        let register = Register::new(pins.domain.clone(), pins.root, catalog);
        Ok(Self { replayer: Replayer::new(register), tree: Tree::new() })
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The tree of the entries.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What the entries fold to.
    #[must_use]
    pub fn register(&self) -> &Register {
        self.replayer.register()
    }

    /// Goes on to the checkpoint `newer`, whose signature the caller has verified: every entry
    /// beyond those held is replayed, and all of them together must hash to its root. What is
    /// found to be wrong leaves what is held as it was.
    ///
    /// # Errors
    /// A source that cannot be read; also then nothing has changed.
    pub fn follow(
        &mut self,
        source: &dyn LogSource,
        pins: &Pins,
        newer: &Checkpoint,
        hear: &mut Hear<'_>,
    ) -> Result<Option<AuditFault>, SourceError> {
        let (replayer, size) = (self.replayer.clone(), self.size());
        let outside = OutsideChecks::default();
        // A monitor has its own say on log times.
        let latest = Timestamp::from_seconds(i64::MAX);
        let (tiles, sidecars, ahead) = (0, 0, None);
        let mut run =
            Run { source, pins, held: self, tiles, sidecars, outside, latest, ahead, hear };
        let outcome = run.up_to(newer, &mut |_, _| ());
        if outcome.is_err() {
            self.replayer = replayer;
            self.tree.truncate(size);
        }
        match outcome {
            Ok(()) => Ok(None),
            Err(Stop::Fault(fault)) => Ok(Some(fault)),
            Err(Stop::Source(error)) => Err(error),
        }
    }
}

/// An audit under way.
struct Run<'a> {
    source: &'a dyn LogSource,
    pins: &'a Pins,
    held: &'a mut HeldLog,
    tiles: u64,
    sidecars: u64,
    outside: OutsideChecks,
    /// A log time beyond this cannot be right, if the reader's clock is.
    latest: Timestamp,
    /// The first entry that has one.
    ahead: Option<AuditFault>,
    hear: &'a mut Hear<'a>,
}

impl Run<'_> {
    fn all(
        &mut self,
        report: &mut AuditReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Stop> {
        self.outside = OutsideChecks::fetch(self.source, self.pins, self.held.register())??;
        let (checkpoint, note) = self.checkpoint()?;
        report.size = checkpoint.size;
        self.outside.published(self.pins, &note)?;
        report.witnesses = self.outside.witnesses();
        self.up_to(&checkpoint, progress)?;
        self.held.replayer.balanced()?;
        report.materials = self.held.register().material_totals();
        report.prices = self.held.register().price_totals(&PricesOf::All, None).collect();
        report.documents = self.outside.compare(&self.held.tree)?;
        if let Some(since) = &self.pins.since {
            self.contains(since)?;
            report.consistent_with_older = Some(true);
        }
        Ok(())
    }

    fn up_to(
        &mut self,
        checkpoint: &Checkpoint,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Stop> {
        let held = self.held.size();
        self.replay(checkpoint.size, progress)?;
        self.upper_tiles(held, checkpoint.size)?;
        if self.held.tree.root() == checkpoint.root {
            return Ok(());
        }
        let last = checkpoint.size.saturating_sub(1);
        Err(fault(last, "root_mismatch", "the entries do not hash to the root").into())
    }

    /// The published key is the pinned one, and the checkpoint is signed by it.
    fn checkpoint(&self) -> Result<(Checkpoint, String), Stop> {
        let own = self.pins.log_key.to_string();
        if let Some(published) = self.source.fetch(&Part::LogKey)?
            && published.strip_suffix(b"\n").unwrap_or(&published) != own.as_bytes()
        {
            return Err(fault(0, "vkey_mismatch", "vkey is not the log's key").into());
        }
        let missing = || SourceError::unreadable("checkpoint", "it is not there");
        let bytes = self.source.fetch(&Part::Checkpoint)?.ok_or_else(missing)?;
        let note = String::from_utf8(bytes)
            .map_err(|_| fault(0, "checkpoint_invalid", "the checkpoint is not UTF-8"))?;
        let checkpoint =
            verify_checkpoint(&note, &self.pins.log_key, &self.pins.domain.origin())
                .map_err(|error| fault(0, "checkpoint_invalid", format!("checkpoint: {error}")))?;
        Ok((checkpoint, note))
    }

    /// All entries beyond those held, in order, with their tiles.
    fn replay(&mut self, size: u64, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Stop> {
        let held = self.held.size();
        // Not collected: a checkpoint may say any size.
        let mut rest = tiles_at(TileLevel::Entries, size).filter(|path| reaches_beyond(path, held));
        let (source, register) = (self.source, self.held.register().clone());
        let mut take = |bundle: Bundle| -> Result<Register, Stop> {
            self.fold(bundle)?;
            progress(self.held.size(), size);
            Ok(self.held.register().clone())
        };
        match in_order(source, &mut rest, register, &mut take)? {
            true => Ok(()),
            // What a thread leaves that broke off: never a pass.
            false => {
                let reason = "a thread of the audit broke off: run it again";
                Err(fault(self.held.size(), "audit_broke_off", reason).into())
            }
        }
    }

    fn fold(&mut self, bundle: Bundle) -> Result<(), Stop> {
        for (index, entry) in (bundle.first..).zip(&bundle.entries) {
            match self.held.tree.leaf(index) {
                None => self.take(entry)?,
                Some(hash) if hash == entry.hash() => {}
                Some(_) => {
                    let reason = "it is another entry than the one that stood there before";
                    return Err(fault(index, "history_changed", reason).into());
                }
            }
        }
        if let Some(fault) = bundle.fault {
            return Err(fault.into());
        }
        self.tiles += bundle.tiles;
        Ok(())
    }

    fn take(&mut self, entry: &PreparedEntry) -> Result<(), AuditFault> {
        let register = self.held.replayer.register();
        self.outside.check_time(register.size(), entry.logged_at())?;
        if entry.logged_at() > self.latest && self.ahead.is_none() {
            let reason = format!(
                "logged at {}, which is in the future: the ledger's clock was wrong then, or this \
                 machine's is now",
                entry.logged_at()
            );
            self.ahead = Some(fault(register.size(), "log_time_ahead", reason));
        }
        (self.hear)(register, entry);
        let hash = self.held.replayer.take(entry)?;
        self.held.tree.append(hash);
        self.sidecars += u64::from(entry.has_sidecar());
        self.outside.reached(self.held.replayer.register());
        Ok(())
    }

    /// Every hash tile above the lowest that the size implies and the size `held` did not, against
    /// the tree of the entries.
    fn upper_tiles(&mut self, held: u64, size: u64) -> Result<(), Stop> {
        let upper = |path: &TilePath| {
            matches!(path.level, TileLevel::Hashes(1..)) && reaches_beyond(path, held)
        };
        for path in tiles_of(size).filter(upper) {
            if path.width != TILE_WIDTH && !self.source.keeps_partial_tiles() {
                continue;
            }
            let expected = self.held.tree.tile(&path, size).unwrap_or_default();
            let found = self.source.fetch(&Part::Tile(path))?.unwrap_or_default();
            if found != expected {
                return Err(wrong_tile(&path, &found, &expected).into());
            }
            self.tiles += 1;
        }
        Ok(())
    }

    /// An older checkpoint must be the beginning of this log.
    fn contains(&self, older: &Checkpoint) -> Result<(), Stop> {
        let size = self.held.size();
        let found = match self.held.tree.compare(older.size, &older.root) {
            Compared::Same | Compared::Behind => return Ok(()),
            Compared::Ahead => {
                let reason = format!(
                    "the older checkpoint has {} entries, this log {size}: it is an old copy, was \
                     rolled back, or entries were dropped",
                    older.size
                );
                fault(size, "log_behind", reason)
            }
            Compared::Forked => {
                let reason =
                    format!("the checkpoint at {} entries is of another log: a fork", older.size);
                fault(older.size.saturating_sub(1), "fork", reason)
            }
        };
        Err(found.into())
    }
}

/// Whether a tree of `size` leaves does not have all of this tile.
fn reaches_beyond(path: &TilePath, size: u64) -> bool {
    path.check(size).is_err()
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
