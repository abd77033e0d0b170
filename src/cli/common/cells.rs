//! The cells of a table by column: which heads people call a column by, the units that heads name,
//! and every fault of a row kept until all are known. Not here: which columns a verb reads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;

use anyhow::bail;

use crate::names::Gtin;
use crate::reader::{Row, cell_text, folded, parse_day, parse_quantity, spoilt_gtin};
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
            let unit = within.map(str::to_owned);
            match self.named(name) {
                Some(column) if columns.insert(column, Column { place, unit }).is_some() => {
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

/// The cells of a row, by column, and all that is wrong with them.
pub struct Cells<'a> {
    /// Where each column stands.
    pub columns: &'a HashMap<&'static str, Column>,
    /// The row.
    pub row: &'a Row<'a>,
    /// What is wrong with it so far.
    pub faults: RefCell<Vec<String>>,
}

impl Cells<'_> {
    /// What is wrong.
    pub fn fault(&self, what: impl Into<String>) {
        self.faults.borrow_mut().push(what.into());
    }

    /// What succeeded; a fault is kept.
    pub fn good<T>(&self, column: &str, found: Result<T, impl Display>) -> Option<T> {
        found.map_err(|fault| self.fault(format!("{column}: {fault}"))).ok()
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
        let unit = self.columns.get(column).and_then(|column| column.unit.as_ref());
        let plain = !text.contains(char::is_alphabetic);
        Some(unit.filter(|_| plain).map_or(text.clone(), |unit| format!("{text} {unit}")))
    }

    /// What stands there, without the dress of a spreadsheet; None if nothing does.
    pub fn optional(&self, column: &str) -> Option<String> {
        let text = self.good(column, cell_text(&self.shown(column)))?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// The same of what must stand there.
    pub fn needed(&self, column: &str) -> Option<String> {
        self.needed_there(column).then(|| self.optional(column)).flatten()
    }

    /// Whether something stands where something must.
    pub fn needed_there(&self, column: &str) -> bool {
        let there = !self.shown(column).is_empty();
        if !there {
            self.fault(format!("{column} is empty"));
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
            self.fault(format!(
                "{column}: {text:?} is a number of a spreadsheet, which loses zeros: format the \
                 column as text and enter it again"
            ));
            return None;
        }
        match spoilt_gtin(&text) {
            Some(fault) => {
                self.fault(format!("{column}: {fault}"));
                None
            }
            None => Some(text),
        }
    }
}

/// Whether digits are a whole GTIN: of a length that one has, with its check digit.
fn is_whole_gtin(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && Gtin::parse(text).is_ok()
}
