//! The list of the API's routes.

use axum::Router;
use axum::routing::{get, post};

use super::{files, labels, log, lookups, lots, names, prepare, statements, verdicts};
use crate::web::App;

/// Everything that answers with data rather than a page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/statements", post(statements::submit))
        .route("/api/v1/statements/{index}", get(statements::leaf))
        .route("/api/v1/statements/{index}/proof", get(statements::proof))
        .route("/api/v1/prepare", post(prepare::prepare))
        .route("/api/v1/lots", get(lots::search))
        .route("/api/v1/lots/{head}/{lot}", get(lots::one))
        .route("/api/v1/certificates/{serial}", get(lots::certificate))
        .route("/api/v1/parties", get(lookups::parties))
        .route("/api/v1/parties/{party}", get(lookups::party))
        .route("/api/v1/products", get(lookups::products))
        .route("/api/v1/schemes", get(lookups::schemes))
        .route("/api/v1/regions", get(lookups::regions))
        .route("/api/v1/limits", get(lookups::limits))
        .route("/api/v1/verify", post(verdicts::verify))
        .route("/api/v1/labels", get(labels::print).post(labels::issue))
        .route("/api/v1/packs/latest", get(files::pack))
        .route("/trust", get(files::trust))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/vkey", get(log::vkey))
        .route("/log/tile/{*path}", get(log::tile))
        .route("/status", get(names::status_index))
        .route("/status/{list}", get(names::status_list))
        .route("/.well-known/did.json", get(names::authority_did))
        .route("/parties/{party}/did.json", get(names::party_did))
        .route("/ns/tasdiq/v1", get(names::context))
        .route("/healthz", get(lookups::healthz))
        .route("/readyz", get(lookups::readyz))
        .route("/metrics", get(lookups::metrics))
}
