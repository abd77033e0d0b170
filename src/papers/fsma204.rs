//! `fsma204`: the key data elements of shipping that the FDA's Food Traceability Rule asks for
//! (21 CFR 1.1340), as the sortable spreadsheet it speaks of; a row for each lot.
//! Not here: which foods are on its list, which the importer knows.

use super::Cell;
use super::told::{Told, description, named, origin, unit};
use crate::consignment::ShippedLot;

/// Columns, in the order of 21 CFR 1.1340(a).
pub(super) const HEADS: [&str; 18] = [
    "Traceability lot code",
    "Quantity",
    "Unit of measure",
    "Product description",
    "Recipient: name",
    "Recipient: address",
    "Recipient: country",
    "Shipped from: name",
    "Shipped from: telephone",
    "Shipped from: address",
    "Date shipped",
    "Lot code source: name",
    "Lot code source: telephone",
    "Lot code source reference",
    "Reference document type",
    "Reference document number",
    "Origin",
    "Verdict on the file",
];

pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Cell>> {
    told.facts.lots.iter().map(|lot| row(told, lot)).collect()
}

fn row(told: &Told<'_>, lot: &ShippedLot) -> Vec<Cell> {
    let facts = told.facts;
    let telephone = "to be added: telephone";
    let number = told.of_document(&["number"]);
    let (kind, number) = match number {
        Some(number) => (told.of_document(&["kind"]).unwrap_or("document"), number.to_owned()),
        None => ("shipment in the ledger", facts.domain.event_iri(&facts.id)),
    };
    let country = match told.country() {
        Some(country) => Cell::text(country),
        None => Cell::Blank("to be added: country of the receiver"),
    };
    vec![
        Cell::text(lot.record.lot.to_string()),
        Cell::Number(lot.sent),
        Cell::text(unit(lot)),
        description(lot),
        told.receiver_name(),
        told.receiver_address(),
        country,
        named(&facts.shipper),
        Cell::or_blank(facts.shipper.phone.as_ref(), telephone),
        told.shipper_address(),
        Cell::text(told.dispatched_on().to_string()),
        named(&lot.producer),
        Cell::or_blank(lot.producer.phone.as_ref(), telephone),
        Cell::text(facts.domain.lot_iri(&lot.record.lot)),
        Cell::text(kind),
        Cell::text(number),
        origin(lot),
        Cell::text(told.verdict()),
    ]
}
