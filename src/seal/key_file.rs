//! Private keys at rest: encrypted PKCS#8 v1 PEM (scrypt, AES-256-CBC), as OpenSSL 3 reads it.
//! Version 1, without the public key inside: OpenSSL refuses version 2 for Ed25519 (RFC 8410,
//! 5958). Not here: files and their mode; salt and IV, which the caller draws.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf, Pbkdf2Prf};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{SealError, SoftKey};
use crate::limits::{KEY_FILE_ITERATIONS_MAX, KEY_FILE_MEMORY_MAX, KEY_FILE_WORK_MAX};

/// id-Ed25519 (RFC 8410 section 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// scrypt cost N = 2^14, r = 8, p = 1: 16 MB, the most OpenSSL 3.0 takes by default is 32 MB. In a
/// build with debug assertions next to nothing: a third of the tests' time went into it, and keys
/// that such a build makes are worth nothing (`keygen` and `init` say so).
const SCRYPT_LOG_N: u8 = if cfg!(debug_assertions) { 6 } else { 14 };
/// What an encrypted key is called in PEM (RFC 7468 section 11).
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
/// How a key file that is not read becomes one that is.
const MEND: &str = "write it anew with `openssl pkey -in OLD | \
     openssl pkcs8 -topk8 -scrypt -out NEW`";

/// Salt and IV of one key file: 32 random bytes, never used twice.
#[derive(Clone, Copy)]
pub struct KeyNonces(pub [u8; 32]);

/// Writes a key as encrypted PKCS#8 PEM.
///
/// # Errors
/// [`SealError::KeyFile`] if the encoder refuses.
pub fn encode_key(
    key: &SoftKey,
    passphrase: &[u8],
    nonces: KeyNonces,
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
    document.to_pem(ENCRYPTED, LineEnding::LF).map_err(key_file)
}

/// What to say of a key file that is not encrypted.
pub const PLAIN_KEY: &str = "this private key is not encrypted: who reads the file has the key. \
     `openssl pkcs8 -topk8 -scrypt -in FILE -out NEW` encrypts it";

/// Reads an encrypted or plain PKCS#8 PEM, in the lax form of RFC 7468: text around it, empty lines
/// and lines of any length do not matter.
///
/// # Errors
/// [`SealError::KeyFile`] or [`SealError::Passphrase`].
pub fn decode_key(pem: &str, passphrase: &[u8]) -> Result<SoftKey, SealError> {
    let (label, der) = in_pem(pem)?;
    let plain = match label {
        ENCRYPTED => {
            let encrypted = EncryptedPrivateKeyInfoRef::from_der(&der)
                .map_err(|error| unsupported(&format!("an algorithm unknown here ({error})")))?;
            within_bounds(&encrypted.encryption_algorithm)?;
            let opened = encrypted.decrypt(passphrase).map_err(|error| match error {
                pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm {
                    oid,
                }) => unsupported(&oid.to_string()),
                _ => SealError::Passphrase,
            });
            Zeroizing::new(opened?.as_bytes().to_vec())
        }
        "PRIVATE KEY" => der,
        other => return Err(key_file(format!("it holds a {other}"))),
    };
    // A wrong passphrase can decrypt into rubbish: then this is where it shows.
    let info = PrivateKeyInfoRef::from_der(&plain).map_err(|_| SealError::Passphrase)?;
    if info.algorithm.oid != ED25519 {
        return Err(key_file(format!(
            "its key is of algorithm {}, not Ed25519",
            info.algorithm.oid
        )));
    }
    let inner = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(key_file)?;
    let secret: [u8; 32] = inner.as_bytes().try_into().map_err(key_file)?;
    Ok(SoftKey::from_secret(&Zeroizing::new(secret)))
}

/// The first private key in a text: its label and bytes. What else is there is named.
fn in_pem(text: &str) -> Result<(&str, Zeroizing<Vec<u8>>), SealError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let Some((label, after)) = after.split_once("-----") else { break };
        let end = format!("-----END {label}-----");
        let Some((body, after)) = after.split_once(end.as_str()) else {
            return Err(key_file(format!("the {} in it has no end", clip(label))));
        };
        if label.ends_with("PRIVATE KEY") {
            let packed: Zeroizing<String> =
                Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
            let der = BASE64_STANDARD.decode(packed.as_bytes());
            let der = der.map_err(|error| key_file(format!("its base64 is broken: {error}")))?;
            return Ok((label, Zeroizing::new(der)));
        }
        found.push(clip(label));
        rest = after;
    }
    Err(key_file(match found.first() {
        Some(label) => format!("it holds a {label} and no private key"),
        None => "it holds no -----BEGIN ENCRYPTED PRIVATE KEY-----".to_owned(),
    }))
}

fn clip(label: &str) -> String {
    label.chars().take(40).collect()
}

