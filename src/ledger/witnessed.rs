//! What outsiders have signed: merges cosignatures into published checkpoints, and chooses the
//! state that documents are made under: the newest a quorum has seen.
//! Not here: asking witnesses.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde::Serialize;
use tracing::warn;

use super::cosigned::CosignedFile;
use super::{Halt, HaltKind, Ledger, View};
use crate::limits::CLOCK_STEP_SECONDS_MAX;
use crate::log::{Leaf, Note, NoteSignature, Quorum, WitnessPolicy};
use crate::os::now;
use crate::statement::Timestamp;

/// How long entries may wait for a quorum, in seconds, before documents are made under the newest
/// state again: then the missing quorum shows in them.
const LAG_SECONDS_MAX: i64 = 60;

/// The witnesses of a ledger and what they signed.
#[derive(Default)]
pub(super) struct Witnessing {
    policy: OnceLock<WitnessPolicy>,
    history: OnceLock<CosignedFile>,
    newest: RwLock<Option<Witnessed>>,
    standing: RwLock<Vec<WitnessStanding>>,
}

/// A published state that a quorum has seen.
#[derive(Clone)]
struct Witnessed {
    view: Arc<View>,
    /// Log time of the first entry that it lacks, once there is one.
    outgrown: Arc<OnceLock<Timestamp>>,
}

/// How one witness stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WitnessStanding {
    /// Its name in the policy.
    pub name: String,
    /// Size of the newest checkpoint it signed.
    pub size: Option<u64>,
    /// When it signed that.
    #[schema(value_type = Option<String>)]
    pub signed_at: Option<Timestamp>,
    /// Why it did not sign last time, if so.
    pub error: Option<String>,
}

impl Ledger {
    /// Names the witnesses, once, before the service starts. `history` keeps what they signed.
    pub fn set_witnesses(&self, policy: WitnessPolicy, history: CosignedFile) {
        let standing = policy.witnesses().map(|witness| WitnessStanding {
            name: witness.name.clone(),
            size: None,
            signed_at: None,
            error: None,
        });
        *write(&self.witnessing().standing) = standing.collect();
        // A second call changes nothing.
        let _ = self.witnessing().policy.set(policy);
        let _ = self.witnessing().history.set(history);
    }

    /// The policy that says who must cosign, if any.
    #[must_use]
    pub fn witness_policy(&self) -> Option<&WitnessPolicy> {
        self.witnessing().policy.get()
    }

    /// How each witness stands, in the order of the policy.
    #[must_use]
    pub fn witness_standing(&self) -> Vec<WitnessStanding> {
        read(&self.witnessing().standing).clone()
    }

    /// Remembers how a witness stands; one that did not sign this time has signed what it signed
    /// before.
    pub fn witness_stands(&self, standing: WitnessStanding) {
        let mut all = write(&self.witnessing().standing);
        if let Some(known) = all.iter_mut().find(|known| known.name == standing.name) {
            let (size, signed_at) = (known.size, known.signed_at);
            *known = standing;
            known.size = known.size.or(size);
            known.signed_at = known.signed_at.or(signed_at);
        }
    }

    /// The state that documents for others are made under: the newest that a quorum of witnesses
    /// has seen, unless it lags behind by more than a minute or none is asked for; else the newest.
    #[must_use]
    pub fn witnessed_view(&self) -> Arc<View> {
        let live = self.view();
        let seen = read(&self.witnessing().newest).clone();
        match seen {
            Some(seen) if seen.view.size == live.size => seen.view,
            Some(seen) if self.lags(&seen) => live,
            Some(seen) => seen.view,
            None => live,
        }
    }

