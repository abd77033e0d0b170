//! Unsigned statements for signers.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::{
    CertificateRequest, LedgerError, LotRequest, Prepared, now, prepare_certificate, prepare_lot,
};
use crate::limits::BULK_LINES_MAX;
use crate::web::{App, Problem};

/// What is to be prepared: certificates or lots.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// Certificates a certifier wants to sign.
    #[serde(default)]
    certificates: Vec<CertificateRequest>,
    /// Lots a cooperative wants to declare.
    #[serde(default)]
    lots: Vec<LotRequest>,
}

/// One answer for each request, in order: certificates first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Answer {
    prepared: Vec<Item>,
}

/// One answer.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Item {
    /// To be signed.
    Unsigned(Value),
    /// In the log already, with the same facts.
    Existing {
        /// The statement's id.
        id: String,
        /// Where it stands.
        index: u64,
    },
    /// Cannot be prepared.
    Problem(Problem),
}

/// `POST /api/v1/prepare`.
pub async fn prepare(
    State(app): State<App>,
    request: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Answer>, Problem> {
    let Json(request) = request.map_err(bad_body)?;
    let count = request.certificates.len().saturating_add(request.lots.len());
    if count > BULK_LINES_MAX {
        let detail = format!("{count} requests; at most {BULK_LINES_MAX} are accepted");
        return Err(Problem::new(413, "too_many_lines", detail));
    }
    let now = now();
    let certificates =
        request.certificates.iter().map(|item| prepare_certificate(&app.ledger, item, now));
    let lots = request.lots.iter().map(|item| prepare_lot(&app.ledger, item));
    Ok(Json(Answer { prepared: certificates.chain(lots).map(answer).collect() }))
}

fn answer(prepared: Result<Prepared, LedgerError>) -> Item {
    match prepared {
        Ok(Prepared::Unsigned(unsigned)) => Item::Unsigned(unsigned),
        Ok(Prepared::Existing { id, index }) => Item::Existing { id, index },
        Err(error) => Item::Problem(refused(&error)),
    }
}

/// A request that cannot be met, as a problem document.
pub fn refused(error: &LedgerError) -> Problem {
    let status = match error {
        LedgerError::Request { code: "lot_unknown", .. } => 404,
        LedgerError::Request {
            code: "lot_exists" | "already_certified" | "not_in_force", ..
        } => 409,
        LedgerError::Request { .. } => 422,
        LedgerError::Submit(error) => error.http_status(),
        _ => 500,
    };
    Problem::new(status, error.code(), error.to_string())
}

/// A body that is not the JSON expected.
pub fn bad_body(rejection: JsonRejection) -> Problem {
    let status = rejection.status().as_u16();
    Problem::new(status, "bad_request", rejection.body_text())
}
