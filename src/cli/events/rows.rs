//! Rows of a table as events: rows with one name are one event, a row without name and kind goes
//! on with the event above it. What all of an event share stands once, or the same each time. Not
//! here: what a kind makes of them (`kinds`).

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use anyhow::Error;

use super::super::common::cells::{Cells, Column};
use super::super::common::words::{Worded, tr};
use super::columns::{AMOUNTS, COLUMNS};
use crate::reader::{Headed, Noun, column_letters, read_headed};

/// One row: what stands in its cells, by column.
#[derive(Clone, Debug, Default)]
pub struct EventRow {
    /// Line in the file.
    pub line: u64,
    texts: BTreeMap<&'static str, String>,
}

/// The rows of one event.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The line it begins in.
    pub line: u64,
    /// The issuer's own name for it.
    pub name: Option<String>,
    /// Its rows.
    pub rows: Vec<EventRow>,
    /// What is wrong, each with its line.
    pub faults: Vec<String>,
    places: Rc<Places>,
}

/// Letters and head of each column that is read.
type Places = HashMap<&'static str, (String, String)>;

/// The events of a file.
pub struct EventTable {
    /// In the order in which they begin.
    pub groups: Vec<Group>,
    /// Heads and sheets that are not read.
    pub others: Vec<String>,
    /// Rows above the head.
    pub above: usize,
    /// The encoding of a text that is not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Reads a table of events.
///
/// # Errors
/// A file that is no such table; faults of rows stand in their events.
pub fn read_table(bytes: &[u8]) -> anyhow::Result<EventTable> {
    let table = read_headed(bytes, &|cell| COLUMNS.named(cell).is_some()).map_err(Error::msg)?;
    let Headed { head, rows, above, other_sheets, encoding } = table;
    let (columns, mut others) = COLUMNS.of(&head)?;
    others.extend(other_sheets.iter().map(|sheet| format!("sheet {sheet}")));
    let place = |(name, column): (&&'static str, &Column)| {
        (*name, (column_letters(column.place), column.head.clone()))
    };
    let places: Rc<Places> = Rc::new(columns.iter().map(place).collect());
    let mut groups: Vec<Group> = Vec::new();
    let mut named: HashMap<String, usize> = HashMap::new();
    let mut last = None;
    for row in &rows {
        let cells = Cells::of(&columns, row, head.cells.len());
        let texts = texts_of(&cells);
        let name = texts.get("name").cloned();
        let place = match &name {
            Some(name) => named.get(name).copied(),
            None if !texts.contains_key("kind") => last,
            None => None,
        };
        let place = place.unwrap_or_else(|| {
            if let Some(name) = &name {
                named.insert(name.clone(), groups.len());
            }
            let places = places.clone();
            groups.push(Group { line: row.line, name, places, ..Group::default() });
            groups.len().saturating_sub(1)
        });
        last = Some(place);
        let Some(group) = groups.get_mut(place) else { continue };
        for fault in cells.into_faults() {
            group.fault(row.line, fault);
        }
        group.rows.push(EventRow { line: row.line, texts });
    }
    if groups.is_empty() {
        anyhow::bail!("the table has no rows; --example prints one to start from");
    }
    Ok(EventTable { groups, others, above, encoding })
}

/// What stands in the cells of a row.
fn texts_of(cells: &Cells<'_>) -> BTreeMap<&'static str, String> {
    let columns = COLUMNS.must.iter().chain(COLUMNS.may);
    let text = |column: &&'static str| {
        let text = match *column {
            "lot" | "unit" | "inner" => cells.identifier(column),
            "region" => cells.named(column, Noun::Region).map(str::to_owned),
            // Read with the quantity.
            "measure" => None,
            amount if AMOUNTS.contains(&amount) => cells.optional_amount(column),
            _ => cells.optional(column),
        };
        Some((*column, text?))
    };
    columns.filter_map(text).collect()
}

impl EventRow {
    /// What stands in a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.texts.get(column).map(String::as_str)
    }
}

impl Group {
    /// What is wrong.
    pub fn fault(&mut self, line: u64, what: impl std::fmt::Display) {
        self.faults.push(format!("{} {what}", tr("fault-line", &[("line", &line.to_string())])));
    }

    /// What is wrong in a column.
    pub fn fault_in(&mut self, line: u64, column: &str, what: &impl Worded) {
        let words = what.worded().1;
        match self.places.get(column) {
            Some((place, head)) => {
                let values = [("place", place.as_str()), ("head", head), ("what", &words)];
                self.fault(line, tr("fault-at", &values));
            }
            None => self.fault(line, format!("{column}: {words}")),
        }
    }

    /// What the event as a whole says in a column, and in which line: once, or each time alike.
    pub fn shared(&mut self, column: &'static str) -> Option<(u64, String)> {
        let mut said = self.rows.iter().filter_map(|row| Some((row.line, row.get(column)?)));
        let (line, text) = said.next()?;
        let other = said.find(|(_, other)| *other != text);
        let other = other.map(|(line, other)| (line, other.to_owned()));
        let text = text.to_owned();
        if let Some((at, other)) = other {
            let values = [("value", other.as_str()), ("other", &text), ("line", &line.to_string())];
            self.fault_in(at, column, &tr("fault-rows-disagree", &values));
        }
        Some((line, text))
    }

    /// The same of what must stand there.
    pub fn needed(&mut self, column: &'static str) -> Option<(u64, String)> {
        let said = self.shared(column);
        if said.is_none() {
            self.fault_in(self.line, column, &tr("fault-empty", &[]));
        }
        said
    }

    /// Says what stands in columns that the kind has no use for: it would be lost.
    pub fn only(&mut self, columns: &[&str]) {
        const ALWAYS: [&str; 6] = ["name", "kind", "at", "offset", "region", "document"];
        let mut stray: Vec<(u64, String)> = Vec::new();
        for row in &self.rows {
            let others = row.texts.keys().filter(|it| !columns.contains(it));
            let others = others.filter(|it| !ALWAYS.contains(it));
            stray.extend(others.map(|column| (row.line, (*column).to_owned())));
        }
        for (line, column) in stray {
            self.fault_in(line, &column, &tr("fault-stray", &[]));
        }
    }
}
