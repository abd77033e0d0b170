//! Documents at rest: each in a file of its own, encrypted under a key of its own, which lies
//! beside it, wrapped under the documents' key of this ledger. Erasing destroys that one key for
//! good and leaves a mark, so that the document does not come back. Not here: which are kept, and
//! for whom (`documents`).

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::LedgerError;
use super::home::{Home, drawn, file};
use crate::limits::OPENED_BYTES_MAX;
use crate::log::Hash;
use crate::os::files::{self, NewFile, private_folder, sync_folder};
use crate::seal::Opening;
use crate::statement::Commitment;

/// What a document's file and a key's file begin with.
const SEALED: &[u8; 8] = b"tasdiqD1";
const WRAPPED: &[u8; 8] = b"tasdiqK1";

/// Bytes around what is encrypted: the beginning, a nonce, a tag.
const AROUND: usize = 8 + 12 + 16;

/// The documents' key of a ledger, from its key file.
pub(super) struct VaultKey(Zeroizing<[u8; 32]>);

impl VaultKey {
    /// Reads it from `keys/documents-1.pem`, which is made if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn of(home: &Home) -> Result<Self, LedgerError> {
        let (path, passphrase) = (key_file(home), home.passphrase()?);
        let key = match path.exists() {
            true => Home::read_key(&path, &passphrase),
            false => Home::make_key(&path, &passphrase),
        };
        let secret = key?.secret();
        let hash = Sha256::new_with_prefix(b"tasdiq-documents-v1\0").chain_update(*secret);
        Ok(Self(Zeroizing::new(hash.finalize().into())))
    }

    /// Whether there is one.
    pub fn is_there(home: &Home) -> bool {
        key_file(home).exists()
    }
}

fn key_file(home: &Home) -> PathBuf {
    home.folder().join("keys/documents-1.pem")
}

/// The folder of a ledger's documents.
#[derive(Clone, Debug)]
pub(super) struct Vault {
    folder: PathBuf,
}

impl Vault {
    /// The vault in a data folder; nothing is touched yet.
    pub fn of(home: &Home) -> Self {
        Self { folder: home.folder().join("documents") }
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of a document.
    pub fn path(&self, commitment: &Commitment, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{kind}", hex(commitment.bytes())))
    }

    /// Makes the folder, durably.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(&self) -> Result<(), LedgerError> {
        if self.folder.is_dir() {
            return Ok(());
        }
        let above = self.folder.parent().unwrap_or(Path::new("."));
        let made = private_folder(&self.folder).and_then(|()| sync_folder(above));
        made.map_err(|error| file(&self.folder, error))
    }

