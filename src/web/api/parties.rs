//! `/api/v1/parties` and the DID documents of the ledger and its parties.
//! Not here: how keys are judged (`seal`).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answers::{BRIEF, json_bytes};
use super::file_shapes::DidDocument;
use super::shapes::PartyShape;
use crate::names::PartySlug;
use crate::register::Register;
use crate::seal::did_document;
use crate::statement::{Role, Timestamp, canonical_bytes};
use crate::web::body::{Path, Query};
use crate::web::{App, Problem, parallel};

/// Parties in one page.
const PAGE_MAX: usize = 500;

/// Which parties.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartyFilter {
    /// `authority`, `certifier`, `cooperative`, ...
    role: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// Parties in a page, 1 to 500; 500 if left out.
    limit: Option<usize>,
}

/// A page of parties.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PartyPage {
    /// Parties, by short name.
    parties: Vec<PartyShape>,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// Parties with their keys and accreditations.
#[utoipa::path(get, path = "/api/v1/parties", tag = "parties", params(PartyFilter),
    responses((status = 200, description = "A page of parties", body = PartyPage)))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<PartyFilter>,
) -> Result<Json<PartyPage>, Problem> {
    let view = app.ledger.view();
    parallel::blocking(move || page(&view.register, &filter, app.ledger.now())).await?.map(Json)
}

fn page(register: &Register, filter: &PartyFilter, at: Timestamp) -> Result<PartyPage, Problem> {
    let limit = filter.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let after = filter.after.as_deref().map(PartySlug::parse).transpose()?;
    let of_role = |role: Role| filter.role.as_deref().is_none_or(|wanted| json!(role) == wanted);
    let mut found = register
        .parties()
        .filter(|party| after.as_ref().is_none_or(|after| party.registration.party > *after))
        .filter(|party| of_role(party.registration.role));
    let page = found.by_ref().take(limit);
    let parties: Vec<PartyShape> = page.map(|party| PartyShape::of(register, party, at)).collect();
    let more = found.next().is_some();
    let next = parties.last().filter(|_| more).map(|party| party.party.to_string());
    Ok(PartyPage { parties, next })
}

/// One party.
#[utoipa::path(get, path = "/api/v1/parties/{id}", tag = "parties",
    params(("id" = String, Path, description = "Short name")),
    responses(
        (status = 200, description = "The party", body = PartyShape),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<PartyShape>, Problem> {
    let slug = PartySlug::parse(&id)?;
    let view = app.ledger.view();
    let party = view.register.party(&slug).ok_or_else(|| unknown(&slug))?;
    Ok(Json(PartyShape::of(&view.register, party, app.ledger.now())))
}

/// The DID document of the ledger's authority.
#[utoipa::path(get, path = "/.well-known/did.json", tag = "parties",
    responses((status = 200, description = "A DID document", body = DidDocument,
        content_type = "application/did+json")))]
pub async fn authority_did(State(app): State<App>) -> Result<Response, Problem> {
    did_of(&app, &PartySlug::authority())
}

/// The DID document of a party.
#[utoipa::path(get, path = "/parties/{id}/did.json", tag = "parties",
    params(("id" = String, Path, description = "Short name")),
    responses(
        (status = 200, description = "A DID document", body = DidDocument,
            content_type = "application/did+json"),
        (status = 404, description = "Not registered", body = Problem),
    ))]
pub async fn party_did(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    did_of(&app, &PartySlug::parse(&id)?)
}

fn did_of(app: &App, slug: &PartySlug) -> Result<Response, Problem> {
    let view = app.ledger.view();
    let party = view.register.party(slug).ok_or_else(|| unknown(slug))?;
    let document = did_document(&view.register.domain().did(slug), &party.keys);
    let brief = [(header::CACHE_CONTROL, BRIEF)];
    Ok((brief, json_bytes("application/did+json", canonical_bytes(&document))).into_response())
}

fn unknown(slug: &PartySlug) -> Problem {
    Problem::new(404, "unknown_party", format!("{slug} is not registered"))
}
