//! Changes of status: suspend, reinstate, withdraw, hold, release, recall.
//! Not here: the lists that carry them (`status_list`), what a status means for a verdict
//! (`verify`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::draft::Draft;
use super::envelope::{Envelope, filled, given, inconsistent, own_context};
use super::local_names::LANGUAGES;
use super::lot::read_lot;
use super::serials::SerialRanges;
use super::{Domain, StatementError, Timestamp};
use crate::limits::{LIFTS_MAX, NOTICE_SERIALS_MAX};
use crate::names::{LotKey, PartySlug};

/// A certificate, lot or party changes status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// What changes.
    pub target: StatusTarget,
    /// How.
    pub action: StatusAction,
    /// Why.
    pub reason: Reason,
    /// Since when it holds; at the latest the log time.
    pub effective_from: Timestamp,
    /// What the public should know, by language.
    pub notice: BTreeMap<String, String>,
    /// With a recall: what to do with the goods.
    pub return_to: Option<ReturnTo>,
    /// With a release: the `id`s of the statements whose effect it lifts, ascending.
    pub lifts: Vec<String>,
}

/// What to do with recalled goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReturnTo {
    /// Bring them to the shop.
    Shop,
    /// Bring or send them to the cooperative.
    Cooperative,
    /// Destroy them.
    Destroy,
}

/// What a status change is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatusTarget {
    /// The certificate with this serial.
    Certificate(u64),
    /// Many certificates at once.
    Certificates(SerialRanges),
    /// A lot.
    Lot(LotKey),
    /// A party (its accreditations).
    Party(PartySlug),
}

/// The six changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum StatusAction {
    /// Certificate or party: not in force for the time being.
    Suspend,
    /// Certificate or party: in force again.
    Reinstate,
    /// Certificate or party: ended for good.
    Withdraw,
    /// Lot: do not sell for the time being.
    Hold,
    /// Lot: may be sold again.
    Release,
    /// Lot: bring it back.
    Recall,
}

/// Why a status changed. Codes, so that every page can say it in its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[derive(EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// A requirement is not met.
    Nonconformity,
    /// A laboratory result.
    LabResult,
    /// A complaint.
    Complaint,
    /// Suspected fraud.
    FraudSuspected,
    /// Papers are missing.
    Paperwork,
    /// The holder asked for it.
    RequestOfHolder,
    /// A danger to health.
    Safety,
    /// A key is in foreign hands.
    KeyCompromise,
    /// Declared volume is above declared capacity.
    Capacity,
    /// More came out than is usual.
    Yield,
    /// Declared too long after its harvest.
    Late,
    /// Of something older than it keeps.
    Age,
    /// A certifier ceased its work: no new certificates; those that are stand.
    Ceased,
    /// An error.
    Error,
    /// Something else.
    Other,
}

impl Reason {
    /// Whether a rule of the ledger holds lots for it.
    #[must_use]
    pub fn is_of_rule(self) -> bool {
        self == Self::Capacity || self.is_of_goods()
    }

    /// Whether it came with the rules on goods.
    #[must_use]
    pub fn is_of_goods(self) -> bool {
        matches!(self, Self::Yield | Self::Late | Self::Age)
    }

    /// The code as it stands in statements.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeMembers {
    id: String,
    status_change: StatusAction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    serials: Vec<String>,
    reason: Reason,
    effective_from: Timestamp,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notice: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    return_to: Option<ReturnTo>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Vec::is_empty")]
    lifts: Vec<String>,
}

/// Characters in a public notice.
const NOTICE_CHARS_MAX: usize = 500;

/// A public notice has texts of bounded length in languages we speak.
pub(super) fn check_notice(notice: &BTreeMap<String, String>) -> Result<(), StatementError> {
    let good = |(language, text): (&String, &String)| {
        LANGUAGES.contains(&language.as_str())
            && !text.is_empty()
            && text.chars().count() <= NOTICE_CHARS_MAX
    };
    if notice.iter().all(good) {
        return Ok(());
    }
    Err(inconsistent("notice", "at most 500 characters in ar, en, es, fr or zgh"))
}

