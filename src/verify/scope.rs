//! Whether a certificate is still in scope: its certifier as a whole and the accreditation it was
//! issued under, at an instant, and what took it out. Not here: whether it was genuine when logged.

use std::collections::BTreeMap;

use crate::names::PartySlug;
use crate::register::{
    CertificateRecord, CertificateStatus, LotRecord, OutsideScope, PartyRecord, StatusEvent,
    in_effect,
};
use crate::seal::ScopeEvent;
use crate::statement::{Reason, ReturnTo, StatusAction, Timestamp};

/// What brought a status about.
pub(super) struct Cause<'a> {
    pub since: Timestamp,
    pub reason: Reason,
    pub by: &'a PartySlug,
    pub notice: &'a BTreeMap<String, String>,
    pub return_to: Option<ReturnTo>,
}

impl<'a> Cause<'a> {
    pub fn of(event: &'a StatusEvent) -> Self {
        let (since, reason) = (event.effective_from, event.reason);
        let return_to = event.return_to;
        Self { since, reason, by: &event.by, notice: &event.notice, return_to }
    }

    fn of_scope(event: &'a ScopeEvent) -> Self {
        let (since, reason) = (event.effective_from, event.reason);
        Self { since, reason, by: &event.by, notice: &event.notice, return_to: None }
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

/// What left a certificate without scope at `at`, if anything did.
pub(super) fn reduced<'a>(
    party: &'a PartyRecord,
    record: &CertificateRecord,
    lot: &LotRecord,
    at: Timestamp,
) -> Option<Cause<'a>> {
    let left_out = party.left_out(record, &lot.product, &lot.region, at)?;
    Some(match left_out {
        OutsideScope::Withdrawn(event) => Cause::of(event),
        OutsideScope::Reduced(event) => Cause::of_scope(event),
    })
}

/// Status of a certificate at an instant, its scope included.
pub(super) fn status(
    issuer: Option<&PartyRecord>,
    record: &CertificateRecord,
    lot: &LotRecord,
    at: Timestamp,
) -> CertificateStatus {
    record.status_in(issuer, &lot.product, &lot.region, at)
}
