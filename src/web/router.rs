//! The one list of routes, and what every answer passes through: counters, a net for panics, CORS
//! for readers, compression, security headers. Not here: what a route does, and the bounds on times
//! and bytes (`door`).

use std::any::Any;

use axum::Router;
use axum::body::HttpBody;
use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header,
};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any as AnyOrigin, CorsLayer};

use super::{App, Problem};
use super::{api, metrics, pages};
use crate::door::Weight;
use crate::limits::ANSWER_FREE_BYTES;

/// Answers below this size are not compressed, in bytes: they fit one packet anyway.
const COMPRESS_BYTES_MIN: u64 = 1_024;

/// What an answer may load if it says nothing stricter itself: no scripts, nothing from elsewhere.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a page may ask of the device.
pub const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Marks an answer that compression would not make smaller.
#[derive(Clone, Copy)]
pub struct Incompressible;

/// All routes of the service.
pub fn router(app: App) -> Router {
    let secure = strict_transport(&app);
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app.clone())
        .layer(map_response(weigh))
        .layer(CompressionLayer::new().gzip(true).compress_when(compressible))
        .layer(cors())
        .layer(map_response(move |response| security_headers(response, secure.clone())))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app, metrics::count))
}

fn cors() -> CorsLayer {
    CorsLayer::new().allow_origin(AnyOrigin).allow_methods([Method::GET, Method::HEAD])
}

async fn method_not_allowed(method: Method) -> Problem {
    let detail = format!("{method} is not possible here; `Allow` says what is, /api describes it");
    Problem::new(405, "method_not_allowed", detail)
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal().into_response()
}

/// How long browsers come back over TLS only, in seconds: a year.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// The same for all answers of a ledger whose host is a name of its own: its labels hold `https`
/// addresses only. Over plain HTTP, behind the TLS proxy, it means nothing (RFC 6797 section 8.1).
fn strict_transport(app: &App) -> Option<HeaderValue> {
    let config = app.ledger.config();
    let named = config.host.contains('.') && !config.host.contains(':') && !config.demo;
    named.then_some(HeaderValue::from_static(STRICT_TRANSPORT))
}

/// Tells the door how many bytes an answer holds before compression hides them.
async fn weigh(mut response: Response) -> Response {
    let length = response.body().size_hint().exact().unwrap_or_default();
    if length > ANSWER_FREE_BYTES && response.extensions().get::<Weight>().is_none() {
        response.extensions_mut().insert(Weight(length));
    }
    response
}

async fn security_headers(mut response: Response, secure: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if let Some(secure) = secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, secure);
    }
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (PERMISSIONS_POLICY, "camera=()"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Text is compressed; hashes, pictures, and the long answers to bulk submissions are not.
fn compressible(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let long = text(header::CONTENT_LENGTH)
        .and_then(|length| length.parse::<u64>().ok())
        .is_none_or(|length| length >= COMPRESS_BYTES_MIN);
    let textual = kind.starts_with("text/")
        || kind.starts_with("image/svg")
        || kind.contains("json") && !kind.contains("ndjson")
        || ["application/vc", "application/octet-stream"].contains(&kind);
    textual && long && extensions.get::<Incompressible>().is_none()
}
