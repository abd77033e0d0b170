//! What the operating system says when it refuses, told apart by what heals it. Not here: what
//! follows from it (the writer).

use std::error::Error;
use std::io;

use rustix::io::Errno;

/// Why the operating system refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No space, or no quota, is left on the disk.
    DiskFull,
    /// No file handle is free, in the process or the machine.
    NoHandles,
    /// The file system takes no writes.
    ReadOnly,
    /// This user may not.
    Denied,
    /// Anything else: a device that fails, or not the operating system at all.
    Other,
}

impl Cause {
    /// The cause in an error, or in what it stems from.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let found = match error.downcast_ref::<io::Error>() {
                Some(error) => Self::of_io(error),
                None => match error.downcast_ref::<::sled::Error>() {
                    Some(::sled::Error::Io(error)) => Self::of_io(error),
                    _ => Self::Other,
                },
            };
            if found != Self::Other {
                return found;
            }
            next = error.source();
        }
        Self::Other
    }

    /// The cause of an error of the operating system.
    #[must_use]
    pub fn of_io(error: &io::Error) -> Self {
        let number = error.raw_os_error().map(Errno::from_raw_os_error);
        match (number, error.kind()) {
            (Some(Errno::MFILE | Errno::NFILE), _) => Self::NoHandles,
            (_, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => Self::DiskFull,
            (_, io::ErrorKind::ReadOnlyFilesystem) => Self::ReadOnly,
            (_, io::ErrorKind::PermissionDenied) => Self::Denied,
            _ => Self::Other,
        }
    }

    /// An error of the operating system with this cause.
    pub(super) fn to_error(self) -> io::Error {
        let number = match self {
            Self::DiskFull => Errno::NOSPC,
            Self::NoHandles => Errno::MFILE,
            Self::ReadOnly => Errno::ROFS,
            Self::Denied => Errno::ACCESS,
            Self::Other => Errno::IO,
        };
        number.into()
    }

    /// Whether trying again may go well without anybody's doing.
    #[must_use]
    pub fn heals(self) -> bool {
        matches!(self, Self::DiskFull | Self::NoHandles)
    }

    /// Whether what is stored can be read although it cannot be written.
    #[must_use]
    pub fn leaves_reads(self) -> bool {
        matches!(self, Self::DiskFull | Self::ReadOnly | Self::Denied)
    }

    /// In words, for everybody: no paths.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::DiskFull => "no space left on the disk",
            Self::NoHandles => "too many open files",
            Self::ReadOnly => "the file system is read-only",
            Self::Denied => "permission denied",
            Self::Other => "the storage failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn each_cause_through_what_wraps_it() {
        for (number, cause) in [
            (Errno::NOSPC, Cause::DiskFull),
            (Errno::DQUOT, Cause::DiskFull),
            (Errno::MFILE, Cause::NoHandles),
            (Errno::NFILE, Cause::NoHandles),
            (Errno::ROFS, Cause::ReadOnly),
            (Errno::ACCESS, Cause::Denied),
            (Errno::IO, Cause::Other),
        ] {
            let error = || io::Error::from_raw_os_error(number.raw_os_error());
            assert_eq!(Cause::of(&error()), cause);
            // The engine hands on a copy that has lost the number.
            let engine = ::sled::Error::Io(error());
            let copied = StoreError::unknown("flush a batch")(engine.clone());
            if cause != Cause::NoHandles {
                assert_eq!(copied.cause(), cause, "{copied}");
            }
            assert!(copied.to_string().contains("os error") || copied.to_string().contains("code"));
        }
        assert_eq!(StoreError::Conflict.cause(), Cause::Other);
    }
}
