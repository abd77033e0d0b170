//! The two ways in: whether an act can be, and the same with its effect. Both try it on a clone, so
//! what is refused in the middle has changed nothing.

use std::sync::Arc;

use super::act::{Act, Event, Outcome};
use super::book::Rules;
use super::rows::{EventState, Kind};
use super::short::Short;
use super::state::Trace;

impl Trace {
    /// Whether an act can be, and what it would do beside moving figures.
    ///
    /// # Errors
    /// What it falls short of.
    pub fn judge(&self, event: &Event) -> Result<Outcome, Short> {
        self.clone().take_in(event)
    }

    /// Takes an act in, all of it or nothing.
    ///
    /// # Errors
    /// What it falls short of; nothing has changed then.
    pub fn apply(&mut self, event: &Event) -> Result<Outcome, Short> {
        if asks_first(&event.act) {
            return self.take_in(event);
        }
        let mut next = self.clone();
        let outcome = next.take_in(event)?;
        *self = next;
        Ok(outcome)
    }

    /// On an error the figures are as they come: only clones are handed here, and acts that ask
    /// before they change anything.
    fn take_in(&mut self, event: &Event) -> Result<Outcome, Short> {
        let nothing = |()| Outcome::default();
        match &event.act {
            Act::Book(book) => {
                if let Err(short) = book.check() {
                    self.refuse(short)?;
                }
                self.rules = Arc::new(Rules::of(book.clone()));
                Ok(Outcome::default())
            }
            Act::Declare(what) => Ok(self.declare(event, what)),
            Act::Undeclare { .. } => self.undeclare(event).map(nothing),
            Act::Transform { way, draws, fills } => self.transform(event, *way, draws, fills),
            Act::Ship { .. } => self.ship(event),
            Act::Receive { of, answers } => self.receive(event, *of, answers),
            Act::Settle { .. } => self.settle(event),
            Act::Pack { .. } => self.pack(event),
            Act::Unpack { .. } => self.unpack(event),
            Act::Out { .. } | Act::Loss { .. } | Act::Sample { .. } | Act::Destroy { .. } => {
                self.leave(event)
            }
            Act::Observe { .. } => self.observe(event),
            Act::Void { .. } => self.void(event),
            Act::Reclaim { .. } => self.reclaim(event),
            Act::Certify { .. } => self.certify(event).map(nothing),
            Act::Label { .. } => self.label(event).map(nothing),
            Act::Unlabel { .. } => self.unlabel(event).map(nothing),
            Act::Pin { .. } => self.pin(event).map(nothing),
            Act::Status { .. } | Act::Lift { .. } => self.say(event).map(nothing),
        }
    }

    /// A price or an extract rests on a shipment.
    fn pin(&mut self, event: &Event) -> Result<(), Short> {
        let Act::Pin { of } = event.act else { return Err(Short::Empty) };
        if self.standing(of).is_none_or(|row| row.kind != Kind::Ship) {
            self.refuse(Short::ShipmentState { of, answered: None })?;
        }
        self.change_event(of, |row| row.state = EventState::Pinned);
        Ok(())
    }
}

/// Whether an act is judged as a whole before it changes anything, so that it needs no clone: those
/// that are many.
const fn asks_first(act: &Act) -> bool {
    matches!(act, Act::Declare(_) | Act::Certify { .. } | Act::Label { .. } | Act::Unlabel { .. })
}
