//! Files that people rely on: a new file, synced, then moved into place, so that a full disk or a
//! power cut leaves the old one whole; and whether a name that somebody else chose may become a
//! path. Not here: what stands in them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Error, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How often a new file is begun again while others write the same one: each time, one of them has
/// come to its end.
const TRIES: u32 = 1_000;

/// Longest path that is taken from others, in bytes; tiles and documents have less than 100.
const PATH_BYTES_MAX: usize = 512;

/// Replaces a file, or makes it: whole and durable, or as it was. What is no file (a pipe, a
/// device) is written to instead.
///
/// # Errors
/// What the system says; the old file is then as it was.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    replace_from(path, &mut |file| file.write_all(bytes), mode)
}

/// As [`replace`], with what `write` writes.
///
/// # Errors
/// As [`replace`].
pub fn replace_from(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    mode: u32,
) -> io::Result<()> {
    let path = &target_of(path)?;
    if !is_replaced(path) {
        return write(&mut OpenOptions::new().write(true).open(path)?);
    }
    make_folder(path, mode)?;
    let mut fresh = NewFile::create(path, mode)?;
    write(&mut fresh)?;
    fresh.put()
}

/// Whether [`replace`] would replace what is there, rather than write to a pipe or device.
#[must_use]
pub fn is_replaced(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |there| there.is_file() || there.is_dir())
}

/// Makes a file that is not there yet, whole and durable: an existing one is never replaced.
///
/// # Errors
/// What the system says; [`ErrorKind::AlreadyExists`].
pub fn make(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    make_folder(path, mode)?;
    let mut fresh = NewFile::create(path, mode)?;
    fresh.write_all(bytes)?;
    fresh.put_new()
}

/// Makes the folder of a file that will have this mode: of a secret one a secret folder.
fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    let folder = folder_of(path);
    match mode & 0o077 {
        0 if !folder.exists() => private_folder(folder),
        _ => fs::create_dir_all(folder),
    }
}

/// Where a file really lies: a link is followed, so that it stays one.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => fs::canonicalize(path),
        _ => Ok(path.to_owned()),
    }
}

/// The bytes of a file; None only if there is none: one that cannot be read is an error.
///
/// # Errors
/// What the system says.
pub fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// As [`read_if_there`], of a file with at most `most` bytes.
///
/// # Errors
/// What the system says; a file with more.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::new(ErrorKind::FileTooLarge, format!("it has more than {most} bytes")));
    }
    Ok(Some(bytes))
}

/// A file without a name, below the folder for temporary files: it is gone with its handle.
///
/// # Errors
/// What the system says.
pub fn anonymous() -> io::Result<File> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut last = Error::from(ErrorKind::AlreadyExists);
    for _ in 0..TRIES {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tasdiq-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut options = OpenOptions::new();
        match options.read(true).write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => return fs::remove_file(&path).map(|()| file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Whether a path that somebody else chose stays below where it is put: plain names of printable
/// ASCII, parted by single slashes.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    let plain = |part: &str| {
        let printable = part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        !part.is_empty() && part != "." && part != ".." && printable
    };
    path.len() <= PATH_BYTES_MAX && path.split('/').all(plain)
}

/// Makes a folder whose files are secret: nobody else may look into it (0700). One that is there
/// stays as it is.
///
/// # Errors
/// What the system says.
pub fn private_folder(path: &Path) -> io::Result<()> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        done => done,
    }
}

/// A file on its way: written beside the one it replaces, under its name with `.new` behind, with
/// its mode from the start. It is locked, so that what a process left behind is told from what
/// another writes just now. Dropped before it is put, it is gone.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    fresh: PathBuf,
    target: PathBuf,
    put: bool,
}

impl NewFile {
    /// Begins a file with this mode, in a folder that is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(target: &Path, mode: u32) -> io::Result<Self> {
        let mut name = target.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        for _ in 0..TRIES {
            match OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh) {
                Ok(file) => {
                    lock(&file);
                    if is_at(&file, &fresh)? {
                        let target = target.to_owned();
                        return Ok(Self { file, fresh, target, put: false });
                    }
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => clear(&fresh)?,
                Err(error) => return Err(error),
            }
        }
        Err(Error::other("another process keeps writing it"))
    }

    /// Puts it in place of the old one, durably.
    ///
    /// # Errors
    /// What the system says; the old file is then as it was.
    pub fn put(self) -> io::Result<()> {
        let folder = folder_of(&self.target).to_owned();
        self.put_for_now()?;
        sync_folder(&folder)
    }

    /// As [`Self::put`], but its name is durable only once [`sync_folder`] was called.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_for_now(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        self.rename()
    }

    /// Puts it in place of the old one; a power cut may bring back either, or neither.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_unsynced(mut self) -> io::Result<()> {
        self.rename()
    }

    /// Puts it where nothing is, durably: an existing file is never replaced.
    ///
    /// # Errors
    /// What the system says; [`ErrorKind::AlreadyExists`].
    pub fn put_new(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        match fs::hard_link(&self.fresh, &self.target) {
            Ok(()) => fs::remove_file(&self.fresh)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // A disk without links: looked at before, which is as good as it gets there.
            Err(_) if !self.target.exists() => fs::rename(&self.fresh, &self.target)?,
            Err(_) => return Err(Error::from(ErrorKind::AlreadyExists)),
        }
        self.put = true;
        sync_folder(folder_of(&self.target))
    }

    fn rename(&mut self) -> io::Result<()> {
        fs::rename(&self.fresh, &self.target)?;
        self.put = true;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.put {
            // What cannot be removed is cleared away by the next one of this name.
            let _ = fs::remove_file(&self.fresh);
        }
    }
}

