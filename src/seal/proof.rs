//! eddsa-jcs-2022: signing an unsigned credential, and verifying a statement's proof.
//! Signed are SHA-256(JCS(proof options)) then SHA-256(JCS(document)) (W3C vc-di-eddsa 1.0 section
//! 3.3).

use ed25519_dalek::{Signature, VerifyingKey};
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
    key.verify_strict(message, &signature).map_err(|_| SealError::Signature {
        verification_method: proof.verification_method.clone(),
    })
}

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
