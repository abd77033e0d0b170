//! Which party wants to be told where: kept in a file of the data folder, off the log. Not here:
//! who may say so (signed requests, `ledger`), what is told.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::error::HookError;
use crate::ledger::write_file;
use crate::limits::{HOOK_URL_BYTES_MAX, HOOKS_MAX, HOOKS_OF_A_PARTY_MAX};
use crate::names::PartySlug;
use crate::os::random;
use crate::statement::Timestamp;

/// One address of one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WebhookAddress)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// Who wants to be told.
    #[schema(value_type = String)]
    pub party: PartySlug,
    /// Where.
    pub url: String,
    /// Since when.
    #[schema(value_type = String)]
    pub since: Timestamp,
}

/// Why an address is not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HookRefused {
    /// No address that is told.
    #[error("{reason}")]
    Address {
        /// What is wrong with it, and what to write.
        reason: String,
    },
    /// The party has as many as it may, or the ledger has.
    #[error("{reason}; remove one first")]
    TooMany {
        /// Whose, and how many.
        reason: String,
    },
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] HookError),
}

/// All of them.
pub struct HookBook {
    path: PathBuf,
    private: bool,
    hooks: Vec<Hook>,
}

impl HookBook {
    /// Those of a file; none if there is no file. `private` takes plain HTTP too.
    ///
    /// # Errors
    /// A file that cannot be read, or is none of this book's.
    pub fn open(path: PathBuf, private: bool) -> Result<Self, HookError> {
        let hooks = match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| HookError::of(&path, error))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(HookError::of(&path, error)),
        };
        Ok(Self { path, private, hooks })
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Hook] {
        &self.hooks
    }

    /// Adds an address of a party, durably. One that it has already is answered as it stands.
    ///
    /// # Errors
    /// [`HookRefused`].
    pub fn add(
        &mut self,
        party: &PartySlug,
        url: &str,
        now: Timestamp,
    ) -> Result<Hook, HookRefused> {
        self.address(url)?;
        let mut known = self.hooks.iter().filter(|hook| hook.party == *party);
        if let Some(known) = known.clone().find(|hook| hook.url == url) {
            return Ok(known.clone());
        }
        if known.by_ref().count() >= HOOKS_OF_A_PARTY_MAX {
            let reason = format!("{party} has {HOOKS_OF_A_PARTY_MAX} webhooks already");
            return Err(HookRefused::TooMany { reason });
        }
        if self.hooks.len() >= HOOKS_MAX {
            let reason = format!("this service tells {HOOKS_MAX} addresses already");
            return Err(HookRefused::TooMany { reason });
        }
        let drawn = random::<12>().map_err(|error| HookError::of(&self.path, error))?;
        let id = format!("hook_{}", bs58::encode(drawn).into_string());
        let hook = Hook { id, party: party.clone(), url: url.to_owned(), since: now };
        self.hooks.push(hook.clone());
        if let Err(error) = self.save() {
            self.hooks.pop();
            return Err(error.into());
        }
        Ok(hook)
    }

    /// Removes an address of a party, durably; whether there was one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remove(&mut self, party: &PartySlug, id: &str) -> Result<bool, HookError> {
        let is = |hook: &Hook| hook.id == id && hook.party == *party;
        let Some(place) = self.hooks.iter().position(is) else { return Ok(false) };
        let removed = self.hooks.remove(place);
        if let Err(error) = self.save() {
            self.hooks.insert(place, removed);
            return Err(error);
        }
        Ok(true)
    }

    /// `https://HOST/...` without a name or password in it; plain HTTP where private is allowed.
    fn address(&self, url: &str) -> Result<(), HookRefused> {
        let refused = |reason: String| Err(HookRefused::Address { reason });
        if url.len() > HOOK_URL_BYTES_MAX {
            return refused(format!("an address has at most {HOOK_URL_BYTES_MAX} bytes"));
        }
        let parsed: Result<ureq::http::Uri, _> = url.parse();
        let Ok(parsed) = parsed else {
            return refused("write https://HOST/PATH".to_owned());
        };
        let plain = parsed.scheme_str() == Some("http");
        if parsed.scheme_str() != Some("https") && !(plain && self.private) {
            return refused("write https://HOST/PATH; other schemes are not told".to_owned());
        }
        let authority = parsed.authority().map(|it| it.as_str()).unwrap_or_default();
        if authority.is_empty() || authority.contains('@') {
            return refused("write https://HOST/PATH without a name or password".to_owned());
        }
        Ok(())
    }

    fn save(&self) -> Result<(), HookError> {
        let text =
            serde_json::to_vec(&self.hooks).map_err(|error| HookError::of(&self.path, error))?;
        write_file(&self.path, &text, 0o600).map_err(|error| HookError::of(&self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> PartySlug {
        PartySlug::parse(text).unwrap()
    }

    #[test]
    fn addresses_are_kept_counted_and_removed_by_their_own_party_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hooks.json");
        let mut book = HookBook::open(path.clone(), false).unwrap();
        let now = Timestamp::from_seconds(0);
        for wrong in [
            "http://shop.example/hook",
            "ftp://shop.example/",
            "https://",
            "https://a:b@shop.example/",
            "shop.example",
            "file:///etc/passwd",
            "https://shop.example/\r\nx: y",
            &format!("https://shop.example/{}", "x".repeat(HOOK_URL_BYTES_MAX)),
        ] {
            let refused = book.add(&slug("souk"), wrong, now).unwrap_err();
            assert!(matches!(refused, HookRefused::Address { .. }), "{wrong}");
        }
        let first = book.add(&slug("souk"), "https://shop.example/0", now).unwrap();
        assert_eq!(book.add(&slug("souk"), "https://shop.example/0", now).unwrap(), first);
        for number in 1..HOOKS_OF_A_PARTY_MAX {
            book.add(&slug("souk"), &format!("https://shop.example/{number}"), now).unwrap();
        }
        let more = book.add(&slug("souk"), "https://shop.example/more", now).unwrap_err();
        assert!(matches!(more, HookRefused::TooMany { .. }));
        book.add(&slug("marche"), "https://shop.example/0", now).unwrap();
        assert!(!book.remove(&slug("marche"), &first.id).unwrap(), "not its own");
        assert!(book.remove(&slug("souk"), &first.id).unwrap());
        let again = HookBook::open(path, false).unwrap();
        assert_eq!(again.all(), book.all());
        assert_eq!(again.all().len(), HOOKS_OF_A_PARTY_MAX);
    }
}
