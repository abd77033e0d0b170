//! The two files inspectors carry: the trust snapshot and the offline pack, signed by the service
//! key. Made at most once per log size and ten seconds, one at a time, since many may ask at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Home, Ledger, LedgerError, SubmitError, Unmet, View};
use crate::log::Leaf;
use crate::pack::{PackFile, Sealing, seal_pack};
use crate::register::Register;
use crate::statement::Timestamp;
use crate::trust::Trust;

/// Seconds a file is handed out again while the log stands still.
const REUSE_SECONDS: i64 = 10;

/// A pack that took this long to make is handed out again for ten times as long, even if the log
/// grows: making packs never takes more than a tenth of a processor.
const COSTLY: Duration = Duration::from_millis(500);

/// The newest file of each kind.
#[derive(Default)]
pub(super) struct Files {
    trust: Option<SignedFile>,
    pack: Option<(SignedFile, Register, Instant)>,
    /// Held while a pack or delta is made.
    making: Arc<Mutex<()>>,
    /// What a ledger without keys hands out: the files it was imported with.
    imported: [Option<Arc<[u8]>>; 2],
}

impl Files {
    /// Reads the files that an import left; one that is not there is not handed out.
    pub(super) fn keep(&mut self, home: &Home) {
        self.imported =
            ["trust", "pack"].map(|name| std::fs::read(home.imported(name)).ok().map(Arc::from));
    }
}

/// A signed file, the log size it reflects and when it was made.
#[derive(Clone)]
pub struct SignedFile {
    /// Log size.
    pub sequence: u64,
    /// When it was made.
    pub issued_at: Timestamp,
    /// The file.
    pub bytes: Arc<[u8]>,
    /// The checkpoint in it.
    checkpoint: Arc<str>,
}

impl SignedFile {
    fn fresh(&self, view: &View, now: Timestamp) -> bool {
        let age = now.seconds().saturating_sub(self.issued_at.seconds());
        self.checkpoint == view.checkpoint && (0..REUSE_SECONDS).contains(&age)
    }
}

/// The signed trust snapshot.
///
/// # Errors
/// The store's or the signer's.
pub fn trust_file(ledger: &Ledger, now: Timestamp) -> Result<Arc<[u8]>, LedgerError> {
    trust_of(ledger, &ledger.witnessed_view(), now)
}

/// The trust snapshot of the newest state, whether witnesses have seen it or not: for whoever was
/// just registered.
///
/// # Errors
/// As [`trust_file`].
pub fn newest_trust_file(ledger: &Ledger, now: Timestamp) -> Result<Arc<[u8]>, LedgerError> {
    trust_of(ledger, &ledger.view(), now)
}

/// The trust snapshot of the newest state, unsigned: for who has the ledger itself, and must change
/// it when no service key is in force any more.
///
/// # Errors
/// Entries that cannot be read.
pub fn unsigned_trust(ledger: &Ledger, now: Timestamp) -> Result<Trust, LedgerError> {
    unsigned(ledger, &ledger.view(), now)
}

fn unsigned(ledger: &Ledger, view: &View, now: Timestamp) -> Result<Trust, LedgerError> {
    let founding = founding(ledger, &view.register)?;
    let log_key = &ledger.config().log_key;
    let trust = Trust::of(&view.register, log_key, &view.checkpoint, founding, now);
    Ok(trust.with_witnesses(
        ledger.witness_policy().map(|policy| policy.without_addresses().to_string()),
    ))
}

fn trust_of(ledger: &Ledger, view: &View, now: Timestamp) -> Result<Arc<[u8]>, LedgerError> {
    if let Some(made) = ledger.files().trust.as_ref().filter(|made| made.fresh(view, now)) {
        return Ok(made.bytes.clone());
    }
    if let [Some(imported), _] = &ledger.files().imported {
        return Ok(imported.clone());
    }
    let own = match ledger.service_key(&view.register, now) {
        // While the clock is doubted nothing is dated: what was signed before it was is served.
        Err(error) if error.code() == "clock" => {
            let made = ledger.files().trust.as_ref().map(|made| made.bytes.clone());
            return made.ok_or(error);
        }
        own => own?,
    };
    let sealed = unsigned(ledger, view, now)?.seal(own.method(), own.key);
    let bytes: Arc<[u8]> = sealed.map_err(SubmitError::from)?.into();
    let checkpoint = view.checkpoint.clone();
    let made = SignedFile { sequence: view.size, issued_at: now, bytes: bytes.clone(), checkpoint };
    ledger.files().trust = Some(made);
    Ok(bytes)
}

