//! The service's webhooks: who wants to be told, what each was told last, and what waits. What was
//! told is kept on disk, so that what happened while nothing ran is told at the next start. Not
//! here: the thread that asks for rounds (`cli`), the API (`web`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::address::shop_agent;
use super::book::{Hook, HookBook, HookRefused};
use super::error::HookError;
use super::outbox::{Carried, Load, Outbox};
use super::sights::{Sights, changes};
use crate::ledger::write_file;
use crate::names::{LotKey, PartySlug};
use crate::register::{LotSight, Register};
use crate::statement::Timestamp;

/// A webhook and how it goes.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook)]
pub struct Registered {
    /// The webhook.
    #[serde(flatten)]
    pub hook: Hook,
    /// Messages that wait for it.
    pub pending: usize,
    /// Whether it answered 410 and hears nothing.
    pub gone: bool,
    /// The key that its messages are signed with: `whpk_` and base64 of 32 bytes.
    pub public_key: String,
}

/// The notifier, shared by who registers and who tells.
#[derive(Clone)]
pub struct Webhooks(Arc<Mutex<Notifier>>);

impl Webhooks {
    /// Shares it.
    #[must_use]
    pub fn new(notifier: Notifier) -> Self {
        Self(Arc::new(Mutex::new(notifier)))
    }

    /// The notifier, for a moment: nobody waits for a receiver while it is held.
    pub fn lock(&self) -> MutexGuard<'_, Notifier> {
        // What a thread left that broke off is what its files say at the next start.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, into: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        into.write_str("Webhooks")
    }
}

/// One holder's knowledge of one lot, as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    party: PartySlug,
    lot: LotKey,
    sight: LotSight,
}

/// All of it.
pub struct Notifier {
    book: HookBook,
    outbox: Outbox,
    told: Sights,
    path: PathBuf,
}

impl Notifier {
    /// The webhooks of a data folder, in its folder `webhooks`, which is made if there is none;
    /// `private` lets them be private addresses and plain HTTP.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn open(data: &Path, private: bool) -> Result<Self, HookError> {
        let folder = data.join("webhooks");
        fs::create_dir_all(&folder).map_err(|error| HookError::of(&folder, error))?;
        let path = folder.join("told.json");
        let rows: Vec<Row> = match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| HookError::of(&path, error))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(HookError::of(&path, error)),
        };
        let told = rows.into_iter().map(|row| ((row.party, row.lot), row.sight)).collect();
        let book = HookBook::open(folder.join("hooks.json"), private)?;
        let mut outbox = Outbox::open(&folder, shop_agent(private))?;
        outbox.keep(|url| book.all().iter().any(|hook| hook.url == url));
        Ok(Self { book, outbox, told, path })
    }

    /// The webhooks of a party.
    #[must_use]
    pub fn of(&self, party: &PartySlug) -> Vec<Registered> {
        let own = self.book.all().iter().filter(|hook| hook.party == *party);
        own.map(|hook| self.registered(hook)).collect()
    }

    fn registered(&self, hook: &Hook) -> Registered {
        Registered {
            pending: self.outbox.pending(Some(&hook.url)),
            gone: self.outbox.is_gone(&hook.url),
            public_key: self.outbox.public_key(),
            hook: hook.clone(),
        }
    }

    /// Adds one; one that answered 410 before is told again. The next look tells the party, at all
    /// its addresses, what may not be sold already.
    ///
    /// # Errors
    /// [`HookRefused`].
    pub fn add(
        &mut self,
        register: &Register,
        party: &PartySlug,
        url: &str,
        now: Timestamp,
    ) -> Result<Registered, HookRefused> {
        self.look(register, now)?;
        let hook = self.book.add(party, url, now)?;
        self.outbox.welcome(url);
        self.told.retain(|(of, _), _| of != party);
        Ok(self.registered(&hook))
    }

    /// Removes one; whether there was one. What waits for it is forgotten.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn remove(&mut self, party: &PartySlug, id: &str) -> Result<bool, HookError> {
        let removed = self.book.remove(party, id)?;
        if removed {
            let book = &self.book;
            self.outbox.keep(|url| book.all().iter().any(|hook| hook.url == url));
            self.outbox.save()?;
        }
        Ok(removed)
    }

    /// Compares what holders were told with what is so now, and queues what is new: durably before
    /// it counts as told. Whether anything is new.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn look(&mut self, register: &Register, now: Timestamp) -> Result<bool, HookError> {
        let mut parties: Vec<PartySlug> =
            self.book.all().iter().map(|hook| hook.party.clone()).collect();
        parties.sort();
        parties.dedup();
        let sights = register.sights_of(&parties, now);
        if sights == self.told {
            return Ok(false);
        }
        let new = changes(&self.told, &sights);
        for change in &new {
            let payload = change.payload(register, now);
            for hook in self.book.all().iter().filter(|hook| hook.party == change.party) {
                self.outbox.post(&hook.url, &payload, now)?;
            }
        }
        self.outbox.save()?;
        self.told = sights;
        self.save()?;
        Ok(!new.is_empty())
    }

    /// Takes what is due on its way; see [`Outbox::take`].
    #[must_use]
    pub fn take(&mut self, now: Timestamp) -> Load {
        self.outbox.take(now)
    }

    /// What came of it; see [`Outbox::settle`].
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn settle(&mut self, carried: Vec<Carried>) -> Result<Vec<String>, HookError> {
        self.outbox.settle(carried)
    }

    fn save(&self) -> Result<(), HookError> {
        let row = |((party, lot), sight): (&(PartySlug, LotKey), &LotSight)| Row {
            party: party.clone(),
            lot: lot.clone(),
            sight: sight.clone(),
        };
        let rows: Vec<Row> = self.told.iter().map(row).collect();
        let text = serde_json::to_vec(&rows).map_err(|error| HookError::of(&self.path, error))?;
        write_file(&self.path, &text, 0o600).map_err(|error| HookError::of(&self.path, error))
    }
}
