//! Receipts as COSE (RFC 9942) and the keys they are verified with (SCRAPI).
//! Not here: what a receipt holds (`log`).

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};

use super::answers::BRIEF;
use super::statements::known_index;
use crate::ledger::LedgerError;
use crate::log::{cose_key, cose_key_set, thumbprint};
use crate::web::body::Path;
use crate::web::{App, Problem};

/// The receipt of an entry: its leaf's bytes are what it is about.
#[utoipa::path(get, path = "/api/v1/statements/{index}/receipt", tag = "statements",
    params(("index" = u64, Path, description = "Log index")),
    responses(
        (status = 200, description = "A COSE receipt (RFC 9942, RFC9162_SHA256)",
            content_type = "application/scitt-receipt+cose"),
        (status = 404, description = "No such entry, or no receipt key", body = Problem),
    ))]
pub async fn receipt(
    State(app): State<App>,
    Path(index): Path<String>,
) -> Result<Response, Problem> {
    let index = known_index(&app, &index)?;
    Ok(receipt_of(&app, index)?)
}

/// The answer with the receipt of an entry.
///
/// # Errors
/// `no_receipt_key`.
pub fn receipt_of(app: &App, index: u64) -> Result<Response, LedgerError> {
    let bytes = app.ledger.receipt_of(index)?;
    Ok((kind("application/scitt-receipt+cose"), bytes).into_response())
}

/// All keys that receipts are verified with.
#[utoipa::path(get, path = "/.well-known/scitt-keys", tag = "trust",
    responses((status = 200, description = "A COSE_KeySet", content_type = "application/cbor")))]
pub async fn keys(State(app): State<App>) -> Response {
    (kind("application/cbor"), cose_key_set(&app.ledger.receipt_keys())).into_response()
}

/// One of them, by its COSE Key Thumbprint (RFC 9679) in lower-case hexadecimal.
#[utoipa::path(get, path = "/.well-known/scitt-keys/{kid}", tag = "trust",
    params(("kid" = String, Path, description = "COSE Key Thumbprint, SHA-256, hexadecimal")),
    responses(
        (status = 200, description = "A COSE_Key", content_type = "application/cbor"),
        (status = 404, description = "No such key", body = Problem),
    ))]
pub async fn key(State(app): State<App>, Path(kid): Path<String>) -> Result<Response, Problem> {
    let hex = |public: &[u8; 32]| -> String {
        thumbprint(public).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let found = app.ledger.receipt_keys().into_iter().find(|public| hex(public) == kid);
    let unknown = || Problem::new(404, "receipt_key_unknown", "there is no such key".to_owned());
    let public = found.ok_or_else(unknown)?;
    Ok((kind("application/cbor"), cose_key(&public)).into_response())
}

fn kind(media: &'static str) -> [(HeaderName, &'static str); 2] {
    [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, BRIEF)]
}
