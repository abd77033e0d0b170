//! Compression of pages that are kept: once a page, not once a request.

use std::io::Write;

use axum::http::{HeaderMap, header};

/// Whether the client takes gzip.
pub(super) fn accepted(headers: &HeaderMap) -> bool {
    let codings = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    codings.unwrap_or_default().split(',').any(|coding| {
        let (name, weight) = coding.split_once(";q=").unwrap_or((coding, "1"));
        name.trim() == "gzip" && !weight.trim().starts_with("0.000") && weight.trim() != "0"
    })
}

/// The bytes as gzip, as small as it gets: seconds of work for a page that is made once a release.
pub(super) fn smallest(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut out) {
        Ok(()) => out,
        // Writing to memory cannot fail.
        Err(_) => compress(bytes),
    }
}

/// The bytes as gzip.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
