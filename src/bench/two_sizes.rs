//! Bulk loads over HTTP into a small and a large ledger, by turns, so that what else the machine
//! does weighs on both alike: a statement must not cost more because many stand before it.

use std::net::SocketAddr;
use std::ops::Range;

use super::limits::Machine;
use super::report::{Budget, Figure, Unit};
use super::world::World;
use super::writing::{bulk, mean, rate_of};

/// Runs of each load; the figure is the median.
const RUNS: u64 = 3;

/// A ledger that statements are sent to.
pub struct Target<'a> {
    /// Where its service listens.
    pub address: SocketAddr,
    /// Who signs for it.
    pub world: &'a World,
    /// Its entries.
    pub entries: u64,
    /// The first number that no lot has yet.
    pub next: u64,
}

const GROWS: &str = "what grows with the ledger";

type Signed = anyhow::Result<Vec<Vec<u8>>>;

/// What a load is made of.
pub struct Kind {
    what: &'static str,
    signatures: u64,
    least: u64,
    sign: fn(&World, Range<u64>) -> Signed,
}

/// Lots first: certificates and shipments are of the same numbers.
#[must_use]
pub fn kinds(with_events: bool) -> Vec<Kind> {
    let lots = Kind { what: "lots", signatures: 1, least: 12_000, sign: World::declarations };
    let (what, sign) = ("certificates", World::certificates as fn(&World, Range<u64>) -> Signed);
    let certificates = Kind { what, signatures: 2, least: 8_000, sign };
    let (what, sign) = ("shipments", super::goods::shipments);
    let shipments = Kind { what, signatures: 1, least: 12_000, sign };
    let all = [lots, certificates].into_iter().chain(with_events.then_some(shipments));
    all.collect()
}

/// The rates of one kind.
#[derive(Default)]
struct Rates {
    small: Vec<u64>,
    large: Vec<u64>,
    /// Of a statement.
    bytes: usize,
}

/// Sends `count` statements of each kind to a small and a large ledger, three times.
///
/// # Errors
/// A statement that was refused, or a service that failed.
pub fn measure(
    kinds: Vec<Kind>,
    [small, large]: [&Target<'_>; 2],
    count: u64,
    machine: &Machine,
) -> anyhow::Result<Vec<Figure>> {
    let mut all: Vec<_> = kinds.into_iter().map(|kind| (kind, Rates::default())).collect();
    for run in 0..RUNS {
        let places = run.saturating_mul(count)..run.saturating_add(1).saturating_mul(count);
        for (kind, rates) in &mut all {
            rates.small.push(rate(small, kind, &places, &mut rates.bytes)?);
            rates.large.push(rate(large, kind, &places, &mut rates.bytes)?);
        }
    }
    let mut figures = Vec::new();
    for (kind, rates) in all {
        figures.extend(kind.figures(rates, [small.entries, large.entries], machine)?);
    }
    Ok(figures)
}

fn rate(
    target: &Target<'_>,
    kind: &Kind,
    places: &Range<u64>,
    bytes: &mut usize,
) -> anyhow::Result<u64> {
    let from = |place: u64| target.next.saturating_add(place);
    let signed = (kind.sign)(target.world, from(places.start)..from(places.end))?;
    *bytes = mean(&signed);
    Ok(rate_of(&bulk(target.address, &signed)?, signed.len()))
}

impl Kind {
    fn figures(
        &self,
        rates: Rates,
        entries: [u64; 2],
        machine: &Machine,
    ) -> anyhow::Result<[Figure; 3]> {
        let (what, bytes) = (self.what, rates.bytes);
        let limit = machine.statements(self.signatures, u64::try_from(bytes)?);
        let [few, many] = entries;
        let (small, large) = (median(rates.small), median(rates.large));
        let figure = |entries, rate| {
            let what =
                format!("bulk into {entries} entries: {what} of {bytes} B, median of {RUNS}");
            let bound = "the client too is on these cores; the limit is checks, or writing, alone";
            Figure::new(what, rate, Unit::PerSecond, bound).beside(limit)
        };
        let ratio = small.saturating_mul(100) / large.max(1);
        let ratio = Figure::new("  time of one, large to small", ratio, Unit::Percent, GROWS);
        Ok([
            figure(few, small),
            figure(many, large).against(Budget::AtLeast(self.least)),
            ratio.against(Budget::Below(111)),
        ])
    }
}

fn median(mut rates: Vec<u64>) -> u64 {
    rates.sort_unstable();
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
