//! The folder of a witness: its name and key, the logs it follows, the newest checkpoint it signed
//! of each, and the evidence of logs that contradicted themselves. Every change is on disk before
//! it is told. Not here: HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::WitnessError;
use crate::ledger::{Home, write_file};
use crate::limits::{EVIDENCE_MAX, SUSPICIONS_MAX};
use crate::log::{
    AddCheckpoint, Checkpoint, Hash, Note, NoteAlgorithm, NoteKey, NoteSignature, WitnessRefusal,
    cosign, monitoring_name, verify_checkpoint,
};
use crate::os::files;
use crate::seal::{Signer, SoftKey};
use crate::statement::Timestamp;

/// An open witness folder.
pub struct WitnessFolder {
    folder: PathBuf,
    name: String,
    secret: SoftKey,
    key: NoteKey,
    /// One request at a time: reading what was seen and replacing it is one step.
    turn: Mutex<()>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Identity {
    version: u32,
    name: String,
    key: String,
}

/// Two checkpoints of one log that cannot both be true, or one whose proof did not hold.
/// Only the first is proof against the log: anybody can send its checkpoint with a wrong proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForkEvidence {
    /// The log.
    pub origin: String,
    /// Where it is kept: its name below `evidence/`.
    pub file: String,
    /// What does not fit.
    pub reason: String,
    /// Whether the two notes alone prove that the log contradicted itself.
    pub proven: bool,
    /// The checkpoint this witness had signed.
    pub seen: String,
    /// The checkpoint that contradicts it.
    pub shown: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Kept {
    origin: String,
    reason: String,
    proven: bool,
    seen: String,
    shown: String,
}

impl WitnessFolder {
    /// Makes a witness with a fresh key in an empty folder.
    ///
    /// # Errors
    /// A folder that holds one, a name that cannot stand in signature lines, files.
    pub fn make(folder: &Path, name: &str) -> Result<Self, WitnessError> {
        let identity = folder.join("witness.json");
        if identity.symlink_metadata().is_ok() {
            return Err(WitnessError::Exists { path: folder.display().to_string() });
        }
        // The name is tried before anything is written.
        let trial = SoftKey::from_secret(&[1; 32]).public();
        NoteKey::new(name, NoteAlgorithm::CosignatureV1, trial)?;
        let passphrase = Home::at(folder).passphrase()?;
        let path = folder.join("keys/witness-1.pem");
        // A key without identity is what a stop in between leaves: nobody knows it yet.
        let secret = match path.exists() {
            true => Home::read_key(&path, &passphrase)?,
            false => Home::make_key(&path, &passphrase)?,
        };
        let key = NoteKey::new(name, NoteAlgorithm::CosignatureV1, secret.public())?;
        let own = Identity { version: 1, name: name.to_owned(), key: key.to_string() };
        let bytes = serde_json::to_vec_pretty(&own).map_err(|e| WitnessError::file(folder, e))?;
        write_file(&identity, &bytes, 0o644)?;
        Self::open(folder)
    }

