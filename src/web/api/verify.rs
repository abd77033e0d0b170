//! `POST /api/v1/verify`: reports on up to a thousand codes and documents, or on one statement.
//! Not here: how a verdict comes about (`verify`).

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::file_shapes::VerificationReport;
use crate::door::Lane;
use crate::dossier::is_dossier;
use crate::limits::{INSPECT_CODES_MAX, STATEMENT_SENT_BYTES_MAX, VERIFY_BYTES_MAX};
use crate::verify::{Evidence, Policy, Report};
use crate::web::body::{self, Items};
use crate::web::{App, Problem, parallel};

/// What is to be judged: texts or one statement.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest<'a> {
    /// Texts, at most 1,000: codes, scanned or typed; each may also be a whole vc+jwt, a dossier or
    /// a signed statement, told by its content.
    #[serde(borrow)]
    #[schema(value_type = Option<Vec<String>>)]
    inputs: Option<Items<'a, INSPECT_CODES_MAX>>,
    /// A signed statement; what is none fails its verdict.
    #[schema(value_type = Option<Value>)]
    #[serde(borrow)]
    statement: Option<&'a RawValue>,
    /// `shop` (if left out), `customs` or `audit`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    policy: Policy,
}

/// One report for each input, in order.
#[derive(Serialize, utoipa::ToSchema)]
pub struct VerifyAnswer {
    /// Reports, one for each input.
    #[schema(value_type = Vec<VerificationReport>)]
    reports: Vec<Report>,
}

/// Judges codes, documents or a statement.
#[utoipa::path(post, path = "/api/v1/verify", tag = "verify",
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "One report for each input", body = VerifyAnswer),
        (status = 400, description = "Not of this form", body = Problem),
        (status = 413, description = "Too many at once", body = Problem),
    ))]
pub async fn verify(State(app): State<App>, content: Body) -> Result<Json<VerifyAnswer>, Problem> {
    let content = body::bytes(content, VERIFY_BYTES_MAX).await?;
    let work = move || judged(&app, &content);
    Ok(Json(VerifyAnswer { reports: parallel::blocking_in(Lane::Judge, work).await?? }))
}

fn judged(app: &App, content: &[u8]) -> Result<Vec<Report>, Problem> {
    let VerifyRequest { inputs, statement, policy } = body::parsed(content)?;
    match (inputs, statement) {
        (Some(inputs), None) => {
            let texts = inputs.all("texts")?.into_iter().enumerate();
            let texts: Result<Vec<String>, Problem> = texts.map(text).collect();
            Ok(app.judge().reports(&texts?, policy))
        }
        // The member's own bytes: what another reader sees in them is not lost on the way.
        (None, Some(statement)) => {
            let bytes = statement.get().as_bytes();
            within("`statement`", bytes.len())?;
            Ok(vec![app.judge().report(Evidence::Statement(bytes), policy)])
        }
        _ => Err(Problem::new(400, "json_form", "give either `inputs` or `statement`")),
    }
}

fn text((place, item): (usize, &RawValue)) -> Result<String, Problem> {
    let text: String = serde_json::from_str(item.get()).map_err(|_| {
        Problem::new(400, "json_form", format!("item {place} of `inputs` is no text"))
    })?;
    // A dossier has a larger limit of its own.
    if !is_dossier(text.trim().as_bytes()) {
        within(&format!("item {place} of `inputs`"), text.len())?;
    }
    Ok(text)
}

fn within(what: &str, bytes: usize) -> Result<(), Problem> {
    let max = STATEMENT_SENT_BYTES_MAX;
    if bytes <= max {
        return Ok(());
    }
    Err(Problem::new(413, "too_large", format!("{what} has {bytes} bytes; at most {max}")))
}
