//! Rows of a table as events: rows with one name are one event, a row without name and kind goes
//! on with the event above it. What all of an event share stands once, or the same each time. Not
//! here: what a kind makes of them (`kinds`).

use std::collections::{BTreeMap, HashMap};

use anyhow::Error;

use super::super::common::cells::Cells;
use super::columns::{AMOUNTS, COLUMNS, OF_A_LINE};
use crate::reader::{Headed, read_headed};

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
}

/// The events of a file.
pub struct EventTable {
    /// In the order in which they begin.
    pub groups: Vec<Group>,
    /// Heads and sheets that are not read.
    pub others: Vec<String>,
    /// Rows above the head.
    pub above: usize,
}

/// Reads a table of events.
///
/// # Errors
/// A file that is no such table; faults of rows stand in their events.
pub fn read_table(bytes: &[u8]) -> anyhow::Result<EventTable> {
    let table = read_headed(bytes, &|cell| COLUMNS.named(cell).is_some()).map_err(Error::msg)?;
    let Headed { head, rows, above, other_sheets } = table;
    let (columns, mut others) = COLUMNS.of(&head)?;
    others.extend(other_sheets.iter().map(|sheet| format!("sheet {sheet}")));
    let mut groups: Vec<Group> = Vec::new();
    let mut named: HashMap<String, usize> = HashMap::new();
    let mut last = None;
    for row in &rows {
        let cells = Cells { columns: &columns, row, faults: row.faults.clone().into() };
        let texts = texts_of(&cells);
        if row.cut {
            cells.fault("the row is longer than any that is read");
        }
        if row.cells.iter().skip(head.cells.len()).any(|cell| !cell.is_empty()) {
            cells.fault("the row has more cells than the head");
        }
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
            groups.push(Group { line: row.line, name, ..Group::default() });
            groups.len().saturating_sub(1)
        });
        last = Some(place);
        let Some(group) = groups.get_mut(place) else { continue };
        let faults = cells.faults.into_inner();
        group.faults.extend(faults.into_iter().map(|fault| format!("line {}: {fault}", row.line)));
        group.rows.push(EventRow { line: row.line, texts });
    }
    if groups.is_empty() {
        anyhow::bail!("the table has no rows; --example prints one to start from");
    }
    Ok(EventTable { groups, others, above })
}

/// What stands in the cells of a row.
fn texts_of(cells: &Cells<'_>) -> BTreeMap<&'static str, String> {
    let columns = COLUMNS.must.iter().chain(COLUMNS.may);
    let text = |column: &&'static str| {
        let text = match *column {
            "lot" | "unit" | "inner" => cells.identifier(column),
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
        self.faults.push(format!("line {line}: {what}"));
    }

    /// What the event as a whole says in a column, and in which line: once, or each time alike.
    pub fn shared(&mut self, column: &'static str) -> Option<(u64, String)> {
        let mut said = self.rows.iter().filter_map(|row| Some((row.line, row.get(column)?)));
        let (line, text) = said.next()?;
        let other = said.find(|(_, other)| *other != text);
        let other = other.map(|(line, other)| (line, other.to_owned()));
        let text = text.to_owned();
        if let Some((at, other)) = other {
            self.fault(
                at,
                format!("{column} {other:?}, but {text:?} in line {line}: rows of one event agree"),
            );
        }
        Some((line, text))
    }

    /// The same of what must stand there.
    pub fn needed(&mut self, column: &'static str) -> Option<(u64, String)> {
        let said = self.shared(column);
        if said.is_none() {
            self.fault(self.line, format!("{column} is empty"));
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
            let of = if OF_A_LINE.contains(&column.as_str()) { "a line of it" } else { "it" };
            self.fault(line, format!("{column}: {of} says nothing there in this kind of event"));
        }
    }
}
