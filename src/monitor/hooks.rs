//! Telling others by webhook (Standard Webhooks 1.0.0): what is due is sent, what failed is tried
//! again later, also by the next process; a receiver that answers 410 hears no more.
//! Not here: which events are told.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::MonitorError;
use super::hook_key::HookKey;
use super::state::{MonitorState, file};
use crate::client::{Caller, is_own};
use crate::ledger::write_file;
use crate::os::random;
use crate::statement::Timestamp;

/// Seconds from one attempt to the next (Standard Webhooks 1.0.0, retry schedule).
const RETRY_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Messages waiting at most: 20 MB at 20 kB each. The oldest are given up first.
const PENDING_MAX: usize = 1_000;

/// Receivers and what they have yet to hear.
pub struct Hooks {
    key: HookKey,
    path: PathBuf,
    agent: ureq::Agent,
    urls: Vec<String>,
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

impl Hooks {
    /// The receivers at `urls`, with what the folder still has for them.
    ///
    /// # Errors
    /// A key or queue that cannot be read or written.
    pub fn open(state: &MonitorState, urls: Vec<String>) -> Result<Self, MonitorError> {
        let key = HookKey::open(&state.folder().join("webhook-key"))?;
        let path = state.folder().join("webhooks.json");
        let mut queue: Queue = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| file(&path, &error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Queue::default(),
            Err(error) => return Err(file(&path, &error)),
        };
        queue.pending.retain(|message| urls.contains(&message.url));
        let agent = Caller::MONITOR.agent(urls.iter().all(|url| is_own(url)));
        Ok(Self { key, path, agent, urls, queue })
    }

    /// The key that receivers verify with.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.key.public()
    }

    /// Receivers that asked to hear no more.
    #[must_use]
    pub fn gone(&self) -> Vec<&str> {
        let gone = |url: &&String| self.queue.gone.contains(*url);
        self.urls.iter().filter(gone).map(String::as_str).collect()
    }

    /// Messages not delivered yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.queue.pending.len()
    }

    /// Puts a payload in the queue of every receiver, durably.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn tell(&mut self, payload: &Value, now: Timestamp) -> Result<(), MonitorError> {
        for url in self.urls.iter().filter(|url| !self.queue.gone.contains(*url)) {
            let random = random::<12>().map_err(|error| file(&self.path, &error))?;
            self.queue.pending.push(Pending {
                id: format!("msg_{}", bs58::encode(random).into_string()),
                url: url.clone(),
                body: payload.to_string(),
                attempts: 0,
                next: now,
            });
        }
        let over = self.queue.pending.len().saturating_sub(PENDING_MAX);
        self.queue.pending.drain(..over);
        self.save()
    }

    /// Sends what is due. The answers are lines for the operator: what failed, and why.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn deliver(&mut self, now: Timestamp) -> Result<Vec<String>, MonitorError> {
        let mut remarks = Vec::new();
        let (due, mut kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.queue.pending).into_iter().partition(|m| m.next <= now);
        let any = !due.is_empty();
        for mut message in due {
            if self.queue.gone.contains(&message.url) {
                continue;
            }
            let answer = self.send(&message, now)?;
            message.attempts = message.attempts.saturating_add(1);
            let said =
                answer.as_ref().map_or_else(Clone::clone, |status| format!("it answered {status}"));
            match fate(answer.ok(), message.attempts, now) {
                Fate::Delivered => {}
                Fate::Gone => {
                    remarks.push(format!("{} wants no more webhooks (410)", message.url));
                    self.queue.gone.insert(message.url);
                }
                Fate::Later(next) => {
                    remarks.push(format!("{}: {said}; again at {next}", message.url));
                    message.next = next;
                    kept.push(message);
                }
                Fate::GivenUp => {
                    remarks.push(format!("{}: {said}; {} is given up", message.url, message.id));
                }
            }
        }
        kept.retain(|message| !self.queue.gone.contains(&message.url));
        self.queue.pending = kept;
        if any {
            self.save()?;
        }
        Ok(remarks)
    }

    /// One attempt: the status of the answer, or why there is none.
    fn send(&self, message: &Pending, now: Timestamp) -> Result<Result<u16, String>, MonitorError> {
        let signature = self.key.sign(&message.id, now.seconds(), message.body.as_bytes())?;
        let answer = self
            .agent
            .post(&message.url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", now.seconds().to_string())
            .header("webhook-signature", signature)
            .send(message.body.as_bytes());
        Ok(answer.map(|answer| answer.status().as_u16()).map_err(|error| error.to_string()))
    }

    fn save(&self) -> Result<(), MonitorError> {
        let text = serde_json::to_vec(&self.queue)
            .map_err(|error| MonitorError::MonitorState { reason: error.to_string() })?;
        write_file(&self.path, &text, 0o600).map_err(|error| file(&self.path, &error))
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
