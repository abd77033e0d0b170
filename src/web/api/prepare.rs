//! `POST /api/v1/prepare`: unsigned statements for signers, many at once, each with its own answer.
//! Not here: how they are filled in (`ledger::prepare_*`), and signing, which happens elsewhere.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::ledger::{
    CertificateRequest, Ledger, LedgerError, LotRequest, Prepared, now, prepare_certificate,
    prepare_lot,
};
use crate::limits::{BULK_LINES_MAX, PREPARE_BYTES_MAX};
use crate::web::body;
use crate::web::{App, Problem, parallel};

/// Requests as they were sent, counted before they are read.
type Requests<'a> = body::Items<'a, BULK_LINES_MAX>;

/// What is to be prepared: certificates or lots.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareRequest<'a> {
    /// Certificates to be signed by a certifier.
    #[schema(value_type = Option<Vec<CertificateRequest>>)]
    #[serde(borrow)]
    certificates: Option<Requests<'a>>,
    /// Lots to be declared by a cooperative.
    #[schema(value_type = Option<Vec<LotRequest>>)]
    #[serde(borrow)]
    lots: Option<Requests<'a>>,
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
    let content = body::bytes(content, PREPARE_BYTES_MAX).await?;
    let prepared = parallel::blocking(move || {
        let request: PrepareRequest<'_> = body::parsed(&content)?;
        match (request.certificates, request.lots) {
            (Some(items), None) => each(&app.ledger, items, |ledger, request| {
                prepare_certificate(ledger, request, now())
            }),
            (None, Some(items)) => each(&app.ledger, items, prepare_lot),
            _ => Err(Problem::new(400, "json_form", "give either `certificates` or `lots`")),
        }
    });
    Ok(Json(PrepareAnswer { prepared: prepared.await?? }))
}

fn each<T: DeserializeOwned>(
    ledger: &Ledger,
    items: Requests<'_>,
    prepare: impl Fn(&Ledger, &T) -> Result<Prepared, LedgerError>,
) -> Result<Vec<PreparedItem>, Problem> {
    let answer = |item: &RawValue| match serde_json::from_str::<T>(item.get()) {
        Err(error) => PreparedItem::Problem(Problem::new(400, "json_form", error.to_string())),
        Ok(request) => match prepare(ledger, &request) {
            Ok(Prepared::Unsigned(unsigned)) => PreparedItem::Unsigned(unsigned),
            Ok(Prepared::Existing { id, index }) => {
                PreparedItem::Existing(ExistingItem { id, index })
            }
            Err(fault) => PreparedItem::Problem(fault.into()),
        },
    };
    Ok(items.all("requests")?.into_iter().map(answer).collect())
}
