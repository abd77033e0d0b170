//! What is handed in, split into things that can be judged, each with its place and what stood
//! beside it; what cannot be judged is one too, with the reason.

use super::blocks::read_blocks;
use super::codes::Layout;
use super::kind::Kind;
use super::table::Table;
use super::values::spoilt_gtin;
use crate::label::read_code;
use crate::log::Leaf;
use crate::statement::canonicalised;
use crate::verify::Evidence;

/// One thing to be judged, or why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The text of a code.
    Code(String),
    /// A signed statement, or JSON that is none.
    Statement(Vec<u8>),
    /// A leaf of the log, in its exact bytes.
    Leaf(Vec<u8>),
    /// A whole vc+jwt.
    Jwt(String),
    /// A proof file, with its leaf if that was handed in too.
    Proof {
        /// The leaf.
        leaf: Option<Vec<u8>>,
        /// The proof file.
        file: String,
    },
    /// A dossier.
    Dossier(Vec<u8>),
    /// Nothing that can be judged.
    Unreadable {
        /// The stable code.
        code: &'static str,
        /// What was wrong and what to do.
        detail: String,
    },
}

/// One thing to be judged, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// What it is.
    pub content: Content,
    /// The line of a list in which its row begins, as an editor counts, from 1.
    pub line: Option<u64>,
    /// The column of a table, from 1.
    pub column: Option<usize>,
    /// The other cells of its row, under their heads or `column N`.
    pub beside: Vec<(String, String)>,
}

impl From<Content> for Exhibit {
    fn from(content: Content) -> Self {
        Self { content, line: None, column: None, beside: Vec::new() }
    }
}

impl Content {
    /// As evidence; None of a proof without its leaf, and of what cannot be judged.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence<'_>> {
        Some(match self {
            Self::Code(text) => Evidence::Code(text),
            Self::Statement(bytes) => Evidence::Statement(bytes),
            Self::Leaf(bytes) => Evidence::Statement(Leaf::parse(bytes).ok()?.statement),
            Self::Jwt(text) => Evidence::Jwt(text),
            Self::Proof { leaf, file } => Evidence::Proof { leaf: leaf.as_ref()?, file },
            Self::Dossier(bytes) => Evidence::Dossier(bytes),
            Self::Unreadable { .. } => return None,
        })
    }

    pub(super) fn unreadable(code: &'static str, detail: &str) -> Self {
        Self::Unreadable { code, detail: detail.to_owned() }
    }
}

/// What one text is that was typed, scanned or sent as one: never a list.
#[must_use]
pub fn read_text(text: &str) -> Content {
    match Kind::of_text(text) {
        Kind::Dossier(text) => Content::Dossier(text.as_bytes().to_vec()),
        Kind::Jwt(text) => Content::Jwt(text.to_owned()),
        Kind::Json(text) => of_json(text),
        // A text that is another file's content is no code, and is told as such.
        _ => match spoilt_gtin(text.trim()) {
            Some(detail) => Content::Unreadable { code: "gtin_form", detail },
            None => Content::Code(unformulated(text).to_owned()),
        },
    }
}

/// A text that a spreadsheet was kept from changing by a formula around it: `="06111234567895"`.
pub(super) fn unformulated(text: &str) -> &str {
    let inner = text.trim().strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// What a pasted text holds: a document, or codes, one or many; what is like none of them is still
/// handed on line by line.
#[must_use]
pub fn read_list(text: &str, most: usize) -> Vec<Exhibit> {
    if is_one_code(text) {
        return vec![read_text(text).into()];
    }
    match Kind::of_text(text) {
        Kind::Text(text) if !Layout::of(text).any => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.take(most).map(|line| read_text(line).into()).collect()
        }
        _ => read_file(text.as_bytes(), most),
    }
}

/// Whether what was pasted is one code with all that stands around it, and not a list.
fn is_one_code(text: &str) -> bool {
    let line = text.trim();
    if is_parted_code(text) || line.contains(['\n', '\r']) {
        return is_parted_code(text);
    }
    // A bar alone parts no table of one line; other separators do.
    if line.contains("://") && !line.contains([';', '\t', ',']) {
        return true;
    }
    let cells = Table::of(line).flat_map(|row| row.cells);
    cells.filter(|cell| !cell.is_empty()).count() < 2 && read_code(line).is_ok()
}

