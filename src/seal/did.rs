//! `did:web` documents: each key listed as Multikey (Data Integrity) and as JsonWebKey (JOSE).
//! Retired keys stay listed, so that libraries unaware of the log still verify what they signed;
//! compromised keys leave `assertionMethod`, so that the same libraries fail closed.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::KeyRecord;
use crate::statement::{JWK_SUFFIX, KeyPurpose, multikey};

/// The DID document of `did` with `keys` (W3C DID Core 1.0; CID 1.0 section 2.2).
#[must_use]
pub fn did_document(did: &str, keys: &[KeyRecord]) -> Value {
    let signing = |key: &&KeyRecord| !matches!(key.purpose, KeyPurpose::Log | KeyPurpose::Receipt);
    let listed: Vec<&KeyRecord> = keys.iter().filter(signing).collect();
    let methods: Vec<Value> = listed
        .iter()
        .flat_map(|key| {
            [
                json!({
                    "id": key.verification_method,
                    "type": "Multikey",
                    "controller": did,
                    "publicKeyMultibase": multikey(&key.public),
                }),
                json!({
                    "id": jwk_method(&key.verification_method),
                    "type": "JsonWebKey",
                    "controller": did,
                    "publicKeyJwk": jwk(&key.public),
                }),
            ]
        })
        .collect();
    let assertion: Vec<String> = listed
        .iter()
        .filter(|key| key.purpose != KeyPurpose::Label && key.compromised.is_none())
        .flat_map(|key| [key.verification_method.clone(), jwk_method(&key.verification_method)])
        .collect();
    json!({
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": assertion,
    })
}

/// The name under which [`did_document`] lists a key as JsonWebKey: what JOSE's `kid` must name
/// (W3C VC-JOSE-COSE 1.0, section 4).
pub(super) fn jwk_method(verification_method: &str) -> String {
    format!("{verification_method}{JWK_SUFFIX}")
}

/// A public key as JWK (RFC 8037).
#[must_use]
pub fn jwk(public: &[u8; 32]) -> Value {
    let x = BASE64_URL_SAFE_NO_PAD.encode(public);
    json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x})
}
