//! Names of events: made of the issuer's own name for it and of a secret kept beside the issuer's
//! key, so that the name is not in the log and a retry gives the same one. Not here: names made
//! from content (`statement`).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::super::common::token;
use crate::os::{files, random};
use crate::statement::EventName;

/// Bytes of the secret.
const SECRET_BYTES: usize = 32;

/// Most bytes of its file: base64url and a line end.
const FILE_BYTES_MAX: u64 = 100;

/// The secret of an issuer's names.
pub struct Names(Zeroizing<[u8; SECRET_BYTES]>);

impl Names {
    /// The file beside a key: `coop.pem` has `coop.event-names`.
    ///
    /// # Errors
    /// A key on a token has no file to stand beside.
    pub fn file_beside(key: &Path) -> anyhow::Result<PathBuf> {
        if token::uri_of(key).is_some() {
            bail!("with a key on a token, say with --names FILE where the secret of names is kept");
        }
        Ok(key.with_extension("event-names"))
    }

    /// Reads the secret, or makes it if there is none yet. Whoever loses it gives other ids to the
    /// same names, and a file that is run again counts twice: it belongs into the backup of the
    /// key.
    ///
    /// # Errors
    /// A file that cannot be read or made, or holds something else.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let named = || format!("the secret of event names, {}", file.display());
        if let Some(known) = read(file).with_context(named)? {
            return Ok(known);
        }
        let secret: Zeroizing<[u8; SECRET_BYTES]> = Zeroizing::new(random()?);
        let text = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(*secret) + "\n");
        match files::make(file, text.as_bytes(), 0o600) {
            Ok(()) => {
                eprintln!(
                    "made {}: keep it with the key, ids of events are made with it",
                    file.display()
                );
                Ok(Self(secret))
            }
            // Another run was faster.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                read(file).with_context(named)?.with_context(named)
            }
            Err(error) => Err(error).with_context(named),
        }
    }

    /// Reads the secret if there is one; else names that stand for nothing, good for a look ahead.
    ///
    /// # Errors
    /// A file that holds something else.
    pub fn look(file: Option<&Path>) -> anyhow::Result<Self> {
        let known = file.map(read).transpose()?.flatten();
        Ok(known.unwrap_or_else(|| Self(Zeroizing::new([0; SECRET_BYTES]))))
    }

    /// The name in the log of what the issuer calls so.
    #[must_use]
    pub fn of(&self, name: &str) -> EventName {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else {
            return EventName::of_hash(&[0; 32]);
        };
        mac.update(name.as_bytes());
        EventName::of_hash(&mac.finalize().into_bytes().into())
    }
}

fn read(file: &Path) -> anyhow::Result<Option<Names>> {
    let Some(bytes) = files::read_at_most(file, FILE_BYTES_MAX)? else { return Ok(None) };
    let text = Zeroizing::new(String::from_utf8(bytes).unwrap_or_default());
    let secret = BASE64_URL_SAFE_NO_PAD.decode(text.trim()).ok().map(Zeroizing::new);
    let secret = secret.and_then(|bytes| <[u8; SECRET_BYTES]>::try_from(bytes.as_slice()).ok());
    let secret = secret.context("it does not hold 32 bytes in base64url")?;
    Ok(Some(Names(Zeroizing::new(secret))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_rfc_2104() {
        // printf press-12 | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707..07
        let names = Names(Zeroizing::new([7; 32]));
        assert_eq!(names.of("press-12"), names.of("press-12"));
        assert_ne!(names.of("press-12"), names.of("press-13"));
    }

    #[test]
    fn the_secret_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = Names::file_beside(&folder.path().join("coop.pem")).unwrap();
        let made = Names::open(&file).unwrap();
        assert_eq!(Names::open(&file).unwrap().of("a"), made.of("a"));
        assert_eq!(Names::look(Some(&file)).unwrap().of("a"), made.of("a"));
        assert_ne!(Names::look(None).unwrap().of("a"), made.of("a"));
        std::fs::write(&file, "short").unwrap();
        assert!(Names::open(&file).is_err());
    }
}
