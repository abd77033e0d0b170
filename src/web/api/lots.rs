//! Lots and certificates: look-ups and the public search. A page examines a bounded number of lots,
//! so that no search can hold the service up; the cursor goes on from there.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

use crate::ledger::now;
use crate::register::{Certificate, Lot, Register};
use crate::statement::{LotKey, Timestamp};
use crate::verify::{CertificateRecord, LotRecord};
use crate::web::{App, Problem};

/// Lots examined for one page.
const EXAMINED_MAX: usize = 20_000;
/// Lots on one page.
const PAGE_MAX: usize = 200;

/// What to search for; everything left out matches.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Search {
    /// `GTIN/LOT` or `party/LOT`.
    pub lot: Option<String>,
    /// Product id.
    pub product: Option<String>,
    /// Cooperative.
    pub cooperative: Option<String>,
    /// Certifier of one of its certificates.
    pub certifier: Option<String>,
    /// Region of origin.
    pub region: Option<String>,
    /// Status word of the lot or of one of its certificates.
    pub status: Option<String>,
    /// Cursor: the last lot of the page before.
    pub after: Option<String>,
    /// Lots on a page.
    pub limit: Option<usize>,
}

/// One lot with its certificates, and their status now.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotView {
    /// What was declared, and what happened since.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub lot: LotRecord,
    /// Log index of the declaration.
    pub index: u64,
    /// Status word.
    pub status: String,
    /// Its certificates.
    pub certificates: Vec<CertificateView>,
}

/// One certificate and its status now.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// What was certified, and what happened since.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub certificate: CertificateRecord,
    /// The statement's id.
    pub id: String,
    /// Status word.
    pub status: String,
}

/// A page of lots.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Page {
    /// Lots that match.
    pub lots: Vec<LotView>,
    /// Cursor of the next page, if there may be more.
    pub next: Option<String>,
}

/// `GET /api/v1/lots`.
pub async fn search(
    State(app): State<App>,
    Query(search): Query<Search>,
) -> Result<Json<Page>, Problem> {
    find(&app.ledger.view().register, &search, now()).map(Json)
}

/// One page of a search.
///
/// # Errors
/// A lot or cursor that is none.
pub fn find(register: &Register, search: &Search, now: Timestamp) -> Result<Page, Problem> {
    let key = |text: &String| {
        text.parse::<LotKey>().map_err(|fault| Problem::new(400, fault.code(), fault.to_string()))
    };
    if let Some(text) = search.lot.as_ref().filter(|text| !text.is_empty()) {
        let lot = register.lot(&key(text)?).map(|lot| view(register, lot, now));
        return Ok(Page { lots: lot.into_iter().collect(), next: None });
    }
    let limit = search.limit.unwrap_or(50).clamp(1, PAGE_MAX);
    let mut page = Page { lots: Vec::new(), next: None };
    let after = search.after.as_ref().filter(|text| !text.is_empty()).map(key).transpose()?;
    let from: Box<dyn Iterator<Item = &std::sync::Arc<Lot>>> = match &after {
        Some(after) => Box::new(register.lots_after(after)),
        None => Box::new(register.lots()),
    };
    for (examined, lot) in from.enumerate() {
        if matches(register, lot, search, now) {
            page.lots.push(view(register, lot, now));
        }
        if page.lots.len() >= limit || examined >= EXAMINED_MAX {
            page.next = Some(lot.declaration.lot.to_string());
            break;
        }
    }
    Ok(page)
}

fn matches(register: &Register, lot: &Lot, search: &Search, now: Timestamp) -> bool {
    let same = |wanted: &Option<String>, found: &str| {
        wanted.as_deref().is_none_or(|wanted| wanted.is_empty() || wanted == found)
    };
    let facts = &lot.declaration.facts;
    if !same(&search.product, &facts.product)
        || !same(&search.cooperative, lot.producer.as_str())
        || !same(&search.region, &facts.region)
    {
        return false;
    }
    let certificates = || certificates(register, lot);
    let by = |wanted: &Option<String>, word: &dyn Fn(&Certificate) -> String| {
        wanted.as_deref().is_none_or(|wanted| {
            wanted.is_empty() || certificates().any(|found| word(found) == wanted)
        })
    };
    let status = |found: &Certificate| status(register, found, now).to_owned();
    let lot_status = lot.status(now).word();
    by(&search.certifier, &|found| found.issuer.to_string())
        && (search.status.as_deref() == Some(lot_status) || by(&search.status, &status))
}

fn certificates<'a>(register: &'a Register, lot: &'a Lot) -> impl Iterator<Item = &'a Certificate> {
    let serials = lot.certificates.iter();
    serials.filter_map(|serial| register.certificate(*serial).map(AsRef::as_ref))
}

fn status(register: &Register, certificate: &Certificate, now: Timestamp) -> &'static str {
    let issuer = register.party(&certificate.issuer).map(AsRef::as_ref);
    certificate.status(issuer, now).word()
}

fn view(register: &Register, lot: &Lot, now: Timestamp) -> LotView {
    LotView {
        lot: LotRecord::of(lot),
        index: lot.mark.index,
        status: lot.status(now).word().to_owned(),
        certificates: certificates(register, lot)
            .map(|found| certificate_view(register, found, now))
            .collect(),
    }
}

fn certificate_view(register: &Register, found: &Certificate, now: Timestamp) -> CertificateView {
    CertificateView {
        certificate: CertificateRecord::of(found),
        id: register.domain().certificate_id(found.claim.serial),
        status: status(register, found, now).to_owned(),
    }
}

/// `GET /api/v1/lots/{head}/{lot}`.
pub async fn one(
    State(app): State<App>,
    Path((head, number)): Path<(String, String)>,
) -> Result<Json<LotView>, Problem> {
    let key: LotKey =
        format!("{head}/{number}").parse().map_err(|fault: crate::statement::IdError| {
            Problem::new(400, fault.code(), fault.to_string())
        })?;
    let state = app.ledger.view();
    let lot = state.register.lot(&key).ok_or_else(|| {
        Problem::new(404, "lot_unknown", format!("lot {key} is not in the register"))
    })?;
    Ok(Json(view(&state.register, lot, now())))
}

/// `GET /api/v1/certificates/{serial}`.
pub async fn certificate(
    State(app): State<App>,
    Path(serial): Path<u64>,
) -> Result<Json<CertificateView>, Problem> {
    let state = app.ledger.view();
    let found = state.register.certificate(serial).ok_or_else(|| {
        Problem::new(404, "certificate_unknown", format!("there is no certificate {serial}"))
    })?;
    Ok(Json(certificate_view(&state.register, found, now())))
}
