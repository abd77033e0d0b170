//! Opening a ledger: reads the store, checks that entries, tiles and head fit together and are not
//! behind what was published, folds the register, starts the writer. Behind or different: it serves
//! reads and refuses to sign, saying why.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use super::admission::Door;
use super::batch::{Answers, Job, Placed};
use super::clock::{Clock, SystemClock};
use super::error::broken;
use super::figures::BatchFigures;
use super::guard::{Guard, Seen};
use super::halt::{Halt, HaltKind};
use super::home::file;
use super::layout::{stored_entries, stored_entry, stored_sidecar, stored_sidecars};
use super::may_sign::{Outside, Published};
use super::published::{Receipt, View};
use super::shared::Shared;
use super::signed_files::Files;
use super::snapshots::Snapshots;
use super::start::{ResumeFrom, load};
use super::witnessed::Witnessing;
use super::writer_state::{Tries, Writer};
use super::{
    Config, Held, Home, KeyName, LedgerError, ServiceKeys, Submission, SubmitError, Unmet,
};
use crate::catalog::Catalog;
use crate::log::{Hash, Leaf, NoteKey, TileLevel, TilePath};
use crate::names::LotKey;
use crate::register::Register;
use crate::seal::{Signer, SoftKey};
use crate::statement::{Claim, Statement, Timestamp};
use crate::store::{SledStore, Store};
use crate::trust::Standing;
use tokio::sync::oneshot::Receiver;
use tracing::error;

/// How to open a ledger.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Where the last published checkpoint is kept beside the data folder.
    pub guard: Option<PathBuf>,
    /// Checkpoints that others have seen: a ledger that is behind one does not sign.
    pub published: Vec<Published>,
    /// Signs from a restored backup that was compared with nothing.
    pub accept_restored: bool,
    /// Takes the operator's word that the clock is right.
    pub accept_clock: bool,
    /// Where the time comes from; the machine's clocks if nothing is said.
    pub clock: Option<Arc<dyn Clock>>,
}

/// An open ledger. Cheap to clone (each request does, more than once: one count, not one for each
/// part); the last clone stops the writer.
#[derive(Clone)]
pub struct Ledger(Arc<LedgerParts>);

/// What the clones of an open ledger share.
pub struct LedgerParts {
    pub(super) shared: Arc<Shared>,
    config: Config,
    queue: Sender<Job>,
    files: Arc<Mutex<Files>>,
    witnessing: Arc<Witnessing>,
    pub(super) receipt_keys: OnceLock<Vec<SoftKey>>,
    pub(super) snapshots: OnceLock<Snapshots>,
}

impl std::ops::Deref for Ledger {
    type Target = LedgerParts;

    fn deref(&self) -> &LedgerParts {
        &self.0
    }
}

impl Ledger {
    /// Opens the ledger in a data folder.
    ///
    /// # Errors
    /// Files, keys, store, or entries that do not fit together.
    pub fn open(home: &Home, options: &OpenOptions) -> Result<Self, LedgerError> {
        let config = home.config()?;
        let restored = home.restored()?;
        let opened = open_parts(home, &config)?;
        let files = options.guard.iter().cloned().chain([home.guard()]).collect();
        let outside = Outside {
            guard: Guard::new(files),
            beside: Some(home.guard()),
            published: options.published.clone(),
            accept_restored: options.accept_restored,
            restored,
        };
        let Opened { keys, store, kept } = opened;
        let keyless = keys.is_err();
        let snapshots = kept.snapshots.clone();
        let (ledger, cleared) = Self::begin(config, keys, store, kept, outside, options)?;
        snapshots.into_iter().for_each(|snapshots| ledger.keep_snapshots(snapshots));
        if cleared && let Err(error) = home.clear_restored() {
            // Where nothing can be written it is compared again at the next start.
            if ledger.view().stopped.is_none() {
                return Err(error);
            }
        }
        ledger.shared.door.attach(home, !keyless)?;
        ledger.shared.documents.attach(home)?;
        ledger.settle_documents();
        if keyless {
            ledger.files().keep(home);
        }
        if !home.keys(KeyName::Receipt).is_empty() {
            ledger.set_receipt_keys(home.read_keys(KeyName::Receipt)?);
        }
        Ok(ledger)
    }

