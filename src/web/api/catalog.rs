//! `/api/v1/products`, `schemes`, `regions` and `limits`: what the ledger knows before the first
//! entry.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::file_shapes::{self, Limits, NamesByLanguage};
use crate::limits;
use crate::register::Register;
use crate::statement::{GoodsRules, Timestamp};
use crate::web::App;

/// Products of the catalogue.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProductList<'a> {
    /// By id.
    products: Vec<ProductShape<'a>>,
}

/// A product of the catalogue.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductShape<'a> {
    /// Product id.
    id: &'a str,
    /// Sign under law 25-06: `IG`, `AO`, `LA`.
    sign: &'a str,
    /// Its name by language.
    #[schema(value_type = NamesByLanguage)]
    names: BTreeMap<&'static str, &'a str>,
    /// Regions it comes from, ISO 3166-2.
    regions: &'a [String],
    /// Kind of product.
    product_type: &'a str,
    /// HS code, six digits.
    hs_code: &'a str,
    /// Unit code of its quantities.
    unit: &'static str,
    /// Recognised, disputed or pending, in the source's words.
    status: &'a str,
}

/// Products of the catalogue.
#[utoipa::path(get, path = "/api/v1/products", tag = "catalogue",
    responses((status = 200, description = "Products", body = ProductList)))]
pub async fn products(State(app): State<App>) -> Response {
    let view = app.ledger.view();
    let products = view.register.catalog().products().map(|product| ProductShape {
        id: &product.id,
        sign: &product.sign,
        names: names(&[
            ("ar", &product.name_ar),
            ("en", &product.name_en),
            ("fr", &product.name_fr),
        ]),
        regions: &product.regions,
        product_type: &product.product_type,
        hs_code: &product.hs6,
        unit: product.unit.code(),
        status: &product.status,
    });
    Json(ProductList { products: products.collect() }).into_response()
}

fn names<'a>(names: &[(&'static str, &'a str)]) -> BTreeMap<&'static str, &'a str> {
    names.iter().copied().collect()
}

/// Certification schemes of the catalogue.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SchemeList<'a> {
    /// By id.
    schemes: Vec<CatalogScheme<'a>>,
}

/// A certification scheme.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CatalogScheme<'a> {
    /// Scheme id.
    id: &'a str,
    /// Its name by language.
    #[schema(value_type = NamesByLanguage)]
    names: BTreeMap<&'static str, &'a str>,
    /// Whose it is.
    owner: &'a str,
    /// What it stands for; empty for registers that certify nothing.
    kinds: Vec<String>,
}

/// Certification schemes of the catalogue.
#[utoipa::path(get, path = "/api/v1/schemes", tag = "catalogue",
    responses((status = 200, description = "Schemes", body = SchemeList)))]
pub async fn schemes(State(app): State<App>) -> Response {
    let view = app.ledger.view();
    let schemes = view.register.catalog().schemes().map(|scheme| CatalogScheme {
        id: &scheme.id,
        names: names(&[("en", &scheme.name_en), ("fr", &scheme.name_fr)]),
        owner: &scheme.owner,
        kinds: scheme.kinds.iter().map(|kind| format!("{kind:?}")).collect(),
    });
    Json(SchemeList { schemes: schemes.collect() }).into_response()
}

/// Regions of the catalogue.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RegionList<'a> {
    /// By id.
    regions: Vec<RegionShape<'a>>,
}

/// A region.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RegionShape<'a> {
    /// ISO 3166-2.
    id: &'a str,
    /// Its name by language.
    #[schema(value_type = NamesByLanguage)]
    names: BTreeMap<&'static str, &'a str>,
}

/// Regions of the catalogue.
#[utoipa::path(get, path = "/api/v1/regions", tag = "catalogue",
    responses((status = 200, description = "Regions", body = RegionList)))]
pub async fn regions(State(app): State<App>) -> Response {
    let view = app.ledger.view();
    let regions = view.register.catalog().regions().map(|region| RegionShape {
        id: &region.iso,
        names: names(&[("ar", &region.name_ar), ("en", &region.name_en), ("fr", &region.name_fr)]),
    });
    Json(RegionList { regions: regions.collect() }).into_response()
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
    /// From edition 2 on: what the rulebook says of goods, in the members of its statement.
    #[schema(value_type = Option<file_shapes::GoodsRules>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    goods: Option<GoodsRules>,
    /// From edition 2 on: schemes whose cover is kept, the catalogue's and those that the rulebook
    /// names, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    covered: Vec<CoveredShape>,
}

/// A scheme whose cover is kept.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CoveredShape {
    /// Scheme id.
    scheme: String,
    /// The covered share, in per mille, below which nothing of a lot is certified under it.
    least: u32,
}

