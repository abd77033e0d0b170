//! Spreadsheets (XLSX, ISO/IEC 29500) as rows of text: the first sheet that is seen and holds
//! something. Sizes are bounded before anything is parsed; a formula is a fault of its row, since
//! what it last showed may be out of date. Not here: what stands in the cells (`values`).

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata};
use zip::ZipArchive;

use super::table::Row;
use crate::limits::{
    SHEET_BYTES_MAX, SHEET_COLUMNS_MAX, SHEET_INFLATED_MAX, SHEET_PARTS_MAX, SHEET_ROWS_MAX,
    SHEET_STYLES_MAX,
};

/// What a spreadsheet file begins with, as every ZIP does.
const ZIP: &[u8] = b"PK\x03\x04";

/// The rows of a spreadsheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The sheet that was read.
    pub name: String,
    /// Its rows that are not empty, each with the number it has in the spreadsheet.
    pub rows: Vec<Row<'static>>,
    /// Other sheets that are seen; they are not read.
    pub others: Vec<String>,
}

/// A row on its way: its cells by column, and what is wrong with them.
#[derive(Default)]
struct Cells {
    texts: BTreeMap<u32, (String, bool)>,
    faults: Vec<String>,
}

/// Whether a file begins as a spreadsheet does.
#[must_use]
pub fn is_sheet(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP)
}

/// Reads the first sheet that is seen and not empty.
///
/// # Errors
/// No spreadsheet, one that is cut off, or one above a limit, with the limit.
pub fn read_sheet(bytes: &[u8]) -> Result<Sheet, String> {
    bounded(bytes)?;
    // The parser reads foreign bytes: should one of them make it fall, the file is at fault.
    let read = catch_unwind(AssertUnwindSafe(|| parsed(bytes)));
    read.unwrap_or_else(|_| Err(unreadable("its parts do not fit together")))
}

fn unreadable(why: impl std::fmt::Display) -> String {
    format!("it is no spreadsheet (XLSX) that can be read: {why}; save it anew, or as CSV UTF-8")
}

/// Counts what the file holds once it is unpacked, part by part, and keeps nothing of it.
fn bounded(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > SHEET_BYTES_MAX {
        return Err(format!("the file has {} bytes; at most {SHEET_BYTES_MAX}", bytes.len()));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > SHEET_PARTS_MAX {
        return Err(format!("the file has {} parts; at most {SHEET_PARTS_MAX}", archive.len()));
    }
    let mut left = SHEET_INFLATED_MAX;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(unreadable)?;
        let styles = part.name().map_err(unreadable)?.to_ascii_lowercase().ends_with("styles.xml");
        let most = if styles { left.min(SHEET_STYLES_MAX) } else { left };
        let taken = std::io::copy(&mut part.take(most.saturating_add(1)), &mut std::io::sink());
        let taken = taken.map_err(unreadable)?;
        if taken > most {
            return Err(format!(
                "unpacked it has more than {} bytes{}; save the rows in a file of their own",
                if styles { SHEET_STYLES_MAX.min(SHEET_INFLATED_MAX) } else { SHEET_INFLATED_MAX },
                if styles { " of cell styles" } else { "" },
            ));
        }
        left = left.saturating_sub(taken);
    }
    Ok(())
}

fn parsed(bytes: &[u8]) -> Result<Sheet, String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let seen = book.sheets_metadata().iter().filter(|sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    });
    let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
    for (place, name) in names.iter().enumerate() {
        let rows = rows_of(&mut book, name)?;
        if !rows.is_empty() {
            let others = names.iter().enumerate().filter(|(other, _)| *other != place);
            let others = others.map(|(_, name)| name.clone()).collect();
            return Ok(Sheet { name: name.clone(), rows, others });
        }
    }
    Err("the spreadsheet is empty".to_owned())
}

