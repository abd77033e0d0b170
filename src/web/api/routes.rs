//! Routes of the API.

use axum::Router;

use crate::web::App;

/// The API's routes.
pub fn routes() -> Router<App> {
    Router::new()
}
