//! What is held of lots, holders, events and units, in rows of fixed width.
//!
//! A lot takes 120 bytes, and 12 for what its producer has at hand: 132, below 200. An event takes
//! 44, and 24 for each of its lines; a fill 16 for each scheme and each material of origin, and the
//! lot once as much. A press with one input, one output and two schemes takes 44 + 2 x 24 + 2 x 16
//! = 124, a shipment of one lot 68, its receipt 68 and 64 for the new holder, a sale 68: 392 for
//! four, 98 in the mean, below 120. Trees take more than their rows: measured over 300,000 such
//! lives (600,000 lots, 1,200,000 events) while an event's row had 4 bytes more, 1.16 times as much
//! where they were folded, 1.21 where they were read back: 172 to 178 bytes a lot with what it
//! carries, 118 to 123 an event. By the same factors an event takes 114 to 119 now.

use super::act::Opening;
use super::bytes::{Fixed, Seconds, row, words};
use super::handles::{Holder, LotHandle, Material, NONE, SchemeId};
use super::quantity::Model;
use super::recipe::WayWord;

row! {
    /// A lot. Quantities are in its smallest unit.
    pub(super) LotRow {
        declared: u64,
        filled: u64,
        consumed: u64,
        /// Out by a channel or to a commitment.
        gone: u64,
        lost: u64,
        sampled: u64,
        destroyed: u64,
        /// Of what is gone, what was brought back and destroyed.
        recovered: u64,
        /// Labels x pack size.
        labelled: u64,
        /// Of it, what is on goods that are left: goods that leave take labelled ones first.
        outstanding: u64,
        /// The first fill, as its event says; [`NEVER`]: none.
        opened_at: i64,
        material: Material,
        producer: Holder,
        /// Its newest line.
        line: u32,
        /// The first of what it carries.
        carried: u32,
        /// Events that took of it, certificates, and 1 if it was ever labelled: not 0 is closed.
        closers: u32,
        /// The one lot it comes from; [`NONE`]: of none yet; [`MIXED`]: of several.
        root: u32,
        /// Day of its oldest harvest; [`NO_DAY`]: not known.
        harvested: i32,
        opening: Opening,
        marks: Marks,
        /// The weakest model of its inputs.
        model: Model,
        /// The weakest model that a certificate of it claims.
        claimed: Model,
    }
}

impl LotRow {
    /// Goods are gone, those with labels first.
    pub fn labels_go(&mut self, quantity: u64) {
        self.outstanding = self.outstanding.saturating_sub(quantity);
    }

    /// Goods that were gone are back, with as many labels as they can have had.
    pub fn labels_come(&mut self, quantity: u64) {
        self.outstanding = self.outstanding.saturating_add(quantity).min(self.labelled);
    }
}

/// Comes from several lots.
pub(super) const MIXED: u32 = NONE - 1;

/// Was never filled.
pub(super) const NEVER: i64 = i64::MAX;

/// A day that is not known.
pub(super) const NO_DAY: i32 = i32::MAX;

/// What is true of a lot or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(u8);

impl Marks {
    pub const UNDECLARED: u8 = 1;
    pub const CERTIFIED: u8 = 2;
    pub const LABELLED: u8 = 4;
    /// Something traced went in.
    pub const TRACED: u8 = 8;
    /// Something went in whose origin is on its producer's word.
    pub const UNTRACED: u8 = 16;
    const ALL: u8 = 31;

    pub const fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }

    pub const fn with(self, mark: u8) -> Self {
        Self(self.0 | mark)
    }

    pub const fn of(bits: u8) -> Self {
        Self(bits & Self::ALL)
    }

    pub const fn bits(self) -> u8 {
        self.0
    }

    pub const fn without(self, mark: u8) -> Self {
        Self(self.0 & !mark)
    }
}

impl Fixed for Marks {
    const BYTES: usize = 1;

    fn put(&self, into: &mut Vec<u8>) {
        self.0.put(into);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        u8::take(from).filter(|marks| *marks <= Self::ALL).map(Self)
    }
}

row! {
    /// What a holder has of a lot. A row of zeros is not kept.
    #[derive(Default)]
    pub(super) HoldingRow {
        free: u64,
        packed: u64,
        /// Sent by this holder and not answered, or refused and not back.
        transit: u64,
        /// Sent by this holder and missing.
        disputed: u64,
        /// Gone through this holder.
        gone: u64,
        /// Of it, brought back and destroyed.
        recovered: u64,
        /// Accepted as it came back in a recall.
        returned: u64,
    }
}

words! {
    /// What an event is.
    pub(super) Kind {
        Transform,
        Ship,
        Receive,
        Settle,
        Pack,
        Unpack,
        Out,
        Loss,
        Sample,
        Destroy,
        Recover,
        Observe,
        Void,
    }
}

row! {
    /// An event.
    pub(super) EventRow {
        at: Seconds,
        logged_at: Seconds,
        issuer: Holder,
        /// To whom (ship), whose (sample), from whom (receive), which unit (pack, unpack), by which
        /// recipe of the book (transform); [`NONE`]: nobody.
        other: u32,
        /// The event it answers, settles, saw or undoes; of a transformation the one lot that its
        /// inputs come from.
        of: u32,
        /// The event that answers or saw it; of a transformation the day of the oldest harvest.
        answered: u32,
        /// The first of its lines; they end where those of the next event begin.
        lines: u32,
        /// The first of what its fills brought.
        brought: u32,
        kind: Kind,
        way: WayWord,
        /// Its purpose, channel or cause.
        word: u8,
        state: EventState,
    }
}

