//! The authority narrows, suspends, reinstates or withdraws one accreditation. Own type
//! `ScopeChange`. Not here: suspending a certifier as a whole ([`super::status`]), and what it
//! means for certificates (`register`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::Draft;
use super::envelope::{Envelope, given, inconsistent, own_context};
use super::status::check_notice;
use super::{Reason, Scope, StatementError, Timestamp};
use crate::names::PartySlug;

/// One change of one accreditation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeChange {
    /// The certifier.
    pub party: PartySlug,
    /// The `id` of the accreditation's statement.
    pub accreditation: String,
    /// What happens to it.
    pub event: ScopeEventKind,
    /// Why.
    pub reason: Reason,
    /// Since when it holds; at the latest the log time.
    pub effective_from: Timestamp,
    /// What the public should know, by language.
    pub notice: BTreeMap<String, String>,
    /// With a withdrawal: who acts as issuer of what was issued under it.
    pub successor: Option<PartySlug>,
}

/// What happens to an accreditation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeEventKind {
    /// It covers only this from now on: a part of what it covered.
    Narrow(Scope),
    /// No new certificates for the time being; those that are stand.
    Suspend,
    /// New certificates again.
    Reinstate,
    /// It is over; certificates under it are out of scope.
    Withdraw,
}

/// The word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScopeAction {
    /// Covers less.
    Narrow,
    /// Not in force for the time being.
    Suspend,
    /// In force again.
    Reinstate,
    /// Ended for good.
    Withdraw,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    id: String,
    accreditation_id: String,
    scope_change: ScopeAction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    narrowed_to: Vec<String>,
    reason: Reason,
    effective_from: Timestamp,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notice: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
}

impl ScopeEventKind {
    /// The word for it.
    #[must_use]
    pub fn action(&self) -> ScopeAction {
        match self {
            Self::Narrow(_) => ScopeAction::Narrow,
            Self::Suspend => ScopeAction::Suspend,
            Self::Reinstate => ScopeAction::Reinstate,
            Self::Withdraw => ScopeAction::Withdraw,
        }
    }
}

impl ScopeChange {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: Members = envelope.subject()?;
        let party = envelope.domain.party_of(&members.id).ok_or_else(|| {
            inconsistent("credentialSubject.id", format!("{} is no party here", members.id))
        })?;
        let event = match (members.scope_change, members.narrowed_to.as_slice()) {
            (ScopeAction::Narrow, uris) => {
                ScopeEventKind::Narrow(Scope::read("narrowedTo", uris, envelope.domain)?)
            }
            (ScopeAction::Suspend, []) => ScopeEventKind::Suspend,
            (ScopeAction::Reinstate, []) => ScopeEventKind::Reinstate,
            (ScopeAction::Withdraw, []) => ScopeEventKind::Withdraw,
            _ => return Err(inconsistent("narrowedTo", "goes with scopeChange narrow only")),
        };
        check_notice(&members.notice)?;
        let successor = members.successor.as_deref().map(|did| {
            let found = envelope.domain.party_of(did).filter(|found| *found != party);
            found.ok_or_else(|| inconsistent("successor", format!("{did} is no other party here")))
        });
        if successor.is_some() && event != ScopeEventKind::Withdraw {
            return Err(inconsistent("successor", "goes with scopeChange withdraw only"));
        }
        Ok(Self {
            successor: successor.transpose()?,
            party,
            accreditation: members.accreditation_id,
            event,
            reason: members.reason,
            effective_from: members.effective_from,
            notice: members.notice,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let narrowed_to = match &self.event {
            ScopeEventKind::Narrow(scope) => scope.uris(draft.domain),
            _ => Vec::new(),
        };
        let members = Members {
            id: draft.domain.did(&self.party),
            accreditation_id: self.accreditation.clone(),
            scope_change: self.event.action(),
            narrowed_to,
            reason: self.reason,
            effective_from: self.effective_from,
            notice: self.notice.clone(),
            successor: self.successor.as_ref().map(|party| draft.domain.did(party)),
        };
        let name = "Change of an accreditation";
        draft.credential("ScopeChange", own_context(draft.domain), name, json!(members))
    }
}
