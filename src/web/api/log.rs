//! `/log/...`: the read side of the log, byte for byte as C2SP tlog-tiles has it.
//! Not here: how tiles are cut (`log`), writing.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::answers::{BRIEF, IMMUTABLE};
use crate::log::{TileLevel, TilePath};
use crate::web::body::Path;
use crate::web::router::Incompressible;
use crate::web::{App, Problem, parallel};

/// The newest signed checkpoint.
#[utoipa::path(get, path = "/log/checkpoint", tag = "log",
    responses((status = 200, description = "A signed note (C2SP tlog-checkpoint)", body = String,
        content_type = "text/plain")))]
pub async fn checkpoint(State(app): State<App>) -> Response {
    text(app.ledger.witnessed_view().checkpoint.to_string())
}

/// The key that checkpoints are verified with.
#[utoipa::path(get, path = "/log/vkey", tag = "log",
    responses((status = 200, description = "A verifier key (C2SP signed-note)", body = String,
        content_type = "text/plain")))]
pub async fn vkey(State(app): State<App>) -> Response {
    text(format!("{}\n", app.ledger.log_key()))
}

fn text(content: String) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, BRIEF)];
    (headers, content).into_response()
}

/// A tile of hashes, or a bundle of entries.
#[utoipa::path(get, path = "/log/tile/{path}", tag = "log",
    params(("path" = String, Path,
        description = "`<L>/<N>` or `entries/<N>`, `.p/<W>` if partial (C2SP tlog-tiles)")),
    responses(
        (status = 200, description = "The tile", content_type = "application/octet-stream"),
        (status = 400, description = "Not a tile path", body = Problem),
        (status = 404, description = "Beyond the tree", body = Problem),
    ))]
pub async fn tile(State(app): State<App>, Path(rest): Path<String>) -> Result<Response, Problem> {
    let path = TilePath::parse(&format!("tile/{rest}"))
        .map_err(|fault| Problem::new(400, fault.code(), fault.to_string()))?;
    let found = match path.level {
        TileLevel::Hashes(_) => app.ledger.tile(&path)?,
        TileLevel::Entries => {
            let ledger = app.ledger.clone();
            parallel::blocking(move || ledger.tile(&path)).await??
        }
    };
    let Some(bytes) = found else {
        let detail = format!("the tree of {} entries has no {path}", app.ledger.view().size);
        return Err(Problem::new(404, "tile_beyond_tree", detail));
    };
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, IMMUTABLE)];
    let mut response = (headers, Bytes::from(bytes)).into_response();
    if let TileLevel::Hashes(_) = path.level {
        response.extensions_mut().insert(Incompressible);
    }
    Ok(response)
}
