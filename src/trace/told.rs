//! Events told line by line, and what became of shipments: what lists and journeys are made of,
//! each in the time that its own lines take. Not here: what they do (`apply`), names, words.

use super::act::Purpose;
use super::handles::{EventHandle, Holder, LotHandle, NONE, RecipeId, place_of};
use super::recipe::{Way, WayWord};
use super::rows::{EventRow, EventState, Kind, Line, Role};
use super::state::Trace;

/// What an event did to one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The lot.
    pub lot: LotHandle,
    /// How much of it, in its smallest unit.
    pub quantity: u64,
    /// What became of it.
    pub how: Move,
}

/// What can become of a quantity in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// It went into a transformation.
    Drawn,
    /// It came out of one.
    Filled,
    /// It was sent, loose or in units.
    Sent,
    /// Its receiver has it.
    Accepted,
    /// It goes back.
    Refused,
    /// It was not there.
    Missing,
    /// It was not there, and that little counts as a loss.
    Dried,
    /// What was missing is gone.
    SettledLost,
    /// What was missing is with its shipper.
    SettledReturned,
    /// What was missing is with its receiver.
    SettledAccepted,
    /// It went into a unit.
    Packed,
    /// It came out of one.
    Unpacked,
    /// It left by sale, loss, sample or destruction.
    Left,
    /// It was looked at.
    Seen,
}

/// How far a shipment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShipmentState {
    /// Nobody answered yet.
    Waiting,
    /// Something was refused and is not back.
    Returning,
    /// Something is missing and not settled.
    Disputed,
    /// Something was missing or never answered, and that is settled.
    Settled,
    /// All of it is answered.
    Answered,
    /// It went to somebody outside: nobody will answer.
    Left,
    /// It was undone.
    Undone,
}

/// A shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipmentView {
    /// Which event it is.
    pub event: EventHandle,
    /// Who sent it.
    pub from: Holder,
    /// To whom; None: to somebody outside.
    pub to: Option<Holder>,
    /// What for.
    pub purpose: Purpose,
    /// How far it has come.
    pub state: ShipmentState,
    /// The event that answered or settled all of it.
    pub answered: Option<EventHandle>,
}

/// One lot of a shipment, as its receipt tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipmentLine {
    /// The lot.
    pub lot: LotHandle,
    /// How much was sent, in its smallest unit.
    pub sent: u64,
    /// Taken.
    pub accepted: u64,
    /// Sent back.
    pub refused: u64,
    /// Not there, and more than the allowance.
    pub missing: u64,
    /// Not there, within the allowance: lost by the receipt itself.
    pub dried: u64,
    /// Of what is missing, what is not settled.
    pub disputed: u64,
}

impl Trace {
    /// What an event did, lot by lot, in the order of its lines.
    #[must_use]
    pub fn moved(&self, event: EventHandle) -> Vec<Moved> {
        let told = self.lines_of(event).filter_map(|(_, line)| {
            let how = of_role(line.role)?;
            Some(Moved { lot: LotHandle(line.lot), quantity: line.quantity, how })
        });
        told.collect()
    }