    /// Opens the witness in a folder.
    ///
    /// # Errors
    /// [`WitnessError::Missing`], files, a key that is not the one on record.
    pub fn open(folder: &Path) -> Result<Self, WitnessError> {
        let path = folder.join("witness.json");
        let missing = || WitnessError::Missing { path: folder.display().to_string() };
        let bytes =
            files::read_if_there(&path).map_err(|error| WitnessError::file(&path, error))?;
        let bytes = bytes.ok_or_else(missing)?;
        let own: Identity =
            serde_json::from_slice(&bytes).map_err(|error| WitnessError::file(&path, error))?;
        let passphrase = Home::at(folder).passphrase()?;
        let secret = Home::read_key(&folder.join("keys/witness-1.pem"), &passphrase)?;
        let key = NoteKey::new(&own.name, NoteAlgorithm::CosignatureV1, secret.public())?;
        if key.to_string() != own.key {
            return Err(WitnessError::file(&path, "its key is not the one in keys/witness-1.pem"));
        }
        let (folder, turn) = (folder.to_owned(), Mutex::new(()));
        Ok(Self { folder, name: own.name, secret, key, turn })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its verifier key.
    #[must_use]
    pub fn key(&self) -> &NoteKey {
        &self.key
    }

    /// Follows a log from now on.
    ///
    /// # Errors
    /// A key that is no log's, another key for an origin that is followed, files.
    pub fn add_log(&self, vkey: &str) -> Result<NoteKey, WitnessError> {
        let key = NoteKey::parse(vkey.trim())?;
        if key.algorithm() != NoteAlgorithm::Ed25519 {
            let what = "a log's key is of type 1";
            return Err(crate::log::LogError::Key { what }.into());
        }
        if let Some(known) = self.log(&monitoring_name(key.name()))?
            && known != key
        {
            return Err(WitnessError::OtherKey { origin: key.name().to_owned() });
        }
        let path = self.log_folder(&monitoring_name(key.name())).join("vkey");
        write_file(&path, format!("{key}\n").as_bytes(), 0o644)?;
        Ok(key)
    }

    /// The logs it follows, by origin, each with the newest checkpoint it signed.
    ///
    /// # Errors
    /// Files.
    pub fn logs(&self) -> Result<Vec<(NoteKey, Option<String>)>, WitnessError> {
        let mut logs = Vec::new();
        for name in names_in(&self.folder.join("logs"))? {
            if let Some(key) = self.log(&name)? {
                logs.push((key, self.newest(&name)?));
            }
        }
        logs.sort_by(|(a, _), (b, _)| a.name().cmp(b.name()));
        Ok(logs)
    }

    /// The newest checkpoint signed of a log, by the name in monitoring addresses: hexadecimal
    /// SHA-256 of its origin.
    ///
    /// # Errors
    /// Files.
    pub fn newest(&self, name: &str) -> Result<Option<String>, WitnessError> {
        read_text(&self.log_folder(name).join("checkpoint"))
    }

    /// Judges a request and, if it is good, remembers it and signs: the signature line.
    ///
    /// # Errors
    /// Files; the refusal stands inside.
    pub fn add_checkpoint(
        &self,
        body: &str,
        now: Timestamp,
    ) -> Result<Result<String, WitnessRefusal>, WitnessError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let _alone = self.alone()?;
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let origin = match request.origin() {
            Ok(origin) => origin,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let name = monitoring_name(&origin);
        let Some(key) = self.log(&name)? else {
            return Ok(Err(WitnessRefusal::UnknownLog { origin }));
        };
        let seen = self.newest(&name)?;
        let known = match &seen {
            Some(note) => Some(verify_checkpoint(note, &key, key.name())?),
            None => None,
        };
        let judged = request.judge(&key, known.as_ref());
        self.keep_evidence(&request, &key, seen.as_deref(), known.as_ref(), &judged)?;
        match judged {
            Ok(_) => self.sign(&name, &key, &request.note, now).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Keeps other processes on this folder out until it is dropped: two that judge at once could
    /// sign two histories.
    fn alone(&self) -> Result<fs::File, WitnessError> {
        let path = self.folder.join("lock");
        let lock = fs::File::create(&path).map_err(|error| WitnessError::file(&path, error))?;
        lock.lock().map_err(|error| WitnessError::file(&path, error))?;
        Ok(lock)
    }

    fn sign(
        &self,
        name: &str,
        log: &NoteKey,
        note: &str,
        now: Timestamp,
    ) -> Result<String, WitnessError> {
        let parsed = Note::parse(note)?;
        let line = cosign(&parsed.text, &self.key, now, &|bytes| self.secret.sign_bytes(bytes));
        let mut kept = of_log_only(parsed, log);
        kept.signatures.push(line.clone());
        let kept = kept.to_string();
        write_file(&self.log_folder(name).join("checkpoint"), kept.as_bytes(), 0o644)?;
        Ok(format!("{line}\n"))
    }

    /// Two roots at one size are proof against the log whatever the request said. A proof that does
    /// not hold is kept too, as a reason to look; since anybody may send one, only so many.
    fn keep_evidence(
        &self,
        request: &AddCheckpoint,
        key: &NoteKey,
        seen: Option<&str>,
        known: Option<&Checkpoint>,
        judged: &Result<Checkpoint, WitnessRefusal>,
    ) -> Result<(), WitnessError> {
        let (Some(seen), Some(known)) = (seen, known) else { return Ok(()) };
        let Ok(shown) = verify_checkpoint(&request.note, key, key.name()) else { return Ok(()) };
        let proven = shown.size == known.size && shown.root != known.root;
        let reason = match judged {
            Err(_) if proven => format!("two roots at {} entries: the log is forked", shown.size),
            Err(WitnessRefusal::Inconsistent { reason }) if shown.size != known.size => {
                reason.clone()
            }
            _ => return Ok(()),
        };
        let kept = Kept {
            origin: key.name().to_owned(),
            reason,
            proven,
            seen: seen.to_owned(),
            shown: of_log_only(Note::parse(&request.note)?, key).to_string(),
        };
        let hash = Hash::sha256(shown.to_text().as_bytes());
        let short: String = hash.as_bytes().iter().take(6).map(|b| format!("{b:02x}")).collect();
        let name = monitoring_name(key.name());
        let file = format!("{}-{}-{short}.json", name.get(..12).unwrap_or(&name), shown.size);
        let path = self.folder.join("evidence").join(&file);
        let prefix = name.get(..12).unwrap_or(&name);
        let most = if proven { EVIDENCE_MAX } else { SUSPICIONS_MAX };
        let others = names_in(&self.folder.join("evidence"))?;
        let count = others.iter().filter(|other| other.starts_with(prefix)).count();
        if others.contains(&file) || count >= most {
            return Ok(());
        }
        let bytes = serde_json::to_vec_pretty(&kept).map_err(|e| WitnessError::file(&path, e))?;
        write_file(&path, &bytes, 0o644).map_err(WitnessError::from)
    }

    /// All evidence, by file name.
    ///
    /// # Errors
    /// Files.
    pub fn evidence(&self) -> Result<Vec<ForkEvidence>, WitnessError> {
        let folder = self.folder.join("evidence");
        let mut found = Vec::new();
        for file in names_in(&folder)? {
            let path = folder.join(&file);
            let Some(text) = read_text(&path)? else { continue };
            let kept: Kept =
                serde_json::from_str(&text).map_err(|error| WitnessError::file(&path, error))?;
            let Kept { origin, reason, proven, seen, shown } = kept;
            found.push(ForkEvidence { origin, file, reason, proven, seen, shown });
        }
        Ok(found)
    }

    fn log(&self, name: &str) -> Result<Option<NoteKey>, WitnessError> {
        let text = read_text(&self.log_folder(name).join("vkey"))?;
        Ok(text.map(|text| NoteKey::parse(text.trim())).transpose()?)
    }

    /// Names are hexadecimal: nothing else leads into the folder.
    fn log_folder(&self, name: &str) -> PathBuf {
        let plain = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
        self.folder.join("logs").join(if plain { name } else { "none" })
    }
}

/// The note with the log's own signature lines: what others added to it means nothing here.
fn of_log_only(note: Note, log: &NoteKey) -> Note {
    let own = |line: &NoteSignature| line.name == log.name() && line.key_id == log.key_id();
    let signatures = note.signatures.into_iter().filter(own).collect();
    Note { text: note.text, signatures }
}

fn read_text(path: &Path) -> Result<Option<String>, WitnessError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WitnessError::file(path, error)),
    }
}

/// The plain names in a folder, sorted; none if there is no folder.
fn names_in(folder: &Path) -> Result<Vec<String>, WitnessError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| WitnessError::file(folder, error))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| WitnessError::file(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".new") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
