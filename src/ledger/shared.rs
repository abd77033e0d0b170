//! What the writer and the readers share: store, keys, guard, clock, tree, and the view that is
//! shown. Nothing is shown that the guard does not remember. Not here: the writer's own state.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tracing::{error, info};

use super::admission::Door;
use super::clock::{Clock, TimeGuard};
use super::documents::Documents;
use super::figures::BatchFigures;
use super::guard::Guard;
use super::halt::{Halt, HaltKind};
use super::layout::Head;
use super::published::View;
use super::signing::ServiceKeys;
use super::tiles::LogTree;
use crate::log::{Checkpoint, Hash, NoteKey, sign_note};
use crate::register::Register;
use crate::statement::Timestamp;
use crate::store::Store;

/// What the writer and the readers share.
pub(super) struct Shared {
    pub store: Arc<dyn Store>,
    pub log_key: NoteKey,
    pub keys: Option<Arc<ServiceKeys>>,
    pub guard: Guard,
    pub door: Door,
    pub documents: Arc<Documents>,
    pub figures: BatchFigures,
    /// Whether somebody outside knows more of the log, or another one.
    pub behind: AtomicBool,
    pub clock: Arc<dyn Clock>,
    pub time: Mutex<TimeGuard>,
    /// What is durable: as large as the view's, or larger for an instant.
    pub tree: RwLock<Arc<LogTree>>,
    pub view: RwLock<Arc<View>>,
}

impl Shared {
    pub fn view(&self) -> Arc<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_view(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    /// Shows a checkpoint with more cosignatures, if it is still the newest.
    pub fn show_cosigned(&self, size: u64, root: Hash, checkpoint: &Arc<str>) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if view.size == size && view.root == root {
            *view = Arc::new(View { checkpoint: checkpoint.clone(), ..(**view).clone() });
        }
    }

    pub fn tree(&self) -> Arc<LogTree> {
        self.tree.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over a tree whose fresh tiles are durable.
    pub fn set_tree(&self, mut tree: LogTree) {
        tree.settle();
        *self.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
    }

    pub fn checkpoint(&self, size: u64, root: Hash) -> Option<String> {
        let keys = self.keys.as_ref()?;
        let text = Checkpoint { origin: self.log_key.name().to_owned(), size, root }.to_text();
        Some(sign_note(&text, &self.log_key, &|message| keys.log.sign_bytes(message)))
    }

    /// Signs the checkpoint of a durable head and remembers it in the guard files.
    pub fn remember(&self, size: u64, root: Hash) -> Result<String, Halt> {
        let signed = self.checkpoint(size, root);
        let missing = || Halt::new(HaltKind::Keys, "the log key is not here");
        let checkpoint = signed.ok_or_else(missing)?;
        self.guard.remember(&checkpoint)?;
        Ok(checkpoint)
    }

    /// Signs the checkpoint of a durable head, remembers it in the guard files, shows it.
    pub fn publish(&self, register: Register, head: &Head) -> Result<(), Halt> {
        let checkpoint = Arc::from(self.remember(head.size, head.root)?.as_str());
        let (size, root) = (head.size, head.root);
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        // A reason to stop that came while this was signed stands.
        let stopped = view.stopped.clone();
        *view = Arc::new(View { register, size, root, checkpoint, stopped });
        Ok(())
    }

    /// The time to log at, if the clock is to be believed.
    pub fn time(&self) -> Result<Timestamp, Halt> {
        let last = self.view().register.last_at();
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        time.judge(self.clock.read(), last).map_err(|fault| {
            let reason = format!(
                "{fault}: nothing is logged until it is right, a quorum of the witnesses bears it \
                 out, or the operator does (`tasdiq serve --accept-clock`)"
            );
            Halt::new(HaltKind::Clock, reason).healing()
        })
    }

    /// Believes the clock from here on.
    pub fn believe_clock(&self) {
        let now = self.clock.read();
        self.time.lock().unwrap_or_else(PoisonError::into_inner).believe(now);
    }

    /// Stops signing and says so. The first reason stands, unless it would end by itself and this
    /// one does not.
    pub fn stop(&self, halt: Halt) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let stands = view
            .stopped
            .as_ref()
            .is_some_and(|known| !known.heals() || halt.heals() && known.kind == halt.kind);
        if !stands {
            error!(kind = ?halt.kind, reason = halt.for_operator(), "WRITES ARE STOPPED");
            *view = Arc::new(View { stopped: Some(Arc::new(halt)), ..(**view).clone() });
        }
    }

    /// Goes on, if the reason was one that ends by itself.
    pub fn resume(&self) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if view.stopped.as_ref().is_some_and(|halt| halt.heals()) {
            info!("writes go on");
            *view = Arc::new(View { stopped: None, ..(**view).clone() });
        }
    }
}
