//! The part of the demonstration's story that is trade: packing, the container abroad, the shops
//! and what is missing at one of them, as the register has it now.

use super::goods::{Goods, Linked};
use super::price;
use super::words::Name;
use crate::demo::Script;
use crate::names::PartySlug;
use crate::register::{Lot, PriceWord};
use crate::trace::{EventHandle, Holding, ShipmentState};

/// Events that are looked at for units: a demonstration has fewer.
const EVENTS_MAX: usize = 10_000;

/// Where the jars went.
pub(super) struct Trade {
    pub cartons: String,
    pub pallets: String,
    pub containers: String,
    pub exporter: Linked,
    /// Jars that left abroad, by size.
    pub abroad: Vec<String>,
    pub shops: Vec<Shop>,
    pub shop_count: usize,
    /// What was paid for jars, by size, where anybody says so.
    pub prices: Vec<String>,
}

/// A shop.
pub(super) struct Shop {
    pub party: Linked,
    pub region: Option<Name>,
    pub role: String,
    /// Jars by size.
    pub came: Vec<String>,
    pub sold: Vec<String>,
    /// What was sent and not there, and is not settled.
    pub missing: Option<String>,
}

/// Reads it from the register; None where its parties or lots are not there.
pub(super) fn trade(goods: &Goods<'_>, presser: &PartySlug, script: &Script) -> Option<Trade> {
    let jars: Vec<Lot> =
        script.jars.iter().map(|key| goods.register.lot(key)).collect::<Option<_>>()?;
    let [cartons, pallets, containers] = units(goods, presser, &script.exporter);
    let shops: Vec<Shop> =
        script.shops.iter().map(|slug| shop(goods, presser, slug, &jars)).collect();
    let count = |count: usize| goods.w.number(u64::try_from(count).unwrap_or(u64::MAX));
    Some(Trade {
        cartons: count(cartons),
        pallets: count(pallets),
        containers: count(containers),
        exporter: goods.linked(&script.exporter),
        abroad: pieces(goods, &script.exporter, &jars, |held| held.out),
        shop_count: shops.len(),
        prices: jars.iter().filter_map(|lot| paid(goods, lot)).collect(),
        shops,
    })
}

/// What is known of the price of jars of one size.
fn paid(goods: &Goods<'_>, lot: &Lot) -> Option<String> {
    let known = goods.register.price_word(&lot.record.lot) != PriceWord::None;
    known.then(|| format!("{} — {}", goods.of(lot, lot.pack_size), price::told(goods, lot)))
}

/// How many units were packed: of goods and of units by the presser, and by the exporter.
fn units(goods: &Goods<'_>, presser: &PartySlug, exporter: &PartySlug) -> [usize; 3] {
    let trace = goods.register.trace();
    let mut found = [0; 3];
    for number in 0..trace.event_count().min(EVENTS_MAX) {
        let event = EventHandle(u32::try_from(number).unwrap_or(u32::MAX));
        let view = trace.event_view(event).filter(|view| !view.undone);
        let Some(view) = view.filter(|_| trace.kind_word(event) == Some("pack")) else { continue };
        let by = goods.register.holder_named(view.issuer);
        let place = match (by == *presser, by == *exporter) {
            (true, _) if trace.lots_of(event).is_empty() => 1,
            (true, _) => 0,
            (_, true) => 2,
            _ => continue,
        };
        if let Some(count) = found.get_mut(place) {
            *count += 1;
        }
    }
    found
}

/// So many jars of each size, of what a party has or had.
fn pieces(
    goods: &Goods<'_>,
    party: &PartySlug,
    jars: &[Lot],
    of: impl Fn(&Holding) -> u64,
) -> Vec<String> {
    let told = |lot: &Lot| {
        let handle = goods.register.lot_handle(&lot.record.lot)?;
        let held = goods.register.trace().holding(handle, goods.register.holder(party)?);
        let count = of(&held).checked_div(lot.pack_size).filter(|count| *count > 0)?;
        Some(format!("{} × {}", goods.w.number(count), goods.of(lot, lot.pack_size)))
    };
    jars.iter().filter_map(told).collect()
}

fn shop(goods: &Goods<'_>, presser: &PartySlug, slug: &PartySlug, jars: &[Lot]) -> Shop {
    let trace = goods.register.trace();
    let (role, region) = goods.role_and_region(slug);
    let sent = goods.register.shipments_of(Some(presser), Some(slug));
    let open = sent.filter(|shipment| shipment.state == ShipmentState::Disputed);
    let lines = open.flat_map(|shipment| trace.shipment_lines(shipment.event));
    let missing = lines.filter(|line| line.disputed > 0).find_map(|line| {
        let lot = goods.lot(line.lot)?;
        Some(goods.of(&lot, line.disputed))
    });
    Shop {
        party: goods.linked(slug),
        region,
        role,
        came: pieces(goods, slug, jars, |held| held.free + held.packed + held.out),
        sold: pieces(goods, slug, jars, |held| held.out),
        missing: missing.map(|text| goods.w.with("story-missing", "quantity", &text)),
    }
}
