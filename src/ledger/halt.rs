//! Why nothing is signed: in words for everybody, with the place for the operator's log alone, and
//! whether it ends by itself. Not here: finding out (`clock`, `outside`, `writer`).

use std::fmt;

use crate::store::{Cause, StoreError};

/// What stands in the way of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HaltKind {
    /// The machine's clock is not to be believed.
    Clock,
    /// The disk of the store or of a guard file is full, or no file handle is free.
    Room,
    /// A guard file cannot be written.
    Guard,
    /// The store cannot be written, or failed.
    Store,
    /// What others remember of the log speaks against it, or it was not compared yet.
    Outside,
    /// The keys are not here.
    Keys,
}

/// Why nothing is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// What stands in the way.
    pub kind: HaltKind,
    reason: String,
    place: Option<String>,
    heals: bool,
}

/// The reason, in words for everybody: it names no paths of the machine.
impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Halt {
    /// A reason that ends with a restart only.
    #[must_use]
    pub fn new(kind: HaltKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), place: None, heals: false }
    }

    /// Whether writing goes on by itself once it is over.
    #[must_use]
    pub fn heals(&self) -> bool {
        self.heals
    }

    /// One that ends by itself.
    #[must_use]
    pub(super) fn healing(self) -> Self {
        Self { heals: true, ..self }
    }

    /// What only the operator's log says: which file, in the system's own words.
    #[must_use]
    pub(super) fn at(self, place: impl fmt::Display) -> Self {
        Self { place: Some(place.to_string()), ..self }
    }

    /// The reason and the place, for the operator.
    #[must_use]
    pub fn for_operator(&self) -> String {
        match &self.place {
            Some(place) => format!("{} ({place})", self.reason),
            None => self.reason.clone(),
        }
    }

    /// Of a store that takes no commits.
    pub(super) fn of_store(error: &StoreError) -> Self {
        let cause = error.cause();
        let kind = if cause.heals() { HaltKind::Room } else { HaltKind::Store };
        let reason = match cause {
            Cause::Other if error.is_damage() => "the store is damaged: restore from a backup",
            Cause::Other => "the storage failed: the operator finds the cause in the service's log",
            cause => cause.words(),
        };
        let halt = Self::new(kind, format!("the store takes no writes: {reason}")).at(error);
        if cause.heals() { halt.healing() } else { halt }
    }
}
