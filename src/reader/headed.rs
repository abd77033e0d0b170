//! A table with a head, as people hand it in: CSV in any dress or a spreadsheet, parted so that
//! most heads are known, with what stands above left out. Not here: which heads a table knows,
//! cells.

use std::borrow::Cow;

use super::encoding::decoded;
use super::kind::{Kind, is_encoding};
use super::sheet::{is_sheet, read_sheet};
use super::table::{Row, Table};

/// Rows among which the head is sought.
const HEAD_AMONG: usize = 10;

/// Most filled cells of a row above the head: more are data, or another head.
const TITLE_CELLS_MAX: usize = 3;

/// A table.
#[derive(Clone, Debug)]
pub struct Headed<'a> {
    /// The head.
    pub head: Row<'a>,
    /// The rows below it, in order.
    pub rows: Vec<Row<'a>>,
    /// Rows above it, such as a title.
    pub above: usize,
    /// Sheets of a spreadsheet that are not read.
    pub other_sheets: Vec<String>,
    /// The encoding of a text that is not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Reads a table; `is_head` says whether a word is one of its heads.
///
/// # Errors
/// What it is instead, or a limit that it exceeds.
pub fn read_headed<'a>(
    bytes: &'a [u8],
    is_head: &dyn Fn(&str) -> bool,
) -> Result<Headed<'a>, String> {
    if is_sheet(bytes) {
        let sheet = read_sheet(bytes)?;
        let above = head_of(&sheet.rows, is_head).1;
        return parted(sheet.rows, above, sheet.others);
    }
    // A control in a cell is a fault of its row, not of the file.
    let probed: Vec<u8> = bytes.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    match Kind::of(&probed) {
        Kind::Foreign(why) if !is_encoding(why) => return Err(why.to_owned()),
        Kind::Foreign(_) | Kind::Text(_) => {}
        _ => return Err("it is no table: save the sheet as CSV UTF-8".to_owned()),
    }
    let (text, encoding) = decoded(bytes)?;
    let table = match text {
        Cow::Borrowed(text) => parted_text(text, is_head)?,
        Cow::Owned(text) => parted_text(&text, is_head)?.into_owned(),
    };
    Ok(Headed { encoding, ..table })
}

fn parted_text<'a>(text: &'a str, is_head: &dyn Fn(&str) -> bool) -> Result<Headed<'a>, String> {
    let look = |table: &Table<'a>| {
        let rows: Vec<_> = table.clone().take(HEAD_AMONG).collect();
        head_of(&rows, is_head)
    };
    let ways = Table::ways(text).into_iter().map(|table| (look(&table), table));
    let found = ways.reduce(|one, other| if other.0.0 > one.0.0 { other } else { one });
    let ((_, above), table) = found.unwrap_or_else(|| ((0, 0), Table::of(text)));
    parted(table.collect(), above, Vec::new())
}

impl Headed<'_> {
    fn into_owned(self) -> Headed<'static> {
        let Self { head, rows, above, other_sheets, encoding } = self;
        let rows = rows.into_iter().map(Row::into_owned).collect();
        Headed { head: head.into_owned(), rows, above, other_sheets, encoding }
    }
}

fn parted<'a>(
    rows: Vec<Row<'a>>,
    above: usize,
    other_sheets: Vec<String>,
) -> Result<Headed<'a>, String> {
    let mut rows = rows.into_iter().skip(above);
    match rows.next() {
        Some(head) => {
            Ok(Headed { head, rows: rows.collect(), above, other_sheets, encoding: None })
        }
        None => Err("it is empty; --example prints a file to start from".to_owned()),
    }
}

/// How many heads of the likeliest head among the first rows are known, and where it stands.
fn head_of(rows: &[Row<'_>], is_head: &dyn Fn(&str) -> bool) -> (usize, usize) {
    let filled = |row: &Row<'_>| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let known = |row: &Row<'_>| row.cells.iter().filter(|cell| is_head(cell)).count();
    let rows = rows.get(..HEAD_AMONG).unwrap_or(rows);
    // Titles stand above a head, and nothing else does.
    let titles = rows.iter().take_while(|row| filled(row) <= TITLE_CELLS_MAX).count();
    let counts: Vec<usize> = rows.iter().take(titles.saturating_add(1)).map(known).collect();
    let most = counts.iter().copied().max().unwrap_or_default();
    // One word of a title may be a head's.
    let place = counts.iter().position(|count| *count == most).filter(|_| most > 1);
    (most, place.unwrap_or_default())
}
