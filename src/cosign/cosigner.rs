//! Keeps a ledger witnessed: every new checkpoint goes to all witnesses at once, each on a thread
//! of its own with its own patience; what they sign is merged as it comes. Not here: one exchange
//! (`client`), what a quorum is (`log::WitnessPolicy`).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tracing::{error, warn};

use super::client::{Asked, PATIENCE, WitnessClient};
use crate::ledger::{Ledger, View, WitnessStanding, write_file};
use crate::log::{NoteSignature, PolicyWitness};
use crate::os::now;

/// Between two looks at the log.
const LOOK: Duration = Duration::from_millis(100);

/// How long one checkpoint waits for witnesses that are still being asked while its quorum is not
/// met: as long as asking one may take, so that a slow one is never cut off.
const ROUND: Duration = PATIENCE;

/// How long one checkpoint waits for the rest where its quorum is met, or where nobody is being
/// asked any more.
const SETTLED: Duration = Duration::from_secs(3);

/// A checkpoint that stands still is cosigned again after this time: its cosignatures say since
/// when nothing newer was seen.
const AGAIN: Duration = Duration::from_secs(600);

/// Longest pause before a witness that failed is asked again.
const PATIENCE_MAX: Duration = Duration::from_secs(60);

/// The threads that keep a ledger witnessed; dropping it stops them.
pub struct Cosigner {
    stop: Arc<AtomicBool>,
    coordinator: Option<JoinHandle<()>>,
}

/// What a witness's thread tells.
struct Answer {
    name: String,
    view: Arc<View>,
    asked: Asked,
}

/// A thread's mailbox.
struct WitnessThread {
    name: String,
    targets: SyncSender<Arc<View>>,
    failures: u32,
    rest_until: Option<Instant>,
    busy: bool,
    /// Size and root that it signed last.
    signed: Option<(u64, crate::log::Hash)>,
}

impl Cosigner {
    /// Starts it for the witnesses of the ledger's policy that have an address. Evidence against
    /// this log or its witnesses goes to `evidence`.
    #[must_use]
    pub fn start(ledger: Ledger, evidence: PathBuf) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<WitnessClient> = ledger
            .witness_policy()
            .map(|policy| policy.witnesses().cloned().filter_map(WitnessClient::new).collect())
            .unwrap_or_default();
        let stopped = stop.clone();
        let coordinator = std::thread::Builder::new()
            .name("witnesses".to_owned())
            .spawn(move || Round::new(ledger, evidence, clients, stopped).run());
        Self { stop, coordinator: coordinator.ok() }
    }
}

impl Drop for Cosigner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(coordinator) = self.coordinator.take() {
            // A panic there was told by the thread itself.
            let _ = coordinator.join();
        }
    }
}

/// The coordinator: shows one checkpoint at a time to all, until its quorum is met or its time is
/// over.
struct Round {
    ledger: Ledger,
    evidence: PathBuf,
    desks: Vec<WitnessThread>,
    answers: Receiver<Answer>,
    stop: Arc<AtomicBool>,
    target: Option<(Arc<View>, Instant, bool)>,
    lines: HashMap<String, Vec<NoteSignature>>,
}

impl Round {
    fn new(
        ledger: Ledger,
        evidence: PathBuf,
        clients: Vec<WitnessClient>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        let (told, answers) = mpsc::channel();
        let desks = clients.into_iter().filter_map(|client| desk(client, &ledger, &told)).collect();
        Self { ledger, evidence, desks, answers, stop, target: None, lines: HashMap::new() }
    }

