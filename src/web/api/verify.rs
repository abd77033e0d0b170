//! `POST /api/v1/verify`: reports on up to a thousand codes and documents, or on one statement.
//! Not here: how a verdict comes about (`verify`).

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::{BULK_BYTES_MAX, INSPECT_CODES_MAX};
use crate::statement::canonical_bytes;
use crate::verify::{Evidence, Policy, Report};
use crate::web::{App, Problem, body, parallel};

/// What is to be judged: texts or one statement.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// Texts, at most 1,000: codes, scanned or typed; each may also be a whole vc+jwt, a dossier or
    /// a signed statement, told by its content.
    inputs: Option<Vec<String>>,
    /// A signed statement; what is none fails its verdict.
    #[schema(value_type = Option<Value>)]
    statement: Option<Value>,
    /// `shop` (if left out), `customs` or `audit`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    policy: Policy,
}

/// One report for each input, in order.
#[derive(Serialize, utoipa::ToSchema)]
pub struct VerifyAnswer {
    /// Reports; see the schema of the verification report.
    #[schema(value_type = Vec<Object>)]
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
    let VerifyRequest { inputs, statement, policy } = body::json(content, BULK_BYTES_MAX).await?;
    let work = move || match (inputs, statement) {
        (Some(inputs), None) if inputs.len() > INSPECT_CODES_MAX => {
            let detail =
                format!("{} texts; send at most {INSPECT_CODES_MAX} at once", inputs.len());
            Err(Problem::new(413, "too_many_items", detail))
        }
        (Some(inputs), None) => Ok(app.judge().reports(&inputs, policy)),
        (None, Some(statement)) => {
            let bytes = canonical_bytes(&statement);
            Ok(vec![app.judge().report(Evidence::Statement(&bytes), policy)])
        }
        _ => Err(Problem::new(400, "json_form", "give either `inputs` or `statement`")),
    };
    Ok(Json(VerifyAnswer { reports: parallel::blocking(work).await?? }))
}