fn rows_of(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Row<'static>>, String> {
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(unreadable)? {
        let (row, column) = cell.pos;
        let text = text_of(&cell.value);
        if cell.formula.is_none() && text.as_ref().is_ok_and(|(text, _)| text.is_empty()) {
            continue;
        }
        let at = place_name(row, column);
        if usize::try_from(column).unwrap_or(usize::MAX) >= SHEET_COLUMNS_MAX {
            return Err(format!(
                "cell {at} is not empty: at most {SHEET_COLUMNS_MAX} columns are read; save the \
                 table in a file of its own"
            ));
        }
        let into = rows.entry(row).or_default();
        if let Some(formula) = cell.formula {
            let formula = formula_text(&formula);
            into.faults.push(format!(
                "cell {at} is a formula{formula}: copy it and paste its value (Paste special, \
                 Values)"
            ));
        }
        let text = text.unwrap_or_else(|fault| {
            into.faults.push(format!("cell {at} {fault}"));
            Default::default()
        });
        if into.texts.insert(column, text).is_some() {
            return Err(unreadable(format!("cell {at} stands in it twice")));
        }
        if rows.len() > SHEET_ROWS_MAX {
            return Err(format!(
                "the sheet {name:?} has more than {SHEET_ROWS_MAX} rows: part it into several files"
            ));
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| cells.into_row(row)).collect())
}

impl Cells {
    fn into_row(self, row: u32) -> Row<'static> {
        let end = self.texts.last_key_value().map_or(0, |(column, _)| column.saturating_add(1));
        let mut texts = self.texts;
        let mut numbers = Vec::new();
        let cells = (0..end).map(|column| {
            let (text, number) = texts.remove(&column).unwrap_or_default();
            if number {
                numbers.push(usize::try_from(column).unwrap_or(usize::MAX));
            }
            text.trim().to_owned().into()
        });
        let cells = cells.collect();
        Row {
            line: u64::from(row).saturating_add(1),
            cells,
            cut: false,
            numbers,
            faults: self.faults,
        }
    }
}

/// A cell as text, and whether it was a number.
fn text_of(value: &DataRef<'_>) -> Result<(String, bool), &'static str> {
    Ok(match value {
        DataRef::Empty => (String::new(), false),
        DataRef::String(text) => (text.clone(), false),
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::Int(number) => (number.to_string(), true),
        DataRef::Float(number) => (number_text(*number), true),
        DataRef::Bool(true) => ("TRUE".to_owned(), false),
        DataRef::Bool(false) => ("FALSE".to_owned(), false),
        DataRef::DateTime(time) if time.is_duration() => {
            return Err("holds a duration: write a day and an hour, or a day");
        }
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
            match (hour, minute, second, milli) {
                (0, 0, 0, 0) => (day, false),
                _ => (format!("{day} {hour:02}:{minute:02}:{second:02}{fraction}"), false),
            }
        }
        DataRef::DateTimeIso(text) => (text.clone(), false),
        DataRef::DurationIso(_) => return Err("holds a duration: write a day and an hour"),
        DataRef::Error(_) => return Err("shows an error: mend it in the spreadsheet"),
    })
}

/// The shortest decimal text that is this very number: never a power of ten. Where three digits
/// follow one to three, zeros before it keep the point from being read as one of thousands.
fn number_text(number: f64) -> String {
    let text = number.to_string();
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.len() == 3 && whole.len() <= 3 => {
            format!("{whole:0>4}.{fraction}")
        }
        _ => text,
    }
}

fn formula_text(formula: &XlsxFormulaMetadata) -> String {
    let text = match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula.as_str()
        }
        _ => "",
    };
    let shown: String = text.chars().take(40).collect();
    if shown.is_empty() { shown } else { format!(" (={shown})") }
}

/// A place as spreadsheets name it: `C4`.
fn place_name(row: u32, column: u32) -> String {
    let letters = column_letters(usize::try_from(column).unwrap_or(usize::MAX));
    format!("{letters}{}", row.saturating_add(1))
}

/// The letters of a column, counted from 0, as spreadsheets name it: `C`, `AA`.
#[must_use]
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let cases = [
            (9_520_001_000_003.0, "9520001000003"),
            (1.005, "0001.005"),
            (12.5, "12.5"),
            (1250.125, "1250.125"),
            (0.25, "0.25"),
            (1e21, "1000000000000000000000"),
            (-1.0, "-1"),
        ];
        for (number, text) in cases {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn places_are_named_as_people_see_them() {
        for (row, column, name) in [(0, 0, "A1"), (3, 2, "C4"), (0, 26, "AA1"), (0, 16_383, "XFD1")]
        {
            assert_eq!(place_name(row, column), name);
        }
    }

    #[test]
    fn what_is_no_spreadsheet_is_named() {
        for bytes in [b"PK\x03\x04".as_slice(), b"PK\x03\x04\0\0\0\0", b"", b"lot;quantity\n"] {
            assert!(read_sheet(bytes).unwrap_err().contains("XLSX"));
        }
    }
}