    /// Opens a ledger over any store. `guard` is the file that remembers the last checkpoint.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn start(
        config: Config,
        keys: ServiceKeys,
        store: Arc<dyn Store>,
        guard: Option<PathBuf>,
    ) -> Result<Self, LedgerError> {
        Self::start_with(config, keys, store, &OpenOptions { guard, ..OpenOptions::default() })
    }

    /// As [`Self::start`], with all options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn start_with(
        config: Config,
        keys: ServiceKeys,
        store: Arc<dyn Store>,
        options: &OpenOptions,
    ) -> Result<Self, LedgerError> {
        let guard = Guard::new(options.guard.iter().cloned().collect());
        let outside = Outside { guard, published: options.published.clone(), ..Outside::default() };
        let kept = ResumeFrom::default();
        Self::begin(config, Ok(keys), store, kept, outside, options).map(|(ledger, _)| ledger)
    }

    /// Opens a ledger with its keys, or with the reason why they are not here. Tells whether the
    /// mark of a restore can go.
    fn begin(
        config: Config,
        keys: Result<ServiceKeys, Halt>,
        store: Arc<dyn Store>,
        kept: ResumeFrom,
        outside: Outside,
        options: &OpenOptions,
    ) -> Result<(Self, bool), LedgerError> {
        let log_key = NoteKey::parse(&config.log_key).map_err(broken(0))?;
        let register = empty_register(&config)?;
        let loaded = load(&store, register, kept)?;
        let mut judged = outside.judge(&loaded.tree, &log_key)?;
        let keys = keys.map(Arc::new).map_err(|missing| judged.stop(missing)).ok();
        let (size, root) = (loaded.tree.size(), loaded.tree.root());
        let (register, stopped) = (loaded.register, judged.stopped.clone().map(Arc::new));
        let view = View { register, size, root, checkpoint: Arc::from(""), stopped };
        let shared = Arc::new(Shared {
            store,
            log_key,
            keys,
            guard: outside.guard,
            clock: options.clock.clone().unwrap_or_else(|| Arc::new(SystemClock)),
            time: Mutex::default(),
            door: Door::default(),
            documents: Arc::default(),
            figures: BatchFigures::default(),
            behind: AtomicBool::new(judged.behind),
            tree: RwLock::new(Arc::new(loaded.tree)),
            view: RwLock::new(Arc::new(view.clone())),
        });
        if options.accept_clock {
            shared.believe_clock();
        }
        let (checkpoint, stopped) = first_shown(&shared, judged.kept, judged.newer)?;
        let stopped = stopped.map(Arc::new);
        shared.set_view(View { checkpoint: Arc::from(checkpoint.as_str()), stopped, ..view });
        let (queue, jobs) = std::sync::mpsc::channel();
        let (sequencer, head, owed) = (loaded.sequencer, loaded.head, None);
        let tries = Tries::default();
        let writer = Writer { shared: shared.clone(), sequencer, head, owed, tries };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(&jobs))
            .map_err(|error| file("writer thread".as_ref(), error))?;
        let files = Arc::new(Mutex::new(Files::default()));
        let witnessing = Arc::default();
        let (receipt_keys, snapshots) = (OnceLock::new(), OnceLock::new());
        let parts =
            LedgerParts { shared, config, queue, files, witnessing, receipt_keys, snapshots };
        Ok((Self(Arc::new(parts)), judged.cleared))
    }

    /// Makes the guard file durable: the last thing before a clean stop.
    ///
    /// # Errors
    /// A guard file that cannot be synced.
    pub fn sync_guard(&self) -> Result<(), LedgerError> {
        self.shared.guard.sync().map_err(|halt| file("guard".as_ref(), halt.for_operator()))
    }

    /// The ledger's identity.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The newest published state.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.shared.view()
    }

    /// What the writer measures.
    #[must_use]
    pub fn batch_figures(&self) -> &BatchFigures {
        &self.shared.figures
    }

    /// The instant, by the ledger's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.read().wall
    }

    /// Whether what is shown still follows the log: what it says is only as old as that.
    #[must_use]
    pub fn standing(&self) -> Standing {
        if self.shared.behind.load(Ordering::Acquire) {
            Standing::Behind
        } else if self.view().stopped.is_some() {
            Standing::Stopped
        } else {
            Standing::Following
        }
    }

    /// The log's verifier key.
    #[must_use]
    pub fn log_key(&self) -> &NoteKey {
        &self.shared.log_key
    }

    /// The service's keys.
    ///
    /// # Errors
    /// They are not here: an imported ledger serves reads without them.
    pub fn keys(&self) -> Result<&ServiceKeys, LedgerError> {
        self.shared.keys.as_deref().ok_or_else(|| {
            let reason = "the service's keys are not here: this ledger only serves reads";
            LedgerError::unmet(Unmet::NotNow, "no_keys", reason)
        })
    }

    pub(super) fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn witnessing(&self) -> &Witnessing {
        &self.witnessing
    }

    /// Bytes the store takes on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        self.shared.store.disk_bytes()
    }

    /// Sequences verified statements; the answer comes when they are durable and published, in the
    /// order given, each with its own error.
    pub async fn append<S: Into<Submission>>(
        &self,
        statements: Vec<S>,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let (ids, answer) = self.enqueue(statements, false);
        self.receipts(ids, answer.await.ok())
    }

    /// [`Self::append`] for threads outside the runtime.
    #[must_use]
    pub fn append_blocking<S: Into<Submission>>(
        &self,
        statements: Vec<S>,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let (ids, answer) = self.enqueue(statements, false);
        self.receipts(ids, answer.blocking_recv().ok())
    }

    /// [`Self::append_blocking`] of a group: in the log are all of them, in one batch, or none of
    /// those that were not there before. Of a refused one the others are `group_refused`.
    #[must_use]
    pub fn append_whole_blocking(
        &self,
        group: Vec<Submission>,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let (ids, answer) = self.enqueue(group, true);
        self.receipts(ids, answer.blocking_recv().ok())
    }

    fn enqueue<S: Into<Submission>>(
        &self,
        statements: Vec<S>,
        whole: bool,
    ) -> (Vec<Sent>, Receiver<Answers>) {
        let statements: Vec<Submission> = statements.into_iter().map(Into::into).collect();
        let ids = statements.iter().map(|submission| Sent::of(&submission.statement)).collect();
        let (answer, placed) = tokio::sync::oneshot::channel();
        // A writer that is gone drops the job, and with it the sender: the receiver then says so.
        let _ = self.queue.send(Job { statements, whole, answer });
        (ids, placed)
    }

    fn receipts(
        &self,
        ids: Vec<Sent>,
        answers: Option<Answers>,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let unsure = |reason: &str| SubmitError::Unsure { reason: reason.to_owned() };
        let Some(answers) = answers else {
            return ids.iter().map(|_| Err(unsure("the writer is gone"))).collect();
        };
        let view = self.view();
        let receipt = |(answer, sent): (Result<Placed, SubmitError>, Sent)| {
            let placed = answer?;
            self.receipt(&view, placed, sent).map_err(|error| {
                error!(code = error.code(), %error, "a receipt could not be made");
                unsure("the receipt could not be made")
            })
        };
        answers.into_iter().zip(ids).map(receipt).collect()
    }

    fn receipt(&self, view: &View, placed: Placed, sent: Sent) -> Result<Receipt, LedgerError> {
        let index = placed.index;
        let logged_at = match placed.logged_at {
            Some(at) => at,
            None => Leaf::parse(&self.entry(index)?).map_err(broken(index))?.logged_at,
        };
        let tree = self.shared.tree();
        let lot = sent.lot.and_then(|key| view.register.lot(&key));
        let at = view.register.last_at().unwrap_or(logged_at);
        let held = lot.and_then(|lot| Held::of(&view.register, &lot, at));
        Ok(Receipt {
            id: sent.id,
            index,
            leaf_hash: tree.leaf(index)?,
            logged_at,
            duplicate: placed.duplicate,
            tree_size: view.size,
            inclusion_proof: tree.inclusion(index, view.size)?,
            checkpoint: view.checkpoint.clone(),
            held,
        })
    }

    /// The bytes of an entry (a leaf).
    ///
    /// # Errors
    /// The store's, or an entry that is missing.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, LedgerError> {
        let bytes = stored_entry(self.shared.store.as_ref(), index)?;
        bytes.ok_or_else(|| broken(index)("it is missing in the store"))
    }

    /// The sidecar of an entry, if it has one: a detached vc+jwt.
    ///
    /// # Errors
    /// The store's.
    pub fn sidecar(&self, index: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(stored_sidecar(self.shared.store.as_ref(), index)?)
    }

    /// A page of sidecars of the published log; None beyond it.
    ///
    /// # Errors
    /// The store's.
    pub fn sidecars(&self, page: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(stored_sidecars(self.shared.store.as_ref(), page, self.view().size)?)
    }

    /// Sibling hashes of an entry under a tree of `size` leaves, leaf side first.
    ///
    /// # Errors
    /// An index or size beyond the tree; the store's.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
        self.shared.tree().inclusion(index, size)
    }

    /// Proof that a tree of `old` leaves is the beginning of one of `new`.
    ///
    /// # Errors
    /// Sizes beyond the tree or out of order; the store's.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, LedgerError> {
        self.shared.tree().consistency(old, new)
    }

    /// The bytes of a tile or entry bundle of the published tree; None beyond it.
    ///
    /// # Errors
    /// The store's.
    pub fn tile(&self, path: &TilePath) -> Result<Option<Vec<u8>>, LedgerError> {
        let size = self.view().size;
        if path.check(size).is_err() {
            return Ok(None);
        }
        if let TileLevel::Hashes(_) = path.level {
            return self.shared.tree().tile(path, size);
        }
        let bundle = stored_entries(self.shared.store.as_ref(), path)?;
        let first = path.index.saturating_mul(256);
        bundle.map(Some).ok_or_else(|| broken(first)("an entry is missing in the store"))
    }
}

