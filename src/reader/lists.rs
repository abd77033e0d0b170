//! What a pasted text or a file holds: one thing or many. Not here: the things (`exhibit`), files
//! that come in blocks (`blocks`).

use super::blocks::read_blocks;
use super::codes::Layout;
use super::exhibit::{Exhibit, is_parted_code, read_text};
use super::kind::Kind;
use super::table::Table;
use crate::label::read_code;

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

/// What a file holds that is no picture, at most so many things.
#[must_use]
pub fn read_file(bytes: &[u8], most: usize) -> Vec<Exhibit> {
    read_blocks(std::iter::once(bytes.to_vec())).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::super::exhibit::Content;
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
