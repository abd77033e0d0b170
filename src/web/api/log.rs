//! The log as C2SP tlog-tiles, byte for byte.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::log::TilePath;
use crate::web::{App, Problem};

const FOREVER: &str = "public, max-age=31536000, immutable";

/// `GET /log/checkpoint`.
pub async fn checkpoint(State(app): State<App>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=1"),
    ];
    (headers, app.ledger.view().checkpoint.to_string()).into_response()
}

/// `GET /log/vkey`: the log's verifier key (C2SP signed-note).
pub async fn vkey(State(app): State<App>) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (headers, format!("{}\n", app.ledger.log_key())).into_response()
}

/// `GET /log/tile/...`: hash tiles and entry bundles.
pub async fn tile(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Problem> {
    let path = TilePath::parse(&format!("tile/{path}"))
        .map_err(|error| Problem::new(400, error.code(), error.to_string()))?;
    let found = app.ledger.tile(&path).map_err(|error| app.internal(&error))?;
    let Some(bytes) = found else {
        let size = app.ledger.view().size;
        let detail = format!("{path} is beyond the tree of {size} entries");
        return Err(Problem::new(404, "tile_beyond_tree", detail));
    };
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, FOREVER)];
    Ok((headers, bytes).into_response())
}
