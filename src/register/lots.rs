//! The lots of a register: rows in the order of the log, what changed of the few that changed, and
//! where each stands by its key. Not here: what a row says in words (`state`).

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::names::{NameId, Names};
use super::records::LabelRun;
use super::rows::LotRow;
use super::status::StatusEvent;
use crate::names::{Gtin, LotKey, LotNumber, PartySlug, Serial};
use crate::statement::LocalNames;

/// Stands for a row that is not there.
pub(super) const NO_ROW: u32 = u32::MAX;

/// What changed of a lot since it was declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LotChanges {
    pub events: Vec<StatusEvent>,
    pub labels_issued: u64,
    pub label_runs: Vec<LabelRun>,
    pub labels_void: Vec<Serial>,
    /// It does not count into its campaign: capacity holds it.
    pub uncounted: bool,
    #[serde(default, skip_serializing_if = "LocalNames::is_empty")]
    pub names: LocalNames,
}

/// Whose number a lot bears: GTINs sort before parties, as lot keys do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Gtin(Gtin),
    Party(PartySlug),
}

impl Owner {
    /// The owner with this name; None: nobody can have it.
    fn named(has_gtin: bool, text: &str) -> Option<Self> {
        let party = || PartySlug::parse(text).ok().filter(|slug| slug.as_str() == text);
        match has_gtin {
            true => Gtin::parse(text).ok().map(Self::Gtin),
            false => party().map(Self::Party),
        }
    }

    fn of(key: &LotKey) -> Self {
        match key {
            LotKey::Gtin(gtin, _) => Self::Gtin(gtin.clone()),
            LotKey::Party(party, _) => Self::Party(party.clone()),
        }
    }
}

/// The first and the last certificate of a lot, by their rows.
#[derive(Clone, Copy)]
struct Ends {
    first: u32,
    last: u32,
}

/// All lots.
#[derive(Clone, Default)]
pub(super) struct Lots {
    rows: Vector<LotRow>,
    certificates: Vector<Ends>,
    changes: OrdMap<u32, Arc<LotChanges>>,
    /// In two steps, so that a GTIN or party stands once for all its lots.
    by_key: OrdMap<Owner, OrdMap<LotNumber, u32>>,
}

impl Lots {
    /// Those of a log so far, of which nothing has changed. None: two bear one key, or a key is
    /// none.
    pub fn of(rows: Vec<LotRow>, names: &Names) -> Option<Self> {
        let key = |(place, row): (usize, &LotRow)| {
            (row.owner.0, row.has_gtin, row.number, place_of(place))
        };
        let mut keys: Vec<_> = rows.iter().enumerate().map(key).collect();
        // In order, so that each tree is filled from one side.
        keys.sort_unstable();
        let mut by_key = OrdMap::new();
        for run in keys.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let (owner, has_gtin, ..) = *run.first()?;
            let owner = Owner::named(has_gtin, &names.text(NameId(owner)))?;
            let lots: OrdMap<_, _> = run.iter().map(|(_, _, number, at)| (*number, *at)).collect();
            (lots.len() == run.len()).then_some(())?;
            by_key.insert(owner, lots);
        }
        let none = Ends { first: NO_ROW, last: NO_ROW };
        let certificates = std::iter::repeat_n(none, rows.len()).collect();
        Some(Self { rows: rows.into(), certificates, changes: OrdMap::new(), by_key })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// All rows, in the order of the log.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &LotRow> {
        self.rows.iter()
    }

    /// All changes, by row.
    pub fn changes(&self) -> impl Iterator<Item = (u32, &LotChanges)> {
        self.changes.iter().map(|(row, changes)| (*row, changes.as_ref()))
    }

    /// The next lot, and its key.
    pub fn push(&mut self, row: LotRow, key: &LotKey, changes: LotChanges) {
        let place = place_of(self.rows.len());
        self.rows.push_back(row);
        self.certificates.push_back(Ends { first: NO_ROW, last: NO_ROW });
        if changes != LotChanges::default() {
            self.changes.insert(place, Arc::new(changes));
        }
        self.by_key.entry(Owner::of(key)).or_default().insert(*key.number(), place);
    }

    /// The row of a key.
    pub fn place(&self, key: &LotKey) -> Option<u32> {
        self.by_key.get(&Owner::of(key))?.get(key.number()).copied()
    }

    pub fn row(&self, place: u32) -> Option<&LotRow> {
        self.rows.get(usize::try_from(place).ok()?)
    }

    /// The row of the lot declared at a log index.
    pub fn place_at(&self, index: u64) -> Option<u32> {
        self.rows.binary_search_by(|row| row.index.cmp(&index)).ok().map(place_of)
    }

    /// What changed of a lot; None: nothing.
    pub fn changed(&self, place: u32) -> Option<&LotChanges> {
        self.changes.get(&place).map(AsRef::as_ref)
    }

    pub fn change(&mut self, place: u32, change: impl FnOnce(&mut LotChanges)) {
        change(Arc::make_mut(self.changes.entry(place).or_default()));
    }

    /// The row of a lot's first certificate.
    pub fn first_certificate(&self, place: u32) -> Option<u32> {
        let ends = self.certificates.get(usize::try_from(place).ok()?)?;
        (ends.first != NO_ROW).then_some(ends.first)
    }

    /// Takes up a lot's next certificate; the answer is the row of the one before it.
    pub fn certified(&mut self, place: u32, certificate: u32) -> Option<u32> {
        let ends = self.certificates.get_mut(usize::try_from(place).ok()?)?;
        let before = ends.last;
        ends.last = certificate;
        if before == NO_ROW {
            ends.first = certificate;
            return None;
        }
        Some(before)
    }

    /// Takes up the certificates of a log so far, by the rows of their lots; the answer is which
    /// comes behind which. None: a lot is not there.
    pub fn all_certified(&mut self, lots: impl Iterator<Item = u32>) -> Option<Vec<(u32, u32)>> {
        // In a plain list: each change of a shared one looks whether it is shared.
        let mut certificates: Vec<Ends> = self.certificates.iter().copied().collect();
        let mut behind = Vec::new();
        for (lot, certificate) in lots.zip(0..) {
            let ends = certificates.get_mut(usize::try_from(lot).ok()?)?;
            match ends.last {
                NO_ROW => ends.first = certificate,
                before => behind.push((before, certificate)),
            }
            ends.last = certificate;
        }
        self.certificates = certificates.into();
        Some(behind)
    }

    /// All rows, by key.
    pub fn by_key(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.by_key.values().flat_map(|of_owner| of_owner.values().copied())
    }

    /// The rows behind a key, by key.
    pub fn after(&self, key: &LotKey) -> impl Iterator<Item = u32> {
        use std::ops::Bound::{Excluded, Unbounded};
        let owner = Owner::of(key);
        let own = self.by_key.get(&owner).into_iter();
        let own = own.flat_map(|lots| lots.range((Excluded(*key.number()), Unbounded)));
        let others = self.by_key.range((Excluded(owner), Unbounded));
        let others = others.flat_map(|(_, lots)| lots.iter());
        own.chain(others).map(|(_, place)| *place)
    }
}

/// A place in a vector as the rows hold it. Labels point into the log with 32 bits: a log has fewer
/// entries than that.
pub(super) fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NO_ROW)
}
