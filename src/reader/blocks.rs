//! A file that arrives in blocks: lists of any length, row by row, of which no more is held than
//! the longest row; what is one thing is read whole. Not here: where the blocks come from.

use std::collections::VecDeque;

use super::codes::Layout;
use super::exhibit::{Content, Exhibit, is_parted_code, of_json, of_kind, read_text};
use super::kind::Kind;
use super::table::{Place, ROW_BYTES_MAX, Table};

/// Rows that are read at once.
const ROWS: usize = 4_096;

/// How much is looked at before a file is known for what it is, and held of a list.
const HELD: usize = 2 * ROW_BYTES_MAX;

/// Reads a file block by block. What a list holds comes as it is read: at most 8 MiB and one block
/// are held of it. A document is held whole.
pub fn read_blocks(blocks: impl Iterator<Item = Vec<u8>>) -> impl Iterator<Item = Exhibit> {
    Reader { blocks, held: Vec::new(), ended: false, state: State::New, ready: VecDeque::new() }
}

struct Reader<I> {
    blocks: I,
    /// What has come and was not read.
    held: Vec<u8>,
    ended: bool,
    state: State,
    ready: VecDeque<Exhibit>,
}

enum State {
    /// Nothing is known.
    New,
    /// In the rows of a list; whether any code was found.
    List(Box<Layout>, Place, bool),
    /// In a file with one document a line; the line that comes next.
    Documents(u64),
    Done,
}

impl<I: Iterator<Item = Vec<u8>>> Iterator for Reader<I> {
    type Item = Exhibit;

    fn next(&mut self) -> Option<Exhibit> {
        while self.ready.is_empty() {
            self.fill(HELD);
            self.state = match std::mem::replace(&mut self.state, State::Done) {
                State::New => self.begin(),
                State::List(layout, place, any) => self.rows(layout, place, any),
                State::Documents(line) => self.documents(line),
                State::Done => return None,
            };
        }
        self.ready.pop_front()
    }
}

impl<I: Iterator<Item = Vec<u8>>> Reader<I> {
    fn fill(&mut self, most: usize) {
        while !self.ended && self.held.len() < most {
            match self.blocks.next() {
                Some(block) if self.held.is_empty() => self.held = block,
                Some(block) => self.held.extend(block),
                None => self.ended = true,
            }
        }
    }

    /// Tells what the file is by its beginning, or by all of it if it is short.
    fn begin(&mut self) -> State {
        let (head, broken) = readable(&self.held, !self.ended);
        match Kind::of(if broken { &self.held } else { head }) {
            Kind::Text(text) if self.ended && is_parted_code(text) => {
                let content = read_text(text.trim());
                self.ready.push_back(Exhibit { line: Some(1), ..content.into() });
                return State::Done;
            }
            Kind::Text(text) => {
                let layout = Layout::of(text);
                if layout.any {
                    // Without the mark of the encoding.
                    let before = head.len() - text.len() + layout.before;
                    let start = layout.start;
                    self.held.drain(..before);
                    return State::List(Box::new(layout), start, false);
                }
            }
            Kind::Json(text) if is_documents(text, !self.ended) => return State::Documents(1),
            _ => {}
        }
        self.fill(usize::MAX);
        self.ready.push_back(of_kind(Kind::of(&self.held)).into());
        State::Done
    }

    /// Reads the rows that are there whole.
    fn rows(&mut self, layout: Box<Layout>, place: Place, mut any: bool) -> State {
        let (head, broken) = readable(&self.held, !self.ended);
        // The row in which it breaks off is told, not read.
        let line_end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        let whole = if broken { line_end.map_or(0, |end| end + 1) } else { head.len() };
        let text = head.get(..whole).and_then(|head| std::str::from_utf8(head).ok());
        let text = text.unwrap_or_default();
        let more = !self.ended && !broken;
        let mut table = Table::resumed(text, place, more);
        let mut count = 0;
        for row in table.by_ref().take(ROWS) {
            self.ready.extend(layout.exhibits(&row));
            count += 1;
        }
        any |= !self.ready.is_empty();
        let (read, place) = table.left_off();
        if more || count == ROWS {
            self.held.drain(..read);
            return State::List(layout, place, any);
        }
        if broken {
            self.ready.push_back(not_utf8(place.line()));
        } else if !any {
            // A head alone: nothing judged is no pass.
            self.ready.push_back(Content::unreadable("input", "it holds no code").into());
        }
        State::Done
    }

