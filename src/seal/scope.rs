//! An accreditation and its history: what it covered when something was logged (that decides what
//! is authentic), and what it covers at an instant (that decides what is in scope now).
//! Not here: the certifier as a whole, its keys (`authority`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LogPosition;
use crate::names::PartySlug;
use crate::statement::{Reason, Scope, ScopeAction, ScopeChange, ScopeEventKind, Timestamp};

/// One accreditation of a certifier and its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccreditationRecord {
    /// The statement's id.
    pub id: String,
    /// Where the log holds it.
    pub mark: LogPosition,
    /// What it covered when it was given.
    pub scope: Scope,
    /// First instant.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_until: Timestamp,
    /// Narrowed, suspended, reinstated, withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<ScopeEvent>,
}

/// One change of an accreditation, as the log recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScopeEvent {
    /// What was done.
    pub action: ScopeAction,
    /// What is left, if it was narrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
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
    /// With a withdrawal: who acts as issuer of what was issued under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<PartySlug>,
}

/// What an accreditation was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeStanding<'a> {
    /// It covered this.
    InForce(&'a Scope),
    /// It was not given yet, or its first instant was still to come.
    NotYet,
    /// Its last instant was over.
    Expired,
    /// It was suspended by this.
    Suspended(&'a ScopeEvent),
    /// It was withdrawn by this.
    Withdrawn(&'a ScopeEvent),
}

impl ScopeEvent {
    /// The record of a change by `by`.
    #[must_use]
    pub fn of(change: &ScopeChange, by: &PartySlug, mark: LogPosition) -> Self {
        let scope = match &change.event {
            ScopeEventKind::Narrow(scope) => Some(scope.clone()),
            _ => None,
        };
        Self {
            action: change.event.action(),
            scope,
            reason: change.reason,
            effective_from: change.effective_from,
            by: by.clone(),
            notice: change.notice.clone(),
            mark,
            successor: change.successor.clone(),
        }
    }
}

impl AccreditationRecord {
    /// What it was worth for a statement logged at `place`: only what the log held before counts.
    #[must_use]
    pub fn at_log(&self, place: LogPosition) -> ScopeStanding<'_> {
        if self.mark.index > place.index {
            return ScopeStanding::NotYet;
        }
        self.standing(place.logged_at, |event| event.mark.index < place.index)
    }

    /// What it is worth at an instant, by everything recorded.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> ScopeStanding<'_> {
        self.standing(at, |_| true)
    }

    /// What it covers at an instant, whether suspended or not.
    #[must_use]
    pub fn scope_at(&self, at: Timestamp) -> &Scope {
        let told = self.events.iter().filter(|event| event.effective_from <= at);
        told.filter_map(|event| event.scope.as_ref()).next_back().unwrap_or(&self.scope)
    }

    /// The change that left a certificate without scope at `at`: the withdrawal, or the first
    /// narrowing that excludes it. A suspension leaves certificates alone, and
    /// so does a certifier that ceased its work (as GOTS and IAF MD 2 have it).
    #[must_use]
    pub fn reduced(
        &self,
        at: Timestamp,
        scheme: &str,
        product: &str,
        region: &str,
    ) -> Option<&ScopeEvent> {
        let excludes = |event: &&ScopeEvent| match (&event.scope, event.action) {
            (_, ScopeAction::Withdraw) => event.reason != Reason::Ceased,
            (Some(scope), _) => !scope.covers(scheme, product, region),
            _ => false,
        };
        self.events.iter().filter(|event| event.effective_from <= at).find(excludes)
    }

    /// Who acts as issuer of what was issued under it at an instant, if a successor was named.
    #[must_use]
    pub fn successor(&self, at: Timestamp) -> Option<&PartySlug> {
        let told = self.events.iter().filter(|event| event.effective_from <= at);
        told.filter_map(|event| event.successor.as_ref()).next_back()
    }

    fn standing(&self, at: Timestamp, counts: impl Fn(&ScopeEvent) -> bool) -> ScopeStanding<'_> {
        let mut scope = &self.scope;
        let mut suspended = None;
        for event in self.events.iter().filter(|e| e.effective_from <= at && counts(e)) {
            match event.action {
                ScopeAction::Withdraw => return ScopeStanding::Withdrawn(event),
                ScopeAction::Suspend => suspended = Some(event),
                ScopeAction::Reinstate => suspended = None,
                ScopeAction::Narrow => scope = event.scope.as_ref().unwrap_or(scope),
            }
        }
        match suspended {
            Some(event) => ScopeStanding::Suspended(event),
            None if at < self.valid_from => ScopeStanding::NotYet,
            None if at > self.valid_until => ScopeStanding::Expired,
            None => ScopeStanding::InForce(scope),
        }
    }
}