/// What is remembered of a statement while the writer has it.
struct Sent {
    id: String,
    /// The lot it declares, if it does.
    lot: Option<LotKey>,
}

impl Sent {
    fn of(statement: &Statement) -> Self {
        let lot = match &statement.claim {
            Claim::Lot(claim) => Some(claim.lot.clone()),
            _ => None,
        };
        Self { id: statement.id.clone(), lot }
    }
}

/// The checkpoint that is shown first, remembered by the guard as far as it can be, and why nothing
/// is signed: the reason that stands already, else the store, the clock or the guard.
fn first_shown(
    shared: &Shared,
    kept: Option<Seen>,
    newer: Option<Seen>,
) -> Result<(String, Option<Halt>), LedgerError> {
    let view = shared.view();
    let mut stopped = view.stopped.as_deref().cloned();
    let mut not = |halt: Halt| {
        stopped.get_or_insert(halt);
    };
    if let Err(error) = shared.store.ready() {
        not(Halt::of_store(&error));
    } else if let Err(halt) = shared.time() {
        not(halt);
    }
    if let (Some(newer), Some(_)) = (&newer, &shared.keys)
        && let Err(halt) = shared.guard.remember(&newer.note)
    {
        not(halt);
    }
    // What must not sign shows the checkpoint that was published, if it is at hand.
    let kept = kept.filter(|_| view.stopped.is_some()).map(|seen| seen.note);
    let Some(checkpoint) = kept.or_else(|| shared.checkpoint(view.size, view.root)) else {
        let reason = format!(
            "the log key is not here, and no checkpoint of {} entries either: copy log-1.pem into \
             keys/, or import the log again",
            view.size
        );
        return Err(LedgerError::unmet(Unmet::Invalid, "no_checkpoint", reason));
    };
    if view.stopped.is_none() && view.size > 0 {
        // It is about to be shown: a guard file named for the first time knows it too.
        if let Err(halt) = shared.guard.remember(&checkpoint) {
            not(halt);
        }
    }
    Ok((checkpoint, stopped))
}

