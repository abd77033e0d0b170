//! `sheet`: all that a consignment says, one fact a row, to read and to print.
//! Not here: the checks, which the report of `tasdiq consignment` lists.

use super::Cell;
use super::told::{Told, amount, named, net_mass, origin, unit, word};
use crate::catalog::BaseUnit;
use crate::consignment::{Committed, ShippedCertificate, ShippedLot};
use crate::names::UnitKey;

pub(super) const HEADS: [&str; 5] = ["Of", "What", "Said", "Quantity", "Unit"];

pub(super) fn rows(told: &Told<'_>) -> Vec<Vec<Cell>> {
    let mut rows = shipment(told);
    for lot in &told.facts.lots {
        of_lot(told, lot, &mut rows);
    }
    units(told, &mut rows);
    for extract in &told.facts.extracts {
        let what = format!("extract of certificate {}", extract.certificate);
        rows.push(counted(&extract.lot.to_string(), &what, extract.quantity, ""));
    }
    commitments(told, &mut rows);
    sums(told, &mut rows);
    rows
}

fn said(of: &str, what: &str, cell: Cell) -> Vec<Cell> {
    let (none, unit) = (Cell::text(""), Cell::text(""));
    vec![Cell::text(of), Cell::text(what), cell, none, unit]
}

fn counted(of: &str, what: &str, quantity: u64, unit: &str) -> Vec<Cell> {
    let (of, what, none) = (Cell::text(of), Cell::text(what), Cell::text(""));
    vec![of, what, none, Cell::Number(quantity), Cell::text(unit)]
}

fn shipment(told: &Told<'_>) -> Vec<Vec<Cell>> {
    const OF: &str = "shipment";
    let facts = told.facts;
    let text = |what: &str, text: String| said(OF, what, Cell::text(text));
    let mut rows = vec![
        text("id", facts.domain.event_iri(&facts.id)),
        text("verdict on the file", told.verdict()),
        text("state", facts.state.clone()),
        text("log entry", format!("{}, logged {}", facts.mark.index, facts.mark.logged_at)),
        text("dispatched", format!("{} (clock {})", facts.event.at, facts.event.offset)),
        text("purpose", word(facts.shipment.purpose)),
        said(OF, "shipped by", named(&facts.shipper)),
        said(OF, "address of the shipper", told.shipper_address()),
        said(OF, "shipped to", told.receiver_name()),
        said(OF, "address of the receiver", told.receiver_address()),
    ];
    if let Some(country) = told.country() {
        rows.push(text("country of the receiver", country.to_owned()));
    }
    if let Some(carrier) = &facts.carrier {
        rows.push(said(OF, "carrier, as named by the shipper", named(carrier)));
    }
    if let Some(answered) = facts.answered {
        rows.push(text("answered by entry", answered.index.to_string()));
    }
    rows.push(text("file made", format!("{} under {} entries", facts.issued_at, facts.sequence)));
    rows
}

fn of_lot(told: &Told<'_>, lot: &ShippedLot, rows: &mut Vec<Vec<Cell>>) {
    let (key, claim) = (lot.record.lot.to_string(), &lot.declaration);
    let of = format!("lot {key}");
    let text = |what: &str, text: String| said(&of, what, Cell::text(text));
    rows.push(text("address", told.facts.domain.lot_iri(&lot.record.lot)));
    rows.push(text("product", claim.name.to_string()));
    rows.push(text("HS 2022", claim.hs_code.to_string()));
    rows.push(said(&of, "origin", origin(lot)));
    rows.push(said(&of, "declared by", named(&lot.producer)));
    rows.push(text("packed", claim.packed_on.to_string()));
    if let Some(day) = claim.expires_on {
        rows.push(text("best before", day.to_string()));
    }
    rows.push(text("status", told.lot_status(lot).to_owned()));
    if let Some(inherited) = &lot.inherited {
        rows.push(text("status comes from lot", inherited.via.to_string()));
    }
    rows.push(counted(&of, &format!("shipped ({})", amount(lot)), lot.sent, unit(lot)));
    rows.push(counted(&of, "of it loose", lot.loose, unit(lot)));
    rows.push(match net_mass(lot) {
        Some(mass) => counted(&of, "net mass", mass, "g"),
        None => said(&of, "net mass", Cell::Blank("to be added: net mass")),
    });
    if told.facts.answered.is_some() {
        rows.push(counted(&of, "accepted by the receiver", lot.accepted, unit(lot)));
        rows.push(counted(&of, "refused by the receiver", lot.refused, unit(lot)));
        rows.push(counted(&of, "missing, as the receiver says", lot.missing, unit(lot)));
    }
    if lot.certificates.is_empty() {
        rows.push(text("certificates", "none".to_owned()));
    }
    for certificate in &lot.certificates {
        rows.push(certified(told, &of, certificate, unit(lot)));
    }
}

