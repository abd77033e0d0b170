//! What the names in statements resolve to: DID documents, status lists, our context.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::log::Leaf;
use crate::seal::did_document;
use crate::statement::{PartySlug, Timestamp};
use crate::web::{App, Problem};

/// `GET /.well-known/did.json`: the authority's DID document.
pub async fn authority_did(State(app): State<App>) -> Result<Response, Problem> {
    did(&app, &PartySlug::authority())
}

/// `GET /parties/{party}/did.json`.
pub async fn party_did(
    State(app): State<App>,
    Path(party): Path<String>,
) -> Result<Response, Problem> {
    let slug = PartySlug::parse(&party)
        .map_err(|fault| Problem::new(400, fault.code(), fault.to_string()))?;
    did(&app, &slug)
}

fn did(app: &App, slug: &PartySlug) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let party = view.register.party(slug).ok_or_else(|| {
        Problem::new(404, "unknown_party", format!("{slug} is not in the register"))
    })?;
    let document = did_document(&view.register.domain().did(slug), &party.keys);
    Ok(([(header::CONTENT_TYPE, "application/did+json")], document.to_string()).into_response())
}

/// Which version of a status list.
#[derive(Deserialize)]
pub struct Version {
    timestamp: Option<String>,
}

/// `GET /status/{list}`: the newest version, or with `?timestamp=` the one that stood then
/// (W3C Bitstring Status List 1.0 section 2.1).
pub async fn status_list(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(version): Query<Version>,
) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let at = match &version.timestamp {
        Some(text) => Timestamp::parse(text)
            .map_err(|fault| Problem::new(400, "time_form", fault.to_string()))?,
        None => crate::ledger::now().plus_seconds(crate::limits::CLOCK_SKEW_SECONDS),
    };
    let mut lists = view.register.lists();
    let found = lists.find(|((purpose, list), _)| format!("{}-{list}", purpose.word()) == name);
    let mark = found.and_then(|(_, state)| state.at(at)).ok_or_else(|| {
        Problem::new(404, "status_list_unknown", format!("there is no list {name} at {at}"))
    })?;
    statement(&app, mark.index)
}

/// `GET /status`: which lists are current.
pub async fn status_index(State(app): State<App>) -> Result<Response, Problem> {
    let mark = app.ledger.view().register.status_index().ok_or_else(|| {
        Problem::new(404, "status_list_unknown", "no status list was published yet")
    })?;
    statement(&app, mark.index)
}

/// The statement logged at an index, as signed.
pub fn statement(app: &App, index: u64) -> Result<Response, Problem> {
    let bytes = statement_bytes(app, index)?;
    Ok(([(header::CONTENT_TYPE, "application/vc")], bytes).into_response())
}

/// The bytes of the statement logged at an index.
pub fn statement_bytes(app: &App, index: u64) -> Result<Vec<u8>, Problem> {
    let leaf = app.entry(index)?;
    let parsed = Leaf::parse(&leaf).map_err(|error| app.internal(&error))?;
    Ok(parsed.statement.to_vec())
}

/// `GET /ns/tasdiq/v1`: our terms as a JSON-LD context.
pub async fn context(State(app): State<App>) -> Response {
    let base = app.ledger.view().register.domain().context();
    let term = |name: &str| (name.to_owned(), Value::from(format!("{base}#{name}")));
    const TERMS: [&str; 43] = [
        "BatchAttestation",
        "KeyChange",
        "LabelIssue",
        "StatusChange",
        "StatusIndex",
        "batchCertificate",
        "campaign",
        "capacities",
        "commitment",
        "count",
        "covers",
        "custody",
        "custodyModel",
        "decisionDate",
        "effectiveFrom",
        "entry",
        "hsCode",
        "keyChange",
        "knownAt",
        "laboratory",
        "laboratoryReports",
        "list",
        "lists",
        "lotDeclaration",
        "notAfter",
        "notCovered",
        "notice",
        "packSize",
        "product",
        "publicKeyMultibase",
        "purpose",
        "quantity",
        "reason",
        "region",
        "registration",
        "role",
        "sampledBy",
        "schemeEdition",
        "schemes",
        "since",
        "statusChange",
        "successor",
        "unit",
    ];
    let mut terms: serde_json::Map<String, Value> = TERMS.iter().map(|name| term(name)).collect();
    terms.insert("@protected".to_owned(), Value::Bool(true));
    let body = json!({ "@context": terms }).to_string();
    ([(header::CONTENT_TYPE, "application/ld+json")], body).into_response()
}
