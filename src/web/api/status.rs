//! `/status` and `/status/{list}`: status lists as logged, the newest or as of an instant (W3C
//! Bitstring Status List 1.0). Not here: keeping them true (`ledger`).

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answers::{BRIEF, json_bytes, logged_statement, proof_text};
use super::file_shapes::SignedStatement;
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::register::{ListState, Register};
use crate::statement::Timestamp;
use crate::web::body::{Path, Query};
use crate::web::{App, Problem};

/// The link relation of a proof file: the address of its specification.
const PROOF_RELATION: &str = "https://c2sp.org/tlog-proof@v1";

/// Which version of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListVersion {
    /// The version that stood then, an XML Schema dateTimeStamp such as `2026-11-23T14:04:15Z` or
    /// `2026-11-23T15:04:15%2B01:00`, at most 300 s ahead; the newest if left out.
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
    params(("list" = String, Path, description = "`revocation-N` or `suspension-N`; with \
        `.tlog-proof` behind it the proof that this version is in the log"), ListVersion),
    responses(
        (status = 200, description = "The signed list; `x-log-index` and `link` lead to its entry \
            and proof",
            content((SignedStatement = "application/vc"), (String = "text/plain"))),
        (status = 400, description = "A timestamp that is none, or in the future", body = Problem),
        (status = 404, description = "No such list, or none then", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(version): Query<ListVersion>,
) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let register = &view.register;
    let (name, proof) = match name.strip_suffix(".tlog-proof") {
        Some(stem) => (stem.to_owned(), true),
        None => (name, false),
    };
    let mut lists = register.lists();
    let (_, state) = lists
        .find(|((purpose, list), _)| format!("{}-{list}", purpose.word()) == name)
        .ok_or_else(|| missing("status_list_unknown", format!("there is no status list {name}")))?;
    let index = match version.timestamp {
        Some(text) => version_at(register, &name, state, instant(&text, app.ledger.now())?),
        None => state.versions.last().map(|mark| mark.index),
    };
    let index = index
        .ok_or_else(|| missing("no_version_then", format!("{name} had no version at that time")))?;
    if proof { proof_text(&app, index) } else { statement(&app, index) }
}

/// The instant asked for (W3C Bitstring Status List 1.0 section 2.1: a dateTimeStamp). What will
/// stand in the future nobody knows, so it is not answered with what stands now.
fn instant(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let at = Timestamp::parse_date_time_stamp(text).map_err(|fault| {
        // In a query a plus sign stands for a space.
        let hint = if text.contains(' ') { "; write + as %2B" } else { "" };
        Problem::new(400, "time_form", format!("{fault}{hint}"))
    })?;
    if at > now.plus_seconds(CLOCK_SKEW_SECONDS) {
        let detail = format!("{at} is in the future; it is {now}");
        return Err(Problem::new(400, "time_future", detail));
    }
    Ok(at)
}

/// The version whose own id names the instant, else the one that stood then.
fn version_at(register: &Register, name: &str, state: &ListState, at: Timestamp) -> Option<u64> {
    let id = register.domain().url(&format!("status/{name}?timestamp={at}"));
    let named = register.index_of_id(&id);
    // Only a version of this list counts: older rules let any statement have any id.
    let named = named.filter(|index| state.versions.iter().any(|mark| mark.index == *index));
    named.or_else(|| state.at(at).map(|mark| mark.index))
}

/// The index of current status lists.
#[utoipa::path(get, path = "/status", tag = "status", params(IndexVersion),
    responses(
        (status = 200, description = "The signed index", body = SignedStatement,
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
        Some(covers) => register.status_index_covering(covers),
        None => register.status_index().map(|mark| mark.index),
    };
    let index = index
        .ok_or_else(|| missing("status_index_unknown", "there is no such status index".into()))?;
    statement(&app, index)
}

fn statement(app: &App, index: u64) -> Result<Response, Problem> {
    let bytes = logged_statement(app, index)?;
    let entry = format!("/api/v1/statements/{index}");
    // The relations: the leaf it stands in, and the proof that the leaf is in the log.
    let link = format!("<{entry}>; rel=\"via\", <{entry}/proof>; rel=\"{PROOF_RELATION}\"");
    let headers = [
        (header::CACHE_CONTROL, BRIEF.to_owned()),
        (HeaderName::from_static("x-log-index"), index.to_string()),
        (header::LINK, link),
    ];
    Ok((headers, json_bytes("application/vc", bytes)).into_response())
}

fn missing(code: &str, detail: String) -> Problem {
    Problem::new(404, code, detail)
}