    /// Makes the names in it durable.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> Result<(), LedgerError> {
        sync_folder(&self.folder).map_err(|error| file(&self.folder, error))
    }

    /// Whether a document was erased.
    pub fn is_erased(&self, commitment: &Commitment) -> bool {
        self.path(commitment, "erased").exists()
    }

    /// Whether a document and its key are here.
    pub fn holds(&self, commitment: &Commitment) -> bool {
        ["key", "sealed"].iter().all(|kind| self.path(commitment, kind).exists())
    }

    /// Writes a document and a new key for it; durable once [`Self::sync`] was called.
    ///
    /// # Errors
    /// Files that cannot be written, and a system without randomness.
    pub fn put(&self, key: &VaultKey, opening: &Opening) -> Result<(), LedgerError> {
        let commitment = opening.commitment();
        let own = Zeroizing::new(drawn::<32>()?);
        let mut plain = Zeroizing::new(Vec::with_capacity(opening.document.len() + AROUND));
        plain.extend_from_slice(&opening.salt);
        plain.extend_from_slice(&opening.document);
        let wrapped = encrypted(&key.0, WRAPPED, &commitment, Zeroizing::new(own.to_vec()))?;
        let sealed = encrypted(&own, SEALED, &commitment, plain)?;
        self.write(&self.path(&commitment, "key"), &wrapped)?;
        self.write(&self.path(&commitment, "sealed"), &sealed)
    }

    /// Writes a file of the vault, whole; durable once [`Self::sync`] was called.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
        let written = NewFile::create(path, 0o600).and_then(|mut fresh| {
            fresh.write_all(bytes)?;
            fresh.put_for_now()
        });
        written.map_err(|error| file(path, error))
    }

    /// A document; None if it, or its key, is not here.
    ///
    /// # Errors
    /// Files that cannot be read, or hold something else.
    pub fn open(
        &self,
        key: &VaultKey,
        commitment: &Commitment,
    ) -> Result<Option<Opening>, LedgerError> {
        let (wrapped, sealed) = (self.path(commitment, "key"), self.path(commitment, "sealed"));
        let most = (OPENED_BYTES_MAX + 16 + AROUND) as u64;
        let read = |path: &Path| files::read_at_most(path, most).map_err(|error| file(path, error));
        let (Some(key_bytes), Some(bytes)) = (read(&wrapped)?, read(&sealed)?) else {
            return Ok(None);
        };
        let broken = |path: &Path| file(path, "it is damaged, or another key's");
        let own = decrypted(&key.0, WRAPPED, commitment, key_bytes);
        let own = own.and_then(|own| <[u8; 32]>::try_from(own.as_slice()).ok());
        let own = Zeroizing::new(own.ok_or_else(|| broken(&wrapped))?);
        let plain = decrypted(&own, SEALED, commitment, bytes).ok_or_else(|| broken(&sealed))?;
        let parts = plain.split_first_chunk::<16>();
        let (salt, document) = parts.ok_or_else(|| broken(&sealed))?;
        let opening = Opening { salt: *salt, document: Zeroizing::new(document.to_vec()) };
        if opening.commitment() == *commitment { Ok(Some(opening)) } else { Err(broken(&sealed)) }
    }

    /// Erases a document for good: a mark first, then its key, overwritten and removed, then the
    /// document.
    ///
    /// # Errors
    /// What cannot be written or removed: it is not erased then.
    pub fn erase(&self, commitment: &Commitment) -> Result<(), LedgerError> {
        self.make()?;
        self.write(&self.path(commitment, "erased"), b"")?;
        self.sync()?;
        self.destroy(commitment)?;
        self.sync()
    }

    /// Destroys key and document.
    ///
    /// # Errors
    /// What cannot be written or removed.
    pub fn destroy(&self, commitment: &Commitment) -> Result<(), LedgerError> {
        let key = self.path(commitment, "key");
        overwrite(&key).map_err(|error| file(&key, error))?;
        [key, self.path(commitment, "sealed")].iter().try_for_each(|path| self.remove(path))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self, path: &Path) -> Result<(), LedgerError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(file(path, error)),
            _ => Ok(()),
        }
    }
}

/// Whether a name is one of a file of documents: `C.key`, `C.sealed`, `C.erased`, `C.D.for`, where
/// C is a commitment and D the digest of a statement, in hexadecimal.
#[must_use]
pub fn is_document_file(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        [commitment, "key" | "sealed" | "erased"] => unhex(commitment).is_some(),
        [commitment, digest, "for"] => [commitment, digest].iter().all(|it| unhex(it).is_some()),
        _ => false,
    }
}

/// Overwrites a key where it lies, as far as the disk does so.
fn overwrite(path: &Path) -> std::io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default().min(4_096);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

/// What an encrypted file is bound to: what it is, and of which document.
fn bound_to(kind: &[u8; 8], commitment: &Commitment) -> Vec<u8> {
    [kind.as_slice(), commitment.bytes()].concat()
}

