//! Signed requests before the ledger: whose key it is, that it counts now, and that a nonce counts
//! once. Remembered are nonces of requests that verified, so only registered keys take room. Not
//! here: the form of the signature (`seal::request`), and what is answered.

use std::collections::HashMap;

use super::journal::Used;
use super::{Ledger, LedgerError, Unmet};
use crate::limits::REQUEST_NONCES_MAX;
use crate::names::PartySlug;
use crate::register::Register;
use crate::seal::{
    KeyRecord, KeyStanding, REQUEST_SIGNATURE, ReceivedHeaders, RequestError, RequestTarget,
    SignedRequest,
};
use crate::statement::{KeyPurpose, Timestamp};

/// Who signed a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// The party.
    pub party: PartySlug,
    /// The name of its key.
    pub verification_method: String,
}

/// Between two looks at the nonces of all keys, in seconds: each request looks at its own key's.
const LOOK_SECONDS: i64 = 60;

/// Nonces that were used, by key, with the instant until which they are remembered.
#[derive(Default)]
pub(super) struct Nonces {
    used: HashMap<String, HashMap<String, Timestamp>>,
    looked_at: Option<Timestamp>,
}

impl Nonces {
    /// Those of a journal.
    pub fn of<'a>(used: impl Iterator<Item = &'a Used>) -> Self {
        let mut all = Self::default();
        for Used { keyid, nonce, until } in used {
            all.used.entry(keyid.clone()).or_default().insert(nonce.clone(), *until);
        }
        all
    }

    /// Uses a nonce.
    ///
    /// # Errors
    /// It was used before; the key used too many of late.
    fn spend(&mut self, used: &Used, now: Timestamp) -> Result<(), LedgerError> {
        if self.looked_at.is_none_or(|before| now >= before.plus_seconds(LOOK_SECONDS)) {
            self.looked_at = Some(now);
            self.used.retain(|_, nonces| {
                nonces.retain(|_, until| *until >= now);
                !nonces.is_empty()
            });
        }
        let nonces = self.used.entry(used.keyid.clone()).or_default();
        nonces.retain(|_, until| *until >= now);
        if nonces.contains_key(&used.nonce) {
            return Err(refused("its nonce was used before: sign each request with a new one"));
        }
        if nonces.len() >= REQUEST_NONCES_MAX {
            let reason = format!(
                "{} has signed {REQUEST_NONCES_MAX} requests within minutes; wait some of them",
                used.keyid
            );
            return Err(LedgerError::unmet(Unmet::TooOften, "request_rate", reason));
        }
        nonces.insert(used.nonce.clone(), used.until);
        Ok(())
    }
}

impl Ledger {
    /// Who signed this request: a party with an assertion key in force, or the authority with its
    /// service key. Each request is good for one call.
    ///
    /// # Errors
    /// `request_signature`: not signed so, by no such key, or seen before. `request_rate`.
    pub fn requester(
        &self,
        target: &RequestTarget<'_>,
        body: &[u8],
        headers: &ReceivedHeaders,
        now: Timestamp,
    ) -> Result<Requester, LedgerError> {
        let signed = SignedRequest::read(target, body, headers, now)?;
        let keyid = &signed.terms.keyid;
        let view = self.view();
        let (party, key) = may_ask(&view.register, keyid, now).map_err(refused)?;
        let usable = key.verifying_key().map_err(|error| refused(error.to_string()))?;
        signed.verify(&usable)?;
        let (keyid, nonce) = (keyid.clone(), signed.terms.nonce.clone());
        let until = signed.terms.remembered_until();
        self.spend(Used { keyid: keyid.clone(), nonce, until }, now)?;
        Ok(Requester { party, verification_method: keyid })
    }

    /// Uses a nonce, for good: in memory before anybody else can, then on disk.
    fn spend(&self, used: Used, now: Timestamp) -> Result<(), LedgerError> {
        self.door().nonces().spend(&used, now)?;
        self.door().remember(&[super::journal::Line::Nonce(used)], now)
    }
}

/// The key that a request names, and whose it is, if it may sign requests at `now`.
fn may_ask(
    register: &Register,
    keyid: &str,
    now: Timestamp,
) -> Result<(PartySlug, KeyRecord), String> {
    // Log time never runs behind what is logged, whatever the clock says.
    let now = register.last_at().map_or(now, |last| last.max(now));
    let found = register.key(keyid);
    let found = register.owner_of_key(keyid).zip(found);
    let (slug, key) = found.ok_or_else(|| format!("no key named {keyid} is registered"))?;
    let party = register.party(&slug).ok_or_else(|| format!("{slug} is not registered"))?;
    match key.purpose {
        KeyPurpose::Assertion => {}
        KeyPurpose::Service if party.is_authority() => {}
        other => {
            let purpose: &str = other.into();
            return Err(format!(
                "{keyid} is a {purpose} key; requests are signed with an assertion key, for the \
                 authority also with its service key"
            ));
        }
    }
    let ended = key.retired.is_some() || key.compromised.is_some();
    if ended || key.standing(now) != KeyStanding::InForce {
        return Err(format!("the key {keyid} is not in force; sign with one that is"));
    }
    if party.is_barred(now) {
        return Err(format!("{slug} is suspended or withdrawn"));
    }
    Ok((slug, key.clone()))
}

pub(super) fn refused(reason: impl Into<String>) -> LedgerError {
    LedgerError::unmet(Unmet::Unsigned, REQUEST_SIGNATURE, reason)
}

impl From<RequestError> for LedgerError {
    fn from(fault: RequestError) -> Self {
        Self::unmet(Unmet::Unsigned, fault.code(), fault.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(nonce: &str) -> Used {
        let until = Timestamp::from_seconds(900);
        Used { keyid: "key".to_owned(), nonce: nonce.to_owned(), until }
    }

    #[test]
    fn a_nonce_counts_once_and_memory_is_bounded() {
        let at = Timestamp::from_seconds;
        let mut nonces = Nonces::of([used("before the restart")].iter());
        let code = |spent: Result<(), LedgerError>| spent.map_or_else(|e| e.code(), |()| "ok");
        assert_eq!(code(nonces.spend(&used("before the restart"), at(0))), "request_signature");
        assert_eq!(code(nonces.spend(&used("a"), at(0))), "ok");
        assert_eq!(code(nonces.spend(&used("a"), at(900))), "request_signature");
        for n in 2..REQUEST_NONCES_MAX {
            assert_eq!(code(nonces.spend(&used(&n.to_string()), at(0))), "ok");
        }
        assert_eq!(code(nonces.spend(&used("one more"), at(0))), "request_rate");
        let other = Used { keyid: "other".to_owned(), ..used("a") };
        assert_eq!(code(nonces.spend(&other, at(0))), "ok", "another key is another's room");
        assert_eq!(code(nonces.spend(&used("one more"), at(961))), "ok", "in time there is room");
        assert_eq!(nonces.used.len(), 1);
    }
}
