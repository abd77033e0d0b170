//! `POST /api/v1/prepare`: unsigned statements for signers, many at once, each with its own answer.
//! Not here: how they are filled in (`ledger::prepare_*`), and signing, which happens elsewhere.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::{
    Foreseen, Held, LedgerError, LotRequest, Prepared, foresee, prepare_certificates, prepare_lot,
};
use crate::limits::{BULK_LINES_MAX, PREPARE_BYTES_MAX};
use crate::web::body;
use crate::web::signed::SignedHead;
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
    /// Whether each is judged as if it were signed now and came in this order: what the log would
    /// refuse is then a problem, and what would hold its lot is told.
    #[serde(default)]
    check: bool,
}

/// One answer for each request, in order.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PrepareAnswer {
    prepared: Vec<PreparedItem>,
}

/// What came of one request: one of the first three.
#[derive(Default, Serialize, utoipa::ToSchema)]
struct PreparedItem {
    /// To be signed as it stands.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unsigned: Option<Value>,
    /// In the log already, with the same facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<ExistingItem>,
    /// It cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
    /// With `check`, of what is to be signed: what will hold its lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    /// With `check`: serials of certificates that the same certifier gave the same lot under the
    /// same scheme; this one would stand beside them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<u64>,
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
    head: SignedHead,
    content: Body,
) -> Result<Json<PrepareAnswer>, Problem> {
    let content = body::bytes(content, PREPARE_BYTES_MAX).await?;
    let work = move || -> Result<Vec<PreparedItem>, Problem> {
        let by = head.is_signed().then(|| head.requester(&app, &content)).transpose()?;
        let request: PrepareRequest<'_> = body::parsed(&content)?;
        let (by, now) = (by.as_ref(), app.ledger.now());
        let foreseen = |rows: Rows| match request.check {
            true => foresee(&app.ledger, rows, by, now),
            false => rows.into_iter().map(|row| row.map(Foreseen::from)).collect(),
        };
        match (request.certificates, request.lots) {
            (Some(items), None) => {
                each(items, |rows| Ok(foreseen(prepare_certificates(&app.ledger, rows, by, now)?)))
            }
            (None, Some(items)) => each(items, |rows: &[LotRequest]| {
                Ok(foreseen(rows.iter().map(|row| prepare_lot(&app.ledger, row)).collect()))
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
    prepare: impl Fn(&[T]) -> Result<Vec<Result<Foreseen, LedgerError>>, LedgerError>,
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
    let mut answer = |fault: Option<Problem>| match fault {
        Some(problem) => problem.into(),
        None => prepared.next().map_or_else(|| Problem::internal().into(), Into::into),
    };
    Ok(faults.into_iter().map(&mut answer).collect())
}

impl From<Problem> for PreparedItem {
    fn from(problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::default() }
    }
}

impl From<Result<Foreseen, LedgerError>> for PreparedItem {
    fn from(row: Result<Foreseen, LedgerError>) -> Self {
        let Foreseen { prepared, held, beside } = match row {
            Ok(foreseen) => foreseen,
            Err(fault) => return Problem::from(fault).into(),
        };
        match prepared {
            Prepared::Unsigned(unsigned) => {
                Self { unsigned: Some(unsigned), held, beside, ..Self::default() }
            }
            Prepared::Existing { id, index } => {
                Self { existing: Some(ExistingItem { id, index }), held, ..Self::default() }
            }
        }
    }
}
