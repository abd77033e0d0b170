//! `/api/v1/lots`: one lot, or pages of those that match, with a cursor for the next.
//! Not here: the search (`register::search`).

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::shapes::LotShape;
use crate::ledger::Ledger;
use crate::names::LotKey;
use crate::register::{LotQuery, STATUS_WORDS};
use crate::web::body::{Path, Query};
use crate::web::{App, Problem, parallel};

/// Lots in one page.
const PAGE_MAX: usize = 500;

/// Lots in one page if nothing is said.
const PAGE_DEFAULT: usize = 50;

/// What to look for; all that is given must match.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LotFilter {
    /// Product id.
    product: Option<String>,
    /// The cooperative's short name.
    cooperative: Option<String>,
    /// Short name of a certifier that certified it.
    certifier: Option<String>,
    /// Region, ISO 3166-2.
    region: Option<String>,
    /// Status of the lot (`released`, `held`, `recalled`) or of one of its certificates (`valid`,
    /// `expired`, `suspended`, `withdrawn`, ...); `uncertified` for lots without any.
    status: Option<String>,
    /// This lot: `GTIN/LOT` or `party/LOT`.
    lot: Option<String>,
    /// Words, each a part of the lot's number or of a name of its product, its producer or its
    /// certifiers. Case, accents and the forms of one Arabic letter make no difference.
    text: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// Lots in a page, 1 to 500; 50 if left out.
    limit: Option<usize>,
}

/// A page of lots.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotPage {
    /// Lots that match, by key.
    pub lots: Vec<LotShape>,
    /// How many lots match in all.
    pub total: usize,
    /// Whether there may be more of them: only so many lots are looked at.
    pub or_more: bool,
    /// Cursor of the next page; null at the end. A page may be short, even empty, before the end.
    pub next: Option<String>,
}

/// Lots that match.
#[utoipa::path(get, path = "/api/v1/lots", tag = "lots", params(LotFilter),
    responses(
        (status = 200, description = "A page of lots", body = LotPage),
        (status = 400, description = "A member that cannot be read", body = Problem),
    ))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<LotFilter>,
) -> Result<Json<LotPage>, Problem> {
    parallel::blocking(move || page(&app.ledger, filter)).await?.map(Json)
}

/// One lot.
#[utoipa::path(get, path = "/api/v1/lots/{owner}/{lot}", tag = "lots",
    params(
        ("owner" = String, Path, description = "GTIN, or the party that named the lot"),
        ("lot" = String, Path, description = "Lot number"),
    ),
    responses(
        (status = 200, description = "The lot", body = LotShape),
        (status = 400, description = "Not a GTIN or lot number", body = Problem),
        (status = 404, description = "Not declared", body = Problem),
    ))]
pub async fn one(
    State(app): State<App>,
    Path((owner, number)): Path<(String, String)>,
) -> Result<Json<LotShape>, Problem> {
    let key: LotKey = format!("{owner}/{number}").parse()?;
    let lot = app.ledger.view().register.lot(&key).ok_or_else(|| unknown_lot(&key))?;
    let shape = move || LotShape::of(&app.ledger, lot, app.ledger.now());
    Ok(Json(parallel::blocking(shape).await??))
}

/// The problem of a lot that is not declared.
pub fn unknown_lot(key: &LotKey) -> Problem {
    Problem::new(404, "lot_unknown", format!("lot {key} is not declared"))
}

fn page(ledger: &Ledger, filter: LotFilter) -> Result<LotPage, Problem> {
    let (view, now) = (ledger.view(), ledger.now());
    let register = &view.register;
    let shape = |lot| LotShape::of(ledger, lot, now);
    if let Some(status) = filter.status.as_deref().filter(|s| !STATUS_WORDS.contains(s)) {
        let detail = format!("status {status:?} is none of {}", STATUS_WORDS.join(", "));
        return Err(Problem::new(400, "unknown_filter", detail));
    }
    let LotFilter { product, cooperative, certifier, region, status, lot, text, after, limit } =
        filter;
    let query = LotQuery { product, cooperative, certifier, region, status, text };
    if let Some(lot) = lot {
        let found = register.lot(&lot.parse()?).filter(|lot| query.takes(register, lot, now));
        let lots: Vec<_> = found.map(shape).into_iter().collect::<Result<_, _>>()?;
        return Ok(LotPage { total: lots.len(), or_more: false, lots, next: None });
    }
    let limit = limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let after: Option<LotKey> = after.as_deref().map(str::parse).transpose()?;
    let found = register.find_lots(&query, after.as_ref(), limit, now);
    let lots = found.lots.into_iter().map(shape).collect::<Result<_, _>>()?;
    let all = register.count_lots(&query, now);
    let (total, or_more) = (all.lots, all.or_more);
    Ok(LotPage { lots, total, or_more, next: found.next.as_ref().map(ToString::to_string) })
}