    /// The kind of an event in the word of its statement.
    #[must_use]
    pub fn kind_word(&self, event: EventHandle) -> Option<&'static str> {
        Some(match self.event(event)?.kind {
            Kind::Transform => "transform",
            Kind::Ship => "ship",
            Kind::Receive => "receive",
            Kind::Settle => "settle",
            Kind::Pack => "pack",
            Kind::Unpack => "unpack",
            Kind::Out => "out",
            Kind::Loss => "loss",
            Kind::Sample => "sample",
            Kind::Destroy | Kind::Recover => "destroy",
            Kind::Observe => "observe",
            Kind::Void => "void",
        })
    }

    /// By what a transformation was made; None: the event is none.
    #[must_use]
    pub fn way_of(&self, event: EventHandle) -> Option<Way> {
        let row = self.event(event).filter(|row| row.kind == Kind::Transform)?;
        Some(match row.way {
            WayWord::Group => Way::Group,
            WayWord::Split => Way::Split,
            WayWord::PackOff => Way::PackOff,
            WayWord::Book => Way::Book(RecipeId(row.other)),
        })
    }

    /// The standing transformations that filled a lot, newest first.
    pub fn fillings_of(&self, lot: LotHandle) -> impl Iterator<Item = EventHandle> {
        let mut last = None;
        let lines = self.lines_of_lot(lot).filter(|line| line.role == Role::Fill);
        let events = lines.map(|line| EventHandle(line.event));
        events.filter(move |event| last.replace(*event) != Some(*event))
    }

    /// Shipments, newest first, those undone among them: from one holder, to one, or all. What
    /// became of one is looked up for those alone.
    pub fn shipments_between(
        &self,
        from: Option<Holder>,
        to: Option<Holder>,
    ) -> impl Iterator<Item = ShipmentView> {
        let rows = self.events.iter().enumerate().rev();
        let ships = rows.filter(move |(_, row)| {
            row.kind == Kind::Ship
                && from.is_none_or(|from| row.issuer == from)
                && to.is_none_or(|to| row.other == to.0 && row.other != NONE)
        });
        ships.map(|(place, row)| self.shipment_view(EventHandle(place_of(place)), row))
    }

    /// One shipment; None: the event is none.
    #[must_use]
    pub fn shipment_at(&self, event: EventHandle) -> Option<ShipmentView> {
        let row = self.event(event).filter(|row| row.kind == Kind::Ship)?;
        Some(self.shipment_view(event, &row))
    }

    fn shipment_view(&self, event: EventHandle, row: &EventRow) -> ShipmentView {
        let purposes = [
            Purpose::Sale,
            Purpose::Transfer,
            Purpose::Processing,
            Purpose::Return,
            Purpose::RecallReturn,
        ];
        let purpose = purposes.get(usize::from(row.word)).copied().unwrap_or(Purpose::Sale);
        ShipmentView {
            event,
            from: row.issuer,
            to: (row.other != NONE).then_some(Holder(row.other)),
            purpose,
            state: self.shipment_state(row),
            answered: (row.answered != NONE).then_some(EventHandle(row.answered)),
        }
    }

    fn shipment_state(&self, row: &EventRow) -> ShipmentState {
        if row.state == EventState::Undone {
            return ShipmentState::Undone;
        }
        if row.other == NONE {
            return ShipmentState::Left;
        }
        let Some(answer) = self.standing(EventHandle(row.answered)) else {
            return ShipmentState::Waiting;
        };
        if answer.kind == Kind::Settle {
            return ShipmentState::Settled;
        }
        // The receipt, and the one of what it refused.
        let receipts = [EventHandle(row.answered), EventHandle(answer.answered)];
        let lines = || receipts.iter().flat_map(|receipt| self.lines_of(*receipt));
        if lines().any(|(place, _)| self.disputes.contains_key(&place)) {
            return ShipmentState::Disputed;
        }
        let refused = self.lines_of(EventHandle(row.answered));
        let refused = refused.into_iter().any(|(_, line)| line.role == Role::Refused);
        if refused && answer.answered == NONE {
            return ShipmentState::Returning;
        }
        match lines().any(|(_, line)| line.role == Role::Missing) {
            true => ShipmentState::Settled,
            false => ShipmentState::Answered,
        }
    }

    /// The lots of a shipment, as its receipt tells them.
    #[must_use]
    pub fn shipment_lines(&self, of: EventHandle) -> Vec<ShipmentLine> {
        let answer = EventHandle(self.event(of).map_or(NONE, |row| row.answered));
        let sent = self.lines_of(of).filter(|(_, line)| line.role == Role::Ship);
        let mut told: Vec<ShipmentLine> = sent.map(|(_, line)| sent_line(line)).collect();
        for (place, line) in self.lines_of(answer) {
            let Some(one) = told.iter_mut().find(|one| one.lot.0 == line.lot) else { continue };
            match line.role {
                Role::Accepted => one.accepted = line.quantity,
                Role::Refused => one.refused = line.quantity,
                Role::Dried => one.dried = line.quantity,
                Role::Missing => {
                    one.missing = line.quantity;
                    one.disputed = self.disputes.get(&place).copied().unwrap_or_default();
                }
                _ => {}
            }
        }
        told
    }
}

fn sent_line(line: &Line) -> ShipmentLine {
    let (lot, sent) = (LotHandle(line.lot), line.quantity);
    ShipmentLine { lot, sent, accepted: 0, refused: 0, missing: 0, dried: 0, disputed: 0 }
}

fn of_role(role: Role) -> Option<Move> {
    Some(match role {
        Role::Draw => Move::Drawn,
        Role::Fill => Move::Filled,
        Role::Ship => Move::Sent,
        Role::Accepted => Move::Accepted,
        Role::Refused => Move::Refused,
        Role::Missing => Move::Missing,
        Role::Dried => Move::Dried,
        Role::SettledLost => Move::SettledLost,
        Role::SettledReturned => Move::SettledReturned,
        Role::SettledAccepted => Move::SettledAccepted,
        Role::Packed => Move::Packed,
        Role::Unpacked => Move::Unpacked,
        Role::Left => Move::Left,
        Role::Seen => Move::Seen,
        _ => return None,
    })
}

impl Move {
    /// The word that answers tell it with.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Filled => "filled",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Missing => "missing",
            Self::Dried => "dried",
            Self::SettledLost => "settled-lost",
            Self::SettledReturned => "settled-returned",
            Self::SettledAccepted => "settled-accepted",
            Self::Packed => "packed",
            Self::Unpacked => "unpacked",
            Self::Left => "left",
            Self::Seen => "seen",
        }
    }
}

impl ShipmentState {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Returning,
        Self::Disputed,
        Self::Settled,
        Self::Answered,
        Self::Left,
        Self::Undone,
    ];

    /// The word in filters and answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Returning => "returning",
            Self::Disputed => "disputed",
            Self::Settled => "settled",
            Self::Answered => "answered",
            Self::Left => "left",
            Self::Undone => "undone",
        }
    }
}
