//! Which custody model a lot has by what became of it: the weakest of its inputs, no stronger than
//! its own mixing allows. Not here: what certificates claim in words.

use super::act::{Act, Event, Opening};
use super::handles::{EventHandle, LotHandle, NONE, SchemeId};
use super::quantity::{Model, per_mille};
use super::rows::{EventRow, LotRow, MIXED, Marks, NEVER, NO_DAY, Role};
use super::short::Short;
use super::state::Trace;

/// From what a lot's goods come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// All of it from lots traced from their declaration on.
    Traced,
    /// Some of it.
    Partly,
    /// None of it: on its producer's word.
    Declared,
}

/// What a lot is by what went in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mixture {
    pub root: u32,
    pub model: Model,
    pub marks: Marks,
    pub harvested: i32,
}

impl Mixture {
    pub fn nothing() -> Self {
        let model = Model::IdentityPreserved;
        Self { root: NONE, model, marks: Marks::default(), harvested: NO_DAY }
    }

    /// What an event's fill was, as its rows say.
    fn of(row: &EventRow, place: u16) -> Self {
        let harvested = i32::from_le_bytes(row.answered.to_le_bytes());
        let [model, marks] = place.to_le_bytes();
        let (model, marks) = (Model::of_place(model), Marks::of(marks));
        Self { root: row.of, model, marks, harvested }
    }

    /// Writes what its fills are into a transformation's row; the answer is for each line.
    pub fn put(&self, row: &mut EventRow) -> u16 {
        row.of = self.root;
        row.answered = u32::from_le_bytes(self.harvested.to_le_bytes());
        u16::from_le_bytes([self.model as u8, self.marks.bits()])
    }

    /// One more input.
    pub fn and(self, lot: LotHandle, row: &LotRow) -> Self {
        let (root, marks) = match row.opening {
            Opening::Primary => (lot.0, Marks::default().with(Marks::TRACED)),
            Opening::Declared => (lot.0, Marks::default().with(Marks::UNTRACED)),
            Opening::Derived => (row.root, row.marks),
        };
        self.joined(root, row.model.max(row.claimed), marks, row.harvested)
    }

    /// With what else was filled.
    pub fn joined(self, root: u32, model: Model, marks: Marks, harvested: i32) -> Self {
        let root = match (self.root, root) {
            (NONE, one) | (one, NONE) => one,
            (one, other) if one == other => one,
            _ => MIXED,
        };
        let mixed = if root == MIXED { Model::Segregated } else { Model::IdentityPreserved };
        let mut both = self.marks;
        for mark in [Marks::TRACED, Marks::UNTRACED] {
            both = if marks.has(mark) { both.with(mark) } else { both };
        }
        let harvested = self.harvested.min(harvested);
        Self { root, model: self.model.max(model).max(mixed), marks: both, harvested }
    }
}

impl Trace {
    /// A lot is what it was and what was filled now.
    pub(super) fn mix(&mut self, lot: LotHandle, what: Mixture, at: i64) {
        self.change(lot, |row| {
            let mixed = what.joined(row.root, row.model, row.marks, row.harvested);
            (row.root, row.model, row.harvested) = (mixed.root, mixed.model, mixed.harvested);
            for mark in [Marks::TRACED, Marks::UNTRACED] {
                if mixed.marks.has(mark) {
                    row.marks = row.marks.with(mark);
                }
            }
            row.opened_at = row.opened_at.min(at);
        });
    }

    /// The same anew, from the fills that stand.
    pub(super) fn mix_again(&mut self, lot: LotHandle) {
        let fills = self.lines_of_lot(lot).filter(|line| line.role == Role::Fill);
        let fills: Vec<_> = fills.map(|line| (EventHandle(line.event), line.place)).collect();
        self.change(lot, |row| {
            (row.root, row.model, row.harvested) = (NONE, Model::IdentityPreserved, NO_DAY);
            row.marks = row.marks.without(Marks::TRACED).without(Marks::UNTRACED);
            row.opened_at = NEVER;
        });
        for (event, place) in fills {
            if let Some(row) = self.event(event) {
                self.mix(lot, Mixture::of(&row, place), row.at.get());
            }
        }
    }

