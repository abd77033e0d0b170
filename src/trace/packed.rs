//! How a unit came to hold what it held when an event took it, and what undid an event: walked back
//! over the lines of events. Not here: what lies in a unit now (`units`).

use super::handles::{EventHandle, NONE, Unit, place_of};
use super::rows::{Kind, Role};
use super::state::Trace;

impl Trace {
    /// The standing packings and unpackings since a unit was filled, as it was just before an
    /// event, oldest first; empty if it was not in use then.
    #[must_use]
    pub fn packings_of(&self, unit: Unit, before: EventHandle) -> Vec<EventHandle> {
        let mut found = Vec::new();
        let mut at = self.units.get(&unit).map_or(NONE, |row| row.changed);
        while let Some(row) = self.event(EventHandle(at)) {
            let packs = matches!(row.kind, Kind::Pack | Kind::Unpack) && row.other == unit.0;
            if packs && at < before.0 {
                found.push(EventHandle(at));
                if row.kind == Kind::Pack {
                    break;
                }
            }
            // Each step leads to an older event, so that it ends over foreign bytes too.
            match self.changed_before(unit, EventHandle(at), packs).filter(|last| *last < at) {
                Some(last) => at = last,
                None => break,
            }
        }
        found.reverse();
        found
    }

    /// The event that packed or unpacked a unit last, or sent or received it; what put it into
    /// another or took it out of one counts for nothing.
    pub(super) fn changed_itself(&self, unit: Unit) -> Option<EventHandle> {
        let mut at = self.units.get(&unit)?.changed;
        loop {
            let row = self.event(EventHandle(at))?;
            let nests = matches!(row.kind, Kind::Pack | Kind::Unpack) && row.other != unit.0;
            if !nests {
                return Some(EventHandle(at));
            }
            at = self.changed_before(unit, EventHandle(at), false).filter(|last| *last < at)?;
        }
    }

    /// The event that changed a unit last before one that changed it, too.
    fn changed_before(&self, unit: Unit, event: EventHandle, packs: bool) -> Option<u32> {
        let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).ok();
        self.lines_of(event).find_map(|(_, line)| match line.role {
            Role::UnitBefore if packs => Some(line.lot),
            Role::UnitMoved | Role::UnitOpened | Role::UnitIn | Role::UnitOut
                if line.lot == unit.0 =>
            {
                half(line.quantity)
            }
            _ => None,
        })
    }

    /// The event that undid another, if one did.
    #[must_use]
    pub fn voided_by(&self, event: EventHandle) -> Option<EventHandle> {
        self.event_view(event).filter(|view| view.undone)?;
        let all = self.events.iter().enumerate().rev();
        let voids = |row: &super::rows::EventRow| row.kind == Kind::Void && row.of == event.0;
        all.filter(|(_, row)| voids(row)).map(|(place, _)| EventHandle(place_of(place))).next()
    }
}
