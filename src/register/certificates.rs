//! The certificates of a register: rows in the order of the log, what changed of the few that
//! changed, and where each stands by its serial. Not here: what a row says in words (`state`).

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::lots::{NO_ROW, place_of};
use super::records::Superseded;
use super::rows::CertificateRow;
use super::status::StatusEvent;
use crate::seal::LogPosition;

/// What changed of a certificate since it was logged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CertificateChanges {
    pub events: Vec<StatusEvent>,
    pub confirmed: Option<LogPosition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
}

/// All certificates.
#[derive(Clone, Default)]
pub(super) struct Certificates {
    rows: Vector<CertificateRow>,
    /// The row of the next certificate of the same lot.
    next_of_lot: Vector<u32>,
    changes: OrdMap<u32, Arc<CertificateChanges>>,
    by_serial: OrdMap<u64, u32>,
}

impl Certificates {
    /// Those of a log so far, of which nothing has changed and none is behind another. None: two
    /// bear one serial.
    pub fn of(rows: Vec<CertificateRow>) -> Option<Self> {
        let serial = |(place, row): (usize, &CertificateRow)| (row.serial, place_of(place));
        let mut serials: Vec<_> = rows.iter().enumerate().map(serial).collect();
        serials.sort_unstable();
        let by_serial: OrdMap<_, _> = serials.into_iter().collect();
        (by_serial.len() == rows.len()).then_some(())?;
        let next_of_lot = std::iter::repeat_n(NO_ROW, rows.len()).collect();
        Some(Self { rows: rows.into(), next_of_lot, by_serial, changes: OrdMap::new() })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// All rows, in the order of the log.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &CertificateRow> {
        self.rows.iter()
    }

    /// All changes, by row.
    pub fn changes(&self) -> impl Iterator<Item = (u32, &CertificateChanges)> {
        self.changes.iter().map(|(row, changes)| (*row, changes.as_ref()))
    }

    /// The next certificate; the answer is its row.
    pub fn push(&mut self, row: CertificateRow) -> u32 {
        let place = place_of(self.rows.len());
        self.by_serial.insert(row.serial, place);
        self.rows.push_back(row);
        self.next_of_lot.push_back(NO_ROW);
        place
    }

    /// Puts a certificate behind another of the same lot.
    pub fn link(&mut self, before: u32, next: u32) {
        let place = usize::try_from(before).ok();
        if let Some(link) = place.and_then(|place| self.next_of_lot.get_mut(place)) {
            *link = next;
        }
    }

    /// A certificate and those of its lot behind it.
    pub fn chain(&self, first: Option<u32>) -> impl Iterator<Item = u32> {
        std::iter::successors(first, |place| {
            let next = self.next_of_lot.get(usize::try_from(*place).ok()?)?;
            (*next != NO_ROW).then_some(*next)
        })
    }

    pub fn row(&self, place: u32) -> Option<&CertificateRow> {
        self.rows.get(usize::try_from(place).ok()?)
    }

    /// The row of a serial.
    pub fn place(&self, serial: u64) -> Option<u32> {
        self.by_serial.get(&serial).copied()
    }

    /// The row of the certificate logged at an index.
    pub fn place_at(&self, index: u64) -> Option<u32> {
        self.rows.binary_search_by(|row| row.index.cmp(&index)).ok().map(place_of)
    }

    /// The highest serial in a range.
    pub fn last_serial(&self, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        self.by_serial.range(range).next_back().map(|(serial, _)| *serial)
    }

    /// All rows, by serial.
    pub fn by_serial(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.by_serial.values().copied()
    }

    /// What changed of a certificate; None: nothing.
    pub fn changed(&self, place: u32) -> Option<&CertificateChanges> {
        self.changes.get(&place).map(AsRef::as_ref)
    }

    pub fn change(&mut self, place: u32, change: impl FnOnce(&mut CertificateChanges)) {
        change(Arc::make_mut(self.changes.entry(place).or_default()));
    }
}
