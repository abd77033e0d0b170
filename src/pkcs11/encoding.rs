//! How tokens spell an Ed25519 key: parameters and point of an Edwards key (PKCS#11 3.0, section
//! 2.3.5 of the mechanisms). Not here: fetching them.

/// The curve as tokens spell it (`CKA_EC_PARAMS`), the one to ask for first standing first.
pub(super) const CURVES: [&[u8]; 3] = [
    // PrintableString "edwards25519" (PKCS#11 3.0).
    b"\x13\x0cedwards25519",
    // The OID 1.3.101.112 (RFC 8410).
    &[0x06, 0x03, 0x2b, 0x65, 0x70],
    // The OID 1.3.6.1.4.1.11591.15.1, before there was another.
    &[0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01],
];

/// The public key in a point (`CKA_EC_POINT`): 32 bytes in an OCTET STRING, in a BIT STRING, or
/// bare.
pub(super) fn point(bytes: &[u8]) -> Option<[u8; 32]> {
    let wrapped = [[0x04, 0x20].as_slice(), &[0x03, 0x21, 0x00]];
    let inner =
        wrapped.iter().find_map(|head| bytes.strip_prefix(*head).filter(|rest| rest.len() == 32));
    inner.unwrap_or(bytes).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_in_three_spellings() {
        let key = [0x5a; 32];
        for head in [[].as_slice(), &[0x04, 0x20], &[0x03, 0x21, 0x00]] {
            assert_eq!(point(&[head, &key].concat()), Some(key));
        }
        // A bare point may begin like a wrapped one.
        let bare = [[0x04, 0x20].as_slice(), &[7; 30]].concat();
        assert_eq!(point(&bare).unwrap().as_slice(), bare);
        for wrong in [[0x04, 0x21].as_slice(), &[0x03, 0x21, 0x01], &[0x04, 0x20, 0x00]] {
            assert_eq!(point(&[wrong, &key].concat()), None);
        }
        assert_eq!(point(&key[1..]), None);
        assert_eq!(point(&[]), None);
    }
}
