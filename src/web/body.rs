//! Reading what a request brings: bodies under a limit, JSON, query and path members, each fault a
//! problem document. Not here: what the members mean.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::Problem;

/// The body's bytes, at most `limit` of them.
///
/// # Errors
/// `too_large`, `body_incomplete`.
pub async fn bytes(body: Body, limit: usize) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let limited = std::error::Error::source(&error)
            .is_some_and(|cause| cause.to_string().contains("length limit"));
        if limited {
            Problem::new(413, "too_large", format!("the body is larger than {limit} bytes"))
        } else {
            Problem::new(400, "body_incomplete", "the body broke off before its end; send it again")
        }
    })
}

/// The body as JSON of a known form, at most `limit` bytes.
///
/// # Errors
/// Those of [`bytes`], and `json_form`.
pub async fn json<T: DeserializeOwned>(body: Body, limit: usize) -> Result<T, Problem> {
    parsed(&bytes(body, limit).await?)
}

/// Bytes as JSON of a known form.
///
/// # Errors
/// `json_form`.
pub fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(400, "json_form", told(&error.to_string())))
}

/// A parser's words without the names of our types, which say nothing to others.
fn told(reason: &str) -> String {
    let Some((before, after)) = reason.split_once("struct ") else { return reason.to_owned() };
    let end = after.find(" at line").unwrap_or(after.len());
    format!("{before}a JSON object{}", after.get(end..).unwrap_or_default())
}

/// The media type of the body, without parameters, in lower case; empty if none is named.
pub fn media_type(headers: &HeaderMap) -> String {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = named.and_then(|text| text.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Query members of a known form.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = AxumQuery::from_request_parts(parts, state).await;
        let fault = |error: axum::extract::rejection::QueryRejection| {
            Problem::new(400, "query_form", error.body_text())
        };
        query.map(|AxumQuery(members)| Self(members)).map_err(fault)
    }
}

/// Members of the path, percent-decoded.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = AxumPath::from_request_parts(parts, state).await;
        let fault = |error: axum::extract::rejection::PathRejection| {
            Problem::new(400, "path_form", error.body_text())
        };
        path.map(|AxumPath(members)| Self(members)).map_err(fault)
    }
}
