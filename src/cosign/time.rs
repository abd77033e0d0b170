//! Asks the witnesses for the time while the ledger's clock is doubted: each cosigns the checkpoint
//! it knows already, with the time it has. Not here: what is enough (`ledger`).

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tracing::info;

use super::client::{Asked, WitnessClient};
use crate::ledger::{Ledger, View};
use crate::log::NoteSignature;

/// Between two looks whether the clock is doubted.
const LOOK: Duration = Duration::from_secs(1);

/// Between two rounds of asking.
const PAUSE: Duration = Duration::from_secs(30);

/// A thread that asks; dropping it stops it.
pub struct TimeKeeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TimeKeeper {
    /// Asks at once if the clock is doubted, and whenever it is later. Nothing is asked where no
    /// quorum is.
    #[must_use]
    pub fn start(ledger: &Ledger) -> Self {
        if !ledger.witness_policy().is_some_and(|policy| policy.asks()) {
            return Self { stop: None, thread: None };
        }
        if ledger.doubts_clock() {
            ask(ledger);
        }
        let (stop, stopped) = channel::<()>();
        let ledger = ledger.clone();
        let thread = std::thread::Builder::new().name("time".to_owned()).spawn(move || {
            let mut wait = LOOK;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = LOOK;
                if ledger.doubts_clock() && !ask(&ledger) {
                    wait = PAUSE;
                }
            }
        });
        Self { stop: Some(stop), thread: thread.ok() }
    }
}

impl Drop for TimeKeeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was told by the thread itself.
            let _ = thread.join();
        }
    }
}

/// Asks all at once. True: a quorum bears the clock out.
fn ask(ledger: &Ledger) -> bool {
    let view = ledger.view();
    let policy = ledger.witness_policy();
    let clients: Vec<WitnessClient> = policy
        .into_iter()
        .flat_map(|policy| policy.witnesses().cloned())
        .filter_map(WitnessClient::new)
        .collect();
    let lines: Vec<NoteSignature> = std::thread::scope(|scope| {
        let asked: Vec<_> = clients
            .into_iter()
            .map(|client| scope.spawn(|| signed(client, ledger, &view)))
            .collect();
        asked.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    });
    let enough = ledger.bear_out_clock(&view, &lines);
    if enough {
        info!("a quorum of the witnesses bears the clock out");
    }
    enough
}

fn signed(mut client: WitnessClient, ledger: &Ledger, view: &Arc<View>) -> Vec<NoteSignature> {
    match client.ask(ledger, view) {
        Asked::Signed(lines, _) => lines,
        Asked::Ahead { .. } | Asked::Inconsistent { .. } | Asked::Failed { .. } => Vec::new(),
    }
}