/// What takes long to open, and nothing of it needs the rest.
struct Opened {
    keys: Result<ServiceKeys, Halt>,
    store: Arc<dyn Store>,
    kept: ResumeFrom,
}

/// Opens keys (a key derivation), store and newest snapshot at the same time.
fn open_parts(home: &Home, config: &Config) -> Result<Opened, LedgerError> {
    let log_key = NoteKey::parse(&config.log_key).map_err(broken(0))?;
    let (empty, snapshots) = (empty_register(config)?, Snapshots::of(home, &log_key));
    std::thread::scope(|scope| {
        let keys = scope.spawn(|| service_keys(home, config));
        let newest = scope.spawn(|| snapshots.newest(&empty, u64::MAX));
        let store = SledStore::open(&home.store());
        let broke_off = |_| broken(0)("a thread that opened the ledger broke off");
        let keys = keys.join().map_err(broke_off)??;
        // A thread that broke off leaves the log to be folded.
        let newest = newest.join().unwrap_or_default();
        let kept = ResumeFrom { newest, snapshots: Some(snapshots.clone()) };
        Ok(Opened { keys, store: Arc::new(store?), kept })
    })
}

/// The register before the first entry.
fn empty_register(config: &Config) -> Result<Register, LedgerError> {
    let domain = config.domain().map_err(broken(0))?;
    let root = config.root_key().map_err(broken(0))?;
    Ok(Register::new(domain, root, Catalog::builtin()?))
}

/// The keys of the service; as an error that is none, why the ledger serves reads without them.
fn service_keys(home: &Home, config: &Config) -> Result<Result<ServiceKeys, Halt>, LedgerError> {
    let names = [KeyName::Log, KeyName::Service, KeyName::Label];
    if let Some(missing) = names.into_iter().find(|name| home.keys(*name).is_empty()) {
        let place = format!("{} is missing", home.key(missing).display());
        let reason = format!("the {} key is not here", missing.word());
        return Ok(Err(Halt::new(HaltKind::Keys, reason).at(place)));
    }
    let log = home.key(KeyName::Log);
    let keys = ServiceKeys {
        log: Home::read_key(&log, &home.passphrase()?)?,
        service: home.read_keys(KeyName::Service)?,
        label: home.read_keys(KeyName::Label)?,
    };
    let known = NoteKey::parse(&config.log_key).map_err(broken(0))?;
    if *known.public() != keys.log.public() {
        let reason = "the log key that is here is another key than this log's";
        return Ok(Err(Halt::new(HaltKind::Keys, reason).at(log.display())));
    }
    Ok(Ok(keys))
}
