//! Messages to receivers of webhooks (Standard Webhooks 1.0.0): what is due is sent, what failed is
//! tried again later, also by the next process; a receiver that answers 410 hears no more. One that
//! is slow or dead keeps nobody else waiting. Not here: what is told, and to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::HookError;
use super::key::HookKey;
use crate::ledger::write_file;
use crate::os::random;
use crate::statement::Timestamp;

/// Seconds from one attempt to the next (Standard Webhooks 1.0.0, retry schedule).
const RETRY_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Messages waiting for one receiver at most: 20 MB at 20 kB each. The oldest are given up first.
const PENDING_OF_ONE_MAX: usize = 1_000;

/// Receivers that are told at the same time.
const AT_ONCE: usize = 16;

/// What receivers have yet to hear.
pub struct Outbox {
    key: Arc<HookKey>,
    path: PathBuf,
    agent: ureq::Agent,
    queue: Queue,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Queue {
    /// Receivers that answered 410.
    gone: BTreeSet<String>,
    pending: Vec<Pending>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pending {
    id: String,
    url: String,
    body: String,
    attempts: usize,
    next: Timestamp,
    #[serde(skip)]
    on_way: bool,
}

/// What became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Gone,
    Later(Timestamp),
    GivenUp,
}

/// What an answer means after so many attempts, this one counted.
fn fate(status: Option<u16>, attempts: usize, now: Timestamp) -> Fate {
    match status {
        Some(200..=299) => Fate::Delivered,
        Some(410) => Fate::Gone,
        _ => match RETRY_SECONDS.get(attempts.saturating_sub(1)) {
            Some(wait) => Fate::Later(now.plus_seconds(*wait)),
            None => Fate::GivenUp,
        },
    }
}

impl Outbox {
    /// The outbox of a folder: its key, and what it still has for receivers.
    ///
    /// # Errors
    /// A key or queue that cannot be read or written.
    pub fn open(folder: &Path, agent: ureq::Agent) -> Result<Self, HookError> {
        let key = Arc::new(HookKey::open(&folder.join("webhook-key"))?);
        let path = folder.join("webhooks.json");
        let queue: Queue = match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| HookError::of(&path, error))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Queue::default(),
            Err(error) => return Err(HookError::of(&path, error)),
        };
        Ok(Self { key, path, agent, queue })
    }

    /// The key that receivers verify with.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.key.public()
    }

    /// Whether a receiver asked to hear no more.
    #[must_use]
    pub fn is_gone(&self, url: &str) -> bool {
        self.queue.gone.contains(url)
    }

    /// A receiver that asked to hear no more wants to hear again.
    pub fn welcome(&mut self, url: &str) {
        self.queue.gone.remove(url);
    }

    /// Messages not delivered yet, to all or to one.
    #[must_use]
    pub fn pending(&self, url: Option<&str>) -> usize {
        self.queue.pending.iter().filter(|it| url.is_none_or(|url| it.url == url)).count()
    }

    /// Forgets what waits for receivers that are no longer told.
    pub fn keep(&mut self, told: impl Fn(&str) -> bool) {
        self.queue.pending.retain(|message| told(&message.url));
        self.queue.gone.retain(|url| told(url));
    }

    /// Puts a payload in the queue of one receiver; [`Self::save`] makes it durable.
    ///
    /// # Errors
    /// The machine has no randomness.
    pub fn post(&mut self, url: &str, payload: &Value, now: Timestamp) -> Result<(), HookError> {
        if self.is_gone(url) {
            return Ok(());
        }
        let random = random::<12>().map_err(|error| HookError::of(&self.path, error))?;
        if self.pending(Some(url)) >= PENDING_OF_ONE_MAX {
            let oldest = self.queue.pending.iter().position(|message| message.url == url);
            oldest.map(|place| self.queue.pending.remove(place));
        }
        self.queue.pending.push(Pending {
            id: format!("msg_{}", bs58::encode(random).into_string()),
            url: url.to_owned(),
            body: payload.to_string(),
            attempts: 0,
            next: now,
            on_way: false,
        });
        Ok(())
    }

    /// Takes what is due on its way; it stays in the queue until [`Self::settle`] says what came of
    /// it, so that a crash on the way sends it again rather than never.
    #[must_use]
    pub fn take(&mut self, now: Timestamp) -> Load {
        let mut by_receiver: BTreeMap<String, Vec<Pending>> = BTreeMap::new();
        for message in self.queue.pending.iter_mut().filter(|it| it.next <= now && !it.on_way) {
            message.on_way = true;
            by_receiver.entry(message.url.clone()).or_default().push(message.clone());
        }
        let (key, agent) = (Arc::clone(&self.key), self.agent.clone());
        Load { key, agent, by_receiver: by_receiver.into_iter().collect() }
    }

    /// What came of what was taken. The answers are lines for the operator: what failed, and why.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn settle(&mut self, carried: Vec<Carried>) -> Result<Vec<String>, HookError> {
        let mut remarks = Vec::new();
        for receiver in &carried {
            remarks.extend(receiver.remarks.iter().cloned());
            self.queue.pending.retain_mut(|message| {
                let Some((_, later)) = receiver.fates.iter().find(|(id, _)| *id == message.id)
                else {
                    return true;
                };
                let Some((attempts, next)) = later else { return false };
                (message.attempts, message.next, message.on_way) = (*attempts, *next, false);
                true
            });
            if receiver.gone {
                self.queue.pending.retain(|message| message.url != receiver.url);
                self.queue.gone.insert(receiver.url.clone());
            }
        }
        if !carried.is_empty() {
            self.save()?;
        }
        Ok(remarks)
    }

    /// Sends what is due and settles it.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn deliver(&mut self, now: Timestamp) -> Result<Vec<String>, HookError> {
        let carried = self.take(now).carry(now);
        self.settle(carried)
    }

    /// Makes durable what waits.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn save(&self) -> Result<(), HookError> {
        let text =
            serde_json::to_vec(&self.queue).map_err(|error| HookError::of(&self.path, error))?;
        write_file(&self.path, &text, 0o600).map_err(|error| HookError::of(&self.path, error))
    }
}

