//! `/api/v1/webhooks`: where a party wants to be told what becomes of the goods that it holds, by a
//! signed request. Not here: what is told and when (`hooks`).

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::hooks::{HookRefused, Registered, Webhooks};
use crate::limits::HOOK_REQUEST_BYTES_MAX;
use crate::web::body::{self, Path};
use crate::web::signed::SignedHead;
use crate::web::{App, Problem, parallel};

/// An address.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// `https://HOST/PATH`, of the public internet.
    url: String,
}

/// The webhooks of a party.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WebhookList {
    /// Oldest first.
    webhooks: Vec<Registered>,
}

/// Adds a webhook.
///
/// Messages are those of Standard Webhooks 1.0.0, signed `v1a`: `lot.recalled`, `lot.held`,
/// `lot.released`, `lot.exhausted`, `certificate.suspended`, `certificate.withdrawn`,
/// `certificate.reinstated`, each of the lots that the party has or had, at most 50 in one. The
/// request is signed (RFC 9421, docs/FORMAT.md 1.7) with an assertion key of the party. No redirect
/// is followed; an answer of 410 ends it.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "goods", request_body = WebhookRequest,
    responses(
        (status = 201, description = "The webhook; the same again is answered as it stands",
            body = Registered),
        (status = 400, description = "No address", body = Problem),
        (status = 401, description = "Not signed, or signed before", body = Problem),
        (status = 409, description = "Too many", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
        (status = 503, description = "No service tells anybody here", body = Problem),
    ))]
pub async fn add(
    State(app): State<App>,
    head: SignedHead,
    content: Body,
) -> Result<Response, Problem> {
    let bytes = body::bytes(content, HOOK_REQUEST_BYTES_MAX).await?;
    let work = move || -> Result<Registered, Problem> {
        let webhooks = told(&app)?;
        let by = head.requester(&app, &bytes)?;
        let asked: WebhookRequest = body::parsed(&bytes)?;
        let (view, now) = (app.ledger.view(), app.ledger.now());
        let mut notifier = webhooks.lock();
        notifier.add(&view.register, &by.party, &asked.url, now).map_err(refused)
    };
    let added = parallel::blocking(work).await??;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(added)).into_response())
}

/// The webhooks of the party that asks, by a signed request over an empty body.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "goods",
    responses(
        (status = 200, description = "Its webhooks", body = WebhookList),
        (status = 401, description = "Not signed, or signed before", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
        (status = 503, description = "No service tells anybody here", body = Problem),
    ))]
pub async fn list(State(app): State<App>, head: SignedHead) -> Result<Response, Problem> {
    let work = move || -> Result<WebhookList, Problem> {
        let webhooks = told(&app)?;
        let by = head.requester(&app, b"")?;
        let list = webhooks.lock().of(&by.party);
        Ok(WebhookList { webhooks: list })
    };
    let list = parallel::blocking(work).await??;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)).into_response())
}

/// Removes a webhook of the party that asks, by a signed request over an empty body.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "goods",
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 204, description = "It is told nothing more"),
        (status = 401, description = "Not signed, or signed before", body = Problem),
        (status = 404, description = "None of this party's", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
        (status = 503, description = "No service tells anybody here", body = Problem),
    ))]
pub async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    head: SignedHead,
) -> Result<StatusCode, Problem> {
    let work = move || -> Result<bool, Problem> {
        let webhooks = told(&app)?;
        let by = head.requester(&app, b"")?;
        webhooks.lock().remove(&by.party, &id).map_err(|error| refused(error.into()))
    };
    match parallel::blocking(work).await?? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::new(404, "webhook_unknown", "this party has no such webhook")),
    }
}

fn told(app: &App) -> Result<Webhooks, Problem> {
    let off = || {
        let detail = "webhooks are told by a running service: ask it by its address";
        Problem::new(503, "webhooks_off", detail)
    };
    app.settings.webhooks.clone().ok_or_else(off)
}

fn refused(error: HookRefused) -> Problem {
    let detail = error.to_string();
    match error {
        HookRefused::Address { .. } => Problem::new(400, "webhook_address", detail),
        HookRefused::TooMany { .. } => Problem::new(409, "webhook_limit", detail),
        HookRefused::File(_) => Problem::internal(),
    }
}
