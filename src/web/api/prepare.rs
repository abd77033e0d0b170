//! `POST /api/v1/prepare`: unsigned statements for signers, many at once, each with its own answer.
//! Not here: how they are filled in (`ledger::prepare_*`), and signing, which happens elsewhere.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::{LedgerError, LotRequest, Prepared, now, prepare_certificates, prepare_lot};
use crate::limits::{BULK_LINES_MAX, PREPARE_BYTES_MAX};
use crate::web::body;
use crate::web::signed::Head;
use crate::web::{App, Problem, parallel};

/// Requests as they were sent, counted before they are read.
type Requests<'a> = body::Items<'a, BULK_LINES_MAX>;

/// What is to be prepared: certificates or lots.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareRequest<'a> {
    /// Certificates to be signed by a certifier, each a `CertificateRequest`; one of another form
    /// gets a problem of its own.
    #[schema(value_type = Option<Vec<Value>>)]
    #[serde(borrow)]
    certificates: Option<Requests<'a>>,
    /// Lots to be declared by a cooperative, each a `LotRequest`; one of another form gets a
    /// problem of its own.
    #[schema(value_type = Option<Vec<Value>>)]
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
///
/// Whoever signs the request (RFC 9421, docs/FORMAT.md 1.7) as the certifier of its rows keeps the
/// serials that are given, at most 500 of them, for 48 hours. Without a signature they are free
/// when they are given, and kept for nobody: if another was faster, prepare again.
#[utoipa::path(post, path = "/api/v1/prepare", tag = "statements",
    request_body = PrepareRequest,
    responses(
        (status = 200, description = "One answer for each request, in order", body = PrepareAnswer),
        (status = 400, description = "Not of this form", body = Problem),
        (status = 401, description = "Signed, but not well", body = Problem),
        (status = 413, description = "Too many at once", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
    ))]
pub async fn prepare(
    State(app): State<App>,
    head: Head,
    content: Body,
) -> Result<Json<PrepareAnswer>, Problem> {
    let content = body::bytes(content, PREPARE_BYTES_MAX).await?;
    let work = move || -> Result<Vec<PreparedItem>, Problem> {
        let by = head.is_signed().then(|| head.requester(&app, &content)).transpose()?;
        let request: PrepareRequest<'_> = body::parsed(&content)?;
        match (request.certificates, request.lots) {
            (Some(items), None) => {
                each(items, |rows| prepare_certificates(&app.ledger, rows, by.as_ref(), now()))
            }
            (None, Some(items)) => each(items, |rows: &[LotRequest]| {
                Ok(rows.iter().map(|row| prepare_lot(&app.ledger, row)).collect())
            }),
            _ => Err(Problem::new(400, "json_form", "give either `certificates` or `lots`")),
        }
    };
    Ok(Json(PrepareAnswer { prepared: parallel::blocking(work).await?? }))
}

/// What became of each row.
type Rows = Vec<Result<Prepared, LedgerError>>;

/// Prepares all rows that have the form of one; each gets its own answer, in order.
fn each<T: DeserializeOwned>(
    items: Requests<'_>,
    prepare: impl Fn(&[T]) -> Result<Rows, LedgerError>,
) -> Result<Vec<PreparedItem>, Problem> {
    let items = items.all("requests")?;
    let mut good = Vec::with_capacity(items.len());
    let faults: Vec<Option<Problem>> = items
        .into_iter()
        .map(|item| match serde_json::from_str::<T>(item.get()) {
            Ok(row) => {
                good.push(row);
                None
            }
            Err(error) => Some(Problem::new(400, "json_form", error.to_string())),
        })
        .collect();
    let mut prepared = prepare(&good)?.into_iter();
    let answer = |fault: Option<Problem>| match fault {
        Some(problem) => PreparedItem::Problem(problem),
        None => match prepared.next() {
            Some(Ok(Prepared::Unsigned(unsigned))) => PreparedItem::Unsigned(unsigned),
            Some(Ok(Prepared::Existing { id, index })) => {
                PreparedItem::Existing(ExistingItem { id, index })
            }
            Some(Err(fault)) => PreparedItem::Problem(fault.into()),
            None => PreparedItem::Problem(Problem::internal()),
        },
    };
    Ok(faults.into_iter().map(answer).collect())
}
