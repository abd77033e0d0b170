//! `/log/...`: the read side of the log, byte for byte as C2SP tlog-tiles has it.
//! Not here: how tiles are cut (`log`), writing.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answers::{BRIEF, IMMUTABLE};
use crate::door::Lane;
use crate::ledger::WitnessStanding;
use crate::log::{Note, TileLevel, TilePath};
use crate::statement::Timestamp;
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

/// A page of the history of cosigned checkpoints: up to 256 signed notes, one an hour, each behind
/// its length in two bytes. They bound when entries were logged.
#[utoipa::path(get, path = "/log/cosigned/{page}", tag = "log",
    params(("page" = u64, Path, description = "From 0")),
    responses(
        (status = 200, description = "Notes", content_type = "application/octet-stream"),
        (status = 404, description = "Beyond the last page", body = Problem),
    ))]
pub async fn cosigned(State(app): State<App>, Path(page): Path<u64>) -> Result<Response, Problem> {
    let look = move || app.ledger.cosigned_page(page);
    let bytes = parallel::blocking_in(Lane::Large, look).await?;
    let bytes = bytes.ok_or_else(|| {
        Problem::new(404, "cosigned_page_unknown", "the history has no such page".to_owned())
    })?;
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, BRIEF)];
    Ok((headers, Bytes::from(bytes)).into_response())
}

/// A page of sidecars: of each of 256 entries its detached vc+jwt behind its length in two bytes,
/// length 0 for none. The last page ends with the log.
#[utoipa::path(get, path = "/log/sidecars/{page}", tag = "log",
    params(("page" = u64, Path, description = "From 0: the number of the entry bundle")),
    responses(
        (status = 200, description = "Sidecars", content_type = "application/octet-stream"),
        (status = 404, description = "Beyond the log", body = Problem),
    ))]
pub async fn sidecars(State(app): State<App>, Path(page): Path<u64>) -> Result<Response, Problem> {
    let look = move || app.ledger.sidecars(page);
    let bytes = parallel::blocking_in(Lane::Large, look).await??;
    let bytes = bytes.ok_or_else(|| {
        Problem::new(404, "sidecars_beyond_log", "the log has no such page".to_owned())
    })?;
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, BRIEF)];
    Ok((headers, Bytes::from(bytes)).into_response())
}

/// The witnesses of a log.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WitnessesShape {
    /// Who must cosign (C2SP tlog-policy); null if nobody.
    policy: Option<String>,
    /// Entries of the log.
    size: u64,
    /// Entries that the quorum has seen; null if it has seen none, or none is asked for.
    witnessed_size: Option<u64>,
    /// What the newest checkpoint that is shown comes to under the policy.
    quorum: Option<QuorumShape>,
    /// How each witness of the policy stands.
    witnesses: Vec<WitnessStanding>,
}

/// What a checkpoint's cosignatures come to.
#[derive(Serialize, utoipa::ToSchema)]
pub struct QuorumShape {
    /// Whether enough witnesses signed.
    met: bool,
    /// Since when; null if it is not met, or none is asked for.
    #[schema(value_type = Option<String>)]
    at: Option<Timestamp>,
    /// Witnesses without a signature.
    missing: Vec<String>,
}

/// The witnesses of this log: who must cosign, and how each stands.
#[utoipa::path(get, path = "/api/v1/witnesses", tag = "log",
    responses((status = 200, description = "Policy, quorum, standing", body = WitnessesShape)))]
pub async fn witnesses(State(app): State<App>) -> Response {
    let (live, seen) = (app.ledger.view(), app.ledger.witnessed_view());
    let policy = app.ledger.witness_policy();
    let quorum =
        policy.and_then(|policy| Some(policy.evaluate(&Note::parse(&seen.checkpoint).ok()?)));
    let seen_by_it = quorum.as_ref().is_some_and(|quorum| quorum.met && quorum.at.is_some());
    let body = WitnessesShape {
        policy: policy.map(ToString::to_string),
        size: live.size,
        witnessed_size: seen_by_it.then_some(seen.size),
        quorum: quorum.map(|it| QuorumShape { met: it.met, at: it.at, missing: it.missing }),
        witnesses: app.ledger.witness_standing(),
    };
    ([(header::CACHE_CONTROL, BRIEF)], axum::Json(body)).into_response()
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
            parallel::blocking_in(Lane::Large, move || ledger.tile(&path)).await??
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
