//! `/api/v1/feed`: what a shop's own system asks every minute: the lots it holds, how much of each,
//! and whether they may be sold. Not here: who has what (`register`), telling unasked (`hooks`).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answers::is_known;
use super::file_shapes::NamesByLanguage;
use super::shapes::InheritedShape;
use crate::limits::{FEED_LOOKED_AT_MAX, FEED_PAGE_DEFAULT, FEED_PAGE_MAX};
use crate::names::{LotKey, PartySlug};
use crate::register::{CertificateStatus, HeldLot, LotStatus, Price, PriceRecord, Register};
use crate::statement::{Day, LocalNames, PriceBasis, PriceTerms, Timestamp};
use crate::web::body::Query;
use crate::web::{App, Problem, parallel};

/// How long what shops are told may be kept: a recall is on their pages within this and a look.
pub const TOLD_BRIEFLY: &str = "public, max-age=30";

/// Whose goods.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedFilter {
    /// The short name of the shop, or of any party that holds goods.
    shop: String,
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// Lots in a page, 1 to 200; 50 if left out.
    limit: Option<usize>,
}

/// A page of what a shop holds.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feed {
    /// Whose goods.
    #[schema(value_type = String)]
    shop: PartySlug,
    /// Log entries that this answer takes account of.
    log_size: u64,
    /// Lots of which it has something, and those that it sold or gave on and that are held or
    /// recalled now, in the order in which they were declared.
    lots: Vec<FeedLot>,
    /// Cursor of the next page; null at the end. A page may be short, even empty, before the end.
    next: Option<String>,
}

/// A lot as its holder needs it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedLot {
    /// `GTIN/LOT` or `party/LOT`.
    #[schema(value_type = String)]
    lot: LotKey,
    /// The address that its labels name.
    url: String,
    /// Product id.
    product: String,
    /// The product's name as declared.
    product_name: String,
    /// The same in other languages.
    #[schema(value_type = NamesByLanguage)]
    #[serde(skip_serializing_if = "LocalNames::is_empty")]
    product_names: LocalNames,
    /// Who made it.
    #[schema(value_type = String)]
    producer: PartySlug,
    /// Its name.
    producer_name: String,
    /// Region of the producer, ISO 3166-2.
    region: String,
    /// Unit code of the quantities.
    unit: String,
    /// Quantity in one sales unit.
    pack_size: u64,
    /// Best before, if any.
    #[schema(value_type = Option<String>)]
    expires_on: Option<Day>,
    /// At hand, smallest unit.
    free: u64,
    /// The same in whole sales units.
    free_units: u64,
    /// In logistic units at hand.
    packed: u64,
    /// Sent and not answered.
    in_transit: u64,
    /// Missing and not settled.
    disputed: u64,
    /// Sold or given on.
    out: u64,
    /// `released`, `held`, `recalled` or `exhausted`: the worst of what is said of the lot and of
    /// what it was made of.
    #[schema(value_type = String)]
    status: LotStatus,
    /// The hold or recall that reaches it from a lot it was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    inherited: Option<InheritedShape>,
    /// What was paid at its first sale by its producer, only where both sides stand by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<FeedPrice>,
    /// Its certificates, oldest first.
    certificates: Vec<FeedCertificate>,
}

/// A price that its seller stated and somebody else confirmed.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedPrice {
    /// ISO 4217.
    currency: String,
    /// Price of the quantity without premium, in the currency's minor unit.
    amount: u64,
    /// Premium beside it, in the same unit.
    premium: u64,
    /// Of how much of the lot, smallest unit.
    quantity: u64,
    /// What the amount covers: `ex-works`, `free-on-board` or `delivered`.
    #[schema(value_type = String)]
    basis: PriceBasis,
    /// Day of payment.
    #[schema(value_type = String)]
    paid_on: Day,
    /// Whether a certifier confirmed it, for a buyer who is none of the ledger's parties.
    audited: bool,
}

/// A certificate of a lot.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedCertificate {
    /// Serial.
    serial: u64,
    /// Scheme id.
    scheme: String,
    /// The certifier.
    #[schema(value_type = String)]
    certifier: PartySlug,
    /// Status now.
    #[schema(value_type = String)]
    status: CertificateStatus,
    /// Whether its key may have been in foreign hands when it was signed, and nobody stood by it
    /// since: then it says nothing, whatever its status.
    suspect_key: bool,
    /// Last instant.
    #[schema(value_type = String)]
    valid_until: Timestamp,
}

