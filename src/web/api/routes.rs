//! Routes of the API, the log and the machine-readable documents: one list.
//! Not here: pages for people, and `/certificates/{file}`, which the pages register.

use axum::Router;
use axum::http::Uri;
use axum::routing::{any, delete, get, post};

use super::{
    catalog, certificates, context, documents, feed, goods, health, label_sheets, labels, log,
    lots, openapi, operations, parties, prepare, prices, schema_files, scitt, shipments,
    statements, status, trace_file, trust, verify, webhooks,
};
use crate::web::{App, Problem};

/// The API's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/statements", post(statements::submit))
        .route("/api/v1/statements/{index}", get(statements::entry))
        .route("/api/v1/statements/{index}/proof", get(statements::proof))
        .route("/api/v1/statements/{index}/receipt", get(scitt::receipt))
        .route("/.well-known/scitt-keys", get(scitt::keys))
        .route("/.well-known/scitt-keys/{kid}", get(scitt::key))
        .route("/api/v1/documents/{commitment}", get(documents::one))
        .route("/api/v1/prepare", post(prepare::prepare))
        .route("/api/v1/lots", get(lots::list))
        .route("/api/v1/lots/{owner}/{lot}", get(lots::one))
        .route("/api/v1/feed", get(feed::feed))
        .route("/api/v1/webhooks", get(webhooks::list).post(webhooks::add))
        .route("/api/v1/webhooks/{id}", delete(webhooks::remove))
        .route("/api/v1/lots/{owner}/{lot}/trace.tasdiq", get(trace_file::file))
        .route("/api/v1/lots/{owner}/{lot}/balance", get(goods::balance))
        .route("/api/v1/lots/{owner}/{lot}/trace", get(goods::trace))
        .route("/api/v1/lots/{owner}/{lot}/reach", get(goods::reach))
        .route("/api/v1/lots/{owner}/{lot}/events", get(goods::events))
        .route("/api/v1/shipments", get(shipments::list))
        .route("/api/v1/prices", get(prices::totals))
        .route("/api/v1/certificates/{serial}", get(certificates::one))
        .route("/api/v1/parties", get(parties::list))
        .route("/api/v1/parties/{id}", get(parties::one))
        .route("/api/v1/products", get(catalog::products))
        .route("/api/v1/schemes", get(catalog::schemes))
        .route("/api/v1/regions", get(catalog::regions))
        .route("/api/v1/limits", get(catalog::limits))
        .route("/api/v1/rulebook", get(catalog::rulebook))
        .route("/api/v1/verify", post(verify::verify))
        .route("/api/v1/labels", get(labels::list).post(labels::issue))
        .route("/api/v1/label-sheets", post(label_sheets::print))
        .route("/api/v1/label-grids", get(label_sheets::grids))
        .route("/api/v1/log/health", get(health::health))
        .route("/api/v1/packs/latest", get(trust::pack))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api", get(openapi::human))
        .route("/api/{*rest}", any(unknown))
        .route("/schemas", get(schema_files::list))
        .route("/schemas/{file}", get(schema_files::schema))
        .route("/docs/FORMAT.md", get(schema_files::format))
        .route("/trust", get(trust::trust))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/vkey", get(log::vkey))
        .route("/log/cosigned/{page}", get(log::cosigned))
        .route("/log/sidecars/{page}", get(log::sidecars))
        .route("/api/v1/witnesses", get(log::witnesses))
        .route("/log/tile/{*path}", get(log::tile))
        .route("/log/{*rest}", any(unknown))
        .route("/status", get(status::index))
        .route("/status/{list}", get(status::list))
        .route("/.well-known/did.json", get(parties::authority_did))
        .route("/parties/{id}/did.json", get(parties::party_did))
        .route("/ns/tasdiq/v1", get(context::context))
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
}

async fn unknown(uri: Uri) -> Problem {
    let detail = format!("there is nothing at {}; /api lists what there is", uri.path());
    Problem::new(404, "unknown_path", detail)
}
