//! A whole measurement, in order: found, write, read, stop, start again, weigh.

use std::path::Path;

use anyhow::Context;

use super::folder::copy;
use super::process::{Running, cores, load_average, memory_bytes};
use super::reading::{Audited, DIFFERENT};
use super::report::{Budget, Figure, Measured, Unit};
use super::scale::Scale;
use super::service::Service;
use super::starts::Start;
use super::{BenchFolder, World, pack, reading, starts, writing};
use crate::ledger::Home;

/// Measures in a folder that is removed afterwards; `tell` hears what is being done.
///
/// # Errors
/// Whatever keeps a step from being done; no figure is given then.
pub fn run(scale: &Scale, parent: &Path, tell: &dyn Fn(&str)) -> anyhow::Result<Measured> {
    let folder = BenchFolder::make(parent)?;
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
    let none = Start::measure(&empty, 0)?;
    let service = Service::start(ledger.clone())?;
    tell("statements coming in");
    figures.extend(writing::measure(service.address, &world, scale)?);
    tell("reading over HTTP");
    let texts = reading::label_texts(&ledger, &world, scale.certificates, DIFFERENT)?;
    let (size, milliseconds) = (ledger.view().size, scale.read_milliseconds);
    figures.extend(reading::over_http(service.address, &texts, size, milliseconds)?);
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
    ledger.save_snapshot();
    drop(ledger);
    figures.extend(starts(&none, &home, &copied, measured.entries)?);
    tell("audit");
    figures.push(Audited::of_folder(&home)?.figure());
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
    let file_system = BenchFolder::make(parent)?.file_system();
    let figures = pack::measure(lots, parent)?;
    let (optimised, load_after) = (!cfg!(debug_assertions), load_average());
    let entries = lots.saturating_mul(2);
    Ok(Measured { cores, optimised, file_system, load_before, load_after, entries, figures })
}

/// Starts services over the folder after a clean stop and over the copy made while it ran.
fn starts(
    none: &Start,
    stopped: &Home,
    killed: &Home,
    entries: u64,
) -> anyhow::Result<Vec<Figure>> {
    let killed = Start::measure(killed, entries)?;
    let clean = Running::start(stopped, entries)?;
    let start = Start::of(&clean, entries);
    clean.stop()?;
    let times = starts::times(none, &start, &killed);
    Ok([times, starts::memory(&[none, &start])].concat())
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
