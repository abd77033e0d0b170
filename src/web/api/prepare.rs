//! `POST /api/v1/prepare`: unsigned statements for signers, many at once, each with its own answer.
//! Not here: how they are filled in (`ledger::prepare_*`), and signing, which happens elsewhere.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::{Ledger, LedgerError, Prepared, now, prepare_certificate, prepare_lot};
use crate::limits::{BULK_BYTES_MAX, BULK_LINES_MAX};
use crate::web::body;
use crate::web::{App, Problem, parallel};

/// What is to be prepared: certificates or lots.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareRequest {
    /// Certificates to be signed by a certifier, each a `CertificateRequest`; one of another form
    /// gets a problem of its own.
    #[schema(value_type = Option<Vec<Value>>)]
    certificates: Option<Vec<Value>>,
    /// Lots to be declared by a cooperative, each a `LotRequest`; one of another form gets a
    /// problem of its own.
    #[schema(value_type = Option<Vec<Value>>)]
    lots: Option<Vec<Value>>,
}

/// One answer for each request, in order.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PrepareAnswer {
    prepared: Vec<PreparedItem>,
}

/// What came of one request.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum PreparedItem {
    /// To be signed as it stands.
    #[schema(value_type = Object)]
    Unsigned(Value),
    /// In the log already, with the same facts.
    Existing(ExistingItem),
    /// It cannot be.
    Problem(Problem),
}

/// Where a statement with the same facts stands.
#[derive(Serialize, utoipa::ToSchema)]
struct ExistingItem {
    /// Its id.
    id: String,
    /// Its log index.
    index: u64,
}

/// Prepares unsigned statements.
#[utoipa::path(post, path = "/api/v1/prepare", tag = "statements",
    request_body = PrepareRequest,
    responses(
        (status = 200, description = "One answer for each request, in order", body = PrepareAnswer),
        (status = 400, description = "Not of this form", body = Problem),
        (status = 413, description = "Too many at once", body = Problem),
    ))]
pub async fn prepare(
    State(app): State<App>,
    content: Body,
) -> Result<Json<PrepareAnswer>, Problem> {
    let request: PrepareRequest = body::json(content, BULK_BYTES_MAX).await?;
    let prepared = parallel::blocking(move || match (request.certificates, request.lots) {
        (Some(items), None) => {
            each(&app.ledger, items, |ledger, request| prepare_certificate(ledger, request, now()))
        }
        (None, Some(items)) => each(&app.ledger, items, prepare_lot),
        _ => Err(Problem::new(400, "json_form", "give either `certificates` or `lots`")),
    });
    Ok(Json(PrepareAnswer { prepared: prepared.await?? }))
}

fn each<T: DeserializeOwned>(
    ledger: &Ledger,
    items: Vec<Value>,
    prepare: impl Fn(&Ledger, &T) -> Result<Prepared, LedgerError>,
) -> Result<Vec<PreparedItem>, Problem> {
    if items.len() > BULK_LINES_MAX {
        let detail = format!("{} requests; send at most {BULK_LINES_MAX} at once", items.len());
        return Err(Problem::new(413, "too_many_items", detail));
    }
    let answer = |item: Value| match serde_json::from_value::<T>(item) {
        Err(error) => PreparedItem::Problem(Problem::new(400, "json_form", error.to_string())),
        Ok(request) => match prepare(ledger, &request) {
            Ok(Prepared::Unsigned(unsigned)) => PreparedItem::Unsigned(unsigned),
            Ok(Prepared::Existing { id, index }) => {
                PreparedItem::Existing(ExistingItem { id, index })
            }
            Err(fault) => PreparedItem::Problem(fault.into()),
        },
    };
    Ok(items.into_iter().map(answer).collect())
}
