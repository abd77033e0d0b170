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
    let mut rows = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    let fault = |error: csv::Error| PaperError { reason: error.to_string() };
    rows.write_record(&paper.heads).map_err(fault)?;
    for row in &paper.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Number(number) => number.to_string(),
            other => guarded(&other.shown()),
        });
        rows.write_record(cells).map_err(fault)?;
    }
    rows.into_inner().map_err(|error| PaperError { reason: error.to_string() })
}