fn encrypted(
    key: &[u8; 32],
    kind: &[u8; 8],
    commitment: &Commitment,
    mut plain: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, LedgerError> {
    let nonce: [u8; 12] = drawn()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let too_long = |_| file(Path::new("document"), "it cannot be encrypted");
    let bound = bound_to(kind, commitment);
    cipher.encrypt_in_place(&Nonce::from(nonce), &bound, &mut *plain).map_err(too_long)?;
    Ok([kind.as_slice(), &nonce, &plain].concat())
}

fn decrypted(
    key: &[u8; 32],
    kind: &[u8; 8],
    commitment: &Commitment,
    bytes: Vec<u8>,
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = bytes.strip_prefix(kind)?.split_first_chunk::<12>()?;
    let mut plain = Zeroizing::new(rest.to_vec());
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let bound = bound_to(kind, commitment);
    cipher.decrypt_in_place(&Nonce::from(*nonce), &bound, &mut *plain).ok()?;
    Some(plain)
}

/// Bytes in lower-case hexadecimal: names of files on disks that fold case too.
pub(super) fn hex(bytes: &[u8; 32]) -> String {
    Hash::new(*bytes).hex()
}

/// 32 bytes from lower-case hexadecimal.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
    let bytes: [u8; 32] = bytes?.try_into().ok()?;
    (hex(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(folder: &Path) -> (Vault, VaultKey, Opening) {
        let vault = Vault { folder: folder.join("documents") };
        vault.make().unwrap();
        let document = Zeroizing::new(b"bulletin of analysis".to_vec());
        (vault, VaultKey(Zeroizing::new([7; 32])), Opening { salt: [9; 16], document })
    }

    #[test]
    fn what_is_kept_is_ciphertext_under_a_key_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let (vault, key, opening) = vault(folder.path());
        let commitment = opening.commitment();
        assert_eq!(vault.open(&key, &commitment).unwrap(), None);
        vault.put(&key, &opening).unwrap();
        assert_eq!(vault.open(&key, &commitment).unwrap().as_ref(), Some(&opening));
        let sealed = fs::read(vault.path(&commitment, "sealed")).unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"bulletin" || part == [9; 8]));
        let other = VaultKey(Zeroizing::new([8; 32]));
        assert!(vault.open(&other, &commitment).is_err());
        // Two documents' files exchanged open nothing.
        let second = Opening { salt: [1; 16], document: Zeroizing::new(b"another".to_vec()) };
        vault.put(&key, &second).unwrap();
        let from = vault.path(&second.commitment(), "sealed");
        fs::copy(&from, vault.path(&commitment, "sealed")).unwrap();
        assert!(vault.open(&key, &commitment).is_err());
        let wrapped = vault.path(&second.commitment(), "key");
        fs::copy(&wrapped, vault.path(&commitment, "key")).unwrap();
        assert!(vault.open(&key, &commitment).is_err());
    }

    #[test]
    fn erasing_one_destroys_its_key_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (vault, key, opening) = vault(folder.path());
        let second = Opening { salt: [1; 16], document: Zeroizing::new(b"another".to_vec()) };
        vault.put(&key, &opening).unwrap();
        vault.put(&key, &second).unwrap();
        let kept = fs::read(vault.path(&opening.commitment(), "sealed")).unwrap();
        // Who held the key's file open sees it overwritten.
        let path = vault.path(&opening.commitment(), "key");
        let mut open = fs::File::open(&path).unwrap();
        vault.erase(&opening.commitment()).unwrap();
        let mut left = Vec::new();
        std::io::Read::read_to_end(&mut open, &mut left).unwrap();
        assert!(left.iter().all(|byte| *byte == 0) && !path.exists());
        // The ciphertext brought back is still nothing.
        fs::write(vault.path(&opening.commitment(), "sealed"), kept).unwrap();
        assert_eq!(vault.open(&key, &opening.commitment()).unwrap(), None);
        assert!(vault.is_erased(&opening.commitment()) && !vault.is_erased(&second.commitment()));
        assert_eq!(vault.open(&key, &second.commitment()).unwrap(), Some(second));
    }

    #[test]
    fn names() {
        let bytes = std::array::from_fn(|at| at as u8 * 7);
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        for bad in ["", "00", &hex(&bytes).to_uppercase(), &"+0".repeat(32)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
