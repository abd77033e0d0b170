//! `/api/v1/labels`: the texts of QR codes, signed by the service's label key. Serials are a
//! quantity and a secret, so they cost a signed statement in a signed request. Not here: pictures
//! and sheets of labels.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::file_shapes::LabelIssueStatement;
use super::lots::unknown_lot;
use crate::door::Lane;
use crate::label::Label;
use crate::ledger::{LedgerError, issue_labels, open_label};
use crate::limits::{LABELS_PAGE_MAX, STATEMENT_BYTES_MAX};
use crate::names::LotKey;
use crate::register::Lot;
use crate::web::body::{self, Query};
use crate::web::signed::SignedHead;
use crate::web::{App, Problem, parallel};

/// Lots looked at for one page: a millisecond's walk where few are certified.
const LOOKED_AT_MAX: usize = 20_000;

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
#[serde(rename_all = "camelCase")]
pub struct LabelPage {
    labels: Vec<LabelShape>,
    /// Certified lots that have no label now: held, recalled, suspended or withdrawn.
    left_out: usize,
    /// Log index of the label issue that the serials are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u64>,
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

/// Labels without serials: of one lot, or of every lot that may be labelled.
///
/// They are nobody's secret. A lot that is held or recalled, or whose certificate is suspended or
/// withdrawn, has none; in a list it is left out and counted.
#[utoipa::path(get, path = "/api/v1/labels", tag = "labels", params(LabelFilter),
    responses(
        (status = 200, description = "Labels", body = LabelPage),
        (status = 404, description = "No such lot, or no certificate yet", body = Problem),
        (status = 409, description = "The lot is held or recalled, or its certificate suspended, \
            or withdrawn", body = Problem),
        (status = 503, description = "The ledger has no label key", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<LabelFilter>,
) -> Result<Json<LabelPage>, Problem> {
    parallel::blocking_in(Lane::Large, move || page(&app, &filter)).await?.map(Json)
}

fn page(app: &App, filter: &LabelFilter) -> Result<LabelPage, Problem> {
    let view = app.ledger.view();
    if let Some(lot) = &filter.lot {
        let key: LotKey = lot.parse()?;
        view.register.lot(&key).ok_or_else(|| unknown_lot(&key))?;
        let label = open_label(&app.ledger, &key, app.ledger.now())?;
        return Ok(LabelPage::of(&[label], None));
    }
    let after: Option<LotKey> = filter.after.as_deref().map(str::parse).transpose()?;
    let lots: Box<dyn Iterator<Item = _>> = match &after {
        Some(key) => Box::new(view.register.lots_after(key)),
        None => Box::new(view.register.lots()),
    };
    let mut lots = lots.peekable();
    let (mut keys, mut last) = (Vec::new(), None);
    for _ in 0..LOOKED_AT_MAX {
        let Some(lot) = lots.next_if(|_| keys.len() < LABELS_PAGE_MAX) else { break };
        let Lot { record, certificates, .. } = lot;
        last = Some(record.lot.clone());
        keys.extend((!certificates.is_empty()).then_some(record.lot));
    }
    let next = last.filter(|_| lots.peek().is_some()).map(|lot| lot.to_string());
    let at = app.ledger.now();
    let labels = parallel::map(&keys, |key| match open_label(&app.ledger, key, at) {
        Err(LedgerError::LabelRefused { .. }) => Ok(None),
        other => other.map(Some),
    });
    let labels: Vec<Label> =
        labels.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
    let left_out = keys.len().saturating_sub(labels.len());
    Ok(LabelPage { left_out, next, ..LabelPage::of(&labels, None) })
}

impl LabelPage {
    fn of(labels: &[Label], entry: Option<u64>) -> Self {
        let labels = labels.iter().map(LabelShape::of).collect();
        Self { labels, left_out: 0, entry, next: None }
    }
}

/// Labels with serials, for a signed `LabelIssue` statement, to its issuer.
///
/// The request itself is signed too (RFC 9421, docs/FORMAT.md 1.7), now, by an assertion key of the
/// issue's own issuer, the authority's also by its service key: serials are secret until the jars
/// are out, and the statement is public.
#[utoipa::path(post, path = "/api/v1/labels", tag = "labels",
    request_body(content = LabelIssueStatement, description = "A signed LabelIssue statement"),
    responses(
        (status = 201, description = "One label for each serial; the same again gives the same",
            body = LabelPage),
        (status = 401, description = "Not signed by the issuer, or signed before", body = Problem),
        (status = 404, description = "No such lot, or no certificate yet", body = Problem),
        (status = 409, description = "More serials than sales units; the lot is held or recalled, \
            or no certificate of it is in force", body = Problem),
        (status = 422, description = "Breaks a rule", body = Problem),
        (status = 429, description = "Too many of late; see Retry-After", body = Problem),
        (status = 503, description = "The ledger accepts no writes, or has no label key",
            body = Problem),
    ))]
pub async fn issue(
    State(app): State<App>,
    head: SignedHead,
    content: Body,
) -> Result<(StatusCode, Json<LabelPage>), Problem> {
    let bytes = body::bytes(content, STATEMENT_BYTES_MAX).await?;
    let runtime = tokio::runtime::Handle::current();
    let work = move || -> Result<LabelPage, Problem> {
        let by = head.requester(&app, &bytes)?;
        // Signing thousands of labels takes long: it runs here, off the threads of connections.
        let issued = runtime.block_on(issue_labels(&app.ledger, &bytes, &by, app.ledger.now()))?;
        Ok(LabelPage::of(&issued.labels, Some(issued.entry)))
    };
    let page = parallel::blocking_in(Lane::Intake, work).await??;
    Ok((StatusCode::CREATED, Json(page)))
}
