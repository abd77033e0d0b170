//! The envelope of every statement: a W3C Verifiable Credential 2.0 with one embedded
//! `DataIntegrityProof`, read under the strict ingestion profile (docs/FORMAT.md).
//! Not here: whether the signature verifies ([`crate::seal`]); what each type claims (its own
//! file).

use std::borrow::Cow;
use std::ops::Deref;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::canonical::{canonical_bytes, parse_strict};
use super::content_id::content_id;
use super::domain::{CONTEXT_UNTP, CONTEXT_VC};
use super::tape::{Node, Tape};
use super::text::text_fault;
use super::{Claim, Domain, StatementError, TextFault, Timestamp};
use crate::names::PartySlug;

/// A credential signed with one embedded proof, which passed the strict profile. Its signature is
/// not yet verified.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The canonical bytes, proof included: what is logged.
    pub bytes: Vec<u8>,
    /// What the proof signs: SHA-256 of the proof options, then [`Credential::digest`]
    /// (eddsa-jcs-2022).
    pub signed_bytes: [u8; 64],
    /// The proof.
    pub proof: Proof,
    /// What is said.
    pub credential: Credential,
}

impl Deref for Statement {
    type Target = Credential;

    fn deref(&self) -> &Credential {
        &self.credential
    }
}

/// What somebody says, by the strict profile, without the proof that it was said.
#[derive(Clone, Debug)]
pub struct Credential {
    /// SHA-256 of the canonical bytes without proof: equal for the same statement sent twice.
    pub digest: [u8; 32],
    /// Its `id`.
    pub id: String,
    /// Who says it.
    pub issuer: PartySlug,
    /// The issuer's name as the statement gives it.
    pub issuer_name: String,
    /// The title.
    pub name: String,
    /// First instant of validity.
    pub valid_from: Timestamp,
    /// Last instant of validity, if it ends.
    pub valid_until: Option<Timestamp>,
    /// What is claimed.
    pub claim: Claim,
    /// The id it must have from edition 1 on, made from its content; None where the id is fixed
    /// ([`Claim::has_content_id`]).
    pub content_id: Option<String>,
    /// The first fault of its texts, which editions from 1 on refuse.
    pub text_fault: Option<TextFault>,
}

/// The one `DataIntegrityProof` (W3C VC Data Integrity 1.0; eddsa-jcs-2022).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// When the signer says it signed. Never used to judge a key: the log time is.
    pub created: Timestamp,
    /// The key: the issuer's DID, `#`, and a fragment.
    pub verification_method: String,
    /// The Ed25519 signature.
    pub signature: [u8; 64],
}

/// A JSON object parted from its one embedded proof.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The object without `proof`.
    pub document: Map<String, Value>,
    /// The proof.
    pub proof: Proof,
    /// What the proof signs (eddsa-jcs-2022): two SHA-256 hashes.
    pub signed_bytes: [u8; 64],
    /// SHA-256 of the canonical document.
    pub digest: [u8; 32],
}

impl Signed {
    /// Parts a value from [`parse_strict`] or [`super::parse_document`] and its proof.
    ///
    /// # Errors
    /// A proof that breaks the strict profile.
    pub fn split(value: Value) -> Result<Self, StatementError> {
        let Value::Object(mut document) = value else {
            return Err(shape("statement", "must be a JSON object"));
        };
        let proof = document.remove("proof").ok_or_else(|| proof_shape("it is missing"))?;
        let (proof, options_digest) = read_proof(proof, &document)?;
        let document = Value::Object(document);
        let digest: [u8; 32] = Sha256::digest(canonical_bytes(&document)).into();
        let mut signed_bytes = [0; 64];
        signed_bytes[..32].copy_from_slice(&options_digest);
        signed_bytes[32..].copy_from_slice(&digest);
        let Value::Object(document) = document else {
            return Err(shape("statement", "must be a JSON object"));
        };
        Ok(Self { document, proof, signed_bytes, digest })
    }
}

/// The members of a statement that all types share, as read.
pub(super) struct Envelope<'a> {
    pub domain: &'a Domain,
    pub id: &'a str,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub document: Node<'a>,
}

impl Statement {
    /// Reads received bytes under the strict profile.
    ///
    /// # Errors
    /// The first rule broken, each with its own code.
    pub fn parse(bytes: &[u8], domain: &Domain) -> Result<Self, StatementError> {
        let tape = tape_of(bytes)?;
        let document = object_of(&tape)?;
        let node = document.get("proof").ok_or_else(|| proof_shape("it is missing"))?;
        let (proof, options_digest) = proof_of(node, document)?;
        let method = Some(proof.verification_method.as_str());
        let credential = Credential::read(&tape, document, Some(node), method, domain)?;
        let mut signed_bytes = [0; 64];
        signed_bytes[..32].copy_from_slice(&options_digest);
        signed_bytes[32..].copy_from_slice(&credential.digest);
        Ok(Self { bytes: bytes.to_vec(), signed_bytes, proof, credential })
    }
}

