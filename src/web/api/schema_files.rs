//! `/schemas` and `/docs/FORMAT.md`: what documents of this release look like, for programs and for
//! who writes them. The files are those of the repository, byte for byte. Not here: the description
//! of the API, which is made of these and of the code (`openapi`).

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answers::is_known;
use super::schema_texts::{SCHEMAS, schema_address, schema_text};
use crate::web::Problem;
use crate::web::body::Path;

/// Between releases they stay as they are: a day, then the tag says whether they are the same.
const DAILY: &str = "public, max-age=86400";

/// Bytes of the digest that stand in a tag.
const TAG_BYTES: usize = 12;

/// The text on all formats.
const FORMAT: &str = include_str!("../../../docs/FORMAT.md");

/// All schemas of this release.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SchemaList {
    /// By name.
    schemas: Vec<SchemaRow>,
}

/// One of them.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SchemaRow {
    /// Its name.
    name: &'static str,
    /// What it is of, in words.
    title: String,
    /// Its own name, an URN: it is the same at every ledger.
    id: String,
    /// Where it is served.
    url: String,
}

/// The JSON Schemas of statements, files and reports.
#[utoipa::path(get, path = "/schemas", tag = "schemas",
    responses((status = 200, description = "Names and addresses", body = SchemaList)))]
pub async fn list() -> Response {
    let row = |(name, text): &(&'static str, &str)| {
        let schema: Value = serde_json::from_str(text).unwrap_or_default();
        let text = |member: &str| schema[member].as_str().unwrap_or_default().to_owned();
        SchemaRow { name, title: text("title"), id: text("$id"), url: schema_address(name) }
    };
    let schemas = SCHEMAS.iter().map(row).collect();
    ([(header::CACHE_CONTROL, DAILY)], Json(SchemaList { schemas })).into_response()
}

/// One JSON Schema (draft 2020-12), as it stands in the repository of this release.
#[utoipa::path(get, path = "/schemas/{file}", tag = "schemas",
    params(("file" = String, Path, description = "NAME`.schema.json`")),
    responses(
        (status = 200, description = "The schema", body = super::file_shapes::JsonSchema,
            content_type = "application/schema+json"),
        (status = 304, description = "As `If-None-Match` has it"),
        (status = 404, description = "No such schema", body = Problem),
    ))]
pub async fn schema(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let found = file.strip_suffix(".schema.json").and_then(schema_text);
    let text = found.ok_or_else(|| {
        Problem::new(
            404,
            "schema_unknown",
            "there is no such schema; /schemas lists those there are",
        )
    })?;
    Ok(told(&headers, "application/schema+json", text))
}

/// What is signed, hashed and printed, byte by byte: the text that the description points to.
#[utoipa::path(get, path = "/docs/FORMAT.md", tag = "schemas",
    responses(
        (status = 200, description = "The text", body = String,
            content_type = "text/markdown; charset=utf-8"),
        (status = 304, description = "As `If-None-Match` has it"),
    ))]
pub async fn format(headers: HeaderMap) -> Response {
    told(&headers, "text/markdown; charset=utf-8", FORMAT)
}

fn told(asked: &HeaderMap, kind: &'static str, text: &'static str) -> Response {
    let digest = Sha256::digest(text);
    let tag: String = digest.iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    // Weak: packing changes the bytes on the way.
    let told = [(header::CACHE_CONTROL, DAILY.to_owned()), (header::ETAG, format!("W/{tag}"))];
    if is_known(asked, &tag) {
        return (StatusCode::NOT_MODIFIED, told).into_response();
    }
    (told, [(header::CONTENT_TYPE, kind)], text).into_response()
}