    fn run(mut self) {
        while !self.stop.load(Ordering::Relaxed) && !self.desks.is_empty() {
            self.aim();
            self.hand_out();
            match self.answers.recv_timeout(LOOK) {
                Ok(answer) => self.hear(answer),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Chooses the next checkpoint: when the log has grown and the one before is done with.
    fn aim(&mut self) {
        let live = self.ledger.view();
        if live.stopped.is_some() || live.size == 0 {
            return;
        }
        let due = match &self.target {
            None => true,
            Some((view, since, met)) => {
                let grown = (view.size, view.root) != (live.size, live.root);
                let asked = self.desks.iter().all(|desk| !desk.busy);
                let settled = (*met || asked) && since.elapsed() >= SETTLED;
                let over = (*met && asked) || settled || since.elapsed() >= ROUND;
                grown && over || !grown && since.elapsed() >= AGAIN
            }
        };
        if due {
            for desk in &mut self.desks {
                desk.signed = None;
            }
            self.lines.clear();
            self.target = Some((live, Instant::now(), false));
        }
    }

    /// Gives the checkpoint to every witness that has not signed it and is not resting.
    fn hand_out(&mut self) {
        let Some((view, ..)) = &self.target else { return };
        for desk in &mut self.desks {
            let resting = desk.rest_until.is_some_and(|until| Instant::now() < until);
            if desk.busy || resting || desk.signed == Some((view.size, view.root)) {
                continue;
            }
            match desk.targets.try_send(view.clone()) {
                Ok(()) => desk.busy = true,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
    }

    fn hear(&mut self, answer: Answer) {
        let Answer { name, view, asked } = answer;
        let Some(desk) = self.desks.iter_mut().find(|desk| desk.name == name) else { return };
        desk.busy = false;
        let mut standing = WitnessStanding { name, size: None, signed_at: None, error: None };
        match asked {
            Asked::Signed(lines, at) => {
                desk.signed = Some((view.size, view.root));
                desk.failures = 0;
                desk.rest_until = None;
                standing.size = Some(view.size);
                standing.signed_at = Some(at);
                self.merge(&standing.name, &view, lines);
            }
            Asked::Ahead { size, proof: Some(note) } => {
                let reason = ahead(&standing.name, size, view.size);
                self.keep_evidence(&standing.name, &view, &reason, Some(&note));
                self.stop_signing(&reason);
                self.fails(standing, reason);
                return;
            }
            // Nothing but its word: whoever believed that could be stopped by one liar.
            Asked::Ahead { size, proof: None } => {
                let reason = format!(
                    "it says that it has signed {size} entries, and shows none: not believed"
                );
                self.fails(standing, reason);
                return;
            }
            Asked::Inconsistent { reason } => {
                let reason = format!("it holds that this log contradicts itself: {reason}");
                self.keep_evidence(&standing.name, &view, &reason, None);
                error!(witness = standing.name, reason, "a witness holds another log than this");
                self.fails(standing, reason);
                return;
            }
            Asked::Failed { reason } => {
                self.fails(standing, reason);
                return;
            }
        }
        self.ledger.witness_stands(standing);
    }

    fn stop_signing(&mut self, reason: &str) {
        if self.ledger.view().stopped.is_none() {
            error!(reason, "a witness has seen more than is here");
            self.ledger.stop_signing(reason);
        }
    }

    fn merge(&mut self, name: &str, view: &Arc<View>, lines: Vec<NoteSignature>) {
        let Some((target, _, met)) = &mut self.target else { return };
        if (target.size, target.root) != (view.size, view.root) {
            return;
        }
        self.lines.insert(name.to_owned(), lines);
        let all: Vec<NoteSignature> = self.lines.values().flatten().cloned().collect();
        *met = self.ledger.cosigned(target, &all).met;
    }

    /// What it signed before still stands; it is asked again after a while, each time longer.
    fn fails(&mut self, mut standing: WitnessStanding, reason: String) {
        let Some(desk) = self.desks.iter_mut().find(|desk| desk.name == standing.name) else {
            return;
        };
        desk.failures = desk.failures.saturating_add(1);
        let pause = Duration::from_millis(250).saturating_mul(1 << desk.failures.min(8));
        desk.rest_until = Some(Instant::now() + pause.min(PATIENCE_MAX));
        let known = self.ledger.witness_standing();
        if let Some(known) = known.into_iter().find(|known| known.name == standing.name) {
            if known.error.as_ref() != Some(&reason) {
                warn!(witness = standing.name, reason, "a witness did not sign");
            }
            standing.size = known.size;
            standing.signed_at = known.signed_at;
        }
        standing.error = Some(reason);
        self.ledger.witness_stands(standing);
    }

    /// What a witness says against this log, with the checkpoint it was asked about and the one it
    /// shows.
    fn keep_evidence(&self, name: &str, view: &View, reason: &str, shown: Option<&str>) {
        let at = now();
        let bytes = serde_json::json!({
            "witness": name, "at": at, "reason": reason, "checkpoint": &*view.checkpoint,
            "shown": shown,
        });
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let name: String = name.chars().map(plain).collect();
        let path = self.evidence.join(format!("witness-{name}-{}.json", view.size));
        if let Err(error) = write_file(&path, bytes.to_string().as_bytes(), 0o644) {
            warn!(%error, "what a witness holds against this log was not kept");
        }
    }
}

/// Starts the thread of a witness.
fn desk(
    mut client: WitnessClient,
    ledger: &Ledger,
    told: &Sender<Answer>,
) -> Option<WitnessThread> {
    let (targets, mailbox) = sync_channel::<Arc<View>>(1);
    let (told, ledger) = (told.clone(), ledger.clone());
    let name = client.witness().name.clone();
    let own = name.clone();
    let thread = std::thread::Builder::new().name(format!("witness {name}"));
    let started = thread.spawn(move || {
        while let Ok(view) = mailbox.recv() {
            let asked = client.ask(&ledger, &view);
            if told.send(Answer { name: own.clone(), view, asked }).is_err() {
                return;
            }
        }
    });
    started.ok()?;
    let (failures, rest_until, busy, signed) = (0, None, false, None);
    Some(WitnessThread { name, targets, failures, rest_until, busy, signed })
}

fn ahead(name: &str, seen: u64, own: u64) -> String {
    format!(
        "witness {name} has signed {seen} entries of this log, here are {own}: this is an old copy \
         of the ledger; nothing is signed until the missing entries are brought back"
    )
}

/// What the witnesses remember of a log: the newest checkpoint each has signed, with its name.
/// Witnesses that do not answer are told on stderr.
#[must_use]
pub fn outside_view(witnesses: &[PolicyWitness], origin: &str) -> Vec<(String, String)> {
    let ask = |witness: &PolicyWitness| {
        let client = WitnessClient::new(witness.clone())?;
        match client.newest(origin) {
            Ok(note) => Some((witness.url.clone()?, note?)),
            Err(reason) => {
                warn!(witness = witness.name, %reason, "a witness does not answer");
                None
            }
        }
    };
    std::thread::scope(|scope| {
        let asked: Vec<_> = witnesses.iter().map(|w| scope.spawn(move || ask(w))).collect();
        asked.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect()
    })
}
