//! Percent-encoding of what stands in addresses, PKCS#11 URIs and names of files ([RFC 3986 section
//! 2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)). Not here: what a label's address is.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// All but the unreserved characters ([RFC 3986 section
/// 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, but for what parts a path.
const NO_PATH: AsciiSet = RESERVED.remove(b'/');

/// A value of a query or of an attribute, or the name of a file.
#[must_use]
pub fn value(text: &str) -> String {
    percent_encode(text.as_bytes(), &RESERVED).to_string()
}

/// A path; its slashes stay.
#[must_use]
pub fn path(text: &str) -> String {
    percent_encode(text.as_bytes(), &NO_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_paths() {
        assert_eq!(value("06111234567895/A+1&B~\u{e9}"), "06111234567895%2FA%2B1%26B~%C3%A9");
        assert_eq!(path("/a b/c"), "/a%20b/c");
    }
}
