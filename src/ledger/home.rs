//! The data folder: `ledger.json`, `keys/` (mode 0700; files encrypted, 0600), `rows/` (the store),
//! the guard file of the last published checkpoint. The edge where clock, randomness and files are
//! touched.

use std::fs;
use std::path::{Path, PathBuf};

use strum::{IntoStaticStr, VariantNames};
use tracing::warn;
use zeroize::Zeroizing;

use super::{Config, LedgerError};
use crate::limits::KEY_FILE_BYTES_MAX;
use crate::os::{files, random};
use crate::seal::{KeyNonces, PLAIN_KEY, SoftKey, decode_key, encode_key, is_encrypted};

/// The keys a ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
pub enum KeyName {
    /// The authority's root: to be moved offline.
    #[strum(serialize = "root")]
    Root,
    /// The authority's registrar.
    #[strum(serialize = "registrar-1")]
    Registrar,
    /// The service: status lists, label issues.
    #[strum(serialize = "service-1")]
    Service,
    /// The log's checkpoints.
    #[strum(serialize = "log-1")]
    Log,
    /// Labels.
    #[strum(serialize = "label-1")]
    Label,
    /// Receipts (RFC 9942).
    #[strum(serialize = "scitt-1")]
    Receipt,
}

impl KeyName {
    /// The file's stem, and the fragment of the key's name.
    #[must_use]
    pub fn stem(self) -> &'static str {
        self.into()
    }

    /// What people call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        let stem = self.stem();
        stem.split_once('-').map_or(stem, |(word, _)| word)
    }
}

