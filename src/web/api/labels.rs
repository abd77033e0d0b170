//! `/api/v1/labels`: the texts of QR codes, signed by the service's label key. Serials are a
//! quantity, so they cost a signed statement. Not here: pictures and sheets of labels.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::lots::unknown_lot;
use crate::label::Label;
use crate::ledger::{LedgerError, intake, issue_labels, label_of, now};
use crate::limits::STATEMENT_BYTES_MAX;
use crate::statement::LotKey;
use crate::web::body::{self, Query};
use crate::web::{App, Problem, parallel};

/// Labels in one answer: 10,000 signatures, a third of a second.
const PAGE_MAX: usize = 10_000;

/// Which lots.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LabelFilter {
    /// `GTIN/LOT` or `party/LOT`; every certified lot if left out.
    lot: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// Labels.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LabelPage {
    labels: Vec<LabelShape>,
    /// Cursor of the next page; null at the end.
    next: Option<String>,
}

/// One label.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LabelShape {
    /// The lot.
    #[schema(value_type = String)]
    lot: LotKey,
    /// The text of the QR code.
    text: String,
    /// The serial, if it names one unit.
    serial: Option<String>,
}

impl LabelShape {
    fn of(label: &Label) -> Self {
        Self {
            lot: label.key.clone(),
            text: label.url(),
            serial: label.serial.as_ref().map(ToString::to_string),
        }
    }
}

/// Labels without serials: of one lot, or of every certified lot.
#[utoipa::path(get, path = "/api/v1/labels", tag = "labels", params(LabelFilter),
    responses(
        (status = 200, description = "Labels", body = LabelPage),
        (status = 404, description = "No such lot, or no certificate yet", body = Problem),
        (status = 503, description = "The ledger has no label key", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<LabelFilter>,
) -> Result<Json<LabelPage>, Problem> {
    parallel::blocking(move || page(&app, &filter)).await?.map(Json)
}

fn page(app: &App, filter: &LabelFilter) -> Result<LabelPage, Problem> {
    let view = app.ledger.view();
    if let Some(lot) = &filter.lot {
        let key: LotKey = lot.parse()?;
        view.register.lot(&key).ok_or_else(|| unknown_lot(&key))?;
        let label = label_of(&app.ledger, &key, None, now())?;
        return Ok(LabelPage { labels: vec![LabelShape::of(&label)], next: None });
    }
    let after: Option<LotKey> = filter.after.as_deref().map(str::parse).transpose()?;
    let lots: Box<dyn Iterator<Item = _>> = match &after {
        Some(key) => Box::new(view.register.lots_after(key)),
        None => Box::new(view.register.lots()),
    };
    let mut certified = lots.filter(|lot| !lot.certificates.is_empty());
    let keys: Vec<LotKey> =
        certified.by_ref().take(PAGE_MAX).map(|lot| lot.declaration.lot.clone()).collect();
    let more = certified.next().is_some();
    let at = now();
    let labels = parallel::map(&keys, |key| label_of(&app.ledger, key, None, at));
    let labels: Result<Vec<Label>, LedgerError> = labels.into_iter().collect();
    let next = keys.last().filter(|_| more).map(ToString::to_string);
    Ok(LabelPage { labels: labels?.iter().map(LabelShape::of).collect(), next })
}

/// Labels with serials, for a signed `LabelIssue` statement.
#[utoipa::path(post, path = "/api/v1/labels", tag = "labels",
    request_body(content = Object, description = "A signed LabelIssue statement"),
    responses(
        (status = 201, description = "One label for each serial; the same again gives the same",
            body = LabelPage),
        (status = 409, description = "More serials than sales units", body = Problem),
        (status = 404, description = "No such lot, or no certificate yet", body = Problem),
        (status = 422, description = "Breaks a rule", body = Problem),
        (status = 503, description = "The ledger accepts no writes, or has no label key",
            body = Problem),
    ))]
pub async fn issue(
    State(app): State<App>,
    content: Body,
) -> Result<(StatusCode, Json<LabelPage>), Problem> {
    let bytes = body::bytes(content, STATEMENT_BYTES_MAX * 2).await?;
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let view = app.ledger.view();
        let taken = intake(&bytes, &view.register, now()).map_err(LedgerError::from)?;
        // Signing thousands of labels takes long: it runs here, off the threads of connections.
        runtime.block_on(issue_labels(&app.ledger, taken.statement, now()))
    };
    let labels = parallel::blocking(work).await??;
    let labels = labels.iter().map(LabelShape::of).collect();
    Ok((StatusCode::CREATED, Json(LabelPage { labels, next: None })))
}
