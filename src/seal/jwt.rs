//! vc+jwt: a certificate signed once more, as JSON Web Signature (W3C VC-JOSE-COSE 1.0; RFC 7515),
//! which stays beside its log entry as a sidecar, detached: the statement is its payload. Also the
//! form in which both are submitted. Not here: where sidecars are kept.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::did::jwk_method;
use super::proof::verifies_strictly;
use super::{SealError, Signer, seal};
use crate::limits::{JWT_BYTES_MAX, SIDECAR_BYTES_MAX};
use crate::statement::{
    Claim, Credential, Domain, JWK_SUFFIX, Statement, StatementError, Timestamp, canonical_bytes,
    parse_strict,
};

/// Signs an unsigned credential as vc+jwt, detached: `protected..signature` in base64url.
///
/// # Errors
/// [`SealError::Unsignable`] for anything but an object without proof; what the device says.
pub fn sign_jwt(
    unsigned: &Value,
    verification_method: &str,
    signer: &dyn Signer,
) -> Result<String, SealError> {
    let unsignable = |reason: &str| SealError::Unsignable { reason: reason.to_owned() };
    let document = unsigned.as_object().ok_or_else(|| unsignable("it is no JSON object"))?;
    if document.contains_key("proof") {
        return Err(unsignable("it has a proof already"));
    }
    let protected = protected(verification_method);
    let input = signing_input(&protected, &canonical_bytes(unsigned));
    let signature = BASE64URL.encode(signer.sign(input.as_bytes())?);
    Ok(format!("{protected}..{signature}"))
}

/// Verifies the sidecar of a statement under one key, strictly: the header is exactly the one that
/// [`sign_jwt`] writes for the key that the statement's proof names, and base64url has one
/// spelling.
///
/// # Errors
/// [`SealError::Jwt`].
pub fn verify_jwt(
    statement: &Statement,
    detached: &str,
    key: &VerifyingKey,
) -> Result<(), SealError> {
    let method = &statement.proof.verification_method;
    verify_detached(detached, &statement.document_bytes(), method, key)
}

fn verify_detached(
    detached: &str,
    payload: &[u8],
    method: &str,
    key: &VerifyingKey,
) -> Result<(), SealError> {
    if detached.len() > SIDECAR_BYTES_MAX {
        return Err(fault(format!("it has more than {SIDECAR_BYTES_MAX} bytes")));
    }
    let (found, signature) =
        detached.split_once("..").ok_or_else(|| fault("it must be protected..signature"))?;
    if found != protected(method) {
        let header = header(method);
        return Err(fault(format!("its header must be {}", String::from_utf8_lossy(&header))));
    }
    let signature: Option<[u8; 64]> =
        BASE64URL.decode(signature).ok().and_then(|bytes| bytes.try_into().ok());
    let signature = signature.ok_or_else(|| fault("its signature is not 64 bytes in base64url"))?;
    let input = signing_input(found, payload);
    if verifies_strictly(key, input.as_bytes(), &Signature::from_bytes(&signature)) {
        return Ok(());
    }
    Err(fault(format!("its signature does not verify under {method}")))
}

/// The whole JWS: the detached one with the statement without proof as its payload.
///
/// # Errors
/// [`SealError::Jwt`] for what is not detached.
pub fn attach(statement: &Statement, detached: &str) -> Result<String, SealError> {
    let (protected, signature) =
        detached.split_once("..").ok_or_else(|| fault("it must be protected..signature"))?;
    let payload = BASE64URL.encode(statement.document_bytes());
    Ok(format!("{protected}.{payload}.{signature}"))
}

/// A whole vc+jwt, read but not verified.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// What it says; the digest is that of the statement in the log.
    pub credential: Credential,
    /// The key that it names.
    pub verification_method: String,
    /// The credential's canonical bytes.
    pub payload: Vec<u8>,
    detached: String,
}

