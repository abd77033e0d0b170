//! Routes of the API, the log and the machine-readable documents: one list.
//! Not here: pages for people, and `/certificates/{file}`, which the pages register.

use axum::Router;
use axum::http::Uri;
use axum::routing::{any, get, post};

use super::{log, operations, prepare, statements, trust};
use crate::web::{App, Problem};

/// The API's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/statements", post(statements::submit))
        .route("/api/v1/statements/{index}", get(statements::entry))
        .route("/api/v1/statements/{index}/proof", get(statements::proof))
        .route("/api/v1/prepare", post(prepare::prepare))
        .route("/api/v1/packs/latest", get(trust::pack))
        .route("/api/{*rest}", any(unknown))
        .route("/trust", get(trust::trust))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/vkey", get(log::vkey))
        .route("/log/tile/{*path}", get(log::tile))
        .route("/log/{*rest}", any(unknown))
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
}

async fn unknown(uri: Uri) -> Problem {
    let detail = format!("there is nothing at {}; /api lists what there is", uri.path());
    Problem::new(404, "unknown_path", detail)
}
