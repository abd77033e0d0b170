//! The temporary folder of a measurement: made, copied, removed, and what file system it is on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::os::random;

/// A folder that is removed when dropped.
pub struct BenchFolder(PathBuf);

impl BenchFolder {
    /// Makes a folder of a random name in `parent`.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(parent: &Path) -> anyhow::Result<Self> {
        let name = format!("tasdiq-bench-{}", bs58::encode(random::<8>()?).into_string());
        let path = parent.join(name);
        fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file system's type, from the mount table; syncs cost nothing on `tmpfs`.
    #[must_use]
    pub fn file_system(&self) -> String {
        let path = self.0.canonicalize().unwrap_or_else(|_| self.0.clone());
        let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
        let rows = mounts.lines().filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((fields.next()?, fields.next()?))
        });
        let on = rows.filter(|(mount, _)| path.starts_with(mount));
        on.max_by_key(|(mount, _)| mount.len()).map_or("unknown".to_owned(), |on| on.1.to_owned())
    }
}

impl Drop for BenchFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder as it stands on disk: what a process that is killed leaves behind. The copy is
/// synced, so that its writing does not run into what is measured next.
///
/// # Errors
/// A file that cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}
