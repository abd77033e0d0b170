//! The id of a statement of our own types, made from its content, so that nobody chooses a name
//! that another needs. Certificates, declarations of lots and status lists have fixed ids instead.
//! Not here: who asks for it (`register`, from edition 1 on).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Domain;
use super::canonical::canonical_bytes;
use super::crockford::first_130_bits;

/// What is hashed before the canonical bytes.
const LABEL: &[u8] = b"tasdiq-statement-v1\0";

/// `https://HOST/statements/` and the first 130 bits of SHA-256 over a label and the canonical
/// bytes (RFC 8785) of the statement without `id` and `proof`, given in parts.
pub(super) fn content_id(domain: &Domain, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new_with_prefix(LABEL);
    parts.iter().for_each(|part| hash.update(part));
    let hash: [u8; 32] = hash.finalize().into();
    domain.url(&format!("statements/{}", first_130_bits(&hash)))
}

/// An unsigned statement under the id that its content makes, whatever it had.
#[must_use]
pub fn with_content_id(domain: &Domain, mut unsigned: Value) -> Value {
    if let Value::Object(members) = &mut unsigned {
        members.remove("id");
        let canonical = canonical_bytes(&json!(members));
        members.insert("id".to_owned(), json!(content_id(domain, &[&canonical])));
    }
    unsigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_first_130_bits() {
        let domain = Domain::parse("ledger.example").unwrap();
        let id = content_id(&domain, &[b"{}"]);
        assert_eq!(id, content_id(&domain, &[b"{", b"}"]));
        // printf 'tasdiq-statement-v1\0{}' | sha256sum, read by hand five bits at a time.
        let hash = Sha256::digest(b"tasdiq-statement-v1\0{}");
        let bits: String = hash.iter().map(|byte| format!("{byte:08b}")).collect();
        let text: String = (0..26)
            .map(|n| usize::from_str_radix(&bits[n * 5..n * 5 + 5], 2).unwrap())
            .map(|value| char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value]))
            .collect();
        assert_eq!(id, format!("https://ledger.example/statements/{text}"));
        assert_ne!(id, content_id(&domain, &[b"[]"]));
    }
}
