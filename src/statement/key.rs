//! Changes of keys: added, retired, compromised. The history of these statements is what decides
//! whether a signature counted when it was logged. Own type `KeyChange`; public keys as Multikey.
//! Not here: private keys, signing (`seal`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{IntoStaticStr, VariantNames};

use super::canonical::canonical_bytes;
use super::draft::Draft;
use super::envelope::{
    Envelope, filled, given, inconsistent, own_context, parse_proof_value, proof_value,
};
use super::{Domain, StatementError, Timestamp};
use crate::names::PartySlug;

/// One change of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// Whose key.
    pub party: PartySlug,
    /// The key's name: the party's DID, `#`, a fragment.
    pub verification_method: String,
    /// What happens to it.
    pub event: KeyEvent,
}

/// What happens to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyEvent {
    /// It may be used from now on.
    Added(NewKey),
    /// It may no longer be used; what it signed stays good.
    Retired,
    /// It was in foreign hands since `since`; known at `known_at`.
    Compromised {
        /// First instant at which it may have been misused.
        since: Timestamp,
        /// When this became known.
        known_at: Timestamp,
    },
}

/// A key that is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Ed25519 public key.
    pub public: [u8; 32],
    /// The one thing it may sign.
    pub purpose: KeyPurpose,
    /// Who holds the private half.
    pub custody: Custody,
    /// For label keys: the schemes it may put on a label; empty means all of its certifier's.
    pub schemes: Vec<String>,
    /// No use after this instant.
    pub not_after: Option<Timestamp>,
    /// For a certifier's label keys: the parties whose lots it labels; empty means all of its
    /// owner's.
    pub parties: Vec<PartySlug>,
    /// A key in force of the same party that agrees.
    pub cosigner: Option<Cosigner>,
}

/// A second signature under the addition of a key, by a key that the party has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigner {
    /// The key that signs it.
    pub verification_method: String,
    /// Ed25519 over [`KeyChange::cosigned_bytes`].
    pub signature: [u8; 64],
}

/// The one signature type a key serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum KeyPurpose {
    /// The root: registers the registrar, and little else.
    Root,
    /// Statements.
    Assertion,
    /// The service's own statements: status lists and label issues, nothing else.
    Service,
    /// QR codes.
    Label,
    /// Checkpoints of the log.
    Log,
    /// Receipts (RFC 9942), nothing else.
    Receipt,
}

/// What the name of a key ends with where DID documents list it as JsonWebKey; no key's own name
/// does.
pub const JWK_SUFFIX: &str = "-jwk";

/// Who holds a private key. Part of the record and of every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum Custody {
    /// The party itself: key file, token, browser.
    #[serde(rename = "self")]
    #[strum(serialize = "self")]
    Own,
    /// The service, encrypted.
    Operator,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    key_change: String,
    verification_method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key_multibase: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<KeyPurpose>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custody: Option<Custody>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    schemes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Timestamp>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    parties: Vec<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    cosigner: Option<CosignerMembers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CosignerMembers {
    verification_method: String,
    signature: String,
}

/// What a co-signature is over begins with this, so that it can be no other kind of signature.
const COSIGN_LABEL: &[u8] = b"tasdiq-cosign-v1\0";

/// Whether a text names a key of the party with this DID: the DID, `#`, a name. One that ends in
/// [`JWK_SUFFIX`] names the form of another key.
pub(super) fn names_key_of(did: &str, method: &str) -> bool {
    let name = method.strip_prefix(did).and_then(|rest| rest.strip_prefix('#'));
    name.is_some_and(|name| !name.is_empty() && !name.ends_with(JWK_SUFFIX))
}