/// A data folder.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// The data folder at `folder`; nothing is touched yet.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the store lies.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// Where the last published checkpoint is kept.
    #[must_use]
    pub fn guard(&self) -> PathBuf {
        self.folder.join("published-checkpoint")
    }

    /// The copy of it that is only ever replaced by what was synced.
    #[must_use]
    pub fn guard_synced(&self) -> PathBuf {
        self.folder.join("published-checkpoint.synced")
    }

    /// Where a running service says how to reach it.
    #[must_use]
    pub fn address(&self) -> PathBuf {
        self.folder.join("address")
    }

    /// The folder with counts of scans: no part of the log, and erasable.
    #[must_use]
    pub fn scans(&self) -> PathBuf {
        self.folder.join("scans")
    }

    /// Where the last signed trust snapshot (`trust`) or pack (`pack`) of an imported ledger lies.
    #[must_use]
    pub fn imported(&self, name: &str) -> PathBuf {
        self.folder.join("imported").join(name)
    }

    /// Where a key lies.
    #[must_use]
    pub fn key(&self, name: KeyName) -> PathBuf {
        self.folder.join("keys").join(format!("{}.pem", name.stem()))
    }

    /// The files of all keys of one name, `label-1.pem`, `label-2.pem` and so on, oldest first.
    #[must_use]
    pub fn keys(&self, name: KeyName) -> Vec<PathBuf> {
        let folder = self.folder.join("keys");
        let number = |file: &str| -> Option<u32> {
            let rest = file.strip_prefix(name.word())?.strip_prefix('-')?;
            let digits = rest.strip_suffix(".pem")?;
            digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
        };
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let mut numbered: Vec<(u32, String)> =
            names.filter_map(|name| Some((number(&name)?, name))).collect();
        numbered.sort_unstable();
        numbered.into_iter().map(|(_, name)| folder.join(name)).collect()
    }

    /// The newest of them, which need not be registered yet; the first one's name if there is none.
    #[must_use]
    pub fn newest_key(&self, name: KeyName) -> PathBuf {
        self.keys(name).pop().unwrap_or_else(|| self.key(name))
    }

    /// Reads them.
    ///
    /// # Errors
    /// As [`Self::read_key`].
    pub fn read_keys(&self, name: KeyName) -> Result<Vec<SoftKey>, LedgerError> {
        let passphrase = self.passphrase()?;
        self.keys(name).iter().map(|path| Self::read_key(path, &passphrase)).collect()
    }

    /// Whether a ledger was made here.
    #[must_use]
    pub fn has_ledger(&self) -> bool {
        self.folder.join("ledger.json").exists()
    }

    /// Reads the ledger's identity.
    ///
    /// # Errors
    /// [`LedgerError::NoLedger`] or a file that is not ours.
    pub fn config(&self) -> Result<Config, LedgerError> {
        if !self.has_ledger() {
            return Err(LedgerError::NoLedger { path: self.folder.display().to_string() });
        }
        let path = self.folder.join("ledger.json");
        let text = fs::read(&path).map_err(|error| file(&path, error))?;
        let config: Config = serde_json::from_slice(&text).map_err(|error| file(&path, error))?;
        if config.version != Config::VERSION {
            return Err(file(&path, "it was written by another version of Tasdiq"));
        }
        Ok(config)
    }

    /// Writes the ledger's identity, last of all: its presence says that the ledger is whole.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_config(&self, config: &Config) -> Result<(), LedgerError> {
        let text = serde_json::to_vec_pretty(config).map_err(|e| file(&self.folder, e))?;
        write_file(&self.folder.join("ledger.json"), &text, 0o644)
    }

    /// The passphrase of the key files: `TASDIQ_PASSPHRASE`, or the file `keys/passphrase`, which
    /// is made when there is none and no key either.
    ///
    /// # Errors
    /// A file that cannot be read or written; keys whose passphrase is not here.
    pub fn passphrase(&self) -> Result<Zeroizing<String>, LedgerError> {
        if let Ok(text) = std::env::var("TASDIQ_PASSPHRASE") {
            return Ok(Zeroizing::new(text));
        }
        let path = self.passphrase_file();
        if self.lacks_passphrase() {
            let reason = "it is not here and the key files are: put it back, or set \
                          TASDIQ_PASSPHRASE";
            return Err(file(&path, reason));
        }
        if let Some(text) = files::read_if_there(&path).map_err(|error| file(&path, error))? {
            let text = Zeroizing::new(text);
            let text = std::str::from_utf8(&text).map_err(|error| file(&path, error))?;
            return Ok(Zeroizing::new(text.trim_end().to_owned()));
        }
        let text = Zeroizing::new(bs58::encode(drawn::<20>()?).into_string());
        write_file(&path, text.as_bytes(), 0o600)?;
        Ok(text)
    }

    /// The file that holds the passphrase of the keys here, if it is kept here.
    #[must_use]
    pub fn passphrase_file(&self) -> PathBuf {
        self.folder.join("keys/passphrase")
    }

    /// Whether key files are here and neither `keys/passphrase` nor `TASDIQ_PASSPHRASE` is: a
    /// backup leaves it out unless it is asked for.
    #[must_use]
    pub fn lacks_passphrase(&self) -> bool {
        if std::env::var_os("TASDIQ_PASSPHRASE").is_some() || self.passphrase_file().exists() {
            return false;
        }
        let Ok(files) = fs::read_dir(self.folder.join("keys")) else { return false };
        files.flatten().any(|file| file.path().extension().is_some_and(|kind| kind == "pem"))
    }

    /// Makes a key and writes its file; an existing file is never overwritten.
    ///
    /// # Errors
    /// A file that exists or cannot be written.
    pub fn make_key(path: &Path, passphrase: &str) -> Result<SoftKey, LedgerError> {
        if path.exists() {
            return Err(file(path, "it exists already; keys are never overwritten"));
        }
        let key = SoftKey::from_secret(&Zeroizing::new(drawn()?));
        let pem = encode_key(&key, passphrase.as_bytes(), KeyNonces(drawn()?))
            .map_err(|fault| LedgerError::Key { path: path.display().to_string(), fault })?;
        files::make(path, pem.as_bytes(), 0o600).map_err(|error| file(path, error))?;
        Ok(key)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// A file that cannot be read, is no key, or a wrong passphrase.
    pub fn read_key(path: &Path, passphrase: &str) -> Result<SoftKey, LedgerError> {
        let pem = files::read_at_most(path, KEY_FILE_BYTES_MAX);
        let pem = pem.map_err(|error| file(path, error))?.map(Zeroizing::new);
        let pem = pem.ok_or_else(|| file(path, "there is no such key file"))?;
        let pem = Zeroizing::new(String::from_utf8_lossy(&pem).into_owned());
        if !is_encrypted(&pem) {
            warn!("{}: {PLAIN_KEY}", path.display());
        }
        decode_key(&pem, passphrase.as_bytes())
            .map_err(|fault| LedgerError::Key { path: path.display().to_string(), fault })
    }
}

/// Writes a file whole or not at all, durably ([`files::replace`]).
///
/// # Errors
/// A file that cannot be written; the old one is then as it was.
pub fn write_file(path: &Path, bytes: &[u8], mode: u32) -> Result<(), LedgerError> {
    files::replace(path, bytes, mode).map_err(|error| file(path, error))
}

/// Random bytes, or what a ledger says when the system has none.
pub(super) fn drawn<const N: usize>() -> Result<[u8; N], LedgerError> {
    random().map_err(|error| file(Path::new("random source"), error))
}

pub(super) fn file(path: &Path, reason: impl ToString) -> LedgerError {
    LedgerError::File { path: path.display().to_string(), reason: reason.to_string() }
}
