//! Lists and tables as spreadsheets, scanners and people write them: cells parted by `;`, tab or
//! comma, in quotes or not, `sep=`, lines ended by LF, CRLF or CR; each row with the line an editor
//! shows (RFC 4180, read more widely). Not here: what stands in the cells.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Rows that are looked at to find the separator and the columns.
pub(super) const LOOKED_AT: usize = 50;

/// Most cells of a row, as spreadsheets have; what stands behind them is part of the last.
const COLUMNS_MAX: usize = 16_384;

/// Longest row that is read, in bytes; what stands behind is told, not read.
pub(super) const ROW_BYTES_MAX: usize = 4 << 20;

/// Separators, the likeliest first: a comma also parts the digits of a number.
const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];

/// One row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The line in which it begins, as an editor counts, from 1.
    pub line: u64,
    /// Its cells, without white space around them.
    pub cells: Vec<Cow<'a, str>>,
    /// Whether the row is longer than any that is read: the cells are those of its beginning.
    pub cut: bool,
    /// Columns, from 0, whose cell a spreadsheet holds as a number, not as text.
    pub numbers: Vec<usize>,
    /// What is wrong with cells whatever their column: formulas and errors of a spreadsheet.
    pub faults: Vec<String>,
}

impl Row<'_> {
    /// The same, beyond the life of the text.
    pub(super) fn into_owned(self) -> Row<'static> {
        let cells = self.cells.into_iter().map(|cell| Cow::Owned(cell.into_owned())).collect();
        let Self { line, cut, numbers, faults, .. } = self;
        Row { line, cells, cut, numbers, faults }
    }
}

/// The rows of a text, in order; empty ones are left out.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    separator: Option<u8>,
    /// Whether the rest of a row that was cut is still to be stepped over.
    skipping: bool,
    /// Whether more text follows, so that a row that may go on there is left for later.
    more: bool,
}

/// Where a table stands between two pieces of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    line: u64,
    separator: Option<u8>,
    skipping: bool,
}

impl Place {
    /// The line that is read next.
    pub fn line(self) -> u64 {
        self.line
    }
}

impl<'a> Table<'a> {
    /// The table in the next piece of its text; `more` if that is not the last.
    pub(super) fn resumed(text: &'a str, place: Place, more: bool) -> Self {
        let Place { line, separator, skipping } = place;
        Self { text, at: 0, line, separator, skipping, more }
    }

    /// How much of the text is read, and where the rest goes on.
    pub(super) fn left_off(&self) -> (usize, Place) {
        let Self { line, separator, skipping, .. } = *self;
        (self.at, Place { line, separator, skipping })
    }

    /// A text as a table, with the separator that it names (`sep=;`) or most of its lines hold.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let start = Place { line: 1, separator: None, skipping: false };
        let mut table = Self::resumed(text, start, false);
        let first = table.line_at(0);
        let named = first.trim_start_matches('\u{feff}').trim();
        let quoted = named.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let named = quoted.unwrap_or(named);
        let named = named.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")).map(|_| named);
        match named.and_then(|named| named.as_bytes().get(4).copied()) {
            Some(separator) if separator.is_ascii() && named.is_some_and(|n| n.len() == 5) => {
                table.separator = Some(separator);
                table.at = first.len();
                table.end_line();
            }
            // `sep=` and a tab, which was trimmed.
            None if named.is_some() => {
                table.separator = Some(b'\t');
                table.at = first.len();
                table.end_line();
            }
            _ => table.separator = separator_of(text),
        }
        table
    }

    /// The text in all ways in which it may be parted, the likeliest first; one, if it names its
    /// separator.
    #[must_use]
    pub fn ways(text: &'a str) -> Vec<Self> {
        let likeliest = Self::of(text);
        let mut ways = vec![likeliest.clone()];
        if likeliest.at == 0 {
            let others = SEPARATORS.map(Some).into_iter().chain([None]);
            let others = others.filter(|other| *other != likeliest.separator);
            ways.extend(others.map(|separator| Self { separator, ..likeliest.clone() }));
        }
        ways
    }

    /// The separator; None where each line is one cell.
    #[must_use]
    pub fn separator(&self) -> Option<char> {
        self.separator.map(char::from)
    }

    fn line_at(&self, at: usize) -> &'a str {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'\r' | b'\n'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    /// Steps over the end of a line: LF, CRLF or CR.
    fn end_line(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let ended = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.at += ended;
        self.line += u64::from(ended > 0);
    }

    /// Steps over the rest of a row that was cut, as far as there is text.
    fn skip(&mut self) {
        self.at += self.line_at(self.at).len();
        // A CR at the end of a piece may have its LF in the next.
        let known = self.text.len() - self.at;
        if known > 1 || (known == 1 && !self.more) {
            self.end_line();
            self.skipping = false;
        } else {
            self.skipping = self.more;
        }
    }

    /// The next row, empty or not.
    fn row(&mut self) -> Option<Row<'a>> {
        if self.skipping {
            self.skip();
        }
        let left = self.text.len() - self.at;
        if left == 0 || (self.more && (self.skipping || left <= ROW_BYTES_MAX + 1)) {
            return None;
        }
        let (line, from) = (self.line, self.at);
        let whole = self.text;
        // A row is read as if nothing stood behind its longest.
        self.text = whole.get(..whole.floor_char_boundary(from + ROW_BYTES_MAX)).unwrap_or(whole);
        let cells = self.cells();
        let next = whole.as_bytes().get(self.at);
        let cut = self.at == self.text.len() && next.is_some_and(|b| !matches!(b, b'\r' | b'\n'));
        self.text = whole;
        if cut {
            self.skip();
        } else {
            self.end_line();
        }
        Some(Row { line, cells, cut, numbers: Vec::new(), faults: Vec::new() })
    }

    /// The cells of one row.
    fn cells(&mut self) -> Vec<Cow<'a, str>> {
        let mut cells = Vec::new();
        loop {
            if cells.len() == COLUMNS_MAX {
                let rest = self.line_at(self.at);
                self.at += rest.len();
                cells.push(Cow::Borrowed(rest));
                return cells;
            }
            cells.push(self.cell());
            match self.text.as_bytes().get(self.at) {
                Some(byte) if Some(*byte) == self.separator => self.at += 1,
                _ => return cells,
            }
        }
    }

    /// The next cell: up to the separator or the end of the line, unless quotes hold them.
    fn cell(&mut self) -> Cow<'a, str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let separator = self.separator;
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n') || Some(*byte) == separator;
        let line = self.line;
        if let Some(held) = self.quoted() {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let blank = rest.iter().take_while(|byte| **byte == b' ').count();
            if rest.get(blank).is_none_or(ends) {
                self.at += blank;
                return Cow::Owned(held.trim().to_owned());
            }
            // Quotes with something behind them are characters of the cell.
            (self.at, self.line) = (start, line);
        }
        let length = bytes.get(start..).unwrap_or_default().iter().position(ends);
        self.at = length.map_or(bytes.len(), |length| start + length);
        Cow::Borrowed(self.text.get(start..self.at).unwrap_or_default().trim())
    }

    /// What stands in quotes that begin here and end at all; a single quote is a character.
    fn quoted(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let inner = rest.trim_start_matches(' ').strip_prefix('"')?;
        let mut at = self.text.len() - inner.len();
        let (mut held, mut lines) = (String::new(), 0);
        loop {
            let part = self.text.get(at..)?;
            let end = part.find('"')?;
            let piece = part.get(..end)?;
            held.push_str(piece);
            lines += ends_in(piece);
            at += end + 1;
            if self.text.as_bytes().get(at) != Some(&b'"') {
                break;
            }
            held.push('"');
            at += 1;
        }
        self.at = at;
        self.line += lines;
        Some(held)
    }
}

