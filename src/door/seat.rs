//! One connection as the door sees it: what it waits for, since when, and how much moved. The
//! stream and the service write it, the sweeper reads it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::limits::{
    ANSWER_WINDOW_SECONDS, BODY_SECONDS_MAX, BODY_WINDOW_SECONDS, BYTES_PER_SECOND_MIN,
    HEADER_SECONDS_MAX, IDLE_SECONDS_MAX, WORK_SECONDS_MAX,
};

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The caller's next request; nothing of it came yet.
    Idle,
    /// The rest of a header.
    Header,
    /// The rest of a body.
    Body,
    /// Us.
    Work,
    /// The caller, who reads.
    Answer,
}

/// Why a request is answered by the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Its body came too slowly.
    Slow,
    /// It took us too long.
    Long,
    /// Others needed its room.
    BodyRoom,
}

/// What the sweeper does about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sentence {
    Close,
    Answer(Cut),
}

/// One connection; times are milliseconds of the door's own clock.
#[derive(Debug)]
pub(super) struct Seat {
    phase: AtomicU8,
    since: AtomicU64,
    /// When it began to wait for a whole header.
    waiting: AtomicU64,
    arrived: Window,
    left: Window,
    /// Whether bytes wait for the caller to read.
    stuck: AtomicBool,
    cut: AtomicU8,
    told: Notify,
    pub task: OnceLock<AbortHandle>,
}

/// Bytes of the current span of time.
#[derive(Debug, Default)]
struct Window {
    since: AtomicU64,
    bytes: AtomicU64,
}

impl Window {
    fn start(&self, now: u64) {
        self.since.store(now, Relaxed);
        self.bytes.store(0, Relaxed);
    }

    fn add(&self, bytes: usize) {
        self.bytes.fetch_add(bytes.try_into().unwrap_or(u64::MAX), Relaxed);
    }

    /// Whether the span is over with too few bytes; one that brought enough begins anew.
    fn failed(&self, now: u64, seconds: u64) -> bool {
        let over = now.saturating_sub(self.since.load(Relaxed)) >= seconds.saturating_mul(1_000);
        let enough = self.bytes.load(Relaxed) >= seconds.saturating_mul(BYTES_PER_SECOND_MIN);
        if over && enough {
            self.start(now);
        }
        over && !enough
    }
}

impl Seat {
    pub fn new(now: u64) -> Self {
        Self {
            phase: AtomicU8::new(Phase::Idle as u8),
            since: AtomicU64::new(now),
            waiting: AtomicU64::new(now),
            arrived: Window::default(),
            left: Window::default(),
            stuck: AtomicBool::new(false),
            cut: AtomicU8::new(0),
            told: Notify::new(),
            task: OnceLock::new(),
        }
    }