fn certified(told: &Told<'_>, of: &str, one: &ShippedCertificate, unit: &str) -> Vec<Cell> {
    let record = &one.record;
    let until = record.valid_until.day();
    let status = told.certificate_status(one);
    let text = format!("{} by {}, until {until}: {status}", record.scheme, one.certifier.party);
    let what = format!("certificate {}", record.serial);
    let (of, what, said) = (Cell::text(of), Cell::text(what), Cell::text(text));
    vec![of, what, said, Cell::Number(record.quantity), Cell::text(unit)]
}

fn name_of(unit: &UnitKey) -> String {
    match unit {
        UnitKey::Sscc(sscc) => format!("SSCC {sscc}"),
        UnitKey::Own(party, number) => format!("unit {party}/{number}"),
    }
}

fn units(told: &Told<'_>, rows: &mut Vec<Vec<Cell>>) {
    for packed in &told.facts.units {
        let of = name_of(&packed.unit);
        if let Some(outer) = &packed.within {
            rows.push(said(&of, "lies in", Cell::text(name_of(outer))));
        }
        for (lot, quantity) in &packed.lots {
            let known = told.facts.lots.iter().find(|known| known.record.lot == *lot);
            rows.push(counted(&of, &format!("of lot {lot}"), *quantity, known.map_or("", unit)));
        }
    }
}

fn commitments(told: &Told<'_>, rows: &mut Vec<Vec<Cell>>) {
    let facts = told.facts;
    let receiver = match &facts.shipment.to {
        crate::statement::Receiver::Elsewhere { commitment, .. } => Some(*commitment),
        crate::statement::Receiver::Party(_) => None,
    };
    for (what, of, commitment) in [
        ("the receiver", Committed::Receiver, receiver),
        ("a document", Committed::Document, facts.event.document),
    ] {
        let Some(commitment) = commitment else { continue };
        let opened = facts.opened.iter().any(|opened| opened.of == of);
        let word = if opened { "opened in this file" } else { "named, not shown" };
        let said_of = format!("commitment to {what}");
        rows.push(said(&said_of, &commitment.to_string(), Cell::text(word)));
    }
    for opened in facts.opened.iter() {
        if let Committed::Bulletin(serial) = opened.of {
            let of = format!("commitment of certificate {serial} to a bulletin");
            let text = Cell::text("opened in this file");
            rows.push(said(&of, &opened.commitment.to_string(), text));
        }
    }
}

/// Sums by unit, over all lots.
fn sums(told: &Told<'_>, rows: &mut Vec<Vec<Cell>>) {
    for base in [BaseUnit::Gram, BaseUnit::Millilitre, BaseUnit::Piece] {
        let of_unit = |lot: &&ShippedLot| lot.declaration.facts.unit == base.code();
        let lots: Vec<_> = told.facts.lots.iter().filter(of_unit).collect();
        if let Some(first) = lots.first() {
            let sum = lots.iter().fold(0_u64, |sum, lot| sum.saturating_add(lot.sent));
            rows.push(counted("all lots", "shipped", sum, unit(first)));
        }
    }
}
