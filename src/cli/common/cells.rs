//! The cells of a table by column: which heads people call a column by, the units that heads name,
//! and every fault of a row kept until all are known. Not here: which columns a verb reads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use anyhow::bail;
use serde::Serialize;

use super::words::{Worded, tr};
use crate::names::Gtin;
use crate::reader::{
    Noun, Row, cell_text, code_of, column_letters, folded, parse_day, parse_quantity, spoilt_gtin,
};
use crate::statement::{Day, is_hidden};

/// The columns of a kind of table.
#[derive(Clone, Copy)]
pub struct Columns {
    /// Those that must be there.
    pub must: &'static [&'static str],
    /// Those that may be.
    pub may: &'static [&'static str],
    /// Other heads of a column: French, Arabic, and what people write.
    pub heads: &'static [(&'static str, &'static [&'static str])],
    /// Those whose head may name a unit, as in `quantity (L)`.
    pub amounts: &'static [&'static str],
}

/// A column of a table.
pub struct Column {
    /// Where it stands, from 0.
    pub place: usize,
    /// Its head, as written.
    pub head: String,
    /// The unit that its head names, as in `quantity (L)`.
    pub unit: Option<String>,
}

/// Whether what stands in the brackets of a head is a unit and nothing more.
fn is_unit(text: &str) -> bool {
    let letters = !text.is_empty() && text.chars().all(char::is_alphabetic);
    letters && parse_quantity(&format!("1 {text}")).is_ok_and(|quantity| quantity.unit.is_some())
}

/// A head without what stands in brackets behind it, and that.
fn parted(head: &str) -> (&str, Option<&str>) {
    let inner = head.trim().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    inner.map_or((head, None), |(name, within)| (name, Some(within.trim())))
}

impl Columns {
    /// The column that a head names.
    #[must_use]
    pub fn named(&self, head: &str) -> Option<&'static str> {
        let head = folded(parted(head).0);
        let mut all = self.must.iter().chain(self.may);
        let also = |column: &str| {
            let mut known = self.heads.iter().filter(|(name, _)| *name == column);
            known.any(|(_, also)| also.iter().any(|also| folded(also) == head))
        };
        all.find(|column| folded(column) == head || also(column)).copied()
    }

    /// Where each known column stands, and the heads that mean nothing here.
    ///
    /// # Errors
    /// A column that is missing or stands twice, brackets that hold no unit.
    pub fn of(
        &self,
        head: &Row<'_>,
    ) -> anyhow::Result<(HashMap<&'static str, Column>, Vec<String>)> {
        let (mut columns, mut others) = (HashMap::new(), Vec::new());
        for (place, name) in head.cells.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let within = parted(name).1;
            let amount = self.named(name).is_some_and(|column| self.amounts.contains(&column));
            if let Some(within) = within.filter(|within| amount && !is_unit(within)) {
                bail!("the head {name:?}: {within:?} is no unit (g, kg, mL, L)");
            }
            let unit = within.filter(|_| amount).map(str::to_owned);
            let mut twice = |column, place, head: &str, unit| {
                let head = head.to_owned();
                columns.insert(column, Column { place, head, unit }).is_some()
            };
            match self.named(name) {
                Some(column) if twice(column, place, name, unit) => {
                    bail!("the column {column} stands twice");
                }
                Some(_) => {}
                None => others.push(name.to_string()),
            }
        }
        let missing = self.must.iter().filter(|column| !columns.contains_key(**column));
        let missing: Vec<_> = missing.copied().collect();
        if !missing.is_empty() {
            bail!(
                "columns are missing: {}; columns are {}, and may be {}; --example prints a file \
                 to start from{}",
                missing.join(", "),
                self.must.join(", "),
                self.may.join(", "),
                match others.as_slice() {
                    [] => String::new(),
                    others => format!(". Not known: {}", others.join(", ")),
                }
            );
        }
        Ok((columns, others))
    }
}