    /// Whether entries have waited too long for a quorum since it saw this state. How long ago it
    /// signed does not matter: a log that stands still needs nothing newer.
    fn lags(&self, seen: &Witnessed) -> bool {
        let logged_at = || {
            let leaf = self.entry(seen.view.size).ok()?;
            Leaf::parse(&leaf).ok().map(|leaf| leaf.logged_at)
        };
        let since = match seen.outgrown.get() {
            Some(since) => *since,
            None => match logged_at() {
                Some(since) => *seen.outgrown.get_or_init(|| since),
                None => return true,
            },
        };
        now().seconds().saturating_sub(since.seconds()) > LAG_SECONDS_MAX
    }

    /// [`Self::witnessed_view`] if it holds this entry, else the newest.
    #[must_use]
    pub fn view_covering(&self, index: u64) -> Arc<View> {
        let seen = self.witnessed_view();
        if seen.size > index { seen } else { self.view() }
    }

    /// Merges verified cosignatures into the checkpoint of `view`; what they come to under the
    /// policy. A state that a quorum has seen is what documents are made under from then on.
    pub fn cosigned(&self, view: &View, lines: &[NoteSignature]) -> Quorum {
        let Some(policy) = self.witness_policy() else { return Quorum::default() };
        let Ok(mut note) = Note::parse(&view.checkpoint) else { return Quorum::default() };
        for line in lines {
            note.signatures.retain(|known| known.name != line.name || known.key_id != line.key_id);
            note.signatures.push(line.clone());
        }
        let quorum = policy.evaluate(&note);
        let checkpoint: Arc<str> = Arc::from(note.to_string());
        self.shared.show_cosigned(view.size, view.root, &checkpoint);
        if quorum.met && policy.asks() {
            let at = quorum.at.unwrap_or_else(|| Timestamp::from_seconds(0));
            let view = Arc::new(View { checkpoint: checkpoint.clone(), ..view.clone() });
            let mut newest = write(&self.witnessing().newest);
            if newest.as_ref().is_none_or(|known| known.view.size <= view.size) {
                *newest = Some(Witnessed { view, outgrown: Arc::default() });
            }
            drop(newest);
            if let Some(history) = self.witnessing().history.get()
                && let Err(error) = history.keep(&checkpoint, at)
            {
                warn!(%error, "the history of cosigned checkpoints was not kept");
            }
        }
        quorum
    }

    /// Stops signing for good: outsiders hold evidence that this is not the newest state.
    pub fn stop_signing(&self, reason: &str) {
        self.shared.behind.store(true, std::sync::atomic::Ordering::Release);
        self.shared.stop(Halt::new(HaltKind::Outside, reason));
    }

    /// Whether nothing is logged because of the clock.
    #[must_use]
    pub fn doubts_clock(&self) -> bool {
        self.view().stopped.as_ref().is_some_and(|halt| halt.kind == HaltKind::Clock)
    }

    /// Cosignatures that were asked for just now: if those of a quorum bear times near the clock's,
    /// it is believed, and the writer goes on. False: they are not enough.
    pub fn bear_out_clock(&self, view: &View, lines: &[NoteSignature]) -> bool {
        let Some(policy) = self.witness_policy().filter(|policy| policy.asks()) else {
            return false;
        };
        let Ok(mut note) = Note::parse(&view.checkpoint) else { return false };
        let wall = self.shared.clock.read().wall.seconds();
        let near = |line: &&NoteSignature| {
            let signed = line.bytes.first_chunk().map(|at| u64::from_be_bytes(*at));
            let off =
                signed.and_then(|at| i64::try_from(at).ok()).map(|at| at.saturating_sub(wall));
            off.is_some_and(|off| off.saturating_abs() <= CLOCK_STEP_SECONDS_MAX)
        };
        // Older ones that the note bears say nothing about now.
        note.signatures = lines.iter().filter(near).cloned().collect();
        let met = policy.evaluate(&note).at.is_some();
        if met {
            self.shared.believe_clock();
        }
        met
    }

    /// A page of the history of cosigned checkpoints: up to 256 notes, each behind its length in
    /// two bytes.
    #[must_use]
    pub fn cosigned_page(&self, page: u64) -> Option<Vec<u8>> {
        self.witnessing().history.get()?.page(page)
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
