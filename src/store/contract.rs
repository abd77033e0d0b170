//! What every engine promises: read, ordered scan, one atomic conditional durable batch.
//! Not an engine, and not the meaning of any row. DESIGN, "Stores".

use std::error::Error;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use strum::{IntoStaticStr, VariantNames};

use super::Cause;

/// Longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 64;

/// Longest value, in bytes: a leaf is at most 65,535 (`limits::LEAF_BYTES_MAX`).
pub const VALUE_BYTES_MAX: usize = 65_536;

/// Bytes of a value that rest in one row; a longer value takes several. A full tile of 256 hashes
/// (8,192 bytes) stays whole, and a sled page (17 items at most) stays below a quarter of a segment
/// of 1 MiB: 17 x (8,197 + 67) = 140,488 < 262,144. Above that sled writes files it never syncs.
pub const PART_BYTES: usize = 8_192;

/// Rows in one batch, parts of long values counted: larger batches grow sled's memory without bound
/// (its garbage is collected per operation, and a batch is one).
pub const BATCH_ROWS_MAX: usize = 512;

/// How many of the [`BATCH_ROWS_MAX`] rows a value of `value_bytes` bytes takes.
#[must_use]
pub fn rows_of(value_bytes: usize) -> usize {
    value_bytes.div_ceil(PART_BYTES).max(1)
}

/// The first key after every key that starts with `prefix`: the `until` of a scan over a prefix.
/// Empty (a scan of nothing) when there is none, that is for a prefix of 0xff bytes only.
#[must_use]
pub fn prefix_end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

/// Rows of bytes in key order, with one way to change them.
///
/// One process holds a store at a time; readers may run beside the writer. A reader may see a batch
/// before it is durable, so only what [`Store::commit`] answered may be told to anybody.
pub trait Store: Send + Sync {
    /// The value of `key`, or `None`.
    ///
    /// # Errors
    /// [`StoreError::Fatal`] and [`StoreError::Corrupt`].
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits the rows with `from <= key < until`, ascending, until `visit` answers false.
    /// Rows committed meanwhile may be seen or not.
    ///
    /// # Errors
    /// [`StoreError::Fatal`] and [`StoreError::Corrupt`].
    fn scan(
        &self,
        from: &[u8],
        until: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError>;

    /// Puts every row of `batch`, all or none, iff the expected row holds what is expected.
    /// On `Ok` the rows survive the loss of power. Of two puts of one key the later wins.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] and [`StoreError::Refused`] leave everything untouched;
    /// [`StoreError::Fatal`] wrote nothing and [`StoreError::Unknown`] may have: stop writing until
    /// [`Store::ready`].
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Makes ready for commits, after a failure too: what was committed is there then, and whether
    /// a batch of unknown fate was kept shows in its rows.
    ///
    /// # Errors
    /// Why it still takes none.
    fn ready(&self) -> Result<(), StoreError>;

    /// Bytes taken on disk; 0 for a store in memory.
    fn disk_bytes(&self) -> u64;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).read(key)
    }

    fn scan(
        &self,
        from: &[u8],
        until: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        (**self).scan(from, until, visit)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        (**self).commit(batch)
    }

    fn ready(&self) -> Result<(), StoreError> {
        (**self).ready()
    }

    fn disk_bytes(&self) -> u64 {
        (**self).disk_bytes()
    }
}

/// The condition of a batch: what one row must hold now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The row that is compared.
    pub key: Vec<u8>,
    /// What it must hold; `None`: it must not exist.
    pub value: Option<Vec<u8>>,
}