impl RulebookShape {
    /// As a register has it.
    #[must_use]
    pub fn of(register: &Register) -> Self {
        let state = register.rulebook();
        let covered = register.covered_schemes().into_iter();
        Self {
            version: state.map_or(0, |state| state.version),
            edition: register.edition(),
            index: state.map(|state| state.mark.index),
            logged_at: state.map(|state| state.mark.logged_at),
            newest: limits::EDITION_MAX,
            goods: register.has_goods().then(|| register.goods_rules_in_force().clone()),
            covered: covered.map(|(scheme, least)| CoveredShape { scheme, least }).collect(),
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
    responses((status = 200, description = "Limits, units last in their names", body = Limits)))]
pub async fn limits() -> Json<Value> {
    let limits = of_the_door().into_iter().chain(of_the_rules()).chain(of_scans());
    Json(limits.map(|(name, limit)| (name.to_owned(), limit)).collect())
}

/// What one request may be, and many together.
fn of_the_door() -> Vec<(&'static str, Value)> {
    vec![
        ("statementBytesMax", json!(limits::STATEMENT_BYTES_MAX)),
        ("leafBytesMax", json!(limits::LEAF_BYTES_MAX)),
        ("nestingMax", json!(limits::NESTING_MAX)),
        ("integerMax", json!(limits::INTEGER_MAX)),
        ("bulkLinesMax", json!(limits::BULK_LINES_MAX)),
        ("bulkBytesMax", json!(limits::BULK_BYTES_MAX)),
        ("groupLinesMax", json!(limits::GROUP_LINES_MAX)),
        ("groupRowsMax", json!(limits::GROUP_ROWS_MAX)),
        ("openedBytesMax", json!(limits::OPENED_BYTES_MAX)),
        ("openedBytesADay", json!(limits::OPENED_BYTES_A_DAY)),
        ("submissionBytesMax", json!(limits::SUBMISSION_BYTES_MAX)),
        ("prepareBytesMax", json!(limits::PREPARE_BYTES_MAX)),
        ("verifyBytesMax", json!(limits::VERIFY_BYTES_MAX)),
        ("statementSentBytesMax", json!(limits::STATEMENT_SENT_BYTES_MAX)),
        ("dossierBytesMax", json!(limits::DOSSIER_BYTES_MAX)),
        ("dossierObjectsMax", json!(limits::DOSSIER_OBJECTS_MAX)),
        ("dossierValuesMax", json!(limits::DOSSIER_VALUES_MAX)),
        ("consignmentBytesMax", json!(limits::CONSIGNMENT_BYTES_MAX)),
        ("consignmentEntriesMax", json!(limits::CONSIGNMENT_ENTRIES_MAX)),
        ("consignmentOpeningsMax", json!(limits::CONSIGNMENT_OPENINGS_MAX)),
        ("eventLinesShown", json!(limits::EVENT_LINES_SHOWN)),
        ("inspectCodesMax", json!(limits::INSPECT_CODES_MAX)),
        ("formBytesMax", json!(limits::FORM_BYTES_MAX)),
        ("formPartsMax", json!(limits::FORM_PARTS_MAX)),
        ("photoBytesMax", json!(limits::PHOTO_BYTES_MAX)),
        ("photoPixelsMax", json!(limits::PHOTO_PIXELS_MAX)),
        ("photoScaledPixelsMax", json!(limits::PHOTO_SCALED_PIXELS_MAX)),
        ("photoPatternsMax", json!(limits::PHOTO_PATTERNS_MAX)),
        ("photoSecondsMax", json!(limits::PHOTO_SECONDS_MAX)),
        ("photoMemoryBytesMax", json!(limits::PHOTO_MEMORY_BYTES_MAX)),
        ("feedPageMax", json!(limits::FEED_PAGE_MAX)),
        ("webhooksOfAPartyMax", json!(limits::HOOKS_OF_A_PARTY_MAX)),
        ("webhookUrlBytesMax", json!(limits::HOOK_URL_BYTES_MAX)),
        ("photoPlaces", json!(limits::PHOTO_PLACES)),
        ("statusListSerials", json!(limits::STATUS_LIST_SERIALS)),
        ("clockSkewSeconds", json!(limits::CLOCK_SKEW_SECONDS)),
        ("labelSerialsMax", json!(limits::LABEL_SERIALS_MAX)),
        ("connectionsMax", json!(limits::CONNECTIONS_MAX)),
        ("headerBytesMax", json!(limits::HEADER_BYTES_MAX)),
        ("headerSecondsMax", json!(limits::HEADER_SECONDS_MAX)),
        ("idleSecondsMax", json!(limits::IDLE_SECONDS_MAX)),
        ("bytesPerSecondMin", json!(limits::BYTES_PER_SECOND_MIN)),
        ("bodyWindowSeconds", json!(limits::BODY_WINDOW_SECONDS)),
        ("bodySecondsMax", json!(limits::BODY_SECONDS_MAX)),
        ("answerWindowSeconds", json!(limits::ANSWER_WINDOW_SECONDS)),
        ("workSecondsMax", json!(limits::WORK_SECONDS_MAX)),
        ("queueSecondsMax", json!(limits::QUEUE_SECONDS_MAX)),
        ("bodiesBytesMax", json!(limits::BODIES_BYTES_MAX)),
        ("bodiesSmallBytesMax", json!(limits::BODIES_SMALL_BYTES_MAX)),
        ("answersBytesMax", json!(limits::ANSWERS_BYTES_MAX)),
        ("placesCommon", json!(limits::PLACES_COMMON)),
        ("placesIntake", json!(limits::PLACES_INTAKE)),
        ("placesJudge", json!(limits::PLACES_JUDGE)),
        ("placesLarge", json!(limits::PLACES_LARGE)),
        ("placesDelta", json!(limits::PLACES_DELTA)),
        ("placesReach", json!(limits::PLACES_REACH)),
    ]
}

/// How scans are counted, and from when on it is told that they are many.
fn of_scans() -> Vec<(&'static str, Value)> {
    vec![
        ("seenDays", json!(limits::SEEN_DAYS)),
        ("seenSessionsUnusual", json!(limits::SEEN_SESSIONS_UNUSUAL)),
        ("seenAbroadUnusual", json!(limits::SEEN_ABROAD_UNUSUAL)),
        ("seenCountriesUnusual", json!(limits::SEEN_COUNTRIES_UNUSUAL)),
        ("sessionSeconds", json!(limits::SESSION_SECONDS)),
        ("sessionsANetworkMax", json!(limits::SESSIONS_A_NETWORK_MAX)),
        ("sessionsMax", json!(limits::SESSIONS_MAX)),
        ("scanRowsMax", json!(limits::SCAN_ROWS_MAX)),
        ("scanSaveSeconds", json!(limits::SCAN_SAVE_SECONDS)),
        ("scanPreviewers", json!(limits::SCAN_PREVIEWERS)),
    ]
}

/// What the rules and the reading of codes hold to.
fn of_the_rules() -> Vec<(&'static str, Value)> {
    vec![
        ("codeReadingsMax", json!(limits::CODE_READINGS_MAX)),
        ("clockStepSecondsMax", json!(limits::CLOCK_STEP_SECONDS_MAX)),
        ("clockAheadSecondsMax", json!(limits::CLOCK_AHEAD_SECONDS_MAX)),
        ("labelsPageMax", json!(limits::LABELS_PAGE_MAX)),
        ("requestSecondsMax", json!(limits::REQUEST_SECONDS_MAX)),
        ("requestHeaderBytesMax", json!(limits::REQUEST_HEADER_BYTES_MAX)),
        ("requestNoncesMax", json!(limits::REQUEST_NONCES_MAX)),
        ("reservationsMax", json!(limits::RESERVATIONS_MAX)),
        ("reservationSeconds", json!(limits::RESERVATION_SECONDS)),
        ("serialWindow", json!(limits::SERIAL_WINDOW)),
        ("serialsUnreserved", json!(limits::SERIALS_UNRESERVED)),
        ("quotaDefault", json!(limits::QUOTA_DEFAULT)),
        ("editionMax", json!(limits::EDITION_MAX)),
        ("nameCharsMax", json!(limits::NAME_CHARS_MAX)),
        ("recallNoticeCharsMax", json!(limits::RECALL_NOTICE_CHARS_MAX)),
        ("smallStatementBytesMax", json!(limits::SMALL_STATEMENT_BYTES_MAX)),
        ("agreementMonthsMax", json!(limits::AGREEMENT_MONTHS_MAX)),
        ("labelKeyMonthsMax", json!(limits::LABEL_KEY_MONTHS_MAX)),
        ("labelKeyPartiesMax", json!(limits::LABEL_KEY_PARTIES_MAX)),
        ("waitSeconds", json!(limits::WAIT_SECONDS)),
        ("ownReportSecondsMax", json!(limits::OWN_REPORT_SECONDS_MAX)),
        ("certifierActSeconds", json!(limits::CERTIFIER_ACT_SECONDS)),
        ("labelVoidsMax", json!(limits::LABEL_VOIDS_MAX)),
        ("eventLinesMax", json!(limits::EVENT_LINES_MAX)),
        ("eventOutputsMax", json!(limits::EVENT_OUTPUTS_MAX)),
        ("liftsMax", json!(limits::LIFTS_MAX)),
        ("operatorDecisionDaysMax", json!(limits::OPERATOR_DECISION_DAYS)),
        ("operatorDecisionMonthsMax", json!(limits::OPERATOR_DECISION_MONTHS)),
        ("operatorNewDays", json!(limits::OPERATOR_NEW_DAYS)),
        ("mandateMonthsMax", json!(limits::MANDATE_MONTHS_MAX)),
        ("extractSecondsMax", json!(limits::EXTRACT_SECONDS_MAX)),
        ("rulebookRowsMax", json!(limits::RULEBOOK_ROWS_MAX)),
        ("labelVoidsShare", json!(limits::LABEL_VOIDS_SHARE)),
        ("sheetBytesMax", json!(limits::SHEET_BYTES_MAX)),
        ("sheetInflatedBytesMax", json!(limits::SHEET_INFLATED_MAX)),
        ("sheetRowsMax", json!(limits::SHEET_ROWS_MAX)),
        ("sheetColumnsMax", json!(limits::SHEET_COLUMNS_MAX)),
    ]
}
