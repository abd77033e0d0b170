//! Documents that statements commit to, kept off the log: durable before the statement that names
//! them is judged; what was kept for a statement that was refused is swept, never the reverse. Who
//! may read one: who submitted it, and the authority. Not here: files and keys (`vault`).

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::carried::{Carried, Kept};
use super::home::{Home, file};
use super::vault::{Vault, VaultKey, hex, unhex};
use super::{Ledger, LedgerError, Requester, Submission, SubmitError, Unmet, View};
use crate::limits::OPENED_BYTES_A_DAY;
use crate::names::PartySlug;
use crate::register::Register;
use crate::seal::Opening;
use crate::statement::{Commitment, Statement, Timestamp};

/// Locks over the files of one document each, chosen by its commitment.
const LOCKS: usize = 64;

/// For which statement a document was kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeptFor {
    /// Its issuer, who may read it.
    party: PartySlug,
    /// Its `id`.
    statement: String,
}

/// The documents of a ledger.
pub(super) struct Documents {
    state: Mutex<State>,
    locks: [Mutex<()>; LOCKS],
}

impl Default for Documents {
    fn default() -> Self {
        let locks = std::array::from_fn(|_| Mutex::default());
        Self { state: Mutex::default(), locks }
    }
}

#[derive(Default)]
struct State {
    home: Option<Home>,
    key: Option<Arc<VaultKey>>,
    /// Digests of the statements that each document was kept for.
    kept: HashMap<[u8; 32], Vec<[u8; 32]>>,
    /// Documents whose statement is on its way through the writer, with how many are.
    in_flight: HashMap<[u8; 32], usize>,
    /// Those whose statements have been answered: they may have been kept for nothing.
    answered: Vec<[u8; 32]>,
    /// The day (since 1970) that is counted, and what each party had kept on it, in bytes.
    today: (i64, HashMap<PartySlug, u64>),
}

impl Documents {
    /// Takes up what a data folder keeps.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn attach(&self, home: &Home) -> Result<(), LedgerError> {
        let mut state = self.state();
        let vault = Vault::of(home);
        state.home = Some(home.clone());
        let files = match fs::read_dir(vault.folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            files => files.map_err(|error| file(vault.folder(), error))?,
        };
        for name in files.flatten().filter_map(|file| file.file_name().into_string().ok()) {
            let mut parts = name.split('.');
            let Some(commitment) = parts.next().and_then(unhex) else { continue };
            let kept = state.kept.entry(commitment).or_default();
            if let (Some(digest), Some("for"), None) = (parts.next(), parts.next(), parts.next()) {
                kept.extend(unhex(digest));
            }
            // What a process that was killed was writing; a mark may just be written by another.
            if name.ends_with(".new") && !name.ends_with(".erased.new") {
                vault.remove(&vault.folder().join(&name))?;
            }
        }
        // All of them are looked at once: a process that was killed leaves what it kept in vain.
        state.answered = state.kept.keys().copied().collect();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One statement less is on its way with a document.
    fn is_answered(&self, name: [u8; 32]) {
        let mut state = self.state();
        let left = state.in_flight.get(&name).map_or(0, |count| count.saturating_sub(1));
        if left > 0 {
            state.in_flight.insert(name, left);
        } else {
            state.in_flight.remove(&name);
            state.answered.push(name);
        }
    }

    fn lock(&self, commitment: &Commitment) -> MutexGuard<'_, ()> {
        let place = usize::from(commitment.bytes()[0]) % LOCKS;
        let lock = self.locks.get(place).unwrap_or(&self.locks[0]);
        lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn vault(&self) -> Option<Vault> {
        self.state().home.as_ref().map(Vault::of)
    }

    /// The documents' key; with `make` one is made if there is none yet.
    fn key(&self, make: bool) -> Result<Option<Arc<VaultKey>>, LedgerError> {
        let mut state = self.state();
        let Some(home) = &state.home else { return Ok(None) };
        if state.key.is_none() && (make || VaultKey::is_there(home)) {
            state.key = Some(Arc::new(VaultKey::of(home)?));
        }
        Ok(state.key.clone())
    }