/// Messages on their way, by receiver. Needs no lock on the outbox.
pub struct Load {
    key: Arc<HookKey>,
    agent: ureq::Agent,
    by_receiver: Vec<(String, Vec<Pending>)>,
}

/// What came of one receiver's messages.
#[derive(Default)]
pub struct Carried {
    url: String,
    /// By message: attempts and when it is tried again; None: it is done with.
    fates: Vec<(String, Option<(usize, Timestamp)>)>,
    remarks: Vec<String>,
    gone: bool,
}

impl Load {
    /// Sends all, many receivers at a time.
    #[must_use]
    pub fn carry(self, now: Timestamp) -> Vec<Carried> {
        let mut carried = Vec::with_capacity(self.by_receiver.len());
        for together in self.by_receiver.chunks(AT_ONCE) {
            thread::scope(|scope| {
                let sent: Vec<_> = together
                    .iter()
                    .map(|(url, due)| scope.spawn(|| self.carry_to(url, due, now)))
                    .collect();
                carried.extend(sent.into_iter().filter_map(|one| one.join().ok()));
            });
        }
        carried
    }

    /// One receiver's messages, in order. Where one is not answered, those behind it wait.
    fn carry_to(&self, url: &str, due: &[Pending], now: Timestamp) -> Carried {
        let mut carried = Carried { url: url.to_owned(), ..Carried::default() };
        let mut silent: Option<Timestamp> = None;
        for message in due {
            let again = |attempts, next| (message.id.clone(), Some((attempts, next)));
            if let Some(next) = silent {
                carried.fates.push(again(message.attempts, next));
                continue;
            }
            let answer = self.send(message, now);
            let attempts = message.attempts.saturating_add(1);
            let said =
                answer.as_ref().map_or_else(Clone::clone, |status| format!("it answered {status}"));
            let fate = fate(answer.as_ref().ok().copied(), attempts, now);
            match fate {
                Fate::Delivered => carried.fates.push((message.id.clone(), None)),
                Fate::Gone => {
                    carried.remarks.push(format!("{url} wants no more webhooks (410)"));
                    carried.gone = true;
                    break;
                }
                Fate::Later(next) => {
                    carried.remarks.push(format!("{url}: {said}; again at {next}"));
                    carried.fates.push(again(attempts, next));
                    silent = answer.is_err().then_some(next);
                }
                Fate::GivenUp => {
                    carried.remarks.push(format!("{url}: {said}; {} is given up", message.id));
                    carried.fates.push((message.id.clone(), None));
                }
            }
        }
        carried
    }

    /// One attempt: the status of the answer, or why there is none.
    fn send(&self, message: &Pending, now: Timestamp) -> Result<u16, String> {
        let body = message.body.as_bytes();
        let signature = self.key.sign(&message.id, now.seconds(), body);
        let answer = self
            .agent
            .post(&message.url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", signature.map_err(|error| error.to_string())?)
            .send(body);
        answer.map(|answer| answer.status().as_u16()).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule() {
        let now = Timestamp::from_seconds(0);
        assert_eq!(fate(Some(204), 1, now), Fate::Delivered);
        assert_eq!(fate(Some(410), 1, now), Fate::Gone);
        assert_eq!(fate(None, 1, now), Fate::Later(Timestamp::from_seconds(5)));
        assert_eq!(fate(Some(302), 2, now), Fate::Later(Timestamp::from_seconds(300)));
        assert_eq!(fate(Some(500), 9, now), Fate::Later(Timestamp::from_seconds(86_400)));
        assert_eq!(fate(Some(500), 10, now), Fate::GivenUp);
    }
}
