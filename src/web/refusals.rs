//! What was refused, for who runs the service: counted by route and code, and told as lines of the
//! log. A line says code, kind of route, status and kind of statement: nothing of who asked, and
//! nothing of what was sent. However many are refused, few lines are written. Not here: the words
//! of a refusal, which are its sender's (`problem`).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tracing::{debug, info};

/// Lines of one code at one kind of route within [`SPAN`]; the rest is told as a number.
const LINES_MAX: u32 = 3;

/// The span.
const SPAN: Duration = Duration::from_secs(60);

/// Routes whose callers are programs: what they are refused, their operators ask about. What
/// readers of pages do not find is told at `debug`.
const OF_PROGRAMS: [&str; 4] = ["submit", "verify", "api", "door"];

/// What an answer refuses; it goes along with the answer until it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// The code.
    pub code: &'static str,
    /// The kind of the statement that is refused.
    pub statement: Option<&'static str>,
}

impl Refused {
    /// Of an answer that bears no code.
    pub const UNNAMED: Self = Self { code: "unnamed", statement: None };
}

/// Refusals since the service started.
#[derive(Debug)]
pub struct Refusals {
    counted: Family<Labels, Counter>,
    pace: Mutex<Pace>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: &'static str,
    code: &'static str,
}

impl Refusals {
    /// None yet; their figures stand in `registry`.
    pub fn new(registry: &mut Registry) -> Self {
        let counted = Family::<Labels, Counter>::default();
        registry.register("tasdiq_refusals", "Requests and statements refused", counted.clone());
        Self { counted, pace: Mutex::new(Pace::new(Instant::now())) }
    }

    /// Counts one, and tells it if few like it were told of late. `statement` is asked for the kind
    /// of statement only then.
    pub fn count(
        &self,
        route: &'static str,
        status: u16,
        code: &'static str,
        statement: impl FnOnce() -> Option<&'static str>,
    ) {
        self.counted.get_or_create(&Labels { route, code }).inc();
        let (told, more) = self.pace().step(Instant::now(), (route, code));
        tell(more);
        if !told {
            return;
        }
        let statement = statement();
        match OF_PROGRAMS.contains(&route) {
            true => info!(code, route, status, statement, "refused"),
            false => debug!(code, route, status, statement, "refused"),
        }
    }

    /// Tells how many were refused beside those that were told, once a span is over.
    pub fn flush(&self) {
        let more = self.pace().over(Instant::now());
        tell(more);
    }

    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        // A thread that broke off left counts, which are good.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A kind of route and a code: both from short lists, so there are few pairs.
type Pair = (&'static str, &'static str);

/// How many of a pair were not told.
type More = (Pair, u64);

fn tell(more: Vec<More>) {
    let seconds = SPAN.as_secs();
    for ((route, code), count) in more {
        match OF_PROGRAMS.contains(&route) {
            true => info!(code, route, count, seconds, "more were refused"),
            false => debug!(code, route, count, seconds, "more were refused"),
        }
    }
}

/// What was told within this span.
#[derive(Debug)]
struct Pace {
    since: Instant,
    lines: BTreeMap<Pair, (u32, u64)>,
}

impl Pace {
    fn new(since: Instant) -> Self {
        Self { since, lines: BTreeMap::new() }
    }

    /// Whether this one is told, and what a span that is over left untold.
    fn step(&mut self, now: Instant, pair: Pair) -> (bool, Vec<More>) {
        let more = self.over(now);
        let (lines, untold) = self.lines.entry(pair).or_default();
        if *lines < LINES_MAX {
            *lines = lines.saturating_add(1);
            return (true, more);
        }
        *untold = untold.saturating_add(1);
        (false, more)
    }

    /// What a span that is over left untold; the next one begins.
    fn over(&mut self, now: Instant) -> Vec<More> {
        if now.saturating_duration_since(self.since) < SPAN {
            return Vec::new();
        }
        self.since = now;
        let lines = std::mem::take(&mut self.lines).into_iter();
        lines.filter(|(_, (_, untold))| *untold > 0).map(|(pair, (_, more))| (pair, more)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_few_lines_and_a_number_and_hides_no_other_code() {
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let mut pace = Pace::new(begun);
        let flood = ("submit", "not_json");
        let told = (0..10_000).filter(|_| pace.step(at(1), flood).0).count();
        assert_eq!(told, LINES_MAX as usize);
        assert!(pace.step(at(2), ("submit", "insufficient")).0);
        assert!(pace.step(at(2), ("api", "not_json")).0);
        assert_eq!(pace.over(at(59)), []);
        assert_eq!(pace.step(at(60), flood), (true, vec![(flood, 10_000 - u64::from(LINES_MAX))]));
        assert_eq!(pace.over(at(200)), [], "what was told whole is not told again");
        assert_eq!(pace.lines.len(), 0, "what was of an old span is forgotten");
    }
}
