//! A desk where a few statements are drawn up, signed with a registered key and filed: what
//! `register`, `status` and `label` share.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use serde_json::Value;

use super::super::{Global, Outcome};
use super::ask::{self, Consent};
use super::keys::{Passphrase, Registered, registered};
use super::output::{say, say_json};
use super::service::{At, Source};
use super::token;
use super::told::ActPlace;
use super::words::tr;
use crate::ledger::{Home, KeyName};
use crate::names::AUTHORITY;
use crate::names::PartySlug;
use crate::os::now;
use crate::seal::seal;
use crate::statement::{Domain, Draft, Statement, Timestamp};
use crate::trust::Trust;

/// A ledger, its names, and somebody who signs.
pub struct SigningSession {
    /// The ledger.
    pub source: Source,
    /// Its trust snapshot.
    pub trust: Trust,
    /// Its names.
    pub domain: Domain,
    /// Who signs.
    pub signer: Registered,
    /// The instant of signing.
    pub now: Timestamp,
}

/// Who signs, and on which ledger.
#[derive(Debug, Clone, clap::Args)]
pub struct Author {
    /// Key file or PKCS#11 URI; the authority's in the data folder if left out.
    #[arg(long, env = "TASDIQ_KEY", hide_env_values = true, value_name = "KEYFILE")]
    key: Option<PathBuf>,
    /// Who signs.
    #[arg(long, env = "TASDIQ_ISSUER", default_value = AUTHORITY, value_name = "SLUG")]
    issuer: String,
    #[command(flatten)]
    passphrase: Passphrase,
    /// The ledger.
    #[command(flatten)]
    pub at: At,
}

impl Author {
    /// Who signs.
    ///
    /// # Errors
    /// A name that is none.
    pub fn slug(&self) -> anyhow::Result<PartySlug> {
        Ok(PartySlug::parse(&self.issuer)?)
    }

    /// The desk at which they sign, with `own` of the data folder's keys if none was named.
    ///
    /// # Errors
    /// A name that is none, a key that cannot be read or is not registered, no ledger.
    pub fn desk(&self, global: &Global, own: KeyName) -> anyhow::Result<SigningSession> {
        let issuer = self.slug()?;
        let key = key_or(self.key.as_ref(), Home::at(&global.data).newest_key(own));
        SigningSession::open(&self.at, global, &key, &self.passphrase, &issuer)
    }
}

/// A statement to be filed.
pub enum ToFile {
    /// One to be signed and submitted.
    New(Value),
    /// One whose facts are in the log already.
    There(Filed),
}

/// What came of one statement, as printed.
#[derive(Debug, Serialize)]
pub struct Filed {
    /// `logged`, `already` (it was there before) or `refused`.
    pub outcome: &'static str,
    /// The statement's title.
    pub name: String,
    /// Place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The statement's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What was wrong and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl SigningSession {
    /// Opens the ledger and finds the key's registered name.
    ///
    /// # Errors
    /// No ledger, no key, or a key that is not registered for `issuer`.
    pub fn open(
        at: &At,
        global: &Global,
        key: &Path,
        passphrase: &Passphrase,
        issuer: &PartySlug,
    ) -> anyhow::Result<Self> {
        Self::open_for(at, global, key, passphrase, std::slice::from_ref(issuer))
    }

    /// As [`Self::open`], for the first of several parties that has the key.
    ///
    /// # Errors
    /// As [`Self::open`]; a key that none of them has is told of the last.
    pub fn open_for(
        at: &At,
        global: &Global,
        key: &Path,
        passphrase: &Passphrase,
        issuers: &[PartySlug],
    ) -> anyhow::Result<Self> {
        let key_pair = passphrase.open(key)?;
        let source = Source::open(at, global)?;
        let trust = source.trust(None)?;
        let domain = trust.domain()?;
        let public = key_pair.public();
        let has = |issuer: &&PartySlug| {
            let party = trust.party(issuer);
            party.is_some_and(|party| party.keys.iter().any(|key| key.public == public))
        };
        let (first, last) = (issuers.first(), issuers.last());
        let issuer = match issuers.iter().find(has).or(if first == last { first } else { None }) {
            Some(issuer) => issuer,
            None => anyhow::bail!(
                "the key of {} is neither one of {} nor of the authority: whoever signs must be \
                 registered with the key",
                token::shown(key),
                first.map_or_else(String::new, ToString::to_string)
            ),
        };
        let signer = registered(key_pair, key, issuer, &trust)?;
        Ok(Self { source, trust, domain, signer, now: now() })
    }

