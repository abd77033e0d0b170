//! Rules on confirming and voiding: what was signed with a stolen key in its window, and what a
//! certifier did that is not final yet (rule 10). Not here: who may sign it (`rules_powers`).

use super::operators::Issued;
use super::refusal::Refusal;
use super::rights::ChangeRecord;
use super::rules::{Case, same};
use crate::limits::CERTIFIER_ACT_SECONDS;
use crate::names::PartySlug;
use crate::seal::{KeyRecord, KeyStanding};
use crate::statement::{Reconfirmation, Role, SerialRanges, StatusAction, StatusTarget, Timestamp};

impl Case<'_> {
    /// A party stands by what is suspect, and by nothing else; the authority also by what is not
    /// final, and it alone voids.
    pub(super) fn reconfirmation(&self, claim: &Reconfirmation) -> Result<(), Refusal> {
        let by_party = claim.party == self.statement.issuer;
        if self.register.edition() == 0 {
            self.by_role(Role::Certifier, "confirm certificates again")?;
            let issuer = self.statement.issuer.as_str();
            same("credentialSubject.id", claim.party.as_str(), issuer)?;
        }
        let named = || claim.verification_method.clone();
        let party = self.known_party(&claim.party)?;
        let key = party.key(&claim.verification_method);
        let key = key.ok_or_else(|| Refusal::UnknownKey { key: named() })?;
        if key.compromised.is_none() && by_party {
            return Err(Refusal::KeyState { key: named(), state: "not compromised, so nothing" });
        }
        if self.register.edition() > 0 && by_party && !self.issuer.is_authority() {
            self.not_the_reporter(claim)?;
        }
        for serial in claim.serials.iter().flat_map(SerialRanges::iter) {
            let found = self.register.issued(serial);
            let found = found.ok_or(Refusal::CertificateUnknown { serial })?;
            self.suspect(&found, &claim.party, key)?;
        }
        for (index, digest) in &claim.entries {
            self.confirmable(*index, digest, &claim.party, key)?;
        }
        for (index, digest) in &claim.voids {
            self.voidable(*index, digest, &claim.party, key)?;
        }
        self.room_again(claim)
    }

    /// The key that signed the report on another key of the party confirms nothing signed with it:
    /// a thief of one key could report the others and then confirm as it likes.
    fn not_the_reporter(&self, claim: &Reconfirmation) -> Result<(), Refusal> {
        let signer = &self.statement.proof.verification_method;
        let ends = self.register.facts.rights.key_ends.get(&claim.party);
        let mut ends = ends.into_iter().flatten();
        let reported = ends.any(|end| {
            *end.key == claim.verification_method
                && *end.signed_with == *signer
                && *signer != claim.verification_method
        });
        if reported {
            return Err(self.not_authorised("confirm with the key that signed the report"));
        }
        Ok(())
    }

    /// Whether an entry can be confirmed: a certificate, a change of status or a lot of the party.
    fn confirmable(
        &self,
        index: u64,
        digest: &[u8; 32],
        party: &PartySlug,
        key: &KeyRecord,
    ) -> Result<(), Refusal> {
        let known = self.register.digest_at(index) == Some(*digest);
        if known && let Some(found) = self.register.certificate_at(index) {
            return self.suspect(&found.record.into(), party, key);
        }
        if self.register.edition() == 0 || !known {
            return Err(Refusal::EntryMismatch { index });
        }
        if let Some(change) = self.register.change(index) {
            self.of_key(index, &change.event.by, &change.verification_method, party, key)?;
            let target = format!("entry {index}");
            if change.voided.is_some() {
                return Err(Refusal::StatusOrder { target, state: "void already" });
            }
            let suspect = open_to_doubt(change, key);
            if suspect || (self.issuer.is_authority() && self.unsettled(change)) {
                return Ok(());
            }
            if change.confirmed.is_some() {
                return Err(Refusal::StatusOrder { target, state: "confirmed already" });
            }
            return Err(Refusal::Final { target, state: "not suspect" });
        }
        let signed = self.register.signed_entry(index);
        let signed = signed.ok_or(Refusal::EntryMismatch { index })?;
        self.of_key(index, &signed.party, &signed.verification_method, party, key)?;
        if !suspect_at(key, signed.logged_at) || self.register.confirmed_at(index).is_some() {
            return Err(Refusal::Final { target: format!("entry {index}"), state: "not suspect" });
        }
        Ok(())
    }

    /// Whether the authority can still void a change of status: it is suspect and unconfirmed, or a
    /// certifier's withdrawal or hold of the last 30 days.
    fn voidable(
        &self,
        index: u64,
        digest: &[u8; 32],
        party: &PartySlug,
        key: &KeyRecord,
    ) -> Result<(), Refusal> {
        let known = self.register.digest_at(index) == Some(*digest);
        let change = self.register.change(index).filter(|_| known);
        let change = change.ok_or(Refusal::EntryMismatch { index })?;
        self.of_key(index, &change.event.by, &change.verification_method, party, key)?;
        let target = || format!("entry {index}");
        if change.voided.is_some() {
            return Err(Refusal::StatusOrder { target: target(), state: "void already" });
        }
        if open_to_doubt(change, key) || self.unsettled(change) {
            return Ok(());
        }
        Err(Refusal::Final { target: target(), state: "final" })
    }

    /// Certificates whose withdrawals are annulled need their quantities, all together: they may
    /// have been certified again since.
    fn room_again(&self, claim: &Reconfirmation) -> Result<(), Refusal> {
        let voids = claim.voids.iter().filter_map(|(index, _)| self.register.change(*index));
        let annulled = voids.filter(|change| change.event.action == StatusAction::Withdraw);
        let serials = annulled.flat_map(|change| match &change.target {
            StatusTarget::Certificate(serial) => vec![*serial],
            StatusTarget::Certificates(serials) => serials.iter().collect(),
            _ => Vec::new(),
        });
        let mut back: std::collections::BTreeMap<_, u64> = std::collections::BTreeMap::new();
        for serial in serials {
            let Some(found) = self.register.certificate(serial) else { continue };
            let found = found.record;
            // What another stands in the place of takes no room.
            if found.gave_way(self.now) {
                continue;
            }
            let sum = back.entry((found.lot, found.scheme)).or_default();
            *sum = sum.saturating_add(found.quantity);
        }
        back.iter().try_for_each(|((lot, scheme), asked)| {
            let lot = self.known_lot(lot)?;
            self.within_declared(&lot, scheme, *asked)
        })
    }

    /// Whether a change is a certifier's withdrawal or hold that the authority can still annul: the
    /// certifier's own confirmation does not make it final.
    fn unsettled(&self, change: &ChangeRecord) -> bool {
        let by = self.register.party(&change.event.by);
        let certifier = by.is_some_and(|party| party.registration.role == Role::Certifier);
        let young = self.now <= settles(change.event.mark.logged_at);
        let action = change.event.action;
        certifier
            && young
            && change.settled.is_none()
            && matches!(action, StatusAction::Withdraw | StatusAction::Hold)
    }

    fn of_key(
        &self,
        index: u64,
        by: &PartySlug,
        signed_with: &str,
        party: &PartySlug,
        key: &KeyRecord,
    ) -> Result<(), Refusal> {
        if by == party && *signed_with == *key.verification_method {
            return Ok(());
        }
        Err(Refusal::EntryMismatch { index })
    }

    /// Whether a certificate was signed with this key of the party within its suspect window.
    fn suspect(
        &self,
        certificate: &Issued,
        party: &PartySlug,
        key: &KeyRecord,
    ) -> Result<(), Refusal> {
        if certificate.issuer != *party {
            return Err(self.not_authorised("confirm another certifier's certificate"));
        }
        let serial = certificate.serial;
        let not = |reason: String| Err(Refusal::NotSuspect { serial, reason });
        let (used, at) = (&certificate.verification_method, certificate.mark.logged_at);
        if **used != key.verification_method {
            return not(format!("it was signed with {used}"));
        }
        if key.standing(at) != KeyStanding::Suspect {
            return not(format!("it was logged {at}, outside the window of the compromise"));
        }
        match certificate.confirmed {
            Some(mark) => not(format!("entry {} did it already", mark.index)),
            None => Ok(()),
        }
    }
}

/// Whether what was logged then with this key is suspect.
pub(super) fn suspect_at(key: &KeyRecord, at: Timestamp) -> bool {
    matches!(key.standing(at), KeyStanding::Suspect | KeyStanding::Compromised)
}

/// Whether a change was signed with this key while a thief may have had it, and nobody confirmed
/// it.
fn open_to_doubt(change: &ChangeRecord, key: &KeyRecord) -> bool {
    change.confirmed.is_none() && suspect_at(key, change.event.mark.logged_at)
}

/// When what a certifier did becomes final, or its hold ends, without the authority.
pub(super) fn settles(logged_at: Timestamp) -> Timestamp {
    logged_at.plus_seconds(CERTIFIER_ACT_SECONDS)
}
