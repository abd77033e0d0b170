//! Whether the machine's clock is to be believed, judged before anything is logged: against the
//! last entry at start, against the clock that counts since boot while running. Pure but for
//! [`SystemClock`]. Not here: asking witnesses for the time.

use std::fmt::Debug;

use rustix::time::{ClockId, clock_gettime};

use crate::limits::{CLOCK_AHEAD_SECONDS_MAX, CLOCK_STEP_SECONDS_MAX};
use crate::os::now;
use crate::statement::Timestamp;

/// Both clocks of a machine at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// What people call the time.
    pub wall: Timestamp,
    /// Seconds since boot, suspended or not. Nobody can set it.
    pub boot: i64,
}

/// Where the writer's time comes from.
pub trait Clock: Debug + Send + Sync {
    /// Both clocks, now.
    fn read(&self) -> ClockReading;
}

/// The clocks of this machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn read(&self) -> ClockReading {
        ClockReading { wall: now(), boot: clock_gettime(ClockId::Boottime).tv_sec }
    }
}

/// Why a clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockFault {
    /// It was set while the service ran, by so many seconds.
    Stepped {
        /// Positive: forwards.
        seconds: i64,
    },
    /// At start it is before the last entry.
    Behind {
        /// What it says.
        now: Timestamp,
        /// Log time of the last entry.
        last: Timestamp,
    },
    /// At start it is long after the last entry.
    Ahead {
        /// What it says.
        now: Timestamp,
        /// Log time of the last entry.
        last: Timestamp,
    },
}

impl std::fmt::Display for ClockFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stepped { seconds } => {
                let way = if *seconds < 0 { "back" } else { "forward" };
                write!(
                    f,
                    "the clock was set {way} by {} s while the service ran (at most \
                     {CLOCK_STEP_SECONDS_MAX} s are taken for a correction)",
                    seconds.unsigned_abs()
                )
            }
            Self::Behind { now, last } => {
                write!(f, "the clock says {now}, which is before the last entry of {last}")
            }
            Self::Ahead { now, last } => write!(
                f,
                "the clock says {now}, more than {} days after the last entry of {last}",
                CLOCK_AHEAD_SECONDS_MAX / 86_400
            ),
        }
    }
}

/// Judges a clock at start by the last entry.
///
/// # Errors
/// More than 300 s before it, or more than 400 days after.
pub fn judge_start(now: Timestamp, last: Option<Timestamp>) -> Result<(), ClockFault> {
    let Some(last) = last else { return Ok(()) };
    let after = now.seconds().saturating_sub(last.seconds());
    if after < -CLOCK_STEP_SECONDS_MAX {
        return Err(ClockFault::Behind { now, last });
    }
    if after > CLOCK_AHEAD_SECONDS_MAX {
        return Err(ClockFault::Ahead { now, last });
    }
    Ok(())
}

/// Judges a clock by the one that counts since boot: both went on alike since `then`.
///
/// # Errors
/// They differ by more than 300 s.
pub fn judge_running(then: ClockReading, now: ClockReading) -> Result<(), ClockFault> {
    let wall = now.wall.seconds().saturating_sub(then.wall.seconds());
    let seconds = wall.saturating_sub(now.boot.saturating_sub(then.boot));
    if seconds.saturating_abs() > CLOCK_STEP_SECONDS_MAX {
        return Err(ClockFault::Stepped { seconds });
    }
    Ok(())
}

/// What is believed of a clock so far.
#[derive(Debug, Default)]
pub(super) struct TimeGuard {
    /// Both clocks when they were believed: at start, or when outsiders bore them out.
    then: Option<ClockReading>,
}

impl TimeGuard {
    /// The time to log at.
    pub fn judge(
        &mut self,
        now: ClockReading,
        last: Option<Timestamp>,
    ) -> Result<Timestamp, ClockFault> {
        match self.then {
            Some(then) => judge_running(then, now)?,
            None => {
                judge_start(now.wall, last)?;
                self.then = Some(now);
            }
        }
        Ok(now.wall)
    }

    /// Believes a clock from here on: the operator, or a quorum of witnesses, says it is right.
    pub fn believe(&mut self, now: ClockReading) {
        self.then = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const START: i64 = 1_800_000_000;

    fn at(wall: i64, boot: i64) -> ClockReading {
        ClockReading { wall: Timestamp::from_seconds(START + wall), boot }
    }

    #[test]
    fn at_start_by_the_last_entry() {
        for (after, good) in [
            (-DAY, false),
            (-301, false),
            (-300, true),
            (0, true),
            (400 * DAY, true),
            (400 * DAY + 1, false),
            (3_650 * DAY, false),
        ] {
            let judged = judge_start(at(after, 0).wall, Some(at(0, 0).wall));
            assert_eq!(judged.is_ok(), good, "{after}");
        }
        assert_eq!(judge_start(at(3_650 * DAY, 0).wall, None), Ok(()), "a new log has no last");
        let extreme = [i64::MIN, i64::MAX].map(Timestamp::from_seconds);
        assert!(judge_start(extreme[0], Some(extreme[1])).is_err());
        assert!(judge_start(extreme[1], Some(extreme[0])).is_err());
    }

    #[test]
    fn while_running_by_the_boot_clock() {
        let then = at(0, 1_000);
        for (wall, boot, good) in [
            (10, 1_010, true),
            (300, 1_000, true),
            (301, 1_000, false),
            (-300, 1_000, true),
            (-301, 1_000, false),
            // A lid closed for a week: both went on.
            (7 * DAY, 1_000 + 7 * DAY, true),
            // Years of service, and then ten years in a second.
            (3 * 365 * DAY, 1_000 + 3 * 365 * DAY, true),
            (3_650 * DAY, 1_001, false),
            (-DAY, 1_001, false),
        ] {
            assert_eq!(judge_running(then, at(wall, boot)).is_ok(), good, "{wall} {boot}");
        }
        let stepped = judge_running(then, at(-DAY, 1_000));
        assert_eq!(stepped, Err(ClockFault::Stepped { seconds: -DAY }));
        assert!(judge_running(at(0, i64::MIN), at(i64::MAX - START, i64::MAX)).is_err());
    }

    #[test]
    fn it_heals_when_the_clock_is_right_again_and_small_steps_add_up() {
        let last = Some(at(0, 0).wall);
        let mut guard = TimeGuard::default();
        assert!(guard.judge(at(-DAY, 5), last).is_err(), "wrong at start");
        assert!(guard.judge(at(10, 6), last).is_ok(), "set right");
        assert!(guard.judge(at(3_650 * DAY, 7), last).is_err());
        assert!(guard.judge(at(12, 8), last).is_ok());
        // 200 s and 200 s more: nobody walks it away in steps.
        assert!(guard.judge(at(212, 8), last).is_ok());
        assert!(guard.judge(at(412, 8), last).is_err());
        guard.believe(at(412, 8));
        assert!(guard.judge(at(413, 9), last).is_ok());
        // Believed although before the last entry: log time itself never goes back.
        let mut told = TimeGuard::default();
        told.believe(at(-DAY, 5));
        assert!(told.judge(at(-DAY, 5), last).is_ok());
    }
}
