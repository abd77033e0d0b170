//! The chain of root keys in a trust snapshot: from the first to the present one, each accepted for
//! the hash that the one before committed to; and the keys the present root vouches for.
//! Not here: the snapshot's own signature (`trust`).

use serde_json::Value;

use super::{Trust, TrustError};
use crate::names::PartySlug;
use crate::seal::{public_key, verify_proof};
use crate::statement::{
    Claim, Domain, KeyEvent, KeyPurpose, RootSuccession, Statement, multikey, parse_commitment,
    parse_multikey, root_commitment,
};

const WHAT: &str = "trust snapshot";

/// The roots, and what the last of them vouches for.
pub(crate) struct RootChain {
    /// Name and public key, the first root first.
    roots: Vec<(String, [u8; 32])>,
    /// The hash the last root committed to.
    successor: Option<[u8; 32]>,
    /// Keys it vouches for, by name.
    keys: Vec<(String, [u8; 32], KeyPurpose)>,
}

impl RootChain {
    /// Follows the founding statements of a snapshot, trusting nothing but the first root.
    pub fn of(trust: &Trust) -> Result<Self, TrustError> {
        let domain = trust.domain().map_err(|error| form(&error))?;
        let first = trust.genesis_root.as_ref().unwrap_or(&trust.root);
        let first = parse_multikey(first).ok_or_else(|| form(&"root"))?;
        let name = format!("{}#root", domain.did(&PartySlug::authority()));
        let mut chain = Self { roots: vec![(name, first)], successor: None, keys: Vec::new() };
        for (place, value) in trust.founding.iter().enumerate() {
            chain.take(place, value, &domain)?;
        }
        match chain.roots.last() {
            Some((_, last)) if multikey(last) == trust.root => Ok(chain),
            _ => Err(broken("the statements in it do not lead to its root")),
        }
    }

    /// Whether a root key (as Multikey) is one of the chain.
    pub fn holds(&self, root: &str) -> bool {
        self.roots.iter().any(|(_, public)| multikey(public) == root)
    }

    /// The key of this name and purpose that the present root vouches for.
    pub fn key(&self, name: &str, purpose: KeyPurpose) -> Option<[u8; 32]> {
        let found =
            self.keys.iter().find(|(known, _, for_what)| known == name && *for_what == purpose);
        found.map(|(_, public, _)| *public)
    }

    /// Whether the present root vouches for a key of this purpose.
    pub fn vouches(&self, public: &[u8; 32], purpose: KeyPurpose) -> bool {
        self.keys.iter().any(|(_, known, for_what)| known == public && *for_what == purpose)
    }

    fn take(&mut self, place: usize, value: &Value, domain: &Domain) -> Result<(), TrustError> {
        let bytes = crate::statement::canonical_bytes(value);
        let statement = Statement::parse(&bytes, domain).map_err(|error| form(&error))?;
        if let Claim::RootSuccession(claim) = &statement.claim {
            return self.succeed(&statement, claim);
        }
        let Some((name, root)) = self.roots.last() else { return Err(form(&"root")) };
        if statement.proof.verification_method != *name || !verifies(&statement, root) {
            return Err(TrustError::Signature { what: WHAT });
        }
        match statement.credential.claim {
            // The first statement commits to the next root; a later one is never believed on that.
            Claim::Registration(claim) if place == 0 => {
                self.successor = claim.successor.as_deref().and_then(parse_commitment);
            }
            Claim::KeyChange(change) => {
                if let KeyEvent::Added(key) = change.event {
                    self.keys.push((change.verification_method, key.public, key.purpose));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The next root: what the one before vouched for counts no more unless this one keeps it, so
    /// that a thief of the old root cannot slip a key in.
    fn succeed(&mut self, statement: &Statement, claim: &RootSuccession) -> Result<(), TrustError> {
        if self.successor != Some(root_commitment(&claim.public)) {
            return Err(broken("the root before it committed to another key"));
        }
        if statement.proof.verification_method != claim.verification_method
            || !verifies(statement, &claim.public)
        {
            return Err(broken("it is not signed by the new root"));
        }
        self.successor = Some(claim.successor);
        let kept = claim.keeps.iter();
        let kept = kept.map(|key| (key.verification_method.clone(), key.public, key.purpose));
        self.keys = kept.collect();
        self.roots.push((claim.verification_method.clone(), claim.public));
        Ok(())
    }
}

fn verifies(statement: &Statement, public: &[u8; 32]) -> bool {
    public_key(public).is_ok_and(|key| verify_proof(statement, &key).is_ok())
}

fn form(reason: &dyn ToString) -> TrustError {
    TrustError::Form { what: WHAT, reason: reason.to_string() }
}

fn broken(reason: &str) -> TrustError {
    TrustError::Succession { reason: reason.to_owned() }
}