impl Credential {
    /// Reads the canonical bytes of a credential that bears no proof: one that is to be signed, or
    /// whose signature stands beside it. `method` names the key that did, where it is known.
    ///
    /// # Errors
    /// As [`Statement::parse`]; a proof.
    pub fn parse(
        bytes: &[u8],
        method: Option<&str>,
        domain: &Domain,
    ) -> Result<Self, StatementError> {
        let tape = tape_of(bytes)?;
        let document = object_of(&tape)?;
        match document.get("proof") {
            Some(_) => Err(proof_shape("it stands where none is expected")),
            None => Self::read(&tape, document, None, method, domain),
        }
    }

    fn read(
        tape: &Tape<'_>,
        document: Node<'_>,
        proof: Option<Node<'_>>,
        method: Option<&str>,
        domain: &Domain,
    ) -> Result<Self, StatementError> {
        let digest = digest_of(&document.without([proof, None]));
        let head: Head = Head::deserialize(document).map_err(|e| shape("statement", e))?;
        let issuer = domain.party_of(&head.issuer.id).ok_or_else(|| {
            inconsistent("issuer.id", format!("{} is no party of this ledger", head.issuer.id))
        })?;
        let fragment = |method: &str| {
            let rest = method.strip_prefix(&head.issuer.id)?.strip_prefix('#')?;
            (!rest.is_empty()).then_some(())
        };
        if method.is_some_and(|method| fragment(method).is_none()) {
            return Err(StatementError::VerificationMethod);
        }
        let envelope = Envelope {
            domain,
            id: &head.id,
            valid_from: head.valid_from,
            valid_until: head.valid_until,
            document,
        };
        let claim = Claim::read(&envelope)?;
        let content_id = claim.has_content_id().then(|| {
            let id = document.get("id");
            let parts = document.without([id, proof]);
            content_id(domain, &parts)
        });
        Ok(Self {
            content_id,
            text_fault: tape.texts().find_map(text_fault),
            claim,
            digest,
            id: head.id,
            issuer_name: head.issuer.name,
            name: head.name,
            valid_from: head.valid_from,
            valid_until: head.valid_until,
            issuer,
        })
    }
}

impl Statement {
    /// The canonical bytes without proof: what [`Credential::digest`] is of.
    #[must_use]
    pub fn document_bytes(&self) -> Vec<u8> {
        let tape = Tape::parse(&self.bytes);
        let top = tape.as_ref().and_then(Tape::top);
        let parts = top.map(|top| top.without([top.get("proof"), None]));
        // `parse` found an object with a proof in these very bytes.
        parts.map(|parts| parts.concat()).unwrap_or_default()
    }
}

fn tape_of(bytes: &[u8]) -> Result<Tape<'_>, StatementError> {
    Tape::parse(bytes).ok_or_else(|| not_canonical(bytes))
}

fn object_of<'a>(tape: &'a Tape<'_>) -> Result<Node<'a>, StatementError> {
    let document = tape.top().filter(|top| top.is_object());
    document.ok_or_else(|| shape("statement", "must be a JSON object"))
}

/// A list that came with a later edition: where it stands, it holds something. An empty one says
/// nothing, and readers made before it know no such member.
pub(super) fn filled<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(value)?;
    if list.is_empty() { Err(D::Error::custom("an empty list is left out")) } else { Ok(list) }
}

/// The same of a member that may be missing and is never null.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// The same of a flag: true, or left out.
pub(super) fn only_true<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    let flag = bool::deserialize(value)?;
    if flag { Ok(true) } else { Err(D::Error::custom("false is left out")) }
}