words! {
    /// Whether an event stands.
    pub(super) EventState {
        Stands,
        /// A price or an extract rests on it.
        Pinned,
        Undone,
    }
}

words! {
    /// What a line of an event did.
    pub(super) Role {
        /// Out of a lot, into the event.
        Draw,
        /// Out of the event, into a lot; `place` is the custody model and the marks of what came.
        Fill,
        /// Free or packed to in transit or, to a commitment, out.
        Ship,
        Accepted,
        /// What stays in transit, on its way back.
        Refused,
        /// Missing, and disputed.
        Missing,
        /// Missing, and within the allowance a loss.
        Dried,
        SettledLost,
        SettledReturned,
        SettledAccepted,
        Packed,
        Unpacked,
        /// Free to out, lost, sampled or destroyed.
        Left,
        /// Back with the shipper of a shipment that was reclaimed.
        Restored,
        Seen,
        /// The `lot` of this line and the next ones is a unit; see `units`.
        UnitIn,
        UnitOut,
        UnitBefore,
        UnitMoved,
        UnitOpened,
        /// A lot inside the unit opened before it.
        Inside,
    }
}

row! {
    /// One line of an event, and a link of the chain of its lot's lines.
    pub(super) Line {
        quantity: u64,
        lot: u32,
        event: u32,
        /// The line of this lot before it.
        before: u32,
        /// The line of the event before that it answers, or a small figure of its role.
        place: u16,
        role: Role,
    }
}

impl Role {
    /// Whether `lot` is a lot and the line stands in its chain.
    pub fn is_of_lot(self) -> bool {
        self <= Self::Seen
    }

    /// Whether what was there before is needed for it.
    pub fn takes(self) -> bool {
        use Role::{Draw, Left, Packed, SettledAccepted, SettledLost, SettledReturned, Ship};
        matches!(self, Draw | Ship | Packed | Left)
            || matches!(self, SettledLost | SettledReturned | SettledAccepted)
    }
}

/// What flows with goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// What a scheme covers of them.
    Cover(SchemeId),
    /// What was harvested for them, of this material.
    Origin(Material),
}

/// Materials of origin have the highest bit; names are given from 0 on and never reach it.
const ORIGIN: u32 = 1 << 31;

row! {
    /// What a lot carries of one key.
    pub(super) Carried {
        quantity: u64,
        key: PackedKey,
        /// The next of the lot.
        next: u32,
    }
}

row! {
    /// What a fill brought of one key.
    pub(super) Brought {
        quantity: u64,
        key: PackedKey,
        lot: LotHandle,
    }
}

/// A key in four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedKey(u32);

impl PackedKey {
    pub fn of(key: Key) -> Self {
        match key {
            Key::Cover(SchemeId(id)) => Self(id & !ORIGIN),
            Key::Origin(Material(id)) => Self(id | ORIGIN),
        }
    }

    pub fn key(self) -> Key {
        match self.0 & ORIGIN {
            0 => Key::Cover(SchemeId(self.0)),
            _ => Key::Origin(Material(self.0 & !ORIGIN)),
        }
    }
}

impl Fixed for PackedKey {
    const BYTES: usize = 4;

    fn put(&self, into: &mut Vec<u8>) {
        self.0.put(into);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        u32::take(from).map(Self)
    }
}

words! {
    /// Where a unit is in its life.
    pub(super) UnitState {
        Filled,
        Shipped,
        Emptied,
        /// Went to somebody outside.
        Gone,
    }
}

row! {
    /// A logistic unit.
    pub(super) UnitRow {
        /// Log time since when it is empty or gone.
        since: i64,
        holder: Holder,
        /// The unit it is in.
        parent: u32,
        /// The event that changed it last.
        changed: u32,
        /// Units and lots in it, over all levels.
        inside: u32,
        depth: u8,
        state: UnitState,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_small_as_said() {
        assert_eq!(size_of::<LotRow>(), 120);
        assert_eq!(size_of::<((LotHandle, Holder), HoldingRow)>(), 64);
        assert_eq!(size_of::<EventRow>(), 44);
        assert_eq!(size_of::<Line>(), 24);
        assert_eq!(size_of::<Carried>(), 16);
        assert_eq!(size_of::<Brought>(), 16);
    }

    #[test]
    fn the_rows_of_every_lot_and_event_keep_to_their_budget() {
        let holding = size_of::<((LotHandle, Holder), HoldingRow)>();
        assert!(size_of::<LotRow>() + super::super::holdings::Holdings::BYTES_A_LOT <= 200);
        let event = |lines: usize| size_of::<EventRow>() + lines * size_of::<Line>();
        let press = event(2) + 2 * size_of::<Brought>();
        let (ship, receipt, sale) = (event(1), event(1) + holding, event(1));
        assert!((press + ship + receipt + sale) / 4 <= 120);
    }
}
