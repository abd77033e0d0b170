//! `POST /api/v1/prepare`: unsigned statements for signers, many at once, each with its own answer.
//! Not here: how they are filled in (`ledger::prepare_*`), and signing, which happens elsewhere.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file_shapes::UnsignedStatement;
use super::goods_shapes::{HolderShape, LotBalance};
use crate::ledger::{
    EventRequest, Foreseen, Held, LedgerError, LotRequest, Prepared, Requester, foresee,
    foresee_events, prepare_certificates, prepare_event, prepare_lot, prepare_operators,
};
use crate::limits::{BULK_LINES_MAX, PREPARE_BYTES_MAX};
use crate::statement::Timestamp;
use crate::web::body;
use crate::web::signed::SignedHead;
use crate::web::{App, Problem, parallel};

/// Requests as they were sent, counted before they are read.
type Requests<'a> = body::Items<'a, BULK_LINES_MAX>;

/// Lots whose balance is told of those that events touch.
const BALANCES_MAX: usize = 500;

/// Holders told of each.
const HOLDERS_MAX: usize = 20;

/// What is to be prepared: certificates, lots, operators or events.
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
    /// Operators to be certified by a certifier, each an `OperatorRequest`; one of another form
    /// gets a problem of its own.
    #[schema(value_type = Option<Vec<Value>>)]
    #[serde(borrow)]
    operators: Option<Requests<'a>>,
    /// Events of goods, each an `EventRequest`; one of another form gets a problem of its own. They
    /// are always judged as with `check`, and the answer tells the balances that would follow.
    #[schema(value_type = Option<Vec<Value>>)]
    #[serde(borrow)]
    events: Option<Requests<'a>>,
    /// Whether each is judged as if it were signed now and came in this order: what the log would
    /// refuse is then a problem, and what would hold its lot is told.
    #[serde(default)]
    check: bool,
}

/// One answer for each request, in order.
#[derive(Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrepareAnswer {
    prepared: Vec<PreparedItem>,
    /// Of events: what would follow for the lots that they touch, at most 500 of them, by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    balances: Vec<LotBalance>,
    /// Of events: how many lots they touch.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance_count: Option<usize>,
}

/// What came of one request: one of the first three.
#[derive(Default, Serialize, utoipa::ToSchema)]
struct PreparedItem {
    /// To be signed as it stands.
    #[schema(value_type = Option<UnsignedStatement>)]
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
    /// With `check`: serials of certificates that the same certifier gave the same lot or operator
    /// under the same scheme; this one would stand beside them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<u64>,
    /// Of an event: lots that a rule will hold by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holds: Vec<String>,
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
    let work = move || -> Result<PrepareAnswer, Problem> {
        let by = head.is_signed().then(|| head.requester(&app, &content)).transpose()?;
        let request: PrepareRequest<'_> = body::parsed(&content)?;
        let (by, now) = (by.as_ref(), app.ledger.now());
        let check = request.check;
        let foreseen = |rows: Rows| match check {
            true => foresee(&app.ledger, rows, by, now),
            false => rows.into_iter().map(|row| row.map(Foreseen::from)).collect(),
        };
        let PrepareRequest { certificates, lots, operators, events: moves, .. } = request;
        let prepared = match (certificates, lots, operators, moves) {
            (Some(items), None, None, None) => {
                each(items, |rows| Ok(foreseen(prepare_certificates(&app.ledger, rows, by, now)?)))
            }
            (None, Some(items), None, None) => each(items, |rows: &[LotRequest]| {
                Ok(foreseen(rows.iter().map(|row| prepare_lot(&app.ledger, row)).collect()))
            }),
            (None, None, Some(items), None) => {
                each(items, |rows| Ok(foreseen(prepare_operators(&app.ledger, rows, by, now)?)))
            }
            (None, None, None, Some(items)) => return events(&app, items, by, now),
            _ => {
                let detail = "give one of `certificates`, `lots`, `operators` and `events`";
                Err(Problem::new(400, "json_form", detail))
            }
        };
        Ok(PrepareAnswer { prepared: prepared?, ..PrepareAnswer::default() })
    };
    Ok(Json(parallel::blocking(work).await??))
}

/// Events, and the balances that would follow from those that the log would take.
fn events(
    app: &App,
    items: Requests<'_>,
    by: Option<&Requester>,
    now: Timestamp,
) -> Result<PrepareAnswer, Problem> {
    let mut after = None;
    let prepared = each(items, |rows: &[EventRequest]| {
        let rows = rows.iter().map(|row| prepare_event(&app.ledger, row)).collect();
        let (foreseen, touched, register) = foresee_events(&app.ledger, rows, by, now);
        after = Some((touched, register));
        Ok(foreseen)
    })?;
    let Some((touched, register)) = after else { return Ok(PrepareAnswer::default()) };
    let balances = touched.iter().take(BALANCES_MAX).filter_map(|lot| {
        let told = register.goods_balance(lot, now)?;
        let mut shape = LotBalance::of(&register, told, now);
        let shares = register.shares_of(lot, None).take(HOLDERS_MAX);
        shape.holders = shares.map(HolderShape::from).collect();
        Some(shape)
    });
    let balances = balances.collect();
    Ok(PrepareAnswer { prepared, balances, balance_count: Some(touched.len()) })
}

/// What became of each row.
type Rows = Vec<Result<Prepared, LedgerError>>;

/// Prepares all rows that have the form of one; each gets its own answer, in order.
fn each<T: DeserializeOwned>(
    items: Requests<'_>,
    prepare: impl FnOnce(&[T]) -> Result<Vec<Result<Foreseen, LedgerError>>, LedgerError>,
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
        let Foreseen { prepared, held, beside, holds } = match row {
            Ok(foreseen) => foreseen,
            Err(fault) => return Problem::from(fault).into(),
        };
        match prepared {
            Prepared::Unsigned(unsigned) => {
                let holds = holds.iter().map(ToString::to_string).collect();
                Self { unsigned: Some(unsigned), held, beside, holds, ..Self::default() }
            }
            Prepared::Existing { id, index } => {
                Self { existing: Some(ExistingItem { id, index }), held, ..Self::default() }
            }
        }
    }
}