/// What a release lifts are statements that can hold a lot: changes of status, declarations,
/// events.
fn check_lifts(domain: &Domain, members: &ChangeMembers) -> Result<(), StatementError> {
    let lifts = &members.lifts;
    if !lifts.is_empty() && members.status_change != StatusAction::Release {
        return Err(inconsistent("lifts", "goes with a release only"));
    }
    let known = |id: &String| {
        domain.is_statement_id(id)
            || domain.event_of(id).is_some()
            || domain.declared_lot_of(id).is_some()
    };
    if lifts.len() > LIFTS_MAX || !lifts.is_sorted_by(|a, b| a < b) || !lifts.iter().all(known) {
        let reason = format!("at most {LIFTS_MAX} ids of statements, in their order, each once");
        return Err(inconsistent("lifts", reason));
    }
    Ok(())
}

impl StatusChange {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: ChangeMembers = envelope.subject()?;
        let domain = envelope.domain;
        let target = if members.id == domain.url("certificates") {
            let ranges = SerialRanges::read(&members.serials);
            let ranges = ranges.map_err(|why| inconsistent("serials", why))?;
            if !members.notice.is_empty() && ranges.count() > NOTICE_SERIALS_MAX {
                return Err(inconsistent("notice", "goes with at most 1,000 certificates"));
            }
            StatusTarget::Certificates(ranges)
        } else if !members.serials.is_empty() {
            return Err(inconsistent("serials", "goes with the id of all certificates only"));
        } else if let Some(serial) = domain.serial_of(&members.id) {
            StatusTarget::Certificate(serial)
        } else if let Some(party) = domain.party_of(&members.id) {
            StatusTarget::Party(party)
        } else {
            StatusTarget::Lot(read_lot(envelope, &members.id)?)
        };
        let for_lot = matches!(
            members.status_change,
            StatusAction::Hold | StatusAction::Release | StatusAction::Recall
        );
        if for_lot != matches!(target, StatusTarget::Lot(_)) {
            return Err(inconsistent(
                "statusChange",
                "hold, release and recall are for lots; suspend, reinstate and withdraw for \
                 certificates and parties",
            ));
        }
        check_notice(&members.notice)?;
        check_lifts(domain, &members)?;
        if members.return_to.is_some() && members.status_change != StatusAction::Recall {
            return Err(inconsistent("returnTo", "goes with a recall only"));
        }
        Ok(Self {
            return_to: members.return_to,
            lifts: members.lifts,
            target,
            action: members.status_change,
            reason: members.reason,
            effective_from: members.effective_from,
            notice: members.notice,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let id = match &self.target {
            StatusTarget::Certificate(serial) => draft.domain.certificate_id(*serial),
            StatusTarget::Certificates(_) => draft.domain.url("certificates"),
            StatusTarget::Lot(lot) => draft.domain.lot_iri(lot),
            StatusTarget::Party(party) => draft.domain.did(party),
        };
        let serials = match &self.target {
            StatusTarget::Certificates(ranges) => ranges.texts(),
            _ => Vec::new(),
        };
        let members = ChangeMembers {
            id,
            status_change: self.action,
            serials,
            reason: self.reason,
            effective_from: self.effective_from,
            notice: self.notice.clone(),
            return_to: self.return_to,
            lifts: self.lifts.clone(),
        };
        draft.credential(
            "StatusChange",
            own_context(draft.domain),
            "Change of status",
            json!(members),
        )
    }
}

impl StatusAction {
    /// Whether it loosens what stands: reinstate, release. What is loosened counts from its log
    /// time, what is tightened may count from earlier.
    #[must_use]
    pub fn loosens(self) -> bool {
        matches!(self, Self::Reinstate | Self::Release)
    }
}
