//! Scripts of pages that have some, as files: their address holds a hash over all of them, so that
//! they never change there. `files.json` beside them says what they must be. Not here: the page
//! that checks by itself, which is one file (`check`); who made what is not ours
//! (`assets/vendor`, docs/decisions/0018).

use std::sync::OnceLock;

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::web::Problem;

/// Name and text of each. The last four are one reader of QR codes as it was published, with its
/// licence, for browsers that have none; they keep the names by which they find each other.
const FILES: [(&str, &str); 8] = [
    ("inspect.js", include_str!("../../../assets/app/inspect.js")),
    ("inspect_camera.js", include_str!("../../../assets/app/inspect_camera.js")),
    ("inspect_controls.js", include_str!("../../../assets/app/inspect_controls.js")),
    ("inspect_reader.js", include_str!("../../../assets/app/inspect_reader.js")),
    ("decode.js", include_str!("../../../assets/vendor/qr-0.7.0/decode.js")),
    ("index.js", include_str!("../../../assets/vendor/qr-0.7.0/index.js")),
    ("LICENSE", include_str!("../../../assets/vendor/qr-0.7.0/LICENSE")),
    ("LICENSE-MIT", include_str!("../../../assets/vendor/qr-0.7.0/LICENSE-MIT")),
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
            let media = if name.ends_with(".js") { "text/javascript" } else { "text/plain" };
            let kind = (header::CONTENT_TYPE, format!("{media}; charset=utf-8"));
            let cache = (cache.0, cache.1.to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is not ours is what its maker published: npm's tarball of `qr` 0.7.0, file by file.
    #[test]
    fn what_is_not_ours_is_as_it_was_published() {
        let published = [
            ("decode.js", "00e209820dcb11d624e9a03d6383e580766792b57d1651318f0a29e4e1ff0fe8"),
            ("index.js", "a0de370051f94bd74f218f74401fdf197585e3f9ef0143164f87ea941a3fdd6f"),
            ("LICENSE", "f9946796a8a5bd5981565142fa42e3b0cc36aef6f80e86beaf5905b3c0fef1b5"),
            ("LICENSE-MIT", "07a9f887e9215644439b808628b09f8eece932d79130ff563f958f3a1783e684"),
        ];
        let list = list();
        for (name, digest) in published {
            assert_eq!(list[name], digest, "{name}");
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor");
        let count = |path: &str| std::fs::read_dir(path).unwrap().count();
        assert_eq!((count(folder), count(&format!("{folder}/qr-0.7.0"))), (1, published.len()));
    }
}
