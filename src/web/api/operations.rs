//! `/healthz`, `/readyz`, `/metrics`: what those who run the service ask of it.
//! Not here: log health for the public (pages).

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;

use crate::web::{App, Problem};

/// Whether the service is alive.
#[utoipa::path(get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "Alive", body = String, content_type = "text/plain")))]
pub async fn healthz() -> &'static str {
    "alive\n"
}

/// Whether the service takes statements in.
#[utoipa::path(get, path = "/readyz", tag = "operations",
    responses(
        (status = 200, description = "Ready", body = String, content_type = "text/plain"),
        (status = 503, description = "Reads only, and why", body = Problem),
    ))]
pub async fn readyz(State(app): State<App>) -> Result<&'static str, Problem> {
    match app.stopped() {
        None => Ok("ready\n"),
        Some(reason) => Err(Problem::new(503, "writes_stopped", reason)),
    }
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "Prometheus text format 0.0.4", body = String,
        content_type = "text/plain")))]
pub async fn metrics(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], app.metrics.text(&app.ledger)).into_response()
}
