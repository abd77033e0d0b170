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

/// Limits and their names.
const LIMITS: [(&str, u64); 66] = [
    ("statementBytesMax", limits::STATEMENT_BYTES_MAX as u64),
    ("leafBytesMax", limits::LEAF_BYTES_MAX as u64),
    ("nestingMax", limits::NESTING_MAX as u64),
    ("integerMax", limits::INTEGER_MAX as u64),
    ("bulkLinesMax", limits::BULK_LINES_MAX as u64),
    ("bulkBytesMax", limits::BULK_BYTES_MAX as u64),
    ("prepareBytesMax", limits::PREPARE_BYTES_MAX as u64),
    ("verifyBytesMax", limits::VERIFY_BYTES_MAX as u64),
    ("statementSentBytesMax", limits::STATEMENT_SENT_BYTES_MAX as u64),
    ("dossierBytesMax", limits::DOSSIER_BYTES_MAX as u64),
    ("dossierObjectsMax", limits::DOSSIER_OBJECTS_MAX as u64),
    ("dossierValuesMax", limits::DOSSIER_VALUES_MAX as u64),
    ("inspectCodesMax", limits::INSPECT_CODES_MAX as u64),
    ("formBytesMax", limits::FORM_BYTES_MAX as u64),
    ("formPartsMax", limits::FORM_PARTS_MAX as u64),
    ("photoBytesMax", limits::PHOTO_BYTES_MAX as u64),
    ("photoPixelsMax", limits::PHOTO_PIXELS_MAX as u64),
    ("photoScaledPixelsMax", limits::PHOTO_SCALED_PIXELS_MAX as u64),
    ("photoPatternsMax", limits::PHOTO_PATTERNS_MAX as u64),
    ("photoSecondsMax", limits::PHOTO_SECONDS_MAX as u64),
    ("photoMemoryBytesMax", limits::PHOTO_MEMORY_BYTES_MAX as u64),
    ("photoPlaces", limits::PHOTO_PLACES as u64),
    ("statusListSerials", limits::STATUS_LIST_SERIALS as u64),
    ("clockSkewSeconds", limits::CLOCK_SKEW_SECONDS as u64),
    ("labelSerialsMax", limits::LABEL_SERIALS_MAX as u64),
    ("connectionsMax", limits::CONNECTIONS_MAX as u64),
    ("headerBytesMax", limits::HEADER_BYTES_MAX as u64),
    ("headerSecondsMax", limits::HEADER_SECONDS_MAX as u64),
    ("idleSecondsMax", limits::IDLE_SECONDS_MAX as u64),
    ("bytesPerSecondMin", limits::BYTES_PER_SECOND_MIN as u64),
    ("bodyWindowSeconds", limits::BODY_WINDOW_SECONDS as u64),
    ("bodySecondsMax", limits::BODY_SECONDS_MAX as u64),
    ("answerWindowSeconds", limits::ANSWER_WINDOW_SECONDS as u64),
    ("workSecondsMax", limits::WORK_SECONDS_MAX as u64),
    ("queueSecondsMax", limits::QUEUE_SECONDS_MAX as u64),
    ("bodiesBytesMax", limits::BODIES_BYTES_MAX as u64),
    ("bodiesSmallBytesMax", limits::BODIES_SMALL_BYTES_MAX as u64),
    ("answersBytesMax", limits::ANSWERS_BYTES_MAX as u64),
    ("placesCommon", limits::PLACES_COMMON as u64),
    ("placesIntake", limits::PLACES_INTAKE as u64),
    ("placesJudge", limits::PLACES_JUDGE as u64),
    ("placesLarge", limits::PLACES_LARGE as u64),
    ("placesDelta", limits::PLACES_DELTA as u64),
    ("codeReadingsMax", limits::CODE_READINGS_MAX as u64),
    ("clockStepSecondsMax", limits::CLOCK_STEP_SECONDS_MAX as u64),
    ("clockAheadSecondsMax", limits::CLOCK_AHEAD_SECONDS_MAX as u64),
    ("labelsPageMax", limits::LABELS_PAGE_MAX as u64),
    ("requestSecondsMax", limits::REQUEST_SECONDS_MAX as u64),
    ("requestHeaderBytesMax", limits::REQUEST_HEADER_BYTES_MAX as u64),
    ("requestNoncesMax", limits::REQUEST_NONCES_MAX as u64),
    ("reservationsMax", limits::RESERVATIONS_MAX as u64),
    ("reservationSeconds", limits::RESERVATION_SECONDS as u64),
    ("serialWindow", limits::SERIAL_WINDOW as u64),
    ("serialsUnreserved", limits::SERIALS_UNRESERVED as u64),
    ("quotaDefault", limits::QUOTA_DEFAULT as u64),
    ("editionMax", limits::EDITION_MAX as u64),
    ("nameCharsMax", limits::NAME_CHARS_MAX as u64),
    ("smallStatementBytesMax", limits::SMALL_STATEMENT_BYTES_MAX as u64),
    ("agreementMonthsMax", limits::AGREEMENT_MONTHS_MAX as u64),
    ("labelKeyMonthsMax", limits::LABEL_KEY_MONTHS_MAX as u64),
    ("labelKeyPartiesMax", limits::LABEL_KEY_PARTIES_MAX as u64),
    ("waitSeconds", limits::WAIT_SECONDS as u64),
    ("ownReportSecondsMax", limits::OWN_REPORT_SECONDS_MAX as u64),
    ("certifierActSeconds", limits::CERTIFIER_ACT_SECONDS as u64),
    ("labelVoidsMax", limits::LABEL_VOIDS_MAX as u64),
    ("labelVoidsShare", limits::LABEL_VOIDS_SHARE as u64),
];

/// Every limit of the service.
#[utoipa::path(get, path = "/api/v1/limits", tag = "catalogue",
    responses((status = 200, description = "Limits, units last in their names", body = Object)))]
pub async fn limits() -> Json<Value> {
    Json(LIMITS.iter().map(|(name, limit)| ((*name).to_owned(), json!(limit))).collect())
}
