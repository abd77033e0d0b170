//! Answers that several resources give: logged statements and proof files as they were published.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::ledger::proof_file;
use crate::log::Leaf;
use crate::web::{App, Problem};

/// For what never changes: a year, the longest that caches honour.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// For what may change with the next entry, in seconds.
pub const BRIEF: &str = "public, max-age=3";

/// Bytes that are JSON already.
pub fn json_bytes(kind: &'static str, bytes: impl Into<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes.into()).into_response()
}

/// Whether the caller knows the answer with this entity tag already (RFC 9110 section 13.1.2: weak
/// comparison, and `*` for any).
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    let mut tags = known.flat_map(|known| known.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The statement logged at an index, byte for byte as it was signed.
///
/// # Errors
/// The store's.
pub fn logged_statement(app: &App, index: u64) -> Result<Vec<u8>, Problem> {
    let leaf = app.ledger.entry(index)?;
    let leaf = Leaf::parse(&leaf).map_err(|_| Problem::internal())?;
    Ok(leaf.statement.to_vec())
}

/// The proof file of an entry under the newest checkpoint.
///
/// # Errors
/// An index beyond the log.
pub fn proof_text(app: &App, index: u64) -> Result<Response, Problem> {
    let file = proof_file(&app.ledger, index)?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, BRIEF)];
    Ok((headers, file.to_string()).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let cases: [(&[&str], bool); 7] = [
            (&[], false),
            (&["\"7-1\""], true),
            (&["W/\"7-1\""], true),
            (&["*"], true),
            (&["\"6-1\", W/\"7-1\""], true),
            (&["\"6-1\"", "\"7-1\""], true),
            (&["\"7-10\", 7-1, w/\"7-1\""], false),
        ];
        for (sent, known) in cases {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            assert_eq!(is_known(&headers, "\"7-1\""), known, "{sent:?}");
        }
    }
}
