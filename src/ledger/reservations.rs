//! Numbers of certificates: which are kept for whom, and which one a certifier gets next. Kept are
//! only those that a certifier asked for with its signature; nobody's requests can leave another
//! without a number (docs/FORMAT.md, reservations). Not here: the rule on serials (`register`).

use std::collections::{BTreeMap, HashMap};

use super::journal::Kept;
use crate::limits::{RESERVATION_SECONDS, RESERVATIONS_MAX, SERIAL_WINDOW, SERIALS_UNRESERVED};
use crate::names::{LotKey, PartySlug};
use crate::register::Register;
use crate::statement::Timestamp;

/// What a number is asked for.
type Purpose = (PartySlug, LotKey, String);

/// The numbers that are kept.
#[derive(Default)]
pub(super) struct Reservations {
    kept: BTreeMap<u64, Kept>,
    by_purpose: HashMap<Purpose, u64>,
}

impl Reservations {
    /// Those of a journal.
    pub fn of<'a>(kept: impl Iterator<Item = &'a Kept>) -> Self {
        let mut all = Self::default();
        kept.for_each(|kept| all.keep(kept.clone()));
        all
    }

    /// For whom a number is kept at `now`.
    pub fn holder(&self, serial: u64, now: Timestamp) -> Option<&Kept> {
        self.kept.get(&serial).filter(|kept| kept.until >= now)
    }

    fn keep(&mut self, kept: Kept) {
        let purpose = (kept.issuer.clone(), kept.lot.clone(), kept.scheme.clone());
        self.by_purpose.insert(purpose, kept.serial);
        self.kept.insert(kept.serial, kept);
    }

    /// Forgets numbers, as if they had not been asked for.
    pub fn forget(&mut self, serials: impl Iterator<Item = u64>) {
        for serial in serials {
            let Some(kept) = self.kept.remove(&serial) else { continue };
            let purpose = (kept.issuer, kept.lot, kept.scheme);
            if self.by_purpose.get(&purpose) == Some(&serial) {
                self.by_purpose.remove(&purpose);
            }
        }
    }

    /// Begins to give numbers from `next` on for one request, which a certifier signed or not.
    pub fn begin<'a>(
        &'a mut self,
        register: &'a Register,
        next: u64,
        signed: bool,
        now: Timestamp,
    ) -> Giving<'a> {
        if signed {
            let over = |kept: &&Kept| kept.until < now || is_taken(register, kept.serial);
            let over: Vec<u64> = self.kept.values().filter(over).map(|kept| kept.serial).collect();
            self.forget(over.into_iter());
        }
        Giving { all: self, register, now, next, cursor: next, mine: None, fresh: Vec::new() }
    }
}

/// Whether a number is of no use any more.
fn is_taken(register: &Register, serial: u64) -> bool {
    register.serial_taken(serial)
}

/// The numbers of one request.
pub(super) struct Giving<'a> {
    all: &'a mut Reservations,
    register: &'a Register,
    now: Timestamp,
    /// The next number of the ledger: where the window begins.
    next: u64,
    /// Nothing below it is free any more.
    cursor: u64,
    /// How many are kept for the certifier that signed the request.
    mine: Option<usize>,
    fresh: Vec<Kept>,
}

impl Giving<'_> {
    /// A number that is kept for the certifier from now on, or has been; one that is kept for
    /// nobody if it has its share of them already, or too many are kept by all.
    pub fn reserved(&mut self, issuer: &PartySlug, lot: &LotKey, scheme: &str) -> Option<u64> {
        let purpose = (issuer.clone(), lot.clone(), scheme.to_owned());
        if let Some(serial) = self.all.by_purpose.get(&purpose) {
            return Some(*serial);
        }
        let held = || self.all.kept.values().filter(|kept| kept.issuer == *issuer).count();
        let mine = self.mine.unwrap_or_else(held);
        self.mine = Some(mine);
        let serial = self.free()?;
        let last = self.next.saturating_add(SERIAL_WINDOW - SERIALS_UNRESERVED);
        if mine < RESERVATIONS_MAX && serial < last {
            let until = self.now.plus_seconds(RESERVATION_SECONDS);
            let (issuer, lot, scheme) = purpose;
            let kept = Kept { serial, issuer, lot, scheme, until };
            self.all.keep(kept.clone());
            self.fresh.push(kept);
            self.mine = Some(mine.saturating_add(1));
        }
        Some(serial)
    }

    /// A number that is kept for nobody: the lowest that is free, another for each row.
    pub fn free(&mut self) -> Option<u64> {
        let end = self.next.saturating_add(SERIAL_WINDOW);
        let free =
            |serial: &u64| !self.all.kept.contains_key(serial) && !is_taken(self.register, *serial);
        let serial = (self.cursor..end).find(free)?;
        self.cursor = serial.saturating_add(1);
        Some(serial)
    }

    /// What was kept in this request.
    pub fn fresh(self) -> Vec<Kept> {
        self.fresh
    }
}
