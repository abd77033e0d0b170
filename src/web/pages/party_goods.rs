//! The goods of a party on its page: what it holds now, which shipments wait for its answer, and
//! of a certifier how many holds it lifted. Bounded: of many lots the newest are looked at.

use super::goods::{Goods, Linked};
use super::words::Name;
use crate::names::PartySlug;
use crate::register::Register;
use crate::statement::{Role, StatusAction, Timestamp};
use crate::trace::{LotHandle, ShipmentState, ShipmentView};

/// Lots that are looked at, newest first.
const LOTS_LOOKED_AT_MAX: usize = 20_000;
/// Lots and shipments that are listed.
const LISTED_MAX: usize = 50;

/// What a party has to do with goods.
pub(super) struct PartyGoods {
    pub held: Vec<HeldLot>,
    pub held_more: String,
    /// Not all lots were looked at.
    pub partly: bool,
    pub waiting: Vec<Waiting>,
    pub waiting_more: String,
}

/// Goods at hand.
pub(super) struct HeldLot {
    pub lot: String,
    pub href: String,
    pub product: Name,
    pub text: String,
}

/// A shipment that nobody answered.
pub(super) struct Waiting {
    pub from: Linked,
    pub day: String,
    pub entry: String,
}

impl PartyGoods {
    /// None of a party that no goods were ever with.
    pub fn of(goods: &Goods<'_>, slug: &PartySlug) -> Option<Self> {
        let trace = goods.register.trace();
        goods.register.holder(slug)?;
        let count = trace.lot_count();
        let (mut held, mut more) = (Vec::new(), 0);
        for (handle, there) in held_by(goods.register, slug) {
            if held.len() == LISTED_MAX {
                more += 1;
                continue;
            }
            let Some(lot) = goods.lot(handle) else { continue };
            held.push(HeldLot {
                lot: lot.record.lot.to_string(),
                href: goods.lot_link(&lot.record.lot),
                product: goods.product(&lot),
                text: goods.of(&lot, there),
            });
        }
        let mut open = waiting_for(goods.register, slug);
        let told = |shipment: ShipmentView| {
            let view = trace.event_view(shipment.event)?;
            let entry = goods.register.index_of_event(shipment.event)?;
            Some(Waiting {
                from: goods.linked(&goods.register.holder_named(shipment.from)),
                day: goods.w.day(Timestamp::from_seconds(view.at).day()),
                entry: entry.to_string(),
            })
        };
        let waiting: Vec<Waiting> = open.by_ref().take(LISTED_MAX).filter_map(told).collect();
        let waiting_more = goods.more(open.count());
        let partly = count > LOTS_LOOKED_AT_MAX;
        if held.is_empty() && waiting.is_empty() {
            return None;
        }
        Some(Self { held, held_more: goods.more(more), partly, waiting, waiting_more })
    }
}

/// What a party has at hand, of the lots that are looked at, newest first: the lot, how much.
pub(super) fn held_by<'a>(
    register: &'a Register,
    slug: &PartySlug,
) -> impl Iterator<Item = (LotHandle, u64)> + use<'a> {
    let holder = register.holder(slug);
    let numbers = (0..register.trace().lot_count()).rev().take(LOTS_LOOKED_AT_MAX);
    let there = move |number: usize| {
        let handle = LotHandle(u32::try_from(number).unwrap_or(u32::MAX));
        let holding = register.trace().holding(handle, holder?);
        let there = holding.free.saturating_add(holding.packed);
        (there > 0).then_some((handle, there))
    };
    numbers.filter_map(there)
}

/// The shipments that wait for a party's answer.
pub(super) fn waiting_for<'a>(
    register: &'a Register,
    slug: &'a PartySlug,
) -> impl Iterator<Item = ShipmentView> + 'a {
    let sent = register.shipments_of(None, Some(slug));
    sent.filter(|shipment| shipment.state == ShipmentState::Waiting)
}

/// How many releases of lots a certifier signed; None of other parties.
pub(super) fn releases(goods: &Goods<'_>, slug: &PartySlug) -> Option<u64> {
    let party = goods.register.party(slug)?;
    let certifies = party.registration.role == Role::Certifier;
    let all = goods.register.changes().filter(|(_, change)| {
        change.event.action == StatusAction::Release
            && change.event.by == *slug
            && change.voided.is_none()
    });
    certifies.then(|| u64::try_from(all.count()).unwrap_or(u64::MAX))
}
