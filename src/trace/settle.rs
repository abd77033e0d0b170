//! How a dispute ends: lost or returned on the shipper's word, accepted on the receiver's, all
//! three on a third party's. A shipment that nobody answered for a month its shipper settles whole.

use std::collections::BTreeMap;

use super::act::{Act, Event, Outcome, Settled, Settlement};
use super::handles::{EventHandle, Holder, LotHandle, NONE};
use super::rows::{EventRow, Kind, Line, Role, UnitState};
use super::short::Short;
use super::state::Trace;
use super::transform::distinct;
use crate::limits::UNANSWERED_SECONDS;

impl Trace {
    /// What is in dispute is settled, or a shipment that nobody answered.
    pub(super) fn settle(&mut self, event: &Event) -> Result<Outcome, Short> {
        let Act::Settle { of, lines, third } = &event.act else { return Err(Short::Empty) };
        if lines.is_empty() {
            self.refuse(Short::Empty)?;
        }
        distinct(self, lines.iter().map(|line| line.lot))?;
        let missing = Short::ShipmentState { of: *of, answered: None };
        let row = self.standing(*of).ok_or_else(|| missing.clone())?;
        let (receipt, ship) = match row.kind {
            Kind::Ship if row.other == NONE => return Err(missing),
            Kind::Ship if row.answered == NONE => return self.settle_unanswered(event, *of, row),
            // What a shipment's receipt left open.
            Kind::Ship => (EventHandle(row.answered), row),
            Kind::Receive => (*of, self.shipment_of(*of).ok_or(missing)?),
            _ => return Err(missing),
        };
        if !third {
            self.may_settle(event.issuer, *of, &ship, lines)?;
        }
        let handle = self.push_event(event, Kind::Settle, |row| row.of = receipt.0);
        for line in lines {
            self.settle_line(receipt, &ship, line)?;
        }
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// The shipper says that goods are lost or his again, the receiver that he has them.
    fn may_settle(
        &self,
        issuer: Holder,
        of: EventHandle,
        ship: &EventRow,
        lines: &[Settlement],
    ) -> Result<(), Short> {
        let receiver = Holder(ship.other);
        let own = |line: &Settlement| match line.how {
            Settled::Accepted => issuer == receiver,
            Settled::Lost | Settled::Returned => issuer == ship.issuer,
        };
        if !lines.iter().all(own) {
            self.refuse(Short::NotReceiver { of, receiver: Some(receiver) })?;
        }
        Ok(())
    }

    fn settle_line(
        &mut self,
        receipt: EventHandle,
        ship: &EventRow,
        line: &Settlement,
    ) -> Result<(), Short> {
        let (lot, asked) = (line.lot, line.quantity.get());
        let is_open = |(_, it): &(u32, &Line)| it.role == Role::Missing && LotHandle(it.lot) == lot;
        let open = self.lines_of(receipt).find(is_open).map(|(place, it)| (place, it.place));
        let left = |place: u32| self.disputes.get(&place).copied().unwrap_or_default();
        let available = open.map_or(0, |(place, _)| left(place));
        if available < asked {
            let holder = ship.issuer;
            self.refuse(Short::Insufficient { lot, holder, available, asked })?;
        }
        if let Some((place, _)) = open {
            self.change_dispute(place, available.saturating_sub(asked));
        }
        self.change_holding(lot, ship.issuer, |row| {
            row.disputed = row.disputed.saturating_sub(asked);
        });
        let place = open.map_or(0, |(_, place)| place);
        self.settled(ship, lot, asked, line.how, place);
        Ok(())
    }

    fn change_dispute(&mut self, place: u32, left: u64) {
        match left {
            0 => self.disputes.remove(&place),
            left => self.disputes.insert(place, left),
        };
    }

    /// Goods that were in dispute or on their way are somewhere.
    fn settled(&mut self, ship: &EventRow, lot: LotHandle, asked: u64, how: Settled, place: u16) {
        let role = match how {
            Settled::Lost => {
                self.change(lot, |row| {
                    row.lost = row.lost.saturating_add(asked);
                    row.labels_go(asked);
                });
                Role::SettledLost
            }
            Settled::Returned => {
                self.change_holding(lot, ship.issuer, |row| {
                    row.free = row.free.saturating_add(asked);
                });
                Role::SettledReturned
            }
            Settled::Accepted => {
                self.pass_over(Holder(ship.other), ship, (lot, asked, 0), u64::saturating_add);
                Role::SettledAccepted
            }
        };
        self.push_line(role, lot.0, asked, place);
    }

    /// After a month without answer the shipper says what became of all of it.
    fn settle_unanswered(
        &mut self,
        event: &Event,
        of: EventHandle,
        ship: EventRow,
    ) -> Result<Outcome, Short> {
        let Act::Settle { lines, .. } = &event.act else { return Err(Short::Empty) };
        let waits = event.logged_at < ship.logged_at.get().saturating_add(UNANSWERED_SECONDS);
        let accepted = lines.iter().any(|line| line.how == Settled::Accepted);
        if waits || accepted {
            self.refuse(Short::ShipmentState { of, answered: None })?;
        }
        if event.issuer != ship.issuer {
            self.refuse(Short::NotReceiver { of, receiver: Some(ship.issuer) })?;
        }
        let sent = self.lines_of(of).filter(|(_, line)| line.role == Role::Ship);
        let mut sent: BTreeMap<LotHandle, (u64, u16)> =
            sent.map(|(_, line)| (LotHandle(line.lot), (line.quantity, line.place))).collect();
        let handle = self.push_event(event, Kind::Settle, |row| row.of = of.0);
        let moved = self.lines_of(of).filter(|(_, line)| line.role == Role::UnitMoved);
        let units: Vec<_> = moved.map(|(_, line)| super::handles::Unit(line.lot)).collect();
        for unit in units {
            self.open(unit, handle, event.logged_at, UnitState::Emptied);
        }
        for line in lines {
            let (lot, asked) = (line.lot, line.quantity.get());
            let (quantity, place) = sent.remove(&lot).unwrap_or((0, 0));
            if quantity != asked {
                let sent = (quantity > 0).then_some(quantity);
                self.refuse(Short::ReceiptSum { of, lot, sent, sum: asked })?;
            }
            self.change_holding(lot, ship.issuer, |row| {
                row.transit = row.transit.saturating_sub(asked);
            });
            self.settled(&ship, lot, asked, line.how, place);
        }
        if let Some((lot, (quantity, _))) = sent.into_iter().next() {
            self.refuse(Short::ReceiptSum { of, lot, sent: Some(quantity), sum: 0 })?;
        }
        self.change_event(of, |row| row.answered = handle.0);
        Ok(Outcome { event: Some(handle), ..Outcome::default() })
    }

    /// Takes a settlement back; whether anything rests on it was asked.
    pub(super) fn unsettle(&mut self, event: EventHandle, row: &EventRow, lines: &[(u32, Line)]) {
        let of = EventHandle(row.of);
        let Some(ship) = self.shipment_of(of) else { return };
        let whole = self.event(of).is_some_and(|row| row.kind == Kind::Ship);
        for (_, line) in lines {
            let (lot, quantity) = (LotHandle(line.lot), line.quantity);
            match line.role {
                Role::SettledLost => {
                    self.change(lot, |it| {
                        it.lost = it.lost.saturating_sub(quantity);
                        it.labels_come(quantity);
                    });
                }
                Role::SettledReturned => self.change_holding(lot, ship.issuer, |it| {
                    it.free = it.free.saturating_sub(quantity);
                }),
                Role::SettledAccepted => {
                    let back = (lot, quantity, 0);
                    self.pass_over(Holder(ship.other), &ship, back, u64::saturating_sub);
                }
                _ => continue,
            }
            self.change_holding(lot, ship.issuer, |it| match whole {
                true => it.transit = it.transit.saturating_add(quantity),
                false => it.disputed = it.disputed.saturating_add(quantity),
            });
            let open = self.lines_of(of).find(|(_, it)| {
                it.role == Role::Missing && it.lot == line.lot && it.place == line.place
            });
            if let Some(place) = open.map(|(place, _)| place).filter(|_| !whole) {
                let left = self.disputes.get(&place).copied().unwrap_or_default();
                self.change_dispute(place, left.saturating_add(quantity));
            }
        }
        if whole {
            let plain: Vec<Line> = lines.iter().map(|(_, line)| *line).collect();
            self.close_again(&plain, UnitState::Shipped);
            self.change_event(of, |row| {
                if row.answered == event.0 {
                    row.answered = NONE;
                }
            });
        }
    }
}