/// What a shop holds.
///
/// Anybody may ask: who ships to whom is public. `ETag` and `If-None-Match` save the body where
/// nothing changed. Ask again within a minute; whoever cannot is told by webhook.
#[utoipa::path(get, path = "/api/v1/feed", tag = "goods", params(FeedFilter),
    responses(
        (status = 200, description = "A page of lots", body = Feed),
        (status = 304, description = "As `If-None-Match` has it"),
        (status = 400, description = "A member that cannot be read", body = Problem),
        (status = 404, description = "No such party", body = Problem),
    ))]
pub async fn feed(
    State(app): State<App>,
    Query(filter): Query<FeedFilter>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let work = move || -> Result<Vec<u8>, Problem> {
        let now = app.ledger.now();
        let page = page(&app.ledger.view().register, &filter, now)?;
        serde_json::to_vec(&page).map_err(|_| Problem::internal())
    };
    let bytes = parallel::blocking(work).await??;
    Ok(told(&headers, "application/json", bytes))
}

/// An answer that may be kept for half a minute, with a validator made of its bytes; without its
/// body where the reader has it already (RFC 9110 section 13.1.2).
pub fn told(asked: &HeaderMap, kind: &'static str, bytes: Vec<u8>) -> Response {
    let digest = Sha256::digest(&bytes);
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let headers = [
        (header::CACHE_CONTROL, TOLD_BRIEFLY.to_owned()),
        // Weak: packing changes the bytes on the way.
        (header::ETAG, format!("W/{tag}")),
    ];
    if is_known(asked, &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

fn page(register: &Register, filter: &FeedFilter, now: Timestamp) -> Result<Feed, Problem> {
    let unknown = || {
        let detail = format!("no party {:?} is registered", filter.shop);
        Problem::new(404, "party_unknown", detail)
    };
    let shop = PartySlug::parse(&filter.shop).map_err(|_| unknown())?;
    register.party(&shop).ok_or_else(unknown)?;
    let after: Option<LotKey> = filter.after.as_deref().map(str::parse).transpose()?;
    let most = filter.limit.unwrap_or(FEED_PAGE_DEFAULT).clamp(1, FEED_PAGE_MAX);
    let held = register.stock_of(&shop, after.as_ref(), (most, FEED_LOOKED_AT_MAX), now);
    Ok(Feed {
        shop,
        log_size: register.size(),
        lots: held.lots.into_iter().map(|lot| FeedLot::of(register, lot, now)).collect(),
        next: held.next.map(|key| key.to_string()),
    })
}

impl FeedLot {
    fn of(register: &Register, held: HeldLot, now: Timestamp) -> Self {
        let HeldLot { lot, holding, status, inherited } = held;
        let certificate = |serial: &u64| {
            let record = register.certificate(*serial)?.record;
            Some(FeedCertificate {
                status: register.status_of(&record, now),
                suspect_key: register.is_certificate_suspect(&record),
                serial: record.serial,
                scheme: record.scheme.into(),
                certifier: record.issuer,
                valid_until: record.valid_until,
            })
        };
        let record = lot.record;
        let producer = register.party(&record.producer);
        Self {
            url: register.domain().lot_iri(&record.lot),
            price: FeedPrice::of(register.price_of(&record.lot)),
            certificates: lot.certificates.iter().filter_map(certificate).collect(),
            lot: record.lot,
            product: record.product.into(),
            product_name: record.name.into(),
            product_names: record.names,
            producer_name: producer.map(|it| it.registration.name.clone()).unwrap_or_default(),
            producer: record.producer,
            region: record.region.into(),
            unit: record.unit.into(),
            pack_size: lot.pack_size,
            expires_on: lot.expires_on,
            free: holding.free,
            free_units: holding.free.checked_div(lot.pack_size).unwrap_or_default(),
            packed: holding.packed,
            in_transit: holding.in_transit,
            disputed: holding.disputed,
            out: holding.out,
            status,
            inherited: inherited.map(InheritedShape::of),
        }
    }
}

impl FeedPrice {
    /// None of what one side says, of a commitment, of nothing.
    fn of(price: Price) -> Option<Self> {
        let (record, audited) = match price {
            Price::Confirmed(record) => (record, false),
            Price::Audited(record) => (record, true),
            Price::None | Price::Undisclosed(_) | Price::OneSided(_) => return None,
        };
        let PriceRecord { terms, quantity, basis, paid_on, .. } = record;
        let PriceTerms::Open { currency, amount, premium } = terms else { return None };
        Some(Self { currency, amount, premium, quantity, basis, paid_on, audited })
    }
}
