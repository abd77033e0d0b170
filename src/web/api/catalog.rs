//! `/api/v1/products`, `schemes`, `regions` and `limits`: what the ledger knows before the first
//! entry.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};

use crate::limits;
use crate::register::Register;
use crate::statement::Timestamp;
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

/// The rulebook in force: which edition of the rules judges new entries.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RulebookShape {
    /// Its version, from 1; 0 while none was logged.
    version: u64,
    /// The edition of the rules.
    edition: u32,
    /// Log index; null while none was logged.
    index: Option<u64>,
    /// Log time.
    #[schema(value_type = Option<String>)]
    logged_at: Option<Timestamp>,
    /// The newest edition that this release knows.
    newest: u32,
}

impl RulebookShape {
    /// As a register has it.
    #[must_use]
    pub fn of(register: &Register) -> Self {
        let state = register.rulebook();
        Self {
            version: state.map_or(0, |state| state.version),
            edition: register.edition(),
            index: state.map(|state| state.mark.index),
            logged_at: state.map(|state| state.mark.logged_at),
            newest: limits::EDITION_MAX,
        }
    }
}

/// The rulebook in force and the edition of its rules.
#[utoipa::path(get, path = "/api/v1/rulebook", tag = "catalogue",
    responses((status = 200, description = "The rulebook in force", body = RulebookShape)))]
pub async fn rulebook(State(app): State<App>) -> Json<RulebookShape> {
    Json(RulebookShape::of(&app.ledger.view().register))
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
        "inspectCodesMax": limits::INSPECT_CODES_MAX,
        "photoBytesMax": limits::PHOTO_BYTES_MAX,
        "photoPixelsMax": limits::PHOTO_PIXELS_MAX,
        "statusListSerials": limits::STATUS_LIST_SERIALS,
        "clockSkewSeconds": limits::CLOCK_SKEW_SECONDS,
        "labelSerialsMax": limits::LABEL_SERIALS_MAX,
        "labelVoidsMax": limits::LABEL_VOIDS_MAX,
        "labelVoidsOneIn": limits::LABEL_VOIDS_SHARE,
        "editionMax": limits::EDITION_MAX,
        "nameCharactersMax": limits::NAME_CHARS_MAX,
        "smallStatementBytesMax": limits::SMALL_STATEMENT_BYTES_MAX,
        "serialWindow": limits::SERIAL_WINDOW,
        "agreementMonthsMax": limits::AGREEMENT_MONTHS_MAX,
        "labelKeyMonthsMax": limits::LABEL_KEY_MONTHS_MAX,
        "labelKeyPartiesMax": limits::LABEL_KEY_PARTIES_MAX,
        "waitSeconds": limits::WAIT_SECONDS,
        "ownReportSecondsMax": limits::OWN_REPORT_SECONDS_MAX,
        "certifierActSeconds": limits::CERTIFIER_ACT_SECONDS,
    }))
}
