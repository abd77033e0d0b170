//! Watches of goods: what descends from a lot, what a party holds, what is sent to it. Each entry
//! is looked at against the register before it. Not here: how a watch is written (`watch`).

use crate::names::{LotKey, PartySlug};
use crate::register::Register;
use crate::statement::{
    Claim, Event, EventId, EventKind, LotLine, Receiver, Statement, StatusChange, StatusTarget,
};
use crate::trace::{Direction, LotHandle};

/// What an entry means for what descends from a lot.
pub(super) fn of_descendants(
    lot: &LotKey,
    before: &Register,
    statement: &Statement,
) -> Option<String> {
    let root = before.lot_handle(lot)?;
    let descends = |one: &LotKey| {
        one == lot || before.lot_handle(one).is_some_and(|one| is_above(before, root, one))
    };
    let touched = touched(before, statement);
    if let Some(found) = touched.iter().find(|one| descends(one)) {
        return Some(format!("{found}, which descends from {lot}: {}", told(statement)));
    }
    // A hold or recall of what the lot itself is made of reaches all of them.
    let change = status_of_lot(statement)?;
    let source = before.lot_handle(&change.1)?;
    is_above(before, source, root)
        .then(|| format!("{lot} descends from {}: {}", change.1, told(statement)))
}

/// What an entry means for goods that a party holds.
pub(super) fn of_holder(
    party: &PartySlug,
    before: &Register,
    statement: &Statement,
) -> Option<String> {
    let holder = before.holder(party)?;
    let trace = before.trace();
    let has = |lot: LotHandle| trace.holding(lot, holder) != crate::trace::Holding::default();
    let held = |lot: &LotKey| before.lot_handle(lot).is_some_and(has);
    if let Some(found) = touched(before, statement).iter().find(|lot| held(lot)) {
        return Some(format!("{found}, held by {party}: {}", told(statement)));
    }
    let (_, source) = status_of_lot(statement)?;
    let below = trace.reached(before.lot_handle(&source)?, Direction::Down).lots;
    let found = below.into_iter().find(|lot| has(*lot)).and_then(|lot| before.lot_named(lot))?;
    Some(format!("{found}, held by {party}, descends from {source}: {}", told(statement)))
}

/// What an entry means for shipments to a party.
pub(super) fn of_shipments(
    party: &PartySlug,
    before: &Register,
    statement: &Statement,
) -> Option<String> {
    let Claim::Event(event) = &statement.claim else { return None };
    let by = &statement.issuer;
    if let EventKind::Ship(what) = &event.kind {
        let meant = matches!(&what.to, Receiver::Party(to) if to == party);
        return meant.then(|| format!("{by} ships {} lots to {party}", what.lots.len()));
    }
    let of = answered(event)?;
    let mut at = before.event_with_id(of);
    // From a settlement over the receipt to the shipment.
    while let Some(event) = at {
        if let Some(shipment) = before.trace().shipment_at(event) {
            let to = shipment.to.map(|to| before.holder_named(to));
            return (to.as_ref() == Some(party))
                .then(|| format!("shipment {of} to {party}: {}", told(statement)));
        }
        let next = before.trace().event_view(event).and_then(|view| view.of);
        at = next.filter(|next| next.0 < event.0);
    }
    None
}

/// The event that another answers, settles or undoes.
fn answered(event: &Event) -> Option<&EventId> {
    match &event.kind {
        EventKind::Receive(what) => Some(&what.of),
        EventKind::Settle(what) => Some(&what.of),
        EventKind::Void(what) => match &what.of {
            crate::statement::Undone::Event(of) => Some(of),
            _ => None,
        },
        _ => None,
    }
}

/// Whether one lot came from another, over all levels.
fn is_above(register: &Register, above: LotHandle, lot: LotHandle) -> bool {
    register.trace().reached(lot, Direction::Up).lots.contains(&above)
}

/// A change of status of a lot, and which.
fn status_of_lot(statement: &Statement) -> Option<(&StatusChange, LotKey)> {
    let Claim::StatusChange(change) = &statement.claim else { return None };
    match &change.target {
        StatusTarget::Lot(lot) => Some((change, lot.clone())),
        _ => None,
    }
}

/// The lots that an entry is about.
fn touched(before: &Register, statement: &Statement) -> Vec<LotKey> {
    let keys = |lines: &[LotLine]| lines.iter().map(|line| line.lot.clone()).collect::<Vec<_>>();
    match &statement.claim {
        Claim::Certificate(claim) => vec![claim.lot.clone()],
        Claim::LabelIssue(claim) => vec![claim.lot.clone()],
        Claim::StatusChange(change) => match &change.target {
            StatusTarget::Lot(lot) => vec![lot.clone()],
            StatusTarget::Certificate(serial) => {
                before.certificate(*serial).map(|found| found.record.lot).into_iter().collect()
            }
            _ => Vec::new(),
        },
        Claim::Event(event) => match &event.kind {
            EventKind::Transform(what) => [keys(&what.inputs), keys(&what.outputs)].concat(),
            EventKind::Ship(what) => keys(&what.lots),
            EventKind::Receive(what) => what.lots.iter().map(|line| line.lot.clone()).collect(),
            EventKind::Settle(what) => what.lots.iter().map(|one| one.line.lot.clone()).collect(),
            EventKind::Pack(what) | EventKind::Unpack(what) => keys(&what.lots),
            EventKind::Out(what) => keys(&what.lots),
            EventKind::Loss(what) => keys(&what.lots),
            EventKind::Sample(what) => keys(&what.lots),
            EventKind::Destroy(what) => keys(&what.lots),
            EventKind::Observe(what) => what.lots.clone(),
            EventKind::Void(_) => {
                let of = answered(event).and_then(|of| before.event_with_id(of));
                let lots = of.map(|of| before.trace().lots_of(of)).unwrap_or_default();
                lots.into_iter().filter_map(|lot| before.lot_named(lot)).collect()
            }
        },
        _ => Vec::new(),
    }
}

fn told(statement: &Statement) -> String {
    let by = &statement.issuer;
    match &statement.claim {
        Claim::StatusChange(change) => {
            let (action, reason): (&str, _) = (change.action.into(), change.reason.word());
            format!("{action} by {by} ({reason}), from {}", change.effective_from)
        }
        Claim::Event(event) => format!("{} by {by}", event.kind.word()),
        claim => format!("{} by {by}", claim.kind()),
    }
}