/// Makes the names in a folder durable.
///
/// # Errors
/// What the system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Clears away what a process left behind; of one that another process writes, its end is waited
/// for.
fn clear(fresh: &Path) -> io::Result<()> {
    let there = match fs::symlink_metadata(fresh) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        there => there?,
    };
    if there.is_file() {
        match File::open(fresh) {
            Ok(file) => {
                lock(&file);
                if !is_at(&file, fresh)? {
                    return Ok(());
                }
                return remove(fresh);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            // What may not be read was not begun by this process's kind.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            Err(error) => return Err(error),
        }
    }
    remove(fresh)
}

fn remove(fresh: &Path) -> io::Result<()> {
    match fs::remove_file(fresh) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Locks a file; where the file system has no locks there is one writer at most, by convention.
fn lock(file: &File) {
    let _ = file.lock();
}

/// Whether an open file is still the one of this name.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_mode_whatever_was_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (path, left) = (folder.path().join("a.pem"), folder.path().join("a.pem.new"));
        let other = folder.path().join("other");
        fs::write(&other, "untouched").unwrap();
        for lay in 0..3 {
            match lay {
                0 => fs::write(&left, "half").unwrap(),
                1 => symlink(&other, &left).unwrap(),
                _ => {
                    fs::write(&left, "half").unwrap();
                    fs::set_permissions(&left, fs::Permissions::from_mode(0o666)).unwrap();
                }
            }
            replace(&path, b"secret", 0o600).unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o600, b"secret".to_vec()));
            assert_eq!(names(folder.path()), ["a.pem", "other"]);
        }
        assert_eq!(fs::read(&other).unwrap(), b"untouched");
        let keys = folder.path().join("data/keys");
        replace(&keys.join("b.pem"), b"secret", 0o600).unwrap();
        assert_eq!(mode(&keys), 0o700);
        fs::create_dir(folder.path().join("c.new")).unwrap();
        assert!(replace(&folder.path().join("c"), b"", 0o644).is_err());
    }

    #[test]
    fn what_is_not_put_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, b"old", 0o644).unwrap();
        let mut fresh = NewFile::create(&path, 0o644).unwrap();
        fresh.write_all(b"half").unwrap();
        drop(fresh);
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"old".to_vec(), 1));
        let again = NewFile::create(&path, 0o644).unwrap();
        assert_eq!(again.put_new().unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"old".to_vec(), 1));
        let mut first = NewFile::create(&folder.path().join("b"), 0o644).unwrap();
        first.write_all(b"new").unwrap();
        first.put_new().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn a_link_stays_one_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        replace(&link, b"new", 0o644).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        replace(Path::new("/dev/null"), b"new", 0o644).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn two_writers_leave_one_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = &folder.path().join("a");
        std::thread::scope(|scope| {
            for byte in 0..8_u8 {
                scope.spawn(move || {
                    for _ in 0..20 {
                        replace(path, &[byte; 9_000], 0o644).unwrap();
                    }
                });
            }
        });
        let bytes = fs::read(path).unwrap();
        assert!(bytes.len() == 9_000 && bytes.iter().all(|byte| *byte == bytes[0]));
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn what_cannot_be_read_is_not_absent() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_if_there(&folder.path().join("none")).unwrap(), None);
        assert!(read_if_there(folder.path()).is_err());
        let path = folder.path().join("a");
        fs::write(&path, [7; 10]).unwrap();
        assert_eq!(read_at_most(&path, 10).unwrap().unwrap().len(), 10);
        assert!(read_at_most(&path, 9).is_err());
    }

    #[test]
    fn plain_paths() {
        for good in ["status/revocation-0", ".well-known/did.json", "log/tile/0/x001/067.p/3"] {
            assert!(is_plain(good), "{good}");
        }
        let long = "a".repeat(PATH_BYTES_MAX + 1);
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/..",
            "a/./b",
            "a\\b",
            "a b",
            "a\n",
            "a\0b",
            "é",
            "status/../../x",
            &long,
        ] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }
}
