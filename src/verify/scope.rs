//! Whether a certificate is still in scope: its certifier as a whole and the accreditation it was
//! issued under, at an instant, and what took it out. Not here: whether it was genuine when logged.

use std::collections::BTreeMap;

use super::book::{CertificateRecord, LotRecord};
use super::trust::TrustedParty;
use crate::register::{CertificateStatus, StatusEvent, in_effect};
use crate::seal::{AccreditationRecord, ScopeEvent};
use crate::statement::{PartySlug, Reason, StatusAction, Timestamp};

/// What brought a status about.
pub(super) struct Cause<'a> {
    pub since: Timestamp,
    pub reason: Reason,
    pub by: &'a PartySlug,
    pub notice: &'a BTreeMap<String, String>,
}

impl<'a> Cause<'a> {
    pub fn of(event: &'a StatusEvent) -> Self {
        let (since, reason) = (event.effective_from, event.reason);
        Self { since, reason, by: &event.by, notice: &event.notice }
    }

    fn of_scope(event: &'a ScopeEvent) -> Self {
        let (since, reason) = (event.effective_from, event.reason);
        Self { since, reason, by: &event.by, notice: &event.notice }
    }
}

/// The suspension or withdrawal of a party in effect at `at`.
pub(super) fn barred(events: &[StatusEvent], at: Timestamp) -> Option<&StatusEvent> {
    let bars = |event: &&StatusEvent| {
        matches!(event.action, StatusAction::Suspend | StatusAction::Withdraw)
    };
    in_effect(events, at).filter(bars)
}

/// An event in technical words.
pub(super) fn told(event: &StatusEvent) -> String {
    let (since, by, reason) = (event.effective_from, &event.by, event.reason.word());
    let word = if event.action == StatusAction::Withdraw { "withdrawn" } else { "suspended" };
    format!("{word} since {since} by {by}: {reason}")
}

/// The accreditation a certificate names.
pub(super) fn given<'a>(
    party: &'a TrustedParty,
    record: &CertificateRecord,
) -> Option<(&'a TrustedParty, &'a AccreditationRecord)> {
    let found = party.accreditations.iter().find(|given| given.id == *record.accreditation)?;
    Some((party, found))
}

/// What left a certificate without scope at `at`, if anything did.
pub(super) fn reduced<'a>(
    party: &'a TrustedParty,
    record: &CertificateRecord,
    lot: &LotRecord,
    at: Timestamp,
) -> Option<Cause<'a>> {
    let withdrawn = barred(&party.events, at).filter(|e| e.action == StatusAction::Withdraw);
    let narrowed = || {
        let (_, found) = given(party, record)?;
        found.reduced(at, &record.scheme, &lot.product, Some(&lot.region))
    };
    withdrawn.map(Cause::of).or_else(|| narrowed().map(Cause::of_scope))
}

/// Status of a certificate at an instant, its scope included.
pub(super) fn status(
    issuer: Option<&TrustedParty>,
    record: &CertificateRecord,
    lot: &LotRecord,
    at: Timestamp,
) -> CertificateStatus {
    match record.status(at) {
        CertificateStatus::Valid
            if issuer.is_some_and(|party| reduced(party, record, lot, at).is_some()) =>
        {
            CertificateStatus::ScopeReduced
        }
        status => status,
    }
}