impl Jwt {
    /// Reads a whole JWS; the payload must pass the strict profile of statements.
    ///
    /// # Errors
    /// [`SealError::Jwt`], [`SealError::JwtDamaged`].
    pub fn parse(jws: &str, domain: &Domain) -> Result<Self, SealError> {
        if jws.len() > JWT_BYTES_MAX {
            return Err(fault(format!("it has more than {JWT_BYTES_MAX} bytes")));
        }
        let parts: Vec<&str> = jws.split('.').collect();
        let [protected, payload, signature] = parts.as_slice() else {
            return Err(fault("it must be three parts joined by dots"));
        };
        let decoded = |part: &str, name: &str| {
            BASE64URL.decode(part).map_err(|error| damaged(format!("its {name}: {error}")))
        };
        let header = decoded(protected, "header")?;
        let header: Header = serde_json::from_slice(&header).map_err(|error| {
            let reason = format!("its header: {error}");
            if error.is_data() { fault(reason) } else { damaged(reason) }
        })?;
        if decoded(signature, "signature")?.len() != 64 {
            return Err(damaged("its signature is not 64 bytes"));
        }
        let method = header.kid.strip_suffix(JWK_SUFFIX);
        let method = method.ok_or_else(|| fault(format!("its kid must end in {JWK_SUFFIX}")))?;
        let payload = decoded(payload, "payload")?;
        let malformed = |error: StatementError| {
            let reason = format!("its payload: {error}");
            if error.is_unreadable() { damaged(reason) } else { fault(reason) }
        };
        let document = parse_strict(&payload).map_err(malformed)?;
        if canonical_bytes(&document) != payload {
            return Err(fault("its payload is no canonical JSON (RFC 8785)"));
        }
        let Value::Object(document) = document else {
            return Err(fault("its payload is no JSON object"));
        };
        if document.contains_key("proof") {
            return Err(fault("its payload has a proof: a vc+jwt's has none"));
        }
        let credential = Credential::parse(&payload, Some(method), domain).map_err(malformed)?;
        let verification_method = method.to_owned();
        let detached = format!("{protected}..{signature}");
        Ok(Self { credential, verification_method, payload, detached })
    }

    /// Verifies it under one key: see `verify_jwt`.
    ///
    /// # Errors
    /// [`SealError::Jwt`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        verify_detached(&self.detached, &self.payload, &self.verification_method, key)
    }
}

/// Whether a text looks like a whole JWS: three parts in base64url, the first an object's
/// beginning. One whose signature was taken off looks like it too, and does not verify.
#[must_use]
pub fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let word = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match parts.as_slice() {
        [header, payload, signature] => {
            header.starts_with("ey")
                && !payload.is_empty()
                && [header, payload, signature].into_iter().all(|p| word(p))
        }
        _ => false,
    }
}

