//! Faults of the bytes and of the proof, made after signing.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use tasdiq::seal::Signer as _;

use super::good::{domain, lot};
use super::{By, Bytes, Case, Unsigned};

/// Order of the Ed25519 group, little-endian (RFC 8032 section 5.1).
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Faults of the bytes: one edit each of a good lot's text.
pub fn of_bytes() -> Vec<Case> {
    const FRACTION: &str = "number_not_integer";
    let lot = lot();
    let good = String::from_utf8(lot.sealed()).unwrap();
    let marked = format!("\u{feff}{good}");
    let edits = [
        ("json_empty", "not_json", good.as_str(), ""),
        ("json_truncated", "not_json", "\"}", "\""),
        ("json_followed_by_another", "not_json", "\"}", "\"}{}"),
        ("json_byte_order_mark", "not_json", good.as_str(), &marked),
        ("json_lone_surrogate", "not_json", "goûter", "go\\ud800ter"),
        ("json_array", "shape", good.as_str(), "[]"),
        ("key_twice", "duplicate_key", "\"name\":", "\"name\":\"x\",\"name\":"),
        ("key_twice_inside", "duplicate_key", "\"unit\":", "\"unit\":\"MLT\",\"unit\":"),
        ("key_twice_by_escape", "duplicate_key", "\"unit\":", "\"\\u0075nit\":\"MLT\",\"unit\":"),
        ("key_with_accent", "key_not_ascii", "\"unit\":", "\"unité\":1,\"unit\":"),
        ("key_with_space", "key_not_ascii", "\"unit\":", "\"u nit\":1,\"unit\":"),
        ("number_with_fraction", FRACTION, "500000", "500000.5"),
        ("number_with_zero_fraction", FRACTION, "500000", "500000.0"),
        ("number_with_exponent", FRACTION, "500000", "5e5"),
        ("number_minus_zero", FRACTION, "500000", "-0"),
        ("number_above_53_bits", "number_range", "500000", "9007199254740992"),
        ("number_below_53_bits", "number_range", "500000", "-9007199254740992"),
        ("text_decomposed", "not_nfc", "goûter", "gou\u{302}ter"),
        ("bytes_with_space", "not_canonical", "\"unit\":", "\"unit\": "),
        ("bytes_with_final_newline", "not_canonical", "\"}", "\"}\n"),
        ("bytes_with_escaped_letter", "not_canonical", "goûter", "go\\u00fbter"),
        ("bytes_with_escaped_slash", "not_canonical", "https://", "https:\\/\\/"),
        (
            "bytes_with_keys_unsorted",
            "not_canonical",
            "\"packSize\":250,\"product\":\"argan-oil\"",
            "\"product\":\"argan-oil\",\"packSize\":250",
        ),
    ];
    let edit = |(name, expect, from, to): (&'static str, &'static str, &str, &str)| {
        let at = good.rfind(from).unwrap();
        let text = format!("{}{to}{}", &good[..at], &good[at + from.len()..]);
        lot.bytes(name, expect, text.into_bytes())
    };
    let mut cases: Vec<Case> = edits.into_iter().map(edit).collect();
    let mut latin = lot.sealed();
    let at = good.find('û').unwrap();
    latin.splice(at..at + 2, [0xfb]);
    cases.push(lot.bytes("text_latin_1", "not_utf8", latin));
    let repeated = |name, expect, before, after, count| {
        let bytes = Bytes::Repeated(before, after, count);
        Case { name, expect, public: lot.by.key().public(), bytes }
    };
    cases.extend([
        repeated("size_60001", "too_large", " ", "", 60_001),
        repeated("size_60000", "not_json", " ", "", 60_000),
        repeated("nested_33_deep", "too_deep", "[", "]", 33),
        repeated("nested_32_deep", "shape", "[", "]", 32),
    ]);
    cases
}