    /// The model a lot has, and the share in per mille that a scheme covers of it; None: no scheme
    /// is asked for, or its cover is not kept, or the lot opened full.
    #[must_use]
    pub fn custody(&self, lot: LotHandle, scheme: Option<SchemeId>) -> (Model, Option<u16>) {
        let Some(row) = self.row(lot) else { return (Model::MassBalance, None) };
        let kept = scheme.filter(|scheme| self.rules.book.least(*scheme).is_some());
        let cover = kept.and_then(|scheme| self.cover(lot, scheme));
        let share = cover.map(|cover| per_mille(cover, row.filled));
        // Whole, exactly: a share of 999.9 is a blend.
        let blended = cover.is_some_and(|cover| cover < row.filled);
        let mixed = if blended { Model::ControlledBlending } else { Model::IdentityPreserved };
        (row.model.max(mixed), share)
    }

    /// Where a lot's goods come from, in one word.
    #[must_use]
    pub fn origin(&self, lot: LotHandle) -> Origin {
        let Some(row) = self.row(lot) else { return Origin::Declared };
        match (row.opening, row.marks.has(Marks::TRACED), row.marks.has(Marks::UNTRACED)) {
            (Opening::Primary, ..) | (Opening::Derived, true, false) => Origin::Traced,
            (Opening::Derived, true, true) => Origin::Partly,
            _ => Origin::Declared,
        }
    }

    /// A certificate: at most what is in the lot and what is covered of it, under no stronger model
    /// than the lot's. It closes the lot.
    pub(super) fn certify(&mut self, event: &Event) -> Result<(), Short> {
        let Act::Certify { lot, scheme, quantity, model } = &event.act else { return Ok(()) };
        let (lot, asked, row) = (*lot, quantity.get(), self.known(*lot)?);
        if asked > row.filled {
            self.refuse(Short::QuantityExceeded { lot, filled: row.filled, asked })?;
        }
        let share = self.covers(lot, &row, *scheme, asked)?;
        let (derived, _) = self.custody(lot, Some(*scheme));
        let claimed = model.unwrap_or(derived);
        if claimed < derived {
            self.refuse(Short::CustodyUpgraded { lot, claimed, derived, share })?;
        }
        self.change(lot, |row| {
            row.closers = row.closers.saturating_add(1);
            row.marks = row.marks.with(Marks::CERTIFIED);
            // A blend is a share of cover, which flows on its own; what is only booked stays so.
            if claimed == Model::MassBalance {
                row.claimed = claimed;
            }
        });
        Ok(())
    }

    /// Labels: with those that are out at most for what is left of the lot, and with what was
    /// consumed at most what is in it and certified. They close the lot.
    pub(super) fn label(&mut self, event: &Event) -> Result<(), Short> {
        let Act::Label { lot, count, pack_size, certified } = &event.act else { return Ok(()) };
        let (lot, row) = (*lot, self.known(*lot)?);
        self.moves(lot)?;
        let asked = count.saturating_mul(*pack_size);
        let (labelled, consumed) = (row.labelled, row.consumed);
        let left = self.left(&row).saturating_sub(self.disputed(lot));
        let left = left.saturating_sub(row.outstanding);
        let most = row.filled.min(*certified).saturating_sub(consumed).saturating_sub(labelled);
        if asked > left || asked > most {
            let available = left.min(most);
            self.refuse(Short::LabelsExceeded { lot, available, labelled, consumed, asked })?;
        }
        self.change(lot, |row| {
            let first = u32::from(!row.marks.has(Marks::LABELLED));
            row.closers = row.closers.saturating_add(first);
            row.marks = row.marks.with(Marks::LABELLED);
            row.labelled = row.labelled.saturating_add(asked);
            row.outstanding = row.outstanding.saturating_add(asked);
        });
        Ok(())
    }

    /// Spoilt labels give their count back.
    pub(super) fn unlabel(&mut self, event: &Event) -> Result<(), Short> {
        let Act::Unlabel { lot, count, pack_size } = &event.act else { return Ok(()) };
        let (lot, asked) = (*lot, count.saturating_mul(*pack_size));
        let labelled = self.known(lot)?.labelled;
        if asked > labelled {
            self.refuse(Short::NotLabelled { lot, labelled, asked })?;
        }
        self.change(lot, |row| {
            row.labelled = labelled.saturating_sub(asked);
            row.labels_go(asked);
            row.outstanding = row.outstanding.min(row.labelled);
        });
        Ok(())
    }
}