    /// Counts a document of a party against its share of a day.
    fn count(&self, party: &PartySlug, bytes: usize, now: Timestamp) -> Result<(), SubmitError> {
        let (day, mut state) = (now.seconds().div_euclid(86_400), self.state());
        if state.today.0 != day {
            state.today = (day, HashMap::new());
        }
        let kept = state.today.1.entry(party.clone()).or_default();
        let sum = kept.saturating_add(bytes as u64);
        if sum > OPENED_BYTES_A_DAY && !party.is_authority() {
            let seconds = 86_400 - now.seconds().rem_euclid(86_400);
            return Err(SubmitError::DocumentQuota { party: party.to_string(), seconds });
        }
        *kept = sum;
        Ok(())
    }

    /// Keeps a document for a statement; when this returns it is durable.
    fn keep(
        self: &Arc<Self>,
        opening: &Opening,
        statement: &Statement,
        now: Timestamp,
    ) -> Result<Kept, SubmitError> {
        let commitment = opening.commitment();
        self.count(&statement.issuer, opening.document.len(), now)?;
        // From here on nobody sweeps it.
        *self.state().in_flight.entry(*commitment.bytes()).or_default() += 1;
        let documents = self.clone();
        let kept = Kept::new(move || documents.is_answered(*commitment.bytes()));
        let _lock = self.lock(&commitment);
        match self.put(opening, &commitment, statement) {
            Ok(true) => Ok(kept),
            Ok(false) => Err(SubmitError::DocumentErased { commitment }),
            Err(error) => {
                warn!(code = error.code(), %error, "a document could not be kept");
                Err(SubmitError::DocumentNotKept)
            }
        }
    }

    /// False if it was erased.
    fn put(
        &self,
        opening: &Opening,
        commitment: &Commitment,
        statement: &Statement,
    ) -> Result<bool, LedgerError> {
        let none = || LedgerError::unmet(Unmet::NotNow, "no_documents", "there is no data folder");
        let vault = self.vault().ok_or_else(none)?;
        let key = self.key(true)?.ok_or_else(none)?;
        vault.make()?;
        if vault.is_erased(commitment) {
            return Ok(false);
        }
        if !vault.holds(commitment) {
            vault.put(&key, opening)?;
        }
        let kept_for = KeptFor { party: statement.issuer.clone(), statement: statement.id.clone() };
        let text = serde_json::to_vec(&kept_for).unwrap_or_default();
        vault.write(&vault.path(commitment, &kind_of(&statement.digest)), &text)?;
        vault.sync()?;
        let name = *commitment.bytes();
        let mut state = self.state();
        let digests = state.kept.entry(name).or_default();
        if !digests.contains(&statement.digest) {
            digests.push(statement.digest);
        }
        drop(state);
        // Whoever erased it meanwhile has left a mark before looking for its key.
        if vault.is_erased(commitment) {
            vault.destroy(commitment)?;
            return Ok(false);
        }
        Ok(true)
    }

    /// Sweeps what was kept for statements that did not get into the log. While it is not known
    /// what did, nothing is.
    pub fn settle(&self, view: &dyn Fn() -> Arc<View>) {
        let answered = std::mem::take(&mut self.state().answered);
        let Some(vault) = self.vault().filter(|_| !answered.is_empty()) else { return };
        let mut later = Vec::new();
        for name in answered {
            let commitment = Commitment::from(name);
            let _lock = self.lock(&commitment);
            // First that none is on its way, then what is in the log: it may have got there since.
            if self.state().in_flight.contains_key(&name) {
                continue;
            }
            let view = view();
            if view.stopped.is_some() {
                later.push(name);
            } else if let Err(error) = self.sweep(&vault, &commitment, &view.register) {
                warn!(code = error.code(), %error, "a document is swept later");
                later.push(name);
            }
        }
        self.state().answered.extend(later);
    }

    fn sweep(
        &self,
        vault: &Vault,
        commitment: &Commitment,
        register: &Register,
    ) -> Result<(), LedgerError> {
        let digests = self.state().kept.get(commitment.bytes()).cloned().unwrap_or_default();
        let (logged, vain): (Vec<_>, Vec<_>) =
            digests.into_iter().partition(|digest| register.index_of_digest(digest).is_some());
        for digest in &vain {
            vault.remove(&vault.path(commitment, &kind_of(digest)))?;
        }
        if logged.is_empty() || vault.is_erased(commitment) {
            vault.destroy(commitment)?;
        }
        let mut state = self.state();
        if logged.is_empty() {
            state.kept.remove(commitment.bytes());
        } else {
            state.kept.insert(*commitment.bytes(), logged);
        }
        Ok(())
    }
}

