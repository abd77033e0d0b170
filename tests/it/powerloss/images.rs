//! Crash images at moments spread over a trace, each handed to a check.
//! Not what a disk holds at one moment (`disk`).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::disk::Disk;
use super::{Event, Trace};

/// What the disk kept of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Nothing.
    Strict,
    /// Some pages, part of what was appended, and in some folders the latest names.
    Torn,
}

/// Whether the image in a folder is good, given the last number acknowledged before the crash.
pub type Check<'a> = &'a mut dyn FnMut(&Path, Option<u64>) -> Result<(), String>;

/// Builds the images of `points` crashes and answers the failures of `check`; a panic is one.
/// Every second crash comes right after an acknowledgement.
pub fn images(
    trace: &Trace,
    points: usize,
    model: Model,
    seed: u64,
    check: Check<'_>,
) -> Vec<String> {
    let mut random = Random(seed);
    let mut disk = Disk::new();
    let (mut done, mut last_acked) = (0, None);
    let mut failures = Vec::new();
    for crash in moments(trace, points, &mut random) {
        for event in &trace.events[done..crash] {
            disk.apply(event);
            if let Event::Ack { number } = event {
                last_acked = Some(*number);
            }
        }
        done = crash;
        let root = tempfile::tempdir().unwrap();
        let image = root.path().join("image");
        disk.write(&image, (model == Model::Torn).then_some(&mut random));
        let outcome = catch_unwind(AssertUnwindSafe(|| check(&image, last_acked)))
            .unwrap_or_else(|_| Err("the check panicked".to_owned()));
        if let Err(what) = outcome {
            let all = trace.events.len();
            let acked = last_acked.map_or("none".to_owned(), |number| number.to_string());
            failures.push(format!("{model:?}, event {crash} of {all}, acked {acked}: {what}"));
        }
    }
    failures
}

/// How many events happened before each crash, ascending.
fn moments(trace: &Trace, points: usize, random: &mut Random) -> Vec<usize> {
    let all = trace.events.len();
    let is_ack = |at: &usize| matches!(trace.events[*at], Event::Ack { .. });
    let mut moments: Vec<usize> = (0..points)
        .map(|point| {
            let (start, end) = (all * point / points, all * (point + 1) / points);
            let at = start + random.below((end - start).max(1) as u64) as usize;
            let acked = (at..all).find(is_ack).filter(|_| point % 2 == 0);
            (acked.unwrap_or(at) + 1).min(all)
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// SplitMix64: the same seed gives the same images.
pub struct Random(pub u64);

impl Random {
    /// A number from 0 to `limit - 1`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}
