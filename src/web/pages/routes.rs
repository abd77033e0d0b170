//! Routes of the pages.

use axum::Router;

use crate::web::App;

/// The pages' routes.
pub fn routes() -> Router<App> {
    Router::new()
}
