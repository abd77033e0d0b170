//! Fills a ledger in process, part by part, so that no more than a part is ever in memory: signed
//! and taken in on all cores, appended by the one writer. Signing is the parties' work and is not
//! timed.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::goods;
use super::graph::{JARS, Plan};
use super::report::{Figure, Unit};
use super::world::{World, on_all_cores};
use crate::ledger::{Ledger, intake};
use crate::os::now;

/// Lots, and certificates, of a part: four full batches of the writer.
const PART: u64 = 1_920;

/// One stretch of filling.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Statements before it.
    pub from: u64,
    /// Statements after it.
    pub to: u64,
    /// What taking in and appending took.
    pub took: Duration,
}

impl Stretch {
    /// What a statement took, in nanoseconds.
    #[must_use]
    pub fn each(&self) -> u64 {
        let count = u128::from(self.to.saturating_sub(self.from).max(1));
        u64::try_from(self.took.as_nanos() / count).unwrap_or(u64::MAX)
    }

    /// How many a second.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let rate = 1_000_000_000 / self.each().max(1);
        let what = format!("filling in process, entries {} to {}", self.from, self.to);
        let bound = "intake on all cores, then the one writer with its syncs; signing left out";
        Figure::new(what, rate, Unit::PerSecond, bound)
    }
}

/// What a ledger is filled with, in pieces that are numbered from 0.
#[derive(Clone, Copy, Debug)]
pub enum Filling {
    /// Half lots, half certificates; a piece is one of each.
    Plain,
    /// Lots, certificates and events; a piece is a part of that plan.
    Goods(Plan),
}

impl Filling {
    /// Pieces that it takes for so many entries; of plain ones as many as fit.
    #[must_use]
    pub fn pieces(self, entries: u64) -> u64 {
        match self {
            Self::Plain => entries / 2,
            Self::Goods(plan) => plan.parts(entries),
        }
    }

    /// Lots that are certified once so many pieces are in, by numbers from 0.
    #[must_use]
    pub fn certified(self, pieces: u64) -> u64 {
        match self {
            Self::Plain => pieces,
            Self::Goods(_) => pieces.saturating_mul(JARS),
        }
    }

    /// Fills in these pieces.
    ///
    /// # Errors
    /// A statement that the ledger refuses.
    pub fn fill(
        self,
        ledger: &Ledger,
        world: &World,
        pieces: Range<u64>,
    ) -> anyhow::Result<Stretch> {
        let Self::Goods(plan) = self else { return fill(ledger, world, pieces) };
        let mut took = Duration::ZERO;
        for part in pieces.clone() {
            for signed in goods::part(world, plan, part)? {
                took = took.saturating_add(append(ledger, &signed)?);
            }
        }
        let (from, to) = (plan.entries_before(pieces.start), plan.entries_before(pieces.end));
        Ok(Stretch { from, to, took })
    }
}

/// Declares the lots of these numbers and certifies each.
///
/// # Errors
/// A statement that the ledger refuses.
fn fill(ledger: &Ledger, world: &World, numbers: Range<u64>) -> anyhow::Result<Stretch> {
    let mut took = Duration::ZERO;
    let mut first = numbers.start;
    while first < numbers.end {
        let end = first.saturating_add(PART).min(numbers.end);
        took = took.saturating_add(append(ledger, &world.declarations(first..end)?)?);
        took = took.saturating_add(append(ledger, &world.certificates(first..end)?)?);
        first = end;
    }
    let (from, to) = (numbers.start.saturating_mul(2), numbers.end.saturating_mul(2));
    Ok(Stretch { from, to, took })
}

fn append(ledger: &Ledger, signed: &[Vec<u8>]) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let (view, at) = (ledger.view(), now());
    let places = 0..u64::try_from(signed.len())?;
    let taken = on_all_cores(places, |place| {
        let bytes = signed.get(usize::try_from(place)?).context("a statement is missing")?;
        Ok(intake(bytes, &view.register, at)?)
    })?;
    for receipt in ledger.append_blocking(taken) {
        receipt?;
    }
    Ok(start.elapsed())
}
