//! The thread that tells shops: looks every few seconds at what became of the goods that they hold,
//! and sends what is due. Not here: what is told (`hooks`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tracing::warn;

use crate::hooks::{HookError, Notifier, Webhooks};
use crate::ledger::{Home, Ledger};

/// Between two looks: a recall is told within a minute, also where one receiver keeps a round.
const EVERY: Duration = Duration::from_secs(5);

/// Between two looks at whether the service stops.
const NAP: Duration = Duration::from_millis(200);

/// The thread; it ends when this is dropped.
pub struct Telling {
    /// What the service registers at.
    pub webhooks: Webhooks,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Telling {
    /// Begins to tell.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn start(ledger: &Ledger, home: &Home, private: bool) -> Result<Self, HookError> {
        let webhooks = Webhooks::new(Notifier::open(home.folder(), private)?);
        let stop = Arc::new(AtomicBool::new(false));
        let (ledger, told, ends) = (ledger.clone(), webhooks.clone(), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                if let Err(error) = round(&ledger, &told) {
                    warn!(%error, "webhooks: tried again later");
                }
                let mut slept = Duration::ZERO;
                while slept < EVERY && !ends.load(Ordering::Relaxed) {
                    thread::sleep(NAP);
                    slept += NAP;
                }
            }
        });
        Ok(Self { webhooks, stop, thread: Some(thread) })
    }
}

fn round(ledger: &Ledger, webhooks: &Webhooks) -> Result<(), HookError> {
    let now = ledger.now();
    let load = {
        let mut notifier = webhooks.lock();
        notifier.look(&ledger.view().register, now)?;
        notifier.take(now)
    };
    // Receivers are waited for without keeping anybody from the book.
    let carried = load.carry(now);
    for remark in webhooks.lock().settle(carried)? {
        warn!("webhook {remark}");
    }
    Ok(())
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A receiver that is being waited for is not: what was not settled is sent again.
        drop(self.thread.take());
    }
}