impl Envelope<'_> {
    /// The value of `credentialSubject`, as the type `T` reads it.
    pub fn subject<'de, T: Deserialize<'de>>(&'de self) -> Result<T, StatementError> {
        let subject = self
            .document
            .get("credentialSubject")
            .ok_or_else(|| shape("credentialSubject", "it is missing"))?;
        T::deserialize(subject).map_err(|error| shape("credentialSubject", error))
    }

    /// The statement types, without `VerifiableCredential`.
    pub fn types(&self) -> Result<Vec<&str>, StatementError> {
        let listed = self.document.get("type").filter(|node| node.is_list());
        let words: Option<Vec<&str>> =
            listed.and_then(|list| list.items().map(Node::text).collect());
        let words = words.ok_or_else(|| shape("type", "must be a list of words"))?;
        if words.iter().filter(|word| **word == "VerifiableCredential").count() != 1 {
            return Err(shape("type", "must contain VerifiableCredential once"));
        }
        Ok(words.into_iter().filter(|word| *word != "VerifiableCredential").collect())
    }

    /// Checks `@context` against the one its type must have.
    pub fn require_context(&self, expected: &[&str]) -> Result<(), StatementError> {
        let found = self.document.get("@context").filter(|node| node.is_list());
        if found
            .is_some_and(|list| list.items().map(Node::text).eq(expected.iter().copied().map(Some)))
        {
            Ok(())
        } else {
            Err(StatementError::Context { expected: json!(expected).to_string() })
        }
    }

    /// For types of our own: no member beyond the envelope's.
    pub fn require_only_envelope(&self) -> Result<(), StatementError> {
        const KNOWN: [&str; 9] = [
            "@context",
            "credentialSubject",
            "id",
            "issuer",
            "name",
            "proof",
            "type",
            "validFrom",
            "validUntil",
        ];
        let mut members = self.document.items().map(|member| &member.cell.key);
        match members.find(|key| !KNOWN.contains(&key.as_ref())) {
            Some(key) => Err(shape("statement", format!("unknown member {key:?}"))),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    id: String,
    issuer: Issuer,
    name: String,
    valid_from: Timestamp,
    valid_until: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Issuer {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProofMembers<'a> {
    #[serde(rename = "@context")]
    _context: IgnoredAny,
    created: Timestamp,
    #[serde(borrow)]
    cryptosuite: Cow<'a, str>,
    #[serde(borrow)]
    proof_purpose: Cow<'a, str>,
    #[serde(rename = "proofValue")]
    _proof_value: Option<IgnoredAny>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    verification_method: String,
}

impl ProofMembers<'_> {
    /// The proof, if each word is the one that must stand there.
    fn read(self, signature: [u8; 64]) -> Result<Proof, StatementError> {
        let fixed = [
            (&*self.kind, "DataIntegrityProof"),
            (&*self.cryptosuite, "eddsa-jcs-2022"),
            (&*self.proof_purpose, "assertionMethod"),
        ];
        let wrong = fixed.into_iter().find(|(found, expected)| found != expected);
        if let Some((found, expected)) = wrong {
            return Err(proof_shape(format!("{found:?} stands where {expected:?} must")));
        }
        let Self { created, verification_method, .. } = self;
        Ok(Proof { created, verification_method, signature })
    }
}

/// Reads the proof and hashes its options (all members but `proofValue`) where they stand.
fn proof_of(proof: Node<'_>, document: Node<'_>) -> Result<(Proof, [u8; 32]), StatementError> {
    if !proof.is_object() {
        return Err(proof_shape("it must be one object"));
    }
    let value = proof.get("proofValue").ok_or_else(|| proof_shape("proofValue is missing"))?;
    let signature = value.text().and_then(parse_proof_value).ok_or(StatementError::ProofValue)?;
    let members = ProofMembers::deserialize(proof).map_err(proof_shape)?;
    if proof.get("@context").map(Node::bytes) != document.get("@context").map(Node::bytes) {
        return Err(StatementError::ProofContext);
    }
    Ok((members.read(signature)?, digest_of(&proof.without([Some(value), None]))))
}

/// The same for a document that was read as a value.
fn read_proof(
    proof: Value,
    document: &Map<String, Value>,
) -> Result<(Proof, [u8; 32]), StatementError> {
    let Value::Object(mut proof) = proof else {
        return Err(proof_shape("it must be one object"));
    };
    let value = proof.remove("proofValue").ok_or_else(|| proof_shape("proofValue is missing"))?;
    let signature = value.as_str().and_then(parse_proof_value).ok_or(StatementError::ProofValue)?;
    let members = ProofMembers::deserialize(&proof).map_err(proof_shape)?;
    if proof.get("@context") != document.get("@context") {
        return Err(StatementError::ProofContext);
    }
    let read = members.read(signature)?;
    Ok((read, Sha256::digest(canonical_bytes(&Value::Object(proof))).into()))
}

/// SHA-256 of an object in parts.
fn digest_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// The rule that bytes break which are not their own canonical form.
fn not_canonical(bytes: &[u8]) -> StatementError {
    match parse_strict(bytes) {
        Err(fault) => fault,
        Ok(value) => {
            let canonical = canonical_bytes(&value);
            let at = canonical.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            StatementError::NotCanonical { at }
        }
    }
}

/// Decodes `z` + base58btc of 64 bytes. Base58 has one spelling for bytes of a given length (a
/// leading
/// `1` is a leading zero byte), so exactly 64 bytes is all there is to check.
pub(super) fn parse_proof_value(text: &str) -> Option<[u8; 64]> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 90)?;
    bs58::decode(digits).into_vec().ok()?.try_into().ok()
}

/// A signature as it stands in statements: `z` and its base58btc.
pub(super) fn proof_value(signature: &[u8; 64]) -> String {
    format!("z{}", bs58::encode(signature).into_string())
}

/// The `@context` of UNTP types: W3C, UNTP, ours.
#[must_use]
pub fn untp_context(domain: &Domain) -> Value {
    json!([CONTEXT_VC, CONTEXT_UNTP, domain.context()])
}

/// The `@context` of our own types: W3C, ours.
#[must_use]
pub fn own_context(domain: &Domain) -> Value {
    json!([CONTEXT_VC, domain.context()])
}

pub(super) fn shape(at: &'static str, reason: impl ToString) -> StatementError {
    StatementError::Shape { at, reason: reason.to_string() }
}

pub(super) fn inconsistent(at: &'static str, reason: impl ToString) -> StatementError {
    StatementError::Inconsistent { at, reason: reason.to_string() }
}

fn proof_shape(reason: impl ToString) -> StatementError {
    StatementError::ProofShape { reason: reason.to_string() }
}
