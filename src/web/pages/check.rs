//! The page that checks by itself, with the one script that may run in it. Not here: the page
//! (`browser`), which is the same bytes in every copy.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::OnceCell;

use super::gzip;
use crate::browser::{CheckPage, check_page};

/// The page, whoever asks: it holds nothing of this ledger.
pub(super) async fn check(headers: HeaderMap) -> Response {
    let page = check_page();
    let mut response = if gzip::accepted(&headers) {
        let mut response = Html(compressed().await).into_response();
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

/// The page as gzip, made once, in a second or two that the first reader waits for.
async fn compressed() -> Bytes {
    static GZIP: OnceCell<Bytes> = OnceCell::const_new();
    let html = || check_page().html.as_bytes();
    let make = async || {
        let made = tokio::task::spawn_blocking(move || gzip::smallest(html())).await;
        Bytes::from(made.unwrap_or_else(|_| gzip::compress(html())))
    };
    GZIP.get_or_init(make).await.clone()
}

/// One script and one style, by their hashes; files of this service alone.
fn policy(page: &CheckPage) -> String {
    format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; img-src data:; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        page.script_source, page.style_source
    )
}