    pub fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            0 => Phase::Idle,
            1 => Phase::Header,
            2 => Phase::Body,
            3 => Phase::Work,
            _ => Phase::Answer,
        }
    }

    /// Milliseconds in this phase; for a header, since its connection began to wait for one.
    pub fn age(&self, now: u64) -> u64 {
        let since = match self.phase() {
            Phase::Idle | Phase::Header => &self.waiting,
            _ => &self.since,
        };
        now.saturating_sub(since.load(Relaxed))
    }

    pub fn enter(&self, phase: Phase, now: u64) {
        self.since.store(now, Relaxed);
        match phase {
            Phase::Idle => self.waiting.store(now, Relaxed),
            Phase::Body => self.arrived.start(now),
            _ => {}
        }
        self.phase.store(phase as u8, Relaxed);
    }

    /// Bytes of a header came.
    pub fn heard(&self, now: u64) {
        if self.phase() == Phase::Idle {
            self.enter(Phase::Header, now);
        }
    }

    /// Bytes of a body came.
    pub fn arrived(&self, bytes: usize) {
        self.arrived.add(bytes);
    }

    /// Bytes were taken by the system; `all` of what there was to send.
    pub fn left(&self, bytes: usize, all: bool) {
        self.left.add(bytes);
        if all {
            self.stuck.store(false, Relaxed);
        }
    }

    /// Bytes wait for the caller to read.
    pub fn stuck(&self, now: u64) {
        if !self.stuck.swap(true, Relaxed) {
            self.left.start(now);
        }
    }

    /// What is to be done about it.
    pub fn judge(&self, now: u64) -> Option<Sentence> {
        let over =
            |since: u64, seconds: u64| now.saturating_sub(since) >= seconds.saturating_mul(1_000);
        if self.stuck.load(Relaxed) && self.left.failed(now, ANSWER_WINDOW_SECONDS) {
            return Some(Sentence::Close);
        }
        let since = self.since.load(Relaxed);
        match self.phase() {
            Phase::Idle => over(since, IDLE_SECONDS_MAX).then_some(Sentence::Close),
            Phase::Header => over(since, HEADER_SECONDS_MAX).then_some(Sentence::Close),
            Phase::Body => {
                let slow = self.arrived.failed(now, BODY_WINDOW_SECONDS);
                let cut = slow || over(since, BODY_SECONDS_MAX);
                cut.then_some(Sentence::Answer(Cut::Slow))
            }
            Phase::Work => over(since, WORK_SECONDS_MAX).then_some(Sentence::Answer(Cut::Long)),
            Phase::Answer => None,
        }
    }

    pub fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    /// Makes the service answer in the handler's place.
    pub fn tell(&self, cut: Cut) {
        let word = match cut {
            Cut::Slow => 1,
            Cut::Long => 2,
            Cut::BodyRoom => 3,
        };
        self.cut.store(word, Relaxed);
        self.told.notify_one();
    }

    /// Forgets what was told about the request before.
    pub fn forget(&self) {
        self.cut.store(0, Relaxed);
    }

    /// Done when the request at hand is cut.
    pub async fn cut(&self) -> Cut {
        loop {
            self.told.notified().await;
            match self.cut.load(Relaxed) {
                1 => return Cut::Slow,
                2 => return Cut::Long,
                3 => return Cut::BodyRoom,
                // Told about a request that had ended.
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000;

    #[test]
    fn headers_and_idle_connections_have_an_end() {
        let seat = Seat::new(0);
        assert_eq!(seat.judge((IDLE_SECONDS_MAX - 1) * SECOND), None);
        assert_eq!(seat.judge(IDLE_SECONDS_MAX * SECOND), Some(Sentence::Close));
        seat.heard(50 * SECOND);
        assert_eq!(seat.judge((50 + HEADER_SECONDS_MAX) * SECOND - 1), None);
        // Another byte does not begin the time anew, and the wait counts from its beginning.
        seat.heard(55 * SECOND);
        assert_eq!(seat.age(60 * SECOND), 60 * SECOND);
        assert_eq!(seat.judge((50 + HEADER_SECONDS_MAX) * SECOND), Some(Sentence::Close));
    }

    #[test]
    fn a_body_keeps_its_pace_or_is_cut() {
        let seat = Seat::new(0);
        seat.enter(Phase::Body, 0);
        seat.arrived(30_000);
        assert_eq!(seat.judge(30 * SECOND), None, "1 kB/s is enough");
        seat.arrived(29_999);
        assert_eq!(seat.judge(60 * SECOND), Some(Sentence::Answer(Cut::Slow)), "one byte less");
        let seat = Seat::new(0);
        seat.enter(Phase::Body, 0);
        for at in 1..=BODY_SECONDS_MAX / 30 {
            seat.arrived(1_000_000);
            let judged = seat.judge(at * 30 * SECOND);
            assert_eq!(judged.is_some(), at * 30 >= BODY_SECONDS_MAX, "{at}");
        }
    }

    #[test]
    fn a_reader_keeps_its_pace_or_is_closed() {
        let seat = Seat::new(0);
        seat.enter(Phase::Answer, 0);
        assert_eq!(seat.judge(3_600 * SECOND), None, "nothing waits for it");
        seat.stuck(3_600 * SECOND);
        seat.left(30_000, false);
        assert_eq!(seat.judge(3_630 * SECOND), None);
        seat.stuck(3_640 * SECOND);
        seat.left(100, false);
        assert_eq!(seat.judge(3_660 * SECOND), Some(Sentence::Close));
        seat.left(100, true);
        assert_eq!(seat.judge(3_700 * SECOND), None, "all of it was read");
    }

    #[tokio::test]
    async fn what_was_told_of_an_ended_request_does_not_cut_the_next() {
        let seat = Seat::new(0);
        seat.tell(Cut::Slow);
        seat.forget();
        let next = tokio::time::timeout(std::time::Duration::from_millis(20), seat.cut());
        assert!(next.await.is_err());
        seat.tell(Cut::BodyRoom);
        assert_eq!(seat.cut().await, Cut::BodyRoom);
    }
}
