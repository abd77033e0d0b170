//! The writer's thread: drains the queue, judges and folds, makes one durable batch, publishes,
//! answers. A storage error stops it for good: nothing more is signed until the ledger is reopened.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};

use super::door::Door;
use super::open::Shared;
use super::rows::{Head, entry_key, growth, sidecar_key};
use super::serials::{Issue, Issues};
use super::{Submission, SubmitError, now};
use crate::limits::BATCH_ENTRIES_MAX;
use crate::log::{Sequenced, Sequencer};
use crate::register::Register;
use crate::seal::Mark;
use crate::statement::Timestamp;
use crate::store::{BATCH_ROWS_MAX, StoreError, rows_of};

/// Statements submitted together, and where the answer goes.
pub(super) struct Job {
    pub statements: Vec<Submission>,
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
struct Open {
    answer: tokio::sync::oneshot::Sender<Answers>,
    waiting: VecDeque<Submission>,
    done: Answers,
}

/// The writer's own state: what the next batch builds on.
pub(super) struct Writer {
    pub shared: Arc<Shared>,
    pub sequencer: Sequencer,
    pub head: Option<Head>,
}

impl Writer {
    /// Runs until every sender is gone.
    pub fn run(mut self, queue: &Receiver<Job>) {
        while let Some(first) = self.wait(queue) {
            let mut open = VecDeque::from([Open::of(first)]);
            while !open.is_empty() {
                self.take_more(queue, &mut open);
                self.one_batch(&mut open);
                while open.front().is_some_and(|job| job.waiting.is_empty()) {
                    if let Some(job) = open.pop_front() {
                        // Nobody waits any more if the connection broke: the entry stands anyway.
                        let _ = job.answer.send(job.done);
                    }
                }
            }
        }
    }

    /// The next job; None when every sender is gone. Meanwhile the guard is synced when it is due.
    fn wait(&self, queue: &Receiver<Job>) -> Option<Job> {
        loop {
            let got = match self.shared.guard.due() {
                None => return queue.recv().ok().or_else(|| self.sync_guard()),
                Some(wait) => queue.recv_timeout(wait),
            };
            match got {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Timeout) => self.sync_guard(),
                Err(RecvTimeoutError::Disconnected) => return self.sync_guard(),
            };
        }
    }

    fn sync_guard(&self) -> Option<Job> {
        if let Err(reason) = self.shared.guard.sync() {
            self.stop_with(reason);
        }
        None
    }

