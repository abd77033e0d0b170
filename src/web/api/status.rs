//! `/status` and `/status/{list}`: status lists as logged, the newest or as of an instant (W3C
//! Bitstring Status List 1.0). Not here: keeping them true (`ledger`).

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answers::{BRIEF, json_bytes, logged_statement};
use crate::register::{ListState, Register};
use crate::statement::Timestamp;
use crate::web::body::{Path, Query};
use crate::web::{App, Problem};

/// Which version of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListVersion {
    /// The version that stood then, `YYYY-MM-DDTHH:MM:SSZ`; the newest if left out.
    timestamp: Option<String>,
}

/// Which version of the index.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndexVersion {
    /// The index that covers exactly this many entries; the newest if left out.
    covers: Option<u64>,
}

/// A status list.
#[utoipa::path(get, path = "/status/{list}", tag = "status",
    params(("list" = String, Path, description = "`revocation-N` or `suspension-N`"), ListVersion),
    responses(
        (status = 200, description = "The signed list", body = Object,
            content_type = "application/vc"),
        (status = 404, description = "No such list, or none then", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(version): Query<ListVersion>,
) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let register = &view.register;
    let mut lists = register.lists();
    let (_, state) = lists
        .find(|((purpose, list), _)| format!("{}-{list}", purpose.word()) == name)
        .ok_or_else(|| missing("status_list_unknown", format!("there is no status list {name}")))?;
    let index = match version.timestamp {
        Some(text) => {
            let at = Timestamp::parse(&text)
                .map_err(|fault| Problem::new(400, "time_form", fault.to_string()))?;
            version_at(register, &name, state, at)
        }
        None => state.versions.last().map(|mark| mark.index),
    };
    let index = index
        .ok_or_else(|| missing("no_version_then", format!("{name} had no version at that time")))?;
    statement(&app, index)
}

/// The version whose own id names the instant, else the one that stood then.
fn version_at(register: &Register, name: &str, state: &ListState, at: Timestamp) -> Option<u64> {
    let id = register.domain().url(&format!("status/{name}?timestamp={at}"));
    register.index_of_id(&id).or_else(|| state.at(at).map(|mark| mark.index))
}

/// The index of current status lists.
#[utoipa::path(get, path = "/status", tag = "status", params(IndexVersion),
    responses(
        (status = 200, description = "The signed index", body = Object,
            content_type = "application/vc"),
        (status = 404, description = "None yet", body = Problem),
    ))]
pub async fn index(
    State(app): State<App>,
    Query(version): Query<IndexVersion>,
) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let register = &view.register;
    let index = match version.covers {
        Some(covers) => {
            register.index_of_id(&register.domain().url(&format!("status?covers={covers}")))
        }
        None => register.status_index().map(|mark| mark.index),
    };
    let index = index
        .ok_or_else(|| missing("status_index_unknown", "there is no such status index".into()))?;
    statement(&app, index)
}

fn statement(app: &App, index: u64) -> Result<Response, Problem> {
    let bytes = logged_statement(app, index)?;
    let brief = [(header::CACHE_CONTROL, BRIEF)];
    Ok((brief, json_bytes("application/vc", bytes)).into_response())
}

fn missing(code: &str, detail: String) -> Problem {
    Problem::new(404, code, detail)
}
