//! Rules on what time does to authority: changes of an accreditation, the next root, parties that
//! are barred (rules 1 and 10). Not here: confirmations (`rules_changes`).

use super::records::Party;
use super::refusal::Refusal;
use super::rules::{Case, not_after};
use crate::limits::CLOCK_SKEW_SECONDS;
use crate::seal::{LogPosition, ScopeStanding};
use crate::statement::{
    Registration, Role, RootSuccession, ScopeChange, ScopeEventKind, StatusAction, commitment_text,
};

impl Case<'_> {
    /// Where the log would hold this statement.
    pub(super) fn place(&self) -> LogPosition {
        LogPosition { index: self.register.size(), logged_at: self.now }
    }

    /// The commitment to the next root is made once, by the root before it: a registration later
    /// on may repeat it and never change it.
    pub(super) fn committed(&self, claim: &Registration) -> Result<(), Refusal> {
        let Some(told) = claim.successor.as_deref() else { return Ok(()) };
        let known = self.register.root_successor().map(commitment_text);
        if claim.role == Role::Authority && known.as_deref() == Some(told) {
            return Ok(());
        }
        Err(self.not_authorised("commit to another root than the present root did"))
    }

    /// What the new root keeps must be the authority's, and in force.
    pub(super) fn root_succession(&self, claim: &RootSuccession) -> Result<(), Refusal> {
        for kept in &claim.keeps {
            let named = || kept.verification_method.clone();
            let record = self.issuer.key(&kept.verification_method);
            let record = record.ok_or_else(|| Refusal::UnknownKey { key: named() })?;
            if record.public != kept.public || record.purpose != kept.purpose {
                let key = format!("{} with this public key and purpose", named());
                return Err(Refusal::UnknownKey { key });
            }
            if record.compromised.is_some() {
                return Err(Refusal::KeyCompromised { key: named() });
            }
            if record.retired.is_some() {
                return Err(Refusal::KeyRetired { key: named() });
            }
        }
        Ok(())
    }

    /// The authority may take from an accreditation, never add to it; withdrawn is final.
    pub(super) fn scope_change(&self, claim: &ScopeChange) -> Result<(), Refusal> {
        self.by_authority("change an accreditation")?;
        let latest = self.now.plus_seconds(CLOCK_SKEW_SECONDS);
        not_after("effectiveFrom", claim.effective_from, latest)?;
        let party = self.register.party(&claim.party);
        let party =
            party.ok_or_else(|| Refusal::UnknownParty { party: claim.party.to_string() })?;
        let record = party.accreditation(&claim.accreditation).ok_or_else(|| {
            let (party, id) = (claim.party.to_string(), claim.accreditation.clone());
            Refusal::AccreditationUnknown { party, id }
        })?;
        let target = || format!("accreditation {}", claim.accreditation);
        let order = |state| Err(Refusal::StatusOrder { target: target(), state });
        match (&claim.event, record.at(latest)) {
            (_, ScopeStanding::Withdrawn(_)) => {
                Err(Refusal::Final { target: target(), state: "withdrawn" })
            }
            (ScopeEventKind::Suspend, ScopeStanding::Suspended(_)) => order("suspended already"),
            (ScopeEventKind::Reinstate, ScopeStanding::Suspended(_)) => Ok(()),
            (ScopeEventKind::Reinstate, _) => order("not suspended"),
            (ScopeEventKind::Narrow(scope), _) => {
                let before = record.scope_at(latest);
                if scope == before {
                    return order("of this scope already");
                }
                match scope.first_outside(before) {
                    Some((list, term)) => Err(Refusal::ScopeWider { list, term: term.to_owned() }),
                    None => self.terms(scope),
                }
            }
            _ => Ok(()),
        }
    }

    /// Why a party that is suspended or withdrawn may not act.
    pub(super) fn not_barred(&self, party: &Party) -> Result<(), Refusal> {
        let Some(event) = party.barred(self.now) else { return Ok(()) };
        let withdrawn = event.action == StatusAction::Withdraw;
        Err(Refusal::PartyBarred {
            party: party.registration.party.to_string(),
            state: if withdrawn { "withdrawn" } else { "suspended" },
            since: event.effective_from,
            by: event.by.to_string(),
            reason: event.reason.word().to_owned(),
        })
    }
}

/// What an accreditation is worth, for a refusal.
pub(super) fn told(standing: Option<ScopeStanding<'_>>) -> String {
    let list = |terms: &std::collections::BTreeSet<String>| {
        terms.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    match standing {
        None => "it names none of the certifier's".to_owned(),
        Some(ScopeStanding::NotYet) => "the one it names is not in force yet".to_owned(),
        Some(ScopeStanding::Expired) => "the one it names is over".to_owned(),
        Some(ScopeStanding::Suspended(event)) => {
            let (since, reason) = (event.effective_from, event.reason.word());
            format!("the one it names is suspended since {since}: {reason}")
        }
        Some(ScopeStanding::Withdrawn(event)) => {
            let (since, reason) = (event.effective_from, event.reason.word());
            format!("the one it names is withdrawn since {since}: {reason}")
        }
        Some(ScopeStanding::InForce(scope)) => format!(
            "the one it names covers schemes {}; products {}; regions {}",
            list(&scope.schemes),
            list(&scope.products),
            list(&scope.regions)
        ),
    }
}