    /// The place of its acts, for who is asked about them.
    #[must_use]
    pub fn place(&self) -> ActPlace<'_> {
        ActPlace { source: &self.source, trust: &self.trust, domain: &self.domain }
    }

    /// Shows and asks, if one of the statements does what is asked about.
    ///
    /// # Errors
    /// Nobody agreed.
    pub fn agreed(&self, unsigned: &[Value], consent: Consent) -> anyhow::Result<()> {
        let signer = &self.signer;
        ask::before(&self.place(), unsigned, &signer.issuer, &signer.method, consent)
    }

    /// The envelope of a statement, whose id its content makes.
    #[must_use]
    pub fn draft(&self) -> Draft<'_> {
        Draft {
            domain: &self.domain,
            id: String::new(),
            issuer: &self.signer.issuer,
            issuer_name: &self.signer.issuer_name,
            valid_from: self.now,
            valid_until: None,
        }
    }

    /// Signs a statement.
    ///
    /// # Errors
    /// What cannot be signed.
    pub fn sign(&self, unsigned: &Value) -> anyhow::Result<Vec<u8>> {
        seal(unsigned, &self.signer.method, self.now, &*self.signer.key)
            .context("it cannot be signed")
    }

    /// Asks first where it must, signs statements, submits them in order and says what came of
    /// each. Nothing is submitted if one of them has not the form it must have.
    ///
    /// # Errors
    /// What concerns all of them; nobody agreed.
    pub fn file(
        &self,
        unsigned: &[Value],
        consent: Consent,
        json: bool,
    ) -> anyhow::Result<Outcome> {
        let parts = unsigned.iter().cloned().map(ToFile::New).collect();
        self.file_what_is_new(parts, consent, json)
    }

    /// As [`Self::file`], with those in between that are in the log already.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn file_what_is_new(
        &self,
        parts: Vec<ToFile>,
        consent: Consent,
        json: bool,
    ) -> anyhow::Result<Outcome> {
        self.tell(&self.filed(parts, consent)?, json)
    }

    /// Asks, signs and submits as [`Self::file_what_is_new`], and says nothing of what came.
    ///
    /// # Errors
    /// What concerns all of them.
    pub fn filed(&self, parts: Vec<ToFile>, consent: Consent) -> anyhow::Result<Vec<Filed>> {
        let new = parts.iter().filter_map(|part| match part {
            ToFile::New(unsigned) => Some(unsigned.clone()),
            ToFile::There(_) => None,
        });
        self.agreed(&new.collect::<Vec<_>>(), consent)?;
        let mut sealed = Vec::new();
        for part in &parts {
            let ToFile::New(unsigned) = part else { continue };
            let bytes = self.sign(unsigned)?;
            Statement::parse(&bytes, &self.domain)
                .with_context(|| format!("nothing was submitted: {}", name_of(unsigned)))?;
            sealed.push(bytes);
        }
        let mut answers = self.source.submit(&sealed)?.into_iter();
        let filed = parts.into_iter().filter_map(|part| match part {
            ToFile::New(unsigned) => answers.next().map(|one| Filed::of(name_of(&unsigned), one)),
            ToFile::There(filed) => Some(filed),
        });
        Ok(filed.collect())
    }

    /// Says what came of statements.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn tell(&self, filed: &[Filed], json: bool) -> anyhow::Result<Outcome> {
        if json {
            say_json(&filed)?;
        } else {
            filed.iter().try_for_each(Filed::say)?;
        }
        let refused = filed.iter().any(|one| one.outcome == "refused");
        Ok(if refused { Outcome::Failed } else { Outcome::Passed })
    }
}

/// The title of a statement.
fn name_of(unsigned: &Value) -> String {
    unsigned["name"].as_str().unwrap_or_default().to_owned()
}

impl Filed {
    /// A statement whose facts are in the log already.
    #[must_use]
    pub fn there(unsigned: &Value, index: u64, id: Option<String>) -> Self {
        let name = name_of(unsigned);
        Self { outcome: "already", name, index: Some(index), id, code: None, detail: None }
    }

    /// What came of a statement with this title.
    #[must_use]
    pub fn of(name: String, answer: super::service::Submitted) -> Self {
        match answer {
            Ok(accepted) => Self {
                outcome: if accepted.duplicate { "already" } else { "logged" },
                name,
                index: Some(accepted.index),
                id: Some(accepted.id),
                code: None,
                detail: None,
            },
            Err(problem) => Self {
                outcome: "refused",
                name,
                index: None,
                id: None,
                code: Some(problem.code),
                detail: Some(problem.detail),
            },
        }
    }

    /// One line for people: on stdout what is in the log, on stderr what was refused.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn say(&self) -> anyhow::Result<()> {
        let index = self.index.map(|index| index.to_string());
        let place = [("place", self.name.as_str())];
        let with = |id: &str, values: &[(&str, &str)]| tr(id, &[&place, values].concat());
        match index {
            Some(index) if self.outcome == "already" => {
                say(with("told-already", &[("index", &index)]))
            }
            Some(index) => say(with("told-filed", &[("index", &index)])),
            None => {
                let detail = self.detail.as_deref().unwrap_or_default();
                let code = self.code.as_deref().unwrap_or_default();
                eprintln!("{}", with("told-refused", &[("detail", detail), ("code", code)]));
                Ok(())
            }
        }
    }
}

/// The key file given, or one of the data folder's.
#[must_use]
pub fn key_or(given: Option<&PathBuf>, otherwise: PathBuf) -> PathBuf {
    given.cloned().unwrap_or(otherwise)
}
