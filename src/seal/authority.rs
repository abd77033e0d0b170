//! Which key may claim what, and when: the records that a fold of the log leaves behind, judged at
//! **log time**. Rotation never kills old statements; compromise makes a window suspect.
//! Not here: the fold that fills them (`register`), and signatures.

use std::sync::OnceLock;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use super::{SealError, proof::public_key};
use crate::names::PartySlug;
use crate::statement::{Custody, KeyPurpose, Timestamp, multikey, parse_multikey};

/// Where and when the log recorded something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogPosition {
    /// Log index.
    pub index: u64,
    /// Log time.
    pub logged_at: Timestamp,
}

/// One key and its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRecord {
    /// The key's name: DID, `#`, fragment.
    pub verification_method: String,
    /// The key as Multikey.
    #[serde(rename = "publicKeyMultibase", with = "multikey_text")]
    pub public: [u8; 32],
    /// The one thing it may sign.
    pub purpose: KeyPurpose,
    /// Who holds the private half.
    pub custody: Custody,
    /// Label keys: schemes it may put on a label; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<String>,
    /// No use after this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// Label keys of certifiers: the parties whose lots it labels; empty means all of its owner's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<PartySlug>,
    /// When it was added.
    pub added: LogPosition,
    /// The first instant it counts at, if that is later than when it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_from: Option<Timestamp>,
    /// When it was retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<LogPosition>,
    /// When it was in foreign hands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised: Option<Compromise>,
    /// The key ready to verify with, once somebody asked for it.
    #[serde(skip)]
    pub point: Point,
}

/// A public key unpacked to its point, which costs a tenth of checking a signature: done once for
/// all who share the record. It says nothing that the key's bytes do not say.
#[derive(Clone, Debug, Default)]
pub struct Point(OnceLock<Option<VerifyingKey>>);

impl PartialEq for Point {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Point {}

/// A window in which a key may have been misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Compromise {
    /// First instant.
    pub since: Timestamp,
    /// When it became known.
    pub known_at: Timestamp,
    /// When the log recorded it.
    pub recorded: LogPosition,
}

/// What a key was worth at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum KeyStanding {
    /// It counted.
    InForce,
    /// It was not added yet, or still waited to count.
    NotYet,
    /// Its time was over.
    Expired,
    /// It was retired.
    Retired,
    /// Logged while a thief may have had it: suspect until confirmed again.
    Suspect,
    /// It was known to be in foreign hands.
    Compromised,
}

impl KeyRecord {
    /// A root key of the authority, as it is added.
    #[must_use]
    pub fn root(verification_method: String, public: [u8; 32], added: LogPosition) -> Self {
        Self {
            verification_method,
            public,
            purpose: KeyPurpose::Root,
            custody: Custody::Own,
            schemes: Vec::new(),
            not_after: None,
            parties: Vec::new(),
            counts_from: None,
            added,
            retired: None,
            compromised: None,
            point: Point::default(),
        }
    }

    /// What the key was worth at log time `at`.
    #[must_use]
    pub fn standing(&self, at: Timestamp) -> KeyStanding {
        if let Some(window) = self.compromised {
            // What the log recorded after it recorded the compromise never counts.
            if at > window.recorded.logged_at || at > window.known_at {
                return KeyStanding::Compromised;
            }
            if at >= window.since {
                return KeyStanding::Suspect;
            }
        }
        if at < self.counts_from.unwrap_or(self.added.logged_at).max(self.added.logged_at) {
            KeyStanding::NotYet
        } else if self.retired.is_some_and(|mark| at > mark.logged_at) {
            KeyStanding::Retired
        } else if self.not_after.is_some_and(|end| at > end) {
            KeyStanding::Expired
        } else {
            KeyStanding::InForce
        }
    }

    /// The key, ready to verify with.
    ///
    /// # Errors
    /// [`SealError::PublicKey`], which registration rules out.
    pub fn verifying_key(&self) -> Result<VerifyingKey, SealError> {
        let known = self.point.0.get_or_init(|| public_key(&self.public).ok());
        // A record that was copied from another key's has that one's point.
        match known.filter(|key| key.as_bytes() == &self.public) {
            Some(key) => Ok(key),
            None => public_key(&self.public),
        }
    }
}

mod multikey_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(key: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::multikey(key))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_multikey(&text).ok_or_else(|| D::Error::custom("not an Ed25519 Multikey"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_judged_at_log_time() {
        let at = Timestamp::from_seconds;
        let mark = |index, seconds| LogPosition { index, logged_at: at(seconds) };
        let mut key = KeyRecord {
            verification_method: "did:web:x#1".into(),
            public: [0; 32],
            purpose: KeyPurpose::Assertion,
            custody: Custody::Own,
            schemes: vec![],
            not_after: Some(at(900)),
            parties: vec![],
            counts_from: None,
            added: mark(1, 100),
            retired: None,
            compromised: None,
            point: Point::default(),
        };
        assert_eq!(key.standing(at(99)), KeyStanding::NotYet);
        assert_eq!(key.standing(at(100)), KeyStanding::InForce);
        assert_eq!(key.standing(at(901)), KeyStanding::Expired);
        key.counts_from = Some(at(150));
        assert_eq!(key.standing(at(149)), KeyStanding::NotYet);
        assert_eq!(key.standing(at(150)), KeyStanding::InForce);
        key.retired = Some(mark(2, 500));
        assert_eq!(key.standing(at(500)), KeyStanding::InForce);
        assert_eq!(key.standing(at(501)), KeyStanding::Retired);
        key.compromised =
            Some(Compromise { since: at(200), known_at: at(300), recorded: mark(3, 600) });
        assert_eq!(key.standing(at(199)), KeyStanding::InForce);
        assert_eq!(key.standing(at(250)), KeyStanding::Suspect);
        assert_eq!(key.standing(at(301)), KeyStanding::Compromised);
    }
}
