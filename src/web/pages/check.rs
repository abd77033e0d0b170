//! The page that checks by itself, with the one script that may run in it. Not here: the page
//! (`browser`), which is the same bytes in every copy.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::gzip;
use crate::browser::{CheckPage, check_page};

/// The page, whoever asks: it holds nothing of this ledger.
pub(super) async fn check(headers: HeaderMap) -> Response {
    static GZIP: OnceLock<Bytes> = OnceLock::new();
    let page = check_page();
    let mut response = if gzip::accepted(&headers) {
        let body = GZIP.get_or_init(|| Bytes::from(gzip::compress(page.html.as_bytes())));
        let mut response = Html(body.clone()).into_response();
        let coding = HeaderValue::from_static("gzip");
        response.headers_mut().insert(header::CONTENT_ENCODING, coding);
        response
    } else {
        Html(page.html.as_str()).into_response()
    };
    let head = response.headers_mut();
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(policy) = HeaderValue::from_str(&policy(page)) {
        head.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// One script and one style, by their hashes; files of this service alone.
fn policy(page: &CheckPage) -> String {
    format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; img-src data:; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        page.script_source, page.style_source
    )
}