/// The signed offline pack.
///
/// # Errors
/// The store's or the signer's.
pub fn pack_file(ledger: &Ledger, now: Timestamp) -> Result<SignedFile, LedgerError> {
    if let [_, Some(bytes)] = &ledger.files().imported {
        let view = ledger.view();
        let (sequence, checkpoint) = (view.size, view.checkpoint.clone());
        let issued_at = view.register.last_at().unwrap_or(now);
        return Ok(SignedFile { sequence, issued_at, bytes: bytes.clone(), checkpoint });
    }
    Ok(newest(ledger, now)?.0)
}

/// What changed since the log had `since` entries, for whoever holds a pack of at least that size.
///
/// # Errors
/// `pack_since` beyond the log; as [`pack_file`].
pub fn pack_delta(ledger: &Ledger, since: u64, now: Timestamp) -> Result<SignedFile, LedgerError> {
    let (made, register) = newest(ledger, now)?;
    if since > made.sequence {
        let reason = format!("the newest pack reflects {} log entries only", made.sequence);
        return Err(LedgerError::unmet(Unmet::Invalid, "pack_since", reason));
    }
    let making = ledger.files().making.clone();
    let _one_at_a_time = making.lock().unwrap_or_else(PoisonError::into_inner);
    let file = PackFile::read(made.bytes.clone()).map_err(own_fault)?;
    let delta = file.delta_since(&register, since).map_err(SubmitError::from)?;
    Ok(SignedFile { bytes: delta.into(), ..made })
}

/// The newest pack and the register it was made of.
fn newest(ledger: &Ledger, now: Timestamp) -> Result<(SignedFile, Register), LedgerError> {
    let known = |view: &View| {
        let files = ledger.files();
        let (made, register, until) = files.pack.as_ref()?;
        let fresh = made.fresh(view, now) || Instant::now() < *until;
        fresh.then(|| (made.clone(), register.clone()))
    };
    if let Some(known) = known(&ledger.witnessed_view()) {
        return Ok(known);
    }
    let making = ledger.files().making.clone();
    let _one_at_a_time = making.lock().unwrap_or_else(PoisonError::into_inner);
    let view = ledger.witnessed_view();
    if let Some(known) = known(&view) {
        return Ok(known);
    }
    if ledger.doubts_clock()
        && let Some((made, register, _)) = ledger.files().pack.as_ref()
    {
        return Ok((made.clone(), register.clone()));
    }
    let start = Instant::now();
    let trust = trust_of(ledger, &view, now)?;
    let own = ledger.service_key(&view.register, now)?;
    let sealing = Sealing {
        checkpoint: &view.checkpoint,
        trust: &trust,
        now,
        method: own.method(),
        signer: own.key,
    };
    let older = ledger.files().pack.as_ref().map(|(made, ..)| made.clone());
    let sealed = match older.filter(|made| made.sequence == view.size) {
        Some(made) => {
            let file = PackFile::read(made.bytes).map_err(own_fault)?;
            file.seal_again(view.register.domain(), &sealing)
        }
        None => seal_pack(&view.register, &sealing),
    };
    let bytes: Arc<[u8]> = sealed.map_err(SubmitError::from)?.into();
    let checkpoint = view.checkpoint.clone();
    let made = SignedFile { sequence: view.size, issued_at: now, bytes, checkpoint };
    let took = Some(start.elapsed()).filter(|took| *took >= COSTLY).unwrap_or_default();
    let until = Instant::now() + took.saturating_mul(10);
    ledger.files().pack = Some((made.clone(), view.register.clone(), until));
    Ok((made, view.register.clone()))
}

/// A file of our own making that cannot be read back.
fn own_fault(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::File { path: "pack".to_owned(), reason: error.to_string() }
}

/// The root's own statements: the authority's registration and the keys the root added.
fn founding(ledger: &Ledger, register: &Register) -> Result<Vec<Value>, LedgerError> {
    let Some(party) = register.authority() else { return Ok(Vec::new()) };
    let mut statements = Vec::new();
    let mut indexes = vec![party.mark.index];
    indexes.extend(party.keys.iter().map(|key| key.added.index).filter(|i| *i != party.mark.index));
    for index in indexes {
        let leaf = ledger.entry(index)?;
        let broken = |reason: String| LedgerError::Broken { index, reason };
        let parsed = Leaf::parse(&leaf).map_err(|error| broken(error.to_string()))?;
        let statement: Value =
            serde_json::from_slice(parsed.statement).map_err(|error| broken(error.to_string()))?;
        statements.push(statement);
    }
    Ok(statements)
}
