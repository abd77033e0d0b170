//! What the service counted since it started: submissions accepted, repeated, and refused by code.
//! Not here: how they are written out (`api::operations`).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counters of submissions.
#[derive(Debug, Default)]
pub struct Counters(Mutex<Counts>);

/// What they stood at.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Statements that became entries.
    pub accepted: u64,
    /// Statements that were entries already.
    pub duplicate: u64,
    /// Refused, by code.
    pub refused: BTreeMap<&'static str, u64>,
}

impl Counters {
    /// Counts under one lock.
    pub fn add(&self, count: impl FnOnce(&mut Counts)) {
        count(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What they stand at now.
    pub fn read(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
