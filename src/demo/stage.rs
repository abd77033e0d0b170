//! What the making of a demonstration has at hand: its ledger, everybody's keys, and the way in
//! that every client takes. Not here: what is said (`make`, `goods`).

use super::parties::Members;
use crate::ledger::{Ledger, LedgerError, SubmitError, Unmet, intake};
use crate::limits::BATCH_ENTRIES_MAX;
use crate::names::PartySlug;
use crate::os::now;
use crate::seal::{SoftKey, seal_for_submission};
use crate::statement::{Domain, Draft, Timestamp};

/// The ledger and the keys of all parties.
pub(super) struct Stage {
    pub ledger: Ledger,
    pub members: Members,
    pub registrar: SoftKey,
    pub root: SoftKey,
    pub service: SoftKey,
    pub domain: Domain,
}

impl Stage {
    pub fn draft<'a>(&'a self, issuer: &'a PartySlug, name: &'a str, now: Timestamp) -> Draft<'a> {
        let (domain, id) = (&self.domain, String::new());
        Draft { domain, id, issuer, issuer_name: name, valid_from: now, valid_until: None }
    }

    pub fn method(&self, slug: &PartySlug, key: &str) -> String {
        format!("{}#{key}", self.domain.did(slug))
    }

    pub fn sealed(
        &self,
        unsigned: &serde_json::Value,
        method: &str,
        key: &SoftKey,
    ) -> Result<Vec<u8>, LedgerError> {
        Ok(seal_for_submission(unsigned, method, now(), key).map_err(SubmitError::from)?)
    }

    /// What a member says, with the key it has now: a certifier's first one may be retired.
    pub fn signed(
        &self,
        slug: &str,
        at: Timestamp,
        claim: impl FnOnce(&Draft<'_>) -> serde_json::Value,
    ) -> Result<Vec<u8>, LedgerError> {
        let gone = || LedgerError::unmet(Unmet::Invalid, "demo", format!("{slug} has no key"));
        let member = self.members.get(slug).ok_or_else(gone)?;
        let next = self.members.get(&format!("{slug}-2"));
        let (signer, key) = next.map_or((member, "key-1"), |next| (next, "key-2"));
        let unsigned = claim(&self.draft(&member.slug, &member.name, at));
        self.sealed(&unsigned, &self.method(&member.slug, key), &signer.key)
    }

    /// The way in of every client: bytes, strict profile, signature, rules.
    pub fn submit(&self, bodies: Vec<Vec<u8>>) -> Result<(), LedgerError> {
        for part in bodies.chunks(BATCH_ENTRIES_MAX) {
            let view = self.ledger.view();
            let read = |bytes: &Vec<u8>| intake(bytes, &view.register, now());
            let statements = part.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            for receipt in self.ledger.append_blocking(statements) {
                receipt?;
            }
        }
        Ok(())
    }
}
