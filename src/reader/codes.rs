//! The codes in a list or table: of the column whose head says so, else of the one that holds
//! codes; any other address in a row is judged too, and a row without a code is told, never passed
//! over.

use std::borrow::Cow;
use std::collections::HashSet;

use super::exhibit::{Content, Exhibit, read_text, unformulated};
use super::table::{LOOKED_AT, Place, ROW_BYTES_MAX, Row, Table, folded};
use crate::label::{LabelError, TOKEN_CHARACTERS, read_code};
use crate::seal::is_jwt;

/// Heads of a column of codes, folded ([`folded`]).
const HEADS: [&str; 26] = [
    "code",
    "codes",
    "qr",
    "qrcode",
    "codeqr",
    "qrtext",
    "text",
    "texte",
    "texto",
    "label",
    "labels",
    "etiquette",
    "etiquettes",
    "etiqueta",
    "url",
    "uri",
    "lien",
    "link",
    "enlace",
    "adresse",
    "address",
    "digitallink",
    "gs1digitallink",
    "رمز",
    "الرمز",
    "رابط",
];

/// Columns that are looked at to find the one that holds codes; an address in another is judged all
/// the same.
const LOOKED_AT_COLUMNS: usize = 256;

/// Longest text that is kept of a cell beside the code, in characters.
const BESIDE_MAX: usize = 200;

/// Cells beside the code that are kept of a row.
const BESIDE_CELLS_MAX: usize = 40;

/// How a list is laid out.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Where its rows begin, and how they are parted.
    pub start: Place,
    /// How many bytes stand before that.
    pub before: usize,
    /// How much the column of the codes looks like it: pieces of a document in a cell count little.
    weight: usize,
    /// Whether any cell looked like a code.
    pub any: bool,
    /// The column of the codes, from 0.
    column: usize,
    /// The heads, if the first row has them, and its line.
    heads: Option<(u64, Vec<String>)>,
    /// Whether lines are parted into cells.
    parted: bool,
}

/// How much a cell looks like a code: 0 not at all, 1 as a typed lot, 2 as a damaged code, 3 as an
/// address among other words, 4 as an address.
fn likeness(cell: &str) -> usize {
    let cell = unformulated(cell);
    let address = cell.contains("://");
    // Codes as they are printed hold neither white space nor a separator.
    let parts = |c: char| c.is_whitespace() || ";,|".contains(c);
    let alone = if cell.contains(parts) { 3 } else { 4 };
    if is_jwt(cell) {
        return 4;
    }
    match read_code(cell) {
        Ok(readings) if address || readings.iter().any(|way| way.code.label().is_some()) => alone,
        Ok(_) => 1,
        Err(LabelError::NotALabel { .. } | LabelError::Identifier(_)) => 0,
        // Damaged, and meant to be one.
        Err(_) => 2,
    }
}

impl Layout {
    /// How a text is laid out, by its first rows: parted so that most codes are found.
    pub fn of(text: &str) -> Self {
        let likeliest = Self::parted(Table::of(text));
        let ways = Table::ways(text).into_iter().skip(1).map(Self::parted);
        ways.fold(likeliest, |best, way| if way.weight > best.weight { way } else { best })
    }

