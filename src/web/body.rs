//! Reading what a request brings: bodies under a limit, JSON, query and path members, each fault a
//! problem document. Not here: what the members mean.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequestParts, Path as AxumPath, Query as AxumQuery};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Problem;
use crate::door::BodyFault;

/// The body's bytes, at most `limit` of them.
///
/// # Errors
/// `too_large`, `body_incomplete`, `too_busy`.
pub async fn bytes(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let large = || Problem::new(413, "too_large", format!("the body is larger than {limit} bytes"));
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    if body.size_hint().lower() > most {
        return Err(large());
    }
    let mut content = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        if content.len().saturating_add(data.len()) > limit {
            return Err(large());
        }
        content.extend_from_slice(&data);
    }
    Ok(content.into())
}

fn broken(error: axum::Error) -> Problem {
    match error.into_inner().downcast_ref() {
        Some(BodyFault::Busy) => {
            let detail = format!("{}; nothing was taken in", BodyFault::Busy);
            Problem::new(503, "too_busy", detail)
        }
        _ => {
            Problem::new(400, "body_incomplete", "the body broke off before its end; send it again")
        }
    }
}

/// Bytes as JSON of a known form; call it off the threads of connections.
///
/// # Errors
/// `json_form`.
pub fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(400, "json_form", told(&error.to_string())))
}

/// The items of a JSON array as they were sent, of which only so many are kept, however many come.
#[derive(Debug)]
pub struct Items<'a, const MAX: usize> {
    /// The first of them.
    pub kept: Vec<&'a RawValue>,
    /// How many there were.
    pub count: usize,
}

impl<'a, const MAX: usize> Items<'a, MAX> {
    /// All of them.
    ///
    /// # Errors
    /// `too_many_items`.
    pub fn all(self, what: &str) -> Result<Vec<&'a RawValue>, Problem> {
        if self.count <= MAX {
            return Ok(self.kept);
        }
        let detail = format!("{} {what}; send at most {MAX} at once", self.count);
        Err(Problem::new(413, "too_many_items", detail))
    }
}

impl<'de: 'a, 'a, const MAX: usize> Deserialize<'de> for Items<'a, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counting<const MAX: usize>;
        impl<'de, const MAX: usize> Visitor<'de> for Counting<MAX> {
            type Value = Items<'de, MAX>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Items { kept: Vec::new(), count: 0 };
                while items.count < MAX {
                    let Some(item) = list.next_element()? else { return Ok(items) };
                    items.kept.push(item);
                    items.count = items.count.saturating_add(1);
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    items.count = items.count.saturating_add(1);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(Counting)
    }
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
