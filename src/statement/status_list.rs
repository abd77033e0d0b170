//! Status lists: W3C Bitstring Status List 1.0 credentials, one bit a serial, and the index that
//! names the current ones. Not here: the changes that set the bits (`status`).

use std::fmt;
use std::io::Read;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Crc;
use miniz_oxide::deflate::{CompressionLevel, compress_to_vec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::StatementError;
use super::domain::{CONTEXT_VC, StatusPurpose};
use super::draft::Draft;
use super::envelope::{Envelope, inconsistent, own_context};
use crate::limits::STATUS_LIST_SERIALS;

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
        let (Ok(purpose), Ok(list)) = (word.parse::<StatusPurpose>(), list.parse::<u64>()) else {
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
fn list_context() -> Value {
    json!([CONTEXT_VC])
}

/// The head of a gzip member (RFC 1952): deflated, no flags, no time, packed best, system unknown.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];

/// `u` + base64url of the gzip, with no time in it so that equal bits give equal text. What packs
/// is named here: the back end of `flate2` is whichever any dependency turns on.
fn encode_bits(bits: &[u8]) -> String {
    let mut packed = GZIP_HEAD.to_vec();
    packed.extend(compress_to_vec(bits, CompressionLevel::BestCompression as u8));
    let mut sum = Crc::new();
    sum.update(bits);
    packed.extend(sum.sum().to_le_bytes());
    packed.extend(sum.amount().to_le_bytes());
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

/// The name of a status list: its purpose, a hyphen and its number, in one spelling. Entries of
/// earlier releases may hold others; none of those leads anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListName {
    /// What its bits mean.
    pub purpose: StatusPurpose,
    /// Its number.
    pub list: u64,
}

impl ListName {
    /// Reads a name; None for any other spelling than [`Self`]'s own.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (word, number) = text.split_once('-')?;
        let name = Self { purpose: word.parse().ok()?, list: number.parse().ok()? };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.purpose.word(), self.list)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for good in ["revocation-0", "suspension-17592186044415"] {
            assert_eq!(ListName::parse(good).map(|name| name.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "revocation",
            "revocation-",
            "revocation-00",
            "revocation-+0",
            "revocation--1",
            "Revocation-0",
            "revocation-0 ",
            "revocation-0/..",
            "../revocation-0",
            "message-0",
            "revocation-18446744073709551616",
            "../../etc/passwd",
            "revocation-\u{661}",
        ] {
            assert_eq!(ListName::parse(bad), None, "{bad}");
        }
    }
}
