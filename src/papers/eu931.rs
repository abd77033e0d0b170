//! `931`: what a food business hands on with food in the Union, by Article 3(1) of Implementing
//! Regulation (EU) No 931/2011; a row for each lot. It binds for food of animal origin; for other
//! food it is good practice. Not here: which goods it binds for, which the buyer knows.

use super::Cell;
use super::told::{Told, amount, description, named, origin, unit};
use crate::consignment::ShippedLot;

/// Columns with the letter of Article 3(1).
pub(super) const HEADS: [&str; 18] = [
    "(a) Description of the food",
    "(b) Quantity",
    "(b) Unit",
    "(b) Quantity in words",
    "(c) Dispatched by: name",
    "(c) Dispatched by: address",
    "(d) Consignor (owner), if other: name",
    "(d) Consignor (owner), if other: address",
    "(e) Dispatched to: name",
    "(e) Dispatched to: address",
    "(f) Consignee (owner), if other: name",
    "(f) Consignee (owner), if other: address",
    "(g) Lot",
    "(g) Consignment",
    "(h) Date of dispatch",
    "Origin",
    "Status of the lot",
    "Verdict on the file",
];

pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Cell>> {
    let facts = told.facts;
    let if_other = "to be added, if other";
    let consignor = |member| Cell::or_blank(told.of_document(&["consignor", member]), if_other);
    let consignee = |member| Cell::or_blank(told.of_receiver(&["owner", member]), if_other);
    let row = |lot: &ShippedLot| {
        vec![
            description(lot),
            Cell::Number(lot.sent),
            Cell::text(unit(lot)),
            Cell::text(amount(lot)),
            named(&facts.shipper),
            told.shipper_address(),
            consignor("name"),
            consignor("address"),
            told.receiver_name(),
            told.receiver_address(),
            consignee("name"),
            consignee("address"),
            Cell::text(facts.domain.lot_iri(&lot.record.lot)),
            Cell::text(facts.domain.event_iri(&facts.id)),
            Cell::text(told.dispatched_on().to_string()),
            origin(lot),
            Cell::text(told.lot_status(lot)),
            Cell::text(told.verdict()),
        ]
    };
    facts.lots.iter().map(row).collect()
}
