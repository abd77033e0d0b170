//! eddsa-jcs-2022: signing an unsigned credential, and verifying a statement's proof.
//! Signed are SHA-256(JCS(proof options)) then SHA-256(JCS(document)) (W3C vc-di-eddsa 1.0 section
//! 3.3).

use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{SealError, Signer};
use crate::statement::{Proof, Signed, Statement, Timestamp, canonical_bytes};

/// Signs an unsigned credential: its canonical bytes with the proof in.
///
/// # Errors
/// [`SealError::Unsignable`] for anything but an object without proof; what the device says.
pub fn seal(
    unsigned: &Value,
    verification_method: &str,
    created: Timestamp,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SealError> {
    let unsignable = |reason: &str| SealError::Unsignable { reason: reason.to_owned() };
    let document = unsigned.as_object().ok_or_else(|| unsignable("it is no JSON object"))?;
    if document.contains_key("proof") {
        return Err(unsignable("it has a proof already"));
    }
    let context = document.get("@context").ok_or_else(|| unsignable("@context is missing"))?;
    let mut proof = json!({
        "@context": context,
        "created": created,
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "type": "DataIntegrityProof",
        "verificationMethod": verification_method,
    });
    let mut message = Sha256::digest(canonical_bytes(&proof)).to_vec();
    message.extend_from_slice(&Sha256::digest(canonical_bytes(unsigned)));
    let signature = signer.sign(&message)?;
    proof["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
    let mut sealed = document.clone();
    sealed.insert("proof".to_owned(), proof);
    Ok(canonical_bytes(&Value::Object(sealed)))
}

/// Verifies a statement's proof under one key, strictly (RFC 8032 with small-order keys refused).
///
/// # Errors
/// [`SealError::Signature`].
pub fn verify_proof(statement: &Statement, key: &VerifyingKey) -> Result<(), SealError> {
    verify_bytes(&statement.proof, &statement.signed_bytes, key)
}

/// Verifies the proof of any signed document under one key.
///
/// # Errors
/// [`SealError::Signature`].
pub fn verify_signed(signed: &Signed, key: &VerifyingKey) -> Result<(), SealError> {
    verify_bytes(&signed.proof, &signed.signed_bytes, key)
}

fn verify_bytes(proof: &Proof, message: &[u8; 64], key: &VerifyingKey) -> Result<(), SealError> {
    let signature = Signature::from_bytes(&proof.signature);
    if verifies_strictly(key, message, &signature) {
        return Ok(());
    }
    Err(SealError::Signature { verification_method: proof.verification_method.clone() })
}

/// What `VerifyingKey::verify_strict` says, a tenth sooner. That one unpacks R, to refuse it if its
/// order is small, and then asks that R be the very bytes it computes; those are the one spelling
/// of a point, so R need only be compared with the eight spellings of points of small order.
/// Whether `signature` over `message` verifies strictly under a public key's bytes.
#[must_use]
pub fn verifies(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::from_bytes(signature);
    public_key(public).is_ok_and(|key| verifies_strictly(&key, message, &signature))
}

pub(super) fn verifies_strictly(key: &VerifyingKey, message: &[u8], signature: &Signature) -> bool {
    // A fuzzer finds no signature; what stands behind one must be reached all the same.
    if cfg!(fuzzing) {
        return true;
    }
    !key.is_weak()
        && !SMALL_ORDER.contains(signature.r_bytes())
        && key.verify(message, signature).is_ok()
}

/// The points of small order in their one spelling (RFC 8032 section 5.1.2): orders 1, 2, 4, 4 and
/// four of order 8.
const SMALL_ORDER: [[u8; 32]; 8] = {
    const fn with_sign(mut point: [u8; 32]) -> [u8; 32] {
        point[31] |= 0x80;
        point
    }
    let mut one = [0; 32];
    one[0] = 1;
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    [
        one,
        minus_one,
        [0; 32],
        with_sign([0; 32]),
        EIGHTH,
        with_sign(EIGHTH),
        OTHER,
        with_sign(OTHER),
    ]
};

/// A point of order 8.
const EIGHTH: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
    0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];

/// The other one, of the opposite ordinate.
const OTHER: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

/// A public key that may be registered: a canonical point, not of small order.
///
/// # Errors
/// [`SealError::PublicKey`].
pub fn public_key(bytes: &[u8; 32]) -> Result<VerifyingKey, SealError> {
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| SealError::PublicKey)?;
    if key.is_weak() || key.to_bytes() != *bytes { Err(SealError::PublicKey) } else { Ok(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_points_of_small_order() {
        for (place, point) in SMALL_ORDER.iter().enumerate() {
            let key = VerifyingKey::from_bytes(point).unwrap();
            assert!(key.is_weak() && key.to_edwards().compress().to_bytes() == *point);
            assert!(!SMALL_ORDER[..place].contains(point));
        }
    }

    /// R is the neutral point and s = H(R, A, M) a: the equation holds; the strict rules refuse.
    #[test]
    fn strict_as_the_library_is() {
        let secret = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let (key, message) = (secret.verifying_key(), [b'm'; 64]);
        let mut neutral = [0; 64];
        neutral[0] = 1;
        neutral[32..].copy_from_slice(&[
            0xc8, 0x3e, 0xde, 0x06, 0x38, 0x39, 0x87, 0x6a, 0x71, 0x6b, 0xd2, 0xde, 0x12, 0xee,
            0x28, 0xc6, 0x07, 0xc6, 0xa8, 0xc4, 0xdf, 0x55, 0x88, 0x12, 0xa2, 0xb3, 0x57, 0x58,
            0xcd, 0xd2, 0x96, 0x06,
        ]);
        let neutral = Signature::from_bytes(&neutral);
        assert!(key.verify(&message, &neutral).is_ok(), "the plain rules accept it");
        let good = ed25519_dalek::Signer::sign(&secret, &message);
        let mut signatures = vec![neutral, good];
        for at in 0..64 {
            for bit in 0..8 {
                let mut changed = good.to_bytes();
                changed[at] ^= 1 << bit;
                signatures.push(Signature::from_bytes(&changed));
            }
        }
        for point in SMALL_ORDER {
            for s in [neutral.s_bytes(), good.s_bytes(), &[0; 32]] {
                signatures.push(Signature::from_components(point, *s));
            }
        }
        let weak = VerifyingKey::from_bytes(&SMALL_ORDER[0]).unwrap();
        for signature in signatures {
            for key in [&key, &weak] {
                let strict = key.verify_strict(&message, &signature).is_ok();
                assert_eq!(verifies_strictly(key, &message, &signature), strict, "{signature}");
            }
        }
        assert!(verifies_strictly(&key, &message, &good));
    }

    /// The W3C test vector of vc-di-eddsa (TestVectors/eddsa-jcs-2022), signed by its secret key.
    #[test]
    fn w3c_vector() {
        let unsigned: Value = serde_json::from_str(include_str!(
            "../../tests/vectors/w3c/eddsa-jcs-2022-unsigned.json"
        ))
        .unwrap();
        let signed: Value = serde_json::from_str(include_str!(
            "../../tests/vectors/w3c/eddsa-jcs-2022-signed.json"
        ))
        .unwrap();
        let secret = bs58::decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq").into_vec();
        let secret: [u8; 32] = secret.unwrap()[2..].try_into().unwrap();
        let method = signed["proof"]["verificationMethod"].as_str().unwrap();
        let created = Timestamp::parse(signed["proof"]["created"].as_str().unwrap()).unwrap();
        let key = super::super::SoftKey::from_secret(&secret);
        let ours = seal(&unsigned, method, created, &key).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&ours).unwrap(), signed);
    }
}
