//! The one list of routes, and what every answer passes through.

use axum::Router;

use super::App;
use super::{api, pages};

/// All routes of the service.
pub fn router(app: App) -> Router {
    Router::new().merge(api::routes()).merge(pages::routes()).with_state(app)
}
