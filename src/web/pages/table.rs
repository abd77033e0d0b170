//! Lists as files: rows of plain text as CSV that spreadsheets open as it is meant. Each row tells
//! first how long the log was. Not here: which rows there are.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::told::visible;
use crate::papers::guarded;

/// A mark of the encoding: without it some spreadsheets read another one.
const MARK: &str = "\u{feff}";

/// Rows under their heads. The first column, `log_size`, is put before them.
pub(super) struct Table<'a> {
    /// Entries of the log behind every row.
    pub log_size: u64,
    pub heads: Vec<&'a str>,
    pub rows: Vec<Vec<String>>,
}

impl Table<'_> {
    /// RFC 4180, UTF-8 with a mark. A cell holds nothing that shows nothing, and none is a formula.
    pub fn csv(&self) -> Vec<u8> {
        let mut lines = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(MARK.as_bytes().to_vec());
        let size = self.log_size.to_string();
        let cells = |row: &[String]| row.iter().map(|cell| inert(cell)).collect::<Vec<_>>();
        let heads: Vec<String> = self.heads.iter().map(|head| inert(head)).collect();
        // Into memory, and lines may differ in length: there is nothing to fail.
        let _ = lines.write_record(std::iter::once("log_size".to_owned()).chain(heads));
        for row in &self.rows {
            let _ = lines.write_record(std::iter::once(size.clone()).chain(cells(row)));
        }
        lines.into_inner().unwrap_or_default()
    }

    /// The same as a download with this name, which is plain ASCII.
    pub fn answer(&self, name: &str) -> Response {
        let mut answer = self.csv().into_response();
        let head = answer.headers_mut();
        let kind = HeaderValue::from_static("text/csv; charset=utf-8");
        head.insert(header::CONTENT_TYPE, kind);
        head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let disposition = format!("attachment; filename=\"{name}\"");
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            head.insert(header::CONTENT_DISPOSITION, value);
        }
        answer
    }
}

fn inert(cell: &str) -> String {
    guarded(&visible(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs_and_none_breaks_a_row() {
        let long = "x".repeat(120);
        let names = ["=cmd", "+1", "-1", "@a", "\u{202e}=cmd", "a\r\nb", "\"<img onerror>", &long];
        let row = names.iter().map(|name| (*name).to_owned()).collect();
        let table = Table { log_size: 7, heads: vec!["name"], rows: vec![row] };
        let text = String::from_utf8(table.csv()).unwrap();
        let told = format!(
            "\u{feff}log_size,name\r\n\
             7,'=cmd,'+1,'-1,'@a,'=cmd,a  b,\"\"\"<img onerror>\",{long}\r\n"
        );
        assert_eq!(text, told);
    }
}