    fn take_more(&self, queue: &Receiver<Job>, open: &mut VecDeque<Open>) {
        let mut waiting: usize = open.iter().map(|job| job.waiting.len()).sum();
        while waiting < BATCH_ENTRIES_MAX {
            match queue.try_recv() {
                Ok(job) => {
                    waiting += job.statements.len();
                    open.push_back(Open::of(job));
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    /// Judges statements until the batch is full, then makes it durable and publishes.
    fn one_batch(&mut self, open: &mut VecDeque<Open>) {
        let view = self.shared.view();
        let mut pending = Pending {
            register: view.register.clone(),
            sequencer: self.sequencer.clone(),
            entries: Vec::new(),
            sidecars: Vec::new(),
            issues: Vec::new(),
            rows: 16,
        };
        let mut placed = Vec::new();
        'full: for (place, job) in open.iter_mut().enumerate() {
            while let Some(submission) = job.waiting.front() {
                let entry = rows_of(submission.statement.bytes.len().saturating_add(256));
                let sidecar = submission.sidecar.as_ref().map_or(0, |jwt| rows_of(jwt.len()));
                let rows = entry.saturating_add(sidecar);
                if pending.entries.len() >= BATCH_ENTRIES_MAX
                    || pending.rows.saturating_add(rows) > BATCH_ROWS_MAX
                {
                    break 'full;
                }
                let outcome = match &view.stopped {
                    Some(reason) => Err(SubmitError::Stopped { reason: reason.to_string() }),
                    None => pending.take(submission, rows, &self.shared.door),
                };
                placed.push((place, outcome));
                job.waiting.pop_front();
            }
        }
        let failure = self.commit(pending).err();
        for (place, outcome) in placed {
            let Some(job) = open.get_mut(place) else { continue };
            job.done.push(match (&failure, outcome) {
                (Some(reason), Ok(_)) => Err(SubmitError::Stopped { reason: reason.clone() }),
                (_, outcome) => outcome,
            });
        }
    }

    /// Makes the batch durable, then signs and publishes the new checkpoint.
    fn commit(&mut self, pending: Pending) -> Result<(), String> {
        let Pending { register, sequencer, entries, sidecars, issues, .. } = pending;
        let Some(last) = entries.last() else { return Ok(()) };
        // Outsiders may have stopped the log since the batch was begun.
        if let Some(reason) = &self.shared.view().stopped {
            return Err(reason.to_string());
        }
        let old = self.sequencer.size();
        let (head, batch) = {
            let mut tree = self.shared.tree_mut();
            entries.iter().for_each(|entry| tree.append(entry.hash));
            let head = Head { size: tree.size(), root: tree.root(), last_at: last.logged_at };
            let before = self.head.as_ref().map(Head::to_bytes);
            (head.clone(), growth(&tree, old, before.as_deref(), &head))
        };
        let entries = entries.into_iter();
        let batch = entries.fold(batch, |batch, e| batch.put(entry_key(e.index), e.bytes));
        let sidecars = sidecars.into_iter();
        let batch = sidecars.fold(batch, |batch, (index, jwt)| batch.put(sidecar_key(index), jwt));
        if let Err(error) = self.shared.store.commit(&batch) {
            self.shared.tree_mut().truncate(old);
            return Err(self.stop(&error));
        }
        self.shared.door.issued(issues);
        self.shared.publish(register, &head).map_err(|reason| self.stop_with(reason))?;
        self.sequencer = sequencer;
        self.head = Some(head);
        Ok(())
    }

    fn stop(&self, error: &StoreError) -> String {
        self.stop_with(format!("{error}; restart the service"))
    }

    fn stop_with(&self, reason: String) -> String {
        self.shared.stop(&reason);
        reason
    }
}

impl Open {
    fn of(job: Job) -> Self {
        let done = Vec::with_capacity(job.statements.len());
        Self { answer: job.answer, waiting: job.statements.into(), done }
    }
}

/// A batch being filled, on copies of the state: dropped whole if it cannot be made durable.
struct Pending {
    register: Register,
    sequencer: Sequencer,
    entries: Vec<Sequenced>,
    sidecars: Vec<(u64, String)>,
    /// Label issues, by the log index of their lot.
    issues: Vec<(u64, Issue)>,
    rows: usize,
}

impl Pending {
    fn take(
        &mut self,
        submission: &Submission,
        rows: usize,
        door: &Door,
    ) -> Result<Placed, SubmitError> {
        let Submission { statement, sidecar } = submission;
        if let Some(index) = self.register.index_of_digest(&statement.digest) {
            return Ok(Placed { index, duplicate: true, logged_at: None });
        }
        let at = now();
        door.admit(statement, at)?;
        let mut sequencer = self.sequencer.clone();
        let entry = sequencer.next(at, &statement.bytes)?;
        let mark = Mark { index: entry.index, logged_at: entry.logged_at };
        self.register.fold(statement, mark)?;
        door.count(&statement.issuer, mark.logged_at);
        self.issues.extend(Issues::in_statement(&self.register, statement, mark));
        self.sequencer = sequencer;
        self.rows = self.rows.saturating_add(rows);
        self.entries.push(entry);
        self.sidecars.extend(sidecar.clone().map(|jwt| (mark.index, jwt)));
        Ok(Placed { index: mark.index, duplicate: false, logged_at: Some(mark.logged_at) })
    }
}