impl KeyChange {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let party = envelope.domain.party_of(&members.id).ok_or_else(|| {
            inconsistent("credentialSubject.id", format!("{} is no party here", members.id))
        })?;
        if !names_key_of(&members.id, &members.verification_method) {
            let reason = "must be the party's id, '#', a name that does not end in -jwk";
            return Err(inconsistent("verificationMethod", reason));
        }
        let verification_method = members.verification_method.clone();
        let event = read_event(members, envelope.domain)?;
        if let KeyEvent::Added(NewKey { cosigner: Some(cosigner), .. }) = &event
            && !names_key_of(&envelope.domain.did(&party), &cosigner.verification_method)
        {
            return Err(inconsistent("cosigner", "must be a key of the same party"));
        }
        Ok(Self { party, verification_method, event })
    }

    /// What a co-signer of an added key signs: a label and the canonical bytes (RFC 8785) of
    /// `credentialSubject` without `cosigner`. Longer than the 64 bytes that a proof signs.
    #[must_use]
    pub fn cosigned_bytes(&self, domain: &Domain) -> Vec<u8> {
        let (_, members) = self.members(domain);
        let members = Members { cosigner: None, ..members };
        [COSIGN_LABEL, &canonical_bytes(&json!(members))].concat()
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let (word, members) = self.members(draft.domain);
        let name = format!("{word}: {}", self.verification_method);
        draft.credential("KeyChange", own_context(draft.domain), &name, json!(members))
    }

    fn members(&self, domain: &Domain) -> (&'static str, Members) {
        let mut members = Members {
            id: domain.did(&self.party),
            key_change: String::new(),
            verification_method: self.verification_method.clone(),
            public_key_multibase: None,
            purpose: None,
            custody: None,
            schemes: Vec::new(),
            not_after: None,
            parties: Vec::new(),
            cosigner: None,
            since: None,
            known_at: None,
        };
        let word = match &self.event {
            KeyEvent::Added(key) => {
                members.public_key_multibase = Some(multikey(&key.public));
                members.purpose = Some(key.purpose);
                members.custody = Some(key.custody);
                members.schemes.clone_from(&key.schemes);
                members.not_after = key.not_after;
                members.parties = key.parties.iter().map(|party| domain.did(party)).collect();
                members.cosigner = key.cosigner.as_ref().map(CosignerMembers::of);
                "key-added"
            }
            KeyEvent::Retired => "key-retired",
            KeyEvent::Compromised { since, known_at } => {
                members.since = Some(*since);
                members.known_at = Some(*known_at);
                "key-compromised"
            }
        };
        word.clone_into(&mut members.key_change);
        (word, members)
    }
}

impl CosignerMembers {
    fn of(cosigner: &Cosigner) -> Self {
        Self {
            verification_method: cosigner.verification_method.clone(),
            signature: proof_value(&cosigner.signature),
        }
    }

    fn read(self) -> Result<Cosigner, StatementError> {
        let signature = parse_proof_value(&self.signature).ok_or_else(|| {
            inconsistent("cosigner", "signature must be 'z' and the base58btc of exactly 64 bytes")
        })?;
        Ok(Cosigner { verification_method: self.verification_method, signature })
    }
}

fn read_parties(dids: &[String], domain: &Domain) -> Result<Vec<PartySlug>, StatementError> {
    let mut parties: Vec<PartySlug> = Vec::with_capacity(dids.len());
    for did in dids {
        let party = domain
            .party_of(did)
            .ok_or_else(|| inconsistent("parties", format!("{did} is no party here")))?;
        if parties.last().is_some_and(|last| *last >= party) {
            return Err(inconsistent("parties", "must stand in ascending order, each once"));
        }
        parties.push(party);
    }
    Ok(parties)
}

fn read_event(members: Members, domain: &Domain) -> Result<KeyEvent, StatementError> {
    let only_added = !members.parties.is_empty() || members.cosigner.is_some();
    if only_added && members.key_change != "key-added" {
        return Err(inconsistent("keyChange", "parties and cosigner go with key-added only"));
    }
    let word = members.key_change.as_str();
    match (word, members.public_key_multibase, members.purpose, members.custody) {
        ("key-added", Some(key), Some(purpose), Some(custody)) if members.since.is_none() => {
            let public = parse_multikey(&key).ok_or_else(|| {
                inconsistent("publicKeyMultibase", "must be an Ed25519 Multikey (z6Mk...)")
            })?;
            let (schemes, not_after) = (members.schemes, members.not_after);
            let parties = read_parties(&members.parties, domain)?;
            let cosigner = members.cosigner.map(CosignerMembers::read).transpose()?;
            Ok(KeyEvent::Added(NewKey {
                public,
                purpose,
                custody,
                schemes,
                not_after,
                parties,
                cosigner,
            }))
        }
        ("key-retired", None, None, None) if members.since.is_none() => Ok(KeyEvent::Retired),
        ("key-compromised", None, None, None) => match (members.since, members.known_at) {
            (Some(since), Some(known_at)) if since <= known_at => {
                Ok(KeyEvent::Compromised { since, known_at })
            }
            _ => Err(inconsistent("since", "key-compromised needs since and knownAt, in order")),
        },
        _ => Err(inconsistent(
            "keyChange",
            "key-added needs publicKeyMultibase, purpose and custody; key-retired none of them; \
             key-compromised since and knownAt",
        )),
    }
}

/// An Ed25519 public key as Multikey: `z` + base58btc(0xED 0x01, key) (W3C CID 1.0 section 2.2.2).
#[must_use]
pub fn multikey(public: &[u8; 32]) -> String {
    let mut bytes = vec![0xed, 0x01];
    bytes.extend_from_slice(public);
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads a Multikey; None unless it is an Ed25519 key in its one spelling.
#[must_use]
pub fn parse_multikey(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 60)?;
    let bytes = bs58::decode(digits).into_vec().ok()?;
    let public: [u8; 32] = bytes.strip_prefix(&[0xed, 0x01])?.try_into().ok()?;
    (multikey(&public) == text).then_some(public)
}
