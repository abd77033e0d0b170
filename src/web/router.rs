//! The one list of routes, and what every answer passes through.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::{App, Problem, api, pages};
use crate::limits::BULK_BYTES_MAX;

/// Seconds a request may take.
const TIMEOUT_SECONDS: u64 = 60;

/// All routes of the service.
pub fn router(app: App) -> Router {
    let fixed =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        .layer(DefaultBodyLimit::max(BULK_BYTES_MAX))
        .layer(CompressionLayer::new())
        .layer(CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            std::time::Duration::from_secs(TIMEOUT_SECONDS),
        ))
        .layer(CatchPanicLayer::custom(panicked))
}

async fn method_not_allowed() -> Problem {
    Problem::new(405, "method_not_allowed", "this address does not take that method")
}

/// Nothing should panic; if it does, the answer is still a problem document.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::new(500, "internal", "the service could not answer").into_response()
}
