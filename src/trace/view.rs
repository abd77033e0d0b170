//! What is asked of events and shipments: what they are and what became of them.

use super::act::{Opening, Purpose};
use super::handles::{EventHandle, Holder, LotHandle, Material, NONE};
use super::rows::{EventRow, EventState, Kind, Line, Marks, Role};
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

/// A shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipView {
    /// Who sent it.
    pub shipper: Holder,
    /// To whom; None: to somebody who is named by a commitment.
    pub receiver: Option<Holder>,
    /// What for.
    pub purpose: Purpose,
    /// When it was logged, in seconds since 1970-01-01.
    pub logged_at: i64,
    /// The receipt, or the settlement of what nobody answered.
    pub answered: Option<EventHandle>,
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
            at: row.at.get(),
            logged_at: row.logged_at.get(),
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

    /// A shipment that stands.
    #[must_use]
    pub fn ship_view(&self, of: EventHandle) -> Option<ShipView> {
        let row = self.standing(of).filter(|row| row.kind == Kind::Ship)?;
        let purpose = Purpose::ALL.get(usize::from(row.word)).copied()?;
        Some(ShipView {
            shipper: row.issuer,
            receiver: (row.other != NONE).then_some(Holder(row.other)),
            purpose,
            logged_at: row.logged_at.get(),
            answered: (row.answered != NONE).then_some(EventHandle(row.answered)),
        })
    }

    /// How much of a lot went back with those shipments behind an event that are named: sent, and
    /// neither refused nor settled as lost or returned. One walk, however many they are.
    #[must_use]
    pub fn gone_back(
        &self,
        lot: LotHandle,
        after: EventHandle,
        named: impl Fn(EventHandle, ShipView) -> bool,
    ) -> u64 {
        let (mut sent, mut kept) = (0_u64, 0_u64);
        for line in self.lines_of_lot(lot).take_while(|line| line.event > after.0) {
            let sum = match line.role {
                Role::Ship => &mut sent,
                Role::Refused | Role::SettledLost | Role::SettledReturned => &mut kept,
                _ => continue,
            };
            let ship = self.ship_of(EventHandle(line.event));
            let view = ship.and_then(|ship| Some((ship, self.ship_view(ship)?)));
            if view.is_some_and(|(ship, view)| named(ship, view)) {
                *sum = sum.saturating_add(line.quantity);
            }
        }
        sent.saturating_sub(kept)
    }

    /// The shipment that an event answers, settles or is.
    #[must_use]
    pub fn ship_of(&self, event: EventHandle) -> Option<EventHandle> {
        let mut at = event;
        // The longest way: what was missing of what was refused of it is settled.
        for _ in 0..4 {
            let row = self.event(at)?;
            match row.kind {
                Kind::Ship => return Some(at),
                Kind::Receive | Kind::Settle => at = EventHandle(row.of),
                _ => return None,
            }
        }
        None
    }

    /// What became of a shipment, by lot; None: it is none, or was undone.
    #[must_use]
    pub fn shipment(&self, of: EventHandle) -> Option<Vec<SentLine>> {
        let row = self.standing(of).filter(|row| row.kind == Kind::Ship)?;
        let lines = self.lines_of(of).filter(|(_, line)| line.role == Role::Ship);
        Some(lines.map(|(_, line)| self.told_of(of, &row, line)).collect())
    }

    /// The same of one lot of it; None also: the lot is not on it.
    #[must_use]
    pub fn sent_line(&self, of: EventHandle, lot: LotHandle) -> Option<SentLine> {
        let row = self.standing(of).filter(|row| row.kind == Kind::Ship)?;
        let mut lines = self.lines_of(of);
        let line = lines.find(|(_, line)| line.role == Role::Ship && line.lot == lot.0);
        line.map(|(_, line)| self.told_of(of, &row, line))
    }

    fn told_of(&self, of: EventHandle, row: &EventRow, sent: &Line) -> SentLine {
        let lot = LotHandle(sent.lot);
        let open = if row.other != NONE && row.answered == NONE { sent.quantity } else { 0 };
        let (accepted, refused, dried, disputed) = (0, 0, 0, 0);
        let sent = sent.quantity;
        let mut told = SentLine { lot, sent, accepted, refused, dried, disputed, open };
        let answer = EventHandle(row.answered);
        // A lot's own lines after it was sent: receipt, refusal's receipt, settlements.
        for line in self.lines_of_lot(lot).take_while(|line| line.event > of.0) {
            let event = self.event(EventHandle(line.event));
            let receipt = EventHandle(line.event) == answer;
            let settles = event.is_some_and(|it| it.kind == Kind::Settle && it.of == answer.0);
            let figure = match line.role {
                Role::Accepted if receipt => &mut told.accepted,
                Role::SettledAccepted if settles => &mut told.accepted,
                Role::Refused if receipt => &mut told.refused,
                Role::Dried if receipt => &mut told.dried,
                _ => continue,
            };
            *figure = figure.saturating_add(line.quantity);
        }
        let missing = self
            .lines_of(answer)
            .filter(|(_, line)| line.role == Role::Missing && LotHandle(line.lot) == lot);
        let open = missing.filter_map(|(place, _)| self.disputes.get(&place));
        told.disputed = open.fold(0, |sum, part| sum.saturating_add(*part));
        told
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
