//! What is asked of events and shipments: what they are and what became of them.

use super::act::Opening;
use super::handles::{EventHandle, Holder, LotHandle, Material, NONE};
use super::rows::{EventState, Kind, Marks, Role};
use super::state::Trace;

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventView {
    /// When it happened, in seconds since 1970-01-01.
    pub at: i64,
    /// When it was logged.
    pub logged_at: i64,
    /// Who said so.
    pub issuer: Holder,
    /// It was undone.
    pub undone: bool,
    /// A price or an extract rests on it.
    pub pinned: bool,
    /// The event it answers, settles, saw or undoes.
    pub of: Option<EventHandle>,
    /// The event that answered it, or that saw it.
    pub answered: Option<EventHandle>,
    /// Goods left the ledger by it: it can be taken back for less long than others.
    pub leaves: bool,
}

/// What became of one lot of a shipment. What is not told yet is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentLine {
    /// The lot.
    pub lot: LotHandle,
    /// How much was sent.
    pub sent: u64,
    /// Taken over, at the receipt or when a dispute was settled.
    pub accepted: u64,
    /// Sent back.
    pub refused: u64,
    /// Lost within the allowance.
    pub dried: u64,
    /// Missing, and still in dispute.
    pub disputed: u64,
    /// Nobody answered yet.
    pub open: u64,
}

/// What was said of a lot when it was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotView {
    /// What it is made of.
    pub material: Material,
    /// Who declared it.
    pub producer: Holder,
    /// What it opened with.
    pub opening: Opening,
    /// Its first fill, in seconds since 1970-01-01; None: not filled yet.
    pub opened_at: Option<i64>,
    /// Day of its oldest harvest, since 1970-01-01.
    pub harvested: Option<i32>,
    /// A certificate of it was issued.
    pub certified: bool,
}

impl Trace {
    /// An event; None: there is none.
    #[must_use]
    pub fn event_view(&self, event: EventHandle) -> Option<EventView> {
        let row = self.event(event)?;
        // Of a transformation these stand for something else.
        let answers = row.kind != Kind::Transform;
        let named = |number: u32| (answers && number != NONE).then_some(EventHandle(number));
        Some(EventView {
            at: row.at,
            logged_at: row.logged_at,
            issuer: row.issuer,
            undone: row.state == EventState::Undone,
            pinned: row.state == EventState::Pinned,
            of: named(row.of),
            answered: named(row.answered),
            leaves: row.kind == Kind::Out || row.kind == Kind::Ship && row.other == NONE,
        })
    }

    /// The lots of an event's lines, each once, rising.
    #[must_use]
    pub fn lots_of(&self, event: EventHandle) -> Vec<LotHandle> {
        let lines = self.lines_of(event).filter(|(_, line)| line.role.is_of_lot());
        let lots: std::collections::BTreeSet<_> =
            lines.map(|(_, line)| LotHandle(line.lot)).collect();
        lots.into_iter().collect()
    }

    /// Whether an event filled a lot.
    #[must_use]
    pub fn fills(&self, event: EventHandle, lot: LotHandle) -> bool {
        let mut lines = self.lines_of(event);
        lines.any(|(_, line)| line.role == Role::Fill && line.lot == lot.0)
    }

    /// What became of a shipment, by lot; None: it is none, or was undone.
    #[must_use]
    pub fn shipment(&self, of: EventHandle) -> Option<Vec<SentLine>> {
        let row = self.standing(of).filter(|row| row.kind == Kind::Ship)?;
        let lines = self.lines_of(of).filter(|(_, line)| line.role == Role::Ship);
        let left = row.other != NONE && row.answered == NONE;
        let one = |quantity: u64, lot| {
            let open = if left { quantity } else { 0 };
            let (accepted, refused, dried, disputed) = (0, 0, 0, 0);
            SentLine { lot, sent: quantity, accepted, refused, dried, disputed, open }
        };
        let all = lines.map(|(_, line)| one(line.quantity, LotHandle(line.lot)));
        let mut all: Vec<SentLine> = all.collect();
        let answer = EventHandle(row.answered);
        for told in &mut all {
            // A lot's own lines after it was sent: receipt, refusal's receipt, settlements.
            for line in self.lines_of_lot(told.lot).take_while(|line| line.event > of.0) {
                let event = self.event(EventHandle(line.event));
                let receipt = EventHandle(line.event) == answer;
                let settles = event.is_some_and(|it| it.kind == Kind::Settle && it.of == answer.0);
                match line.role {
                    Role::Accepted if receipt => {
                        told.accepted = told.accepted.saturating_add(line.quantity)
                    }
                    Role::SettledAccepted if settles => {
                        told.accepted = told.accepted.saturating_add(line.quantity)
                    }
                    Role::Refused if receipt => {
                        told.refused = told.refused.saturating_add(line.quantity)
                    }
                    Role::Dried if receipt => told.dried = told.dried.saturating_add(line.quantity),
                    _ => {}
                }
            }
            let missing = self
                .lines_of(answer)
                .filter(|(_, line)| line.role == Role::Missing && LotHandle(line.lot) == told.lot);
            let open = missing.filter_map(|(place, _)| self.disputes.get(&place));
            told.disputed = open.fold(0, |sum, part| sum.saturating_add(*part));
        }
        Some(all)
    }

    /// A lot; None: there is none.
    #[must_use]
    pub fn lot_view(&self, lot: LotHandle) -> Option<LotView> {
        let row = self.row(lot)?;
        Some(LotView {
            material: row.material,
            producer: row.producer,
            opening: row.opening,
            opened_at: (row.opened_at != super::rows::NEVER).then_some(row.opened_at),
            harvested: (row.harvested != super::rows::NO_DAY).then_some(row.harvested),
            certified: row.marks.has(Marks::CERTIFIED),
        })
    }
}