    fn parted(table: Table<'_>) -> Self {
        let parted = table.separator().is_some();
        let (before, start) = table.left_off();
        let rows: Vec<Row<'_>> = table.take(LOOKED_AT).collect();
        let like: Vec<Vec<usize>> = rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().take(LOOKED_AT_COLUMNS);
                cells.map(|cell| likeness(cell)).collect()
            })
            .collect();
        let columns = like.iter().map(Vec::len).max().unwrap_or_default();
        let sums: Vec<usize> = like.iter().map(|row| row.iter().sum()).collect();
        let first = rows.first();
        // A row that holds a code is no head, whatever else stands in it.
        let named = first.filter(|_| sums.first() == Some(&0)).and_then(|row| {
            let head = |cell: &Cow<'_, str>| HEADS.contains(&folded(cell).as_str());
            row.cells.iter().position(head)
        });
        // A first row is a head by its words, never for being damaged: that would lose a code.
        let wordy = |row: &&Row<'_>| {
            let word = |cell: &Cow<'_, str>| {
                !cell.contains("://") && !cell.contains(|c: char| c.is_numeric())
            };
            parted && row.cells.iter().all(word) && sums.first() == Some(&0)
        };
        let headed = first.filter(|row| rows.len() > 1 && wordy(row));
        let headed = headed.or(first.filter(|_| named.is_some()));
        let weight = |column: usize| like.iter().filter_map(|row| row.get(column)).sum::<usize>();
        let weights: Vec<usize> = (0..columns).map(weight).collect();
        let most = weights.iter().copied().max().unwrap_or_default();
        let heaviest = weights.iter().position(|weight| *weight == most).unwrap_or_default();
        let heads =
            headed.map(|row| (row.line, row.cells.iter().map(ToString::to_string).collect()));
        let held = sums.iter().filter(|sum| **sum > 0).count();
        let address = sums.iter().any(|sum| *sum >= 2);
        // Most rows of a list hold a code; a word with a slash in it makes no list of a letter.
        let any = named.is_some() || address || (held > 0 && held * 2 >= rows.len());
        let column = named.unwrap_or(heaviest);
        let weight = most + usize::from(named.is_some());
        Self { start, before, weight, any, column, heads, parted }
    }

    /// What a row holds.
    pub fn exhibits(&self, row: &Row<'_>) -> Vec<Exhibit> {
        if self.heads.as_ref().is_some_and(|(line, _)| *line == row.line) {
            return Vec::new();
        }
        let cell = |column: usize| row.cells.get(column).map_or("", |cell| cell.as_ref());
        let mut found: Vec<usize> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        if !cell(self.column).is_empty() {
            found.push(self.column);
            known.insert(cell(self.column));
        }
        for (column, text) in row.cells.iter().enumerate() {
            if column != self.column && is_evidence(text) && known.insert(text) {
                found.push(column);
            }
        }
        if found.is_empty() {
            found.extend((0..row.cells.len()).find(|column| likeness(cell(*column)) > 0));
        }
        let beside = self.beside(row, &found);
        let exhibit = |content, column: Option<usize>| Exhibit {
            content,
            line: Some(row.line),
            column: column.filter(|_| self.parted),
            beside: beside.clone(),
        };
        // What was cut off may hold more.
        let long = row.cut.then(|| {
            let detail = format!(
                "line {} is longer than {} MB, and was read so far: end each row by a new line",
                row.line,
                ROW_BYTES_MAX >> 20
            );
            exhibit(Content::Unreadable { code: "row_too_long", detail }, None)
        });
        if found.is_empty() && long.is_none() {
            let detail = format!("line {} holds no code", row.line);
            let content = Content::Unreadable { code: "no_code", detail };
            return vec![exhibit(content, None)];
        }
        let content = |column: usize| read_text(cell(column));
        let codes = found.iter().map(|column| exhibit(content(*column), Some(*column + 1)));
        codes.chain(long).collect()
    }

    /// The other cells of a row, under their heads.
    fn beside(&self, row: &Row<'_>, codes: &[usize]) -> Vec<(String, String)> {
        let head = |column: usize| {
            let heads = self.heads.as_ref().map(|(_, heads)| heads);
            let head = heads.and_then(|heads| heads.get(column)).filter(|head| !head.is_empty());
            head.cloned().unwrap_or_else(|| format!("column {}", column + 1))
        };
        let cells = row.cells.iter().enumerate();
        let others = cells.filter(|(column, cell)| !codes.contains(column) && !cell.is_empty());
        let kept = |cell: &Cow<'_, str>| cell.chars().take(BESIDE_MAX).collect();
        others.take(BESIDE_CELLS_MAX).map(|(column, cell)| (head(column), kept(cell))).collect()
    }
}

/// Whether a cell beside the codes is one too, or a document: it is judged wherever it stands. A
/// lot that was typed beside a code says which lot that is, and is carried into the answer.
fn is_evidence(cell: &str) -> bool {
    let document = cell.starts_with('{') && cell.contains("\"proof\"");
    let token_like = |c: char| c.is_ascii_alphanumeric() || "$*+-.%_".contains(c);
    // As a token, and not as a hash in hexadecimal.
    let long = cell
        .split(|c: char| !token_like(c))
        .any(|run| run.len() >= TOKEN_CHARACTERS / 2 && run.contains(['$', '*', '+', '%']));
    document || cell.contains("://") || is_jwt(cell) || long
}
