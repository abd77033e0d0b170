//! Parties, catalogue, limits, and what operations ask for.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::limits;
use crate::register::Party;
use crate::statement::{Domain, PartySlug};
use crate::web::{App, Problem};

fn party_json(domain: &Domain, party: &Party) -> Value {
    let registration = &party.registration;
    json!({
        "party": registration.party,
        "did": domain.did(&registration.party),
        "name": registration.name,
        "role": registration.role,
        "region": registration.region,
        "registeredId": registration.registered_id,
        "registeredOn": registration.registered_on,
        "capacities": registration.capacities,
        "keys": party.keys,
        "accreditations": party.accreditations,
        "events": party.events,
    })
}

/// `GET /api/v1/parties`.
pub async fn parties(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let domain = view.register.domain();
    let all: Vec<Value> = view.register.parties().map(|party| party_json(domain, party)).collect();
    Json(json!({ "parties": all }))
}

/// `GET /api/v1/parties/{party}`.
pub async fn party(
    State(app): State<App>,
    Path(party): Path<String>,
) -> Result<Json<Value>, Problem> {
    let view = app.ledger.view();
    let slug = PartySlug::parse(&party)
        .map_err(|fault| Problem::new(400, fault.code(), fault.to_string()))?;
    let found = view.register.party(&slug).ok_or_else(|| {
        Problem::new(404, "unknown_party", format!("{slug} is not in the register"))
    })?;
    Ok(Json(party_json(view.register.domain(), found)))
}

/// `GET /api/v1/products`.
pub async fn products(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let rows = view.register.catalog().products().map(|p| {
        json!({
            "id": p.id, "sign": p.sign, "nameFr": p.name_fr, "nameAr": p.name_ar,
            "nameEn": p.name_en, "regions": p.regions, "productType": p.product_type,
            "hsCode": p.hs6, "unit": p.unit.code(), "status": p.status,
        })
    });
    Json(json!({ "products": rows.collect::<Vec<_>>() }))
}

/// `GET /api/v1/schemes`.
pub async fn schemes(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let rows = view.register.catalog().schemes().map(|s| {
        let kinds: Vec<String> = s.kinds.iter().map(|kind| format!("{kind:?}")).collect();
        json!({
            "id": s.id, "nameEn": s.name_en, "nameFr": s.name_fr, "owner": s.owner,
            "kinds": kinds, "certifies": s.is_certification(),
        })
    });
    Json(json!({ "schemes": rows.collect::<Vec<_>>() }))
}

/// `GET /api/v1/regions`.
pub async fn regions(State(app): State<App>) -> Json<Value> {
    let view = app.ledger.view();
    let rows = view.register.catalog().regions().map(
        |r| json!({"iso": r.iso, "nameFr": r.name_fr, "nameAr": r.name_ar, "nameEn": r.name_en}),
    );
    Json(json!({ "regions": rows.collect::<Vec<_>>() }))
}

/// `GET /api/v1/limits`.
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
    }))
}

/// `GET /healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it also takes statements in.
pub async fn readyz(State(app): State<App>) -> Response {
    match &app.ledger.view().stopped {
        None => "ready\n".into_response(),
        Some(reason) => Problem::new(503, "writes_stopped", reason.to_string()).into_response(),
    }
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(State(app): State<App>) -> Response {
    let view = app.ledger.view();
    let stopped = u8::from(view.stopped.is_some());
    let (accepted, refused) = app.counts();
    let text = format!(
        "# TYPE tasdiq_log_entries gauge\ntasdiq_log_entries {}\n\
         # TYPE tasdiq_lots gauge\ntasdiq_lots {}\n\
         # TYPE tasdiq_statements_accepted_total counter\ntasdiq_statements_accepted_total {accepted}\n\
         # TYPE tasdiq_statements_refused_total counter\ntasdiq_statements_refused_total {refused}\n\
         # TYPE tasdiq_store_bytes gauge\ntasdiq_store_bytes {}\n\
         # TYPE tasdiq_writes_stopped gauge\ntasdiq_writes_stopped {stopped}\n",
        view.size,
        view.register.lot_count(),
        app.ledger.disk_bytes(),
    );
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