/// Signs an unsigned credential for submission: a certificate with its sidecar, by the same key in
/// the same go; any other statement alone.
///
/// # Errors
/// As [`seal`] and [`sign_jwt`].
pub fn seal_for_submission(
    unsigned: &Value,
    verification_method: &str,
    created: Timestamp,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SealError> {
    let sealed = seal(unsigned, verification_method, created, signer)?;
    let types = unsigned.get("type").and_then(Value::as_array);
    if !types.is_some_and(|types| types.iter().any(|kind| kind == "DigitalConformityCredential")) {
        return Ok(sealed);
    }
    Ok(wrap(&sealed, &sign_jwt(unsigned, verification_method, signer)?))
}

/// The form of submission of a statement with its sidecar.
#[must_use]
pub fn wrap(statement: &[u8], detached: &str) -> Vec<u8> {
    let jwt = canonical_bytes(&json!(detached));
    [br#"{"statement":"#, statement, br#","jwt":"#, &jwt, b"}"].concat()
}

/// Verifies what came beside a statement: only a certificate has a sidecar.
///
/// # Errors
/// [`SealError::Jwt`].
pub fn verify_sidecar(
    statement: &Statement,
    detached: &str,
    key: &VerifyingKey,
) -> Result<(), SealError> {
    match statement.claim {
        Claim::Certificate(_) | Claim::OperatorCertificate(_) => {
            verify_jwt(statement, detached, key)
        }
        _ => Err(fault(format!("a {} takes none: leave it out", statement.claim.kind()))),
    }
}

/// The protected header; members in the order of JCS.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    cty: String,
    kid: String,
    typ: String,
}

fn header(verification_method: &str) -> Vec<u8> {
    let kid = jwk_method(verification_method);
    canonical_bytes(&json!({ "alg": "EdDSA", "cty": "vc", "kid": kid, "typ": "vc+jwt" }))
}

fn protected(verification_method: &str) -> String {
    BASE64URL.encode(header(verification_method))
}

fn signing_input(protected: &str, payload: &[u8]) -> String {
    format!("{protected}.{}", BASE64URL.encode(payload))
}

fn fault(reason: impl Into<String>) -> SealError {
    SealError::Jwt { reason: reason.into() }
}

fn damaged(reason: impl Into<String>) -> SealError {
    SealError::JwtDamaged { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{PartySlug, Word};
    use crate::seal::parted;
    use crate::seal::{SoftKey, public_key};
    use crate::statement::{CertificateClaim, CertificateFacts, CustodyModel, Day, Draft};

    const STATEMENT: &[u8] = br#"{"@context":[]}"#;

    /// An unsigned certificate, the name of its key and a key for it.
    fn signed() -> (Value, String, SoftKey, Domain) {
        let domain = Domain::parse("ledger.example").unwrap();
        let issuer = PartySlug::parse("certif-fictif").unwrap();
        let (day, at) = (Day::parse("2026-05-25").unwrap(), Timestamp::from_seconds(1_780_000_000));
        let claim = CertificateClaim {
            serial: 7,
            client: PartySlug::parse("coop-fictive").unwrap(),
            client_name: "Coopérative fictive".into(),
            scheme: "sdoq-ig".into(),
            scheme_name: "sdoq-ig".into(),
            lot: "coop-fictive/L1".parse().unwrap(),
            accreditation: Word::new(&domain.url("statements/accreditation")),
            valid_from: at,
            valid_until: at.plus_seconds(86_400),
            assessed_on: day,
            facts: CertificateFacts {
                product: "argane".into(),
                hs_code: "151590".into(),
                quantity: 1_000,
                unit: "MLT".into(),
                decision_date: day,
                scheme_edition: "2024".into(),
                custody_model: CustodyModel::Segregated,
                laboratory_reports: vec![],
                not_covered: vec![],
                supersedes: None,
                operator_certificate: None,
            },
        };
        let unsigned = claim.draft(&Draft {
            domain: &domain,
            id: String::new(),
            issuer: &issuer,
            issuer_name: "Certificateur fictif",
            valid_from: at,
            valid_until: None,
        });
        let method = format!("{}#key-1", domain.did(&issuer));
        (unsigned, method, SoftKey::from_secret(&[7; 32]), domain)
    }

    fn key(signer: &SoftKey) -> VerifyingKey {
        public_key(&signer.public()).unwrap()
    }

    fn refused(result: Result<(), SealError>, words: &str) {
        let error = result.unwrap_err();
        assert_eq!(error.code(), "sidecar_invalid");
        assert!(error.to_string().contains(words), "{error}");
    }

    #[test]
    fn signed_attached_and_read_back() {
        let (unsigned, method, signer, domain) = signed();
        let at = Timestamp::from_seconds(1_800_000_000);
        let submitted = seal_for_submission(&unsigned, &method, at, &signer).unwrap();
        let (bytes, sidecar) = parted(&submitted).unwrap();
        assert_eq!(bytes, seal(&unsigned, &method, at, &signer).unwrap());
        let (statement, sidecar) = (Statement::parse(bytes, &domain).unwrap(), sidecar.unwrap());
        verify_sidecar(&statement, &sidecar, &key(&signer)).unwrap();
        assert_eq!(statement.document_bytes(), canonical_bytes(&unsigned));

        let whole = attach(&statement, &sidecar).unwrap();
        assert!(is_jwt(&whole) && !is_jwt(&sidecar));
        let parts: Vec<Vec<u8>> =
            whole.split('.').map(|part| BASE64URL.decode(part).unwrap()).collect();
        let header = format!(r#"{{"alg":"EdDSA","cty":"vc","kid":"{method}-jwk","typ":"vc+jwt"}}"#);
        assert_eq!(parts[0], header.as_bytes());
        assert_eq!(parts[1], canonical_bytes(&unsigned));
        let read = Jwt::parse(&whole, &domain).unwrap();
        read.verify(&key(&signer)).unwrap();
        assert_eq!(read.credential.digest, statement.digest);
        assert_eq!(read.payload, statement.document_bytes());
        refused(read.verify(&key(&SoftKey::from_secret(&[8; 32]))), "does not verify");
    }

    #[test]
    fn strict() {
        let (unsigned, method, signer, domain) = signed();
        let at = Timestamp::from_seconds(1_800_000_000);
        let bytes = seal(&unsigned, &method, at, &signer).unwrap();
        let statement = Statement::parse(&bytes, &domain).unwrap();
        let good = sign_jwt(&unsigned, &method, &signer).unwrap();
        let verify = |jwt: &str| verify_jwt(&statement, jwt, &key(&signer));
        verify(&good).unwrap();
        let (protected, signature) = good.split_once("..").unwrap();
        let with_header = |header: &str| {
            let protected = BASE64URL.encode(header);
            let input = signing_input(&protected, &statement.document_bytes());
            let signature = BASE64URL.encode(signer.sign(input.as_bytes()).unwrap());
            format!("{protected}..{signature}")
        };
        let exact = format!(r#"{{"alg":"EdDSA","cty":"vc","kid":"{method}-jwk","typ":"vc+jwt"}}"#);
        assert_eq!(with_header(&exact), good);
        for header in [
            exact.replace("EdDSA", "none"),
            exact.replace("\"vc\"", "\"JWT\""),
            exact.replace("#key-1", "#key-2"),
            exact.replace(',', ", "),
            exact.replace('}', r#","crit":[]}"#),
        ] {
            refused(verify(&with_header(&header)), "header");
        }
        for signature in [
            format!("{signature}=="),
            signature[..85].to_owned(),
            format!("{}{}", &signature[..85], if signature.ends_with('A') { 'B' } else { '_' }),
            String::new(),
        ] {
            refused(verify(&format!("{protected}..{signature}")), "signature");
        }
        refused(verify(&good.replace("..", ".")), "protected..signature");
        refused(verify(&format!("{good}{}", "A".repeat(SIDECAR_BYTES_MAX))), "bytes");
        let mut changed = unsigned.clone();
        changed["name"] = json!("Another name");
        refused(verify(&sign_jwt(&changed, &method, &signer).unwrap()), "does not verify");

        let whole = |document: &str| {
            let payload = BASE64URL.encode(document);
            Jwt::parse(&format!("{protected}.{payload}.{signature}"), &domain).map(|_| ())
        };
        whole(&unsigned.to_string()).unwrap();
        refused(whole(&format!("{unsigned} ")), "canonical");
        refused(whole(std::str::from_utf8(&bytes).unwrap()), "has a proof");
        refused(whole("[]"), "no JSON object");
        refused(whole("{}"), "payload");
        refused(Jwt::parse(&good.replace("..", "."), &domain).map(|_| ()), "three parts");
    }

    #[test]
    fn wrappers() {
        assert_eq!(parted(STATEMENT).unwrap(), (STATEMENT, None));
        assert_eq!(parted(b"no JSON").unwrap(), (&b"no JSON"[..], None));
        let wrapped = wrap(STATEMENT, "a..b");
        assert_eq!(parted(&wrapped).unwrap(), (STATEMENT, Some("a..b".to_owned())));
        let other_way = br#" { "jwt": "a..b", "statement": {"@context":[]} }"#;
        assert_eq!(parted(other_way).unwrap(), (STATEMENT, Some("a..b".to_owned())));
        assert_eq!(parted(br#"{"statement":{"@context":[]}}"#).unwrap(), (STATEMENT, None));
        for bad in [
            &br#"{"statement":{},"jwt":"a..b","more":1}"#[..],
            br#"{"statement":{},"statement":{}}"#,
            br#"{"jwt":"a..b"}"#,
            br#"{"statement":{},"jwt":7}"#,
            br#"{"statement":{},"jwt":"a..b"} x"#,
            br#"{"statement":{}"#,
        ] {
            assert_eq!(parted(bad).unwrap_err().code(), "submission_form");
        }
    }
}