/// Rows to put, all or none, on one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The condition.
    pub expect: Expectation,
    /// Keys and values.
    pub puts: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Batch {
    /// An empty batch on condition that `key` holds `value` (`None`: does not exist).
    #[must_use]
    pub fn expecting(key: &[u8], value: Option<&[u8]>) -> Self {
        let expect = Expectation { key: key.to_vec(), value: value.map(<[u8]>::to_vec) };
        Self { expect, puts: Vec::new() }
    }

    /// Adds a row.
    #[must_use]
    pub fn put(mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        self.puts.push((key.into(), value.into()));
        self
    }

    /// Checks the limits that hold for every engine.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the figure that is over its limit.
    pub fn check(&self) -> Result<(), StoreError> {
        let refuse = |what, figure, limit| Err(StoreError::Refused { what, figure, limit });
        let mut rows = 0;
        for (key, value) in &self.puts {
            if key.len() > KEY_BYTES_MAX {
                return refuse("bytes in a key", key.len(), KEY_BYTES_MAX);
            }
            if value.len() > VALUE_BYTES_MAX {
                return refuse("bytes in a value", value.len(), VALUE_BYTES_MAX);
            }
            rows += rows_of(value.len());
        }
        if rows > BATCH_ROWS_MAX {
            return refuse("rows in a batch", rows, BATCH_ROWS_MAX);
        }
        Ok(())
    }
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case", prefix = "store_")]
pub enum StoreError {
    /// The expected row holds something else; nothing was changed.
    #[error("another writer moved the head: read it again before writing")]
    Conflict,
    /// The batch is over a limit; nothing was changed.
    #[error("{figure} {what}, at most {limit}: make the batch smaller")]
    Refused {
        /// What was counted.
        what: &'static str,
        /// How many there were.
        figure: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Another process holds the folder.
    #[error("the store in {} is in use by another process: stop it first", folder.display())]
    Locked {
        /// The folder asked for.
        folder: PathBuf,
    },
    /// The folder holds what this version cannot have written.
    #[error("the store in {} cannot be used: {what}", folder.display())]
    Unusable {
        /// The folder asked for.
        folder: PathBuf,
        /// What was found, and what to do.
        what: &'static str,
    },
    /// The storage holds something else than what was written.
    #[error("the store is damaged ({what}): restore from a backup")]
    Corrupt {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The storage failed and nothing of this call was written.
    #[error("the storage failed to {during}: {source}")]
    Fatal {
        /// What was tried.
        during: &'static str,
        /// What the engine or the system said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The storage failed while writing: the batch may be kept or lost.
    #[error("the storage failed to {during}: {source}; the batch may be kept or lost")]
    Unknown {
        /// What was tried.
        during: &'static str,
        /// What the engine or the system said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// What the operating system said, if it was it.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Fatal { source, .. } | Self::Unknown { source, .. } => Cause::of(source.as_ref()),
            _ => Cause::Other,
        }
    }

    /// Whether the disk holds something else than what was written. A system that does not let
    /// anybody look (rights, a full or read-only disk, too many open files) says nothing of that.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Corrupt { .. } | Self::Unusable { .. } => true,
            Self::Fatal { source, .. } => {
                let torn = [ErrorKind::UnexpectedEof, ErrorKind::InvalidData];
                let is_torn = |error: &io::Error| torn.contains(&error.kind());
                match source.downcast_ref::<::sled::Error>() {
                    Some(::sled::Error::Io(error)) => is_torn(error),
                    Some(_) => true,
                    None => source.downcast_ref::<io::Error>().is_some_and(is_torn),
                }
            }
            _ => false,
        }
    }

    /// What happened, with the system's own words where there are any.
    #[must_use]
    pub fn told(&self) -> String {
        match self.source() {
            Some(cause) => format!("{self} ({cause})"),
            None => self.to_string(),
        }
    }

    /// The same cause, met again while trying something else.
    pub(super) fn again(&self, during: &'static str) -> Self {
        let source = match self.cause() {
            Cause::Other => self.to_string().into(),
            cause => Box::new(cause.to_error()) as Box<dyn Error + Send + Sync>,
        };
        Self::Fatal { during, source }
    }

    /// Maps a cause to [`StoreError::Fatal`] during `during`.
    pub(super) fn fatal<E>(during: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self::Fatal { during, source: source.into() }
    }

    /// Maps a cause to [`StoreError::Unknown`] during `during`.
    pub(super) fn unknown<E>(during: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self::Unknown { during, source: source.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix() {
        assert_eq!(prefix_end(b"e"), b"f");
        assert_eq!(prefix_end(&[1, 0xff]), [2]);
        assert_eq!(prefix_end(&[0xff, 0xff]), b"");
    }

    #[test]
    fn rows_are_counted_with_their_parts() {
        assert_eq!([0, 1, 8_192, 8_193, 65_536].map(rows_of), [1, 1, 1, 2, 8]);
        let full = (0..64u8).fold(Batch::expecting(b"h", None), |b, i| b.put([i], [0; 65_536]));
        assert!(full.check().is_ok());
        assert!(matches!(full.put(b"x", b"").check(), Err(StoreError::Refused { .. })));
    }
}
