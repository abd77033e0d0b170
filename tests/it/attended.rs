//! Witnesses for tests: real ones, served over HTTP on the loopback, each with a folder of its own;
//! and a ledger that is kept witnessed by them. Not a test.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tasdiq::cosign::Cosigner;
use tasdiq::ledger::{CosignedFile, Ledger};
use tasdiq::log::{NoteKey, WitnessPolicy};
use tasdiq::witness::{WitnessFolder, witness_router};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A witness that serves until it is dropped.
pub struct TestWitness {
    pub name: String,
    pub key: NoteKey,
    pub url: String,
    pub folder: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    _own: Option<TempDir>,
}

impl TestWitness {
    /// A fresh witness that follows this log.
    pub fn start(name: &str, log: &NoteKey) -> Self {
        let own = tempfile::tempdir().unwrap();
        let folder = own.path().join("witness");
        let witness = WitnessFolder::make(&folder, &format!("{name}.example/w")).unwrap();
        witness.add_log(&log.to_string()).unwrap();
        drop(witness);
        let mut this = Self::again(name, folder);
        this._own = Some(own);
        this
    }

    /// The witness that lives in a folder, served at a fresh address.
    pub fn again(name: &str, folder: PathBuf) -> Self {
        let witness = WitnessFolder::open(&folder).unwrap();
        let (key, (stop, stopped)) = (witness.key().clone(), oneshot::channel::<()>());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
                let serving = axum::serve(listener, witness_router(witness));
                let stop = async {
                    let _ = stopped.await;
                };
                tokio::select! { _ = serving.into_future() => {}, () = stop => {} }
            });
        });
        let (name, url) = (name.to_owned(), told.recv().unwrap());
        Self { name, key, url, folder, stop: Some(stop), _own: None }
    }

    /// Its line in a policy.
    pub fn line(&self) -> String {
        format!("witness {} {} {}\n", self.name, self.key, self.url)
    }

    /// Nobody answers at its address any more.
    pub fn stop(&mut self) {
        self.stop.take();
    }
}

/// A ledger kept witnessed by one witness.
pub struct Attended {
    pub witness: TestWitness,
    _folder: TempDir,
    _keeper: Cosigner,
}

/// Keeps a ledger witnessed until this is dropped; answers when its newest state is.
pub fn attended(ledger: &Ledger) -> Attended {
    let witness = TestWitness::start("w1", ledger.log_key());
    let (folder, keeper) = keep(ledger, &format!("{}quorum w1\n", witness.line()));
    settle(ledger);
    Attended { witness, _folder: folder, _keeper: keeper }
}

/// Starts the keeper of a ledger under a policy.
pub fn keep(ledger: &Ledger, policy: &str) -> (TempDir, Cosigner) {
    let folder = tempfile::tempdir().unwrap();
    let history = CosignedFile::open(&folder.path().join("cosigned")).unwrap();
    ledger.set_witnesses(WitnessPolicy::parse(policy).unwrap(), history);
    let keeper = Cosigner::start(ledger.clone(), folder.path().join("evidence"));
    (folder, keeper)
}

/// Waits until a quorum has seen the newest state.
pub fn settle(ledger: &Ledger) {
    until("a quorum", || {
        let (live, seen) = (ledger.view(), ledger.witnessed_view());
        let note = tasdiq::log::Note::parse(&seen.checkpoint).unwrap();
        let policy = ledger.witness_policy().unwrap();
        live.size == seen.size && policy.evaluate(&note).met
    });
}

/// Waits for something that comes about within seconds.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < patience, "{what} never comes");
        std::thread::sleep(Duration::from_millis(20));
    }
}