/// Whether a text is one code that lines or separators only seem to part: broken over lines by what
/// it was copied from, or what a phone does with it (`WIFI:`, `tel:`), which is no row of a table.
pub(super) fn is_parted_code(text: &str) -> bool {
    let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.take(BROKEN_LINES_MAX + 1).collect();
    match lines.as_slice() {
        [line] => line.contains("://") && is_action(line),
        [first, rest @ ..] if lines.len() <= BROKEN_LINES_MAX => {
            let alone = |line: &&str| read_code(line).is_ok() || line.contains("://");
            let broken = read_code(first).is_err() && !rest.iter().any(alone);
            first.contains("://") && broken && read_code(text).is_ok()
        }
        _ => false,
    }
}

/// Whether a text begins with a scheme that is none of an address.
fn is_action(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| {
        let letters = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
        scheme.len() > 1 && scheme.chars().all(letters) && scheme != "http" && scheme != "https"
    })
}

/// Most lines over which one code may be broken.
const BROKEN_LINES_MAX: usize = 5;

/// What a file holds that is no picture, at most so many things.
#[must_use]
pub fn read_file(bytes: &[u8], most: usize) -> Vec<Exhibit> {
    read_blocks(std::iter::once(bytes.to_vec())).take(most).collect()
}

/// What a file holds that is one thing, not many.
pub(super) fn of_kind(kind: Kind<'_>) -> Content {
    match kind {
        Kind::Picture => Content::unreadable("input", "it is a picture"),
        Kind::Foreign(what) => Content::unreadable("input", what),
        Kind::Proof(file) => Content::Proof { leaf: None, file: plain_lines(file) },
        Kind::Dossier(text) => Content::Dossier(text.as_bytes().to_vec()),
        Kind::Jwt(text) => Content::Jwt(text.to_owned()),
        Kind::Json(text) => of_json(text),
        Kind::Text(text) if text.trim().is_empty() => Content::unreadable("input", "it is empty"),
        Kind::Text(_) => {
            Content::unreadable("input", "it is no photo, JSON, proof file or list of codes")
        }
    }
}

/// A text file with the ends of lines that its form asks for.
fn plain_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

