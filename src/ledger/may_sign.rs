//! Whether a ledger may sign, judged by what others remember of it: its guard files, checkpoints
//! that were published, the mark of a restore. Not here: fetching them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::guard::{Guard, Seen};
use super::halt::{Halt, HaltKind};
use super::home::{file, write_file};
use super::tiles::LogTree;
use super::{Home, LedgerError};
use crate::log::{Compared, NoteKey};
use crate::statement::Timestamp;

/// A checkpoint that somebody outside has seen: an export, a monitor, a witness.
#[derive(Clone, Debug)]
pub struct Published {
    /// Who showed it: an address or a file.
    pub from: String,
    /// The signed note.
    pub note: String,
}

/// The mark that a backup leaves when it is restored, until it was compared with what was
/// published: the file `restored` of the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Restored {
    /// Format of the mark.
    pub version: u32,
    /// Entries in the backup.
    pub size: u64,
    /// When it was restored.
    pub restored_at: Timestamp,
}

impl Home {
    /// The mark of a restore that was not compared with anything published yet.
    ///
    /// # Errors
    /// A mark that cannot be read.
    pub fn restored(&self) -> Result<Option<Restored>, LedgerError> {
        let path = self.folder().join("restored");
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| file(&path, e)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file(&path, error)),
        }
    }

    /// Marks the ledger as restored: it does not sign until [`Self::clear_restored`].
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn mark_restored(&self, mark: &Restored) -> Result<(), LedgerError> {
        let path = self.folder().join("restored");
        let bytes = serde_json::to_vec_pretty(mark).map_err(|error| file(&path, error))?;
        write_file(&path, &bytes, 0o644)
    }

    /// Removes the mark: a comparison with what was published went well, or the operator takes the
    /// risk.
    ///
    /// # Errors
    /// A mark that cannot be removed.
    pub fn clear_restored(&self) -> Result<(), LedgerError> {
        let path = self.folder().join("restored");
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file(&path, error)),
            _ => Ok(()),
        }
    }
}

/// All that speaks for or against signing.
#[derive(Default)]
pub(super) struct Outside {
    pub guard: Guard,
    /// The guard file that lies beside the store, and goes where it goes.
    pub beside: Option<PathBuf>,
    pub published: Vec<Published>,
    pub restored: Option<Restored>,
    /// The operator takes the risk of a restore without comparison.
    pub accept_restored: bool,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Judged {
    /// Why nothing may be signed.
    pub stopped: Option<Halt>,
    /// Whether the mark of a restore has done its work.
    pub cleared: bool,
    /// A published checkpoint of exactly this tree.
    pub kept: Option<Seen>,
    /// One of a larger tree, to be remembered.
    pub newer: Option<Seen>,
    /// Whether a checkpoint of a larger tree, or of another one, is known.
    pub behind: bool,
}

impl Outside {
    /// Compares a tree with all that others remember of it.
    ///
    /// # Errors
    /// A tile that cannot be read.
    pub fn judge(&self, tree: &LogTree, key: &NoteKey) -> Result<Judged, LedgerError> {
        let mut judged = Judged::default();
        for path in self.guard.files() {
            let beside = self.beside.as_ref().is_some_and(|own| Guard::names(own).contains(&path));
            // A restored one is known to be old, and may have been told what was published.
            let by = if beside && self.restored.is_none() { By::Beside } else { By::Guard };
            match Seen::read(&path, key) {
                Ok(Some(seen)) => judged.compare(seen, tree, by)?,
                Ok(None) => {}
                Err(halt) => judged.stop(halt),
            }
        }
        let mut compared = false;
        for published in &self.published {
            match Seen::of(&published.note, key, "what was published") {
                Ok(seen) => {
                    let restored = self.restored.as_ref().map_or(0, |mark| mark.size);
                    compared |= seen.checkpoint.size >= restored;
                    judged.compare(seen, tree, By::Published)?;
                }
                Err(halt) => judged.stop(halt.at(&published.from)),
            }
        }
        if let Some(mark) = &self.restored {
            judged.cleared = judged.stopped.is_none() && (compared || self.accept_restored);
            if !judged.cleared {
                judged.stop(uncompared(mark, &self.published));
            }
        }
        Ok(judged)
    }
}

/// Who remembers a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// The guard file beside the store: a copy of the folder has both.
    Beside,
    /// A guard file elsewhere.
    Guard,
    /// Somebody else, whose word is remembered.
    Published,
}

fn uncompared(mark: &Restored, published: &[Published]) -> Halt {
    let size = mark.size;
    let halt = |reason| Halt::new(HaltKind::Outside, reason);
    match published.first() {
        Some(old) => halt(format!(
            "this ledger was restored from a backup of {size} entries, and the checkpoint it was \
             compared with is older than that: it cannot tell whether more was published; give a \
             newer one"
        ))
        .at(&old.from),
        None => halt(format!(
            "this ledger was restored from a backup of {size} entries and not yet compared with \
             what was published since: start it with --published URL|FILE (an export, a monitor, \
             a witness), or with --accept-restored if there is nothing to compare with"
        )),
    }
}

impl Judged {
    /// The first reason stands.
    pub fn stop(&mut self, halt: Halt) {
        self.stopped.get_or_insert(halt);
    }

    fn compare(&mut self, seen: Seen, tree: &LogTree, by: By) -> Result<(), LedgerError> {
        let (size, own) = (seen.checkpoint.size, tree.size());
        let compared = tree.compare(size, &seen.checkpoint.root)?;
        self.behind |= !compared.is_held();
        let mut stop = |reason| self.stop(Halt::new(HaltKind::Outside, reason));
        match compared {
            Compared::Ahead if by == By::Beside => stop(format!(
                "the store has {own} entries, but the guard file beside it remembers {size}: it is \
                 damaged and lost rows, or it is older than what was published; restore a backup, \
                 or bring the missing entries with `tasdiq import --continue SOURCE`"
            )),
            Compared::Ahead => {
                stop(format!(
                    "the log has {own} entries, but a checkpoint of {size} was published: this is \
                     an old copy; bring the missing entries with `tasdiq import --continue SOURCE`"
                ));
                if by == By::Published {
                    self.newer = Some(seen);
                }
            }
            Compared::Forked => {
                stop(format!("the checkpoint published at {size} entries is of another log"));
            }
            Compared::Same => self.kept = Some(seen),
            Compared::Behind => {}
        }
        Ok(())
    }
}
