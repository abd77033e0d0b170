//! The door: what keeps a statement from being logged here and now and is no rule of the log: a
//! number that is kept for another certifier, and a party's share of a day. Audits do not ask it.
//! It also holds what the service must remember beside the log. Not here: the rules (`register`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::journal::{Journal, Kept, Line};
use super::requests::Nonces;
use super::reservations::Reservations;
use super::serials::Seeds;
use super::{Home, Ledger, LedgerError, SubmitError};
use crate::register::Register;
use crate::statement::{Statement, Timestamp};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The door of a ledger.
#[derive(Default)]
pub(super) struct Door {
    journal: Mutex<Journal>,
    nonces: Mutex<Nonces>,
    reservations: Mutex<Reservations>,
    quota: AtomicU64,
    seeds: Mutex<Seeds>,
}

impl Door {
    /// Takes up what a data folder remembers.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn attach(&self, home: &Home, with_keys: bool) -> Result<(), LedgerError> {
        let journal = Journal::open(&Journal::path(home))?;
        let kept = journal.lines().iter().filter_map(|line| match line {
            Line::Serial(kept) => Some(kept),
            Line::Nonce(_) => None,
        });
        *self.reservations() = Reservations::of(kept);
        let used = journal.lines().iter().filter_map(|line| match line {
            Line::Nonce(used) => Some(used),
            Line::Serial(_) => None,
        });
        *self.nonces() = Nonces::of(used);
        *held(&self.journal) = journal;
        if with_keys {
            *self.seeds() = Seeds::open(home)?;
        }
        Ok(())
    }

    /// Makes lines durable.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember(&self, lines: &[Line], now: Timestamp) -> Result<(), LedgerError> {
        held(&self.journal).add(lines, now)
    }

    /// Makes numbers that were kept in memory durable; those that cannot be are kept no longer.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember_kept(&self, kept: Vec<Kept>, now: Timestamp) -> Result<(), LedgerError> {
        let serials: Vec<u64> = kept.iter().map(|kept| kept.serial).collect();
        let lines: Vec<Line> = kept.into_iter().map(Line::Serial).collect();
        let written = self.remember(&lines, now);
        if written.is_err() {
            self.reservations().forget(serials.into_iter());
        }
        written
    }

    /// Whether a statement may go on to the rules.
    ///
    /// # Errors
    /// `serial_reserved`, `quota`.
    pub fn admit(
        &self,
        register: &Register,
        statement: &Statement,
        now: Timestamp,
    ) -> Result<(), SubmitError> {
        let issuer = &statement.issuer;
        if let Some(serial) = statement.claim.serial()
            && let Some(kept) = self.reservations().holder(serial, now)
            && kept.issuer != *issuer
        {
            let until = kept.until;
            return Err(SubmitError::SerialReserved { serial, until });
        }
        let quota = self.quota.load(Ordering::Relaxed);
        if quota > 0 && !issuer.is_authority() && register.entries_today(issuer, now) >= quota {
            let seconds = DAY - now.seconds().rem_euclid(DAY);
            return Err(SubmitError::Quota { party: issuer.to_string(), quota, seconds });
        }
        Ok(())
    }

    pub fn nonces(&self) -> MutexGuard<'_, Nonces> {
        held(&self.nonces)
    }

    pub fn reservations(&self) -> MutexGuard<'_, Reservations> {
        held(&self.reservations)
    }

    pub fn seeds(&self) -> MutexGuard<'_, Seeds> {
        held(&self.seeds)
    }
}

impl Ledger {
    pub(super) fn door(&self) -> &Door {
        &self.shared.door
    }

    /// Whether a statement may go on to the rules now: what is no rule of the log.
    ///
    /// # Errors
    /// `serial_reserved`, `quota`.
    pub fn admits(
        &self,
        register: &Register,
        statement: &Statement,
        now: Timestamp,
    ) -> Result<(), SubmitError> {
        self.door().admit(register, statement, now)
    }

    /// How many statements of one party are taken in on a day (UTC); 0: any number. The authority's
    /// are not counted.
    pub fn set_quota(&self, statements: u64) {
        self.door().quota.store(statements, Ordering::Relaxed);
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