pub(super) fn of_json(text: &str) -> Content {
    let exact = text.as_bytes();
    if Leaf::parse(exact).is_ok() {
        return Content::Leaf(exact.to_vec());
    }
    // Only what names all members of a leaf is worth the parsing.
    let leaf = ["\"loggedAt\"", "\"prev\"", "\"statement\""].iter().all(|name| text.contains(name));
    match leaf.then(|| canonicalised(exact)).flatten() {
        Some(leaf) if Leaf::parse(&leaf).is_ok() => Content::Leaf(leaf),
        _ => Content::Statement(exact.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        let kind = |exhibit: &Exhibit| match exhibit.content {
            Content::Code(_) => "code",
            Content::Statement(_) => "statement",
            Content::Leaf(_) => "leaf",
            Content::Jwt(_) => "jwt",
            Content::Proof { .. } => "proof",
            Content::Dossier(_) => "dossier",
            Content::Unreadable { code, .. } => code,
        };
        read_file(text.as_bytes(), 100).iter().map(kind).collect()
    }

    #[test]
    fn told_apart_by_content() {
        assert_eq!(kinds("coop/A1\n\ncoop/A2\n"), ["code", "code"]);
        assert_eq!(kinds("n;Code\n1;coop/A1\n2;what is this\n"), ["code", "code"]);
        assert_eq!(kinds("n\tcode\n1\tcoop/A1\n"), ["code"]);
        assert_eq!(kinds("Codes:\n  valid  coop/A1  http://h.example/lot/COOP/A1\n"), ["code"]);
        assert_eq!(kinds("2sp.org/tlog-proof@v1\nindex 7\nabc/def=\n"), ["input"]);
        assert_eq!(kinds("some words\nof a letter\n"), ["input"]);
        assert_eq!(kinds("code\n\"coop/A,1\"\n"), ["code"]);
        assert_eq!(kinds("{\n \"a\": 1\n}\n"), ["statement"]);
        assert_eq!(kinds("{\"type\":\"TasdiqDossier\"}\n"), ["dossier"]);
        assert_eq!(kinds("eyJh.eyJi.c2ln\n"), ["jwt"]);
        assert_ne!(kinds("eyJh..c2ln\n"), ["jwt"]);
        assert_eq!(kinds("{}\n{}\n"), ["statement", "statement"]);
        assert_eq!(kinds("c2sp.org/tlog-proof@v1\nindex x\n\n"), ["proof"]);
        assert_eq!(kinds("\n"), ["input"]);
        assert_eq!(kinds("code\n"), ["input"], "nothing judged is no pass");
        assert_eq!(kinds("n;code\n;;\n"), ["input"]);
        assert_eq!(kinds("label;https://h.example/lot/COOP/A1\n"), ["code"], "a row, no head");
    }

    /// The codes of a list: line, column, text.
    fn found(text: &str) -> Vec<(u64, usize, String)> {
        let of = |exhibit: Exhibit| {
            let text = match exhibit.content {
                Content::Code(text) => text,
                Content::Unreadable { code, .. } => code.to_owned(),
                other => panic!("{other:?}"),
            };
            (exhibit.line.unwrap(), exhibit.column.unwrap_or_default(), text)
        };
        read_file(text.as_bytes(), 100).into_iter().map(of).collect()
    }

    #[test]
    fn the_column_that_holds_codes_is_found_wherever_it_stands() {
        let a = "https://h.example/lot/COOP/A1";
        let b = "https://h.example/lot/COOP/B2";
        let one = |line, column, text: &str| (line, column, text.to_owned());
        let cases = [
            (format!("{a};\r\n{b};\r\n"), vec![one(1, 1, a), one(2, 1, b)]),
            (format!("n;url;coop\n1;{a};x\n2;{b};y\n"), vec![one(2, 2, a), one(3, 2, b)]),
            (format!("1,pallet 7,{a}\n2,pallet 8,{b}\n"), vec![one(1, 3, a), one(2, 3, b)]),
            (format!("sep=;\nn;Étiquette\n;{a}\n;;\n3;{b}\n"), vec![one(3, 2, a), one(5, 2, b)]),
            (format!("الرمز;n\n{a};1\n"), vec![one(2, 1, a)]),
            (format!("code\r{a}\r\r{b}\r"), vec![one(2, 0, a), one(4, 0, b)]),
            (
                format!("n;code\n1;{a}\n2;\n3;{b}\n"),
                vec![one(2, 2, a), one(3, 0, "no_code"), one(4, 2, b)],
            ),
            // Two in one row are both judged.
            (format!("{a};{b}\n"), vec![one(1, 1, a), one(1, 2, b)]),
            (format!("code;link\n{a};{a}\n"), vec![one(2, 1, a)]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_columns_are_carried() {
        let read = read_file("n;code;lieu\n7;coop/A1;Quai 3\n".as_bytes(), 9);
        assert_eq!(
            read[0].beside,
            [("n".to_owned(), "7".to_owned()), ("lieu".to_owned(), "Quai 3".to_owned()),]
        );
        let read = read_file(b"7;coop/A1\n8;coop/A2\n", 9);
        assert_eq!(read[0].beside, [("column 1".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn a_leaf_is_one_in_any_dress() {
        let hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let exact = format!(
            "{{\"index\":7,\"loggedAt\":\"2026-01-01T00:00:00Z\",\"prev\":\"{hash}\",\"statement\":{{}}}}"
        );
        let dressed = exact.replace(',', ",\n  ");
        for text in [&exact, &dressed] {
            assert_eq!(read_text(text), Content::Leaf(exact.clone().into_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_wide_or_long_is_read_in_a_bounded_time() {
        let wide = format!("{}https://h.example/lot/COOP/A1\n", ",".repeat(300_000));
        let read = read_file(wide.as_bytes(), 1_000);
        assert!(read.len() <= 2, "{}", read.len());
        let quotes = "\"".repeat(300_001);
        assert!(read_file(quotes.as_bytes(), 1_000).len() == 1);
        let row = ["https://h.example/lot/COOP/A1"; 20_000].join(";");
        assert!(read_file(row.as_bytes(), 1_000).len() <= 2);
        let long = "coop/A1;".repeat(200_000);
        assert!(!read_file(long.as_bytes(), 1_000).is_empty());
    }
}
