//! Scripts of pages that have some, as files: their address holds a hash over all of them, so that
//! they never change there. `files.json` beside them says what they must be. Not here: the page
//! that checks by itself, which is one file (`check`).

use std::sync::OnceLock;

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::web::Problem;

/// Name and text of each.
const FILES: [(&str, &str); 2] = [
    ("inspect.js", include_str!("../../../assets/app/inspect.js")),
    ("inspect_camera.js", include_str!("../../../assets/app/inspect_camera.js")),
];

/// Bytes of the hash that stand in an address.
const HASH_BYTES: usize = 8;

/// The hash over all files.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let mut all = Sha256::new();
        for (name, text) in FILES {
            all.update(Sha256::digest(name));
            all.update(Sha256::digest(text));
        }
        hex(&all.finalize()).chars().take(2 * HASH_BYTES).collect()
    })
}

/// Where a file is served.
pub(super) fn address(name: &str) -> String {
    format!("/app/{}/{name}", hash())
}

/// One of them; of this release alone.
pub(super) async fn file(Path((asked, name)): Path<(String, String)>) -> Response {
    let found = FILES.iter().find(|(known, _)| *known == name).filter(|_| asked == hash());
    let cache = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    match found {
        Some((_, text)) => {
            let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
            (StatusCode::OK, [kind, cache], *text).into_response()
        }
        None if asked == hash() && name == "files.json" => ([cache], Json(list())).into_response(),
        None => {
            let detail = "there is no such file in this release; /inspect names those there are";
            Problem::new(404, "file_unknown", detail).into_response()
        }
    }
}

/// SHA-256 of each, in hex.
fn list() -> Value {
    let digest = |text: &str| Value::String(hex(&Sha256::digest(text)));
    let files = FILES.iter().map(|(name, text)| ((*name).to_owned(), digest(text)));
    Value::Object(files.collect::<Map<_, _>>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
