//! A whole measurement, in order: found, write, read, stop, start again, weigh.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::folder::copy;
use super::process::{cores, load_average, memory_bytes, service_bytes};
use super::report::{Budget, Figure, Measured, Unit};
use super::service::Service;
use super::{Folder, World, pack, reading, writing};
use crate::ledger::{Home, Ledger, OpenOptions};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Lots declared in bulk.
    pub lots: u64,
    /// Certificates in bulk; no more than lots.
    pub certificates: u64,
    /// Statements sent one a request.
    pub singles: u64,
    /// Statements sent by one client alone.
    pub alone: u64,
    /// How long each kind of reading is measured.
    pub read_milliseconds: u64,
    /// Verdicts and labels made in process.
    pub parts: usize,
    /// Lots in the synthetic offline pack.
    pub pack_lots: u64,
}

impl Scale {
    /// Some ten seconds.
    pub const QUICK: Self = Self {
        lots: 5_000,
        certificates: 2_500,
        singles: 2_500,
        alone: 300,
        read_milliseconds: 500,
        parts: 500,
        pack_lots: 100_000,
    };

    /// About a minute.
    pub const FULL: Self = Self {
        lots: 60_000,
        certificates: 30_000,
        singles: 20_000,
        alone: 3_000,
        read_milliseconds: 3_000,
        parts: 3_000,
        pack_lots: 1_000_000,
    };
}

/// Measures in a folder that is removed afterwards; `tell` hears what is being done.
///
/// # Errors
/// Whatever keeps a step from being done; no figure is given then.
pub fn run(scale: &Scale, parent: &Path, tell: &dyn Fn(&str)) -> anyhow::Result<Measured> {
    let folder = Folder::make(parent)?;
    let mut measured = Measured {
        cores: cores(),
        optimised: !cfg!(debug_assertions),
        file_system: folder.file_system(),
        load_before: load_average(),
        ..Measured::default()
    };
    let home = Home::at(&folder.path().join("data"));
    let figures = &mut measured.figures;
    tell("founding a ledger");
    let (world, ledger) = World::found(&home)?;
    let empty = Home::at(&folder.path().join("empty"));
    copy(home.folder(), empty.folder()).context("copying the data folder")?;
    let empty_took = open_again(&empty, ledger.view().size)?;
    let service = Service::start(ledger.clone())?;
    tell("statements coming in");
    figures.extend(writing::measure(&service, &world, scale)?);
    tell("reading over HTTP");
    let texts = reading::label_texts(&ledger, &world, scale)?;
    figures.extend(reading::over_http(&service, &texts, scale)?);
    let peak = memory_bytes("VmHWM");
    tell("verdicts, labels, replay");
    figures.extend(reading::offline(&ledger, &texts, scale)?);
    figures.extend(reading::labels(&ledger, &world, scale)?);
    let (replayed, raw_bytes) = reading::replay(&ledger)?;
    figures.extend(replayed);
    measured.entries = ledger.view().size;
    let disk = ledger.disk_bytes();
    tell("stopping and starting again");
    let copied = Home::at(&folder.path().join("killed"));
    copy(home.folder(), copied.folder()).context("copying the data folder")?;
    service.stop()?;
    drop(ledger);
    figures.extend(starts(&home, &copied, measured.entries, empty_took)?);
    tell("audit");
    figures.push(reading::whole_audit(&home)?);
    tell("memory");
    figures.extend(alone(&copied, &empty, measured.entries)?);
    figures.extend(weights(peak, disk, raw_bytes));
    tell("offline pack");
    figures.extend(pack::measure(scale.pack_lots, parent)?);
    measured.load_after = load_average();
    Ok(measured)
}

/// Measures the offline pack alone, with so many lots.
///
/// # Errors
/// As [`run`].
pub fn run_pack(lots: u64, parent: &Path) -> anyhow::Result<Measured> {
    let (cores, load_before) = (cores(), load_average());
    let file_system = Folder::make(parent)?.file_system();
    let figures = pack::measure(lots, parent)?;
    let (optimised, load_after) = (!cfg!(debug_assertions), load_average());
    let entries = lots.saturating_mul(2);
    Ok(Measured { cores, optimised, file_system, load_before, load_after, entries, figures })
}

/// Opens the ledger after a clean stop, and the copy of its files made while it ran; `empty` is
/// what opening takes without entries, most of it for deriving the keys' passphrases.
fn starts(
    stopped: &Home,
    killed: &Home,
    entries: u64,
    empty: Duration,
) -> anyhow::Result<Vec<Figure>> {
    let keys = "decrypting the keys (scrypt)";
    let mut figures = vec![Figure::time("start without entries", empty, keys)];
    for (how, home, limit) in [("a clean stop", stopped, 1), ("a kill", killed, 2)] {
        let took = open_again(home, entries)?;
        let bound = "every entry is read, parsed and folded again";
        figures.push(Figure::time(format!("start after {how}, {entries} entries"), took, bound));
        let growing = u64::try_from(took.saturating_sub(empty).as_micros())?;
        let million = Duration::from_micros(at_a_million(growing, entries)).saturating_add(empty);
        let figure = Figure::time("  the same rate at 1,000,000 entries", million, bound);
        figures.push(figure.against(Budget::Below(limit * 1_000_000)));
    }
    Ok(figures)
}

fn at_a_million(value: u64, entries: u64) -> u64 {
    let scaled = u128::from(value).saturating_mul(1_000_000) / u128::from(entries.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

fn open_again(home: &Home, entries: u64) -> anyhow::Result<Duration> {
    /// A writer that is just ending holds the store a moment longer.
    const PATIENCE: Duration = Duration::from_secs(5);
    let first = Instant::now();
    let (ledger, took) = loop {
        let start = Instant::now();
        match Ledger::open(home, &OpenOptions::default()) {
            Ok(ledger) => break (ledger, start.elapsed()),
            Err(error) if first.elapsed() > PATIENCE => return Err(error.into()),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let view = ledger.view();
    anyhow::ensure!(view.size >= entries, "{} of {entries} entries came back", view.size);
    anyhow::ensure!(view.stopped.is_none(), "writes are stopped: {:?}", view.stopped);
    Ok(took)
}

/// Memory of a service alone in a process of its own, over the copied folder; it is killed then.
fn alone(copied: &Home, empty: &Home, entries: u64) -> anyhow::Result<Vec<Figure>> {
    let (none, all) = (service_bytes(empty)?, service_bytes(copied)?);
    let growing = at_a_million(all.saturating_sub(none), entries);
    let bound = "the register and the tree are held in memory; freed start-up buffers";
    let figure = |what: String, bytes| Figure::new(what, bytes, Unit::Bytes, bound);
    Ok(vec![
        figure("memory of a service without entries".to_owned(), none),
        figure(format!("memory of a service just started, {entries} entries"), all),
        figure("  the same growth at 1,000,000 entries".to_owned(), none.saturating_add(growing))
            .against(Budget::Below(400_000_000)),
    ])
}

fn weights(peak: u64, disk: u64, raw_bytes: u64) -> Vec<Figure> {
    let ratio = disk.saturating_mul(100) / raw_bytes.max(1);
    let both = "the load client and its statements are in the same process";
    vec![
        Figure::new("memory at its peak, client included", peak, Unit::Bytes, both),
        Figure::new("disk, for each byte of entries", ratio, Unit::Percent, "sled's segments")
            .against(Budget::Below(200)),
    ]
}
