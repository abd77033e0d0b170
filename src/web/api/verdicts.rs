//! Verdicts over the API: the same report as everywhere.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::prepare::bad_body;
use crate::limits::INSPECT_CODES_MAX;
use crate::statement::canonical_bytes;
use crate::verify::{Policy, Report};
use crate::web::{App, Problem, reports, statement_report};

/// What is to be judged.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Texts of codes.
    #[serde(default)]
    inputs: Vec<String>,
    /// A signed statement.
    #[schema(value_type = Option<Object>)]
    statement: Option<Value>,
    /// `shop`, `customs` or `audit`.
    policy: Option<String>,
}

/// One report for each input, in order, the statement's last.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Answer {
    #[schema(value_type = Vec<Object>)]
    reports: Vec<Report>,
}

/// `POST /api/v1/verify`.
pub async fn verify(
    State(app): State<App>,
    request: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Answer>, Problem> {
    let Json(request) = request.map_err(bad_body)?;
    let name = request.policy.as_deref().unwrap_or("shop");
    let policy = Policy::named(name).ok_or_else(|| {
        let detail = format!("policy {name:?} is unknown; shop, customs or audit");
        Problem::new(400, "unknown_policy", detail)
    })?;
    if request.inputs.len() > INSPECT_CODES_MAX {
        let detail = format!("at most {INSPECT_CODES_MAX} codes are accepted at once");
        return Err(Problem::new(413, "too_many_codes", detail));
    }
    let mut found = reports(&app, request.inputs, policy).await;
    if let Some(statement) = request.statement {
        found.push(statement_report(&app, &canonical_bytes(&statement), policy));
    }
    Ok(Json(Answer { reports: found }))
}
