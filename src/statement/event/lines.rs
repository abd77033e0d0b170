//! Lines of events: lots with quantities, and logistic units, each once and in the order of their
//! addresses, so that one set of lines has one form.

use serde::{Deserialize, Serialize};

use super::super::envelope::{Envelope, inconsistent};
use super::super::lot::read_lot_at;
use crate::limits::EVENT_LINES_MAX;
use crate::names::{LotKey, UnitKey};
use crate::statement::{Domain, StatementError, whole_quantity};

/// A quantity of a lot, in the lot's smallest unit: 1 to 2^53 - 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotLine {
    /// The lot.
    pub lot: LotKey,
    /// How much of it.
    pub quantity: u64,
}

/// A line as it stands in a statement.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineMembers {
    pub lot: String,
    pub quantity: i64,
}

/// The lines of a list: at most `most`, each lot once, in the order of their addresses.
pub(super) fn read_lines(
    envelope: &Envelope<'_>,
    at: &'static str,
    lines: &[LineMembers],
    most: usize,
) -> Result<Vec<LotLine>, StatementError> {
    in_order(at, lines.iter().map(|line| line.lot.as_str()), most)?;
    let read = |line: &LineMembers| {
        let lot = read_lot_at(envelope, at, &line.lot)?;
        Ok(LotLine { lot, quantity: quantity(at, line.quantity)? })
    };
    lines.iter().map(read).collect()
}

/// The logistic units of a list, likewise.
pub(super) fn read_units(
    envelope: &Envelope<'_>,
    units: &[String],
) -> Result<Vec<UnitKey>, StatementError> {
    in_order("units", units.iter().map(String::as_str), EVENT_LINES_MAX)?;
    units.iter().map(|iri| read_unit(envelope, "units", iri)).collect()
}

/// Reads the address of a logistic unit; a fault of an identifier keeps its own code.
pub(super) fn read_unit(
    envelope: &Envelope<'_>,
    at: &'static str,
    iri: &str,
) -> Result<UnitKey, StatementError> {
    if let Some(unit) = envelope.domain.unit_of(iri) {
        return Ok(unit);
    }
    let path = iri.strip_prefix(&envelope.domain.url("")).unwrap_or_default();
    match UnitKey::parse_path(path) {
        Err(fault) if !path.is_empty() => Err(StatementError::Identifier { at, fault }),
        _ => Err(inconsistent(at, format!("{iri} is no logistic unit of this ledger"))),
    }
}

/// Addresses rise strictly, and are no more than `most`.
pub(super) fn in_order<'a>(
    at: &'static str,
    addresses: impl Iterator<Item = &'a str>,
    most: usize,
) -> Result<(), StatementError> {
    let mut last: Option<&str> = None;
    for (place, address) in addresses.enumerate() {
        if place >= most {
            return Err(inconsistent(at, format!("at most {most} lines")));
        }
        if last.is_some_and(|last| last >= address) {
            return Err(inconsistent(at, "in the order of their addresses, each once"));
        }
        last = Some(address);
    }
    Ok(())
}

/// At least one line among several lists.
pub(super) fn some_line(lists: &[usize]) -> Result<(), StatementError> {
    if lists.iter().all(|lines| *lines == 0) {
        return Err(inconsistent("lots", "at least one line must stand there"));
    }
    Ok(())
}

/// A quantity of a line.
pub(super) fn quantity(at: &'static str, number: i64) -> Result<u64, StatementError> {
    whole_quantity(number).map_err(|fault| StatementError::Quantity { at, fault })
}

/// Lines as they are written, in their order.
pub(super) fn written(domain: &Domain, lines: &[LotLine]) -> Vec<LineMembers> {
    let mut written: Vec<LineMembers> = lines
        .iter()
        .map(|line| LineMembers {
            lot: domain.lot_iri(&line.lot),
            quantity: i64::try_from(line.quantity).unwrap_or(i64::MAX),
        })
        .collect();
    written.sort_by(|a, b| a.lot.cmp(&b.lot));
    written
}

/// Units as they are written, in their order.
pub(super) fn written_units(domain: &Domain, units: &[UnitKey]) -> Vec<String> {
    let mut written: Vec<String> = units.iter().map(|unit| domain.unit_iri(unit)).collect();
    written.sort();
    written
}
