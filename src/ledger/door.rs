//! The door: what keeps a statement from being logged here and now and is no rule of the log: a
//! number that is kept for another certifier, and a party's share of a day. Audits do not ask it.
//! It also holds what the service must remember beside the log. Not here: the rules (`register`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::journal::{Journal, Kept, Line};
use super::requests::Nonces;
use super::reservations::Reservations;
use super::serials::{Issues, Seeds};
use super::{Home, Ledger, LedgerError, SubmitError};
use crate::register::Register;
use crate::seal::Mark;
use crate::statement::{AUTHORITY, Claim, PartySlug, Statement, Timestamp};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The door of a ledger.
#[derive(Default)]
pub(super) struct Door {
    journal: Mutex<Journal>,
    nonces: Mutex<Nonces>,
    reservations: Mutex<Reservations>,
    today: Mutex<Today>,
    quota: AtomicU64,
    /// The next serial when it was last looked for: it only grows.
    issues: Mutex<Issues>,
    seeds: Mutex<Seeds>,
}

/// Statements of each party on the newest day of the log.
#[derive(Default)]
pub(super) struct Today {
    day: i64,
    counts: HashMap<PartySlug, u64>,
}

impl Today {
    /// Counts an entry.
    pub fn count(&mut self, issuer: &PartySlug, at: Timestamp) {
        let day = at.seconds().div_euclid(DAY);
        if day != self.day {
            self.day = day;
            self.counts.clear();
        }
        match self.counts.get_mut(issuer) {
            Some(count) => *count = count.saturating_add(1),
            None => {
                self.counts.insert(issuer.clone(), 1);
            }
        }
    }

    fn of(&self, issuer: &PartySlug, at: Timestamp) -> u64 {
        let same_day = at.seconds().div_euclid(DAY) == self.day;
        self.counts.get(issuer).filter(|_| same_day).copied().unwrap_or_default()
    }
}

/// What is counted of a log beside its register.
#[derive(Default)]
pub(super) struct Beside {
    pub today: Today,
    pub issues: Issues,
}

impl Beside {
    /// Takes the next entry, which the register has taken.
    pub fn take(&mut self, register: &Register, statement: &Statement, mark: Mark) {
        self.today.count(&statement.issuer, mark.logged_at);
        if let Some(issue) = Issues::in_statement(register, statement, mark) {
            self.issues.add(issue);
        }
    }
}

impl Door {
    /// The door of a ledger whose log was read.
    pub fn of(beside: Beside) -> Self {
        let Beside { today, issues } = beside;
        Self { today: Mutex::new(today), issues: Mutex::new(issues), ..Self::default() }
    }

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
    pub fn admit(&self, statement: &Statement, now: Timestamp) -> Result<(), SubmitError> {
        let issuer = &statement.issuer;
        if let Claim::Certificate(claim) = &statement.claim
            && let Some(kept) = self.reservations().holder(claim.serial, now)
            && kept.issuer != *issuer
        {
            let (serial, until) = (claim.serial, kept.until);
            return Err(SubmitError::SerialReserved { serial, until });
        }
        let quota = self.quota.load(Ordering::Relaxed);
        if quota > 0 && issuer.as_str() != AUTHORITY && held(&self.today).of(issuer, now) >= quota {
            let seconds = DAY - now.seconds().rem_euclid(DAY);
            return Err(SubmitError::Quota { party: issuer.to_string(), quota, seconds });
        }
        Ok(())
    }

    /// Counts a statement that the rules took.
    pub fn count(&self, issuer: &PartySlug, at: Timestamp) {
        held(&self.today).count(issuer, at);
    }

    /// Takes up label issues that are durable.
    pub fn issued(&self, issues: Vec<(u64, super::serials::Issue)>) {
        if !issues.is_empty() {
            let mut all = self.issues();
            issues.into_iter().for_each(|issue| all.add(issue));
        }
    }

    pub fn nonces(&self) -> MutexGuard<'_, Nonces> {
        held(&self.nonces)
    }

    pub fn reservations(&self) -> MutexGuard<'_, Reservations> {
        held(&self.reservations)
    }

    pub fn issues(&self) -> MutexGuard<'_, Issues> {
        held(&self.issues)
    }

    pub fn seeds(&self) -> MutexGuard<'_, Seeds> {
        held(&self.seeds)
    }
}

impl Ledger {
    pub(super) fn door(&self) -> &Door {
        &self.shared.door
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
