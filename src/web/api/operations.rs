//! `/healthz`, `/readyz`, `/metrics`: what those who run the service ask of it.
//! Not here: log health for the public (pages).

use std::fmt::Write;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

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
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, metrics_text(&app)).into_response()
}

fn metrics_text(app: &App) -> String {
    let view = app.ledger.view();
    let register = &view.register;
    let newest =
        register.last_at().map_or(0, |at| app.ledger.now().seconds().saturating_sub(at.seconds()));
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        // Writing into a string has no way to fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge("tasdiq_log_entries", "Entries under the newest checkpoint.", view.size);
    gauge(
        "tasdiq_checkpoint_age_seconds",
        "Since the newest entry was logged and its checkpoint signed.",
        u64::try_from(newest).unwrap_or_default(),
    );
    gauge("tasdiq_lots", "Lots declared.", register.lot_count().try_into().unwrap_or(u64::MAX));
    gauge("tasdiq_next_serial", "The next free serial of a certificate.", register.next_serial());
    gauge("tasdiq_store_bytes", "Bytes the store takes on disk.", app.ledger.disk_bytes());
    gauge(
        "tasdiq_writes_stopped",
        "1 if no more statements are accepted.",
        u64::from(view.stopped.is_some()),
    );
    let counts = app.counters.read();
    let name = "tasdiq_statements_total";
    let _ = write!(text, "# HELP {name} Statements submitted.\n# TYPE {name} counter\n");
    let _ = writeln!(text, "{name}{{outcome=\"accepted\"}} {}", counts.accepted);
    let _ = writeln!(text, "{name}{{outcome=\"duplicate\"}} {}", counts.duplicate);
    for (code, count) in &counts.refused {
        let _ = writeln!(text, "{name}{{outcome=\"refused\",code=\"{code}\"}} {count}");
    }
    text
}