impl<'a> Iterator for Table<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        loop {
            let row = self.row()?;
            if row.cut || row.cells.iter().any(|cell| !cell.is_empty()) {
                return Some(row);
            }
        }
    }
}

/// Ends of lines in a text.
fn ends_in(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count().try_into().unwrap_or(u64::MAX)
}

/// The separator that most of the first lines hold outside of quotes, if half of them do.
fn separator_of(text: &str) -> Option<u8> {
    let lines = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
    let lines: Vec<&str> = lines.collect();
    let holding = |separator: u8| {
        let holds = |line: &&&str| {
            let mut within = false;
            line.bytes().any(|byte| {
                within ^= byte == b'"';
                byte == separator && !within
            })
        };
        lines.iter().filter(holds).count()
    };
    let counted = SEPARATORS.map(|separator| (separator, holding(separator)));
    let most = counted.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let found = counted.iter().find(|(_, count)| *count == most && *count > 0);
    found.filter(|(_, count)| count * 2 >= lines.len()).map(|(separator, _)| *separator)
}

/// A word of a head as it is compared: lower case, without accents, spaces or marks.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c) && c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let cells = |row: Row<'_>| row.cells.into_iter().map(Cow::into_owned).collect();
        Table::of(text).map(|row| (row.line, cells(row))).collect()
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "", "\"two", "lines\";c", ";;;", "d;e"].join(end);
            let read = rows(&text);
            let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 6], "{end:?}");
            assert_eq!(read[1].1, [format!("two{end}lines"), "c".to_owned()]);
        }
    }

    #[test]
    fn separators_are_found_or_named() {
        assert_eq!(rows("sep=;\r\na,b;c\r\n"), [(2, vec!["a,b".to_owned(), "c".to_owned()])]);
        assert_eq!(rows("sep=\t\na\tb\n")[0].1, ["a", "b"]);
        assert_eq!(rows("a\t1,5\nb\t2,5\n")[0].1, ["a", "1,5"]);
        assert_eq!(rows("a,\"x;y\"\nb,c\n")[0].1, ["a", "x;y"]);
        assert_eq!(rows("a, b and c\nd\ne\n")[0].1, ["a, b and c"]);
        assert_eq!(rows("\u{feff}sep=;\na;b\n")[0].0, 2);
        assert_eq!(Table::of("https://h/x;\nhttps://h/y;\n").separator(), Some(';'));
    }

    #[test]
    fn quotes_that_do_not_end_are_characters() {
        assert_eq!(
            rows("a;\"b\nc;d\n"),
            [
                (1, vec!["a".to_owned(), "\"b".to_owned()]),
                (2, vec!["c".to_owned(), "d".to_owned()]),
            ]
        );
        assert_eq!(rows("a;\"b \"\"c\"\"\"\n")[0].1, ["a", "b \"c\""]);
        assert_eq!(rows("a;=\"0611\"\n")[0].1, ["a", "=\"0611\""]);
        assert!(rows("").is_empty() && rows("\n;;\n;\n").is_empty());
    }

    #[test]
    fn heads_are_compared_without_their_dress() {
        for text in ["Étiquette", "etiquette ", "ETIQUETTE", "e\u{301}tiquette"] {
            assert_eq!(folded(text), "etiquette");
        }
        assert_eq!(folded("decision_date"), folded("Decision date"));
        assert_eq!(folded("الرَّمز"), "الرمز");
    }
}
