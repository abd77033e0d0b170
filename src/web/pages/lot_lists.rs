//! Lists of a lot's page as files: what happened to it, event by event, and who has or had how much
//! of it, in its smallest unit. Not here: the page, and the whole way back (`trace` of the API).

use super::list_file::Rows;
use crate::names::LotKey;
use crate::register::Register;
use crate::statement::Timestamp;
use crate::trace::{EventHandle, LotHandle};

/// The lists of a lot's page, in its order.
pub(super) const LISTS: [&str; 2] = ["holders", "events"];

/// The rows of a list of a lot's page.
pub(super) fn rows_of<'a>(
    register: &'a Register,
    key: &LotKey,
    handle: LotHandle,
    list: &str,
) -> Option<Rows<'a>> {
    match list {
        "events" => Some(events(register, key, handle)),
        "holders" => Some(holders(register, key)),
        _ => None,
    }
}

fn unit_of(register: &Register, key: &LotKey) -> String {
    register.lot(key).map(|lot| lot.record.unit.to_string()).unwrap_or_default()
}

fn events<'a>(register: &'a Register, key: &LotKey, handle: LotHandle) -> Rows<'a> {
    let (lot, unit) = (key.to_string(), unit_of(register, key));
    let row = move |event: EventHandle| {
        let trace = register.trace();
        let view = trace.event_view(event)?;
        let moved = trace.moved(event).into_iter().filter(|one| one.lot == handle);
        let quantity = moved.fold(0_u64, |sum, one| sum.saturating_add(one.quantity));
        let way = trace.way_of(event).map(|way| register.recipe_named(way).to_string());
        Some(vec![
            lot.clone(),
            trace.kind_word(event)?.to_owned(),
            way.unwrap_or_default(),
            Timestamp::from_seconds(view.at).to_string(),
            Timestamp::from_seconds(view.logged_at).to_string(),
            register.holder_named(view.issuer).to_string(),
            quantity.to_string(),
            unit.clone(),
            register.index_of_event(event)?.to_string(),
        ])
    };
    Rows {
        heads: vec![
            "lot",
            "event",
            "recipe",
            "at",
            "logged_at",
            "party",
            "quantity",
            "unit",
            "entry",
        ],
        all: Box::new(register.trace().events_of(handle).filter_map(row)),
    }
}

fn holders<'a>(register: &'a Register, key: &LotKey) -> Rows<'a> {
    let (lot, unit) = (key.to_string(), unit_of(register, key));
    let row = move |share: crate::register::GoodsShare| {
        let held = share.holding;
        let name = register.party(&share.holder).map(|party| party.name.to_string());
        let parts = [held.free, held.packed, held.in_transit, held.disputed, held.out];
        let named = [lot.clone(), share.holder.to_string(), name.unwrap_or_default()];
        let parts = parts.into_iter().map(|quantity| quantity.to_string());
        named.into_iter().chain(parts).chain(std::iter::once(unit.clone())).collect::<Vec<String>>()
    };
    Rows {
        heads: vec![
            "lot",
            "party",
            "name",
            "free",
            "packed",
            "in_transit",
            "disputed",
            "gone",
            "unit",
        ],
        all: Box::new(register.shares_of(key, None).map(row)),
    }
}
