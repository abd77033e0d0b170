//! Taking a log over from a source: all of it is replayed and verified before anything is written;
//! then its entries become the rows the writer would have made. `ledger.json` is written last.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::backup::BackupError;
use crate::audit::{AuditReport, Pins, replay};
use crate::ledger::{Config, Home, LedgerError, TakenFrom, take_over, write_file};
use crate::log::{Checkpoint, TilePath, Tree, verify_checkpoint};
use crate::os::files;
use crate::source::{LogSource, PackData, Part, SourceError, cut_sidecars};
use crate::statement::multikey;
use crate::store::SledStore;

/// What is to be taken over.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// Names, root and log key the log must have.
    pub pins: Pins,
    /// Whether all parties are fictional.
    pub demo: bool,
}

/// What was taken over.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Entries of the ledger now.
    pub size: u64,
    /// Entries written.
    pub written: u64,
    /// What was checked before.
    pub audit: AuditReport,
}

/// Where a data folder says that an import into it has not ended.
pub(super) const IMPORTING: &str = "importing";

/// What stands there.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Begun {
    log_key: String,
    root: String,
}

/// A source whose checkpoint stands still, and so do the pages of sidecars that were verified: no
/// root tells whether they are the same when they are read again.
struct Fixed<'a> {
    source: &'a dyn LogSource,
    note: Vec<u8>,
    size: u64,
    pages: Mutex<HashMap<u64, [u8; 32]>>,
}

impl LogSource for Fixed<'_> {
    fn fetch(&self, part: &Part) -> Result<Option<Vec<u8>>, SourceError> {
        match part {
            Part::Checkpoint => Ok(Some(self.note.clone())),
            Part::Sidecars(page) => self.page(*page),
            part => self.source.fetch(part),
        }
    }

    fn keeps_partial_tiles(&self) -> bool {
        self.source.keeps_partial_tiles()
    }
}

impl Fixed<'_> {
    /// A page of sidecars, as it was the first time.
    fn page(&self, page: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let part = Part::Sidecars(page);
        // What is no such page is left as it is: the audit says so.
        let bytes = self
            .source
            .fetch(&part)?
            .and_then(|whole| cut_sidecars(&whole, page, self.size).unwrap_or(Some(whole)));
        let digest = Sha256::digest(bytes.as_deref().unwrap_or_default()).into();
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if *pages.entry(page).or_insert(digest) != digest {
            let reason = "it changed while it was read; run it again";
            return Err(SourceError::unreadable(part, reason));
        }
        Ok(bytes)
    }
}

