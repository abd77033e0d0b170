//! Telling others what a monitor saw, by webhook. Not here: sending (`hooks`), which events are
//! told.

use serde_json::Value;

use super::error::MonitorError;
use super::state::MonitorState;
use crate::client::{Caller, is_own};
use crate::hooks::Outbox;
use crate::statement::Timestamp;

/// Receivers and what they have yet to hear.
pub struct Hooks {
    outbox: Outbox,
    urls: Vec<String>,
}

impl Hooks {
    /// The receivers at `urls`, with what the folder still has for them.
    ///
    /// # Errors
    /// A key or queue that cannot be read or written.
    pub fn open(state: &MonitorState, urls: Vec<String>) -> Result<Self, MonitorError> {
        let own = urls.iter().all(|url| is_own(url));
        let mut outbox = Outbox::open(state.folder(), Caller::MONITOR.agent(own))?;
        outbox.keep(|url| urls.iter().any(|known| known == url));
        Ok(Self { outbox, urls })
    }

    /// The key that receivers verify with.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.outbox.public_key()
    }

    /// Receivers that asked to hear no more.
    #[must_use]
    pub fn gone(&self) -> Vec<&str> {
        let gone = self.urls.iter().filter(|url| self.outbox.is_gone(url));
        gone.map(String::as_str).collect()
    }

    /// Messages not delivered yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.outbox.pending(None)
    }

    /// Puts a payload in the queue of every receiver, durably.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn tell(&mut self, payload: &Value, now: Timestamp) -> Result<(), MonitorError> {
        self.urls.iter().try_for_each(|url| self.outbox.post(url, payload, now))?;
        Ok(self.outbox.save()?)
    }

    /// Sends what is due. The answers are lines for the operator: what failed, and why.
    ///
    /// # Errors
    /// A queue that cannot be written.
    pub fn deliver(&mut self, now: Timestamp) -> Result<Vec<String>, MonitorError> {
        Ok(self.outbox.deliver(now)?)
    }
}
