//! Answers that several resources give: logged statements and proof files as they were published.

use axum::body::Bytes;
use axum::http::header;
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
