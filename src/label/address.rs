//! An address taken apart: host, and path segments decoded and folded to upper case.
//! Not a URL parser: only what scanners, routers and people hand over of a label (RFC 3986).

use super::LabelError;
use crate::statement::{Domain, IdError, decode_segment};

/// Longest text taken for a code, in bytes: a label with the longest host, lot and serial, every
/// character of them escaped, has 111 + 3 * (106 + 32 + 20 + 20) + 30 = 675.
pub(super) const TEXT_BYTES_MAX: usize = 2_000;

/// Shortest first segment taken for a token, in characters: a party's name has at most 32.
pub(super) const TOKEN_LIKE_MIN: usize = 33;

/// Host (lower case, empty if the text had none) and segments (upper case).
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) segments: Vec<String>,
}

impl Address {
    /// Reads `http(s)://HOST/...`; None if the text has no scheme.
    pub(super) fn of_url(text: &str) -> Result<Option<Self>, LabelError> {
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(None) };
        if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
            return Self::of_host_and_path(rest).map(Some);
        }
        // A path may quote an address in its query.
        if scheme.contains(['/', '?']) { Ok(None) } else { Err(LabelError::foreign(text)) }
    }

    /// Reads `HOST/...`.
    pub(super) fn of_host_and_path(text: &str) -> Result<Self, LabelError> {
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        Self::of_path(Domain::parse(host)?.host(), path)
    }

    /// Reads a path below `host`: one leading and one trailing slash, a query and a fragment are
    /// tolerated, as scanners and redirects add them; escapes are undone.
    pub(super) fn of_path(host: &str, path: &str) -> Result<Self, LabelError> {
        if path.len() > TEXT_BYTES_MAX {
            return Err(LabelError::foreign(path));
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let damaged = || match path.split('/').next() {
            Some(first) if first.len() >= TOKEN_LIKE_MIN => {
                LabelError::Malformed { reason: "a percent escape is broken" }
            }
            _ => LabelError::foreign(path),
        };
        let fold =
            |segment: &str| Ok(decode_segment(segment).ok_or_else(damaged)?.to_ascii_uppercase());
        let segments = path.split('/').map(fold).collect::<Result<_, LabelError>>()?;
        Ok(Self { host: host.to_ascii_lowercase(), segments })
    }

    /// The first segment if it can be nothing but a token, and the segments behind it.
    pub(super) fn token(&self) -> Option<(&str, &[String])> {
        let (first, rest) = self.segments.split_first()?;
        (first.chars().count() >= TOKEN_LIKE_MIN).then_some((first, rest))
    }
}

/// An identifier in its one canonical spelling: a label is read by machines, so a lenient reading
/// (`O` for `0`, a shorter GTIN) would only hide damage.
pub(super) fn exact<T>(
    text: &str,
    parse: fn(&str) -> Result<T, IdError>,
    spelling: fn(&T) -> &str,
) -> Result<T, LabelError> {
    let value = parse(text)?;
    if spelling(&value) == text {
        Ok(value)
    } else {
        Err(LabelError::Malformed { reason: "an identifier is not in its canonical spelling" })
    }
}
