//! `/trust` and `/api/v1/packs/latest`: the two signed files an inspector carries.
//! Not here: what stands in them (`verify`), how often they are made (`ledger`).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::answers::{BRIEF, json_bytes};
use crate::ledger::{Ledger, LedgerError, now, pack_file, trust_file};
use crate::statement::Timestamp;
use crate::web::{App, Problem, parallel};

/// The trust snapshot: root, log key, every party's keys and accreditations with their history.
#[utoipa::path(get, path = "/trust", tag = "trust",
    responses((status = 200, description = "A signed JSON document", body = Object)))]
pub async fn trust(State(app): State<App>) -> Result<Response, Problem> {
    signed_file(app, trust_file).await
}

/// The offline pack: the status of every certificate and lot at one checkpoint.
#[utoipa::path(get, path = "/api/v1/packs/latest", tag = "trust",
    responses((status = 200, description = "A signed JSON document", body = Object)))]
pub async fn pack(State(app): State<App>) -> Result<Response, Problem> {
    signed_file(app, pack_file).await
}

/// What makes a file.
type Maker = fn(&Ledger, Timestamp) -> Result<Arc<[u8]>, LedgerError>;

async fn signed_file(app: App, make: Maker) -> Result<Response, Problem> {
    let bytes = parallel::blocking(move || make(&app.ledger, now())).await??;
    let brief = [(header::CACHE_CONTROL, BRIEF)];
    Ok((brief, json_bytes("application/json", Bytes::from_owner(bytes))).into_response())
}
