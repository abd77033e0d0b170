//! Status words and how they follow from the events of a certificate or a lot at an instant.
//! Derived, never typed in. Not here: verdicts over a whole code (`verify`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::names::{LotKey, PartySlug};
use crate::seal::LogPosition;
use crate::statement::{Reason, ReturnTo, StatusAction, StatusChange, Timestamp};

/// Status of a certificate (ISO/IEC 17065 section 7.11 in the words of the register).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum CertificateStatus {
    /// In force.
    Valid,
    /// Its first day is still to come.
    NotYetValid,
    /// Its last day is over.
    Expired,
    /// Not in force for the time being.
    Suspended,
    /// Ended for good.
    Withdrawn,
    /// The scope it was issued under no longer stands.
    ScopeReduced,
    /// A newer certificate stands in its place.
    Superseded,
}

/// Status of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum LotStatus {
    /// May be sold.
    Released,
    /// Not to be sold for the time being.
    Held,
    /// To be brought back.
    Recalled,
    /// Nothing of it is left.
    Exhausted,
}

impl LotStatus {
    /// Whether it stands against selling what there is of the lot: one that is used up does not.
    #[must_use]
    pub const fn bars(self) -> bool {
        matches!(self, Self::Held | Self::Recalled)
    }
}

impl CertificateStatus {
    /// The word in reports and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl LotStatus {
    /// The word in reports and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// One change of status, as the log recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusEvent {
    /// What was done.
    pub action: StatusAction,
    /// Why.
    pub reason: Reason,
    /// Since when it holds.
    pub effective_from: Timestamp,
    /// Who did it.
    pub by: PartySlug,
    /// What the public should know, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notice: BTreeMap<String, String>,
    /// Where the log holds it.
    pub mark: LogPosition,
    /// The first instant at which it no longer holds, if it ends by itself: a certifier's hold that
    /// the authority did not confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// With a recall: what to do with the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<ReturnTo>,
    /// Where the authority said that it was of a wrong lot: it never held, and is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<LogPosition>,
}

impl StatusEvent {
    /// The event that a logged status change brings about.
    #[must_use]
    pub fn of(change: &StatusChange, by: &PartySlug, mark: LogPosition) -> Self {
        Self {
            action: change.action,
            reason: change.reason,
            effective_from: change.effective_from,
            by: by.clone(),
            notice: change.notice.clone(),
            mark,
            ends: None,
            return_to: change.return_to,
            voided: None,
        }
    }

    /// The same event, what it loosens counting from its log time.
    #[must_use]
    pub fn loosening_from_log_time(self) -> Self {
        if self.action.loosens() {
            let effective_from = self.effective_from.max(self.mark.logged_at);
            return Self { effective_from, ..self };
        }
        self
    }

    /// Whether it is in effect at an instant, as far as its own dates say.
    #[must_use]
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.voided.is_none() && self.effective_from <= at && self.ends.is_none_or(|end| at < end)
    }
}

/// A hold or recall of a lot, as it reaches another that was made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inherited {
    /// `hold` or `recall`.
    pub action: StatusAction,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub since: Timestamp,
    /// Who laid it.
    pub by: PartySlug,
    /// Where the log has it.
    pub index: u64,
    /// The lot that it was laid on.
    pub via: LotKey,
}

impl Inherited {
    /// `hold` or `recall`, in a word.
    #[must_use]
    pub fn action_word(&self) -> &'static str {
        self.action.into()
    }

    /// The status it gives, whatever is said of the lot itself.
    #[must_use]
    pub fn status(&self) -> LotStatus {
        match self.action {
            StatusAction::Recall => LotStatus::Recalled,
            _ => LotStatus::Held,
        }
    }
}

/// The last event in effect at `at`.
#[must_use]
pub fn in_effect(events: &[StatusEvent], at: Timestamp) -> Option<&StatusEvent> {
    let first = |actions: &[StatusAction]| {
        events.iter().find(|event| event.holds_at(at) && actions.contains(&event.action))
    };
    // What is final stands whatever was recorded after it.
    first(&[StatusAction::Withdraw, StatusAction::Recall])
        .or_else(|| events.iter().rev().find(|event| event.holds_at(at)))
}

/// Status of a certificate by its own events and dates.
#[must_use]
pub fn certificate_status(
    events: &[StatusEvent],
    valid_from: Timestamp,
    valid_until: Timestamp,
    at: Timestamp,
) -> CertificateStatus {
    match in_effect(events, at).map(|event| event.action) {
        Some(StatusAction::Withdraw) => CertificateStatus::Withdrawn,
        Some(StatusAction::Suspend) => CertificateStatus::Suspended,
        _ if at < valid_from => CertificateStatus::NotYetValid,
        _ if at > valid_until => CertificateStatus::Expired,
        _ => CertificateStatus::Valid,
    }
}

/// Status of a lot by its events.
#[must_use]
pub fn lot_status(events: &[StatusEvent], at: Timestamp) -> LotStatus {
    match in_effect(events, at).map(|event| event.action) {
        Some(StatusAction::Recall) => LotStatus::Recalled,
        Some(StatusAction::Hold) => LotStatus::Held,
        _ => LotStatus::Released,
    }
}
