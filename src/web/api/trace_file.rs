//! `/api/v1/lots/{owner}/{lot}/trace.tasdiq`: the way back of a lot as a file that anybody verifies
//! with no server. Not here: what stands in it (`dossier`), the same as lists.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::file_shapes::TraceDossier;
use crate::door::Lane;
use crate::ledger::trace_dossier_file;
use crate::names::LotKey;
use crate::web::body::Path;
use crate::web::{App, Problem, parallel};

/// The trace dossier of a lot.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}/trace.tasdiq", tag = "lots",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
    ),
    responses(
        (status = 200, description = "Declarations, events, rulebooks and certificates of the \
            lot's way back, each with its proof under one checkpoint", body = TraceDossier),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared, or no goods are followed yet", body = Problem),
        (status = 413, description = "More entries than one file holds: how many", body = Problem),
    ))]
pub async fn file(
    State(app): State<App>,
    Path((owner, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let key: LotKey = format!("{owner}/{number}").parse()?;
    app.settled().await;
    let ledger = app.ledger.clone();
    let make = move || trace_dossier_file(&ledger, &key, ledger.now());
    let bytes = parallel::blocking_in(Lane::Large, make).await??;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}
