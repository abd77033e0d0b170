//! Private keys at rest: encrypted PKCS#8 v1 PEM (scrypt, AES-256-CBC), as OpenSSL 3 reads it.
//! Version 1, without the public key inside: OpenSSL refuses version 2 for Ed25519 (RFC 8410,
//! 5958). Not here: files and their mode; salt and IV, which the caller draws.

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::pbes2;
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{
    EncryptedPrivateKeyInfoRef, LineEnding, ObjectIdentifier, PrivateKeyInfoRef, SecretDocument,
};
use zeroize::Zeroizing;

use super::{SealError, SoftKey};

/// id-Ed25519 (RFC 8410 section 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// scrypt cost N = 2^14, r = 8, p = 1: 16 MB, the most OpenSSL 3.0 takes by default is 32 MB.
const SCRYPT_LOG_N: u8 = 14;

/// Salt and IV of one key file: 32 random bytes, never used twice.
#[derive(Clone, Copy)]
pub struct Nonces(pub [u8; 32]);

/// Writes a key as encrypted PKCS#8 PEM.
///
/// # Errors
/// [`SealError::KeyFile`] if the encoder refuses.
pub fn encode_key(
    key: &SoftKey,
    passphrase: &[u8],
    nonces: Nonces,
) -> Result<Zeroizing<String>, SealError> {
    let secret = key.secret();
    // CurvePrivateKey ::= OCTET STRING, inside privateKey's OCTET STRING (RFC 8410 section 7).
    let inner = OctetStringRef::new(secret.as_slice()).and_then(|octets| octets.to_der());
    let inner = Zeroizing::new(inner.map_err(key_file)?);
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&inner).map_err(key_file)?);
    let (salt, iv) = nonces.0.split_at(16);
    let params = scrypt::Params::new(SCRYPT_LOG_N, 8, 1).map_err(key_file)?;
    let iv = <[u8; 16]>::try_from(iv).map_err(key_file)?;
    let pbes2 = pbes2::Parameters::generate_scrypt_aes256cbc(params, salt, iv).map_err(key_file)?;
    let document = info.encrypt_with_params(pbes2, passphrase).map_err(key_file)?;
    document.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(key_file)
}

/// Reads an encrypted or plain PKCS#8 PEM.
///
/// # Errors
/// [`SealError::KeyFile`] or [`SealError::Passphrase`].
pub fn decode_key(pem: &str, passphrase: &[u8]) -> Result<SoftKey, SealError> {
    let (label, document) = SecretDocument::from_pem(pem).map_err(key_file)?;
    let plain = match label {
        "ENCRYPTED PRIVATE KEY" => {
            let encrypted =
                EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(key_file)?;
            encrypted.decrypt(passphrase).map_err(|_| SealError::Passphrase)?
        }
        "PRIVATE KEY" => document,
        other => return Err(key_file(format!("it holds a {other}"))),
    };
    // A wrong passphrase can decrypt into rubbish: then this is where it shows.
    let info = PrivateKeyInfoRef::from_der(plain.as_bytes()).map_err(|_| SealError::Passphrase)?;
    if info.algorithm.oid != ED25519 {
        return Err(key_file("the key is not Ed25519"));
    }
    let inner = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(key_file)?;
    let secret: [u8; 32] = inner.as_bytes().try_into().map_err(key_file)?;
    Ok(SoftKey::from_secret(&Zeroizing::new(secret)))
}

/// Whether a PEM needs a passphrase.
#[must_use]
pub fn is_encrypted(pem: &str) -> bool {
    pem.contains("BEGIN ENCRYPTED PRIVATE KEY")
}

fn key_file(reason: impl ToString) -> SealError {
    SealError::KeyFile { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::Signer;

    #[test]
    fn round_trip_and_wrong_passphrase() {
        let key = SoftKey::from_secret(&[7; 32]);
        let pem = encode_key(&key, b"secret", Nonces([3; 32])).unwrap();
        assert!(is_encrypted(&pem));
        assert_eq!(decode_key(&pem, b"secret").unwrap().public(), key.public());
        assert_eq!(decode_key(&pem, b"wrong").unwrap_err(), SealError::Passphrase);
        assert_eq!(decode_key("nonsense", b"").unwrap_err().code(), "key_file");
    }
}
