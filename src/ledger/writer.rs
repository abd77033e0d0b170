//! The writer's thread: drains the queue, judges the clock, judges and folds, makes one durable
//! batch, publishes, answers. What fails stops it and is told; it goes on when that ends (`mend`).

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Instant;

use tracing::{debug, error};

use super::batch::{Answers, Job, Open, Pending, Placed};
use super::halt::Halt;
use super::layout::{Head, entry_key, growth, sidecar_key};
use super::tiles::LogTree;
use super::writer_state::{Owed, Writer};
use super::{Submission, SubmitError};
use crate::limits::BATCH_ENTRIES_MAX;
use crate::register::Register;
use crate::statement::Timestamp;
use crate::store::StoreError;

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

    /// The next job; None when every sender is gone. Meanwhile it looks after itself.
    fn wait(&mut self, queue: &Receiver<Job>) -> Option<Job> {
        loop {
            match queue.recv_timeout(self.rest()) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => {
                    if let Err(halt) = self.shared.guard.sync() {
                        error!(reason = halt.for_operator(), "the guard file was not synced");
                    }
                    return None;
                }
            }
        }
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
        self.look();
        let now = self.time();
        let view = self.shared.view();
        let mut pending = Pending::new(view.register.clone(), self.sequencer.clone());
        // What is judged is held until it is shown: a document is not swept before.
        let (mut judged, mut held) = (Vec::new(), Vec::new());
        'full: for (place, job) in open.iter_mut().enumerate() {
            while job.next() > 0 {
                let next = job.next();
                // What has no room in an empty batch is refused there, so each batch takes some.
                if !pending.has_room(job.waiting.iter().take(next)) && !judged.is_empty() {
                    break 'full;
                }
                let answers = match &now {
                    Err(halt) => self.refused(&job.waiting, next, &view.register, halt),
                    Ok(now) => pending.take_next(job, *now, &self.shared.door),
                };
                judged.extend(answers.into_iter().map(|answer| (place, answer)));
                held.extend(job.waiting.drain(..next));
            }
        }
        let failure = self.commit(pending).err();
        drop(held);
        for (place, answer) in judged {
            let Some(job) = open.get_mut(place) else { continue };
            job.done.push(match (&failure, answer) {
                // What is not durable, also as the double of what was to become so.
                (Some(failure), Ok(placed)) if placed.index >= view.size => Err(failure.answer()),
                (_, answer) => answer,
            });
        }
    }

    /// The time to log at, or why nothing is logged.
    fn time(&mut self) -> Result<Timestamp, Arc<Halt>> {
        if let Some(halt) = &self.shared.view().stopped {
            return Err(halt.clone());
        }
        self.shared.time().map_err(|halt| {
            self.stop(halt.clone());
            Arc::new(halt)
        })
    }

    /// What a stopped writer answers: what is in the log has its receipt all the same.
    fn refused(
        &self,
        waiting: &VecDeque<Submission>,
        count: usize,
        register: &Register,
        halt: &Halt,
    ) -> Answers {
        let answer = |submission: &Submission| {
            let digest = &submission.statement.digest;
            if let Some(index) = register.index_of_digest(digest) {
                return Ok(Placed { index, duplicate: true, logged_at: None });
            }
            let owed = self.owed.as_ref().and_then(|owed| owed.register.index_of_digest(digest));
            Err(Failure { reason: halt.to_string(), unsure: owed.is_some() }.answer())
        };
        waiting.iter().take(count).map(answer).collect()
    }

    /// Makes the batch durable, then signs and publishes the new checkpoint.
    fn commit(&mut self, pending: Pending) -> Result<(), Failure> {
        let Pending { register, sequencer, entries, sidecars, .. } = pending;
        let Some(last) = entries.last() else { return Ok(()) };
        // Outsiders may have stopped the log since the batch was begun.
        if let Some(halt) = &self.shared.view().stopped {
            return Err(Failure { reason: halt.to_string(), unsure: false });
        }
        self.shared.guard.prepare().map_err(|halt| self.fails(halt, false))?;
        let mut tree = LogTree::clone(&self.shared.tree());
        entries.iter().for_each(|entry| tree.append(entry.hash));
        let head = Head { size: tree.size(), root: tree.root(), last_at: last.logged_at };
        let before = self.head.as_ref().map(Head::to_bytes);
        let full = tree.fresh().iter().map(|(path, tile)| (*path, tile.bytes(path.width)));
        let batch = growth(full, before.as_deref(), &head);
        let grown = entries.len();
        let entries = entries.into_iter();
        let batch = entries.fold(batch, |batch, e| batch.put(entry_key(e.index), e.bytes));
        let sidecars = sidecars.into_iter();
        let batch = sidecars.fold(batch, |batch, (index, jwt)| batch.put(sidecar_key(index), jwt));
        let mut owed = Owed { register, sequencer, head, tree, kept: false };
        let begun = Instant::now();
        if let Err(error) = self.shared.store.commit(&batch) {
            let unsure = matches!(error, StoreError::Unknown { .. });
            self.owed = unsure.then_some(owed);
            return Err(self.fails(Halt::of_store(&error), unsure));
        }
        let took = begun.elapsed();
        self.shared.figures.durable(grown, took);
        debug!(entries = grown, micros = took.as_micros(), "a batch is durable");
        self.shared.set_tree(owed.tree.clone());
        owed.kept = true;
        if let Err(halt) = self.shared.publish(owed.register.clone(), &owed.head) {
            self.owed = Some(owed);
            return Err(self.fails(halt, true));
        }
        self.sequencer = owed.sequencer;
        self.head = Some(owed.head);
        Ok(())
    }

    fn fails(&mut self, halt: Halt, unsure: bool) -> Failure {
        let reason = halt.to_string();
        self.stop(halt);
        Failure { reason, unsure }
    }
}

/// Why a batch was not acknowledged.
struct Failure {
    reason: String,
    /// Whether its statements may be in the log all the same.
    unsure: bool,
}

impl Failure {
    fn answer(&self) -> SubmitError {
        let reason = self.reason.clone();
        match self.unsure {
            true => SubmitError::Unsure { reason },
            false => SubmitError::Stopped { reason },
        }
    }
}