/// Looks at what a file asks for before any of it is done: its own parameters say how much memory
/// and time opening it takes.
fn within_bounds(scheme: &EncryptionScheme) -> Result<(), SealError> {
    let EncryptionScheme::Pbes2(parameters) = scheme else {
        return Err(unsupported("PBES1"));
    };
    match &parameters.kdf {
        Kdf::Scrypt(scrypt) => {
            let (n, r) = (scrypt.cost_parameter, u64::from(scrypt.block_size));
            let memory = n.saturating_mul(r).saturating_mul(128);
            let work = n.saturating_mul(r).saturating_mul(u64::from(scrypt.parallelization));
            if memory > KEY_FILE_MEMORY_MAX || work > KEY_FILE_WORK_MAX {
                let asked = format!("scrypt N = {n}, r = {r}, p = {}", scrypt.parallelization);
                return Err(too_costly(&asked));
            }
        }
        Kdf::Pbkdf2(pbkdf2) => {
            if u64::from(pbkdf2.iteration_count) > KEY_FILE_ITERATIONS_MAX {
                return Err(too_costly(&format!("PBKDF2 of {}", pbkdf2.iteration_count)));
            }
            if pbkdf2.prf == Pbkdf2Prf::HmacWithSha1 {
                return Err(unsupported("PBKDF2 with hmacWithSHA1"));
            }
        }
        _ => return Err(unsupported("another key derivation")),
    }
    Ok(())
}

fn too_costly(asked: &str) -> SealError {
    key_file(format!(
        "opening it costs more memory or time than is given to a key file ({asked}): {MEND}"
    ))
}

fn unsupported(what: &str) -> SealError {
    key_file(format!("it is encrypted with {what}, which is not read: {MEND}"))
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
        let pem = encode_key(&key, b"secret", KeyNonces([3; 32])).unwrap();
        assert!(is_encrypted(&pem));
        assert_eq!(decode_key(&pem, b"secret").unwrap().public(), key.public());
        assert_eq!(decode_key(&pem, b"wrong").unwrap_err(), SealError::Passphrase);
        assert_eq!(decode_key("nonsense", b"").unwrap_err().code(), "key_file");
    }

    #[test]
    fn what_stands_around_a_key_does_not_matter_and_what_is_none_is_named() {
        let key = SoftKey::from_secret(&[7; 32]);
        let pem = encode_key(&key, b"secret", KeyNonces([3; 32])).unwrap();
        let spaced = pem.replace('\n', "\r\n\r\n");
        let bag = format!("Bag Attributes\n    friendlyName: x\n{}\n\n", *pem);
        let public = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        for text in [spaced, bag, format!("{public}{}", *pem)] {
            assert_eq!(decode_key(&text, b"secret").unwrap().public(), key.public());
        }
        let cut = pem.get(..pem.len() - 40).unwrap();
        for (text, why) in [
            (public, "holds a PUBLIC KEY and no private key"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
                "OPENSSH",
            ),
            (cut, "has no end"),
            ("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----", "base64"),
        ] {
            let error = decode_key(text, b"").unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    /// A key file whose own parameters are these.
    fn asking(kdf: impl Into<Kdf>) -> String {
        let encryption = pbes2::EncryptionScheme::Aes256Cbc { iv: [0; 16] };
        let scheme = EncryptionScheme::Pbes2(pbes2::Parameters { kdf: kdf.into(), encryption });
        let data = OctetStringRef::new(&[0; 48]).unwrap();
        let info =
            EncryptedPrivateKeyInfoRef { encryption_algorithm: scheme, encrypted_data: data };
        let body = BASE64_STANDARD.encode(info.to_der().unwrap());
        format!("-----BEGIN {ENCRYPTED}-----\n{body}\n-----END {ENCRYPTED}-----\n")
    }

    #[test]
    fn a_file_does_not_say_how_much_it_costs_to_open_it() {
        let scrypt = |cost_parameter, block_size, parallelization| {
            let salt = [0; 8].as_slice().try_into().unwrap();
            asking(pbes2::ScryptParams {
                salt,
                cost_parameter,
                block_size,
                parallelization,
                key_length: None,
            })
        };
        for (n, r, p) in [
            (1 << 18, 8, 1),
            (1 << 26, 8, 1),
            (1 << 40, 8, 1),
            (1 << 14, 512, 1),
            (1 << 14, 8, 999),
        ] {
            let error = decode_key(&scrypt(n, r, p), b"x").unwrap_err().to_string();
            assert!(error.contains("costs more memory or time"), "{error}");
            assert!(error.contains(&format!("N = {n}")) && error.contains("openssl"), "{error}");
        }
        assert_eq!(decode_key(&scrypt(1 << 10, 8, 1), b"x").unwrap_err(), SealError::Passphrase);
        let mut pbkdf2 = pbes2::Pbkdf2Params::hmac_sha256(99_000_000, &[0; 8]).unwrap();
        let error = decode_key(&asking(pbkdf2), b"x").unwrap_err().to_string();
        assert!(error.contains("PBKDF2 of 99000000"), "{error}");
        (pbkdf2.iteration_count, pbkdf2.prf) = (1_000, Pbkdf2Prf::HmacWithSha1);
        let error = decode_key(&asking(pbkdf2), b"x").unwrap_err().to_string();
        assert!(error.contains("hmacWithSHA1") && error.contains("openssl"), "{error}");
    }
}
