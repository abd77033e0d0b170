//! A batch being filled, on copies of the state: statements one by one, a group whole or not at
//! all, each line judged as if it came alone after those before it. Not here: making it durable
//! (`writer`).

use std::collections::VecDeque;

use super::admission::Door;
use super::carried::Carried;
use super::group::undone;
use super::{Submission, SubmitError};
use crate::limits::{BATCH_ENTRIES_MAX, BATCH_FRAME_ROWS, GROUP_LINES_MAX, GROUP_ROWS_MAX};
use crate::log::{Sequenced, Sequencer};
use crate::register::Register;
use crate::seal::LogPosition;
use crate::statement::Timestamp;
use crate::store::{BATCH_ROWS_MAX, PART_BYTES};

// A group always has room in an empty batch.
const _: () = assert!(GROUP_ROWS_MAX + BATCH_FRAME_ROWS <= BATCH_ROWS_MAX && PART_BYTES == 8_192);
const _: () = assert!(GROUP_LINES_MAX <= BATCH_ENTRIES_MAX);

/// Statements submitted together, and where the answer goes.
pub(super) struct Job {
    pub statements: Vec<Submission>,
    /// Whether they are logged together or not at all.
    pub whole: bool,
    pub answer: tokio::sync::oneshot::Sender<Answers>,
}

/// One answer for each statement of a job, in its order.
pub(super) type Answers = Vec<Result<Placed, SubmitError>>;

/// Where a statement stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub index: u64,
    pub duplicate: bool,
    /// Log time, of a new entry.
    pub logged_at: Option<Timestamp>,
}

/// A job under way: its answers so far.
pub(super) struct Open {
    pub answer: tokio::sync::oneshot::Sender<Answers>,
    pub whole: bool,
    pub waiting: VecDeque<Submission>,
    pub done: Answers,
}

impl Open {
    pub fn of(job: Job) -> Self {
        let done = Vec::with_capacity(job.statements.len());
        let Job { statements, whole, answer } = job;
        Self { answer, whole, waiting: statements.into(), done }
    }

    /// What goes into a batch next, all of it or nothing: a group, or one statement.
    pub fn next(&self) -> usize {
        if self.whole { self.waiting.len() } else { self.waiting.len().min(1) }
    }
}

/// A batch being filled: dropped whole if it cannot be made durable.
pub(super) struct Pending {
    pub register: Register,
    pub sequencer: Sequencer,
    pub entries: Vec<Sequenced>,
    pub sidecars: Vec<(u64, String)>,
    rows: usize,
}

impl Pending {
    pub fn new(register: Register, sequencer: Sequencer) -> Self {
        let (entries, sidecars) = (Vec::new(), Vec::new());
        Self { register, sequencer, entries, sidecars, rows: BATCH_FRAME_ROWS }
    }

    /// Whether these still fit, all of them.
    pub fn has_room<'a>(&self, next: impl ExactSizeIterator<Item = &'a Submission>) -> bool {
        let entries = self.entries.len().saturating_add(next.len());
        let rows = next.map(Submission::rows).fold(self.rows, usize::saturating_add);
        entries <= BATCH_ENTRIES_MAX && rows <= BATCH_ROWS_MAX
    }

    /// Judges what is next of a job ([`Open::next`]) and takes it in.
    pub fn take_next(&mut self, job: &Open, now: Timestamp, door: &Door) -> Answers {
        if job.whole {
            return self.take_whole(job.waiting.iter(), now, door);
        }
        job.waiting.iter().take(1).map(|submission| self.take(submission, now, door)).collect()
    }

    /// Judges a statement and takes it in.
    fn take(
        &mut self,
        submission: &Submission,
        now: Timestamp,
        door: &Door,
    ) -> Result<Placed, SubmitError> {
        let Submission { statement, sidecar, opening } = submission;
        if let Some(index) = self.register.index_of_digest(&statement.digest) {
            return Ok(Placed { index, duplicate: true, logged_at: None });
        }
        if matches!(opening, Some(Carried::Shown(_))) {
            return Err(SubmitError::DocumentNotKept);
        }
        door.admit(&self.register, statement, now)?;
        let mut sequencer = self.sequencer.clone();
        let entry = sequencer.next(now, &statement.bytes)?;
        let mark = LogPosition { index: entry.index, logged_at: entry.logged_at };
        self.register.fold(statement, mark)?;
        self.sequencer = sequencer;
        self.rows = self.rows.saturating_add(submission.rows());
        self.entries.push(entry);
        self.sidecars.extend(sidecar.clone().map(|jwt| (mark.index, jwt)));
        Ok(Placed { index: mark.index, duplicate: false, logged_at: Some(mark.logged_at) })
    }

    /// Judges the statements of a group in their order and takes them all in, or none.
    fn take_whole<'a>(
        &mut self,
        group: impl ExactSizeIterator<Item = &'a Submission> + Clone,
        now: Timestamp,
        door: &Door,
    ) -> Answers {
        let (lines, rows) = (group.len(), group.clone().map(Submission::rows).sum());
        if lines > GROUP_LINES_MAX || rows > GROUP_ROWS_MAX {
            return undone(lines, 1, SubmitError::GroupTooLarge { lines, rows });
        }
        let before = (self.register.clone(), self.sequencer.clone(), self.rows);
        let (entries, sidecars) = (self.entries.len(), self.sidecars.len());
        let mut answers = Vec::with_capacity(lines);
        for (place, submission) in group.enumerate() {
            match self.take(submission, now, door) {
                Ok(placed) => answers.push(Ok(placed)),
                Err(fault) => {
                    (self.register, self.sequencer, self.rows) = before;
                    self.entries.truncate(entries);
                    self.sidecars.truncate(sidecars);
                    return undone(lines, place.saturating_add(1), fault);
                }
            }
        }
        answers
    }
}