/// Imports a log into a data folder that has no ledger (but may have its keys). Called again after
/// an interruption, it goes on. `progress` is told entries verified or written, and all.
///
/// # Errors
/// A source that cannot be read or is not good; a folder that holds something else.
pub fn import(
    source: &dyn LogSource,
    request: &ImportRequest,
    home: &Home,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, BackupError> {
    import_with(source, request, home, progress, &|_| Ok(()))
}

/// [`import`], and what is to be done before the ledger counts as whole.
pub(super) fn import_with(
    source: &dyn LogSource,
    request: &ImportRequest,
    home: &Home,
    progress: &mut dyn FnMut(u64, u64),
    finish: &dyn Fn(&Checkpoint) -> Result<(), BackupError>,
) -> Result<Imported, BackupError> {
    let config = config(request);
    let begun = Begun { log_key: config.log_key.clone(), root: config.root.clone() };
    may_begin(home, &begun)?;
    let (trust, pack) = (source.fetch(&Part::Trust)?, source.pack()?);
    let (fixed, checkpoint) = fix(source, &request.pins)?;
    let (audit, tree) = verified(&fixed, &request.pins, progress)?;
    let text = serde_json::to_vec(&begun).unwrap_or_default();
    write_file(&home.folder().join(IMPORTING), &text, 0o644)?;
    let written = rows(&fixed, home, &tree, progress)?;
    keep(home, trust.as_deref(), pack.as_ref())?;
    write_file(&home.guard(), &fixed.note, 0o644)?;
    finish(&checkpoint)?;
    home.write_config(&config)?;
    // The ledger is whole without this: a mark that stays behind is only in the way of nobody.
    let _ = fs::remove_file(home.folder().join(IMPORTING));
    Ok(Imported { size: checkpoint.size, written, audit })
}

/// Brings a ledger the entries that a source has beyond its own, after all of the source was
/// verified. A ledger restored from a backup has then been compared with what was published.
///
/// # Errors
/// As [`import`]; a source that is behind, or of another history.
pub fn catch_up(
    source: &dyn LogSource,
    home: &Home,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, BackupError> {
    let config = home.config()?;
    let pins = Pins::of(&config)?;
    let (trust, pack) = (source.fetch(&Part::Trust)?, source.pack()?);
    let (fixed, checkpoint) = fix(source, &pins)?;
    let (audit, tree) = verified(&fixed, &pins, progress)?;
    let written = rows(&fixed, home, &tree, progress)?;
    // Only what was imported without keys hands these out.
    let [trust_is_kept, pack_is_kept] = ["trust", "pack"].map(|name| home.imported(name).exists());
    keep(home, trust.as_deref().filter(|_| trust_is_kept), pack.as_ref().filter(|_| pack_is_kept))?;
    if !knows_more(home, &pins, checkpoint.size)? {
        write_file(&home.guard(), &fixed.note, 0o644)?;
    }
    home.clear_restored()?;
    Ok(Imported { size: checkpoint.size, written, audit })
}

/// Whether the guard file remembers a larger tree: then it stays as it is.
fn knows_more(home: &Home, pins: &Pins, size: u64) -> Result<bool, BackupError> {
    let path = home.guard();
    let note = files::read_if_there(&path).map_err(|error| fault(&path, &error))?;
    let note = note.map(|note| String::from_utf8_lossy(&note).into_owned()).unwrap_or_default();
    Ok(verify_checkpoint(&note, &pins.log_key, &pins.domain.origin())
        .is_ok_and(|known| known.size > size))
}

/// Keeps the documents that a ledger without keys hands out.
fn keep(home: &Home, trust: Option<&[u8]>, pack: Option<&PackData>) -> Result<(), BackupError> {
    if let Some(trust) = trust {
        write_file(&home.imported("trust"), trust, 0o644)?;
    }
    if let Some(pack) = pack {
        let path = home.imported("pack");
        let mut copy = |file: &mut dyn Write| pack.copy_to(file).map(drop);
        files::replace_from(&path, &mut copy, 0o644).map_err(|error| fault(&path, &error))?;
    }
    Ok(())
}

fn fault(path: &Path, error: &std::io::Error) -> BackupError {
    BackupError::File { path: path.display().to_string(), reason: error.to_string() }
}

fn config(request: &ImportRequest) -> Config {
    Config {
        version: Config::VERSION,
        host: request.pins.domain.host().to_owned(),
        root: multikey(&request.pins.root),
        log_key: request.pins.log_key.to_string(),
        demo: request.demo,
    }
}

/// An import may begin where no ledger is, or where the same import was interrupted.
fn may_begin(home: &Home, begun: &Begun) -> Result<(), BackupError> {
    let folder = home.folder().display().to_string();
    if home.has_ledger() {
        return Err(LedgerError::Exists { path: folder }.into());
    }
    let refuse = |reason: &str| BackupError::Folder { folder, reason: reason.to_owned() };
    let path = home.folder().join(IMPORTING);
    match files::read_if_there(&path).map_err(|error| fault(&path, &error))? {
        Some(bytes) if serde_json::from_slice::<Begun>(&bytes).is_ok_and(|old| old == *begun) => {
            Ok(())
        }
        Some(_) => {
            Err(refuse("the import of another ledger was interrupted here; remove it first"))
        }
        None if home.store().exists() => {
            Err(refuse("it holds a ledger that was not finished; choose another folder"))
        }
        None => Ok(()),
    }
}

fn fix<'a>(source: &'a dyn LogSource, pins: &Pins) -> Result<(Fixed<'a>, Checkpoint), BackupError> {
    let missing = || BackupError::Missing { what: "log/checkpoint".to_owned() };
    let note = source.fetch(&Part::Checkpoint)?.ok_or_else(missing)?;
    let text = String::from_utf8_lossy(&note);
    let checkpoint = verify_checkpoint(&text, &pins.log_key, &pins.domain.origin())
        .map_err(BackupError::Checkpoint)?;
    let pages = Mutex::new(HashMap::new());
    Ok((Fixed { source, note, size: checkpoint.size, pages }, checkpoint))
}

fn verified(
    source: &Fixed<'_>,
    pins: &Pins,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(AuditReport, Tree), BackupError> {
    let (report, tree) = replay(source, pins, progress)?;
    match report.fault {
        Some(fault) => Err(BackupError::Fault(fault)),
        None => Ok((report, tree)),
    }
}

fn rows(
    source: &Fixed<'_>,
    home: &Home,
    tree: &Tree,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, BackupError> {
    let store = SledStore::open(&home.store()).map_err(LedgerError::from)?;
    let failed = |path: String, reason: String| LedgerError::File { path, reason };
    let fetch = |part: Part| {
        source.fetch(&part).map_err(|error| failed(part.to_string(), error.to_string()))
    };
    let mut bundle = |path: &TilePath| {
        let gone = || failed(path.to_string(), "it is gone from the source".to_owned());
        fetch(Part::Tile(*path))?.ok_or_else(gone)
    };
    let mut sidecars = |page: u64| fetch(Part::Sidecars(page));
    let mut from = TakenFrom { bundle: &mut bundle, sidecars: &mut sidecars };
    let all = tree.size();
    let taken = take_over(&store, tree, &mut from, &mut |done| progress(done, all));
    taken.map_err(|error| match error {
        fork @ LedgerError::SourceFork { .. } => BackupError::Fork { reason: fork.to_string() },
        LedgerError::SourceBehind { ours, theirs } => BackupError::Behind { theirs, ours },
        other => other.into(),
    })
}
