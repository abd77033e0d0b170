//! What the door itself answers: problem documents (RFC 9457) that name a stable code.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

/// Seconds after which a caller that was refused for want of room may ask again.
const RETRY_SECONDS: &str = "2";

/// A problem document; what is only busy says when to ask again.
#[must_use]
pub fn refusal(status: StatusCode, code: &str, detail: &str) -> Response<Body> {
    let problem = json!({
        "type": format!("/api#problem-{code}"),
        "status": status.as_u16(),
        "code": code,
        "title": status.canonical_reason().unwrap_or("Error"),
        "detail": detail,
    });
    let mut response = Response::new(Body::from(problem.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, kind);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response
}