/// Faults of the proof, all of them made after signing.
pub fn of_proof() -> Vec<Case> {
    const SHAPE: &str = "proof_shape";
    const VALUE: &str = "proof_value";
    let lot = lot();
    let signed = lot.signed();
    let value = signed["proof"]["proofValue"].as_str().unwrap();
    let signature = bs58::decode(&value[1..]).into_vec().unwrap();
    let base58 = |bytes: &[u8]| json!(format!("z{}", bs58::encode(bytes).into_string()));
    let two_contexts = json!([signed["@context"][0], signed["@context"][2]]);
    let other = domain().did(&By::Certifier.party());
    let edits = [
        ("proof_missing", SHAPE, "", json!(null)),
        ("proof_in_list", SHAPE, "", json!([signed["proof"]])),
        ("proof_of_eight_members", SHAPE, "/domain", json!("tasdiq.example")),
        ("proof_without_created", SHAPE, "/created", json!(null)),
        ("proof_without_value", SHAPE, "/proofValue", json!(null)),
        ("proof_without_context", SHAPE, "/@context", json!(null)),
        ("proof_created_with_offset", SHAPE, "/created", json!("2026-11-23T14:04:15+00:00")),
        ("proof_of_other_cryptosuite", SHAPE, "/cryptosuite", json!("eddsa-rdfc-2022")),
        ("proof_of_other_purpose", SHAPE, "/proofPurpose", json!("authentication")),
        ("proof_of_other_type", SHAPE, "/type", json!("Ed25519Signature2020")),
        ("proof_context_shorter", "proof_context", "/@context", two_contexts),
        ("proof_value_a_number", VALUE, "/proofValue", json!(1)),
        ("proof_value_not_base58", VALUE, "/proofValue", json!(format!("z0{}", &value[2..]))),
        (
            "proof_value_base64url",
            VALUE,
            "/proofValue",
            json!(format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(&signature))),
        ),
        ("proof_value_without_prefix", VALUE, "/proofValue", json!(&value[1..])),
        ("proof_value_leading_1", VALUE, "/proofValue", json!(format!("z1{}", &value[1..]))),
        ("proof_value_63_bytes", VALUE, "/proofValue", base58(&signature[..63])),
        ("proof_value_65_bytes", VALUE, "/proofValue", base58(&[&signature[..], &[1]].concat())),
        (
            "method_of_another_party",
            "verification_method",
            "/verificationMethod",
            json!(format!("{other}#key-1")),
        ),
        (
            "method_without_fragment",
            "verification_method",
            "/verificationMethod",
            json!(domain().did(&lot.by.party())),
        ),
    ];
    let edit = |(name, expect, at, value): (_, _, &str, _)| {
        lot.spoilt(name, expect, &format!("/proof{at}"), value)
    };
    let mut cases: Vec<Case> = edits.into_iter().map(edit).collect();
    let mut longer = signed["@context"].as_array().unwrap().clone();
    longer.push(json!("https://tasdiq.example/other"));
    cases.push(lot.spoilt(
        "context_appended_after_signing",
        "proof_context",
        "/@context",
        json!(longer),
    ));
    cases.extend(of_signature(&lot, &signature));
    cases
}

/// Well formed, and not signed by the key it is checked with.
fn of_signature(lot: &Unsigned, signature: &[u8]) -> Vec<Case> {
    const INVALID: &str = "signature_invalid";
    let spoilt = |name, signature: &[u8]| {
        let value = format!("z{}", bs58::encode(signature).into_string());
        lot.spoilt(name, INVALID, "/proof/proofValue", json!(value))
    };
    let changed = |change: fn(&mut [u8])| {
        let mut bytes = signature.to_vec();
        change(&mut bytes);
        bytes
    };
    let malleated = changed(|bytes| {
        let mut carry = 0;
        for (byte, order) in bytes[32..].iter_mut().zip(GROUP_ORDER) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert_eq!(carry, 0);
    });
    let by_another = Case {
        public: By::Certifier.key().public(),
        ..lot.case("signature_of_another_key", INVALID)
    };
    let later = json!("2026-11-23T14:04:16Z");
    vec![
        spoilt("signature_r_bit_flipped", &changed(|bytes| bytes[0] ^= 1)),
        spoilt("signature_s_bit_flipped", &changed(|bytes| bytes[32] ^= 1)),
        spoilt("signature_s_plus_group_order", &malleated),
        spoilt("signature_zero", &[0; 64]),
        lot.spoilt("signed_created_changed", INVALID, "/proof/created", later),
        lot.spoilt(
            "signed_quantity_changed",
            INVALID,
            "/credentialSubject/lotDeclaration/quantity",
            json!(500_001),
        ),
        by_another,
    ]
}
