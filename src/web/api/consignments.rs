//! A shipment as programs take it: its consignment, one file that verifies with no server, at
//! `/events/{party}/{name}.tasdiq`. Not here: the page for people, which registers the address.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::file_shapes::Consignment;
use crate::door::Lane;
use crate::ledger::consignment_file;
use crate::statement::EventId;
use crate::web::{App, Problem, parallel};

/// A shipment with its lots and certificates.
///
/// One signed JSON file (docs/FORMAT.md section 6.5): the shipment, what packed its units, its lots
/// and their certificates, each with its proof under one checkpoint, with the status lists and the
/// history of all keys.
#[utoipa::path(get, path = "/events/{party}/{name}.tasdiq", tag = "goods",
    params(
        ("party" = String, Path, description = "Who signed the shipment"),
        ("name" = String, Path, description = "Its 26 characters"),
    ),
    responses(
        (status = 200, description = "The consignment", body = Consignment),
        (status = 404, description = "There is no such shipment", body = Problem),
        (status = 413, description = "It would be larger than any that is read; both figures are \
            told", body = Problem),
        (status = 503, description = "The status lists lag behind; ask again", body = Problem),
    ))]
pub async fn consignment(app: &App, id: EventId) -> Response {
    app.settled().await;
    let ledger = app.ledger.clone();
    let make = move || consignment_file(&ledger, &id, ledger.now());
    let made = match parallel::blocking_in(Lane::Large, make).await {
        Ok(made) => made,
        Err(busy) => return busy.into_response(),
    };
    let problem = match made {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-cache"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            return (headers, bytes).into_response();
        }
        Err(error) => Problem::from(error),
    };
    let later = problem.status == 503;
    let mut response = problem.into_response();
    if later {
        // Their keeper is woken, and is done in a moment.
        app.stale_lists.notify_one();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}
