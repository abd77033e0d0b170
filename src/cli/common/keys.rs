//! Keys at the command line: where the passphrase comes from, and which registered name a key file
//! has. Secrets are asked for without echo and never printed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use super::secret::ask_or;
use super::token;
use crate::names::PartySlug;
use crate::os::now;
use crate::seal::{PLAIN_KEY, SealError, Signer, SoftKey, decode_key, is_encrypted};
use crate::statement::{KeyPurpose, Timestamp, multikey};
use crate::trust::Trust;

/// Environment variable that holds the passphrase of key files.
pub const PASSPHRASE_VARIABLE: &str = "TASDIQ_PASSPHRASE";

/// Where the passphrase comes from.
#[derive(Debug, Clone, clap::Args)]
pub struct Passphrase {
    /// File that holds the key file's passphrase (else TASDIQ_PASSPHRASE, a file `passphrase`
    /// beside the key, or the terminal).
    #[arg(long, env = "TASDIQ_PASSPHRASE_FILE", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl Passphrase {
    /// What was given without asking: the file, else the environment.
    fn given(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        if let Some(path) = &self.passphrase_file {
            return passphrase_in(path).map(Some);
        }
        Ok(std::env::var(PASSPHRASE_VARIABLE).ok().map(Zeroizing::new))
    }

    /// The passphrase for a new key at `path`: given, or beside it, or asked twice. Never empty.
    ///
    /// # Errors
    /// An empty one, two that differ, nobody to ask.
    pub fn for_new_key(&self, path: &Path) -> anyhow::Result<Zeroizing<String>> {
        let beside = path.with_file_name("passphrase");
        let text = match self.given()? {
            Some(text) => text,
            None if beside.exists() => passphrase_in(&beside)?,
            None => {
                let text = ask("New passphrase: ")?;
                if *text != *ask("Again: ")? {
                    bail!("the two passphrases differ; nothing was written");
                }
                text
            }
        };
        if text.is_empty() {
            bail!("the passphrase is empty; a key file must have one");
        }
        Ok(text)
    }

    /// Reads a key file, or finds the key on a token that a PKCS#11 URI names.
    ///
    /// # Errors
    /// No key file, or no passphrase that opens it; no such token or key, or a wrong PIN.
    pub fn open(&self, path: &Path) -> anyhow::Result<Box<dyn Signer>> {
        if let Some(uri) = token::uri_of(path) {
            return Ok(Box::new(token::open(uri)?));
        }
        self.read(path).map(|key| Box::new(key) as Box<dyn Signer>)
    }

    fn read(&self, path: &Path) -> anyhow::Result<SoftKey> {
        let pem = fs::read_to_string(path)
            .with_context(|| format!("the key file {} cannot be read", path.display()))?;
        let pem = Zeroizing::new(pem);
        let named = || format!("the key file {}", path.display());
        if !is_encrypted(&pem) {
            eprintln!("tasdiq: {}: {PLAIN_KEY}", path.display());
            return decode_key(&pem, b"").with_context(named);
        }
        let beside = path.with_file_name("passphrase");
        let mut known: Vec<_> = self.given()?.into_iter().collect();
        if self.passphrase_file.is_none() && beside.exists() {
            known.push(passphrase_in(&beside)?);
        }
        let asked_for_nothing = known.is_empty();
        for text in &known {
            match decode_key(&pem, text.as_bytes()) {
                Err(SealError::Passphrase) => {}
                other => return other.with_context(named),
            }
        }
        if !asked_for_nothing {
            return Err(SealError::Passphrase).with_context(named);
        }
        let text = ask(&format!("Passphrase of {}: ", path.display()))?;
        decode_key(&pem, text.as_bytes()).with_context(named)
    }
}

fn passphrase_in(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let named = || format!("the passphrase file {}", path.display());
    let bytes =
        Zeroizing::new(fs::read(path).with_context(|| format!("{} cannot be read", named()))?);
    let Ok(text) = std::str::from_utf8(&bytes) else {
        bail!("{} is not UTF-8 (some editors save UTF-16): save it as plain text", named());
    };
    // Editors put a mark of the encoding before it, and end the line.
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        bail!("{} is empty", named());
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// Asks on the terminal with the echo off.
fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    ask_or(
        prompt,
        &format!("no passphrase: set {PASSPHRASE_VARIABLE}, or give --passphrase-file FILE"),
    )
}

/// A key that is registered for a party, ready to sign.
pub struct Registered {
    /// The key.
    pub key: Box<dyn Signer>,
    /// Whose it is.
    pub issuer: PartySlug,
    /// The party's public name.
    pub issuer_name: String,
    /// The key's name.
    pub method: String,
}

/// Finds the name under which a key is registered for `issuer`.
///
/// # Errors
/// An unknown party, or a key that is not registered for it or no longer in force.
pub fn registered(
    key: Box<dyn Signer>,
    path: &Path,
    issuer: &PartySlug,
    trust: &Trust,
) -> anyhow::Result<Registered> {
    let party = trust.party(issuer).with_context(|| {
        format!("{issuer} is not registered; register it with `tasdiq register`")
    })?;
    let public = key.public();
    let record = party.keys.iter().find(|record| record.public == public).with_context(|| {
        let who = if issuer.is_authority() {
            "whoever holds the authority's root key decides on keys of the authority".to_owned()
        } else {
            format!("the registrar adds it once {issuer} has said that it is its own")
        };
        let (path, key) = (token::shown(path), multikey(&public));
        format!("the key of {path} ({key}) is not registered for {issuer}: {who}")
    })?;
    if record.retired.is_some() || record.compromised.is_some() {
        bail!("the key {} is no longer in force", record.verification_method);
    }
    if let Some(from) = record.counts_from.filter(|from| *from > now()) {
        bail!("the key {} counts from {from} on: sign then", record.verification_method);
    }
    let (issuer_name, method) = (party.name.clone(), record.verification_method.clone());
    Ok(Registered { key, issuer: issuer.clone(), issuer_name, method })
}

/// The authority's label key in force, by name.
///
/// # Errors
/// There is none.
pub fn label_key(trust: &Trust, now: Timestamp) -> anyhow::Result<String> {
    let authority = trust.party(&PartySlug::authority()).context("the ledger has no authority")?;
    let in_force = authority.keys.iter().rev().find(|key| {
        key.purpose == KeyPurpose::Label
            && key.retired.is_none()
            && key.compromised.is_none()
            && key.not_after.is_none_or(|end| end >= now)
    });
    let key = in_force.context("the ledger has no label key in force")?;
    Ok(key.verification_method.clone())
}
