//! A measurement at one size: a ledger of so many entries is filled, started again, scanned,
//! audited and written to, beside what this machine could do at most. Not here: the steps, which a
//! measurement without a size shares (`reading`, `writing`, `starts`).

use std::path::Path;

use super::filling::{Filling, Stretch};
use super::folder::copy;
use super::graph::Plan;
use super::limits::{Machine, beside_checks};
use super::process::{Running, cores, load_average};
use super::reading::{Audited, DIFFERENT, different, label_texts, over_http};
use super::report::{Budget, Figure, Measured, Unit};
use super::starts::{self, Start};
use super::two_sizes::{self, Target};
use super::world::GOODS_EDITION;
use super::writing::{bulk, one_client};
use super::{BenchFolder, World, goods_reach};
use crate::ledger::{Home, Ledger};

/// Different labels scanned, if there are as many.
const LABELS: u64 = 60_000;
/// Entries of the small ledger that the large one is compared with, at most.
const SMALL_ENTRIES: u64 = 10_000;
/// Lots, and certificates, of one bulk load, at most.
const BULK: u64 = 10_000;
/// Statements of one client alone, at most.
const ALONE: u64 = 3_000;

/// What ledger is measured.
#[derive(Clone, Copy, Debug)]
pub struct SizeOptions {
    /// Its entries.
    pub entries: u64,
    /// Of a hundred entries so many are events; 0: lots and certificates alone, as before goods.
    pub events_percent: u64,
    /// Of the rules it is founded under; before the one with goods, there are no events.
    pub edition: u32,
}

/// A measurement under way.
struct AtSize<'a> {
    folder: &'a Path,
    entries: u64,
    edition: u32,
    filling: Filling,
    tell: &'a dyn Fn(&str),
    figures: Vec<Figure>,
}

/// What the filled ledger leaves behind when it is closed.
struct Filled {
    world: World,
    labels: Vec<String>,
    /// Lots that are certified.
    certified: u64,
    /// Services without entries, and with a tenth of them.
    fewer: [Start; 2],
}

/// Measures a ledger in a folder that is removed afterwards; `tell` hears what is being done. One
/// with goods is made of whole parts: it has some thousand entries more than it is called.
///
/// # Errors
/// Whatever keeps a step from being done; no figure is given then.
pub fn run(options: SizeOptions, parent: &Path, tell: &dyn Fn(&str)) -> anyhow::Result<Measured> {
    let SizeOptions { entries, edition, events_percent } = options;
    let filling = match events_percent {
        percent if percent > 0 && edition >= GOODS_EDITION => {
            Filling::Goods(Plan::of_percent(percent))
        }
        _ => Filling::Plain,
    };
    let folder = BenchFolder::make(parent)?;
    let load_before = load_average();
    tell("what this machine could do");
    let (path, figures) = (folder.path(), Vec::new());
    let mut at_size = AtSize { folder: path, entries, edition, filling, tell, figures };
    at_size.figures.extend(at_size.machine()?.figures());
    at_size.all()?;
    Ok(Measured {
        cores: cores(),
        optimised: !cfg!(debug_assertions),
        file_system: folder.file_system(),
        load_before,
        load_after: load_average(),
        entries,
        figures: at_size.figures,
    })
}