/// What is wrong with a cell, or with a row as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellFault {
    /// The column, as this program calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its head, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Its letters in a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Which fault.
    pub code: &'static str,
    /// What is wrong and what to write.
    pub detail: String,
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.place, &self.head) {
            (Some(place), Some(head)) => {
                let values = [("place", place.as_str()), ("head", head), ("what", &self.detail)];
                f.write_str(&tr("fault-at", &values))
            }
            _ => f.write_str(&self.detail),
        }
    }
}

/// All faults of a row in one text.
#[must_use]
pub fn told(faults: &[CellFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The cells of a row, by column, and all that is wrong with them.
pub struct Cells<'a> {
    /// Where each column stands.
    columns: &'a HashMap<&'static str, Column>,
    /// The row.
    row: &'a Row<'a>,
    /// What is wrong with it so far.
    faults: RefCell<Vec<CellFault>>,
}

impl<'a> Cells<'a> {
    /// The cells of a row of a table with so many heads.
    #[must_use]
    pub fn of(columns: &'a HashMap<&'static str, Column>, row: &'a Row<'a>, heads: usize) -> Self {
        let cells = Self { columns, row, faults: RefCell::default() };
        row.faults.iter().for_each(|fault| cells.row_fault(fault));
        if row.cut {
            cells.row_fault(&tr("fault-row-long", &[]));
        }
        if row.cells.iter().skip(heads).any(|cell| !cell.is_empty()) {
            cells.row_fault(&tr("fault-row-wide", &[]));
        }
        cells
    }

    /// What is wrong, in the order it was found.
    #[must_use]
    pub fn into_faults(self) -> Vec<CellFault> {
        let mut faults: Vec<CellFault> = Vec::new();
        for fault in self.faults.into_inner() {
            // A cell may be read more than once.
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }

    /// Something is wrong with the row as a whole.
    pub fn row_fault(&self, what: &str) {
        self.faults.borrow_mut().push(CellFault::of_row(what));
    }

    /// Something is wrong in a column.
    pub fn fault(&self, column: &str, what: &impl Worded) {
        let (code, detail) = what.worded();
        let value = Some(self.shown(column)).filter(|text| !text.is_empty());
        let known = self.columns.get(column);
        self.faults.borrow_mut().push(CellFault {
            column: Some(column.to_owned()),
            head: Some(known.map_or_else(|| column.to_owned(), |known| known.head.clone())),
            place: known.map(|known| column_letters(known.place)),
            value,
            code,
            detail,
        });
    }

    /// What is said in a column with a message of its own.
    pub fn fault_of(&self, column: &str, id: &'static str, values: &[(&str, &str)]) {
        self.fault(column, &Message(id, tr(id, values)));
    }

    /// What succeeded; a fault is kept.
    pub fn good<T>(&self, column: &str, found: Result<T, impl Worded>) -> Option<T> {
        found.map_err(|fault| self.fault(column, &fault)).ok()
    }

    /// The code of the catalogue that a cell names, if one stands there.
    pub fn named(&self, column: &str, noun: Noun) -> Option<&'static str> {
        let text = self.optional(column)?;
        self.good(column, code_of(noun, &text))
    }

    /// The same of what must stand there.
    pub fn needed_named(&self, column: &str, noun: Noun) -> Option<&'static str> {
        self.needed_there(column).then(|| self.named(column, noun)).flatten()
    }

    /// As written, for people; empty when the cell or the column is not there.
    pub fn shown(&self, column: &str) -> String {
        let column = self.columns.get(column);
        let cell = column.and_then(|column| self.row.cells.get(column.place));
        cell.map(ToString::to_string).unwrap_or_default()
    }

    /// Whether a spreadsheet holds the cell as a number.
    fn is_number(&self, column: &str) -> bool {
        self.columns.get(column).is_some_and(|column| self.row.numbers.contains(&column.place))
    }

    /// A quantity that must be there, with the unit of its head where it names none.
    pub fn amount(&self, column: &str) -> Option<String> {
        self.needed_there(column).then(|| self.optional_amount(column)).flatten()
    }

    /// The same, if one stands there.
    pub fn optional_amount(&self, column: &str) -> Option<String> {
        let text = self.optional(column)?;
        let of_head = self.columns.get(column).and_then(|column| column.unit.clone());
        let beside = || if column == "pack_size" { None } else { self.optional("measure") };
        let unit = match beside() {
            Some(unit) => {
                self.good("measure", code_of(Noun::Unit, &unit))?;
                Some(unit)
            }
            None => of_head,
        };
        let plain = !text.contains(char::is_alphabetic);
        // Beside a column of units a number without one would be a thousandth of what is meant.
        if plain && unit.is_none() && column != "pack_size" && self.columns.contains_key("measure")
        {
            self.fault_of("measure", "fault-empty-example", &[("example", "kg")]);
            return None;
        }
        Some(unit.filter(|_| plain).map_or(text.clone(), |unit| format!("{text} {unit}")))
    }

    /// What stands there, without the dress of a spreadsheet; None if nothing does.
    pub fn optional(&self, column: &str) -> Option<String> {
        let text = self.good(column, cell_text(&self.shown(column)))?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Several things of one cell, parted by `|`.
    pub fn several(&self, column: &str) -> Vec<String> {
        let text = self.optional(column).unwrap_or_default();
        let parts = text.split('|').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// The same of what must stand there.
    pub fn needed(&self, column: &str) -> Option<String> {
        self.needed_there(column).then(|| self.optional(column)).flatten()
    }

    /// Whether something stands where something must.
    pub fn needed_there(&self, column: &str) -> bool {
        let there = !self.shown(column).is_empty();
        if !there {
            let example = example_of(column);
            match example.is_empty() {
                true => self.fault_of(column, "fault-empty", &[]),
                false => self.fault_of(column, "fault-empty-example", &[("example", example)]),
            }
        }
        there
    }

    /// A day, if one stands there.
    pub fn day(&self, column: &str) -> Option<Day> {
        let text = self.optional(column)?;
        self.good(column, parse_day(&text))
    }

    /// A day that must stand there.
    pub fn needed_day(&self, column: &str) -> Option<Day> {
        let text = self.needed(column)?;
        self.good(column, parse_day(&text))
    }

    /// An identifier that must stand there.
    pub fn needed_identifier(&self, column: &str) -> Option<String> {
        self.needed_there(column).then(|| self.identifier(column)).flatten()
    }

    /// Text of a lot or GTIN, without the marks and spaces that none has, unless a spreadsheet
    /// spoilt it.
    pub fn identifier(&self, column: &str) -> Option<String> {
        let plain: String = self.shown(column).chars().filter(|c| !is_hidden(*c)).collect();
        let text = self.good(column, cell_text(&plain))?;
        let parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let text = Some(parts.join("/")).filter(|text| !text.is_empty())?;
        if self.is_number(column) && !is_whole_gtin(&text) {
            self.fault_of(column, "fault-number-cell", &[("value", &text)]);
            return None;
        }
        if spoilt_gtin(&text).is_some() {
            self.fault_of(column, "fault-gtin-spoilt", &[("value", &text)]);
            return None;
        }
        Some(text)
    }
}

/// A message that was put into words.
struct Message(&'static str, String);

impl Worded for Message {
    fn worded(&self) -> (&'static str, String) {
        (self.0, self.1.clone())
    }
}

impl CellFault {
    /// A fault of a row as a whole.
    #[must_use]
    pub fn of_row(what: &str) -> Self {
        let (column, head, place, value) = (None, None, None, None);
        Self { column, head, place, value, code: "row", detail: what.to_owned() }
    }
}

/// What may stand in a column, for who left it empty.
fn example_of(column: &str) -> &'static str {
    match column {
        "quantity" => "800 L",
        "pack_size" => "250 mL",
        "decision_date" | "valid_until" | "packed_on" => "02/11/2026",
        "lot" => "A24B017",
        "campaign" => "2026",
        "region" => "Souss-Massa",
        "product" => "argane",
        "scheme" => "bio-maroc",
        "edition" => "2018",
        "operator" => "my-coop",
        "materials" => "argan-fruit|argane",
        "regions" => "Souss-Massa|MA-03",
        _ => "",
    }
}

/// Whether digits are a whole GTIN: of a length that one has, with its check digit.
fn is_whole_gtin(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && Gtin::parse(text).is_ok()
}
