//! Deltas of the pack, kept while the pack they lead to is the newest: one is made at a time, and
//! whoever asks for the same again waits for nothing. Not here: how one is made (`ledger`).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{App, Problem, parallel};
use crate::door::Lane;
use crate::ledger::{SignedFile, pack_delta, pack_file};

/// Bytes of deltas kept at most: one of a whole pack of 10^5 lots, or many of a day.
const KEPT_BYTES_MAX: usize = 16_000_000;

/// The deltas to the newest pack, by the log size they begin at.
#[derive(Default)]
pub struct Deltas {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Sequence and time of the pack.
    pack: (u64, i64),
    since: BTreeMap<u64, SignedFile>,
}

impl Deltas {
    /// What changed since the log had `since` entries.
    ///
    /// # Errors
    /// `pack_since`, `too_busy`, the store's.
    pub async fn since(&self, app: &App, since: u64) -> Result<SignedFile, Problem> {
        let ledger = app.ledger.clone();
        let pack =
            parallel::blocking_in(Lane::Large, move || pack_file(&ledger, ledger.now())).await??;
        if let Some(known) = self.known(&pack, since) {
            return Ok(known);
        }
        // Another caller may have had it made while this one waited for the place.
        let app = app.clone();
        let make = move || {
            if let Some(known) = app.deltas.known(&pack, since) {
                return Ok(known);
            }
            let made = pack_delta(&app.ledger, since, app.ledger.now())?;
            app.deltas.keep(since, &made);
            Ok::<_, Problem>(made)
        };
        parallel::blocking_in(Lane::Delta, make).await?
    }

    fn known(&self, pack: &SignedFile, since: u64) -> Option<SignedFile> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = kept.pack == (pack.sequence, pack.issued_at.seconds());
        kept.since.get(&since).filter(|_| newest).cloned()
    }

    fn keep(&self, since: u64, made: &SignedFile) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let pack = (made.sequence, made.issued_at.seconds());
        let held: usize = kept.since.values().map(|file| file.bytes.len()).sum();
        if kept.pack != pack || held.saturating_add(made.bytes.len()) > KEPT_BYTES_MAX {
            *kept = Kept { pack, since: BTreeMap::new() };
        }
        if made.bytes.len() <= KEPT_BYTES_MAX {
            kept.since.insert(since, made.clone());
        }
    }
}