impl AtSize<'_> {
    fn all(&mut self) -> anyhow::Result<()> {
        let home = self.home("data");
        let filled = self.fill(&home)?;
        // Before anything else opens it: the store then reads again all that was written.
        (self.tell)("starting after a kill");
        let after_kill = Start::measure(&home, self.entries)?;
        (self.tell)("audit of the folder");
        let (audited, limit) = beside_checks(|| Audited::of_folder(&home))?;
        let limit = limit.saturating_mul(audited.entries);
        self.figures.push(audited.figure().beside(limit / audited.signatures.max(1)));
        (self.tell)("starting after a clean stop");
        Running::start(&home, self.entries)?.stop()?;
        let running = Running::start(&home, self.entries)?;
        let clean = Start::of(&running, self.entries);
        let [none, tenth] = &filled.fewer;
        self.figures.extend(starts::times(none, &clean, &after_kill));
        self.figures.extend(starts::memory(&[none, tenth, &clean]));
        self.read(&running, &home, &filled.labels)?;
        if let Filling::Goods(plan) = self.filling {
            (self.tell)("ways of lots");
            self.figures.extend(goods_reach::ways(running.address, plan.parts(self.entries))?);
        }
        self.write(&running, &filled)?;
        running.stop()
    }

    fn home(&self, name: &str) -> Home {
        Home::at(&self.folder.join(name))
    }

    /// What the machine can do now: it is asked again where much time has passed.
    fn machine(&self) -> anyhow::Result<Machine> {
        let bytes = self.entries.saturating_mul(2_500).clamp(1 << 24, 1 << 28);
        Machine::measure(self.folder, bytes)
    }

    /// Fills the ledger and lets it go without what a clean stop writes. All that is in it is on
    /// the disk before it is acknowledged, so this is what a kill leaves.
    fn fill(&mut self, home: &Home) -> anyhow::Result<Filled> {
        let (world, ledger) = World::found_under(home, self.edition)?;
        let none = self.beside(home, 0)?;
        let (mut at, mut stretches, mut tenth) = (0, Vec::new(), none);
        // The second half of the way to a hundredth, to a tenth, to all of it.
        for part in [100, 10, 1] {
            let entries = self.entries / part;
            let (half, whole) = (self.filling.pieces(entries / 2), self.filling.pieces(entries));
            (self.tell)(&format!("filling up to {entries} entries"));
            self.filling.fill(&ledger, &world, at..half)?;
            stretches.push(self.filling.fill(&ledger, &world, half..whole)?);
            at = whole;
            if part == 10 {
                tenth = self.beside(home, entries)?;
            }
        }
        stretches.retain(|stretch| stretch.from < stretch.to);
        self.costs(&stretches);
        self.weigh(&ledger)?;
        if matches!(self.filling, Filling::Goods(_)) {
            self.figures.extend(goods_reach::memory(&ledger)?);
        }
        let certified = self.filling.certified(at);
        let labels = label_texts(&ledger, &world, certified, LABELS)?;
        Ok(Filled { world, labels, certified, fewer: [none, tenth] })
    }

    /// A service over a copy of a ledger that runs.
    fn beside(&self, home: &Home, entries: u64) -> anyhow::Result<Start> {
        let copied = self.home("copied");
        copy(home.folder(), copied.folder())?;
        let start = Start::measure(&copied, entries)?;
        std::fs::remove_dir_all(copied.folder())?;
        Ok(start)
    }

    fn costs(&mut self, stretches: &[Stretch]) {
        self.figures.extend(stretches.iter().map(Stretch::figure));
        let each = |stretch: Option<&Stretch>| stretch.map_or(0, Stretch::each);
        let (first, last) = (each(stretches.first()), each(stretches.last()));
        let ratio = last.saturating_mul(100) / first.max(1);
        let what = "  time of one, the last to the first of these";
        let figure = Figure::new(what, ratio, Unit::Percent, "what grows with the ledger");
        self.figures.push(match self.entries {
            10_000_000 => figure.against(Budget::Below(130)),
            _ => figure,
        });
    }

    /// Disk against entries.
    fn weigh(&mut self, ledger: &Ledger) -> anyhow::Result<()> {
        let mut bytes = 0_u64;
        for index in 0..ledger.view().size {
            bytes = bytes.saturating_add(u64::try_from(ledger.entry(index)?.len())?);
        }
        let ratio = ledger.disk_bytes().saturating_mul(100) / bytes.max(1);
        let bound = "the store's segments, and a vc+jwt beside each certificate";
        let figure = Figure::new("disk, for each byte of entries", ratio, Unit::Percent, bound);
        self.figures.push(figure.against(Budget::Below(200)));
        Ok(())
    }

    /// Scans, proofs and an audit over HTTP, of a service in a process of its own.
    fn read(&mut self, running: &Running, home: &Home, labels: &[String]) -> anyhow::Result<()> {
        (self.tell)("scanning different labels");
        self.figures.push(different(running.address, labels)?);
        let what = format!("memory after {} scans", labels.len());
        let bound = "the same, and pages kept for a second";
        let memory = Figure::new(what, running.memory(), Unit::Bytes, bound);
        self.figures.push(starts::within(memory, self.entries));
        (self.tell)("reading over HTTP");
        let some: Vec<String> = labels.iter().take(usize::try_from(DIFFERENT)?).cloned().collect();
        let milliseconds = if self.entries < 100_000 { 200 } else { 2_000 };
        self.figures.extend(over_http(running.address, &some, self.entries, milliseconds)?);
        (self.tell)("audit over HTTP");
        let (audited, limit) = beside_checks(|| Audited::over_http(home, running.address))?;
        let bound = "service and auditor share the cores; the limit is the checks alone";
        let rate = |what, rate| Figure::new(what, rate, Unit::PerSecond, bound);
        self.figures.push(rate("audit over HTTP, entries", audited.entries));
        self.figures.push(rate("audit over HTTP, signatures", audited.signatures).beside(limit));
        let share = audited.signatures.saturating_mul(100) / limit.max(1);
        let share =
            Figure::new("  of the checks that the machine can do", share, Unit::Share, bound);
        self.figures.push(share.against(Budget::AtLeast(80)));
        Ok(())
    }

    /// Statements over HTTP: one client alone, then bulk loads, against a small ledger.
    fn write(&mut self, running: &Running, filled: &Filled) -> anyhow::Result<()> {
        (self.tell)("statements coming in, here and into a small ledger");
        let entries = SMALL_ENTRIES.min(self.entries / 10);
        let home = self.home("small");
        let (small_world, ledger) = World::found_under(&home, self.edition)?;
        let pieces = self.filling.pieces(entries);
        self.filling.fill(&ledger, &small_world, 0..pieces)?;
        ledger.save_snapshot();
        drop(ledger);
        let service = Running::start(&home, entries)?;
        let (world, all) = (&filled.world, filled.certified);
        let alone = ALONE.min(self.entries / 10);
        let next = all.saturating_add(alone);
        let machine = self.machine()?;
        let [median, slow] = one_client(running.address, &world.declarations(all..next)?)?;
        // Serials are given out in order: these lots are certified before the next ones.
        bulk(running.address, &world.certificates(all..next)?)?;
        let sync = u64::try_from(machine.sync.as_micros())?;
        self.figures.extend([median.beside(sync), slow]);
        let (address, next_small) = (running.address, self.filling.certified(pieces));
        let large = Target { address, world, entries: self.entries, next };
        let (address, world) = (service.address, &small_world);
        let small = Target { address, world, entries, next: next_small };
        let count = BULK.min(self.entries / 20);
        let kinds = two_sizes::kinds(matches!(self.filling, Filling::Goods(_)));
        self.figures.extend(two_sizes::measure(kinds, [&small, &large], count, &machine)?);
        service.stop()
    }
}
