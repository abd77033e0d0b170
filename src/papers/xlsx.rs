//! Papers as XLSX: one worksheet, texts as texts, so that none is a formula, and numbers as numbers,
//! so that columns sort and add up. Not here: what stands in the cells.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{Cell, Paper, PaperError};

/// Width of a column, in characters: wide enough for most names, and no more.
const WIDTH: f64 = 24.0;

/// The largest whole number that a spreadsheet keeps exactly: 2^53 - 1 in a float.
const NUMBER_MAX: u64 = (1 << 53) - 1;

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    workbook(paper).map_err(|error| PaperError { reason: error.to_string() })
}

fn workbook(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let (year, month, day) = paper.made_on.ymd();
    let (year, month) = (u16::try_from(year).unwrap_or(1900), u8::try_from(month).unwrap_or(1));
    let made = ExcelDateTime::from_ymd(year, month, u8::try_from(day).unwrap_or(1))?;
    let mut book = Workbook::new();
    // The same file gives the same bytes.
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let (head, blank) = (Format::new().set_bold(), Format::new().set_italic());
    let sheet = book.add_worksheet();
    sheet.set_name(paper.name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, text) in (0_u16..).zip(&paper.heads) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_string_with_format(0, column, *text, &head)?;
    }
    for (line, row) in (1_u32..).zip(&paper.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Number(number) if *number <= NUMBER_MAX => {
                    sheet.write_number(line, column, *number as f64)?;
                }
                Cell::Blank(_) => {
                    sheet.write_string_with_format(line, column, cell.shown(), &blank)?;
                }
                other => {
                    sheet.write_string(line, column, other.shown())?;
                }
            }
        }
    }
    let last = |count: usize| count.saturating_sub(1);
    if let (Ok(rows), Ok(columns)) =
        (u32::try_from(paper.rows.len()), u16::try_from(last(paper.heads.len())))
    {
        sheet.autofilter(0, 0, rows, columns)?;
    }
    book.save_to_buffer()
}
