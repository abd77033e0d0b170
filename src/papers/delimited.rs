//! Papers as CSV (RFC 4180). No spreadsheet takes a cell for a formula: what begins like one gets
//! an apostrophe in front. Not here: what stands in the cells.

use super::{Cell, Paper, PaperError};

/// A mark of the encoding: without it some spreadsheets read another one.
const MARK: &str = "\u{feff}";

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn guarded(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') => {
            format!("'{cell}")
        }
        _ => cell.to_owned(),
    }
}

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let cells = |row: &Vec<Cell>| {
        let cells = row.iter().map(|cell| match cell {
            Cell::Number(number) => number.to_string(),
            other => guarded(&other.shown()),
        });
        cells.collect::<Vec<_>>()
    };
    written(&paper.heads, paper.rows.iter().map(cells))
}

/// A table as CSV with all its cells guarded.
///
/// # Errors
/// [`PaperError`] when a row has more or fewer cells than there are heads.
pub fn csv_of(heads: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, PaperError> {
    written(heads, rows.iter().map(|row| row.iter().map(|cell| guarded(cell)).collect()))
}

fn written<H: AsRef<[u8]>>(
    heads: &[H],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, PaperError> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    let fault = |error: csv::Error| PaperError { reason: error.to_string() };
    table.write_record(heads).map_err(fault)?;
    for row in rows {
        table.write_record(row).map_err(fault)?;
    }
    table.into_inner().map_err(|error| PaperError { reason: error.to_string() })
}