    /// Reads the documents that are there whole.
    fn documents(&mut self, mut line: u64) -> State {
        let (head, broken) = readable(&self.held, !self.ended);
        let last = self.ended || broken;
        let whole = match head.iter().rposition(|byte| *byte == b'\n') {
            Some(end) if !last => end + 1,
            _ => head.len(),
        };
        let text = String::from_utf8_lossy(head.get(..whole).unwrap_or_default());
        for document in text.lines() {
            if !document.trim().is_empty() {
                let content = of_json(document.trim());
                self.ready.push_back(Exhibit { line: Some(line), ..content.into() });
            }
            line += 1;
        }
        self.held.drain(..whole);
        if broken {
            self.ready.push_back(not_utf8(line));
        }
        if last { State::Done } else { State::Documents(line) }
    }
}

/// What is told of the rest of a file that is no text.
fn not_utf8(line: u64) -> Exhibit {
    let detail = format!("from line {line} on, its text is not UTF-8: save it as CSV UTF-8");
    Content::Unreadable { code: "input", detail }.into()
}

/// The bytes that are text, and whether what follows can be none; a character that is cut by the
/// end of a block is neither.
fn readable(bytes: &[u8], more: bool) -> (&[u8], bool) {
    match std::str::from_utf8(bytes) {
        Ok(_) => (bytes, false),
        Err(fault) => {
            let cut = more && fault.error_len().is_none();
            (bytes.get(..fault.valid_up_to()).unwrap_or_default(), !cut)
        }
    }
}

/// Whether each line is a document; the last may be cut where more follows.
fn is_documents(text: &str, more: bool) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let count = lines().count();
    let whole = |(at, line): (usize, &str)| {
        line.starts_with('{') && (line.ends_with('}') || (more && at + 1 == count))
    };
    count > 1 && lines().enumerate().all(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::read_file;

    const CODE: &str = "https://h.example/lot/COOP/A1";

    fn in_blocks(bytes: &[u8], size: usize) -> Vec<Exhibit> {
        read_blocks(bytes.chunks(size).map(<[u8]>::to_vec)).collect()
    }

    #[test]
    fn a_file_is_the_same_in_any_blocks() {
        let texts = [
            format!(
                "\u{feff}sep=;\r\nn;Étiquette\r\n1;{CODE}\r\n;;\r\n\"two\r\nlines\";{CODE}\r\n"
            ),
            format!("code\r{CODE}\r\r{CODE}\r"),
            "{\"a\":1}\n\n{\"é\":2}\n{\"c\":3}".to_owned(),
            "{\n \"a\": 1\n}\n".to_owned(),
            "some words\nof a letter\n".to_owned(),
            String::new(),
        ];
        for text in texts {
            let whole = read_file(text.as_bytes(), usize::MAX);
            assert!(!whole.is_empty());
            for size in [1, 2, 3, 7, 64] {
                assert_eq!(in_blocks(text.as_bytes(), size), whole, "{size} {text:?}");
            }
        }
    }

    /// A list of more than is held at once, with a fault at its end.
    fn long_list(fault: &[u8]) -> (Vec<u8>, u64) {
        let row = format!("7;{CODE};{}\r\n", "quay 3 ".repeat(500));
        let count = HELD / row.len() + 10;
        let mut bytes = b"n;code;lieu\r\n".to_vec();
        bytes.extend(row.repeat(count).bytes());
        bytes.extend(fault);
        (bytes, u64::try_from(count).unwrap())
    }

    #[test]
    fn a_long_list_is_read_to_its_end() {
        let (bytes, count) = long_list(b"8;;\r\n");
        for size in [1 << 20, 999_999, HELD] {
            let read = in_blocks(&bytes, size);
            assert_eq!(read.len() as u64, count + 1);
            assert_eq!(read[0].line, Some(2));
            let last = read.last().unwrap();
            assert!(matches!(last.content, Content::Unreadable { code: "no_code", .. }));
            assert_eq!(last.line, Some(count + 2));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_where_they_begin() {
        let (bytes, count) = long_list(b"caf\xe9;x\r\n");
        let read = in_blocks(&bytes, 1 << 20);
        assert_eq!(read.len() as u64, count + 1);
        let Content::Unreadable { detail, .. } = &read.last().unwrap().content else {
            unreachable!()
        };
        assert!(detail.contains(&format!("from line {} on", count + 2)), "{detail}");
    }

    #[test]
    fn a_row_without_an_end_is_cut_and_told() {
        let endless = "x".repeat(ROW_BYTES_MAX + 9);
        let text = format!("{CODE}\n{CODE};{endless};{CODE}\n{CODE}\n");
        for size in [text.len(), 777_777] {
            let read = in_blocks(text.as_bytes(), size);
            let lines: Vec<_> = read.iter().map(|one| one.line).collect();
            assert_eq!(lines, [Some(1), Some(2), Some(2), Some(3)]);
            assert!(matches!(read[2].content, Content::Unreadable { code: "row_too_long", .. }));
        }
        // One line, and no end of it.
        let read = in_blocks(format!("{CODE};{}", "x;".repeat(HELD / 2 + 9)).as_bytes(), 1 << 20);
        assert_eq!(read.len(), 2);
    }
}
