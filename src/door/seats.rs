//! All connections of a service: counted, swept every second, and at a limit the one that has
//! kept others waiting longest makes room.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::listen::connections_max;
use super::seat::{Cut, Phase, Seat, Sentence};
use crate::limits::YIELD_SECONDS_MIN;

/// The connections of one service.
#[derive(Debug)]
pub(super) struct Seats {
    taken: Mutex<HashMap<u64, Arc<Seat>>>,
    next: AtomicU64,
    start: Instant,
    max: usize,
    stopping: AtomicBool,
}

/// A seat that is free again once this is dropped.
pub(super) struct Taken {
    seats: Arc<Seats>,
    number: u64,
    pub seat: Arc<Seat>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.seats.taken().remove(&self.number);
    }
}

impl Seats {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            taken: Mutex::default(),
            next: AtomicU64::new(0),
            start: Instant::now(),
            max: connections_max(),
            stopping: AtomicBool::new(false),
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<u64, Arc<Seat>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds of the door's own clock.
    pub fn now(&self) -> u64 {
        self.start.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    pub fn len(&self) -> usize {
        self.taken().len()
    }

    pub fn is_full(&self) -> bool {
        self.len() >= self.max
    }

    /// A seat for a new connection; None if all are taken by requests under way.
    pub fn take(self: &Arc<Self>) -> Option<Taken> {
        let now = self.now();
        let mut taken = self.taken();
        if taken.len() >= self.max {
            let number = longest(&taken, now, waits_for_header)
                .or_else(|| longest(&taken, now, waits_for_caller))?;
            // It closes a moment later; its seat is free at once.
            if let Some(seat) = taken.remove(&number) {
                seat.close();
            }
        }
        let number = self.next.fetch_add(1, Relaxed);
        let seat = Arc::new(Seat::new(now));
        taken.insert(number, seat.clone());
        Some(Taken { seats: self.clone(), number, seat })
    }

    /// Closes the connection that has waited longest without a whole header, if any.
    pub fn close_one(&self) {
        let now = self.now();
        let taken = self.taken();
        if let Some(seat) = longest(&taken, now, waits_for_header).and_then(|n| taken.get(&n)) {
            seat.close();
        }
    }

    /// Makes room for bytes: the request or answer in this phase that has kept its room longest is
    /// ended, unless it is young.
    pub fn make_room(&self, phase: Phase) {
        let now = self.now();
        let taken = self.taken();
        let chosen =
            longest(&taken, now, |seat, now| seat.phase() == phase && waits_for_caller(seat, now));
        match chosen.and_then(|number| taken.get(&number)) {
            Some(seat) if phase == Phase::Body => seat.tell(Cut::BodyRoom),
            Some(seat) => seat.close(),
            None => {}
        }
    }

    /// Ends what is over its time.
    pub fn sweep(&self) {
        let now = self.now();
        for seat in self.taken().values() {
            match seat.judge(now) {
                Some(Sentence::Close) => seat.close(),
                Some(Sentence::Answer(cut)) => seat.tell(cut),
                None => {}
            }
        }
    }

    /// Closes the connections that ask for nothing; the others end after their answer.
    pub fn stop(&self) {
        self.stopping.store(true, Relaxed);
        let now = self.now();
        for seat in self.taken().values().filter(|seat| waits_for_header(seat, now)) {
            seat.close();
        }
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// Closes all connections.
    pub fn close(&self) {
        self.taken().values().for_each(|seat| seat.close());
    }
}

fn waits_for_header(seat: &Seat, _: u64) -> bool {
    matches!(seat.phase(), Phase::Idle | Phase::Header)
}

/// Whether its caller, not we, has kept it waiting for more than a moment.
fn waits_for_caller(seat: &Seat, now: u64) -> bool {
    matches!(seat.phase(), Phase::Body | Phase::Answer)
        && seat.age(now) >= YIELD_SECONDS_MIN.saturating_mul(1_000)
}

fn longest(
    taken: &HashMap<u64, Arc<Seat>>,
    now: u64,
    fits: impl Fn(&Seat, u64) -> bool,
) -> Option<u64> {
    let fitting = taken.iter().filter(|(_, seat)| fits(seat, now));
    fitting.max_by_key(|(_, seat)| seat.age(now)).map(|(number, _)| *number)
}
