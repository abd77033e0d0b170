//! Values in addresses. Not here: which addresses a service has.

/// Percent-encodes a value of a query (RFC 3986 section 3.4).
pub fn query_value(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values() {
        assert_eq!(query_value("06111234567895/A+1&B"), "06111234567895/A%2B1%26B");
    }
}