/// The kind of file that says for which statement a document is kept.
fn kind_of(digest: &[u8; 32]) -> String {
    format!("{}.for", hex(digest))
}

/// The statements that documents of a data folder are kept for, by their ids.
///
/// # Errors
/// A folder that cannot be read.
pub fn documents_of(home: &Home, statement: &str) -> Result<Vec<Commitment>, LedgerError> {
    let vault = Vault::of(home);
    let mut found = Vec::new();
    let files = match fs::read_dir(vault.folder()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        files => files.map_err(|error| file(vault.folder(), error))?,
    };
    for entry in files.flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let Some(commitment) = name.strip_suffix(".for").and_then(|it| it.split('.').next()) else {
            continue;
        };
        let text = fs::read(entry.path()).map_err(|error| file(&entry.path(), error))?;
        let kept_for = serde_json::from_slice::<KeptFor>(&text).ok();
        if kept_for.is_some_and(|kept| kept.statement == statement) {
            found.extend(unhex(commitment).map(Commitment::from));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Whether a document is in a data folder, with its key.
#[must_use]
pub fn holds_document(home: &Home, commitment: &Commitment) -> bool {
    Vault::of(home).holds(commitment)
}

/// Erases a document of a data folder for good, also while its service runs: its key is destroyed.
///
/// # Errors
/// What cannot be written or removed: it is not erased then.
pub fn erase_document(home: &Home, commitment: &Commitment) -> Result<(), LedgerError> {
    Vault::of(home).erase(commitment)
}

impl Ledger {
    /// Keeps the document that a submission brings, if it brings one. Blocks.
    ///
    /// # Errors
    /// `document_erased`, `document_quota`, `document_not_kept`.
    pub fn keep(&self, submission: Submission) -> Result<Submission, SubmitError> {
        let Some(Carried::Shown(opening)) = &submission.opening else { return Ok(submission) };
        if self.view().stopped.is_some() {
            // It will be refused, with the reason: nothing is kept for it.
            return Ok(submission);
        }
        let documents = &self.shared.documents;
        let kept = documents.keep(opening, &submission.statement, self.now())?;
        Ok(Submission { opening: Some(Carried::Kept(Arc::new(kept))), ..submission })
    }

    /// Sweeps documents that were kept for statements that were refused.
    pub fn settle_documents(&self) {
        self.shared.documents.settle(&|| self.view());
    }

    /// A document, for who submitted it with a statement that is in the log, and for the authority.
    /// Whether there is one that somebody else may read is told to nobody.
    ///
    /// # Errors
    /// `document_unknown`; files that cannot be read.
    pub fn document(
        &self,
        commitment: &Commitment,
        by: &Requester,
    ) -> Result<Opening, LedgerError> {
        let documents = &self.shared.documents;
        let unknown = || {
            let reason = format!(
                "no document of {commitment} is here for {}: it was never shown, was erased, or is \
                 another's",
                by.party
            );
            LedgerError::unmet(Unmet::NotFound, "document_unknown", reason)
        };
        let vault = documents.vault().ok_or_else(unknown)?;
        let digests = documents.state().kept.get(commitment.bytes()).cloned().unwrap_or_default();
        let view = self.view();
        let logged = |digest: &&[u8; 32]| view.register.index_of_digest(digest).is_some();
        let reads = |digest: &[u8; 32]| {
            let text = fs::read(vault.path(commitment, &kind_of(digest))).ok();
            let kept_for = text.and_then(|text| serde_json::from_slice::<KeptFor>(&text).ok());
            kept_for.is_some_and(|kept| kept.party == by.party)
        };
        let mut logged = digests.iter().filter(logged).peekable();
        let may = logged.peek().is_some() && (by.party.is_authority() || logged.any(reads));
        if !may || vault.is_erased(commitment) {
            return Err(unknown());
        }
        let key = documents.key(false)?.ok_or_else(unknown)?;
        vault.open(&key, commitment)?.ok_or_else(unknown)
    }
}
