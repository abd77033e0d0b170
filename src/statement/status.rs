//! Changes of status and the lists that carry them: suspend, reinstate, withdraw, hold, release,
//! recall; W3C Bitstring Status List 1.0 credentials; the index of current lists; serials on labels.
//! Not here: what a status means for a verdict (`verify`).

use std::collections::BTreeMap;
use std::io::{Read, Write};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::domain::{CONTEXT_VC, StatusPurpose};
use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use super::lot::read_lot;
use super::{LotKey, PartySlug, StatementError, Timestamp};
use crate::limits::{LABEL_SERIALS_MAX, STATUS_LIST_SERIALS};

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
}

/// What a status change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusTarget {
    /// The certificate with this serial.
    Certificate(u64),
    /// A lot.
    Lot(LotKey),
    /// A party (its accreditations).
    Party(PartySlug),
}

/// The six changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// An error.
    Error,
    /// Something else.
    Other,
}

impl Reason {
    /// The code as it stands in statements.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeMembers {
    id: String,
    status_change: StatusAction,
    reason: Reason,
    effective_from: Timestamp,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notice: BTreeMap<String, String>,
}

impl StatusChange {
    /// Languages a public notice may be in.
    const NOTICE_LANGUAGES: [&'static str; 5] = ["ar", "en", "es", "fr", "zgh"];
    /// Characters in a public notice.
    const NOTICE_CHARS_MAX: usize = 500;

    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: ChangeMembers = envelope.subject()?;
        let domain = envelope.domain;
        let target = if let Some(serial) = domain.serial_of(&members.id) {
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
        for (language, text) in &members.notice {
            if !Self::NOTICE_LANGUAGES.contains(&language.as_str())
                || text.is_empty()
                || text.chars().count() > Self::NOTICE_CHARS_MAX
            {
                return Err(inconsistent(
                    "notice",
                    "at most 500 characters in ar, en, es, fr or zgh",
                ));
            }
        }
        Ok(Self {
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
            StatusTarget::Lot(lot) => draft.domain.lot_iri(lot),
            StatusTarget::Party(party) => draft.domain.did(party),
        };
        let members = ChangeMembers {
            id,
            status_change: self.action,
            reason: self.reason,
            effective_from: self.effective_from,
            notice: self.notice.clone(),
        };
        draft.credential(
            "StatusChange",
            own_context(draft.domain),
            "Change of status",
            json!(members),
        )
    }
}

/// One version of a Bitstring Status List.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    /// What the bits mean.
    pub purpose: StatusPurpose,
    /// Number of the list: serials `list * 2^20 ..`.
    pub list: u64,
    /// One bit a serial, index 0 the left-most bit of byte 0.
    pub bits: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListMembers {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    status_purpose: String,
    encoded_list: String,
}

impl StatusList {
    /// The list that has exactly `serials` set. Serials outside the list are left out.
    #[must_use]
    pub fn of(purpose: StatusPurpose, list: u64, serials: impl Iterator<Item = u64>) -> Self {
        let mut bits = vec![0_u8; usize::try_from(STATUS_LIST_SERIALS / 8).unwrap_or_default()];
        let first = list.saturating_mul(STATUS_LIST_SERIALS);
        for serial in serials {
            let place = serial.checked_sub(first).and_then(|n| usize::try_from(n).ok());
            if let Some((byte, bit)) = place.map(|n| (n / 8, n % 8))
                && let Some(byte) = bits.get_mut(byte)
            {
                *byte |= 0x80 >> bit;
            }
        }
        Self { purpose, list, bits }
    }

    /// Whether the bit of `serial` is set; None if the list does not hold it.
    #[must_use]
    pub fn is_set(&self, serial: u64) -> Option<bool> {
        if serial / STATUS_LIST_SERIALS != self.list {
            return None;
        }
        let place = usize::try_from(serial % STATUS_LIST_SERIALS).ok()?;
        Some(self.bits.get(place / 8)? & (0x80 >> (place % 8)) != 0)
    }

    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        envelope.require_only_envelope()?;
        let members: ListMembers = envelope.subject()?;
        let domain = envelope.domain;
        let place = members.id.strip_suffix("#list").and_then(|url| domain.term_of("status", url));
        let (word, list) = place
            .and_then(|name| name.split_once('-'))
            .ok_or_else(|| inconsistent("credentialSubject.id", "names no status list"))?;
        let purpose = StatusPurpose::ALL.into_iter().find(|purpose| purpose.word() == word);
        let (Some(purpose), Ok(list)) = (purpose, list.parse::<u64>()) else {
            return Err(inconsistent("credentialSubject.id", "names no status list"));
        };
        if members.kind != "BitstringStatusList" || members.status_purpose != word {
            return Err(inconsistent("statusPurpose", "differs from the list's name"));
        }
        let bits = decode_bits(&members.encoded_list).ok_or_else(|| {
            inconsistent("encodedList", "must be 'u', base64url, of the gzip of 131,072 bytes")
        })?;
        Ok(Self { purpose, list, bits })
    }

    /// The unsigned statement; its id carries the instant, which the service serves by it.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let url = draft.domain.status_list_number(self.purpose, self.list);
        let members = ListMembers {
            id: format!("{url}#list"),
            kind: "BitstringStatusList".to_owned(),
            status_purpose: self.purpose.word().to_owned(),
            encoded_list: encode_bits(&self.bits),
        };
        let draft = Draft { id: format!("{url}?timestamp={}", draft.valid_from), ..draft.clone() };
        let name = format!("Status list: {}", self.purpose.word());
        draft.credential("BitstringStatusListCredential", list_context(), &name, json!(members))
    }
}

