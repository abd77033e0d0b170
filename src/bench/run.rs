//! A whole measurement, in order: found, write, read, stop, start again, weigh.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::folder::copy;
use super::process::{cores, load_average, memory_bytes};
use super::report::{Budget, Figure, Measured, Unit};
use super::service::Service;
use super::{Folder, World, reading, writing};
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
    };

    /// About a minute.
    pub const FULL: Self = Self {
        lots: 60_000,
        certificates: 30_000,
        singles: 20_000,
        alone: 3_000,
        read_milliseconds: 3_000,
        parts: 3_000,
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
    let at_start = memory_bytes("VmRSS");
    let home = Home::at(&folder.path().join("data"));
    let figures = &mut measured.figures;
    tell("founding a ledger");
    let (world, ledger) = World::found(&home)?;
    let service = Service::start(ledger.clone())?;
    tell("statements coming in");
    figures.extend(writing::measure(&service, &world, scale)?);
    tell("reading over HTTP");
    let texts = reading::label_texts(&ledger, &world, scale)?;
    figures.extend(reading::over_http(&service, &texts, scale)?);
    let (resident, peak) = (memory_bytes("VmRSS"), memory_bytes("VmHWM"));
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
    figures.extend(starts(&home, &copied, measured.entries)?);
    tell("audit");
    figures.push(reading::whole_audit(&home)?);
    figures.extend(weights(measured.entries, [at_start, resident, peak], disk, raw_bytes));
    measured.load_after = load_average();
    Ok(measured)
}

/// Opens the ledger after a clean stop, and the copy of its files made while it ran.
fn starts(stopped: &Home, killed: &Home, entries: u64) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (how, home, limit) in [("a clean stop", stopped, 1), ("a kill", killed, 2)] {
        let took = open_again(home, entries)?;
        let of_a_million = took.as_micros().saturating_mul(1_000_000) / u128::from(entries.max(1));
        let of_a_million = Duration::from_micros(u64::try_from(of_a_million)?);
        let bound = "every entry is read, parsed and folded again, on all cores but the fold";
        figures.push(Figure::time(format!("start after {how}, {entries} entries"), took, bound));
        let figure = Figure::time("  the same rate at 1,000,000 entries", of_a_million, bound);
        figures.push(figure.against(Budget::Below(limit * 1_000_000)));
    }
    Ok(figures)
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

fn weights(entries: u64, memory: [u64; 3], disk: u64, raw_bytes: u64) -> Vec<Figure> {
    let [at_start, resident, peak] = memory;
    let grown = resident.saturating_sub(at_start);
    let of_a_million = grown.saturating_mul(1_000_000) / entries.max(1);
    let ratio = disk.saturating_mul(100) / raw_bytes.max(1);
    let both = "the load client and its statements are in the same process";
    vec![
        Figure::new("memory serving, client included", resident, Unit::Bytes, both),
        Figure::new("memory at its peak, client included", peak, Unit::Bytes, both),
        Figure::new("  the same growth at 1,000,000 entries", of_a_million, Unit::Bytes, both)
            .against(Budget::Below(400_000_000)),
        Figure::new("disk, for each byte of entries", ratio, Unit::Percent, "sled's segments")
            .against(Budget::Below(200)),
    ]
}
