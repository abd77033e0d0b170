//! The two files inspectors carry.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::ledger::{LedgerError, now, pack_file, trust_file};
use crate::web::{App, Problem};

/// `GET /trust`: the signed trust snapshot.
pub async fn trust(State(app): State<App>) -> Result<Response, Problem> {
    let made = trust_file(&app.ledger, now());
    file(&app, made)
}

/// `GET /api/v1/packs/latest`: the signed offline pack.
pub async fn pack(State(app): State<App>) -> Result<Response, Problem> {
    let ledger = app.ledger.clone();
    let made = tokio::task::spawn_blocking(move || pack_file(&ledger, now())).await;
    match made {
        Ok(made) => file(&app, made),
        Err(_) => Err(Problem::new(500, "internal", "the pack could not be made")),
    }
}

fn file(app: &App, made: Result<std::sync::Arc<[u8]>, LedgerError>) -> Result<Response, Problem> {
    let bytes = made.map_err(|error| app.internal(&error))?;
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=10")];
    Ok((headers, bytes.to_vec()).into_response())
}
