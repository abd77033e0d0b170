//! `/api/v1/products`, `schemes`, `regions` and `limits`: what the ledger knows before the first
//! entry.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::limits;
use crate::web::App;

/// Products of the catalogue.
#[utoipa::path(get, path = "/api/v1/products", tag = "catalogue",
    responses((status = 200, description = "Products", body = Object)))]
pub async fn products(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let products = view.register.catalog().products().map(|product| {
        json!({
            "id": product.id,
            "sign": product.sign,
            "names": {"ar": product.name_ar, "en": product.name_en, "fr": product.name_fr},
            "regions": product.regions,
            "productType": product.product_type,
            "hsCode": product.hs6,
            "unit": product.unit.code(),
            "status": product.status,
        })
    });
    Json(json!({"products": products.collect::<Vec<Value>>()}))
}

/// Certification schemes of the catalogue.
#[utoipa::path(get, path = "/api/v1/schemes", tag = "catalogue",
    responses((status = 200, description = "Schemes", body = Object)))]
pub async fn schemes(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let schemes = view.register.catalog().schemes().map(|scheme| {
        json!({
            "id": scheme.id,
            "names": {"en": scheme.name_en, "fr": scheme.name_fr},
            "owner": scheme.owner,
            "kinds": scheme.kinds.iter().map(|kind| format!("{kind:?}")).collect::<Vec<_>>(),
        })
    });
    Json(json!({"schemes": schemes.collect::<Vec<Value>>()}))
}

/// Regions of the catalogue.
#[utoipa::path(get, path = "/api/v1/regions", tag = "catalogue",
    responses((status = 200, description = "Regions", body = Object)))]
pub async fn regions(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let regions = view.register.catalog().regions().map(|region| {
        json!({
            "id": region.iso,
            "names": {"ar": region.name_ar, "en": region.name_en, "fr": region.name_fr},
        })
    });
    Json(json!({"regions": regions.collect::<Vec<Value>>()}))
}

/// Every limit of the service.
#[utoipa::path(get, path = "/api/v1/limits", tag = "catalogue",
    responses((status = 200, description = "Limits, units last in their names", body = Object)))]
pub async fn limits() -> Json<Value> {
    Json(json!({
        "statementBytesMax": limits::STATEMENT_BYTES_MAX,
        "leafBytesMax": limits::LEAF_BYTES_MAX,
        "nestingMax": limits::NESTING_MAX,
        "integerMax": limits::INTEGER_MAX,
        "bulkLinesMax": limits::BULK_LINES_MAX,
        "bulkBytesMax": limits::BULK_BYTES_MAX,
        "codeReadingsMax": limits::CODE_READINGS_MAX,
        "inspectCodesMax": limits::INSPECT_CODES_MAX,
        "photoBytesMax": limits::PHOTO_BYTES_MAX,
        "photoPixelsMax": limits::PHOTO_PIXELS_MAX,
        "statusListSerials": limits::STATUS_LIST_SERIALS,
        "clockSkewSeconds": limits::CLOCK_SKEW_SECONDS,
        "clockStepSecondsMax": limits::CLOCK_STEP_SECONDS_MAX,
        "clockAheadSecondsMax": limits::CLOCK_AHEAD_SECONDS_MAX,
        "labelSerialsMax": limits::LABEL_SERIALS_MAX,
        "labelsPageMax": limits::LABELS_PAGE_MAX,
        "requestSecondsMax": limits::REQUEST_SECONDS_MAX,
        "requestHeaderBytesMax": limits::REQUEST_HEADER_BYTES_MAX,
        "requestNoncesMax": limits::REQUEST_NONCES_MAX,
        "reservationsMax": limits::RESERVATIONS_MAX,
        "reservationSeconds": limits::RESERVATION_SECONDS,
        "serialWindow": limits::SERIAL_WINDOW,
        "serialsUnreserved": limits::SERIALS_UNRESERVED,
        "quotaDefault": limits::QUOTA_DEFAULT,
    }))
}
