//! `/api/v1/documents`: documents that rest off the log, each to who submitted it and to the
//! authority, by a signed request. Not here: how they are kept (`ledger`).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::door::Lane;
use crate::statement::Commitment;
use crate::web::body::Path;
use crate::web::signed::SignedHead;
use crate::web::{App, Problem, parallel};

/// A document and its salt.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpenedDocument {
    /// The commitment: `u` and base64url(SHA-256(salt, document)).
    #[schema(value_type = String)]
    commitment: Commitment,
    /// The document in base64.
    document: String,
    /// The salt in base64url.
    salt: String,
}

/// The document that a commitment in the log is of.
///
/// It is given to the party that submitted it and to the authority alone: the request is signed
/// (RFC 9421, docs/FORMAT.md 1.7) with an assertion key of theirs, over an empty body. To anybody
/// else, and once it was erased, there is none.
#[utoipa::path(get, path = "/api/v1/documents/{commitment}", tag = "statements",
    params(("commitment" = String, Path, description = "The commitment, as it stands in the log")),
    responses(
        (status = 200, description = "Document and salt", body = OpenedDocument),
        (status = 400, description = "No commitment", body = Problem),
        (status = 401, description = "Not signed, or signed before", body = Problem),
        (status = 404, description = "None that this party may read", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
    ))]
pub async fn one(
    State(app): State<App>,
    Path(commitment): Path<String>,
    head: SignedHead,
) -> Result<Response, Problem> {
    let work = move || -> Result<OpenedDocument, Problem> {
        let by = head.requester(&app, b"")?;
        let form = || {
            let detail = "a commitment is 'u' and 43 characters of base64url";
            Problem::new(400, "commitment_form", detail)
        };
        let commitment = Commitment::parse(&commitment).ok_or_else(form)?;
        let opening = app.ledger.document(&commitment, &by)?;
        let document = BASE64_STANDARD.encode(opening.document.as_slice());
        Ok(OpenedDocument { commitment, document, salt: opening.salt_text() })
    };
    let opened = parallel::blocking_in(Lane::Large, work).await??;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(opened)).into_response())
}