/// The `@context` of a status list: its terms are all in the W3C context.
pub(super) fn list_context() -> Value {
    json!([CONTEXT_VC])
}

/// `u` + base64url of the gzip, with no time in it so that equal bits give equal text.
fn encode_bits(bits: &[u8]) -> String {
    let mut encoder =
        flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::best());
    // Writing into memory has no way to fail.
    let packed = encoder.write_all(bits).and_then(|()| encoder.finish()).unwrap_or_default();
    format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed))
}

fn decode_bits(text: &str) -> Option<Vec<u8>> {
    let packed = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix('u')?).ok()?;
    let expected = usize::try_from(STATUS_LIST_SERIALS / 8).ok()?;
    let mut bits = Vec::with_capacity(expected);
    let limit = u64::try_from(expected).ok()?.saturating_add(1);
    flate2::read::GzDecoder::new(packed.as_slice()).take(limit).read_to_end(&mut bits).ok()?;
    (bits.len() == expected).then_some(bits)
}

/// Which status list versions are current, and the log size they cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusIndex {
    /// `status` under the ledger's address.
    pub id: String,
    /// All entries below this index are reflected in the lists.
    pub covers: u64,
    /// The current version of each list.
    pub lists: Vec<CurrentList>,
}

/// The current version of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CurrentList {
    /// E.g. `revocation-0`.
    pub list: String,
    /// Log index of the entry that holds it.
    pub entry: u64,
}

impl StatusIndex {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let index: Self = envelope.subject()?;
        if index.id != envelope.domain.url("status") {
            return Err(inconsistent("credentialSubject.id", "must be the ledger's /status"));
        }
        Ok(index)
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        draft.credential(
            "StatusIndex",
            own_context(draft.domain),
            "Current status lists",
            json!(self),
        )
    }
}

/// Serials are put on labels of a lot: they count against its quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelIssue {
    /// The lot.
    pub lot: LotKey,
    /// How many serials.
    pub count: u32,
    /// The label key that signs them.
    pub verification_method: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IssueMembers {
    id: String,
    count: u32,
    verification_method: String,
}

impl LabelIssue {
    pub(super) fn read(envelope: &Envelope<'_>) -> Result<Self, StatementError> {
        let members: IssueMembers = envelope.subject()?;
        if members.count == 0 || members.count > LABEL_SERIALS_MAX {
            return Err(inconsistent("count", format!("must be 1 to {LABEL_SERIALS_MAX}")));
        }
        Ok(Self {
            lot: read_lot(envelope, &members.id)?,
            count: members.count,
            verification_method: members.verification_method,
        })
    }

    /// The unsigned statement.
    #[must_use]
    pub fn draft(&self, draft: &Draft<'_>) -> Value {
        let members = IssueMembers {
            id: draft.domain.lot_iri(&self.lot),
            count: self.count,
            verification_method: self.verification_method.clone(),
        };
        draft.credential(
            "LabelIssue",
            own_context(draft.domain),
            "Serials on labels",
            json!(members),
        )
    }
}
