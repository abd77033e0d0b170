//! `/trust` and `/api/v1/packs/latest`: the two signed files an inspector carries.
//! Not here: what stands in them (`verify`), how often they are made (`ledger`).

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answers::{BRIEF, is_known, json_bytes};
use super::file_shapes::{self, TrustSnapshot};
use crate::door::{Lane, Weight};
use crate::ledger::{newest_trust_file, pack_file, trust_file};
use crate::web::body::Query;
use crate::web::{App, Problem, parallel};

/// All callers are answered with the same bytes: no caller costs more of them.
const SHARED: Weight = Weight(0);

/// Which trust snapshot is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrustQuery {
    /// Of the newest state, even if no quorum of witnesses has seen it yet.
    #[serde(default)]
    newest: bool,
}

/// The trust snapshot: root, log key, every party's keys and accreditations with their history.
#[utoipa::path(get, path = "/trust", tag = "trust", params(TrustQuery),
    responses(
        (status = 200, description = "A signed JSON document", body = TrustSnapshot),
        (status = 503, description = "The ledger has no key to sign it with", body = Problem),
    ))]
pub async fn trust(
    State(app): State<App>,
    Query(query): Query<TrustQuery>,
) -> Result<Response, Problem> {
    let make = if query.newest {
        newest_trust_file
    } else {
        app.settled().await;
        trust_file
    };
    let bytes =
        parallel::blocking_in(Lane::Large, move || make(&app.ledger, app.ledger.now())).await??;
    let brief = [(header::CACHE_CONTROL, BRIEF)];
    let file = json_bytes("application/json", Bytes::from_owner(bytes));
    Ok((brief, Extension(SHARED), file).into_response())
}

/// Which pack is asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PackQuery {
    /// Log size of the pack at hand: the answer then holds only what changed since.
    since: Option<u64>,
}

/// The offline pack: the status of every certificate and lot at one checkpoint.
#[utoipa::path(get, path = "/api/v1/packs/latest", tag = "trust", params(PackQuery),
    responses(
        (status = 200, description = "A pack, or with `since` what changed: docs/FORMAT.md",
            content((file_shapes::Bytes = "application/vnd.tasdiq.pack"),
                (file_shapes::Bytes = "application/vnd.tasdiq.pack-delta"))),
        (status = 304, description = "The pack named in `If-None-Match` is the newest"),
        (status = 422, description = "`since` is beyond the log", body = Problem),
        (status = 503, description = "The ledger has no key to sign it with", body = Problem),
    ))]
pub async fn pack(
    State(app): State<App>,
    Query(query): Query<PackQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.settled().await;
    let file = match query.since {
        Some(since) => app.deltas.since(&app, since).await?,
        None => {
            let ledger = app.ledger.clone();
            parallel::blocking_in(Lane::Large, move || pack_file(&ledger, ledger.now())).await??
        }
    };
    // The sequence, and when it was signed: a log that stands still gets a fresh signature.
    let since = query.since.map(|since| format!("-since-{since}")).unwrap_or_default();
    let tag = format!("\"{}-{}{since}\"", file.sequence, file.issued_at.seconds());
    // Who holds a pack of an older form gets a whole one.
    let kind = match file.bytes.starts_with(b"tasdiqD") {
        true => "application/vnd.tasdiq.pack-delta",
        false => "application/vnd.tasdiq.pack",
    };
    let brief = [(header::CACHE_CONTROL, BRIEF), (header::ETAG, tag.as_str())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, brief).into_response());
    }
    let content = [(header::CONTENT_TYPE, kind)];
    let answer = (brief, content, Extension(SHARED), Bytes::from_owner(file.bytes));
    Ok(answer.into_response())
}
