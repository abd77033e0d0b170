//! Restoring a backup into an empty folder: verified like any import, with its keys, and marked as
//! restored, so that nothing is signed before it was compared with what was published since.

use std::fs;
use std::io::ErrorKind;

use super::super::import::{IMPORTING, import_with};
use super::super::{ImportRequest, Imported};
use super::{Archive, BackupError};
use crate::audit::Pins;
use crate::ledger::{Home, Restored, write_file};
use crate::log::verify_checkpoint;
use crate::os::now;

/// Restores a backup. `progress` is told entries verified or written, and all.
///
/// # Errors
/// A backup that is not whole or not good, a folder that is not empty.
pub fn restore(
    archive: &Archive,
    home: &Home,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, BackupError> {
    let folder = home.folder();
    let empty = match fs::read_dir(folder) {
        Ok(mut files) => files.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    // What a restore that was cut off left behind is gone on with, if it is of the same log.
    if !empty && (home.has_ledger() || !folder.join(IMPORTING).is_file()) {
        let reason = "it is not empty; restore into a new folder".to_owned();
        return Err(BackupError::Folder { folder: folder.display().to_string(), reason });
    }
    let config = archive.config()?;
    let pins = Pins::of(&config)?;
    let request = ImportRequest { pins: pins.clone(), demo: config.demo };
    import_with(archive, &request, home, progress, &|checkpoint| {
        // What the backed-up ledger knew to be published may be more than it had: kept beside the
        // checkpoint of the backup itself, which is what a ledger without keys shows.
        if let Some(guard) = archive.read("published-checkpoint")? {
            let note = String::from_utf8_lossy(&guard);
            let known = verify_checkpoint(&note, &pins.log_key, &pins.domain.origin());
            if known.is_ok_and(|known| known.size > checkpoint.size) {
                write_file(&home.guard_synced(), &guard, 0o644)?;
            }
        }
        for name in archive.cosigned().into_iter().chain(["witness-policy"]) {
            if let Some(bytes) = archive.read(name)? {
                write_file(&folder.join(name), &bytes, 0o644)?;
            }
        }
        for name in archive.keys() {
            let key = archive.read(&format!("keys/{name}"))?.unwrap_or_default();
            write_file(&folder.join("keys").join(name), &key, 0o600)?;
        }
        for name in archive.documents() {
            let bytes = archive.read(&format!("documents/{name}"))?.unwrap_or_default();
            write_file(&folder.join("documents").join(name), &bytes, 0o600)?;
        }
        let mark = Restored { version: 1, size: checkpoint.size, restored_at: now() };
        Ok(home.mark_restored(&mark)?)
    })
}
