//! How the writer stops and goes on: what it owes after a failure between commit and
//! acknowledgement, and the tries to pay it, further and further apart. Not here: batches
//! (`writer`).

use std::time::{Duration, Instant};

use super::halt::{Halt, HaltKind};
use super::layout::{HEAD, Head};
use super::writer_state::{Owed, PAUSE_MIN, Tries, Writer};

/// Between two looks at the clock of a writer at rest.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Longest time between two tries to go on.
const PAUSE_MAX: Duration = Duration::from_secs(8);

impl Writer {
    /// How long the writer may rest.
    pub fn rest(&self) -> Duration {
        let mending = self.shared.view().stopped.as_ref().is_some_and(|halt| halt.heals());
        let rest = match mending {
            true => Some(self.tries.next.saturating_duration_since(Instant::now())),
            false => self.shared.guard.due(),
        };
        rest.unwrap_or(LOOK_EVERY).min(LOOK_EVERY)
    }

    /// What is done between batches: the guard is synced when due, the clock is looked at, and what
    /// stands in the way is tried again.
    pub fn look(&mut self) {
        match &self.shared.view().stopped {
            None => {
                if self.shared.guard.due().is_some_and(|wait| wait.is_zero())
                    && let Err(halt) = self.shared.guard.sync()
                {
                    self.stop(halt);
                } else if let Err(halt) = self.shared.time() {
                    self.stop(halt);
                }
            }
            Some(halt) if halt.heals() => {
                if Instant::now() >= self.tries.next {
                    self.mend();
                }
            }
            Some(_) => {}
        }
    }

    /// Stops; if the reason ends by itself, when to look for that.
    pub fn stop(&mut self, halt: Halt) {
        self.tries = Tries { next: Instant::now() + PAUSE_MIN, pause: PAUSE_MIN };
        self.shared.stop(halt);
    }

    /// Tries to go on.
    fn mend(&mut self) {
        match self.try_to_go_on() {
            Ok(()) => {
                self.tries = Tries::default();
                self.shared.resume();
            }
            Err(halt) => {
                let pause = (self.tries.pause * 2).min(PAUSE_MAX);
                self.tries = Tries { next: Instant::now() + pause, pause };
                self.shared.stop(halt);
            }
        }
    }

    fn try_to_go_on(&mut self) -> Result<(), Halt> {
        if self.owed.is_none() {
            self.shared.time()?;
        }
        let store = &self.shared.store;
        store.ready().map_err(|error| Halt::of_store(&error))?;
        self.settle_owed()?;
        if let Some(owed) = &self.owed {
            self.shared.publish(owed.register.clone(), &owed.head)?;
            if let Some(Owed { sequencer, head, .. }) = self.owed.take() {
                (self.sequencer, self.head) = (sequencer, Some(head));
            }
        } else if let Some(head) = &self.head {
            self.shared.remember(head.size, head.root)?;
        }
        self.shared.guard.prepare()?;
        self.shared.time().map(drop)
    }

    /// Finds out whether an unacknowledged batch was kept.
    fn settle_owed(&mut self) -> Result<(), Halt> {
        let Some(owed) = self.owed.as_mut().filter(|owed| !owed.kept) else { return Ok(()) };
        let store = &self.shared.store;
        let found = store.read(HEAD).map_err(|error| Halt::of_store(&error))?;
        if found.as_ref() == Some(&owed.head.to_bytes()) {
            self.shared.set_tree(owed.tree.clone());
            owed.kept = true;
        } else if found == self.head.as_ref().map(Head::to_bytes) {
            self.owed = None;
        } else {
            let reason = "the store holds another head than was written: restart the service";
            return Err(Halt::new(HaltKind::Store, reason));
        }
        Ok(())
    }
}
